"""Editorial notices that are works of their own, brought to the works that they are about.

Crossref and PubMed tell a retraction on the notice, on the original, or on both; who looks at the original alone
must see it too. Input: works. Output: the same works, the targets with the notices. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.models import Notice, NoticeKind, Work

_UNDONE = frozenset({NoticeKind.RETRACTED, NoticeKind.WITHDRAWN})  # by a reinstatement
_REINSTATED = "reinstated"  # in the detail of what the original says of itself


def announced(works: Iterable[Work]) -> tuple[Work, ...]:
    """The works, each with what the others announce about it; a notice that points at itself adds nothing."""
    works = tuple(works)
    about: dict[str, list[tuple[Work, Notice]]] = {}
    for work in works:
        for update in work.updates:
            about.setdefault(update.target.casefold(), []).append((work, update.notice))
    return tuple(_with_notices(work, about) for work in works) if about else works


def _with_notices(work: Work, about: dict[str, list[tuple[Work, Notice]]]) -> Work:
    names = (work.source_id, *work.aliases)
    said = [notice for name in names for other, notice in about.get(name.casefold(), ()) if other is not work]
    if any(_REINSTATED in (notice.detail or "") for notice in work.notices):
        said = [notice for notice in said if notice.kind not in _UNDONE]
    known = {(one.kind, one.id, one.origin) for one in work.notices}
    new = [one for one in said if (one.kind, one.id, one.origin) not in known]
    return work.model_copy(update={"notices": (*work.notices, *dict.fromkeys(new))}) if new else work
