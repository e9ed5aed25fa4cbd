"""Rows for training made from abstracts: a claim, a piece of evidence, and what the one says of the other.

A finding and its contrary are held against the sentence and its contrary, so that neither the claim alone nor
the evidence alone gives the label away. Input: abstracts already in sentences; output: `ContrastRow`. Does not
belong here: how a sentence is rewritten (`rules`), rows in other words (`reworded`), reading files.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pipelines.extraction.word_lists import words
from pipelines.models import ClaimVerdict
from pipelines.verification.contrast.abbreviations import abbreviations_of, with_long_forms
from pipelines.verification.contrast.entities import NamePool, names_in, with_other_name
from pipelines.verification.contrast.neighbours import Neighbours
from pipelines.verification.contrast.paraphrases import paraphrased
from pipelines.verification.contrast.rewriting import CONTRARY_KINDS, RewriteKind, Rewriting
from pipelines.verification.contrast.rules import rewritings
from pipelines.verification.contrast.sentence import Sentence, is_finding, read_sentence
from pipelines.verification.contrast.vocabulary import Vocabulary, load_vocabulary

MAX_SENTENCES = 60
RARE = frozenset({RewriteKind.COMPARISON_SWAP, RewriteKind.COHYPONYM_SWAP})  # several rows of one sentence
_REPEATS = 3
_COMPARATIVES = words(
    "higher lower greater smaller larger more less better worse faster slower longer shorter stronger weaker"
)
# How often a kind is taken where several can be: rare kinds first.
WEIGHTS: Mapping[RewriteKind, float] = MappingProxyType(
    {
        RewriteKind.NEGATION: 0.6,
        RewriteKind.NEGATION_REMOVED: 6.0,
        RewriteKind.VERB_ANTONYM: 3.0,
        RewriteKind.ADJECTIVE_ANTONYM: 3.0,
        RewriteKind.NUMBER: 3.0,
        RewriteKind.COMPARISON_SWAP: 12.0,
        RewriteKind.COHYPONYM_SWAP: 12.0,
    }
)
ENTITY_SWAP = "entity_swap"
_TRIED = 0.4  # share of the sentences that a name is exchanged in, until one is found
_SHARES = (0.0, 0.3, 0.6, 0.9)
_SPELLED_OUT = 0.4  # chance that a claim spells out, or shortens, what the abstract abbreviates
_NOT_ENOUGH = 0.75  # chance that a group gets a row that its evidence says nothing of


@dataclass(frozen=True)
class Abstract:
    """`doc_id` is unique over all sources; `origin` names the source and so the licence."""

    doc_id: str
    origin: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class ContrastRow:
    """`group` is the document's id, "#" and a number: rows of a group belong on one side of any split."""

    claim: str
    evidence: str
    label: ClaimVerdict
    kind: str
    group: str
    origin: str


@dataclass(frozen=True)
class Pair:
    """A statement as it stands and its contrary."""

    said: str
    contrary: str


Contrast = tuple[RewriteKind, Pair, Pair]  # claims, then evidence


def contrast_rows(documents: Iterable[Abstract], rng: random.Random, *, per_document: int) -> Iterator[ContrastRow]:
    """At most `per_document` groups of four rows for each abstract, and rows without an answer beside them."""
    vocabulary = load_vocabulary()
    held = tuple(documents)
    neighbours = Neighbours.of({d.doc_id: d.sentences[:MAX_SENTENCES] for d in held})
    names = NamePool.of(s for d in held for s in d.sentences[:MAX_SENTENCES])
    for document in held:
        yield from _rows_of(document, rng, per_document, neighbours, vocabulary)
        yield from _renamed(document, rng, names, vocabulary)


def _rows_of(
    document: Abstract, rng: random.Random, limit: int, neighbours: Neighbours, vocabulary: Vocabulary
) -> Iterator[ContrastRow]:
    sentences = document.sentences[:MAX_SENTENCES]
    long_forms = abbreviations_of(sentences)
    found = [
        (text, made)
        for text in sentences
        for made in _variants(contrast_pairs(text, rng, vocabulary, long_forms), text, rng, vocabulary)
    ]
    # Rare kinds first, or they would be crowded out; the draw between equals is by chance.
    found.sort(key=lambda one: -WEIGHTS[one[1][0]] * rng.random())
    for number, (text, (kind, claims, evidence)) in enumerate(found[:limit]):
        group = f"{document.doc_id}#{number}"
        yield from quad(claims, evidence, kind, group, document.origin)
        if rng.random() < _NOT_ENOUGH:
            yield from _unanswered(document, text, claims, rng, neighbours, group)


def _renamed(document: Abstract, rng: random.Random, names: NamePool, vocabulary: Vocabulary) -> Iterator[ContrastRow]:
    """One finding told of another name: each claim follows from its own evidence, and not from the other's."""
    sentences = [s for s in document.sentences[:MAX_SENTENCES] if rng.random() < _TRIED]
    for text in sentences:
        sentence = read_sentence(text, vocabulary)
        if sentence is None or not is_finding(sentence, vocabulary):
            continue
        said = as_claim(paraphrased(text, rng, vocabulary, share=rng.choice(_SHARES)))
        found = [n for n in names_in(sentence) if with_other_name(said, n, "") != said]
        name = rng.choice(found) if found else None
        other = names.other(name, rng) if name is not None else None
        if name is None or other is None or other in text:
            continue
        claims = Pair(said, with_other_name(said, name, other))
        evidence = Pair(text, with_other_name(text, name, other))
        group = f"{document.doc_id}#{ENTITY_SWAP}"
        for row in quad(claims, evidence, ENTITY_SWAP, group, document.origin):
            is_refuted = row.label is ClaimVerdict.REFUTED
            yield replace(row, label=ClaimVerdict.NOT_ENOUGH_INFO) if is_refuted else row
        return


def _variants(made: Contrast | None, text: str, rng: random.Random, vocabulary: Vocabulary) -> Iterator[Contrast]:
    """The contrast itself; of a rare kind also others of the sentence, and a comparison told from the other end."""
    if made is None:
        return
    yield made
    if made[0] not in RARE:
        return
    for _ in range(_REPEATS):
        again = contrast_pairs(text, rng, vocabulary)
        if again is not None and again[0] is made[0] and again[1:] != made[1:]:
            yield again
    told = told_from_the_other_end(made[1], vocabulary) if made[0] is RewriteKind.COMPARISON_SWAP else None
    if told is not None:
        yield made[0], told, made[2]


def told_from_the_other_end(claims: Pair, vocabulary: Vocabulary) -> Pair | None:
    """ "A higher than b" as "b lower than a", with "a lower than b" for its contrary; None where it cannot be."""
    turned: list[str] = []
    for text in (claims.contrary, claims.said):
        sentence = read_sentence(text, vocabulary)
        if sentence is None or "than" not in sentence.low or len(_COMPARATIVES & set(sentence.low)) != 1:
            return None
        made = rewritings(sentence, RewriteKind.ADJECTIVE_ANTONYM, vocabulary)
        held = [r for r in made if r.before.casefold().split()[-1] in _COMPARATIVES]
        if not held:
            return None
        turned.append(held[0].text)
    return Pair(turned[0], turned[1])


def quad(claims: Pair, evidence: Pair, kind: RewriteKind | str, group: str, origin: str) -> tuple[ContrastRow, ...]:
    """Both claims against both pieces of evidence: two supported, two refuted."""
    yes, no = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED
    cells = (
        (claims.said, evidence.said, yes),
        (claims.contrary, evidence.said, no),
        (claims.said, evidence.contrary, no),
        (claims.contrary, evidence.contrary, yes),
    )
    return tuple(ContrastRow(c, e, label, str(kind), group, origin) for c, e, label in cells)


def contrast_pairs(
    text: str, rng: random.Random, vocabulary: Vocabulary, long_forms: Mapping[str, str] = MappingProxyType({})
) -> Contrast | None:
    """A claim made from the sentence with its contrary, and the sentence with its contrary; None if not safe."""
    sentence = read_sentence(text, vocabulary)
    if sentence is None or not is_finding(sentence, vocabulary):
        return None
    reworded = paraphrased(text, rng, vocabulary, share=rng.choice(_SHARES))
    said = as_claim(with_long_forms(reworded, long_forms) if rng.random() < _SPELLED_OUT else reworded)
    claim = read_sentence(said, vocabulary)
    if claim is None:
        return None
    places = {kind: _shared_places(sentence, claim, kind, vocabulary) for kind in CONTRARY_KINDS}
    kinds = [kind for kind in CONTRARY_KINDS if places[kind]]
    if not kinds:
        return None
    kind = rng.choices(kinds, [WEIGHTS[k] for k in kinds])[0]
    of_claim, of_sentence = rng.choice(places[kind])
    left = rng.choice(of_claim)
    right = rng.choice(of_sentence if kind in _FREE else [r for r in of_sentence if _same(left, r)] or of_sentence)
    if kind not in _FREE and not _same(left, right):
        return None
    return kind, Pair(said, as_claim(left.text)), Pair(text, right.text)


# Of these kinds any word of the other side will do on either hand.
_FREE = frozenset({RewriteKind.NEGATION, RewriteKind.NEGATION_REMOVED, RewriteKind.VERB_ANTONYM})


def _same(left: Rewriting, right: Rewriting) -> bool:
    return left.after.casefold() == right.after.casefold()


def _shared_places(
    sentence: Sentence, claim: Sentence, kind: RewriteKind, vocabulary: Vocabulary
) -> list[tuple[list[Rewriting], list[Rewriting]]]:
    """Places that both can be rewritten at, told by their words; a word that stands twice is no place."""
    of_claim, of_sentence = (_by_place(s, kind, vocabulary) for s in (claim, sentence))
    return [(of_claim[k], of_sentence[k]) for k in of_claim if k in of_sentence]


def _by_place(sentence: Sentence, kind: RewriteKind, vocabulary: Vocabulary) -> dict[str, list[Rewriting]]:
    found: dict[str, list[Rewriting]] = {}
    starts: dict[str, set[int]] = {}
    for one in rewritings(sentence, kind, vocabulary):
        key = one.before.casefold()
        found.setdefault(key, []).append(one)
        starts.setdefault(key, set()).add(one.edits[0].start)
    counts = Counter(sentence.low)
    return {k: v for k, v in found.items() if len(starts[k]) == 1 and counts[k] <= 1}


def as_claim(text: str) -> str:
    """With a capital and a full stop."""
    text = text.strip().rstrip(" .;:,")
    return f"{text[:1].upper()}{text[1:]}."


def _unanswered(
    document: Abstract,
    text: str,
    claims: Pair,
    rng: random.Random,
    neighbours: Neighbours,
    group: str,
) -> Iterator[ContrastRow]:
    """The same claims against a sentence that says nothing of them: of this abstract, or of another like it."""
    claim = rng.choice((claims.said, claims.contrary))
    label = ClaimVerdict.NOT_ENOUGH_INFO
    if rng.random() < 0.5:
        other = neighbours.elsewhere_in(document.doc_id, text, rng)
        kind = "other_sentence"
    else:
        other = neighbours.like(claim, document.doc_id)
        kind = "other_abstract"
    if other is not None:
        yield ContrastRow(claim, other, label, kind, group, document.origin)


def is_balanced(rows: Sequence[ContrastRow]) -> bool:
    """Every claim text and every evidence text of decided rows has each label equally often.

    Rows with an exchanged name stand apart: they are supported or open, never refuted.
    """
    sides: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.label is not ClaimVerdict.NOT_ENOUGH_INFO and row.kind != ENTITY_SWAP:
            weight = 1 if row.label is ClaimVerdict.SUPPORTED else -1
            sides[("claim", row.claim)] += weight
            sides[("evidence", row.evidence)] += weight
    return not any(sides.values())
