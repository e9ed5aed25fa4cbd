"""`claimgate scan --import`: scans that others made, taken in or refused whole, and held against their papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.markup import escape

from claimgate.commands.scan import paper_text
from claimgate.errors import BadInput
from claimgate.output import err, out, print_json
from claimgate.place import place_of
from claimgate.views import one_line
from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.files import find_files, read_bytes
from pipelines.models import Rejection
from pipelines.review.scans.check import check_scan, grade_counts
from pipelines.review.scans.importing import import_scan
from pipelines.review.scans.models import Grade, ImportedScan, ScanCheck, ScanImport
from pipelines.review.scans.papers import PaperConflicts, by_paper, conflicts_of, judged_import
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.scans import full_texts, imported_scans, names_of, save_checks, save_imports, sources_of_scans
from warehouse.withdrawn import refuse, withdrawn_of

RUN = "scan-import"
_LISTED = 20  # findings of a file, or differences, that are printed; --json has all


@dataclass(frozen=True)
class _Taken:
    path: Path
    read: ScanImport
    new: bool = False  # whether the warehouse held it not yet


def import_scans(paths: Sequence[Path], *, text: Path | None, demo: bool, as_json: bool) -> None:
    """Import each file; a bad one is a sentence and a row, and the others go on."""
    house = place_of(demo=demo).house
    stamp = Stamp(datetime.now(UTC), RUN)
    read, rejected = _read(paths)
    read, gone = _without_withdrawn(house, read)
    refuse(house, [(one, None) for one in gone], stamp)
    rejected += gone
    accepted = [one.read.scan for one in read if one.read.scan is not None]
    paper = _paper_of(text, accepted) if text is not None else None
    taken = _saved(house, read, stamp)
    linked = sources_of_scans(house, accepted) if accepted else {}
    checks = _checked(house, accepted, linked, paper)
    save_checks(house, checks, stamp)
    conflicts = _conflicts(house, accepted)
    document = {
        "imported": [_view(one, one.read.scan, linked) for one in taken if one.read.scan is not None],
        "refused": [_refusal(one) for one in taken if one.read.scan is None] + [_unread(one) for one in rejected],
        "checks": [{**one.model_dump(mode="json"), "grades": grade_counts(one.checked)} for one in checks],
        "conflicts": [one.model_dump(mode="json") for one in conflicts],
    }
    if as_json:
        print_json(document)
    else:
        for view in document["imported"]:
            _print(view, [one for one in checks if one.scan_id == view["scan_id"]])
        _print_conflicts(conflicts)
    for refused in document["refused"]:
        reason = f"Refused: {one_line(refused['path'])}: {one_line(refused['reason'])}"
        err().print(escape(reason), soft_wrap=True, highlight=False)
    if not accepted:
        raise BadInput("No scan could be imported; the reasons stand above.")


def _read(paths: Sequence[Path]) -> tuple[list[_Taken], list[Rejection]]:
    """In a folder only .json is looked at: what else lies there is no scan that somebody left out."""
    found = find_files(paths)
    named = {path.absolute() for path in paths}
    read, rejected = [], list(found.rejected)
    for path in found.files:
        if path.absolute() not in named and path.suffix.lower() != ".json":
            continue
        try:
            data = read_bytes(path)
        except UnreadableDocument as problem:
            rejected.append(Rejection(path=str(path), reason=problem.reason))
            continue
        read.append(_Taken(path, import_scan(path.name, data)))
    return read, rejected


def _without_withdrawn(house: Warehouse, read: Sequence[_Taken]) -> tuple[list[_Taken], list[Rejection]]:
    """Scans quote their paper: those of one that was taken down are refused."""
    known = withdrawn_of(house)
    why = [known.of_names(names_of(one.read.scan)) if one.read.scan else None for one in read]
    gone = [Rejection(path=str(one.path), reason=said) for one, said in zip(read, why, strict=True) if said]
    return [one for one, said in zip(read, why, strict=True) if not said], gone


def _saved(house: Warehouse, read: Sequence[_Taken], stamp: Stamp) -> list[_Taken]:
    new = save_imports(house, [(one.path.name, one.read) for one in read], stamp)
    return [_Taken(one.path, one.read, added) for one, added in zip(read, new, strict=True)]


# --- checks and conflicts -----------------------------------------------------------------------


def _paper_of(path: Path, scans: Sequence[ImportedScan]) -> tuple[str, str]:
    """Name and text of the paper that all the scans are about."""
    papers = by_paper([judged_import(scan, None) for scan in scans])
    if len(papers) > 1:
        raise BadInput(f"--text is the text of one paper, and these scans are about {len(papers)}; give one scan.")
    try:
        return path.name, paper_text(path).text
    except UnreadableDocument as problem:
        raise BadInput(f"{path}: {problem.reason}") from problem


def _checked(
    house: Warehouse, scans: Sequence[ImportedScan], linked: dict[str, str], paper: tuple[str, str] | None
) -> list[ScanCheck]:
    """Against the text given, else against the full text that the warehouse holds of the source."""
    if paper is not None:
        name, text = paper
        return [check_scan(scan, text, text_name=name) for scan in scans]
    held = full_texts(house, linked.values()) if linked else {}
    found = ((scan, linked.get(scan.scan_id)) for scan in scans)
    return [
        check_scan(scan, held[source].text, text_name=source, source_version_id=held[source].source_version_id)
        for scan, source in found
        if source is not None and source in held
    ]


def _conflicts(house: Warehouse, scans: Sequence[ImportedScan]) -> list[PaperConflicts]:
    """Of the papers of these scans, with all scans of them that were ever imported."""
    names = [name for scan in scans for name in names_of(scan)]
    held = imported_scans(house, names) if names else ()
    linked = sources_of_scans(house, held) if held else {}
    groups = by_paper([judged_import(scan, linked.get(scan.scan_id)) for scan in held])
    return [found for group in groups if (found := conflicts_of(group)) is not None]


# --- what is shown ------------------------------------------------------------------------------


def _view(one: _Taken, scan: ImportedScan, linked: dict[str, str]) -> dict[str, Any]:
    return {
        "path": str(one.path),
        "scan_id": scan.scan_id,
        "new": one.new,
        "scan_version": scan.scan_version,
        "title": scan.title,
        "arxiv_id": scan.arxiv_id,
        "doi": scan.doi,
        "source_id": linked.get(scan.scan_id),
        "warnings": [finding.model_dump(mode="json") for finding in one.read.warnings],
    }


def _refusal(one: _Taken) -> dict[str, Any]:
    return {
        "path": str(one.path),
        "reason": one.read.reason,
        "scan_version": one.read.version,
        "new": one.new,
        "findings": [finding.model_dump(mode="json") for finding in one.read.findings],
    }


def _unread(one: Rejection) -> dict[str, Any]:
    return {"path": one.path, "reason": one.reason, "scan_version": None, "new": False, "findings": []}


def _print(view: dict[str, Any], checks: Sequence[ScanCheck]) -> None:
    known = "" if view["new"] else " (held already)"
    source = f", source {view['source_id']}" if view["source_id"] else ", of no source held here"
    _say(f"{view['path']}: imported{known} as {view['scan_id']}: {view['title']}{source}")
    for finding in view["warnings"][:_LISTED]:
        _say(f"  warning: {finding['message']} at {finding['pointer'] or 'the top'} ({finding['rule']})")
    if len(view["warnings"]) > _LISTED:
        _say(f"  and {len(view['warnings']) - _LISTED} more warnings")
    for check in checks:
        counts = ", ".join(f"{count} {grade.replace('_', ' ')}" for grade, count in grade_counts(check.checked).items())
        _say(f"  held against {check.text_name}: {counts}")
        missing = [one for one in check.checked if one.grade is Grade.NOT_FOUND]
        for one in missing[:_LISTED]:
            marks = "; ".join(mark.mark for mark in one.marks if mark.grade is Grade.NOT_FOUND)
            _say(f"    not found, of {one.pointer}: {marks}")
        if len(missing) > _LISTED:
            _say(f"    and {len(missing) - _LISTED} more")


def _print_conflicts(conflicts: Sequence[PaperConflicts]) -> None:
    for paper in conflicts:
        _say(f"{paper.paper} was scanned {len(paper.scans)} times, and the scans differ:")
        differences = [(one.field, list(one.values.items())) for one in paper.metadata]
        differences += [
            (one.item, [(scan, state.value) for scan, state in one.values.items()]) for one in paper.answers
        ]
        for name, values in differences[:_LISTED]:
            _say(f"  {name}: " + " | ".join(f"{value} ({scan[:8]})" for scan, value in values))
        if len(differences) > _LISTED:
            _say(f"  and {len(differences) - _LISTED} more")


def _say(words: str) -> None:
    out().print(escape(one_line(words)), soft_wrap=True, highlight=False)
