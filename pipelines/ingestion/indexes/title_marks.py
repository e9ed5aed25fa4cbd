"""The marks that publishers put before a title when a work is retracted or withdrawn: `RETRACTED: `, `[Retracted] `.

Input: a title in plain words. Output: the title without its mark, so that a citation of the original title is still
near, and what the mark says. A mark is a weak signal: an index adds a notice for it (origin `<index>:title`) only
where it says nothing better. Does not belong here: titles of notices ("Retraction: ..."), which are about another work.
"""

from __future__ import annotations

import re

from pipelines.models import Notice, NoticeKind

MAX_TITLE = 3_000  # characters: titles are compared with one another

_WORD = r"(?P<word>(?i:retracted|withdrawn|removed))"
_ITEM = r"(?i:\s(?:article|paper|chapter|manuscript))"
_END = r"\s?(?:[:.]|[–—-]\s)\s*"
# "Withdrawn: a novel" may be a title as its author wrote it, so a word alone must stand in capitals.
_MARKS = (
    re.compile(rf"[\[(]{_WORD}{_ITEM}?[\])](?:{_END}|\s*)"),
    re.compile(rf"{_WORD}{_ITEM}{_END}"),
    re.compile(rf"(?P<word>RETRACTED|WITHDRAWN|REMOVED|Retracted){_END}"),
)
_SAYS = {
    "retracted": NoticeKind.RETRACTED,
    "removed": NoticeKind.RETRACTED,
    "withdrawn": NoticeKind.WITHDRAWN,
}


def unmarked(title: str) -> tuple[str, NoticeKind | None]:
    """The title without its mark, and what the mark says; the title as it is where it bears none."""
    title = title[:MAX_TITLE]
    match = next((found for mark in _MARKS if (found := mark.match(title))), None)
    if match is None or match.end() == len(title):
        return title, None
    return title[match.end() :], _SAYS[match["word"].casefold()]


def with_title_notice(notices: tuple[Notice, ...], said: NoticeKind | None, index: str) -> tuple[Notice, ...]:
    """The notices, and what the title says where none of them says that the work is retracted or withdrawn."""
    if said is None or any(one.kind in (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN) for one in notices):
        return notices
    return (*notices, Notice(kind=said, origin=f"{index}:title", detail="its title begins with the mark"))
