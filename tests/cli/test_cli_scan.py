"""`claimgate scan`: scans made of texts, scans of others taken in or refused, rates over all, and export.

The commands run in this process, by way of the same door as the program's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from claimgate.app import run_app
from pipelines.models import Work
from pipelines.review.rigor.items import ITEMS
from pipelines.review.scans.importing import import_scan
from tests.processes import Ended
from tests.review.made_scans import PAPER, answer, changed, made_scan, page_of
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.sources import append_works, source_version_id_of

Scan = Callable[..., Ended]


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Scan:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMGATE_WAREHOUSE", str(tmp_path / "house" / "claimgate.duckdb"))

    def run(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["claimgate", "scan", *(str(one) for one in arguments)])
        with pytest.raises(SystemExit) as ending:
            run_app()
        said = capsys.readouterr()
        return Ended(int(ending.value.code or 0), said.out, said.err)

    return run


def write(name: str, scan: Any) -> Path:
    path = Path(name)
    path.write_text(scan if isinstance(scan, str) else json.dumps(scan), encoding="utf-8")
    return path


# --- scans of others ----------------------------------------------------------------------------


def test_a_bad_file_is_one_sentence_and_the_others_are_taken_in(scan: Scan) -> None:
    write("good.json", made_scan())
    write("bad.json", changed(made_scan(), "/paper/year", "2024"))
    write("page.txt", page_of(changed(made_scan(), "/paper/year", 2025)))
    ended = scan("--import", "good.json", "bad.json", "page.txt", "gone.json", "--json")
    assert ended.code == 0
    told = ended.document
    assert [(one["path"], one["new"], one["title"]) for one in told["imported"]] == [
        ("good.json", True, "Moss counters for wet roofs"),
        ("page.txt", True, "Moss counters for wet roofs"),
    ]
    assert [(one["path"], [each["pointer"] for each in one["findings"]]) for one in told["refused"]] == [
        ("bad.json", ["/paper/year"]),
        ("gone.json", []),
    ]
    assert "Refused: bad.json: the value is of the wrong type: not a whole number at /paper/year" in ended.err
    assert "Refused: gone.json: there is no such file or folder" in ended.err
    (conflict,) = told["conflicts"]
    assert [(one["field"], sorted(one["values"].values())) for one in conflict["metadata"]] == [
        ("year", ["2024", "2025"])
    ]
    again = scan("--import", "good.json", "bad.json", "--json").document
    assert [one["new"] for one in again["imported"] + again["refused"]] == [False, False]


def test_when_nothing_can_be_imported_the_command_says_so_with_exit_2(scan: Scan) -> None:
    write("scan-v4.json", {"paper_type": "survey"} | made_scan())
    ended = scan("--import", "scan-v4.json")
    assert (ended.code, ended.out) == (2, "")
    assert "the file's name says 4" in ended.err
    assert ended.complaint == "No scan could be imported; the reasons stand above."


def test_a_folder_gives_its_json_files_and_nothing_else_of_it_is_refused(scan: Scan) -> None:
    Path("scans/deep").mkdir(parents=True)
    write("scans/notes.md", "Notes on scans.")
    write("scans/deep/scan.json", made_scan())
    told = scan("--import", "scans", "--json").document
    assert [one["path"] for one in told["imported"]] == ["scans/deep/scan.json"]
    assert told["refused"] == []


def test_a_scan_is_held_against_the_text_that_is_given(scan: Scan) -> None:
    write("moss.md", PAPER)
    write("scan.json", made_scan(code_released=answer(justification="Table 1 says 'We count moss', Table 9 does not.")))
    ended = scan("--import", "scan.json", "--text", "moss.md", "--json")
    (check,) = ended.document["checks"]
    assert check["text_name"] == "moss.md"
    assert check["grades"] == {"found": 0, "near": 0, "not_found": 1, "nothing_to_check": len(check["checked"]) - 1}
    marks = check["checked"][0]["marks"]
    assert [(one["mark"], one["grade"]) for one in marks] == [
        ("table 1", "found"),
        ("We count moss", "found"),
        ("table 9", "not_found"),
    ]
    assert all(PAPER[one["start"] : one["end"]] == one["words"] for one in marks[:2])
    shown = scan("--import", "scan.json", "--text", "moss.md").out
    assert "not found, of /checklist/artifacts/code_released/justification: table 9" in shown


def test_a_scan_is_linked_to_its_source_and_held_against_the_full_text_that_is_held(scan: Scan, tmp_path: Path) -> None:
    source = Work(
        source_id="arxiv:2401.00001", title="Moss counters", text=PAPER, text_kind="fulltext", origin="library:roofs"
    )
    with Warehouse(WarehouseLocation(tmp_path / "house" / "claimgate.duckdb")).write() as connection:
        append_works(connection, [source], [source], Stamp(datetime(2026, 11, 1, tzinfo=UTC), "test"))
    write("scan.json", made_scan(code_released=answer(justification="It says 'We count moss'.")))
    told = scan("--import", "scan.json", "--json").document
    assert told["imported"][0]["source_id"] == "arxiv:2401.00001"
    (check,) = told["checks"]
    assert (check["text_name"], check["grades"]["found"]) == ("arxiv:2401.00001", 1)
    assert check["source_version_id"] == source_version_id_of("arxiv:2401.00001", PAPER)


def test_one_text_is_not_held_against_scans_of_two_papers_and_nothing_is_kept(scan: Scan, tmp_path: Path) -> None:
    write("moss.md", PAPER)
    write("a.json", made_scan())
    other = changed(made_scan(), "/paper/doi", "10.48550/arXiv.2401.00002")
    write("b.json", changed(other, "/paper/arxiv_id", "2401.00002"))
    ended = scan("--import", "a.json", "b.json", "--text", "moss.md")
    assert ended.code == 2
    assert "these scans are about 2" in ended.complaint
    assert not (tmp_path / "house" / "claimgate.duckdb").exists()


def test_hostile_words_of_a_scan_reach_the_terminal_harmless(scan: Scan) -> None:
    title = "[bold]Moss[/bold] \x1b[31mcounters\u202e"
    write("scan.json", changed(made_scan(), "/paper/title", title))
    shown = scan("--import", "scan.json").out
    assert "\x1b" not in shown
    assert "[bold]Moss[/bold]" in shown
    assert "\u202e" not in shown


# --- rates --------------------------------------------------------------------------------------


def test_rates_are_over_all_scans_of_the_warehouse(scan: Scan) -> None:
    first = made_scan(code_released=answer(said=True))
    other = changed(changed(made_scan(), "/paper/doi", None), "/paper/arxiv_id", "2401.00002")
    for name, one in (("a.json", first), ("b.json", other), ("c.json", changed(first, "/paper/year", 2025))):
        write(name, one)
    scan("--import", "a.json", "b.json", "c.json")
    told = scan("--rates", "--json").document
    assert (told["scans"], told["papers"]) == (3, 2)
    rate = next(one for one in told["rates"] if (one["item"], one["tag"]) == ("code_released", "all"))
    assert (rate["yes"], rate["n"], rate["rate"], rate["answered_by"]) == (1, 2, 0.5, "imported")
    agreed = {one["item"]: one["share"] for one in told["agreement"]}
    assert agreed == {item.key: 1.0 for item in ITEMS}
    shown = scan("--rates").out
    assert "A scan says what a text reports of its method, not whether the method or the result is right." in shown
    assert all(len(line) <= 120 for line in shown.splitlines())
    assert next(line for line in shown.splitlines() if line.startswith("code_released")).split()[1:] == [
        "1", "2", "50", "(9", "to", "91)", "0", "0", "0",
    ]  # fmt: skip


# --- our own scans ------------------------------------------------------------------------------


def test_a_scan_of_a_text_shows_each_item_with_its_sentence_place_and_rule_and_keeps_nothing(
    scan: Scan, tmp_path: Path
) -> None:
    write("moss.md", PAPER)
    write("list.json", [1])
    ended = scan("moss.md", "list.json", "gone.md", "--json")
    assert ended.code == 0
    (made,) = ended.document["scans"]
    assert (made["path"], made["scanned"]) == ("moss.md", True)
    assert {one["item"] for one in made["items"]} == {item.key for item in ITEMS}
    assert sum(made["answers"].values()) == len(ITEMS)
    quoted = [one for one in made["items"] if one["quote"] is not None]
    assert all(PAPER[one["start"] : one["end"]] == one["quote"] and one["rule"] for one in quoted)
    assert [one["path"] for one in ended.document["rejected"]] == ["gone.md", "list.json"]
    shown = scan("moss.md").out
    assert all(f"  {item.key}: " in shown for item in ITEMS)
    assert not (tmp_path / "house").exists()


def test_an_unfinished_scan_is_exported_only_when_asked_for_and_says_what_it_lacks(scan: Scan) -> None:
    write("moss.md", PAPER)
    ended = scan("--export-v3", "moss.md")
    assert (ended.code, ended.out) == (2, "")
    assert "version 3 requires what nobody has judged or stated: /paper/title" in ended.complaint
    partial = scan("--export-v3", "--partial", "moss.md")
    assert partial.code == 0
    assert "Not valid version 3 yet" in partial.err
    assert "negative_results_reported" not in partial.document["checklist"]["evaluation_design"]
    read = import_scan("scan.json", partial.out.encode())
    assert {one.rule for one in read.errors} == {"missing_key", "missing_item"}
    write("paper.json", made_scan()["paper"])
    known = scan("--export-v3", "--partial", "moss.md", "--paper", "paper.json", "--tag", "rct")
    assert known.document["paper"] == made_scan()["paper"]
    assert known.document["methodology_tags"] == ["rct"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give the text of a paper to scan"),
        (("--rates", "moss.md"), "takes no files"),
        (("--rates", "--import"), "Give one of"),
        (("moss.md", "--text", "moss.md"), "--text belongs to --import"),
        (("moss.md", "--partial"), "belong to --export-v3"),
        (("gone.md",), "No text could be scanned"),
        (("--rates",), "There is no warehouse"),
        (("--export-v3", "gone.md"), "there is no such file"),
        (("--export-v3", "moss.md", "moss.md"), "takes one file"),
        (("--export-v3", "moss.md", "--tag", "moss"), "'moss' is no methodology tag"),
        (("--export-v3", "moss.md", "--paper", "moss.md"), "moss.md: it is not valid JSON"),
        (("--export-v3", "moss.md", "--paper", "bad.json"), "a required key is missing at /paper/title"),
        (("--import", "good.json", "--text", "gone.md"), "gone.md: there is no such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(scan: Scan, arguments: tuple[str, ...], words: str) -> None:
    write("moss.md", PAPER)
    write("bad.json", {})
    write("good.json", made_scan())
    ended = scan(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.complaint
