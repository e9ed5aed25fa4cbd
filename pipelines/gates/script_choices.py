"""Whether a number of a script says which of the data count, and not how much of them.

Belongs here: following a small number through sums, names and functions of the script to where it is used: as
the place where a list is cut, the rounds of a loop, a remainder, a seed, a bound. Does not belong here: finding
constants (`script_constants`), what they do to the result (`constant_trials`). A hint: running is the proof.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

_PICKING = frozenset(
    {"range", "arange", "islice", "nlargest", "nsmallest", "sample", "choices", "choice", "shuffle", "permutation"}
    | {"Random", "seed", "default_rng", "RandomState", "head", "tail", "trim_mean", "trimboth"}
)
_PASSING = frozenset({"int", "round", "floor", "ceil", "abs", "min", "max", "len"})
_DEEPEST = 20  # names that are followed, one after another; what goes on longer is taken to pick


class Choices:
    """The uses of the numbers of one script. Each name is followed once."""

    def __init__(self, nodes: Sequence[ast.AST], parents: Mapping[int, ast.AST]) -> None:
        self._parents = parents
        self._loads: dict[str, list[ast.Name]] = {}
        self._functions: dict[str, list[ast.FunctionDef]] = {}
        self._known: dict[str, bool] = {}
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self._loads.setdefault(node.id, []).append(node)
            elif isinstance(node, ast.FunctionDef):
                self._functions.setdefault(node.name, []).append(node)

    def picks(self, node: ast.AST, depth: int = 0) -> bool:
        child = node
        while (parent := self._parents.get(id(child))) is not None:
            if isinstance(parent, ast.Compare):
                return not _of_length(parent)
            if isinstance(parent, ast.Slice) or _is_remainder(parent):
                return True
            if isinstance(parent, ast.keyword | ast.Call):
                if self._argument_picks(parent, child, depth):
                    return True
                if not (isinstance(parent, ast.Call) and _called(parent) in _PASSING):
                    return False
            elif not isinstance(parent, ast.BinOp | ast.UnaryOp | ast.IfExp):
                return any(self._name_picks(name, depth) for name in _named(parent, child))
            child = parent
        return False

    def _argument_picks(self, parent: ast.keyword | ast.Call, child: ast.AST, depth: int) -> bool:
        """Whether a function that it is handed to picks by it."""
        call = self._parents.get(id(parent)) if isinstance(parent, ast.keyword) else parent
        if not isinstance(call, ast.Call) or child is call.func:
            return False
        if _called(call) in _PICKING:
            return True
        functions = self._functions.get(_called(call), [])
        if isinstance(parent, ast.keyword):
            return any(self._name_picks(parent.arg or "", depth) for _ in functions)
        at = next((at for at, one in enumerate(call.args) if one is child), 0)
        return any(self._name_picks(one.args.args[at].arg, depth) for one in functions if at < len(one.args.args))

    def _name_picks(self, name: str, depth: int) -> bool:
        if depth >= _DEEPEST:
            return True
        if name not in self._known:
            self._known[name] = False  # until it is known: it may lead back to itself
            self._known[name] = any(self.picks(use, depth + 1) for use in self._loads.get(name, []))
        return self._known[name]


def _named(parent: ast.AST, child: ast.AST) -> list[str]:
    """The names that a value is given: by an assignment, or as the default of an argument."""
    if isinstance(parent, ast.Assign):
        return [one.id for one in parent.targets if isinstance(one, ast.Name)]
    if isinstance(parent, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        return [parent.target.id] if isinstance(parent.target, ast.Name) else []
    if isinstance(parent, ast.arguments):
        behind = (*parent.posonlyargs, *parent.args)[-len(parent.defaults) :] if parent.defaults else ()
        pairs = (*zip(behind, parent.defaults, strict=True), *zip(parent.kwonlyargs, parent.kw_defaults, strict=True))
        return [one.arg for one, given in pairs if given is child]
    return []


def _is_remainder(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)


def _of_length(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    return any(isinstance(one, ast.Call) and _called(one) == "len" for one in sides)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""
