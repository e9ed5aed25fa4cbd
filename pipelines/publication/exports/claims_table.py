"""The claims of a record as a table, one row a claim: CSV for spreadsheets, Parquet for programs.

A cell of the CSV that a spreadsheet would take for a formula is given an apostrophe before it (OWASP, CSV injection);
Parquet holds the text as it is. Input: a `PublicRecord`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import polars as pl

from pipelines.models import Stance
from pipelines.publication.views import ClaimView, PublicRecord

SCHEMA: Mapping[str, type[pl.DataType] | pl.DataType] = MappingProxyType(
    {
        "record_id": pl.String,
        "claim_id": pl.String,
        "ordinal": pl.Int64,
        "claim": pl.String,
        "kind": pl.String,
        "hedged": pl.Boolean,
        "duplicate_of": pl.String,
        "section": pl.String,
        "start": pl.Int64,
        "end": pl.Int64,
        "stated_verified": pl.Boolean,
        "verdict": pl.String,
        "verdict_by": pl.String,
        "confidence": pl.Float64,
        "conflict": pl.Boolean,
        "scope": pl.String,
        "reason": pl.String,
        "sources_for": pl.String,
        "sources_against": pl.String,
        "evidence": pl.String,
        "verified_at": pl.Datetime("us", "UTC"),
        "backend": pl.String,
        "verifier_version": pl.String,
    }
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def claims_table(record: PublicRecord) -> pl.DataFrame:
    return pl.DataFrame([_row(record.record_id, view) for view in record.claims], schema=dict(SCHEMA))


def claims_csv(record: PublicRecord) -> str:
    table = claims_table(record).with_columns(pl.col(pl.String).map_elements(neutralised, return_dtype=pl.String))
    return table.write_csv(datetime_format="%Y-%m-%dT%H:%M:%SZ")


def claims_parquet(record: PublicRecord) -> bytes:
    held = io.BytesIO()
    claims_table(record).write_parquet(held)
    return held.getvalue()


def neutralised(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _row(record_id: str, view: ClaimView) -> dict[str, Any]:
    claim = view.claim
    return {
        "record_id": record_id,
        "claim_id": claim.claim_id,
        "ordinal": claim.ordinal,
        "claim": claim.text,
        "kind": claim.kind.value,
        "hedged": claim.hedged,
        "duplicate_of": claim.duplicate_of,
        "section": claim.section,
        "start": claim.start,
        "end": claim.end,
        "stated_verified": claim.stated_verified,
        "verdict": view.verdict.value,
        "verdict_by": f"person: {view.adjudication.by}" if view.adjudication else "machine",
        "confidence": view.confidence,
        "conflict": view.conflict,
        "scope": view.scope.value,
        "reason": view.reason,
        "sources_for": _sources(view, Stance.SUPPORTS),
        "sources_against": _sources(view, Stance.REFUTES),
        "evidence": " | ".join(one.evidence.text for one in view.evidence),
        "verified_at": view.verified_at,
        "backend": view.backend,
        "verifier_version": view.verifier_version,
    }


def _sources(view: ClaimView, stance: Stance) -> str:
    found = (one.evidence.source_id for one in view.evidence if one.evidence.stance is stance)
    return "; ".join(dict.fromkeys(found))
