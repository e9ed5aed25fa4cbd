"""The reliability of confidences: how often verdicts of a given confidence were right, as a curve and as figures.

Input: the bins that a training measured on labelled cases it had not seen (a section of the shipped model file).
Output: an SVG that needs no script, style sheet or colour, and rows for the table beside it. Does not belong here:
measuring (benchmarks), turning scores into confidences (verification).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

from pipelines.counts import wilson
from pipelines.models import Model
from pipelines.verification.backend import Regime
from pipelines.verification.feature_model import (
    ENCODED_MODEL_FILE,
    MODEL_FILE,
    Origin,
    ReliabilityBin,
    load_feature_model,
    model_digest,
)

MOST_BINS = 100

# Back end to the file of its model.
SHIPPED: Mapping[str, Path] = MappingProxyType(
    {"features": MODEL_FILE, "features, with a sentence encoder": ENCODED_MODEL_FILE}
)

_SIDE = 330.0  # of the square that the curve is drawn in
_LEFT, _TOP, _RIGHT, _BOTTOM = 64.0, 14.0, 18.0, 52.0
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_SMALLEST, _LARGEST = 3.0, 8.0  # radius of a point, by its cases


class Reliability(Model):
    """What was measured for one back end, on which data."""

    backend: str
    made_on: str
    origin: tuple[Origin, ...]
    curves: dict[Regime, tuple[ReliabilityBin, ...]]


class _Measured(BaseModel):
    """What a model file says of its reliability; its coefficients are not read here."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    made_on: str
    origin: tuple[Origin, ...]
    reliability: dict[Regime, tuple[ReliabilityBin, ...]]


def read_reliability(text: str, backend: str) -> Reliability:
    """The part of a model file that is about reliability. Raises ValueError where it is not there or amiss."""
    held = _Measured.model_validate_json(text)
    return Reliability(backend=backend, made_on=held.made_on, origin=held.origin, curves=held.reliability)


def shipped_reliability(models: Mapping[str, Path] = SHIPPED) -> tuple[Reliability, ...]:
    """What was measured for the back ends whose model file is there, in the order of `models`."""
    return tuple(
        read_reliability(path.read_text(encoding="utf-8"), backend) for backend, path in models.items() if path.exists()
    )


def shipped_curves() -> dict[str, Reliability]:
    """What was measured, by the digest that ends the version of the back end which judges with those coefficients."""
    digests = {name: model_digest(load_feature_model(path)) for name, path in SHIPPED.items() if path.exists()}
    return {digests[one.backend]: one for one in shipped_reliability()}


# --- figures ------------------------------------------------------------------------------------


def in_order(bins: Sequence[ReliabilityBin]) -> list[ReliabilityBin]:
    """By confidence; at most `MOST_BINS`, as a picture can show no more."""
    return sorted(bins, key=lambda one: (one.from_confidence, one.to_confidence))[:MOST_BINS]


def calibration_error(bins: Sequence[ReliabilityBin]) -> float | None:
    """Expected calibration error: the distance of confidence and share right, over all cases; None without any."""
    cases = sum(one.cases for one in bins)
    return sum(one.cases * abs(one.mean_confidence - one.right) for one in bins) / cases if cases else None


# --- the curve ----------------------------------------------------------------------------------

_SVG = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{summary}" '
    'fill="none" stroke="currentColor" font-family="system-ui, sans-serif" font-size="12">'
    "<title>{summary}</title>{parts}</svg>"
)
_GRID = Markup('<path opacity="{opacity}" d="M{x} {bottom}V{top}M{left} {y}H{right}"/>')
_DIAGONAL = Markup('<path stroke-dasharray="7 5" opacity="0.8" d="M{left} {bottom}L{right} {top}"/>')
_WORDS = Markup(
    '<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="currentColor" stroke="none"{turn}>{words}</text>'
)
_TURNED = Markup(' transform="rotate(-90 {x:g} {y:g})"')
_INTERVAL = Markup('<path opacity="0.6" d="M{x} {low}V{high}M{before} {low}h8M{before} {high}h8"/>')
_LINE = Markup('<polyline stroke-width="2" points="{points}"/>')
_POINT = Markup('<circle cx="{x}" cy="{y}" r="{radius:.2f}" fill="currentColor"/>')


def reliability_svg(bins: Sequence[ReliabilityBin], *, title: str, upwards: str = "share that was right") -> Markup:
    """The curve as an SVG element: points with 95 % intervals against the diagonal that they should lie on.

    It stands alone as a file or inside a page; it takes the colour of the text around it, and needs none.
    """
    held = in_order(bins)
    cases = sum(one.cases for one in held)
    return _SVG.format(
        width=_LEFT + _SIDE + _RIGHT,
        height=_TOP + _SIDE + _BOTTOM,
        summary=f"{title}: {cases:,} cases" if held else f"{title}: no cases",
        parts=Markup("").join([*_axes(upwards), *_intervals(held), *_line(held), *_points(held)]),
    )


def _x(share: float) -> float:
    return round(_LEFT + share * _SIDE, 2)


def _y(share: float) -> float:
    return round(_TOP + (1 - share) * _SIDE, 2)


def _axes(upwards: str) -> list[Markup]:
    edges = {"left": _x(0), "right": _x(1), "bottom": _y(0), "top": _y(1)}
    return [
        *(_GRID.format(opacity=0.7 if tick in (0.0, 1.0) else 0.2, x=_x(tick), y=_y(tick), **edges) for tick in _TICKS),
        *(_text(_x(tick), _y(0) + 18, "middle", f"{100 * tick:.0f} %") for tick in _TICKS),
        *(_text(_x(0) - 8, _y(tick) + 4, "end", f"{100 * tick:.0f} %") for tick in _TICKS),
        _text(_x(0.5), _y(0) + 40, "middle", "confidence that was given"),
        _text(14, _y(0.5), "middle", upwards, turned=True),
        _DIAGONAL.format(**edges),
    ]


def _text(x: float, y: float, anchor: str, words: str, *, turned: bool = False) -> Markup:
    turn = _TURNED.format(x=x, y=y) if turned else ""
    return _WORDS.format(x=x, y=y, anchor=anchor, words=words, turn=turn)


def _intervals(held: Sequence[ReliabilityBin]) -> list[Markup]:
    drawn = []
    for one in held:
        low, high = wilson(one.right, one.cases)
        x = _x(one.mean_confidence)
        drawn.append(_INTERVAL.format(x=x, before=round(x - 4, 2), low=_y(low), high=_y(high)))
    return drawn


def _line(held: Sequence[ReliabilityBin]) -> list[Markup]:
    through = " ".join(f"{_x(one.mean_confidence)},{_y(one.right)}" for one in held)
    return [_LINE.format(points=through)] if len(held) > 1 else []


def _points(held: Sequence[ReliabilityBin]) -> list[Markup]:
    """A point has the area of its cases, within bounds that keep the smallest visible."""
    most = max((one.cases for one in held), default=1)
    wider = _LARGEST - _SMALLEST
    return [
        _POINT.format(
            x=_x(one.mean_confidence), y=_y(one.right), radius=_SMALLEST + wider * math.sqrt(one.cases / most)
        )
        for one in held
    ]


# --- rows for the page --------------------------------------------------------------------------

REGIMES: Mapping[Regime, str] = {
    Regime.GIVEN: "Sources given: the claim names its source, or its record does",
    Regime.SEARCHED: "Sources searched: found in a library by searching for the claim",
}
