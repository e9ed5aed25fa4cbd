"""Whether two lists of people are those of one work: names in any order and form, cut or whole.

Input: names as a record and an index wrote them. Output: yes or no; what is not stated agrees.
Does not belong here: titles and years (likeness.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from pipelines.ingestion.folding import folded, is_latin, unmarked

MAX_NAME = 200  # characters
MAX_PEOPLE = 100  # of a list that are compared; some works have three thousand
_KNOWN_SHARE = 0.5  # of the stated people, beside the first, that must stand in the held list
_SAME_NAME = 85.0  # of 100: family names that differ by a typing error
_SHORTEST_TYPED = 5  # letters below which a family name must be the same
_MOST_INITIALS = 3  # letters that stand together behind a family name: "Smith JAB"

_UMLAUT = re.compile(r"(?<=[a-z])(?:ae|oe|ue)|^(?:ae|oe|ue)(?=[a-z])")
_WORD = re.compile(r"[^\W\d_]+")
_OTHERS = re.compile(
    r"[\s,;&]{0,3}(?:\b(?:et\s?al\b|and others\b|u\.\s?a\.|and colleagues\b)\.?|…|\.\.\.)\W{0,3}$", re.IGNORECASE
)
_PARTICLES = frozenset({
    "de", "van", "von", "der", "den", "ter", "ten", "la", "le", "du", "des", "di", "da", "do", "dos", "del",
    "della", "al", "el", "bin", "ibn", "zu", "zum", "af", "st", "jr", "sr", "ii", "iii", "iv", "and", "et",
    "others", "ed", "eds", "editor", "editors", "phd", "md", "dr", "prof", "nd", "rd",
})  # fmt: skip
_GROUP = frozenset({
    "agency", "alliance", "association", "authority", "board", "center", "centre", "centers", "centres",
    "coalition", "collaboration", "collaborative", "commission", "committee", "company", "consortium",
    "corporation", "council", "department", "directorate", "federation", "foundation", "government",
    "group", "inc", "initiative", "institute", "institutes", "institution", "investigators", "laboratory", "ltd",
    "ministry", "nations", "network", "office", "organisation", "organization", "partnership", "program",
    "programme", "project", "registry", "service", "services", "society", "study", "taskforce", "team",
    "trial", "trialists", "union", "university", "working",
})  # fmt: skip
_ACRONYM = re.compile(r"[A-Z]{2,6}|[A-Z]?[a-z]+[A-Z]{2,}|[A-Z][a-z]+[A-Z][a-z]+AI|\w+\.(?:ai|org|com)")


@dataclass(frozen=True)
class _Person:
    """A name taken apart. `family` stands for the person, `names` holds every word of more than a letter."""

    family: frozenset[str]
    names: frozenset[str]
    initials: frozenset[str]
    group: bool
    latin: bool
    acronym: str  # of a group: its first letters, or itself


def authors_agree(stated: Sequence[str], held: Sequence[str]) -> bool:
    """Whether the stated people can be those of a work with the held ones; nothing stated agrees.

    The first stated person must stand in the held list, with fitting initials unless as its first, and half
    of the others too, unless the held list is cut. A group cannot be compared with people: it agrees.
    """
    mine, theirs = _people(stated), _people(held)
    if not mine or not theirs or mine[0].group != theirs[0].group:
        return True
    if mine[0].group:
        return any(_same_group(one, other) for one in mine for other in theirs)
    if not _same_person(mine[0], theirs[0]) and not _known(mine[0], theirs):
        return len(held) > MAX_PEOPLE  # not all of them were compared
    others = [person for person in mine[1:] if not person.group]
    if sum(_known(person, theirs) for person in others) >= _KNOWN_SHARE * len(others):
        return True
    return len(theirs) < len(mine) and all(_known(person, mine) for person in theirs)  # the held list is cut


def _same_group(one: _Person, other: _Person) -> bool:
    return bool(one.names & other.names) or one.acronym == other.acronym


def _known(person: _Person, people: Sequence[_Person]) -> bool:
    return any(_same_person(person, other) and _initials_fit(person, other) for other in people)


def _initials_fit(one: _Person, other: _Person) -> bool:
    return not one.initials or not other.initials or bool(one.initials & other.initials)


def _same_person(one: _Person, other: _Person) -> bool:
    if one.family & other.family or one.latin != other.latin:  # what is written in two scripts cannot be compared
        return True
    if not one.family or not other.family:
        return False
    # "Wang Wei" and "Wei Wang"; a double family name of which one half is given; a family name of two words.
    if one.family <= other.names and other.family <= one.names:
        return True
    if (one.family <= other.names and not one.names - one.family) or (
        other.family <= one.names and not other.names - other.family
    ):
        return True
    return any(
        len(a) >= _SHORTEST_TYPED and len(b) >= _SHORTEST_TYPED and fuzz.ratio(a, b) >= _SAME_NAME
        for a in one.family
        for b in other.family
    )


def _people(names: Sequence[str]) -> list[_Person]:
    people = [_person(name) for whole in names[:MAX_PEOPLE] for name in _split(whole[: MAX_NAME * 20])]
    return [person for person in people if person.family or person.group][:MAX_PEOPLE]


def _split(names: str) -> list[str]:
    """One name of a list, or several that stand in one string ("A. Smith, B. Doe, and C. Roe")."""
    parts = re.split(r";|\s&\s|\sand\s", names) if not _is_group(names) else [names]
    found: list[str] = []
    for part in parts[:MAX_PEOPLE]:
        pieces = [piece.strip() for piece in part.split(",")]
        whole = len(pieces) > 2 and all(len(_letters(piece)) > 1 for piece in pieces if piece)
        found += pieces if whole else [part]
    return found


def _letters(name: str) -> list[str]:
    return _WORD.findall(name)


def _is_group(name: str) -> bool:
    words = {word.lower() for word in _letters(name)}
    return bool(words & _GROUP) or _ACRONYM.fullmatch(name.strip()) is not None


@lru_cache(maxsize=65_536)
def _person(name: str) -> _Person:
    name = _OTHERS.sub("", unmarked(name[:MAX_NAME])).strip()
    before, comma, after = name.partition(",")
    words = [word for word in _letters(before) if word.lower() not in _PARTICLES]
    family = [word for word in words if len(word) > 1] if comma else _family_of(words)
    others = [word for word in words if word not in family] + _letters(after)
    known = frozenset(_folded(word) for word in family)
    return _Person(
        family=known,
        names=known | {_folded(word) for word in others if len(word) > 1 and word.lower() not in _PARTICLES},
        initials=frozenset(letter.lower() for word in others for letter in _initials_of(word)),
        group=_is_group(name),
        latin=is_latin(name),
        acronym=(words[0] if len(words) == 1 else "".join(word[0] for word in words)).lower() if words else "",
    )


def _family_of(words: Sequence[str]) -> list[str]:
    """The family name of a name without comma: the last word, but the first of "Smith JA"; of "LI WEI" either."""
    kept = list(words)
    if len(kept) > 1 and all(word.isupper() for word in kept) and 1 < len(kept[-1]) <= _MOST_INITIALS:
        return [kept[0], kept[-1]] if len(kept[0]) > 1 else kept[-1:]
    while len(kept) > 1 and _are_initials(kept[-1]) and not _are_initials(kept[0]):
        kept.pop()
    return kept[-1:] if kept and len(kept[-1]) > 1 else []


def _are_initials(word: str) -> bool:
    return len(word) == 1 or (len(word) <= _MOST_INITIALS and word.isupper())


def _initials_of(word: str) -> str:
    return word if _are_initials(word) else word[0]


def _folded(word: str) -> str:
    """ "Müller", "Mueller" and "Muller" are one."""
    return _UMLAUT.sub(lambda match: match[0][0], folded(word))
