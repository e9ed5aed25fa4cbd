"""The back end that settings name is the one that judges; one that cannot be used is refused in a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.models import ClaimVerdict
from pipelines.verification.backend import Regime, SourceText
from pipelines.verification.backend_choice import BackendChoice, BackendName, BackendUnusable
from pipelines.verification.features_backend import default_backend
from tests.ingestion.replay_server import Rule, serving
from tests.onnx_folders import write_json, write_network, write_tokenizer
from tests.verification.llm_server import CLAIM, SOURCE, asked_of, reading
from warehouse.backends import Surroundings, backend_version, loaded_encoder, opened_backend, require_parts
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.model_calls import ModelCalls

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WEIGHTS = {"[CLS]": (0.0, 3.0, 0.0), "yes": (5.0, 0.0, 0.0), "stone": (0.0, 0.0, 0.0)}


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    return Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))


def around(house: Warehouse, values: Mapping[str, str] | None = None) -> Surroundings:
    return Surroundings(values or {}, house, "test", lambda: NOON)


def model_at(url: str, folder: Path, **more: str) -> dict[str, str]:
    named = {"MODEL": "scribe-1", "MODEL_URL": url, "ONLINE": "true", "PACES": str(folder / "paces"), "SPEED": "10000"}
    return {f"CLAIMGATE_{name}": value for name, value in {**named, **more}.items()}


def network_in(folder: Path) -> Path:
    for package in ("onnxruntime", "tokenizers", "onnx"):
        pytest.importorskip(package, reason="the extra onnx is not installed")
    folder.mkdir()
    write_tokenizer(folder, tuple(WEIGHTS)[1:])
    write_network(folder, WEIGHTS)
    write_json(folder, "config.json", {"id2label": {"0": "entailment", "1": "neutral", "2": "contradiction"}})
    return folder


def test_without_settings_features_judges_by_words_alone(house: Warehouse) -> None:
    choice = BackendChoice.of({})
    assert choice == BackendChoice(BackendName.FEATURES, None, None)
    with opened_backend(choice, around(house)) as backend:
        assert backend is default_backend()


def test_settings_name_the_back_end_and_its_folders(tmp_path: Path) -> None:
    values = {"CLAIMGATE_BACKEND": " onnx ", "CLAIMGATE_NLI_MODEL": str(tmp_path), "CLAIMGATE_ENCODER": "~/encoder"}
    assert BackendChoice.of(values) == BackendChoice(BackendName.ONNX, tmp_path, Path.home() / "encoder")


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(BackendUnusable, match="The back end oracle is none of features, onnx, llm"):
        BackendChoice.of({"CLAIMGATE_BACKEND": "oracle"})


@pytest.mark.parametrize(
    ("choice", "values", "sentence"),
    [
        (BackendChoice(BackendName.ONNX), {}, "needs the folder of its network: set nli_model"),
        (BackendChoice(BackendName.ONNX, Path("no")), {}, "The network of the back end onnx cannot be used: no"),
        (BackendChoice(encoder=Path("no")), {}, "The encoder of sentences cannot be used: no"),
        (BackendChoice(BackendName.LLM), {}, "needs the settings model and model_url"),
        (
            BackendChoice(BackendName.LLM),
            {"CLAIMGATE_MODEL": "m", "CLAIMGATE_MODEL_URL": "http://127.0.0.1:9", "CLAIMGATE_MODEL_MOST_COST": "1"},
            "a budget of money needs the prices",
        ),
    ],
)
def test_what_is_missing_is_said_before_a_run_and_when_it_is_opened(
    house: Warehouse, choice: BackendChoice, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BackendUnusable, match=sentence):
        require_parts(choice, values)
    with pytest.raises(BackendUnusable, match=sentence), opened_backend(choice, around(house, values)):
        pytest.fail("it opened")


def test_a_network_in_its_folder_judges(house: Warehouse, tmp_path: Path) -> None:
    choice = BackendChoice(BackendName.ONNX, network_in(tmp_path / "net"))
    require_parts(choice, {})
    with opened_backend(choice, around(house)) as backend:
        (judged,) = backend.judge("stone", [SourceText("a", "", ("stone yes",))], Regime.GIVEN)
        assert (backend.name, judged.verdict) == ("onnx", ClaimVerdict.SUPPORTED)
        assert backend_version(choice, around(house)) == backend.version


def test_a_folder_that_holds_no_network_is_refused(house: Warehouse, tmp_path: Path) -> None:
    choice = BackendChoice(BackendName.ONNX, tmp_path)
    with pytest.raises(BackendUnusable, match="cannot be used"), opened_backend(choice, around(house)):
        pytest.fail("it opened")
    with pytest.raises(BackendUnusable, match="The encoder of sentences cannot be used"):
        loaded_encoder(tmp_path)


def test_a_model_is_asked_once_and_its_answer_kept_for_the_run_that_may_not_ask(
    house: Warehouse, tmp_path: Path
) -> None:
    choice = BackendChoice(BackendName.LLM)
    rule = Rule("/v1/chat/completions", (), "POST", answer=lambda path, params, body: reading(asked_of(body)))
    with serving([rule]) as server:
        prices = {"MODEL_MOST_CALLS": "50", "MODEL_PRICE_IN": "2", "MODEL_PRICE_OUT": "8"}
        values = model_at(f"{server.url}/v1", tmp_path, **prices)
        with opened_backend(choice, around(house, values)) as backend:
            (first,) = backend.judge(CLAIM, [SOURCE], Regime.GIVEN)
        asked = len(server.requests)
        with opened_backend(choice, around(house, {**values, "CLAIMGATE_ONLINE": "false"})) as backend:
            (second,) = backend.judge(CLAIM, [SOURCE], Regime.GIVEN)
        assert (first.verdict, second.verdict) == (ClaimVerdict.SUPPORTED, ClaimVerdict.SUPPORTED)
        assert len(server.requests) == asked > 0
        assert json.loads(server.requests[0].body or b"")["model"] == "scribe-1"
        assert backend_version(choice, around(house, values)) == backend.version
        assert len(server.requests) == asked, "a version is told without asking"
    (spent,) = ModelCalls(house, "").spend()
    assert (spent.calls, spent.cost) == (asked, pytest.approx(asked * (700 * 2 + 30 * 8) / 1e6))


def test_the_cap_of_the_settings_is_kept_and_what_it_left_out_says_so(house: Warehouse, tmp_path: Path) -> None:
    rule = Rule("/v1/chat/completions", (), "POST", answer=lambda path, params, body: reading(asked_of(body)))
    with serving([rule]) as server:
        values = model_at(f"{server.url}/v1", tmp_path, MODEL_MOST_CALLS="0")
        with opened_backend(BackendChoice(BackendName.LLM), around(house, values)) as backend:
            (judged,) = backend.judge(CLAIM, [SOURCE], Regime.GIVEN)
        assert server.requests == []
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert "the budget of 0 calls is spent" in judged.reason
