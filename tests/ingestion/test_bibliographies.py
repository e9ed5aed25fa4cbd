"""BibTeX, RIS and CSL-JSON files as records whose only content is references."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.bibliographies import BibliographyFormat, is_csl_json, read_bibliography
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.errors import NotARecord, UnreadableDocument
from pipelines.ingestion.records import parse_record
from pipelines.models import ParsedRecord, Reference

BIBTEX = r"""% a library
@string{jm = "Journal of Moss"}
@comment{nothing}

@article{fern2018, title = {Moss on {S}tone \& {W}alls}, author = {F{\"u}rn, Ada and Oak, Ben and others},
  journal = jm, year = 2018, doi = {https://doi.org/10.5555/AB_C}, pmid = {123}, url = {https://a.example/x_y},
  abstract = {Moss covers 40 \% of all walls.

## A line that looks like a heading

Walls hold moss in every month of the year.}
}

@misc{ash, title={Spores}, author={B. Ash}, howpublished={\url{https://arxiv.org/abs/2401.01234v2}}, month=foo,
  eprint={2401.01234}, archivePrefix={arXiv}, date={2024-01-02}}
@book(oak, title="Oaks: a book", editor="Oak, C.", publisher="Tree Press", isbn="0-306-40615-2", year="1999")
@article{broken, title = {Open brace, author = {Nobody}, year = 2001
@inproceedings{last, title = {After the broken one}, booktitle = {Proc. Moss}, year = {2020},
  note = {arXiv preprint arXiv:1706.03762}}
"""

RIS = """TY  - JOUR
ID  - fern18
T1  - Moss on walls
AU  - Fern, Ada
AU  - Oak, Ben
PY  - 2018/04/03
JO  - J. Moss
DO  - 10.5555/AB.1
UR  - https://a.example/1
N2  - Moss covers walls.
ER  -

TY - BOOK
TI - Oaks
A1 - Oak, C.
Y1 - 1999//
SN - 978-0-306-40615-7
TY  - JOUR
TI  - Third
DO  - doi:10.5555/third
ER  -
"""

CSL = [
    {
        "id": "fern18",
        "type": "article-journal",
        "title": "Moss on <i>stone</i> walls.",
        "author": [{"family": "Fern", "given": "Ada"}, {"literal": "The Wall Group"}],
        "issued": {"date-parts": [["2018", 4]]},
        "container-title": "J. Moss",
        "DOI": "10.5555/AB.1",
        "PMID": "77",
        "PMCID": "PMC88",
    },
    {"id": 2, "type": "book", "title": "Oaks", "ISBN": "9780306406157", "issued": {"raw": "c. 1999"}},
    {"id": "x", "type": "article", "title": "Spores", "number": "arXiv:2401.01234v3", "URL": "https://arxiv.org/abs/x"},
    "no object",
    {"id": "bare", "type": "article"},
]


def record_of(name: str, text: str) -> ParsedRecord:
    return parse_record(read_document(name, text.encode()))


def by_mark(record: ParsedRecord) -> dict[str | None, Reference]:
    return {reference.mark: reference for reference in record.references}


@pytest.mark.parametrize(
    ("name", "text", "marks"),
    [
        ("refs.bib", BIBTEX, ["fern2018", "ash", "oak", "broken", "last"]),
        ("refs.ris", RIS, ["fern18", None, None]),
        ("refs.csl.json", json.dumps(CSL, indent=1), ["fern18", "2", "x", None, "bare"]),
    ],
)
def test_a_bibliography_is_a_record_of_references_and_of_no_claims(name: str, text: str, marks: list[str]) -> None:
    record = record_of(name, text)
    assert record.title == "refs"
    assert [reference.mark for reference in record.references] == marks
    assert [reference.ordinal for reference in record.references] == list(range(1, len(marks) + 1))
    for reference in record.references:
        assert reference.raw == record.text[reference.start : reference.end]
        assert reference.raw in text
    assert extract_claims(record, "r") == ()
    assert record.claims == ()


def test_bibtex_entries_state_their_fields() -> None:
    found = by_mark(record_of("refs.bib", BIBTEX))
    fern, ash, oak, last = found["fern2018"], found["ash"], found["oak"], found["last"]
    assert (fern.title, fern.authors, fern.year) == ("Moss on Stone & Walls", ("Fürn, Ada", "Oak, Ben"), 2018)
    assert (fern.venue, fern.doi, fern.pmid, fern.url) == (
        "Journal of Moss",
        "10.5555/ab_c",
        "123",
        "https://a.example/x_y",
    )
    assert (ash.arxiv_id, ash.arxiv_version, ash.year) == ("2401.01234", None, 2024)
    assert ash.url == "https://arxiv.org/abs/2401.01234v2"
    assert (oak.title, oak.authors, oak.isbn, oak.venue) == (
        "Oaks: a book",
        ("Oak, C.",),
        "9780306406157",
        "Tree Press",
    )
    assert (last.title, last.year, last.arxiv_id, last.venue) == (
        "After the broken one",
        2020,
        "1706.03762",
        "Proc. Moss",
    )


def test_ris_entries_state_their_fields() -> None:
    fern, oak, third = record_of("refs.ris", RIS).references
    assert (fern.title, fern.authors, fern.year) == ("Moss on walls", ("Fern, Ada", "Oak, Ben"), 2018)
    assert (fern.venue, fern.doi, fern.url) == ("J. Moss", "10.5555/ab.1", "https://a.example/1")
    assert (oak.title, oak.authors, oak.year, oak.isbn) == ("Oaks", ("Oak, C.",), 1999, "9780306406157")
    assert third.doi == "10.5555/third"


def test_csl_items_state_their_fields() -> None:
    found = by_mark(record_of("refs.json", json.dumps(CSL)))
    fern = found["fern18"]
    assert (fern.title, fern.authors, fern.year) == ("Moss on stone walls", ("Fern, Ada", "The Wall Group"), 2018)
    assert (fern.venue, fern.doi, fern.pmid, fern.pmcid) == ("J. Moss", "10.5555/ab.1", "77", "PMC88")
    assert (found["2"].isbn, found["2"].year) == ("9780306406157", 1999)
    assert (found["x"].arxiv_id, found["x"].arxiv_version) == ("2401.01234", 3)


@pytest.mark.parametrize(
    ("text", "form", "faults"),
    [
        (BIBTEX, BibliographyFormat.BIBTEX, [("entry broken", "not closed")]),
        (RIS, BibliographyFormat.RIS, [("entry 2", "ER line is missing")]),
        (json.dumps(CSL), BibliographyFormat.CSL_JSON, [("entry 4", "no object"), ("entry bare", "neither a title")]),
    ],
)
def test_a_malformed_entry_costs_one_sentence_and_the_rest_goes_on(
    text: str, form: BibliographyFormat, faults: list[tuple[str, str]]
) -> None:
    found = read_bibliography(text, form)
    assert len(found.faults) == len(faults)
    for fault, (place, words) in zip(found.faults, faults, strict=True):
        assert fault.path.startswith(place)
        assert words in fault.reason


def test_an_identifier_of_a_malformed_entry_is_still_read_from_its_words() -> None:
    text = "@article{a, title = = {x}, doi = {10.5555/kept}}\n@article{b, title={Fine}}"
    first, second = read_bibliography(text, BibliographyFormat.BIBTEX).references
    assert (first.title, first.doi) == (None, "10.5555/kept")
    assert second.title == "Fine"


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("refs.bib", "just words", UnreadableDocument),
        ("refs.ris", "just words", UnreadableDocument),
        ("refs.bib", "@comment{only a comment}", UnreadableDocument),
        ("list.json", json.dumps([{"type": "cat", "title": "x"}] * 3), NotARecord),
    ],
)
def test_a_file_without_any_entry_is_refused(name: str, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        record_of(name, text)


def test_a_list_of_works_is_told_from_other_json_by_type_and_fields() -> None:
    assert is_csl_json(CSL)
    assert not is_csl_json([])
    assert not is_csl_json([{"type": "article"}, {"title": "x"}])
    assert not is_csl_json({"type": "article", "title": "x"})


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(BIBTEX)), st.text(alphabet='{}@"=,#\\ a\n', max_size=8))
def test_damage_to_a_bibtex_file_never_breaks_the_reader_nor_its_offsets(place: int, words: str) -> None:
    text = BIBTEX[:place] + words + BIBTEX[place:]
    found = read_bibliography(text, BibliographyFormat.BIBTEX)
    assert all(one.raw == text[one.start : one.end] for one in found.references)
    assert len(found.references) >= 4


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(RIS)), st.text(alphabet="TYER  -\nx", max_size=10))
def test_damage_to_a_ris_file_never_breaks_the_reader_nor_its_offsets(place: int, words: str) -> None:
    text = RIS[:place] + words + RIS[place:]
    found = read_bibliography(text, BibliographyFormat.RIS)
    assert all(one.raw == text[one.start : one.end] for one in found.references)


@pytest.mark.parametrize("unit", ["@a{", "@a{b,c={", "{", '"', "@string{a=", "TY  - \n", "@article{a,\n"])
def test_hostile_bibliographies_are_read_or_refused(unit: str) -> None:
    for form in (BibliographyFormat.BIBTEX, BibliographyFormat.RIS):
        try:
            found = read_bibliography(unit * 30_000, form)
        except UnreadableDocument:
            continue
        assert len(found.references) <= 20_000
