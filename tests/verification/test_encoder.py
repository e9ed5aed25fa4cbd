"""The optional sentence encoder, with networks whose vectors can be computed by hand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipelines.verification.encoder import check_encoder_parity, load_encoder
from pipelines.verification.onnx_model import ModelFolderError, RunSettings
from tests.onnx_folders import write_json, write_network, write_tokenizer

pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")
pytest.importorskip("tokenizers", reason="the extra onnx is not installed")
pytest.importorskip("onnx", reason="networks of these tests are made with the package onnx")

WEIGHTS = {"red": (3.0, 0.0), "blue": (0.0, 4.0), "dark": (1.0, 1.0)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_tokenizer(tmp_path, tuple(WEIGHTS))
    write_network(tmp_path, {"[PAD]": (-9.0, 5.0), **WEIGHTS}, per_token=True)
    return tmp_path


def test_a_vector_is_the_mean_over_tokens_scaled_to_length_one(folder: Path) -> None:
    # [CLS] and [SEP] weigh nothing here, so "red blue" points to (3, 4).
    found = load_encoder(folder).encode(["red blue", "blue", "dark dark dark"])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [[0.6, 0.8], [0.0, 1.0], [0.5**0.5, 0.5**0.5]], atol=1e-6)


def test_a_sentence_gets_the_same_vector_alone_as_among_longer_ones(folder: Path) -> None:
    texts = ["red", "red blue dark", "blue " * 40, "dark", "red"]
    together = load_encoder(folder, RunSettings(batch=4)).encode(texts)
    alone = [load_encoder(folder).encode([text])[0] for text in texts]
    np.testing.assert_array_equal(together, np.stack(alone))


def test_no_more_than_the_limit_is_read_and_it_is_the_beginning(folder: Path) -> None:
    encoder = load_encoder(folder, RunSettings(max_tokens=10))
    np.testing.assert_allclose(encoder.encode(["red " * 8 + "blue " * 5000]), [[1.0, 0.0]], atol=1e-6)


def test_no_sentences_give_no_rows_and_an_empty_sentence_one(folder: Path) -> None:
    encoder = load_encoder(folder)
    assert encoder.encode([]).shape == (0, 2)
    assert np.isfinite(encoder.encode(["", " \n"])).all()


def test_a_lone_surrogate_is_read_as_an_unknown_character(folder: Path) -> None:
    np.testing.assert_allclose(load_encoder(folder).encode(["red \ud800"]), [[1.0, 0.0]], atol=1e-6)


def test_known_sentences_are_not_encoded_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = load_encoder(folder, cached=2)
    runs: list[int] = []
    run = type(encoder._model).run
    monkeypatch.setattr(
        type(encoder._model), "run", lambda model, rows, output: runs.append(len(rows)) or run(model, rows, output)
    )
    first = encoder.encode(["red", "blue", "red"])
    np.testing.assert_array_equal(encoder.encode(["blue", "red"]), first[[1, 0]])
    assert runs == [2]
    encoder.encode(["dark"])  # drops the one that was not asked for the longest
    encoder.encode(["red"])
    encoder.encode(["blue"])
    assert runs == [2, 1, 1]


def test_parity_holds_for_the_vectors_that_the_network_gives(folder: Path) -> None:
    rows = [{"text": "red blue", "vector": [0.6, 0.8]}, {"text": "blue", "vector": [0, 2]}]
    write_json(folder, "parity.json", {"rows": rows})
    encoder = load_encoder(folder)
    parity = check_encoder_parity(encoder, folder)
    assert parity is not None
    assert parity.holds
    assert (parity.rows, round(parity.least_cosine, 5)) == (2, 1.0)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"text": "red blue", "vector": [0.8, -0.6]}], "vectors differ"),
        ([], "vectors differ"),
        ([{"text": "red", "vector": [float("nan"), 1.0]}], "vectors differ"),
        ([{"text": "red", "vector": [1.0]}], "a `vector` of 2 numbers"),
        ([{"text": 5, "vector": [1.0, 0.0]}], "a `vector` of 2 numbers"),
        ("red", "a list `rows`"),
        ([{"text": "red", "vector": [1.0, 0.0]}] * 300, "at most 256"),
    ],
)
def test_an_export_that_was_not_proved_is_refused(folder: Path, rows: object, sentence: str) -> None:
    write_json(folder, "parity.json", {"rows": rows})
    with pytest.raises(ModelFolderError, match=sentence):
        load_encoder(folder)


def _other_network(folder: Path) -> None:
    write_network(folder, {**WEIGHTS, "dark": (2.0, 1.0)}, per_token=True)


def _other_tokenizer(folder: Path) -> None:
    write_tokenizer(folder, ("blue", "red", "dark"))


@pytest.mark.parametrize("change", [_other_network, _other_tokenizer])
def test_another_network_or_tokenizer_is_another_version(folder: Path, change: Callable[[Path], None]) -> None:
    before = load_encoder(folder).version
    assert load_encoder(folder).version == before
    change(folder)
    assert load_encoder(folder).version != before


def test_how_much_is_read_is_part_of_the_version(folder: Path) -> None:
    assert load_encoder(folder, RunSettings(max_tokens=32)).version != load_encoder(folder).version


def test_a_missing_package_is_named_with_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelFolderError, match=r"onnxruntime is not installed: pip install -e \.\[onnx\]"):
        load_encoder(folder)
