"""Rows whose claim and evidence tell one finding in different words.

The title or a closing sentence of an abstract is held against another sentence of it that goes the same way on
the same axis about the same things; then both are turned round. Input: abstracts in sentences; output:
`ContrastRow`. Does not belong here: rows made from one sentence (`rows`), from trials (`trials`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.abbreviations import abbreviations_of
from pipelines.verification.contrast.antonyms import exchange_anywhere
from pipelines.verification.contrast.neighbours import Neighbours, stems_of
from pipelines.verification.contrast.rewriting import RewriteKind, Rewriting
from pipelines.verification.contrast.rows import MAX_SENTENCES, Abstract, ContrastRow, Pair, as_claim, quad
from pipelines.verification.contrast.rules import rewritings
from pipelines.verification.contrast.sentence import (
    AUXILIARIES,
    Sentence,
    is_denied,
    is_finding,
    read_sentence,
    tokens_of,
)
from pipelines.verification.contrast.vocabulary import Vocabulary, load_vocabulary
from pipelines.verification.lexicon import Lexicon, load_lexicon
from pipelines.verification.terms import STOP_WORDS, stem

REWORDED = "reworded"
_MOST_COVERED = 0.92  # above, the one copies the other
_LEAST_NEAR = 2  # words of the claim near the exchanged word that stand near it in the evidence too
_LEAST_NEAR_SHARE = 0.3
_REACH = 9
_BESIDE = 2  # words before, and one more behind
_DENIAL_REACH = 7
_MAX_PAIRS = 400
_UNSURE = words(
    """may might could possibly perhaps potentially whether hypothesized hypothesis if determine investigate test
    limited knowledge unclear unknown"""
)
_DENYING = words(
    """
    not no never neither nor without cannot lack lacking lacks absence fail failed fails than
    """
)
_COMPARING = words("than compared versus vs relative")
_EMPTY = words(
    """
    found shown observed show find have make play provide discuss discussed present presented
    """
)
_LABELS = {("conclusions",), ("conclusion",), ("interpretation",)}
_CLOSINGS = (
    ("in", "conclusion"),
    ("in", "summary"),
    ("taken", "together"),
    ("we", "conclude"),
    *((a, b) for a in ("these", "our") for b in ("results", "findings", "data", "observations")),
    ("thus",),
    ("therefore",),
    ("together",),
    ("collectively",),
    ("overall",),
)


@dataclass(frozen=True)
class Likeness:
    """How much of a claim's words the evidence must hold: of all, of those before and behind the main verb."""

    whole: float
    half: float


OF_TITLES = Likeness(0.4, 0.4)
OF_CLOSINGS = Likeness(0.6, 0.5)


@dataclass(frozen=True)
class _Site:
    """A word on an axis, with the rewritings that put its opposite there."""

    axes: frozenset[tuple[str, int]]
    near: frozenset[str]
    beside: frozenset[str]  # of those, the nearest
    turned: frozenset[str]  # of those, what the word says something of
    made: tuple[Rewriting, ...]


@dataclass(frozen=True)
class _Claim:
    sentence: Sentence
    stems: frozenset[str]
    halves: tuple[frozenset[str], frozenset[str]]
    names: frozenset[str]
    sites: tuple[_Site, ...]
    denied: _Site | None
    wanted: Likeness


@dataclass(frozen=True)
class _Evidence:
    sentence: Sentence
    stems: frozenset[str]
    names: frozenset[str]
    sites: tuple[_Site, ...]
    denied: _Site | None


def reworded_rows(documents: Iterable[Abstract], rng: random.Random, *, per_document: int) -> Iterator[ContrastRow]:
    """At most `per_document` groups of four rows for each abstract."""
    vocabulary, lexicon = load_vocabulary(), load_lexicon()
    held = tuple(documents)
    neighbours = Neighbours.of({d.doc_id: d.sentences[:MAX_SENTENCES] for d in held})
    for document in held:
        found = list(_pairs_of(document, neighbours, vocabulary, lexicon))
        rng.shuffle(found)
        for number, (claim, own, evidence, other) in enumerate(found[:per_document]):
            contrary = _statement_of(rng.choice(own.made), claim.sentence)
            claims = Pair(as_claim(claim.sentence.statement), as_claim(contrary))
            pair = Pair(evidence.sentence.text, rng.choice(other.made).text)
            yield from quad(claims, pair, REWORDED, f"{document.doc_id}#{REWORDED}{number}", document.origin)


def _statement_of(made: Rewriting, sentence: Sentence) -> str:
    """The main statement of the rewritten sentence."""
    tokens = sentence.tokens
    start, end = tokens[sentence.first].start, tokens[sentence.last - 1].end
    return made.text[start : len(made.text) - (len(sentence.text) - end)]


def _pairs_of(
    document: Abstract, neighbours: Neighbours, vocabulary: Vocabulary, lexicon: Lexicon
) -> Iterator[tuple[_Claim, _Site, _Evidence, _Site]]:
    sentences = document.sentences[:MAX_SENTENCES]
    long_forms = abbreviations_of(sentences)
    claims = list(_claims_of(document.title, sentences, vocabulary, lexicon))
    if not claims:
        return
    held = [e for s in sentences if (e := _read_evidence(s, vocabulary, lexicon, long_forms)) is not None]
    for claim, evidence in [(c, e) for c in claims for e in held][:_MAX_PAIRS]:
        if claim.sentence.text == evidence.sentence.text or not _tells_the_same(claim, evidence, neighbours):
            continue
        if claim.denied and evidence.denied and _deny_one_thing(claim.denied, evidence.denied):
            yield claim, claim.denied, evidence, evidence.denied
        for own in claim.sites:
            for other in evidence.sites:
                if own.axes & other.axes and _is_about_the_same(own, other):
                    yield claim, own, evidence, other


def _deny_one_thing(own: _Site, other: _Site) -> bool:
    """The main verbs say the same relation, of the same things."""
    return own.axes == other.axes and _is_about_the_same(own, other)


def _is_about_the_same(own: _Site, other: _Site) -> bool:
    shared = len(own.near & other.near)
    return bool(own.turned & other.beside) and shared >= _LEAST_NEAR and shared >= _LEAST_NEAR_SHARE * len(own.near)


def _claims_of(title: str, sentences: Sequence[str], vocabulary: Vocabulary, lexicon: Lexicon) -> Iterator[_Claim]:
    texts = [(title.rstrip(" ."), OF_TITLES)]
    texts += [(s, OF_CLOSINGS) for i, s in enumerate(sentences) if is_closing(sentences, i)]
    for text, wanted in texts:
        sentence = read_sentence(text, vocabulary)
        if sentence is None or sentence.verb is None or not is_finding(sentence, vocabulary) or is_denied(sentence):
            continue
        if _UNSURE & set(sentence.low) or ":" in sentence.low[: sentence.verb]:
            continue
        before = sentence.span(sentence.first, sentence.verb)
        halves = stems_of(before), stems_of(sentence.span(sentence.verb + 1, sentence.last))
        names = _names(sentence.tokens[i].text for i in range(sentence.first, sentence.last))
        sites = tuple(_claim_sites(sentence, vocabulary, lexicon))
        yield _Claim(
            sentence, stems_of(sentence.statement), halves, names, sites, _denied_site(sentence, vocabulary), wanted
        )


def is_closing(sentences: Sequence[str], index: int) -> bool:
    """Whether a sentence of an abstract draws its conclusion."""
    opening = tuple(t.low for t in tokens_of(sentences[index][:80])[:6])
    return index >= len(sentences) // 2 and (opening[:1] in _LABELS or any(opening[: len(p)] == p for p in _CLOSINGS))


def _read_evidence(
    text: str, vocabulary: Vocabulary, lexicon: Lexicon, long_forms: Mapping[str, str]
) -> _Evidence | None:
    sentence = read_sentence(text, vocabulary)
    if sentence is None or _UNSURE & set(sentence.low) or (vocabulary.aims | {"?"}) & set(sentence.low):
        return None
    words = [t.text for t in sentence.tokens]
    spelled = " ".join(long_forms[w] for w in words if w in long_forms)
    shortened = [s for s, long in long_forms.items() if long in text]
    stems = stems_of(f"{text} {spelled}")
    sites = _sites(sentence, tuple(exchange_anywhere(sentence, vocabulary)), lexicon)
    held = [s for s in sites if s.made]
    denied = _denied_site(sentence, vocabulary)
    return _Evidence(sentence, stems, _names([*words, *shortened]), tuple(held), denied)


def _names(words: Iterable[str]) -> frozenset[str]:
    """Numbers, and names with a digit or capitals inside."""
    return frozenset(w.casefold() for w in words if any(c.isdigit() for c in w) or sum(c.isupper() for c in w) > 1)


def _tells_the_same(claim: _Claim, evidence: _Evidence, neighbours: Neighbours) -> bool:
    """Most of the claim's words, all its names and numbers, before and behind its verb, are the evidence's too.

    Two comparisons may set different things against each other: such pairs are left out.
    """
    if not claim.names <= evidence.names:
        return False
    if _COMPARING & set(claim.sentence.low) and _COMPARING & set(evidence.sentence.low):
        return False
    if any(neighbours.covered(half, evidence.stems) < claim.wanted.half for half in claim.halves):
        return False
    return claim.wanted.whole <= neighbours.covered(claim.stems, evidence.stems) <= _MOST_COVERED


def _claim_sites(sentence: Sentence, vocabulary: Vocabulary, lexicon: Lexicon) -> Iterator[_Site]:
    made = [
        r
        for k in (RewriteKind.VERB_ANTONYM, RewriteKind.ADJECTIVE_ANTONYM)
        for r in rewritings(sentence, k, vocabulary)
    ]
    yield from _sites(sentence, made, lexicon)


def _sites(sentence: Sentence, made: Sequence[Rewriting], lexicon: Lexicon) -> Iterator[_Site]:
    """Words on an axis that no other word of the sentence lies on, with no denial near."""
    lying = [lexicon.axes.get(stem(w), ()) for w in sentence.low]
    by_place: dict[int, list[Rewriting]] = {}
    for one in made:
        by_place.setdefault(one.edits[0].end, []).append(one)
    for end, listed in by_place.items():
        start = min(r.edits[0].start for r in listed)
        places = [i for i, t in enumerate(sentence.tokens) if t.start >= start and t.end <= end]
        axes = frozenset(a for i in places for a in lying[i])
        names = {name for name, _ in axes}
        others = [i for i, held in enumerate(lying) if i not in places and names & {n for n, _ in held}]
        around = sentence.low[max(0, places[0] - _DENIAL_REACH) : places[-1] + _DENIAL_REACH]
        if axes and not others and not _DENYING - {"than"} & set(around):
            yield _Site(axes, *_near(sentence, places[-1]), tuple(listed))


def _denied_site(sentence: Sentence, vocabulary: Vocabulary) -> _Site | None:
    """The main verb, where it can be denied: it stands for itself alone."""
    verb = sentence.verb
    if verb is None or not is_finding(sentence, vocabulary):
        return None
    made = rewritings(sentence, RewriteKind.NEGATION, vocabulary)
    words = [w for w in sentence.low[verb : verb + 4] if w not in AUXILIARIES and w not in STOP_WORDS]
    word = next((w for w in words if not w.endswith("ly")), "")
    base = vocabulary.base_of(word) or word
    if not made or not base.isalpha() or base in _EMPTY:
        return None
    return _Site(frozenset({(vocabulary.relations.get(base, f"={base}"), 0)}), *_near(sentence, verb), made)


def _near(sentence: Sentence, at: int) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The stems around a word, of the words next to it, and of those that it says something of."""
    before = [stem(w) for w in sentence.low[max(0, at - _REACH) : at] if _carries(w)]
    behind = [stem(w) for w in sentence.low[at + 1 : at + 1 + _REACH] if _carries(w)]
    is_passive = sentence.at(at + 1) == "by" or not behind
    turned = before[-_BESIDE:] if is_passive else behind[:_BESIDE]
    return frozenset(before + behind), frozenset(before[-_BESIDE:] + behind[: _BESIDE + 1]), frozenset(turned)


def _carries(word: str) -> bool:
    return word not in STOP_WORDS and word[0].isalpha() and len(word) > 1 and not word.endswith("ly")
