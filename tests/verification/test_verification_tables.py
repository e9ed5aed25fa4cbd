"""Fingerprints, confidence and the shipped tables."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import ClaimVerdict
from pipelines.verification.calibration import load_calibration, pool_adjacent
from pipelines.verification.fingerprint import fingerprint
from pipelines.verification.terms import TERMS_FILE, fold, load_terms
from pipelines.verification.verdict import SETTINGS, VERIFIER_VERSION, Settings


def made(**changed: object) -> str:
    held: dict[str, object] = {
        "claim_text": "A claim.", "source_version_ids": ["b", "a"], "verifier_version": "v1", "settings": SETTINGS,
        "terms_id": "t1",
    }  # fmt: skip
    return fingerprint(**(held | changed))  # type: ignore[arg-type]


def test_a_fingerprint_ignores_the_order_of_versions_and_the_form_of_settings() -> None:
    assert made() == made(source_version_ids=("a", "b", "a")) == made(settings=SETTINGS.model_dump_json())


def test_a_fingerprint_moves_with_each_thing_that_decides() -> None:
    changes: list[dict[str, object]] = [
        {"claim_text": "Another."}, {"source_version_ids": ["a"]}, {"verifier_version": "v2"},
        {"settings": Settings(support_coverage=0.9)}, {"terms_id": "t2"},
    ]  # fmt: skip
    assert len({made(), *(made(**change) for change in changes)}) == len(changes) + 1


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 50)), max_size=12), st.booleans())
def test_pooled_shares_are_monotone_and_keep_the_mean(shares: list[tuple[float, int]], rising: bool) -> None:
    pooled = [share for share, _ in pool_adjacent(shares, rising=rising)]
    assert len(pooled) == len(shares)
    ordered = sorted(pooled, reverse=not rising)
    assert all(abs(a - b) < 1e-9 for a, b in zip(pooled, ordered, strict=True))
    total = sum(share * cases for share, cases in shares)
    assert abs(sum(p * cases for p, (_, cases) in zip(pooled, shares, strict=True)) - total) < 1e-6


def test_the_shipped_confidence_is_monotone_and_names_its_data() -> None:
    table = load_calibration()
    assert table.verifier_version == VERIFIER_VERSION
    assert table.origin
    assert all(held["data"] and held["licence"] and held["cases"] for held in table.origin)
    for verdict, bins in table.bins.items():
        shares = [b.right for b in bins]
        assert shares == sorted(shares, reverse=verdict is ClaimVerdict.NOT_ENOUGH_INFO)


def test_the_shipped_term_counts_are_small_and_plausible() -> None:
    terms = load_terms()
    assert TERMS_FILE.stat().st_size <= 400_000
    assert all(terms.floor <= n <= terms.documents for n in terms.frequency.values())
    assert terms.idf("result") < terms.idf("adapt") < terms.idf("zzzzz")


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
