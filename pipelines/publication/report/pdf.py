"""The report as PDF: tagged for readers of screens (PDF/UA-1), the same bytes every time.

The typesetter sees one file of ours and the JSON of `typst_source`; it has an empty folder for its root, so that it
finds no file and no package, and the fonts that are built into it, so that every machine gives the same. Input: a
`PublicRecord`; output: the file's bytes.
"""

from __future__ import annotations

import tempfile
from functools import cache
from typing import TYPE_CHECKING

from pipelines.publication.report.build import report_of
from pipelines.publication.report.typst_source import FORM, typst_input
from pipelines.publication.views import PublicRecord

if TYPE_CHECKING:
    import typst


def report_pdf(record: PublicRecord) -> bytes:
    """The report of `record`; holds no date of making. The same for the same record."""
    import typst

    report = report_of(record)
    try:
        return _compiled(typst_input(report))
    except typst.TypstError as problem:
        if "could not be displayed" not in problem.message:
            raise
        # A letter and its marks can each be in a font and yet not stand together.
        return _compiled(typst_input(report, plain=True))


@cache
def _compiler() -> tuple[typst.Compiler, bytes]:
    import typst

    empty = tempfile.mkdtemp(prefix="claimgate-report-")
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(font_paths=fonts, root=empty, package_path=empty, package_cache_path=empty)
    return compiler, FORM.read_bytes()


def _compiled(content: bytes) -> bytes:
    compiler, form = _compiler()
    made = compiler.compile(input=form, format="pdf", sys_inputs={"report": content.decode()}, pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no PDF")
    return made
