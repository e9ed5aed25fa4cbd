"""`claimgate withdraw`: take a text down, from pages and from stored bytes; a tombstone and a correction stay."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import typer

from claimgate.commands.run import conductor
from claimgate.errors import BadInput, Failure
from claimgate.output import err, out, print_json, progress_shown
from claimgate.place import Place, export, place_of
from pipelines.publication.site.text import shown
from pipelines.publication.tombstones import LONGEST_NAME, LONGEST_REASON, Tombstone
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.ingestion import cohorts_of_documents, records_of
from warehouse.rewriting import NotRewritten, rewrite, rewrite_is_due
from warehouse.withdrawals import Subject, find_subjects, tombstone_of, withdraw

RUN = "withdraw"
BEYOND_REACH = (
    "the file it came from, and your library: it is refused should it come again, but your copy is yours",
    "backups and copies of the warehouse or of the site, made before",
    "what others took from the site, and what search engines keep",
    "Dagster's history of runs beside the warehouse, which may name its title and its file",
    "disk blocks that the old database file took: only the file system or the disk can clear them",
)
_LISTED = 5


def withdraw_text(wanted: str, *, reason: str, by: str | None, yes: bool, demo: bool, as_json: bool) -> None:
    """Take a record or source down, then bring pages and judgements that rested on it up to date."""
    reason, by = _said("--reason", reason, LONGEST_REASON), _said("--by", by, LONGEST_NAME) if by is not None else None
    place = place_of(demo=demo)
    house = place.require()
    before = tombstone_of(house, wanted.strip())
    if before is None:
        subject = the_subject(house, wanted.strip())
        _confirm(subject, asks=not yes and not as_json)
        _take_in_answers(house)
    else:
        subject = Subject(before.kind, before.subject_id, names=before.names)
    tombstone = withdraw(house, subject, reason=reason, by=by, stamp=Stamp(datetime.now(UTC), RUN))
    _finish(place, tombstone)
    if as_json:
        print_json(tombstone.model_dump(mode="json", by_alias=True))
    else:
        _print(tombstone, again=before is not None)
    for one in BEYOND_REACH:
        err().print(f"Beyond reach: {one}.", soft_wrap=True, markup=False, highlight=False)


def _said(option: str, words: str, longest: int) -> str:
    plain = " ".join(words.split())
    if not plain:
        raise BadInput(f"{option} is empty; it is published with the tombstone.")
    if len(plain) > longest:
        raise BadInput(f"{option} has {len(plain):,} characters; at most {longest:,} are published.")
    if shown(plain, longest) != plain:
        raise BadInput(f"{option} holds characters that no page may show, such as controls; write it in plain letters.")
    return plain


def the_subject(house: Warehouse, wanted: str) -> Subject:
    """The one record or source that `wanted` names. Raises BadInput when there is none or more than one."""
    found = find_subjects(house, wanted) if wanted else ()
    if not found:
        raise BadInput(f"No record or source is called '{wanted}'; `claimgate status` and `show RECORD` print the ids.")
    if len(found) > 1:
        listed = "; ".join(f"{one.kind} {one.id}" for one in found[:_LISTED])
        raise BadInput(f"'{shown(wanted)}' names {len(found)} records and sources: {listed}. Give the whole id.")
    return found[0]


def _confirm(subject: Subject, *, asks: bool) -> None:
    """Nothing brings the text back, so a person at a terminal is asked; a script has said what it wants."""
    if not asks or not sys.stdin.isatty() or not sys.stderr.isatty():
        return
    named = f"{subject.kind} {subject.id}" + (f' ("{shown(subject.title, 100)}")' if subject.title else "")
    if not typer.confirm(f"Take down {named}? Its text cannot be brought back.", err=True):
        raise BadInput("Nothing was taken down.")


def _take_in_answers(house: Warehouse) -> None:
    """Answers of indexes that still wait beside the database are brought in first, so that they are seen."""
    from warehouse.answers import Answers

    Answers(house, lambda: datetime.now(UTC), RUN).known(())


def _finish(place: Place, tombstone: Tombstone) -> None:
    """All that comes after the transaction; done again by the next call if this one is killed."""
    from assets.runs import RunFailed
    from assets.tombstones import bring_down

    house = place.house
    now = datetime.now(UTC)
    bring_down(house, Stamp(now, RUN))
    if rewrite_is_due(house):
        try:
            rewrite(house, now)
        except NotRewritten as problem:
            words = (
                "It is taken down, but freed blocks of the database file still hold words, as it could not be written"
            )
            raise Failure(f"{words} anew: {problem} Then run the same command again.") from problem
    cohorts, record_ids = _concerned(house, tombstone)
    export(place)
    try:
        with conductor(place) as lead, progress_shown():
            lead.run(cohorts, today=now.date(), record_ids=record_ids)
    except RunFailed as problem:
        raise Failure(f"It is taken down, but the pages are not up to date: {problem}") from problem


def _concerned(house: Warehouse, tombstone: Tombstone) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cohorts, and which records of them, to bring up to date; of a record's own cohort all: they may name it."""
    if tombstone.kind == "record":
        documents = [one.id for one in tombstone.removed if one.what == "document"]
        return cohorts_of_documents(house, documents), ()
    held = records_of(house, record_ids=tombstone.records)
    return tuple(sorted({one.cohort for one in held})), tuple(one.record_id for one in held)


def _print(tombstone: Tombstone, *, again: bool) -> None:
    rows = sum(tombstone.overwritten.values()) + sum(tombstone.quotations.values())
    lines = [
        f"{tombstone.kind} {tombstone.subject_id}: {'was ' if again else ''}{tombstone.sentence}",
        *(f"  {one.what} sha256 {one.sha256}" for one in tombstone.removed),
        f"  {rows} stored rows were overwritten, and the database file was written anew.",
    ]
    if tombstone.kind == "source":
        lines.append(f"  {len(tombstone.records)} records drew on it; their claims were checked again without it.")
    for line in lines:
        out().print(line, markup=False, highlight=False, soft_wrap=True)
