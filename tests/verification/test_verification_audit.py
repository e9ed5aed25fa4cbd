"""References: one row per case of the table of findings. All works are invented for this test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.models import (
    IndexAnswer,
    Notice,
    NoticeKind,
    Reference,
    ReferenceAudit,
    ReferenceFinding,
    Update,
    Work,
    WorkVersion,
)
from pipelines.verification.audit import audit_reference

RETRACTED = Notice(kind=NoticeKind.RETRACTED, origin="library:works.jsonl")
HELD = Work(
    source_id="doi:10.5555/tide", aliases=("arxiv:2401.00001",), title="Tidal Memory: Learning to Forget on Schedule",
    authors=("Marta Øverland", "Jun Ito"), year=2023, notices=(RETRACTED,), origin="library:works.jsonl",
)  # fmt: skip
OTHER = Work(
    source_id="doi:10.5555/moss", title="Moss Growth as a Random Field", authors=("A. Brandt",), year=2019,
    origin="library:works.jsonl",
)  # fmt: skip
PAIR = Work(
    source_id="doi:10.5555/pair", title="Salt and Sand", authors=("K. Lund", "Jun Ito"), year=2002, origin="crossref"
)
SHORT = Work(source_id="doi:10.5555/salt", title="Salt", authors=("K. Lund",), year=2001, origin="crossref")
GIVEN = HELD.model_copy(update={"source_id": "title:abc", "aliases": (), "origin": "given"})
FOUND, MISDESCRIBED = ReferenceFinding.FOUND, ReferenceFinding.MISDESCRIBED
UNFINDABLE, UNREACHABLE = ReferenceFinding.UNFINDABLE, ReferenceFinding.UNREACHABLE
FABRICATED = ReferenceFinding.LIKELY_FABRICATED
TITLE = HELD.title
INVENTED = "Salt Marsh Automata and the Grammar of Dunes"

CASES: list[tuple[str, dict[str, Any], ReferenceFinding, list[str]]] = [
    ("identifier alone", {"doi": "10.5555/tide"}, FOUND, []),
    ("alias", {"arxiv_id": "2401.00001", "title": TITLE}, FOUND, []),
    ("the DOI that arXiv gives", {"doi": "10.48550/arXiv.2401.00001v2", "title": TITLE}, FOUND, []),
    (
        "title in other case, TeX",
        {"doi": "10.5555/tide", "title": "{TIDAL} Memory -- learning to forget on \\emph{schedule}"},
        FOUND,
        [],
    ),
    ("no subtitle", {"doi": "10.5555/tide", "title": "Tidal Memory"}, FOUND, []),
    ("year of the preprint", {"doi": "10.5555/tide", "year": 2022}, FOUND, []),
    ("accents folded", {"doi": "10.5555/tide", "authors": ("Overland, M.",)}, FOUND, []),
    ("title read amiss", {"doi": "10.5555/moss", "title": "Moss", "raw": f"Brandt. {OTHER.title}. 2019"}, FOUND, []),
    (
        "a longer title that holds the held one",
        {"doi": "10.5555/moss", "title": f"{OTHER.title} of Sand", "raw": f"Brandt. {OTHER.title} of Sand. 2019"},
        MISDESCRIBED,
        ["title"],
    ),
    (
        "the retraction notice of the held one",
        {"doi": "10.5555/moss", "title": f"Retraction: {OTHER.title}", "raw": f"Retraction: {OTHER.title}. 2019"},
        MISDESCRIBED,
        ["title"],
    ),
    (
        "the whole entry read as its title",
        {"title": f"Brandt, A., {OTHER.title}, J. Moss 3", "raw": f"Brandt, A., {OTHER.title}, J. Moss 3"},
        FOUND,
        [],
    ),
    ("the beginning of the title", {"doi": "10.5555/moss", "title": "Moss Growth as a"}, FOUND, []),
    (
        "a title that many works have, a co-author and the year",
        {"title": "Salt and Sand", "authors": ("P. Nowak", "J. Ito"), "year": 2002},
        MISDESCRIBED,
        ["authors"],
    ),
    (
        "the title in quotes with what follows",
        {"doi": "10.5555/moss", "title": f'"{OTHER.title}.", Journal', "raw": f'A. Brandt, "{OTHER.title}.", Journal'},
        FOUND,
        [],
    ),
    ("a title without words", {"doi": "10.5555/moss", "title": "***"}, FOUND, []),
    ("a translated title", {"doi": "10.5555/moss", "title": "Рост мха как случайное поле"}, FOUND, []),
    ("other title", {"doi": "10.5555/tide", "title": "A Survey of Volcanic Glass"}, MISDESCRIBED, ["title"]),
    ("one other word", {"doi": "10.5555/moss", "title": "Moss Decay as a Random Field"}, MISDESCRIBED, ["title"]),
    ("other authors", {"doi": "10.5555/tide", "authors": ("P. Nowak",)}, MISDESCRIBED, ["authors"]),
    ("first author invented", {"doi": "10.5555/tide", "authors": ("P. Nowak", "J. Ito")}, MISDESCRIBED, ["authors"]),
    ("other year", {"doi": "10.5555/tide", "year": 2011}, MISDESCRIBED, ["year"]),
    ("title alone", {"title": TITLE, "year": 2023}, FOUND, []),
    ("title, wrong year", {"title": TITLE, "year": 2001}, MISDESCRIBED, ["year"]),
    ("title, wrong people and year", {"title": TITLE, "year": 2001, "authors": ("P. Nowak",)}, UNFINDABLE, []),
    (
        "a title that many works have, of the same people",
        {"title": "Salt", "authors": ("K. Lund",), "year": 1988},
        MISDESCRIBED,
        ["year"],
    ),
    ("a title that many works have", {"title": "Salt", "authors": ("P. Nowak",)}, UNFINDABLE, []),
    (
        "near title of the same people and year",
        {"title": "Tidal Memory: Learning to Recall on Schedule", "year": 2023, "authors": ("Øverland", "Ito")},
        MISDESCRIBED,
        ["title"],
    ),
    ("near title of unknown people", {"title": "Tidal Memory: Learning to Recall on Schedule"}, UNFINDABLE, []),
    ("identifier of another work", {"doi": "10.5555/moss", "title": TITLE, "year": 2023}, MISDESCRIBED, ["doi"]),
    (
        "two identifiers, one of another work",
        {"doi": "10.5555/moss", "arxiv_id": "2401.00001", "title": TITLE},
        MISDESCRIBED,
        ["doi"],
    ),
    ("not held", {"doi": "10.5555/none", "title": INVENTED}, UNFINDABLE, []),
    ("web page", {"url": "https://example.org/page"}, UNREACHABLE, []),
    ("nothing to look up by", {}, UNREACHABLE, []),
]


def reference(**fields: Any) -> Reference:
    return Reference(**{"ordinal": 1, "raw": "as printed", **fields})


def answer(index: str, by: str, value: str, outcome: str = "absent", year: int = 2026) -> IndexAnswer:
    return IndexAnswer(index=index, by=by, value=value, outcome=outcome, asked_at=datetime(year, 5, 1, tzinfo=UTC))


def audited(
    stated: dict[str, Any], *answers: IndexAnswer, works: tuple[Work, ...] = (), library: tuple[str, ...] = ()
) -> ReferenceAudit:
    return audit_reference(reference(**stated), works, answers=answers, given=False, library=library)


@pytest.mark.parametrize(("stated", "finding", "fields"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_reference_is_judged_by_what_the_library_holds(
    stated: dict[str, Any], finding: ReferenceFinding, fields: list[str]
) -> None:
    audit = audited(stated, works=(OTHER, HELD, SHORT, PAIR), library=("library",))
    assert audit.finding is finding, audit.reason
    assert [m.field for m in audit.mismatches] == fields
    assert audit.reason
    assert audit.answered_by == ("library",)


def test_an_unfindable_reference_names_the_index_that_was_asked() -> None:
    audit = audited({"title": INVENTED, "venue": "Journal of Dunes"}, library=("library:mine",))
    assert "library:mine" in audit.reason
    assert "too thin" in audit.reason


def test_nothing_asked_says_nothing() -> None:
    assert audited({"doi": "10.5555/none"}).finding is UNREACHABLE


def test_text_that_came_with_the_record_is_no_sign_that_the_work_exists() -> None:
    audit = audit_reference(reference(title=TITLE), [GIVEN], answers=(), library=("library",), given=True)
    assert audit.finding is UNREACHABLE
    assert audit.source_id == "title:abc"
    assert "came with the record" in audit.reason


def test_the_order_of_candidates_changes_nothing() -> None:
    first, second = (
        audited({"doi": "10.5555/moss", "title": TITLE}, works=works) for works in ((HELD, OTHER), (OTHER, HELD))
    )
    assert first == second


def test_long_hostile_words_are_judged_without_a_fault() -> None:
    hostile = {"title": "{x" * 100_000, "authors": ("\\'{" * 50_000,), "raw": "<a " * 100_000, "year": 2023}
    work = HELD.model_copy(update={"title": ": " * 100_000})
    assert audited(hostile, works=(work, HELD), library=("library",)).finding is UNFINDABLE


# --- who must have answered before a reference is called likely fabricated -------------------------

DOI = "10.5555/none"
ARTICLE = {"doi": DOI, "title": INVENTED, "authors": ("P. Nowak",), "year": 2020, "venue": "Journal of Dunes"}
BY_TITLE = tuple(answer(index, "title", INVENTED) for index in ("crossref", "openalex"))
NO_DOI = (answer("crossref", "doi", DOI), answer("datacite", "doi", DOI), answer("doi", "doi", DOI))
TITLE_ONLY = {**ARTICLE, "doi": None}

SUSPICIONS: list[tuple[str, dict[str, Any], tuple[IndexAnswer, ...], ReferenceFinding]] = [
    ("no registry knows the DOI, no index the title", ARTICLE, (*BY_TITLE, *NO_DOI), FABRICATED),
    ("the resolver alone can tell of a DOI", ARTICLE, (*BY_TITLE, NO_DOI[2]), FABRICATED),
    ("two agencies can tell of a DOI", ARTICLE, (*BY_TITLE, *NO_DOI[:2]), FABRICATED),
    ("one agency of many cannot", ARTICLE, (*BY_TITLE, NO_DOI[0]), UNFINDABLE),
    ("the DOI exists", ARTICLE, (*BY_TITLE, *NO_DOI[:2], answer("doi", "doi", DOI, "held")), UNFINDABLE),
    ("one index asked by title", ARTICLE, (BY_TITLE[0], *NO_DOI), UNFINDABLE),
    ("none asked by title", ARTICLE, (*NO_DOI, answer("openalex", "doi", DOI)), UNFINDABLE),
    (
        "a main index failed",
        ARTICLE,
        (*BY_TITLE[:1], answer("openalex", "title", INVENTED, "failed"), *NO_DOI),
        UNREACHABLE,
    ),
    (
        "a lesser index failed while the DOI is denied",
        ARTICLE,
        (*BY_TITLE, *NO_DOI, answer("semantic-scholar", "title", INVENTED, "failed")),
        FABRICATED,
    ),
    ("only the registries failed", ARTICLE, (*BY_TITLE, answer("doi", "doi", DOI, "failed")), UNREACHABLE),
    ("all failed", ARTICLE, (answer("crossref", "doi", DOI, "failed"),), UNREACHABLE),
    ("an article by title alone", TITLE_ONLY, BY_TITLE, FABRICATED),
    (
        "by title alone, and an index failed that may hold it",
        TITLE_ONLY,
        (*BY_TITLE, answer("semantic-scholar", "title", INVENTED, "failed")),
        UNREACHABLE,
    ),
    (
        "by title alone, and any index failed that was asked",
        TITLE_ONLY,
        (*BY_TITLE, answer("arxiv", "title", INVENTED, "failed")),
        UNREACHABLE,
    ),
    ("a work of unknown kind", {"title": INVENTED, "year": 2020}, BY_TITLE, UNFINDABLE),
    ("a book", {**TITLE_ONLY, "raw": "Dune University Press, 2nd edition"}, BY_TITLE, UNFINDABLE),
    ("a book by its ISBN", {**TITLE_ONLY, "isbn": "9780000000002"}, BY_TITLE, UNFINDABLE),
    ("a thesis", {**TITLE_ONLY, "raw": "PhD thesis, University of Dunes"}, BY_TITLE, UNFINDABLE),
    ("a report", {**TITLE_ONLY, "raw": "Technical report 12"}, BY_TITLE, UNFINDABLE),
    ("a web page", {"title": INVENTED, "url": "https://example.org/dunes"}, BY_TITLE, UNFINDABLE),
    ("a work of this year", {**TITLE_ONLY, "year": 2026}, BY_TITLE, UNFINDABLE),
    ("an old work", {**TITLE_ONLY, "year": 1911}, BY_TITLE, UNFINDABLE),
    ("a title that says little", {**TITLE_ONLY, "title": "On dunes"}, BY_TITLE, UNFINDABLE),
    ("a title that was cut", {**TITLE_ONLY, "title": INVENTED + " of the..."}, BY_TITLE, UNFINDABLE),
    ("another script", {**TITLE_ONLY, "title": "Песчаные дюны и их грамматика морской соли"}, BY_TITLE, UNFINDABLE),
    (
        "two doors to one collection are one voice",
        {"pmid": "9", "title": INVENTED},
        (answer("pubmed", "title", INVENTED), answer("europe-pmc", "title", INVENTED), answer("pubmed", "pmid", "9")),
        UNFINDABLE,
    ),
    (
        "an arXiv id that arXiv does not know",
        {"arxiv_id": "2901.00001", "title": INVENTED},
        (answer("arxiv", "arxiv", "2901.00001"), answer("arxiv", "title", INVENTED), BY_TITLE[1]),
        FABRICATED,
    ),
    ("a DOI and nothing else", {"doi": DOI}, (*NO_DOI, answer("openalex", "doi", DOI)), FABRICATED),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "answers", "finding"), [c[1:] for c in SUSPICIONS], ids=[c[0] for c in SUSPICIONS])
def test_fabrication_is_said_by_the_rule(
    stated: dict[str, Any], answers: tuple[IndexAnswer, ...], finding: ReferenceFinding
) -> None:
    audit = audited(stated, *answers, works=(OTHER,))
    assert audit.finding is finding, audit.reason
    assert audit.answers == answers
    assert set(audit.answered_by) == {one.index for one in answers if one.outcome != "failed"}


def test_a_near_title_by_others_forbids_to_call_it_fabricated() -> None:
    near = HELD.model_copy(update={"title": "Salt Marsh Automata and the Rhetoric of Dunes"})
    audit = audited(ARTICLE, *BY_TITLE, *NO_DOI, works=(near,))
    assert audit.finding is UNFINDABLE
    assert near.title in audit.reason


def test_the_reason_names_who_answered_and_who_did_not() -> None:
    silent = answer("openalex", "title", INVENTED, "failed")
    audit = audited(TITLE_ONLY, BY_TITLE[0], silent)
    assert audit.reason == "Crossref answered and does not have it, but OpenAlex did not answer and might"


def test_a_real_work_under_an_identifier_that_no_registry_knows_is_misdescribed() -> None:
    stated = {"doi": "10.5555/tide.1", "title": TITLE, "year": 2023}
    audit = audited(stated, answer("doi", "doi", "10.5555/tide.1"), works=(HELD,))
    assert audit.finding is MISDESCRIBED
    assert [(m.field, m.stated, m.held) for m in audit.mismatches] == [("doi", "10.5555/tide.1", "doi:10.5555/tide")]


def test_an_identifier_nobody_could_settle_is_not_held_against_a_work_found_by_title() -> None:
    stated = {"doi": "10.5555/tide.1", "title": TITLE}
    audit = audited(stated, answer("doi", "doi", "10.5555/tide.1", "failed"), works=(HELD,))
    assert audit.finding is FOUND


def test_who_keeps_notices_and_did_not_answer_is_named() -> None:
    said = audited({"doi": "10.5555/moss"}, answer("crossref", "notices", "10.5555/moss", "failed"), works=(OTHER,))
    assert said.finding is FOUND
    assert said.reason.endswith("Crossref did not answer and may hold notices about it")
    assert "did not answer" not in audited({"doi": "10.5555/moss"}, works=(OTHER,)).reason


def test_a_held_work_without_a_title_is_not_held_against_a_stated_one() -> None:
    bare = Work(source_id="doi:10.5555/bare", title="", origin="crossref")
    assert audited({"doi": "10.5555/bare", "title": INVENTED}, works=(bare,)).finding is FOUND


def test_a_real_identifier_on_an_invented_work_says_so() -> None:
    stated = {"doi": "10.5555/moss", "title": INVENTED, "authors": ("P. Nowak",), "year": 2021}
    audit = audited(stated, *BY_TITLE, works=(OTHER,))
    assert audit.finding is MISDESCRIBED
    assert [m.field for m in audit.mismatches] == ["title", "authors", "year"]
    assert "belongs to another work" in audit.reason


OUTCOMES = st.sampled_from(["absent", "failed"])
QUESTIONS = [
    *(("title", index) for index in ("crossref", "openalex", "semantic-scholar", "europe-pmc", "arxiv")),
    *(("doi", index) for index in ("crossref", "openalex", "datacite", "doi")),
]


@given(st.lists(OUTCOMES, min_size=len(QUESTIONS), max_size=len(QUESTIONS)), st.booleans())
@settings(max_examples=300, deadline=None)
def test_without_an_answer_from_a_main_index_or_a_registry_nothing_is_held_against_a_reference(
    outcomes: list[str], with_doi: bool
) -> None:
    stated = ARTICLE if with_doi else TITLE_ONLY
    questions = [(by, index) for by, index in QUESTIONS if with_doi or by == "title"]
    answers = [
        answer(index, by, DOI if by == "doi" else INVENTED, outcome)
        for (by, index), outcome in zip(questions, outcomes, strict=False)
    ]
    said = {(one.by, one.index): one.outcome == "absent" for one in answers}
    searched = said["title", "crossref"] and said["title", "openalex"]
    settled = with_doi and said["doi", "doi"]  # it was asked: while it does not answer, nobody speaks for it
    may_accuse = searched and settled if with_doi else all(said.values())
    assert (audited(stated, *answers).finding is FABRICATED) is may_accuse


HOLDERS = ("crossref", "openalex", "semantic-scholar")


@given(
    st.sets(st.sampled_from(HOLDERS), min_size=1),
    st.sets(st.sampled_from([*HOLDERS, "doi", "datacite"])),
    st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_whoever_fails_to_answer_a_true_reference_is_never_made_out_to_be_worse_than_unreachable(
    holders: set[str], failing: set[str], with_doi: bool
) -> None:
    stated = {"title": OTHER.title, "authors": OTHER.authors, "year": 2019, "venue": "Journal of Moss"}
    asked = [("title", index, OTHER.title) for index in HOLDERS]
    if with_doi:
        stated["doi"] = "10.5555/moss"
        asked += [("doi", index, "10.5555/moss") for index in ("crossref", "openalex", "datacite", "doi")]
    holding = {*holders, "doi"}
    answers = [
        answer(index, by, value, "failed" if index in failing else "held" if index in holding else "absent")
        for by, index, value in asked
    ]
    works = (OTHER,) if any(one.outcome == "held" for one in answers) else ()
    assert audited(stated, *answers, works=works).finding is (FOUND if works else UNREACHABLE)


ANY = st.text(max_size=200)
ANY_WORK = st.builds(
    Work,
    source_id=st.sampled_from(["doi:10.5555/a", "arxiv:2401.00001", "arxiv:x", "pmid:1", "title:x", ""]),
    aliases=st.lists(ANY, max_size=2).map(tuple),
    title=ANY,
    authors=st.lists(ANY, max_size=3).map(tuple),
    year=st.none() | st.integers(-5, 9999),
    version=st.none() | ANY,
    versions=st.lists(st.builds(WorkVersion, label=ANY, source_id=ANY, date=st.none() | ANY), max_size=2).map(tuple),
    origin=st.sampled_from(["crossref", "given", "library:x"]),
)
ANY_REFERENCE = st.builds(
    Reference,
    ordinal=st.just(1),
    raw=ANY,
    doi=st.none() | st.sampled_from(["10.5555/a", "10.48550/arXiv.", "10.1101/"]) | ANY,
    arxiv_id=st.none() | ANY,
    title=st.none() | ANY,
    authors=st.lists(ANY, max_size=3).map(tuple),
    year=st.none() | st.integers(-5, 9999),
)


@given(ANY_REFERENCE, st.lists(ANY_WORK, max_size=3), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_reference_and_any_works_are_judged_and_a_reason_is_given(
    stated: Reference, works: list[Work], came_with_record: bool
) -> None:
    audit = audit_reference(stated, works, answers=(), library=("library:x",), given=came_with_record)
    assert audit.reason
    assert audit.finding is not FABRICATED
    assert (audit.finding is MISDESCRIBED) == bool(audit.mismatches)
    assert audit == audit_reference(stated, works[::-1], answers=(), library=("library:x",), given=came_with_record)


# --- notices -------------------------------------------------------------------------------------

VERSIONED = Work(
    source_id="arxiv:2401.00002", title="Sand Ripples as Neural Fields", authors=("B. Roth",), year=2024, version="3",
    origin="arxiv",
    versions=tuple(
        WorkVersion(label=f"v{n}", source_id=f"arxiv:2401.00002v{n}", date=f"202{n + 3}-01-02") for n in (1, 2, 3)
    ),
)  # fmt: skip
PUBLISHED = VERSIONED.model_copy(
    update={"versions": (*VERSIONED.versions, WorkVersion(label="published", source_id="doi:10.5555/sand"))}
)


def kinds(audit: ReferenceAudit) -> list[tuple[str, str | None]]:
    return [(notice.kind.value, notice.id) for notice in audit.notices]


def test_notices_of_the_work_are_carried_over() -> None:
    assert audited({"doi": "10.5555/tide"}, works=(HELD,)).notices[0] == RETRACTED


def test_an_older_version_is_superseded_and_the_latest_is_not() -> None:
    notices = {
        v: audited({"arxiv_id": "2401.00002", "arxiv_version": v}, works=(VERSIONED,)).notices for v in (1, 3, None)
    }
    assert [(n.kind, n.id, n.date, n.detail) for n in notices[1]] == [
        (NoticeKind.SUPERSEDED, "arxiv:2401.00002v3", "2026-01-02", "version 3 is the latest")
    ]
    assert notices[3] == notices[None] == ()


def test_a_year_of_any_version_agrees() -> None:
    found = [
        audited({"arxiv_id": "2401.00002", "year": y}, works=(VERSIONED,)).finding for y in (2022, 2023, 2026, 2028)
    ]
    assert found == [MISDESCRIBED, FOUND, FOUND, MISDESCRIBED]


def test_a_preprint_that_was_published_names_the_published_version() -> None:
    audit = audited({"arxiv_id": "2401.00002"}, works=(PUBLISHED,))
    assert kinds(audit) == [("SUPERSEDED", "doi:10.5555/sand")]
    assert audit.notices[0].detail == "published as doi:10.5555/sand"


def test_who_cites_the_published_version_is_told_nothing_of_the_preprint() -> None:
    work = PUBLISHED.model_copy(update={"aliases": ("doi:10.5555/sand",)})
    assert audited({"arxiv_id": "2401.00002", "doi": "10.5555/sand"}, works=(work,)).notices == ()


def test_the_journal_doi_of_a_merged_work_is_its_published_version() -> None:
    assert kinds(audited({"arxiv_id": "2401.00001"}, works=(HELD,)))[1] == ("SUPERSEDED", "doi:10.5555/tide")


def test_a_notice_found_by_a_lookup_of_notices_reaches_the_work_it_is_about() -> None:
    said = Notice(kind=NoticeKind.RETRACTED, id="doi:10.5555/moss-r", origin="crossref:publisher")
    notice = Work(
        source_id="doi:10.5555/moss-r", title="Retraction: Moss Growth as a Random Field", origin="crossref",
        updates=(Update(target="doi:10.5555/MOSS", notice=said),),
    )  # fmt: skip
    audit = audited({"doi": "10.5555/moss", "title": OTHER.title}, works=(OTHER, notice))
    assert audit.finding is FOUND
    assert audit.notices == (said,)


def test_who_cites_the_notice_of_a_retraction_cites_nothing_retracted() -> None:
    said = Notice(kind=NoticeKind.RETRACTED, id="doi:10.5555/moss-r", origin="crossref:publisher")
    notice = Work(
        source_id="doi:10.5555/moss-r", title="Retraction: Moss Growth as a Random Field", origin="crossref",
        updates=(Update(target="doi:10.5555/moss", notice=said),), notices=(said,),
    )  # fmt: skip
    audit = audited({"doi": "10.5555/moss-r", "title": notice.title}, works=(OTHER, notice))
    assert audit.source_id == "doi:10.5555/moss-r"
    assert audit.notices == ()


def test_the_same_retraction_from_two_origins_stands_once_for_each() -> None:
    twice = tuple(
        Notice(kind=NoticeKind.RETRACTED, id="doi:10.5555/r", origin=origin, detail=detail)
        for origin in ("crossref:publisher", "crossref:retraction-watch")
        for detail in (None, "again")
    )
    audit = audited({"doi": "10.5555/moss"}, works=(OTHER.model_copy(update={"notices": twice}),))
    assert [notice.origin for notice in audit.notices] == ["crossref:publisher", "crossref:retraction-watch"]


def test_a_data_set_with_the_same_arxiv_id_is_no_published_version() -> None:
    work = VERSIONED.model_copy(update={"aliases": ("doi:10.5281/zenodo.5", "doi:10.48550/arxiv.2401.00002")})
    assert audited({"arxiv_id": "2401.00002"}, works=(work,)).notices == ()


def test_a_title_that_the_publisher_marked_is_a_notice_where_there_is_no_other() -> None:
    marked = OTHER.model_copy(update={"title": "RETRACTED ARTICLE: Moss Growth as a Random Field"})
    audit = audited({"doi": "10.5555/moss", "title": OTHER.title}, works=(marked,))
    assert audit.finding is FOUND
    assert [(n.kind, n.detail) for n in audit.notices] == [(NoticeKind.RETRACTED, "its title is marked so")]
