"""Names exchanged for names of other texts: a finding about one gene says nothing of another.

Owns which words are names and which may stand for each other. Does not belong here: values of one class in a
slot that admits one (`cohyponyms`), which turn a finding into its contrary.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.verification.contrast.sentence import Sentence

_LETTERS = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_LENGTHS = (2, 14)
_LEAST_POOL = 12
_COMMON = re.compile(
    r"(?:RESULTS?|METHODS?|CONCLUSIONS?|BACKGROUND|CI|OR|HR|RR|SD|SE|IQR|DNA|RNA|mRNA|USA?|UK|vs|II|III|IV)"
)


def is_name(word: str) -> bool:
    """A word with capitals or digits inside: a gene, a drug code, a model, an abbreviation."""
    return (
        _LENGTHS[0] <= len(word) <= _LENGTHS[1]
        and _LETTERS.fullmatch(word) is not None
        and _COMMON.fullmatch(word) is None
        and sum(c.isupper() for c in word) + any(c.isdigit() for c in word) >= 2
    )


def shape_of(word: str) -> str:
    """Names of one shape may stand for each other: capitals only or mixed, with or without digits and a hyphen."""
    digits, mixed = any(c.isdigit() for c in word), any(c.islower() for c in word)
    plural = word.endswith("s") and mixed
    return f"{digits:d}{mixed:d}{plural:d}{'-' in word:d}"


@dataclass(frozen=True)
class NamePool:
    """Names by shape, in a fixed order."""

    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, sentences: Iterable[str]) -> NamePool:
        found: dict[str, set[str]] = defaultdict(set)
        for text in sentences:
            for match in _LETTERS.finditer(text):
                if is_name(match.group()):
                    found[shape_of(match.group())].add(match.group())
        return cls({shape: tuple(sorted(held)) for shape, held in found.items()})

    def other(self, name: str, rng: random.Random) -> str | None:
        """Another name of that shape, or None where there are too few."""
        held = self.names.get(shape_of(name), ())
        if len(held) < _LEAST_POOL:
            return None
        drawn = rng.choice(held)
        return drawn if drawn.casefold() != name.casefold() else None


def names_in(sentence: Sentence) -> tuple[str, ...]:
    """The names of the main statement, each once."""
    words = (sentence.tokens[i].text for i in range(sentence.first, sentence.last))
    return tuple(dict.fromkeys(w for w in words if is_name(w)))


def with_other_name(text: str, name: str, other: str) -> str:
    """Every mention of the name exchanged, where it stands as a word of its own."""
    return re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", other, text)
