"""Our own scan as scan.json version 3: whole and accepted by our own import, or told to lack what nobody judged."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pipelines.models import RigorAnswer, RigorItem, RigorScan
from pipelines.review.rigor.items import ITEMS, RigorItemSpec
from pipelines.review.scans.export import PaperFacts, export_v3
from pipelines.review.scans.importing import import_scan
from pipelines.review.scans.models import ScanAnswer

PAPER = PaperFacts("Moss counters", ("Ada Alder",), 2024, arxiv_id="2401.00001")
YES, NO, NOT_DETECTED, OPEN = RigorAnswer.YES, RigorAnswer.NO, RigorAnswer.NOT_DETECTED, RigorAnswer.NEEDS_JUDGEMENT


def made(of: Callable[[RigorItemSpec], RigorItem]) -> RigorScan:
    items = tuple(of(spec) for spec in ITEMS)
    return RigorScan(source_version_id="v", scanned=True, reason="", scanner_version="rules-9", items=items)


def undetected(spec: RigorItemSpec) -> RigorItem:
    return RigorItem(item=spec.key, answer=NOT_DETECTED, rule="some-1")


def with_one(**told: object) -> RigorScan:
    """Nothing detected but for the first item."""
    first = RigorItem.model_validate({"item": "code_released", "rule": "code-1", **told})
    return made(lambda spec: first if spec.key == first.item else undetected(spec))


def exported(scan: RigorScan) -> ScanAnswer:
    """The first answer after our own import."""
    value = export_v3(scan, PAPER, ("benchmark-eval",))
    assert value.missing == ()
    read = import_scan("scan.json", json.dumps(value.value).encode())
    assert read.findings == ()
    assert read.scan is not None
    assert len(read.scan.answers) == len(ITEMS)
    return read.scan.answers[0]


@pytest.mark.parametrize(
    ("told", "applies", "said", "words"),
    [
        ({"answer": NOT_DETECTED}, True, False, "Not detected by code-1 (rules-9), which does not prove"),
        ({"answer": NOT_DETECTED}, True, False, "Whether the item applies was not decided."),
        (
            {"answer": NOT_DETECTED, "applies": False, "why": "Does not apply: no code."},
            False,
            False,
            "no code. Decided",
        ),
        ({"answer": OPEN, "applies": False}, False, False, "Does not apply."),
        (
            {"answer": YES, "quote": "Our code\nis open.", "start": 4, "end": 21, "section": "Data", "applies": True},
            True,
            True,
            'Yes by code-1 (rules-9): "Our code is open." (characters 4 to 21, section "Data").',
        ),
        (
            {"answer": NO, "quote": "It is not.", "start": 0, "end": 10},
            True,
            False,
            'No by code-1 (rules-9): "It is not."',
        ),
    ],
)
def test_an_answer_is_written_with_its_rule_and_sentence_and_with_no_prose_of_its_own(
    told: dict[str, object], applies: bool, said: bool, words: str
) -> None:
    first = exported(with_one(**told))
    assert (first.applies, first.answer) == (applies, said)
    assert words in first.justification


def test_what_nobody_judged_is_left_out_and_named_never_written_as_false() -> None:
    value = export_v3(with_one(answer=OPEN), PAPER, ())
    assert value.missing == ("/checklist/artifacts/code_released",)
    assert "code_released" not in value.value["checklist"]["artifacts"]
    read = import_scan("scan.json", json.dumps(value.value).encode())
    assert [one.pointer for one in read.errors] == list(value.missing)


def test_a_paper_that_nothing_is_known_of_is_named_too() -> None:
    value = export_v3(made(undetected), PaperFacts(), ())
    assert value.missing == ("/paper/title", "/paper/authors", "/paper/year")
    assert value.value["paper"] == {}


def test_modules_follow_the_tags_and_one_without_known_items_is_missing() -> None:
    plain = export_v3(made(undetected), PAPER, ("rct",)).value
    assert (plain["active_modules"], plain["methodology_tags"]) == ([], ["rct"])
    assert "data_leakage" not in plain["checklist"]
    assert export_v3(made(undetected), PAPER, ("meta-analysis",)).missing == ("/checklist/survey_methodology",)
