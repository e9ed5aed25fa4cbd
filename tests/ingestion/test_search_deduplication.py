"""Hits of several indexes made works: every duplicate names what it is a duplicate of, and by what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.search.decisions import Decision, Hit, Outcome, Reason, Stage
from pipelines.ingestion.search.deduplication import deduplicated
from pipelines.models import Work

TITLE = "Lichen growth on north-facing roofs of northern towns"


def a_work(source_id: str, title: str = TITLE, **fields: object) -> Work:
    fields = {"origin": "test", "year": 2019, "authors": ("Ida Moss", "Ole Fern"), **fields}
    return Work.model_validate({"source_id": source_id, "title": title, **fields})


def outcomes(decisions: tuple[Decision, ...]) -> list[tuple[Outcome, Reason | None, str | None]]:
    return [(one.outcome, one.reason, one.duplicate_of) for one in decisions]


def test_hits_that_share_an_identifier_are_one_work_that_knows_what_both_know() -> None:
    hits = [
        Hit("first", 1, a_work("doi:10.5555/lichen", aliases=("openalex:W100000",))),
        Hit("second", 1, a_work("openalex:W100000", text="Lichens grew slowly.", text_kind="abstract")),
    ]
    found = deduplicated(hits)
    (work,) = found.works
    assert work.source_id == "doi:10.5555/lichen"
    assert work.text == "Lichens grew slowly."
    assert outcomes(found.decisions) == [
        (Outcome.KEPT, None, None),
        (Outcome.DUPLICATE, Reason.SAME_IDENTIFIER, "doi:10.5555/lichen"),
    ]
    assert [one.index for one in found.decisions] == ["first", "second"]
    assert {one.stage for one in found.decisions} == {Stage.IDENTIFICATION}


def test_a_preprint_and_its_paper_alike_in_title_people_and_year_are_read_once() -> None:
    preprint = a_work("arxiv:1901.00001", year=2018, text="Lichens grew slowly.", text_kind="abstract")
    paper = a_work("doi:10.5555/lichen", title=TITLE + ".", authors=("Moss, I.", "Fern, O."))
    found = deduplicated([Hit("first", 1, paper), Hit("second", 7, preprint)])
    assert [work.source_id for work in found.works] == ["arxiv:1901.00001"]  # the copy that has a text
    assert outcomes(found.decisions) == [
        (Outcome.DUPLICATE, Reason.SAME_TITLE, "arxiv:1901.00001"),
        (Outcome.KEPT, None, None),
    ]


def test_works_by_other_people_or_of_other_years_stay_apart() -> None:
    hits = [
        Hit("first", 1, a_work("doi:10.5555/a")),
        Hit("first", 2, a_work("doi:10.5555/b", authors=("Una Stone",))),
        Hit("first", 3, a_work("doi:10.5555/c", year=2004)),
        Hit("first", 4, a_work("doi:10.5555/d", title="Lichen growth on south-facing roofs of southern towns")),
    ]
    found = deduplicated(hits)
    assert [work.source_id for work in found.works] == [hit.work.source_id for hit in hits]


def test_a_short_title_without_stated_authors_is_no_duplicate() -> None:
    hits = [Hit("first", n, a_work(f"doi:10.5555/{n}", title="Editorial", authors=())) for n in (1, 2)]
    assert len(deduplicated(hits).works) == 2


works = st.builds(
    a_work,
    st.sampled_from([f"doi:10.5555/{n}" for n in range(5)] + [f"arxiv:1901.0000{n}" for n in range(5)]),
    st.sampled_from([TITLE, "Moss cover of old slate roofs in mountain villages", "Roofs"]),
    aliases=st.lists(st.sampled_from([f"openalex:W10000{n}" for n in range(4)]), max_size=2).map(tuple),
    year=st.sampled_from([None, 2018, 2019, 2004]),
)
hit_lists = st.lists(st.builds(Hit, st.sampled_from(["a", "b"]), st.integers(1, 20), works), max_size=25)


@given(hit_lists)
def test_every_hit_is_kept_once_or_is_a_duplicate_of_a_kept_work(hits: list[Hit]) -> None:
    found = deduplicated(hits)
    kept = {work.source_id for work in found.works}
    assert len(found.decisions) == len(hits)
    assert sum(one.outcome is Outcome.KEPT for one in found.decisions) == len(found.works) == len(kept)
    for one in found.decisions:
        assert (one.outcome is Outcome.DUPLICATE) == (one.duplicate_of is not None) == (one.reason is not None)
        assert one.duplicate_of is None or one.duplicate_of in kept


@given(hit_lists, st.randoms(use_true_random=False))
def test_the_order_in_which_indexes_answered_changes_nothing(hits: list[Hit], random: object) -> None:
    shuffled = list(hits)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert deduplicated(shuffled).works == deduplicated(hits).works
