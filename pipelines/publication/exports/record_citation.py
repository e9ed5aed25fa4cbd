"""How to cite a record, and our check of it: two different things, by two different publishers.

Belongs here: the record itself as a work (for BibTeX and RIS) and both citations as plain text. Does not belong here:
the works that the record cites (`cited_works`), pages. What is not stated is named as such, never guessed: a record
states a publisher and no authors. Its DOI is the one that it states; whether it is registered was not looked up.
"""

from __future__ import annotations

from datetime import datetime

from pipelines.ingestion.identifiers import normalised_doi
from pipelines.models import ClaimCounts
from pipelines.publication.exports.bibtex import bibtex_of
from pipelines.publication.exports.cited_works import CitedWork
from pipelines.publication.exports.ris import ris_of
from pipelines.publication.site.text import LONGEST_TITLE, doi_link, folder_name, safe_link, shown
from pipelines.publication.views import PublicRecord

_CHECKED_BY = "claimgate"


def record_doi(record: PublicRecord) -> str | None:
    """The DOI that the record states as its own; None where it states none, or something that is none."""
    for stated in (record.stated.doi, record.identifier):
        if stated and len(stated) <= LONGEST_TITLE and (doi := normalised_doi(stated)):
            return doi
    return None


def record_link(record: PublicRecord) -> str | None:
    """Where the record as published can be followed to: the resolver of its DOI, else its own address."""
    doi = record_doi(record)
    return doi_link(doi) if doi else safe_link(record.identifier)


def record_work(record: PublicRecord, page: str | None = None) -> CitedWork:
    """The record as published, as a bibliography holds it; `page`: the absolute address of our page on it."""
    doi = record_doi(record)
    return CitedWork(
        key=folder_name(record.record_id),
        title=shown(record.title, LONGEST_TITLE) if record.title_stated else None,
        authors=(),
        year=record.published_on.year if record.published_on else None,
        venue=shown(record.publisher, LONGEST_TITLE) if record.publisher else None,
        type="report",
        identifiers={"doi": doi} if doi else {},
        url=safe_link(record.identifier),
        finding=None,
        notices=(),
        note=_note(record, page),
        published_on=record.published_on,
    )


def _note(record: PublicRecord, page: str | None) -> str:
    known = "" if safe_link(record.identifier) else f"Identifier: {_identifier(record)}. "
    checked = f"{known}Checked by {_CHECKED_BY}{f': {page}' if page else '.'}"
    return f"Synthetic: written to show what {_CHECKED_BY} finds. {checked}" if record.synthetic else checked


def record_bibtex(record: PublicRecord, page: str | None = None) -> str:
    """The record itself, one entry."""
    return bibtex_of([record_work(record, page)])


def record_ris(record: PublicRecord, page: str | None = None) -> str:
    """The record itself, one reference."""
    return ris_of([record_work(record, page)])


def record_in_words(record: PublicRecord) -> str:
    """The record as published, as a sentence of a reference list."""
    link = record_link(record)
    parts = (
        shown(record.publisher, LONGEST_TITLE) if record.publisher else "[no publisher stated]",
        f"({record.published_on.isoformat() if record.published_on else 'no date stated'}).",
        _ended(_named(record)),
        "" if safe_link(record.identifier) else f"{_identifier(record)}{'.' if link else ''}",
        link or "",
        "[Synthetic: not a publication]" if record.synthetic else "",
    )
    return " ".join(part for part in parts if part)


def check_in_words(
    record: PublicRecord, checked_at: datetime | None, page: str | None = None, manifest_sha256: str | None = None
) -> str:
    """Our check of the record, with its day and the manifest that it is fixed by, as far as they are known."""
    parts = (
        f"{_CHECKED_BY}.",
        f"Check of “{_named(record)}”,",
        f"as of {checked_at.date().isoformat()}." if checked_at else "nothing checked yet.",
        _counted(record.counts),
        f"Manifest sha256 {manifest_sha256}." if manifest_sha256 else "",
        page or "",
    )
    return " ".join(part for part in parts if part)


def _identifier(record: PublicRecord) -> str:
    return shown(record.identifier or record.record_id, LONGEST_TITLE)


def _counted(counts: ClaimCounts) -> str:
    if not counts.extracted:
        return ""
    others = ((counts.refuted, "refuted"), (counts.disputed, "disputed"), (counts.not_checked, "not checked"))
    said = [f"{counts.supported} of {counts.extracted} claims supported"]
    return f"{', '.join(said + [f'{count} {words}' for count, words in others if count])}."


def _named(record: PublicRecord) -> str:
    if record.title_stated:
        return shown(record.title, LONGEST_TITLE)
    return f"[no title stated] record {shown(record.record_id, LONGEST_TITLE)}"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
