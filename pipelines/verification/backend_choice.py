"""Which back end judges, and the folders that it needs: as settings name it.

Input: named values (the environment, as the settings export it). Does not belong here: making the back end, which
reads folders and may need the network and the warehouse (warehouse/backends.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PREFIX = "CLAIMGATE_"


class BackendName(StrEnum):
    """The back ends that there are."""

    FEATURES = "features"
    ONNX = "onnx"
    LLM = "llm"


class BackendUnusable(ValueError):
    """The back end that was chosen cannot be used. The message is a sentence; no other back end takes its place."""


@dataclass(frozen=True)
class BackendChoice:
    """`nli_model` is the folder of the network for onnx, `encoder` that of an optional sentence encoder."""

    name: BackendName = BackendName.FEATURES
    nli_model: Path | None = None
    encoder: Path | None = None

    @classmethod
    def of(cls, values: Mapping[str, str]) -> BackendChoice:
        """From the environment as the settings export it. Raises BackendUnusable for a name that is none."""

        def value(name: str) -> str:
            return values.get(PREFIX + name, "").strip()

        return cls(
            named(value("BACKEND") or BackendName.FEATURES), _folder(value("NLI_MODEL")), _folder(value("ENCODER"))
        )


def named(name: str) -> BackendName:
    """The back end of this name. Raises BackendUnusable."""
    try:
        return BackendName(name)
    except ValueError:
        known = ", ".join(BackendName)
        raise BackendUnusable(f"The back end {name[:40]} is none of {known}.") from None


def _folder(path: str) -> Path | None:
    return Path(path).expanduser().absolute() if path else None
