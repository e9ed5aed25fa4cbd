"""Which characters the typesetter's own fonts show: writes `pipelines/publication/report/glyphs.txt`.

    python benchmarks/report_glyphs.py

The typesetter is asked itself: under PDF/UA-1 it refuses a text that no font of its shows. To be run again when its
version, and so its fonts, change (some minutes). East Asian scripts, of which the fonts hold a stray character here
and there, are left out whole, so that a title in one is named as a whole.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import typst

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.publication.report.typst_source import GLYPHS

WIDTH = 110
TOGETHER = 64
JOINERS = (0x200C, 0x200D)
EAST_ASIAN = (
    (0x1100, 0x11FF),
    (0x2E80, 0xA4CF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
    (0x16FE0, 0x18D7F),
    (0x1AFF0, 0x1B2FF),
    (0x20000, 0x3FFFF),
)
FORM = b"""#set document(title: "x")
#set text(lang: "en", hyphenate: false)
#for one in json(bytes(sys.inputs.texts)) {
  par(one)
  par(strong(one))
  par(text(weight: 600, one))
  par(emph(one))
  par(text(font: "DejaVu Sans Mono", one))
}
"""


def candidates() -> Iterator[int]:
    for point in range(0x20, 0x110000):
        category = unicodedata.category(chr(point))
        known = category[0] in "LMNPS" or category == "Zs" or point in JOINERS
        # A keycap takes the digit before it along, which the fonts do not.
        if known and point != 0x20E3 and not any(first <= point <= last for first, last in EAST_ASIAN):
            yield point


def shown(compiler: typst.Compiler, points: list[int]) -> list[int]:
    texts = orjson.dumps([chr(point) for point in points]).decode()
    try:
        compiler.compile(input=FORM, format="pdf", pdf_standards=["ua-1"], sys_inputs={"texts": texts})
    except typst.TypstError:
        if len(points) == 1:
            return []
        half = len(points) // 2
        return shown(compiler, points[:half]) + shown(compiler, points[half:])
    return points


def ranges(points: Iterable[int]) -> list[str]:
    found: list[list[int]] = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return [f"{first:X}-{last:X}" if first != last else f"{first:X}" for first, last in found]


def main() -> None:
    compiler = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))
    asked = list(candidates())
    held = [
        point for start in range(0, len(asked), TOGETHER) for point in shown(compiler, asked[start : start + TOGETHER])
    ]
    lines = [""]
    for part in ranges(held):
        if len(lines[-1]) + len(part) + 1 > WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {part}".strip()
    GLYPHS.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(f"{len(held):,} of {len(asked):,} characters are shown")


if __name__ == "__main__":
    main()
