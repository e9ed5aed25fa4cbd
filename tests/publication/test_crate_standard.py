"""Crates held against the standard by its own validator (roc-validator, profile RO-Crate 1.2), without network.

It lives in an environment of its own: `make crate-validator`, or the interpreter that CLAIMGATE_ROC_VALIDATOR names.
Without one these tests skip, but never in CI.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record, record_id_of
from pipelines.models import ClaimVerdict, EvidenceScope
from pipelines.publication.exports.ro_crate import CrateFile, ro_crate
from pipelines.publication.views import ClaimView, PublicRecord, ReferenceView
from tests.publication.pages import hostile_record
from tests.publication.published_records import empty_record, gated_record, rich_record
from tests.publication.test_prov_document import corrected

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = CHECKOUT / "tests" / "tools"
SAMPLES = CHECKOUT / "warehouse" / "sample" / "inbox"
FILE = CrateFile("manifest.json", "application/json", "Manifest", 2, "ab" * 32)

pytestmark = pytest.mark.slow

# What a crate should have and has not, as it is not known here, and why.
KNOWN_LACKS = {
    "The Root Data Entity SHOULD have a `publisher` property",  # who runs claimgate is not known to it
    "A License entity SHOULD have an absolute HTTP(S) URL",  # no licence is stated, and none is invented
    "The organization SHOULD have a URL",  # the publisher of a record is known by name only
    "An Organization entity SHOULD have a ROR identifier",
    "An Organization's contactPoint SHOULD reference a ContactPoint",
    "A Person entity SHOULD have an ORCID identifier",  # who adjudicates gives a name
    "The author SHOULD have an organizational affiliation",
    "The author SHOULD have a Contextual Entity which specifies the organizational",
}


@pytest.fixture(scope="module")
def validator() -> Path:
    named = os.environ.get("CLAIMGATE_ROC_VALIDATOR")
    python = Path(named) if named else CHECKOUT / ".venv-crate" / "bin" / "python"
    if not python.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{python} is not there, and crates go unvalidated: make crate-validator")
        pytest.skip("roc-validator is not installed: make crate-validator")
    return python


def held_against(
    validator: Path, folder: Path, crates: Mapping[str, Mapping[str, Any]], severity: str = "REQUIRED"
) -> dict[str, list[dict[str, str]]]:
    """What the validator finds on each crate, by its name; one whose name begins with `detached` has no folder."""
    asked = {}
    for name, document in crates.items():
        detached = name.startswith("detached")
        place = folder / name
        place.mkdir()
        written = place / ("x-ro-crate-metadata.json" if detached else "ro-crate-metadata.json")
        written.write_text(json.dumps(document), encoding="utf-8")
        if not detached:
            (place / FILE.name).write_text("{}")
        asked[str(written if detached else place)] = {
            "mode": "detached" if detached else "attached",
            "severity": severity,
        }
    ended = subprocess.run(
        [validator, TOOLS / "validate_crates.py", TOOLS / "ro-crate-1.2-terms.jsonld"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout.splitlines()[-1])
    return {Path(path).relative_to(folder).parts[0]: issues for path, issues in found.items()}


def said(issues: Iterable[Mapping[str, str]]) -> list[str]:
    return [f"{one['check']} {one['entity']}: {one['message']}" for one in issues]


def as_read(path: Path) -> PublicRecord:
    """A record as it is before anything was checked: its claims and references, as the file has them."""
    parsed = parse_record(read_document(path.name, path.read_bytes()))
    claims = tuple(
        ClaimView(
            claim=claim,
            verdict=ClaimVerdict.NOT_CHECKED,
            confidence=None,
            reason="Nothing was checked.",
            scope=EvidenceScope.NONE,
            conflict=False,
        )
        for claim in extract_claims(parsed, record_id_of(parsed))
    )
    return empty_record().model_copy(
        update={
            "record_id": record_id_of(parsed),
            "title": parsed.title or "Untitled record",
            "title_stated": parsed.title is not None,
            "publisher": parsed.publisher,
            "published_on": parsed.published_on,
            "question": parsed.question,
            "identifier": parsed.identifier,
            "claims": claims,
            "references": tuple(ReferenceView(reference=one, audit=None) for one in parsed.references),
        }
    )


def test_crates_meet_every_must_and_lack_only_what_is_not_known(validator: Path, tmp_path: Path) -> None:
    crates = {
        "rich": ro_crate(rich_record(), [FILE]),
        "hostile": ro_crate(hostile_record(), [FILE]),
        "corrected": ro_crate(corrected(), [FILE]),
        "empty": ro_crate(empty_record(), [FILE], date(2026, 7, 3)),
        "detached": ro_crate(gated_record()),
    }
    found = held_against(validator, tmp_path, crates, "RECOMMENDED")
    assert set(found) == set(crates)
    for name, issues in found.items():
        assert not [one for one in issues if one["severity"] == "REQUIRED"], (name, said(issues))
        known = KNOWN_LACKS | ({"License entities SHOULD have a"} if name == "hostile" else set())
        assert not [one for one in issues if not one["message"].startswith(tuple(known))], (name, said(issues))


def test_the_validator_sees_what_is_wrong(validator: Path, tmp_path: Path) -> None:
    """Without it the test above would hold for any crate."""
    lawless, partless, dateless = (ro_crate(rich_record(), [FILE]) for _ in range(3))
    del lawless["@graph"][1]["license"]
    partless["@graph"][1]["hasPart"] = {"@id": "gone.json"}
    partless["@graph"].append({"@id": "gone.json", "@type": "File", "name": "Gone"})
    del dateless["@graph"][1]["datePublished"]
    found = held_against(validator, tmp_path, {"lawless": lawless, "partless": partless, "dateless": dateless})
    assert any("`license`" in one["message"] for one in found["lawless"])
    assert any("gone.json" in one["message"] for one in found["partless"])
    assert any("`datePublished`" in one["message"] for one in found["dateless"])


def test_crates_of_the_sample_records_meet_every_must(validator: Path, tmp_path: Path) -> None:
    records = {path.stem: as_read(path) for path in sorted(SAMPLES.iterdir())}
    assert len(records) == 10
    assert_every_must(validator, tmp_path, records)


def test_crates_of_the_four_real_records_meet_every_must(validator: Path, tmp_path: Path, corpus: Path) -> None:
    records = {path.stem: as_read(path) for path in sorted((corpus / "records").glob("00[0-3]_*.txt"))}
    assert len(records) == 4
    assert_every_must(validator, tmp_path, records)


def assert_every_must(validator: Path, folder: Path, records: Mapping[str, PublicRecord]) -> None:
    assert all(record.claims for record in records.values())
    crates = {name: ro_crate(record, [FILE], date(2026, 7, 3)) for name, record in records.items()}
    found = {name: said(issues) for name, issues in held_against(validator, folder, crates).items()}
    assert found == {name: [] for name in crates}
