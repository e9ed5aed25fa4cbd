"""The published correction log: whatever is done to its bytes is found, and the place of it named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.models import Correction
from pipelines.publication.correction_log import (
    CheckedLog,
    Head,
    LogBreak,
    check_heads,
    check_log,
    head_of_all,
    heads_bytes,
    log_bytes,
    read_heads,
)
from pipelines.publication.correction_replay import StateHeld, disagreement
from pipelines.publication.corrections import CorrectionKind, correction_events, correction_hash
from pipelines.publication.noted_heads import Noted, missing, noted

RECORD = "test:moss"
BEGAN = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)

values = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.floats(0, 10), st.text(max_size=8), st.lists(st.integers(0, 3))
)
states = st.dictionaries(
    st.sampled_from([kind.value for kind in CorrectionKind]),
    st.dictionaries(st.sampled_from(["title", "score", "claim.1.verdict"]), values, max_size=3),
    max_size=3,
)

State = Mapping[str, Any]


def history(held: list[State], record_id: str = RECORD) -> tuple[list[StateHeld], list[tuple[str, Correction]]]:
    """Public states published a day apart, and the corrections that this made."""
    states_held = [StateHeld(f"state-{place}", state) for place, state in enumerate(held)]
    events: list[tuple[str, Correction]] = []
    for place, (before, after) in enumerate(pairwise(held), start=1):
        made = correction_events(
            before,
            after,
            record_id=record_id,
            previous=events[-1][1] if events else None,
            why=f"night {place}",
            recorded_at=BEGAN + timedelta(days=place),
        )
        events.extend((f"state-{place}", one) for one in made)
    return states_held, events


def titles(*of: str, record_id: str = RECORD) -> tuple[Correction, ...]:
    """The chain of a record that had these titles."""
    _, events = history([{"METADATA": {"title": one}} for one in of], record_id)
    return tuple(one for _, one in events)


histories = st.lists(states, min_size=2, max_size=6).map(history)
chains = histories.map(lambda made: tuple(one for _, one in made[1]))
THREE = titles("A", "B", "C", "D")


def broken(data: bytes) -> LogBreak:
    found = check_log(data).broken
    assert found is not None, "the break was not found"
    return found


# --- any history holds, any tampering is found --------------------------------------------------


@given(histories.filter(lambda made: bool(made[1])))
def test_every_history_holds_as_a_published_file_and_against_its_states(made: Any) -> None:
    held, events = made
    chain = tuple(one for _, one in events)
    log = check_log(log_bytes(chain))
    assert log.broken is None
    assert (log.record_id, log.head, len(log.events)) == (RECORD, chain[-1].hash, len(chain))
    assert disagreement(RECORD, held, events) is None


@settings(max_examples=200)
@given(st.data())
def test_any_one_byte_changed_is_found_in_the_line_where_it_stands(data: st.DataObject) -> None:
    good = log_bytes(data.draw(chains.filter(bool)))
    at = data.draw(st.integers(0, len(good) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != good[at]))
    found = broken(good[:at] + bytes([byte]) + good[at + 1 :])
    assert found.sequence == good[:at].count(b"\n") + 1


@settings(max_examples=60)
@given(st.data())
def test_any_one_byte_taken_out_or_put_in_is_found_in_the_line_where_it_stands(data: st.DataObject) -> None:
    good = log_bytes(data.draw(chains.filter(bool)))
    at = data.draw(st.integers(0, len(good) - 1))
    place = good[:at].count(b"\n") + 1
    assert broken(good[:at] + good[at + 1 :]).sequence == place
    byte = bytes([data.draw(st.integers(0, 255))])
    assert broken(good[:at] + byte + good[at:]).sequence == place


def test_every_byte_of_a_log_counts() -> None:
    good = log_bytes(THREE[:2])
    for at, byte in enumerate(good):
        for other in {byte ^ 1, byte ^ 0x20, 0x20, 0x30, 0x0A} - {byte}:
            found = broken(good[:at] + bytes([other]) + good[at + 1 :])
            assert found.sequence == good[:at].count(b"\n") + 1


EDITS: dict[str, Any] = {
    "correction_id": f"{RECORD}#correction-7",
    "sequence": 7,
    "kind": "BENCHMARK",
    "before": {"title": "another"},
    "after": {"title": "another"},
    "why": "nothing happened",
    "recorded_at": BEGAN - timedelta(days=400),
    "previous_hash": "0" * 64,
    "hash": "0" * 64,
}


def test_every_field_of_an_event_is_edited_below() -> None:
    assert set(EDITS) == set(Correction.model_fields)


@pytest.mark.parametrize("field", EDITS)
@pytest.mark.parametrize("at", range(len(THREE)))
def test_an_event_edited_in_any_field_is_found_at_its_place(field: str, at: int) -> None:
    edited = THREE[at].model_copy(update={field: EDITS[field]})
    found = broken(log_bytes((*THREE[:at], edited, *THREE[at + 1 :])))
    assert (found.sequence, found.correction_id) == (at + 1, edited.correction_id)


@settings(max_examples=60)
@given(st.data())
def test_an_event_taken_out_moved_or_put_in_is_found_at_its_place(data: st.DataObject) -> None:
    chain = data.draw(chains.filter(lambda one: len(one) > 1))
    at = data.draw(st.integers(0, len(chain) - 2))
    assert broken(log_bytes(chain[:at] + chain[at + 1 :])).sequence == at + 1
    assert broken(log_bytes((*chain[:at], chain[at + 1], chain[at], *chain[at + 2 :]))).sequence == at + 1
    assert broken(log_bytes((*chain[: at + 1], chain[at], *chain[at + 1 :]))).sequence == at + 2


def test_an_event_edited_and_hashed_anew_breaks_the_chain_at_the_next() -> None:
    edited = THREE[0].model_copy(update={"after": {"title": "forged"}})
    forged = edited.model_copy(update={"hash": correction_hash(edited)})
    found = broken(log_bytes((forged, *THREE[1:])))
    assert (found.sequence, found.what) == (2, "previous_hash is not the hash of the event before")


NOT_CANONICAL = {
    "a space": lambda line: line.replace(b'":"', b'": "', 1),
    "another order of fields": lambda line: (json.dumps(dict(reversed(json.loads(line).items()))) + "\n").encode(),
    "an escape that need not be": lambda line: line.replace(b"night", b"\\u006eight", 1),
    "a field twice": lambda line: line.replace(b'"sequence":1', b'"sequence":9,"sequence":1', 1),
    "a carriage return": lambda line: line.replace(b"\n", b"\r\n"),
    "a time in another zone": lambda line: line.replace(b"T09:00:00.000000+00:00", b"T10:00:00.000000+01:00"),
    "a number as a text": lambda line: line.replace(b'"sequence":1', b'"sequence":"1"'),
    "no line end": lambda line: line.rstrip(b"\n"),
}


@pytest.mark.parametrize("how", NOT_CANONICAL)
def test_a_line_that_says_the_same_in_other_bytes_is_not_canonical(how: str) -> None:
    good = log_bytes(THREE[:1])
    changed = NOT_CANONICAL[how](good)
    assert changed != good
    found = broken(changed)
    assert (found.sequence, found.what) == (1, "the line is not in canonical form: its bytes were changed")


HOSTILE = {
    "nothing": b"",
    "an empty line": b"\n",
    "no JSON": b"night fell\n",
    "another kind of object": b'{"title":"A"}\n',
    "a list": b"[1]\n",
    "no character": b"\xff\xfe\n",
    "a number that JSON has not": log_bytes(THREE[:1]).replace(b'"title":"B"', b'"title":NaN'),
    "a number without end": log_bytes(THREE[:1]).replace(b'"title":"B"', b'"title":1e999'),
    "more digits than are read": log_bytes(THREE[:1]).replace(b'"title":"B"', b'"title":' + b"9" * 5000),
    "brackets without end": log_bytes(THREE[:1]).replace(b'"title":"B"', b'"title":' + b"[" * 200_000),
    "half a surrogate pair": log_bytes(THREE[:1]).replace(b'"test:moss#', b'"\\ud800#'),
    "a time before the first": log_bytes(THREE[:1]).replace(
        b"2026-07-07T09:00:00.000000+00:00", b"0001-01-01T00:00:00+09:00"
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_log_is_a_break_at_its_first_line_and_never_an_error(kind: str) -> None:
    found = broken(HOSTILE[kind])
    assert (found.sequence, found.correction_id) == (1, None)


def test_the_form_can_be_checked_with_a_few_lines_of_any_language() -> None:
    previous = ""
    for line in log_bytes(THREE).decode().splitlines():
        event = json.loads(line)
        stated, before = event.pop("hash"), event.pop("previous_hash")
        content = json.dumps(event, sort_keys=True, separators=(",", ":"))
        assert (before or "") == previous
        assert hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest() == stated
        previous = stated


# --- public states ------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.data())
def test_a_public_state_that_says_something_else_than_the_log_is_found(data: st.DataObject) -> None:
    held, events = data.draw(histories)
    at = data.draw(st.integers(1, len(held) - 1))
    kinds = held[at].state | {"METADATA": {**held[at].state.get("METADATA", {}), "planted": 1}}
    found = disagreement(RECORD, [*held[:at], StateHeld(held[at].state_id, kinds), *held[at + 1 :]], events)
    assert found is not None
    assert found.sequence == 1 + sum(int(state_id.removeprefix("state-")) <= at for state_id, _ in events)
    assert "METADATA 'planted'" in found.what


@settings(max_examples=40)
@given(histories.filter(lambda made: bool(made[1])))
def test_a_log_cut_off_at_its_end_is_found_by_the_states_held(made: Any) -> None:
    held, events = made
    found = disagreement(RECORD, held, events[:-1])
    assert found is not None
    assert found.sequence == len(events)


def test_events_without_their_state_are_found() -> None:
    held, events = history([{"METADATA": {"title": one}} for one in "ABC"])
    lost = disagreement(RECORD, held[:-1], events)
    assert lost is not None
    assert (lost.sequence, lost.what) == (2, "it tells of a public state that is not held")
    none = disagreement(RECORD, [], events)
    assert none is not None
    assert none.sequence == 1
    twisted = disagreement(RECORD, held, [events[0], (events[1][0], events[1][1].model_copy(update={"before": {}}))])
    assert twisted is not None
    assert twisted.what == "before: 'title' is not what the public state before held"


# --- heads, and hashes that were noted ----------------------------------------------------------


def head(chain: tuple[Correction, ...], record_id: str = RECORD) -> Head:
    return Head(record_id=record_id, count=len(chain), hash=chain[-1].hash)


FERN = titles("X", "Y", record_id="test:fern")
LOGS = {RECORD: log_bytes(THREE), "test:fern": log_bytes(FERN)}
HEADS_FILE = heads_bytes([head(THREE), head(FERN, "test:fern")])


def test_the_file_of_heads_lists_every_log_and_holds() -> None:
    logs, wrong = check_heads(HEADS_FILE, LOGS.get)
    assert wrong is None
    assert [(log.record_id, log.broken) for log in logs] == [("test:fern", None), (RECORD, None)]
    read = read_heads(HEADS_FILE)
    assert read is not None
    assert read.head_of_all == head_of_all([head(FERN, "test:fern"), head(THREE)])


def test_every_byte_of_the_file_of_heads_counts() -> None:
    for at, byte in enumerate(HEADS_FILE):
        for other in {byte ^ 1, 0x09, 0x20, 0x30} - {byte}:
            _, wrong = check_heads(HEADS_FILE[:at] + bytes([other]) + HEADS_FILE[at + 1 :], LOGS.get)
            assert wrong is not None


@pytest.mark.parametrize(
    ("logs", "sequence", "what"),
    [
        ({RECORD: log_bytes(THREE[:-1])}, 3, "ends at event 2"),
        ({RECORD: log_bytes(titles("A", "B", "C", "Z"))}, 4, "another newest hash"),
        ({RECORD: log_bytes(FERN)}, 2, "another record"),
        ({}, 1, "is gone"),
        ({RECORD: LOGS[RECORD].replace(b"night 2", b"night 9")}, 2, "hash does not agree"),
    ],
)
def test_a_log_that_is_not_the_one_listed_is_found(logs: dict[str, bytes], sequence: int, what: str) -> None:
    (log,), wrong = check_heads(heads_bytes([head(THREE)]), logs.get)
    assert wrong is None
    assert log.broken is not None
    assert (log.broken.record_id, log.broken.sequence) == (RECORD, sequence)
    assert what in log.broken.what


def checked(*chains_: tuple[Correction, ...]) -> list[CheckedLog]:
    return [check_log(log_bytes(one)) for one in chains_]


def test_a_head_noted_at_any_time_is_still_on_the_chain() -> None:
    logs = checked(THREE, FERN)
    for event in (*THREE, *FERN):
        assert missing(Noted(None, event.hash), logs) is None
        assert missing(Noted(event.correction_id.partition("#")[0], event.hash), logs) is None


def test_the_head_of_all_noted_on_any_day_is_found_again_in_the_log_of_later() -> None:
    logs = checked(THREE, FERN)
    fern = head(FERN, "test:fern")
    first, then = (head_of_all([head(THREE[:count]), fern]) for count in (1, 2))
    assert missing(Noted(None, first), logs) is None
    assert missing(Noted(None, then), logs) is None
    lost = missing(Noted(None, then), checked(THREE[:1], FERN))
    assert lost is not None
    assert "never that of all" in lost.what


@settings(max_examples=40)
@given(chains.filter(bool))
def test_a_cut_end_is_found_by_a_head_that_was_noted(chain: tuple[Correction, ...]) -> None:
    noted_head = Noted(RECORD, chain[-1].hash)
    found = missing(noted_head, checked(chain[:-1]) if len(chain) > 1 else [])
    assert found is not None
    assert (found.record_id, found.sequence) == (RECORD, len(chain))


def test_a_log_written_anew_as_a_whole_holds_by_itself_and_not_against_a_noted_head() -> None:
    anew = checked(titles("A", "Z", "C", "D"))
    assert anew[0].broken is None
    assert missing(Noted(None, THREE[0].hash), anew) is not None


def test_a_noted_head_behind_a_break_does_not_count() -> None:
    edited = THREE[1].model_copy(update={"why": "nothing"})
    log = checked((THREE[0], edited, THREE[2]))
    assert missing(Noted(RECORD, THREE[0].hash), log) is None
    assert missing(Noted(RECORD, THREE[2].hash), log) is not None


@pytest.mark.parametrize(
    "text", ["", "abc", "=" + "0" * 64, "F" * 64, "0" * 63, "0" * 64 + "=test:moss", "a\x1b=" + "0" * 64]
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="64 hex digits"):
        noted(text)


def test_a_head_may_name_its_record() -> None:
    assert noted("0" * 64) == Noted(None, "0" * 64)
    assert noted(f"a=b:1={'0' * 64}") == Noted("a=b:1", "0" * 64)
