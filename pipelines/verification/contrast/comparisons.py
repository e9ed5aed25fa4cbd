"""The rule that exchanges the two sides of a comparison: "a than b" becomes "b than a".

Only where both sides are short noun phrases whose ends can be told; verbs are made to agree. Does not belong
here: the opposite of the comparing word (`antonyms`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.rewriting import Edit, RewriteKind, Rewriting, rewriting
from pipelines.verification.contrast.sentence import AUXILIARIES, BE, HAVE, RELATIVES, Sentence
from pipelines.verification.contrast.vocabulary import Slot, Vocabulary

_MAX_SIDE = 7
_PLACING = words("in among for with after during by on at from under")
_INSIDE = words("of with without")
_STOPS = words(
    """
    , ; : . ( ) [ ] in on at for from by to into during after before among between within under over through via
    when while as because although but whereas than compared versus vs relative and or is are was were has have
    had did does do can could may might will would should must
    """
)
_HARD_STOPS = words(
    """
    and or % [ ] ) is are was were has have had did does do can could may might will
    """
)
_NO_NAMES = words(
    """
    there those that this these it they them their its his her he she we our which expected previously usual ever
    before average chance baseline zero half twice one two three previous prior other others any either both each
    not only rather first second latter former normal did do does if originally thought
    """
)
_CONTRASTS = frozenset({("but", "not"), ("rather", "than"), ("instead", "of")})
_ING_NOUNS = words(
    """
    signaling signalling sequencing screening training binding testing imaging smoking
    """
)
_OPENERS = _PLACING | {"of", "to", "by", "against"}
_OF_PEOPLES = ("ean", "ian", "ese", "ish", "ians", "eans", "ican", "icans")
_SHARES = words("many most some all several few none")
_COMPARING = words(
    """
    more less fewer higher lower greater smaller better worse faster slower longer shorter stronger weaker larger
    earlier later older younger superior inferior increased decreased reduced elevated richer poorer cheaper safer
    wider narrower deeper easier harder closer rarer
    """
)
_HAVING = HAVE | words(
    """
    showed show shows exhibited exhibit exhibits displayed displays achieved achieves
    """
)
_BEATING = words(
    """
    outperforms outperformed outperform surpasses surpassed surpass exceeds exceeded exceed beats beat
    """
)
_PLURALS = words("mice men women children people patients cells data rats bacteria criteria")
_AGREEING = {"was": "were", "is": "are", "has": "have"}


@dataclass(frozen=True)
class Side:
    """Words `first` to `last` (exclusive) of a sentence."""

    first: int
    last: int


def exchange_sides(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Higher in men than in women" -> "higher in women than in men"; "a outperforms b" -> "b outperforms a"."""
    verb = sentence.verb
    if verb is None or not {"not", "no", "neither", "nor"}.isdisjoint(sentence.low):
        return
    edits = _openly_compared(sentence, verb, vocabulary)
    if edits:
        yield rewriting(sentence, RewriteKind.COMPARISON_SWAP, edits)
        return
    for i in range(sentence.first + 2, sentence.last - 1):
        marker = _marker_width(sentence, i)
        if not marker:
            continue
        pair = _placed_sides(sentence, i, i + marker) or _subject_and(sentence, verb, i, i + marker)
        edits = _exchanged(sentence, pair, verb, vocabulary) if pair else _with_and_without(sentence, verb, i)
        if edits:
            yield rewriting(sentence, RewriteKind.COMPARISON_SWAP, edits)
            return
    if sentence.at(verb) in _BEATING:
        pair = _named(sentence, sentence.first, verb), _side_after(sentence, verb + 1)
        edits = _exchanged(sentence, pair, verb, vocabulary)
        if edits:
            yield rewriting(sentence, RewriteKind.COMPARISON_SWAP, edits)


def exchange_contrast(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "A but not b" -> "b but not a"; "a rather than b" -> "b rather than a"; "superior to"; "from a to b"."""
    verb = sentence.verb
    if verb is None:
        return
    for i in range(verb + 2, len(sentence.tokens) - 2):
        pair = (sentence.at(i), sentence.at(i + 1))
        if pair not in _CONTRASTS:
            continue
        stop = i - (sentence.at(i - 1) == ",")
        left, right = _contrasted(sentence, verb, stop, i + 2)
        edits = _exchanged(sentence, (left, right), verb, vocabulary)
        if edits:
            yield rewriting(sentence, RewriteKind.COMPARISON_SWAP, edits)
            return


def _contrasted(sentence: Sentence, verb: int, stop: int, behind: int) -> tuple[Side | None, Side | None]:
    """The phrases on both hands of "but not": each after the same preposition, or two bare names of equal length."""
    prep = sentence.at(behind)
    if prep in _PLACING:
        at = next((k for k in range(stop - 1, max(verb, stop - _MAX_SIDE - 2), -1) if sentence.at(k) == prep), None)
        return (None, None) if at is None else (_named(sentence, at + 1, stop), _side_after(sentence, behind + 1))
    right = _side_after(sentence, behind)
    at = next(
        (k for k in range(stop, max(verb, stop - 4), -1) if sentence.at(k - 1) in _OPENERS or k - 1 == verb), None
    )
    if right is None or right.last - right.first > 3 or at is None:
        return None, None
    return _named(sentence, at, stop), right


def _openly_compared(sentence: Sentence, verb: int, vocabulary: Vocabulary) -> list[Edit]:
    """ "Compared with b, a had more" -> "compared with a, b had more"."""
    first = next(
        (i for i in range(min(4, len(sentence.tokens) - 1)) if sentence.at(i) in ("compared", "relative")), None
    )
    if first is None or sentence.at(first + 1) not in ("with", "to") or sentence.first <= first + 2:
        return []
    if sentence.at(sentence.first - 1) != "," or not _COMPARING & set(sentence.low[verb : sentence.last]):
        return []
    left, right = _named(sentence, first + 2, sentence.first - 1), _named(sentence, sentence.first, verb)
    if left is None or right is None or "than" in sentence.low:
        return []
    tokens = sentence.tokens
    held, said = sentence.span(left.first, left.last), sentence.span(right.first, right.last)
    return [
        Edit(tokens[left.first].start, tokens[left.last - 1].end, said),
        Edit(tokens[right.first].start, tokens[right.last - 1].end, held),
        *_agreement(sentence, right, left, verb, vocabulary),
    ]


def _marker_width(sentence: Sentence, i: int) -> int:
    """Words of "than" or "compared with" at `i`, behind a comparing word; else 0."""
    pair = (sentence.at(i), sentence.at(i + 1))
    width = 1 if pair[0] == "than" else 2 * (pair in {("compared", "with"), ("compared", "to"), ("relative", "to")})
    back = sentence.low[max(sentence.first, i - 14) : i]
    return width if _COMPARING & set(back) else 0


def _placed_sides(sentence: Sentence, marker: int, behind: int) -> tuple[Side, Side | None] | None:
    """ "(Higher) in a than in b", "higher in a than b"; None where a place is not what is compared."""
    prep = next(
        (i for i in range(marker - 2, max(marker - _MAX_SIDE - 2, sentence.first), -1) if sentence.at(i) in _PLACING),
        None,
    )
    if prep is None or prep <= (sentence.verb or 0):
        return None
    repeated = sentence.at(behind) == sentence.at(prep)
    if not repeated and marker - prep > 3:
        return None
    if not repeated and (sentence.at(prep - 1) not in _COMPARING or sentence.at(prep) not in ("in", "among")):
        return None
    first, second = _named(sentence, prep + 1, marker), _side_after(sentence, behind + repeated)
    if first is None or (second is not None and sentence.at(second.last) == sentence.at(prep)):
        return None  # "in children in the first group than in children in the second"
    return first, second


def _subject_and(sentence: Sentence, verb: int, marker: int, behind: int) -> tuple[Side | None, Side | None] | None:
    """ "a was more effective than b", "a had a higher risk of death than b", "a reduced c compared with b"."""
    if marker < verb:
        return None
    between = sentence.low[verb + 1 : marker]
    if between[-1:] in (("more",), ("less",)):
        return None
    if {"in", "from", "on", "at"} & set(between):
        return None
    if sentence.at(verb) in BE and (len(between) > 6 or set(between) & {"in", "for", "with", "of", "among", "to"}):
        return None
    if sentence.at(verb) in AUXILIARIES - BE - HAVE or (set(between) & RELATIVES) or "," in between or "and" in between:
        return None
    if sentence.at(verb) not in BE | _HAVING and (
        sentence.at(marker) == "than" or between[:1] not in (("the",), ("a",), ("an",))
    ):
        return None
    subject = _named(sentence, sentence.first, verb)
    return (subject, _side_after(sentence, behind)) if subject else None


def _named(sentence: Sentence, first: int, last: int) -> Side | None:
    """A short noun phrase that fills the whole of the span, but for a bracket at its end; None for anything else."""
    if last > first and sentence.at(last - 1) == ")" and "(" in sentence.low[first:last]:
        opening = last - 1 - sentence.low[first:last][::-1].index("(")
        last = opening if sentence.at(opening + 1)[:1].isdigit() or sentence.at(opening + 1) == "n" else last
    words = sentence.low[first:last]
    if not 0 < len(words) <= _MAX_SIDE or set(words) & _NO_NAMES or set(words) & _STOPS or words[0] in _STOPS:
        return None
    if (
        words[0].endswith("ly")
        or "be" in words
        or words[-1].endswith(("ed", "ly"))
        or words[-1] in _COMPARING | {"also", "alone"}
        or words[0] in _SHARES
        or any(_is_gerund(w) for w in words)
    ):
        return None
    return Side(first, last) if words[-1][-1:].isalnum() and not words[0][0].isdigit() else None


def _is_gerund(word: str) -> bool:
    return word.endswith("ing") and word not in _ING_NOUNS


def _side_after(sentence: Sentence, first: int) -> Side | None:
    """The noun phrase that begins at `first`, up to what plainly ends it."""
    last = first
    while last < sentence.last and last - first <= _MAX_SIDE and sentence.at(last) not in _STOPS:
        last += 1
    if not _ends_plainly(sentence, last):
        return None
    if sentence.at(last) in _HARD_STOPS or sentence.at(first) in _INSIDE:
        return None
    return _named(sentence, first, last)


def _ends_plainly(sentence: Sentence, last: int) -> bool:
    """Not "controls(n = 3)", not "ARBs, diuretics and statins", not "U.S. clinicians"."""
    if last >= len(sentence.tokens):
        return True
    stop = sentence.tokens[last]
    if stop.low in ("(", "[") and stop.start == sentence.tokens[last - 1].end:
        return False
    if stop.low == "," and {"and", "or"} & set(sentence.low[last + 1 : last + 9]):
        return False
    return stop.low != "." or last + 1 == len(sentence.tokens)


def _exchanged(
    sentence: Sentence, pair: tuple[Side | None, Side | None], verb: int, vocabulary: Vocabulary
) -> list[Edit]:
    left, right = pair
    if left is None or right is None or left.last > right.first:
        return []
    said, held = sentence.span(left.first, left.last), sentence.span(right.first, right.last)
    if said.casefold() == held.casefold():
        return []
    opens = left.first == 0 or (sentence.tokens[left.first].text[0].isupper() and left.last == verb)
    tokens = sentence.tokens
    edits = [
        Edit(tokens[left.first].start, tokens[left.last - 1].end, _capital(held) if opens else held),
        Edit(tokens[right.first].start, tokens[right.last - 1].end, _lowered(said, vocabulary) if opens else said),
    ]
    if left.last == verb:
        edits += _agreement(sentence, left, right, verb, vocabulary)
    return edits


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].isascii() else text


def _lowered(text: str, vocabulary: Vocabulary) -> str:
    """A word that had its capital for standing first; "Korean consumers" and "African Americans" keep theirs."""
    word, _, rest = text.partition(" ")
    is_name = (len(word) > 1 and not word[1:].islower()) or word in vocabulary.cohyponyms
    if is_name or rest[:1].isupper() or word.endswith(_OF_PEOPLES):
        return text
    return text[:1].lower() + text[1:]


def _is_plural(sentence: Sentence, side: Side) -> bool:
    head = next((i - 1 for i in range(side.first + 1, side.last) if sentence.at(i) in _INSIDE | {"in"}), side.last - 1)
    word = sentence.at(head)
    return word in _PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is")))


def _agreement(sentence: Sentence, left: Side, right: Side, verb: int, vocabulary: Vocabulary) -> list[Edit]:
    wanted, held = _is_plural(sentence, right), _is_plural(sentence, left)
    if wanted == held:
        return []
    word, token = sentence.at(verb), sentence.tokens[verb]
    pairs = _AGREEING if wanted else {v: k for k, v in _AGREEING.items()}
    new = pairs.get(word)
    forms = vocabulary.verbs.get(word, ())
    if (
        new is None
        and any(f.slot in (Slot.THIRD, Slot.BASE) for f in forms)
        and not any(f.slot is Slot.PAST for f in forms)
    ):
        new = vocabulary.inflected(forms[0].base, Slot.BASE if wanted else Slot.THIRD)
    return [Edit(token.start, token.end, new)] if new else []


def _with_and_without(sentence: Sentence, verb: int, marker: int) -> list[Edit]:
    """ "Those with x had more than those without": the two words change places."""
    tail = sentence.low[marker + 1 : marker + 5]
    subject = sentence.low[sentence.first : verb]
    for own, other in (("with", "without"), ("without", "with")):
        if tail[:1] == ("those",) and tail[1:2] == (other,) and subject.count(own) == 1:
            at = sentence.first + subject.index(own)
            ends = sentence.tokens[at], sentence.tokens[marker + 2]
            return [Edit(ends[0].start, ends[0].end, other), Edit(ends[1].start, ends[1].end, own)]
    return []
