"""Back ends of the verifier, made from settings: one place for the chain, for `claimgate check` and for benchmarks.

Input: a `BackendChoice`. Output: a `Backend`, or BackendUnusable with a sentence; no back end takes the place of
another. It stands on this floor because answers of a language model are kept in the warehouse. Does not belong
here: judging (pipelines/verification), what a user is told (claimgate).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipelines.verification.backend import Backend
from pipelines.verification.backend_choice import BackendChoice, BackendName, BackendUnusable
from warehouse.connection import Warehouse
from warehouse.location import DATA

if TYPE_CHECKING:
    from pipelines.ingestion.network import ModelSettings
    from pipelines.verification.encoder import SentenceEncoder
    from pipelines.verification.llm_asking import ModelAsking
    from pipelines.verification.llm_budget import Budget


@dataclass(frozen=True)
class Surroundings:
    """What a back end may need besides its choice: `values` are the environment as the settings export it."""

    values: Mapping[str, str]
    house: Warehouse
    run_id: str
    now: Callable[[], datetime]


def opened_backend(
    choice: BackendChoice, around: Surroundings, encoder: SentenceEncoder | None = None
) -> AbstractContextManager[Backend]:
    """The chosen back end, closed at the end; `encoder` is used instead of loading the one of the choice."""
    return _OPENED[choice.name](choice, around, encoder)


def backend_version(choice: BackendChoice, around: Surroundings) -> str:
    """The version of the verdicts that this choice would reach; nothing is asked of any service."""
    with opened_backend(choice, _offline(around)) as backend:
        return backend.version


def require_parts(choice: BackendChoice, values: Mapping[str, str]) -> None:
    """Raises BackendUnusable for a part that is not there, without loading any: folders, the model's settings."""
    if choice.name is BackendName.LLM:
        configured_model(values)
    if choice.name is BackendName.ONNX:
        _require_folder("The network of the back end onnx", _nli_model(choice))
    if choice.name is BackendName.FEATURES and choice.encoder is not None:
        _require_folder("The encoder of sentences", choice.encoder)


def _require_folder(what: str, folder: Path) -> None:
    if not folder.is_dir():
        raise BackendUnusable(f"{what} cannot be used: {folder} is no folder.")


def loaded_encoder(folder: Path) -> SentenceEncoder:
    """The sentence encoder of a folder. Raises BackendUnusable."""
    from pipelines.verification.encoder import load_encoder
    from pipelines.verification.onnx_model import ModelFolderError

    try:
        return load_encoder(folder)
    except ModelFolderError as problem:
        raise BackendUnusable(f"The encoder of sentences cannot be used: {problem}.") from problem


def configured_model(values: Mapping[str, str]) -> tuple[ModelSettings, Budget]:
    """The language model of the settings with what may be spent on it. Raises BackendUnusable."""
    from pipelines.ingestion.network import NetworkSettings
    from pipelines.verification.llm_budget import Budget, BudgetError

    model = NetworkSettings.of(values).model
    if model is None:
        raise BackendUnusable(
            "The back end llm needs the settings model and model_url; `claimgate doctor` lists all settings."
        )
    try:
        return model, Budget.of(values)
    except BudgetError as problem:
        raise BackendUnusable(f"The budget of the language model cannot be kept: {problem}.") from problem


@contextmanager
def opened_asking(around: Surroundings) -> Iterator[ModelAsking | None]:
    """The configured model to be asked for tasks out of one budget; None where none is configured.

    Its answers are kept in the warehouse; with the network off it knows only those. Raises BackendUnusable.
    """
    from pipelines.ingestion.network import NetworkSettings, opened_edge

    settings = NetworkSettings.of(around.values)
    if settings.model is None:
        yield None
        return
    from pipelines.verification.llm_asking import ModelAsking
    from warehouse.model_calls import ModelCalls

    model, budget = configured_model(around.values)
    with opened_edge(settings, paces=DATA / "paces.sqlite", now=around.now) as edge:
        yield ModelAsking(model, edge, ModelCalls(around.house, around.run_id), budget, around.now)


def _offline(around: Surroundings) -> Surroundings:
    return Surroundings({**around.values, "CLAIMGATE_ONLINE": "false"}, around.house, around.run_id, around.now)


@contextmanager
def _features(choice: BackendChoice, around: Surroundings, encoder: SentenceEncoder | None) -> Iterator[Backend]:
    from pipelines.verification.features_backend import default_backend

    if encoder is None and choice.encoder is not None:
        encoder = loaded_encoder(choice.encoder)
    try:
        backend = default_backend() if encoder is None else default_backend(encoder)
    except FileNotFoundError as problem:
        fitted = "with an encoder" if encoder else "for it"
        raise BackendUnusable(
            f"The back end features cannot be used: no coefficients fitted {fitted} are here: `make train`."
        ) from problem
    except (ValueError, OSError) as problem:
        # Fitted with another encoder, or with other data than what is here.
        raise BackendUnusable(f"The back end features cannot be used: {problem}.") from problem
    yield backend


@contextmanager
def _onnx(choice: BackendChoice, around: Surroundings, encoder: SentenceEncoder | None) -> Iterator[Backend]:
    from pipelines.verification.nli_onnx import load_onnx_backend
    from pipelines.verification.onnx_model import ModelFolderError

    folder = _nli_model(choice)
    try:
        backend = load_onnx_backend(folder)
    except ModelFolderError as problem:
        raise BackendUnusable(f"The network of the back end onnx cannot be used: {problem}.") from problem
    yield backend


def _nli_model(choice: BackendChoice) -> Path:
    if choice.nli_model is None:
        raise BackendUnusable("The back end onnx needs the folder of its network: set nli_model.")
    return choice.nli_model


@contextmanager
def _llm(choice: BackendChoice, around: Surroundings, encoder: SentenceEncoder | None) -> Iterator[Backend]:
    """The configured model; its answers are kept in the warehouse, so that none is paid for twice.

    With the network off it knows only what was answered before; of the rest it says so, source by source.
    """
    from pipelines.ingestion.network import NetworkSettings, opened_edge
    from pipelines.verification.llm import llm_backend
    from warehouse.model_calls import ModelCalls

    model, budget = configured_model(around.values)
    settings = NetworkSettings.of(around.values)
    calls = ModelCalls(around.house, around.run_id)
    with opened_edge(settings, paces=DATA / "paces.sqlite", now=around.now) as edge:
        yield llm_backend(model, edge, calls, budget, around.now)


_Opened = Callable[[BackendChoice, Surroundings, "SentenceEncoder | None"], AbstractContextManager[Backend]]
_OPENED: Mapping[BackendName, _Opened] = MappingProxyType(
    {BackendName.FEATURES: _features, BackendName.ONNX: _onnx, BackendName.LLM: _llm}
)
