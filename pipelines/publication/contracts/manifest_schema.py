"""The schemas of our own contracts, made of the models that are written.

Belongs here: how a model becomes a strict JSON Schema (draft 2020-12). Does not belong here: the meaning of fields
(`field_words`, `manifest_shape`), schemas of contracts that others know (files in `schemas/`). What is shipped is what
this module makes: `make schemas` writes the files, and a test holds the two together.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic.json_schema import models_json_schema

from pipelines.models import Correction, Model
from pipelines.publication.contracts.enum_words import ENUM_WORDS
from pipelines.publication.contracts.field_words import FIELD_WORDS
from pipelines.publication.contracts.manifest_shape import Manifest
from pipelines.publication.correction_log import Heads

DRAFT = "https://json-schema.org/draft/2020-12/schema"

MODELS: Mapping[str, type[Model]] = MappingProxyType(
    {
        "claimgate-manifest-v1": Manifest,
        "claimgate-correction-v1": Correction,
        "claimgate-correction-heads-v1": Heads,
    }
)


def schema_id(name: str) -> str:
    """The id of a schema: a name, as it lies at no address of its own."""
    return f"urn:claimgate:schema:{name}"


def made_schema(name: str) -> dict[str, Any]:
    """The schema of one of our own contracts. Every object is closed, and every field is there: absent is null."""
    model = MODELS[name]
    _, made = models_json_schema([(model, "serialization")], ref_template="#/$defs/{model}")
    parts = {part: _strict(part, held) for part, held in made["$defs"].items()}
    root = parts.pop(model.__name__)
    return {"$schema": DRAFT, "$id": schema_id(name), "title": name, **root, "$defs": parts}


def _strict(name: str, made: Mapping[str, Any]) -> dict[str, Any]:
    part = {key: value for key, value in made.items() if key != "title"}
    if "properties" not in part:
        return part | ({"description": ENUM_WORDS[name]} if name in ENUM_WORDS else {})
    words = FIELD_WORDS.get(name, {})
    part["properties"] = {field: _field(held, words.get(field)) for field, held in part["properties"].items()}
    part["required"] = list(part["properties"])
    return part


def _field(made: Mapping[str, Any], words: str | None) -> dict[str, Any]:
    kept = {key: value for key, value in made.items() if key not in ("title", "default")}
    return kept if words is None else {"description": words, **kept}


def schema_bytes(schema: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(schema, ensure_ascii=False, indent=2)}\n".encode()


if __name__ == "__main__":
    for made_name in MODELS:
        (Path(sys.argv[1]) / f"{made_name}.json").write_bytes(schema_bytes(made_schema(made_name)))
