"""Contradictions between the gate verdicts of different records, as they were published.

Belongs here: the same checked number verified in one record and falsified in another, the same question
with verdicts that differ. Does not belong here: what one record shows by itself (`findings.gates`). Input: what
each record states of its gate, in any order; output: findings for every record concerned, whichever came
first. Verdicts of two publishers who are both named do not contradict each other.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from pipelines.extraction.duplicates import first_duplicates
from pipelines.models import Finding, Place, Severity
from pipelines.review.findings.gate_reasons import GateReason, gate_reason
from pipelines.review.terms import specific_terms

SAME_NUMBER = "same-number-verified-and-falsified"
SAME_QUESTION = "same-question-other-status"

MAX_NAMED = 5  # other records named in a message
MAX_NUMBERS = 20  # numbers of one record that are looked at
LONGEST_TITLE = 100
CUT_AT = 78  # attackers' words are published cut at 80 characters: a number at the very end may be cut too

_OUTCOMES = _VERIFIED, _FALSIFIED, _UNVERIFIED = ("verified", "falsified", "unverified")

_DIGITS = r"(?<![\d.,])\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,12})?(?![\d])|(?<![\d.])\d{1,15}(?:\.\d{1,12})?(?![\d])"
_PRODUCT = re.compile(r"(?<![\d.,])\d{1,9}(?:\.\d{1,6})?(?:\s{0,2}[x×*·]\s{0,2}\d{1,9}(?:\.\d{1,6})?(?![\d])){1,3}")
_LEAST_PRODUCT = 64  # "3 x 5 seeds" is no check
_EQUATION = re.compile(
    rf"(?P<left>{_DIGITS})\s{{0,2}}(?:={{1,3}}|≈|equals|is equal to|matches(?: expected)?|matching|vs\.?|against)"
    rf"\s{{0,2}}(?:expected\s{{1,2}})?(?P<right>{_DIGITS})",
    re.IGNORECASE,
)
_CUED = re.compile(
    r"\b(?:computed|computes|computing|expected|returns?|constant|hard-?coded|literal|copied|compar(?:es|ed|ing))"
    rf"(?:\s{{1,2}}(?:the|a|value|number|result|figure|constant|literal|of|with|as|is|to)){{0,3}}[\s:(]{{1,3}}(?P<value>{_DIGITS})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class StatedGate:
    """What a record states of its gate verdict; `places` are where it says so."""

    record_id: str
    title: str | None
    question: str | None
    publisher: str | None
    status: str | None
    reason: str | None
    places: tuple[Place, ...] = ()

    @property
    def outcome(self) -> str | None:
        """The status, if it is one of the contract's three."""
        word = (self.status or "").strip().casefold()
        return word if word in _OUTCOMES else None

    @property
    def name(self) -> str:
        title = " ".join((self.title or "").split())
        short = title if len(title) <= LONGEST_TITLE else title[:LONGEST_TITLE] + "…"
        return f'"{short}" ({self.record_id})' if short else self.record_id


def across_findings(records: Sequence[StatedGate]) -> dict[str, tuple[Finding, ...]]:
    """Record id to the contradictions that it is part of; records that are part of none are absent."""
    in_order = sorted((one for one in records if one.outcome), key=lambda one: one.record_id)
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for rule in (_same_number, _same_question):
        for record, finding in rule(in_order):
            found[record.record_id].append(finding)
    return {record_id: tuple(findings) for record_id, findings in found.items()}


# --- the same number ----------------------------------------------------------------------------


def _same_number(records: Sequence[StatedGate]) -> Iterator[tuple[StatedGate, Finding]]:
    verified = _by_number(records, _VERIFIED, _checked_numbers)
    falsified = _by_number(records, _FALSIFIED, named_numbers)
    for number in sorted(verified.keys() & falsified.keys()):
        for record in verified[number]:
            if others := _named(record, falsified[number]):
                yield (
                    record,
                    _finding(
                        SAME_NUMBER,
                        Severity.ERROR,
                        f"A check of the number {number:f} is reported as verified here; the verdict that falsifies"
                        f" {others} is about a check of the same number.",
                        record,
                    ),
                )
        for record in falsified[number]:
            if others := _named(record, verified[number]):
                yield (
                    record,
                    _finding(
                        SAME_NUMBER,
                        Severity.ERROR,
                        f"The verdict falsifies a check of the number {number:f}; a check of the same number is"
                        f" reported as verified in {others}.",
                        record,
                    ),
                )


def _by_number(
    records: Sequence[StatedGate], outcome: str, numbers: Callable[[GateReason], Iterable[Decimal]]
) -> Mapping[Decimal, list[StatedGate]]:
    found: defaultdict[Decimal, list[StatedGate]] = defaultdict(list)
    for record in records:
        if record.outcome == outcome:
            for number in islice(dict.fromkeys(numbers(gate_reason(record.reason))), MAX_NUMBERS):
                found[number].append(record)
    return found


def _checked_numbers(reason: GateReason) -> Iterator[Decimal]:
    yield from (number for number in (reason.computed, reason.expected) if number is not None)


def named_numbers(reason: GateReason) -> Iterator[Decimal]:
    """Numbers that a verdict says were compared: not every figure that an attacker mentions."""
    yield from _checked_numbers(reason)
    for attacker in reason.attackers:
        if not attacker.failed:
            yield from _compared_in(attacker.text)


def _compared_in(words: str) -> Iterator[Decimal]:
    """The numbers of `8.7 = 8.7`, `computed 8.7`, `512 x 768`; none that the cut may have shortened."""
    words = words.rstrip()
    if len(words) >= CUT_AT and words[-1].isdigit():
        words = re.sub(r"[\d.,]+$", "", words)
    products = [_product(found.group()) for found in _PRODUCT.finditer(words)]
    yield from (product for product in products if product >= _LEAST_PRODUCT)
    plain = _PRODUCT.sub(lambda found: f"{_product(found.group()):f}", words)
    for equation in _EQUATION.finditer(plain):
        yield from (_decimal(equation["left"]), _decimal(equation["right"]))
    yield from (_decimal(cued["value"]) for cued in _CUED.finditer(plain))


def _product(words: str) -> Decimal:
    return math.prod((Decimal(factor) for factor in re.findall(r"\d+(?:\.\d+)?", words)), start=Decimal(1))


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


# --- the same question --------------------------------------------------------------------------


def _same_question(records: Sequence[StatedGate]) -> Iterator[tuple[StatedGate, Finding]]:
    for group in _asking_the_same([record for record in records if record.question]):
        by_outcome = {word: [one for one in group if one.outcome == word] for word in _OUTCOMES}
        for record in group:
            unlike = {word: _named(record, by_outcome[word]) for word in _OUTCOMES if word != record.outcome}
            said = [f"{word} in {named}" for word, named in unlike.items() if named]
            if said:
                contradicts = {_VERIFIED, _FALSIFIED} <= {record.outcome, *(word for word in unlike if unlike[word])}
                yield (
                    record,
                    _finding(
                        SAME_QUESTION,
                        # That another record was never tested contradicts nothing.
                        Severity.ERROR if contradicts and record.outcome != _UNVERIFIED else Severity.WARNING,
                        f"The record is reported as {record.outcome};"
                        f" the same question is reported as {'; '.join(said)}.",
                        record,
                    ),
                )


def _asking_the_same(records: Sequence[StatedGate]) -> Iterator[list[StatedGate]]:
    """Groups of records that ask the same in nearly the same words, with unlike outcomes.

    Near wording alone is not enough: a question about another crop differs in one word.
    """
    by_subject: defaultdict[frozenset[str], list[StatedGate]] = defaultdict(list)
    for record in records:
        by_subject[specific_terms(record.question or "")].append(record)
    for alike in by_subject.values():
        groups: defaultdict[int, list[StatedGate]] = defaultdict(list)
        for place, first in enumerate(first_duplicates([record.question or "" for record in alike])):
            groups[place if first is None else first].append(alike[place])
        yield from (group for group in groups.values() if len({record.outcome for record in group}) > 1)


# --- both ---------------------------------------------------------------------------------------


def _comparable(one: StatedGate, other: StatedGate) -> bool:
    publishers = {" ".join(who.publisher.casefold().split()) for who in (one, other) if who.publisher}
    return one.record_id != other.record_id and len(publishers) <= 1


def _named(record: StatedGate, others: Sequence[StatedGate]) -> str:
    """The first of `others` by name; empty if none can be held against `record`."""
    first = list(islice((one for one in others if _comparable(record, one)), MAX_NAMED + 1))
    named = ", ".join(one.name for one in first[:MAX_NAMED])
    return f"{named} and more" if len(first) > MAX_NAMED else named


def _finding(rule: str, severity: Severity, message: str, record: StatedGate) -> Finding:
    return Finding(rule=rule, severity=severity, message=message, where=record.places)
