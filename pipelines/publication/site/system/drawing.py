"""The strokes that the plots of the system page are made of: SVG elements, escaped, without style or script.

Areas have a hatching of `parts.hatches` over their colour; text and lines take the colour of the text around.
Coordinates are of the view box, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

_SVG = Markup(
    '<svg class="plot" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{says}" '
    'font-family="system-ui, sans-serif" font-size="12">{parts}</svg>'
)
_TEXT = Markup('<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{style}{turn}>{words}</text>')
_CLASS = Markup(' class="{name}"')
_TURNED = Markup(' transform="rotate(-90 {x:g} {y:g})"')
_LINE = Markup('<path class="{name}" d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>')
_AREA = Markup('<rect class="fill-{style}" {box}/><rect {box} fill="url(#hatch-{style})"/><rect class="edge" {box}/>')
_HOLLOW = Markup('<rect class="hollow" {box}/>')
_BOX = Markup('x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"')
_CIRCLE = Markup('<circle class="{name}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>')
_SQUARE = Markup('<rect class="{name}" {box}/>')


def svg(width: float, height: float, says: str, parts: Iterable[Markup]) -> Markup:
    """A picture whose text alternative is `says`: the finding, not only the title."""
    return _SVG.format(width=width, height=height, says=says, parts=Markup("").join(parts))


def text(x: float, y: float, words: str, anchor: str = "start", name: str = "", *, turned: bool = False) -> Markup:
    style = _CLASS.format(name=name) if name else ""
    return _TEXT.format(x=x, y=y, anchor=anchor, words=words, style=style, turn=_turn(x, y) if turned else "")


def _turn(x: float, y: float) -> Markup:
    return _TURNED.format(x=x, y=y)


def line(x1: float, y1: float, x2: float, y2: float, name: str = "axis") -> Markup:
    return _LINE.format(name=name, x1=x1, y1=y1, x2=x2, y2=y2)


def area(x: float, y: float, width: float, height: float, style: str) -> Markup:
    """A filled and hatched rectangle; `style` is one of good, bad, split, open, none."""
    return _AREA.format(style=style, box=_box(x, y, width, height))


def hollow(x: float, y: float, width: float, height: float) -> Markup:
    return _HOLLOW.format(box=_box(x, y, width, height))


def circle(x: float, y: float, radius: float, name: str) -> Markup:
    return _CIRCLE.format(x=round(x, 2), y=round(y, 2), radius=round(radius, 2), name=name)


def square(x: float, y: float, side: float, name: str) -> Markup:
    """A square around (x, y)."""
    return _SQUARE.format(box=_box(x - side / 2, y - side / 2, side, side), name=name)


def _box(x: float, y: float, width: float, height: float) -> Markup:
    return _BOX.format(x=round(x, 2), y=round(y, 2), width=round(width, 2), height=round(height, 2))
