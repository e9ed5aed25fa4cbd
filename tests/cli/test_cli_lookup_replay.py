"""What indexes answered is kept whole and without secrets: another record is judged by it with the network off."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import duckdb

from tests.literature_server import LiteratureServer, serving_literature
from tests.processes import Ended, House
from tests.reference_works import FINDINGS, RECORD, WORKS

KEY = "k3y+of/Nobody=and&Nothing"
CONTACT = "Asks.For+Moss@post.example.org"
SECRETS = {"OPENALEX_KEY": KEY, "SEMANTIC_SCHOLAR_KEY": KEY[::-1], "PUBMED_KEY": "pub/med+key=77", "CONTACT": CONTACT}
ECHOING = ("openalex", "crossref", "pubmed")

# The same works as in RECORD, by another hand: other marks, other words, another order.
OTHER_RECORD = """---
title: What was said of lamps, tides and moss
question: Do tiles under moss stay wet?
date: 2026-09-14
publisher: Tests of claimgate
---

# What was said of lamps, tides and moss

Clay tiles under moss stayed wet for two days [6]. Bees counted to five in nine of ten trials [5].

## References

[1] Z. Nobody (2018). Shadows of a lamp that was never lit. Journal of Invented Results. https://doi.org/10.5555/shadows
[2] E. Sand (2021). A table of tides at nine piers. https://doi.org/10.5555/tides
[3] D. Quill (2020). Withdrawn thoughts on cold glue. arXiv:2001.00002
[4] G. Port (2001). Corrected tables of harbour dues. https://doi.org/10.5555/dues
[5] C. Reed (2015). Bees that count to five. https://doi.org/10.5555/bees
[6] A. Fern, B. Lund (2019). Moss as a roof over wet tiles. arXiv:1901.00001v1
"""
MARK_IN_OTHER = {"1": "6", "2": "5", "3": "4", "4": "3", "5": "2", "6": "1"}


def run(house: House, literature: LiteratureServer, text: str, *arguments: str, **more: str) -> Ended:
    record = house.folder.parent / f"record-{len(text)}.md"
    record.write_text(text)
    chosen = {**literature.settings, "PACES": str(house.folder / "paces.sqlite"), **more}
    ended = house.claimgate("run", "--json", *arguments, record, **chosen)
    assert ended.code == 0, ended.err
    return ended


def findings(house: House, ended: Ended) -> dict[str, tuple[str, set[str]]]:
    (found,) = ended.document["records"]
    rows = house.claimgate("show", "--json", found["record_id"]).document["references"]["rows"]
    return {
        row["reference"]["mark"]: (row["audit"]["finding"], {one["kind"] for one in row["audit"]["notices"]})
        for row in rows
    }


def test_another_record_of_the_same_works_is_judged_from_the_store_when_no_index_is_there(house: House) -> None:
    with serving_literature(WORKS) as literature:
        assert findings(house, run(house, literature, RECORD)) == FINDINGS
    # The server is gone: whoever asked it would be refused.
    other = findings(house, run(house, literature, OTHER_RECORD, "--offline"))
    assert other == {MARK_IN_OTHER[mark]: found for mark, found in FINDINGS.items()}


def test_every_answer_is_stored_with_its_address_status_headers_time_hash_and_body(house: House) -> None:
    with serving_literature(WORKS) as literature:
        run(house, literature, RECORD)
        seen = list(literature.server.requests)
    with duckdb.connect(str(house.database), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        stored = connection.execute(
            "SELECT method, url, status, headers, fetched_at, size, sha256, body FROM index_answers"
        ).fetchall()
    assert sorted((method, status) for method, _, status, *_ in stored) == sorted((s.method, s.status) for s in seen)
    for _, url, status, headers, fetched_at, size, sha256, packed in stored:
        body = zlib.decompress(packed)
        assert url.startswith(f"{literature.server.url}/")
        assert (len(body), hashlib.sha256(body).hexdigest()) == (size, sha256)
        assert "content-type" in json.loads(headers), (url, status)
        assert fetched_at.utcoffset() is not None


def values_in(database: Path) -> Iterator[tuple[str, bytes]]:
    """Every text and every body of the database, with the place where it stands."""
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables())"
        ).fetchall()
        for table, column, kind in columns:
            held = connection.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL').fetchall()
            for (value,) in held:
                yield f"{table}.{column}", _inflated(value) if kind == "BLOB" else str(value).encode()


def _inflated(value: bytes) -> bytes:
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def files_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def writings(secret: str) -> set[bytes]:
    """The ways in which a service, JSON or an address may write it."""
    ways = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    return {way.casefold().encode() for way in ways}


def test_neither_a_key_nor_the_contact_address_is_kept_or_shown_even_where_services_echo_them(house: House) -> None:
    with serving_literature(WORKS, echoing=ECHOING) as literature:
        ended = run(house, literature, RECORD, **SECRETS)
        assert findings(house, ended) == FINDINGS
        sent = [*literature.server.requests]
    # They were sent, and came back.
    assert {one.params.get("api_key") for one in sent if one.path.startswith("/openalex")} == {KEY}
    assert {one.params.get("mailto") for one in sent if one.path.startswith("/crossref")} == {CONTACT}
    kept = list(values_in(house.database))
    echoed = [value for place, value in kept if place == "index_answers.body" and value.startswith(b'{"echo"')]
    assert len(echoed) >= len(WORKS)
    assert all(b"[removed]" in value for value in echoed)

    said = [("stdout", ended.out.encode()), ("stderr", ended.err.encode())]
    everything = [*kept, *files_in(house.folder), *said]
    for name, secret in SECRETS.items():
        ways = writings(secret)
        found = {place for place, value in everything if any(way in value.lower() for way in ways)}
        assert found == set(), name


def test_the_scan_for_secrets_finds_what_is_there(house: House) -> None:
    with serving_literature(WORKS, echoing=ECHOING) as literature:
        run(house, literature, RECORD, **SECRETS)
    kept = list(values_in(house.database))
    for held in ("Moss as a roof over wet tiles", "Bees counted to five"):
        places = {place for place, value in kept if any(way in value.lower() for way in writings(held))}
        assert {"index_answers.body", "index_lookups.works"} <= places
