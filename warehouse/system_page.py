"""What the system page shows: a statement a question, each over the whole warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import duckdb

from pipelines.models import ClaimCounts, Model, ReferenceCounts, ReferenceFinding
from pipelines.publication.site.system.view import (
    AgreementLine,
    BackendLine,
    CohortLine,
    ConfidenceBand,
    CorrectionLine,
    GateLine,
    IndexLine,
    ModelLine,
    People,
    Recheck,
    ScorePoint,
    StageLine,
    SystemView,
)
from warehouse.append import Row
from warehouse.connection import Warehouse
from warehouse.gates import Activation
from warehouse.policies import standing
from warehouse.statements import statement

_Line = TypeVar("_Line", bound=Model)


def system_view(warehouse: Warehouse, today: date) -> SystemView:
    """All of the page, as held at one moment. `today` decides which gate activations stand."""
    with warehouse.reading():
        activations = standing(warehouse, today)
        with warehouse.read() as connection:
            connection.execute(statement("publication/system_held"))
            return _read(connection, activations, today)


def _read(connection: duckdb.DuckDBPyConnection, activations: Sequence[Activation], today: date) -> SystemView:
    cohorts = tuple(_cohort_line(row) for row in _rows(connection, "cohorts"))
    references, unaudited = _references(connection)
    return SystemView(
        **_rows(connection, "totals")[0],
        records=sum(one.records for one in cohorts),
        cohorts=cohorts,
        references=references,
        unaudited=unaudited,
        backends=_lines(connection, BackendLine, "backends"),
        people=_people(connection),
        scores=_lines(connection, ScorePoint, "scores"),
        rechecks=_lines(connection, Recheck, "rechecks"),
        gates=_gates(connection, activations, today),
        agreement=_lines(connection, AgreementLine, "agreement")[0],
        stages=_lines(connection, StageLine, "stages"),
        models=_lines(connection, ModelLine, "models"),
        indexes=_lines(connection, IndexLine, "indexes"),
        corrections=_lines(connection, CorrectionLine, "corrections"),
    )


def _cohort_line(row: Row) -> CohortLine:
    rest = {name: row[name] for name in CohortLine.model_fields if name != "counts"}
    return CohortLine(counts=ClaimCounts(**{name: row[name] for name in ClaimCounts.model_fields}), **rest)


def _references(connection: duckdb.DuckDBPyConnection) -> tuple[ReferenceCounts, int]:
    """Findings over all references in force, and how many of these were not audited yet."""
    rows = {row["finding"]: row for row in _rows(connection, "references")}
    found = {one.value.lower(): rows[one.value]["reference_entries"] for one in ReferenceFinding if one.value in rows}
    retracted = sum(row["retracted"] for row in rows.values())
    return ReferenceCounts(retracted=retracted, **found), rows[None]["reference_entries"] if None in rows else 0


def _people(connection: duckdb.DuckDBPyConnection) -> People:
    bands, without = [], 0
    for row in _rows(connection, "people"):
        if row["tenth"] is None:
            without = row["cases"]
            continue
        tenth = int(row["tenth"])
        bands.append(
            ConfidenceBand(
                from_confidence=(tenth - 1) / 10,
                to_confidence=tenth / 10,
                cases=row["cases"],
                mean_confidence=row["mean_confidence"],
                agreed=row["agreed"],
            )
        )
    return People(bands=tuple(bands), without_confidence=without)


def _gates(connection: duckdb.DuckDBPyConnection, held: Sequence[Activation], today: date) -> tuple[GateLine, ...]:
    outcomes: dict[str, list[tuple[str, int]]] = {one.activation_id: [] for one in held}
    for row in _rows(connection, "gates", {"activation_ids": list(outcomes)}):
        outcomes[row["activation_id"]].append((row["outcome"], row["records"]))
    return tuple(
        GateLine(
            title=one.title,
            activation_id=one.activation_id,
            active_on=one.active_on,
            in_force=one.active_on <= today,
            evaluated=sum(count for _, count in outcomes[one.activation_id]),
            outcomes=tuple(outcomes[one.activation_id]),
        )
        for one in sorted(held, key=lambda one: (one.gate, one.active_on))
    )


def _lines(connection: duckdb.DuckDBPyConnection, line: type[_Line], name: str) -> tuple[_Line, ...]:
    return tuple(line.model_validate(row) for row in _rows(connection, name))


def _rows(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any] | None = None) -> list[Row]:
    cursor = connection.execute(statement(f"publication/system_{name}"), values or {})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
