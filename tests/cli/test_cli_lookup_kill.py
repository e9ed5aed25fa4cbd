"""`claimgate run` killed while indexes answer, and run again: what was answered is not asked again."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from pipelines.ingestion.indexes.registry import INDEXES
from pipelines.ingestion.lookups import Known
from tests.assets.running_ui import until
from tests.ingestion.replay_server import Seen
from tests.literature_server import ASKED, LiteratureServer, serving_literature
from tests.planted_literature import planted_literature, record_of
from tests.processes import House
from warehouse.answers import Answers
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation

REFERENCES = 60
ANSWERED_BEFORE = 35  # requests, of the 110 or so that an undisturbed run makes
UNHURRIED, AT_ONCE = 5.0, 1_000.0  # speeds: to be killed on the way, and not to be waited for
# The most that are under way at once: a lane asks for nothing while its last answer is not saved.
LANES = sum((index.pace_known or index.pace).at_once for name, index in INDEXES.items() if name in ASKED)

Findings = dict[str, tuple[str, frozenset[str]]]


def settings(literature: LiteratureServer, house: House, speed: float) -> dict[str, str]:
    return {**literature.settings, "SPEED": str(speed), "PACES": str(house.folder / "paces.sqlite")}


def findings(house: House, literature: LiteratureServer, record: Path) -> Findings:
    ended = house.claimgate("run", "--json", record, **settings(literature, house, AT_ONCE))
    assert ended.code == 0, ended.err
    (found,) = ended.document["records"]
    rows: list[Any] = house.claimgate("show", "--json", found["record_id"]).document["references"]["rows"]
    return {
        row["reference"]["mark"]: (row["audit"]["finding"], frozenset(one["kind"] for one in row["audit"]["notices"]))
        for row in rows
    }


def killed_while_asking(house: House, literature: LiteratureServer, record: Path) -> list[Seen]:
    """Kill the run after some of its requests; what the server had seen by then."""
    requests = literature.server.requests
    with house.started("run", "--json", record, **settings(literature, house, UNHURRIED)) as process:
        until(lambda: len(requests) >= ANSWERED_BEFORE or process.poll() is not None, "indexes were asked", seconds=120)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL
    return list(requests)


def stored_answers(house: House, aside: Path) -> dict[str, Known]:
    """Every question with an answer in the warehouse, read from a copy, so that the next run finds all as it was."""
    warehouse = Warehouse(WarehouseLocation.of(house.copy_to(aside).database))
    answers = Answers(warehouse, lambda: pytest.fail("nothing is saved here"), "a-look")
    answers.known([])  # takes in what was saved and is not in the database yet
    with warehouse.read() as connection:
        keys = [key for (key,) in connection.execute("SELECT DISTINCT lookup_key FROM index_lookups").fetchall()]
    return dict(answers.known(keys))


def times_asked(house: House) -> Counter[str]:
    """Lookup key to how often an answer to it was stored."""
    with Warehouse(WarehouseLocation.of(house.database)).read() as connection:
        rows = connection.execute("SELECT lookup_key, count(*) FROM index_lookups GROUP BY ALL").fetchall()
    return Counter(dict(rows))


def asked_in(url: str) -> str:
    """The request to an address, as the server names it."""
    place = urlsplit(url)
    return Seen("GET", unquote(place.path), dict(parse_qsl(place.query)), {}, b"", 0.0, "", 200).key


@pytest.mark.slow
def test_a_run_killed_while_asking_goes_on_where_it_was_and_repeats_only_what_was_under_way(tmp_path: Path) -> None:
    works, planted = planted_literature(REFERENCES, seed=3)
    record = tmp_path / "drying.md"
    record.write_text(record_of(planted))
    expected = {str(mark): (one.finding, one.notices) for mark, one in enumerate(planted, start=1)}

    with serving_literature(works) as literature:
        assert findings(House(tmp_path / "undisturbed"), literature, record) == expected
        undisturbed = len(literature.asked())

    house = House(tmp_path / "killed")
    with serving_literature(works) as literature:
        before = killed_while_asking(house, literature, record)
        assert ANSWERED_BEFORE <= len(before) < undisturbed
        stored = stored_answers(house, tmp_path / "aside")
        assert all(one.answered for one in stored.values())
        # What a request was answered with is in the warehouse, but for those that were under way.
        single = {asked_in(one.url) for one in stored.values() if one.url is not None}
        assert len(before) - LANES <= len({(one.key, one.body) for one in before if one.key in single or one.body})

        assert findings(house, literature, record) == expected
        after = literature.server.requests[len(before) :]
        again = {(one.key, one.body) for one in before} & {(one.key, one.body) for one in after}
        assert len(again) <= LANES
        assert {key for key, body in again if not body} & single == set()
        asked = times_asked(house)
        assert stored.keys() <= asked.keys()
        assert {key for key, times in asked.items() if times > 1} == set()
        assert len(before) + len(after) <= undisturbed + 2 * LANES

        complete = len(literature.asked())
        assert findings(house, literature, record) == expected
        assert len(literature.asked()) == complete
