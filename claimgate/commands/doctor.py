"""`claimgate doctor`: what is here, what is missing and what that switches off; every setting."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from claimgate.commands.judging import backend_words, encoder_words, extra_words, is_model, network_words
from claimgate.errors import Failure
from claimgate.output import out, print_json
from claimgate.place import Place, gate_values, network_values, place_of
from claimgate.settings import load_settings, toml_file
from pipelines.gates.proof import lean_words
from pipelines.gates.sandbox_doctor import facts_of_this_machine, sandbox_checks
from pipelines.ingestion.indexes.contract import Index
from pipelines.ingestion.indexes.registry import INDEXES
from pipelines.ingestion.network import KEYED, NetworkSettings
from pipelines.verification.llm_budget import Budget, BudgetError
from warehouse.location import DEMO_DATABASE, SAMPLE

PACKAGES = (
    "dagster",
    "dagster-webserver",
    "duckdb",
    "great-expectations",
    "polars",
    "pydantic",
    "pypdfium2",
    "httpx",
)


@dataclass(frozen=True)
class Examined:
    """One thing looked at. `needed`: without it claimgate cannot do its main job."""

    name: str
    present: bool
    needed: bool
    detail: str


def examine(*, demo: bool, as_json: bool) -> None:
    """Look at everything. Raises Failure when something needed is missing."""
    place = place_of(demo=demo)
    looks: tuple[Callable[[Place], list[Examined]], ...] = (
        _python,
        _packages,
        _warehouse,
        _library,
        _judging,
        _network,
        _sandbox,
        _proofs,
        _programs,
    )
    found = [one for look in looks for one in look(place)]
    _, origins = load_settings()
    file = toml_file()
    if as_json:
        print_json(
            {
                "checks": [asdict(one) for one in found],
                "settings": [asdict(one) for one in origins],
                "settings_file": str(file) if file else None,
            }
        )
    else:
        _print(found, file)
    missing = [one.name for one in found if one.needed and not one.present]
    if missing:
        raise Failure(f"Missing: {', '.join(missing)}. `make setup` in the checkout installs what is needed.")


def _python(_: Place) -> list[Examined]:
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    return [
        Examined(
            "python",
            fits,
            True,
            f"{platform.python_version()} at {sys.executable}; 3.11 to 3.13 are supported",
        )
    ]


def _packages(_: Place) -> list[Examined]:
    return [_package(name) for name in PACKAGES]


def _package(name: str) -> Examined:
    try:
        return Examined(name, True, True, version(name))
    except PackageNotFoundError:
        return Examined(name, False, True, "not installed: `make setup`")


def _warehouse(place: Place) -> list[Examined]:
    database = place.location.database
    if place.house.exists():
        detail = f"{database}, {database.stat().st_size / 1e6:.1f} MB"
    else:
        detail = f"none yet at {database}; `claimgate run FILE` makes it"
    return [Examined("warehouse", place.house.exists(), False, detail)]


def _library(place: Place) -> list[Examined]:
    chosen = place.settings.library or (str(SAMPLE / "library") if place.location.database == DEMO_DATABASE else "")
    if not chosen:
        detail = "not set: only passages that come with a record are read; set CLAIMGATE_LIBRARY or run --library"
        return [Examined("library of source texts", False, False, detail)]
    path = Path(chosen).expanduser()
    return [
        Examined(
            "library of source texts",
            path.exists(),
            False,
            str(path) if path.exists() else f"{path} is not there",
        )
    ]


def _judging(place: Place) -> list[Examined]:
    looked_at = {
        "back end of the verifier": backend_words(place),
        "encoder of sentences": encoder_words(place),
        "network of the back end onnx": network_words(place),
        "packages of the extra onnx": extra_words(),
        "budget of the language model": _budget_words(place),
    }
    return [Examined(name, present, False, detail) for name, (present, detail) in looked_at.items()]


def _budget_words(place: Place) -> tuple[bool, str]:
    try:
        budget = Budget.of(network_values(place.settings))
    except BudgetError as problem:
        return False, f"{problem}; until then the back end llm judges nothing"
    caps = ((budget.calls, "{:,} calls"), (budget.tokens, "{:,} tokens"), (budget.money, "{:g} of money"))
    return True, ", ".join(words.format(cap) for cap, words in caps if cap is not None) + " at most in a run"


def _network(place: Place) -> list[Examined]:
    """The network, each index, and the keys; nothing is asked of them."""
    settings = NetworkSettings.of(network_values(place.settings))
    able = settings.able()
    words = "on: indexes are asked" if settings.online else "off: --online or CLAIMGATE_ONLINE=true turns it on"
    model, judges = settings.model, is_model(place.settings)
    written = (
        f"{model.model} at {model.url} writes the prose of answers{' and judges claims' if judges else ''}"
        if model
        else "not set: answers are written by extraction; CLAIMGATE_MODEL and CLAIMGATE_MODEL_URL name one"
    )
    looked_at = [
        Examined("network", settings.online, False, words),
        Examined("language model", model is not None, False, written),
    ]
    return looked_at + [
        Examined(f"index {index.title}", name in able, False, _index_words(index, settings, able=name in able))
        for name, index in INDEXES.items()
    ]


def _index_words(index: Index, settings: NetworkSettings, *, able: bool) -> str:
    if not able:
        return "not asked: it demands a contact address (CLAIMGATE_CONTACT)"
    known = bool(settings.contact) or index.name in settings.keys
    pace = (index.pace_known if known else None) or index.pace
    key = ", with your key" if index.name in settings.keys else ", without a key" if index.name in KEYED else ""
    return f"{settings.base_of(index)}, {pace.requests} requests in {pace.seconds:g} s{key}; covers {index.covers}"


def _sandbox(place: Place) -> list[Examined]:
    """What seals artifacts of gate 2; no job is run and no runtime made."""
    facts = facts_of_this_machine(probe=True)
    return [
        Examined(one.name, one.present, False, one.detail) for one in sandbox_checks(facts, gate_values(place.settings))
    ]


def _proofs(place: Place) -> list[Examined]:
    """What checks proofs of gate 2, as far as the list of its tools says."""
    present, words = lean_words(gate_values(place.settings))
    return [Examined("checker of proofs", present, False, words if present else f"proofs are NOT_RUN: {words}")]


def _programs(_: Place) -> list[Examined]:
    wanted = {
        "chromium": "makes the pictures of the docs; nothing else needs it. Debian: apt-get install chromium",
    }
    return [
        Examined(name, path is not None, False, f"{path}: {use}" if path else use)
        for name, use in wanted.items()
        for path in [shutil.which(name)]
    ]


def _print(found: list[Examined], file: Path | None) -> None:
    console = out()
    table = Table(header_style="bold", show_lines=False)
    for name in ("", "what", "detail"):
        table.add_column(name, overflow="fold")
    for one in found:
        state = "ok" if one.present else ("MISSING" if one.needed else "not here")
        table.add_row(state, one.name, escape(one.detail))
    console.print(table)
    settings = Table(
        header_style="bold", title=f"Settings (file: {escape(str(file)) if file else 'no claimgate.toml'})"
    )
    for name in ("setting", "value", "from", "meaning"):
        settings.add_column(name, overflow="fold")
    for origin in load_settings()[1]:
        settings.add_row(origin.name, escape(str(origin.value)), escape(origin.origin), escape(origin.description))
    console.print(settings)
