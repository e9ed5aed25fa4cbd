"""The table of all rules: what, besides shared words, speaks for or against reading a sentence as saying a claim.

A cue refutes (the source says otherwise), blocks (it does not say this) or mutes (the sentence states no
finding). Does not belong here: the rules (`polarity`, `content`), what a cue is worth (`closer_look`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from pipelines.verification.comparison import Comparison, Cue, CueEffect
from pipelines.verification.content import (
    absolute_cues,
    comparison_cues,
    main_predicate_cues,
    modality_cues,
    modifier_cues,
    name_cues,
    number_cues,
    predicate_cues,
    quantifier_cues,
    removal_cues,
    role_cues,
    subject_cues,
)
from pipelines.verification.polarity import (
    denial_cues,
    direction_cues,
    lone_denial_cues,
    no_effect_cues,
    plain_denial_cues,
    plateau_cues,
    prefix_cues,
    unchanged_cues,
)

RULES: tuple[Callable[[Comparison], Iterator[Cue]], ...] = (
    predicate_cues,
    main_predicate_cues,
    subject_cues,
    direction_cues,
    denial_cues,
    lone_denial_cues,
    no_effect_cues,
    plain_denial_cues,
    plateau_cues,
    unchanged_cues,
    prefix_cues,
    number_cues,
    name_cues,
    comparison_cues,
    modality_cues,
    absolute_cues,
    quantifier_cues,
    removal_cues,
    modifier_cues,
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
