"""The rigour scan: quotes at true offsets, denials, and the reason where nothing was scanned."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.models import RigorAnswer, RigorItem, RigorScan
from pipelines.review.rigor import scan_text

YES, NO, NOT = RigorAnswer.YES, RigorAnswer.NO, RigorAnswer.NOT_DETECTED


def scan(text: str) -> RigorScan:
    scanned = scan_text("v1", text, "fulltext")
    for item in scanned.items:
        if item.start is not None and item.end is not None:
            assert text[item.start : item.end] == item.quote
    return scanned


def item(name: str, text: str) -> RigorItem:
    return next(entry for entry in scan(text).items if entry.item == name)


@pytest.mark.parametrize(
    ("name", "sentence", "answer"),
    [
        ("code_released", "Our code is available at https://github.com/alder/birch.", YES),
        ("code_released", "Our code is available at https:// github. com/alder/birch.", YES),
        ("code_released", "The source code is publicly available.", YES),
        ("code_released", "The source code is not publicly available.", NO),
        ("code_released", "No code was made available.", NO),
        ("code_released", "We compare with the code of Alder et al.", NOT),
        ("data_released", "All data are publicly available in the Birch repository.", YES),
        ("data_released", "The data cannot be shared publicly because of consent.", NO),
        ("data_released", "The data were read twice.", NOT),
        ("data_released", "The public domain waiver applies to the data made available in this article.", NOT),
        ("funding_disclosed", "This work was supported by the Alder Foundation.", YES),
        ("funding_disclosed", "The authors received no specific funding.", YES),
        ("funding_disclosed", "The bridge was supported by six pillars.", NOT),
        ("irb_or_ethics_approval", "The ethics committee of Birch Hospital approved the study; it was funded.", YES),
        ("irb_or_ethics_approval", "Ethics approval and consent to participate", NOT),
        ("irb_or_ethics_approval", "Ethical approval was not sought for this survey.", NO),
        ("confidence_intervals_or_error_bars", "The risk was 1.2 (95% CI 1.0 to 1.4).", YES),
        ("confidence_intervals_or_error_bars", "The mean was 4.1 ± 0.3 mm.", YES),
        ("confidence_intervals_or_error_bars", "We are confident in these means.", NOT),
        ("number_of_runs_stated", "Scores are averaged over five random seeds.", YES),
        ("number_of_runs_stated", "Scores are averaged over classes.", NOT),
        ("pre_registered", "The study was preregistered at OSF.", YES),
        ("pre_registered", "None of the experiments were preregistered.", NO),
    ],
)
def test_an_item_is_answered_by_its_sentence(name: str, sentence: str, answer: RigorAnswer) -> None:
    found = item(name, f"We studied alder trees.\n\n{sentence} Trees grow slowly.")
    assert found.answer is answer
    assert (found.quote is None) == (answer is NOT)
    if found.quote is not None:
        assert found.quote == sentence


def test_limits_need_a_heading_not_a_word() -> None:
    assert item("limitations_section_present", "## 5 Limitations\n\nThe sample was small.").answer is YES
    assert item("limitations_section_present", "A limitation of the sample is its size.").answer is NOT


def test_a_positive_sentence_outweighs_a_denial_about_something_else() -> None:
    text = "The training code is not available. The evaluation code is publicly available."
    assert item("code_released", text).answer is YES


def test_a_mention_in_the_reference_list_is_not_scanned() -> None:
    body = "We studied alder trees. " * 20
    text = f"{body}\n\nReferences\n\nBirch. The code is publicly available. 2020."
    assert item("code_released", text).answer is NOT


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (None, None, "no text"),
        ("  ", "fulltext", "no text"),
        ("Some.", "abstract", "abstract"),
        ("Some.", None, "kind"),
    ],
)
def test_without_a_full_text_nothing_is_scanned_and_the_reason_says_so(
    text: str | None, kind: str | None, words: str
) -> None:
    scanned = scan_text("v1", text, kind)
    assert not scanned.scanned
    assert scanned.items == ()
    assert words in scanned.reason


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=2_000))
def test_quotes_of_any_text_stand_at_their_offsets(text: str) -> None:
    scan(text)


@pytest.mark.parametrize("unit", ["code ", "data not ", "available. ", "A.", "95% ", "github.com ", "a", "\n# "])
def test_long_repetitive_text_does_not_stall_the_scan(unit: str) -> None:
    scan(unit * (300_000 // len(unit)))
