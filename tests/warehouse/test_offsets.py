"""Offsets mean the same to the pipelines and to the invariants: characters, as Python counts them."""

from __future__ import annotations

import json

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

CONNECTION = duckdb.connect()
ANY_TEXT = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("e\u0301🇫🇷\u200d\x00"))
)


@settings(deadline=None)
@given(ANY_TEXT, st.data())
@example("cafe\u0301 au lait", None)
@example("a\x00b", None)
@example("👩\u200d🔬 measured 🇫🇷", None)
def test_a_slice_of_a_text_is_the_same_in_a_statement_as_in_python(text: str, data: st.DataObject | None) -> None:
    places = range(len(text) + 1)
    spans = (
        [(start, end) for start in places for end in places if start <= end]
        if data is None
        else [tuple(sorted(data.draw(st.tuples(*[st.sampled_from(places)] * 2))))]
    )
    for start, end in spans:
        row = CONNECTION.execute(
            "SELECT length($text), substring($text, $start + 1, $end - $start), "
            "substring(json_extract_string($record, '$.text'), $start + 1, $end - $start)",
            {"text": text, "start": start, "end": end, "record": json.dumps({"text": text}, ensure_ascii=False)},
        ).fetchone()
        assert row == (len(text), text[start:end], text[start:end])


@pytest.mark.parametrize(("start", "end"), [(-6, -1), (3, 2)])
def test_offsets_that_are_none_would_find_words_which_is_why_invariants_compare_them_first(
    start: int, end: int
) -> None:
    found = CONNECTION.execute(
        "SELECT substring('some words', ?::BIGINT + 1, ?::BIGINT)", [start, end - start]
    ).fetchone()
    assert found is not None
    assert found[0] != ""
