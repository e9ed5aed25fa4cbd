"""The rule that changes one number of a statement.

Left alone are numbers that are no measured value: years, p-values, confidence levels, parts of names, labels
("type 2", "Figure 3"), reference marks. A changed value lies far outside any rounding of the old one.
Does not belong here: comparing quantities (`pipelines.verification.numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.rewriting import RewriteKind, Rewriting, rewriting, word_edit
from pipelines.verification.contrast.sentence import AUXILIARIES, DETERMINERS, PREPOSITIONS, Sentence, is_denied
from pipelines.verification.contrast.vocabulary import Vocabulary

_FACTORS = (0.25, 0.4, 0.6, 1.6, 2.5, 4.0)
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,7}(?:\.\d{1,4})?")
_LABELS = words(
    """
    type figure fig table section grade stage phase chapter version class group level model day week month year p
    ci confidence level interval equation eq appendix ref reference no number domain exon chromosome layer step
    age aged score category tier cohort part study experiment
    """
)
_NOT_BEFORE = words("- – — / = : ^ × x [ *")
_NOT_AFTER = words("- – — / ] ^ : × x = *")
_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"]
_FOLDS = ("twofold", "threefold", "fourfold", "fivefold", "tenfold")
_FOLD_WORDS = ("two-fold", "three-fold", "four-fold", "five-fold", "ten-fold")
_AROUND = words(
    """
    nearly about approximately around almost roughly additional another only , than identified included showed
    found and total least median mean average reached exceeded
    """
)
_MONTHS = words(
    """
    january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep oct nov dec
    """
)
_PROSE_UNITS = words(
    """
    of years patients studies times trials genes months weeks days children women men
    """
)


def change_number(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "68 %" -> "27 %", "three genes" -> "seven genes", "twofold" -> "fivefold"."""
    if is_denied(sentence):
        return
    for i in range(sentence.first, sentence.last):
        for new in _other_values(sentence, i):
            yield rewriting(sentence, RewriteKind.NUMBER, [word_edit(sentence, i, i + 1, new)])


def _other_values(sentence: Sentence, i: int) -> tuple[str, ...]:
    word = sentence.at(i)
    for row in (_FOLDS, _FOLD_WORDS):
        if word in row:
            return tuple(w for w in row if w != word)
    if word in _WORDS and sentence.verb is not None and sentence.at(i + 1) in _PROSE_UNITS:
        at = _WORDS.index(word)
        return tuple(w for k, w in enumerate(_WORDS) if abs(k - at) >= 2)
    if not _NUMBER.fullmatch(word) or not _is_value(sentence, i):
        return ()
    return _other_numbers(word, is_share=sentence.at(i + 1) in ("%", "percent", "per"))


def _is_value(sentence: Sentence, i: int) -> bool:
    """Whether the number at `i` tells how much or how many."""
    before, after, word = sentence.at(i - 1), sentence.at(i + 1), sentence.at(i)
    if before in _LABELS | _NOT_BEFORE or after in _NOT_AFTER:
        return False
    if (
        after in ("'", "’", "′")
        or after in _MONTHS
        or not (_follows(before) or i - 1 == sentence.verb or "." in word or after == "%")
        or (i > 1 and after != "%" and sentence.tokens[i - 1].text[0].isupper())  # "the RAW 264.7 line"
    ):
        return False
    token = sentence.tokens[i]
    if sentence.text[token.end : token.end + 1].isalpha() or sentence.text[token.start - 1 : token.start].isalpha():
        return False
    if _is_test_value(sentence, i) or (after == "%" and sentence.at(i + 2) in ("ci", "confidence", "cis", "credible")):
        return False
    return not (re.fullmatch(r"(1[5-9]|20)\d\d", word) is not None and after not in ("patients", "genes", "people"))


def _follows(before: str) -> bool:
    """A number behind a noun is part of a name ("intron 8", "interleukin 2")."""
    return before in PREPOSITIONS | AUXILIARIES | DETERMINERS | _AROUND


def _is_test_value(sentence: Sentence, i: int) -> bool:
    """A p-value, a test statistic, a bound of an interval."""
    back = sentence.low[max(0, i - 4) : i]
    if {"p", "ci", "cis", "i2", "interval"} & set(back) or set(back[-2:]) & {"=", "<", ">", "≤", "≥", "±", "("}:
        return True
    if sentence.at(i - 1) in ("to", "and") and sentence.at(i - 2)[:1].isdigit():
        return True
    return sentence.at(i + 1) in ("to", "and") and sentence.at(i + 2)[:1].isdigit()


def _other_numbers(word: str, *, is_share: bool) -> tuple[str, ...]:
    value = float(word.replace(",", ""))
    places = len(word.partition(".")[2])
    if value == 0 or (value < 2 and not places):
        return ()
    found = []
    for factor in _FACTORS:
        new = value * factor
        if is_share and (new >= 100 or value > 100):
            continue
        if not places and abs(new - value) < 2:
            continue
        text = f"{new:,.{places}f}" if "," in word else f"{new:.{places}f}"
        found.append(_as_round_as(word, text))
    values = {text: float(text.replace(",", "")) for text in found}
    return tuple(t for t, v in values.items() if v not in (0.0, value) and not (is_share and v >= 100))


def _as_round_as(old: str, new: str) -> str:
    """3000 becomes 7500, not 7512: a round number stays round."""
    if "." in old or "," in old or not old.endswith("0"):
        return new
    zeros = len(old) - len(old.rstrip("0"))
    size = 10 ** min(zeros, max(len(new) - 1, 0))
    return str(max(size, round(int(new) / size) * size))
