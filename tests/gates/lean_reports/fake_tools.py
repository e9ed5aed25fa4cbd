"""Stands in for Lean's programs in a test, by the name it is called by. Checks nothing about a proof, and says so.

`lean` copies a source, `leanexport` prints the lines of it that are records, the judges look at the export alone,
and complain if they can see a source or anything that was made of one.
"""

import json
import os
import sys

NAME, ARGUMENTS = os.path.basename(sys.argv[0]), sys.argv[1:]
SAID = "Lean (version 4.35.0, x86_64-unknown-linux-gnu, commit 3f1d5c2e9a7b4806d1e2f3a4b5c6d7e8f9012345, Release)"


def lean():
    if ARGUMENTS == ["--version"]:
        print(SAID)
        return 0
    with open(ARGUMENTS[-1], "rb") as source, open(ARGUMENTS[ARGUMENTS.index("-o") + 1], "wb") as made:
        made.write(source.read())
    return 0


def leanexport():
    with open(ARGUMENTS[0] + ".olean", encoding="utf-8") as made:
        records = [line for line in made if line.startswith("{")]
    sys.stdout.writelines(records)
    return 0 if records else 1


def see_no_source():
    seen = [name for folder in ("/job", "/scratch") for name in os.listdir(folder)]
    if any(name.endswith((".lean", ".olean")) for name in seen):
        sys.exit(f"a judge sees {seen}")


def lake():
    see_no_source()
    with open(ARGUMENTS[ARGUMENTS.index("--config") + 1], encoding="utf-8") as file:
        assert json.load(file)["theorem_names"]
    with open(ARGUMENTS[ARGUMENTS.index("--solution-from-export") + 1], encoding="utf-8") as file:
        if "sorryAx" in file.read():
            print("error: Illegal axiom detected: 'sorryAx'", file=sys.stderr)
            return 1
    print("Lean default kernel accepts the solution\nYour solution is okay!")
    return 0


def leanchecker():
    see_no_source()
    print("Lean default kernel accepts the solution")
    return 0


def nanoda_bin():
    see_no_source()
    with open(ARGUMENTS[0], encoding="utf-8") as file:
        path = json.load(file)["export_file_path"]
    with open(path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    kinds = ("axiom", "def", "thm", "opaque", "quot")
    count = sum(kind in record for record in records for kind in kinds)
    count += sum(len(group) for record in records for group in record.get("inductive", {}).values())
    print(f"Checked {count} declarations with no errors")
    return 0


if __name__ == "__main__":
    sys.exit(globals()[NAME]())
