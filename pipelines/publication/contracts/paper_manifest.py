"""Contract paper-manifest-v1: a record at a glance, and where everything that is published of it lies.

Belongs here: the document. Does not belong here: our own manifest with claims, evidence and audits
(`publication.manifest`), which it points to. Of the publisher's contract only its parts are known by name (work,
public artifacts, quality assessment, provenance, limitations): their fields here are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pipelines.publication.artifact_archive import archive_name, why_withheld
from pipelines.publication.contracts.correction_record import PAPER_MANIFEST
from pipelines.publication.contracts.envelope import (
    CONTRACT_UPDATED,
    file_address,
    head,
    page_address,
    publisher,
    said_of_addresses,
    site_address,
    work,
)
from pipelines.publication.gate_contract import record_gate_verdict, why_no_gate_verdict
from pipelines.publication.site.text import LONGEST_TEXT, shown
from pipelines.publication.views import PublicRecord

INTERPRETATION = (
    "claims counts each verdict apart: only `supported` may be called verified, and extracted claims are no evidence of"
    " anything. A value that is not known is null, with the reason beside it, and never a default."
)
LIMITATIONS = (
    "What is said of a claim is what its sources say, not whether they are right.",
    "Scores and tiers are a triage by rules; they are no human peer review.",
    "A gate status says what came of an attached check. It follows from no score and no count of claims.",
    "Claims, sentences of evidence and audits of references stand in claimgate-manifest-v1.",
)
REVIEW_METHOD = "independent reviewers by rule, and language models where one is named; every score has its reason"


@dataclass(frozen=True)
class Beside:
    """Another contract of the same record: its file, or why there is none."""

    contract: str
    file: str
    absent: str | None


@dataclass(frozen=True)
class PublicFile:
    """A file that every record has, in the record's folder. One that is added to the site is added here."""

    type: str
    label: str
    file: str
    format: str


FILES = (PublicFile("manifest", "Everything publicly held, claim by claim", "manifest.json", "application/json"),)


def paper_manifest(record: PublicRecord, base_url: str | None, beside: Sequence[Beside]) -> dict[str, Any]:
    return {
        **head(PAPER_MANIFEST),
        "contract_updated": CONTRACT_UPDATED,
        "publisher": publisher(base_url),
        "work": work(record, base_url),
        "artifacts": [
            {"type": kind, "label": label, "url": url, "format": media_type}
            for kind, label, url, media_type in _artifacts(record, base_url)
        ],
        "contracts": [_contract(one, record, base_url) for one in beside],
        "claims": record.counts.model_dump(mode="json"),
        "references": record.reference_counts.model_dump(mode="json"),
        "quality_assessment": _quality(record),
        "verification": _verification(record),
        "provenance": _provenance(record),
        "correction_count": len(record.corrections),
        "interpretation": INTERPRETATION,
        "limitations": [*LIMITATIONS, *said_of_addresses(base_url)],
    }


def _artifacts(record: PublicRecord, base_url: str | None) -> Iterator[tuple[str, str, str, str]]:
    """(type, label, address, media type) of everything that a reader can fetch."""
    yield "page", "Record page", page_address(record, base_url), "text/html"
    for one in FILES:
        yield one.type, one.label, file_address(record, one.file, base_url), one.format
    if record.corrections:
        yield "corrections", "Correction log", file_address(record, "corrections.jsonl", base_url), "application/jsonl"
    for view in record.artifacts:
        if why_withheld(view) is None:
            address = site_address(quote(archive_name(view), errors="replace"), base_url)
            yield view.kind, f"Files of the check of claim {view.claim_id}", address, "application/zip"


def _contract(one: Beside, record: PublicRecord, base_url: str | None) -> dict[str, Any]:
    url = None if one.absent else file_address(record, one.file, base_url)
    return {"contract": one.contract, "url": url, "absent": one.absent}


def _quality(record: PublicRecord) -> dict[str, Any]:
    review = record.review
    return {
        "review_score": review.score,
        "score_low": review.low,
        "score_high": review.high,
        "agreement": review.agreement,
        "reviewers": list(review.reviewers),
        "basis": review.reason,
        "tier": record.tier.value if record.tier else None,
        "tier_basis": record.tier_basis,
    }


def _verification(record: PublicRecord) -> dict[str, Any]:
    verdict = record_gate_verdict(record)
    return {
        "paper_level": int(record.level) if record.level is not None else None,
        "level_basis": record.level_basis,
        "gate_status": verdict["status"] if verdict else None,
        "gate_reason": verdict["reason"] if verdict else why_no_gate_verdict(record),
    }


def _provenance(record: PublicRecord) -> dict[str, Any]:
    """Where the record and what is said of it come from."""
    stated_doi = record.stated.doi
    read = [one for one in (*record.sources, *record.found_sources) if one.text_kind is not None]
    return {
        "cohort": record.cohort,
        "layout": record.layout.value,
        "references_listed": len(record.references),
        "sources_listed": len(record.sources),
        "sources_found_by_search": len(record.found_sources),
        "sources_with_text": len({one.source_id for one in read}),
        "artifacts_attached": len(record.artifacts),
        "external_record": {
            "doi": None if stated_doi is None else shown(stated_doi, LONGEST_TEXT),
            "basis": "The record states no DOI of its own."
            if stated_doi is None
            else "As the record states it; its registration was not looked up.",
        },
        "review_method": REVIEW_METHOD,
    }
