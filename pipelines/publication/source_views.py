"""What is published of a source: what it is, which records draw on it, and which of their claims rest on it.

Belongs here: the shapes, and what follows from them. Does not belong here: how they are read from the warehouse
(`warehouse.source_pages`), how they are printed (`site`).
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.models import (
    ClaimVerdict,
    Model,
    Notice,
    NoticeKind,
    ReferenceFinding,
    Stance,
    WorkVersion,
)

RECORDS_SHOWN = 200  # on a page; the counts are of all
CLAIMS_SHOWN = 12  # of a record

# The side whose sentences a decided verdict rests on.
DECIDED_BY: Mapping[ClaimVerdict, Stance] = {
    ClaimVerdict.SUPPORTED: Stance.SUPPORTS,
    ClaimVerdict.REFUTED: Stance.REFUTES,
}
ALARMING = (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN)


class RestingClaim(Model):
    """A claim for whose verdict a sentence of the source is quoted. `text` may be cut."""

    ordinal: int
    text: str
    verdict: ClaimVerdict
    by_person: bool
    stances: tuple[Stance, ...]  # of the source's sentences
    alone: bool  # the verdict is decided, and by sentences of this source only


class CitingReference(Model):
    """The source in a record's reference list; without a finding the entry was not audited."""

    mark: str
    finding: ReferenceFinding | None
    notices: tuple[Notice, ...] = ()


class CitingRecord(Model):
    """A record that draws on the source. `claims` are the first `CLAIMS_SHOWN`; the counts are of all."""

    record_id: str
    title: str
    cohort: str
    synthetic: bool
    has_page: bool
    cited: bool  # listed by the record
    given: bool  # handed in with the record
    found: bool  # found by searching the library for a claim
    references: tuple[CitingReference, ...] = ()
    claims: tuple[RestingClaim, ...] = ()
    resting: int  # claims in all


class SourceCounts(Model):
    """Over all records, those included that the page has no room for."""

    records: int = 0
    claims: int = 0  # a sentence of the source is quoted for or against them, or as the nearest
    supported: int = 0  # claims that are supported, by a sentence of this source among others
    refuted: int = 0
    disputed: int = 0
    open: int = 0
    alone: int = 0  # supported or refuted by this source only


class HeldText(Model):
    """A text of the source that is held: "abstract", "fulltext", or "passages" that came with a record."""

    kind: str | None
    label: str | None
    complete: bool | None
    origin: str


class OthersScan(Model):
    """A rigour scan of the source that somebody else made. `checked_against`: the text it was held against."""

    scan_id: str
    version: int
    title: str
    checked_against: str | None
    yes: int
    no: int
    not_applicable: int


class SourcePage(Model):
    """All that the page of a source shows. `type`, `licence` and the like are None where no index says."""

    source_id: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    type: str | None = None
    licence: str | None = None
    origin: str
    notices: tuple[Notice, ...] = ()
    versions: tuple[WorkVersion, ...] = ()
    aliases: tuple[str, ...] = ()
    texts: tuple[HeldText, ...] = ()
    text_withdrawn: str | None = None  # when and why its text was taken down here
    counts: SourceCounts = SourceCounts()
    records: tuple[CitingRecord, ...] = ()
    scans: tuple[OthersScan, ...] = ()

    @property
    def alarms(self) -> tuple[Notice, ...]:
        """The notices by which nothing may rest on it any more."""
        return tuple(one for one in self.notices if one.kind in ALARMING)
