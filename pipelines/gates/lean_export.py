"""What an export says, read by ourselves: what its theorems rest on, and whether two state the same.

Belongs here: axioms of a theorem and equality of two statements, found without trusting any other program.
Does not belong here: reading the bytes (`lean_export_records`), whether a proof is right (the kernels).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.gates.lean_output import Unreadable

Name = tuple[str | int, ...]

ALLOWED_AXIOMS: frozenset[Name] = frozenset({("propext",), ("Classical", "choice"), ("Quot", "sound")})


def shown(name: Name) -> str:
    """As Lean shows it: a part that holds a dot or a space is quoted, so that no name can pass for another."""
    return ".".join(
        f"«{part}»" if isinstance(part, str) and not re.fullmatch(r"[^\W\d][\w'!?]*", part) else str(part)
        for part in name
    )


def named(text: str) -> Name:
    return tuple(text.split("."))


@dataclass
class Constant:
    kind: str
    digest: bytes
    type_digest: bytes
    exprs: tuple[int, ...]  # type, value, rules
    names: tuple[int, ...]  # constants that belong to it, such as the constructors of a type
    safe: bool


@dataclass
class Export:
    """An export as read. `records`: declarations as they are written, a whole inductive type being one."""

    lean: str
    commit: str
    exporter: str
    records: int = 0
    constants: int = 0
    names: list[Name] = field(default_factory=list, repr=False)
    declared: dict[Name, Constant] = field(default_factory=dict, repr=False)
    children: array[int] = field(default_factory=lambda: array("i"), repr=False)  # three of each expression, -1: none
    used: array[int] = field(default_factory=lambda: array("i"), repr=False)  # name of the constant it is, -1: none

    def axioms_of(self, theorem: str) -> frozenset[Name]:
        """Every axiom that the theorem rests on, in statement and proof. Raises Unreadable."""
        self._theorem(theorem)
        return frozenset(name for name in self._closure([named(theorem)]) if self.declared[name].kind == "axiom")

    def differs_in(self, other: Export, theorem: str) -> str | None:
        """The first thing in which the statement here differs from the other's: in words, or None."""
        here, there = self._theorem(theorem), other._theorem(theorem)
        if here.type_digest != there.type_digest:
            return f"{theorem} states something else"
        for name in sorted(self._closure_of_exprs(here.exprs[:1]), key=shown):
            theirs = other.declared.get(name)
            if theirs is None or theirs.digest != self.declared[name].digest:
                return f"{shown(name)}, which the statement uses, is defined otherwise"
        for name in sorted(ALLOWED_AXIOMS, key=shown):
            mine, theirs = self.declared.get(name), other.declared.get(name)
            if mine and theirs and mine.digest != theirs.digest:
                return f"the axiom {shown(name)} says something else"
        return None

    def _theorem(self, theorem: str) -> Constant:
        found = self.declared.get(named(theorem))
        if found is None or found.kind != "thm":
            raise Unreadable(f"the export has no theorem {theorem}")
        return found

    def _closure_of_exprs(self, exprs: Iterable[int]) -> set[Name]:
        return self._closure({self.names[index] for index in self._constants_in(exprs, set())})

    def _closure(self, roots: Iterable[Name]) -> set[Name]:
        found: set[Name] = set()
        pending, seen = list(roots), set[int]()
        while pending:
            name = pending.pop()
            if name in found:
                continue
            constant = self.declared.get(name)
            if constant is None:
                raise Unreadable(f"the export uses {shown(name)[:200]} and does not have it")
            if not constant.safe:
                raise Unreadable(f"{shown(name)[:200]} is unsafe or partial, and no proof may rest on it")
            found.add(name)
            pending += [self.names[index] for index in constant.names]
            pending += [self.names[index] for index in self._constants_in(constant.exprs, seen)]
        return found

    def _constants_in(self, exprs: Iterable[int], seen: set[int]) -> set[int]:
        found, pending = set[int](), [index for index in exprs if index not in seen]
        while pending:
            index = pending.pop()
            if index in seen:
                continue
            seen.add(index)
            if self.used[index] >= 0:
                found.add(self.used[index])
            pending += [child for child in self.children[3 * index : 3 * index + 3] if child >= 0]
        return found
