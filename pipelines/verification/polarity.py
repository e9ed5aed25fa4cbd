"""Rules about which way a finding goes: opposite words, denials, no effect, denying prefixes.

Each rule looks at one `Comparison` and returns cues with the words for them. Does not belong here: what
the sentence leaves out (`content`), weighing (`stance`), word lists (`lexicon`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.verification.comparison import (
    Comparison,
    Cue,
    CueEffect,
    agrees,
    best_counterpart,
    has_both_sides,
    needed_context,
    phrase_at,
    word_of,
)
from pipelines.verification.reading import Reading


def direction_cues(c: Comparison) -> Iterator[Cue]:
    """Opposite sides of one axis, or the same side denied on one hand only, about the same thing."""
    for index, axes in c.claim.axis_places:
        for axis, side in axes:
            best = best_counterpart(c, index, axis, side)
            if best is None or best[2] < needed_context(c, index, axis):
                continue
            at, held_side, _ = best
            said, held = phrase_at(c.claim, index), phrase_at(c.source, at)
            why = f"the claim says “{said}”, the source “{held}”"
            if not agrees(c, index, side, at, held_side):
                # "Larger ones beat smaller ones": a claim with both sides needs more than one word.
                mixed = has_both_sides(c.claim, axis)
                yield Cue("direction", CueEffect.BLOCKS if mixed else CueEffect.REFUTES, why)
            elif side != held_side and at in c.source.denied:
                # "Not reduced" does not mean "increased".
                yield Cue("direction", CueEffect.BLOCKS, why)


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
            if reading.words[negator] == "without" and other.has_open_without:
                continue
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


def lone_denial_cues(c: Comparison) -> Iterator[Cue]:
    """One side holds a denial that reaches what both speak of, the other holds none at all."""
    shared = c.claim.concept_set & c.source.concept_set
    said = set(c.claim.words) & c.claim.lexicon.negators
    if (c.claim.denials or said) and not c.source.denials:
        yield Cue("lone denial", CueEffect.BLOCKS, "the claim denies something, the sentence denies nothing")
    denied_there = {c.source.concepts[i] for i in c.source.denied}
    for negator, found in c.claim.denials:
        if c.claim.words[negator] == "without" and c.source.has_open_without:
            continue
        reached = {c.claim.concepts[i] for i in found} & shared
        axes = {x for x in reached if x.startswith("~")}
        if c.source.denials and reached and not axes and not reached & denied_there:
            word = word_of(c.claim, min(reached))
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
