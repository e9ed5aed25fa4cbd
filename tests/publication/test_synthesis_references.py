"""Entries of a reference list: what is written is what our reader reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.identifiers import identifiers_in
from pipelines.ingestion.reference_entries import entry_fields
from pipelines.models import Work
from pipelines.publication.synthesis.references import MAX_AUTHORS, plain_title, reference_line, written_authors


def a_work(title: str = "Tea and the heart", **fields: object) -> Work:
    return Work.model_validate({"source_id": "doi:10.5555/x", "title": title, "origin": "test", **fields})


def read(work: Work) -> tuple[str | None, tuple[str, ...], int | None]:
    """Title, people and year of the entry, as our reader takes them."""
    fields = entry_fields(reference_line(3, work).removeprefix("[3] "))
    return fields.title, fields.authors, fields.year


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ada Lovelace", "A. Lovelace"),
        ("Lovelace, Ada King", "A.K. Lovelace"),
        ("A. K. Lovelace", "A.K. Lovelace"),
        ("Émile Zola", "E. Zola"),
        ("Jean-Paul Moss", "J.P. Moss"),
        ("The Tea Collaboration", "The Tea Collaboration"),
        ("Plato", "Plato"),
        ("<b>[1] Moss</b>, Ida", "I. b Moss b"),
    ],
)
def test_names_are_written_with_initials(name: str, written: str) -> None:
    assert written_authors(a_work(authors=(name,))) == (written,)


def test_people_year_title_and_identifiers_are_read_back() -> None:
    work = a_work(
        "Does tea help? A trial: part II", authors=("Ida Moss", "Ole Fern"), year=2019, aliases=("arxiv:1901.00001",)
    )
    assert read(work) == ("Does tea help? A trial: part II", ("I. Moss", "O. Fern"), 2019)
    found = identifiers_in(reference_line(3, work))
    assert (found.doi, found.arxiv_id) == ("10.5555/x", "1901.00001")


def test_of_many_people_the_first_are_named() -> None:
    work = a_work(authors=tuple(f"Ida M{'o' * n}ss" for n in range(1, 40)), year=2019)
    assert len(read(work)[1]) == MAX_AUTHORS
    assert " et al." in reference_line(3, work)


def test_names_that_our_reader_cannot_part_are_stated_all_the_same() -> None:
    work = a_work(authors=("q", "van der x y z", "Ida Moss"), year=2019)
    title, authors, year = read(work)
    assert (title, year) == ("Tea and the heart", 2019)
    assert authors in ((), written_authors(work))
    assert all(name in reference_line(3, work) for name in written_authors(work))


@pytest.mark.parametrize(
    ("source_id", "field", "value"),
    [
        ("pmid:123456", "pmid", "123456"),
        ("pmcid:PMC123456", "pmcid", "PMC123456"),
        ("isbn:9780306406157", "isbn", "9780306406157"),
        ("arxiv:hep-th/9301002", "arxiv_id", "hep-th/9301002"),
    ],
)
def test_other_identifiers_are_stated(source_id: str, field: str, value: str) -> None:
    assert getattr(identifiers_in(reference_line(1, a_work(source_id=source_id))), field) == value


@pytest.mark.parametrize(
    "title",
    [
        "Retraction of doi:10.5555/other by its authors",
        "A reply to arXiv:2101.00002 and its authors",
        'He said "tea" and https://example.org/evil',
        "[7] Another (2001) entry",
        "<script>alert(1)</script>",
    ],
)
def test_a_title_that_names_another_work_or_holds_mark_up_does_no_harm(title: str) -> None:
    line = reference_line(3, a_work(title, year=2019))
    found = identifiers_in(line)
    assert (found.doi, found.arxiv_id, found.pmid) == ("10.5555/x", None, None)
    assert read(a_work(title, year=2019)) == (plain_title(title), (), 2019)
    assert "<" not in line
    assert "://" not in line


def test_an_identifier_in_a_title_is_never_taken_for_that_of_the_work() -> None:
    title = "PMID: 12345, PMC1234567 and ISBN 978-0-306-40615-7 retrieved from https://doi.org/10.5555/y"
    line = reference_line(3, a_work(title, year=2019))
    found = identifiers_in(line)
    assert (found.doi, found.arxiv_id, found.pmid, found.pmcid, found.isbn) == ("10.5555/x", None, None, None, None)
    assert "retrieved from" in line


@given(st.text(max_size=200), st.lists(st.text(max_size=40), max_size=10), st.none() | st.integers(-5, 9999))
def test_any_work_makes_one_line_that_states_nothing_false(title: str, authors: list[str], year: int | None) -> None:
    work = a_work(title, authors=tuple(authors), year=year)
    line = reference_line(3, work)
    assert line.startswith("[3] ")
    assert len(line.splitlines()) == 1
    _, people, stated_year = read(work)
    assert identifiers_in(line).doi == "10.5555/x"
    assert people in ((), written_authors(work))
    assert stated_year in (None, year)
