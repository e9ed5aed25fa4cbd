"""The labelled set in benchmarks/labels/ml-claims: its form, its counts, and that a claim alone gives little away.

Here belongs what GUIDELINES.md promises of the set. Does not belong here: what a back end makes of it
(`test_metamorphic`).
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "labels" / "ml-claims"
HALVES = ("train", "withheld")
LABELS = ("SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO")
FIELDS = {"id", "group", "kind", "claim", "source", "label", "sentences", "twin_of", "note"}

# The labels that a kind may carry: those its definition in GUIDELINES.md allows.
LABELS_OF_KIND = {
    "verbatim": {"SUPPORTED"},
    "paraphrase": {"SUPPORTED"},
    "negated": {"SUPPORTED", "REFUTED"},
    "number_changed": {"REFUTED"},
    "direction_flipped": {"REFUTED"},
    "subject_swapped": {"REFUTED", "NOT_ENOUGH_INFO"},
    "overstated": {"REFUTED", "NOT_ENOUGH_INFO"},
    "off_topic": {"NOT_ENOUGH_INFO"},
    "comparison_swapped": {"SUPPORTED", "REFUTED"},
    "unit_changed": {"SUPPORTED", "REFUTED"},
    "percent_vs_points": {"SUPPORTED", "REFUTED"},
    "fold_change": {"SUPPORTED", "REFUTED"},
    "rounding": {"SUPPORTED", "REFUTED"},
    "population_changed": {"SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"},
}

Pair = dict[str, Any]


def read(half: str) -> list[Pair]:
    return [json.loads(line) for line in (FOLDER / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def halves() -> dict[str, list[Pair]]:
    return {half: read(half) for half in HALVES}


@pytest.fixture(scope="module")
def pairs(halves: dict[str, list[Pair]]) -> list[Pair]:
    return [pair for half in HALVES for pair in halves[half]]


# --- form ---------------------------------------------------------------------------------------


def test_every_pair_has_the_fields_of_the_guidelines_and_no_others(pairs: list[Pair]) -> None:
    assert all(set(pair) == FIELDS and set(pair["source"]) == {"id", "title", "sentences"} for pair in pairs)
    assert all(isinstance(pair["note"], str | None) for pair in pairs)


def test_texts_are_composed_stripped_and_not_empty(pairs: list[Pair]) -> None:
    for pair in pairs:
        for text in (pair["claim"], pair["source"]["title"], *pair["source"]["sentences"]):
            assert text, pair["id"]
            assert text == " ".join(unicodedata.normalize("NFC", text).split()), pair["id"]


def test_identifiers_are_unique_and_name_their_group(pairs: list[Pair]) -> None:
    assert len({pair["id"] for pair in pairs}) == len(pairs)
    assert all(pair["id"].startswith(pair["group"] + "-") for pair in pairs)


def test_a_source_is_a_short_abstract_and_the_same_throughout_its_group(pairs: list[Pair]) -> None:
    by_group = defaultdict(list)
    for pair in pairs:
        by_group[pair["group"]].append(pair["source"])
    assert all(source == sources[0] for sources in by_group.values() for source in sources)
    assert all(3 <= len(sources[0]["sentences"]) <= 8 for sources in by_group.values())
    assert len({sources[0]["id"] for sources in by_group.values()}) == len(by_group)


def test_evidence_is_named_exactly_where_something_is_decided(pairs: list[Pair]) -> None:
    for pair in pairs:
        named = pair["sentences"]
        assert bool(named) == (pair["label"] != "NOT_ENOUGH_INFO"), pair["id"]
        assert named == sorted(set(named)), pair["id"]
        assert all(0 <= index < len(pair["source"]["sentences"]) for index in named), pair["id"]


def test_a_verbatim_claim_is_its_sentence_and_no_other_claim_is_a_sentence_of_its_source(pairs: list[Pair]) -> None:
    for pair in pairs:
        sentences = pair["source"]["sentences"]
        if pair["kind"] == "verbatim":
            assert [sentences.index(pair["claim"])] == pair["sentences"], pair["id"]
        else:
            assert pair["claim"] not in sentences, pair["id"]


def test_a_twin_is_a_claim_of_the_same_group_and_differs_from_its_original(pairs: list[Pair]) -> None:
    by_id = {pair["id"]: pair for pair in pairs}
    twins = [pair for pair in pairs if pair["twin_of"] is not None]
    assert len(twins) >= 150
    for pair in twins:
        original = by_id[pair["twin_of"]]
        assert original["group"] == pair["group"], pair["id"]
        assert original["claim"] != pair["claim"], pair["id"]
        assert original["kind"] in {"verbatim", "paraphrase"}, pair["id"]


def test_no_claim_is_held_against_the_same_source_twice(pairs: list[Pair]) -> None:
    seen = Counter((re.sub(r"\W+", " ", pair["claim"].lower()).strip(), pair["group"]) for pair in pairs)
    assert [key for key, times in seen.items() if times > 1] == []


# --- counts and split -----------------------------------------------------------------------------


def test_each_half_has_thirty_abstracts_of_eight_pairs_or_more(halves: dict[str, list[Pair]]) -> None:
    for pairs in halves.values():
        sizes = Counter(pair["group"] for pair in pairs)
        assert len(sizes) == 30
        assert min(sizes.values()) >= 8
    assert sum(map(len, halves.values())) >= 480


def test_no_abstract_and_no_sentence_is_in_both_halves(halves: dict[str, list[Pair]]) -> None:
    train, withheld = (halves[half] for half in HALVES)
    for seen_in in (_groups, _titles, _sentences, _claims):
        assert seen_in(train).isdisjoint(seen_in(withheld)), seen_in.__name__


def test_a_kind_carries_only_the_labels_that_its_definition_allows(pairs: list[Pair]) -> None:
    found = defaultdict(set)
    for pair in pairs:
        found[pair["kind"]].add(pair["label"])
    assert dict(found) == LABELS_OF_KIND


def test_kinds_and_labels_are_spread_over_both_halves_alike(halves: dict[str, list[Pair]]) -> None:
    train, withheld = (halves[half] for half in HALVES)
    for field in ("kind", "label"):
        left, right = (Counter(pair[field] for pair in half) for half in (train, withheld))
        for value in left | right:
            shares = left[value] / len(train), right[value] / len(withheld)
            assert min(left[value], right[value]) >= 11, value
            assert abs(shares[0] - shares[1]) <= 0.03, (value, shares)


def test_each_half_has_enough_of_what_the_metamorphic_tests_count(halves: dict[str, list[Pair]]) -> None:
    for half in halves.values():
        verbatim = {pair["id"] for pair in half if pair["kind"] == "verbatim"}
        of_verbatim = Counter(pair["kind"] for pair in half if pair["twin_of"] in verbatim)
        assert len(verbatim) >= 40
        assert of_verbatim["negated"] >= 20
        assert of_verbatim["number_changed"] >= 20


def test_every_abstract_has_claims_of_all_three_labels(pairs: list[Pair]) -> None:
    found = defaultdict(set)
    for pair in pairs:
        found[pair["group"]].add(pair["label"])
    assert all(labels == set(LABELS) for labels in found.values())


# --- what a claim alone gives away ----------------------------------------------------------------


def test_words_of_the_claim_alone_hardly_beat_the_commonest_label(halves: dict[str, list[Pair]]) -> None:
    """Naive Bayes over words, then over words and word pairs: from one half to the other, and in ten folds by group."""
    train, withheld = (halves[half] for half in HALVES)
    for longest in (1, 2):
        assert _accuracy(train, withheld, longest) <= _commonest_share(withheld) + 0.06
        assert _accuracy(withheld, train, longest) <= _commonest_share(train) + 0.06
    both = [*train, *withheld]
    for longest in (1, 2):
        assert _cross_validated(both, longest) <= _commonest_share(both) + 0.08


def test_the_check_sees_a_give_away_where_there_is_one(halves: dict[str, list[Pair]]) -> None:
    """The same claims with a word that betrays the label half of the time."""
    marked = {
        half: [
            pair | {"claim": f"{pair['claim']} {pair['label'].lower() if number % 2 else ''}"}
            for number, pair in enumerate(pairs)
        ]
        for half, pairs in halves.items()
    }
    assert _accuracy(marked["train"], marked["withheld"], 1) > _commonest_share(halves["withheld"]) + 0.2


def test_words_that_deny_or_limit_stand_in_claims_of_every_label(pairs: list[Pair]) -> None:
    for word in ("not", "no", "more", "than", "all", "every", "about", "only", "any"):
        with_word = [pair["label"] for pair in pairs if word in _words(pair["claim"])]
        commonest = max(Counter(with_word).values())
        assert commonest <= 0.75 * len(with_word), (word, Counter(with_word))


def _groups(pairs: Iterable[Pair]) -> set[str]:
    return {pair["group"] for pair in pairs}


def _titles(pairs: Iterable[Pair]) -> set[str]:
    return {pair["source"]["title"] for pair in pairs}


def _sentences(pairs: Iterable[Pair]) -> set[str]:
    return {sentence for pair in pairs for sentence in pair["source"]["sentences"]}


def _claims(pairs: Iterable[Pair]) -> set[str]:
    return {pair["claim"] for pair in pairs}


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def _features(text: str, longest: int) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + n]) for n in range(1, longest + 1) for at in range(len(words) - n + 1)}


def _commonest_share(pairs: Sequence[Pair]) -> float:
    return max(Counter(pair["label"] for pair in pairs).values()) / len(pairs)


def _accuracy(learnt: Sequence[Pair], tried: Sequence[Pair], longest: int) -> float:
    """Multinomial naive Bayes with add-one smoothing, on which features a claim has."""
    prior = Counter(pair["label"] for pair in learnt)
    seen: dict[str, Counter[tuple[str, ...]]] = {label: Counter() for label in LABELS}
    for pair in learnt:
        seen[pair["label"]].update(_features(pair["claim"], longest))
    size = len(set().union(*seen.values()))
    mass = {label: seen[label].total() + size for label in LABELS}

    def score(label: str, features: set[tuple[str, ...]]) -> float:
        return math.log(prior[label]) + sum(math.log((seen[label][one] + 1) / mass[label]) for one in features)

    right = 0
    for pair in tried:
        features = _features(pair["claim"], longest)
        right += max(LABELS, key=lambda label: score(label, features)) == pair["label"]
    return right / len(tried)


def _cross_validated(pairs: Sequence[Pair], longest: int, folds: int = 10) -> float:
    groups = sorted(_groups(pairs))
    right = 0.0
    for fold in range(folds):
        held = set(groups[fold::folds])
        tried = [pair for pair in pairs if pair["group"] in held]
        right += _accuracy([pair for pair in pairs if pair["group"] not in held], tried, longest) * len(tried)
    return right / len(pairs)
