"""The library in the warehouse: indexed once, searched by what it holds now, its history kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.search.terms import index_terms
from pipelines.models import Notice, NoticeKind, Work
from warehouse import library as room
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.library import (
    Indexed,
    LibraryFile,
    NotIndexed,
    index_library,
    is_indexed,
    search_library,
    works_by_identifier,
    works_near_title,
)
from warehouse.location import WarehouseLocation

MONDAY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
TABLES = (
    "library_works",
    "library_identifiers",
    "library_lengths",
    "library_postings",
    "library_files",
    "library_contents",
)


def work(number: int, title: str, text: str | None = None, *aliases: str) -> Work:
    return Work(
        source_id=f"doi:10.5555/library.{number}",
        aliases=aliases,
        title=title,
        authors=("Moss, A.",),
        year=2000 + number,
        text=text,
        text_kind="abstract" if text else None,
        origin="library:tests.jsonl",
    )


WORKS = (
    work(1, "Lichen on roof tiles", "Lichen lowered the frost resistance of tiles.", "arxiv:2101.00001", "pmid:11"),
    work(2, "Frost in orchards", "Late frost kills blossom. Sprinklers helped against frost."),
    work(3, "Cleaning of old roofs", "Brushing did not break more tiles."),
    work(4, "Sparse routing of packets", None, "arxiv:2101.00004"),
)


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    return Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))


def on(days: int = 0) -> Stamp:
    return Stamp(MONDAY + timedelta(days=days), "by hand")


def counts(house: Warehouse) -> dict[str, int]:
    with house.read() as connection:
        rows = connection.execute(
            "SELECT table_name, row_count FROM append_only_tables WHERE table_name LIKE 'library%'"
        ).fetchall()
    held = dict(rows)
    assert set(held) == set(TABLES)
    return held


def ids(found: tuple[tuple[Work, float], ...]) -> list[str]:
    return [work.source_id for work, _ in found]


def ask(house: Warehouse, digest: str, words: str, limit: int = 10) -> list[str]:
    return ids(search_library(house, digest, dict.fromkeys(index_terms(words), 1.0), limit))


# --- indexing -----------------------------------------------------------------------------------


def test_works_come_back_as_they_were_put_in(house: Warehouse) -> None:
    noticed = WORKS[0].model_copy(update={"notices": (Notice(kind=NoticeKind.RETRACTED, origin="library:x"),)})
    index_library(house, "one", "tests", [noticed, *WORKS[1:]], on())
    names = [one.source_id for one in WORKS]
    assert works_by_identifier(house, "one", names) == dict(zip(names, (noticed, *WORKS[1:]), strict=True))


def test_indexing_the_same_library_again_adds_nothing(house: Warehouse) -> None:
    assert index_library(house, "one", "tests", WORKS, on()) == Indexed(works=4, new=4)
    before = counts(house)
    assert index_library(house, "one", "tests", reversed(WORKS), on(1)) == Indexed(works=4, new=0)
    assert counts(house) == before


def test_no_word_is_counted_again_for_a_work_that_is_known(house: Warehouse) -> None:
    looked_at: list[str] = []

    def tokens(text: str) -> list[str]:
        looked_at.append(text)
        return index_terms(text)

    index_library(house, "one", "tests", WORKS, on(), tokens)
    looked_at.clear()
    more = work(5, "Moss on walls", "Moss grows on the north side.")
    assert index_library(house, "two", "tests", [*WORKS, more], on(1), tokens) == Indexed(works=5, new=1)
    assert looked_at == ["Moss on walls", "Moss grows on the north side."]


def test_a_changed_work_is_found_by_its_new_words_and_not_by_its_old_ones(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on())
    changed = WORKS[0].model_copy(update={"text": "Lichen raised the noise of rain."})
    assert index_library(house, "two", "tests", [changed, *WORKS[1:]], on(1)).new == 1
    assert ask(house, "two", "noise rain") == [changed.source_id]
    assert ask(house, "two", "frost resistance") == [WORKS[1].source_id]
    assert works_by_identifier(house, "two", ["pmid:11"]) == {"pmid:11": changed}
    assert ask(house, "one", "noise rain") == []
    assert works_by_identifier(house, "one", ["pmid:11"]) == {"pmid:11": WORKS[0]}


def test_a_removed_work_is_found_under_the_digest_that_held_it_and_under_no_later_one(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on())
    before = counts(house)
    assert index_library(house, "two", "tests", WORKS[1:], on(1)) == Indexed(works=3, new=0)
    assert ask(house, "two", "lichen") == []
    assert works_by_identifier(house, "two", [WORKS[0].source_id, "pmid:11"]) == {}
    assert works_near_title(house, "two", [WORKS[0].title], 5)[WORKS[0].title] == (WORKS[2],)
    assert ask(house, "one", "lichen") == [WORKS[0].source_id]
    after = counts(house)
    assert all(after[table] >= before[table] for table in TABLES)
    assert after["library_works"] == before["library_works"]


def test_what_is_rare_is_counted_in_the_library_that_is_asked(house: Warehouse) -> None:
    roofs = [work(n, f"Roof number {n}", "A roof.") for n in range(10, 30)]
    lichen = [work(n, f"Lichen number {n}", "A lichen.") for n in range(30, 50)]
    index_library(house, "roofs", "tests", [*roofs, lichen[0]], on())
    index_library(house, "lichen", "tests", [*lichen, roofs[0]], on())
    assert ask(house, "roofs", "roof lichen")[0] == lichen[0].source_id
    assert ask(house, "lichen", "roof lichen")[0] == roofs[0].source_id


def test_a_library_read_otherwise_under_the_same_digest_is_held_as_it_was_read_last(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on())
    index_library(house, "one", "tests", WORKS[:2], on(1))
    assert ask(house, "one", "brushing") == []
    index_library(house, "one", "tests", WORKS, on(2))
    assert ask(house, "one", "brushing") == [WORKS[2].source_id]


def test_an_indexing_that_was_cut_short_is_not_in_force_and_goes_on_behind_its_last_chunk(
    house: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "CHUNK", 2)

    def tokens(text: str) -> list[str]:
        if "Sparse" in text:
            raise KeyboardInterrupt
        return index_terms(text)

    with pytest.raises(KeyboardInterrupt):
        index_library(house, "one", "tests", WORKS, on(), tokens)
    assert not is_indexed(house, "one")
    assert index_library(house, "one", "tests", WORKS, on(1)) == Indexed(works=4, new=2)
    assert is_indexed(house, "one")
    assert ask(house, "one", "lichen packets") == [WORKS[0].source_id, WORKS[3].source_id]


def test_a_run_that_indexes_the_same_library_meanwhile_doubles_nothing(house: Warehouse) -> None:
    begun: list[str] = []

    def tokens(text: str) -> list[str]:
        if not begun:
            begun.append(text)
            assert index_library(house, "one", "tests", WORKS, on()) == Indexed(works=4, new=4)
            begun.append(str(counts(house)))
        return index_terms(text)

    index_library(house, "one", "tests", WORKS, on(1), tokens)
    assert str(counts(house)) == begun[1]


def test_long_texts_are_saved_a_few_at_a_time(house: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "CHUNK_CHARACTERS", 50)
    assert [len(chunk) for chunk in room._chunks(WORKS)] == [2, 2]
    assert index_library(house, "one", "tests", WORKS, on()) == Indexed(works=4, new=4)
    assert ask(house, "one", "packets") == [WORKS[3].source_id]


def test_terms_made_by_other_rules_are_kept_apart(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on(), str.split, terms_version="by-spaces")
    assert not is_indexed(house, "one")
    by_spaces = search_library(house, "one", {"tiles.": 1.0}, 5, terms_version="by-spaces")
    assert ids(by_spaces) == [WORKS[2].source_id, WORKS[0].source_id]
    index_library(house, "one", "tests", WORKS, on(1))
    assert is_indexed(house, "one")
    assert ids(search_library(house, "one", {"tiles.": 1.0}, 5)) == []
    assert counts(house)["library_works"] == len(WORKS)


def test_the_files_of_a_library_are_written_down_once(house: Warehouse) -> None:
    files = [LibraryFile("tests.jsonl", "ab" * 32, 120)]
    for day in range(2):
        index_library(house, "one", "tests", WORKS, on(day), files=files)
    with house.read() as connection:
        rows = connection.execute("SELECT digest, library, name, file_id, size FROM library_files").fetchall()
    assert rows == [("one", "tests", "tests.jsonl", "ab" * 32, 120)]


def test_an_empty_library_is_indexed_and_holds_nothing(house: Warehouse) -> None:
    assert not is_indexed(house, "none")
    assert index_library(house, "none", "tests", [], on()) == Indexed(works=0, new=0)
    assert is_indexed(house, "none")
    assert ask(house, "none", "lichen") == []
    assert works_near_title(house, "none", ["Lichen"], 3) == {"Lichen": ()}


def test_a_library_that_was_not_indexed_cannot_be_asked(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on())
    with pytest.raises(NotIndexed, match="has not been indexed"):
        search_library(house, "another", {"lichen": 1.0}, 5)


# --- finding ------------------------------------------------------------------------------------


def test_the_work_that_holds_more_of_the_rarer_words_comes_first(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on())
    found = search_library(house, "one", dict.fromkeys(index_terms("frost on tiles with lichen"), 1.0), 10)
    assert ids(found) == [WORKS[0].source_id, WORKS[1].source_id, WORKS[2].source_id]
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_a_planted_work_is_found_among_many(house: Warehouse) -> None:
    crowd = [work(n, f"Study {n} of bridges", f"Bridge {n} stood in wind and rain for years.") for n in range(100, 600)]
    planted = work(7, "Ferries in winter", "Ice delayed the ferry, while the bridge stood in wind and rain.")
    index_library(house, "one", "tests", [*crowd, planted], on())
    assert ask(house, "one", "Did ice delay ferries?")[0] == planted.source_id
    assert ask(house, "one", "a bridge in wind, rain and ice", 3)[0] == planted.source_id
    assert works_near_title(house, "one", ["Ferries in the winter"], 1)["Ferries in the winter"] == (planted,)


def test_the_score_is_that_of_bm25(house: Warehouse) -> None:
    # Two works of lengths 2 and 4, mean 3; "zinc" once in one of them: idf = ln(1 + 1.5 / 1.5) = ln 2.
    index_library(house, "one", "tests", [work(1, "Zinc melts"), work(2, "Iron rusts", "Iron hardens")], on())
    ((_, score),) = search_library(house, "one", {"zinc": 2.0}, 5)
    k1, b = 1.2, 0.75
    assert score == pytest.approx(2 * 0.6931471806 * (k1 + 1) / (1 + k1 * (1 - b + b * 2 / 3)), abs=1e-8)


def test_equal_scores_are_ordered_by_source_id_whatever_the_order_of_arrival(house: Warehouse) -> None:
    twins = [work(n, "Tides and mud", "The tide moved the mud.") for n in range(9, 0, -1)]
    index_library(house, "one", "tests", twins, on())
    index_library(house, "two", "tests", reversed(twins), on())
    expected = sorted(one.source_id for one in twins)
    for digest in ("one", "two"):
        assert ask(house, digest, "tide mud") == expected
        assert ask(house, digest, "mud tide", 4) == expected[:4]
        near = works_near_title(house, digest, ["Tide and mud flats"], 4)["Tide and mud flats"]
        assert [one.source_id for one in near] == expected[:4]


def test_a_question_without_words_finds_nothing(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on())
    assert search_library(house, "one", {}, 5) == ()
    assert search_library(house, "one", {"lichen": 0.0}, 5) == ()
    assert search_library(house, "one", {"no such word": 1.0}, 5) == ()
    assert search_library(house, "one", {"lichen": 1.0}, 0) == ()
    assert search_library(house, "one", {"lichen": 1.0}, -3) == ()


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1.0, 1e300])
def test_a_weight_that_is_none_is_refused(house: Warehouse, weight: float) -> None:
    index_library(house, "one", "tests", WORKS, on())
    with pytest.raises(ValueError, match="the weight of 'lichen'"):
        search_library(house, "one", {"lichen": weight}, 5)


def test_a_question_of_very_many_words_is_asked_by_the_weightiest(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on())
    noise = {f"noise{number}": 1.0 for number in range(5_000)}
    assert ids(search_library(house, "one", {**noise, "lichen": 2.0}, 5)) == [WORKS[0].source_id]


def test_identifiers_are_found_in_any_letter_case_and_each_under_the_name_it_was_asked_by(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on())
    asked = ["DOI:10.5555/Library.1", "pmid:11", "arxiv:2101.00004", "doi:10.5555/none"]
    found = works_by_identifier(house, "one", asked)
    assert {name: one.title for name, one in found.items()} == {
        "DOI:10.5555/Library.1": "Lichen on roof tiles",
        "pmid:11": "Lichen on roof tiles",
        "arxiv:2101.00004": "Sparse routing of packets",
    }


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Lichen on Roof Tiles.", 1),
        ("Lichens upon a tiled roof", 1),
        ("LICHEN ON ROOF TILSE", 1),
        ("Sparse routing: of packets in networks", 4),
        ("Orchards in frost", 2),
    ],
)
def test_a_title_near_to_that_of_a_work_has_it_as_first_candidate(house: Warehouse, title: str, expected: int) -> None:
    index_library(house, "one", "tests", WORKS, on())
    assert works_near_title(house, "one", [title], 3)[title][0] == WORKS[expected - 1]


def test_words_of_the_text_alone_make_no_candidate_for_a_title(house: Warehouse) -> None:
    index_library(house, "one", "tests", WORKS, on())
    assert works_near_title(house, "one", ["Sprinklers and blossom"], 3) == {"Sprinklers and blossom": ()}


def test_a_title_of_function_words_is_found_when_it_is_the_same(house: Warehouse) -> None:
    odd = work(8, "What Is It Like to Be?")
    index_library(house, "one", "tests", [*WORKS, odd], on())
    found = works_near_title(house, "one", ["what is it like to be", "Why?"], 3)
    assert found == {"what is it like to be": (odd,), "Why?": ()}


@pytest.mark.parametrize(
    "title",
    [
        "",
        "   ",
        "'; DROP TABLE library_works; --",
        "$limit {batch_id} %s ?",
        "\x00lichen\x00",
        "lichen " * 50_000,
        "(" * 100_000,
        "\u0301" * 10_000,
        "مراجعة الأدبيات",
    ],
)
def test_hostile_titles_are_only_words(house: Warehouse, title: str) -> None:
    hostile = work(6, title or "untitled", title)
    index_library(house, "one", "tests", [*WORKS, hostile], on())
    candidates = works_near_title(house, "one", [title, "Frost in orchards"], 5)
    assert candidates["Frost in orchards"][0] == WORKS[1]
    if title and index_terms(title):
        assert hostile in candidates[title]
    assert works_by_identifier(house, "one", [title]) == {}
    assert counts(house)["library_works"] == len(WORKS) + 1


@settings(deadline=None, max_examples=25)
@given(titles=st.lists(st.text(max_size=30), max_size=6, unique=True))
def test_every_title_that_is_asked_is_answered(tmp_path_factory: pytest.TempPathFactory, titles: list[str]) -> None:
    house = Warehouse(WarehouseLocation(tmp_path_factory.mktemp("house") / "claimgate.duckdb"))
    index_library(house, "one", "tests", [work(n, title) for n, title in enumerate(titles, start=1)], on())
    found = works_near_title(house, "one", titles, 10)
    assert list(found) == titles
    for title, candidates in found.items():
        if index_terms(title):
            assert title in {one.title for one in candidates}
