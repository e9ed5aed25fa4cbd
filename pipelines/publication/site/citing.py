"""What the section "How to cite" prints.

Belongs here: the two citations of a page together. Does not belong here: their words and formats
(`exports.record_citation`).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.publication.exports.record_citation import (
    check_in_words,
    record_bibtex,
    record_doi,
    record_in_words,
    record_ris,
)
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.rows import last_checked
from pipelines.publication.site.text import page_name
from pipelines.publication.views import PublicRecord


@dataclass(frozen=True)
class Citation:
    record: str  # the record as published
    check: str  # ours of it
    bibtex: str
    ris: str
    doi: str | None  # that the record states
    page: str | None  # absolute; None where the address of the site is not known
    manifest_sha256: str | None


def citation_of(record: PublicRecord, address: SiteAddress, manifest_sha256: str | None) -> Citation:
    page = address.of(page_name(record.record_id))
    return Citation(
        record=record_in_words(record),
        check=check_in_words(record, last_checked(record), page, manifest_sha256),
        bibtex=record_bibtex(record, page).strip(),
        ris=record_ris(record, page).strip(),
        doi=record_doi(record),
        page=page,
        manifest_sha256=manifest_sha256,
    )
