"""Reviewers by rule, each in a module of its own, and how their scores become one score with its doubt.

Does not belong here: reviewers that ask a language model (`by_model`), findings (`findings`).
"""
