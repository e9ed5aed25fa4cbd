"""Claims of real syntheses: exact places, whole sentences, one mark list. Needs the corpus."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from pipelines.extraction.claims import extract_claims
from pipelines.extraction.sentences import split_sentences
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record, record_id_of
from pipelines.models import ParsedRecord

CORPUS = os.environ.get("CLAIMGATE_CORPUS")
pytestmark = pytest.mark.skipif(CORPUS is None, reason="CLAIMGATE_CORPUS names no corpus of real syntheses")
STOP = re.compile(r"[.!?…:。][\"'”’*_)\]]*(?:\s*(?:\[[^\]]*\]|\([^()]*\)))*[.*_]*$")


def corpus_files() -> list[Path]:
    root = Path(CORPUS or ".") / "texts"
    reports = [*root.glob("reports/*.md"), *root.glob("reports/*.txt")]
    return sorted([*reports, *root.glob("scholarqa_human/*.json")])


def record_of(path: Path) -> ParsedRecord:
    return parse_record(read_document(path.name, path.read_bytes()))


@pytest.mark.parametrize("path", corpus_files() if CORPUS else [], ids=lambda path: path.name)
def test_a_real_synthesis_yields_whole_sentences_at_exact_places(path: Path) -> None:
    record = record_of(path)
    claims = extract_claims(record, record_id_of(record))
    assert claims
    sentence_ends = {end for _, end in split_sentences(record.text)}
    for claim in claims:
        assert claim.text == record.text[claim.start : claim.end]
        assert claim.end in sentence_ends
        line_ends = claim.end == len(record.text) or record.text[claim.end :].lstrip(" \t")[:1] in ("", "\n")
        assert STOP.search(claim.text) or line_ends, claim.text[-60:]


def test_records_that_list_their_claims_keep_them_unchanged() -> None:
    files = sorted((Path(CORPUS or ".") / "records").glob("*.txt"))
    listing = [record for record in map(record_of, files) if record.claims]
    assert listing
    for record in listing:
        claims = extract_claims(record, record_id_of(record))
        assert [(claim.text, claim.start, claim.end, claim.truncated) for claim in claims] == [
            (row.text, row.start, row.end, row.truncated) for row in record.claims
        ]
