"""The works that a record cites, as a bibliography holds them: described as they are held, and what was found said.

Belongs here: which description stands, how a name is taken apart, the note on each entry. Does not belong here: any
file format. A work that was found is described as the index describes it; one that was not, as the record does, and
its note says so. Input: a `PublicRecord`; output: `CitedWork`s in the order of the reference list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.models import Notice, NoticeKind, ReferenceFinding
from pipelines.publication.views import PublicRecord, ReferenceView, SourceView

_DESCRIBED_AS_HELD = (ReferenceFinding.FOUND, ReferenceFinding.MISDESCRIBED)
_WARNS = (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN, NoticeKind.CONCERN)
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?-?){1,4}")
_GROUP = re.compile(
    r"\b(?:collaboration|consortium|group|team|committee|organi[sz]ation|institute|society|network|initiative)\b", re.I
)


@dataclass(frozen=True)
class Name:
    """A person by family and given name, or, where no family name can be told, the name as stated."""

    family: str | None
    given: str | None
    literal: str | None = None

    def in_order(self) -> str:
        """`Family, Given`, as BibTeX and RIS write it."""
        return self.literal or ", ".join(part for part in (self.family, self.given) if part)


@dataclass(frozen=True)
class CitedWork:
    key: str  # unique within the record
    title: str | None
    authors: tuple[Name, ...]
    year: int | None
    venue: str | None
    type: str | None  # as the index names it: journal-article, preprint, ...; None: not known
    identifiers: dict[str, str]  # doi, arxiv, pmid, pmcid, isbn
    url: str | None
    finding: ReferenceFinding | None  # None: not audited
    notices: tuple[Notice, ...]
    note: str
    published_on: date | None = None  # where the day is known, not the year alone


def cited_works(record: PublicRecord) -> tuple[CitedWork, ...]:
    held = {source.source_id: source for source in record.sources}
    return tuple(_cited(view, held) for view in record.references)


def _cited(view: ReferenceView, held: Mapping[str, SourceView]) -> CitedWork:
    stated, audit = view.reference, view.audit
    described = held.get(audit.source_id or "") if audit and audit.finding in _DESCRIBED_AS_HELD else None
    identifiers = {
        "doi": stated.doi,
        "arxiv": stated.arxiv_id,
        "pmid": stated.pmid,
        "pmcid": stated.pmcid,
        "isbn": stated.isbn,
    }
    if described is not None:
        kind, _, value = described.source_id.partition(":")
        if kind in identifiers and not identifiers[kind]:
            identifiers[kind] = value
    return CitedWork(
        key=f"ref{stated.ordinal}",
        title=described.title if described else stated.title,
        authors=tuple(name_parts(name) for name in (described.authors if described else stated.authors)),
        year=described.year if described else stated.year,
        venue=described.venue if described else stated.venue,
        type=described.type if described else None,
        identifiers={kind: value for kind, value in identifiers.items() if value},
        url=stated.url,
        finding=audit.finding if audit else None,
        notices=audit.notices if audit else (),
        note=_note(view, described is not None),
    )


def _note(view: ReferenceView, held: bool) -> str:
    """What a librarian must see before using the entry, worst first."""
    audit = view.audit
    if audit is None:
        return f"Not audited. As the record gives it: {view.reference.raw}"
    parts = [*(f"{notice_in_words(one)}." for one in audit.notices), f"{audit.finding.value}: {audit.reason}"]
    parts += [f"The record states {one.field} {one.stated!r}; held is {one.held!r}." for one in audit.mismatches]
    if not held:
        parts.append(f"As the record gives it: {view.reference.raw}")
    return " ".join(parts)


def notice_in_words(notice: Notice) -> str:
    """What was noticed, when, and who says so."""
    return f"{notice.kind.value}{f' {notice.date}' if notice.date else ''} ({notice.origin})"


def warns(work: CitedWork) -> bool:
    """Whether nobody should cite the work unread: retracted, withdrawn, of concern, or likely invented."""
    return work.finding is ReferenceFinding.LIKELY_FABRICATED or any(one.kind in _WARNS for one in work.notices)


def name_parts(name: str) -> Name:
    """`Family, Given`, `Given Family` or `Family GN`; a group keeps its name."""
    words = name.split()
    if len(words) < 2 or _GROUP.search(name):
        return Name(None, None, " ".join(words))
    if "," in name:
        family, _, given = (part.strip() for part in name.partition(","))
        return Name(family, given or None)
    if _INITIALS.fullmatch(words[-1]) and not _INITIALS.fullmatch(words[0]):
        return Name(" ".join(words[:-1]), words[-1])
    return Name(words[-1], " ".join(words[:-1]))
