"""`claimgate export`: a record as other tools read it, on stdout or in a file."""

from __future__ import annotations

import sys
from pathlib import Path

from claimgate.commands.show import the_record
from claimgate.errors import BadInput, Failure
from claimgate.output import err, print_json
from claimgate.place import place_of
from pipelines.publication.contracts.table import DoesNotApply
from pipelines.publication.exports.formats import FORMATS


def export_record(wanted: str, *, form: str, output: Path | None, demo: bool, as_json: bool) -> None:
    """Write one record, named by its id, the beginning of it, or its title. What is binary takes a file or a pipe."""
    chosen = FORMATS.get(form)
    if chosen is None:
        raise BadInput(f"There is no format '{form}'; there are {', '.join(FORMATS)}.")
    if chosen.binary and output is None and (as_json or sys.stdout.isatty()):
        raise BadInput(f"{form} is binary: name a file with --output.")
    record = the_record(place_of(demo=demo).require(), wanted)
    try:
        data = chosen.write(record)
    except DoesNotApply as reason:
        raise Failure(f"{record.record_id} has no {form}. {reason}") from reason
    if output is not None:
        _write(output, data)
        err().print(f"{form} of {record.record_id}: {len(data):,} bytes in {output}", soft_wrap=True, markup=False)
    if as_json:
        written = {"file": str(output)} if output is not None else {"content": data.decode()}
        print_json({"record_id": record.record_id, "format": form, "media_type": chosen.media_type, **written})
    elif output is None:
        sys.stdout.buffer.write(data)


def _write(output: Path, data: bytes) -> None:
    """All of it or nothing: what stood there before stays where writing fails."""
    unfinished = output.with_name(output.name + ".part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(output)
    except OSError as problem:
        raise Failure(f"{output} cannot be written: {problem.strerror or problem}.") from problem
