"""What PubMed and Europe PMC have in common: titles, publication types, comment-correction links.

Input: the words of a record, already out of their JSON or XML. Output: the title and type of a `Work`, its
notices, its versions and what it says about other works. Does not belong here: where a record holds these
words (pubmed.py, europepmc.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.models import Notice, NoticeKind, Update, WorkVersion

MAX_REFERENCE = 300  # characters of a citation that a notice repeats
MAX_LINKS = 500
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# Types of the United States National Library of Medicine, the more telling first; a record bears several.
_TYPES = (
    ("retraction of publication", "retraction-notice"),
    ("expression of concern", "expression-of-concern"),
    ("published erratum", "correction"),
    ("correction", "correction"),
    ("preprint", "preprint"),
    ("preprint-withdrawal", "preprint"),
    ("preprint-removal", "preprint"),
    ("systematic review", "review"),
    ("meta-analysis", "review"),
    ("review", "review"),
    ("review-article", "review"),
    ("editorial", "editorial"),
    ("letter", "letter"),
    ("comment", "comment"),
    ("news", "news"),
    ("book chapter", "book-chapter"),
    ("book", "book"),
    ("dataset", "dataset"),
    ("academic dissertation", "dissertation"),
    ("thesis", "dissertation"),
    ("congress", "proceedings"),
    ("journal article", "journal-article"),
    ("research-article", "journal-article"),
)
_MARKING_TYPES = (
    ("retracted publication", NoticeKind.RETRACTED),
    ("preprint-withdrawal", NoticeKind.WITHDRAWN),
    ("preprint-removal", NoticeKind.WITHDRAWN),
)
_Meaning = tuple[NoticeKind, str | None]
# On the work itself: what was later published about it. Keys are the relation in small letters, run together.
_ABOUT_THIS: dict[str, _Meaning] = {
    "retractionin": (NoticeKind.RETRACTED, None),
    "partialretractionin": (NoticeKind.RETRACTED, "a part of it is retracted"),
    "retractedandrepublishedin": (NoticeKind.RETRACTED, "retracted and published anew"),
    "erratumin": (NoticeKind.CORRECTED, None),
    "correctedandrepublishedin": (NoticeKind.CORRECTED, "corrected and published anew"),
    "expressionofconcernin": (NoticeKind.CONCERN, None),
    "updatein": (NoticeKind.SUPERSEDED, "a later version is published"),
}
# On a work that is a notice: what it says about another, and nothing about itself.
_ABOUT_ANOTHER: dict[str, _Meaning] = {
    "retractionof": (NoticeKind.RETRACTED, None),
    "partialretractionof": (NoticeKind.RETRACTED, "a part of it is retracted"),
    "retractedandrepublishedfrom": (NoticeKind.RETRACTED, "retracted and published anew"),
    "erratumfor": (NoticeKind.CORRECTED, None),
    "correctedandrepublishedfrom": (NoticeKind.CORRECTED, "corrected and published anew"),
    "expressionofconcernfor": (NoticeKind.CONCERN, None),
    "updateof": (NoticeKind.SUPERSEDED, "a later version is published"),
}
_PREPRINT_RELATIONS = frozenset({"preprintin", "preprintof"})
# As citations of the library abbreviate them, at their beginning.
_PREPRINT_SERVERS = ("biorxiv", "medrxiv", "arxiv", "chemrxiv", "res sq", "ssrn", "preprints", "psyarxiv")

_NOT_LETTERS = re.compile(r"[^a-z]+")
_FINAL_STOP = re.compile(r"(?<!\.)(?<!\.\w)\.$")
_NO_TITLE = re.compile(r"\[?(?:not available|in process citation|no title|untitled)\.?\]?\.?$", re.IGNORECASE)
_CITED_DATE = re.compile(
    rf"\b(?P<year>(?:1[5-9]|20)\d\d)(?:[ -](?P<month>{'|'.join(MONTHS)})[a-z]{{0,6}}(?: (?P<day>\d{{1,2}})\b)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Link:
    """A comment or correction that a record names. `target` is a source id, None where only a citation is given."""

    relation: str  # "RetractionIn", "Erratum for"
    target: str | None
    reference: str | None = None

    @property
    def key(self) -> str:
        return _NOT_LETTERS.sub("", self.relation[:80].casefold())


@dataclass(frozen=True)
class Standing:
    """What the links and types of a record say: notices about it, and what it says about others."""

    notices: tuple[Notice, ...]
    updates: tuple[Update, ...]
    versions: tuple[WorkVersion, ...]


def plain_title(words: str) -> str | None:
    """The title without its final stop and the brackets of a translation; None where it is a stand-in."""
    title = " ".join(words.split())
    if _NO_TITLE.match(title):
        return None
    title = _FINAL_STOP.sub("", title).strip()
    if title.startswith("[") and title.endswith("]") and "[" not in title[1:] and "]" not in title[:-1]:
        title = _FINAL_STOP.sub("", title[1:-1].strip())
    return title.strip() or None


def work_type(types: Iterable[str]) -> str | None:
    """The type of a work by its publication types; None where they tell none."""
    held = {one.strip().casefold() for one in types}
    return next((name for stated, name in _TYPES if stated in held), None)


def cited_date(reference: str | None) -> str | None:
    """The date in a citation as NLM writes it (`BMJ. 2018 Aug 17;362:k3210`), as precise as it stands there."""
    match = _CITED_DATE.search(reference[:MAX_REFERENCE]) if reference else None
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    if month is None:
        return year
    number = MONTHS.index(month[:3].lower()) + 1
    return f"{year}-{number:02d}" + (f"-{int(day):02d}" if day and 1 <= int(day) <= 31 else "")


def standing(
    links: Sequence[Link], types: Iterable[str], *, own: str, own_date: str | None, own_label: str | None, origin: str
) -> Standing:
    """What the links and publication types say. `own` is the record's source id; a preprint has an `own_label`."""
    links = links[:MAX_LINKS]
    return Standing(
        notices=_notices(links, types, origin),
        updates=tuple(_update(link, own, own_date, origin) for link in links if _is_update(link)),
        versions=_versions(links, own, own_date, own_label),
    )


def _notices(links: Sequence[Link], types: Iterable[str], origin: str) -> tuple[Notice, ...]:
    found = [_notice(link, origin) for link in links if link.key in _ABOUT_THIS]
    kinds = {notice.kind for notice in found}
    held = {one.strip().casefold() for one in types}
    found += [
        Notice(kind=kind, origin=origin) for stated, kind in _MARKING_TYPES if stated in held and kind not in kinds
    ]
    return tuple(dict.fromkeys(found))


def _notice(link: Link, origin: str) -> Notice:
    kind, words = _ABOUT_THIS[link.key]
    reference = _bounded(link.reference)
    detail = "; ".join(part for part in (words, reference) if part) or None
    return Notice(kind=kind, id=link.target, date=cited_date(reference), origin=origin, detail=detail)


def _is_update(link: Link) -> bool:
    return link.key in _ABOUT_ANOTHER and link.target is not None


def _update(link: Link, own: str, own_date: str | None, origin: str) -> Update:
    kind, words = _ABOUT_ANOTHER[link.key]
    assert link.target is not None
    return Update(target=link.target, notice=Notice(kind=kind, id=own, date=own_date, origin=origin, detail=words))


def _versions(links: Sequence[Link], own: str, own_date: str | None, label: str | None) -> tuple[WorkVersion, ...]:
    """Earlier versions, this one, later ones; empty where the record names no other. Only a preprint has a label."""
    earlier: list[WorkVersion] = []
    later: list[WorkVersion] = []
    for link in links:
        if link.target is None or link.target == own:
            continue
        date = cited_date(_bounded(link.reference))
        if link.key == "updateof":
            name = "preprint" if _is_preprint(link.reference) else "earlier version"
            earlier.append(WorkVersion(label=name, source_id=link.target, date=date))
        elif link.key == "updatein":
            later.append(WorkVersion(label="published" if label else "later version", source_id=link.target, date=date))
        elif link.key in _PREPRINT_RELATIONS and link.target.startswith("ppr:"):
            earlier.append(WorkVersion(label="preprint", source_id=link.target, date=date))
        elif link.key in _PREPRINT_RELATIONS:
            later.append(WorkVersion(label="published", source_id=link.target, date=date))
    if not earlier and not later:
        return ()
    follows_preprint = any(version.label == "preprint" for version in earlier)
    this = label or ("published" if follows_preprint else "this version")
    return (*earlier, WorkVersion(label=this, source_id=own, date=own_date), *later)


def _is_preprint(reference: str | None) -> bool:
    return reference is not None and reference.lstrip().casefold().startswith(_PREPRINT_SERVERS)


def _bounded(reference: str | None) -> str | None:
    return " ".join(reference[:MAX_REFERENCE].split()) or None if reference else None
