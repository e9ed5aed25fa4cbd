"""The terms of the local index: the same word in another guise gives the same term, and nothing runs away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.search.terms import MAX_TEXT, MAX_WORD, STOP_WORDS, index_terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Naïve Bayes", "NAIVE BAYES"),
        ("deficiency ﬁlters", "deficiency filters"),
        ("melting of glaciers", "melted glacier"),
        ("ＧＰＴ-4", "gpt 4"),
        ("Straße", "STRASSE"),
        ("the roof of a barn", "roof barn"),
        ("cafe\u0301", "café"),
    ],
)
def test_the_same_words_in_another_guise_give_the_same_terms(one: str, other: str) -> None:
    assert index_terms(one) == index_terms(other)
    assert index_terms(one)


def test_terms_keep_their_order_and_repetitions() -> None:
    assert index_terms("Zinc, then iron; then ZINC 65.") == ["zinc", "iron", "zinc", "65"]


def test_function_words_alone_give_no_terms() -> None:
    assert index_terms("What is it, and why should they have been there?") == []


def test_a_script_without_spaces_gives_pairs_so_that_a_part_of_it_can_be_found() -> None:
    assert set(index_terms("海草恢复")) <= set(index_terms("关于海草恢复的研究"))
    assert index_terms("锌") == ["锌"]


def test_a_sequence_that_is_no_word_is_left_out() -> None:
    assert index_terms(f"zinc {'acgt' * MAX_WORD} iron") == ["zinc", "iron"]


@given(st.text(max_size=400))
def test_terms_of_any_text_are_bounded_words_that_are_not_stop_words_in_disguise(text: str) -> None:
    terms = index_terms(text)
    assert all(term and not term.isspace() for term in terms)
    assert all(len(term) <= MAX_WORD for term in terms)
    assert index_terms(" ".join(sorted(STOP_WORDS)) + " " + text) == terms


@pytest.mark.parametrize("hostile", ["\u0301", "ﷺ", "a" * 10_000, "_", "中", "\ud800", "x1 "])
def test_work_on_hostile_text_is_bounded_by_its_length(hostile: str) -> None:
    terms = index_terms(hostile * (3 * MAX_TEXT // len(hostile)))
    assert len(terms) <= 20 * MAX_TEXT
