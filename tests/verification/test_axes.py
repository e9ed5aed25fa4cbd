"""A claim and a sentence on five axes, each judged apart."""

from __future__ import annotations

import json
import os
import random
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import Axis, AxisJudgement, AxisOutcome
from pipelines.verification.axes import AXIS_FEATURES, axis_features, judge_axes
from pipelines.verification.comparison import Comparison
from pipelines.verification.contrast.rewriting import RewriteKind
from pipelines.verification.contrast.rules import rewrite
from pipelines.verification.predicate import predicate_index
from pipelines.verification.reading import read
from pipelines.verification.statement import Extent, Firmness, statement_of

AGREES, DIFFERS = AxisOutcome.AGREES, AxisOutcome.DIFFERS
NOT_SAID, NOT_APPLICABLE = AxisOutcome.NOT_SAID, AxisOutcome.NOT_APPLICABLE


def compared(claim: str, sentence: str, passage: str = "") -> Comparison:
    """A claim against a sentence that stands in a passage (the sentence alone, unless one is given)."""
    own, source = read(claim), read(sentence)
    around = read(f"{sentence} {passage}")
    return Comparison(
        claim=own,
        source=source,
        concepts=source.concept_set,
        passage_concepts=around.concept_set,
        passage_codes=around.squashed,
        predicate_at=predicate_index(own),
        rare=frozenset(),
    )


def judged(axis: Axis, claim: str, sentence: str, passage: str = "") -> AxisJudgement:
    (found,) = judge_axes(compared(claim, sentence, passage), [axis])
    return found


def outcome(axis: Axis, claim: str, sentence: str, passage: str = "") -> AxisOutcome:
    return judged(axis, claim, sentence, passage).outcome


SUBJECT = [
    ("Ravelin reduces fever.", "Ravelin lowered fever within a day.", AGREES),
    ("Ravelin reduces fever.", "Fever passed within a day.", NOT_SAID),
    ("Ravelin reduces fever in wards.", "Ombrase reduces fever in wards.", DIFFERS),
    ("The model QT-4 answers faster.", "The model QT-3 answers faster.", DIFFERS),
    ("QT4 binds the receptor.", "QT-4 binds the receptor.", AGREES),
    ("QT4me binds the receptor.", "QT4 binds the receptor.", AGREES),
    ("PrimVel copies short strands.", "hPrimvel1 copies short strands.", AGREES),
]
RELATION = [
    ("Ravelin reduces fever.", "Ravelin lowered fever within a day.", AGREES),
    ("Ravelin reduces fever in wards.", "Ravelin increased fever in wards.", DIFFERS),
    ("Ravelin improves sleep of pupils.", "Ravelin did not improve sleep of pupils.", DIFFERS),
    ("Ravelin improves sleep of pupils.", "Ravelin had no effect on the sleep of pupils.", DIFFERS),
    ("Ravelin does not improve sleep of pupils.", "Ravelin improves sleep of pupils.", DIFFERS),
    ("Ravelin regulates sleep.", "Ravelin modulates sleep.", AGREES),
    ("Ravelin stains glass.", "Ravelin was sold in towns.", NOT_SAID),
    ("Loss of ravelin raises fever.", "Ravelin lowers fever.", AGREES),
    ("Ravelin induces sneezing fits.", "Ravelin suppresses sneezing fits.", DIFFERS),
    ("Sneezing fits are induced by ravelin.", "Sneezing fits are suppressed by ravelin.", DIFFERS),
    ("Ravelin leads to sneezing fits.", "Ravelin prevents sneezing fits.", DIFFERS),
    ("Ravelin eases pain and improves sleep.", "Ravelin lowers pain and improves sleep.", AGREES),
    ("Drell levels are up-regulated in ponds.", "Drell levels are down-regulated in ponds.", DIFFERS),
    ("Fits were rarer with ravelin than with ombrase.", "Fits were rarer with ombrase than with ravelin.", DIFFERS),
    ("Fits were rarer with ravelin than with ombrase.", "Fits were rarer with ravelin than with ombrase.", AGREES),
    (
        "Compared with ombrase, ravelin gave shorter fits.",
        "Compared with ravelin, ombrase gave shorter fits.",
        DIFFERS,
    ),
    ("Girls are more prone to fits than boys.", "Boys are more prone to fits.", DIFFERS),
]
NUMBERS = [
    ("Ravelin cut costs by 12 %.", "Ravelin cut costs by 12 %.", AGREES),
    ("Ravelin cut costs by 21 %.", "Ravelin cut costs by 12 %.", DIFFERS),
    ("Ravelin cut costs by 12 %.", "Ravelin cut costs.", NOT_SAID),
    ("Ravelin cut costs.", "Ravelin cut costs by 12 %.", NOT_APPLICABLE),
    ("Ravelin kinase 1 cut costs.", "RVK cut costs.", NOT_APPLICABLE),
]
POPULATION = [
    ("Ravelin reduces fever in mice.", "Ravelin reduces fever in mice.", AGREES),
    ("Ravelin reduces fever in mice.", "Ravelin reduces fever in patients.", DIFFERS),
    ("Ravelin reduces fever in children.", "Ravelin reduces fever in adults.", DIFFERS),
    ("Ravelin reduces fever in patients.", "Ravelin reduces fever in women.", AGREES),
    ("Ravelin reduces fever in mice.", "Ravelin reduces fever.", NOT_SAID),
    ("Ravelin reduces fever in crowded wards.", "Ravelin reduces fever.", NOT_SAID),
    ("Ravelin reduces fever.", "Ravelin reduces fever in mice.", NOT_APPLICABLE),
    ("Ravelin parses German text.", "Ravelin parses Turkish text.", DIFFERS),
    ("The tagger errs on SQuAD.", "The tagger errs on TriviaQA.", DIFFERS),
    ("Ravelin eases type 2 diabetes.", "Ravelin eases type 1 diabetes.", DIFFERS),
    ("The 7B model repeats itself.", "The 70B model repeats itself.", DIFFERS),
]
CERTAINTY = [
    ("Ravelin reduces fever.", "Ravelin reduces fever.", AGREES),
    ("Ravelin reduces fever.", "Ravelin may reduce fever.", DIFFERS),
    ("Ravelin reduces fever.", "Our data suggest that ravelin reduces fever.", DIFFERS),
    ("Our data suggest that ravelin reduces fever.", "Ravelin may reduce fever.", DIFFERS),
    ("Ravelin may reduce fever.", "Ravelin reduces fever.", AGREES),
    ("Ravelin may reduce fever.", "Our data suggest that ravelin reduces fever.", AGREES),
    ("Ravelin reduces fever.", "Ravelin reduces fever, which may explain the sales.", AGREES),
    ("Ravelin reduces fever.", "Ravelin users were more likely to see a reduced fever.", AGREES),
    ("Ravelin reduces fever.", "We examine whether ravelin reduces fever.", NOT_SAID),
    ("All pupils slept.", "Most pupils slept.", DIFFERS),
    ("Most pupils slept.", "Some pupils slept.", DIFFERS),
    ("Most pupils slept.", "All pupils slept.", AGREES),
    ("Some pupils slept.", "Most pupils slept.", AGREES),
    ("Most pupils slept.", "We saw that 68 % of the pupils slept.", AGREES),
    ("Not all pupils slept.", "Some pupils slept.", AGREES),
]


@pytest.mark.parametrize(("claim", "sentence", "wanted"), SUBJECT)
def test_the_subject_is_spoken_of_or_another_in_its_place(claim: str, sentence: str, wanted: AxisOutcome) -> None:
    assert outcome(Axis.SUBJECT, claim, sentence) is wanted


@pytest.mark.parametrize(("claim", "sentence", "wanted"), RELATION)
def test_what_is_said_of_it_goes_the_same_way_or_the_other(claim: str, sentence: str, wanted: AxisOutcome) -> None:
    assert outcome(Axis.RELATION, claim, sentence) is wanted


@pytest.mark.parametrize(("claim", "sentence", "wanted"), NUMBERS)
def test_numbers_are_judged_where_the_claim_states_some(claim: str, sentence: str, wanted: AxisOutcome) -> None:
    assert outcome(Axis.NUMBERS, claim, sentence) is wanted


@pytest.mark.parametrize(("claim", "sentence", "wanted"), POPULATION)
def test_whom_it_was_found_in_is_compared_within_one_family(claim: str, sentence: str, wanted: AxisOutcome) -> None:
    assert outcome(Axis.POPULATION, claim, sentence) is wanted


@pytest.mark.parametrize(("claim", "sentence", "wanted"), CERTAINTY)
def test_a_claim_that_says_more_than_the_sentence_differs(claim: str, sentence: str, wanted: AxisOutcome) -> None:
    assert outcome(Axis.CERTAINTY, claim, sentence) is wanted


def test_a_population_that_the_passage_names_is_no_other() -> None:
    passage = "All experiments were made in mice."
    assert outcome(Axis.POPULATION, "Ravelin reduces fever in mice.", "Ravelin reduces fever.", passage) is AGREES


def test_another_population_in_a_sentence_that_says_the_rest_differs_whatever_the_passage_names() -> None:
    claim, sentence = "Ravelin reduces fever in rural wards.", "Ravelin reduces fever in urban wards."
    assert outcome(Axis.POPULATION, claim, sentence, "Rural wards were visited too.") is DIFFERS


def test_the_same_said_of_another_subject_differs_though_the_passage_names_the_claims() -> None:
    claim, sentence = "Ombrase shortens fever in wards.", "Ravelin shortens fever in wards."
    assert outcome(Axis.SUBJECT, claim, sentence, "Others were given ombrase.") is DIFFERS


def test_a_setting_is_no_object_of_a_change() -> None:
    assert statement_of(read("Ravelin causes a change in mood.")).settings == ()
    assert [words for words, _ in statement_of(read("Ravelin lifts moods in harbour towns.")).settings] == [
        "in harbour towns"
    ]


def test_a_sentence_that_points_back_speaks_of_what_its_passage_names() -> None:
    claim, sentence = "Ravelin reduces fever.", "This treatment reduces fever."
    assert outcome(Axis.SUBJECT, claim, sentence) is NOT_SAID
    assert outcome(Axis.SUBJECT, claim, sentence, "We gave ravelin to all.") is AGREES


@pytest.mark.parametrize(
    ("axis", "claim", "sentence", "sides"),
    [
        (Axis.SUBJECT, "The model QT-4 answers faster.", "The model QT-3 answers faster.", ("qt4", "qt3")),
        (Axis.SUBJECT, "Ravelin reduces fever in wards.", "Ombrase reduces fever in wards.", ("Ravelin", "Ombrase")),
        (Axis.RELATION, "Ravelin reduces fever.", "Ravelin increased fever.", ("reduces", "increased")),
        (Axis.NUMBERS, "Ravelin cut costs by 21 %.", "Ravelin cut costs by 12 %.", ("21 %", "12 %")),
        (Axis.POPULATION, "It helped in mice.", "It helped in patients.", ("mice", "humans")),
        (Axis.CERTAINTY, "All pupils slept.", "Most pupils slept.", ("all", "most")),
    ],
)
def test_a_difference_names_both_sides(axis: Axis, claim: str, sentence: str, sides: tuple[str, str]) -> None:
    found = judged(axis, claim, sentence)
    assert found.outcome is DIFFERS
    assert all(side in (found.why or "") for side in sides)


def test_every_axis_is_judged_once_and_in_order() -> None:
    found = judge_axes(compared("Ravelin cut costs by 12 %.", "Ravelin cut costs by 12 %."))
    assert [one.axis for one in found] == list(Axis)


def test_a_claim_without_words_has_nothing_to_judge() -> None:
    found = judge_axes(compared("...", "Ravelin cut costs by 12 %."))
    assert {one.outcome for one in found} == {NOT_APPLICABLE}


def test_features_say_which_outcome_each_axis_has() -> None:
    found = axis_features(judge_axes(compared("Ravelin cut costs by 21 %.", "Ravelin cut costs by 12 %.")))
    assert tuple(found) == AXIS_FEATURES
    assert found["axis_numbers_differs"] == 1.0
    assert found["axis_numbers_agrees"] == 0.0
    assert [found[f"axis_population_{o}"] for o in ("agrees", "differs", "not_said")] == [0.0, 0.0, 0.0]


def test_features_of_no_judgement_are_zero() -> None:
    assert set(axis_features(()).values()) == {0.0}


def test_a_statement_knows_its_subject_without_its_verb() -> None:
    text = "In a second trial, long naps of pupils were slightly improved by ravelin."
    held = statement_of(read(text))
    first, last = held.subject_span
    assert held.reading.words[first:last] == ("long", "naps", "of", "pupils")


def test_a_statement_knows_how_firmly_and_of_how_many_it_speaks() -> None:
    held = statement_of(read("Most pupils may sleep."))
    assert held.firmness is Firmness.MAY
    assert set(held.extents) == {Extent.MOST}
    assert statement_of(read("Not only pupils sleep.")).extents == {}


_PLAIN_LIST = "ravelin reduces increases fever in mice patients not may suggest all most from to than QT-4 , . without"
_PLAIN = st.lists(st.sampled_from(_PLAIN_LIST.split()), max_size=25).map(" ".join)
_TEXTS = st.lists(st.sampled_from([*_PLAIN_LIST.split(), "12 %", "40"]), max_size=25).map(" ".join)


@given(_TEXTS, _TEXTS)
def test_any_two_texts_are_judged_and_judged_alike_again(claim: str, sentence: str) -> None:
    first, second = judge_axes(compared(claim, sentence)), judge_axes(compared(claim, sentence))
    assert first == second
    assert all(one.why or one.outcome is NOT_APPLICABLE for one in first)


@given(_PLAIN)
def test_case_and_white_space_change_no_outcome(sentence: str) -> None:
    claim = "Ravelin reduces fever in mice by 12 %."
    plain = [one.outcome for one in judge_axes(compared(claim, sentence))]
    assert [one.outcome for one in judge_axes(compared(claim.upper(), sentence.replace(" ", "  ").upper()))] == plain


@pytest.mark.parametrize("text", ["a" * 50_000, "in mice " * 5_000, "not " * 5_000, "(" * 5_000, "may , " * 5_000])
def test_long_hostile_texts_are_judged_all_the_same(text: str) -> None:
    assert len(judge_axes(compared("Ravelin reduces fever in mice by 12 %.", text))) == len(Axis)


# --- over real abstracts ------------------------------------------------------------------------

_CORPUS = os.environ.get("CLAIMGATE_CORPUS")
_REWRITTEN = [
    (RewriteKind.NEGATION, Axis.RELATION, 0.9),
    (RewriteKind.VERB_ANTONYM, Axis.RELATION, 0.65),
    (RewriteKind.ADJECTIVE_ANTONYM, Axis.RELATION, 0.7),
    (RewriteKind.NUMBER, Axis.NUMBERS, 0.85),
]


def sentences(count: int) -> list[str]:
    """Sentences of abstracts, in an order that a seed fixes."""
    path = Path(_CORPUS or "") / "claims" / "scifact" / "corpus.jsonl"
    with path.open(encoding="utf-8") as lines:
        found = [sentence for line in islice(lines, 600) for sentence in json.loads(line)["abstract"]]
    return random.Random(7).sample(found, min(count, len(found)))


@pytest.mark.skipif(_CORPUS is None, reason="CLAIMGATE_CORPUS does not name the folder of real abstracts")
def test_no_sentence_differs_from_itself_on_any_axis() -> None:
    for sentence in sentences(250):
        assert {one.outcome for one in judge_axes(compared(sentence, sentence))} <= {AGREES, NOT_APPLICABLE}


@pytest.mark.skipif(_CORPUS is None, reason="CLAIMGATE_CORPUS does not name the folder of real abstracts")
@pytest.mark.parametrize(("kind", "axis", "least"), _REWRITTEN)
def test_a_sentence_rewritten_to_its_contrary_differs_on_the_axis_that_was_changed(
    kind: RewriteKind, axis: Axis, least: float
) -> None:
    rng = random.Random(7)
    pairs = [(new.text, old) for old in sentences(1200) if (new := rewrite(old, kind, rng))][:80]
    differing = sum(outcome(axis, new, old) is DIFFERS for new, old in pairs)
    assert len(pairs) >= 40
    assert differing >= least * len(pairs)
