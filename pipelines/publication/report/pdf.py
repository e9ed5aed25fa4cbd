"""The report as PDF: tagged for readers of screens (PDF/UA-1), the same bytes every time.

The typesetter sees one file of ours and the JSON of `typst_source`. Its root and its packages lie in a folder that is
empty and gone, so that it finds no file; its fonts are those built into it, so that every machine gives the same.
Input: a `PublicRecord`; output: the file's bytes.
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
        return compiled(typst_input(report))
    except typst.TypstError as problem:
        if "could not be displayed" not in problem.message:
            raise
        # A letter and its marks can each be in a font and yet not stand together.
        return compiled(typst_input(report, plain=True))


@cache
def _compiler() -> tuple[typst.Compiler, bytes]:
    import typst

    fonts = typst.Fonts(include_system_fonts=False)
    # Its root has to be there when it starts; that it is gone afterwards takes the last file from it.
    with tempfile.TemporaryDirectory(prefix="claimgate-report-") as empty:
        compiler = typst.Compiler(font_paths=fonts, root=empty, package_path=empty, package_cache_path=empty)
    return compiler, FORM.read_bytes()


def compiled(content: bytes) -> bytes:
    """The PDF of the JSON that `typst_input` makes. Raises TypstError where no font shows a character of it."""
    compiler, form = _compiler()
    made = compiler.compile(input=form, format="pdf", sys_inputs={"report": content.decode()}, pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no PDF")
    return made
