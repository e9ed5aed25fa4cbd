"""A site built out of the tests' records by the functions that publication uses; no warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.models import ClaimCounts, ClaimVerdict, Correction, ReferenceCounts, ReviewSummary, Tier
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.site import build
from pipelines.publication.site.build import manifest_name, page_name
from pipelines.publication.site.reliability import shipped_reliability
from pipelines.publication.views import PublicRecord
from tests.publication.pages import hostile_record
from tests.publication.published_records import claim_view, empty_record, gated_record, rich_record

MADE = 130
TIERS = (Tier.DOI_GRADE, Tier.PUBLIC_RECORD, Tier.WATCHLIST)
CORRECTED = Correction(
    correction_id="c1",
    sequence=1,
    kind="QUALITY_ASSESSMENT",
    before={"tier": "WATCHLIST"},
    after={"tier": "DOI_GRADE"},
    why="checked again",
    recorded_at=datetime(2026, 7, 3, tzinfo=UTC),
    previous_hash=None,
    hash="ab" * 32,
)


def site_records() -> list[PublicRecord]:
    """Every kind of record the tests have, and enough made ones to fill a page of the list and more."""
    return [
        rich_record(),
        gated_record(record_id="srch:6A7ED", identifier="srch:6A7ED", title="Artifacts of every outcome"),
        empty_record(),
        # Its artifacts and gates are long enough for a manifest of a gigabyte.
        hostile_record().model_copy(update={"artifacts": (), "gates": ()}),
        *map(made_record, range(MADE)),
    ]


def made_record(number: int) -> PublicRecord:
    """One of many: each differs from its neighbours in all that the list can be filtered and ordered by."""
    supported = number % 4
    verdicts = [ClaimVerdict.SUPPORTED] * supported + [ClaimVerdict.REFUTED] * (3 - supported)
    score = None if number % 10 == 9 else 1 + (number * 7 % 80) / 10
    return rich_record(
        record_id=f"made:{number}",
        identifier=f"10.5555/made.{number}",
        title=f"Sedge trial {number:03d}",
        publisher=f"Sedge Press {number % 3}",
        published_on=date(2026, 5, number % 28 + 1),
        cohort="2026-05",
        question=None,
        synthetic=number % 2 == 0,
        claims=tuple(
            claim_view(n, f"In trial {number}, plot {n} of sedge grew {n}{number} mm.", verdict)
            for n, verdict in enumerate(verdicts, 1)
        ),
        counts=ClaimCounts(extracted=3, supported=supported, refuted=3 - supported),
        reference_counts=ReferenceCounts(found=2, retracted=int(number % 13 == 0)),
        review=ReviewSummary(score=score, low=score, high=score, reason="Made."),
        tier=TIERS[number % 3],
        corrections=(CORRECTED,) * (number % 5 == 0),
        findings=(),
        references=(),
        sources=(),
        found_sources=(),
    )


def build_site(folder: Path, records: Sequence[PublicRecord]) -> Path:
    files: dict[str, bytes] = dict(build.assets())
    for record in records:
        files[page_name(record.record_id)] = build.record_page(record).encode()
        files[manifest_name(record.record_id)] = manifest_bytes(manifest_of(record))
    files |= dict(build.index_pages([build.summary_of(record) for record in records]))
    files["calibration.html"] = build.calibration_page(shipped_reliability()).encode()
    files["rules.html"] = build.rules_page().encode()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
