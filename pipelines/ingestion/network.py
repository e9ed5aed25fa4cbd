"""What a user may set about the network, read from named values (the environment, as the settings export it).

The network is off unless `online` is set. Keys and the contact address are held apart from everything that is
stored or printed. Does not belong here: sending (http_edge.py), the defaults of an index (indexes/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from pipelines.ingestion.indexes import full_text
from pipelines.ingestion.indexes.contract import Index
from pipelines.ingestion.indexes.registry import INDEXES

if TYPE_CHECKING:
    from pipelines.ingestion.http_edge import HttpEdge

PREFIX = "CLAIMGATE_"
VERSION = "0.1"  # in the name that services are told
DEFAULT_RECHECK_DAYS = 7.0
KEYED = ("openalex", "semantic-scholar", "pubmed")
MODEL = "model"


class FullTexts(StrEnum):
    """When open full texts are fetched."""

    QUESTIONS = "questions"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True)
class ModelSettings:
    """An OpenAI-compatible service: `url` is what stands before `/chat/completions`, `model` its name for it."""

    url: str
    model: str


def setting_of(index_name: str, what: str) -> str:
    """The name of an index's setting: `crossref_url`, `semantic_scholar_key`."""
    return f"{index_name.replace('-', '_')}_{what}"


@dataclass(frozen=True)
class NetworkSettings:
    """How, and whether, indexes are asked. `speed` multiplies the allowed rates: for a mirror of one's own only."""

    online: bool = False
    contact: str = field(default="", repr=False)
    keys: Mapping[str, SecretStr] = field(default_factory=dict, repr=False)
    bases: Mapping[str, str] = field(default_factory=dict)
    recheck: timedelta = timedelta(days=DEFAULT_RECHECK_DAYS)
    timeout_s: float = 30.0
    longest_wait_s: float = 60.0
    speed: float = 1.0
    paces: Path | None = None
    full_texts: FullTexts = FullTexts.QUESTIONS
    model: ModelSettings | None = None

    @classmethod
    def of(cls, values: Mapping[str, str]) -> NetworkSettings:
        """From the environment as the settings export it; raises ValueError for a number that is none."""

        def value(name: str) -> str:
            return values.get(PREFIX + name.upper(), "").strip()

        keys = {name: value(setting_of(name, "key")) for name in (*KEYED, MODEL)}
        bases = {name: value(setting_of(name, "url")).rstrip("/") for name in (*INDEXES, MODEL)}
        model = value("model")
        return cls(
            online=value("online").casefold() in ("1", "true", "yes", "on"),
            contact=value("contact"),
            keys={name: SecretStr(key) for name, key in keys.items() if key},
            bases={name: base for name, base in bases.items() if base},
            recheck=timedelta(days=float(value("recheck_days") or DEFAULT_RECHECK_DAYS)),
            timeout_s=float(value("timeout") or 30.0),
            longest_wait_s=float(value("longest_wait") or 60.0),
            speed=float(value("speed") or 1.0),
            paces=Path(value("paces")) if value("paces") else None,
            full_texts=FullTexts(value("full_texts") or FullTexts.QUESTIONS),
            model=ModelSettings(bases[MODEL], model) if bases[MODEL] and model else None,
        )

    def base_of(self, index: Index) -> str:
        return self.bases.get(index.name, index.base)

    def able(self, *, question: bool = False) -> dict[str, Index]:
        """The indexes that can be asked with these settings: one that demands a contact address needs it.

        `question`: for answering one, for which full texts may be wanted where they are not for every record.
        """
        wanted = {FullTexts.ALWAYS, FullTexts.QUESTIONS} if question else {FullTexts.ALWAYS}
        asked = {name: index for name, index in INDEXES.items() if self.contact or not index.credentials.contact_needed}
        return {**asked, full_text.INDEX.name: full_text.INDEX} if self.full_texts in wanted else asked


@contextmanager
def opened_edge(settings: NetworkSettings, *, paces: Path, now: Callable[[], datetime]) -> Iterator[HttpEdge | None]:
    """The way to the network, closed at the end; None where it is off. `paces`: the file that keeps the rates."""
    if not settings.online:
        yield None
        return
    # httpx takes long to import, and most runs ask nobody.
    from pipelines.ingestion.http_edge import EdgeSettings, HttpEdge
    from pipelines.ingestion.paces import Paces

    chosen = EdgeSettings(
        VERSION,
        settings.bases,
        settings.contact or None,
        settings.keys,
        timeout_s=settings.timeout_s,
        connect_timeout_s=min(settings.timeout_s, 10.0),
        total_s=4 * settings.timeout_s,
        longest_wait_s=settings.longest_wait_s,
    )
    with Paces(settings.paces or paces, settings.speed) as turns, HttpEdge(chosen, turns, now) as edge:
        yield edge
