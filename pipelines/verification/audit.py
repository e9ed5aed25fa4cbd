"""Does a reference exist, and is it what the record says it is.

Owns the judgement over what the indexes answered; it fetches nothing (`pipelines.ingestion` does).
Input: a reference as the record states it and candidate works; output: a `ReferenceAudit`. Suspicion
is never said on thin coverage: a work that one library lacks is unfindable, not fabricated.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from pipelines.models import Mismatch, Reference, ReferenceAudit, ReferenceFinding, Work

AUDIT_VERSION = "audit-2026.11.1"
SAME_TITLE = 90.0  # token similarity (0..100) from which two titles are the same
OTHER_TITLE = 60.0  # below it they are clearly different
MOST_YEARS_APART = 1  # a preprint and its journal version
ENOUGH_INDEXES = 2  # that must have answered before a reference is called likely fabricated
MAX_TITLE = 500
GIVEN = "given"  # origin of a work that came with the record: the record's word, no index's

_TEX = re.compile(r"\\[a-zA-Z]+\*?|[{}$~^_\\]")
_NOT_WORD = re.compile(r"[^\w]+")
_SUBTITLE = re.compile(r"\s*[:?!]\s+|\s+[-–—]\s+")
_LIGATURES = {
    ord("ß"): "ss",
    ord("ø"): "o",
    ord("ł"): "l",
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("ı"): "i",
    ord("đ"): "d",
}
_PARTICLES = frozenset(
    {"de", "van", "von", "der", "den", "la", "le", "di", "da", "del", "jr", "sr", "ii", "iii", "et", "al"}
)


def plain(text: str) -> str:
    """Lower case without TeX, accents and punctuation."""
    text = _TEX.sub(" " if " " in text else "", text[: MAX_TITLE * 2])
    text = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", text).strip()[:MAX_TITLE]


def titles_agree(one: str, other: str) -> float:
    """Similarity of two titles, 0..100; a missing subtitle costs nothing."""
    pairs = [(one, other)]
    for first, second in ((one, other), (other, one)):
        main = _SUBTITLE.split(first, maxsplit=1)[0]
        if len(plain(main).split()) >= 3 or (main != first and plain(main) == plain(second)):
            pairs.append((main, second))
    return max(fuzz.ratio(plain(a), plain(b)) for a, b in pairs)


def _family_name(author: str) -> str:
    family = author.split(",")[0] if "," in author else author
    parts = [p for p in plain(family).split() if p not in _PARTICLES and len(p) > 1]
    return parts[-1] if parts else ""


def _authors_agree(stated: Sequence[str], held: Sequence[str]) -> bool:
    """Whether any stated author's family name stands in the held names, or the reverse."""
    names = {p for author in held for p in plain(author).split() if len(p) > 1}
    mine = {_family_name(a) for a in stated} - {""}
    theirs = {_family_name(a) for a in held} - {""}
    mentioned = {p for author in stated for p in plain(author).split()}
    return not mine or not theirs or bool(mine & names) or bool(theirs & mentioned)


def mismatches_of(reference: Reference, work: Work) -> Iterator[Mismatch]:
    """The stated fields that clearly differ from what an index holds; what is not stated agrees."""
    if reference.title and titles_agree(reference.title, work.title) < OTHER_TITLE:
        yield Mismatch(field="title", stated=reference.title, held=work.title)
    if reference.authors and work.authors and not _authors_agree(reference.authors, work.authors):
        yield Mismatch(field="authors", stated="; ".join(reference.authors), held="; ".join(work.authors[:10]))
    both_dated = reference.year is not None and work.year is not None
    if both_dated and abs((reference.year or 0) - (work.year or 0)) > MOST_YEARS_APART:
        yield Mismatch(field="year", stated=str(reference.year), held=str(work.year))


def stated_identifiers(reference: Reference) -> dict[str, str]:
    """Field: source id, for each identifier the reference states."""
    held = {"doi": reference.doi, "arxiv_id": reference.arxiv_id, "pmid": reference.pmid}
    prefix = {"doi": "doi:", "arxiv_id": "arxiv:", "pmid": "pmid:"}
    return {name: prefix[name] + value.casefold() for name, value in held.items() if value}


def _has_identifier(work: Work, identifier: str) -> bool:
    return identifier in {i.casefold() for i in (work.source_id, *work.aliases)}


def _by_title(reference: Reference, candidates: Sequence[Work]) -> Work | None:
    """The candidate with the stated title whose year and authors, where stated, agree."""
    if not reference.title:
        return None
    ranked = sorted(candidates, key=lambda w: (-titles_agree(reference.title or "", w.title), w.source_id))
    for work in ranked:
        if titles_agree(reference.title, work.title) < SAME_TITLE:
            return None
        if not list(mismatches_of(reference, work)):
            return work
    return None


def _described(work: Work, mismatches: tuple[Mismatch, ...], how: str, asked: tuple[str, ...]) -> ReferenceAudit:
    finding = ReferenceFinding.MISDESCRIBED if mismatches else ReferenceFinding.FOUND
    fields = ", ".join(m.field for m in mismatches)
    reason = f"{how}; what the record states differs in: {fields}" if fields else f"{how}; what is stated agrees"
    return ReferenceAudit(
        finding=finding,
        source_id=work.source_id,
        reason=reason,
        mismatches=mismatches,
        notices=work.notices,
        answered_by=asked,
    )


def _absent(finding: ReferenceFinding, reason: str, asked: tuple[str, ...]) -> ReferenceAudit:
    return ReferenceAudit(finding=finding, source_id=None, reason=reason, answered_by=asked)


def _came_with_record(candidates: Sequence[Work], asked: tuple[str, ...]) -> ReferenceAudit:
    own = sorted(w.source_id for w in candidates if w.origin == GIVEN)
    looked = f"{', '.join(asked)} does not know it" if asked else "it was not looked up"
    return ReferenceAudit(
        finding=ReferenceFinding.UNREACHABLE,
        source_id=own[0] if own else None,
        reason=f"its text came with the record, and {looked}; whether the work exists was not established",
        answered_by=asked,
    )


def _not_held(reference: Reference, asked: tuple[str, ...]) -> ReferenceAudit:
    """No candidate fits: what may be said depends on what was asked and on what there is to ask by."""
    names = ", ".join(asked)
    covered = bool(stated_identifiers(reference) or reference.title)
    if not asked:
        return _absent(ReferenceFinding.UNREACHABLE, "no index was asked", asked)
    if not covered and reference.url:
        reason = "a web address only; no index asked covers web pages"
        return _absent(ReferenceFinding.UNREACHABLE, reason, asked)
    if not covered:
        reason = "the reference states neither an identifier nor a title to look it up by"
        return _absent(ReferenceFinding.UNREACHABLE, reason, asked)
    if len(asked) >= ENOUGH_INDEXES:
        reason = f"{names} answered; none has its identifier or a near title"
        return _absent(ReferenceFinding.LIKELY_FABRICATED, reason, asked)
    reason = f"{names} answered and does not have it, but coverage is too thin to say more"
    return _absent(ReferenceFinding.UNFINDABLE, reason, asked)


def _by_identifier(reference: Reference, works: Sequence[Work], asked: tuple[str, ...]) -> ReferenceAudit | None:
    for name, identifier in stated_identifiers(reference).items():
        work = next((w for w in works if _has_identifier(w, identifier)), None)
        if work is None:
            continue
        differing = tuple(mismatches_of(reference, work))
        meant = _by_title(reference, [w for w in works if w is not work]) if differing else None
        if meant is None:
            return _described(work, differing, f"found by {name}", asked)
        wrong = Mismatch(field=name, stated=identifier, held=f"{work.source_id} ({work.title})")
        how = f"the stated {name} belongs to another work than the stated title"
        return _described(meant, (wrong,), how, asked)
    return None


def audit_reference(
    reference: Reference, candidates: Sequence[Work], *, indexes_asked: tuple[str, ...], given: bool
) -> ReferenceAudit:
    """Judge a reference by the works that the indexes offered for it.

    `indexes_asked` are the indexes that cover this kind of work and answered; `given` says that the
    source's text came with the record itself, which is no sign that the work exists.
    """
    works = sorted((w for w in candidates if w.origin != GIVEN), key=lambda w: w.source_id)
    found = _by_identifier(reference, works, indexes_asked)
    if found is not None:
        return found
    titled = _by_title(reference, works)
    if titled is not None:
        return _described(titled, (), "found by title", indexes_asked)
    if given:
        return _came_with_record(candidates, indexes_asked)
    return _not_held(reference, indexes_asked)
