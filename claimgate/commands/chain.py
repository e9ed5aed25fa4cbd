"""`claimgate verify-chain`: nothing in the log of corrections was rewritten, in the warehouse or in published files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape

from claimgate.errors import BadInput, Failure
from claimgate.output import out, print_json
from claimgate.place import place_of
from pipelines.counts import counted
from pipelines.publication.correction_log import CheckedLog, Head, LogBreak, check_heads, check_log, head_of_all
from pipelines.publication.noted_heads import Noted, missing, noted
from pipelines.publication.site.text import LONGEST_TITLE, corrections_name, shown
from warehouse.connection import Warehouse
from warehouse.correction_chains import checked_logs
from warehouse.overview import find_records

LARGEST = 256_000_000  # bytes of a published file
_OF_ALL = ".json"  # how the name of a file of heads ends; any other is the log of a record
_SAYS = 1_000  # characters of one break


def verify(records: Sequence[str], *, file: Path | None, expect: Sequence[str], demo: bool, as_json: bool) -> None:
    """Check the logs of these records, of all, or of a published file. Raises Failure where one does not hold."""
    expected = [_noted(one) for one in expect]
    if file is not None and records:
        raise BadInput("Give records of the warehouse or --file, not both.")
    if file is not None:
        logs, broken = _of_file(file)
        whole = file.suffix == _OF_ALL
    else:
        house = place_of(demo=demo).require()
        wanted = _ids(house, records)
        _refuse_others(expected, wanted)
        logs, broken, whole = list(checked_logs(house, wanted)), [], wanted is None
    broken += [log.broken for log in logs if log.broken]
    broken += [found for one in expected if (found := missing(one, logs))]
    if as_json:
        print_json(_document(logs, broken, _head_of_all(logs) if whole else None))
    else:
        _print(logs, broken, _head_of_all(logs) if whole else None)
    if broken:
        raise Failure(f"The correction log does not hold: {counted(len(broken), 'break')}.")


def _noted(text: str) -> Noted:
    try:
        return noted(text)
    except ValueError as problem:
        raise BadInput(f"--expect '{shown(text, LONGEST_TITLE)}': {problem}.") from problem


def _ids(house: Warehouse, wanted: Sequence[str]) -> list[str] | None:
    """The ids of the records named; None where none is, which means all."""
    ids: list[str] = []
    for name in wanted:
        found = find_records(house, name)
        if len(found) != 1:
            raise BadInput(f"'{shown(name, LONGEST_TITLE)}' names {len(found)} records; `claimgate show` takes one id.")
        ids.append(found[0][0])
    return list(dict.fromkeys(ids)) or None


def _refuse_others(expected: Sequence[Noted], wanted: Sequence[str] | None) -> None:
    for one in expected:
        if wanted is not None and one.record_id is not None and one.record_id not in wanted:
            raise BadInput(
                f"--expect names {shown(one.record_id, LONGEST_TITLE)}, which is not among the records given."
            )


def _of_file(file: Path) -> tuple[list[CheckedLog], list[LogBreak]]:
    """The log in a .jsonl file or, of a .json file of heads, every log that lies beside it."""
    data = _bytes(file)
    if file.suffix != _OF_ALL:
        return [check_log(data)], []
    # The name of a record's file is made of its id: what a foreign file says of paths is never opened.
    logs, broken = check_heads(data, lambda record_id: _beside(file.parent / corrections_name(record_id)))
    return list(logs), [broken] if broken else []


def _beside(path: Path) -> bytes | None:
    return _bytes(path) if path.exists() else None


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise BadInput(f"{file} is larger than {LARGEST // 1_000_000} MB, which no correction log is.")
        return file.read_bytes()
    except OSError as problem:
        raise BadInput(f"{file} cannot be read: {problem.strerror}.") from problem


def _head_of_all(logs: Sequence[CheckedLog]) -> str:
    heads = [(log.record_id or "", len(log.events), log.head) for log in logs]
    return head_of_all(Head(record_id=name, count=count, hash=head) for name, count, head in heads if head)


def _document(logs: Sequence[CheckedLog], broken: Sequence[LogBreak], of_all: str | None) -> dict[str, Any]:
    return {
        "holds": not broken,
        "records": [{"record_id": log.record_id, "count": len(log.events), "head": log.head} for log in logs],
        "head_of_all": of_all,
        "breaks": [
            {"record_id": b.record_id, "sequence": b.sequence, "correction_id": b.correction_id, "what": b.what}
            for b in broken
        ],
    }


def _print(logs: Sequence[CheckedLog], broken: Sequence[LogBreak], of_all: str | None) -> None:
    for one in broken:
        _say(_in_words(one))
    corrections = sum(len(log.events) for log in logs)
    _say(f"{counted(len(logs), 'record')}, {counted(corrections, 'correction')}{'' if broken else ': all hold'}.")
    if broken:
        return
    if of_all:
        _say(f"Head of all: {of_all}")
    for log in logs if of_all is None else ():
        _say(f"{log.record_id}: {log.head or 'no correction'}")


def _in_words(one: LogBreak) -> str:
    place = f", correction {one.sequence}" if one.sequence is not None else ""
    named = f" ({one.correction_id})" if one.correction_id else ""
    return f"{one.record_id or 'the log'}{place}{named}: {one.what}"


def _say(words: str) -> None:
    out().print(escape(shown(words, _SAYS)), soft_wrap=True, highlight=False)
