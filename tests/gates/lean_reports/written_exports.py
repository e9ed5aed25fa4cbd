"""Writes exports in the form of lean4export (NDJSON, format 3.1.0), for tests: small, whole, and wrong on demand.

Every name, level and expression is written once, before its first use, as the exporter does it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

LEAN = "4.35.0"
COMMIT = "3f1d5c2e9a7b4806d1e2f3a4b5c6d7e8f9012345"
THEOREM = "Claim.same"


class ExportWriter:
    def __init__(self, *, lean: str = LEAN, commit: str = COMMIT, form: str = "3.1.0") -> None:
        self.lines: list[str] = []
        self._known: dict[str, dict[str, int]] = {"in": {"": 0}, "il": {"": 0}, "ie": {}}
        meta = {"version": lean, "githash": commit}
        exporter = {"name": "lean4export", "version": "3.1.0"}
        self.line({"meta": {"exporter": exporter, "format": {"version": form}, "lean": meta}})

    def line(self, record: dict[str, Any]) -> None:
        self.lines.append(json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False))

    def data(self) -> bytes:
        return ("\n".join(self.lines) + "\n").encode()

    def _once(self, table: str, record: dict[str, Any]) -> int:
        known, key = self._known[table], json.dumps(record, sort_keys=True)
        if key not in known:
            known[key] = len(known)
            self.line({**record, table: known[key]})
        return known[key]

    def name(self, *parts: str | int) -> int:
        index = 0
        for part in parts:
            kind = {"str": {"pre": index, "str": part}} if isinstance(part, str) else {"num": {"pre": index, "i": part}}
            index = self._once("in", kind)
        return index

    def named(self, text: str) -> int:
        return self.name(*text.split("."))

    def level(self, **record: Any) -> int:
        return self._once("il", record)

    def expr(self, **record: Any) -> int:
        return self._once("ie", record)

    def const(self, name: str, *levels: int) -> int:
        return self.expr(const={"name": self.named(name), "us": list(levels)})

    def app(self, function: int, *arguments: int) -> int:
        for argument in arguments:
            function = self.expr(app={"fn": function, "arg": argument})
        return function

    def bind(self, kind: str, variable: str, of: int, body: int) -> int:
        data = {"name": self.name(variable), "type": of, "body": body, "binderInfo": "default"}
        return self.expr(**{kind: data})

    def axiom(self, name: str, of: int) -> None:
        self.line({"axiom": {"name": self.named(name), "levelParams": [], "type": of, "isUnsafe": False}})

    def theorem(self, name: str, of: int, proof: int) -> None:
        index = self.named(name)
        self.line({"thm": {"name": index, "levelParams": [], "type": of, "value": proof, "all": [index]}})

    def definition(self, name: str, of: int, value: int, *, safety: str = "safe") -> None:
        index = self.named(name)
        data = {"name": index, "levelParams": [], "type": of, "value": value, "all": [index]}
        self.line({"def": {**data, "hints": {"regular": 1}, "safety": safety}})

    def numbers(self) -> int:
        """`Nat`, as an inductive type with its recursor; the expression of its name."""
        self.level(succ=0)
        kind = self.expr(sort=1)
        zero, succ, rec = self.named("Nat.zero"), self.named("Nat.succ"), self.named("Nat.rec")
        nat = self.const("Nat")
        step = self.bind("forallE", "n", nat, nat)
        flags = {"isRec": True, "isReflexive": False, "isUnsafe": False, "numIndices": 0, "numNested": 0}
        of_type = {"name": self.named("Nat"), "levelParams": [], "type": kind, "numParams": 0}
        types = [{**of_type, "all": [self.named("Nat")], "ctors": [zero, succ], **flags}]
        shared = {"levelParams": [], "induct": self.named("Nat"), "numParams": 0, "isUnsafe": False}
        ctors = [
            {**shared, "name": zero, "type": nat, "cidx": 0, "numFields": 0},
            {**shared, "name": succ, "type": step, "cidx": 1, "numFields": 1},
        ]
        counts = {"numParams": 0, "numIndices": 0, "numMotives": 1, "numMinors": 2}
        rules = [{"ctor": zero, "nfields": 0, "rhs": nat}, {"ctor": succ, "nfields": 1, "rhs": step}]
        of_rec = {"name": rec, "levelParams": [], "type": step, "all": [self.named("Nat")], "k": False}
        recs = [{**of_rec, **counts, "rules": rules, "isUnsafe": False}]
        self.line({"inductive": {"types": types, "ctors": ctors, "recs": recs}})
        return nat

    def theorem_about_numbers(self, name: str, nat: int, uses: Sequence[str], predicate: str = "Claim.Same") -> None:
        """`theorem NAME : forall n : Nat, PREDICATE n`, whose proof mentions the constants of `uses`."""
        of = self.bind("forallE", "n", nat, self.app(self.const(predicate), self.expr(bvar=0)))
        proof = self.const("Claim.why")
        for used in uses:
            proof = self.app(proof, self.const(used))
        self.theorem(name, of, self.bind("lam", "n", nat, proof))


def export(
    uses: Sequence[str] = ("propext", "Quot.sound"),
    *,
    theorem: str = THEOREM,
    predicate: str = "Claim.Same",
    meaning: str = "zero",
    outside: Sequence[str] = (),
    lean: str = LEAN,
    commit: str = COMMIT,
) -> bytes:
    """An export of one theorem. `meaning`: what its predicate is defined by; `outside`: axioms nothing rests on."""
    writer = ExportWriter(lean=lean, commit=commit)
    nat = writer.numbers()
    prop = writer.expr(sort=0)
    for axiom in dict.fromkeys(["propext", "Classical.choice", "Quot.sound", *uses, *outside]):
        writer.axiom(axiom, prop)
    writer.definition(
        predicate,
        writer.bind("forallE", "n", nat, prop),
        writer.bind("lam", "n", nat, writer.const("Nat.zero" if meaning == "zero" else "Nat.succ")),
    )
    writer.definition("Claim.why", prop, prop)
    writer.theorem_about_numbers(theorem, nat, uses, predicate)
    return writer.data()
