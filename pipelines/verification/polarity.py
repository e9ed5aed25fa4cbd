"""Rules about which way a finding goes: opposite words, denials, no effect, denying prefixes.

Each rule looks at one `Comparison` and returns cues with the words for them. Does not belong here: what
the sentence leaves out (`content`), what a cue is worth (`closer_look`), word lists (`lexicon`).
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
    is_also_agreed,
    needed_context,
    phrase_at,
    speaks_of_object,
    word_of,
)
from pipelines.verification.reading import AUXILIARIES, Reading


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
                effect = CueEffect.REFUTES if _is_plain_opposite(c, index, axis, side, best) else CueEffect.BLOCKS
                yield Cue("direction", effect, why)
            elif side != held_side and at in c.source.denied:
                # "Not reduced" does not mean "increased".
                yield Cue("direction", CueEffect.BLOCKS, why)


def _is_plain_opposite(c: Comparison, index: int, axis: str, side: int, best: tuple[int, int, int]) -> bool:
    """The opposite of what the claim asserts, of the same object, and nothing in the source agrees."""
    return (
        not _qualifies_subject(c, index)
        and not has_both_sides(c.claim, axis)
        and speaks_of_object(c, index, best[0])
        and not is_also_agreed(c, index, axis, side, best[2])
    )


def _qualifies_subject(c: Comparison, index: int) -> bool:
    """ "Increased traffic" of "increased traffic damages roads"; not "negatively" of "is negatively linked"."""
    if c.predicate_at is None or index >= c.predicate_at:
        return False
    return not set(c.claim.words[max(0, index - 2) : index]) & AUXILIARIES


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
                rule = "plain denial" if _names_both_ends(c, index, at) else "no effect"
                yield Cue(rule, CueEffect.REFUTES, f"the source says “{words}”")


def _names_both_ends(c: Comparison, negator: int, at: int) -> bool:
    """Whether "x had no effect on y" names half of the claim's subject and all of its object."""
    if c.predicate_at is None:
        return False
    subject = frozenset(x for x in c.claim.concepts[: c.predicate_at] if x)
    thing = c.claim.object_of(c.predicate_at)
    before = c.source.clause(negator) & frozenset(c.source.concepts[:negator])
    behind = frozenset(x for x in c.source.concepts[at + 1 :] if x) & c.source.clause(at)
    return bool(thing) and thing <= behind and 2 * len(subject & before) >= len(subject) > 0


def plain_denial_cues(c: Comparison) -> Iterator[Cue]:
    """The claim's own subject and predicate, denied: "speed did not improve" against "speed improved by half"."""
    at = c.predicate_at
    if at is None or c.claim.denials:
        return
    subject = frozenset(x for x in c.claim.concepts[:at] if x)
    for place in c.source.stem_at.get(c.claim.concepts[at], ()):
        same_way = c.source.tokens[place].stem == c.claim.tokens[at].stem
        objects = (c.claim.object_of(at), c.source.object_of(place))
        about_same = bool(objects[0] & objects[1]) or not any(objects)
        before = c.source.near(place) & c.source.clause(place)
        if same_way and place in c.source.denied and subject and subject <= before and about_same:
            why = f"the source says “not {c.source.words[place]}” of “{word_of(c.claim, min(subject))}”"
            yield Cue("plain denial", CueEffect.REFUTES, why)


def plateau_cues(c: Comparison) -> Iterator[Cue]:
    """ "Above 200 there was no further gain" against a claim that something still grew above 200."""
    bounds = {(q.value, q.unit, q.comparison) for q in c.claim.quantities if (q.comparison or " ")[0] in "<>"}
    shared = bounds & {(q.value, q.unit, q.comparison) for q in c.source.quantities}
    if not shared or c.claim.denials or not c.claim.axis_places:
        return
    words, lexicon = c.source.words, c.source.lexicon
    for i, word in enumerate(words[:-2]):
        gains = {t.stem for t in c.source.tokens[i + 2 : i + 4]} & lexicon.plateau_nouns
        if word in lexicon.plateau_deniers and words[i + 1] in lexicon.plateau_words and gains:
            yield Cue("plateau", CueEffect.REFUTES, f"the source says “{' '.join(words[i : i + 3])}” of this range")


def unchanged_cues(c: Comparison) -> Iterator[Cue]:
    """The claim asserts a change of what the source finds unchanged."""
    lexicon = c.source.lexicon
    if c.claim.denials or set(c.claim.words) & lexicon.unchanged:
        return
    places = [i for i, word in enumerate(c.source.words) if word in lexicon.unchanged]
    places += [i for i in range(len(c.source.words)) if c.source.words[i : i + 2] in lexicon.unchanged_phrases]
    for at in places:
        clause = c.source.clause(at)
        for index, axes in c.claim.axis_places:
            things = c.claim.following(index) or c.claim.near(index)
            is_change = any(axis in lexicon.asserted for axis, _ in axes)
            if is_change and len(things & clause) >= min(2, len(things)) and not _qualifies_subject(c, index):
                why = f"the claim says “{c.claim.words[index]}”, the source “{c.source.words[at]}”"
                yield Cue("unchanged", CueEffect.REFUTES, why)


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
