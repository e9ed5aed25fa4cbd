"""Model folders as they come: whole, broken, too large, of another kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipelines.verification import onnx_model
from pipelines.verification.onnx_model import ModelFolderError, ModelRunError, RunSettings, load_model
from tests.onnx_folders import write_json, write_network, write_tokenizer

pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")
pytest.importorskip("tokenizers", reason="the extra onnx is not installed")
onnx = pytest.importorskip("onnx", reason="networks of these tests are made with the package onnx")

WEIGHTS = {"yes": (1.0, 0.0, 0.0), "so": (0.0, 1.0, 0.0), "no": (0.0, 0.0, 1.0)}
SETTINGS = RunSettings()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_tokenizer(tmp_path, tuple(WEIGHTS))
    write_network(tmp_path, WEIGHTS)
    return tmp_path


def test_only_the_first_text_is_cut_and_the_second_stays_whole(folder: Path) -> None:
    model = load_model(folder, RunSettings(max_tokens=12))
    (tokens,) = model.tokens([("yes " * 50, "no no no")])
    # [CLS] yes x5 [SEP] no no no [SEP] within 12 tokens
    assert tokens.ids == (2, *[4] * 6, 3, 6, 6, 6, 3)
    assert tokens.kinds == (0,) * 8 + (1,) * 4
    assert not tokens.whole
    assert model.tokens([("yes", "no")])[0].whole


def test_a_second_text_that_leaves_no_room_is_an_error_not_a_cut(folder: Path) -> None:
    model = load_model(folder, RunSettings(max_tokens=12))
    with pytest.raises(ModelRunError, match="no room"):
        model.run([("yes", "no " * 40)], "logits")


def test_rows_come_back_in_the_order_given_whatever_their_length(folder: Path) -> None:
    model = load_model(folder, RunSettings(batch=3))
    rows = [("yes " * (7 - n) + "so " * n, "no") for n in (5, 0, 3, 7, 1, 5, 2)]
    found = model.run(rows, "logits")
    np.testing.assert_array_equal(found, [[7 - n, n, 0] for n in (5, 0, 3, 7, 1, 5, 2)])
    np.testing.assert_array_equal(model.run(rows[::-1], "logits"), found[::-1])


def test_a_network_quantised_while_running_gives_a_row_the_same_in_any_company(folder: Path) -> None:
    weights = {"yes": (0.31, -0.12, 0.07), "so": (0.02, 0.5, 0.4), "no": (900.0, -900.0, 5.0)}
    write_network(folder, weights, rounded=True)
    model = load_model(folder, RunSettings(batch=8))
    alone = model.run([("yes so", "so")], "logits")
    np.testing.assert_array_equal(model.run([("no no", "so"), ("yes so", "so")], "logits")[1:], alone)
    assert model.batch == 1


def test_a_network_that_needs_no_kinds_is_not_given_them(folder: Path) -> None:
    write_network(folder, WEIGHTS, kinds=False)
    found = load_model(folder, SETTINGS).run([("yes", "no no")], "logits")
    np.testing.assert_array_equal(found, [[1, 0, 2]])


def test_a_network_that_reads_less_than_the_settings_say_is_given_less(folder: Path) -> None:
    write_json(folder, "config.json", {"max_position_embeddings": 34})
    assert load_model(folder, SETTINGS).max_tokens == 32
    write_json(folder, "config.json", {"max_position_embeddings": "many", "max_tokens": 20})
    assert load_model(folder, SETTINGS).max_tokens == 20


def _fixed_axes(folder: Path) -> None:
    model = onnx.load(folder / "model.onnx")
    for one in model.graph.input:
        one.type.tensor_type.shape.dim[1].dim_value = 16
    onnx.save(model, folder / "model.onnx")


def _foreign_input(folder: Path) -> None:
    content = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(content.replace(b"token_type_ids", b"pixel_type_ids"))


def _weights_outside(folder: Path) -> None:
    model = onnx.load(folder / "model.onnx")
    onnx.save(model, folder / "model.onnx", save_as_external_data=True, location="weights.bin", size_threshold=0)


def _tokenizer_of(text: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / "tokenizer.json").write_bytes(text) and None


def _model_of(content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / "model.onnx").write_bytes(content) and None


def _config_of(content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / "config.json").write_bytes(content) and None


BROKEN = [
    pytest.param(lambda folder: (folder / "model.onnx").unlink(), "model.onnx: cannot be read", id="no model"),
    pytest.param(lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json: cannot be read", id="no tokens"),
    pytest.param(_model_of(b"\x00 not a network"), "no network that onnxruntime can run", id="model is no network"),
    pytest.param(_model_of(b""), "no network that onnxruntime can run", id="model is empty"),
    pytest.param(_tokenizer_of(b"{}"), "no tokenizer that can be read", id="tokenizer of another kind"),
    pytest.param(_tokenizer_of(b"\xff\xfe{"), "no tokenizer that can be read", id="tokenizer is not UTF-8"),
    pytest.param(_tokenizer_of(b"[" * 100_000), "no tokenizer that can be read", id="tokenizer is nested deep"),
    pytest.param(_config_of(b"{"), "config.json: is not JSON", id="config is cut off"),
    pytest.param(_config_of(b"[" * 200_000), "config.json: is not JSON", id="config is nested deep"),
    pytest.param(_config_of(b"\xff\xff"), "config.json: is not JSON", id="config is not UTF-8"),
    pytest.param(_config_of(b"[]"), "must hold a JSON object", id="config is a list"),
    pytest.param(_fixed_axes, "texts of one size only", id="fixed axes"),
    pytest.param(_foreign_input, "asks for the input pixel_type_ids", id="another kind of network"),
    pytest.param(_weights_outside, "no network that onnxruntime can run", id="weights in a file beside it"),
]


@pytest.mark.parametrize(("breaks", "sentence"), BROKEN)
def test_a_broken_folder_is_refused_in_one_sentence(
    folder: Path, breaks: Callable[[Path], None], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(folder)
    monkeypatch.chdir(folder)  # where a careless reader would find weights beside the model
    with pytest.raises(ModelFolderError, match=sentence) as raised:
        load_model(folder, SETTINGS)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 500


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderError, match="there is no such folder"):
        load_model(tmp_path / "nowhere", SETTINGS)


def test_a_file_over_the_limit_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(onnx_model._MOST_BYTES, "tokenizer.json", 100)
    with pytest.raises(ModelFolderError, match="no more than 100 are read"):
        load_model(folder, SETTINGS)


def test_tokens_that_the_network_does_not_know_are_a_failure_of_the_run(folder: Path) -> None:
    write_tokenizer(folder, (*WEIGHTS, "strange"))
    with pytest.raises(ModelRunError, match="the network failed"):
        load_model(folder, SETTINGS).run([("strange", None)], "logits")


def test_numbers_that_are_not_finite_are_a_failure_of_the_run(folder: Path) -> None:
    write_network(folder, {**WEIGHTS, "no": (float("nan"), 0.0, 0.0)})
    with pytest.raises(ModelRunError, match="finite numbers"):
        load_model(folder, SETTINGS).run([("no", "yes")], "logits")


def test_a_million_characters_cost_no_more_than_the_part_that_is_read(folder: Path) -> None:
    model = load_model(folder, RunSettings(max_tokens=32))
    (long,) = model.tokens([("yes " * 250_000, "no")])
    (wide,) = model.tokens([("y" * 1_000_000, "no")])
    assert len(long.ids) == 32
    assert wide.ids == (2, 1, 3, 6, 3)
    assert not long.whole
    assert not wide.whole
    assert not model.holds_whole("y" * 1_000_000, most=32)
    assert not model.holds_whole("no " * 33, most=32)
    assert model.holds_whole("no " * 32, most=32)
