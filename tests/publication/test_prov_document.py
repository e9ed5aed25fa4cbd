"""PROV, read back by the `prov` library, and as RDF by rdflib."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prov.model import ProvDocument
from rdflib import Graph, Namespace

from pipelines.models import Correction
from pipelines.publication.exports.prov_document import prov_bytes
from pipelines.publication.views import PublicRecord
from tests.publication.pages import hostile_record
from tests.publication.published_records import empty_record, gated_record, rich_record

PROV = Namespace("http://www.w3.org/ns/prov#")
AT = datetime(2026, 7, 3, 4, 5, 6, tzinfo=UTC)


def corrected(count: int = 2) -> PublicRecord:
    return rich_record(
        corrections=tuple(
            Correction(
                correction_id=f"c{n}",
                sequence=n,
                kind="CLAIM",
                before={"supported": n},
                after={"supported": n + 1},
                why="A source was read again.",
                recorded_at=AT,
                previous_hash=None,
                hash=f"{n:064d}",
            )
            for n in range(1, count + 1)
        )
    )


RECORDS = {
    "rich": rich_record(),
    "gated": gated_record(),
    "empty": empty_record(),
    "hostile": hostile_record(),
    "corrected": corrected(),
}


def read(record: PublicRecord) -> ProvDocument:
    return ProvDocument.deserialize(content=prov_bytes(record).decode(), format="json")


def triples(record: PublicRecord) -> Graph:
    return Graph().parse(data=read(record).serialize(format="rdf", rdf_format="turtle"), format="turtle")


def asked(record: PublicRecord, names: str, pattern: str) -> set[tuple[str, ...]]:
    chosen = " ".join(f"?{name}" for name in names.split())
    rows = triples(record).query(f"PREFIX prov: <{PROV}> SELECT DISTINCT {chosen} WHERE {{ {pattern} }}")
    return {tuple(str(value).rpartition("#")[2] for value in row) for row in rows}


@pytest.mark.parametrize("name", RECORDS)
def test_the_library_reads_it_and_writes_it_in_every_notation(name: str) -> None:
    document = read(RECORDS[name])
    assert document.get_provn().startswith("document")
    again = ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
    assert again == document
    assert len(triples(RECORDS[name])) > len(document.get_records()) > 0
    assert prov_bytes(RECORDS[name]) == prov_bytes(RECORDS[name])


@pytest.mark.parametrize("name", RECORDS)
def test_every_end_of_a_relation_is_told_of(name: str) -> None:
    document = read(RECORDS[name])
    told = {one.identifier for one in document.get_records() if one.is_element()}
    ends = {end for one in document.get_records() if one.is_relation() for _, end in one.formal_attributes[:2]}
    assert ends <= told


def test_a_verdict_leads_back_to_its_run_its_sentence_and_the_source() -> None:
    record = rich_record()
    chain = asked(
        record,
        "verdict run quote passage source agent",
        "?verdict prov:wasGeneratedBy ?run ; prov:wasDerivedFrom ?quote . ?run prov:wasAssociatedWith ?agent ."
        " ?quote prov:qualifiedQuotation/prov:entity ?passage . ?passage prov:wasDerivedFrom ?source .",
    )
    assert ("verdict-1", "verification-1", "evidence-1-1", "passage-1", "source-1", "backend-1") in chain
    assert ("verdict-6", "adjudication-6", "evidence-6-1", "passage-1", "source-1", "person-1") in chain
    assert len(chain) == sum(len(view.evidence) for view in record.claims)


def test_times_are_those_recorded_and_no_others() -> None:
    ended = asked(rich_record(), "activity at", "?activity prov:endedAtTime ?at")
    assert {activity for activity, _ in ended} == {
        "verification-1",
        "verification-2",
        "adjudication-6",
        "evaluation-1",
        "evaluation-2",
        "evaluation-3",
    }
    assert not asked(rich_record(), "activity", "?activity prov:startedAtTime ?at")


def test_each_correction_ends_one_state_and_makes_the_next() -> None:
    record = corrected()
    assert asked(record, "before correction", "?before prov:wasInvalidatedBy ?correction") == {
        ("state-1", "correction-1"),
        ("state-2", "correction-2"),
    }
    assert asked(record, "after before", "?after prov:qualifiedRevision/prov:entity ?before") == {
        ("state-2", "state-1"),
        ("manifest", "state-2"),
    }
    assert ("manifest", "correction-2") in asked(record, "after by", "?after prov:wasGeneratedBy ?by")
    assert len(asked(corrected(130), "before", "?before prov:wasInvalidatedBy ?correction")) == 100


def test_two_records_share_no_name() -> None:
    one, other = (prov_bytes(rich_record(record_id=name)).decode() for name in ("srch:A", "srch:B"))
    named = [re.search(r"urn:uuid:[0-9a-f-]{36}#", text) for text in (one, other)]
    assert named[0] is not None
    assert named[1] is not None
    assert named[0].group() != named[1].group()


@settings(max_examples=40)
@given(st.text(max_size=60) | st.sampled_from(["\ud800", 'a"] ) entity(x', "\x00\u202e", "%% xsd:int", "A" * 100_000]))
def test_no_text_from_outside_makes_another_record(text: str) -> None:
    record = rich_record(title=text, publisher=text or None, question=text, identifier=f"url:{text}")
    document = read(record)
    usual = read(rich_record(publisher=text or None))
    assert len(document.get_records()) == len(usual.get_records())
    assert len(document.get_provn()) < 100_000
