"""What a number measures and on what: "accuracy", "mean age"; "SQuAD 2.0", "the NHANES cohort".

Owns the words beside a number that name its metric and its data set, in the claim's own words; where
two could be meant, none is. Does not belong here: the number and its unit (`quantities`). In: a
sentence and the places of its quantities. Out: a phrase of the sentence, or None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extraction.units import COUNTED
from pipelines.extraction.word_lists import words

_BEFORE = 90  # characters in front of a number that may name what it measures
_AFTER = 60
_LONGEST = 4000  # characters; what is longer is no sentence
_NO_METRIC = frozenset({"year", "% confidence", "p", "n"})

# Names of measures: abbreviations as written, words in any case.
_ABBREVIATIONS = words(
    """
    AUC AUROC AUPRC AUC-ROC ROC-AUC mAP MAP AP mIoU IoU BLEU BLEU-4 ROUGE ROUGE-L ROUGE-1 ROUGE-2 METEOR CIDEr chrF
    COMET F1 F1-score F-score F-measure F1-measure micro-F1 macro-F1 EM WER CER PER RMSE MAE MSE MAPE NMSE PSNR SSIM
    LPIPS FID KID nDCG NDCG MRR MCC Recall@1 Recall@5 Recall@10 HR OR RR aHR aOR SMR IRR BMI HbA1c LDL-C DSC Dice EER
    PESQ STOI MOS BERTScore Elo pass@1 MOTA IDF1 HOTA SDR SI-SNR LCOE GDP PUE Hits@1 Hits@10 R2 ECE
    """
)
_NAMES = words(
    """
    accuracy accuracies precision recall sensitivity sensitivities specificity specificities perplexity kappa
    agreement age mortality incidence prevalence survival latency throughput speed speedup speed-up runtime
    efficiency bandwidth coverage dimensionality likelihood probability velocity concentration weight height length
    width thickness diameter temperature pressure density duration dose cost costs price prices revenue revenues
    yield income turnover growth valuation half-life frequency wavelength resolution power energy capacity distance
    depth mass volume profit profits sales assets deposits downtime return returns drawdown volatility fidelity
    lifetime consumption usage intake emissions productivity reward gain improvement reduction increase decrease
    decline drop overhead variance deviation similarity quality performance level count load
    """
)
_NAMES_OF_WORDS = (
    r"correlations?(?: coefficients?)?",
    r"(?:\w+ )?(?:rates?|ratios?|risks?|scores?|index|errors?|loss(?:es)?)",
    r"exact match|market share|power consumption|memory usage|life expectancy",
    r"(?:training|inference|response|execution|computation|follow-up) times?",
    r"(?:sample|batch|effect|model|population|market) size",
)
_HEAD = re.compile(
    r"(?<![\w-])(?:(?:" + "|".join(sorted(map(re.escape, _ABBREVIATIONS), key=len, reverse=True)) + r")(?: scores?)?"
    rf"|(?i:{'|'.join((*_NAMES_OF_WORDS, *sorted(_NAMES, key=len, reverse=True)))}))(?![\w-])"
)
# A change is a measure only where nothing says of what: "an improvement in recall of 3 %" measures recall.
_CHANGES = words("gain improvement reduction increase decrease decline drop growth")
# Words that may stand between the name of a measure and its number.
_LINKS = words(
    """
    of was were is are at by to from reached reaches reaching rose fell dropped increased increases decreased
    improved improves declined reduced grew exceeds exceeded exceeding between around about approximately up over
    than above below only as high low nearly almost roughly least most more less just under a an the equals
    equal or achieved averaged estimated observed ranged ranges ranging be been not scores score values
    value respectively stands stood totalled amounted amounts down further additional another
    """
)
_LINK_TOKEN = re.compile(r"[A-Za-z]+|[=:,<>≤≥~≈≃∼|]|\([^()]{1,40}\)|\S")
_MODIFIERS = words(
    """
    rate mean median average overall total maximum minimum peak top-1 top-5 test validation training zero-shot few-shot
    macro micro weighted balanced classification word character exact relative absolute adjusted odds hazard risk
    in-hospital all-cause progression-free disease-free event-free root squared annual annualized yearly daily hourly
    diagnostic prediction predictive recognition detection segmentation translation retrieval response success error
    false true positive negative survival dropout mortality infection compression learning dice jaccard pearson
    spearman cosine body blood systolic diastolic standard sharpe sortino win execution inference optical quantum
    gate data market operating net gross unemployment inflation interest growth heart birth death fertility literacy
    case attack recurrence remission complication readmission completion failure acceptance conversion retention
    """
)
_TOKENS_BEFORE = re.compile(r"[\w@.%/-]+$")
_AFTER_HEAD = re.compile(
    r"[\s-]{1,2}(?P<how>(?:(?:absolute|relative|higher|lower|better|worse|greater|reduced|improved|overall|average|"
    r"increase|reduction|decrease|improvement|gain|drop|decline|rise|points?|percent|points of)\s){0,3}"
    r"(?:(?:in|on|for)\s(?:the\s|their\s|its\s)?)?)"
)
# "reducing downtime by 20 %": what is changed is what is measured.
_CHANGED_BY = re.compile(
    r"\b(?:reduc|increas|improv|lower|decreas|boost|cut|rais|shorten|accelerat)\w*\s(?:the\s|its\s|their\s)?"
    r"(?P<what>(?:[\w-]{2,20}\s){0,2}[\w-]{2,20})\sby\s(?P<gap>[a-z~<>≈ ]{0,24})$"
)
_NO_NOUN = words("of in on for by and or to with from at than as it them this that these those her his our not up down")
_OPENERS = re.compile(
    r"(?:an?|the|its|their|our|his|her|with|of|in|this|that|and|or|by|for|overall|higher|lower|better|[a-z]+ing)\s"
)
_SHARE_OF = re.compile(r"[\d.,]{1,12}\s?%\sof\s")
_JOINED_BEFORE = re.compile(r"\b(?:and|or)\s(?:[\w-]+\s){0,3}$")
_OF_WHAT = re.compile(r"(?:\s\([^()]{1,30}\))?\s(?:for|of|in)\s(?:[\w-]+\s){0,4}")
_AND_ALSO = re.compile(r",?\s(?:and|or|to|versus|vs\.?|compared (?:with|to))\s(?:a\s|only\s|about\s|just\s)?|,\s")


@dataclass(frozen=True)
class Measure:
    """What one quantity of a sentence measures and on what; None where the sentence does not say or could mean two."""

    metric: str | None
    data_set: str | None


def measures_in(text: str, places: Sequence[tuple[int, int, str | None]]) -> tuple[Measure, ...]:
    """The measure of each quantity, given as (start, end, unit) in order."""
    if not places or len(text) > _LONGEST:
        return (Measure(None, None),) * len(places)
    data_sets = _data_sets_in(text)
    spans = [(start, end) for start, end, _ in places]
    found: list[Measure] = []
    for index, (start, _, unit) in enumerate(places):
        metric = _metric_of(text, spans, index, unit)
        is_next = index > 0 and _AND_ALSO.fullmatch(text, places[index - 1][1], start) is not None
        if metric is None and is_next and places[index - 1][2] == unit and unit not in _NO_METRIC:
            metric = found[-1].metric  # "an accuracy of 91 % and 93 %"
        found.append(Measure(metric, _data_set_of(text, data_sets, spans, index, unit, metric)))
    return tuple(found)


def _metric_of(text: str, spans: Sequence[tuple[int, int]], index: int, unit: str | None) -> str | None:
    """What the quantity at `spans[index]` measures, as the sentence names it."""
    if unit in _NO_METRIC or unit in COUNTED:
        return None
    start, end = spans[index]
    following = spans[index + 1][0] if index + 1 < len(spans) else len(text)
    previous = spans[index - 1][1] if index else 0
    return (
        _right_behind(text, end, following)
        or _in_front(text, start, max(previous, start - _BEFORE))
        or _changed(text, start, max(previous, start - _BEFORE))
    )


def _right_behind(text: str, end: int, limit: int) -> str | None:
    """ "94 % accuracy", "a 3 % increase in recall"; up to the next number."""
    between = _AFTER_HEAD.match(text, end, min(limit, end + _AFTER))
    if between is None:
        return None
    start = between.end()
    head = _HEAD.search(text, start, min(limit, end + _AFTER))
    if head is None or not _are_modifiers(text[start : head.start()]):
        return None
    is_change = head.group(0).lower() in _CHANGES
    return None if is_change else _bare(text[start : head.end()])


def _are_modifiers(between: str) -> bool:
    return all(word.lower() in _MODIFIERS or "-" in word for word in between.split())


def _in_front(text: str, start: int, limit: int) -> str | None:
    """ "an accuracy of 94 %", "recall (R) rose by 3 points": the last name of a measure before the number."""
    for head in reversed(list(_HEAD.finditer(text, limit, start))):
        tokens = _LINK_TOKEN.findall(text[head.end() : start])
        if len(tokens) > 8 or not all(_is_link(token) for token in tokens):
            return None
        if head.group(0).lower() in _CHANGES:
            continue
        if _belongs_elsewhere(text, head, tokens, limit, start):
            return None
        head = _measure_of(text, head, limit)
        return _bare(text[_with_modifiers(text, head.start(), limit) : head.end()])
    return None


def _belongs_elsewhere(text: str, head: re.Match[str], tokens: list[str], limit: int, start: int) -> bool:
    """Whether the name before a number belongs to another number, or to none."""
    before = text[max(limit, head.start() - 40) : head.start()]
    if tokens[:1] in (["were"], ["are"]) and _JOINED_BEFORE.search(before):
        return True  # "the height and the length were 3 and 5"
    if tokens == ["("] and _SHARE_OF.match(text, start):
        return True  # "lower scores (64 % of the patients)"
    return limit > 0 and before.strip() == "in" and text[limit - 1].isalnum()  # "4 cm in diameter, 16 %"


def _measure_of(text: str, head: re.Match[str], limit: int) -> re.Match[str]:
    """ "The rate ratio for mortality was 0.88": the ratio, not the mortality."""
    for earlier in _HEAD.finditer(text, limit, head.start()):
        is_change = earlier.group(0).lower() in _CHANGES
        if not is_change and _OF_WHAT.fullmatch(text, earlier.end(), head.start()):
            return earlier
    return head


def _bare(phrase: str) -> str:
    """The phrase without an article or another word of that sort before it."""
    while (opener := _OPENERS.match(phrase)) is not None:
        phrase = phrase[opener.end() :]
    return phrase


def _is_link(token: str) -> bool:
    return token.lower() in _LINKS or token.lower() in _CHANGES or not token[0].isalnum()


def _with_modifiers(text: str, start: int, limit: int) -> int:
    """Where the name begins with the words that belong to it: "mean" of "mean age"."""
    while start > limit and text[start - 1] == " ":
        word = _TOKENS_BEFORE.search(text, limit, start - 1)
        if word is None or not (word.group(0).lower() in _MODIFIERS or re.fullmatch(r"[\w]+-[\w-]+", word.group(0))):
            break
        start = word.start()
    return start


def _changed(text: str, start: int, limit: int) -> str | None:
    match = _CHANGED_BY.search(text, limit, start)
    if match is None or not all(_is_link(word) for word in match["gap"].split()):
        return None
    return None if _NO_NOUN & set(match["what"].split()) else match["what"]


_NAME = r"[A-Z][\w+./’'-]*(?:[ -](?:[A-Z0-9][\w+./-]*|v\d[\d.]*|of|and|the)(?=[ ,.;)]|$)){0,4}"
_KINDS = (
    r"(?:[a-z-]+ )?(?:data ?sets?|benchmarks?|corpus|corpora|cohorts?|trials?|registry|database|biobank|"
    r"test sets?|dev set|validation set|leaderboard|suite|survey|study)"
)
# "based on FICs", "an impact on GDP": these take "on" to something else.
_TAKES_ON = "".join(
    rf"(?<!{word} )"
    for word in [
        "based",
        "depending",
        "depends",
        "focus",
        "focused",
        "focuses",
        "built",
        "relies",
        "impact",
        "effect",
        "information",
    ]
)
_MIXED_CAPITALS = r"(?=[\w.+/-]*(?:[A-Z][\w.+/-]*[A-Z]|[A-Z][\w.+/-]*\d|\d[\w.+/-]*[A-Z]))"
_ON_DATA_SET = re.compile(
    rf"\b(?:on|in|across|from|over|using|for|within)\s(?:the\s|both\s|an?\s)?"
    rf"(?P<kind>(?:[a-z0-9-]+\s){{0,2}}?{_NAME}\s{_KINDS})\b"
    rf"|\b{_TAKES_ON}[Oo]n\s(?:the\s)?(?P<name>{_MIXED_CAPITALS}[A-Za-z0-9][\w.+/-]{{2,30}}"
    r"(?:[ ](?:v?\d[\d.]*\d|v?\d|[A-Z][A-Za-z]*[A-Z\d]\w*|En-[A-Z][a-z])(?=[ ,.;)]|$)){0,2})"
)
_CLAUSE = re.compile(r"[;:]|\.\s|,\s(?:and|while|whereas|but)\s")
_MEASURES = frozenset({"%", "points", "percentage points", "fold"})


def _data_sets_in(text: str) -> tuple[tuple[int, int], ...]:
    """The places of what a sentence names as measured on."""
    found = []
    for match in _ON_DATA_SET.finditer(text):
        group = "kind" if match["kind"] else "name"
        if match[group].rstrip(".") in _ABBREVIATIONS:
            continue
        found.append((match.start(group), match.start(group) + len(match[group].rstrip("."))))
    return tuple(found)


def _data_set_of(
    text: str,
    data_sets: Sequence[tuple[int, int]],
    spans: Sequence[tuple[int, int]],
    index: int,
    unit: str | None,
    metric: str | None,
) -> str | None:
    """What the quantity at `spans[index]` was measured on; None where two could be meant."""
    if not data_sets or (metric is None and unit not in _MEASURES) or "respectively" in text:
        return None
    start, end = spans[index]
    outside = [place for place in data_sets if not any(a <= place[0] < b for a, b in spans)]
    following = spans[index + 1][0] if index + 1 < len(spans) else len(text)
    behind = [place for place in outside if end <= place[0] < following and not _CLAUSE.search(text, end, place[0])]
    if behind:
        return text[slice(*behind[0])] if len(behind) == 1 else None
    in_front = [place for place in outside if place[1] <= start]
    if len(outside) == 1 and in_front and not _CLAUSE.search(text, in_front[0][1], start):
        return text[slice(*in_front[0])]
    return None
