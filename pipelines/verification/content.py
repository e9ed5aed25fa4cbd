"""Rules about what a sentence leaves out or says of something else: predicate, subject, numbers, names.

Each rule looks at one `Comparison` and returns cues with the words for them. Does not belong here: which
way a finding goes (`polarity`), what a cue is worth (`closer_look`), word lists (`lexicon`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.verification.comparison import (
    Comparison,
    Cue,
    CueEffect,
    agrees,
    best_counterpart,
    counterparts,
    phrase_at,
    word_of,
)
from pipelines.verification.numbers import QuantityMatch, QuantityOutcome, compare_quantities
from pipelines.verification.polarity import direction_cues
from pipelines.verification.reading import Reading


def predicate_cues(c: Comparison) -> Iterator[Cue]:
    """The claim says which way something goes; the sentence says otherwise or does not speak of it."""
    missing: list[int] = []
    is_said = False
    for index, axes in c.claim.axis_places:
        has_context = bool(c.claim.near(index))
        held = [
            agrees(c, index, side, at, held_side)
            for axis, side in axes
            for at, held_side, shared in counterparts(c, index, axis)
            if shared or not has_context
        ]
        if held and not any(held):
            why = f"the source does not say “{phrase_at(c.claim, index)}” of this, rather the opposite"
            yield Cue("predicate", CueEffect.BLOCKS, why)
        asserts = any(axis in c.claim.lexicon.asserted or side == 1 for axis, side in axes)
        is_said = is_said or (asserts and any(held))
        if asserts and not held:
            missing.append(index)
    if missing and not is_said:
        why = f"the source does not say “{phrase_at(c.claim, missing[0])}” of this"
        yield Cue("predicate", CueEffect.BLOCKS, why)


def main_predicate_cues(c: Comparison) -> Iterator[Cue]:
    """What the claim says of its subject is in no word of the source, however many others they share."""
    at = c.predicate_at
    if at is not None and c.claim.concepts[at] not in c.concepts:
        yield Cue("predicate", CueEffect.BLOCKS, f"the sentence does not say “{c.claim.words[at]}”")


def subject_cues(c: Comparison) -> Iterator[Cue]:
    """What stands before the claim's verb of change is not in the sentence."""
    first = next((i for i, axes in c.claim.axis_places if i), 0)
    subject = [x for x in c.claim.concepts[:first] if x and not x.startswith("~")]
    if subject and not set(subject) & c.concepts:
        yield Cue("subject", CueEffect.BLOCKS, f"the sentence does not speak of “{word_of(c.claim, subject[0])}”")


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
        why = f"the source does not mention “{word_of(c.claim, concept)}”"
        yield Cue("unknown word", CueEffect.MISNAMES, why)


def compared_sides(reading: Reading) -> tuple[frozenset[str], frozenset[str], int] | None:
    """Concepts left and right of a comparison, and where it stands; the right side ends with its clause."""
    lexicon = reading.lexicon
    for index, word in enumerate(reading.words):
        pair = reading.words[index : index + 2]
        is_mark = word in lexicon.comparisons and not reading.tokens[index].is_glued  # not "higher-than-average"
        if is_mark or pair in lexicon.comparison_phrases:
            last = next((i for i in range(index + 1, len(reading.words)) if reading.words[i] in _SIDE_ENDS), None)
            stop = min(index + 9, len(reading.words) if last is None else last)
            plain = [c if c[:1].isalpha() or c[:1] == "=" else "" for c in reading.concepts]
            # "Compared with b, a is less": what is compared stands behind the comma.
            before = (stop, stop + 13) if index == 0 else (max(0, index - 12), index)
            left = frozenset(c for c in plain[before[0] : before[1]] if c)
            right = frozenset(c for c in plain[index + 1 : stop] if c)
            return left - right, right - left, index
    return None


_SIDE_ENDS = frozenset(",;:.()")


def comparison_cues(c: Comparison) -> Iterator[Cue]:
    """“A than B” in the claim, “B than A” in the source, in the same direction."""
    own, held = compared_sides(c.claim), compared_sides(c.source)
    if own is None or held is None:
        return
    crossed = (own[0] & held[1], own[1] & held[0])
    if not (crossed[0] and crossed[1]) or (own[0] & held[0] and own[1] & held[1]):
        return
    turns = any(cue.effect is CueEffect.REFUTES for cue in direction_cues(c))
    first, second = word_of(c.claim, min(crossed[0])), word_of(c.claim, min(crossed[1]))
    effect = CueEffect.BLOCKS if turns else CueEffect.REFUTES
    yield Cue("comparison", effect, f"the source sets “{first}” and “{second}” the other way round")


_ALWAYS_OPEN = frozenset({"whether", "unclear", "hypothesized", "hypothesised", "unknown"})


_RELATIVE = frozenset({"that", "which", "who"})
_AGENTS = frozenset({"we", "was", "were", "that", "which", "who", "they"})
_PASSIVE = frozenset({"was", "were", "been", "be", "is", "are"})


def _aims(source: Reading) -> set[str]:
    """Words that ask or plan. "Compared with usual care" only names the other side of a finding."""
    found = set()
    for place, word in enumerate(source.words):
        before, after = source.words[place - 1 : place], source.words[place + 1 : place + 2]
        names_a_side = word == "compared" and set(after) & {"with", "to"} and not set(before) & _PASSIVE
        describes = set(source.words[max(0, place - 2) : place]) & _RELATIVE and source.words[place - 1] in _AGENTS
        if word in source.lexicon.aims and not names_a_side and not describes:
            found.add(word)
    return found


def states_no_finding(c: Comparison) -> str | None:
    """Why the sentence only asks or plans, in words; None where it states something."""
    lexicon = c.source.lexicon
    source, claim = set(c.source.words), set(c.claim.words)
    aims = sorted((_aims(c.source) - claim) if not source & lexicon.findings else ())
    aims += sorted((source & _ALWAYS_OPEN) - claim)
    phrase = c.source.has_phrase(lexicon.aim_phrases)
    if aims or (phrase and not c.claim.has_phrase(lexicon.aim_phrases)):
        cue = aims[0] if aims else " ".join(phrase or ())
        return f"the sentence asks or plans (“{cue}”) and states no finding"
    return None


def modality_cues(c: Comparison) -> Iterator[Cue]:
    """The source asks, plans or guesses, or says only that it may be; the claim says that it is so."""
    lexicon = c.source.lexicon
    claim = set(c.claim.words)
    no_finding = states_no_finding(c)
    if no_finding is not None:
        yield Cue("aim", CueEffect.MUTES, no_finding)
    is_hedged = bool(claim & lexicon.strong_hedges) or any(t.stem in lexicon.weak_hedges for t in c.claim.tokens)
    hedges = [i for i, word in enumerate(c.source.words) if word in lexicon.strong_hedges]
    if hedges and not is_hedged and said_only_under(c, hedges):
        yield Cue("hedge", CueEffect.BLOCKS, f"the source only says “{c.source.words[hedges[0]]}”")


def said_only_under(c: Comparison, hedges: list[int]) -> bool:
    """Whether something of the claim is said only where it is hedged; a side clause may guess freely."""
    shared = c.claim.concept_set & c.source.concept_set
    return bool(shared - c.source.concepts_outside(hedges))


def removal_cues(c: Comparison) -> Iterator[Cue]:
    """One of the two speaks of what happens when something is taken away, the other does not."""
    subject = frozenset([x for x in c.claim.concepts if x][:2])
    said, held = (_removals(reading, subject) for reading in (c.claim, c.source))
    if bool(said) != bool(held):
        word = min(said or held)
        yield Cue("removal", CueEffect.MISNAMES, f"only one of claim and source speaks of “{word}”")


def _removals(reading: Reading, subject: frozenset[str]) -> set[str]:
    """Words of removal right beside the subject."""
    places = (i for i, word in enumerate(reading.words) if word in reading.lexicon.removals)
    return {reading.words[i] for i in places if reading.near(i, width=3) & subject}


def modifier_cues(c: Comparison) -> Iterator[Cue]:
    """The same thing of another kind: "bladder cancer" where the claim speaks of "pancreatic cancer"."""
    for concept in sorted(c.claim.concept_set & c.source.concept_set):
        own, held = (_modifiers(reading, concept) for reading in (c.claim, c.source))
        if own and held and not own & c.concepts and not held & c.claim.concept_set:
            kinds = f"“{word_of(c.claim, min(own))}” but of “{word_of(c.source, min(held))}”"
            yield Cue("modifier", CueEffect.MISNAMES, f"the source does not speak of {kinds} here")


def _modifiers(reading: Reading, concept: str) -> frozenset[str]:
    """Plain words right before each place of a concept; empty if it stands without one anywhere."""
    found = [reading.concepts[i - 1] if i else "" for i in reading.stem_at.get(concept, ())]
    is_plain = bool(found) and all(x and x[0] not in "~=" and x[0].isalpha() for x in found)
    return frozenset(found) if is_plain and concept[0] != "~" else frozenset()


def quantifier_cues(c: Comparison) -> Iterator[Cue]:
    """The claim says that something holds for most; the source speaks of no majority."""
    lexicon = c.claim.lexicon
    if not any(_is_quantifier(c.claim, i) for i, word in enumerate(c.claim.words) if word == "most"):
        return
    is_share = any(q.unit == "%" and q.value > _HALF for q in c.source.quantities)
    if not is_share and not set(c.source.words) & lexicon.most:
        yield Cue("quantifier", CueEffect.BLOCKS, "the claim says “most”, the source does not")


_HALF = 50.0


def _is_quantifier(reading: Reading, index: int) -> bool:
    """ "In most cells", "most of them"; not "the most durable cell" and not "is most durable"."""
    return index == 0 or reading.words[index - 1] not in reading.lexicon.superlative_after


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
        best = best_counterpart(c, index, *axes[0])
        if best is None:
            continue
        at = best[0]
        own = (set(c.claim.concepts[:index]) - {""}, set(c.claim.concepts[index + 1 :]) - {""})
        held = (set(c.source.concepts[:at]) - {""}, set(c.source.concepts[at + 1 :]) - {""})
        straight = len(own[0] & held[0]) + len(own[1] & held[1])
        if own[0] & held[1] and own[1] & held[0] and straight == 0:
            yield Cue("roles", CueEffect.BLOCKS, "the source names the same things the other way round")
            return
