"""Which documents no training row is made from, so that metamorphic tests meet unseen text."""

from __future__ import annotations

from hashlib import sha256

_SHARE = 5  # one document of five


def is_withheld(doc_id: str) -> bool:
    """Told from the id alone, with or without "origin:" before it: the same on every machine and in every run."""
    own = doc_id.rpartition(":")[2]
    return int.from_bytes(sha256(f"withheld:{own}".encode()).digest()[:4], "big") % _SHARE == 0
