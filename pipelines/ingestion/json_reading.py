"""Strict JSON: no duplicate keys, no NaN or Infinity, bounded depth, and every fault with its place.

Input: decoded text. Output: the value, or `JsonFault`; and where each value stands in the text.
Does not belong here: what the JSON means (answers.py, manifests.py).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

MAX_DEPTH = 100
MAX_NUMBER_LENGTH = 400
# Data frames write what a passage lacks as NaN. There, and nowhere else, it is read as absent.
MAY_BE_NAN = frozenset({"text", "title", "year", "url", "abstract", "venue", "citation_count"})
_PASSAGE_KEYS = ("text", "title", "url", "authors")

_NOT_A_NUMBER = object()

Pointer = tuple[str | int, ...]
Span = tuple[int, int]

_STRING = re.compile(r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"')
_SCALAR = re.compile(r"[^\s,:\[\]{}\"]+")
_BLANK = re.compile(r"\s*")


class JsonFault(Exception):
    """What is wrong with the JSON, and where; `reason` is one sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Located(Exception):
    """A fault whose place is still to be found by reading the text piece by piece."""


def parse_json(text: str) -> Any:
    """The value of a JSON text, or `JsonFault`."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_constant=_constant,
            parse_int=_bounded_int,
            parse_float=_bounded_float,
        )
    except json.JSONDecodeError as error:
        raise JsonFault(_decode_sentence(text, error)) from error
    except RecursionError as error:
        raise JsonFault(_too_deep(text)) from error
    except _Located as error:
        raise JsonFault(_located_fault(text) or str(error)) from error
    if _holds_nan(value):
        raise JsonFault(_located_fault(text) or "NaN is not a JSON number")
    if _deeper_than(value, MAX_DEPTH):
        raise JsonFault(_too_deep(text))
    if "\\ud" in text.lower() and _has_lone_surrogate(value):
        raise JsonFault("a string holds half of a surrogate pair, which is no character")
    return value


def value_spans(text: str) -> dict[Pointer, Span]:
    """Where each scalar value of a valid JSON text stands, by its path of keys and positions."""
    return {pointer: span for pointer, span, _ in _scalars(text)}


def line_and_column(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"line {line}, column {column}"


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Located("an object has the same key twice")
    for key, value in pairs:
        if value is _NOT_A_NUMBER:
            if key not in MAY_BE_NAN or sum(name in found for name in _PASSAGE_KEYS) < 3:
                raise _Located("NaN is not a JSON number")
            found[key] = None
    return found


def _constant(name: str) -> object:
    if name == "NaN":
        return _NOT_A_NUMBER
    raise _Located(f"{name} is not a JSON number")


def _bounded_int(digits: str) -> int:
    if len(digits) > MAX_NUMBER_LENGTH:
        raise _Located("a number is too long")
    return int(digits)


def _bounded_float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _Located("a number is too large")
    return value


def _decode_sentence(text: str, error: json.JSONDecodeError) -> str:
    place = line_and_column(text, error.pos)
    if error.msg.startswith("Extra data"):
        return f"a second JSON value follows the first at {place} (JSON lines?)"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"the JSON is cut off: it ends inside a value that began before {place}"
    return f"it is not valid JSON: {error.msg[0].lower()}{error.msg[1:]} at {place}"


def _too_deep(text: str) -> str:
    depth = 0
    for piece, position in _pieces(text):
        depth += (piece in "[{") - (piece in "]}") if len(piece) == 1 else 0
        if depth > MAX_DEPTH:
            place = line_and_column(text, position)
            return f"the JSON is nested more than {MAX_DEPTH} levels deep at {place}"
    return f"the JSON is nested more than {MAX_DEPTH} levels deep"


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit + 1):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner and not any(isinstance(item, dict | list) for item in level):
            return False
        level = inner
    return any(isinstance(item, dict | list) for item in level)


def _holds_nan(value: Any) -> bool:
    """NaN in a list or by itself; inside an object `_pairs` has met it already."""
    pending = [value]
    while pending:
        item = pending.pop()
        if item is _NOT_A_NUMBER:
            return True
        pending.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
    return False


def _has_lone_surrogate(value: Any) -> bool:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item.keys())
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, str) and any("\ud800" <= letter <= "\udfff" for letter in item):
            return True
    return False


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Strings, scalars and punctuation in order; stops at the first thing that is none of these."""
    position, end = 0, len(text)
    while True:
        blank = _BLANK.match(text, position)
        position = blank.end() if blank else position
        if position >= end:
            return
        letter = text[position]
        if letter in "[]{},:":
            yield letter, position
            position += 1
            continue
        match = (_STRING if letter == '"' else _SCALAR).match(text, position)
        if match is None:
            return
        yield match.group(), position
        position = match.end()


def _located_fault(text: str) -> str | None:
    """The first fault that is surely one; if there is none, a NaN where only some are allowed."""
    return _place_of_fault(text, tolerant=True) or _place_of_fault(text, tolerant=False)


def _place_of_fault(text: str, *, tolerant: bool) -> str | None:
    seen: list[set[str]] = []
    pieces = list(_pieces(text))
    for index, (piece, position) in enumerate(pieces):
        if piece in ("{", "["):
            seen.append(set())
        elif piece in ("}", "]"):
            seen.pop()
        elif piece.startswith('"'):
            is_key = index + 1 < len(pieces) and pieces[index + 1][0] == ":"
            key = json.loads(piece) if is_key else None
            if key is not None and seen and key in seen[-1]:
                return f'the key "{key[:60]}" stands twice in one object, at {line_and_column(text, position)}'
            if key is not None and seen:
                seen[-1].add(key)
        elif (fault := _scalar_fault(piece)) and not (tolerant and _may_be_absent(pieces, index)):
            return f"{fault} at {line_and_column(text, position)}"
    return None


def _may_be_absent(pieces: list[tuple[str, int]], index: int) -> bool:
    key = pieces[index - 2][0].strip('"') if index >= 2 else ""
    return pieces[index][0] == "NaN" and key in MAY_BE_NAN


def _scalar_fault(piece: str) -> str | None:
    if piece in ("NaN", "Infinity", "-Infinity"):
        return f"{piece} is not a JSON number,"
    if piece[0] in "-0123456789":
        if len(piece) > MAX_NUMBER_LENGTH:
            return "a number is too long,"
        return _number_fault(piece)
    return None


def _number_fault(piece: str) -> str | None:
    try:
        value = float(piece)
    except ValueError:
        return f"{piece[:20]} is not a JSON number,"
    return None if math.isfinite(value) else f"the number {piece[:20]} is too large,"


def _scalars(text: str) -> Iterator[tuple[Pointer, Span, str]]:
    path: list[str | int] = []
    expects_key: list[bool] = []
    for piece, position in _pieces(text):
        if piece == "{":
            path.append("")
            expects_key.append(True)
        elif piece == "[":
            path.append(0)
            expects_key.append(False)
        elif piece in ("}", "]"):
            path.pop()
            expects_key.pop()
        elif piece == ",":
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else last
            expects_key[-1] = not isinstance(last, int)
        elif piece == ":":
            expects_key[-1] = False
        elif expects_key and expects_key[-1]:
            path[-1] = json.loads(piece)
        else:
            yield tuple(path), (position, position + len(piece)), piece
