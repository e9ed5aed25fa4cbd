"""What "it", "this method" and "the authors" stand for, where the record itself says so.

Owns which words of a sentence lean on the sentences before it and which phrase they lean on. Does not
invent: what is put in their place stands verbatim in the record, the number agrees, and two candidates
are none. Does not find sentences or claims. In: a normalised sentence and those before it in the same
block. Out: a `Resolution` that names its rule, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.extraction.noun_phrases import (
    Phrase,
    introduced,
    is_head,
    is_informative,
    phrases_with_head,
    singular,
    subject_of,
)
from pipelines.extraction.word_lists import words

SENTENCES_BACK = 3  # of the same block
LONGEST_ANTECEDENT = 120
_LONGEST_SENTENCE = 1200


@dataclass(frozen=True)
class Resolution:
    """`mention` at `start` of the sentence stands for `antecedent`; `standalone` says it so."""

    rule: str
    start: int
    mention: str
    antecedent: str
    standalone: str
    sentences_back: int  # 1: the sentence right before


@dataclass(frozen=True)
class _Mention:
    """The first words of a sentence that lean on something: `words` up to `end`."""

    start: int
    end: int
    words: str
    head: str | None  # the noun of "this method"; None for a pronoun
    is_plural: bool
    is_possessive: bool
    is_fronted: bool  # more than a connective stands before it


_CONNECTIVE = (
    r"(?:(?:However|Moreover|Furthermore|Additionally|Also|Thus|Therefore|Hence|Instead|Overall|Finally|"
    r"First|Second|Third|Then|Still|Yet|Conversely|Consequently|Nevertheless|Nonetheless|Similarly|"
    r"Meanwhile|Notably|Importantly|In contrast|In addition|In particular|In fact|For example|"
    r"For instance|As a result|By contrast|On the other hand|At the same time|In practice|"
    r"In (?:19|20)\d\d|More recently|Recently|Today|But|And|[A-Z][a-z]{3,14}ly),?\s)"
)
_FRONTED = r"(?:[A-Z][^,;:.?!()]{3,70},\s)"
_PRONOUN = re.compile(rf"(?P<lead>{_CONNECTIVE}?)(?P<words>(?i:it|they|its|their))\s(?=[\w(])")
_DEMONSTRATIVE = re.compile(
    rf"(?P<lead>(?:{_CONNECTIVE}|{_FRONTED})?)(?P<words>(?i:this|these|the same|the)\s(?P<noun>[A-Za-z][a-z]{{2,24}}))"
    r"(?P<possessive>['’]s?)?(?=\s)"
)
# "It is known that", "it remains to", "it takes": nothing is meant by the pronoun.
_EMPTY_IT = re.compile(
    r"(?i:it)\s(?:(?:can|could|may|might|must|should|will|would|has|have|had|is|was|also|thus|then|been|be|"
    r"further|often|widely|well|now|not|still|even|therefore|generally|commonly|recently|previously|"
    r"currently|[a-z]+ly)\s){0,5}(?:(?:[a-z]+ed|known|shown|found|said|thought|seen|held|clear|[a-z]+ible|"
    r"[a-z]+able|[a-z]+ant|[a-z]+ary|likely|unlikely|hard|easy|difficult|true|common|worth|useful|"
    r"[a-z]*crucial|essential|critical|vital|key|possible|best|evident|obvious|natural|interesting|"
    r"unclear|a|the|no|time|here|only)(?:\s(?:that|to|whether|for|how|why|what|when|in|by|as)\b|,)"
    r"|seems?\b|appears?\b|turns? out|turned out|remains?\s(?:an?\s|the\s)?(?:[a-z]+\s){1,3}(?:to|whether|that|how)\b"
    r"|(?:[a-z]+\s){0,2}(?:becomes?|became|become|is|was|be)\s(?:[a-z]+ly\s)?(?!\w+ed\b|able\b|unable\b)"
    r"[a-z]+(?:\sand\s[a-z]+)?\s(?:to|that|whether)\b"
    r"|takes?\b|took\b|"
    r"follows?\b|happens?\b|makes? sense|depends?\b|means?\b|comes? (?:as|to|down))"
)
_CLEFT = re.compile(r"(?i:it)\s(?:is|was)\s(?!an?\s)[^.]{1,60}\s(?:that|who|which)\s")
# Nouns that name a kind of thing that a text has just spoken of. Behind a bare "the" only these lean back.
_KINDS = words(
    """
    algorithm approach architecture assay assumption benchmark company compound corpus database dataset
    device drug experiment framework language library mechanism method metric model network package
    platform procedure process product program programme project protocol sensor software strategy study
    survey system task technique technology test theorem theory tool trial treatment vaccine
    """
)
_WAYS = words("approach method paradigm process strategy system technique technology")
# What an author calls a work of his own in turn.
_WORKS = ("approach", "framework", "method", "model", "system")
# Behind "this" these mean what was said, not a thing that was named.
_MEAN_WHAT_WAS_SAID = words(
    """
    ability advantage assertion aspect case change challenge claim concern conclusion context difference
    difficulty effect effort example fact feature finding gap goal growth idea improvement increase
    information insight issue limitation need number observation period phenomenon point possibility
    problem property question range reason report result review section shift situation step table
    trend understanding view way year paper article work figure chapter part set type kind
    """
)
_AUTHORS = re.compile(
    rf"(?P<lead>{_CONNECTIVE}?)(?P<words>(?i:the)\s(?:authors|researchers|investigators))(?P<possessive>['’])?(?=\s)"
)
_ET_AL = re.compile(
    r"\b[A-Z][\w’'-]{1,30}(?:\s[A-Z][\w’'-]{1,30})?\s(?:et\sal\.?|and colleagues)(?:\s\((?:19|20)\d\d\))?"
)


# "The method of moments": which one is said behind the noun.
_SAID_AT_ONCE = re.compile(
    r"\s(?:of|for|to|that|which|in which|by|we|they|[a-z]+ed (?:from|on|in|with|by|for|to|using|above|below|here))\b"
)


def _pronoun(sentence: str) -> _Mention | None:
    match = _PRONOUN.match(sentence)
    if match is None:
        return None
    word = match["words"].lower()
    if word == "it" and (
        _EMPTY_IT.match(sentence, match.start("words")) or _CLEFT.match(sentence, match.start("words"))
    ):
        return None
    return _Mention(
        match.start("words"), match.end("words"), match["words"], None, word in ("they", "their"),
        word in ("its", "their"), is_fronted=False,
    )  # fmt: skip


def _demonstrative(sentence: str) -> _Mention | None:
    match = _DEMONSTRATIVE.match(sentence)
    if match is None:
        return None
    noun, opening = match["noun"].lower(), match["words"].lower()
    head = singular(noun)
    is_plural = head != noun
    if opening.startswith("these") != is_plural and not opening.startswith("the "):
        return None
    leans_by_itself = not opening.startswith("the ")
    if (not leans_by_itself and head not in _KINDS) or head in _MEAN_WHAT_WAS_SAID:
        return None
    if sentence.startswith(" of ", match.end()) or (not leans_by_itself and _SAID_AT_ONCE.match(sentence, match.end())):
        return None
    if not is_head(sentence, match.start("noun"), match.end("noun")):
        return None
    return _Mention(
        match.start("words"), match.end("words"), match["words"], head, is_plural,
        match["possessive"] is not None, is_fronted=_CONNECTIVE_ONLY.fullmatch(match["lead"]) is None,
    )  # fmt: skip


_CONNECTIVE_ONLY = re.compile(rf"{_CONNECTIVE}?")


def _replaced(sentence: str, mention: _Mention, antecedent: str, rule: str, back: int) -> Resolution | None:
    if len(antecedent) > LONGEST_ANTECEDENT:
        return None
    start, end = mention.start, mention.end
    phrase = antecedent
    if mention.is_possessive:
        phrase += "’" if phrase.endswith("s") and mention.is_plural else "’s"
        end += len(re.match(r"['’]s?|", sentence[end:]).group(0))  # type: ignore[union-attr]  # matches the empty text
    first = phrase.split(maxsplit=1)[0]
    if start and first in ("The", "A", "An"):
        phrase = phrase[0].lower() + phrase[1:]
    elif not start and first.islower():
        phrase = phrase[0].upper() + phrase[1:]
    return Resolution(rule, start, mention.words, antecedent, sentence[:start] + phrase + sentence[end:], back)


def _by_subject(sentence: str, before: Sequence[str]) -> Resolution | None:
    """ "It", "their": the subject of the sentence right before, if that is a named thing of the same number."""
    mention = _pronoun(sentence)
    if mention is None or not before:
        return None
    subject = subject_of(before[-1])
    if subject is None or subject.is_plural != mention.is_plural or not is_informative(subject):
        return None
    if subject.may_be_person or subject.makes_another:
        return None
    return _replaced(sentence, mention, subject.text, "subject of the sentence before", 1)


def _by_noun(sentence: str, before: Sequence[str]) -> Resolution | None:
    """ "This method" after "the chain method": the one phrase before it that has the same noun and says more."""
    mention = _demonstrative(sentence)
    if mention is None or mention.head is None:
        return None
    if mention.is_fronted and phrases_with_head(sentence[: mention.start], mention.head):
        return None
    for back, earlier in enumerate(reversed(before[-SENTENCES_BACK:]), start=1):
        found = phrases_with_head(earlier, mention.head)
        if not found:
            if mention.head in _WAYS and mention.words.lower().startswith("this "):
                return None  # "this method" is what the sentence before tells, whatever it calls it
            continue
        distinct = {phrase.text.lower(): phrase for phrase in found if phrase.is_plural == mention.is_plural}
        if len(distinct) != 1 or len({phrase.text.lower() for phrase in found}) != 1:
            return None
        phrase = next(iter(distinct.values()))
        if not phrase.modifiers or phrase.is_told_of_subject or not is_informative(phrase):
            return None
        return _replaced(sentence, mention, _definite(phrase), "same noun", back)
    return None


def _by_introduction(sentence: str, before: Sequence[str]) -> Resolution | None:
    """ "The system", "its" after "we present Moss, a tool that": Moss, if nothing else was introduced by name."""
    named = [(back, thing) for back, earlier in enumerate(reversed(before), start=1) for thing in introduced(earlier)]
    if len(named) != 1:
        return None
    back, thing = named[0]
    pronoun, mention = _pronoun(sentence), _demonstrative(sentence)
    if pronoun is not None and back == 1 and not pronoun.is_plural:
        return _replaced(sentence, pronoun, thing.name, "introduced by name", back)
    if mention is None or mention.is_plural or mention.head not in (thing.kind, *_WORKS):
        return None
    if mention.head != thing.kind and (back > 1 or mention.head in before[-1].lower()):
        return None
    others = any(mention.head in earlier.lower() for earlier in before[len(before) - back + 1 :])
    return None if others else _replaced(sentence, mention, thing.name, "introduced by name", back)


def _by_kind(sentence: str, before: Sequence[str]) -> Resolution | None:
    """ "This tool" after "Moss is a tool that", "this method" after "Chain tuning lowers": the subject before it."""
    mention = _demonstrative(sentence)
    if mention is None or mention.head is None or mention.is_fronted or not before:
        return None
    subject = subject_of(before[-1])
    if subject is None or subject.is_plural != mention.is_plural or subject.may_be_person or subject.makes_another:
        return None
    if not is_informative(subject) or not (subject.kind == mention.head or _fits(mention, subject, before)):
        return None
    return _replaced(sentence, mention, subject.text, "kind of the subject before", 1)


def _fits(mention: _Mention, subject: Phrase, before: Sequence[str]) -> bool:
    """Whether "this method" can be said of a subject that is told to be no kind, and of nothing else before it."""
    if mention.head not in _WAYS or mention.words.lower().startswith("the "):
        return False
    is_way = subject.head in _KINDS or subject.head.endswith(("ing", "ization", "isation")) or subject.is_acronym
    return is_way and not any(phrases_with_head(earlier, mention.head) for earlier in before)


def _definite(phrase: Phrase) -> str:
    """ "a chain method" is "the chain method" when it is spoken of again."""
    return f"the {phrase.text}" if phrase.takes_article else phrase.text


def _by_authors(sentence: str, before: Sequence[str]) -> Resolution | None:
    """ "The authors" after "Moss et al.": them, if nobody else is named so."""
    match = _AUTHORS.match(sentence)
    if match is None:
        return None
    named = [(back, found.group(0)) for back, earlier in enumerate(reversed(before[-SENTENCES_BACK:]), start=1)
             for found in _ET_AL.finditer(earlier)]  # fmt: skip
    if len({name for _, name in named}) != 1:
        return None
    mention = _Mention(match.start("words"), match.end("words"), match["words"], None, True,
                       match["possessive"] is not None, is_fronted=False)  # fmt: skip
    return _replaced(sentence, mention, named[0][1], "authors named before", named[0][0])


_RULES: tuple[Callable[[str, Sequence[str]], Resolution | None], ...] = (
    _by_authors, _by_introduction, _by_subject, _by_noun, _by_kind,
)  # fmt: skip


def resolve(sentence: str, before: Sequence[str]) -> Resolution | None:
    """The first rule that finds one antecedent; None where nothing leans back or nothing safe was found.

    `before` holds the sentences of the same block in order, each as it stands on its own.
    """
    if len(sentence) > _LONGEST_SENTENCE:
        return None
    near = [earlier[:_LONGEST_SENTENCE] for earlier in before[-SENTENCES_BACK:]]
    return next((found for rule in _RULES if (found := rule(sentence, near)) is not None), None)
