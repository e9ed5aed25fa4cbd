"""Fingerprints and the shipped tables that words are weighed by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import Model
from pipelines.verification.fingerprint import fingerprint
from pipelines.verification.terms import TERMS_FILE, fold, load_terms


class Steps(Model):
    """Stands for whatever settings a verdict was reached with."""

    searched: int = 3
    least: float = 0.5


def made(**changed: object) -> str:
    held: dict[str, object] = {
        "claim_text": "A claim.", "source_version_ids": ["b", "a"], "verifier_version": "v1", "settings": Steps(),
        "terms_id": "t1",
    }  # fmt: skip
    return fingerprint(**(held | changed))  # type: ignore[arg-type]  # mixed keywords


def test_a_fingerprint_ignores_the_order_of_versions_and_the_form_of_settings() -> None:
    assert made() == made(source_version_ids=("a", "b", "a")) == made(settings=Steps().model_dump_json())


def test_a_fingerprint_moves_with_each_thing_that_decides() -> None:
    changes: list[dict[str, object]] = [
        {"claim_text": "Another."}, {"source_version_ids": ["a"]}, {"verifier_version": "v2"},
        {"settings": Steps(least=0.9)}, {"terms_id": "t2"},
    ]  # fmt: skip
    assert len({made(), *(made(**change) for change in changes)}) == len(changes) + 1


def test_the_shipped_term_counts_are_small_and_plausible() -> None:
    terms = load_terms()
    assert TERMS_FILE.stat().st_size <= 400_000
    assert all(terms.floor <= n <= terms.documents for n in terms.frequency.values())
    assert terms.idf("result") < terms.idf("adapt") < terms.idf("zzzzz")


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
