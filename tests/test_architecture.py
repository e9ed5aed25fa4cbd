"""The house: four floors, arrows only downwards. Reads every module; the engine is tested on planted trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
FLOORS = ("claimgate", "assets", "warehouse", "pipelines")
STAGES = ("ingestion", "extraction", "verification", "review", "gates", "publication")
ONE_FLOOR_ONLY = {"dagster": "assets", "great_expectations": "assets", "duckdb": "warehouse"}
INSIDE_FUNCTIONS_ONLY = {"great_expectations"}
SQL = re.compile(
    r"\bSELECT\b.*\bFROM\b|\bINSERT\s+INTO\b|\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW)\b|\bDELETE\s+FROM\b",
    re.DOTALL,
)


@dataclass(frozen=True)
class Import:
    """An import as written in a module, by the full name of what is imported."""

    name: str
    line: int
    in_function: bool

    @property
    def top(self) -> str:
        return self.name.split(".", 1)[0]


@dataclass(frozen=True)
class Module:
    """A module of the tree; `name` is dotted, a package bears the name of its folder."""

    name: str
    is_package: bool
    tree: ast.Module

    @property
    def floor(self) -> str:
        return self.name.split(".", 1)[0]

    @property
    def stage(self) -> str | None:
        """The stage package of pipelines that it lives in; None for the vocabulary and other floors."""
        parts = self.name.split(".")
        return parts[1] if self.floor == "pipelines" and len(parts) > 1 and parts[1] in STAGES else None


def modules(root: Path) -> Iterator[Module]:
    for floor in FLOORS:
        for file in sorted((root / floor).rglob("*.py")):
            parts = file.relative_to(root).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            yield Module(name, is_package, ast.parse(file.read_text(encoding="utf-8"), str(file)))


def imports(module: Module) -> Iterator[Import]:
    for node, in_function in _walk(module.tree, in_function=False):
        for name in _names(module, node):
            yield Import(name, getattr(node, "lineno", 0), in_function)


def _walk(node: ast.AST, *, in_function: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        yield child, in_function
        inside = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _walk(child, in_function=inside)


def _names(module: Module, node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = _base(module, node)
        return [f"{base}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
        if called in {"import_module", "__import__"} and isinstance(node.args[0].value, str):
            return [node.args[0].value]
    return []


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    kept = package[: len(package) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The string constants, an f-string as one with its values left out."""
    within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else " " for p in node.values]
            yield "".join(str(part) for part in parts), node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
            yield node.value, node.lineno


def broken_rules(root: Path) -> list[str]:
    """One sentence for each place of the tree that breaks a rule of the house."""
    found = [sentence for module in modules(root) for sentence in _broken_in(module)]
    return found + _missing_rooms(root)


def _broken_in(module: Module) -> Iterator[str]:
    for one in imports(module):
        place = f"{module.name}:{one.line}"
        if one.top in FLOORS and FLOORS.index(one.top) < FLOORS.index(module.floor):
            yield f"{place} imports {one.name}, which is a floor above"
        floor = ONE_FLOOR_ONLY.get(one.top)
        if floor is not None and floor != module.floor:
            yield f"{place} imports {one.top}, which only {floor} may"
        if one.top in INSIDE_FUNCTIONS_ONLY and not one.in_function:
            yield f"{place} imports {one.top} at module level"
        if module.floor == "pipelines":
            yield from _against_the_flow(module, one, place)
    if module.floor != "warehouse":
        for text, line in texts(module.tree):
            if SQL.search(text):
                yield f"{module.name}:{line} holds SQL"


def _against_the_flow(module: Module, one: Import, place: str) -> Iterator[str]:
    parts = one.name.split(".")
    target = parts[1] if parts[0] == "pipelines" and len(parts) > 1 else None
    if target not in STAGES:
        return
    if module.stage is None or STAGES.index(target) > STAGES.index(module.stage):
        yield f"{place} imports {one.name}, which comes later than {module.stage or 'the vocabulary'}"


def _missing_rooms(root: Path) -> list[str]:
    rooms = [
        room
        for stage in STAGES
        for room in (f"pipelines/{stage}/__init__.py", f"warehouse/{stage}.py", f"assets/{stage}.py")
    ]
    return [f"{room} is missing" for room in rooms if not (root / room).is_file()]


# --- this tree ----------------------------------------------------------------------------------


def test_the_house_keeps_its_rules() -> None:
    assert broken_rules(CHECKOUT) == []


def test_every_package_of_pipelines_is_a_stage() -> None:
    packages = {path.parent.name for path in (CHECKOUT / "pipelines").glob("*/__init__.py")}
    assert packages == set(STAGES)


def test_the_modules_that_dagster_decorates_are_read() -> None:
    names = {module.name for module in modules(CHECKOUT)}
    assert {"assets.checks", "warehouse.connection", "pipelines.models", "claimgate.__main__"} <= names


# --- the engine, on planted trees ---------------------------------------------------------------


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A tree of the same form that breaks no rule."""
    for floor in FLOORS:
        _write(tmp_path, f"{floor}/__init__.py", "")
    for stage in STAGES:
        _write(tmp_path, f"pipelines/{stage}/__init__.py", "")
        _write(
            tmp_path, f"warehouse/{stage}.py", f"import duckdb\nfrom pipelines import {stage}\nQ = 'SELECT 1 FROM t'\n"
        )
        _write(tmp_path, f"assets/{stage}.py", f"import dagster\nfrom warehouse import {stage}\n")
    _write(tmp_path, "assets/checks.py", "def check():\n    import great_expectations\n")
    _write(tmp_path, "claimgate/app.py", "def run():\n    from assets import gates\n    from pipelines import review\n")
    return tmp_path


def _write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_a_house_that_keeps_its_rules_passes(small_house: Path) -> None:
    assert broken_rules(small_house) == []


@pytest.mark.parametrize(
    ("name", "text", "broken"),
    [
        ("pipelines/review/a.py", "from warehouse.append import append", "imports warehouse.append.append"),
        ("pipelines/review/a.py", "import assets.checks", "imports assets.checks"),
        ("pipelines/review/a.py", "def f():\n    import assets", "imports assets"),
        ("pipelines/review/a.py", "import importlib\nimportlib.import_module('assets.x')", "imports assets.x"),
        ("warehouse/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import assets", "imports assets"),
        ("warehouse/a.py", "from claimgate import app", "imports claimgate.app"),
        ("assets/a.py", "from claimgate.app import run", "imports claimgate.app.run"),
        ("warehouse/a.py", "import dagster as dg", "imports dagster, which only assets may"),
        ("claimgate/a.py", "from dagster import asset", "imports dagster, which only assets may"),
        ("pipelines/models.py", "import duckdb", "imports duckdb, which only warehouse may"),
        ("assets/a.py", "import duckdb", "imports duckdb, which only warehouse may"),
        ("assets/a.py", "import great_expectations as gx", "imports great_expectations at module level"),
        ("assets/a.py", "class A:\n    import great_expectations.core", "imports great_expectations at module level"),
        ("warehouse/a.py", "def f():\n    import great_expectations", "imports great_expectations, which only assets"),
        ("claimgate/a.py", "Q = 'SELECT title\\nFROM records'", "holds SQL"),
        ("assets/a.py", "Q = f'INSERT INTO {1} VALUES (1)'", "holds SQL"),
        ("assets/a.py", "Q = f'SELECT a FROM {1}'", "holds SQL"),
        ("pipelines/ingestion/a.py", "from pipelines.extraction import claims", "which comes later than ingestion"),
        ("pipelines/ingestion/a.py", "from ..gates.policy import load", "which comes later than ingestion"),
        ("pipelines/models.py", "from pipelines.ingestion import records", "which comes later than the vocabulary"),
    ],
)
def test_a_planted_violation_is_found(small_house: Path, name: str, text: str, broken: str) -> None:
    _write(small_house, name, text)
    found = broken_rules(small_house)
    assert len(found) == 1
    assert broken in found[0]
    assert found[0].startswith(name.removesuffix(".py").replace("/", "."))


@pytest.mark.parametrize("room", ["pipelines/gates/__init__.py", "warehouse/review.py", "assets/publication.py"])
def test_a_stage_without_a_room_on_a_floor_is_found(small_house: Path, room: str) -> None:
    (small_house / room).unlink()
    assert broken_rules(small_house) == [f"{room} is missing"]


@pytest.mark.parametrize(
    "text",
    [
        "from pipelines.ingestion import records",
        "from . import numbers",
        "from ..models import Claim",
        "WORDS = 'Select the claims from the text'",
    ],
)
def test_what_points_down_or_left_is_left_alone(small_house: Path, text: str) -> None:
    _write(small_house, "pipelines/verification/a.py", text)
    assert broken_rules(small_house) == []
