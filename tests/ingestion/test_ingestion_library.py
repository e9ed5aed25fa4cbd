"""The local library, passages, and works that a reference could mean."""

from __future__ import annotations

import json
from itertools import pairwise, permutations
from pathlib import Path

import minimal_pdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.library import read_library
from pipelines.ingestion.merging import merged_works
from pipelines.ingestion.passages import LONGEST, given_works, split_passages
from pipelines.ingestion.sources import WorkIndex, match_reference
from pipelines.models import GivenPassage, Layout, NoticeKind, ParsedRecord, Reference, Work


def write_rows(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_rows_become_works_and_bad_lines_are_rejected_by_their_number(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "s.jsonl",
        {
            "arxiv_id": "2401.00001",
            "version": 2,
            "title": "One",
            "abstract": "It works.",
            "year": 2024,
            "complete": False,
        },
        '{"title": "broken',
        {
            "doi": "10.1234/X",
            "title": "Two",
            "text": "All of it.",
            "abstract": "Less.",
            "authors": ["A. B."],
            "licence": "CC-BY",
        },
        {"title": ""},
        {"title": "Three", "doi": "nonsense"},
        {"title": "Four", "year": "soon"},
        '{"title": "Five", "title": "Six"}',
        [1],
    )
    library = read_library(path)
    one, two = library.works
    assert (one.source_id, one.version, one.text_kind, one.complete) == ("arxiv:2401.00001", "2", "abstract", False)
    assert (two.source_id, two.text, two.text_kind, two.complete) == ("doi:10.1234/x", "All of it.", "fulltext", None)
    assert two.origin == "library:s.jsonl"
    assert [rejection.path.rsplit(":")[-1] for rejection in library.rejected] == ["2", "4", "5", "6", "7", "8"]


def test_notices_are_kept_and_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "s.jsonl",
        {"title": "A", "doi": "10.1234/a", "notices": [{"kind": "retracted", "id": "10.1234/r", "date": "2024-01"}]},
        {"title": "B", "doi": "10.1234/b", "retracted": True},
        {"title": "C", "doi": "10.1234/c", "notices": [{"kind": "VANISHED"}]},
        {"title": "D", "doi": "10.1234/d", "retracted": False, "withdrawn": True},
    )
    library = read_library(path)
    kinds = {work.title: [notice.kind for notice in work.notices] for work in library.works}
    assert kinds == {"A": [NoticeKind.RETRACTED], "B": [NoticeKind.RETRACTED], "D": [NoticeKind.WITHDRAWN]}
    assert "unknown kind" in library.rejected[0].reason


def test_bibtex_and_pdf_stand_beside_jsonl_and_the_same_work_is_one(tmp_path: Path) -> None:
    write_rows(
        tmp_path / "a.jsonl", {"doi": "10.1234/one", "arxiv_id": "2401.00001", "title": "One work", "year": 2024}
    )
    (tmp_path / "b.bib").write_text(
        "@article{nemo, title={One {W}ork}, author={Nemo, N. and Outis, O.}, eprint={2401.00001v2},"
        " archivePrefix={arXiv}, abstract={It works.}, year=2024}\n"
    )
    (tmp_path / "c.pdf").write_bytes(minimal_pdf.pdf(["Another work entirely", "It does not work."]))
    (tmp_path / "d.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "e.bib").write_text("@article{broken, title={")
    library = read_library(tmp_path)
    one, other = library.works
    assert (one.source_id, one.aliases, one.text) == ("doi:10.1234/one", ("arxiv:2401.00001",), "It works.")
    assert one.authors == ("Nemo, N.", "Outis, O.")
    assert (other.title, other.text_kind) == ("Another work entirely", "fulltext")
    assert [Path(rejection.path).name for rejection in library.rejected] == ["d.xlsx", "e.bib"]


def work(source_id: str, *aliases: str, title: str = "T", text: str | None = None) -> Work:
    return Work(source_id=source_id, aliases=aliases, title=title, text=text, origin="library:x")


def test_merging_does_not_depend_on_the_order_in_which_works_are_met() -> None:
    works = [
        work("doi:10.1234/a", title="A", text="long text"),
        work("arxiv:2401.00001", "doi:10.1234/a", title="A (preprint)"),
        work("pmid:7", "arxiv:2401.00001", title="A."),
        work("doi:10.1234/b", title="B"),
    ]
    results = {merged_works(order) for order in permutations(works)}
    (merged,) = results
    assert [found.source_id for found in merged] == ["doi:10.1234/a", "doi:10.1234/b"]
    assert merged[0].aliases == ("arxiv:2401.00001", "pmid:7")


# --- matching -----------------------------------------------------------------------------------


def test_candidates_come_by_identifier_first_and_then_by_title() -> None:
    index = WorkIndex.of(
        [
            work("doi:10.1234/a", "arxiv:2401.00001", title="Quite another subject"),
            work("doi:10.1234/b", title="The effect of made-up methods on made-up tasks"),
            work("doi:10.1234/c", title="Nothing like it"),
        ]
    )
    reference = Reference(
        ordinal=1, raw="x", arxiv_id="2401.00001", title="Effect of made-up methods on made-up tasks, The"
    )
    assert [found.source_id for found in match_reference(reference, index)] == ["doi:10.1234/a", "doi:10.1234/b"]


def test_a_reference_that_nothing_is_near_to_has_no_candidates() -> None:
    index = WorkIndex.of([work("doi:10.1234/a", title="A long title about one thing")])
    assert match_reference(Reference(ordinal=1, raw="x", title="Short"), index) == ()
    assert match_reference(Reference(ordinal=1, raw="x", doi="10.9999/z"), index) == ()
    assert match_reference(Reference(ordinal=1, raw="x"), WorkIndex.of([])) == ()


# --- passages -----------------------------------------------------------------------------------

PARAGRAPHS = st.lists(
    st.lists(
        st.sampled_from(["A sentence of some words.", "Another, longer sentence?", "x" * 1700, "e.g. this!"]),
        max_size=60,
    ).map(" ".join)
    | st.text(max_size=50),
    max_size=12,
).map("\n\n".join)


@given(PARAGRAPHS)
def test_passages_hold_every_visible_character_once_and_in_order(text: str) -> None:
    spans = split_passages(text)
    assert all(0 < end - start <= LONGEST for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


def test_passages_end_where_sentences_do() -> None:
    text = " ".join(f"This is sentence number {number} of the text." for number in range(200))
    assert all(text[end - 1] == "." for _, end in split_passages(text))


def test_given_passages_of_the_same_source_are_one_work_under_each_mark() -> None:
    record = ParsedRecord(
        layout=Layout.ANSWER,
        title=None,
        text="x",
        passages=(
            GivenPassage(mark="0", title="One", text="First part.", url="https://example.org/1", year=2020),
            GivenPassage(mark="1", title="Two", text="Other source."),
            GivenPassage(mark="2", title="One", text="Second part.", url="https://example.org/1"),
        ),
    )
    works = given_works(record)
    assert [mark for mark, _ in works] == ["0", "1", "2"]
    assert works[0][1] == works[2][1]
    assert works[0][1].text == "First part.\n\nSecond part."
    assert all(found.source_id.startswith("given:") for _, found in works)
    assert works[0][1].year == 2020
    assert works[1][1].year is None


@pytest.mark.parametrize("url", ["https://doi.org/10.1234/abc", "https://arxiv.org/abs/2401.00001v1"])
def test_an_address_that_names_a_work_makes_an_alias(url: str) -> None:
    record = ParsedRecord(
        layout=Layout.ANSWER, title=None, text="x", passages=(GivenPassage(mark="1", title="T", text="t", url=url),)
    )
    assert given_works(record)[0][1].aliases in (("doi:10.1234/abc",), ("arxiv:2401.00001",))
