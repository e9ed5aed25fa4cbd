"""The reference list of a synthesis: one entry a work, written so that our own reader reads it back.

Input: works. Output: lines `[n] ...`. Titles and names come from outside: what would be mark-up, a mark of
another entry or another work's identifier is written with other signs. Does not belong here: reading entries
(ingestion), checking them (verification).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipelines.ingestion.identifiers import Identifiers, identifiers_in
from pipelines.ingestion.reference_entries import EntryFields, entry_fields
from pipelines.models import Work

MAX_TITLE = 400
MAX_AUTHORS = 8  # people named; of more, these "et al."
MAX_NAME = 60
MOST_INITIALS = 4

_UNSAFE = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "`": "'", "*": "∗", "“": "‘", "”": "’", '"': "'"})
# What would be taken for the identifier or the address of the work itself is written with signs that look alike.
_NAMES_ANOTHER = (
    (re.compile(r"(?<=\d)/|/(?=\d)"), "∕"),
    (re.compile(r"://"), "∶//"),
    (
        re.compile(r"\b(arxiv|doi|pmid|pmcid|pmc|isbn|url)\b(?:[\s-]{0,4}[:.]\s{0,3}|\s{1,3}(?=[\w-]*\d))", re.I),
        r"\1∶",
    ),
    (re.compile(r"\b(pmc)(?=\d)", re.IGNORECASE), r"\1∶"),
)
_SPACE = re.compile(r"\s+")
_GROUP = re.compile(r"\b(?:collaborations?|consortium|group|team|society|association|investigators)\b", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[^\w\s,-]")


def plain_words(text: str) -> str:
    """One line without control characters, mark-up signs and addresses."""
    text = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text[: 4 * MAX_TITLE])
    text = text.translate(_UNSAFE)
    for pattern, instead in _NAMES_ANOTHER:
        text = pattern.sub(instead, text)
    return _SPACE.sub(" ", text).strip()


def plain_title(title: str) -> str:
    """A title as an entry states it."""
    words = plain_words(title)[:MAX_TITLE].strip(" \t_,;:|-–—∗")
    return words[:-1].rstrip(" _,;:-–—") if words.endswith(".") and not words.endswith("..") else words


def written_authors(work: Work) -> tuple[str, ...]:
    """The people of a work as an entry states them: initials and family name."""
    names = [_with_initials(name) for name in work.authors[:MAX_AUTHORS]]
    return tuple(name for name in names if name)


def _with_initials(name: str) -> str:
    """ "Ada Lovelace" and "Lovelace, Ada" are "A. Lovelace"."""
    kept = "".join(c if c.isalpha() or c in " .,'’-" else " " for c in name[: 2 * MAX_NAME])
    if _GROUP.search(kept):
        return _SPACE.sub(" ", kept.replace(",", " ")).strip()[:MAX_NAME]
    family, comma, given = (part.strip() for part in _SPACE.sub(" ", kept).strip(" .,-'’").partition(","))
    if not comma:
        *first, family = family.split(" ") or [""]
        given = " ".join(first)
    given = given.replace(",", " ")
    parts = [part for part in re.split(r"[ .'’-]+", given) if part and part[0].isalpha()]
    initials = "".join(f"{_base(part[0].upper())}." for part in parts[:MOST_INITIALS])
    return f"{initials} {family}".strip()[:MAX_NAME]


def _base(letter: str) -> str:
    """The letter without its accent; initials are compared without."""
    return unicodedata.normalize("NFD", letter)[0]


def identifiers_of(work: Work) -> Identifiers:
    """What a work is called, from its source id and aliases."""
    held: dict[str, str] = {}
    for name in (work.source_id, *work.aliases):
        scheme, _, value = name.partition(":")
        if not (scheme == "doi" and value.lower().startswith("10.48550/arxiv.")):
            held.setdefault(scheme, value)
    return Identifiers(
        doi=held.get("doi"),
        arxiv_id=held.get("arxiv"),
        pmid=held.get("pmid"),
        pmcid=held.get("pmcid"),
        isbn=held.get("isbn"),
    )


def reference_line(number: int, work: Work, *, titled: bool = True) -> str:
    """The entry of a work: the fullest form that is read back as it was meant; the bare identifier if not `titled`.

    Where no form is, a form whose identifiers at least are read: by these the work is found.
    """
    found = identifiers_of(work)
    forms = list(_forms(work, found)) if titled else []
    exact = (body for body, meant in forms if _reads_back(body, meant, found))
    named = (body for body, _ in reversed(forms) if identifiers_in(body) == identifiers_in(_named(found)))
    return f"[{number}] {next(exact, None) or next(named, None) or _named(found) or 'Untitled work'}"


def _forms(work: Work, found: Identifiers) -> Iterator[tuple[str, EntryFields]]:
    """Bodies of the entry, the fullest first, and what each is meant to state."""
    title, authors = plain_title(work.title), written_authors(work)
    simple = _SPACE.sub(" ", _NO_LETTERS.sub(" ", title)).strip()
    year = work.year if work.year is not None and 1600 <= work.year < 2100 else None
    people = ", ".join(authors) + (" et al." if len(work.authors) > len(authors) else "")
    dated, named = f"({year})" if year else "", _named(found)
    for words in dict.fromkeys((title, simple)):
        if authors:
            # Two sentences: a list of people ends in a year or a full stop.
            opening = f"{people} {dated}." if dated else people.rstrip(".") + "."
            yield f'{opening} "{words}". {named}'.strip(), EntryFields(None, words, authors, year)
        # Names of which our reader cannot tell where they end stand behind the title, where it looks for none.
        behind = f" By {people.rstrip('.')}." if people else ""
        yield f'{dated} "{words}".{behind} {named}'.strip(), EntryFields(None, words, (), year)
        yield f'{dated} "{words}". {named}'.strip(), EntryFields(None, words, (), year)


def _reads_back(body: str, meant: EntryFields, found: Identifiers) -> bool:
    """Whether our own reader finds in the entry what was put there.

    An identifier of a form that the reader does not know even when it stands alone is no fault of the entry.
    """
    read = entry_fields(body)
    is_meant = (read.title, read.authors, read.year) == (meant.title, meant.authors, meant.year)
    return is_meant and identifiers_in(body) == identifiers_in(_named(found))


def _named(found: Identifiers) -> str:
    parts = (
        ("doi:", found.doi),
        ("arXiv:", found.arxiv_id),
        ("PMID: ", found.pmid),
        ("", found.pmcid),
        ("ISBN ", found.isbn),
    )
    return ", ".join(f"{scheme}{plain_words_of_id(value)}" for scheme, value in parts if value)


def plain_words_of_id(value: str) -> str:
    """An identifier as it is, without what could break out of its line."""
    return re.sub(r"[\s<>\[\]|`\"\\]", "", value[:300])
