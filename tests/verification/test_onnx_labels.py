"""Which output is which label, and exports that do not compute what their maker did."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.verification.nli_model import check_parity, columns_of, load_nli_model
from pipelines.verification.nli_onnx import load_onnx_backend
from pipelines.verification.onnx_model import ModelFolderError, RunSettings
from tests.onnx_folders import write_json, write_network, write_tokenizer

WEIGHTS = {"yes": (2.0, -1.0, -1.0), "so": (-0.5, 1.5, 0.0), "no": (-1.0, 0.0, 3.0)}  # in the order of LABELS
IN_ORDER = ("entailment", "neutral", "contradiction")

needs_runtime = pytest.mark.usefixtures("runtime")


@pytest.fixture
def runtime() -> None:
    for name in ("onnxruntime", "tokenizers", "onnx"):
        pytest.importorskip(name, reason="the extra onnx, or the package onnx, is not installed")


def write_folder(folder: Path, order: tuple[str, ...] = IN_ORDER) -> Path:
    write_tokenizer(folder, tuple(WEIGHTS))
    write_network(folder, {w: [v[IN_ORDER.index(label)] for label in order] for w, v in WEIGHTS.items()})
    write_json(folder, "config.json", {"id2label": {str(n): label.upper() for n, label in enumerate(order)}})
    return folder


@needs_runtime
@pytest.mark.parametrize("order", list(permutations(IN_ORDER)))
def test_whatever_the_order_of_the_outputs_logits_come_as_entailment_neutral_contradiction(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    model = load_nli_model(write_folder(tmp_path, order), RunSettings())
    found = model.logits([("yes", "so"), ("yes so no", "yes"), ("no no", "yes")])
    np.testing.assert_allclose(found, [[2, -1, -1], [0.5, 0.5, 2], [-2, 0, 6]])
    np.testing.assert_allclose(model.probabilities([("yes", "so")]).sum(axis=1), [1.0], rtol=1e-6)


@pytest.mark.parametrize(
    ("config", "columns"),
    [
        ({"id2label": {"0": "CONTRADICTION", "1": "ENTAILMENT", "2": "NEUTRAL"}}, (1, 2, 0)),
        ({"id2label": {"2": "Supports", "0": "not enough info", "1": "Refutes"}}, (2, 0, 1)),
        ({"labels": ["SUPPORTED", "REFUTED", "NEI"]}, (0, 2, 1)),
    ],
)
def test_labels_are_known_by_the_names_in_use(config: dict[str, Any], columns: tuple[int, int, int]) -> None:
    assert columns_of(config, Path("model")) == columns


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}},
        {"id2label": {"0": "entailment", "1": "not_entailment"}},
        {"id2label": {"0": "entailment", "1": "neutral", "2": "entails"}},
        {"id2label": {"0": "entailment", "1": "neutral", "2": "contradiction", "3": "neutral"}},
        {"id2label": {"1": "entailment", "2": "neutral", "3": "contradiction"}},
        {"id2label": ["entailment", "neutral", 7]},
        {"id2label": "entailment neutral contradiction"},
        {"id2label": {"0": "x" * 100_000, "1": "neutral", "2": "contradiction"}},
    ],
)
def test_labels_that_cannot_be_told_are_refused_in_a_sentence(config: dict[str, Any]) -> None:
    with pytest.raises(ModelFolderError, match="labels cannot be told") as raised:
        columns_of(config, Path("model"))
    assert len(str(raised.value)) < 400


@needs_runtime
def test_a_network_with_two_outputs_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path)
    write_network(tmp_path, {word: values[:2] for word, values in WEIGHTS.items()})
    with pytest.raises(ModelFolderError, match="gives 2 numbers for a pair; 3 are needed"):
        load_nli_model(tmp_path, RunSettings())


def parity_row(premise: str, hypothesis: str = "so", **changed: Any) -> dict[str, Any]:
    """What this file says that the framework gave: the sum over the premise's words."""
    logits = [float(sum(WEIGHTS[word][column] for word in premise.split())) for column in range(3)]
    ids = [2, *(4 + list(WEIGHTS).index(w) for w in premise.split()), 3, 4 + list(WEIGHTS).index(hypothesis), 3]
    return {"premise": premise, "hypothesis": hypothesis, "logits": logits, "input_ids": ids, **changed}


PREMISES = ("yes", "no", "so", "yes yes", "no so", "so so yes", "no no", "yes so")


@needs_runtime
@pytest.mark.parametrize("order", [IN_ORDER, ("contradiction", "entailment", "neutral")])
def test_parity_says_that_a_faithful_export_is_faithful(tmp_path: Path, order: tuple[str, ...]) -> None:
    write_folder(tmp_path, order)
    rows = [parity_row(premise) for premise in PREMISES]
    for row in rows:
        row["logits"] = [row["logits"][IN_ORDER.index(label)] for label in order]
    write_json(tmp_path, "parity.json", {"rows": rows})
    parity = check_parity(tmp_path)
    assert parity is not None
    assert parity.holds
    assert (parity.rows, parity.labels_differ, parity.tokens_differ) == (8, 0, 0)
    assert parity.largest_difference < 1e-5
    assert load_onnx_backend(tmp_path).parity == parity


@needs_runtime
def test_without_a_parity_file_nothing_is_said_to_be_proved(tmp_path: Path) -> None:
    assert check_parity(write_folder(tmp_path)) is None


@needs_runtime
@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="no rows prove nothing"),
        pytest.param(
            # Framework (1.6, 1.5), here (1.0, 2.0): hardly other shares on the whole, and another label.
            [*map(parity_row, PREMISES), parity_row("yes so so", logits=[1.6, 1.5, -1.0])],
            id="one label in nine",
        ),
        pytest.param([parity_row(p, logits=[0.0, 0.0, 1.0]) for p in PREMISES], id="most labels"),
        pytest.param(
            [parity_row(p, logits=[v / 9 for v in parity_row(p)["logits"]]) for p in PREMISES],
            id="labels agree and shares do not",
        ),
        pytest.param([parity_row("yes", logits=[float("nan")] * 3)], id="not a number"),
    ],
)
def test_the_back_end_does_not_start_with_an_export_that_is_not_faithful(
    tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    write_folder(tmp_path)
    write_json(tmp_path, "parity.json", {"rows": rows})
    parity = check_parity(tmp_path)
    assert parity is not None
    assert not parity.holds
    with pytest.raises(ModelFolderError, match="not faithful, and is not used: of"):
        load_onnx_backend(tmp_path)


@needs_runtime
def test_parity_tells_a_tokenizer_that_differs_from_a_graph_that_differs(tmp_path: Path) -> None:
    write_folder(tmp_path)
    write_tokenizer(tmp_path, ("no", "so", "yes"))
    write_json(tmp_path, "parity.json", {"rows": [parity_row(premise) for premise in PREMISES]})
    parity = check_parity(tmp_path)
    assert parity is not None
    assert not parity.holds
    assert parity.tokens_differ == 7  # "so" beside "so" alone keeps its number
    assert "7 are cut into other tokens" in parity.sentence()


@needs_runtime
@pytest.mark.parametrize(
    "rows",
    [
        "rows",
        [7],
        [{"premise": "yes", "hypothesis": "no"}],
        [{"premise": "yes", "hypothesis": None, "logits": [1, 2, 3]}],
        [{"premise": "yes", "hypothesis": "no", "logits": [1, 2]}],
        [{"premise": "yes", "hypothesis": "no", "logits": ["1", 2, 3]}],
        [{"premise": "yes", "hypothesis": "no " * 900, "logits": [1, 2, 3]}],
        [parity_row("yes")] * 300,
    ],
)
def test_a_parity_file_of_another_form_is_refused(tmp_path: Path, rows: object) -> None:
    write_folder(tmp_path)
    write_json(tmp_path, "parity.json", {"rows": rows})
    with pytest.raises(ModelFolderError, match=r"parity\.json: "):
        load_onnx_backend(tmp_path)
