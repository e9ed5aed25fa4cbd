"""The word tables of the rewriting rules, loaded once from a shipped TOML file.

Owns the form of that file and the inflection of its verbs. Does not belong here: where in a sentence a word
may be exchanged (`negation`, `antonyms`, `exchanges`). Input: `data/contrast-2026-11.toml`; output: one
frozen `Vocabulary`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipelines.verification.terms import DATA

CONTRAST_FILE = DATA / "contrast-2026-11.toml"
_SIBILANT = ("s", "sh", "ch", "x", "z", "o")
_VOWELS = "aeiou"
_MAX_WORD = 40


class Slot(StrEnum):
    """The inflection of a verb."""

    BASE = "base"
    THIRD = "third"
    PAST = "past"
    PARTICIPLE = "participle"
    GERUND = "gerund"


@dataclass(frozen=True)
class VerbForm:
    """One reading of a word as a form of a verb; `opposites` are base forms, none if it has none."""

    base: str
    slot: Slot
    opposites: tuple[str, ...]


@dataclass(frozen=True)
class Irregulars:
    past: Mapping[str, tuple[str, str]]
    bases: Mapping[str, str]
    doubled: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """Words are lower case except the names in `cohyponyms`."""

    contrast_id: str
    irregulars: Irregulars
    verbs: Mapping[str, tuple[VerbForm, ...]]
    phrasal: Mapping[tuple[str, str], tuple[VerbForm, ...]]
    nouns_too: frozenset[str]
    reporting: frozenset[str]
    opposites: Mapping[str, tuple[str, ...]]
    noun_opposites: Mapping[str, tuple[str, ...]]
    loose: frozenset[str]
    relations: Mapping[str, str]
    cohyponyms: Mapping[str, tuple[str, tuple[str, ...]]]
    exclusive: frozenset[str]
    superlatives: frozenset[str]
    comparatives: frozenset[str]
    anchors: frozenset[str]
    synonyms: Mapping[str, tuple[str, ...]]
    synonym_phrases: tuple[tuple[str, str], ...]
    dropped: frozenset[str]
    aims: frozenset[str]
    methods: frozenset[str]
    connectives: frozenset[str]
    connective_phrases: tuple[tuple[str, ...], ...]
    labels: frozenset[str]

    def inflected(self, base: str, slot: Slot) -> str:
        return inflect(base, slot, self.irregulars)

    def base_of(self, word: str) -> str | None:
        """The base form of a known or an irregular verb's past or participle."""
        held = self.verbs.get(word)
        return held[0].base if held else self.irregulars.bases.get(word)


def inflect(base: str, slot: Slot, irregulars: Irregulars) -> str:
    """The form of a verb; of a phrase ("lead to") its first word is inflected."""
    first, _, rest = base.partition(" ")
    return (_inflected_word(first, slot, irregulars) + " " + rest).rstrip()


def _inflected_word(base: str, slot: Slot, irregulars: Irregulars) -> str:
    if slot is Slot.BASE:
        return base
    if slot is Slot.THIRD:
        return _third(base)
    if slot is Slot.GERUND:
        return _stem_before_vowel(base, irregulars) + "ing"
    past, participle = irregulars.past.get(base, ("", ""))
    if past:
        return past if slot is Slot.PAST else participle
    return _regular_past(base, irregulars)


def _third(base: str) -> str:
    if base in ("have", "do", "go"):
        return {"have": "has", "do": "does", "go": "goes"}[base]
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(_SIBILANT) else "s")


def _stem_before_vowel(base: str, irregulars: Irregulars) -> str:
    if base.endswith("ie"):
        return base[:-2] + "y"
    if base.endswith("e") and not base.endswith("ee"):
        return base[:-1]
    return base + base[-1] if base in irregulars.doubled else base


def _regular_past(base: str, irregulars: Irregulars) -> str:
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    if base.endswith("e"):
        return base + "d"
    return (base + base[-1] if base in irregulars.doubled else base) + "ed"


def _irregulars(table: Mapping[str, Any]) -> Irregulars:
    past: dict[str, tuple[str, str]] = {}
    for entry in table["irregular"].split():
        base, _, forms = entry.partition(":")
        first, _, second = forms.partition(",")
        past[base] = (first, second)
    bases = {form: base for base, forms in past.items() for form in forms}
    return Irregulars(MappingProxyType(past), MappingProxyType(bases), frozenset(table["doubled"].split()))


def _add_forms(verbs: dict[str, list[VerbForm]], base: str, opposites: tuple[str, ...], irregulars: Irregulars) -> None:
    for slot in Slot:
        word = inflect(base, slot, irregulars)
        held = verbs.setdefault(word, [])
        twin = next((i for i, form in enumerate(held) if (form.base, form.slot) == (base, slot)), None)
        if twin is None:
            held.append(VerbForm(base, slot, opposites))
        else:
            merged = tuple(dict.fromkeys([*held[twin].opposites, *opposites]))
            held[twin] = VerbForm(base, slot, merged)


def _verbs(held: Mapping[str, Any], irregulars: Irregulars) -> dict[str, tuple[VerbForm, ...]]:
    verbs: dict[str, list[VerbForm]] = {}
    for left, right in held["verb_opposites"]["axes"]:
        for own, other in ((left, right), (right, left)):
            for base in own.split():
                _add_forms(verbs, base, tuple(other.split()), irregulars)
    for base in held["verbs"]["plain"].split():
        _add_forms(verbs, base, (), irregulars)
    return {word: tuple(forms) for word, forms in verbs.items()}


def _phrasal(axes: Sequence[Sequence[str]], irregulars: Irregulars) -> dict[tuple[str, str], tuple[VerbForm, ...]]:
    forms: dict[tuple[str, str], tuple[VerbForm, ...]] = {}
    for left, right in axes:
        for own, other in ((left, right), (right, left)):
            if " " not in own or own.count(" ") > 1:
                continue
            for slot in Slot:
                first, second = inflect(own, slot, irregulars).split(" ")
                forms[(first, second)] = (*forms.get((first, second), ()), VerbForm(own, slot, (other,)))
    return forms


def _opposites(axes: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for left, right in axes:
        for own, other in ((left, right), (right, left)):
            for word in own.split():
                found[word] = tuple(dict.fromkeys([*found.get(word, ()), *other.split()]))
    return found


def _cohyponyms(table: Mapping[str, str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, listed in table.items():
        words = listed.split()
        for word in words:
            found.setdefault(word, (name, tuple(w for w in words if w != word)))
    return found


def _synonyms(listed: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for pair in listed.split():
        old, _, new = pair.partition(">")
        found[old] = (*found.get(old, ()), new)
    return found


@lru_cache(maxsize=2)
def load_vocabulary(path: Path = CONTRAST_FILE) -> Vocabulary:
    """The shipped tables (or another file of the same form)."""
    held = tomllib.loads(path.read_text(encoding="utf-8"))
    irregulars = _irregulars(held["verbs"])
    paraphrase, leading = held["paraphrase"], held["leading"]
    return Vocabulary(
        contrast_id=held["id"],
        irregulars=irregulars,
        verbs=MappingProxyType(_verbs(held, irregulars)),
        phrasal=MappingProxyType(_phrasal(held["phrasal_opposites"]["axes"], irregulars)),
        nouns_too=frozenset(held["verbs"]["noun_too"].split()),
        reporting=frozenset(
            inflect(base, slot, irregulars) for base in held["verbs"]["reporting"].split() for slot in Slot
        ),
        opposites=MappingProxyType(_opposites(held["word_opposites"]["axes"])),
        noun_opposites=MappingProxyType(_opposites(held["noun_opposites"]["axes"])),
        loose=frozenset(held["word_opposites"]["loose"].split()),
        relations=MappingProxyType({w: name for name, listed in held["relations"].items() for w in listed.split()}),
        cohyponyms=MappingProxyType(_cohyponyms(held["cohyponyms"])),
        exclusive=frozenset(held["slots"]["exclusive"].split()),
        superlatives=frozenset(held["slots"]["superlative"].split()),
        comparatives=frozenset(held["slots"]["comparative"].split()),
        anchors=frozenset(held["slots"]["anchored"].split()),
        synonyms=MappingProxyType(_synonyms(paraphrase["synonyms"])),
        synonym_phrases=tuple((old, new) for old, new in paraphrase["phrases"]),
        dropped=frozenset(paraphrase["dropped"].split()),
        aims=frozenset(held["aims"]["words"].split()),
        methods=frozenset(held["aims"]["methods"].split()),
        connectives=frozenset(leading["connectives"].split()),
        connective_phrases=tuple(tuple(p.split()) for p in leading["phrases"]),
        labels=frozenset(leading["labels"].split()),
    )


def is_plain_word(word: str) -> bool:
    return len(word) <= _MAX_WORD and re.fullmatch(r"[A-Za-z]+(?:-[A-Za-z]+)*", word) is not None
