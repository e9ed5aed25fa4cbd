"""Work on many records: handed on in lists that are saved together, and nothing made is lost when a piece fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assets import workers
from assets.publication_work import PutFiles
from assets.workers import shared, together, worked


def failing_after(count: int) -> Iterator[int]:
    yield from range(count)
    raise ValueError("no more can be had")


def lengths(words: Sequence[str]) -> list[int]:
    if "bad" in words:
        raise ValueError("a bad word")
    return [len(word) for word in words]


def test_results_come_in_lists_of_so_many_and_the_last_is_shorter() -> None:
    assert list(together(iter(range(7)), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(together(iter(range(6)), 3)) == [[0, 1, 2], [3, 4, 5]]
    assert list(together((), 3)) == []


def test_what_was_made_before_a_failure_is_handed_on_before_it_is_raised() -> None:
    got = []
    with pytest.raises(ValueError, match="no more"):
        got.extend(together(failing_after(4), 3))
    assert got == [[0, 1, 2], [3]]


def test_a_piece_that_fails_keeps_nothing_back_of_the_pieces_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "AT_ONCE", 2)
    got: list[tuple[list[str], list[list[int]]]] = []
    with pytest.raises(ValueError, match="a bad word"):
        got.extend(worked("a stage", ["a", "bb", "c", "dd", "eee", "f", "bad"], lengths, saved_together=2))
    assert got == [(["a", "bb", "c", "dd"], [[1, 2], [1, 2]]), (["eee", "f"], [[3, 1]])]


def test_other_processes_make_the_same_in_the_same_order() -> None:
    pieces = [["a"], ["bb", "ccc"], ["dddd"], ["e", "ff"], []]
    alone = list(shared(pieces, lengths, many=False))
    assert alone == [[1], [2, 3], [4], [1, 2], []]
    assert list(shared(pieces, lengths, many=True)) == alone


def test_files_of_several_pieces_are_one_with_all_that_each_has() -> None:
    one = PutFiles([("a", "a.html", "1")], {"a": "line a"}, 2, 1, ("old-a.html",))
    other = PutFiles([("b", "b.html", "2")], {"b": "line b"}, 3, 0)
    assert PutFiles.of_all([one, other]) == PutFiles(
        [("a", "a.html", "1"), ("b", "b.html", "2")], {"a": "line a", "b": "line b"}, 5, 1, ("old-a.html",)
    )
    assert PutFiles.of_all([]) == PutFiles([], {}, 0, 0)
