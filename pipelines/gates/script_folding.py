"""What an expression of constants in a script comes to, and which numbers need no explanation.

Belongs here: arithmetic on the syntax tree, bounded, nothing executed. Does not belong here: which
constants are looked at (`script_constants`).
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping

Value = int | float | str
_PLAIN = frozenset({0, 1, 2})  # with powers of ten: numbers that a formula may hold without saying where from
_DEEPEST = 60


def is_plain(value: float, largest: int = 2) -> bool:
    """A number that a formula may hold without saying where from: 0, 1, 2, powers of ten."""
    if value in _PLAIN or (isinstance(value, int) and abs(value) <= largest) or abs(value) in _PLAIN:
        return True
    if not math.isfinite(value):
        return True
    power = math.log10(abs(value))
    return abs(power - round(power)) < 1e-12 and abs(power) <= 15


def named_constants(nodes: list[ast.AST]) -> dict[str, ast.expr]:
    """Names that are given a value once, in one plain assignment."""
    stored: dict[str, int] = {}
    values: dict[str, ast.expr] = {}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stored[node.id] = stored.get(node.id, 0) + 1
        elif isinstance(node, ast.arg):
            stored[node.arg] = stored.get(node.arg, 0) + 2
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = node.value
    return {name: value for name, value in values.items() if stored.get(name) == 1}


_FOLDED_CALLS: Mapping[str, Callable[..., object]] = {
    "int": int, "float": float, "ord": ord, "len": len, "abs": abs, "chr": chr, "str": str, "round": round,
    "min": min, "max": max,
}  # fmt: skip
_OPERATIONS: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}


def folded(node: ast.expr, named: Mapping[str, ast.expr], depth: int = 0) -> Value | None:
    """What an expression of constants comes to; None: it is none, or too large to say."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, ast.Constant):
        value = node.value
        return value if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    if isinstance(node, ast.Name):
        return folded(named[node.id], named, depth + 5) if node.id in named else None
    try:
        return _bounded(_operated(node, named, depth + 1))
    except (ArithmeticError, ValueError, TypeError):
        return None


def _operated(node: ast.expr, named: Mapping[str, ast.expr], depth: int) -> object:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = folded(node.operand, named, depth)
        if isinstance(inner, str) or inner is None:
            return None
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        return _binary(node, folded(node.left, named, depth), folded(node.right, named, depth))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords and node.args:
        known = [folded(one, named, depth) for one in node.args]
        if node.func.id in _FOLDED_CALLS and None not in known:
            return _FOLDED_CALLS[node.func.id](*known)
    return None


def _binary(node: ast.BinOp, left: Value | None, right: Value | None) -> object:
    if left is None or right is None:
        return None
    if isinstance(left, str) or isinstance(right, str):
        return _text_times(node.op, left, right)
    if isinstance(node.op, ast.Pow):
        return left**right if abs(left) <= 1000 and abs(right) <= 20 else None
    operation = _OPERATIONS.get(type(node.op))
    return operation(left, right) if operation else None


def _text_times(operator: ast.operator, left: Value, right: Value) -> str | None:
    if isinstance(left, str) and isinstance(right, str) and isinstance(operator, ast.Add):
        return left + right
    if isinstance(left, str) and isinstance(right, int) and isinstance(operator, ast.Mult) and 0 <= right <= 1000:
        return left[:100] * right
    return None


def _bounded(value: object) -> Value | None:
    if isinstance(value, str):
        return value if len(value) <= 10_000 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e18:
        return None
    return value if math.isfinite(value) else None
