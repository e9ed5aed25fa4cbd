"""The rows of a record's own list of claims.

Input: the text of a report. Output: `StatedClaim`s with `text == record text[start:end]`.
Does not belong here: claims taken out of prose (extraction).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.ingestion.layouts import sections_of
from pipelines.ingestion.text_lines import trimmed
from pipelines.models import StatedClaim

CUT_LENGTH = 120
ESCAPES = 4
MAX_ROWS = 5_000
MAX_CLAIM = 4_000

# The last three of each are what UTF-8 ticks and crosses become when they are read as Latin-1.
_TICKS = ("✓", "✔", "☑", "✅", "yes", "true", "âœ“", "âœ”", "â\x9c\x93")
_CROSSES = ("×", "✗", "✘", "✕", "❌", "☒", "no", "false", "Ã—", "Ã\x97", "âœ—", "x")
_MARK = "|".join(re.escape(mark) for mark in sorted((*_TICKS, *_CROSSES), key=len, reverse=True))
_ROW_END = re.compile(
    rf"[ \t\n|]{{1,20}}(?P<mark>{_MARK})\ufe0f?[ \t|]{{1,20}}(?P<confidence>[01](?:[.,]\d{{1,4}})?)[ \t|]*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER = re.compile(r"^\|?[ \t]*Claim[ \t|]+Verified[ \t|]+Confidence[ \t|]*$", re.MULTILINE | re.IGNORECASE)
_RULE_LINE = re.compile(r"\|?[ \t]*:?-{3}[-:| \t]*\n")
_CLOSING = tuple(".!?\"'”’)]")
_ELLIPSES = ("...", "…")


def stated_claims(text: str, start: int = 0) -> tuple[StatedClaim, ...]:
    """The rows between the header of the claim table and the end of its section."""
    header = _HEADER.search(text, start)
    section = sections_of(text, start).get("extracted claims")
    if header is None and section is None:
        return ()
    begin = header.end() if header else section[0].end if section else start
    end = min((line.start for line, _ in sections_of(text, begin).values()), default=len(text))
    return tuple(
        _claim(text, ordinal, *row)
        for ordinal, row in zip(range(1, MAX_ROWS + 1), _rows(text, begin, end), strict=False)
    )


def _rows(text: str, begin: int, end: int) -> Iterator[tuple[int, int, re.Match[str]]]:
    position = begin
    for match in _ROW_END.finditer(text, begin, end):
        if rule := _RULE_LINE.match(text, *trimmed(text, position, match.start())):
            position = rule.end()
        start, stop = trimmed(text, position, match.start())
        left = len(text[start:stop]) - len(text[start:stop].lstrip("|•-* \t"))
        start += left
        position = match.end()
        if 0 < stop - start <= MAX_CLAIM:
            yield start, stop, match


def _claim(text: str, ordinal: int, start: int, end: int, match: re.Match[str]) -> StatedClaim:
    mark = match["mark"]
    return StatedClaim(
        ordinal=ordinal,
        text=text[start:end],
        start=start,
        end=end,
        truncated=is_cut(text[start:end]),
        stated_verified=mark.lower() in _TICKS or mark in _TICKS,
        stated_confidence=float(match["confidence"].replace(",", ".")),
    )


def is_cut(words: str) -> bool:
    """The words end where a fixed length ends, not where a sentence does."""
    folded = " ".join(words.split())
    if folded.endswith(_ELLIPSES):
        return True
    # A cut that falls on a space loses it; escapes such as `\\{`, put in after the cut, lengthen the row.
    return CUT_LENGTH - 1 <= len(folded) <= CUT_LENGTH + ESCAPES and not folded.endswith(_CLOSING)
