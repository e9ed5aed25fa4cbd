"""Settings: each is an environment variable CLAIMGATE_* and a key in claimgate.toml.

Order: environment, then `claimgate.toml` in the working directory, else in the checkout, then the
default. Nothing is read at import.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from claimgate.errors import BadInput
from claimgate.guard import CHECKOUT
from pipelines.publication.site.address import normal_address

PREFIX = "CLAIMGATE_"


class Settings(BaseModel):
    """What a user can set. Paths may start with `~`; empty means not set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    warehouse: str = Field("", description="the DuckDB file; empty: warehouse/data/claimgate.duckdb of the checkout")
    library: str = Field("", description="folder or file of source texts (JSONL, BibTeX with abstracts, PDF)")
    search_library: bool = Field(
        True, description="whether the library is searched for claims that a record's own sources leave open"
    )
    backend: Literal["features", "onnx", "llm"] = Field("features", description="what judges claims")
    nli_model: str = Field("", description="folder of the network of the back end onnx")
    encoder: str = Field("", description="folder of an optional encoder of sentences, for the back end features")
    sandbox_uid: str = Field(
        "", description="number of the user that runs artifacts when claimgate is run by root; empty: one nobody has"
    )
    sandbox_runtimes: str = Field(
        "", description="folder of the sealed copies of Python; empty: in the system's temporary folder"
    )
    lean_tools: str = Field("", description="folder of the pinned Lean tools that check proofs; empty: none")
    inbox: str = Field("", description="folder that the nightly takes new records from; empty: inbox/ by the database")
    lock_timeout: float = Field(120.0, gt=0, description="seconds to wait for another process to leave the warehouse")
    ui_host: str = Field("127.0.0.1", description="address that `ui` and `serve` bind to; Dagster's UI has no log-in")
    ui_port: int = Field(3000, ge=0, le=65535, description="port of `ui`; 0 takes a free one")
    serve_port: int = Field(8000, ge=0, le=65535, description="port of `serve`; 0 takes a free one")
    site_url: str = Field("", description="address that the site is published at; empty: links are relative only")

    online: bool = Field(False, description="whether indexes may be asked; `--online` and `--offline` override it")
    contact: str = Field("", description="mail address sent to indexes that ask for one; Unpaywall demands it")
    recheck_days: float = Field(7.0, ge=0, description="days after which an answer of an index is asked for again")
    full_texts: Literal["questions", "always", "never"] = Field(
        "questions", description="when open full texts are fetched online: for questions, for every record too, never"
    )
    timeout: float = Field(30.0, gt=0, description="seconds that an index may stay silent")
    longest_wait: float = Field(
        60.0, ge=0, description="longest rest, in seconds, before an index is asked again in a run"
    )
    speed: float = Field(1.0, gt=0, description="factor on allowed rates; above 1 only for a mirror of yours")
    paces: str = Field(
        "", description="file that keeps the rates over processes; empty: paces.sqlite in warehouse/data"
    )
    openalex_key: SecretStr = Field(SecretStr(""), description="key of OpenAlex")
    semantic_scholar_key: SecretStr = Field(SecretStr(""), description="key of Semantic Scholar")
    pubmed_key: SecretStr = Field(SecretStr(""), description="key of PubMed")
    model: str = Field("", description="language model: for prose of answers, reviews, scans, red team, backend llm")
    model_url: str = Field("", description="its OpenAI-compatible address, what stands before /chat/completions")
    model_key: SecretStr = Field(SecretStr(""), description="its key")
    model_most_calls: str = Field("", description="most calls of the model in a run; 1000 where no cap is set")
    model_most_tokens: str = Field("", description="most tokens in a run, in and out together; empty: no cap")
    model_most_cost: str = Field("", description="most money in a run; needs both prices; empty: no cap")
    model_price_in: str = Field("", description="price of a million tokens that the model reads")
    model_price_out: str = Field("", description="price of a million tokens that it writes")
    crossref_url: str = Field("", description="Crossref's address; empty: its own, as for those below")
    openalex_url: str = Field("", description="OpenAlex")
    arxiv_url: str = Field("", description="arXiv's query interface")
    arxiv_oai_url: str = Field("", description="arXiv's OAI-PMH")
    semantic_scholar_url: str = Field("", description="Semantic Scholar")
    europe_pmc_url: str = Field("", description="Europe PMC")
    pubmed_url: str = Field("", description="PubMed's E-utilities")
    unpaywall_url: str = Field("", description="Unpaywall")
    datacite_url: str = Field("", description="DataCite")
    doaj_url: str = Field("", description="DOAJ")
    doi_url: str = Field("", description="the DOI resolver")

    @field_validator("site_url")
    @classmethod
    def _as_an_address(cls, value: str) -> str:
        try:
            return normal_address(value) or ""
        except ValueError as problem:
            raise PydanticCustomError("site_url", "{what}", {"what": str(problem)}) from problem


_OF_THIS_MACHINE = {
    "warehouse",
    "library",
    "search_library",
    "backend",
    "nli_model",
    "encoder",
    "sandbox_uid",
    "sandbox_runtimes",
    "lean_tools",
    "inbox",
    "lock_timeout",
    "ui_host",
    "ui_port",
    "serve_port",
    "site_url",
    "online",
}
# Handed down as they are to whoever asks the network.
NETWORK = tuple(name for name in Settings.model_fields if name not in _OF_THIS_MACHINE)


@dataclass(frozen=True)
class Origin:
    """Where a setting's value came from."""

    name: str
    value: Any
    origin: str
    description: str


def toml_file() -> Path | None:
    """The claimgate.toml in force; None when there is none."""
    for folder in (Path.cwd(), CHECKOUT):
        candidate = folder / "claimgate.toml"
        if candidate.is_file():
            return candidate
    return None


def load_settings() -> tuple[Settings, tuple[Origin, ...]]:
    """The settings, and where each came from. Raises BadInput for a value that is none."""
    file = toml_file()
    from_file = _read_toml(file) if file else {}
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if variable in os.environ:
            values[name], origins[name] = os.environ[variable], f"environment {variable}"
        elif name in from_file:
            values[name], origins[name] = from_file[name], str(file)
    unknown = sorted(set(from_file) - set(Settings.model_fields))
    if unknown:
        raise BadInput(
            f"{file} sets {', '.join(unknown)}, which claimgate does not know; `claimgate doctor` lists all."
        )
    try:
        settings = Settings.model_validate(values)
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0])
        raise BadInput(f"The setting {name} ({origins[name]}) is not usable: {first['msg']}.") from problem
    listed = tuple(
        Origin(name, getattr(settings, name), origins.get(name, "default"), field.description or "")
        for name, field in Settings.model_fields.items()
    )
    return settings, listed


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadInput(f"{file} is not readable as TOML: {problem}") from problem
