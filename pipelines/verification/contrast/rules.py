"""The table of rewriting rules, and how one rewriting is picked.

Input: a sentence; output: its rewritings by kind. Does not belong here: the rules (`negation`, `antonyms`,
`figures`, `comparisons`, `cohyponyms`, `paraphrases`), rows (`rows`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pipelines.verification.contrast.antonyms import exchange_verb, exchange_word
from pipelines.verification.contrast.cohyponyms import exchange_cohyponym
from pipelines.verification.contrast.comparisons import exchange_contrast, exchange_sides
from pipelines.verification.contrast.figures import change_number
from pipelines.verification.contrast.negation import (
    assert_auxiliary,
    assert_failed,
    assert_neither,
    assert_no_noun,
    assert_without,
    deny_auxiliary,
    deny_verb,
)
from pipelines.verification.contrast.paraphrases import (
    drop_adverb,
    drop_bracket,
    drop_opening,
    drop_rest,
    exchange_phrase,
    exchange_synonym,
    make_passive,
    write_digit,
)
from pipelines.verification.contrast.rewriting import CONTRARY_KINDS, RewriteKind, Rewriting
from pipelines.verification.contrast.sentence import Sentence, is_finding, read_sentence
from pipelines.verification.contrast.vocabulary import Vocabulary, load_vocabulary

Rule = Callable[[Sentence, Vocabulary], Iterator[Rewriting]]

RULES: Mapping[RewriteKind, tuple[Rule, ...]] = MappingProxyType(
    {
        RewriteKind.NEGATION: (deny_auxiliary, deny_verb),
        RewriteKind.NEGATION_REMOVED: (
            assert_auxiliary,
            assert_failed,
            assert_no_noun,
            assert_without,
            assert_neither,
        ),
        RewriteKind.VERB_ANTONYM: (exchange_verb,),
        RewriteKind.ADJECTIVE_ANTONYM: (exchange_word,),
        RewriteKind.NUMBER: (change_number,),
        RewriteKind.COMPARISON_SWAP: (exchange_sides, exchange_contrast),
        RewriteKind.COHYPONYM_SWAP: (exchange_cohyponym,),
        RewriteKind.PARAPHRASE: (
            exchange_synonym,
            exchange_phrase,
            write_digit,
            drop_adverb,
            drop_bracket,
            drop_opening,
            drop_rest,
            make_passive,
        ),
    }
)


def rewritings(sentence: Sentence, kind: RewriteKind, vocabulary: Vocabulary) -> tuple[Rewriting, ...]:
    """Every rewriting of that kind, in the order of the text."""
    made = (r for rule in RULES[kind] for r in rule(sentence, vocabulary))
    return tuple(r for r in made if r.text != sentence.text)


def rewrite(text: str, kind: RewriteKind, rng: random.Random, vocabulary: Vocabulary | None = None) -> Rewriting | None:
    """One rewriting of a finding, or None where the rules of that kind find no safe place."""
    vocabulary = vocabulary or load_vocabulary()
    sentence = read_sentence(text, vocabulary)
    if sentence is None or (kind in CONTRARY_KINDS and not is_finding(sentence, vocabulary)):
        return None
    made = rewritings(sentence, kind, vocabulary)
    return rng.choice(made) if made else None
