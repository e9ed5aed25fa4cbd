"""From a question to search terms: what is kept, what is dropped, what an index is asked with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.search.queries import MAX_QUERY_WORDS, MAX_QUESTION, MAX_WORDS, queries_of


def test_question_words_and_words_of_relation_are_not_asked_for() -> None:
    terms = queries_of("Does sleep deprivation impair the memory of mice?")
    assert terms.words == ("sleep", "deprivation", "impair", "memory", "mice")
    terms = queries_of("Does caffeine improve endurance in cyclists?")
    assert terms.words == ("caffeine", "endurance", "cyclists")
    assert terms.relations == ("improve",)
    assert terms.query == "caffeine endurance cyclists"


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Is 1,2-dichloroethane a solvent?", "1,2-dichloroethane"),
        ("Does YBa2Cu3O7-δ superconduct?", "yba2cu3o7-δ"),
        ("How does Ca2+ enter cells?", "ca2+"),
        ("Is β-catenin stable?", "β-catenin"),
        ("Do state-of-the-art classifiers overfit?", "state-of-the-art"),
        ("Is a dose of 3.5 mg enough?", "3.5"),
        ("What does GPT-4 cost?", "gpt-4"),
        ("Does vitamin D prevent falls?", "d"),
        ("Does the WHO count them?", "who"),
        ("Is Alzheimer's disease inherited?", "alzheimer"),
        ("Cuál es el efecto del café en la presión?", "presión"),
        ("Senkt Bewegung den Blutdruck?", "blutdruck"),
        ("咖啡会升高血压吗？", "咖啡会升高血压吗"),
        ("क्या चाय नींद रोकती है?", "नींद"),
    ],
)
def test_names_numbers_and_letters_of_any_language_stay_whole(question: str, word: str) -> None:
    assert word in queries_of(question).words


def test_function_words_of_another_language_are_content_where_the_question_is_english() -> None:
    assert "die" in queries_of("Do patients with sepsis die sooner?").words
    assert "die" not in queries_of("Wie lange lebt die Maus im Winter?").words


def test_an_effect_that_bears_a_name_is_a_subject_and_any_other_is_a_relation() -> None:
    assert queries_of("What causes the greenhouse effect?").phrases == ("greenhouse effect",)
    assert queries_of("What is the effect of tea on sleep?").relations == ("effect",)


def test_phrases_are_neighbouring_subject_words_and_quoted_words() -> None:
    terms = queries_of('Does "open label" placebo reduce chronic back pain?')
    assert "open label" in terms.phrases
    assert "chronic back pain" in terms.phrases
    assert not any("reduce" in phrase for phrase in terms.phrases)


def test_a_question_of_one_subject_word_asks_with_its_relation_too() -> None:
    assert queries_of("What causes tinnitus?").query == "tinnitus causes"


def test_no_words_of_content_leave_nothing_to_ask() -> None:
    terms = queries_of("What is it, and why???")
    assert (terms.words, terms.phrases, terms.query) == ((), (), "")


def test_a_hostile_question_is_bounded() -> None:
    terms = queries_of("(" * 50_000 + " ".join(f"word{n}x" for n in range(90_000)))
    assert len(terms.question) <= MAX_QUESTION
    terms = queries_of(" ".join(f"word{n}x" for n in range(200)))
    assert len(terms.words) == MAX_WORDS
    assert len(terms.query.split()) == MAX_QUERY_WORDS


@given(st.text(max_size=300))
def test_any_text_gives_terms_that_stand_in_it(question: str) -> None:
    terms = queries_of(question)
    assert len(set(terms.words)) == len(terms.words) <= MAX_WORDS
    assert set(terms.query.split()) <= set(terms.words) | set(terms.relations)
    assert not set(terms.words) & set(terms.relations)
