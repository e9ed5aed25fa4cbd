"""A scan as a web page shows it: read back when every numbered line is there, refused when one is not."""

from __future__ import annotations

import json
import re

import pytest

from pipelines.review.scans.importing import import_scan
from pipelines.review.scans.pages import PageFault, json_of_page
from tests.review.made_scans import answer, changed, made_scan, page_of

TRICKY = made_scan(
    code_released=answer(justification='In lines 10 11 12 { 13 } they write: "14, [15]: 16" \\ 17'),
    ablation_study=answer(justification="Numbers of lines 4 5 6 within words | and bars | stay."),
)


@pytest.mark.parametrize("between", [" ", "\n", "\r\n", "\n\n"])
@pytest.mark.parametrize(
    "form", ["{number} {line}", "{number}{line}", "{number} | {line}", "{number}\n{line}", "{number}\t{line}"]
)
def test_the_scan_comes_back_whole_from_each_form_of_page(form: str, between: str) -> None:
    assert json.loads(json_of_page(page_of(TRICKY, form, between))) == TRICKY


def test_a_value_that_is_the_next_number_of_a_line_stays_a_value() -> None:
    """The year of the paper set to the number of the line after it."""
    lines = json.dumps(made_scan(), indent=2).splitlines()
    place = next(number for number, line in enumerate(lines, start=1) if '"year"' in line)
    scan = changed(made_scan(), "/paper/year", place + 1)
    assert json.loads(json_of_page(page_of(scan)))["paper"]["year"] == place + 1


@pytest.mark.parametrize("line", [3, 17, 60, 200])
def test_a_line_that_is_missing_is_named(line: int) -> None:
    numbered = page_of(made_scan(), between="\n").splitlines()
    del numbered[line]
    with pytest.raises(PageFault, match=f"line {line} is missing: after line {line - 1} stands {line + 1}"):
        json_of_page("\n".join(numbered))


def test_a_page_that_is_cut_is_refused_with_the_line_where_it_ends() -> None:
    whole = page_of(made_scan(), between="\n").splitlines()
    for kept in (30, 100, len(whole) - 3):
        with pytest.raises(PageFault, match=f"the page ends, or is no JSON any more, in line {kept - 1}"):
            json_of_page("\n".join(whole[:kept]))


def test_a_mark_of_truncation_in_the_middle_is_no_part_of_a_scan() -> None:
    page = page_of(made_scan())
    cut = f"{page[:2_000]}< truncated 400 characters >{page[2_400:]}"
    assert import_scan("scan.txt", cut.encode()).scan is None


def test_a_page_in_html_is_read() -> None:
    rows = re.sub(r"(?m)^(\d+) (.*)$", r"<tr><td>\1</td><td>\2</td></tr>", page_of(made_scan(), between="\n"))
    page = f"<html><body><h1>scan.json</h1><table>{rows}</table></body></html>"
    read = import_scan("scan.html", page.encode())
    assert read.findings == ()
    assert read.scan == import_scan("scan.json", json.dumps(made_scan()).encode()).scan
