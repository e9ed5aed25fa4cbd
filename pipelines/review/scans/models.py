"""A methodological-rigour scan that somebody else made, as it is held, and what the import found in it.

Belongs here: the shapes. Does not belong here: reading them (`scans.reading`), the rules of import (`scans.rules`),
our own scans (`pipelines.models.RigorScan`).
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from pipelines.models import Model, Severity

LONGEST_VALUE = 200  # characters of a value that a finding shows


class ScanFinding(Model):
    """One thing that a rule of import met; `pointer` is an RFC 6901 pointer into the scan, "" the whole of it."""

    rule: str
    severity: Severity
    pointer: str
    message: str
    value: str | None = None  # as JSON, cut to `LONGEST_VALUE`


class ScanAnswer(Model):
    item: str
    category: str
    applies: bool
    answer: bool
    justification: str


class ScanClaim(Model):
    claim: str
    evidence: str
    supported: str


class ScanRemark(Model):
    """A red flag of the scan: a label and what it rests on."""

    flag: str
    detail: str


class ImportedScan(Model):
    """A scan that broke no rule. Identifiers are normalised; the file's own words stay in the stored body."""

    scan_id: str
    scan_version: int
    title: str
    authors: tuple[str, ...]
    year: int
    venue: str | None
    arxiv_id: str | None
    doi: str | None
    tags: tuple[str, ...]
    modules: tuple[str, ...]
    answers: tuple[ScanAnswer, ...]
    claims: tuple[ScanClaim, ...]
    red_flags: tuple[ScanRemark, ...]


class ScanImport(Model):
    """What became of one file: the scan, or None; `version` is the one it states or shows, if any."""

    sha256: str
    size: int
    body: str | None  # the decoded text, where it could be decoded and is not too long to keep
    version: int | None
    scan: ImportedScan | None
    findings: tuple[ScanFinding, ...]

    @property
    def errors(self) -> tuple[ScanFinding, ...]:
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[ScanFinding, ...]:
        return tuple(one for one in self.findings if one.severity is not Severity.ERROR)

    @property
    def reason(self) -> str:
        """Why the file is refused, in one sentence."""
        first, *others = self.errors
        at = f" at {first.pointer[:LONGEST_VALUE]}" if first.pointer else ""
        more = f" (and {len(others)} more error{'s' if len(others) > 1 else ''})" if others else ""
        return f"{first.message}{at}{more}"


class Grade(StrEnum):
    """How what a justification points at stands in the text of the paper."""

    FOUND = "found"
    NEAR = "near"
    NOT_FOUND = "not_found"
    NOTHING_TO_CHECK = "nothing_to_check"


class MarkKind(StrEnum):
    QUOTE = "quote"
    NAMED = "named"  # a table, figure, section, appendix and so on that is called by number, letter or title
    NUMBER = "number"


class CheckedMark(Model):
    """One quote, name or number of a justification; offsets into the paper's text, and the words there."""

    kind: MarkKind
    mark: str
    grade: Grade
    start: int | None = None
    end: int | None = None
    words: str | None = None
    why: str | None = None


class CheckedWords(Model):
    """A justification, the evidence of a claim or the detail of a red flag, graded by the worst of its marks."""

    pointer: str
    item: str | None
    grade: Grade
    marks: tuple[CheckedMark, ...] = ()


class ScanCheck(Model):
    """A scan held against one text. The words are those of the text, offsets count its characters."""

    scan_id: str
    source_version_id: str | None
    text_name: str
    text_sha256: str
    text_length: int
    checker_version: str
    checked: tuple[CheckedWords, ...]


def pointer_of(*parts: str | int) -> str:
    """RFC 6901: `~` and `/` inside a key are written `~0` and `~1`."""
    return _whole("".join(f"/{str(part)[:LONGEST_VALUE].replace('~', '~0').replace('/', '~1')}" for part in parts))


def shown_value(value: Any) -> str:
    """The value as JSON, not longer than a finding should be."""
    if isinstance(value, dict | list) and len(value) > LONGEST_VALUE:
        return f"({'object' if isinstance(value, dict) else 'list'} of {len(value)} entries)"
    written = json.dumps(value if not isinstance(value, str) else value[: LONGEST_VALUE * 2], ensure_ascii=False)
    return _whole(written if len(written) <= LONGEST_VALUE else f"{written[: LONGEST_VALUE - 3]}...")


def _whole(text: str) -> str:
    """Half of a surrogate pair, which JSON can spell and nothing can store, as a question mark."""
    return text.encode("utf-8", "replace").decode()
