"""Quantities in a sentence: value, unit, comparison, with offsets.

Owns which numbers measure or count something. A number that is part of a name (GPT-4, H2O, Table 2,
[3], 5 June) is none; a year on its own gets the unit "year". Does not compare quantities with each
other (verification does). In: a claim's normalised text. Out: `Quantity`s in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite

from pipelines.extraction.word_lists import words
from pipelines.models import Quantity

# --- rules as data ------------------------------------------------------------------------------

# Spellings of a unit that may stand directly behind a number, and the one name we use for it.
_UNIT_SPELLINGS: dict[str, str] = {
    "percentage points": "percentage points percentage-points pp percentage_point ppt",
    "%": "% percent per-cent percentage pct ％",
    "fold": "fold -fold × x times",
    "ms": "ms msec millisecond milliseconds",
    "µs": "µs μs us microsecond microseconds",
    "ns": "ns nanosecond nanoseconds",
    "s": "s sec secs second seconds",
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours",
    "day": "day days d",
    "week": "week weeks",
    "month": "month months",
    "years": "year years yr yrs year-old years-old",
    "decade": "decade decades",
    "KB": "KB kB kilobytes",
    "MB": "MB megabytes",
    "GB": "GB gigabytes GiB",
    "TB": "TB terabytes TiB",
    "kg": "kg kilograms",
    "g": "g grams",
    "mg": "mg milligrams",
    "µg": "µg μg ug mcg micrograms",
    "ng": "ng",
    "mg/dL": "mg/dL mg/dl",
    "mg/kg": "mg/kg",
    "mg/L": "mg/L mg/l",
    "L": "L litres liters",
    "mL": "mL ml millilitres milliliters",
    "µL": "µL μL ul",
    "M": "M",
    "mM": "mM mmol",
    "mmol/L": "mmol/L mmol/l",
    "µM": "µM μM uM",
    "nM": "nM",
    "nm": "nm nanometers nanometres",
    "µm": "µm μm um microns",
    "mm": "mm",
    "cm": "cm centimeters centimetres",
    "m": "m meters metres",
    "km": "km kilometers kilometres",
    "Hz": "Hz",
    "kHz": "kHz",
    "MHz": "MHz",
    "GHz": "GHz",
    "°C": "°C ºC ℃",
    "K": "K",
    "W": "W watts",
    "kW": "kW",
    "MW": "MW megawatts",
    "kWh": "kWh",
    "V": "V volts",
    "mV": "mV",
    "eV": "eV",
    "mmHg": "mmHg",
    "dB": "dB",
    "bits": "bits bit",
    "bp": "bp",
    "kb": "kb",
    "Mb": "Mb",
    "FLOPs": "FLOPs FLOPS",
    "USD": "USD dollars US-dollars",
    "EUR": "EUR euros",
    "GBP": "GBP pounds",
    "JPY": "JPY yen",
    "points": "points point",
}
# Things that are counted; the noun is the unit.
_COUNTED = words(
    """
    airports articles authors benchmarks books cases categories cells chapters children choices
    citations claims classes clinics cohorts companies countries datasets devices dimensions
    documents domains employees epochs examples experiments experts features firms funds genes
    genomes genotypes groups heads hospitals images individuals infants institutions items
    iterations jobs labels languages layers locations metrics mice models modalities neurons nodes
    objectives operations organizations pages pairs papers parameters participants passages
    passengers patients people persons populations proteins qubits queries questions rats ratings
    rats records references regions reports responses respondents reviews rows rules samples
    sequences sentences sites species stages steps strains students studies subjects subsets surveys
    systems tasks teams tests tokens topics transistors trials types users variants visitors women
    men words workers
    """
)
_SCALES: dict[str, float] = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9,
    "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12,
}  # fmt: skip
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_NUMBER_WORDS = {
    word: float(value)
    for value, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=2
    )
} | {"twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "hundred": 100.0}

# The words right before a number, the longest first, and what they make of it.
_COMPARISONS_BEFORE: tuple[tuple[str, str], ...] = (
    (r"at least|no(?:t)? (?:less|fewer|lower) than|a minimum of|minimum of|≥|>=|⩾|\\geq?", ">="),
    (r"at most|up to|no(?:t)? (?:more|greater|higher) than|a maximum of|maximum of|≤|<=|⩽|\\leq?", "<="),
    (r"more than|over|greater than|above|higher than|larger than|exceed(?:s|ed|ing)?|>", ">"),
    (r"less than|fewer than|under|below|lower than|smaller than|<", "<"),
    (r"about|approximately|approx\.|around|roughly|nearly|almost|some|circa|ca\.|~|≈|∼", "~"),
)
_COMPARISONS_AFTER: tuple[tuple[str, str], ...] = (
    (r"\+|\s+(?:or|and) (?:more|greater|above|higher|over)\b", ">="),
    (r"\s+(?:or|and) (?:less|fewer|below|lower|under)\b", "<="),
)
# A number behind one of these words is a label, not a quantity.
_LABELLED_BY = words(
    """
    table tables figure figures fig figs section sections chapter chapters gate level phase stage
    type version step no nos number eq equation equations ref refs reference references appendix
    algorithm theorem lemma experiment study model group class grade tier part page pages vol volume
    line scenario option question hypothesis android windows python java
    """
)
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)

# --- the patterns made from them ----------------------------------------------------------------

_SPELLED = {
    spelling.replace("-", " ") if " " not in spelling and name in ("percentage points",) else spelling: name
    for name, spellings in _UNIT_SPELLINGS.items()
    for spelling in spellings.split()
} | {"per cent": "%", "percentage point": "percentage points", "percentage points": "percentage points",
     "US dollars": "USD", "years old": "years"}  # fmt: skip
_BY_LENGTH = sorted([*_SPELLED, *_COUNTED], key=len, reverse=True)
_UNIT = re.compile(r"[\s  -]{0,2}(" + "|".join(re.escape(unit) for unit in _BY_LENGTH) + r")(?![A-Za-z0-9])")
_ADJECTIVE_AND_COUNTED = re.compile(
    r"\s(?:[a-z][a-z-]{1,20}\s){1,2}(" + "|".join(sorted(_COUNTED, key=len, reverse=True)) + r")\b"
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,18}(?!\d))(?:\.\d{1,18})?|\.\d{1,18}"
_NUMBER = re.compile(
    rf"(?<![\w.,/:^#])(?<![^\W\d_][-–_])(?P<currency>[$€£¥])?(?P<sign>(?<![\w)])[-−+])?(?P<digits>{_DIGITS})"
    r"(?:[eE](?P<exponent>[-+]?\d{1,3})(?!\w)|\s?[×x·]\s?10(?:\^|\*\*)?\{?(?P<power>[-−]?\d{1,3})\}?(?!\d))?"
)
_SCALE = re.compile(r"(?:[\s -]?(thousand|million|billion|trillion|mn|bn)\b|([kKMBT])(?![A-Za-z0-9]))")
_WORD_NUMBER = re.compile(r"\b(" + "|".join(_NUMBER_WORDS) + r")\b", re.IGNORECASE)
_COUNT = "one|" + "|".join(_NUMBER_WORDS)
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
_NAMED_STATISTIC = re.compile(r"\b(p|P|n|N)(?:[- ]values?)?\s?(?:of\s|=|<|>|≤|≥|<=|>=)\s?$")
_DATE_BEFORE = re.compile(_MONTHS + r"\s$")
_DATE_AFTER = re.compile(r"(?:st|nd|rd|th)?\s(?:of\s)?" + _MONTHS + r"(?!\w)")
_RANGE = re.compile(r"\s?(?:-|–|—|to|and|±|\+/-)\s?$")
_INTERVAL_AFTER = re.compile(r"\s?(?:CI\b|confidence|credible)")
_GLUED = re.compile(r"[A-Za-z_]|-[A-Za-z]|[./:]\d|%?/\d")
_YEAR = range(1500, 2101)
_NAME_BEFORE = re.compile(r"[^\W\d_][^\W_]*(?:[-.][^\W_]+){0,6}[-–]$")
_BRACKETED_MARK = re.compile(r"\d{1,4}(?:\s?[,;–-]\s?\d{1,4}){0,40}\]")
# Names of statistics: the number behind them is their value.
_STATISTICS = words(
    """
    auc auroc ci cor d f f1 hr iqr kappa mean median or p psnr r rmse rr sd se ssim
    """
)


@dataclass(frozen=True)
class _Found:
    value: float
    unit: str | None
    comparison: str | None
    start: int
    end: int


def _value(match: re.Match[str]) -> float:
    power = (match["exponent"] or match["power"] or "0").replace("−", "-")
    value = float(f"{match['digits'].replace(',', '')}e{power}")
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
    return _SCALES[match.group(1) or letter], match.end()


def _unit(text: str, end: int) -> tuple[str | None, int]:
    match = _UNIT.match(text, end)
    if match:
        return _SPELLED.get(match.group(1), match.group(1)), match.end()
    distant = _ADJECTIVE_AND_COUNTED.match(text, end)
    return (distant.group(1), end) if distant else (None, end)


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
    is_short = len(match["digits"]) <= 4 and float(match["digits"].replace(",", "")) < 100
    return is_plain and is_short and word.group(1)[0].isupper() and not is_sentence_start


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
    unit, end = _unit(text, end)
    if unit == "%" and _INTERVAL_AFTER.match(text, end):
        unit = "% confidence"
    if unit == "M" and factor == 1.0 and not text[match.end()].isspace():
        factor, unit = 1e6, None
    if unit == "s" and len(match["digits"]) == 4 and text[match.end()] == "s":
        unit = None  # "the 1990s"
    if has_currency and unit in (None, "points", "m"):
        unit = _CURRENCIES[match["currency"]]
    statistic = _NAMED_STATISTIC.search(text[max(0, match.start() - 14) : match.start()])
    if statistic and unit is None:
        unit = statistic.group(1).lower()
    is_plain = unit is None and factor == 1.0
    if _is_inside_name(text, match) or (is_plain and _GLUED.match(text, end)):
        return None
    if not has_currency and _is_label(text, match, is_plain):
        return None
    value = _value(match) * factor
    if not isfinite(value):
        return None
    is_year = is_plain and len(match["digits"]) == 4 and value in _YEAR
    return _Found(value, "year" if is_year else unit, _comparison(text, match.start(), end), match.start(), end)


def _spelled_out(text: str) -> Iterator[_Found]:
    """ "two studies", "three million people": a number word counts only with what it counts."""
    for match in _WORD_NUMBER.finditer(text):
        factor, end = _scale(text, match.end(), has_currency=False)
        unit, end = _unit(text, end)
        if unit is None and factor == 1.0:
            continue
        value = _NUMBER_WORDS[match.group(1).lower()] * factor
        yield _Found(value, unit, _comparison(text, match.start(), end), match.start(), end)


def _shares(text: str) -> Iterator[_Found]:
    """ "Four in a hundred" is 4 %, "one in five" 20 %, "half of the plots" 50 %, "by a third" 33 %."""
    for match in _ODDS.finditer(text):
        part, whole = (_count(match[name]) for name in ("part", "whole"))
        unit, _ = _unit(text, match.end())
        if 0 < part < whole and (unit is None or unit in _COUNTED):  # "two in three months" is no share
            comparison = _comparison(text, match.start(), match.end())
            yield _Found(100 * part / whole, "%", comparison, match.start(), match.end())
    for match in _FRACTION.finditer(text):
        many, name = match["many"] or match["share"], match["name"] or match["by"]
        if many is None and name.lower() != "half":
            continue  # "the third of the trials"
        value = 100 * _PARTS[(many or "one").lower()] / _FRACTIONS[name.lower().rstrip("s")]
        yield _Found(value, "%", _comparison(text, match.start(), match.end()), match.start(), match.end())


def _count(word: str) -> float:
    return float(word) if word.isdigit() else {"one": 1.0, **_NUMBER_WORDS}[word.lower()]


def _joined_ranges(text: str, found: list[_Found]) -> Iterator[_Found]:
    """Give the lower end of "5-10 %" and the error of "5.2 ± 0.3 mg" the unit of the whole."""
    for this, following in pairwise([*found, None]):
        if this is None:
            continue
        if following is not None and this.unit is None and following.unit not in (None, "year"):
            between = text[this.end : following.start]
            if len(between) <= 5 and _RANGE.match(between):
                this = replace(this, unit=following.unit)
        yield this


def quantities_of(text: str) -> tuple[Quantity, ...]:
    """The quantities of `text` in order. Values are absolute ("1.2 million" is 1200000.0, "5 %" is 5.0)."""
    numbers = (_measured(text, match) for match in _NUMBER.finditer(text))
    digits = [found for found in numbers if found is not None]
    shares = list(_shares(text))
    digits = [found for found in digits if not any(one.start <= found.start < one.end for one in shares)]
    taken = [(found.start, found.end) for found in [*digits, *shares]]
    words = [found for found in _spelled_out(text) if not any(start <= found.start < end for start, end in taken)]
    ordered = sorted([*_joined_ranges(text, digits), *shares, *words], key=lambda found: found.start)
    return tuple(
        Quantity(
            value=found.value,
            unit=found.unit,
            comparison=found.comparison,
            text=text[found.start : found.end],
            start=found.start,
            end=found.end,
        )
        for found in ordered
    )
