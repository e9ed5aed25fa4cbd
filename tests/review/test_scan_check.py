"""Holding a scan against its paper: quotes, tables, sections, numbers; found, near, not found, nothing to check."""

from __future__ import annotations

import json
import time

import pytest

from pipelines.review.scans.check import check_scan, grade_counts
from pipelines.review.scans.importing import import_scan
from pipelines.review.scans.models import CheckedWords, Grade, ImportedScan, ScanCheck
from pipelines.review.scans.paper_text import fold
from tests.review.made_scans import PAPER, answer, changed, made_scan

FOUND, NEAR, MISSING, NOTHING = Grade.FOUND, Grade.NEAR, Grade.NOT_FOUND, Grade.NOTHING_TO_CHECK


def imported(**answers: object) -> ImportedScan:
    scan = import_scan("scan.json", json.dumps(made_scan(**answers)).encode()).scan
    assert scan is not None
    return scan


def checked(scan: ImportedScan, text: str = PAPER) -> ScanCheck:
    found = check_scan(scan, text, text_name="moss.md")
    for one in found.checked:
        for mark in one.marks:
            assert (mark.start is None) == (mark.grade in (MISSING, NOTHING))
            if mark.start is not None and mark.end is not None:
                assert text[mark.start : mark.end] == mark.words
    return found


def graded(justification: str, text: str = PAPER) -> CheckedWords:
    scan = imported(code_released=answer(justification=justification))
    return next(one for one in checked(scan, text).checked if one.item == "code_released")


@pytest.mark.parametrize(
    ("justification", "grade"),
    [
        # quotes: the very words, whatever printing did to them
        ("It says 'We count moss on wet roofs with a drone'.", FOUND),
        ("It says “We don't know of an earlier count”.", FOUND),
        ('It has "a fine-tuned classifier that was trained on pictures".', FOUND),
        ("It has `a finetuned classifier`.", FOUND),
        ("It says 'The drone flew a fixed path ... the pictures were sorted'.", FOUND),
        ("It says 'a fixed path over [the] roof'.", FOUND),
        ("It says 'the pictures were sorted ... The drone flew'.", NEAR),
        ("It says 'we count Moss on wet roofs'.", NEAR),
        ("It says 'The drone flew a straight path over each roof'.", NEAR),
        ("It says 'The drone was flown by hand through the gutters'.", MISSING),
        ("It says 'wet roof'.", MISSING),  # only as part of "wet roofs"
        ("It says 'rone flew'.", MISSING),
        ("The paper does not mention 'random seeds' anywhere.", NOTHING),
        ("There is no word on 'moss on wet roofs'.", FOUND),
        ("The moss's roofs aren't the authors' own.", NOTHING),
        # addresses and dates
        ("The code is at https://moss.example/code.", FOUND),
        ("The code is at https://moss.example/data.", MISSING),
        ("They flew on 2023-05-04.", FOUND),
        ("They flew on 2023-05-05.", MISSING),
        # what is called by number, letter or title
        ("Table 1 has the settings.", FOUND),
        ("Tables 1 and 2 have the settings.", MISSING),
        ("See Figs. 2-3.", FOUND),
        ("See Figure 3(b).", FOUND),
        ("See Figure 4.", MISSING),
        ("Section 2.1 tells how they flew.", FOUND),
        ("Sections 2 and 3.2 tell it.", NEAR),  # of 3.2 only 3.2.1 has a heading
        ("Section 4 tells it.", MISSING),
        ("Section 1.2 tells it, and Table 1.", MISSING),
        ("Appendix B.2 has pictures.", FOUND),
        ("Appendix C has pictures.", MISSING),
        ("Appendix D has proofs.", NEAR),  # a line begins with the letter, as an author name may
        ("Algorithm 1 is given.", MISSING),
        ("The Discussion section tells the limits.", FOUND),
        ("The Fixed Path section tells the limits.", NEAR),
        ("The Related Work section is long.", MISSING),
        ("There is no Limitations section.", NOTHING),
        ("No Limitations section is there.", NOTHING),
        # numbers
        ("A gain of 19.5% over 1,200 roofs.", FOUND),
        ("A gain over 1200 roofs.", FOUND),
        ("A height of 7.2 m.", NEAR),
        ("A speed of 31.5 m/s.", NEAR),
        ("A speed of 31.4 m/s.", MISSING),
        ("A gain of 42 roofs.", MISSING),
        ("All 3 drones flew 5 times.", NOTHING),
        ("VQAv2 and H800 are names.", NOTHING),
        # the worst of several
        ("Table 1 says 'Settings of the drone', and 42 roofs were flown over.", MISSING),
        ("Nothing of it is told.", NOTHING),
    ],
)
def test_a_justification_is_graded_by_the_worst_of_what_it_points_at(justification: str, grade: Grade) -> None:
    assert graded(justification).grade is grade


def test_a_found_quote_is_shown_as_it_stands_in_the_paper_with_its_place() -> None:
    (mark,) = graded("It has 'a fine-tuned classifier that was trained on pictures of last year'.").marks
    assert mark.words == "a \ufb01ne-tuned classi\ufb01er that\nwas trained on pic-\ntures of last year"
    assert mark.start == PAPER.index("a \ufb01ne")


def test_claims_and_red_flags_are_held_against_the_paper_too() -> None:
    scan = changed(made_scan(), "/claims/0", {"claim": "19.5% less.", "evidence": "Table 7.", "supported": "weak"})
    held = import_scan("x", json.dumps(changed(scan, "/red_flags/0/detail", "Only '1,200 roofs'.")).encode()).scan
    assert held is not None
    grades = {one.pointer: one.grade for one in checked(held).checked}
    assert grades["/claims/0/claim"] is FOUND
    assert grades["/claims/0/evidence"] is MISSING
    assert grades["/red_flags/0/detail"] is FOUND


def test_every_justification_gets_a_grade_and_the_counts_add_up() -> None:
    scan = imported()
    found = checked(scan)
    assert len(found.checked) == len(scan.answers) + 2 * len(scan.claims) + len(scan.red_flags)
    counts = grade_counts(found.checked)
    assert set(counts) == {grade.value for grade in Grade}
    assert sum(counts.values()) == len(found.checked)


def test_a_text_that_numbers_no_section_cannot_deny_one_and_one_without_tables_says_so() -> None:
    prose = "We count moss on roofs with a drone, and the drone sees it from above."
    (section,) = graded("Section 2.1 tells it.", prose).marks
    assert (section.grade, section.why) == (NOTHING, "the text calls no section by number or letter")
    (table,) = graded("Table 2 tells it.", prose).marks
    assert (table.grade, table.why) == (MISSING, "the text names no table at all")


def test_sections_with_roman_numerals_are_found_by_their_headings() -> None:
    text = "I. Introduction\n\nMoss grows.\n\nIV. Results\n\nIt grew."
    assert [mark.grade for mark in graded("Sections IV and VI tell it.", text).marks] == [FOUND, MISSING]


def test_folding_keeps_the_place_of_every_letter() -> None:
    text = "A\u00ad\nB  \u201cC\u201d e\u0301 \ufb03x - y-z 3\u20134\u200b!"
    folded = fold(text)
    assert folded.text == 'AB "C" e ffix yz 3-4!'
    assert len(folded.text) == len(folded.origin)
    assert list(folded.origin) == sorted(folded.origin)
    assert text[folded.origin[folded.text.index("y")]] == "y"
    assert folded.span(folded.text.index("ffi"), folded.text.index("ffi") + 3) == (
        text.index("\ufb03"),
        text.index("\ufb03") + 1,
    )


@pytest.mark.parametrize(
    "text", ["", "\u0301" * 50_000, "'" * 50_000, "Table 1 " * 10_000, "1." * 40_000, "- \n" * 40_000]
)
def test_hostile_texts_are_checked_in_time(text: str) -> None:
    started = time.perf_counter()
    quote = "'" + "moss on wet roofs " * 30 + "'"
    check_scan(
        imported(code_released=answer(justification=f"{quote} Tables {'1, ' * 400} {'(' * 2_000}")), text, text_name="x"
    )
    assert time.perf_counter() - started < 5
