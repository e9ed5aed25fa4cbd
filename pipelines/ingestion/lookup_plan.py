"""Which questions a reference calls for, given what was answered so far.

A walk in stages: by the stated identifiers; by registries that could hold what those lack; by title, where
nothing found is what the reference says; then for the other identifiers of the work that was found, since a
retraction is announced on the version of record and not on the preprint; then for a text. Pure: the same
answers give the same walk, so that a later run, or the audit, retraces it from the warehouse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipelines.ingestion.announcements import announced
from pipelines.ingestion.identifiers import stated_identifiers
from pipelines.ingestion.indexes.contract import IDENTIFYING, By, Lookup
from pipelines.ingestion.likeness import same_title
from pipelines.ingestion.lookups import Known
from pipelines.ingestion.merging import merged_works
from pipelines.models import IndexAnswer, Reference, Work

ARXIV_DOI = "10.48550/arxiv."
LONGEST_TITLE = 300  # characters of a title that are sent
SHORTEST_TITLE = 10
FULL_TEXT = "fulltext"
VERSIONS_OF_ARXIV = "arxiv-oai"  # tells every version with its date, but one paper a request: asked where one is stated
MOST_PLACES = 3  # where one full text is tried to be had

Question = tuple[str, By]
_SCHEMES = {by.value: by for by in IDENTIFYING}

DIRECT: Mapping[By, tuple[Question, ...]] = {
    By.DOI: (("crossref", By.DOI), ("openalex", By.DOI)),
    By.ARXIV: (("arxiv", By.ARXIV), ("semantic-scholar", By.ARXIV)),
    By.PMID: (("pubmed", By.PMID), ("europe-pmc", By.PMID)),
    By.PMCID: (("europe-pmc", By.PMCID), ("openalex", By.PMCID)),
    By.OPENALEX: (("openalex", By.OPENALEX),),
    By.S2: (("semantic-scholar", By.S2),),
}
# Asked where the direct ones do not hold it: other registration agencies, and the resolver that knows them all.
REGISTRIES: Mapping[By, tuple[Question, ...]] = {
    By.DOI: (("datacite", By.DOI), ("doi", By.DOI)),
}
TITLE_FIRST = ("crossref", "openalex")
TITLE_SECOND = ("semantic-scholar", "europe-pmc", "arxiv")
# Asked about the work that was found, under each identifier that it bears.
OF_THE_FOUND: Mapping[By, tuple[Question, ...]] = {
    By.DOI: (("crossref", By.DOI), ("crossref", By.NOTICES)),
    By.ARXIV: (("arxiv", By.ARXIV),),
    By.PMID: (("pubmed", By.PMID),),
}
FOR_TEXT: Mapping[By, tuple[Question, ...]] = {
    By.DOI: (("europe-pmc", By.DOI), ("semantic-scholar", By.DOI)),
    By.PMID: (("europe-pmc", By.PMID),),
}
FOR_PLACES: tuple[Question, ...] = (("unpaywall", By.DOI),)


@dataclass(frozen=True)
class Walk:
    """A reference, what is known of the questions asked for it so far, and which indexes may be asked."""

    reference: Reference
    known: Mapping[str, Known]
    able: frozenset[str]
    asked: tuple[Lookup, ...] = ()

    @cached_property
    def works(self) -> tuple[Work, ...]:
        """All works that the answers so far gave, one for each publication, with its full text where it was had."""
        answers = [self.known[one.key] for one in self.asked if one.key in self.known]
        texts = {one.lookup.value: one.works for one in answers if one.lookup.by is By.URL}
        found = merged_works(work for one in answers if one.lookup.by is not By.URL for work in one.works)
        return announced(_with_full_text(work, texts) for work in found)

    @cached_property
    def fitting(self) -> tuple[Work, ...]:
        """Of these, the works under a stated identifier, and those of the stated title."""
        names = {f"{by.value}:{value}".casefold() for by, value in stated(self.reference)}
        title = self.reference.title
        return tuple(
            work
            for work in self.works
            if names & {one.casefold() for one in (work.source_id, *work.aliases)}
            or (title and same_title(title, work.title))
        )

    @cached_property
    def satisfied(self) -> bool:
        """Whether something was found that bears the stated title, or anything where none is stated."""
        title = self.reference.title
        return any(not title or same_title(title, work.title) for work in self.fitting)

    @property
    def waiting(self) -> bool:
        return any(one.key not in self.known for one in self.asked)


def lookups_of(reference: Reference, known: Mapping[str, Known], able: frozenset[str]) -> tuple[Lookup, ...]:
    """All questions that this reference calls for as far as the answers known allow to tell."""
    walk = Walk(reference, known, able)
    for stage in STAGES:
        more = tuple(dict.fromkeys((*walk.asked, *(one for one in stage(walk) if one.index in able))))
        if len(more) > len(walk.asked):
            walk = Walk(reference, known, able, more)
        if walk.waiting:
            break
    return walk.asked


def works_found(reference: Reference, known: Mapping[str, Known], able: frozenset[str]) -> tuple[Work, ...]:
    """The works that the answers give for this reference: candidates, not yet judged."""
    return Walk(reference, known, able, lookups_of(reference, known, able)).works


def answers_for(reference: Reference, known: Mapping[str, Known], able: frozenset[str]) -> tuple[IndexAnswer, ...]:
    """Every answer that the findings about this reference rest on, failures included."""
    asked = lookups_of(reference, known, able)
    return tuple(known[one.key].as_answer() for one in asked if one.key in known)


def answers_digest(references: Iterable[Reference], known: Mapping[str, Known], able: frozenset[str]) -> str | None:
    """A digest over what the indexes said about these references; None where none said anything.

    It does not move when an index says the same again, nor when it fails.
    """
    asked = (one for each in references for one in lookups_of(each, known, able))
    answers = {one.key: known[one.key] for one in asked if one.key in known}
    said = [f"{key} {one.outcome} {one.works_sha256}" for key, one in sorted(answers.items()) if one.answered]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32] if said else None


def stated(reference: Reference) -> tuple[tuple[By, str], ...]:
    """The identifiers that a reference states, as what indexes are asked by."""
    return tuple((_SCHEMES[scheme], value) for scheme, value in stated_identifiers(reference).items())


def _direct(walk: Walk) -> Iterator[Lookup]:
    for by, value in stated(walk.reference):
        yield from _questions(DIRECT, by, value)
    if walk.reference.arxiv_id and walk.reference.arxiv_version:
        yield Lookup(VERSIONS_OF_ARXIV, By.ARXIV, walk.reference.arxiv_id)


def _registries(walk: Walk) -> Iterator[Lookup]:
    held = {name for work in walk.works for name in (work.source_id, *work.aliases)}
    for by, value in stated(walk.reference):
        if f"{by.value}:{value}" not in held:
            yield from _questions(REGISTRIES, by, value)


def _titles(indexes: Iterable[str]) -> Callable[[Walk], Iterator[Lookup]]:
    def stage(walk: Walk) -> Iterator[Lookup]:
        title = " ".join((walk.reference.title or "").split())[:LONGEST_TITLE]
        if len(title) >= SHORTEST_TITLE and not walk.satisfied:
            yield from (Lookup(index, By.TITLE, title) for index in indexes)

    return stage


def _of_the_found(walk: Walk) -> Iterator[Lookup]:
    for work in walk.fitting:
        for by, value in _identifiers(work):
            yield from _questions(OF_THE_FOUND, by, value)


def _for_text(walk: Walk) -> Iterator[Lookup]:
    fitting = walk.fitting
    if any(work.text for work in fitting):
        return
    for work in fitting:
        for by, value in _identifiers(work):
            yield from _questions(FOR_TEXT, by, value)


def _places(walk: Walk) -> Iterator[Lookup]:
    """Who knows where an open text lies, where nobody has said."""
    if FULL_TEXT not in walk.able:
        return
    for work in walk.fitting:
        if work.text_kind != "fulltext" and not work.full_texts:
            for by, value in _identifiers(work):
                yield from (Lookup(index, how, value) for index, how in FOR_PLACES if how is by)


def _full_texts(walk: Walk) -> Iterator[Lookup]:
    """The places of full texts, one after the other until one gives it; asked for only where that is allowed."""
    if FULL_TEXT not in walk.able:
        return
    for work in walk.fitting:
        if work.text_kind == "fulltext":
            continue
        for location in work.full_texts[:MOST_PLACES]:
            lookup = Lookup(FULL_TEXT, By.URL, location.url)
            yield lookup
            known = walk.known.get(lookup.key)
            if known is None or known.works:
                break


def _with_full_text(work: Work, texts: Mapping[str, tuple[Work, ...]]) -> Work:
    for location in work.full_texts:
        for held in texts.get(location.url, ()):
            said = {"text": held.text, "text_kind": held.text_kind, "complete": held.complete}
            return work.model_copy(update={**said, "licence": location.licence or work.licence})
    return work


def _identifiers(work: Work) -> Iterator[tuple[By, str]]:
    for name in (work.source_id, *work.aliases):
        scheme, _, value = name.partition(":")
        if scheme in _SCHEMES and not value.startswith(ARXIV_DOI):
            yield _SCHEMES[scheme], value


def _questions(table: Mapping[By, tuple[Question, ...]], by: By, value: str) -> Iterator[Lookup]:
    yield from (Lookup(index, how, value) for index, how in table.get(by, ()))


STAGES: tuple[Callable[[Walk], Iterator[Lookup]], ...] = (
    _direct,
    _registries,
    _titles(TITLE_FIRST),
    _titles(TITLE_SECOND),
    _of_the_found,
    _for_text,
    _places,
    _full_texts,
)
