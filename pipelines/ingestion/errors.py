"""The named errors of ingestion. Each carries one sentence that can be shown to a person as it is.

Does not belong here: deciding when they are raised. They are caught where a file becomes a `Rejection`.
"""

from __future__ import annotations


class IngestionError(Exception):
    """A file that is not taken in. `reason` is one plain sentence without the file's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnreadableDocument(IngestionError):
    """The bytes could not be turned into text."""


class NotARecord(IngestionError):
    """The document was read, but it is not one published synthesis."""
