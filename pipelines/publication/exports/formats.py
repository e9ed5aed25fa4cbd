"""The forms that a record can be exported in, by the name that the command line gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.publication.exports.bibtex import bibtex
from pipelines.publication.exports.claims_table import claims_csv, claims_parquet
from pipelines.publication.exports.csl_json import csl_json
from pipelines.publication.exports.ris import ris
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.report.markdown import report_markdown
from pipelines.publication.report.pdf import report_pdf
from pipelines.publication.views import PublicRecord


@dataclass(frozen=True)
class Format:
    holds: str  # what of the record it holds, in words
    media_type: str
    write: Callable[[PublicRecord], bytes]
    binary: bool = False


def _text(write: Callable[[PublicRecord], str]) -> Callable[[PublicRecord], bytes]:
    # A lone surrogate, which no UTF-8 holds, becomes a question mark.
    return lambda record: write(record).encode("utf-8", "replace")


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "manifest": Format(
            "everything publicly held", "application/json", lambda record: manifest_bytes(manifest_of(record))
        ),
        "bibtex": Format("its references", "application/x-bibtex", _text(bibtex)),
        "ris": Format("its references", "application/x-research-info-systems", _text(ris)),
        "csl-json": Format("its references", "application/vnd.citationstyles.csl+json", _text(csl_json)),
        "csv": Format("its claims", "text/csv", _text(claims_csv)),
        "markdown": Format("its report", "text/markdown", _text(report_markdown)),
        "pdf": Format("its report", "application/pdf", report_pdf, binary=True),
        "parquet": Format("its claims", "application/vnd.apache.parquet", claims_parquet, binary=True),
    }
)
