"""A claim and a sentence judged on five axes, each apart: subject, relation, numbers, population, certainty.

Owns the five judgements with their words, and their numeric form. Does not belong here: which way a finding
goes (`polarity`), what a sentence leaves out (`content`), the verdict (`verdict`), which may overrule an axis.
Input: a `Comparison`; output: one `AxisJudgement` for each axis, in the order of `models.Axis`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.models import Axis, AxisJudgement, AxisOutcome
from pipelines.verification.acting import opposed_action
from pipelines.verification.comparison import Comparison, Cue, CueEffect, agrees, counterparts, word_of
from pipelines.verification.content import (
    compared_sides,
    comparison_cues,
    number_matches,
    predicate_cues,
    states_no_finding,
)
from pipelines.verification.numbers import QuantityMatch, QuantityOutcome
from pipelines.verification.polarity import (
    denial_cues,
    direction_cues,
    lone_denial_cues,
    no_effect_cues,
    plain_denial_cues,
    plateau_cues,
    unchanged_cues,
)
from pipelines.verification.statement import Extent, Firmness, Statement, statement_of

_HALF = 0.5
_NEARLY_ALL = 0.7
_ALMOST_WORD_FOR_WORD = 0.9  # what a sentence shares with a claim whose subject its passage names elsewhere
_NAMED = 0.4  # share of the subject's weight that a sentence about it names
_SHORT_SUBJECT = 4  # a longer one is read wrongly too often to be set against the claim's
_LEAST_INSIDE = 4  # letters of a name that must stand in another to be a form of it
_OPPOSES: tuple[Callable[[Comparison], Iterator[Cue]], ...] = (
    plain_denial_cues,
    direction_cues,
    no_effect_cues,
    unchanged_cues,
    plateau_cues,
    comparison_cues,
    predicate_cues,
)

# "Loss of x raises y" and "x lowers y" say the same.
_TURN_WITH_THE_SUBJECT = (direction_cues, predicate_cues)


@dataclass(frozen=True)
class _Sides:
    """A comparison with both of its texts taken apart."""

    c: Comparison
    claim: Statement
    source: Statement


_Judged = tuple[AxisOutcome, str | None]


def _judge_subject(sides: _Sides) -> _Judged:
    """Whether the claim's subject is spoken of, or another in its place."""
    c, weights = sides.c, sides.claim.subject_weights
    swapped = _swapped_name(sides)
    if swapped is not None:
        return AxisOutcome.DIFFERS, swapped
    if not weights:
        return AxisOutcome.NOT_APPLICABLE, None
    said, total = _words_of(sides.claim), sum(weights.values())
    named = [x for x in weights if x in c.concepts or _is_written_otherwise(x, c)]
    if sum(weights[x] for x in named) >= _NAMED * total:
        return AxisOutcome.AGREES, f"both speak of “{said}”"
    in_passage = sum(weights[x] for x in weights if x in c.passage_concepts)
    if sides.source.points_back and in_passage >= _HALF * total:
        return AxisOutcome.AGREES, f"the passage speaks of “{said}”, the sentence points back to it"
    if not named and _says_it_of_another(sides, _ALMOST_WORD_FOR_WORD if in_passage else _HALF):
        return AxisOutcome.DIFFERS, f"the claim speaks of “{said}”, the sentence of “{_words_of(sides.source)}”"
    missing = max((x for x in weights if x not in named), key=lambda x: (weights[x], x))
    where = ", though its passage does" if missing in c.passage_concepts else ""
    return AxisOutcome.NOT_SAID, f"the sentence does not speak of “{word_of(c.claim, missing)}”{where}"


def _is_written_otherwise(concept: str, c: Comparison) -> bool:
    """ "GATA3" for "GATA-3", "PrimPol" in "hPrimpol1", "H3K4me3" for "H3K4"."""
    if concept in c.source.squashed:
        return True
    if concept in c.claim.codes:
        return any(_is_part_of(concept, code) for code in c.source.codes)
    is_word = len(concept) >= _LEAST_INSIDE and concept[0] not in "~="
    return is_word and any(concept in word for word in c.source.words)


def _says_it_of_another(sides: _Sides, share: float) -> bool:
    """The sentence says of its own subject what the claim says of its: at least this share of it."""
    c, other = sides.c, sides.source.subject
    is_clear = 0 < len(other) <= _SHORT_SUBJECT and not sides.source.points_back
    if not is_clear or set(other) & c.claim.concept_set or states_no_finding(c) is not None:
        return False
    return len(sides.claim.predicate_concepts & c.concepts) >= share * len(sides.claim.predicate_concepts)


def _swapped_name(sides: _Sides) -> str | None:
    """A code of the claim that the sentence replaces by another of the same make: GPT-4 by GPT-3."""
    c = sides.c
    others = [x for x in c.source.codes if x not in c.claim.squashed]
    if not others:
        return None
    for code in c.claim.codes:
        if code in c.source.squashed or code in c.passage_codes:
            continue
        alike = next((x for x in others if _make(x) == _make(code) and not _is_part_of(code, x)), None)
        if alike is not None:
            return f"the claim speaks of {code}, the sentence of {alike}"
    return None


def _make(code: str) -> str:
    """The letters that a code opens with: "gpt" of "gpt4"."""
    size = next((i for i, character in enumerate(code) if character.isdigit()), len(code))
    return code[:size]


def _is_part_of(code: str, other: str) -> bool:
    """ "h3k4me3" speaks of h3k4 too, and OCT3/4 of Oct4; "gpt41" is no gpt4."""
    shorter, longer = sorted((code, other), key=len)
    if longer.startswith(shorter):
        return not longer[len(shorter)].isdigit() if len(longer) > len(shorter) else True
    rest = iter(longer)
    return all(character in rest for character in shorter)


def _words_of(statement: Statement) -> str:
    first, last = statement.subject_span
    tokens = statement.reading.tokens[first:last]
    return statement.reading.text[tokens[0].start : tokens[-1].end] if tokens else ""


def _judge_relation(sides: _Sides) -> _Judged:
    """What is said of the subject, and which way it goes."""
    c = sides.c
    if not c.claim.concept_set:
        return AxisOutcome.NOT_APPLICABLE, None
    opposed = _opposition(sides)
    if opposed is not None:
        return AxisOutcome.DIFFERS, opposed
    return _shared_relation(sides)


def _opposition(sides: _Sides) -> str | None:
    """What in the sentence goes the other way, in words."""
    c = sides.c
    other = _said_of_the_other(sides)
    if other is not None:
        return other
    is_undone = sides.claim.undoes != sides.source.undoes
    for rule in _OPPOSES:
        for cue in () if is_undone and rule in _TURN_WITH_THE_SUBJECT else rule(c):
            if cue.effect is CueEffect.REFUTES or cue.rule == "direction" or _says_opposite(cue):
                return cue.why
    acted = None if is_undone else opposed_action(c)
    if acted is not None:
        return acted
    if c.claim.denials and c.source.denials:
        return None  # both deny: which words each denies says too little
    removals, removals_of = c.claim.lexicon.removals, c.claim.lexicon.thing_only
    is_of_things = all(reading.words[i] in removals_of for reading in (c.claim, c.source) for i, _ in reading.denials)
    is_removed = bool(set(c.claim.words) & removals) != bool(set(c.source.words) & removals)
    if is_undone or (is_removed and is_of_things):
        return None  # "cells without x" and "x-deficient cells" deny the same
    denial = next(denial_cues(c), None)
    if denial is None and c.claim.denials and not set(c.source.words) & c.claim.lexicon.unchanged:
        denial = next(lone_denial_cues(c), None)
    return None if denial is None else denial.why


def _said_of_the_other(sides: _Sides) -> str | None:
    """ "Men more than women" in the claim; the sentence says the same of women and does not name men."""
    c = sides.c
    compared = compared_sides(c.claim)
    if compared is None or c.claim.denials or c.source.denials:
        return None
    whole = frozenset(sides.claim.subject)
    subject, others = whole & compared[0], compared[1] - whole
    held = others & frozenset(sides.source.subject)
    if not subject or 2 * len(held) < len(others) or not held or subject & (c.concepts | others):
        return None
    for index, axes in c.claim.axis_places:
        for axis, side in axes:
            if any(agrees(c, index, side, at, held_side) for at, held_side, _ in counterparts(c, index, axis)):
                said, other = word_of(c.claim, min(subject)), word_of(c.source, min(held))
                return f"the claim says “{c.claim.words[index]}” of “{said}”, the sentence of “{other}”"
    return None


def _says_opposite(cue: Cue) -> bool:
    return cue.rule == "predicate" and "opposite" in cue.why


def _shared_relation(sides: _Sides) -> _Judged:
    c, at = sides.c, sides.c.predicate_at
    if at is not None and c.claim.concepts[at] in c.concepts and not c.claim.concepts[at].startswith("~"):
        return AxisOutcome.AGREES, f"both say “{c.claim.words[at]}”"
    for index, axes in c.claim.axis_places:
        for axis, side in axes:
            if any(agrees(c, index, side, at, held_side) for at, held_side, _ in counterparts(c, index, axis)):
                return AxisOutcome.AGREES, f"both say “{c.claim.words[index]}” or its like"
    relations = sides.claim.relations if at is None else _groups_at(c, at)
    if relations & sides.source.relations:
        return AxisOutcome.AGREES, "both say nearly the same of it"
    if at is not None:
        return AxisOutcome.NOT_SAID, f"the sentence does not say “{c.claim.words[at]}”"
    said = sides.claim.predicate_concepts
    if said and len(said & c.concepts) >= _HALF * len(said):
        return AxisOutcome.AGREES, "the sentence says most of what the claim says"
    return AxisOutcome.NOT_SAID, "the sentence says little of what the claim says"


def _groups_at(c: Comparison, index: int) -> frozenset[str]:
    return c.claim.lexicon.relations.get(c.claim.tokens[index].stem, frozenset())


def _judge_numbers(sides: _Sides) -> _Judged:
    matches = [m for m in number_matches(sides.c) if not _is_label(sides.c, m)]
    if not matches:
        return AxisOutcome.NOT_APPLICABLE, None
    for wanted, outcome in (
        (QuantityOutcome.DIFFERS, AxisOutcome.DIFFERS),
        (QuantityOutcome.CROSSED, AxisOutcome.DIFFERS),
        (QuantityOutcome.ABSENT, AxisOutcome.NOT_SAID),
    ):
        found = next((m for m in matches if m.outcome is wanted), None)
        if found is not None:
            return outcome, found.words
    return AxisOutcome.AGREES, "; ".join(m.words for m in matches[:2])


def _is_label(c: Comparison, match: QuantityMatch) -> bool:
    """A bare number right behind a noun that the sentence does not hold: "kinase 1", "helper 17", "pathogens 16."."""
    quantity = match.claimed
    is_bare = quantity.unit is None and quantity.comparison is None and quantity.text.isdigit()
    if match.outcome is not QuantityOutcome.ABSENT or not is_bare:
        return False
    before = next((i for i, token in enumerate(c.claim.tokens) if token.end == quantity.start - 1), None)
    return before is not None and bool(c.claim.concepts[before]) and not c.claim.words[before].endswith("ed")


def _judge_population(sides: _Sides) -> _Judged:
    """In whom or what, and where: the claim's groups and settings against the sentence's and its passage's."""
    found = [*_judged_groups(sides), *_judged_settings(sides)]
    for wanted in (AxisOutcome.DIFFERS, AxisOutcome.NOT_SAID, AxisOutcome.AGREES):
        first = next((one for one in found if one[0] is wanted), None)
        if first is not None:
            return first
    return AxisOutcome.NOT_APPLICABLE, None


def _judged_groups(sides: _Sides) -> Iterator[_Judged]:
    for family, claimed in sides.claim.populations.items():
        held = sides.source.populations.get(family, {})
        both = [group for group in claimed if group in held]
        said = " and ".join(claimed)
        if both:
            yield AxisOutcome.AGREES, f"both speak of {' and '.join(both)}"
        elif held and _is_otherwise_said(sides):
            yield AxisOutcome.DIFFERS, f"{family}: {said} in the claim, {' and '.join(held)} in the sentence"
        elif any(_is_in_passage(sides, family, group, words) for group, words in claimed.items()):
            yield AxisOutcome.AGREES, f"the passage speaks of {said}"
        elif held:
            yield AxisOutcome.DIFFERS, f"{family}: {said} in the claim, {' and '.join(held)} in the sentence"
        else:
            yield AxisOutcome.NOT_SAID, f"the source does not speak of {said}"


def _is_otherwise_said(sides: _Sides) -> bool:
    """Whether the sentence says nearly all of the claim, so that another group in it takes the place of the claim's."""
    concepts = sides.c.claim.concept_set
    return len(concepts & sides.c.concepts) >= _NEARLY_ALL * len(concepts)


def _is_in_passage(sides: _Sides, family: str, group: str, words: str) -> bool:
    reading = sides.c.claim
    if reading.lexicon.population_concepts.get((family, group), frozenset()) & sides.c.passage_concepts:
        return True
    places = [i for i, word in enumerate(reading.words) if word in words.split()]
    concepts = {reading.concepts[i] for i in places} - {""}
    return bool(concepts) and concepts <= sides.c.passage_concepts


def _judged_settings(sides: _Sides) -> Iterator[_Judged]:
    c = sides.c
    known = c.concepts | c.passage_concepts
    for words, concepts in sides.claim.settings:
        if concepts <= c.concepts:
            yield AxisOutcome.AGREES, f"both say “{words}”"
        elif concepts <= known:
            yield AxisOutcome.AGREES, f"the passage speaks of “{words}”"
        elif not concepts & known:
            yield AxisOutcome.NOT_SAID, f"the source does not say “{words}”"


def _judge_certainty(sides: _Sides) -> _Judged:
    """Whether the claim says it more firmly, or of more, than the sentence does."""
    c = sides.c
    if not c.claim.concept_set:
        return AxisOutcome.NOT_APPLICABLE, None
    open_question = states_no_finding(c)
    if open_question is not None:
        return AxisOutcome.NOT_SAID, open_question
    more = _claims_more(sides)
    if more is not None:
        return AxisOutcome.DIFFERS, more
    firmness, hedge = _firmness_of_shared(sides)
    if firmness < sides.claim.firmness:
        return AxisOutcome.DIFFERS, f"the claim says that it is so, the sentence only “{hedge}”"
    return AxisOutcome.AGREES, "the sentence is at least as certain as the claim"


def _firmness_of_shared(sides: _Sides) -> tuple[Firmness, str]:
    """How firmly the sentence says most of what the two share, and the word that makes it less."""
    shared = sides.c.claim.concept_set & sides.c.source.concept_set
    for level in (Firmness.MAY, Firmness.SUGGESTS):
        hedged = sides.source.hedged_only(level) & shared
        if hedged and len(hedged) >= _HALF * len(shared):
            return level, next(sides.c.source.words[i] for i, found in sides.source.hedges if found is level)
    return Firmness.STATES, ""


def _claims_more(sides: _Sides) -> str | None:
    """The claim speaks of all or most, the sentence of fewer or of no number."""
    said = max(sides.claim.extents, default=None)
    if said is None or said < Extent.MOST or _DENIES_ALL & set(sides.c.source.words):
        return None  # "no agent did" speaks of all of them
    held = max(sides.source.extents, default=None)
    if held is not None and held >= said:
        return None
    instead = "says of no number" if held is None else f"says “{sides.source.extents[held]}”"
    return f"the claim says “{sides.claim.extents[said]}”, the sentence {instead}"


_DENIES_ALL = frozenset({"no", "none", "neither", "never", "nothing", "nobody"})

_JUDGES: Mapping[Axis, Callable[[_Sides], _Judged]] = {
    Axis.SUBJECT: _judge_subject,
    Axis.RELATION: _judge_relation,
    Axis.NUMBERS: _judge_numbers,
    Axis.POPULATION: _judge_population,
    Axis.CERTAINTY: _judge_certainty,
}


def judge_axes(comparison: Comparison, axes: Iterable[Axis] = Axis) -> tuple[AxisJudgement, ...]:
    """The claim against the window on each of the axes; `why` names both sides where they differ."""
    sides = _Sides(comparison, statement_of(comparison.claim), statement_of(comparison.source))
    found = []
    for axis in axes:
        outcome, why = _JUDGES[axis](sides)
        found.append(AxisJudgement(axis=axis, outcome=outcome, why=why))
    return tuple(found)


_COUNTED_OUTCOMES = (AxisOutcome.AGREES, AxisOutcome.DIFFERS, AxisOutcome.NOT_SAID)
AXIS_FEATURES: tuple[str, ...] = tuple(
    f"axis_{axis.value}_{outcome.value.replace(' ', '_')}" for axis in Axis for outcome in _COUNTED_OUTCOMES
)


def axis_features(judgements: Sequence[AxisJudgement]) -> dict[str, float]:
    """`AXIS_FEATURES` as 0 or 1; an axis that does not apply, or was not judged, is 0 in all of its three."""
    held = dict.fromkeys(AXIS_FEATURES, 0.0)
    for one in judgements:
        if one.outcome in _COUNTED_OUTCOMES:
            held[f"axis_{one.axis.value}_{one.outcome.value.replace(' ', '_')}"] = 1.0
    return held
