"""`claimgate parse`: how a file would be read; writes nothing."""

from __future__ import annotations

from pathlib import Path

from rich.markup import escape
from rich.table import Table

from claimgate.errors import BadInput
from claimgate.output import out, print_json
from claimgate.views import finding_view, stated_view
from pipelines.models import Claim, Finding, ParsedRecord


def parse_file(file: Path, *, as_json: bool) -> None:
    """Read, recognise, extract, look at it with the rules that need no verdict."""
    from pipelines.extraction.claims import extract_claims
    from pipelines.ingestion.documents import read_document
    from pipelines.ingestion.errors import NotARecord, UnreadableDocument
    from pipelines.ingestion.files import read_bytes
    from pipelines.ingestion.records import parse_record, record_id_of
    from pipelines.review.published import published_findings

    try:
        record = parse_record(read_document(file.name, read_bytes(file)))
    except (UnreadableDocument, NotARecord) as problem:
        raise BadInput(f"{file}: {problem}") from problem
    claims = extract_claims(record, record_id_of(record))
    findings = published_findings(record, claims, None)
    if as_json:
        print_json(_document(record, claims, findings))
    else:
        _print(record, claims, findings)


def _document(record: ParsedRecord, claims: tuple[Claim, ...], findings: tuple[Finding, ...]) -> dict[str, object]:
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
            for claim in claims
        ],
        "references": [
            {
                "raw": one.raw,
                "doi": one.doi,
                "arxiv_id": one.arxiv_id,
                "pmid": one.pmid,
                "url": one.url,
                "title": one.title,
                "authors": list(one.authors),
                "year": one.year,
            }
            for one in record.references
        ],
        "findings": [finding_view(one) for one in findings],
        "places": [one.model_dump(mode="json") for one in record.stated.figures],
        "text": record.text,
    }


def _print(record: ParsedRecord, claims: tuple[Claim, ...], findings: tuple[Finding, ...]) -> None:
    console = out()
    facts = Table(show_header=False, box=None)
    rows: dict[str, object] = {
        "layout": record.layout.value,
        "title": record.title,
        "published on": record.published_on,
        "question": record.question,
        **{f"stated {name.replace('_', ' ')}": value for name, value in stated_view(record.stated).items()},
        "claims": len(claims),
        "references": len(record.references),
    }
    for name, value in rows.items():
        facts.add_row(name, "not stated" if value is None else escape(str(value)))
    console.print(facts)
    for claim in claims:
        mark = {True: "stated verified", False: "stated not verified", None: ""}[claim.stated_verified]
        console.print(f"{claim.ordinal:4d}  [{claim.start}:{claim.end}] {escape(claim.text)} {mark}", soft_wrap=True)
    for finding in findings:
        console.print(f"{finding.severity.value}: {finding.rule}: {escape(finding.message)}", soft_wrap=True)
