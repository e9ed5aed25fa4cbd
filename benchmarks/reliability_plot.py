"""Draw the reliability plot of docs/verdicts.md from what training measured.

usage: PYTHONPATH=. python benchmarks/reliability_plot.py

Input: the section `reliability` of the shipped model file; output: docs/img/reliability.svg, one curve for each
regime, readable without colour. The same file gives the same picture. Does not belong here: measuring
(`train_features.py`), drawing one curve (`pipelines/publication/site/reliability.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from markupsafe import Markup

from pipelines.publication.site.reliability import (
    REGIMES,
    Reliability,
    calibration_error,
    read_reliability,
    reliability_svg,
)
from pipelines.verification.backend import Regime
from pipelines.verification.feature_model import MODEL_FILE

OUT = Path(__file__).resolve().parents[1] / "docs" / "img" / "reliability.svg"
SVG = "http://www.w3.org/2000/svg"
HEADING, CAPTION, GAP, MARGIN = 46.0, 46.0, 24.0, 8.0
CALIBRATES = "calibration"  # what the file says of the use of data that confidences were measured on

# Shown as a picture, it takes no colour from a page around it: dark on white, whatever the page is.
_FRAME = Markup(
    '<svg xmlns="{svg}" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{label}" color="#111111" '
    'font-family="system-ui, sans-serif" font-size="12"><title>{label}</title>'
    '<rect width="{width:g}" height="{height:g}" fill="#ffffff"/></svg>'
)
_WORDS = Markup('<text xmlns="{svg}" x="{x:g}" y="{y:g}" font-size="{size}" fill="currentColor">{words}</text>')


def plot(model: Path = MODEL_FILE) -> str:
    """The picture as SVG. Raises ValueError where the file holds no reliability of one of the regimes."""
    held = read_reliability(model.read_text(encoding="utf-8"), "features")
    missing = [regime.value for regime in Regime if not held.curves.get(regime)]
    if missing:
        raise ValueError(f"{model}: no reliability was measured for sources {' and '.join(missing)}")
    curves = [etree.fromstring(reliability_svg(held.curves[regime], title=REGIMES[regime])) for regime in Regime]
    size = [float(value) for value in curves[0].get("viewBox", "").split()[2:]]
    width, height = len(curves) * size[0] + (len(curves) - 1) * GAP + MARGIN, HEADING + size[1] + CAPTION
    label = "How often verdicts of a given confidence were right"
    frame = etree.fromstring(_FRAME.format(svg=SVG, width=width, height=height, label=label))
    for place, (regime, curve) in enumerate(zip(Regime, curves, strict=True)):
        left = place * (size[0] + GAP)
        for name, value in zip(("x", "y", "width", "height"), (left, HEADING, *size), strict=True):
            curve.set(name, f"{value:g}")
        curve.set("overflow", "visible")  # the last mark of an axis is wider than its curve leaves room for
        frame.extend([*_heading(held, regime, left), curve])
    frame.extend(_words(left=14.0, top=height - CAPTION + 16, size=11, lines=_caption(held)))
    etree.indent(frame)
    return etree.tostring(frame, encoding="unicode") + "\n"


def _heading(held: Reliability, regime: Regime, left: float) -> Iterator[etree._Element]:
    bins = held.curves[regime]
    name, _, what = REGIMES[regime].partition(": ")
    error = calibration_error(bins)
    cases = f"{what}; {sum(one.cases for one in bins):,} cases" + ("" if error is None else f", ECE {error:.3f}")
    yield from _words(left=left + 14, top=20, size=14, lines=[name])
    yield from _words(left=left + 14, top=38, size=11, lines=[cases])


def _caption(held: Reliability) -> list[str]:
    data = dict.fromkeys(one.data for one in held.origin if CALIBRATES in one.use)
    return [
        "Point: verdicts whose confidence lies in one tenth, the larger the more cases. Bar: 95 % interval. "
        "Dashed: where points should lie.",
        f"Back end {held.backend}, {held.made_on}. Data: {', '.join(data)}; "
        "each case scored by models that had not seen its documents.",
    ]


def _words(*, left: float, top: float, size: int, lines: list[str]) -> Iterator[etree._Element]:
    for line, words in enumerate(lines):
        yield etree.fromstring(_WORDS.format(svg=SVG, x=left, y=top + 17 * line, size=size, words=words))


def main() -> None:
    OUT.write_text(plot(), encoding="utf-8")
    print(OUT)


if __name__ == "__main__":
    main()
