"""Quantities in a sentence: value or range, unit, comparison, with offsets.

Owns which numbers measure or count something. A number that is part of a name (GPT-4, H2O, Table 2,
[3], 5 June) is none; a year on its own gets the unit "year". Does not belong here: spellings of units
(`units`), what is measured and on what (`measured`), comparing quantities (verification). In: a claim's
normalised text. Out: `Quantity`s in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite

from pipelines.extraction.measured import measures_in
from pipelines.extraction.units import COUNTED, CURRENCIES, NUMBER_WORDS, SCALES, SPELLED
from pipelines.extraction.word_lists import words
from pipelines.models import Quantity

# --- rules as data ------------------------------------------------------------------------------

# The words right before a number, the longest first, and what they make of it.
_COMPARISONS_BEFORE: tuple[tuple[str, str], ...] = (
    (
        r">\s?or\s?=|greater than or equal to|at least|no(?:t)? (?:less|fewer|lower) than|(?:a )?minimum of|"
        r"upwards of|as few as|≥|>=|⩾|\\geq?",
        ">=",
    ),
    (
        r"<\s?or\s?=|less than or equal to|at most|up to|no(?:t)? (?:more|greater|higher) than|"
        r"(?:a )?maximum of|as (?:many|much|high) as|≤|<=|⩽|\\leq?",
        "<=",
    ),
    (r"more than|(?:just )?over|greater than|above|higher than|larger than|in excess of|exceed(?:s|ed|ing)?|>", ">"),
    (r"less than|fewer than|(?:just )?under|below|lower than|smaller than|<", "<"),
    (r"about|approximately|approx\.|around|roughly|nearly|almost|some|an estimated|close to|circa|ca\.|~|≈|∼", "~"),
)
_COMPARISONS_AFTER: tuple[tuple[str, str], ...] = (
    (r"\+(?!/|\s?\d)|\s+(?:or|and) (?:more|greater|above|higher|over|older)\b", ">="),
    (r"\s+(?:or|and) (?:less|fewer|below|lower|under|younger)\b", "<="),
    (r"\s+or so\b", "~"),
)
# A number behind one of these words is a label, not a quantity.
_LABELLED_BY = words(
    """
    table tables figure figures fig figs section sections chapter chapters gate level phase stage
    type version step no nos number eq equation equations ref refs reference references appendix
    algorithm theorem lemma experiment study model group class grade tier part page pages vol volume
    line scenario area option question hypothesis android windows python java
    """
)
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)

# --- the patterns made from them ----------------------------------------------------------------

_BY_LENGTH = sorted([*SPELLED, *COUNTED], key=len, reverse=True)
_UNIT = re.compile(r"[\s  -]{0,2}(" + "|".join(re.escape(unit) for unit in _BY_LENGTH) + r")(?![A-Za-z0-9])")
# "204 segmentation patients": a word may stand between, but none that opens another phrase.
_NO_ADJECTIVE = r"(?!(?:for|of|in|from|to|and|or|on|with|at|by|as|than|vs|is|are|was|were)\s)"
_ADJECTIVE_AND_COUNTED = re.compile(
    rf"\s(?:{_NO_ADJECTIVE}[a-z][a-z-]{{1,20}}\s){{1,2}}(" + "|".join(sorted(COUNTED, key=len, reverse=True)) + r")\b"
)
# "2.4 BLEU points", "3 absolute points": the word between is what is scored.
_POINTS_OF_SCORE = re.compile(r"\s[A-Za-z][\w-]{1,14}\spoints?\b")
_DIGITS = (
    r"(?:\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{2,3}(?:[  ]\d{3}){1,3}(?![\d.,])|\d{1,18}(?!\d))"
    r"(?:\.\d{1,18}|·\d{1,18}(?![\d^*]))?|\.\d{1,18}"
)
_SEPARATORS = re.compile(r"[,\s]")
_NUMBER = re.compile(
    rf"(?<![\w.,/:^#*·@])(?<![^\W\d_][-–_])(?P<currency>[$€£¥])?(?P<sign>(?<![\w)%-])[-−+])?(?P<digits>{_DIGITS})"
    r"(?:[eE](?P<exponent>[-+]?\d{1,3})(?!\w)|\s?[×xX·]\s?10(?:\^|\*\*|(?=[-−(]))[{(]?(?P<power>[-−]?\d{1,3})[)}]?(?!\d))?"
)
_SCALE = re.compile(r"(?:[\s -]?(thousand|million|billion|trillion|mn|bn)\b|([kKMBT])(?![A-Za-z0-9]))")
_WORD_NUMBER = re.compile(r"\b(" + "|".join(NUMBER_WORDS) + r")\b", re.IGNORECASE)
_COUNT = "one|" + "|".join(NUMBER_WORDS)
_ODDS = re.compile(
    rf"\b(?P<part>{_COUNT}|\d{{1,3}}) (?:in|out of)(?: every)? (?:a )?(?P<whole>{_COUNT}|10|100|1000)\b(?![.,]\d)",
    re.IGNORECASE,
)
_FRACTIONS = {"half": 2.0, "third": 3.0, "quarter": 4.0}
_PARTS = {"a": 1.0, "one": 1.0, "two": 2.0, "three": 3.0}
_FRACTION = re.compile(
    r"\b(?:(?P<many>a|one|two|three)[ -])?(?P<name>half|thirds?|quarters?)"
    r"(?= of (?!an?\b)|(?<=half) (?:the|its|their)\b)"
    r"|(?<=\bby )(?:(?P<share>a|one|two|three)[ -])?(?P<by>half|thirds?|quarters?)\b(?! an?\b)",
    re.IGNORECASE,
)
_BEFORE = tuple((re.compile(rf"(?:^|(?<=[\s(\[,;])|(?<=\W))(?:{words})\s?[$€£¥]?$", re.IGNORECASE), mark)
                for words, mark in _COMPARISONS_BEFORE)  # fmt: skip
_AFTER = tuple((re.compile(words), mark) for words, mark in _COMPARISONS_AFTER)
_LABEL_BEFORE = re.compile(r"([^\W\d_]+)\.?\s(?:and\s)?$")
_NAMED_STATISTIC = re.compile(r"(?<!\^)\b(p|P|n|N)(?:[- ]values?)?\s?(?:of\s|=|<|>|≤|≥|<=|>=)\s?$")
_DATE_BEFORE = re.compile(_MONTHS + r"\s$")
_DATE_AFTER = re.compile(r"(?:st|nd|rd|th)?\s(?:of\s)?" + _MONTHS + r"(?!\w)")
_SHARES_UNIT = re.compile(r"-?\s?(?:--?|–|—|to|and|or|±|\+/-)\s?")
_SPANS = re.compile(r"-?\s?(?:--?|–|—|−|to|through)\s?")
_BETWEEN = re.compile(r"\bbetween\s(?:about\s|approximately\s)?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s(?:about\s|approximately\s|just\s|an?\s(?:[a-z]+\s){0,3}of\s)?$", re.IGNORECASE)
# The 3 of "SU(3)", "x^{3}", "2+3"; behind the $ of a formula.
_IN_FORMULA = re.compile(r"(?:\w\(|\{)$")
_SUMMAND = re.compile(r"\d\s?\+$")
_FORMULA_AFTER = re.compile(r"\$|\s?[\^_\\{}]|[a-z][^a-z]")
# What a measure is taken per: the "/m2" of "kg/m2".
_PER = re.compile(r"/[A-Za-zµμ]{1,6}[23²³]?(?![A-Za-z0-9])")
_SUPERSCRIPTS = str.maketrans("²³", "23")
_OPERAND = re.compile(r"\s?\d")  # of a product: "3 x 5"
# "3 times a day" is a count, "3 times higher" a factor.
_FACTOR_AFTER = re.compile(
    r"\s(?:(?:as|the|that|those|their|its|more|less|greater|fewer|compared|than|of|normal|baseline)\b"
    r"|(?:[a-z]+ly\s)?[a-z]{3,}er\b)"
)
_FACTOR_BEFORE = re.compile(
    r"\b(?:increas|rose|rise|grew|grow|higher|multipl|by|enrich|upregulat|downregulat)\w*[^.;]{0,24}$"
)
_FOLD_CHANGE = re.compile(
    r"\bfold[ -](?:change|increase|decrease|difference|enrichment)s?\s?(?:of|=|was|is|:|>|<)?\s?$", re.I
)
_OPENS_RANGE = re.compile(r"\s?(?:to|or|-|–)\s?(?:" + "|".join(NUMBER_WORDS) + r")\b", re.IGNORECASE)
_FACTOR = re.compile(r"(?<![\w.)])(?<!\d\s)[x×]\s?(?P<digits>\d{1,9}(?:\.\d{1,6})?)(?![\w×.]|\s?[x×])")
_IS_SAID_OF = re.compile(r"\b(?:is|are|was|were)\s$")
_FOLD_WORD = re.compile(r"\b(" + "|".join(NUMBER_WORDS) + r")[ -]?fold\b", re.IGNORECASE)
_INTERVAL_AFTER = re.compile(r"\s?(?:CI\b|confidence|credible)")
_GLUED = re.compile(r"[^\W\d぀-鿿가-힯]|_|\^|['’′]|[-−][A-Za-z]|\s[-−+]\s[a-zε]\s?[()]|[./:]\d|%?/\d")
_OPENS_NUMBER = frozenset("0123456789.+-−$€£¥")
_YEAR = range(1500, 2101)
_NAME_BEFORE = re.compile(r"[^\W\d_][^\W_]*(?:[-.][^\W_]+){0,6}[-–]$")
_BRACKETED_MARK = re.compile(r"\d{1,4}(?:\s?[,;–-]\s?\d{1,4}){0,40}\]")
# Names of statistics: the number behind them is their value.
_STATISTICS = words(
    """
    ap auc auroc bleu cagr ci cor d em f f1 fid hr iou map miou wer iqr kappa mean median or p psnr r rmse rr sd se ssim
    """
)


@dataclass(frozen=True)
class _Found:
    value: float
    unit: str | None
    comparison: str | None
    start: int
    end: int
    factor: float = 1.0  # of "million", "k"
    high: float | None = None


def _value(match: re.Match[str]) -> float:
    power = (match["exponent"] or match["power"] or "0").replace("−", "-")
    value = float(f"{_SEPARATORS.sub('', match['digits']).replace('·', '.')}e{power}")
    return -value if match["sign"] in ("-", "−") else value


def _comparison(text: str, start: int, end: int) -> str | None:
    before = text[max(0, start - 24) : start]
    for pattern, mark in _BEFORE:
        if pattern.search(before):
            return mark
    for pattern, mark in _AFTER:
        if pattern.match(text, end):
            return mark
    return None


def _scale(text: str, end: int, has_currency: bool) -> tuple[float, int]:
    """Factor and new end for "1.2 million", "$3bn", "70B parameters"; a bare "5 M" is molar."""
    match = _SCALE.match(text, end)
    if match is None:
        return 1.0, end
    letter = match.group(2)
    if letter and letter != "B" and not has_currency and not _UNIT.match(text, match.end()):
        return 1.0, end
    return SCALES[match.group(1) or letter], match.end()


def _unit(text: str, start: int, end: int) -> tuple[str | None, int]:
    """The unit behind a number that stands at `start` to `end`, and where it ends."""
    match = _UNIT.match(text, end)
    if match:
        spelling = match.group(1)
        if spelling in ("x", "X", "×") and _OPERAND.match(text, match.end()):
            return None, end
        if spelling == "times" and not _is_factor(text, start, match.end()):
            return "times", match.end()
        per = _PER.match(text, match.end()) if spelling in SPELLED else None
        if per:
            return SPELLED[spelling] + per.group(0).translate(_SUPERSCRIPTS), per.end()
        return SPELLED.get(spelling, spelling), match.end()
    if _POINTS_OF_SCORE.match(text, end):
        return "points", end
    if text[end - 1].isalpha():
        return None, end  # "a 7B language model" has so many parameters, and is one model
    distant = _ADJECTIVE_AND_COUNTED.match(text, end)
    return (distant.group(1), end) if distant else (None, end)


def _is_factor(text: str, start: int, end: int) -> bool:
    if _FACTOR_AFTER.match(text, end):
        return True
    is_count = re.match(r"\s(?:an?|per|each|every|daily|weekly|in|during|over|with)\b", text[end : end + 12])
    return is_count is None and _FACTOR_BEFORE.search(text[max(0, start - 40) : start]) is not None


def _is_label(text: str, match: re.Match[str], is_plain: bool) -> bool:
    """Whether a number without a unit is part of a name: "Table 2", "Llama 3", "5 June"."""
    before = text[max(0, match.start() - 24) : match.start()]
    if _DATE_BEFORE.search(before) and len(match["digits"]) <= 2:
        return True
    if _DATE_AFTER.match(text, match.end()) and len(match["digits"]) <= 2:
        return True
    word = _LABEL_BEFORE.search(before)
    if word is None:
        return False
    if word.group(1).lower() in _LABELLED_BY:
        return True
    if word.group(1).lower() in _STATISTICS:
        return False
    is_sentence_start = match.start() - len(word.group(0)) <= 0
    is_short = len(match["digits"]) <= 4 and abs(_value(match)) < 100
    return is_plain and is_short and word.group(1)[0].isupper() and not is_sentence_start


def _is_mark(text: str, match: re.Match[str]) -> bool:
    """The 3 of "(3) a pump", "3) a pump", "SU(3)", "2+3"."""
    if _IN_FORMULA.search(text[max(0, match.start() - 3) : match.start()]):
        return True
    if text[match.end() : match.end() + 1] != ")" or not match["digits"].isdigit():
        return False
    return text[match.start() - 1 : match.start()] == "(" or "(" not in text[max(0, match.start() - 80) : match.start()]


def _is_inside_name(text: str, match: re.Match[str]) -> bool:
    """The 8 of "Llama-3.1-8B", the 3 of "[3]"."""
    if _NAME_BEFORE.search(text[max(0, match.start() - 40) : match.start()]):
        return True
    bracket = text.rfind("[", max(0, match.start() - 200), match.start())
    return (
        bracket >= 0
        and _BRACKETED_MARK.match(text, bracket + 1) is not None
        and "]" not in text[bracket : match.start()]
    )


def _measured(text: str, match: re.Match[str]) -> _Found | None:
    """The quantity that a number opens, or None if the number belongs to a name."""
    has_currency = match["currency"] is not None
    factor, end = _scale(text, match.end(), has_currency)
    unit, end = _unit(text, match.start(), end)
    if unit == "%" and _INTERVAL_AFTER.match(text, end):
        unit = "% confidence"
    is_glued = factor == 1.0 and not text[match.end() : match.end() + 1].isspace()
    if is_glued and (unit == "M" or (unit == "K" and "temperature" not in text)):
        factor, unit = SCALES[unit], None  # "11K pairs"; a molarity stands apart from its number
    if unit == "s" and len(match["digits"]) == 4 and text[match.end()] == "s":
        unit = None  # "the 1990s"
    if has_currency and unit in (None, "points", "m"):
        unit = CURRENCIES[match["currency"]]
    statistic = _NAMED_STATISTIC.search(text[max(0, match.start() - 14) : match.start()])
    if statistic and unit is None:
        unit = statistic.group(1).lower()
    if unit is None and _FOLD_CHANGE.search(text[max(0, match.start() - 24) : match.start()]):
        unit = "fold"
    is_plain = unit is None and factor == 1.0
    is_formula = match["currency"] == "$" and _FORMULA_AFTER.match(text, match.end()) is not None
    is_formula = is_formula or _SUMMAND.search(text[max(0, match.start() - 3) : match.start()]) is not None
    if is_formula or _is_inside_name(text, match) or (is_plain and (_GLUED.match(text, end) or _is_mark(text, match))):
        return None
    if not has_currency and _is_label(text, match, is_plain):
        return None
    value = _value(match) * factor
    if not isfinite(value):
        return None
    is_year = is_plain and len(match["digits"]) == 4 and value in _YEAR
    comparison = _comparison(text, match.start(), end)
    return _Found(value, "year" if is_year else unit, comparison, match.start(), end, factor)


def _spelled_out(text: str) -> Iterator[_Found]:
    """ "two studies", "three million people": a number word counts only with what it counts."""
    for match in _WORD_NUMBER.finditer(text):
        factor, end = _scale(text, match.end(), has_currency=False)
        unit, end = _unit(text, match.start(), end)
        if unit is None and factor == 1.0 and not _OPENS_RANGE.match(text, end):
            continue
        value = NUMBER_WORDS[match.group(1).lower()] * factor
        yield _Found(value, unit, _comparison(text, match.start(), end), match.start(), end, factor)


def _factors(text: str) -> Iterator[_Found]:
    """ "x2", "×2.5", "threefold"."""
    for match in _FACTOR.finditer(text):
        comparison = _comparison(text, match.start(), match.end())
        yield _Found(float(match["digits"]), "fold", comparison, match.start(), match.end())
    for match in _FOLD_WORD.finditer(text):
        if _IS_SAID_OF.search(text[max(0, match.start() - 12) : match.start()]):
            continue  # "our contributions are threefold"
        comparison = _comparison(text, match.start(), match.end())
        yield _Found(NUMBER_WORDS[match.group(1).lower()], "fold", comparison, match.start(), match.end())


def _shares(text: str) -> Iterator[_Found]:
    """ "Four in a hundred" is 4 %, "one in five" 20 %, "half of the plots" 50 %, "by a third" 33 %."""
    for match in _ODDS.finditer(text):
        part, whole = (_count(match[name]) for name in ("part", "whole"))
        unit, _ = _unit(text, match.start(), match.end())
        if 0 < part < whole and (unit is None or unit in COUNTED):  # "two in three months" is no share
            comparison = _comparison(text, match.start(), match.end())
            yield _Found(100 * part / whole, "%", comparison, match.start(), match.end())
    for match in _FRACTION.finditer(text):
        many, name = match["many"] or match["share"], match["name"] or match["by"]
        if many is None and name.lower() != "half":
            continue  # "the third of the trials"
        value = 100 * _PARTS[(many or "one").lower()] / _FRACTIONS[name.lower().rstrip("s")]
        yield _Found(value, "%", _comparison(text, match.start(), match.end()), match.start(), match.end())


def _count(word: str) -> float:
    return float(word) if word.isdigit() else {"one": 1.0, **NUMBER_WORDS}[word.lower()]


def _with_shared_units(found: list[_Found], text: str) -> Iterator[_Found]:
    """Give the lower end of "5-10 %" and the error of "5.2 ± 0.3 mg" the unit of the whole."""
    for this, following in pairwise([*found, None]):
        if this is None:
            continue
        if following is not None and _SHARES_UNIT.fullmatch(text, this.end, following.start):
            if this.unit is None and following.unit not in (None, "year"):
                this = replace(this, unit=following.unit)
            if this.factor == 1.0 and this.value * following.factor < following.value:
                this = replace(this, value=this.value * following.factor)
        yield this


def _span(text: str, low: _Found, high: _Found) -> _Found | None:
    """The range that two quantities are the ends of, or None if each stands for itself."""
    is_between = text[low.end : high.start] == " and " and _BETWEEN.search(text[max(0, low.start - 24) : low.start])
    if not is_between and not _SPANS.fullmatch(text, low.end, high.start):
        return None
    unit = low.unit if high.unit is None and low.unit in CURRENCIES.values() else high.unit
    is_change = text[low.end : high.start].strip() == "to" and _FROM.search(text[max(0, low.start - 30) : low.start])
    if is_change or low.unit not in (None, unit) or low.high is not None or not low.value < high.value:
        return None  # "from 5 to 10 %" tells where something was and where it went
    return _Found(low.value, unit, low.comparison or high.comparison, low.start, high.end, 1.0, high.value)


def _joined(text: str, found: list[_Found]) -> list[_Found]:
    """The quantities with the two ends of a range made one."""
    joined: list[_Found] = []
    for this in _with_shared_units(found, text):
        span = _span(text, joined[-1], this) if joined else None
        if span is None:
            joined.append(this)
        else:
            joined[-1] = span
    return joined


def _read(text: str) -> list[_Found]:
    special = [*_shares(text), *_factors(text)]
    numbers = (_measured(text, match) for match in _NUMBER.finditer(text))
    digits = [found for found in numbers if found is not None and not _is_inside(found, special)]
    words = [found for found in _spelled_out(text) if not _is_inside(found, [*digits, *special])]
    ordered = sorted([*digits, *special, *words], key=lambda found: found.start)
    return [found for found in _joined(text, ordered) if found.unit is not None or text[found.start] in _OPENS_NUMBER]


def _is_inside(found: _Found, others: list[_Found]) -> bool:
    return any(one.start <= found.start < one.end for one in others)


def quantities_of(text: str) -> tuple[Quantity, ...]:
    """The quantities of `text` in order. Values are absolute ("1.2 million" is 1200000.0, "5 %" is 5.0)."""
    read = _read(text)
    measures = measures_in(text, [(found.start, found.end, found.unit) for found in read])
    return tuple(
        Quantity(
            value=found.value,
            unit=found.unit,
            comparison=found.comparison,
            high=found.high,
            metric=measure.metric,
            data_set=measure.data_set,
            text=text[found.start : found.end],
            start=found.start,
            end=found.end,
        )
        for found, measure in zip(read, measures, strict=True)
    )
