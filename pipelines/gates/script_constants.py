"""The constants of a script, and the script with some of them changed.

Belongs here: finding on the syntax tree every number and word that could carry an answer, and writing the
script anew with another in its place. Does not belong here: running the script, or what it means that a
constant moves the result (`constant_trials`). The tree only says where to look; running is the proof.
"""

from __future__ import annotations

import ast
import codecs
import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipelines.gates.script_choices import Choices
from pipelines.gates.script_folding import Value, folded, is_plain, named_constants

_FEWEST_LISTED = 3
_MOST_COUNTED = 20
_COUNTING_ARGUMENTS = frozenset(
    {"ndigits", "decimals", "digits", "indent", "axis", "maxsplit", "skiprows", "skip_header", "usecols", "ddof"}
)
_PATTERNS = frozenset(
    {"compile", "match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "strptime", "strftime", "open"}
)
SYNTAX = re.compile(r"\\[dDwWsSbBnt]|a-z|A-Z|0-9|%[a-zA-Z]")  # what says nothing in a pattern or a format
_SETTINGS = frozenset({"encoding", "mode", "newline", "delimiter", "sep", "dtype", "errors"})
_CUT = "_what_is_cut"
_ROUNDING = frozenset({"round", "floor", "ceil", "trunc", "rint", "around", "fix", "quantize"})


class Form(StrEnum):
    NUMBER = "number"
    WORD = "word"
    COMPUTED = "computed"  # from constants only, for instance 8 + 7/10
    LISTED = "listed"  # the numbers of a list, tuple, set or dictionary


@dataclass(frozen=True)
class Constant:
    """A constant with all its places: equal ones are changed together. `value`: what it comes to."""

    form: Form
    value: Value
    line: int
    places: tuple[int, ...]  # in the order of `ast.walk`
    values: tuple[Value, ...] = ()  # of a list
    crash_tells: bool = True  # whether it must be accounted for if the script only ever crashes without it
    compared: bool = False  # stands beside <, ==, in: decides between cases
    small: bool = False  # a whole number from 3 to 9
    picks: bool = False  # says which of the data count: a place to cut a list at, rounds of a loop, a seed
    index: bool = False  # only ever a key, as in row["x"]
    pattern: bool = False  # only ever a pattern or a format of dates, of which a part is syntax

    @property
    def shown(self) -> str:
        return repr(self.value)[:60]


def tree_of(script: bytes) -> ast.Module:
    """Raises SyntaxError, ValueError, RecursionError or MemoryError: the script cannot be examined."""
    return ast.parse(script.decode("utf-8"))


def without_words(script: bytes) -> str:
    """The same program written anew: no comments, other lay-out, docstrings empty."""
    tree = tree_of(script)
    for node in ast.walk(tree):
        if _is_documented(node):
            node.body[0] = ast.copy_location(ast.Expr(ast.Constant("")), node.body[0])  # type: ignore[attr-defined]
    return ast.unparse(tree)


def constants(tree: ast.Module) -> list[Constant]:
    """Every constant that could carry an answer, in the order of lines."""
    finding = _Finding(tree)
    merged: dict[tuple[Form, type, Value], Constant] = {}
    for one in finding.found():
        key = (one.form, type(one.value), one.value)
        held = merged.get(key)
        merged[key] = one if held is None else Constant(
            one.form, one.value, min(held.line, one.line), held.places + one.places, one.values,
            held.crash_tells or one.crash_tells, held.compared or one.compared, one.small,
            held.picks or one.picks, held.index and one.index, held.pattern and one.pattern,
        )  # fmt: skip
    return sorted(merged.values(), key=lambda one: (one.line, one.places))


def with_changed(script: bytes, changed: Mapping[Constant, Callable[[Value], Value]]) -> str:
    """The script in which some constants are others."""
    tree = tree_of(script)
    nodes = list(ast.walk(tree))
    new: dict[int, ast.expr] = {}
    for constant, change in changed.items():
        for place in constant.places:
            node = nodes[place]
            if constant.form is Form.LISTED:
                new |= {id(leaf): ast.Constant(change(leaf.value)) for leaf in _listed(node)}  # type: ignore[arg-type]
            else:
                as_bytes = isinstance(node, ast.Constant) and isinstance(node.value, bytes)
                value = change(constant.value)
                new[id(node)] = ast.Constant(str(value).encode("latin-1", "replace") if as_bytes else value)
    return ast.unparse(ast.fix_missing_locations(_Replacing(new).visit(tree)))


def without_rounding(script: bytes, site: int | None = None) -> str:
    """The script without its roundings, or without one of them."""
    tree = tree_of(script)
    sites = _roundings(tree)
    chosen = sites if site is None else [sites[site]]
    return ast.unparse(ast.fix_missing_locations(_Replacing({id(node): new for node, new in chosen}).visit(tree)))


def roundings(script: bytes) -> list[int]:
    """The lines on which a number is rounded, cut or formatted."""
    return [node.lineno for node, _ in _roundings(tree_of(script))]


def respelt_words(script: bytes, spelling: Mapping[str, str]) -> str:
    """The script in which some words are spelt otherwise, wherever they stand."""
    tree = tree_of(script)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = spelling.get(node.value, node.value)
    return ast.unparse(tree)


def words_of(tree: ast.Module) -> list[str]:
    return sorted({one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)})


class _Replacing(ast.NodeTransformer):
    def __init__(self, new: Mapping[int, ast.expr]) -> None:
        self._new = new

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Where a list is cut is changed; small places in a text stay, for they part what is written there."""
        kept = copy.deepcopy(node.slice)
        changed = self._cuts(node)
        self.generic_visit(node)
        if not changed or not isinstance(node.ctx, ast.Load):
            return node
        cut = ast.Name(_CUT, ast.Load())
        either = ast.IfExp(
            ast.Call(ast.Name("isinstance", ast.Load()), [cut, ast.Name("str", ast.Load())], []),
            ast.Subscript(cut, kept, ast.Load()),
            ast.Subscript(cut, node.slice, ast.Load()),
        )
        given = ast.arguments([], [ast.arg(_CUT)], None, [], [], None, [])
        return ast.Call(ast.Lambda(given, either), [node.value], [])

    def _cuts(self, node: ast.Subscript) -> bool:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return any(
            id(leaf) in self._new and isinstance(leaf, ast.Constant) and abs(leaf.value) <= _MOST_COUNTED
            for part in parts if isinstance(part, ast.Slice)
            for leaf in ast.walk(part)
            if isinstance(leaf, ast.Constant) and isinstance(leaf.value, int | float)
        )  # fmt: skip

    def visit(self, node: ast.AST) -> ast.AST:
        if id(node) in self._new:
            replacement = self._new[id(node)]
            return replacement if isinstance(replacement, ast.Constant) else self.generic_visit(replacement)
        return super().visit(node)  # type: ignore[no-any-return]


# --- finding ----------------------------------------------------------------------------------------


class _Finding:
    def __init__(self, tree: ast.Module) -> None:
        self._nodes = list(ast.walk(tree))
        self._places = {id(node): place for place, node in enumerate(self._nodes)}
        self._parents = {id(child): node for node in self._nodes for child in ast.iter_child_nodes(node)}
        self._named = named_constants(self._nodes)
        self._choices = Choices(self._nodes, self._parents)

    def found(self) -> Iterator[Constant]:
        for place, node in enumerate(self._nodes):
            if isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict):
                yield from self._list(place, node)
            elif isinstance(node, ast.Constant):
                yield from self._leaf(place, node)
            elif isinstance(node, ast.BinOp | ast.Call | ast.UnaryOp):
                yield from self._computed(place, node)

    def _leaf(self, place: int, node: ast.Constant) -> Iterator[Constant]:
        value = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        if isinstance(value, bool) or value is None or value is Ellipsis:
            return
        parent = self._parents.get(id(node))
        if isinstance(value, complex):
            value = abs(value)
        if isinstance(value, str):
            if self._is_docstring(node) or value == "__main__" or not any(one.isalnum() for one in value):
                return
            pattern = self._is_pattern(node)
            if pattern and not any(one.isalnum() for one in SYNTAX.sub("", value)):
                return
            telling = not pattern and not _is_encoding(value)
            telling = telling and (len(value) > 24 or any(one.isdigit() for one in value))
            index = isinstance(parent, ast.Subscript)
            yield Constant(Form.WORD, value, node.lineno, (place,), crash_tells=telling, index=index, pattern=pattern)
        elif not (is_plain(value) or _is_half(value, parent)) and not (
            self._is_counting(node) and abs(value) <= _MOST_COUNTED
        ):
            compared = isinstance(parent, ast.Compare) and not self._is_length(parent)
            small = isinstance(value, int) and abs(value) <= 9
            picks = small and self._choices.picks(node)
            yield Constant(Form.NUMBER, value, node.lineno, (place,), (), not small, compared, small, picks)

    def _computed(self, place: int, node: ast.BinOp | ast.Call | ast.UnaryOp) -> Iterator[Constant]:
        """The largest expressions of plain numbers only whose value is not plain."""
        parent = self._parents.get(id(node))
        if isinstance(node, ast.UnaryOp) or self._is_counting(node):
            return
        if isinstance(parent, ast.expr) and folded(parent, self._named) is not None:
            return
        value = folded(node, self._named)
        if value is None or isinstance(value, str) or is_plain(value) or value in (0.5, 0.25):
            return
        leaves = [one for one in ast.walk(node) if isinstance(one, ast.Constant)]
        names = any(isinstance(one, ast.Name) for one in ast.walk(node))
        carried = any(isinstance(one.value, int | float) and not is_plain(one.value, 9) for one in leaves)
        if not carried or names:
            yield Constant(Form.COMPUTED, value, node.lineno, (place,))

    def _list(self, place: int, node: ast.List | ast.Tuple | ast.Set | ast.Dict) -> Iterator[Constant]:
        values = tuple(leaf.value for leaf in _listed(node))
        if len(values) >= _FEWEST_LISTED and not self._is_counting(node):
            shown = ast.unparse(node)
            yield Constant(Form.LISTED, shown, node.lineno, (place,), values, crash_tells=False)  # type: ignore[arg-type]

    def _is_counting(self, node: ast.expr) -> bool:
        """An index, or an argument that says how many digits, columns or places; not where a list is cut."""
        child: ast.AST = node
        while (parent := self._parents.get(id(child))) is not None:
            if isinstance(parent, ast.Subscript):
                return parent.slice is child
            if isinstance(parent, ast.Slice):
                return False
            if isinstance(parent, ast.keyword):
                return parent.arg in _COUNTING_ARGUMENTS
            if isinstance(parent, ast.FormattedValue):
                return parent.format_spec is child
            if isinstance(parent, ast.Call):
                return _called(parent) in ("round", "around") and child in parent.args[1:2]
            if not isinstance(parent, ast.UnaryOp | ast.Tuple | ast.JoinedStr):
                return False
            child = parent
        return False

    def _is_docstring(self, node: ast.Constant) -> bool:
        parent = self._parents.get(id(node))
        return isinstance(parent, ast.Expr)

    def _is_pattern(self, node: ast.expr) -> bool:
        parent = self._parents.get(id(node))
        if isinstance(parent, ast.keyword):
            return parent.arg in _SETTINGS
        return isinstance(parent, ast.Call) and _called(parent) in _PATTERNS

    def _is_length(self, node: ast.Compare) -> bool:
        sides = [node.left, *node.comparators]
        return any(isinstance(one, ast.Call) and _called(one) == "len" for one in sides)


def _is_documented(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    first = body[0] if isinstance(body, list) and body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def _is_half(value: float, parent: ast.AST | None) -> bool:
    """A square root, or a division by 2."""
    if isinstance(parent, ast.UnaryOp):
        return value == 0.5
    return value == 0.5 and isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow | ast.Mult | ast.Div)


def _is_encoding(value: str) -> bool:
    try:
        codecs.lookup(value)
    except (LookupError, ValueError, UnicodeError):
        return False
    return True


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _listed(node: ast.AST) -> list[ast.Constant]:
    """The numbers and truth values of a list of constants."""
    if isinstance(node, ast.Dict):
        elements: list[ast.expr] = node.values
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        elements = node.elts
    else:
        return []
    return [one for one in elements if isinstance(one, ast.Constant) and isinstance(one.value, bool | int | float)]


# --- rounding -----------------------------------------------------------------------------------------


def _roundings(tree: ast.Module) -> list[tuple[ast.expr, ast.expr]]:
    """Each place where a number loses digits, and the expression without that; indexes stay whole."""
    indexes = {
        id(inner) for node in ast.walk(tree) if isinstance(node, ast.Subscript) for inner in ast.walk(node.slice)
    }
    return [
        (node, bare)
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and id(node) not in indexes and (bare := _unrounded(node)) is not None
    ]


def _unrounded(node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.Call) and node.args and _called(node) in _ROUNDING:
        return node.func.value if _called(node) == "quantize" and isinstance(node.func, ast.Attribute) else node.args[0]
    if isinstance(node, ast.Call) and _called(node) == "int" and len(node.args) == 1:
        return node.args[0] if isinstance(node.args[0], ast.BinOp) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        return ast.BinOp(node.left, ast.Div(), node.right)
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        return ast.FormattedValue(node.value, -1, None)
    return None
