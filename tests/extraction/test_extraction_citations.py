"""Citation marks, and the sentence without mark-up and marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.citations import citation_marks, normalised


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Zinc melts [3].", ("3",)),
        ("Zinc melts [1; 2] and [1,5].", ("1", "2", "5")),
        ("Zinc melts [2-4][7].", ("2", "3", "4", "7")),
        ("Zinc melts [2–4].", ("2", "3", "4")),
        ("Zinc melts [0].", ("0",)),
        ("Zinc melts [9-2].", ("9", "2")),
        ("Zinc melts [269936543 | Moss et al. | 2024 | Citations: 31].", ("269936543",)),
        ("Zinc melts ([Moss 2020](https://example.org/a)).", ("https://example.org/a",)),
        ("Zinc melts [[1]](https://example.org/a).", ("https://example.org/a",)),
        ("As [Moss](https://example.org/b) says, zinc melts.", ("https://example.org/b",)),
        ("Zinc melts [@moss2020; @doi:10.1000/x].", ("moss2020", "doi:10.1000/x")),
        ("Zinc melts.[^4]", ("4",)),
        (
            "Zinc melts (Moss et al., 2020; Reed and Fir, 2019a).",
            ("Moss et al., 2020", "Reed and Fir, 2019a"),
        ),
        ("Zinc [molten] melts in [0.1, 0.2].", ()),
    ],
)
def test_every_kind_of_mark_is_found_once_and_in_order(text: str, marks: tuple[str, ...]) -> None:
    assert citation_marks(text) == marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Zinc** _melts_ `early` [3].", "Zinc melts early."),
        ("Zinc melts\n  early. [1] [2]", "Zinc melts early."),
        (
            "As [Moss](https://example.org/b) says, zinc melts ([x](https://a.org)).",
            "As Moss says, zinc melts.",
        ),
        ("Zinc melts (Moss et al., 2020), as iron does.", "Zinc melts, as iron does."),
        ("[7] showed that zinc melts.", "[7] showed that zinc melts."),
        ("Introduced by [0], the method works [1].", "Introduced by [0], the method works."),
        ("H<sub>2</sub>O &amp; zinc with snake_case and 2 * 3", "H2O & zinc with snake_case and 2 * 3"),
    ],
)
def test_normalising_takes_away_mark_up_and_marks_but_no_word(text: str, expected: str) -> None:
    assert normalised(text) == expected


@given(st.text(max_size=300))
def test_any_text_is_normalised_to_folded_words(text: str) -> None:
    words = normalised(text)
    assert "\n" not in words
    assert words == words.strip()
    assert all(isinstance(mark, str) and mark for mark in citation_marks(text))


@pytest.mark.parametrize("hostile", ["[", "([a](b", "[1,", "*", "_a", "<a", "(Aaa and ", "`", "[@", "[^"])
def test_hostile_mark_up_of_the_longest_claim_is_read(hostile: str) -> None:
    text = hostile * (20_000 // len(hostile))
    assert len(normalised(text)) <= len(text)
