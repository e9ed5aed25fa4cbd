"""The two ways a command ends badly, each with one sentence for the person."""

from __future__ import annotations


class BadInput(Exception):
    """Exit 2: what was given cannot be used; the message says what, where and what to do."""


class Failure(Exception):
    """Exit 1: it could not be done; the message says why."""
