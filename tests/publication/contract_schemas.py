"""The shipped schemas as validators for tests, with the formats that are promised checked too."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

from pipelines.publication.contracts.table import schema_files

FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def _moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("date", raises=ValueError)
def _day(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@FORMATS.checks("uri", raises=ValueError)
def _address(value: object) -> bool:
    return not isinstance(value, str) or (_ascii(value) and bool(urlsplit(value).scheme and urlsplit(value).netloc))


@FORMATS.checks("uri-reference", raises=ValueError)
def _relative(value: object) -> bool:
    return not isinstance(value, str) or (_ascii(value) and bool(urlsplit(value).path))


def _ascii(address: str) -> bool:
    return address.isascii() and address.isprintable() and not set(address) & set(' "<>\\^`{|}')


@cache
def schemas() -> dict[str, dict[str, Any]]:
    return {PurePosixPath(path).stem: json.loads(data) for path, data in schema_files().items()}


@cache
def validator(name: str) -> Draft202012Validator:
    """Of a shipped schema, closed: a field that the schema does not describe is a fault too."""
    return Draft202012Validator(_closed(copy.deepcopy(schemas()[name])), format_checker=FORMATS)


def _closed(schema: Any) -> Any:
    if isinstance(schema, dict):
        if "properties" in schema and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
        for held in schema.values():
            _closed(held)
    elif isinstance(schema, list):
        for held in schema:
            _closed(held)
    return schema


def breaks(name: str, document: Any) -> list[str]:
    """What is wrong with a document, by place; nothing where it holds."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator(name).iter_errors(document)]


def holds(name: str, document: Any) -> bool:
    return validator(name).is_valid(document)


def objects(document: Any) -> Iterator[dict[str, Any]]:
    """Every object within a document, itself first."""
    if isinstance(document, dict):
        yield document
        for held in list(document.values()):
            yield from objects(held)
    elif isinstance(document, list):
        for held in document:
            yield from objects(held)
