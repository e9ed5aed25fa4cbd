"""The table of words that speak for or against a claim, loaded once from a shipped TOML file.

Owns the form of that table. Does not belong here: what is done with the words (`reading`, `cues`).
Input: `data/lexicon-2026-11.toml`, written for this project; output: one frozen `Lexicon`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pipelines.verification.terms import DATA, stem

LEXICON_FILE = DATA / "lexicon-2026-11.toml"


@dataclass(frozen=True)
class Lexicon:
    """Words are lower case; `axes` and `synonyms` are keyed by stem, phrases are tuples of words."""

    lexicon_id: str
    axes: Mapping[str, tuple[tuple[str, int], ...]]
    homonyms: frozenset[str]
    direction_nouns: frozenset[str]
    before_noun: frozenset[str]
    after_noun: frozenset[str]
    asserted: frozenset[str]
    number_words: frozenset[str]
    synonyms: Mapping[str, str]
    negators: frozenset[str]
    short_negators: frozenset[str]
    negator_phrases: frozenset[tuple[str, ...]]
    thing_only: frozenset[str]
    backward: frozenset[str]
    backward_reach: int
    excused: frozenset[tuple[str, ...]]
    reach: int
    pronouns: frozenset[str]
    unchanged: frozenset[str]
    unchanged_phrases: frozenset[tuple[str, ...]]
    removals: frozenset[str]
    plateau_deniers: frozenset[str]
    plateau_words: frozenset[str]
    plateau_nouns: frozenset[str]
    no_effect: frozenset[str]
    aims: frozenset[str]
    findings: frozenset[str]
    aim_phrases: frozenset[tuple[str, ...]]
    bounded: frozenset[str]
    strong_hedges: frozenset[str]
    weak_hedges: frozenset[str]
    absolutes: frozenset[str]
    light_verbs: frozenset[str]
    most: frozenset[str]
    superlative_after: frozenset[str]
    comparisons: frozenset[str]
    comparison_phrases: frozenset[tuple[str, ...]]
    reporting: frozenset[str]
    units: Mapping[str, tuple[str, float]]  # unit: what it measures, how many of the first unit of that it is
    counted: Mapping[str, str]  # counted thing: the group of things that it counts among
    factors: Mapping[str, tuple[float, int]]  # word: how many times, and which way (1, -1)
    frequency_words: frozenset[str]
    populations: Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]]  # first word: (words, family, group)
    population_concepts: Mapping[tuple[str, str], frozenset[str]]  # (family, group): concepts that name it alone
    certainty: Mapping[str, str]  # word: "suggests" or "may"
    amounts_of_things: Mapping[str, str]  # word: "all", "most", "many" or "some"
    acting: Mapping[str, int]  # stem of a verb: 1 it brings something about, -1 it keeps it from that
    undoing: frozenset[str]
    relations: Mapping[str, frozenset[str]]  # stem of a predicate: the groups that it belongs to


def _axes(table: Mapping[str, list[str]]) -> dict[str, tuple[tuple[str, int], ...]]:
    places: dict[str, list[tuple[str, int]]] = {}
    for axis, sides in table.items():
        for side, listed in enumerate(sides):
            for word in listed.split():
                entry = (axis, side)
                held = places.setdefault(stem(word), [])
                if entry not in held:
                    held.append(entry)
    return {word: tuple(held) for word, held in places.items()}


def _phrases(listed: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in listed)


def _units(table: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[str, float]]:
    return {unit: (measures, float(size)) for measures, sizes in table.items() for unit, size in sizes.items()}


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, listed in table.items() for word in listed.split()}


def _population_concepts(
    table: Mapping[str, Mapping[str, str]], synonyms: Mapping[str, str]
) -> dict[tuple[str, str], frozenset[str]]:
    """Phrases are left out: the words of a passage are kept without their order."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for family, groups in table.items():
        for group, listed in groups.items():
            stems = [stem(word) for word in listed.split() if "_" not in word]
            found[family, group] = frozenset("=" + synonyms[s] if s in synonyms else s for s in stems)
    return found


def _groups_by_stem(table: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """A stem may belong to several groups."""
    places: dict[str, set[str]] = {}
    for group, listed in table.items():
        for word in listed.split():
            places.setdefault(stem(word), set()).add(group)
    return {word: frozenset(groups) for word, groups in places.items()}


def _factors(table: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[float, int]]:
    ways = (("up", 1), ("down", -1))
    return {word: (float(times), way) for name, way in ways for word, times in table[name].items()}


def _populations(table: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[tuple[tuple[str, ...], str, str], ...]]:
    """By first word; the longest phrase first."""
    places: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for family, groups in table.items():
        for group, listed in groups.items():
            for entry in listed.split():
                phrase = tuple(entry.split("_"))
                places.setdefault(phrase[0], []).append((phrase, family, group))
    return {word: tuple(sorted(held, key=lambda one: -len(one[0]))) for word, held in places.items()}


_WAYS = (("for", 1), ("against", -1))


@lru_cache(maxsize=2)
def load_lexicon(path: Path = LEXICON_FILE) -> Lexicon:
    """The shipped table of words (or another file of the same form)."""
    held = tomllib.loads(path.read_text(encoding="utf-8"))
    synonyms = {stem(w): name for name, listed in held["synonyms"].items() for w in listed.split()}
    return Lexicon(
        lexicon_id=held["id"],
        axes=MappingProxyType(_axes(held["axes"])),
        homonyms=frozenset(held["homonyms"]["words"].split()),
        direction_nouns=frozenset(held["homonyms"]["directions"].split()),
        before_noun=frozenset(held["homonyms"]["before_noun"].split()),
        after_noun=frozenset(held["homonyms"]["after_noun"].split()),
        asserted=frozenset(held["asserted"]["axes"]),
        number_words=frozenset(held["number_words"]["words"].split()),
        synonyms=MappingProxyType(synonyms),
        negators=frozenset(held["negators"]["words"].split()),
        short_negators=frozenset(held["negators"]["short"].split()),
        negator_phrases=_phrases(held["negators"]["phrases"]),
        thing_only=frozenset(held["negators"]["thing_only"].split()),
        backward=frozenset(held["negators"]["backward"].split()),
        backward_reach=int(held["negators"]["backward_reach"]),
        excused=_phrases(held["negators"]["excused"]),
        reach=int(held["negators"]["reach"]),
        pronouns=frozenset(held["pronouns"]["words"].split()),
        unchanged=frozenset(held["unchanged"]["words"].split()),
        unchanged_phrases=_phrases(held["unchanged"]["phrases"]),
        removals=frozenset(held["removal"]["words"].split()),
        plateau_deniers=frozenset(held["plateau"]["deniers"].split()),
        plateau_words=frozenset(held["plateau"]["words"].split()),
        plateau_nouns=frozenset(stem(w) for w in held["plateau"]["nouns"].split()),
        no_effect=frozenset(stem(w) for w in held["no_effect"]["nouns"].split()),
        aims=frozenset(held["aims"]["words"].split()),
        findings=frozenset(held["aims"]["findings"].split()),
        aim_phrases=_phrases(held["aims"]["phrases"]),
        bounded=frozenset(held["hedges"]["bounded"].split()),
        strong_hedges=frozenset(held["hedges"]["strong"].split()),
        weak_hedges=frozenset(stem(w) for w in held["hedges"]["weak"].split()),
        absolutes=frozenset(held["absolutes"]["words"].split()),
        light_verbs=frozenset(held["light"]["verbs"].split()),
        most=frozenset(held["quantifiers"]["most"].split()),
        superlative_after=frozenset(held["quantifiers"]["superlative_after"].split()),
        comparisons=frozenset(held["comparisons"]["words"].split()),
        comparison_phrases=_phrases(held["comparisons"]["phrases"]),
        reporting=frozenset(stem(w) for w in held["reporting"]["words"].split()),
        units=MappingProxyType(_units(held["units"])),
        counted=MappingProxyType(_by_word(held["counted"])),
        factors=MappingProxyType(_factors(held["factors"])),
        frequency_words=frozenset(held["factors"]["frequency"].split()),
        populations=MappingProxyType(_populations(held["populations"])),
        population_concepts=MappingProxyType(_population_concepts(held["populations"], synonyms)),
        certainty=MappingProxyType(_by_word(held["certainty"])),
        amounts_of_things=MappingProxyType(_by_word(held["amounts_of_things"])),
        acting=MappingProxyType({stem(w): way for name, way in _WAYS for w in held["acting"][name].split()}),
        undoing=frozenset(held["undoing"]["words"].split()),
        relations=MappingProxyType(_groups_by_stem(held["relations"])),
    )
