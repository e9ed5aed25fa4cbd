"""Rows whose claim tells a plain finding by template, in words of its own, against the sentence as written.

A sentence "a raises b" gives two short names and a direction; the claim says so with other words ("b is higher
with a"), its contrary says the opposite. Input: abstracts in sentences; output: `ContrastRow`. Does not belong
here: trials with named arms (`trials`), two sentences of one text (`reworded`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.abbreviations import abbreviations_of, with_long_forms
from pipelines.verification.contrast.rewriting import RewriteKind, Rewriting
from pipelines.verification.contrast.rows import MAX_SENTENCES, Abstract, ContrastRow, Pair, as_claim, quad
from pipelines.verification.contrast.rules import rewritings
from pipelines.verification.contrast.sentence import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    PREPOSITIONS,
    RELATIVES,
    Sentence,
    is_denied,
    is_finding,
    read_sentence,
)
from pipelines.verification.contrast.vocabulary import Slot, VerbForm, Vocabulary, load_vocabulary

RETOLD = "retold"
_MAX_NAME = 7
_SPELLED_OUT = 0.5
_LOOSE = words(
    """we it they this these that those there which both neither none i he she its their our such same
    also then further often more less system effect effects incidence entry half"""
)
# Directions: a verb, the side it goes to.
_SIDES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        "amount": (
            words("increase elevate raise enhance augment boost"),
            words("decrease reduce lower diminish attenuate"),
        ),
        "process": (words("promote stimulate facilitate"), words("inhibit suppress impede hinder")),
        "activity": (words("activate"), words("inactivate inhibit repress")),
        "quality": (words("improve ameliorate"), words("worsen impair")),
        "time": (words("prolong lengthen"), words("shorten")),
        "speed": (words("accelerate"), words("slow delay retard")),
        "occurrence": (words("induce trigger cause"), words("prevent block")),
        "steadiness": (words("stabilize preserve maintain"), words("destabilize disrupt abolish")),
    }
)
# {a}: what acts, {b}: what it acts on. The two of a pair differ in the direction only.
_TEMPLATES: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "amount": (
            ("{b} goes up with {a}", "{b} goes down with {a}"),
            ("{a} leads to higher {b}", "{a} leads to lower {b}"),
            ("{a} causes an increase in {b}", "{a} causes a reduction in {b}"),
            ("there is a rise in {b} after {a}", "there is a fall in {b} after {a}"),
            ("{a} has a positive effect on {b}", "{a} has a negative effect on {b}"),
            ("in response to {a}, {b} is elevated", "in response to {a}, {b} is diminished"),
        ),
        "process": (
            ("{a} has a positive influence on {b}", "{a} has a negative influence on {b}"),
            ("{b} is helped by {a}", "{b} is hampered by {a}"),
            ("{a} leads to more {b}", "{a} leads to less {b}"),
            ("{a} favors {b}", "{a} counteracts {b}"),
            ("{b} is enhanced by {a}", "{b} is reduced by {a}"),
        ),
        "activity": (
            ("{b} becomes active through {a}", "{b} becomes inactive through {a}"),
            ("{a} turns on {b}", "{a} turns off {b}"),
            ("{a} is an activator of {b}", "{a} is an inhibitor of {b}"),
            ("{b} is switched on by {a}", "{b} is switched off by {a}"),
        ),
        "quality": (
            ("{b} gets better with {a}", "{b} gets worse with {a}"),
            ("{a} has a beneficial effect on {b}", "{a} has a detrimental effect on {b}"),
            ("{a} results in better {b}", "{a} results in worse {b}"),
            ("there is an improvement in {b} with {a}", "there is a deterioration in {b} with {a}"),
        ),
        "time": (
            ("{b} is longer with {a}", "{b} is shorter with {a}"),
            ("{a} extends {b}", "{a} cuts {b} short"),
            ("{a} results in longer {b}", "{a} results in shorter {b}"),
        ),
        "speed": (
            ("{b} is faster with {a}", "{b} is slower with {a}"),
            ("{a} speeds up {b}", "{a} slows down {b}"),
            ("{a} makes {b} quicker", "{a} makes {b} slower"),
        ),
        "occurrence": (
            ("{a} gives rise to {b}", "{a} keeps {b} from happening"),
            ("{b} is a consequence of {a}", "{b} is averted by {a}"),
            ("{a} brings about {b}", "{a} stops {b}"),
        ),
        "steadiness": (
            ("{b} is kept intact by {a}", "{b} is broken down by {a}"),
            ("{a} keeps {b} stable", "{a} makes {b} unstable"),
        ),
    }
)


# Of every kind: the one has nothing to do with the other.
_NO_EFFECT = (
    "{a} has no effect on {b}",
    "{b} is not affected by {a}",
    "{b} remains the same with {a}",
    "{a} makes no difference to {b}",
    "{b} is independent of {a}",
)
_DENIED_SHARE = 0.3  # of the rows: their contrary is that there is no effect
_AGREEING = {
    "is": "are", "goes": "go", "gets": "get", "becomes": "become", "leads": "lead", "causes": "cause", "has": "have",
    "results": "result", "makes": "make", "turns": "turn", "speeds": "speed", "slows": "slow", "gives": "give",
    "brings": "bring", "stops": "stop", "keeps": "keep", "favors": "favor", "counteracts": "counteract",
    "extends": "extend", "cuts": "cut", "remains": "remain",
}  # fmt: skip


@dataclass(frozen=True)
class Relation:
    """`acting` does something to `upon`: of one of the kinds above, up (0) or down (1)."""

    acting: str
    upon: str
    kind: str
    side: int


def relation_of(sentence: Sentence, vocabulary: Vocabulary) -> Relation | None:
    """The relation that a plain statement "a raises b" or "b is raised by a" makes; None of any other build."""
    verb = sentence.verb
    if verb is None or is_denied(sentence) or {"may", "might", "could"} & set(sentence.low):
        return None
    end = _end_of_name(sentence, verb + 1)
    found = _active(sentence, verb, end, vocabulary) or _passive(sentence, verb, vocabulary)
    return found if found is not None and found.acting.casefold() != found.upon.casefold() else None


def _direction(forms: Sequence[VerbForm], slots: frozenset[Slot]) -> tuple[str, int] | None:
    for form in forms:
        for kind, sides in _SIDES.items():
            for side, bases in enumerate(sides):
                if form.slot in slots and form.base in bases:
                    return kind, side
    return None


def _active(sentence: Sentence, verb: int, end: int, vocabulary: Vocabulary) -> Relation | None:
    forms = vocabulary.verbs.get(sentence.at(verb), ())
    found = _direction(forms, frozenset({Slot.THIRD, Slot.PAST, Slot.BASE}))
    if found is None:
        return None
    if not _ends_as_noun(sentence, end, vocabulary):
        return None
    acting, upon = _name(sentence, sentence.first, verb), _name(sentence, verb + 1, end)
    return Relation(acting, upon, *found) if acting and upon else None


def _passive(sentence: Sentence, verb: int, vocabulary: Vocabulary) -> Relation | None:
    at = verb + 1 + sentence.at(verb + 1).endswith("ly")
    if sentence.at(verb) not in BE or sentence.at(at + 1) != "by":
        return None
    found = _direction(vocabulary.verbs.get(sentence.at(at), ()), frozenset({Slot.PARTICIPLE}))
    if found is None:
        return None
    end = _end_of_name(sentence, at + 2)
    if not _ends_as_noun(sentence, end, vocabulary):
        return None
    upon, acting = _name(sentence, sentence.first, verb), _name(sentence, at + 2, end)
    return Relation(acting, upon, *found) if acting and upon else None


def _end_of_name(sentence: Sentence, first: int) -> int:
    """Before what cannot belong to the noun phrase that begins at `first`; "of" and "in" may."""
    at = first
    while at < sentence.last and sentence.at(at) not in (PREPOSITIONS - {"of"}) | RELATIVES | {",", "(", "and", "or"}:
        at += 1
    return at


def _ends_as_noun(sentence: Sentence, at: int, vocabulary: Vocabulary) -> bool:
    """Not "the cytoskeletal (and barrier) effects": what stops a name there must not go on with it."""
    if sentence.at(at) in ("and", "or"):
        following = sentence.at(at + 1 + sentence.at(at + 1).endswith("ly"))
        return following in ("the", "its") or any(
            f.slot in (Slot.THIRD, Slot.PAST) for f in vocabulary.verbs.get(following, ())
        )
    if sentence.at(at) == "(":
        return not sentence.at(next((i + 1 for i in range(at, sentence.last) if sentence.at(i) == ")"), at)).isalpha()
    return True


def _name(sentence: Sentence, first: int, last: int) -> str:
    """The words as a name: without an article or an adverb at its edge; "" for what is none."""
    while first < last and (sentence.at(first) in ("the", "a", "an") or sentence.at(first).endswith("ly")):
        first += 1
    while first < last and sentence.at(last - 1).endswith("ly"):
        last -= 1
    held = sentence.low[first:last]
    barred = (PREPOSITIONS - {"of"}) | RELATIVES | AUXILIARIES | (DETERMINERS - {"the", "a", "an"}) | _LOOSE
    if not 0 < len(held) <= _MAX_NAME or barred & set(held) or any(not w[0].isalnum() for w in held):
        return ""
    if held[0] == "of" or held[0][0].isdigit() or held[-1] in ("of", "the", "a"):
        return ""
    text, opening = sentence.span(first, last), sentence.tokens[first].text
    is_capital_for_place = opening[1:].islower() and opening.isalpha() and first <= sentence.first + 1
    return text[:1].lower() + text[1:] if is_capital_for_place else text


def _agreeing(text: str, *names: str) -> str:
    """A verb behind a name in the plural loses its "s"."""
    for name in names:
        head = name.split(" of ", 1)[0].rsplit(" ", 1)[-1]
        if not head.endswith("s") or head.endswith(("ss", "us", "is")) or not (head.islower() or head[:-1].isupper()):
            continue
        for singular, plural in _AGREEING.items():
            text = text.replace(f"{name} {singular} ", f"{name} {plural} ")
    return text


def retold_rows(documents: Iterable[Abstract], rng: random.Random, *, per_document: int) -> Iterator[ContrastRow]:
    """At most `per_document` groups of four rows for each abstract."""
    vocabulary = load_vocabulary()
    for document in documents:
        sentences = document.sentences[:MAX_SENTENCES]
        long_forms = abbreviations_of(sentences)
        number = 0
        for text in sentences:
            found = _retold(text, rng, vocabulary, long_forms) if number < per_document else None
            if found is not None:
                yield from quad(*found, RETOLD, f"{document.doc_id}#{RETOLD}{number}", document.origin)
                number += 1


def _retold(
    text: str, rng: random.Random, vocabulary: Vocabulary, long_forms: Mapping[str, str]
) -> tuple[Pair, Pair] | None:
    sentence = read_sentence(text, vocabulary)
    if sentence is None or not is_finding(sentence, vocabulary):
        return None
    relation = relation_of(sentence, vocabulary)
    denied = rewritings(sentence, RewriteKind.NEGATION, vocabulary) if rng.random() < _DENIED_SHARE else ()
    made = denied or _turned_verbs(sentence, vocabulary)
    if relation is None or not made:
        return None
    up_and_down = rng.choice(_TEMPLATES[relation.kind])
    contrary = rng.choice(_NO_EFFECT) if denied else up_and_down[1 - relation.side]
    upon = with_long_forms(relation.upon, long_forms) if rng.random() < _SPELLED_OUT else relation.upon
    told = [t.format(a=relation.acting, b=upon) for t in (up_and_down[relation.side], contrary)]
    claims = [as_claim(_agreeing(t, relation.acting, upon)) for t in told]
    return Pair(claims[0], claims[1]), Pair(text, rng.choice(made).text)


def _turned_verbs(sentence: Sentence, vocabulary: Vocabulary) -> tuple[Rewriting, ...]:
    """The sentence with its main verb turned round."""
    verb = sentence.verb or 0
    ends = {t.end for t in sentence.tokens[verb : verb + 3]}
    made = rewritings(sentence, RewriteKind.VERB_ANTONYM, vocabulary)
    return tuple(r for r in made if r.edits[0].end in ends)
