"""The editorial notices that concern a reference: those of the work, and those that follow from how it is cited.

Input: a reference, the work it was found to mean, the works around it. Output: notices, each once for each that
says so. Does not belong here: which work is meant (audit.py), reading notices out of an index (ingestion).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.ingestion.identifiers import stated_identifiers
from pipelines.ingestion.likeness import marked_as
from pipelines.models import Notice, NoticeKind, Reference, Work
from pipelines.verification.coverage import is_journal_doi, is_preprint_doi

_VERSION = re.compile(r"v?(\d{1,3})$")
_ENDED = frozenset({NoticeKind.RETRACTED, NoticeKind.WITHDRAWN})


def notices_of(reference: Reference, work: Work, candidates: Sequence[Work]) -> tuple[Notice, ...]:
    """Every notice once for each that says so: the same retraction from two origins stands twice, named."""
    found = [
        *_own(work),
        *_from_updates(work, candidates),
        *_newer_version(reference, work),
        *_published_version(reference, work),
    ]
    unique = {(notice.kind, notice.id, notice.origin): notice for notice in reversed(found)}
    return tuple(dict.fromkeys(unique[notice.kind, notice.id, notice.origin] for notice in found))


def names_of(work: Work) -> frozenset[str]:
    """Every identifier of a work, in one case."""
    return frozenset(name.casefold() for name in (work.source_id, *work.aliases))


def _own(work: Work) -> Iterator[Notice]:
    """What the index holds about the work. The notice of a retraction is not itself retracted."""
    names = names_of(work)
    announces = {update.notice.kind for update in work.updates if update.target.casefold() not in names}
    for notice in work.notices:
        from_itself = notice.id is None or notice.id.casefold() in names
        if not (from_itself and notice.kind in announces & _ENDED):
            yield notice
    mark = marked_as(work.title)
    if mark and not announces & _ENDED and not any(notice.kind in _ENDED for notice in work.notices):
        yield Notice(kind=NoticeKind(mark), origin=work.origin, detail="its title is marked so")


def _from_updates(work: Work, candidates: Sequence[Work]) -> Iterator[Notice]:
    """What editorial notices among the candidates say about the work; one that points at itself says nothing."""
    names = names_of(work)
    for other in sorted(candidates, key=lambda one: (one.source_id, one.origin)):
        if other.source_id.casefold() in names:
            continue
        yield from (update.notice for update in other.updates if update.target.casefold() in names)


def _newer_version(reference: Reference, work: Work) -> Iterator[Notice]:
    """The reference cites a version of an arXiv preprint that has a later one."""
    arxiv_id = stated_identifiers(reference).get("arxiv")
    if arxiv_id is None or reference.arxiv_version is None or f"arxiv:{arxiv_id}".casefold() not in names_of(work):
        return
    held = {
        number: version
        for version in work.versions
        if version.source_id.casefold().startswith(f"arxiv:{arxiv_id}v".casefold())
        and (number := _number(version.label)) is not None
    }
    latest = max([*held, _number(work.version or "") or 0])
    if latest <= reference.arxiv_version:
        return
    yield Notice(
        kind=NoticeKind.SUPERSEDED,
        id=f"arxiv:{arxiv_id}v{latest}",
        date=held[latest].date if latest in held else None,
        origin="arxiv" if latest in held else work.origin,  # who numbers the versions
        detail=f"version {latest} is the latest",
    )


def _number(label: str) -> int | None:
    match = _VERSION.fullmatch(label.strip())
    return int(match[1]) if match else None


def _published_version(reference: Reference, work: Work) -> Iterator[Notice]:
    """The reference cites a preprint of which there is a version of record."""
    stated = stated_identifiers(reference)
    doi = stated.get("doi")
    cites_preprint = is_preprint_doi(doi) if doi else "arxiv" in stated
    if not cites_preprint or "pmid" in stated or "pmcid" in stated:
        return
    published = next((version for version in work.versions if version.label == "published"), None)
    name = published.source_id if published else _journal_doi(work)
    if name is not None:
        date = published.date if published else None
        yield Notice(kind=NoticeKind.SUPERSEDED, id=name, date=date, origin=work.origin, detail=f"published as {name}")


def _journal_doi(work: Work) -> str | None:
    dois = (name for name in (work.source_id, *work.aliases) if name.lower().startswith("doi:"))
    return next((name for name in dois if is_journal_doi(name[4:])), None)
