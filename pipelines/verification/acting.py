"""Verbs that act for or against one thing: "induces fever" against "suppresses fever".

Owns finding such a verb in a sentence that acts on what a verb of the claim acts on, the other way. Does not
belong here: the axes of opposite words (`polarity`), judging (`axes`). Input: a `Comparison`; output: words.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipelines.verification.comparison import Comparison, phrase_at
from pipelines.verification.reading import Reading

_PASSIVE = frozenset({"is", "are", "was", "were", "been", "be", "being"})
_HELPED = 3  # words back from a passive verb to its helper: "is strongly down-regulated"
_NOUN_ENDING_LIST = "ity ities tion tions ment ments or ors cer cers ter ters ker kers"
_NOUN_ENDINGS = tuple(_NOUN_ENDING_LIST.split())  # "activity", "enhancer": no verb, whatever their stem
_REACH = 8  # words back from the helper to what is acted on
_ENDS = frozenset(",;:.()")
_PREFIXES = {"up": 1, "down": -1}
_TAKEN = {"leads": "to", "lead": "to", "led": "to", "leading": "to"} | dict.fromkeys(
    ("results", "result", "resulted", "resulting"), "in"
)


def opposed_action(c: Comparison) -> str | None:
    """The first verb of the claim whose object the sentence's verbs only act on the other way, in words."""
    held = list(_actions(c.source))
    for at, way, thing in _actions(c.claim):
        same = [(place, other) for place, other, acted_on in held if thing & acted_on]
        if same and all(other != way for _, other in same):
            said, there = phrase_at(c.claim, at), phrase_at(c.source, same[0][0])
            return f"the claim says “{said}”, the source “{there}” of the same"
    return None


def _actions(reading: Reading) -> Iterator[tuple[int, int, frozenset[str]]]:
    """(place, 1 for and -1 against, what is acted on) of each such verb; a denied one goes the other way."""
    places = [(index, way) for index in range(len(reading.tokens)) if (way := _way(reading, index))]
    for (index, way), (following, _) in pairwise([*places, (len(reading.tokens) + _REACH, 0)]):
        acted_on = _acted_on(reading, index)
        if following - index < _REACH:
            acted_on -= _acted_on(reading, following)  # "reducing pain and improving function"
        thing = frozenset(x for x in acted_on if x and not x.startswith("~"))
        if thing:
            yield index, -way if index in reading.denied else way, thing


def _way(reading: Reading, index: int) -> int:
    token = reading.tokens[index]
    if token.is_glued and token.word.startswith("regulat"):
        return _PREFIXES.get(reading.words[index - 1], 0)
    return 0 if not token.stem or token.word.endswith(_NOUN_ENDINGS) else reading.lexicon.acting.get(token.stem, 0)


def _acted_on(reading: Reading, index: int) -> frozenset[str]:
    """What follows the verb, or, of a passive ("is induced by"), what stands before it in its clause."""
    words = reading.words
    helper = next((i for i in range(index - 1, max(-1, index - 1 - _HELPED), -1) if words[i] in _PASSIVE), None)
    if helper is None:
        takes = _TAKEN.get(words[index])
        return reading.object_of(index + 1 if takes and takes in words[index + 1 : index + 2] else index)
    first = helper
    while first and helper - first < _REACH and words[first - 1] not in _ENDS:
        first -= 1
    return frozenset(reading.concepts[first:helper])
