"""Packed bodies are unpacked whole, within their bound, or refused."""

from __future__ import annotations

import gzip
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.http_bodies import BrokenOffError, TooLargeError, bounded_body


@given(st.lists(st.binary(max_size=200), max_size=5), st.integers(1, 50))
def test_any_packed_body_comes_out_whole_however_it_is_cut(members: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(member) for member in members)
    chunks = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert bounded_body(chunks, "gzip", 1000) == b"".join(members)


@given(st.binary(min_size=1, max_size=300), st.integers(1, 20))
def test_a_packed_body_that_ends_early_is_noticed(content: bytes, missing: int) -> None:
    packed = gzip.compress(content)
    with pytest.raises(BrokenOffError):
        bounded_body([packed[: -min(missing, len(packed) - 1)]], "gzip", 1000)


@given(st.binary(max_size=300))
def test_any_bytes_said_to_be_packed_are_unpacked_or_refused(content: bytes) -> None:
    with suppress(BrokenOffError, TooLargeError):
        assert len(bounded_body([content], "gzip", 500)) <= 500


def test_unpacking_takes_no_more_memory_than_the_bound() -> None:
    packed = gzip.compress(bytes(60_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            bounded_body([packed], "gzip", 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
