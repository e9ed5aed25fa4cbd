"""What a question says of its subject, and whether a sentence says that of it too: word families and places.

"Does A reduce B?" is answered by sentences that say what A does to B, not by all that name both. Input: the
terms of a question and a sentence. Does not belong here: which way a sentence goes (verification), whether it
states a finding (statements.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.ingestion.search.coverage import Chunk, WeighedTerms
from pipelines.ingestion.search.queries import SearchTerms, words_in
from pipelines.ingestion.search.terms import index_terms

EARLY = 8  # words within which a sentence names its own subject
NEAR = 8  # words between what is said and what it is said of

_CHANGE = """
improve improvement better best enhance enhancement boost increase raise gain outperform surpass exceed elevate
strengthen higher superior benefit beneficial effective help reduce reduction decrease diminish lower fewer less drop
decline mitigate alleviate suppress weaken worsen worse degrade degradation harm hurt impair inferior fail unable
eliminate minimize stronger slower faster greater change affect effect prevent impact influence critical crucial
"""
_COMPARED = """
outperform surpass exceed better worse best superior inferior beat comparable competitive match underperform advantage
stronger weaker higher lower faster slower than
"""


@dataclass(frozen=True)
class Family:
    """Words of a question that ask for the same, and the stems of an answer to it."""

    asked: frozenset[str]
    answering: frozenset[str]
    acts: bool = False  # a verb: its subject stands before it
    between: bool = False  # it stands between the two things compared
    loose: bool = False  # what is asked about may be named elsewhere in the work
    near: int = NEAR
    weak: frozenset[str] = frozenset()  # of `answering`: these count only beside a word of `backing`
    backing: frozenset[str] = frozenset()
    forward: frozenset[str] = frozenset()  # of `answering`: what is asked about stands behind these ...
    backward: frozenset[str] = frozenset()  # ... and before these


def _family(asked: str, answering: str, **how: Any) -> Family:
    return Family(frozenset(asked.split()), frozenset(index_terms(answering)), **how)


# "A causes it", "it is due to A": which side of the word the thing explained stands on.
_CAUSING = frozenset(index_terms("cause lead drive produce explain induce limit determine govern control restrict"))
_CAUSED = frozenset(index_terms("due because arise originate stem result attribute depend consist compose"))


# Theories are consistent with each other too; only what was seen is evidence.
_COMPATIBLE = frozenset(index_terms("consistent inconsistent constrain constraint need require exclude support"))
_EMPIRICAL = frozenset(
    index_terms("data observation observed measurement measured experiment survey study sample trial galaxies cohort")
)

_FAMILIES = (
    _family(
        """improve improved improvement improves improving enhance enhances increase increased increases increasing
        decrease decreased decreases reduce reduced reduces reducing reduction help helps prevent prevents""",
        _CHANGE,
        acts=True,
    ),
    _family(
        "affect affected affects impact impacts influence influences",
        _CHANGE + " produce generate modify shift lead alter depend dependence destroy cause limit",
        acts=True,
    ),
    _family(
        "effective effectively effectiveness effect effects matter matters useful good efficient work works",
        _CHANGE + " work matter useful depend efficient",
    ),
    _family("less fewer greater higher lower slower faster worse", _CHANGE),
    _family(
        """better outperform outperforms beat beats superior compare compared comparing comparison difference
        differences versus vs unlike""",
        _COMPARED,
        between=True,
    ),
    _family("larger bigger smaller", "larger largest bigger biggest smaller smallest small scale scaling size sized"),
    _family("longer", "longer longest long length lengthen extend shorter short"),
    _family(
        "evidence exist exists",
        """evidence indication hint confirm support favor favour exclude detection observation observational consistent
        inconsistent constrain constraint need require""",
        near=12,
        weak=_COMPATIBLE,
        backing=_EMPIRICAL,
    ),
    _family(
        """cause caused causes lead leads drive drives produce produces explain explained explains explanation happen
        happens origin origins mechanism nature reason reasons made make makes""",
        """cause lead drive produce explain explanation due because arise origin originate stem result
        mechanism responsible attribute reason induce degeneracy count consist compose interpretation identify
        identification""",
        forward=_CAUSING,
        backward=_CAUSED,
    ),
    _family(
        "limit limited limits limiting determine determined determines depend depends",
        """limit determine depend dependence govern control suppress reduce restrict bound maximum due because cause
        enhance increase decrease lower raise proportional destroy compete competition""",
        forward=_CAUSING,
        backward=_CAUSED,
    ),
    _family(
        "suffer suffers",
        """suffer suffering problem limitation cause lead degrade degradation lose loss collapse indistinguishable
        exhibit due because mitigate alleviate prevent avoid resolve overcome prone tend""",
        loose=True,
    ),
    _family(
        "protect protected protects defend defended",
        """protect protection protective preserve defend defense defence leak leakage mitigate prevent detect 
        resist robust vulnerable vulnerability guarantee compromise block susceptible""",
    ),
    _family("prefer prefers", "prefer preference favor favour choose choice like"),
    _family(
        "related relation relationship",
        "relate relation relationship correlate correlation associate association depend link proportional predict",
    ),
    _family("role", "role contribute contribution responsible important mediate regulate require essential"),
)

# Between what changes and what it is changed by: "improved by A", "gains from A", "better with A".
_BROUGHT_ABOUT_BY_LIST = "by with using through via from under of when thanks due on"
_BROUGHT_ABOUT_BY = frozenset(_BROUGHT_ABOUT_BY_LIST.split())
# Before a thing that something else is measured against, or that is left out.
_BE_LIST = "is are was were be been being"
_BE = frozenset(_BE_LIST.split())
_SET_ASIDE_LIST = "without than instead rather unlike versus against compared despite beyond"
_SET_ASIDE = frozenset(_SET_ASIDE_LIST.split())


_ASKS_A_NUMBER = re.compile(
    r"how (?:much|many|large|big|long|old|fast|far|often|high|heavy|hot|deep|strong|common|frequent)\b"
    r"|what (?:is|are|was|were) the (?:[\w-]+ ){0,3}?(?:mass|masses|value|rate|rates|age|size|temperature|number|energy"
    r"|speed|length|radius|density|lifetime|prevalence|incidence|frequency|probability|cost|dose|distance|weight|share"
    r"|percentage|accuracy|magnitude|amount|concentration|duration|height|depth|half-life|efficiency)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """A question as sentences are held against it."""

    weighed: WeighedTerms
    families: tuple[Family, ...]  # of what it says of its subject
    actor: Chunk | None  # of which it asks what it does: the "A" of "Does A reduce B?"
    wants_number: bool = False  # "How much", "What is the mass of"


def asked_of(terms: SearchTerms, weighed: WeighedTerms) -> Asked:
    """What a question asks: the families of its words of relation, and who acts, if anyone does."""
    families: dict[Family, None] = {}
    for word in terms.relations:
        known = [family for family in _FAMILIES if word in family.asked]
        for family in known or [_family(word, word)]:
            families[family] = None
    held = tuple(family for family in families if family.answering)
    acting = [word for word in terms.relations if any(family.acts and word in family.asked for family in held)]
    actor = _actor(terms.question, acting, weighed) if acting else None
    return Asked(weighed, held, actor, _ASKS_A_NUMBER.match(terms.question) is not None)


def _actor(question: str, acting: Sequence[str], weighed: WeighedTerms) -> Chunk | None:
    words = [word.casefold() for _, word in words_in(question)]
    verb = min((words.index(word) for word in acting if word in words), default=0)
    before, behind = " ".join(words[:verb]), " ".join(words[verb:])
    first = [chunk for chunk in weighed.chunks if any(term.word in before for term in chunk.terms)]
    is_asked_of_another = any(term.word in behind for chunk in weighed.chunks for term in chunk.terms)
    return first[0] if first and is_asked_of_another else None


@dataclass(frozen=True)
class _Sentence:
    """A sentence taken apart: its words, their stems, and where the chunks of the question stand."""

    words: tuple[str, ...]
    stems: tuple[frozenset[str], ...]
    places: tuple[tuple[int, ...], ...]  # for each chunk

    @property
    def named(self) -> tuple[int, ...]:
        return tuple(place for places in self.places for place in places)


def _taken_apart(asked: Asked, sentence: str) -> _Sentence:
    words = tuple(word.casefold() for _, word in words_in(sentence))
    stems = tuple(frozenset(index_terms(word)) for word in words)
    places = (
        tuple(at for at in range(len(words)) if _names(words[at], stems[at], chunk)) for chunk in asked.weighed.chunks
    )
    return _Sentence(words, stems, tuple(places))


def is_said_of_subject(asked: Asked, sentence: str) -> bool:
    """Whether each thing that the question asks about is said in the sentence, near to its subject, and of it."""
    taken = _taken_apart(asked, sentence)
    if not asked.families:
        return min(taken.named, default=len(taken.words)) < EARLY and _stand_together(taken)
    return all(_is_said(family, asked, taken) for family in asked.families)


def _is_said(family: Family, asked: Asked, taken: _Sentence) -> bool:
    is_backed = any(
        stems & family.backing and not word.endswith("able")
        for stems, word in zip(taken.stems, taken.words, strict=True)
    )
    answering = family.answering if is_backed else family.answering - family.weak
    said = [
        at
        for at, stems in enumerate(taken.stems)
        if stems & answering
        and not taken.words[at].endswith(("ly", "able"))
        and any(0 < abs(at - place) <= family.near for place in taken.named)
        and _is_on_its_side(family, at, taken)
    ]
    if family.between and len(taken.places) > 1:
        return any(_lies_between(at, taken.places) for at in said)
    if family.acts and asked.actor is not None and said:
        return _acts(asked.actor, said, taken.words, taken.stems)
    return bool(said)


def _is_on_its_side(family: Family, at: int, taken: _Sentence) -> bool:
    """Whether the thing explained stands where the word puts it: "A causes it", "it is caused by A"."""
    is_passive = bool(_BE & set(taken.words[max(0, at - 3) : at])) or "by" in taken.words[at + 1 : at + 3]
    before = any(0 < at - place <= family.near for place in taken.named)
    behind = any(0 < place - at <= family.near for place in taken.named)
    if taken.stems[at] & family.forward:
        return before if is_passive else behind
    return before if taken.stems[at] & family.backward else True


def _stand_together(taken: _Sentence) -> bool:
    """Whether those parts of the subject that the sentence names stand within a few words of each other."""
    held = [places for places in taken.places if places]
    return any(
        all(any(abs(place - first) <= NEAR for place in places) for places in held) for first in (held or [()])[0]
    )


def _lies_between(at: int, places: Sequence[Sequence[int]]) -> bool:
    """Whether one of the things compared stands before the word and another behind it."""
    before = {number for number, own in enumerate(places) if any(place < at for place in own)}
    behind = {number for number, own in enumerate(places) if any(place > at for place in own)}
    return any(one != other for one in before for other in behind)


def _names(word: str, stems: frozenset[str], chunk: Chunk) -> bool:
    """Whether a word is the rarest of a chunk, or its short form: "ray" alone is no cosmic ray."""
    rarest = max(chunk.terms, key=lambda term: term.weight)
    short = chunk.abbreviations.union(*(term.abbreviations for term in chunk.terms))
    return bool(stems & (frozenset(rarest.parts) | {rarest.squashed})) or word.removesuffix("s") in short


def _acts(actor: Chunk, said: Sequence[int], words: Sequence[str], stems: Sequence[frozenset[str]]) -> bool:
    """Whether the actor stands before what is said, or behind "by", "with", "from"; true if it is not named.

    "B enhances A" and "better than A" do not tell what A does.
    """
    rarest = max(actor.terms, key=lambda term: term.weight)
    own = frozenset(rarest.parts)
    short = actor.abbreviations | rarest.abbreviations
    named = [at for at in range(len(words)) if stems[at] & own or words[at].removesuffix("s") in short]
    counted = [at for at in named if not _SET_ASIDE & set(words[max(0, at - 3) : at])]
    if not named:
        return True
    return any(
        place < act or (act < place <= act + NEAR and _BROUGHT_ABOUT_BY & set(words[act + 1 : place]))
        for place in counted
        for act in said
    )
