"""Words: folding, tokens, stems, and how rare each stem is in a frozen, versioned snapshot.

Owns the tokeniser that all of verification shares and `TermStatistics`. The counts are made by
`benchmarks/term_statistics.py` and shipped as JSON, so that a verdict does not move because an
unrelated document arrived. Does not belong here: what words mean for or against a claim (`lexicon`).
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import snowballstemmer

DATA = Path(__file__).parent / "data"
TERMS_FILE = DATA / "terms-2026-11.json"

MAX_TEXT = 200_000  # characters of one text that are looked at
MAX_WORD = 64  # characters of one word that are stemmed

_STOP_LIST = """
a about above after again all also although am among an and any are as at be because been before being
between both but by can could did do does doing during each either et al etc few for from further had
has have having he her here hers him his how however i if in into is it its itself just made make may me
might more most much must my neither no nor not of off on once only or other our ours out over own per
same shall she should since so some such than that the their theirs them themselves then there therefore
these they this those through thus to too under until up upon us very via was we were what when where
whereas whether which while who whom whose why will with within without would yet you your
"""
STOP_WORDS = frozenset(_STOP_LIST.split())
"""Function words: they carry no content of a claim. Negation, quantifiers and hedges among them are
read by their own rules (`lexicon`), not by coverage."""

_KEPT_COMPATIBILITY = frozenset({"<super>", "<sub>", "<fraction>", "<circle>"})
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣-"), "-")
_QUOTES = {ord("’"): "'", ord("‘"): "'", ord("ʼ"): "'", ord("“"): '"', ord("”"): '"'}
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SPACE = re.compile(r"\s+")
TOKEN = re.compile(r"\d+(?:[.,]\d+)*[^\W_]*|[^\W\d_][^\W_]*(?:'[^\W_]+)?|[,;:.!?()]")


def _plain_character(character: str) -> str:
    tag = unicodedata.decomposition(character).partition(" ")[0]
    if tag.startswith("<") and tag not in _KEPT_COMPATIBILITY:
        return unicodedata.normalize("NFKC", character)
    return character


def fold(text: str) -> str:
    """The text with ligatures, widths, dashes, quotes and white space made alike; case is kept.

    Superscripts stay what they are, since 10⁵ is not 105.
    """
    text = text[:MAX_TEXT]
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
        text = text.translate(_DASHES).translate(_QUOTES)
        text = "".join(c if c.isascii() else _plain_character(c) for c in text)
    return _SPACE.sub(" ", text).strip()


_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Snowball stem of one lower-case word; words over `MAX_WORD` characters are cut to it."""
    return str(_STEMMER.stemWord(word[:MAX_WORD]))


def words(text: str) -> list[str]:
    """Lower-case words and numbers of a text, without punctuation."""
    return [w.casefold() for w in TOKEN.findall(fold(text)) if w not in ",;:.!?()"]


def content_stems(text: str) -> set[str]:
    """Stems of the content words of a text."""
    return {stem(w) for w in words(text) if w not in STOP_WORDS}


@dataclass(frozen=True)
class TermStatistics:
    """Document frequencies of stems. A stem that is not listed is rarer than `floor` documents."""

    snapshot_id: str
    documents: int
    floor: int
    frequency: Mapping[str, int] = field(repr=False)

    def idf(self, term: str) -> float:
        """Rarity of a stem, in nats: log of documents over documents that hold it; at least 0.5."""
        held = self.frequency.get(term, self.floor / 2)
        return max(0.5, math.log((self.documents + 1) / (held + 0.5)))

    def is_rare(self, term: str, most: int) -> bool:
        """Whether at most `most` documents of the snapshot hold the stem."""
        return self.frequency.get(term, 0) <= most


@lru_cache(maxsize=4)
def load_terms(path: Path = TERMS_FILE) -> TermStatistics:
    """The shipped snapshot (or another file of the same form)."""
    held = json.loads(path.read_text(encoding="utf-8"))
    return TermStatistics(
        snapshot_id=str(held["snapshot_id"]),
        documents=int(held["documents"]),
        floor=int(held["floor"]),
        frequency=MappingProxyType({str(k): int(v) for k, v in held["frequency"].items()}),
    )
