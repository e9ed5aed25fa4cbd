"""What a record's page says to machines in schema.org's words: a review of a published work, claim by claim.

Belongs here: the graph (JSON-LD) and its bounded size, the data block that holds it, the `citation_*` tags. Does not
belong here: links to files (`signposting`), templates. Honest about who says what: the record's publisher is the one it
states; the review names no author, as who runs this site is not known here. A verdict is no step on a scale, so that
its rating has words and no number; the reviewers' score has its ends beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from pipelines.publication.exports.cited_works import CitedWork, cited_works
from pipelines.publication.exports.record_citation import record_doi, record_link
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.record_files import RecordFile
from pipelines.publication.site.rows import last_checked
from pipelines.publication.site.text import LONGEST_TITLE, doi_link, page_name, safe_link, shown
from pipelines.publication.site.words import NOTICES, REFERENCE_FINDINGS, VERDICTS
from pipelines.publication.views import ClaimView, PublicRecord

CLAIMS_LISTED = 50
CITATIONS_LISTED = 100
LONGEST_CLAIM = 500

_CITED_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "journal-article": "ScholarlyArticle",
        "article": "ScholarlyArticle",
        "preprint": "ScholarlyArticle",
        "posted-content": "ScholarlyArticle",
        "proceedings-article": "ScholarlyArticle",
        "book": "Book",
        "monograph": "Book",
        "book-chapter": "Chapter",
        "dissertation": "Thesis",
        "report": "Report",
        "dataset": "Dataset",
    }
)
# What would end the block, or a line in a program that quotes it, is written as its JSON escape.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}

Node = dict[str, Any]


def data_block(graph: Node) -> Markup:
    """JSON for a `<script type="application/ld+json">`, from which no text can break out: ASCII, without < > &."""
    return Markup(json.dumps(graph, ensure_ascii=True, separators=(",", ":")).translate(_ESCAPED))  # noqa: S704


def record_graph(record: PublicRecord, files: Sequence[RecordFile], address: SiteAddress) -> Node:
    """The page as a schema.org `Review` of the record. Identifiers are absolute where the address is known."""
    page = address.of(page_name(record.record_id)) or ""
    checked = last_checked(record)
    listed = record.claims[:CLAIMS_LISTED]
    return _held(
        {
            "@context": "https://schema.org",
            "@type": "Review",
            "@id": f"{page}#check",
            "name": f"Check of “{_title(record) or 'a record that states no title'}”",
            "url": page,
            "inLanguage": "en",
            "dateModified": checked.isoformat() if checked else None,
            "creditText": "Checked by claimgate, a machine",
            "abstract": _in_short(record, len(listed)),
            "reviewRating": _score(record),
            "itemReviewed": _record(record, page),
            "encoding": [
                _held(
                    {
                        "@type": "MediaObject",
                        "name": file.label,
                        "contentUrl": address.link(file.path),
                        "encodingFormat": file.media_type,
                        "contentSize": f"{file.size} B" if file.size is not None else None,
                    }
                )
                for file in files
            ],
            "hasPart": [_claim_review(view, page) for view in listed],
        }
    )


def _held(node: Node) -> Node:
    """Without what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def _title(record: PublicRecord) -> str | None:
    return shown(record.title, LONGEST_TITLE) if record.title_stated else None


def _in_short(record: PublicRecord, listed: int) -> str:
    counts = record.counts
    words = (
        f"Of {counts.extracted} claims {counts.supported} are supported by a sentence in a source, {counts.refuted} "
        f"refuted, {counts.disputed} disputed; {counts.not_enough_info} are left open by the sources read, "
        f"{counts.not_checked} were not checked."
    )
    left_out = len(record.claims) - listed
    return f"{words} The first {listed} claims are listed here; the manifest holds all." if left_out else words


def _score(record: PublicRecord) -> Node | None:
    review = record.review
    if review.score is None:
        return None
    spread = f"from {review.low} to {review.high}. " if review.low is not None and review.high is not None else ""
    return {
        "@type": "Rating",
        "ratingValue": review.score,
        "worstRating": 0,
        "bestRating": 10,
        "reviewAspect": "Score of the reviewers; it decides no verdict and no gate",
        "ratingExplanation": shown(f"{spread}{review.reason}", LONGEST_TITLE),
    }


def _record(record: PublicRecord, page: str) -> Node:
    doi, link = record_doi(record), record_link(record)
    publisher = {"@type": "Organization", "name": shown(record.publisher, LONGEST_TITLE)} if record.publisher else None
    identifiers: list[Node | str] = [_identifier("doi", doi)] if doi else []
    if record.identifier and not safe_link(record.identifier):
        identifiers.append(shown(record.identifier, LONGEST_TITLE))
    return _held(
        {
            "@type": "ScholarlyArticle" if record.kind == "report" else "CreativeWork",
            "@id": f"{page}#record",
            "name": _title(record),
            "publisher": publisher,
            "datePublished": record.published_on.isoformat() if record.published_on else None,
            "identifier": identifiers,
            "url": link,
            "creativeWorkStatus": "Synthetic: written to show what claimgate finds" if record.synthetic else None,
            "citation": [_citation(work) for work in cited_works(record)[:CITATIONS_LISTED]],
        }
    )


def _identifier(scheme: str, value: str) -> Node:
    return {"@type": "PropertyValue", "propertyID": scheme, "value": shown(value, LONGEST_TITLE)}


def _citation(work: CitedWork) -> Node:
    finding = (
        f"{REFERENCE_FINDINGS[work.finding].word}: {REFERENCE_FINDINGS[work.finding].means}" if work.finding else None
    )
    doi = work.identifiers.get("doi")
    return _held(
        {
            "@type": _CITED_TYPES.get(work.type or "", "CreativeWork"),
            "name": shown(work.title, LONGEST_TITLE) if work.title else None,
            "datePublished": str(work.year) if work.year is not None else None,
            "identifier": [_identifier(scheme, value) for scheme, value in work.identifiers.items()],
            "url": doi_link(doi) if doi and len(doi) <= LONGEST_TITLE else safe_link(work.url),
            "creativeWorkStatus": [NOTICES[notice.kind].word.capitalize() for notice in work.notices],
            "disambiguatingDescription": finding or "Not audited",
        }
    )


def _claim_review(view: ClaimView, page: str) -> Node:
    word = VERDICTS[view.verdict]
    text = shown(view.claim.text, LONGEST_CLAIM)
    person = view.adjudication.by if view.adjudication else None
    return _held(
        {
            "@type": "ClaimReview",
            "url": f"{page}#claim-{view.claim.ordinal}",
            "claimReviewed": text,
            "itemReviewed": {
                "@type": "Claim",
                "@id": f"{page}#claim-{view.claim.ordinal}",
                "text": text,
                "appearance": {"@id": f"{page}#record"},
            },
            "author": {"@type": "Person", "name": shown(person, LONGEST_TITLE)} if person else None,
            "dateModified": view.verified_at.isoformat() if view.verified_at else None,
            "reviewRating": {"@type": "Rating", "alternateName": word.word, "ratingExplanation": word.means},
        }
    )


# --- tags ---------------------------------------------------------------------------------------


def citation_tags(
    record: PublicRecord, files: Sequence[RecordFile], address: SiteAddress
) -> tuple[tuple[str, str], ...]:
    """Name and content of the `<meta>` tags that Google Scholar, Zotero and others read: the record as published.

    A record states no authors, so that no tag names any. Dates as Google Scholar's guide for webmasters asks for
    them; Dublin Core's as ISO 8601 has them. A synthetic record has no tags: nobody shall take it for a publication.
    """
    if record.synthetic:
        return ()
    published, doi = record.published_on, record_doi(record)
    report = next((address.of(file.path) for file in files if file.name == "report.pdf"), None)
    tags = (
        ("citation_title", _title(record)),
        ("citation_publisher", record.publisher),
        ("citation_technical_report_institution", record.publisher if record.kind == "report" else None),
        ("citation_publication_date", published.strftime("%Y/%m/%d") if published else None),
        ("citation_doi", doi),
        ("citation_public_url", address.of(page_name(record.record_id))),
        ("citation_pdf_url", report),
        ("DC.title", _title(record)),
        ("DC.publisher", record.publisher),
        ("DC.date", published.isoformat() if published else None),
        ("DC.identifier", doi_link(doi) if doi else record.identifier),
        ("DC.type", "Text"),
    )
    return tuple((name, shown(content, LONGEST_TITLE)) for name, content in tags if content)
