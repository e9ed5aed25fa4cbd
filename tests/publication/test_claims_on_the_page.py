"""What a claim's row shows: sentence, confidence, axes, sources, and why it was left open."""

import re

import pytest

from pipelines.models import Axis, AxisOutcome, ClaimVerdict, EvidenceScope, Notice, NoticeKind, Probabilities
from pipelines.publication.site import words
from pipelines.publication.site.build import record_page
from pipelines.publication.site.verdict_rows import SOURCES_SHOWN, confidence_in_words, whole_percents
from tests.publication.pages import claim_row, hostile_record, parsed, section, text_of
from tests.publication.published_records import LOSS, PASSAGE, claim_view, rich_record


def test_highlight_is_the_evidence_sentence_at_its_place():
    (row,) = parsed(record_page(rich_record())).xpath('//tr[@id="claim-1"]')
    (quote,) = row.xpath(".//blockquote/p")
    (mark,) = quote.xpath("./mark")
    assert mark.text_content() == LOSS
    assert quote.text == PASSAGE[: PASSAGE.index(LOSS)]
    assert quote.text_content() == PASSAGE


def test_disputed_claim_shows_a_sentence_for_and_one_against():
    (row,) = parsed(record_page(rich_record())).xpath('//tr[@id="claim-3"]')
    sides = [text_of(side) for side in row.xpath('.//span[@class="side"]')]
    assert sides == ["✓ For", "✗ Against"]
    assert "Disputed" in text_of(row)
    assert "RETRACTED" in text_of(row)


def test_a_claim_that_rests_on_retracted_work_alone_says_so_in_its_row() -> None:
    record = rich_record()
    claim = next(view for view in record.claims if view.verdict is ClaimVerdict.SUPPORTED)
    resting_on = {item.evidence.source_id for item in claim.evidence}
    retracted = Notice(kind=NoticeKind.RETRACTED, date="2026-06-20", origin="library:x")
    sources = tuple(
        source.model_copy(update={"notices": (retracted,) if source.source_id in resting_on else ()})
        for source in record.sources
    )
    path = f'//tr[@id="claim-{claim.claim.ordinal}"]'
    (row,) = parsed(record_page(record.model_copy(update={"sources": sources}))).xpath(path)
    assert "It rests on RETRACTED work alone" in text_of(row)
    assert all("RETRACTED" in text_of(caption) for caption in row.xpath(".//figcaption"))
    sound = tuple(source.model_copy(update={"notices": ()}) for source in record.sources)
    (row,) = parsed(record_page(record.model_copy(update={"sources": sound}))).xpath(path)
    assert "RETRACTED" not in text_of(row)


def test_undecided_and_unchecked_claims_say_why():
    document = parsed(record_page(rich_record()))
    undecided, unchecked = document.xpath('//tr[@id="claim-4"] | //tr[@id="claim-5"]')
    assert "neither says anything of cost" in text_of(undecided)
    assert "Nearest sentence, decides nothing" in text_of(undecided)
    assert "No source text could be had" in text_of(unchecked)
    assert "Confidence: none given" in text_of(unchecked)
    assert not unchecked.xpath(".//mark")


def test_confidence_is_said_in_words_with_a_link_to_how_it_was_measured():
    row = claim_row(rich_record(), 1)
    assert "Confidence: 0.72: of a hundred like this, about 72 are right (as measured)" in text_of(row)
    assert "calibration.html" in row.xpath(".//a/@href")
    assert "calibration.html" not in claim_row(rich_record(), 3).xpath(".//a/@href")


@pytest.mark.parametrize(
    ("confidence", "words_of_it"),
    [
        (0.0, "hardly one is right"),
        (0.004, "hardly one is right"),
        (0.01, "about 1 is right"),
        (0.774, "about 77 are right"),
        (0.994, "about 99 are right"),
        (0.998, "nearly all are right"),
        (1.0, "nearly all are right"),
    ],
)
def test_a_confidence_in_words_promises_no_more_than_it_says(confidence: float, words_of_it: str):
    assert confidence_in_words(confidence) == f"of a hundred like this, {words_of_it}"


def test_shares_of_the_three_verdicts_are_shown():
    said_there = text_of(claim_row(rich_record(), 1))
    assert "Shares: supported 72 %, refuted 3 %, not enough information 25 %" in said_there


@pytest.mark.parametrize(
    ("exact", "whole"),
    [
        ((0.085, 0.889, 0.026), (8, 89, 3)),
        ((0.455, 0.075, 0.47), (46, 7, 47)),
        ((1 / 3, 1 / 3, 1 / 3), (34, 33, 33)),
        ((1.0, 0.0, 0.0), (100, 0, 0)),
    ],
)
def test_shares_in_whole_per_cent_add_up(exact: tuple[float, float, float], whole: tuple[int, int, int]):
    shares = Probabilities(supported=exact[0], refuted=exact[1], not_enough_info=exact[2])
    assert whole_percents(shares) == whole


@pytest.mark.parametrize(
    ("ordinal", "looked_at"),
    [
        (1, "Looked at: the sources that the claim cites."),
        (2, "Looked at: all sources of the record."),
        (4, "Looked at, after the record's own sources: works of the library, found by searching for the claim"),
        (5, "There was no text to look at."),
    ],
)
def test_each_claim_says_which_sources_were_looked_at(ordinal: int, looked_at: str):
    assert looked_at in text_of(claim_row(rich_record(), ordinal))


def test_every_scope_axis_and_outcome_has_words():
    assert set(words.SCOPES) == set(EvidenceScope)
    assert set(words.AXES) == set(Axis)
    assert set(words.AXIS_OUTCOMES) == set(AxisOutcome)


def test_axes_are_a_table_of_what_the_claim_says_something_on():
    (table,) = claim_row(rich_record(), 1).xpath('.//table[contains(@class, "axes")]')
    assert [[text_of(cell) for cell in row] for row in table.xpath("./tbody/tr")] == [
        ["Subject", "= agrees", "clover mulch in both"],
        ["Numbers and units", "= agrees", "31 % in both"],
        ["Population and setting", "? not said by the sentence", "the claim says: bare beds"],
    ]


def test_each_source_on_its_own_stands_in_a_table_with_what_decides_first():
    (table,) = claim_row(rich_record(), 3).xpath('.//table[contains(@class, "sources-alone")]')
    rows = [[text_of(cell) for cell in row] for row in table.xpath("./tbody/tr")]
    assert [row[1] for row in rows] == ["✓ Supported", "✗ Refuted", "○ Not checked"]
    assert rows[0][0] == "Clover mulch and water as doi:10.5555/clover was read alone"
    assert rows[1][2] == "0.61"
    assert rows[2] == ["doi:10.5555/silent as doi:10.5555/silent was read alone", "○ Not checked", "none given"]
    assert table.xpath("./tbody/tr/th/a/@href") == ["#source-1", "#source-2"]


def test_of_many_sources_the_first_are_shown_and_the_rest_are_counted():
    row = claim_row(hostile_record(), 1)
    assert len(row.xpath('.//table[contains(@class, "sources-alone")]/tbody/tr')) == SOURCES_SHOWN
    assert f"{40 - SOURCES_SHOWN} more sources stand in the manifest." in text_of(row)


def test_works_found_in_the_library_are_listed_apart_from_the_records_sources():
    sources_there = section(record_page(rich_record()), "sources")
    (found,) = sources_there.xpath('.//li[@id="found-1"]')
    assert "What clover costs" in text_of(found)
    assert "The record does not cite these works." in text_of(sources_there)
    assert "#found-1" in claim_row(rich_record(), 4).xpath(".//figcaption/a/@href")
    without = section(record_page(rich_record(found_sources=())), "sources")
    assert "does not cite these works" not in text_of(without)


def test_a_verdict_names_the_back_end_that_made_it():
    assert "Judged by the back end “features” features-1" in text_of(claim_row(rich_record(), 1))
    assert "The machine's reading is by the back end “features”" in text_of(claim_row(rich_record(), 6))


def test_an_open_claim_says_why_it_was_not_decided_and_shows_the_comparison_at_once():
    row = claim_row(rich_record(), 4)
    assert "Why not decided: Two sources were read; neither says anything of cost." in text_of(row)
    (details,) = row.xpath('.//details[.//table[contains(@class, "axes")]]')
    assert details.get("open") is not None
    (closed,) = claim_row(rich_record(), 1).xpath('.//details[.//table[contains(@class, "axes")]]')
    assert closed.get("open") is None


def test_an_unchecked_claim_says_why_it_was_not_checked():
    assert "Why not checked: No source text could be had" in text_of(claim_row(rich_record(), 5))
    assert "Why not" not in text_of(claim_row(rich_record(), 1))


@pytest.mark.parametrize(
    ("verdict", "said_there"),
    [
        (ClaimVerdict.SUPPORTED, "Something speaks against it, not clearly enough to dispute it."),
        (ClaimVerdict.REFUTED, "Something speaks for it, not clearly enough to dispute the refutation."),
        (ClaimVerdict.NOT_ENOUGH_INFO, "Something speaks against it, not clearly enough to refute it."),
        (ClaimVerdict.DISPUTED, None),
    ],
)
def test_a_conflict_is_told_as_the_verdict_has_it(verdict: ClaimVerdict, said_there: str | None):
    record = rich_record(claims=(claim_view(1, "Clover saves water.", verdict, conflict=True),))
    shown_there = text_of(claim_row(record, 1))
    assert [said_there] == re.findall("Something speaks [^.]*[.]", shown_there) or said_there is None
    assert ("Something speaks" in shown_there) == (said_there is not None)
    calm = rich_record(claims=(claim_view(1, "Clover saves water.", verdict, conflict=False),))
    assert "Something speaks" not in text_of(claim_row(calm, 1))


def test_persons_verdict_is_marked_with_name_and_reason():
    (row,) = parsed(record_page(rich_record())).xpath('//tr[@id="claim-6"]')
    assert "A person's verdict, by Reader One, 2026-07-02 02:00 UTC: The rounding is harmless." in text_of(row)
    assert "Says nearly the same as claim 1." in text_of(row)
    assert "The record itself cuts this claim off." in text_of(row)
