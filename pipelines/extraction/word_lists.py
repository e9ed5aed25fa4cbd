"""Reading of the word lists that the rules of this package are made of.

Owns only how such a list is written down (words between white space). The lists themselves stand in
the modules whose rules they are.
"""

from __future__ import annotations


def words(listed: str) -> frozenset[str]:
    """The words of a list written with white space between them."""
    return frozenset(listed.split())
