"""Cues: what, besides shared words, speaks for or against reading a sentence as saying a claim.

Each rule looks at one claim and one window and returns cues with the words for them; `RULES` is the
table of all. A cue refutes (the source says otherwise), blocks (it does not say this) or mutes (the
sentence states no finding). Does not belong here: weighing them (`stance`) and word lists (`lexicon`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from pipelines.verification.numbers import QuantityMatch, QuantityOutcome, compare_quantities
from pipelines.verification.reading import Reading


class CueEffect(StrEnum):
    REFUTES = "refutes"
    BLOCKS = "blocks"
    MUTES = "mutes"


@dataclass(frozen=True)
class Cue:
    rule: str
    effect: CueEffect
    why: str


@dataclass(frozen=True)
class Comparison:
    """A claim and a window side by side, with the names of the window's whole passage."""

    claim: Reading
    source: Reading
    concepts: frozenset[str]  # of the window, abbreviations written out
    passage_concepts: frozenset[str]
    passage_codes: frozenset[str]
    rare: frozenset[str]  # concepts of the claim that few documents hold


def _counterparts(c: Comparison, index: int, axis: str) -> list[tuple[int, int, int]]:
    """(index in the source, its side, shared context) of each word on an axis."""
    around = c.claim.near(index) - {"~" + axis}
    return [
        (at, side, len(around & c.source.near(at)))
        for at, axes in c.source.axis_places
        for name, side in axes
        if name == axis
    ]


def _agrees(c: Comparison, index: int, side: int, at: int, held_side: int) -> bool:
    """Same side and both or neither denied, or opposite sides and one of them denied."""
    return (side == held_side) == ((index in c.claim.denied) == (at in c.source.denied))


def _best_counterpart(c: Comparison, index: int, axis: str, side: int) -> tuple[int, int, int] | None:
    """The counterpart with most shared context; among equals one that agrees, then the same word."""
    found = _counterparts(c, index, axis)

    def fit(one: tuple[int, int, int]) -> tuple[int, bool, bool, int]:
        at, held_side, shared = one
        same_word = c.source.words[at] == c.claim.words[index]
        return shared, _agrees(c, index, side, at, held_side), same_word, -at

    return max(found, key=fit) if found else None


def _has_both_sides(reading: Reading, axis: str) -> bool:
    sides = {side for _, axes in reading.axis_places for name, side in axes if name == axis}
    return len(sides) > 1


def _needed_context(c: Comparison, index: int, axis: str) -> int:
    """Two shared words nearby make it the same thing; one, where the claim itself has but one."""
    return max(1, min(2, len(c.claim.near(index) - {"~" + axis})))


def predicate_cues(c: Comparison) -> Iterator[Cue]:
    """The claim says which way something goes; the sentence says otherwise or does not speak of it."""
    missing: list[int] = []
    is_said = False
    for index, axes in c.claim.axis_places:
        has_context = bool(c.claim.near(index))
        held = [
            _agrees(c, index, side, at, held_side)
            for axis, side in axes
            for at, held_side, shared in _counterparts(c, index, axis)
            if shared or not has_context
        ]
        if held and not any(held):
            why = f"the source does not say “{_phrase(c.claim, index)}” of this, rather the opposite"
            yield Cue("predicate", CueEffect.BLOCKS, why)
        asserts = any(axis in c.claim.lexicon.asserted or side == 1 for axis, side in axes)
        is_said = is_said or (asserts and any(held))
        if asserts and not held:
            missing.append(index)
    if missing and not is_said:
        why = f"the source does not say “{_phrase(c.claim, missing[0])}” of this"
        yield Cue("predicate", CueEffect.BLOCKS, why)


def subject_cues(c: Comparison) -> Iterator[Cue]:
    """What stands before the claim's verb of change is not in the sentence."""
    first = next((i for i, axes in c.claim.axis_places if i), 0)
    subject = [x for x in c.claim.concepts[:first] if x and not x.startswith("~")]
    if subject and not set(subject) & c.concepts:
        yield Cue("subject", CueEffect.BLOCKS, f"the sentence does not speak of “{_word_of(c.claim, subject[0])}”")


def direction_cues(c: Comparison) -> Iterator[Cue]:
    """Opposite sides of one axis, or the same side denied on one hand only, about the same thing."""
    for index, axes in c.claim.axis_places:
        for axis, side in axes:
            best = _best_counterpart(c, index, axis, side)
            if best is None or best[2] < _needed_context(c, index, axis):
                continue
            at, held_side, _ = best
            said, held = _phrase(c.claim, index), _phrase(c.source, at)
            why = f"the claim says “{said}”, the source “{held}”"
            if not _agrees(c, index, side, at, held_side):
                # "Larger ones beat smaller ones": a claim with both sides needs more than one word.
                mixed = _has_both_sides(c.claim, axis)
                yield Cue("direction", CueEffect.BLOCKS if mixed else CueEffect.REFUTES, why)
            elif side != held_side and at in c.source.denied:
                # "Not reduced" does not mean "increased".
                yield Cue("direction", CueEffect.BLOCKS, why)


def _phrase(reading: Reading, index: int) -> str:
    words = reading.words[index]
    return f"not {words}" if index in reading.denied else words


def _denied_concepts(reading: Reading, *, everywhere: bool) -> dict[str, bool]:
    """Concept: whether it is denied (in every place, or in any); axis words are the direction rule's."""
    test = all if everywhere else any
    return {
        concept: test(i in reading.denied for i in places)
        for concept, places in reading.stem_at.items()
        if not concept.startswith("~")
    }


def denial_cues(c: Comparison) -> Iterator[Cue]:
    """A word that both share is denied on one hand and not on the other, about the same thing."""
    for reading, other, text in (
        (c.claim, c.source, "the claim denies “{}”, the source does not"),
        (c.source, c.claim, "the source denies “{}”, the claim does not"),
    ):
        mine = _denied_concepts(reading, everywhere=True)
        theirs = _denied_concepts(other, everywhere=False)
        for negator, reached in reading.denials:
            heads = [(i, reading.concepts[i]) for i in reached[:3]]
            shared_axes = c.claim.concept_set & c.source.concept_set
            if any(h.startswith("~") and h in shared_axes for _, h in heads[:2]):
                continue
            denied = [(i, h) for i, h in heads if h in theirs and mine.get(h) and not theirs[h]]
            if denied:
                at, concept = denied[0]
                is_verbal = reading.words[negator] not in reading.lexicon.thing_only
                about_same = is_verbal and _shares_context(reading, other, at, concept)
                effect = CueEffect.REFUTES if about_same else CueEffect.BLOCKS
                yield Cue("denial", effect, text.format(reading.words[at]))


def _shares_context(reading: Reading, other: Reading, at: int, concept: str) -> bool:
    around = reading.near(at) - {concept}
    most = max((len(around & other.near(i)) for i in other.stem_at.get(concept, ())), default=0)
    return most >= max(1, min(2, len(around)))


def _word_of(reading: Reading, concept: str) -> str:
    return reading.words[reading.stem_at[concept][0]]


def lone_denial_cues(c: Comparison) -> Iterator[Cue]:
    """One side holds a denial that reaches what both speak of, the other holds none at all."""
    shared = c.claim.concept_set & c.source.concept_set
    said = set(c.claim.words) & c.claim.lexicon.negators
    if (c.claim.denials or said) and not c.source.denials:
        yield Cue("lone denial", CueEffect.BLOCKS, "the claim denies something, the sentence denies nothing")
    denied_there = {c.source.concepts[i] for i in c.source.denied}
    for _, found in c.claim.denials:
        reached = {c.claim.concepts[i] for i in found} & shared
        axes = {x for x in reached if x.startswith("~")}
        if c.source.denials and reached and not axes and not reached & denied_there:
            word = _word_of(c.claim, min(reached))
            yield Cue("lone denial", CueEffect.BLOCKS, f"the sentence does not deny “{word}”")
    if c.source.denials and not c.claim.denials:
        reached = {c.source.concepts[i] for _, found in c.source.denials for i in found}
        if reached & shared:
            yield Cue("lone denial", CueEffect.BLOCKS, "the sentence denies something that the claim does not")


def no_effect_cues(c: Comparison) -> Iterator[Cue]:
    """The source finds no effect where the claim asserts one."""
    nouns = c.source.lexicon.no_effect
    asserts = bool(c.claim.axis_places) or any(t.stem in nouns for t in c.claim.tokens)
    if c.claim.denials or not asserts:
        return
    for index, reached in c.source.denials:
        for at in reached[:3]:
            if c.source.tokens[at].stem not in nouns:
                continue
            around = (c.source.clause(at) - {c.source.concepts[at]}) & c.claim.concept_set
            if len(around) >= 2:
                words = " ".join(c.source.words[index : at + 1])
                yield Cue("no effect", CueEffect.REFUTES, f"the source says “{words}”")


def prefix_cues(c: Comparison) -> Iterator[Cue]:
    """A word on one hand, the same word with a denying prefix on the other (linear, nonlinear)."""
    mine, theirs = set(c.claim.words), set(c.source.words)
    for one, other in ((mine - theirs, theirs - mine), (theirs - mine, mine - theirs)):
        for word in sorted(one):
            for prefix in ("un", "in", "im", "non", "dis", "anti", "hypo"):
                if len(word) > 3 and prefix + word in other:
                    yield Cue("prefix", CueEffect.REFUTES, f"“{word}” against “{prefix + word}”")
    for word in sorted(mine - theirs):
        for one_prefix, other_prefix in (
            ("hypo", "hyper"),
            ("hyper", "hypo"),
            ("pre", "post"),
            ("post", "pre"),
        ):
            twin = other_prefix + word[len(one_prefix) :]
            if word.startswith(one_prefix) and len(word) > 8 and twin in theirs:
                yield Cue("prefix", CueEffect.REFUTES, f"“{word}” against “{twin}”")


def number_matches(c: Comparison) -> tuple[QuantityMatch, ...]:
    return compare_quantities(c.claim.quantities, c.source.text, claim_text=c.claim.text, held=c.source.quantities)


_NUMBER_EFFECTS = {
    QuantityOutcome.DIFFERS: CueEffect.REFUTES,
    QuantityOutcome.CROSSED: CueEffect.BLOCKS,
    QuantityOutcome.ABSENT: CueEffect.BLOCKS,
}


def number_cues(c: Comparison) -> Iterator[Cue]:
    """Quantities that differ; and any other number of the claim that the source does not hold."""
    matches = number_matches(c)
    for match in matches:
        effect = _NUMBER_EFFECTS.get(match.outcome)
        written = match.claimed.text.strip().casefold()
        is_named = match.outcome is QuantityOutcome.ABSENT and written in c.source.squashed
        if effect and not is_named:
            yield Cue("number", effect, match.words)
    known_words = set(c.source.words)
    for word in sorted(set(c.claim.words) & c.claim.lexicon.number_words - known_words):
        if not any(word in m.claimed.text.casefold() for m in matches):
            yield Cue("number", CueEffect.BLOCKS, f"“{word}” of the claim is not in the source")
    spans = [(m.claimed.start, m.claimed.end) for m in matches]
    known = c.source.squashed | c.passage_codes
    for token in c.claim.tokens:
        has_digit = any(character.isdigit() for character in token.word)
        inside = any(start <= token.start < end for start, end in spans)
        plain = "".join(x for x in token.word if x.isalnum())
        if has_digit and not inside and plain not in known:
            yield Cue("number", CueEffect.BLOCKS, f"“{token.word}” of the claim is not in the source")


def name_cues(c: Comparison) -> Iterator[Cue]:
    """The claim names something that neither the sentence nor its passage names."""
    for code in c.claim.codes:
        if code in c.source.squashed:
            continue
        others = [x for x in c.source.codes if x not in c.claim.squashed]
        if code not in c.passage_codes or others:
            instead = f"; it names {others[0]}" if others else ""
            yield Cue("name", CueEffect.BLOCKS, f"the source sentence does not name {code}{instead}")
    missing = c.rare - c.concepts - c.passage_concepts
    for concept in sorted(missing):
        yield Cue("name", CueEffect.BLOCKS, f"the source does not mention “{_word_of(c.claim, concept)}”")


def _sides(reading: Reading) -> tuple[frozenset[str], frozenset[str], int] | None:
    """Concepts left and right of a comparison, and where it stands."""
    lexicon = reading.lexicon
    for index, word in enumerate(reading.words):
        pair = reading.words[index : index + 2]
        if word in lexicon.comparisons or pair in lexicon.comparison_phrases:
            plain = [c if not c.startswith("~") else "" for c in reading.concepts]
            left = frozenset(c for c in plain[max(0, index - 12) : index] if c)
            right = frozenset(c for c in plain[index + 1 : index + 9] if c)
            return left - right, right - left, index
    return None


def comparison_cues(c: Comparison) -> Iterator[Cue]:
    """“A than B” in the claim, “B than A” in the source, in the same direction."""
    own, held = _sides(c.claim), _sides(c.source)
    if own is None or held is None:
        return
    straight = (own[0] & held[0], own[1] & held[1])
    crossed = (own[0] & held[1], own[1] & held[0])
    if not (crossed[0] and crossed[1]) or (straight[0] and straight[1]):
        return
    if len(crossed[0]) + len(crossed[1]) <= len(straight[0]) + len(straight[1]):
        return
    turns = any(cue.effect is CueEffect.REFUTES for cue in direction_cues(c))
    first, second = _word_of(c.claim, min(crossed[0])), _word_of(c.claim, min(crossed[1]))
    effect = CueEffect.BLOCKS if turns else CueEffect.REFUTES
    yield Cue("comparison", effect, f"the source sets “{first}” and “{second}” the other way round")


_ALWAYS_OPEN = frozenset({"whether", "unclear", "hypothesized", "hypothesised", "unknown"})


_PASSIVE = frozenset({"was", "were", "been", "be", "is", "are"})


def _aims(source: Reading) -> set[str]:
    """Words that ask or plan. "Compared with usual care" only names the other side of a finding."""
    found = set()
    for place, word in enumerate(source.words):
        before, after = source.words[place - 1 : place], source.words[place + 1 : place + 2]
        names_a_side = word == "compared" and set(after) & {"with", "to"} and not set(before) & _PASSIVE
        if word in source.lexicon.aims and not names_a_side:
            found.add(word)
    return found


def modality_cues(c: Comparison) -> Iterator[Cue]:
    """The source asks, plans or guesses, or says only that it may be; the claim says that it is so."""
    lexicon = c.source.lexicon
    source, claim = set(c.source.words), set(c.claim.words)
    aims = sorted((_aims(c.source) - claim) if not source & lexicon.findings else ())
    aims += sorted((source & _ALWAYS_OPEN) - claim)
    phrase = c.source.has_phrase(lexicon.aim_phrases)
    if aims or (phrase and not c.claim.has_phrase(lexicon.aim_phrases)):
        cue = aims[0] if aims else " ".join(phrase or ())
        yield Cue("aim", CueEffect.MUTES, f"the sentence asks or plans (“{cue}”) and states no finding")
    strong = sorted(source & lexicon.strong_hedges)
    is_hedged = bool(claim & lexicon.strong_hedges) or any(t.stem in lexicon.weak_hedges for t in c.claim.tokens)
    if strong and not is_hedged:
        yield Cue("hedge", CueEffect.BLOCKS, f"the source only says “{strong[0]}”")


def absolute_cues(c: Comparison) -> Iterator[Cue]:
    """The claim says all, only, never; the source does not."""
    lexicon = c.claim.lexicon
    over = sorted((set(c.claim.words) & lexicon.absolutes) - set(c.source.words))
    if over and not set(c.source.words) & lexicon.absolutes:
        yield Cue("absolute", CueEffect.BLOCKS, f"the claim says “{over[0]}”, the source does not")


def role_cues(c: Comparison) -> Iterator[Cue]:
    """The same two things stand on exchanged sides of the same verb, without a passive."""
    if ("by" in c.claim.words) != ("by" in c.source.words):
        return
    for index, axes in c.claim.axis_places:
        best = _best_counterpart(c, index, *axes[0])
        if best is None:
            continue
        at = best[0]
        own = (set(c.claim.concepts[:index]) - {""}, set(c.claim.concepts[index + 1 :]) - {""})
        held = (set(c.source.concepts[:at]) - {""}, set(c.source.concepts[at + 1 :]) - {""})
        straight = len(own[0] & held[0]) + len(own[1] & held[1])
        if own[0] & held[1] and own[1] & held[0] and straight == 0:
            yield Cue("roles", CueEffect.BLOCKS, "the source names the same things the other way round")
            return


RULES: tuple[Callable[[Comparison], Iterator[Cue]], ...] = (
    predicate_cues,
    subject_cues,
    direction_cues,
    denial_cues,
    lone_denial_cues,
    no_effect_cues,
    prefix_cues,
    number_cues,
    name_cues,
    comparison_cues,
    modality_cues,
    absolute_cues,
    role_cues,
)


def cues_of(comparison: Comparison) -> tuple[Cue, ...]:
    """Every cue of every rule, in the order of the table, each said once.

    What "may" be, or is so for "some", is not refuted by one finding to the contrary.
    """
    lexicon = comparison.claim.lexicon
    is_bounded = bool(set(comparison.claim.words) & (lexicon.strong_hedges | lexicon.bounded))
    found = dict.fromkeys(cue for rule in RULES for cue in rule(comparison))
    if not is_bounded:
        return tuple(found)
    return tuple(replace(cue, effect=CueEffect.BLOCKS) if cue.effect is CueEffect.REFUTES else cue for cue in found)
