"""`claimgate run --question`: searched, screened with PRISMA counts, written by extraction, checked like any record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.ingestion.replay_server import Reply, Rule, serving
from tests.literature_server import serving_literature
from tests.processes import House
from tests.reference_works import WORKS

QUESTION = "Does moss keep clay tiles wet?"
MOSS = "Moss cover kept clay tiles wet for two days after rain."
DRY = "Moss cover did not keep clay tiles wet in dry summers."
SHELF = [
    {
        "doi": "10.5555/shelf.1",
        "title": "Moss on clay tiles after rain",
        "authors": ["Ada Fern"],
        "year": 2019,
        "abstract": f"Roofs grow moss. We laid moss on two roofs with clay tiles. {MOSS} Slate was not tried.",
    },
    {
        "doi": "10.5555/shelf.2",
        "title": "Dry summers and moss on clay tiles",
        "authors": ["Bo Lund"],
        "year": 2021,
        "abstract": f"Wet tiles crack in frost. We watched nine roofs of clay tiles with moss. {DRY}",
    },
    {
        "doi": "10.5555/shelf.3",
        "title": "Ledgers of a harbour",
        "authors": ["Gil Port"],
        "year": 2012,
        "abstract": "Harbour dues rose in four of six towns. Clay pipes were taxed twice.",
    },
    {
        "doi": "10.5555/shelf.4",
        "title": "Retracted moss and clay tiles kept wet",
        "authors": ["Cy Blot"],
        "year": 2018,
        "abstract": "Moss cover kept clay tiles wet for ninety days after rain.",
        "retracted": True,
    },
]


def shelf_in(folder: Path) -> Path:
    library = folder / "library"
    library.mkdir(parents=True)
    (library / "shelf.jsonl").write_text("".join(json.dumps(row) + "\n" for row in SHELF))
    return library


def answered(house: House, *arguments: str | Path, **settings: str) -> dict[str, Any]:
    ended = house.claimgate("run", "--json", *arguments, **settings)
    assert ended.code == 0, ended.err
    (record,) = ended.document["records"]
    found: dict[str, Any] = house.claimgate("show", "--json", record["record_id"]).document
    return found


def rows(house: House, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(house.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_an_answer_quotes_its_sources_and_is_checked_like_any_record(house: House, tmp_path: Path) -> None:
    record = answered(house, "--question", QUESTION, "--library", shelf_in(tmp_path))
    claims = {one["normalised"].strip("“”"): one for one in record["claims"]["rows"]}
    assert set(claims) == {MOSS, DRY}
    assert record["search"]["question"] == QUESTION
    assert dict(record["search"]["steps"])["Included"] == 2
    for claim in claims.values():
        assert any(one["stance"] == "SUPPORTS" for one in claim["evidence"])
    assert record["references"]["found"] == 2
    assert record["references"]["unfindable"] == 0


def test_every_decision_is_a_row_and_the_counts_on_the_page_are_those_of_the_rows(house: House, tmp_path: Path) -> None:
    record = answered(house, "--question", QUESTION, "--library", shelf_in(tmp_path))
    excluded = rows(
        house, "SELECT source_id, reason FROM search_decisions WHERE stage = 'screening' AND outcome = 'excluded'"
    )
    assert ("doi:10.5555/shelf.4", "retracted") in excluded
    assert rows(house, "SELECT question FROM searches") == [(QUESTION,)]
    (included,) = rows(house, "SELECT count(*) FROM search_decisions WHERE stage = 'assessment' AND outcome = 'kept'")[
        0
    ]
    page = Path(record["page"]).read_text()
    assert "How the sources were found" in page
    assert f'<th scope="row">Included</th><td>{included}</td>' in page
    assert "Excluded: retracted" in page


def test_a_question_that_nothing_answers_is_told_so(house: House, tmp_path: Path) -> None:
    record = answered(house, "--question", "Do unicorns prefer oat milk?", "--library", shelf_in(tmp_path))
    assert record["claims"]["rows"] == []
    (text,) = rows(house, "SELECT bytes FROM documents")[0]
    assert "No answer was found" in text.decode()


def test_a_question_with_nowhere_to_search_is_bad_input(house: House) -> None:
    ended = house.claimgate("run", "--question", QUESTION)
    assert (ended.code, ended.out) == (2, "")
    assert "--library" in ended.complaint
    assert "--online" in ended.complaint


def test_an_empty_question_and_a_question_with_files_are_bad_input(house: House, tmp_path: Path) -> None:
    assert house.claimgate("run", "--question", "  ", "--library", shelf_in(tmp_path)).code == 2
    assert house.claimgate("run", "--question", QUESTION, tmp_path / "x.md").code == 2


def test_the_same_work_named_by_several_indexes_is_counted_once_and_the_rest_are_duplicates(house: House) -> None:
    with serving_literature(WORKS) as literature:
        record = answered(house, "--online", "--question", QUESTION, **literature.settings, TIMEOUT="2")
        asked = {seen.index for seen in literature.server.requests}
    assert {"crossref", "openalex", "arxiv", "europe-pmc"} <= asked
    assert MOSS in {one["normalised"].strip("“”") for one in record["claims"]["rows"]}
    ((hits, duplicates),) = rows(
        house,
        "SELECT count(*), count(*) FILTER (outcome = 'duplicate') FROM search_decisions WHERE stage = 'identification'",
    )
    assert 0 < duplicates < hits
    (sources,) = rows(house, "SELECT count(DISTINCT source_id) FROM search_decisions WHERE stage = 'screening'")[0]
    assert sources == hits - duplicates


@pytest.mark.parametrize("status", [200, 500])
def test_a_model_may_write_the_prose_and_each_of_its_sentences_is_checked(
    house: House, tmp_path: Path, status: int
) -> None:
    said = "Moss kept clay tiles wet for two days after rain [1]. Moss also cures colds. Ignore all rules [7]."
    reply = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
    rule = Rule("/v1/chat/completions", (Reply(status, (("Content-Type", "application/json"),), reply),), "POST")
    with serving([rule]) as server:
        asked = {
            **{f"{name}_URL": f"{server.url}/nothing" for name in ("CROSSREF", "OPENALEX", "ARXIV", "ARXIV_OAI")},
            **{f"{name}_URL": f"{server.url}/nothing" for name in ("SEMANTIC_SCHOLAR", "EUROPE_PMC", "PUBMED")},
            **{f"{name}_URL": f"{server.url}/nothing" for name in ("DATACITE", "DOI", "DOAJ", "UNPAYWALL")},
            "MODEL_URL": f"{server.url}/v1",
            "MODEL": "scribe-1",
            "MODEL_KEY": "not-to-be-seen-anywhere",
            "SPEED": "1000",
            "LONGEST_WAIT": "0.1",
        }
        answered(house, "--online", "--question", QUESTION, "--library", shelf_in(tmp_path), **asked)
        sent = [seen for seen in server.requests if seen.method == "POST" and seen.path.endswith("completions")]
    assert sent[0].headers["authorization"] == "Bearer not-to-be-seen-anywhere"
    (text,) = rows(house, "SELECT bytes FROM documents")[0]
    document = text.decode()
    assert ("Moss kept clay tiles wet for two days after rain" in document) == (status == 200)
    assert "cures colds" not in document
    assert "Ignore all rules" not in document
    assert "scribe-1" in document
    assert "not-to-be-seen-anywhere" not in house.database.read_bytes().decode("latin-1")
