"""Runs sealed: carries out a plan of programs and prints what came of them. Imports the standard library alone.

Belongs here: starting, timing, capping. Does not belong here: any judgement. Beside a hostile build its output is
as hostile as the build; alone with the checkers it is ours. /job/plan.json: {"steps", "inputs", "report", "export"}.
Prints one line of JSON, then the bytes of the export, if one was made.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from typing import Any

MOST_OUTPUT = 200_000  # bytes kept of what a program writes


def main() -> None:
    with open("/job/plan.json", encoding="utf-8") as file:
        plan = json.load(file)
    inputs = {name: sha256("/job/" + name) for name in plan["inputs"]}
    steps = []
    for step in plan["steps"]:
        steps.append(carried_out(step))
        if steps[-1]["exit_code"] != 0:
            break
    done = len(steps) == len(plan["steps"]) and all(step["exit_code"] == 0 for step in steps)
    export = plan["export"] if done else None
    head = {
        "steps": steps,
        "inputs": inputs,
        "report": text_of(plan["report"]) if plan["report"] else None,
        "export_bytes": os.path.getsize(export) if export else None,
        "export_sha256": sha256(export) if export else None,
    }
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    if export:
        with open(export, "rb") as file:
            while chunk := file.read(1 << 20):
                sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def carried_out(step: dict[str, Any]) -> dict[str, Any]:
    """One program. An exit code below 0 is a signal; 127: it could not be started."""
    for name, source in step["copy"].items():
        with open(source, "rb") as file, open(name, "wb") as copy:
            copy.write(file.read())
    out, err = step["stdout"] or "stdout.txt", "stderr.txt"
    began = time.monotonic()
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        try:
            code = subprocess.run(  # noqa: S603 - the plan is ours, and the sandbox is around us
                step["argv"], env=step["env"], stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
            ).returncode
        except OSError as problem:
            stderr.write(str(problem).encode())
            code = 127
    return {
        "name": step["name"],
        "exit_code": code,
        "seconds": round(time.monotonic() - began, 3),
        "stdout": "" if step["stdout"] else text_of(out),
        "stderr": text_of(err),
        "cut": (not step["stdout"] and os.path.getsize(out) > MOST_OUTPUT) or os.path.getsize(err) > MOST_OUTPUT,
    }


def text_of(path: str) -> str | None:
    """The first bytes of a file as text; None where there is no file."""
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read(MOST_OUTPUT).decode("utf-8", "backslashreplace")


def sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


if __name__ == "__main__":
    main()
