"""Scans that others made of a source, on the record's page: beside ours, graded, and harmless."""

from __future__ import annotations

import json

from pipelines.models import RigorAnswer, RigorItem, RigorScan
from pipelines.publication.scan_views import scan_view
from pipelines.publication.site.build import record_page
from pipelines.review.scans.check import check_scan
from pipelines.review.scans.importing import import_scan
from pipelines.review.scans.models import ImportedScan
from tests.publication.pages import section, text_of
from tests.publication.published_records import rich_record
from tests.review.made_scans import PAPER, answer, made_scan

SOURCE = "arxiv:2401.00001"


def imported() -> ImportedScan:
    scan = made_scan(
        code_released=answer(said=True, justification="It says 'We count moss'."),
        data_released=answer(justification="Table 9 <script>alert(1)</script> \u202eis not there."),
        pre_registered=answer(applies=False),
    )
    found = import_scan("scan.json", json.dumps(scan).encode()).scan
    assert found is not None
    return found


def rows_of(*, checked: bool) -> dict[str, list[str]]:
    scan = imported()
    item = RigorItem(item="code_released", answer=RigorAnswer.NOT_DETECTED, rule="code-1")
    ours = RigorScan(source_version_id="v", scanned=True, reason="", scanner_version="1", items=(item,))
    check = check_scan(scan, PAPER, text_name="moss") if checked else None
    view = scan_view(SOURCE, scan, check, [ours])
    part = section(record_page(rich_record(imported_scans=(view,))), "rigor")
    assert not part.xpath(".//script")
    assert "Moss counters for wet roofs" in text_of(part)
    table = part.xpath(".//table[caption[contains(., 'that scan says')]]")[0]
    rows = table.xpath(".//tbody/tr")
    return {text_of(row.xpath("./th")[0]): [text_of(cell) for cell in row.xpath("./td")] for row in rows}


def test_each_item_stands_with_our_answer_the_reason_and_its_grade() -> None:
    rows = rows_of(checked=True)
    assert len(rows) == 64
    theirs, ours, reason = rows["Code released"]
    assert (theirs, ours) == ("Yes", "Not detected")
    assert reason.startswith("It says 'We count moss'.")
    assert reason.endswith("In the paper: Found")
    theirs, ours, reason = rows["Data released"]
    assert (theirs, ours) == ("No", "none")
    assert reason.startswith("Table 9 <script>alert(1)</script> [U+202E]is not there.")
    assert reason.endswith("In the paper: Not found")
    assert rows["Pre registered"][0] == "Not applicable"


def test_a_scan_that_was_held_against_no_text_says_so_and_shows_no_grade() -> None:
    assert not any("In the paper" in cells[-1] for cells in rows_of(checked=False).values())


def test_a_record_without_imported_scans_shows_none() -> None:
    assert "made by others" not in text_of(section(record_page(rich_record()), "rigor"))
