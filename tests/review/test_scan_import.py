"""Importing scans of others: a whole one is taken in, and each rule of import refuses or warns of what breaks it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipelines.models import Severity
from pipelines.review.rigor.items import CORE_CATEGORIES, ITEMS, MODULES
from pipelines.review.scans.importing import import_scan
from pipelines.review.scans.models import LONGEST_VALUE, ScanImport
from pipelines.review.scans.reading import MAX_DEPTH, MAX_SCAN_BYTES
from pipelines.review.scans.rules import MOST_FINDINGS, RULES
from tests.review.made_scans import answer, changed, made_scan, page_of

CORPUS = os.environ.get("CLAIMGATE_CORPUS")
FIRST = "/checklist/artifacts/code_released"
PAPER_TYPE = {"paper_type": "survey", "checklist": {"shared": {"code_released": answer() | {"source": "model"}}}}


def taken(value: Any, name: str = "scan.json") -> ScanImport:
    return import_scan(name, json.dumps(value).encode())


def without(scan: dict[str, Any], *pointers: str) -> dict[str, Any]:
    for pointer in pointers:
        scan = changed(scan, pointer, ...)
    return scan


def survey(items: dict[str, Any]) -> dict[str, Any]:
    scan = without(made_scan(), "/checklist/experimental_rigor", "/checklist/data_leakage")
    scan["checklist"]["survey_methodology"] = items
    return scan | {"active_modules": ["survey_methodology"], "methodology_tags": ["meta-analysis"]}


def test_the_items_are_those_of_version_3() -> None:
    assert len(ITEMS) == len({item.key for item in ITEMS}) == 64
    assert [item.category for item in ITEMS if item.module is None] == sorted(
        (item.category for item in ITEMS if item.module is None), key=CORE_CATEGORIES.index
    )
    assert sum(item.module is None for item in ITEMS) == 51
    assert {item.module for item in ITEMS if item.module} < set(MODULES)
    assert {item.decidable for item in ITEMS} == {"rule", "positive", "signal", "judgement"}
    assert all(item.asks.endswith("?") for item in ITEMS)


def test_a_whole_scan_is_taken_in_without_a_finding() -> None:
    scan = made_scan(code_released=answer(said=True, justification="The address is given."))
    read = taken(scan)
    assert read.findings == ()
    assert read.scan is not None
    assert (read.scan.scan_version, read.scan.year, read.scan.arxiv_id) == (3, 2024, "2401.00001")
    assert read.scan.doi == "10.48550/arxiv.2401.00001"
    assert read.scan.authors == ("Ada Alder", "Ben Birch")
    assert [(one.item, one.answer) for one in read.scan.answers][:2] == [
        ("code_released", True),
        ("data_released", False),
    ]
    assert {one.item for one in read.scan.answers} == {item.key for item in ITEMS}
    assert (len(read.scan.claims), len(read.scan.red_flags)) == (1, 1)


def test_the_same_scan_has_the_same_id_however_it_is_laid_out_and_another_has_another() -> None:
    scan = made_scan()
    turned = dict(reversed(scan.items()))
    ids = {
        read.scan.scan_id
        for read in (
            taken(scan),
            taken(turned),
            import_scan("x.json", json.dumps(scan, indent=4).encode()),
            import_scan("x.txt", page_of(scan).encode()),
        )
        if read.scan is not None
    }
    assert len(ids) == 1
    other = taken(changed(scan, f"{FIRST}/answer", True)).scan
    assert other is not None
    assert other.scan_id not in ids


# Rule, where it is met, and the scan that meets it. Every rule of the table has at least one.
BROKEN: list[tuple[str, str, Any]] = [
    ("not_a_scan", "", [1, 2]),
    ("not_a_scan", "", {"title": "A record", "claims": []}),
    ("version_not_read", "/scan_version", changed(made_scan(), "/scan_version", ...)),
    *(("version_not_read", "/scan_version", changed(made_scan(), "/scan_version", n)) for n in (1, 2, 4, 5)),
    ("version_not_read", "/scan_version", PAPER_TYPE),
    ("version_unknown", "/scan_version", changed(made_scan(), "/scan_version", 6)),
    ("version_unknown", "/scan_version", changed(made_scan(), "/scan_version", 0)),
    ("version_contradicts", "/scan_version", PAPER_TYPE | {"scan_version": 3}),
    ("wrong_type", "/scan_version", changed(made_scan(), "/scan_version", "3")),
    ("wrong_type", "/scan_version", changed(made_scan(), "/scan_version", True)),
    *(
        ("missing_key", f"/{key}", changed(made_scan(), key, ...))
        for key in ("paper", "checklist", "claims", "methodology_tags", "key_findings", "red_flags", "cited_papers")
    ),
    *(("missing_key", f"/paper/{key}", changed(made_scan(), f"/paper/{key}", ...)) for key in ("title", "year")),
    ("missing_key", "/checklist/contamination", changed(made_scan(), "/checklist/contamination", ...)),
    ("missing_key", f"{FIRST}/applies", changed(made_scan(), f"{FIRST}/applies", ...)),
    ("missing_key", "/claims/0/evidence", changed(made_scan(), "/claims/0/evidence", ...)),
    ("wrong_type", f"{FIRST}/answer", changed(made_scan(), f"{FIRST}/answer", "false")),
    ("wrong_type", f"{FIRST}/applies", changed(made_scan(), f"{FIRST}/applies", 1)),
    ("wrong_type", FIRST, changed(made_scan(), FIRST, None)),
    ("wrong_type", "/checklist/artifacts", changed(made_scan(), "/checklist/artifacts", [])),
    ("wrong_type", "/paper", changed(made_scan(), "/paper", "Moss")),
    ("wrong_type", "/paper/year", changed(made_scan(), "/paper/year", "2024")),
    ("wrong_type", "/paper/authors/1", changed(made_scan(), "/paper/authors/1", 7)),
    ("wrong_type", "/claims/0", changed(made_scan(), "/claims/0", "Drones count moss.")),
    ("wrong_type", "/cited_papers/0/year", changed(made_scan(), "/cited_papers/0/year", "2020")),
    ("empty_text", "/paper/title", changed(made_scan(), "/paper/title", " \u200b ")),
    ("empty_text", "/paper/authors", changed(made_scan(), "/paper/authors", [])),
    ("too_long", "/key_findings", changed(made_scan(), "/key_findings", "moss " * 5_000)),
    ("too_long", "/methodology_tags", changed(made_scan(), "/methodology_tags", ["x"] * 3_000)),
    ("no_year", "/paper/year", changed(made_scan(), "/paper/year", 20240)),
    ("malformed_arxiv_id", "/paper/arxiv_id", changed(made_scan(), "/paper/arxiv_id", "2401.00001v2")),
    ("malformed_arxiv_id", "/paper/arxiv_id", changed(made_scan(), "/paper/arxiv_id", "arXiv:2401.1")),
    ("unknown_tag", "/methodology_tags/0", changed(made_scan(), "/methodology_tags", ["field-study"])),
    ("unknown_module", "/active_modules/2", changed(made_scan(), "/active_modules", [*MODULES[:2], "moss"])),
    ("modules_differ", "/checklist/data_leakage", changed(made_scan(), "/active_modules", [MODULES[0]])),
    ("modules_differ", "/active_modules", changed(made_scan(), "/checklist/data_leakage", ...)),
    ("unknown_category", "/checklist/style", changed(made_scan(), "/checklist/style", {"prose": answer()})),
    ("unknown_item", "/checklist/artifacts/a~1b~0c", changed(made_scan(), "/checklist/artifacts", {"a/b~c": answer()})),
    ("missing_item", FIRST, changed(made_scan(), FIRST, ...)),
    (
        "missing_item",
        "/checklist/data_leakage/leakage_detection_method",
        changed(made_scan(), "/checklist/data_leakage/leakage_detection_method", ...),
    ),
    ("missing_item", "/checklist/survey_methodology", survey({})),
    ("unknown_item", "/checklist/survey_methodology/Not a key", survey({"Not a key": answer()})),
    ("empty_justification", f"{FIRST}/justification", changed(made_scan(), f"{FIRST}/justification", " - ")),
    ("answer_without_applies", FIRST, changed(made_scan(), FIRST, answer(applies=False, said=True))),
    ("unknown_supported", "/claims/0/supported", changed(made_scan(), "/claims/0/supported", "unsupported")),
    ("tag_without_module", "/methodology_tags", changed(made_scan(), "/methodology_tags", ["rct"])),
    (
        "tag_without_module",
        "/methodology_tags",
        without(made_scan(), "/active_modules", "/checklist/experimental_rigor", "/checklist/data_leakage"),
    ),
    *(
        ("placeholder_doi", "/paper/doi", changed(made_scan(), "/paper/doi", doi))
        for doi in ("XXXXXXX.XXXXXXX", "10.1145/nnnnnnn.nnnnnnn", "to appear")
    ),
    ("arxiv_doi_differs", "/paper/doi", changed(made_scan(), "/paper/doi", "10.48550/arXiv.2401.00002")),
    ("arxiv_later_than_year", "/paper/arxiv_id", changed(made_scan(), "/paper/year", 2023)),
    ("no_identifier", "/paper", without(made_scan(), "/paper/arxiv_id", "/paper/doi")),
    ("duplicate_entry", "/claims/1", changed(made_scan(), "/claims", made_scan()["claims"] * 2)),
    ("duplicate_entry", "/cited_papers/1", changed(made_scan(), "/cited_papers", made_scan()["cited_papers"] * 2)),
    (
        "score_out_of_range",
        "/engagement_factors/demo_ability/score",
        changed(made_scan(), "/engagement_factors/demo_ability/score", 4),
    ),
    ("unknown_key", "/notes", made_scan() | {"notes": "None."}),
    ("unchecked_item", "/checklist/survey_methodology/search_described", survey({"search_described": answer()})),
    (
        "cited_arxiv_id",
        "/cited_papers/0/arxiv_id",
        changed(made_scan(), "/cited_papers/0/arxiv_id", "cs/0102003"),
    ),
]
BROKEN_BYTES: list[tuple[str, str, bytes]] = [
    ("too_large", "", b" " * (MAX_SCAN_BYTES + 1)),
    ("not_utf8", "", json.dumps(made_scan()).encode("utf-16")),
    ("not_utf8", "", b'{"paper": "\xff"}'),
    ("not_json", "", json.dumps(made_scan()).encode()[:-1]),
    ("not_json", "", b'{"paper": NaN}'),
    ("not_json", "", b'{"paper": "\\ud83d", "checklist": {}}'),
    ("not_json", "", b"[" * 100_000),
    ("not_json", "", b""),
    ("page_incomplete", "", page_of(made_scan()).replace(" 40 ", " ", 1).encode()),
    ("too_deep", "/paper" + "/a" * MAX_DEPTH, ('{"paper": ' + '{"a": ' * 30 + "1" + "}" * 31).encode()),
    (
        "duplicate_key",
        f"{FIRST}/answer",
        json.dumps(made_scan()).replace('"answer": false', '"answer": true, "answer": false', 1).encode(),
    ),
    ("duplicate_key", "/a?", b'{"a\\ud83d": 1, "a\\ud83d": 2}'),
]


@pytest.mark.parametrize(
    ("rule", "pointer", "read"),
    [
        *((rule, pointer, lambda value=value: taken(value)) for rule, pointer, value in BROKEN),
        *((rule, pointer, lambda data=data: import_scan("x", data)) for rule, pointer, data in BROKEN_BYTES),
    ],
    ids=[f"{rule}-{place}" for place, (rule, *_) in enumerate((*BROKEN, *BROKEN_BYTES))],
)
def test_each_rule_of_import_is_met_where_it_is_broken(rule: str, pointer: str, read: Any) -> None:
    found = read()
    met = next(one for one in found.findings if (one.rule, one.pointer) == (rule, pointer))
    severity, _ = RULES[rule]
    assert met.severity is severity
    assert met.message
    assert met.value is None or len(met.value) <= LONGEST_VALUE
    assert (found.scan is None) == bool(found.errors)
    assert all(RULES[one.rule][0] is one.severity for one in found.findings)
    if severity is Severity.ERROR:
        assert found.scan is None
        assert found.reason
    else:
        assert found.scan is not None
        assert {one.rule for one in found.findings} == {rule}
    found.model_dump_json().encode()


def test_every_rule_of_import_has_an_example_that_breaks_it() -> None:
    assert {rule for rule, *_ in (*BROKEN, *BROKEN_BYTES)} == set(RULES)


@pytest.mark.parametrize(
    ("name", "value", "words", "version"),
    [
        ("scan-v4.json", PAPER_TYPE, "version 4 (scan-v4.json)", 4),
        ("scan-v5.json", PAPER_TYPE, "version 5 (scan-v5.json)", 5),
        ("scan.json", PAPER_TYPE, "version 4", 4),
        ("scan.json", PAPER_TYPE | {"scan_version": 4}, "version 4", 4),
        ("scan-v4.json", made_scan(), "the file's name says 4", 3),
        ("scan.json", changed(made_scan(), "/scan_version", 2), "version 2", 2),
        ("scan.json", changed(made_scan(), "/scan_version", ...), "a scan of version 3 has to say so", 1),
    ],
)
def test_another_version_is_told_by_number_name_or_form_and_refused_with_one_sentence(
    name: str, value: dict[str, Any], words: str, version: int
) -> None:
    read = taken(value, name)
    assert read.version == version
    assert len(read.findings) == 1
    assert words in read.reason


def test_identifiers_that_are_absent_null_or_empty_are_no_fault() -> None:
    for doi in (None, ""):
        read = taken(changed(made_scan(), "/paper/doi", doi))
        assert read.findings == ()
        assert read.scan is not None
        assert read.scan.doi is None
    only_doi = changed(
        changed(made_scan(), "/paper/arxiv_id", None), "/paper/doi", "https://doi.org/10.48550/ARXIV.2401.00009"
    )
    read = taken(only_doi)
    assert read.findings == ()
    assert read.scan is not None
    assert (read.scan.arxiv_id, read.scan.doi) == ("2401.00009", "10.48550/arxiv.2401.00009")


def test_a_placeholder_is_no_identifier_of_the_scan() -> None:
    read = taken(changed(made_scan(), "/paper/doi", "10.1145/nnnnnnn.nnnnnnn"))
    assert read.scan is not None
    assert read.scan.doi is None


def test_errors_stand_first_and_findings_are_bounded() -> None:
    scan = made_scan() | {f"note_{number}": 1 for number in range(400)}
    read = taken(changed(scan, f"{FIRST}/answer", "no"))
    assert len(read.findings) == MOST_FINDINGS
    assert read.findings[0].rule == "wrong_type"
    assert read.findings[0].value == '"no"'
    assert "(and" not in read.reason


def test_two_errors_are_both_told() -> None:
    broken = changed(changed(made_scan(), f"{FIRST}/answer", "no"), "/paper/year", "2024")
    assert [one.pointer for one in taken(broken).errors] == ["/paper/year", f"{FIRST}/answer"]
    assert taken(broken).reason.endswith("at /paper/year (and 1 more error)")


def test_the_page_on_rigour_lists_every_rule_of_import_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rigour.md").read_text(encoding="utf-8")
    listed = [line for line in page.splitlines() if " | an error | " in line or " | a warning | " in line]
    kinds = {Severity.ERROR: "an error", Severity.WARNING: "a warning"}
    assert listed == [f"| `{rule}` | {kinds[severity]} | {said} |" for rule, (severity, said) in RULES.items()]


@pytest.mark.skipif(not CORPUS, reason="needs the collected scans (CLAIMGATE_CORPUS)")
def test_the_real_scan_is_taken_in_without_a_finding_plain_and_as_a_web_page_shows_it() -> None:
    data = (Path(CORPUS or "") / "scans" / "mm-rlhf.scan.json").read_bytes()
    plain = import_scan("mm-rlhf.scan.json", data)
    assert plain.findings == ()
    assert plain.scan is not None
    assert {one.item for one in plain.scan.answers} == {item.key for item in ITEMS}
    assert (sum(one.applies for one in plain.scan.answers), sum(one.answer for one in plain.scan.answers)) == (55, 19)
    shown = import_scan("scan.txt", page_of(json.loads(data)).encode())
    assert shown.scan == plain.scan
