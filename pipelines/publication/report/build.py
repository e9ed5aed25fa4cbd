"""The report of a record, built once: both writers walk over what this returns."""

from __future__ import annotations

from itertools import chain

from pipelines.publication.report.blocks import Report, titled
from pipelines.publication.report.bounds import bounded
from pipelines.publication.report.claims import claims  # bounded by itself, as each claim is to be named
from pipelines.publication.report.closing import corrections, limitations, reading
from pipelines.publication.report.method import method
from pipelines.publication.report.opening import opening
from pipelines.publication.report.results import results
from pipelines.publication.report.works import references, sources
from pipelines.publication.views import PublicRecord

BEFORE = (opening, method, results)
AFTER = (references, sources, corrections, limitations, reading)


def report_of(record: PublicRecord) -> Report:
    """Every part of the report, in order; the same for the same record."""
    by = f" of {titled(record.publisher)}" if record.publisher else ""
    return Report(
        title=titled(record.title),
        subject=f"Claims, evidence and references of a record{by}, as checked by claimgate: {titled(record.record_id)}",
        blocks=tuple(
            chain(
                *(bounded(part(record)) for part in BEFORE),
                claims(record),
                *(bounded(part(record)) for part in AFTER),
            )
        ),
    )
