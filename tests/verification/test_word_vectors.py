"""The table of word vectors: its form on disk, and what nearness in it is worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.verification.terms import stem, words
from pipelines.verification.word_vectors import VECTORS_FILE, load_vectors


def written(path: Path, stems: list[str], rows: list[list[int]]) -> Path:
    vectors = np.array(rows, dtype=np.int8)
    np.savez(path, stems=np.array("\n".join(stems)), vectors=vectors, vectors_id=np.array("vectors-test"))
    return path


def test_rows_of_whole_numbers_come_back_with_length_one(tmp_path: Path) -> None:
    held = load_vectors(written(tmp_path / "v.npz", ["root", "leaf"], [[30, 40], [0, -127]]))
    assert held.vectors_id == "vectors-test"
    assert held.of(["leaf", "root", "leaf"]) == pytest.approx(np.array([[0, -1], [0.6, 0.8], [0, -1]]))


def test_a_row_of_zeros_stays_zero(tmp_path: Path) -> None:
    held = load_vectors(written(tmp_path / "v.npz", ["root"], [[0, 0]]))
    assert held.of(["root"]).tolist() == [[0.0, 0.0]]


def test_an_unknown_stem_is_an_error_and_no_vector(tmp_path: Path) -> None:
    held = load_vectors(written(tmp_path / "v.npz", ["root"], [[1, 0]]))
    with pytest.raises(KeyError):
        held.of(["branch"])


def test_no_stems_give_no_rows_of_the_same_width(tmp_path: Path) -> None:
    assert load_vectors(written(tmp_path / "v.npz", ["root"], [[1, 0, 0]])).of([]).shape == (0, 3)


def test_a_table_with_pickled_objects_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "v.npz"
    np.savez(path, stems=np.array([{"root": 1}], dtype=object), vectors=np.ones((1, 2)), vectors_id=np.array("x"))
    with pytest.raises(ValueError, match="allow_pickle"):
        load_vectors(path)


def test_the_shipped_table_is_small_and_of_rows_of_length_one() -> None:
    held = load_vectors()
    lengths = np.linalg.norm(held.table, axis=1)
    assert VECTORS_FILE.stat().st_size <= 2_000_000
    assert len(held.place) == len(held.table)
    assert lengths.max() <= 1.0001
    assert (lengths > 0.999).mean() > 0.999


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [("tumour", "cancer", "winter"), ("infant", "children", "enzyme"), ("gene", "protein", "diet")],
)
def test_words_of_one_field_lie_nearer_than_words_of_two(word: str, near: str, far: str) -> None:
    one, other, apart = load_vectors().of([stem(word), stem(near), stem(far)])
    assert one @ other > one @ apart + 0.2


def test_every_row_of_the_shipped_table_can_be_met_by_a_stem() -> None:
    assert [word for word in load_vectors().place if words(word) != [word]] == []


@pytest.mark.parametrize(
    "word",
    [
        "cell",
        "model",
        "dna",
        "rna",
    ],
)
def test_common_words_have_a_vector(word: str) -> None:
    assert stem(word) in load_vectors().place
