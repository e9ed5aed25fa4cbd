"""What checking cost, on the page and in the manifest: known sums are added, and what is not known stays so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipelines.publication.corrections import public_state
from pipelines.publication.costs import STAGES, CostLine, CostsView, Spent, in_words, total
from pipelines.publication.manifest import MANIFEST_VERSION, manifest_of
from pipelines.publication.site.build import record_page, system_page
from tests.publication.pages import SCRIPT, section, text_of
from tests.publication.published_records import CHECKED_AT, costs, rich_record
from tests.publication.system_views import rich_view


def line(stage: str = "verdicts", seconds: float | None = 0.5, **model: float) -> CostLine:
    spent = Spent.model_validate(model)
    return CostLine(stage=stage, recorded_at=CHECKED_AT, processor_seconds=seconds, model=spent)


def cells(row) -> list[str]:  # type: ignore[no-untyped-def]
    return [text_of(cell) for cell in row.xpath("./th|./td")]


def test_known_sums_are_added_and_unknown_ones_stay_unknown():
    held = total([line(calls=2, tokens_in=5, money=0.5), line(seconds=None, calls=1, calls_without_money=1), line()])
    assert (held.times, held.processor_seconds) == (3, 1.0)
    assert held.model == Spent(calls=3, tokens_in=5, money=0.5, calls_without_money=1)
    assert total([line(seconds=None)]).processor_seconds is None
    assert total([]).model.tokens_out is None


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        (Spent(), "no model was asked"),
        (
            Spent(calls=1, tokens_in=1_200, tokens_out=30, money=0.0125),
            "1 call to a model; 1,200 tokens in, 30 out; 0.0125 of money",
        ),
        (
            Spent(calls=2, calls_without_tokens=2, calls_without_money=2),
            "2 calls to a model; tokens of 2 not known; the price of 2 not known",
        ),
        (
            Spent(calls=1, tokens_in=7, money=0.0),
            "1 call to a model; 7 tokens in, an unknown number of out; 0.0000 of money",
        ),
    ],
)
def test_what_was_spent_is_said_in_words(spent: Spent, words: str):
    assert in_words(spent) == words


def test_page_shows_each_step_and_the_sum():
    held = section(record_page(rich_record()), "costs")
    rows = [cells(row) for row in held.xpath(".//tbody/tr")]
    assert [row[0] for row in rows] == [STAGES["claims"], STAGES["verdicts"], STAGES["reviews"]]
    assert rows[0][2:] == ["0.013", "no model was asked"]
    assert rows[2][2] == "not measured"
    assert cells(held.xpath(".//tfoot/tr")[0])[2] == "1.512"
    assert "3 steps were taken, in 1.512 seconds of processor; 3 calls to a model; 2,100 tokens in" in text_of(held)


def test_page_of_a_record_whose_costs_were_not_kept_says_so():
    assert "was not kept" in text_of(section(record_page(rich_record(costs=None)), "costs"))
    assert manifest_of(rich_record(costs=None))["costs"] is None


def test_page_is_bounded_and_its_sum_is_of_all():
    many = tuple(line().model_copy(update={"recorded_at": CHECKED_AT + timedelta(days=day)}) for day in range(100))
    held = section(record_page(rich_record(costs=CostsView(lines=many))), "costs")
    assert len(held.xpath(".//tbody/tr")) == 40
    assert "60 earlier steps are in the sum" in text_of(held)
    assert "100 steps were taken, in 50 seconds" in text_of(held)


def test_a_stage_that_has_no_words_is_named_and_escaped():
    page = record_page(rich_record(costs=CostsView(lines=(line(f"{SCRIPT}{'A' * 100_000}"),))))
    assert "&lt;script" in page
    assert "<script>" not in page
    assert len(page) < len(record_page(rich_record(costs=None))) + 3_000


def test_manifest_holds_the_lines_their_sum_and_how_they_were_measured():
    held = manifest_of(rich_record())
    assert held["schema_version"] == MANIFEST_VERSION == "1.3.0"
    assert [one["stage"] for one in held["costs"]["lines"]] == ["claims", "verdicts", "reviews"]
    assert held["costs"]["total"]["model"]["tokens_in"] == 2_100
    assert "processor" in held["costs"]["measured"]


def test_costs_are_no_part_of_the_public_state():
    assert public_state(rich_record()) == public_state(rich_record(costs=None))
    assert costs().lines


def test_the_system_page_adds_up_stages_and_says_what_is_shared():
    rows = [cells(row) for row in section(system_page(rich_view(), {}), "costs").xpath("(.//table)[1]//tbody/tr")]
    assert rows == [
        [STAGES["claims"], "6", "0.500 not measured 1 time", "no model was asked"],
        [f"{STAGES['verdicts']} for several records at once", "shared", "12", "3", "2,100", "not known", "not known"],
    ]
