"""Answers that no honest service gives, made of an honest one: for the tests of all that reads JSON.

Belongs here: making them. Does not belong here: what each index must say of them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from pipelines.ingestion.indexes.contract import Answered, FaultKind, Index, IndexFault, Response

WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**200,
    0.5,
    "",
    "x",
    "10.1000/",
    "<" * 3_000,
    "é " * 40_000,
    [],
    [[]],
    [None],
    ["x", 1, {}],
    [{}],
    {},
    {"x": {"y": []}},
)
NAMED = frozenset(FaultKind)

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def answer(
    body: bytes | str | Any, *, url: str = "https://example.org/", status: int = 200, **headers: str
) -> Response:
    """A response with this body; what is neither bytes nor text becomes JSON. `_` of header names stands for `-`."""
    content = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return Response(url, status, named, content, datetime(2026, 1, 1, tzinfo=UTC))


def paths(value: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of each value inside, the outermost first."""
    yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from paths(item, (*here, key))


def changed(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """The value with another one at this place."""
    if not path:
        return new
    outer = copy.deepcopy(value)
    inner = outer
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return outer


def cut_off(body: bytes) -> Iterator[bytes]:
    """The body cut off at every tenth of its length."""
    for tenth in range(1, 10):
        yield body[: len(body) * tenth // 10]


def assert_read_or_named(index: Index, response: Response) -> Answered | IndexFault:
    """Whatever came: works that are whole, or a fault with a short sentence."""
    found = index.parse(response)
    if isinstance(found, IndexFault):
        assert found.kind in NAMED
        assert 0 < len(found.message) < 400
        assert found.message.isprintable()
        return found
    for work in found.works:
        assert work.origin == index.name
        assert work.source_id not in work.aliases
        assert work.year is None or 1000 <= work.year <= 2999
        assert (work.text is None) == (work.text_kind is None)
        assert all(name.strip() for name in work.authors)
    return found


def assert_every_wrong_field_is_survived(index: Index, honest: Any, **of_answer: str) -> Mapping[str, int]:
    """Each field of an honest answer replaced by each wrong value: how many were read, how many refused."""
    counted = {"read": 0, "refused": 0}
    for path in paths(honest):
        for wrong in WRONG:
            found = assert_read_or_named(index, answer(changed(honest, path, wrong), **of_answer))
            counted["read" if isinstance(found, Answered) else "refused"] += 1
    return counted
