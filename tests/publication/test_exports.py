"""Exports, each read back by the tool that users have for it; texts from outside forge nothing in any of them."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import polars as pl
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from published_records import empty_record, rich_record
from pybtex.database import parse_string

from pipelines.ingestion.bibliographies import BibliographyFormat, read_bibliography
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record
from pipelines.models import NoticeKind, Reference, ReferenceAudit, ReferenceFinding
from pipelines.publication.contracts.table import DoesNotApply
from pipelines.publication.exports.bibtex import bibtex
from pipelines.publication.exports.cited_works import Name, name_parts
from pipelines.publication.exports.claims_table import SCHEMA, claims_csv, claims_parquet, neutralised
from pipelines.publication.exports.csl_json import csl_json
from pipelines.publication.exports.formats import FORMATS
from pipelines.publication.exports.ris import ris
from pipelines.publication.views import PublicRecord, ReferenceView

NOT_FOR_AN_EMPTY_RECORD = {"gate-verdict", "quality-tiers", "verification-levels"}
HOSTILE = st.text(
    st.sampled_from("aZ é{}\\\"'@%$#&_~^,;-=+|<>\n\r\t\u2028 0") | st.characters(codec="utf-8"), min_size=1, max_size=40
)


def with_references(*references: Reference, finding: ReferenceFinding | None = None) -> PublicRecord:
    audit = finding and ReferenceAudit(finding=finding, source_id=None, reason="written for a test")
    return rich_record(references=tuple(ReferenceView(reference=one, audit=audit) for one in references))


def cited(ordinal: int = 1, **stated: object) -> Reference:
    return Reference(ordinal=ordinal, raw="Moss, A. (2020). Beds.", **stated)


# --- bibliographies -----------------------------------------------------------------------------


def test_reference_managers_read_every_work_as_it_is_held_with_what_was_found() -> None:
    record = rich_record()
    in_ris, in_csl = rispy.loads(ris(record)), json.loads(csl_json(record))
    in_bibtex = parse_string(bibtex(record), "bibtex").entries
    assert len(in_ris) == len(in_csl) == len(in_bibtex) == len(record.references) == 3
    assert [one["title"] for one in in_csl[:2]] == ["Clover mulch and water", "Rows, weekly"]
    assert in_csl[1]["issued"] == {"date-parts": [[2019]]}  # as held; the record states 2021
    for notes in ([one["note"] for one in in_csl], [one["notes"][0] for one in in_ris]):
        assert notes[1].startswith("RETRACTED 2026-06-20 (library:sources.jsonl). MISDESCRIBED: ")
        assert "The record states year '2021'; held is '2019'." in notes[1]
        assert notes[2] == "Not audited. As the record gives it: Reed, C. Notes on sedge."
    assert "2019" in in_bibtex["ref2"].fields["note"]


@pytest.mark.parametrize(
    ("finding", "notices", "warned"),
    [
        (ReferenceFinding.FOUND, (), False),
        (ReferenceFinding.UNFINDABLE, (), False),
        (ReferenceFinding.LIKELY_FABRICATED, (), True),
        (ReferenceFinding.FOUND, (NoticeKind.CORRECTED,), False),
        (ReferenceFinding.FOUND, (NoticeKind.RETRACTED,), True),
        (ReferenceFinding.FOUND, (NoticeKind.WITHDRAWN,), True),
        (ReferenceFinding.FOUND, (NoticeKind.CONCERN,), True),
    ],
)
def test_what_nobody_should_cite_unread_bears_a_keyword_in_all_three(
    finding: ReferenceFinding, notices: tuple[NoticeKind, ...], warned: bool
) -> None:
    marked = tuple({"kind": kind, "origin": "crossref"} for kind in notices)
    audit = ReferenceAudit.model_validate({"finding": finding, "source_id": None, "reason": "so", "notices": marked})
    record = rich_record(references=(ReferenceView(reference=cited(title="Beds"), audit=audit),))
    keyword = "do-not-cite-unread"
    assert (json.loads(csl_json(record))[0].get("keyword") == keyword) is warned
    assert (rispy.loads(ris(record))[0].get("keywords") == [keyword]) is warned
    assert (parse_string(bibtex(record), "bibtex").entries["ref1"].fields.get("keywords") == keyword) is warned


def test_an_invented_work_is_described_as_the_record_does_and_its_note_says_so() -> None:
    record = with_references(
        cited(title="No such work", doi="10.5555/none"), finding=ReferenceFinding.LIKELY_FABRICATED
    )
    (item,) = json.loads(csl_json(record))
    assert (item["title"], item["DOI"]) == ("No such work", "10.5555/none")
    assert item["note"].startswith("LIKELY_FABRICATED: written for a test")
    assert item["note"].endswith("As the record gives it: Moss, A. (2020). Beds.")


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("Moss, Ada", Name("Moss", "Ada")),
        ("Ada B. Moss", Name("Moss", "Ada B.")),
        ("Moss AB", Name("Moss", "AB")),
        ("van der Moss, A.", Name("van der Moss", "A.")),
        ("Moss", Name(None, None, "Moss")),
        ("The Wall Group", Name(None, None, "The Wall Group")),
        ("A. Moss", Name("Moss", "A.")),
    ],
)
def test_names_are_taken_apart_or_left_whole(stated: str, name: Name) -> None:
    assert name_parts(stated) == name


FORGED_RIS = "Beds\nER  - \n\nTY  - JOUR\nTI  - Forged"
FORGED_BIBTEX = 'Beds"},\n@article{forged, title = {Forged'


@given(title=HOSTILE | st.sampled_from([FORGED_RIS, FORGED_BIBTEX]), author=HOSTILE, venue=HOSTILE, url=HOSTILE)
@settings(max_examples=150, deadline=None)
def test_no_text_from_outside_makes_another_entry_or_field(title: str, author: str, venue: str, url: str) -> None:
    record = with_references(
        cited(title=title, authors=(author,), venue=venue, url=url, year=2020), cited(2, title="Second")
    )
    in_ris, in_bibtex = rispy.loads(ris(record)), parse_string(bibtex(record), "bibtex").entries
    assert [one["id"] for one in in_ris] == list(in_bibtex) == ["ref1", "ref2"]
    assert in_ris[1] == {
        "type_of_reference": "GEN",
        "id": "ref2",
        "title": "Second",
        "notes": ["Not audited. As the record gives it: Moss, A. (2020). Beds."],
    }
    assert set(in_bibtex["ref1"].fields) <= {"title", "year", "howpublished", "url", "note"}
    assert set(in_bibtex["ref2"].fields) == {"title", "note"}
    assert len(json.loads(csl_json(record))) == 2


def test_identifiers_are_written_without_mark_up_and_titles_with() -> None:
    record = with_references(cited(title="Beds & rows_2 at 100 %", doi="10.5555/a_b&c", arxiv_id="2401.01234"))
    written = bibtex(record)
    assert 'doi = "10.5555/a_b&c"' in written
    assert 'eprint = "2401.01234"' in written
    assert r'title = "Beds \& rows\_2 at 100 \%"' in written


@pytest.mark.parametrize("file", ["000", "001", "002", "003"])
def test_references_of_real_records_come_back_from_each_form_with_their_identifiers(file: str) -> None:
    corpus = os.environ.get("CLAIMGATE_CORPUS")
    if not corpus:
        pytest.skip("CLAIMGATE_CORPUS names no folder of real records")
    (path,) = Path(corpus, "records").glob(f"{file}_*.txt")
    references = parse_record(read_document(path.name, path.read_bytes())).references
    record = with_references(*references)
    forms = {
        BibliographyFormat.BIBTEX: bibtex(record),
        BibliographyFormat.RIS: ris(record),
        BibliographyFormat.CSL_JSON: csl_json(record),
    }
    if not references:  # the page of which only the beginning is held
        assert set(forms.values()) == {"", "[]\n"}
        return
    for form, written in forms.items():
        back = read_bibliography(written, form).references
        assert [(one.title, one.doi, one.arxiv_id) for one in back] == [
            (one.title, one.doi, one.arxiv_id) for one in references
        ]


# --- tables of claims ---------------------------------------------------------------------------


def test_a_spreadsheet_reads_a_row_a_claim() -> None:
    record = rich_record()
    rows = list(csv.DictReader(io.StringIO(claims_csv(record))))
    assert list(rows[0]) == list(SCHEMA)
    assert [(row["claim_id"], row["verdict"]) for row in rows] == [
        (view.claim.claim_id, view.verdict.value) for view in record.claims
    ]
    by_a_person = [row["verdict_by"] for row, view in zip(rows, record.claims, strict=True) if view.adjudication]
    assert by_a_person
    assert all(said.startswith("person: ") for said in by_a_person)


def test_parquet_holds_the_same_with_types_and_without_marks() -> None:
    record = rich_record()
    table = pl.read_parquet(io.BytesIO(claims_parquet(record)))
    assert table.schema == pl.Schema(dict(SCHEMA))
    assert table["claim"].to_list() == [view.claim.text for view in record.claims]
    assert table["confidence"].to_list() == [view.confidence for view in record.claims]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1 %", "'-1 %"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1+1", "'  =1+1"),
        ("\t=1", "'\t=1"),
        ("A = B", "A = B"),
        ("", ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_calculate_is_text(cell: str, written: str) -> None:
    assert neutralised(cell) == written


def test_hostile_claims_stay_one_cell_each() -> None:
    record = rich_record()
    texts = ["=cmd|' /C calc'!A0", 'He said "a,b"\nand left', "-2+3"]
    views = [
        view.model_copy(update={"claim": view.claim.model_copy(update={"text": text})})
        for view, text in zip(record.claims, texts, strict=False)
    ]
    rows = list(csv.DictReader(io.StringIO(claims_csv(record.model_copy(update={"claims": tuple(views)})))))
    assert [row["claim"] for row in rows] == ["'=cmd|' /C calc'!A0", texts[1], "'-2+3"]


@pytest.mark.parametrize("form", sorted(FORMATS.keys() - NOT_FOR_AN_EMPTY_RECORD))
def test_a_record_of_which_nothing_is_held_exports_too_and_the_same_twice(form: str) -> None:
    written = FORMATS[form].write(empty_record())
    assert written == FORMATS[form].write(empty_record())
    if form == "csv":
        assert written.decode().strip() == ",".join(SCHEMA)


@pytest.mark.parametrize("form", sorted(NOT_FOR_AN_EMPTY_RECORD))
def test_a_contract_that_a_record_cannot_fill_is_refused_with_the_reason(form: str) -> None:
    with pytest.raises(DoesNotApply, match=r"was never evaluated|asks for a review score|was determined"):
        FORMATS[form].write(empty_record())
