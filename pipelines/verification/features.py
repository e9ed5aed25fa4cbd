"""The features by which a claim is held against a source: per sentence, per pair, and over the whole source.

Owns their names and how each is computed; the table that is stored in the warehouse has these columns. All are
numbers, none needs a network or a model file. Does not belong here: what they are worth (`estimators`, and the
coefficients that `make train` finds), the verdict. Shapes are given as (rows, columns).

Sources: coverage by rarity after BM25's idf; agreement on antonym axes and its weight in polarity: own measurement
(docs/decisions.md); word-vector alignment after the soft cosine of Sidorov et al., 2014.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.verification.numbers import QuantityOutcome, compare_quantities
from pipelines.verification.profiles import Floats, Profile, SourceProfile, Term, is_inflected

_PREFIX = 5
_PREFIX_WORTH = 0.6  # of a word that the sentence holds in another form only
_UNRELATED = 0.35  # cosine up to which two words have nothing to do with each other
_SAME_FIELD = 0.25  # cosine up to which two sentences have not
_NEAR = 0.5  # cosine from which two words count as near
_FAR = 0.45  # ... and below which nothing in the sentence answers a word
_RARE = 5.5  # weight from which a missing word counts as a rare one
_FAR_BEHIND = 0.35  # of the best score
_LEADING = 3  # sentences that are weighed together

_COVERAGE = ("coverage", "jaccard", "share of words", "bigrams", "cosine", "codes", "numbers")
_MISSING = ("rarest missing", "second rarest missing", "rare missing")
SENTENCE_MARKS = ("concludes", "asks", "length", "hedges", "finds nothing", "denials", "contrasts")
_FORMS = ("other forms", "coverage with forms", "concepts")
_NEARNESS = ("near words", "very near words", "vector cosine", "least near word", "unanswered words")
_CONTEXT = ("told nearby", "source coverage", "title coverage", "absent from source")
_LIKENESS = (*_COVERAGE, *_FORMS, *_NEARNESS[:-1])  # of which a sentence that is about something else has little
_STANDING = ("coverage", "cosine", "concepts", "near words", "vector cosine")

SENTENCE_FEATURES: tuple[str, ...] = (
    *_COVERAGE,
    *_MISSING,
    *SENTENCE_MARKS,
    *_FORMS,
    *_NEARNESS,
    *_CONTEXT,
    *(f"{name}, behind the best" for name in _STANDING),
    *(f"{name}, rank" for name in _STANDING[:3]),  # places by word vectors are noise among unrelated sentences
)
POLARITY_FEATURES: tuple[str, ...] = (
    "axes agree",
    "axes differ",
    "best agreement",
    "best difference",
    "agreement over difference",
    "differ more",
    "axes unanswered",
    "axes of the claim",
    "directions together",
    "directions, sign",
    "first direction",
    "last direction",
    "denied on both hands",
    "denied on one hand",
    "one hand denies",
    "claim denies",
    "sentence denies",
    "finds nothing, claim asserts",
    "finds nothing, claim denies",
    "claim denies, sentence asserts",
    "numbers shared",
    "numbers missing",
    "quantities agree",
    "quantities differ",
    "quantities absent",
    "opposite prefixes",
    "claim hedges",
    "sentence hedges",
    "sentence contrasts",
    "compared alike",
    "compared crosswise",
    "comparison agrees",
    "another of its kind",
)
_DOCUMENT = (
    "best score",
    "second score",
    "third score",
    "share of words in source",
    "title vector cosine",
    "has a title",
    "words of the claim",
    "claim hedges",
    "claim denies",
    "numbers of the claim",
)
EVIDENCE_FEATURES: tuple[str, ...] = (
    *(f"best: {name}" for name in SENTENCE_FEATURES),
    *(f"most: {name}" for name in _LIKENESS),
    *(f"weighed: {name}" for name in _LIKENESS),
    *_DOCUMENT,
)
_RIVALRY = ("coverage", "cosine", "concepts", "near words", "very near words", "vector cosine", "told nearby")
SEARCH_FEATURES: tuple[str, ...] = (
    "rank",
    "closeness",
    *(f"best: {name}, before the others" for name in (*_RIVALRY, "score")),
    *(f"best: {name}, share of others behind" for name in (*_RIVALRY, "score")),
)
ENCODER_SENTENCE_FEATURES = ("encoder cosine", "encoder cosine, behind the best", "encoder cosine, rank")
POSITION_FEATURES = ("position", "last", "source length")
MOST_SENTENCES = 30.0  # a longer source counts as one of this many
STANCE_FEATURES: tuple[str, ...] = (
    *(f"best: {name}" for name in POLARITY_FEATURES),
    *(f"weighed: {name}" for name in POLARITY_FEATURES),
    *(f"most: {name}" for name in POLARITY_FEATURES),
    *(f"title: {name}" for name in POLARITY_FEATURES),
    "best: jaccard",
    "best: coverage",
    "best: near words",
)


_MOST_RANK = 10.0
_RIVALRY_AT = [EVIDENCE_FEATURES.index(f"best: {name}") for name in _RIVALRY] + [EVIDENCE_FEATURES.index("best score")]
_LIKENESS_AT = [SENTENCE_FEATURES.index(name) for name in _LIKENESS]


def sentence_features(claim: Profile, source: SourceProfile) -> Floats:
    """(sentences, `SENTENCE_FEATURES`) of one claim against each sentence of a source that has any."""
    held = _incidence(claim.stems, source.stem_places, len(source.sentences))
    covered, missing = claim.weights @ held, claim.weights[:, None] * (1.0 - held)
    coverage = covered / claim.total
    words = held.sum(axis=0)
    cosine = covered / np.sqrt(claim.total * source.totals)
    forms = _other_forms(claim, source, held)
    concepts = _concept_coverage(claim, source)
    near = _nearness(claim, source, held)
    standing = np.stack([coverage, cosine, concepts, near[:, 0], near[:, 2]])
    columns = [
        coverage,
        words / np.maximum(1.0, len(claim.stems) + source.sizes - words),
        words / max(1, len(claim.stems)),
        _bigram_share(claim, source),
        cosine,
        _shares(claim.codes, [s.codes for s in source.sentences]),
        _shares(claim.numbers, [s.numbers for s in source.sentences]),
        *_rarest_missing(missing),
        *source.marks.T,
        forms,
        coverage + forms,
        concepts,
        *near.T,
        *_context(claim, source, held, missing),
        *(standing - standing.max(axis=1, keepdims=True)),
        *_ranks(standing[:3]),
    ]
    return np.stack(columns, axis=1)


def _incidence(terms: Sequence[Term], places: Mapping[Term, list[int]], sentences: int) -> Floats:
    """(terms, sentences): 1 where a sentence holds a term."""
    held = np.zeros((len(terms), sentences))
    for i, term in enumerate(terms):
        found = places.get(term)
        if found:
            held[i, found] = 1.0
    return held


def _bigram_share(claim: Profile, source: SourceProfile) -> Floats:
    counts = np.zeros(len(source.sentences))
    for bigram in claim.bigrams:
        for at in source.bigram_places.get(bigram, ()):
            counts[at] += 1.0
    return counts / max(1, len(claim.bigrams))


def _shares(wanted: frozenset[str], held: Sequence[frozenset[str]]) -> Floats:
    """Share of what the claim names that each sentence names; one half where it names nothing."""
    if not wanted:
        return np.full(len(held), 0.5)
    return np.array([len(wanted & one) / len(wanted) for one in held])


def _rarest_missing(missing: Floats) -> tuple[Floats, Floats, Floats]:
    ordered = -np.sort(-missing, axis=0)
    none = np.zeros(missing.shape[1])
    first = ordered[0] if len(ordered) else none
    second = ordered[1] if len(ordered) > 1 else none
    return first, second, (missing >= _RARE).sum(axis=0).astype(float)


def _other_forms(claim: Profile, source: SourceProfile, held: Floats) -> Floats:
    """Share of the claim's weight that a sentence holds in another form only, at less worth."""
    found = np.zeros(len(source.sentences))
    for i, stem in enumerate(claim.stems):
        if is_inflected(stem):
            for at in source.prefix_places.get(stem[:_PREFIX], ()):
                if not held[i, at]:
                    found[at] += _PREFIX_WORTH * claim.weights[i]
    return found / claim.total


def _concept_coverage(claim: Profile, source: SourceProfile) -> Floats:
    held = _incidence(claim.concepts, source.concept_places, len(source.sentences))
    return np.asarray(claim.concept_weights @ held) / (float(claim.concept_weights.sum()) or 1.0)


def _nearness(claim: Profile, source: SourceProfile, held: Floats) -> Floats:
    """(sentences, `_NEARNESS`) by word vectors; a word without one counts only where it stands itself."""
    sentences = len(source.sentences)
    known, weights = claim.known, claim.weights[claim.known]
    best = np.zeros((len(known), sentences))
    table, starts, filled = source.stacked
    if len(known) and len(filled):
        near = claim.matrix @ table.T
        best[:, filled] = np.maximum.reduceat(near, starts, axis=1)
    answered = np.clip((best - _UNRELATED) / (1.0 - _UNRELATED), 0.0, 1.0)
    unknown = np.ones(len(claim.stems), dtype=bool)
    unknown[known] = False
    exact = claim.weights[unknown] @ held[unknown]
    return np.stack(
        [
            (weights @ answered + exact) / claim.total,
            (weights @ np.where(best > _NEAR, best, 0.0) + exact) / claim.total,
            np.clip(source.mean_vectors @ claim.mean_vector - _SAME_FIELD, 0.0, 1.0),
            answered.min(axis=0) if len(known) else np.zeros(sentences),
            (weights @ (best < _FAR)) / claim.total,
        ],
        axis=1,
    )


def _context(claim: Profile, source: SourceProfile, held: Floats, missing: Floats) -> tuple[Floats, ...]:
    """What the sentence leaves out and its neighbours or the title tell; what the source tells at all."""
    sentences = held.shape[1]
    titled = np.array([float(stem in source.title.weight_of) for stem in claim.stems])
    around = np.repeat(titled[:, None], sentences, axis=1)
    around[:, 1:] = np.maximum(around[:, 1:], held[:, :-1])
    around[:, :-1] = np.maximum(around[:, :-1], held[:, 1:])
    anywhere = np.maximum(held.max(axis=1), titled)
    whole = np.ones(sentences)
    return (
        (missing * around).sum(axis=0) / claim.total,
        whole * float(claim.weights @ anywhere) / claim.total,
        whole * float(claim.weights @ titled) / claim.total,
        whole * float(len(anywhere) - anywhere.sum()),
    )


def position_features(sentences: int) -> Floats:
    """(sentences, `POSITION_FEATURES`): used to choose what is quoted, never for the verdict."""
    at = np.arange(sentences)
    last = (at == sentences - 1).astype(float)
    return np.stack([at / max(1, sentences - 1), last, np.full(sentences, min(MOST_SENTENCES, sentences))], axis=1)


def encoder_features(cosines: Floats) -> Floats:
    """(sentences, `ENCODER_SENTENCE_FEATURES`) from the cosine of the claim with each sentence."""
    return np.stack([cosines, cosines - cosines.max(), _ranks(cosines[None, :])[0]], axis=1)


def _ranks(standing: Floats) -> Floats:
    """1 for the best sentence of the source, 1/2 for the next, and so on; equals share the better place."""
    ahead = (standing[:, :, None] < standing[:, None, :]).sum(axis=2)
    return np.asarray(1.0 / (ahead + 1.0))


def polarity_features(claim: Profile, sentence: Profile) -> Floats:
    """(`POLARITY_FEATURES`,) of a claim and one sentence: which way each goes, and whether about the same."""
    return np.array(
        [
            *_axes(claim, sentence),
            *_directions(claim, sentence),
            *_denials(claim, sentence),
            *_numbers(claim, sentence),
            float(min(_opposite_prefixes(claim, sentence), 2)),
            float(min(claim.hedges, 2)),
            float(min(sentence.hedges, 2)),
            float(sentence.contrasts),
            *_comparisons(claim, sentence),
            float(min(_another_of_its_kind(claim, sentence), 2)),
        ]
    )


_APART = 0.3  # what a pair of words on one axis weighs that share no context
_MOST_CONTEXT = 6.0


def _axes(claim: Profile, sentence: Profile) -> tuple[float, ...]:
    """Words of the claim on an antonym axis, against the words on the same axis in the sentence.

    Each pair weighs by the concepts that stand around both; a denial turns a side round.
    """
    agree = differ = most_agree = most_differ = 0.0
    unanswered = 0
    for axes, around, denied in claim.axis_contexts:
        answered = False
        for other_axes, other_around, other_denied in sentence.axis_contexts:
            for axis, side in axes:
                for name, other_side in other_axes:
                    if name != axis:
                        continue
                    answered = True
                    weight = _APART + len((around & other_around) - {"~" + axis})
                    if (side == other_side) == (denied == other_denied):
                        agree, most_agree = agree + weight, max(most_agree, weight)
                    else:
                        differ, most_differ = differ + weight, max(most_differ, weight)
        unanswered += not answered
    agreed, differed = math.log1p(agree), math.log1p(differ)
    return (
        agreed,
        differed,
        min(most_agree, _MOST_CONTEXT),
        min(most_differ, _MOST_CONTEXT),
        agreed - differed,
        float(differ > agree),
        float(unanswered),
        float(len(claim.axis_contexts)),
    )


def _directions(claim: Profile, sentence: Profile) -> tuple[float, ...]:
    mine, theirs = claim.directions, sentence.directions
    here, there = sum(mine), sum(theirs)
    first = mine[0] if mine else 0
    return (
        math.tanh(here / 2) * math.tanh(there / 2),
        float(np.sign(here) * np.sign(there)),
        float(first * theirs[0]) if theirs else 0.0,
        float(first * theirs[-1]) if theirs else 0.0,
    )


def _denials(claim: Profile, sentence: Profile) -> tuple[float, ...]:
    shared = claim.weight_of.keys() & sentence.weight_of.keys()
    # Sets have an order of their own in each process; an exact sum has none.
    total = math.fsum(claim.weight_of[stem] for stem in shared) or 1.0
    both = math.fsum(claim.weight_of[x] for x in shared & claim.denied_stems & sentence.denied_stems)
    one = math.fsum(claim.weight_of[x] for x in shared & (claim.denied_stems ^ sentence.denied_stems))
    denies, denied = bool(claim.reading.denials), bool(sentence.reading.denials)
    none, said_none = claim.finds_nothing > 0, sentence.finds_nothing > 0
    return (
        both / total,
        one / total,
        float(denies != denied),
        float(denies),
        float(denied),
        float(said_none and not none and not denies),
        float(said_none and (none or denies)),
        float((none or denies) and not said_none and not denied),
    )


def _numbers(claim: Profile, sentence: Profile) -> tuple[float, ...]:
    outcomes = quantity_outcomes(claim, sentence)
    return (
        float(len(claim.numbers & sentence.numbers)),
        float(len(claim.numbers - sentence.numbers)),
        float(outcomes.count(QuantityOutcome.AGREES)),
        float(outcomes.count(QuantityOutcome.DIFFERS) + outcomes.count(QuantityOutcome.CROSSED)),
        float(outcomes.count(QuantityOutcome.ABSENT)),
    )


def quantity_outcomes(claim: Profile, sentence: Profile) -> list[QuantityOutcome]:
    """What the sentence says of each quantity of the claim."""
    if not claim.numbers and not claim.reading.quantities:
        return []
    held = sentence.reading.quantities
    text = sentence.reading.text
    matches = compare_quantities(claim.reading.quantities, text, claim_text=claim.reading.text, held=held)
    return [match.outcome for match in matches]


def _opposite_prefixes(claim: Profile, sentence: Profile) -> int:
    """Words that stand on one hand, and on the other only with a denying or an opposite prefix."""
    found = 0
    for one, other in ((claim, sentence), (sentence, claim)):
        for table in (other.without_prefix, other.with_opposite_prefix):
            for word in one.word_set & table.keys():
                found += word not in other.word_set and bool(table[word] - one.word_set)
    return found


def _comparisons(claim: Profile, sentence: Profile) -> tuple[float, float, float]:
    """Whether the two sides stand in the same order, and whether the same one is said to be more."""
    mine, theirs = claim.compared, sentence.compared
    if mine is None or theirs is None:
        return 0.0, 0.0, 0.0
    alike = len(mine[0] & theirs[0]) + len(mine[1] & theirs[1])
    crosswise = len(mine[0] & theirs[1]) + len(mine[1] & theirs[0])
    order = float(np.sign(alike - crosswise))
    return float(order > 0), float(order < 0), order * mine[2] * theirs[2]


def _another_of_its_kind(claim: Profile, sentence: Profile) -> int:
    """Kinds (colours, sides, countries) of which the sentence names another one than the claim, and not the claim's."""
    held = sentence.kinds
    return sum(bool(held.get(kind)) and not names & held[kind] for kind, names in claim.kinds.items() if kind in held)


def evidence_features(claim: Profile, source: SourceProfile, sentences: Floats, scores: Floats) -> Floats:
    """(`EVIDENCE_FEATURES`,) of a claim and a source; `sentences` as above, `scores` (sentences,) of its model."""
    best = _leading(scores)
    top = np.zeros(_LEADING)
    top[: len(best)] = scores[best]
    told = sum(stem in source.stem_places or stem in source.title.weight_of for stem in claim.stems)
    document = [
        *top,
        told / max(1, len(claim.stems)),
        float(claim.mean_vector @ source.title.mean_vector),
        float(bool(source.title.stems)),
        float(len(claim.stems)),
        float(claim.hedges),
        float(bool(claim.reading.denials)),
        float(len(claim.numbers)),
    ]
    likeness = sentences[:, _LIKENESS_AT]
    weighed = _by_score(scores[best]) @ likeness[best]
    parts = [sentences[best[0]], likeness.max(axis=0), weighed, np.array(document)]
    return np.concatenate(parts)


_CUES = {
    "axes differ": "a word of the sentence is the opposite of one in the claim",
    "denied on one hand": "a word that both share is denied in one of them only",
    "one hand denies": "only one of the two denies something",
    "finds nothing, claim asserts": "the sentence finds no effect or difference",
    "claim denies, sentence asserts": "the claim denies, the sentence does not",
    "quantities differ": "their numbers differ",
    "opposite prefixes": "the same word stands in one of them with a denying prefix",
    "compared crosswise": "they compare the other way round",
}
_CUES_AT = [POLARITY_FEATURES.index(name) for name in _CUES]


def has_cue(polarity: Floats) -> bool:
    """Whether a sentence holds something explicit against the claim: an opposite, a denial, another number."""
    return bool((polarity[_CUES_AT] > 0).any())


def cue_words(polarity: Floats) -> list[str]:
    """The cues that a sentence holds, in words."""
    return [words for words, at in zip(_CUES.values(), _CUES_AT, strict=True) if polarity[at] > 0]


def _leading(scores: Floats) -> NDArray[np.intp]:
    """The best sentences, the best first: one that is far behind says nothing, and counts for nothing."""
    best = np.argsort(-scores, kind="stable")[:_LEADING]
    return np.asarray(best[scores[best] >= _FAR_BEHIND * scores[best[0]]])


def _by_score(scores: Floats) -> Floats:
    """Weights that add up to 1, by the square of the score: a sentence of another subject weighs next to nothing."""
    squared = np.square(scores)
    return np.asarray(squared / max(1e-9, float(squared.sum())))


def search_features(evidence: Floats, ranks: Sequence[int], closeness: Sequence[float]) -> Floats:
    """(sources, `SEARCH_FEATURES`): where each found source stands, and against the others found with it."""
    own = evidence[:, _RIVALRY_AT]
    ahead, share = np.zeros_like(own), np.full_like(own, 0.5)
    if len(own) > 1:
        for i, row in enumerate(own):
            others = np.delete(own, i, axis=0)
            ahead[i], share[i] = row - others.max(axis=0), (row > others).mean(axis=0)
    found = np.stack([np.minimum(np.array(ranks, dtype=float), _MOST_RANK), np.array(closeness)], axis=1)
    return np.concatenate([found, ahead, share], axis=1)


def stance_features(
    claim: Profile, source: SourceProfile, sentences: Floats, scores: Floats
) -> tuple[Floats, Sequence[tuple[int, Floats]]]:
    """(`STANCE_FEATURES`,) over the best sentences, and the `polarity_features` of each of them by its place."""
    best = _leading(scores)
    each = np.stack([polarity_features(claim, source.sentences[i]) for i in best])
    weights = _by_score(scores[best])
    titled = polarity_features(claim, source.title)
    shape = [sentences[best[0], SENTENCE_FEATURES.index(name)] for name in ("jaccard", "coverage", "near words")]
    values = np.concatenate([each[0], weights @ each, each.max(axis=0), titled, np.array(shape)])
    return values, [(int(i), row) for i, row in zip(best, each, strict=True)]
