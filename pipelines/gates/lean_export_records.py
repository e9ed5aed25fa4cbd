"""The records of an export (NDJSON, format 3.1), read one by one into tables.

Belongs here: what each record must look like. Does not belong here: what follows (`lean_export`). The bytes are
hostile: every index must follow the one before, nothing may be declared twice, no key may be missing, there twice
or unknown, and everything is bounded. What a number or a text stands for is never computed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pipelines.gates.lean_export import Constant, Export, Name, shown
from pipelines.gates.lean_output import Unreadable

MOST_LINES = 5_000_000
MOST_LINE = 4_000_000  # bytes
MOST_PARTS = 200  # of a name
_FORMAT = re.compile(r"3\.1\.\d{1,4}")
_DIGITS = re.compile(rb"[0-9]+")
_DIGEST = 16

Record = dict[str, Any]


def read_export(data: bytes) -> Export:
    """Raises Unreadable for whatever is not an export of format 3.1, whole and in order."""
    if not data.endswith(b"\n"):
        raise Unreadable("the export is cut off: its last line has no end")
    lines = data.split(b"\n")[:-1]
    if len(lines) > MOST_LINES:
        raise Unreadable(f"the export has more than {MOST_LINES:,} lines")
    reader = _Reader(_meta(_record(lines[0])))
    for number, line in enumerate(lines[1:], start=2):
        try:
            reader.read(_record(line))
        except Unreadable as problem:
            raise Unreadable(f"line {number} of the export: {problem}") from problem
        except (KeyError, TypeError, ValueError, IndexError, OverflowError) as problem:
            raise Unreadable(f"line {number} of the export is not of its format") from problem
    return reader.export


def _record(line: bytes) -> Record:
    if len(line) > MOST_LINE:
        raise Unreadable("it is too long")
    try:
        record = json.loads(line, object_pairs_hook=_once, parse_float=_no, parse_constant=_no)
    except (ValueError, RecursionError) as problem:
        raise Unreadable("it is not one JSON object") from problem
    if not isinstance(record, dict):
        raise Unreadable("it is not one JSON object")
    return record


def _once(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("the same key twice")
    return record


def _no(text: str) -> Any:
    raise ValueError(text)


def _meta(record: Record) -> Export:
    try:
        meta = _exactly(record, "meta")["meta"]
        _exactly(meta, "exporter", "lean", "format")
        exporter, lean = _exactly(meta["exporter"], "name", "version"), _exactly(meta["lean"], "githash", "version")
        form = _exactly(meta["format"], "version")["version"]
        words = [form, exporter["name"], exporter["version"], lean["version"], lean["githash"]]
    except (KeyError, TypeError) as problem:
        raise Unreadable("the export does not begin with what made it") from problem
    if not all(isinstance(word, str) and len(word) <= 100 for word in words):
        raise Unreadable("the export does not begin with what made it")
    if not _FORMAT.fullmatch(form):
        raise Unreadable(f"the export is of format {form[:20]}, which is not known here")
    return Export(lean["version"], lean["githash"], f"{exporter['name']} {exporter['version']}")


def _exactly(record: Any, *keys: str) -> Record:
    if not isinstance(record, dict) or set(record) != set(keys):
        raise Unreadable(f"it must have {', '.join(keys)} and nothing else")
    return record


def _number(value: Any, below: int | None = None) -> int:
    """A whole number, at least 0, and the index of something that came before, where `below` is given."""
    if type(value) is not int or value < 0 or (below is not None and value >= below):
        raise Unreadable("it refers to something that did not come before")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Unreadable("a flag is neither true nor false")
    return value


def _digest(*parts: bytes) -> bytes:
    whole = hashlib.blake2b(digest_size=_DIGEST)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little") + part)
    return whole.digest()


class _Reader:
    """The tables of names, levels and expressions that the records of an export build up."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self._names = export.names
        self._names.append(())
        self._known_names: set[Name] = {()}
        self._levels: list[bytes] = [b"zero"]
        self._exprs = bytearray()
        self._count = 0
        self._tables: Mapping[str, Callable[[Record, int], None]] = {
            "in": self._name,
            "il": self._level,
            "ie": self._expr,
        }
        self._single: Mapping[str, Callable[[str, Record], None]] = {
            kind: self._declaration for kind in ("axiom", "def", "opaque", "thm", "quot")
        }

    def read(self, record: Record) -> None:
        for key, table in self._tables.items():
            if key in record:
                if len(record) != 2:
                    raise Unreadable("it is more than one thing")
                table(record, _number(record[key]))
                return
        if len(record) != 1:
            raise Unreadable("it is more than one thing")
        (kind,) = record
        self.export.records += 1
        if kind == "inductive":
            self._inductive(record[kind])
        elif kind in self._single:
            self._declaration(kind, record[kind])
        else:
            raise Unreadable(f"it is a record of a kind that is not known: {kind[:40]}")

    def _name(self, record: Record, index: int) -> None:
        kind = "str" if "str" in record else "num"
        part = record[kind]
        _exactly(part, "pre", "str" if kind == "str" else "i")
        before = self._names[_number(part["pre"], len(self._names))]
        last = part["str"] if kind == "str" else _number(part["i"])
        if kind == "str" and not isinstance(last, str):
            raise Unreadable("a part of a name is not text")
        name = (*before, last)
        if index != len(self._names) or name in self._known_names or len(name) > MOST_PARTS:
            raise Unreadable("a name is out of order, there already, or too long")
        self._names.append(name)
        self._known_names.add(name)

    def _level(self, record: Record, index: int) -> None:
        (kind,) = (key for key in record if key != "il")
        value = record[kind]
        if index != len(self._levels):
            raise Unreadable("a level is out of order")
        if kind == "succ":
            self._levels.append(_digest(b"succ", self._level_at(value)))
        elif kind in ("max", "imax") and isinstance(value, list) and len(value) == 2:
            self._levels.append(_digest(kind.encode(), *(self._level_at(one) for one in value)))
        elif kind == "param":
            self._levels.append(_digest(b"param", self._name_bytes(value)))
        else:
            raise Unreadable("it is a level of a kind that is not known")

    def _level_at(self, index: Any) -> bytes:
        return self._levels[_number(index, len(self._levels))]

    def _name_bytes(self, index: Any) -> bytes:
        return repr(self._names[_number(index, len(self._names))]).encode()

    def _expr(self, record: Record, index: int) -> None:
        (kind,) = (key for key in record if key != "ie")
        if index != self._count:
            raise Unreadable("an expression is out of order")
        make = _EXPRS.get(kind)
        if make is None:
            raise Unreadable("it is an expression of a kind that is not known")
        used, children, said = make(self, record[kind])
        digest = said if kind == "mdata" else _digest(kind.encode(), said, *(self._digest_at(one) for one in children))
        self._exprs += digest
        self._count += 1
        self.export.used.append(used)
        self.export.children.extend([*children, -1, -1, -1][:3])

    def _digest_at(self, index: int) -> bytes:
        return bytes(self._exprs[_DIGEST * index : _DIGEST * (index + 1)])

    def _child(self, index: Any) -> int:
        return _number(index, self._count)

    def _declare(self, kind: str, data: Record, exprs: list[int], names: list[int], flags: Any) -> None:
        name = self._names[_number(data["name"], len(self._names))]
        if name in self.export.declared or not name:
            raise Unreadable(f"{shown(name)[:200]} is declared twice")
        levels = [self._name_bytes(one) for one in data["levelParams"]]
        about = [kind.encode(), repr(name).encode(), repr(levels).encode(), repr(flags).encode()]
        related = [self._name_bytes(one) for one in names]
        type_digest = _digest(repr(levels).encode(), self._digest_at(exprs[0]))
        digest = _digest(*about, *related, *(self._digest_at(one) for one in exprs))
        safe = not data.get("isUnsafe", False) and data.get("safety", "safe") == "safe"
        self.export.declared[name] = Constant(kind, digest, type_digest, tuple(exprs), tuple(names), safe)
        self.export.constants += 1

    def _declaration(self, kind: str, data: Record) -> None:
        _exactly(data, "name", "levelParams", "type", *_FIELDS[kind])
        if "isUnsafe" in data:
            _flag(data["isUnsafe"])
        exprs = [self._child(data["type"])]
        if "value" in data:
            exprs.append(self._child(data["value"]))
        self._declare(kind, data, exprs, [], [data.get("kind")])

    def _inductive(self, data: Record) -> None:
        _exactly(data, "types", "ctors", "recs")
        for kind, extra in _OF_INDUCTIVE.items():
            for one in data[kind]:
                _exactly(one, "name", "levelParams", "type", "isUnsafe", *extra)
                _flag(one["isUnsafe"])
                exprs, names = [self._child(one["type"])], list(one.get("all", []))
                names += one.get("ctors", []) + ([one["induct"]] if kind == "ctors" else [])
                for rule in one.get("rules", []):
                    _exactly(rule, "ctor", "nfields", "rhs")
                    exprs.append(self._child(rule["rhs"]))
                    names.append(rule["ctor"])
                names = [_number(index, len(self._names)) for index in names]
                flags = [(key, one[key]) for key in sorted(extra) if key not in ("all", "ctors", "induct", "rules")]
                self._declare(kind, one, exprs, names, flags)


Made = tuple[int, tuple[int, ...], bytes]  # constant it is or -1, expressions in it, what else it says


def _const(reader: _Reader, data: Any) -> Made:
    _exactly(data, "name", "us")
    index = _number(data["name"], len(reader._names))
    return index, (), _digest(reader._name_bytes(index), *(reader._level_at(one) for one in data["us"]))


def _app(reader: _Reader, data: Any) -> Made:
    _exactly(data, "fn", "arg")
    return -1, (reader._child(data["fn"]), reader._child(data["arg"])), b""


def _binder(reader: _Reader, data: Any) -> Made:
    """Names of bound variables and how they are to be given mean nothing to a statement."""
    _exactly(data, "name", "type", "body", "binderInfo")
    return -1, (reader._child(data["type"]), reader._child(data["body"])), b""


def _let(reader: _Reader, data: Any) -> Made:
    _exactly(data, "name", "type", "value", "body", "nondep")
    return -1, (reader._child(data["type"]), reader._child(data["value"]), reader._child(data["body"])), b""


def _proj(reader: _Reader, data: Any) -> Made:
    _exactly(data, "typeName", "idx", "struct")
    index = _number(data["typeName"], len(reader._names))
    said = _digest(reader._name_bytes(index), str(_number(data["idx"])).encode())
    return index, (reader._child(data["struct"]),), said


def _nat(reader: _Reader, data: Any) -> Made:
    if not isinstance(data, str) or not _DIGITS.fullmatch(data.encode()):
        raise Unreadable("a number is not made of digits")
    return -1, (), data.encode()


def _text(reader: _Reader, data: Any) -> Made:
    if not isinstance(data, str):
        raise Unreadable("a text is not text")
    return -1, (), data.encode("utf-8", "surrogatepass")


def _mdata(reader: _Reader, data: Any) -> Made:
    _exactly(data, "expr", "data")
    inner = reader._child(data["expr"])
    return -1, (inner,), reader._digest_at(inner)


_EXPRS: Mapping[str, Callable[[_Reader, Any], Made]] = {
    "bvar": lambda reader, data: (-1, (), str(_number(data)).encode()),
    "sort": lambda reader, data: (-1, (), reader._level_at(data)),
    "const": _const,
    "app": _app,
    "lam": _binder,
    "forallE": _binder,
    "letE": _let,
    "proj": _proj,
    "natVal": _nat,
    "strVal": _text,
    "mdata": _mdata,
}
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "axiom": ("isUnsafe",),
    "def": ("value", "hints", "safety", "all"),
    "opaque": ("value", "isUnsafe", "all"),
    "thm": ("value", "all"),
    "quot": ("kind",),
}
_OF_INDUCTIVE: Mapping[str, tuple[str, ...]] = {
    "types": ("numParams", "numIndices", "all", "ctors", "numNested", "isRec", "isReflexive"),
    "ctors": ("induct", "cidx", "numParams", "numFields"),
    "recs": ("all", "numParams", "numIndices", "numMotives", "numMinors", "rules", "k"),
}
