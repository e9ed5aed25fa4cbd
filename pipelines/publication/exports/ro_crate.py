"""RO-Crate 1.2: the folder of a record on the site, described with all that was checked and by what.

Belongs here: the crate, its files, the record, the works it cites. Does not belong here: what was found
(`crate_findings`), the rules of form (`crate_graph`), the other files of the folder. Input: a `PublicRecord` and the
files that lie in its folder; output: the document `ro-crate-metadata.json`, the same for the same input. Conformance to
Process Run Crate is not declared, as that profile builds on RO-Crate 1.1. Source: https://w3id.org/ro/crate/1.2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from pipelines.publication.exports.cited_works import notice_in_words
from pipelines.publication.exports.crate_findings import Crate, add_findings, add_states
from pipelines.publication.exports.crate_graph import (
    CLAIMGATE,
    DESCRIPTOR,
    RECORD,
    ROOT,
    SPECIFICATION,
    Graph,
    refs,
    texts,
)
from pipelines.publication.exports.provenance import (
    SOFTWARE,
    Work,
    joined,
    last_change,
    software_version,
    told,
    web_uri,
    work_uri,
    works,
)
from pipelines.publication.site.text import LONGEST_TITLE
from pipelines.publication.views import PublicRecord, ReferenceView

_PUBLICATION, _LICENCE = "#publication", "#licence"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_CREATIVE_COMMONS = re.compile(r"CC0-1\.0|CC-BY(?:-NC)?(?:-SA|-ND)?-[1-4]\.[05]")
_NO_LICENCE = (
    "Nobody has stated a licence for this crate as a whole. The record, its claims and the sentences quoted from its "
    "sources are the work of others and stay under the terms of their owners; where an index states the licence of a "
    "source, it is given with that source. No permission is given here beyond what the law allows."
)
_NO_PAYLOAD = "It stands alone, without the files of the record: a detached crate, in which nothing is part of it."


@dataclass(frozen=True)
class CrateFile:
    """A file in the folder of the crate, by its path there; size in bytes and hash are None where not known."""

    name: str
    media_type: str
    what: str  # what it holds, in a few words
    size: int | None = None
    sha256: str | None = None


def ro_crate(record: PublicRecord, files: Sequence[CrateFile] = (), written_on: date | None = None) -> dict[str, Any]:
    """The crate of a record: attached to the folder that holds `files`, detached where there are none.

    `datePublished`, which RO-Crate demands, is the time of the latest thing held; where nothing held bears a time,
    the day the record states; else `written_on`. Without any of them it is left out, and the crate says so. A file
    whose name is no plain relative path is a `ValueError`.
    """
    crate = Crate(record)
    _software(crate)
    for number, work in enumerate(works(record).values(), start=1):
        crate.sources[work.source_id] = _source(crate, number, work)
    references = [_reference(crate, number, view) for number, view in enumerate(record.references, start=1)]
    add_findings(crate)
    _record(crate, references)
    _root(crate, files, add_states(crate), written_on)
    return crate.graph.document()


def ro_crate_bytes(record: PublicRecord, files: Sequence[CrateFile] = (), written_on: date | None = None) -> bytes:
    """`ro_crate` as UTF-8 JSON, two spaces of indent, one newline at the end."""
    return orjson.dumps(ro_crate(record, files, written_on), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


# --- the crate itself -------------------------------------------------------------------------------


def _root(crate: Crate, files: Sequence[CrateFile], before: str | None, written_on: date | None) -> None:
    record, graph = crate.record, crate.graph
    parts = [_file(graph, file) for file in files]
    crate.act(
        _PUBLICATION,
        name="Publication",
        description="What is held about the record was written as the files of this crate. When is not recorded.",
        instrument=refs([CLAIMGATE]),
        object=refs([RECORD]),
        result=refs(parts or [ROOT]),
    )
    graph.add(_LICENCE, "CreativeWork", name="No licence stated", description=_NO_LICENCE)
    published = _published(record, written_on)
    graph.add(
        DESCRIPTOR,
        "CreativeWork",
        name="RO-Crate metadata",
        description="Describes the crate, which is the record as it was checked.",
        conformsTo=refs([SPECIFICATION]),
        about=refs([ROOT]),
    )
    graph.add(
        ROOT,
        "Dataset",
        name=f"Checked: {told(record.title, LONGEST_TITLE)}",
        description=joined((_summary(record), None if parts else _NO_PAYLOAD, None if published else _DATELESS)),
        datePublished=published,
        license=refs([_LICENCE]),
        identifier=refs([_identity(crate)]),
        about=refs([RECORD]),
        mentions=refs([*crate.actions, *(crate.sources[source.source_id] for source in record.found_sources)]),
        hasPart=refs(parts),
        wasGeneratedBy=refs([_PUBLICATION]),
        wasAttributedTo=refs([CLAIMGATE]),
        wasRevisionOf=refs([before]),
    )


_DATELESS = "RO-Crate demands a date of publication; none is known, and none is given."


def _published(record: PublicRecord, written_on: date | None) -> str | None:
    latest = last_change(record)
    known = latest.date() if latest else record.published_on or written_on
    return known.isoformat() if known else None


def _summary(record: PublicRecord) -> str:
    n, what = record.counts, "An answer" if record.kind == "answer" else "A published synthesis"
    return (
        f"{what}, taken apart into {n.extracted} claims, each held against the sources by claimgate: "
        f"{n.supported} supported, {n.refuted} refuted, {n.disputed} disputed, {n.not_enough_info} on which the "
        f"sources do not say enough, {n.not_checked} not checked."
    )


def _identity(crate: Crate) -> str:
    return crate.graph.add(
        "#record-id",
        "PropertyValue",
        name="Record id",
        description="The id under which claimgate holds the record.",
        value=told(crate.record.record_id, LONGEST_TITLE),
    )


def _file(graph: Graph, file: CrateFile) -> str:
    if not _PLAIN_NAME.fullmatch(file.name) or file.name == DESCRIPTOR:
        raise ValueError(f"{file.name!r} is no name for a part of a crate")
    return graph.add(
        file.name,
        "File",
        name=file.what,
        description=f"{file.what}, as {file.media_type}.",
        encodingFormat=file.media_type,
        contentSize=str(file.size) if file.size is not None else None,
        sha256=file.sha256,
    )


def _software(crate: Crate) -> None:
    crate.graph.add(
        CLAIMGATE,
        "SoftwareApplication",
        name="claimgate",
        description="Checks machine-written research. The version is that which wrote this crate.",
        version=software_version(),
        url=SOFTWARE,
    )


# --- the record and what it cites -------------------------------------------------------------------


def _record(crate: Crate, references: list[str]) -> None:
    record = crate.record
    uri = work_uri(record.identifier) if record.identifier else None
    crate.graph.add(
        RECORD,
        "CreativeWork" if record.kind == "answer" else "ScholarlyArticle",
        name=told(record.title, LONGEST_TITLE),
        description=joined((_standing(record), None if record.title_stated else "The record states no title.")),
        identifier=told(record.identifier or record.record_id, LONGEST_TITLE),
        url=uri,
        version=record.version_id,
        datePublished=record.published_on.isoformat() if record.published_on else None,
        publisher=refs([_publisher(crate)]),
        about=refs([_question(crate)]),
        citation=refs(references),
        isBasedOn=refs(crate.sources[source.source_id] for source in record.sources),
        mentions=refs(f"#claim-{number}" for number in range(1, len(record.claims) + 1)),
        review=refs(f"#review-{number}" for number, one in enumerate(record.reviews, start=1) if not one.failed),
        aggregateRating=refs([_score(crate)]),
    )


def _publisher(crate: Crate) -> str | None:
    name = crate.record.publisher
    if not name:
        return None
    return crate.graph.add("#publisher", "Organization", name=told(name), description="Published the record.")


def _question(crate: Crate) -> str | None:
    question = crate.record.question
    if not question:
        return None
    return crate.graph.add(
        "#question",
        "Question",
        name=told(question, LONGEST_TITLE),
        text=told(question),
        description="The question that the record answers.",
    )


def _score(crate: Crate) -> str | None:
    review = crate.record.review
    if review.score is None:
        return None
    return crate.graph.add(
        "#score",
        "AggregateRating",
        name="Review score",
        description=told(review.reason),
        ratingValue=review.score,
        bestRating=10,
        worstRating=0,
        reviewCount=len(review.reviewers),
    )


def _standing(record: PublicRecord) -> str:
    level = record.level.name if record.level is not None else "none"
    tier = record.tier.value if record.tier else "none"
    parts = f"Level: {level}. {told(record.level_basis)} Tier: {tier}. {told(record.tier_basis)}"
    return f"{parts} Written for a demonstration." if record.synthetic else parts


def _source(crate: Crate, number: int, work: Work) -> str:
    view, uri = work.view, work_uri(work.source_id)
    notices = [told(notice_in_words(one)) for one in view.notices] if view else []
    return crate.graph.add(
        uri if uri and uri not in crate.graph else f"#source-{number}",
        "ScholarlyArticle",
        name=told(work.title, LONGEST_TITLE),
        description=joined(
            (
                f"A source, as {told(view.origin)} describes it." if view else "A work that a sentence is quoted from.",
                None if uri else "Its identifier is known by no web address.",
            )
        ),
        identifier=told(work.source_id, LONGEST_TITLE),
        author=texts(told(name) for name in view.authors) if view else None,
        datePublished=str(view.year) if view and view.year is not None else None,
        license=_licence(crate, view.licence) if view and view.licence else None,
        correction=texts(notices),
    )


def _licence(crate: Crate, stated: str) -> Any:
    """An entity where the index states an address or an SPDX id of Creative Commons; else what it states."""
    uri = f"https://spdx.org/licenses/{stated}" if _CREATIVE_COMMONS.fullmatch(stated) else web_uri(stated)
    if uri is None:
        return told(stated, LONGEST_TITLE)
    if uri not in crate.graph:
        crate.graph.add(uri, "CreativeWork", name=stated, description="A licence, as an index states it of a source.")
    return refs([uri])


def _reference(crate: Crate, number: int, view: ReferenceView) -> str:
    stated, audit = view.reference, view.audit
    url = web_uri(stated.url)
    return crate.graph.add(
        f"#reference-{number}",
        "CreativeWork",
        name=told(stated.title or stated.raw, LONGEST_TITLE) or f"Reference {number}",
        description=joined(
            (
                f"{audit.finding.value}: {told(audit.reason)}" if audit else "Not audited.",
                "Its address is left out: it is no plain web address." if stated.url and not url else None,
            )
        ),
        text=told(stated.raw),
        position=stated.ordinal,
        url=url,
        about=refs([crate.sources.get(audit.source_id or "") if audit else None]),
        correction=texts(told(notice_in_words(one)) for one in audit.notices) if audit else None,
    )
