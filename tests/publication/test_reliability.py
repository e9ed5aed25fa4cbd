"""The reliability curve: what is drawn is what was measured, and little data looks like little data."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pydantic import ValidationError

from pipelines.counts import wilson
from pipelines.publication.site.reliability import (
    MOST_BINS,
    REGIMES,
    calibration_error,
    in_order,
    read_reliability,
    reliability_svg,
    shipped_curves,
    shipped_reliability,
)
from pipelines.verification.backend import Regime
from pipelines.verification.feature_model import ReliabilityBin
from pipelines.verification.features_backend import default_backend

MODEL: dict[str, Any] = {
    "made_on": "2026-11-21",
    "origin": [{"data": "pairs", "licence": "CC BY 4.0", "rows": 12, "use": "everything"}],
    "reliability": {
        "given": [{"from_confidence": 0.0, "to_confidence": 0.5, "cases": 12, "mean_confidence": 0.4, "right": 0.5}],
        "searched": [],
    },
    "coefficients": {"anything": [1, 2, 3]},
}


def bin_of(start: float, cases: int, said: float, right: float, width: float = 0.1) -> ReliabilityBin:
    return ReliabilityBin(
        from_confidence=start,
        to_confidence=min(1.0, start + width),
        cases=cases,
        mean_confidence=said,
        right=right,
    )


def drawn(*bins: ReliabilityBin, title: str = "Pairs") -> etree._Element:
    return etree.fromstring(str(reliability_svg(bins, title=title)))


def found(svg: etree._Element, name: str) -> list[etree._Element]:
    return svg.findall(f"{{http://www.w3.org/2000/svg}}{name}")


@st.composite
def many_bins(draw: st.DrawFn) -> list[ReliabilityBin]:
    shares = st.floats(0, 1, allow_nan=False)
    edges = sorted(draw(st.lists(shares, min_size=2, max_size=12, unique=True)))
    return [
        ReliabilityBin(
            from_confidence=low,
            to_confidence=high,
            cases=draw(st.integers(1, 10_000)),
            mean_confidence=draw(shares),
            right=draw(shares),
        )
        for low, high in itertools.pairwise(edges)
    ]


# --- reading ------------------------------------------------------------------------------------


def test_the_sections_of_a_model_file_are_read_and_the_rest_of_it_is_left() -> None:
    read = read_reliability(json.dumps(MODEL), "features")
    assert (read.backend, read.made_on) == ("features", "2026-11-21")
    assert read.curves[Regime.GIVEN] == (bin_of(0.0, 12, 0.4, 0.5, 0.5),)
    assert read.curves[Regime.SEARCHED] == ()


@pytest.mark.parametrize("missing", ["made_on", "origin", "reliability"])
def test_a_model_file_without_a_section_is_refused_by_name(missing: str) -> None:
    without = {name: value for name, value in MODEL.items() if name != missing}
    with pytest.raises(ValueError, match=missing):
        read_reliability(json.dumps(without), "features")


def test_an_unknown_regime_is_refused() -> None:
    with pytest.raises(ValidationError):
        read_reliability(json.dumps(MODEL | {"reliability": {"guessed": []}}), "features")


def test_a_back_end_without_a_model_file_has_nothing_to_show(tmp_path: Path) -> None:
    (tmp_path / "there.json").write_text(json.dumps(MODEL), encoding="utf-8")
    models = {"absent": tmp_path / "absent.json", "there": tmp_path / "there.json"}
    assert [one.backend for one in shipped_reliability(models)] == ["there"]


def test_every_regime_has_words() -> None:
    assert set(REGIMES) == set(Regime)


# --- figures ------------------------------------------------------------------------------------


def test_the_calibration_error_weighs_each_bin_by_its_cases() -> None:
    bins = [bin_of(0.0, 30, 0.1, 0.2), bin_of(0.5, 10, 0.5, 0.1)]
    assert calibration_error(bins) == pytest.approx((30 * 0.1 + 10 * 0.4) / 40)
    assert calibration_error([]) is None


@pytest.mark.parametrize(
    ("share", "cases", "low", "high"), [(0.5, 100, 0.404, 0.596), (1.0, 10, 0.722, 1.0), (0.0, 10, 0.0, 0.278)]
)
def test_the_interval_is_that_of_wilson(share: float, cases: int, low: float, high: float) -> None:
    assert wilson(share, cases) == pytest.approx((low, high), abs=0.001)


@given(st.floats(0, 1), st.integers(1, 100_000))
def test_an_interval_holds_its_share_and_shrinks_with_more_cases(share: float, cases: int) -> None:
    low, high = wilson(share, cases)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1
    more_low, more_high = wilson(share, cases * 4)
    assert more_high - more_low <= high - low


def test_no_cases_have_no_interval() -> None:
    with pytest.raises(ValueError, match="no cases"):
        wilson(0.5, 0)


# --- the curve ----------------------------------------------------------------------------------


def test_a_point_for_each_bin_with_cases_stands_where_it_was_measured() -> None:
    svg = drawn(bin_of(0.0, 5, 0.0, 1.0), bin_of(0.9, 5, 1.0, 0.0))
    first, last = found(svg, "circle")
    _, _, width, height = (float(one) for one in svg.get("viewBox", "").split())
    assert float(first.get("cx", "")) < float(last.get("cx", "")) <= width
    assert float(first.get("cy", "")) < float(last.get("cy", "")) <= height
    (line,) = found(svg, "polyline")
    assert line.get("points") == f"{first.get('cx')},{first.get('cy')} {last.get('cx')},{last.get('cy')}"


def test_points_of_a_perfect_measurement_lie_on_the_diagonal() -> None:
    svg = drawn(*(bin_of(share, 9, share, share) for share in (0.0, 0.25, 0.5, 0.75)))
    (diagonal,) = (one for one in found(svg, "path") if one.get("stroke-dasharray"))
    start, end = diagonal.get("d", "").removeprefix("M").split("L")
    (x0, y0), (x1, y1) = ((float(n) for n in place.split()) for place in (start, end))
    for point in found(svg, "circle"):
        along = (float(point.get("cx", "")) - x0) / (x1 - x0)
        assert float(point.get("cy", "")) == pytest.approx(y0 + along * (y1 - y0), abs=0.02)


def test_a_point_of_more_cases_is_larger() -> None:
    small, large = (
        float(one.get("r", "")) for one in found(drawn(bin_of(0, 2, 0.1, 0.1), bin_of(0.5, 200, 0.6, 0.5)), "circle")
    )
    assert small < large


def test_the_order_of_bins_changes_nothing() -> None:
    bins = [bin_of(0.0, 5, 0.05, 0.1), bin_of(0.5, 5, 0.55, 0.4), bin_of(0.9, 5, 0.95, 0.8)]
    assert reliability_svg(bins, title="t") == reliability_svg(bins[::-1], title="t")


def test_a_curve_says_in_words_what_it_is_of() -> None:
    assert drawn(bin_of(0.0, 1_234, 0.05, 0.1)).get("aria-label") == "Pairs: 1,234 cases"
    nothing = drawn()
    assert nothing.get("aria-label") == "Pairs: no cases"
    assert found(nothing, "circle") == []


def test_the_curve_needs_no_script_style_or_colour() -> None:
    text = str(reliability_svg([bin_of(0.0, 5, 0.05, 0.1), bin_of(0.5, 5, 0.55, 0.4)], title="t"))
    svg = etree.fromstring(text)
    names = {etree.QName(one).localname for one in svg.iter()}
    assert names == {"svg", "title", "path", "text", "polyline", "circle"}
    paints = {value for one in svg.iter() for name, value in one.attrib.items() if name in ("fill", "stroke")}
    assert paints == {"none", "currentColor"}
    assert "style" not in text


def test_a_hostile_title_is_only_text() -> None:
    svg = drawn(bin_of(0.0, 5, 0.05, 0.1), title='"><script>alert(1)</script><text a="')
    assert svg.get("aria-label", "").startswith('"><script>')
    assert not [one for one in svg.iter() if etree.QName(one).localname == "script"]


def test_bins_without_end_are_drawn_in_part() -> None:
    bins = [bin_of(number / 5_000, 1, 0.5, 0.5, 1 / 5_000) for number in range(5_000)]
    assert len(in_order(bins)) == MOST_BINS
    assert len(reliability_svg(bins, title="t")) < 60_000


@given(many_bins())
def test_every_point_and_interval_stays_inside_the_picture(bins: list[ReliabilityBin]) -> None:
    svg = drawn(*bins)
    _, _, width, height = (float(one) for one in svg.get("viewBox", "").split())
    for point in found(svg, "circle"):
        assert 0 <= float(point.get("cx", "")) <= width
        assert 0 <= float(point.get("cy", "")) <= height
    assert len(found(svg, "circle")) == len(bins)


def test_a_shipped_curve_is_found_by_the_version_of_the_back_end_that_it_was_measured_for() -> None:
    curves = shipped_curves()
    assert default_backend().version.rpartition("+")[2] in curves
    assert tuple(curves.values()) == shipped_reliability()
