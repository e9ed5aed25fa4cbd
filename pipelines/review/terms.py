"""Words of a text that carry its subject, as stems: what two texts must share to be about the same thing.

Does not belong here: sentence splitting or claim extraction. Words so common in research writing that
they tie nothing together ("model", "result", "benchmark") are left out.
"""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

MAX_TERM_TEXT = 20_000  # characters looked at; a claim or question is far shorter

_WORD = re.compile(r"[^\W_](?:[^\W_]|[-'’.](?=[^\W_])){0,60}")
_STEMMER = snowballstemmer.stemmer("english")

_FUNCTION_WORDS_TEXT = """
a about above across after again against all also although am among an and any are as at be because been
before being below between both but by can cannot compared compare could did do does doing done down during
each e.g either etc even every few for from further given had has have having he her here hers him his how
however i i.e if in into is it its itself just least less like many may might more most much must my neither
no nor not of off often on once one only onto or other our out over own per rather same several she should
since so some such than that the their them then there these they this those though three through thus to
too toward towards two under until up upon us use used uses using various versus very via vs was we well
were what when where whether which while who whom whose why will with within without would you your
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())

_RESEARCH_WORDS_TEXT = """
ability accuracy affect aim analysis analyze analyse approach aspect assess author available baseline based
benchmark case change compare comparison condition consider current data dataset demonstrate describe design
detail develop development different difference discuss effect effective evaluate evaluation evidence
examine example existing experiment factor feature find finding first framework general high higher impact
important improve improvement include including increase influence investigate issue key large level low
lower main measure method methodology metric model new number observe obtain outcome paper performance
potential present previous problem process propose provide question range recent related relation report
research result review sample score second section set show significant similar single size specific state
strong studies study suggest survey system table task technique term test time total type value work year
"""
_RESEARCH_WORDS = frozenset(_RESEARCH_WORDS_TEXT.split())


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


_GENERIC = _FUNCTION_WORDS | {_stem(word) for word in _RESEARCH_WORDS}


def _parts(word: str) -> tuple[str, ...]:
    """A hyphenated word counts as a whole and by its parts ("mixture-of-experts", "pre-training")."""
    pieces = tuple(piece for piece in re.split(r"[-’']", word) if len(piece) > 1)
    return (word, *pieces) if len(pieces) > 1 else (word,)


def specific_terms(text: str) -> frozenset[str]:
    """Stems of the words in `text` that say what it is about; numbers alone say nothing."""
    found: set[str] = set()
    for match in _WORD.finditer(text[:MAX_TERM_TEXT]):
        for part in _parts(match.group().casefold()):
            stem = _stem(part)
            if part in _FUNCTION_WORDS or stem in _GENERIC or (len(stem) < 3 and not part.isalpha()):
                continue
            if len(part) > 1 and not part.replace(".", "").isdigit():
                found.add(stem)
    return frozenset(found)


def names(text: str) -> frozenset[str]:
    """Name-like words of `text`, case folded: acronyms and words with inner capitals or digits."""
    found: set[str] = set()
    for match in _WORD.finditer(text[:MAX_TERM_TEXT]):
        for piece in match.group().split("-"):
            if sum(letter.isupper() for letter in piece) >= 2 and len(piece) > 2:
                found.add(piece.casefold())
    return frozenset(found)


def is_latin(text: str) -> bool:
    """Whether most letters of `text` are Latin; stems of other scripts cannot be compared here."""
    letters = [letter for letter in text[:MAX_TERM_TEXT] if letter.isalpha()]
    return bool(letters) and sum(letter < "ɐ" for letter in letters) * 2 > len(letters)
