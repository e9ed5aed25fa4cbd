"""What a person types, made a reference."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.identifiers import stated_identifiers
from pipelines.ingestion.typed import NothingToLookUp, typed_reference

CASES = {
    "10.1000/xyz": {"doi": "10.1000/xyz"},
    "https://doi.org/10.1000/XYZ.": {"doi": "10.1000/xyz"},
    "doi:10.1016/S0140-6736(20)30183-5": {"doi": "10.1016/s0140-6736(20)30183-5"},
    "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2": {
        "doi": "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2"
    },
    "2406.12845v1": {"arxiv": "2406.12845"},
    "arXiv:math.GT/0309136": {"arxiv": "math/0309136"},
    "https://arxiv.org/pdf/2406.12845v2.pdf": {"arxiv": "2406.12845"},
    "10.48550/arXiv.2406.12845": {"arxiv": "2406.12845"},
    "PMID:123": {"pmid": "123"},
    "PMC7096075": {"pmcid": "PMC7096075"},
    "https://openalex.org/W2741809807": {"openalex": "W2741809807"},
    "ISBN 978-0-306-40615-7": {"isbn": "9780306406157"},
    "https://pubmed.ncbi.nlm.nih.gov/8655018/": {"pmid": "8655018"},
    "a" * 40: {"s2": "a" * 40},
}


@pytest.mark.parametrize(("typed", "stated"), CASES.items())
def test_each_form_of_an_identifier_is_known(typed: str, stated: dict[str, str]) -> None:
    assert stated_identifiers(typed_reference(typed)) == stated


def test_the_version_of_a_preprint_is_kept() -> None:
    assert typed_reference("2406.12845v3").arxiv_version == 3


def test_words_are_a_title() -> None:
    reference = typed_reference("  Moss as a roof\n over wet tiles ")
    assert reference.title == "Moss as a roof over wet tiles"
    assert stated_identifiers(reference) == {}


@given(st.text(max_size=300))
def test_anything_typed_is_a_reference_or_a_sentence_that_says_why_not(typed: str) -> None:
    words = " ".join(typed.split())
    if len(words) >= 10 and any(letter.isalpha() for letter in words):
        reference = typed_reference(typed)
        assert stated_identifiers(reference) or reference.title
    else:
        with suppress(NothingToLookUp):
            assert stated_identifiers(typed_reference(typed))
