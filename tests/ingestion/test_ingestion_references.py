"""Reference lists and identifiers: what an entry states is filled in, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.identifiers import (
    all_identifiers,
    doi_in,
    identifiers_in,
    normalised_arxiv,
    normalised_doi,
    normalised_pmid,
)
from pipelines.ingestion.references import references_in
from pipelines.models import Reference


def only(text: str) -> Reference:
    (reference,) = references_in(text)
    assert text[reference.start : reference.end] == reference.raw
    return reference


def entry(words: str) -> Reference:
    return only("Words [3].\n\n## References\n\n" + words + "\n")


@pytest.mark.parametrize(
    ("words", "doi"),
    [
        ("https://doi.org/10.1234/AbC", "10.1234/abc"),
        ("http://dx.doi.org/10.1234/abc.", "10.1234/abc"),
        ("doi:10.1234/abc", "10.1234/abc"),
        ("DOI: 10.1234/abc;", "10.1234/abc"),
        ("(10.1016/0304-3991(95)00012-7)", "10.1016/0304-3991(95)00012-7"),
        ("<https://doi.org/10.1234/abc>", "10.1234/abc"),
        ("https://press.example/doi/full/10.1234/abc?src=x#y", "10.1234/abc"),
        ("https://press.example/articles/10.1234/abc.55/full", "10.1234/abc.55"),
        ("https://rxiv.example/content/10.1101/2020.01.02.123456v2.full.pdf", "10.1101/2020.01.02.123456"),
        ("https://doi.org/10.1234%2Fabc", "10.1234/abc"),
        ("version 10.1 of the text", None),
    ],
)
def test_a_doi_is_found_in_every_form_it_is_written(words: str, doi: str | None) -> None:
    assert doi_in(words) == doi


@pytest.mark.parametrize(
    ("words", "arxiv"),
    [
        ("2406.12845v1", ("2406.12845", 1)),
        ("arXiv:2406.12845", ("2406.12845", None)),
        ("https://arxiv.org/pdf/2406.12845v3.pdf", ("2406.12845", 3)),
        ("https://arxiv.org/html/2406.12845v2", ("2406.12845", 2)),
        ("arXiv:hep-th/9901001v2", ("hep-th/9901001", 2)),
        ("math.GT/0309136", ("math/0309136", None)),
        ("10.48550/arXiv.2402.06196", ("2402.06196", None)),
        ("not an id", (None, None)),
    ],
)
def test_an_arxiv_id_is_found_in_every_form_it_is_written(words: str, arxiv: tuple[str | None, int | None]) -> None:
    assert normalised_arxiv(words) == arxiv


def test_pmids_are_numbers_or_addresses() -> None:
    assert normalised_pmid("https://pubmed.ncbi.nlm.nih.gov/30480939/") == "30480939"
    assert normalised_pmid("PMID: 30480939") == normalised_pmid("30480939") == "30480939"
    assert normalised_pmid("0") is None
    assert normalised_pmid("abc") is None


def test_the_arxiv_id_is_the_better_name_than_an_arxiv_doi() -> None:
    assert all_identifiers("10.48550/arxiv.2402.06196", "2402.06196", None)[0] == "arxiv:2402.06196"
    assert all_identifiers("10.1234/x", "2402.06196", "7")[0] == "doi:10.1234/x"
    assert all_identifiers(None, None, None) == ()


@given(st.from_regex(r"10\.[0-9]{4,6}/[a-z0-9][a-z0-9._()-]{0,20}[a-z0-9]", fullmatch=True))
def test_normalising_a_doi_twice_changes_nothing(doi: str) -> None:
    once = normalised_doi(f"https://doi.org/{doi.upper()}")
    assert once is None or normalised_doi(once) == once


@given(st.text(max_size=200))
def test_any_words_yield_identifiers_or_none(words: str) -> None:
    found = identifiers_in(words)
    assert found.doi is None or found.doi.startswith("10.")


@pytest.mark.parametrize(
    ("words", "mark", "title", "authors", "year"),
    [
        ("[1] https://example.org/a - A title - Site", "1", "A title - Site", (), None),
        ("[19] A title: with colon: https://example.org/a", "19", "A title: with colon", (), None),
        ("[5] A title  only", "5", "A title only", (), None),
        ("7. [A title](https://example.org/a)", "7", "A title", (), None),
        ("- A title (2014): https://example.org/a", None, "A title", (), 2014),
        ("- <https://example.org/a>", None, None, (), None),
        ('[3] Nemo, N. "A title" (2003) [https://example.org/a]', "3", "A title", ("Nemo, N.",), 2003),
        ('[4] N. Nemo and O. Outis, "A title," in Proc., 2019.', "4", "A title", ("N. Nemo", "O. Outis"), 2019),
        (
            "Nemo, N., & Outis, O. (2020). A title. A Journal, 3(1), 5-9.",
            None,
            "A title",
            ("Nemo, N.", "Outis, O."),
            2020,
        ),
        ("2. Nemo et al. (2021) A title. A Journal.", "2", "A title", ("Nemo et al.",), 2021),
        ("[6] Title: A title Text: words of the source", "6", "A title", (), None),
        ("[8] Japan CPI 2020 Base: https://example.org/a", "8", "Japan CPI 2020 Base", (), None),
        ("[^9]: A title. https://example.org/a", "9", "A title", (), None),
    ],
)
def test_an_entry_is_taken_apart_by_the_form_it_has(
    words: str, mark: str | None, title: str | None, authors: tuple[str, ...], year: int | None
) -> None:
    reference = entry(words)
    assert (reference.mark, reference.title, reference.authors, reference.year) == (mark, title, authors, year)


def test_identifiers_of_an_entry_are_filled_in() -> None:
    reference = entry("[2] Something: https://arxiv.org/abs/2401.00001v4")
    assert (reference.arxiv_id, reference.arxiv_version) == ("2401.00001", 4)
    assert (reference.doi, reference.pmid) == (None, None)
    both = entry("- <https://doi.org/10.48550/arxiv.2402.06196>")
    assert (both.doi, both.arxiv_id) == ("10.48550/arxiv.2402.06196", "2402.06196")


@pytest.mark.parametrize(
    "heading", ["## References", "### Sources", "**Bibliography**", "References:", "6. References", "Works Cited"]
)
def test_a_list_stands_under_any_of_its_headings(heading: str) -> None:
    assert [ref.mark for ref in references_in(f"Text.\n\n{heading}\n\n[1] One https://a.example\n[2] Two\n")] == [
        "1",
        "2",
    ]


def test_a_list_ends_at_the_next_heading_and_several_lists_are_read() -> None:
    text = "## A\n\n### Sources\n- One : https://a.example\n\n## B\n\n- no source\n\n### Sources\n- Two : https://b.example\n"
    assert [(ref.ordinal, ref.title) for ref in references_in(text)] == [(1, "One"), (2, "Two")]


def test_a_heading_that_only_begins_like_one_opens_no_list() -> None:
    assert references_in("## Sources of Funding\n\n- One\n- Two\n") == ()


def test_numbered_lines_with_addresses_are_references_without_a_heading() -> None:
    text = "As shown [1].\n\n[1] https://a.example/x - One\n[2] https://b.example - Two\n"
    assert [(ref.mark, ref.title) for ref in references_in(text)] == [("1", "One"), ("2", "Two")]


def test_wrapped_entries_are_one_entry() -> None:
    reference = entry("[1] Nemo, N. (2020). A title that is\n    wrapped over lines. A Journal.")
    assert reference.title == "A title that is wrapped over lines"


def test_marks_that_describe_their_source_are_references() -> None:
    text = (
        "Shown [123456 | Nemo et al. | 2024 | Citations: 31] and again [123456 | Nemo et al. | 2024 | Citations: 31]."
    )
    reference = only(text)
    assert (reference.mark, reference.authors, reference.year) == ("123456", ("Nemo et al.",), 2024)


def test_citation_keys_are_references_under_their_key() -> None:
    text = "Shown [@doi:10.1234/abc; @nemo2020] and [@arxiv:2401.00001]. Mail a@b.example. [x@y]"
    found = {ref.mark: (ref.doi, ref.arxiv_id) for ref in references_in(text)}
    assert found["doi:10.1234/abc"] == ("10.1234/abc", None)
    assert found["nemo2020"] == (None, None)
    assert found["arxiv:2401.00001"] == (None, "2401.00001")


def test_without_a_list_links_are_references_without_a_title() -> None:
    reference = only("As [they say](https://doi.org/10.1234/abc), it works. ![a picture](https://x.example/p.png)")
    assert (reference.url, reference.doi, reference.title) == ("https://doi.org/10.1234/abc", "10.1234/abc", None)


def test_code_holds_no_references() -> None:
    assert references_in("```\n## References\n\n[1] https://a.example\n```\n") == ()


@given(
    st.lists(
        st.sampled_from(["## References", "[1] x", "- y (2020)", "", "text", "# H", "[2] https://a.b - t"])
        | st.text(max_size=40)
    ).map("\n".join)
)
def test_every_reference_stands_where_it_says(text: str) -> None:
    found = references_in(text)
    assert all(text[ref.start : ref.end] == ref.raw for ref in found)
    assert [ref.ordinal for ref in found] == list(range(1, len(found) + 1))
