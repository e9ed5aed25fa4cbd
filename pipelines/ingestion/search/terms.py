"""The terms that a text is found by: the same for what is indexed and for what is asked.

Input: any text. Output: stems in order of appearance, repetitions kept. `TERMS_VERSION` names these
rules: terms made under another version cannot be compared with them, so change it with the rules.
Does not belong here: how terms are weighed (the warehouse counts, the search weighs).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

TERMS_VERSION = "terms-1"

MAX_TEXT = 400_000  # characters of one text that are looked at: a long article
MAX_WORD = 40  # characters of one word: longer ones are sequences, links or noise

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")  # kana and Chinese characters

_STOP_LIST = """
a about above across after again against all also although am among an and any are as at be because been
before being below between both but by can cannot could did do does doing down during each either etc even
every few for from further had has have having he her here hers him his how however i if in into is it its
itself just let may me might more most much must my neither no nor not of off on once only onto or other our
ours out over own per rather same shall she should since so some such than that the their theirs them then
there therefore these they this those though through thus to too toward towards under until up upon us very
via was we were what when where whereas whether which while who whom whose why will with within without would
yet you your s t
"""
STOP_WORDS = frozenset(_STOP_LIST.split())

_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def index_terms(text: str) -> list[str]:
    """Stems of the words and numbers of `text` without function words; case, accents and width make no difference.

    Scripts written without spaces give their pairs of characters, since their words cannot be told apart here.
    """
    terms: list[str] = []
    for word in _WORD.findall(_bare(text[:MAX_TEXT])):
        if word in STOP_WORDS:
            continue
        if not word.isascii() and _UNSPACED.search(word):
            terms.extend(_pairs(word[:MAX_TEXT]))
        elif len(word) <= MAX_WORD:
            terms.append(_stem(word))
    return terms


def _bare(text: str) -> str:
    """Lower case, compatible forms made one, accents off: `Naïve` and `naive` are one word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _pairs(word: str) -> list[str]:
    return [word[place : place + 2] for place in range(max(1, len(word) - 1))]
