"""The forms that a record can be exported in, by the name that the command line gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from pipelines.publication.contracts.table import CONTRACTS, contract_bytes
from pipelines.publication.exports.bibtex import bibtex
from pipelines.publication.exports.claims_table import claims_csv, claims_parquet
from pipelines.publication.exports.csl_json import csl_json
from pipelines.publication.exports.prov_document import prov_bytes
from pipelines.publication.exports.ris import ris
from pipelines.publication.exports.ro_crate import ro_crate_bytes
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.report.markdown import report_markdown
from pipelines.publication.report.pdf import report_pdf
from pipelines.publication.views import PublicRecord


@dataclass(frozen=True)
class Format:
    """`write` raises DoesNotApply where the record has nothing that a contract could hold."""

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
        "ro-crate": Format("how it was checked, as a crate", "application/ld+json", ro_crate_bytes),
        "prov": Format("what was made from what", "application/json", prov_bytes),
    }
    | {
        name.removesuffix("-v1"): Format(one.holds, "application/json", partial(contract_bytes, name))
        for name, one in CONTRACTS.items()
    }
)
