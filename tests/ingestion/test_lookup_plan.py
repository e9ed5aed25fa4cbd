"""The plan of questions: what a reference calls for, stage by stage, given what was answered."""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.ingestion.indexes.contract import By, Lookup
from pipelines.ingestion.lookup_plan import answers_digest, answers_for, lookups_of, works_found
from pipelines.ingestion.lookups import Known, Outcome
from pipelines.models import Notice, NoticeKind, Reference, Update, Work

ALL = frozenset(
    {"crossref", "openalex", "arxiv", "semantic-scholar", "pubmed", "europe-pmc", "datacite", "doi"},
)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TITLE = "Moss as a roof over wet tiles"


def reference(**stated: object) -> Reference:
    return Reference.model_validate({"ordinal": 1, "raw": "as listed", **stated})


def held(lookup: Lookup, *works: Work) -> Known:
    return Known(lookup, Outcome.HELD if works else Outcome.ABSENT, works, asked_at=NOON, works_sha256=str(works))


def failed(lookup: Lookup) -> Known:
    return Known(lookup, Outcome.FAILED, reason="it answered 503", asked_at=NOON)


def asked(reference: Reference, *known: Known) -> list[str]:
    return [one.key for one in lookups_of(reference, {one.lookup.key: one for one in known}, ALL)]


def moss(source_id: str = "doi:10.1/moss", *aliases: str, text: str | None = "It is wet.", title: str = TITLE) -> Work:
    return Work(source_id=source_id, aliases=aliases, title=title, text=text, origin="crossref")


CROSSREF = Lookup("crossref", By.DOI, "10.1/moss")
OPENALEX = Lookup("openalex", By.DOI, "10.1/moss")
NOTICES = Lookup("crossref", By.NOTICES, "10.1/moss")
DATACITE = Lookup("datacite", By.DOI, "10.1/moss")
RESOLVER = Lookup("doi", By.DOI, "10.1/moss")


def test_a_doi_is_asked_of_two_indexes_before_anything_else() -> None:
    assert asked(reference(doi="10.1/moss", title=TITLE)) == [CROSSREF.key, OPENALEX.key]


def test_a_work_that_is_what_was_stated_needs_its_notices_only() -> None:
    said = asked(reference(doi="10.1/moss", title=TITLE), held(CROSSREF, moss()), held(OPENALEX, moss()))
    assert said == [CROSSREF.key, OPENALEX.key, NOTICES.key]


def test_a_doi_that_crossref_lacks_is_asked_of_the_other_registries() -> None:
    said = asked(reference(doi="10.1/moss"), held(CROSSREF), held(OPENALEX))
    assert said[2:] == [DATACITE.key, RESOLVER.key]


def test_a_title_is_searched_for_where_the_identifier_belongs_to_another_work() -> None:
    other = moss(title="A ledger of the harbour dues of 1794")
    said = asked(reference(doi="10.1/moss", title=TITLE), held(CROSSREF, other), held(OPENALEX, other))
    assert said[2:] == [f"crossref:title:{TITLE}", f"openalex:title:{TITLE}"]


def test_the_version_of_record_is_asked_about_when_only_the_preprint_was_cited() -> None:
    preprint = moss("doi:10.1/moss", "arxiv:2406.00001")
    known = [
        held(Lookup("arxiv", By.ARXIV, "2406.00001"), preprint),
        held(Lookup("semantic-scholar", By.ARXIV, "2406.00001"), preprint),
    ]
    said = asked(reference(arxiv_id="2406.00001"), *known)
    assert said[2:] == [CROSSREF.key, NOTICES.key]


def test_a_text_is_asked_for_where_none_came() -> None:
    bare = moss(text=None)
    said = asked(reference(doi="10.1/moss"), held(CROSSREF, bare), held(OPENALEX, bare), held(NOTICES))
    assert said[3:] == ["europe-pmc:doi:10.1/moss", "semantic-scholar:doi:10.1/moss"]


def test_nothing_is_asked_for_a_web_address() -> None:
    assert asked(reference(url="https://example.org/a-page")) == []


def test_an_arxiv_doi_is_asked_of_arxiv() -> None:
    said = asked(reference(doi="10.48550/arxiv.2406.00001", arxiv_id="2406.00001"))
    assert said == ["arxiv:arxiv:2406.00001", "semantic-scholar:arxiv:2406.00001"]


def test_hits_of_a_title_search_that_are_other_works_raise_no_questions() -> None:
    other = moss("doi:10.1/other", title="A ledger of the harbour dues of 1794")
    title = reference(title=TITLE)
    first = [held(Lookup(name, By.TITLE, TITLE), other) for name in ("crossref", "openalex")]
    second = [held(Lookup(name, By.TITLE, TITLE), other) for name in ("semantic-scholar", "europe-pmc", "arxiv")]
    assert asked(title, *first, *second) == [one.lookup.key for one in (*first, *second)]


def test_a_failed_question_keeps_its_place_among_the_answers() -> None:
    stated = reference(doi="10.1/moss", title=TITLE)
    known = {one.lookup.key: one for one in (failed(CROSSREF), held(OPENALEX, moss()), held(NOTICES))}
    answers = answers_for(stated, known, ALL)
    assert (answers[0].index, answers[0].by, answers[0].outcome) == ("crossref", "doi", "failed")
    assert works_found(stated, known, ALL)[0].source_id == "doi:10.1/moss"


def test_the_digest_moves_with_what_was_said_and_not_with_failures() -> None:
    stated = reference(doi="10.1/moss", title=TITLE)
    first = {one.lookup.key: one for one in (held(CROSSREF, moss()), held(OPENALEX, moss()))}
    with_failure = {**first, NOTICES.key: failed(NOTICES)}
    other = {**first, CROSSREF.key: held(CROSSREF, moss(text="It is dry."))}
    assert answers_digest([stated], first, ALL) == answers_digest([stated], with_failure, ALL)
    assert answers_digest([stated], first, ALL) != answers_digest([stated], other, ALL)
    assert answers_digest([stated], {}, ALL) is None


def test_a_retraction_that_only_its_notice_tells_of_reaches_the_original() -> None:
    retracted = Notice(kind=NoticeKind.RETRACTED, id="doi:10.1/notice", origin="crossref:publisher")
    notice = Work(
        source_id="doi:10.1/notice",
        title="Retraction",
        updates=(Update(target="doi:10.1/moss", notice=retracted),),
        origin="crossref",
    )
    stated = reference(doi="10.1/moss", title=TITLE)
    known = {one.lookup.key: one for one in (held(CROSSREF, moss()), held(OPENALEX, moss()), held(NOTICES, notice))}
    found = {work.source_id: work for work in works_found(stated, known, ALL)}
    assert found["doi:10.1/moss"].notices == (retracted,)
    assert found["doi:10.1/notice"].notices == ()


def test_a_retraction_that_was_taken_back_does_not_return_by_its_notice() -> None:
    taken_back = Notice(kind=NoticeKind.CORRECTED, origin="crossref:publisher", detail="retracted, then reinstated")
    notice = Work(
        source_id="doi:10.1/notice",
        title="Retraction",
        updates=(
            Update(target="doi:10.1/moss", notice=Notice(kind=NoticeKind.RETRACTED, origin="crossref:publisher")),
        ),
        origin="crossref",
    )
    work = moss().model_copy(update={"notices": (taken_back,)})
    stated = reference(doi="10.1/moss", title=TITLE)
    known = {one.lookup.key: one for one in (held(CROSSREF, work), held(OPENALEX, work), held(NOTICES, notice))}
    (found,) = (one for one in works_found(stated, known, ALL) if one.source_id == "doi:10.1/moss")
    assert found.notices == (taken_back,)
