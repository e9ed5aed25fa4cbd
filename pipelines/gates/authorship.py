"""Whether who approves an artifact is one of those who wrote it, however either name is spelled.

Belongs here: comparing the two lines of names. Does not belong here: what follows (`reproduction`, `proof_verdict`,
`redteam`, the command line). In doubt they are the same: another person can always be named in full. Initials are
not: "A. Weir" may be anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from pipelines.ingestion.folding import folded

Name = frozenset[str]  # the words of a name, whatever their order

_PEOPLE = re.compile(r"[;&]|\band\b")  # between the names of several people; so is a comma, or it turns one round
_ASIDE = re.compile(r"<[^<>]*>|\([^()]*\)")  # an address, an institute
_DOCTOR = re.compile(r"\bph\.?\s?d\b|\bd\.?\s?phil\b")
_TITLES = frozenset({"dr", "prof", "professor", "doctor", "mr", "mrs", "ms", "mx", "sir", "dame", "msc", "bsc"})
_LETTERS = re.compile(r"[^\W_]+")


def wrote(by: str, author: str) -> bool:
    """Whether anybody named in `by` is named in `author`."""
    mine, mine_cut = _people(by)
    theirs, theirs_cut = _people(author)
    long = {name for name in mine_cut & theirs_cut if len(name) > 1}  # "Weir, Carl" shares one word with "Weir, Ada"
    return bool(mine & theirs or mine & theirs_cut or mine_cut & theirs or long)


def _people(text: str) -> tuple[set[Name], set[Name]]:
    """The names as they stand, those with a comma read as one turned round too; and what stands between commas."""
    plain = folded(text)
    whole: set[Name] = set()
    cut: set[Name] = set()
    for part in _PEOPLE.split(_ASIDE.sub(" ", plain) if _ASIDE.sub("", plain).strip() else plain):
        pieces = list(_names(part.split(",")))
        whole.update(_turned_round(pieces) if len(pieces) > 1 else pieces)
        cut.update(pieces if len(pieces) > 1 else ())
    return whole, cut


def _names(parts: Iterable[str]) -> Iterator[Name]:
    """Of each part its words without titles; nothing of a part that holds no more."""
    for part in parts:
        words = frozenset(_LETTERS.findall(_DOCTOR.sub(" ", part)) or part.split())
        if name := words - _TITLES:
            yield name


def _turned_round(pieces: list[Name]) -> Iterator[Name]:
    """ "Weir, Ada" and "Weir, A., Pond, B." as "Ada Weir", "A. Weir" and "B. Pond"."""
    for surname, given in pairwise(pieces):
        yield surname | given
