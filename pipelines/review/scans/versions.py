"""Which version of the scan format a file is, and why a version other than 3 is not imported.

Input: the file's name and JSON value. Output: the version, and the finding that refuses it. Does not belong here:
what version 3 must hold (`scans.rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.review.rigor.items import SCAN_VERSION
from pipelines.review.scans.models import ScanFinding
from pipelines.review.scans.rules import finding, is_a

_NAMED = re.compile(r"\bscan-v(\d{1,3})\b", re.IGNORECASE | re.ASCII)
_NOT_READ = {
    1: "this is scan.json version 1: its 50 questions are known here by their number only, so none of it is imported",
    2: "this is scan.json version 2: which of today's items its 50 questions and 15 module questions were is known "
    "here only in part, so none of it is imported",
    4: "this is a scan of version 4 (scan-v4.json): it asks other questions of each type of paper, and its schema is "
    "not known here, so none of it is imported",
    5: "this is a scan of version 5 (scan-v5.json): its schema is not known here, so none of it is imported",
}
_NO_VERSION = "; it states no scan_version, which means 1; a scan of version 3 has to say so"


def version_of(name: str, value: Mapping[str, Any]) -> int | None:
    """The version as stated, else by the file's name, else by its form; None where what is stated is no number."""
    stated = value.get("scan_version")
    if stated is not None:
        return stated if is_a(stated, int) else None
    named = _named(name)
    if named is not None:
        return named
    return 4 if _has_the_form_of_4(value) else 1


def check_version(name: str, value: Mapping[str, Any]) -> Iterator[ScanFinding]:
    """What refuses the file for its version; nothing for version 3."""
    version, named = version_of(name, value), _named(name)
    if version is None:
        yield finding("wrong_type", ("scan_version",), value.get("scan_version"), "not a whole number")
    elif named is not None and named != version:
        yield finding("version_contradicts", ("scan_version",), version, f"the file's name says {named}")
    elif version == SCAN_VERSION and _has_the_form_of_4(value):
        said = "paper_type and the source of answers came with version 4"
        yield finding("version_contradicts", ("scan_version",), version, said)
    elif version in _NOT_READ:
        said = _NOT_READ[version]
        if version == 1 and "scan_version" not in value:
            said += _NO_VERSION
        yield finding("version_not_read", ("scan_version",), version).model_copy(update={"message": said})
    elif version != SCAN_VERSION:
        yield finding("version_unknown", ("scan_version",), version)


def _named(name: str) -> int | None:
    found = _NAMED.search(name)
    return int(found.group(1)) if found else None


def _has_the_form_of_4(value: Mapping[str, Any]) -> bool:
    """A type of paper at the top, and answers that say who gave them."""
    paper = value.get("paper")
    typed = "paper_type" in value or (isinstance(paper, dict) and "paper_type" in paper)
    return typed and any("source" in answer for answer in _answers(value.get("checklist")))


def _answers(checklist: Any) -> Iterator[Mapping[str, Any]]:
    for category in checklist.values() if isinstance(checklist, dict) else ():
        for answer in category.values() if isinstance(category, dict) else ():
            if isinstance(answer, dict):
                yield answer
