"""Findings on a record as it was published: what it says of itself against what it says elsewhere.

Belongs here: rules, a subject a module, and running them. Does not belong here: scores (`reviewers`), our own gates.
"""
