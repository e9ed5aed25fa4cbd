"""What Crossref says of corrections and retractions: `updated-by` on an original, `update-to` on a notice.

Input: a Crossref work. Output: notices about it, and what it, itself a notice, says about others. A notice is
not retracted by the retraction that it announces. The publisher and Retraction Watch may each tell of one
retraction: both are kept. Does not belong here: marks in titles (title_marks.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.ingestion.indexes.json_fields import objects, string
from pipelines.ingestion.indexes.registered_fields import day_of, whole_doi
from pipelines.models import Notice, NoticeKind, Update

ORIGIN = "crossref"
MAX_UPDATES = 1_000

_Meaning = tuple[NoticeKind, str | None]
# Crossref's update types, and those of Retraction Watch, with `_` for `-`.
_TYPES: Mapping[str, _Meaning] = {
    "retraction": (NoticeKind.RETRACTED, None),
    "partial_retraction": (NoticeKind.RETRACTED, "a part of it is retracted"),
    "removal": (NoticeKind.RETRACTED, "removed by its publisher"),
    "withdrawal": (NoticeKind.WITHDRAWN, None),
    "expression_of_concern": (NoticeKind.CONCERN, None),
    "correction": (NoticeKind.CORRECTED, None),
    "erratum": (NoticeKind.CORRECTED, None),
    "err": (NoticeKind.CORRECTED, None),
    "corrigendum": (NoticeKind.CORRECTED, None),
    "addendum": (NoticeKind.CORRECTED, "an addendum"),
    "clarification": (NoticeKind.CORRECTED, "a clarification"),
    "publisher_note": (NoticeKind.CORRECTED, "a note of the publisher"),
    "new_version": (NoticeKind.SUPERSEDED, "a new version is published"),
    "new_edition": (NoticeKind.SUPERSEDED, "a new edition is published"),
    "reinstatement": (NoticeKind.CORRECTED, "reinstated after a retraction"),
}
_REINSTATEMENT = "reinstatement"
_TAKEN_BACK = frozenset({NoticeKind.RETRACTED, NoticeKind.WITHDRAWN})
_SOURCES = frozenset({"publisher", "retraction-watch"})


def notices_of(work: Mapping[str, Any]) -> tuple[Notice, ...]:
    """The notices about a work: those it is updated by, and those in place, under its own DOI."""
    own = whole_doi(work.get("DOI"))
    about = objects(work.get("updated-by"))[:MAX_UPDATES]
    in_place = [item for item in _update_to(work) if own is not None and whole_doi(item.get("DOI")) == own]
    read = [(_type_of(item), _notice(item, own, _source(item))) for item in (*about, *in_place)]
    return tuple(dict.fromkeys(_after_reinstatements(read)))


def updates_of(work: Mapping[str, Any]) -> tuple[Update, ...]:
    """What a work that is a notice says about others (or about itself, where it was corrected in place)."""
    own = whole_doi(work.get("DOI"))
    found = []
    for item in _update_to(work):
        target = whole_doi(item.get("DOI"))
        if target is not None:
            notice = _notice({**item, "DOI": own}, target, _source(item))
            found.append(Update(target=f"doi:{target}", notice=notice))
    return tuple(dict.fromkeys(found))


def is_reinstated(work: Mapping[str, Any]) -> bool:
    return any(_type_of(item) == _REINSTATEMENT for item in objects(work.get("updated-by"))[:MAX_UPDATES])


def says_of_updates(work: Mapping[str, Any]) -> bool:
    return bool(objects(work.get("updated-by")) or _update_to(work))


def _update_to(work: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    return objects(work.get("update-to"))[:MAX_UPDATES]


def _notice(item: Mapping[str, Any], subject: str | None, source: str) -> Notice:
    """`item` names the notice's DOI; `subject` is the DOI of the work that it is about."""
    kind, detail = _meaning(_type_of(item))
    notice_doi = whole_doi(item.get("DOI"))
    if kind in _TAKEN_BACK and notice_doi is not None and notice_doi == subject:
        # In place there is no notice to rely on, and notices have been registered as their own originals.
        kind, detail = NoticeKind.CORRECTED, f'a "{_type_of(item)}" that names the work itself as its notice'
    return Notice(
        kind=kind,
        id=f"doi:{notice_doi}" if notice_doi else None,
        date=day_of(item.get("updated")),
        origin=f"{ORIGIN}:{source}",
        detail=detail,
    )


def _type_of(item: Mapping[str, Any]) -> str:
    stated = string(item.get("type")) or string(item.get("label")) or "no type stated"
    return "_".join(stated[:60].casefold().replace("-", " ").replace("_", " ").split())


def _meaning(type_: str) -> _Meaning:
    """An unknown type is never a retraction; its name is kept."""
    return _TYPES.get(type_) or (NoticeKind.CORRECTED, f'Crossref calls it "{type_.replace("_", " ")}"')


def _source(item: Mapping[str, Any]) -> str:
    """Who says so. Older answers and notices name nobody: they are the publisher's."""
    stated = string(item.get("source"))
    return stated if stated in _SOURCES else "publisher"


def _after_reinstatements(read: Sequence[tuple[str, Notice]]) -> list[Notice]:
    """A retraction that a reinstatement followed stands no more; it is kept as a correction that tells of both."""
    reinstated = [notice for type_, notice in read if type_ == _REINSTATEMENT]
    return [_cancelled(notice, reinstated) for _, notice in read]


def _cancelled(notice: Notice, reinstated: Sequence[Notice]) -> Notice:
    later = next((one for one in reinstated if not _is_after(notice.date, one.date)), None)
    if notice.kind not in _TAKEN_BACK or later is None:
        return notice
    when = f" on {later.date}" if later.date else ""
    detail = f"{notice.kind.value.lower()}, then reinstated{when}"
    return notice.model_copy(update={"kind": NoticeKind.CORRECTED, "detail": detail})


def _is_after(one: str | None, other: str | None) -> bool:
    """Whether one date is surely later; dates are compared as precisely as both are stated."""
    if one is None or other is None:
        return False
    length = min(len(one), len(other))
    return one[:length] > other[:length]
