"""Rigour scan of one source text: what it reports of its own method, each answer with its sentence.

Belongs here: going through a full text and quoting what a rule met. Does not belong here: the rules
(`rigor.rules_*`), cutting a text into sentences (`rigor.reading`), fetching texts (ingestion). A scan measures
reporting, not truth. Input: one version of a source; output: `RigorScan` with offsets into that text, an item for
each question of `rigor.items`, or the reason why there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from pipelines.models import RigorAnswer, RigorItem, RigorScan
from pipelines.review.rigor.applies import Applies, applicability
from pipelines.review.rigor.items import ITEMS, RigorItemSpec
from pipelines.review.rigor.precision import MEASURED, doubt
from pipelines.review.rigor.reading import MAX_HEADING, Part, Reading, Sentence, folded, part_of, read
from pipelines.review.rigor.rules import RigorRule
from pipelines.review.rigor.rules_artifacts import ARTIFACT_RULES
from pipelines.review.rigor.rules_experiments import EXPERIMENT_RULES
from pipelines.review.rigor.rules_people import PEOPLE_RULES
from pipelines.review.rigor.rules_statistics import STATISTICS_RULES

FULL_TEXT = "fulltext"
MAX_SCANNED = 1_000_000  # characters; a paper has about 60,000
NO_RULE = "none"

RULES: tuple[RigorRule, ...] = (*ARTIFACT_RULES, *STATISTICS_RULES, *PEOPLE_RULES, *EXPERIMENT_RULES)
_RULE_OF = {rule.item: rule for rule in RULES}
# Texts are scanned again when a rule changes, and when one has been found right more or less often.
SCANNER_VERSION = "rigor-rules-2." + sha256(repr(([rule.rule for rule in RULES], MEASURED)).encode()).hexdigest()[:8]
_WHY_NO_RULE = {
    "signal": "No rule can tell whether what is said is enough: a reader or a model has to.",
    "judgement": "This is a judgement on the whole paper: a reader or a model has to make it.",
}


@dataclass(frozen=True)
class _Found:
    """The first sentence that says yes, a heading only where no sentence does, and the first that denies."""

    yes: Sentence | None = None
    no: Sentence | None = None


def scan_text(source_version_id: str, text: str | None, text_kind: str | None) -> RigorScan:
    """The scan of one version of a source; `text_kind` is "fulltext", "abstract" or None."""
    if text is None or not text.strip():
        return _not_scanned(source_version_id, "Not scanned: no text of this source is held.")
    if text_kind != FULL_TEXT:
        held = f"an {text_kind}" if text_kind == "abstract" else "a text of unknown kind"
        return _not_scanned(source_version_id, f"Not scanned: only {held} is held, not the full text.")
    reading = read(text[:MAX_SCANNED])
    found = {item: _find(rule, reading.sentences) for item, rule in _RULE_OF.items()}
    reported = {item for item, one in found.items() if one.yes or one.no}
    trusted = {item for item in reported if doubt(_RULE_OF[item].rule) is None}
    applies = applicability(reading.sentences, trusted, reported - trusted)
    parts = frozenset(one.part for one in reading.sentences if not one.is_heading)
    items = tuple(_item(spec, found.get(spec.key), applies[spec.key], text, parts) for spec in ITEMS)
    return RigorScan(
        source_version_id=source_version_id,
        scanned=True,
        reason=_what_was_scanned(text, reading, items),
        scanner_version=SCANNER_VERSION,
        items=items,
    )


def fires(rule: RigorRule, sentence: str, section: str | None = None) -> RigorAnswer:
    """What a rule answers for one sentence under a heading; a short line without a full stop may be a heading."""
    words = folded(sentence)
    prose = Sentence(0, len(sentence), words, section, part_of(section))
    answer = rule.answer(prose)
    if answer is RigorAnswer.NOT_DETECTED and len(words) <= MAX_HEADING and words[-1:] not in ".!?;":
        return rule.answer(Sentence(0, len(sentence), words, section, prose.part, is_heading=True))
    return answer


def _not_scanned(source_version_id: str, reason: str) -> RigorScan:
    return RigorScan(source_version_id=source_version_id, scanned=False, reason=reason, scanner_version=SCANNER_VERSION)


def _what_was_scanned(text: str, reading: Reading, items: Sequence[RigorItem]) -> str:
    read_characters = sum(one.end - one.start for one in reading.sentences)
    open_items = sum(one.answer is RigorAnswer.NEEDS_JUDGEMENT for one in items)
    parts = [f"Scanned {read_characters} of {len(text)} characters by {len(RULES)} rules"]
    if reading.references:
        parts.append(f"{reading.references} characters of references left out")
    if reading.checklist:
        parts.append(f"{reading.checklist} characters of the authors' own checklist left out: it declares, not reports")
    if reading.instructions:
        parts.append(f"{reading.instructions} sentence(s) that speak to a model left out")
    if open_items:
        parts.append(f"{open_items} of {len(items)} items need judgement")
    return f"{'; '.join(parts)}. A scan says what the text reports, not whether it is right."


# --- one item -----------------------------------------------------------------------------------


def _find(rule: RigorRule, sentences: Sequence[Sentence]) -> _Found:
    yes: Sentence | None = None
    no: Sentence | None = None
    names: set[str] = set()
    for sentence in sentences:
        answer = rule.answer(sentence)
        if answer is RigorAnswer.YES:
            if yes is None or (yes.is_heading and not sentence.is_heading):
                yes = sentence
            names |= rule.names_in(sentence)
            if rule.no is None and not yes.is_heading and (rule.names is None or len(names) >= rule.needs):
                break
        elif answer is RigorAnswer.NO:
            no = no or sentence
    return _Found(yes if rule.names is None or len(names) >= rule.needs else None, no)


def _item(spec: RigorItemSpec, found: _Found | None, applies: Applies, text: str, parts: frozenset[Part]) -> RigorItem:
    if applies.applies is False:
        return RigorItem(
            item=spec.key, answer=RigorAnswer.NOT_DETECTED, rule=applies.rule, applies=False, why=applies.why
        )
    if found is None:
        return RigorItem(
            item=spec.key,
            answer=RigorAnswer.NEEDS_JUDGEMENT,
            rule=NO_RULE,
            applies=applies.applies,
            why=_WHY_NO_RULE.get(spec.decidable, "No rule answers this item yet."),
        )
    rule = _RULE_OF[spec.key]
    if rule.within is not None and rule.within not in parts:
        why = f"The text that is held has no {rule.within.value} to look at."
        return RigorItem(
            item=spec.key, answer=RigorAnswer.NEEDS_JUDGEMENT, rule=rule.rule, applies=applies.applies, why=why
        )
    return _by_rule(rule, found, applies, text)


def _by_rule(rule: RigorRule, found: _Found, applies: Applies, text: str) -> RigorItem:
    """A denial answers `no` only where nothing affirms; a rule that is often wrong only shows its sentence."""
    sentence = found.yes or found.no
    answer = RigorAnswer.YES if found.yes else RigorAnswer.NO if found.no else RigorAnswer.NOT_DETECTED
    why = None
    if found.yes and found.no:
        why = f"The text also denies it, at {found.no.start}: its studies or parts may differ."
    doubtful = doubt(rule.rule)
    if doubtful is not None:
        seen = "No sentence was found" if sentence is None else f"A sentence that says {answer.value} was found"
        answer, why = RigorAnswer.NEEDS_JUDGEMENT, f"{seen}, {'and' if sentence is None else 'but'} {doubtful}."
    return RigorItem(
        item=rule.item,
        answer=answer,
        rule=rule.rule,
        quote=text[sentence.start : sentence.end] if sentence else None,
        start=sentence.start if sentence else None,
        end=sentence.end if sentence else None,
        section=sentence.heading if sentence else None,
        applies=applies.applies,
        why=why,
    )
