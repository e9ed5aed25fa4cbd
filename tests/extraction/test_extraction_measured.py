"""What a number measures and on what, in the words of the sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.quantities import quantities_of

TOKENS = "accuracy of 91 % on SQuAD 2.0 and 93 by recall rate mean age , ; respectively the in GLUE"
WORDS = st.lists(st.sampled_from(TOKENS.split()), max_size=25).map(" ".join)


def metrics(text: str) -> list[str | None]:
    return [quantity.metric for quantity in quantities_of(text)]


def data_sets(text: str) -> list[str | None]:
    return [quantity.data_set for quantity in quantities_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It has an accuracy of 91 %.", ["accuracy"]),
        ("It reached 91 % accuracy.", ["accuracy"]),
        ("The top-5 accuracy rose to 91 %.", ["top-5 accuracy"]),
        ("The mean age was 54 years.", ["mean age"]),
        ("The hazard ratio was 0.82.", ["hazard ratio"]),
        ("The adjusted hazard ratio (HR) was 0.82.", ["HR"]),
        ("A BLEU score of 28.4 was had.", ["BLEU score"]),
        ("It had an F1 of 0.82 there.", ["F1"]),
        ("It cut fuel losses by 20 %.", ["fuel losses"]),
        ("An increase in recall of 3 % was seen.", ["recall"]),
        ("Accuracies of 91 % and 93 % were had.", ["Accuracies", "Accuracies"]),
        ("The rate ratio for mortality was 0.88.", ["rate ratio"]),
        ("The width and the length were 3 cm and 5 cm.", [None, None]),
        ("It has 80 parameters.", [None]),
        ("It fired 40 % of the bricks.", [None]),
        ("It rose in 2019.", [None]),
    ],
)
def test_a_number_says_what_it_measures(text: str, expected: list[str | None]) -> None:
    assert metrics(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KilnNet has an F1 of 88.5 on SQuAD 2.0.", ["SQuAD 2.0"]),
        ("On ImageNet-1K it reaches 84 % accuracy.", ["ImageNet-1K"]),
        ("The prevalence was 12 % in the NHANES cohort.", ["NHANES cohort"]),
        ("It has 84 % on CIFAR-10 and 61 % on CIFAR-100.", ["CIFAR-10", "CIFAR-100"]),
        ("It has 84 % and 61 % on CIFAR-10 and CIFAR-100, respectively.", [None, None]),
        ("The impact on GDP was 3 %.", [None]),
        ("It does 3 % worse on ROUGE-L there.", [None]),
        ("It reaches 84 % accuracy.", [None]),
    ],
)
def test_a_number_says_what_it_was_measured_on(text: str, expected: list[str | None]) -> None:
    assert data_sets(text) == expected


@given(WORDS)
def test_what_is_named_stands_in_the_sentence(text: str) -> None:
    for quantity in quantities_of(text):
        assert quantity.metric is None or quantity.metric in text
        assert quantity.data_set is None or quantity.data_set in text


@pytest.mark.parametrize("hostile", ["a rate of 1 ", "on ImageNet-1K 1 % ", "1 in the A1 A1 A1 ", "improved a by 1 "])
def test_hostile_sentences_are_measured_in_bounded_time(hostile: str) -> None:
    short, long = (hostile * (length // len(hostile)) for length in (3_900, 100_000))
    assert quantities_of(short)
    assert metrics(long) == [None] * len(metrics(long))
