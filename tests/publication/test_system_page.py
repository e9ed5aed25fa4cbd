"""The system page: what is drawn and said is what is held, and the figures of each plot stand below it."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from pipelines.models import ClaimVerdict
from pipelines.publication.site.build import (
    calibration_page,
    record_page,
    rules_page,
    system_page,
)
from pipelines.publication.site.system.cohorts import EARLIER, MONTHS, cohort_lines, cohorts_finding, cohorts_svg
from pipelines.publication.site.system.rechecks import by_cause, kinds, periods, rechecks_finding, rechecks_svg
from pipelines.publication.site.system.scores import (
    MOST_POINTS,
    cells,
    compared,
    left_out,
    rank_correlation,
    scores_finding,
    scores_svg,
)
from pipelines.publication.site.system.view import BackendLine, GateLine, IndexLine, ModelLine, Recheck, SystemView
from tests.publication.pages import OVERRIDE, SCRIPT, index_page, measured, parsed, section, text_of
from tests.publication.published_records import empty_record, rich_record
from tests.publication.system_views import DAY, cohort, point, recheck, rich_view

SUPPORTED, REFUTED, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO


def page(view: SystemView | None = None) -> str:
    return system_page(view or rich_view(), {"0a1b2c3d": measured()})


def drawn(svg: str) -> etree._Element:
    return etree.fromstring(svg)


def of_class(svg: etree._Element, name: str) -> list[etree._Element]:
    return svg.xpath(f'//*[@class="{name}"]')


def cells_of(row: html.HtmlElement) -> list[str]:
    return [text_of(cell) for cell in row.xpath("./th|./td")]


# --- the page -----------------------------------------------------------------------------------


def test_every_plot_says_its_finding_and_has_its_figures_in_a_table_below():
    document = parsed(page())
    plots = document.xpath('//*[local-name()="svg"][@role="img"]')
    assert len(plots) == 5
    for plot in plots:
        assert len(plot.get("aria-label")) > 20
        assert plot.xpath("following::details[1]//table")
    for says in document.xpath('//p[@class="finding"]'):
        assert any(text_of(says) in plot.get("aria-label") for plot in plots)


def test_every_area_of_a_plot_is_hatched_by_a_pattern_that_the_page_has_once():
    document = parsed(page())
    patterns = document.xpath('//*[local-name()="pattern"]/@id')
    assert len(patterns) == len(set(patterns)) == 5
    used = {one.removeprefix("url(#").rstrip(")") for one in document.xpath("//*/@fill") if one.startswith("url")}
    assert used == set(patterns)


def test_page_needs_no_style_of_its_own_and_has_each_id_once():
    document = parsed(page())
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert not document.xpath("//@style")


def test_page_of_an_empty_warehouse_says_in_every_section_that_nothing_is_there():
    document = parsed(page(SystemView()))
    assert "holds no record yet" in text_of(document)
    assert not document.xpath('//*[local-name()="svg"][@role="img"]')
    assert "None" not in text_of(document)
    for one in document.xpath("//section"):
        assert one.xpath('.//*[@class="absent"]') or "was asked" in text_of(one), text_of(one)


def test_page_of_one_record_without_claims_is_whole():
    view = SystemView(records=1, cohorts=(cohort("undated", 0, 0, 0, 0, 0, records=1),), scores=(point(None, 0, 0),))
    said = text_of(parsed(page(view)))
    assert "1 record with 0 claims" in said
    assert "No claim has a verdict yet." in said
    assert "No record has claims yet." in said


def test_the_same_view_gives_the_same_page():
    assert page() == page()


def test_hostile_names_are_escaped_and_bounded():
    nasty = f"{SCRIPT} {OVERRIDE} {'A' * 100_000}"
    gate = GateLine(
        title=nasty, activation_id=nasty, active_on=DAY, in_force=False, evaluated=1, outcomes=(("PASSED", 1),)
    )
    model = ModelLine(model=nasty, calls=1, tokens_in=None, tokens_out=None, cost=None, calls_without_cost=1, seconds=1)
    printed = page(
        rich_view(
            gates=(gate,),
            models=(model,),
            indexes=(IndexLine(index=nasty, asked=1, failed=0, answers=1, size=1),),
            backends=(BackendLine(backend=nasty, version=nasty, verdicts=1),),
        )
    )
    assert "<script" not in printed
    assert "\u202e" not in printed
    assert len(printed) < 60_000


def test_the_curve_in_force_is_the_one_of_that_version_and_no_other():
    shown = section(page(), "confidence")
    assert "160 cases" in text_of(shown)
    other = rich_view(backends=(BackendLine(backend="features", version="rules-9+ffffffff", verdicts=1),))
    assert "No curve of this version is here" in text_of(section(page(other), "confidence"))


def test_agreement_with_people_is_given_by_band_with_its_interval():
    rows = [cells_of(row) for row in section(page(), "confidence").xpath(".//figure[last()]//tbody/tr")]
    assert ["50 % to 60 %", "10", "56 %", "60 %", "31 % to 83 %"] in rows
    assert "People judged 33 of the claims" in text_of(section(page(), "confidence"))


def test_tables_hold_gates_references_reviewers_costs_and_corrections():
    printed = page()
    assert cells_of(section(printed, "gates").xpath(".//tbody/tr")[0])[2:] == ["5 of 6", "Failed 1, Passed 4"]
    assert "7 found, 1 likely fabricated" in text_of(section(printed, "references"))
    assert "4 of 6 reviewed records: median 0.70" in text_of(section(printed, "agreement"))
    scribe = cells_of(section(printed, "costs").xpath('.//tr[th="scribe-1"]')[0])
    assert scribe == ["scribe-1", "12", "3,400", "not known", "18.50", "0.25 2 calls without a known price"]
    assert cells_of(section(printed, "corrections").xpath(".//tbody/tr")[0]) == ["2026-06", "Claim", "5"]


@pytest.mark.parametrize(
    ("printed", "here"),
    [
        (page(), "System"),
        (index_page(rich_record()), "Records"),
        (calibration_page([measured()]), "Calibration"),
        (rules_page(), "Rules"),
        (record_page(empty_record()), "Record"),
    ],
    ids=["system", "index", "calibration", "rules", "record"],
)
def test_every_page_leads_to_the_site_wide_ones_and_says_where_it_is(printed: str, here: str):
    nav = parsed(printed).xpath('//nav[@aria-label="Site"]')[0]
    assert [text_of(one) for one in nav.xpath(".//ul//a")] == ["Records", "System", "Calibration", "Rules"]
    assert nav.xpath(".//ul//a/@href") == ["index.html", "system.html", "calibration.html", "rules.html"]
    assert [text_of(one) for one in nav.xpath('.//*[@aria-current="page"]')] == [here]


# --- claims by cohort ---------------------------------------------------------------------------


def test_months_before_the_latest_are_one_line_and_undated_records_the_last():
    held = [cohort(f"20{10 + n // 12}-{n % 12 + 1:02d}", n, 1, 0, 0, 0) for n in range(MONTHS + 6)]
    lines = cohort_lines([cohort("undated", 1, 0, 0, 0, 0), *held])
    assert [one.cohort for one in lines[:2]] == ["2012-06", "2012-05"]
    assert [one.cohort for one in lines[-2:]] == [EARLIER, "undated"]
    assert (lines[-2].counts.supported, lines[-2].counts.refuted, lines[-2].records) == (15, 6, 12)
    assert sum(one.judged for one in lines) == sum(one.judged for one in held) + 1


def test_parts_of_a_bar_are_as_wide_as_their_share_and_fill_it():
    svg = drawn(str(cohorts_svg([cohort("2026-04", 60, 20, 5, 10, 5)])))
    widths = {style: float(of_class(svg, f"fill-{style}")[0].get("width")) for style in ("good", "bad", "split")}
    assert widths["good"] == pytest.approx(3 * widths["bad"]) == pytest.approx(12 * widths["split"])
    assert sum(float(one.get("width")) for one in of_class(svg, "edge")) == pytest.approx(420)


def test_a_cohort_of_few_claims_is_marked_in_words_and_drawn_thin():
    svg = drawn(str(cohorts_svg([cohort("2026-04", 29, 0, 0, 0, 0), cohort("2026-03", 30, 0, 0, 0, 0)])))
    few, enough = of_class(svg, "fill-good")
    assert float(few.get("height")) < float(enough.get("height"))
    said = [one.text for one in svg.iter() if one.text]
    assert "29 claims, 2 records, few" in said
    assert "30 claims, 2 records" in said


def test_the_finding_of_cohorts_leaves_out_those_that_say_little():
    lines = [cohort("2026-04", 30, 0, 0, 0, 0), cohort("2026-03", 15, 15, 0, 0, 0), cohort("2026-02", 0, 1, 0, 0, 0)]
    assert cohorts_finding(lines) == (
        "Of 61 claims with a verdict, 45 (74 %) are supported. Among cohorts of at least 30 claims the share goes from "
        "50 % (2026-03) to 100 % (2026-04)."
    )


# --- score against support ----------------------------------------------------------------------


def test_rank_correlation_is_that_of_the_textbook_with_and_without_ties():
    rising = [point(n, n, 10) for n in range(1, 9)]
    assert rank_correlation(rising).rho == pytest.approx(1.0)
    assert rank_correlation([point(n, 10 - n, 10) for n in range(1, 9)]).rho == pytest.approx(-1.0)
    # Ranks 1 2.5 2.5 4 against 1 3 2 4: 1 - ... with ties, Pearson of the ranks is 4.5 / sqrt(4.5 * 5).
    tied = rank_correlation([point(1, 1, 9), point(2, 5, 9), point(2, 3, 9), point(3, 8, 9)])
    assert tied.rho == pytest.approx(4.5 / (4.5 * 5) ** 0.5)
    assert (tied.records, tied.low < tied.rho < tied.high) == (4, True)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6), st.integers(1, 4)), min_size=4, max_size=12))
def test_a_point_of_several_records_counts_as_often_as_it_stands_for(held: list[tuple[int, int, int]]):
    together = [point(score / 2, share, 6, records) for score, share, records in held]
    apart = [point(score / 2, share, 6) for score, share, records in held for _ in range(records)]
    one, other = rank_correlation(together), rank_correlation(apart)
    assert (one is None) == (other is None)
    assert one is None or (one.rho == pytest.approx(other.rho) and one.records == other.records)


@pytest.mark.parametrize(
    "points",
    [[], [point(1, 1, 2), point(2, 2, 2), point(3, 1, 3)], [point(5, n, 9) for n in range(9)], [point(None, 1, 2, 50)]],
    ids=["none", "three", "all alike", "no score"],
)
def test_no_correlation_is_given_where_there_is_none_to_give(points: list):
    assert rank_correlation(points) is None
    assert "rank correlation" not in scores_finding(points)


def test_records_are_points_up_to_a_number_and_squares_beyond_and_none_is_lost():
    few = [point(n / 100, n % 7, 7) for n in range(MOST_POINTS)]
    assert len(of_class(drawn(str(scores_svg(few))), "mark")) == MOST_POINTS
    many = [*few, point(10, 7, 7, 3)]
    held = cells(many)
    assert len(of_class(drawn(str(scores_svg(many))), "mark")) == len(held) < 401
    assert sum(one.records for one in held) == MOST_POINTS + 3
    assert (held[-1].to_score, held[-1].to_share) == (10, 1)


def test_records_without_a_score_stand_beside_and_those_without_claims_are_counted():
    points = [point(5, 1, 2), point(None, 1, 2, 4), point(None, 0, 0, 2), point(6, 0, 0)]
    assert left_out(points) == (4, 3)
    assert len(compared(points)) == 1
    svg = drawn(str(scores_svg(points)))
    (beside,) = of_class(svg, "open-mark")
    (placed,) = of_class(svg, "mark")
    assert float(beside.get("cx")) > 462 > float(placed.get("cx"))
    assert "(4)" in [one.text for one in svg.iter()]


# --- checked again ------------------------------------------------------------------------------


def test_a_short_history_is_shown_by_day_and_a_long_one_by_week_from_monday():
    short = periods([recheck(0, SUPPORTED, SUPPORTED), recheck(34, SUPPORTED, REFUTED)])
    assert (len(short), short[0].days) == (35, 1)
    long = periods([recheck(2, SUPPORTED, SUPPORTED), recheck(37, SUPPORTED, REFUTED, 4)])
    assert (long[0].start, long[0].days, len(long)) == (DAY, 7, 6)
    assert (long[-1].checked, long[-1].changes, long[-1].became(REFUTED)) == (4, 4, 4)


@given(st.lists(st.tuples(st.integers(0, 330), st.sampled_from(ClaimVerdict), st.integers(1, 9)), max_size=30))
def test_every_check_of_a_year_is_in_one_period(held: list[tuple[int, ClaimVerdict, int]]):
    made = [recheck(days, SUPPORTED, after, claims) for days, after, claims in held]
    shown = periods(made)
    assert sum(one.checked for one in shown) == sum(one.claims for one in made)
    assert sum(one.changes for one in shown) == sum(kinds(made).values())
    assert all(b.start - a.start == timedelta(days=a.days) for a, b in itertools.pairwise(shown))


def test_changes_are_counted_by_what_they_were_and_became_and_by_who_checked():
    held = [
        recheck(0, SUPPORTED, SUPPORTED, 5),
        recheck(1, SUPPORTED, REFUTED, 2),
        recheck(2, OPEN, SUPPORTED, 3),
        recheck(3, SUPPORTED, REFUTED, 4, same=False),
    ]
    assert list(kinds(held).items()) == [((SUPPORTED, REFUTED), 6), ((OPEN, SUPPORTED), 3)]
    assert by_cause(held) == ((True, 10, 5), (False, 4, 4))
    assert rechecks_finding(held) == (
        "14 verdicts were reached again, and 9 verdicts changed (64.3 %); most often from supported to refuted (6)."
    )


def test_bars_of_changes_are_as_high_as_what_they_stand_for_and_none_is_drawn_for_none():
    held: list[Recheck] = [
        recheck(0, SUPPORTED, SUPPORTED, 3),
        recheck(1, SUPPORTED, REFUTED, 4),
        recheck(1, OPEN, SUPPORTED, 2),
    ]
    svg = drawn(str(rechecks_svg(periods(held), rechecks_finding(held))))
    assert len(of_class(svg, "hollow")) == 2
    (good,), (bad,) = of_class(svg, "fill-good"), of_class(svg, "fill-bad")
    assert float(bad.get("height")) == pytest.approx(2 * float(good.get("height")))
