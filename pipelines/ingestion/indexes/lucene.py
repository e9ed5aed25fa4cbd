"""Words of a title or question in the Lucene query language, which arXiv, DataCite and DOAJ read.

Input: words as an author wrote them, from outside. Output: a query in which none of them is an operator.
Does not belong here: field names and addresses of one index.
"""

from __future__ import annotations

import re
import unicodedata

MAX_WORDS = 30  # the first thirty words of a title tell it from any other
MAX_READ = 2_000

_WORD = re.compile(r"\w+")


def query_words(value: str) -> list[str]:
    """The words in small letters, since AND, OR and NOT in capitals are operators; no signs."""
    composed = unicodedata.normalize("NFC", value[:MAX_READ]).replace("_", " ")
    return [word.lower() for word in _WORD.findall(composed)[:MAX_WORDS]]


def any_of(value: str, field: str = "") -> str:
    """A query for any of the words, the best match first: a title with one wrong word is found all the same."""
    query = " OR ".join(query_words(value))
    return f"{field}:({query})" if field else query


def phrase(value: str, field: str) -> str:
    """A query for the words in their order."""
    return f'{field}:"{" ".join(query_words(value))}"'
