"""Does a reference exist, and is it what the record says it is.

Owns the judgement over what the indexes answered; it fetches nothing (`pipelines.ingestion` does).
Input: a reference as the record states it, candidate works, the answers of indexes; output: a `ReferenceAudit`.
Does not belong here: who covers what (coverage.py), in what a reference differs (mismatches.py), notices (notices.py).

Suspicion is never said on thin coverage: a reference that nobody has is LIKELY_FABRICATED only by the rule of
`_doubt`, and while an index that could have it has not answered, it is UNREACHABLE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.ingestion.folding import is_latin
from pipelines.ingestion.identifiers import stated_identifiers
from pipelines.ingestion.likeness import (
    authors_agree,
    holds_title,
    is_distinctive,
    same_title,
    shared_words,
    title_likeness,
)
from pipelines.models import IndexAnswer, Mismatch, Reference, ReferenceAudit, ReferenceFinding, Work
from pipelines.verification.coverage import (
    AUTHORITIES,
    COLLECTIONS,
    COVERAGE,
    IDENTIFIER_TITLES,
    NOTICE_KEEPERS,
    ReferenceKind,
    in_words,
    is_denied,
    reference_kind,
    voices,
)
from pipelines.verification.mismatches import mismatches_of, title_fits
from pipelines.verification.notices import names_of, notices_of

AUDIT_VERSION = "audit-2026.11.2"
ENOUGH_VOICES = 2  # collections that must have answered before a reference is called likely fabricated
NEAR_TITLE = 0.75  # share of the words in common from which a title is near: a bad copy of a real one, perhaps
HALF_TITLE = 0.4  # the same, where the people and the year agree too
FIRST_COVERED_YEAR = 1950  # before it, indexes hold too little for an absence to mean anything
MOST_COAUTHORS = 20  # of a reference that are looked for one by one
GIVEN = "given"  # origin of a work that came with the record: the record's word, no index's
HELD, FAILED = "held", "failed"
FIELD_NAMES = {"arxiv": "arxiv_id"}  # scheme to field of `Reference`, where they differ


@dataclass(frozen=True)
class _Case:
    """A reference with all that is known about it."""

    reference: Reference
    works: tuple[Work, ...]
    answers: tuple[IndexAnswer, ...]
    library: tuple[str, ...]

    @property
    def identifiers(self) -> dict[str, str]:
        return stated_identifiers(self.reference)

    @property
    def kind(self) -> ReferenceKind:
        return reference_kind(self.reference)

    @property
    def answered(self) -> frozenset[str]:
        """Indexes that answered any question."""
        return frozenset(one.index for one in self.answers if one.outcome != FAILED)

    @property
    def denied(self) -> tuple[str, ...]:
        """Schemes of the stated identifiers that do not exist, by the word of those who can tell."""
        return tuple(s for s, value in self.identifiers.items() if is_denied(s, value, self.answers))

    @property
    def silent(self) -> frozenset[str]:
        """Indexes that could hold the work, or settle an identifier, and failed to answer.

        Where an identifier is denied, only the main indexes of the kind are waited for; else all that were asked.
        """
        main, questions = COVERAGE[self.kind].main, ("title",) if self.reference.title else tuple(self.identifiers)
        heard = {COLLECTIONS.get(one.index, one.index) for one in self._asked(questions, failed=False)}
        failed = {one.index for one in self._asked(questions, failed=True)}
        unheard = failed & main if self.denied and main else failed
        unsettled = {
            one.index
            for one in self.answers
            if one.outcome == FAILED and one.by not in self.denied and _is_authority(one.index, one.by)
        }
        return frozenset(index for index in unheard if COLLECTIONS.get(index, index) not in heard) | unsettled

    def _asked(self, by: Sequence[str], *, failed: bool) -> Iterator[IndexAnswer]:
        return (one for one in self.answers if one.by in by and (one.outcome == FAILED) is failed)

    def covering(self) -> frozenset[str]:
        """Indexes that cover this kind of work and answered: by title where one is stated."""
        questions = ("title",) if self.reference.title else tuple(self.identifiers)
        return COVERAGE[self.kind].all & {one.index for one in self._asked(questions, failed=False)}


def _is_authority(index: str, scheme: str) -> bool:
    return any(index in authority for authority in AUTHORITIES.get(scheme, ()))


def audit_reference(
    reference: Reference,
    candidates: Sequence[Work],
    *,
    answers: Sequence[IndexAnswer],
    given: bool,
    library: tuple[str, ...] = (),
) -> ReferenceAudit:
    """Judge a reference by the works that indexes offered for it and by what each of them answered.

    `answers` are all questions asked of online indexes for this reference, failures included; `library` names the
    local libraries that were searched. `given` says that the source's text came with the record itself, which is
    no sign that the work exists.
    """
    works = tuple(sorted((w for w in candidates if w.origin != GIVEN), key=lambda w: (w.source_id, w.origin, w.title)))
    case = _Case(reference, works, tuple(answers), library)
    found = _by_identifier(case) or _by_title(case)
    if found is None and given:
        found = _came_with_record(case, candidates)
    return (found or _not_held(case)).model_copy(
        update={"answered_by": tuple(dict.fromkeys((*library, *sorted(case.answered)))), "answers": case.answers}
    )


# --- found -------------------------------------------------------------------------------------


def _by_identifier(case: _Case) -> ReferenceAudit | None:
    """The work under a stated identifier, or the one that is described where that is another."""
    under = {
        scheme: work
        for scheme, value in case.identifiers.items()
        if (work := _bearing(f"{scheme}:{value}", case)) is not None
    }
    if not under:
        return None
    ranked = sorted(under, key=lambda scheme: len(list(mismatches_of(case.reference, under[scheme]))))
    best = ranked[0]
    work, differing = under[best], tuple(mismatches_of(case.reference, under[best]))
    how = f"found by its {IDENTIFIER_TITLES[best]}"
    meant = _described_work(case, work, len(differing)) if _differs_in("title", differing) else None
    if meant is not None:
        work, differing = meant, tuple(mismatches_of(case.reference, meant))
        how = f"its {IDENTIFIER_TITLES[best]} belongs to another work than its title"
    elif _differs_in("title", differing) and _differs_in("authors", differing):
        how = f"its {IDENTIFIER_TITLES[best]} belongs to another work than the one described, which nobody has"
    wrong = [_of_another(s, case, other, work) for s, other in under.items() if _is_other_work(other, work)]
    wrong += _denied_identifiers(case, work)
    return _described(case, work, (*wrong, *differing), how)


def _bearing(name: str, case: _Case) -> Work | None:
    """The candidate with an identifier; of several the one that fits the reference best."""
    bearing = [work for work in case.works if name.casefold() in names_of(work)]
    return min(bearing, key=lambda work: len(list(mismatches_of(case.reference, work))), default=None)


def _differs_in(field: str, mismatches: Sequence[Mismatch]) -> bool:
    return any(one.field == field for one in mismatches)


def _described_work(case: _Case, besides: Work, fewer_than: int) -> Work | None:
    """Another candidate with the stated title, from which the reference differs in less."""
    others = [
        (len(list(mismatches_of(case.reference, work))), work)
        for work in _same_titled(case)
        if _is_other_work(work, besides)
    ]
    differing, work = min(others, key=lambda pair: pair[0], default=(fewer_than, None))
    return work if differing < fewer_than else None


def _same_titled(case: _Case) -> list[Work]:
    title = case.reference.title
    if not title:
        return []
    same = [
        (title_likeness(title, work.title), work)
        for work in case.works
        if same_title(title, work.title) or (holds_title(title, work.title) and title_fits(case.reference, work))
    ]
    return [work for _, work in sorted(same, key=lambda pair: (-pair[0], pair[1].source_id))]


def _is_other_work(one: Work, other: Work) -> bool:
    """Copies of a work in several indexes, or its preprint, are no other works."""
    linked = names_of(one) | {version.source_id.casefold() for version in one.versions}
    return not linked & names_of(other) and not same_title(one.title, other.title)


def _of_another(scheme: str, case: _Case, other: Work, work: Work) -> Mismatch:
    name = FIELD_NAMES.get(scheme, scheme)
    return Mismatch(field=name, stated=case.identifiers[scheme], held=f"{other.source_id} ({other.title})")


def _denied_identifiers(case: _Case, work: Work) -> list[Mismatch]:
    """Stated identifiers that no registry knows, with the one that the work has."""
    names = (work.source_id, *work.aliases)
    return [
        Mismatch(
            field=FIELD_NAMES.get(scheme, scheme),
            stated=case.identifiers[scheme],
            held=next((name for name in names if name.startswith(f"{scheme}:")), "known to no registry"),
        )
        for scheme in case.denied
        if f"{scheme}:{case.identifiers[scheme]}".casefold() not in names_of(work)
    ]


def _by_title(case: _Case) -> ReferenceAudit | None:
    """The candidate with the stated title, or with one near it by the same people of the same time."""
    same = [(tuple(mismatches_of(case.reference, work)), work) for work in _same_titled(case)]
    if not same:
        return _by_near_title(case)
    differing, work = min(same, key=lambda pair: len(pair[0]))
    if len(differing) > 1 or (differing and not _is_identified(case, work, differing[0].field)):
        return None
    return _described(case, work, (*_denied_identifiers(case, work), *differing), "found by its title")


def _is_identified(case: _Case, work: Work, differing: str) -> bool:
    """Whether a title tells which work is meant although one thing differs: it is telling, or people agree."""
    if is_distinctive(work.title):
        return True
    stated, held = case.reference.authors[:MOST_COAUTHORS], work.authors
    if differing == "year":
        return bool(stated and held)
    return case.reference.year is not None and any(authors_agree([one], held) for one in stated[1:])


def _by_near_title(case: _Case) -> ReferenceAudit | None:
    """A bad copy of a real title: the people and the year must be stated and agree, or nothing is concluded."""
    how = "no work has the stated title, but one by the same people of the same time has a near one"
    for work in _near_titled(case, NEAR_TITLE):
        if _by_same_people(case, work):
            differing = tuple(mismatches_of(case.reference, work))
            return _described(case, work, (*_denied_identifiers(case, work), *differing), how)
    return None


def _near_titled(case: _Case, share: float) -> list[Work]:
    """Candidates that have at least this share of the words of the stated title, the nearest first."""
    title = case.reference.title
    if not title:
        return []
    near = [(shared_words(title, work.title), work) for work in case.works]
    return [work for at, work in sorted(near, key=lambda pair: (-pair[0], pair[1].source_id)) if at >= share]


def _by_same_people(case: _Case, work: Work) -> bool:
    """Whether people and year are stated, are held, and agree."""
    if not (case.reference.authors and case.reference.year and work.authors and work.year):
        return False
    return {one.field for one in mismatches_of(case.reference, work)} <= {"title"}


def _described(case: _Case, work: Work, mismatches: tuple[Mismatch, ...], how: str) -> ReferenceAudit:
    finding = ReferenceFinding.MISDESCRIBED if mismatches else ReferenceFinding.FOUND
    fields = ", ".join(_field_in_words(one.field) for one in mismatches)
    stated = f"what the record states differs in: {fields}" if fields else "what is stated agrees"
    keepers = sorted({one.index for one in case.answers if one.outcome == FAILED and one.index in NOTICE_KEEPERS})
    unknown = f"; {in_words(keepers)} did not answer and may hold notices about it" if keepers else ""
    return ReferenceAudit(
        finding=finding,
        source_id=work.source_id,
        reason=f"{how}, by the word of {in_words(_holders(case, work))}; {stated}{unknown}",
        mismatches=mismatches,
        notices=notices_of(case.reference, work, case.works),
    )


def _holders(case: _Case, work: Work) -> tuple[str, ...]:
    """Who answered that they hold the work under a stated identifier; else who described it."""
    stated = {f"{scheme}:{value}".casefold() for scheme, value in case.identifiers.items()} & names_of(work)
    asked = (one for one in case.answers if one.outcome == HELD and f"{one.by}:{one.value}".casefold() in stated)
    return tuple(one.index for one in asked) or (work.origin,)


def _field_in_words(field: str) -> str:
    return IDENTIFIER_TITLES.get(field.removesuffix("_id"), field)


# --- not found ---------------------------------------------------------------------------------


def _came_with_record(case: _Case, candidates: Sequence[Work]) -> ReferenceAudit:
    own = sorted(work.source_id for work in candidates if work.origin == GIVEN)
    asked = (*case.library, *case.answered)
    looked = f"{in_words(asked)} did not have it" if asked else "it was not looked up"
    reason = f"its text came with the record, and {looked}; whether the work exists was not established"
    return ReferenceAudit(finding=ReferenceFinding.UNREACHABLE, source_id=own[0] if own else None, reason=reason)


def _not_held(case: _Case) -> ReferenceAudit:
    """No candidate fits: what may be said depends on what was asked, what answered, and what covers it."""
    asked = (*case.library, *case.answered)
    failed = frozenset(one.index for one in case.answers if one.outcome == FAILED)
    if not (case.identifiers or case.reference.title):
        nothing = "the reference states neither an identifier nor a title to look it up by"
        page = "the reference states a web address only, and no index covers web pages"
        return _absent(ReferenceFinding.UNREACHABLE, page if case.reference.url else nothing)
    if not asked:
        reason = f"{in_words(failed)} did not answer" if failed else "no index was asked"
        return _absent(ReferenceFinding.UNREACHABLE, reason)
    without = f"{in_words(asked)} answered and {'does' if len(asked) == 1 else 'do'} not have it"
    if case.silent:
        reason = f"{without}, but {in_words(case.silent)} did not answer and might"
        return _absent(ReferenceFinding.UNREACHABLE, reason)
    doubt = _doubt(case)
    if doubt is not None:
        return _absent(ReferenceFinding.UNFINDABLE, f"{without}; {doubt}")
    return _absent(ReferenceFinding.LIKELY_FABRICATED, f"{without}; {_suspicion(case)}")


def _doubt(case: _Case) -> str | None:
    """Why an absence does not mean that the work does not exist; None where nothing speaks against that."""
    covering, title = case.covering(), case.reference.title
    undenied = [IDENTIFIER_TITLES[scheme] for scheme in case.identifiers if scheme not in case.denied]
    near = next(iter(_near_titled(case, NEAR_TITLE)), None)
    like = next((work for work in _near_titled(case, HALF_TITLE) if _by_same_people(case, work)), None)
    held = sorted({one.by for one in case.answers if one.outcome == HELD and one.by in case.identifiers})
    doubts = (
        (bool(held), f"its {' and '.join(IDENTIFIER_TITLES[by] for by in held)} exists, of what is not said"),
        (near is not None, f"a work with a near title exists: {near.title if near else ''}"),
        (like is not None, f"the same people wrote something like it: {like.title if like else ''}"),
        (not COVERAGE[case.kind].all, f"no index covers this kind of work ({case.kind.value}) well enough to say more"),
        (voices(covering) < ENOUGH_VOICES, "coverage is too thin to say more"),
        (bool(undenied), f"who could tell was not asked whether the {' and '.join(undenied)} exists"),
        (bool(title) and not _is_searchable(case), "its title alone is too little to search by"),
    )
    return next((reason for holds, reason in doubts if holds), None)


def _is_searchable(case: _Case) -> bool:
    """Whether an index that holds the work would have found it by what is stated."""
    title, year = case.reference.title or "", case.reference.year
    if case.denied:
        return True
    asked = [one.asked_at.year for one in case.answers if one.asked_at is not None]
    is_recent = year is not None and bool(asked) and year >= max(asked)
    is_old = year is not None and year < FIRST_COVERED_YEAR
    return (
        is_distinctive(title) and is_latin(title) and not is_recent and not is_old and not title.endswith(("...", "…"))
    )


def _suspicion(case: _Case) -> str:
    """The rule in words: two collections that cover the kind have no near title, and no identifier exists."""
    parts = [f"they cover this kind of work ({case.kind.value})"]
    if case.reference.title:
        parts.append(f"{in_words(case.covering())} {'has' if len(case.covering()) == 1 else 'have'} no near title")
    if case.denied:
        parts.append(f"its {' and '.join(IDENTIFIER_TITLES[one] for one in case.denied)} is known to no registry")
    if not case.reference.title:
        parts.append("and no title is stated to tell an invention from a misprint")
    return ", ".join(parts)


def _absent(finding: ReferenceFinding, reason: str) -> ReferenceAudit:
    return ReferenceAudit(finding=finding, source_id=None, reason=reason)
