"""Sentences that share a claim's words without saying it, and sayings that must be seen as such."""

from __future__ import annotations

import pytest

from pipelines.models import Claim, ClaimKind, ClaimOrigin, ClaimVerdict, Passage, Verdict
from pipelines.verification.features_backend import default_backend
from pipelines.verification.predicate import predicate_index
from pipelines.verification.reading import read
from pipelines.verification.verdict import verify_claim

SUPPORTED, REFUTED, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO


def verdict(text: str, source: str) -> Verdict:
    claim = Claim(
        claim_id="c", ordinal=1, text=text, start=0, end=len(text), normalised=text,
        origin=ClaimOrigin.STATED, kind=ClaimKind.EMPIRICAL,
    )  # fmt: skip
    passage = Passage(
        passage_id="p", source_id="doi:10.1/a", source_version_id="v", ordinal=0, start=0, end=len(source), text=source
    )
    return verify_claim(claim, [passage], cited=frozenset(), backend=default_backend()).verdict


def wrong(why: str) -> pytest.MarkDecorator:
    """Judged wrongly today; once it is judged rightly the test fails, and the mark goes."""
    return pytest.mark.xfail(strict=True, reason=why)


CASES = [
    pytest.param(
        "Coating K-3 is already sold for most wooden bridges.",
        "Wooden bridges rot from below. We put coating K-3 on the beams of six wooden bridges in the valley.",
        OPEN, id="the predicate is nowhere",
    ),
    pytest.param(
        "Most wooden bridges are painted with coating K-3.",
        "Some wooden bridges were painted with coating K-3 in spring.",
        OPEN, id="most is not some",
    ),
    pytest.param(
        "Most wooden bridges were painted with coating K-3.",
        "Of the wooden bridges, 71 % were painted with coating K-3.",
        SUPPORTED, id="a share above one half is most",
    ),
    pytest.param(
        "Doses above 40 grams raised the yield of beans further.",
        "The yield of beans doubled when the dose was raised from 10 to 40 grams. "
        "Above 40 grams there was no further gain.",
        REFUTED, id="no further gain beyond the bound",
    ),
    pytest.param(
        "The yield was higher above 40 grams of compost.",
        "The yield was higher at 40 grams of compost.",
        OPEN, id="a value is not what lies above it",
        marks=wrong("“above 40” against “at 40” counts as a number that differs"),
    ),
    pytest.param(
        "After one year the strip group and the block group grew the same.",
        "Strip planting raised the harvest. After one year the strip group and the block group grew the same.",
        SUPPORTED, id="a block is no blocking",
    ),
    pytest.param(
        "Beehives with the lid lasted nine winters, compared with four winters without the lid.",
        "Beehives with the lid lasted nine winters, compared with four winters without it.",
        SUPPORTED, id="without it is without the lid",
    ),
    pytest.param(
        "Visits were more frequent in the shaded gardens.",
        "Visits were more frequent in the shaded gardens, which might explain the denser paths.",
        SUPPORTED, id="a guess in a side clause",
    ),
    pytest.param(
        "Shade makes the paths denser.",
        "Visits were more frequent in the gardens, while shade might make the paths denser.",
        OPEN, id="a guess about the claim itself",
    ),
    pytest.param(
        "Gardeners watered 62 % of the beds.",
        "The pump that we tested watered 41 % of the beds, against 62 % for gardeners.",
        SUPPORTED, id="the second number has a subject of its own",
    ),
    pytest.param(
        "Only 0.5 % of the seeds sprouted in the shade.",
        "Five in a hundred seeds sprouted in the shade.",
        REFUTED, id="five in a hundred",
    ),
    pytest.param(
        "20 % of the young trees died in the first year.",
        "One in five young trees died in the first year.",
        SUPPORTED, id="one in five",
    ),
    pytest.param(
        "Gardeners answered 93 % of the letters.",
        "Each letter was read by three clerks, who agreed in 88 % of cases.",
        OPEN, id="a number of something else",
    ),
    pytest.param(
        "Growth improved by a third when the pots were turned every day.",
        "We turned the pots of half the lot every day. "
        "Growth did not improve in the house that we rented, where light came from above.",
        REFUTED, id="the same subject did not do it",
    ),
    pytest.param(
        "Tea drinking is associated with a higher risk of gum disease.",
        "Tea drinking was not associated with a higher risk of skin disease.",
        OPEN, id="a disease of another kind", marks=wrong("a denial about another thing counts as a denial"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "expected"), CASES)
def test_words_in_common_are_not_yet_a_saying(text: str, source: str, expected: ClaimVerdict) -> None:
    held = verdict(text, source)
    assert held.verdict is expected, held.reason


def test_a_number_of_something_else_is_not_called_a_difference() -> None:
    held = verdict(
        "Gardeners answered 93 % of the letters.", "Each letter was read by three clerks, who agreed in 88 % of cases."
    )
    assert "differs" not in held.reason
    assert not held.conflict


@pytest.mark.xfail(strict=True, reason="a name that the source lacks hardly weighs")
def test_a_name_that_the_source_does_not_hold_makes_the_claim_less_sure() -> None:
    source = "When the storm came, 58 % of the beds in the lower garden of the manor kept their soil."
    own = verdict(source, source)
    held = verdict(source.replace("the manor", "Zwarthoek manor"), source)
    assert own.probabilities
    assert held.probabilities
    assert held.probabilities.supported <= 0.7 < own.probabilities.supported


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Additive FG-7 is already used in most cells.", "used"),
        ("When the storm struck, roofs were repaired by hand.", "repaired"),
        ("Messages that named the date led to more visits.", None),
        ("Filters on screens increased sleep duration.", "increased"),
        ("Strips attract bees: the number of nests is doubled near strips.", "doubled"),
        ("Better tools everywhere.", None),
    ],
)
def test_the_main_predicate_is_what_is_said_of_the_subject(text: str, word: str | None) -> None:
    reading = read(text)
    place = predicate_index(reading)
    if word is None:
        assert place is None or reading.words[place] in ("led", "more")
    else:
        assert place is not None
        assert reading.words[place] == word
