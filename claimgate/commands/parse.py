"""`claimgate parse`: how a file would be read; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from claimgate.errors import BadInput
from claimgate.output import err, out, print_json
from claimgate.views import finding_view, stated_view
from pipelines.models import Claim, Finding, ParsedRecord, Rejection


@dataclass(frozen=True)
class _Read:
    """A record of the file; `row` where the file is a list of them, a record a row."""

    row: int | None
    record: ParsedRecord
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]


def parse_file(file: Path, *, as_json: bool) -> None:
    """Read, recognise, extract, look at it with the rules that need no verdict; as `run` would, row by row."""
    read, rejected = _read(file)
    for refusal in rejected:
        err().print(f"Rejected: {escape(refusal.path)}: {escape(refusal.reason)}", soft_wrap=True)
    if not read:
        raise BadInput(f"{file}: none of its {len(rejected)} rows could be read; the reasons stand above.")
    if as_json:
        print_json(_listed(read, rejected) if read[0].row is not None else _document(read[0]))
        return
    for one in read:
        _print(one)


def _read(file: Path) -> tuple[list[_Read], list[Rejection]]:
    """The records of the file, and the rows of a list that are none. Raises BadInput for a file that is none."""
    from pipelines.extraction.claims import extract_claims
    from pipelines.ingestion.documents import read_document
    from pipelines.ingestion.errors import NotARecord, UnreadableDocument
    from pipelines.ingestion.files import read_bytes
    from pipelines.ingestion.records import parse_record, record_id_of
    from pipelines.ingestion.stated_pages import parts_of
    from pipelines.review.findings.published import published_findings

    read: list[_Read] = []
    rejected: list[Rejection] = []
    try:
        parts = parts_of(file.name, read_bytes(file))
    except UnreadableDocument as problem:
        raise BadInput(f"{file}: {problem}") from problem
    for part in parts:
        try:
            record = parse_record(read_document(part.name, part.data))
        except (UnreadableDocument, NotARecord) as problem:
            if part.row is None:
                raise BadInput(f"{file}: {problem}") from problem
            rejected.append(Rejection(path=f"{file} (row {part.row})", reason=str(problem)))
            continue
        claims = extract_claims(record, record_id_of(record))
        read.append(_Read(part.row, record, claims, published_findings(record, claims, None)))
    return read, rejected


def _listed(read: Sequence[_Read], rejected: Sequence[Rejection]) -> dict[str, object]:
    return {
        "records": [{"row": one.row, **_document(one)} for one in read],
        "rejected": [one.model_dump() for one in rejected],
    }


def _document(one: _Read) -> dict[str, object]:
    record = one.record
    return {
        "layout": record.layout.value,
        "title": record.title,
        "published_on": record.published_on.isoformat() if record.published_on else None,
        "question": record.question,
        "stated": stated_view(record.stated),
        "claims": [
            {
                "ordinal": claim.ordinal,
                "text": claim.text,
                "start": claim.start,
                "end": claim.end,
                "truncated": claim.truncated,
                "stated_verified": claim.stated_verified,
                "stated_confidence": claim.stated_confidence,
                "kind": claim.kind.value,
                "citations": list(claim.citations),
            }
            for claim in one.claims
        ],
        "references": [
            {
                "raw": reference.raw,
                "doi": reference.doi,
                "arxiv_id": reference.arxiv_id,
                "pmid": reference.pmid,
                "url": reference.url,
                "title": reference.title,
                "authors": list(reference.authors),
                "year": reference.year,
            }
            for reference in record.references
        ],
        "findings": [finding_view(finding) for finding in one.findings],
        "places": [figure.model_dump(mode="json") for figure in record.stated.figures],
        "text": record.text,
    }


def _print(one: _Read) -> None:
    console, record = out(), one.record
    if one.row is not None:
        console.print(f"\nRow {one.row}:")
    facts = Table(show_header=False, box=None)
    rows: dict[str, object] = {
        "layout": record.layout.value,
        "title": record.title,
        "published on": record.published_on,
        "question": record.question,
        **{f"stated {name.replace('_', ' ')}": value for name, value in stated_view(record.stated).items()},
        "claims": len(one.claims),
        "references": len(record.references),
    }
    for name, value in rows.items():
        facts.add_row(name, "not stated" if value is None else escape(str(value)))
    console.print(facts)
    for claim in one.claims:
        mark = {True: "stated verified", False: "stated not verified", None: ""}[claim.stated_verified]
        console.print(f"{claim.ordinal:4d}  [{claim.start}:{claim.end}] {escape(claim.text)} {mark}", soft_wrap=True)
    for finding in one.findings:
        console.print(f"{finding.severity.value}: {finding.rule}: {escape(finding.message)}", soft_wrap=True)
