"""The rewriting rules: golden examples of each, what they leave alone, hostile input."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.rewriting import CONTRARY_KINDS, RewriteKind
from pipelines.verification.contrast.rules import RULES, rewrite, rewritings
from pipelines.verification.contrast.sentence import MAX_CHARS, is_finding, read_sentence
from pipelines.verification.contrast.vocabulary import Slot, inflect, load_vocabulary

VOCABULARY = load_vocabulary()


def all_of(text: str, kind: RewriteKind) -> set[str]:
    sentence = read_sentence(text, VOCABULARY)
    if sentence is None or (kind in CONTRARY_KINDS and not is_finding(sentence, VOCABULARY)):
        return set()
    return {made.text for made in rewritings(sentence, kind, VOCABULARY)}


GOLDEN = [
    (RewriteKind.NEGATION, "Moss cover was linked to slower runoff.", "Moss cover was not linked to slower runoff."),
    (RewriteKind.NEGATION, "Lichens can survive a dry winter.", "Lichens cannot survive a dry winter."),
    (
        RewriteKind.NEGATION,
        "The coating reduced the drag of the hull.",
        "The coating did not reduce the drag of the hull.",
    ),
    (
        RewriteKind.NEGATION,
        "The coating reduced the drag of the hull.",
        "The coating failed to reduce the drag of the hull.",
    ),
    (
        RewriteKind.NEGATION,
        "However, our results show that pruning improves the yield of old trees.",
        "However, our results show that pruning does not improve the yield of old trees.",
    ),
    (
        RewriteKind.NEGATION_REMOVED,
        "Shade did not alter the growth of the reeds.",
        "Shade altered the growth of the reeds.",
    ),
    (RewriteKind.NEGATION_REMOVED, "Salt cannot cross the inner layer.", "Salt can cross the inner layer."),
    (RewriteKind.NEGATION_REMOVED, "The filter was not clogged by the sand.", "The filter was clogged by the sand."),
    (
        RewriteKind.NEGATION_REMOVED,
        "The vaccine failed to prevent a second outbreak.",
        "The vaccine prevented a second outbreak.",
    ),
    (
        RewriteKind.NEGATION_REMOVED,
        "There was no significant difference between the two ponds.",
        "There was a significant difference between the two ponds.",
    ),
    (
        RewriteKind.NEGATION_REMOVED,
        "The glue reached the joint without affecting the grain.",
        "The glue reached the joint while affecting the grain.",
    ),
    (
        RewriteKind.NEGATION_REMOVED,
        "Neither the resin nor the wax was absorbed by the stone.",
        "Both the resin and the wax were absorbed by the stone.",
    ),
    (
        RewriteKind.VERB_ANTONYM,
        "Mulch increases the moisture of the soil.",
        "Mulch decreases the moisture of the soil.",
    ),
    (RewriteKind.VERB_ANTONYM, "The dye was found to activate the enzyme.", "The dye was found to inhibit the enzyme."),
    (RewriteKind.VERB_ANTONYM, "Frost leads to an early bloom.", "Frost prevents an early bloom."),
    (RewriteKind.VERB_ANTONYM, "The spring stabilized the old bridge.", "The spring destabilized the old bridge."),
    (
        RewriteKind.ADJECTIVE_ANTONYM,
        "The tide is associated with an increased risk of erosion.",
        "The tide is associated with a decreased risk of erosion.",
    ),
    (
        RewriteKind.ADJECTIVE_ANTONYM,
        "The new valve was more reliable than the old one.",
        "The new valve was less reliable than the old one.",
    ),
    (RewriteKind.ADJECTIVE_ANTONYM, "Colder rivers held more salmon in May.", "Colder rivers held less salmon in May."),
    (
        RewriteKind.ADJECTIVE_ANTONYM,
        "Higher levels were observed in the eastern basin.",
        "Lower levels were observed in the eastern basin.",
    ),
    (RewriteKind.NUMBER, "The pump used 48 litres in a day.", "The pump used 77 litres in a day."),
    (RewriteKind.NUMBER, "The yield was 12.5% in dry years.", "The yield was 31.2% in dry years."),
    (RewriteKind.NUMBER, "The method gave a threefold gain in speed.", "The method gave a fivefold gain in speed."),
    (
        RewriteKind.COMPARISON_SWAP,
        "Losses were higher in clay than in sand.",
        "Losses were higher in sand than in clay.",
    ),
    (
        RewriteKind.COMPARISON_SWAP,
        "Oak beams were stronger than pine.",
        "Pine was stronger than oak beams.",
    ),
    (
        RewriteKind.COMPARISON_SWAP,
        "The small encoder outperforms the wide network on short texts.",
        "The wide network outperforms the small encoder on short texts.",
    ),
    (
        RewriteKind.COMPARISON_SWAP,
        "Compared with dairy farms, vineyards had a lower water use.",
        "Compared with vineyards, dairy farms had a lower water use.",
    ),
    (
        RewriteKind.COMPARISON_SWAP,
        "Owls with a ring had a longer flight than those without.",
        "Owls without a ring had a longer flight than those with.",
    ),
    (RewriteKind.COHYPONYM_SWAP, "The dose was highest in the liver.", "The dose was highest in the kidney."),
    (RewriteKind.COHYPONYM_SWAP, "Asthma was more common among women.", "Asthma was more common among men."),
    (
        RewriteKind.PARAPHRASE,
        "Tea is associated with calm sleep (see the table).",
        "Tea is associated with calm sleep.",
    ),
    (
        RewriteKind.PARAPHRASE,
        "In addition, our data show that bees avoid smoke in summer.",
        "Bees avoid smoke in summer.",
    ),
    (RewriteKind.PARAPHRASE, "The mill failed due to a broken gear.", "The mill failed because of a broken gear."),
    (RewriteKind.PARAPHRASE, "Ivy inhibits the moss.", "The moss is inhibited by ivy."),
]


@pytest.mark.parametrize(("kind", "text", "expected"), GOLDEN, ids=lambda v: str(v)[:40])
def test_each_rule_makes_the_rewriting_it_is_for(kind: RewriteKind, text: str, expected: str) -> None:
    assert expected in all_of(text, kind)


LEFT_ALONE = [
    (RewriteKind.NEGATION, "Some ferns are able to grow in salt."),
    (RewriteKind.NEGATION, "The tide may be driven by the moon alone."),
    (RewriteKind.NEGATION, "The gate was not closed by the storm."),
    (RewriteKind.NEGATION, "We examined whether the gate was closed by the storm."),
    (RewriteKind.NEGATION, "The sample was only taken from the upper layer."),
    (RewriteKind.NEGATION_REMOVED, "The gate was not only closed but locked by the storm."),
    (RewriteKind.NEGATION_REMOVED, "Some ferns do not grow in salt."),
    (RewriteKind.VERB_ANTONYM, "The drug did not increase the weight of the birds."),
    (RewriteKind.VERB_ANTONYM, "The new tool supports the older format of the maps."),
    (RewriteKind.VERB_ANTONYM, "The walls that increase the draught are old."),
    (RewriteKind.ADJECTIVE_ANTONYM, "Low birth weight is a sign of hunger."),
    (RewriteKind.ADJECTIVE_ANTONYM, "Higher walls keep the wind from the court."),
    (RewriteKind.NUMBER, "The effect was clear in 1997 (P = 0.03)."),
    (RewriteKind.NUMBER, "The ratio was large (95% CI, 1.2 to 3.4)."),
    (RewriteKind.NUMBER, "The gene lies on chromosome 17 in type 2 cells."),
    (RewriteKind.NUMBER, "The 5' end was bound by the protein."),
    (RewriteKind.COMPARISON_SWAP, "The rate was higher than expected in the north."),
    (RewriteKind.COMPARISON_SWAP, "It was more frequent than in those with asthma."),
    (RewriteKind.COMPARISON_SWAP, "The rate was higher in 24 barns than in 30 sheds and 4 mills."),
    (RewriteKind.COHYPONYM_SWAP, "The protein was found in the liver of the fish."),
    (RewriteKind.COHYPONYM_SWAP, "Breast cancer was more common among women."),
    (RewriteKind.COHYPONYM_SWAP, "The signal was highest in the liver and kidney."),
]


@pytest.mark.parametrize(("kind", "text"), LEFT_ALONE, ids=lambda v: str(v)[:40])
def test_a_rule_leaves_alone_what_it_cannot_turn_round_safely(kind: RewriteKind, text: str) -> None:
    assert all_of(text, kind) == set()


def test_a_changed_number_lies_outside_any_rounding_of_the_old_one() -> None:
    made = all_of("The pump used 48 litres in a day.", RewriteKind.NUMBER)
    values = [float(word) for text in made for word in text.split() if word.replace(".", "").isdigit()]
    assert len(values) >= 4
    assert all(abs(value - 48) / 48 >= 0.25 for value in values)


def test_a_share_stays_a_share() -> None:
    made = all_of("The yield was 60% in dry years.", RewriteKind.NUMBER)
    assert made
    assert all(float(text.split()[3].rstrip("%")) < 100 for text in made)


@pytest.mark.parametrize(
    ("base", "slot", "form"),
    [
        ("carry", Slot.THIRD, "carries"),
        ("carry", Slot.PAST, "carried"),
        ("rise", Slot.PAST, "rose"),
        ("rise", Slot.PARTICIPLE, "risen"),
        ("drop", Slot.GERUND, "dropping"),
        ("reduce", Slot.GERUND, "reducing"),
        ("lead to", Slot.THIRD, "leads to"),
        ("suppress", Slot.THIRD, "suppresses"),
        ("agree", Slot.GERUND, "agreeing"),
    ],
)
def test_verbs_are_inflected_by_rule_or_by_table(base: str, slot: Slot, form: str) -> None:
    assert inflect(base, slot, VOCABULARY.irregulars) == form


def test_the_same_seed_picks_the_same_rewriting() -> None:
    text = "Mulch increases the moisture of the soil."
    picked = {rewrite(text, RewriteKind.VERB_ANTONYM, random.Random(5)) for _ in range(3)}
    assert len(picked) == 1
    assert None not in picked


def test_an_aim_is_no_finding() -> None:
    aim = "The aim was to show that mulch increases the moisture of the soil."
    assert all(rewrite(aim, kind, random.Random(1)) is None for kind in CONTRARY_KINDS)


@given(st.text(max_size=700))
@settings(max_examples=150, deadline=None)
def test_any_text_is_rewritten_within_bounds_or_left_alone(text: str) -> None:
    for kind in RULES:
        made = rewrite(text, kind, random.Random(0))
        assert made is None or made.text != text


PIECES = st.sampled_from(
    sorted(
        words(
            """the cells increased was not than in ( ) [ , . ; 12 5% higher and but compared with mice that is women a
            rather highest liver no significant difference failed to without"""
        )
    )
)


@given(st.lists(PIECES, min_size=5, max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_heap_of_the_rules_own_words_is_rewritten_or_left_alone(pieces: list[str]) -> None:
    text = " ".join(pieces)
    sentence = read_sentence(text, VOCABULARY)
    for kind in RULES:
        for made in rewritings(sentence, kind, VOCABULARY) if sentence else ():
            outside = text[: made.edits[0].start], text[made.edits[-1].end :]
            assert made.text.startswith(outside[0])
            assert made.text.endswith(outside[1])


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "the " * 50_000,
        "(" * 5_000,
        "was not " * 70,
        "İ\u0130ß higher in \u202emen than in women\u202c, ŉ ﬁ 12.5 ％.",
        "Zero\x00byte was increased in the cells.",
        "1" * 590 + " was higher than in the others.",
        "x, " * 190 + "and y were higher than z.",
    ],
    ids=range(8),
)
def test_hostile_text_is_left_alone_or_rewritten_few_times(text: str) -> None:
    sentence = read_sentence(text, VOCABULARY)
    if len(text) > MAX_CHARS or not text.isprintable():
        assert sentence is None
    for kind in RULES:
        made = rewritings(sentence, kind, VOCABULARY) if sentence else ()
        assert len(made) <= 20 * len(text.split())
        assert all(len(r.text) <= len(text) + 40 for r in made)
