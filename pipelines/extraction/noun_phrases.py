"""Noun phrases of an English sentence, as far as word lists find them: its subject, those with a given noun.

Owns where such a phrase begins and ends, its number, and whether it says more than its noun. Does not
belong here: what refers to what (antecedents). No tagger is used: a phrase that the lists are not sure
of is not returned. In: a sentence. Out: `Phrase`s whose text stands in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.extraction.lexicon import is_finite
from pipelines.extraction.word_lists import words

_MOST_WORDS = 9
_TOKEN = re.compile(r"\([^()]{1,60}\)|[^\W_][\w'’+#/–-]*(?:\.\w+)*|[^\w\s]")
_LEAD = re.compile(
    r"(?:(?:[A-Z][a-z]{2,14}ly|However|Moreover|Furthermore|Also|Thus|Therefore|Hence|Instead|Overall|First|Second|"
    r"Third|Then|As a result|By contrast|Recently|Today|"
    r"(?:In|At|For|With|Over|Despite|More|Among|Under)\s[^,;:.()]{2,50}),\s)?"
)
_LABEL = re.compile(r"[^.:!?]{1,60}:\s")
_DETERMINERS = words("the a an")
# No phrase that opens with one of these can stand for a thing on its own.
_NEVER_OPEN = words(
    """
    this these those that it they we i he she you there here what who which one some many most several
    each both all any few another other others such our his her my your their its no none neither either
    nothing much more less when where while if although because since as in on at by for from with to of
    how why whether not even also only using based given unlike like during after before despite through
    within under over between among according two three four five next
    """
)
_PREPOSITIONS = words(
    """
    of in on at by for from with to into onto over under between among across through during within without
    about against per via as like than toward towards upon after before since
    """
)
_BOUNDARIES = _PREPOSITIONS | words(
    """
    and or but nor that which who whose where when while if because although whether is are was were be been being has
    have had do does did can could may might will would shall should must not also both either each every
    some many most several all any few no our its their his her my your this these those such other another
    it they we using including employing leveraging providing enabling allowing achieving containing having
    making becoming called named termed known so more most less very rather too then thus hence only
    how why what certain numerous various one two three four five
    """
)
_NUMBER_WORDS = words("one two three four five")
_WEAK = words(
    """
    new novel proposed common popular recent existing current same first second third other another different
    various several many such key main major important effective efficient simple powerful promising
    alternative traditional specific particular general comprehensive robust following certain similar
    typical good best better large small whole entire overall additional further final single basic
    core primary available possible advanced complex latest earlier previous early late notable prominent
    significant critical potential modern above underlying standard useful original broader wider
    unified controlled prior representative ordinary
    """
)
# Heads of subjects that name no thing a pronoun would carry on.
_EMPTY_HEADS = words(
    """
    goal aim idea result purpose reason example key problem challenge focus question fact evidence finding way
    role need lack use choice part section table figure chapter reader answer difference number amount
    majority rest purpose objective point advantage benefit disadvantage drawback combination type kind form
    case step issue factor implication attention solution concept paper article work author researcher
    """
)
_KINDS_ALONE = words(
    """
    algorithm approach architecture assumption benchmark company corpus database dataset device drug
    experiment framework library mechanism method metric model network package platform procedure process
    product program project protocol software strategy study survey system task technique technology test
    theory tool trial treatment data group team group user agent robot
    """
)
_PEOPLE = words(
    """
    researcher author scholar scientist expert investigator people study critic analyst user developer
    practitioner team group engineer organization company participant patient child woman man student
    """
)
_IRREGULAR_PLURALS = {"people": "person", "children": "child", "data": "data", "mice": "mouse", "men": "man",
                      "women": "woman", "criteria": "criterion", "phenomena": "phenomenon",
                      "hypotheses": "hypothesis", "analyses": "analysis", "bacteria": "bacterium",
                      "indices": "index", "matrices": "matrix"}  # fmt: skip
_PLURAL_VERBS = words("are were have do")
_SINGULAR_VERBS = words("is was has does")
# Behind an adjective the lists take these for verbs: "Experimental results on".
_MAY_BE_ADJECTIVE = re.compile(r"(?:al|ic|ive|ous|ent|ant|ary|ed|ing|or|ior)$")
_NOUNS_TOO = words("results studies models uses works tests reports controls measures estimates features")
_TELLS_KIND = re.compile(r"(?:(?:is|was)\s(?:an?|the|one of the)|are|were)\s")
_ADVERB = re.compile(r"\w{3,}ly$|^(?:also|often|still|now|then|thus|already|even|only|not|never|always)$")
_TELLING = words(
    """
    argues argued found showed shows suggested suggests said notes noted reported reports believes believed
    proposed proposes wrote introduced demonstrated conducted developed claims claimed stated states
    """
)
_MAKING = words(
    """
    introduced introduces released launched acquired developed develops created creates bought founded published
    presented presents proposed proposes designed announced called named built replaced unveiled
    """
)
_NAMING = words("called named termed dubbed as")
_CAPITAL = re.compile(r"[A-Z]|\w*[A-Z0-9]\w*$")


@dataclass(frozen=True)
class Introduction:
    """A thing that a sentence names and says the kind of: "Moss" and "tool" in "we present Moss, a tool"."""

    name: str
    kind: str


@dataclass(frozen=True)
class Phrase:
    """A noun phrase: its words as written (without "a" and "the" where `takes_article`), and what is known of it."""

    text: str
    head: str  # singular, lower case
    modifiers: tuple[str, ...]
    is_plural: bool
    takes_article: bool = False
    may_be_person: bool = False
    is_acronym: bool = False
    makes_another: bool = False  # "X introduced Y": what follows is as likely about Y
    kind: str | None = None  # the noun of "X is a tool", in the singular
    is_told_of_subject: bool = False  # the phrase is what something else is said to be


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()


def singular(noun: str) -> str:
    """The singular of a regular plural; any other word as it is."""
    low = noun.lower()
    if low in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[low]
    if low.endswith("ies") and len(low) > 4 and low not in ("series", "species"):
        return low[:-3] + "y"
    if re.search(r"(?:ches|shes|xes|sses|zes)$", low):
        return low[:-2]
    if low.endswith("s") and len(low) > 3 and not re.search(r"(?:ss|us|is|ics|series|species|news|means)$", low):
        return low[:-1]
    return low


def _is_plural_noun(noun: str) -> bool:
    low = noun.lower()
    if noun[-2:].isupper() or (noun.isupper() and len(noun) > 1):
        return False  # "AWS", "IRS"
    return low in _IRREGULAR_PLURALS or singular(low) != low


def _tokens(sentence: str, start: int = 0) -> list[_Word]:
    return [_Word(m.group(0), m.start(), m.end()) for m in _TOKEN.finditer(sentence, start)]


def _is_verb(tokens: list[_Word], index: int) -> bool:
    """Whether a token is a finite verb by the lists; a capital inside a sentence is a name."""
    token = tokens[index]
    if token.text[0].isupper() or not token.text[0].isalpha():
        return False
    following = next((t.low for t in tokens[index + 1 :] if not _ADVERB.match(t.low)), "")
    before = next((t.low for t in reversed(tokens[:index]) if not _ADVERB.match(t.low) and t.text[0] != "("), "")
    return is_finite(before, token.low, following)


def _verb_at(tokens: list[_Word]) -> int | None:
    """The place of the main verb, if only a short phrase of nouns stands before it."""
    for index, token in enumerate(tokens[: _MOST_WORDS + 2]):
        if index and _is_verb(tokens, index):
            return index
        if token.text in ",;:.?!" or token.low in ("that", "which", "who", "whose", "to", "where", "when"):
            return None
    return None


def subject_of(sentence: str) -> Phrase | None:
    """The subject that a sentence opens with, if it is a plain phrase: nouns, at most one "and", no preposition."""
    label = _LABEL.match(sentence)
    lead = _LEAD.match(sentence, label.end() if label else 0)
    tokens = _tokens(sentence[:400], lead.end() if lead else 0)
    if not tokens or tokens[0].low in _NEVER_OPEN:
        return None
    verb = _verb_at(tokens)
    if verb is None:
        return None
    phrase = tokens[:verb]
    while phrase and (_ADVERB.match(phrase[-1].low) or phrase[-1].low in ("first", "further", "both")):
        phrase.pop()
    nouns = _own_nouns(phrase)
    if nouns is None:
        return None
    is_plural = any(token.low == "and" for token in nouns) or _is_plural_noun(nouns[-1].text)
    if tokens[verb].low in _NOUNS_TOO and _MAY_BE_ADJECTIVE.search(nouns[-1].low):
        return None
    if tokens[verb].low in (_SINGULAR_VERBS if is_plural else _PLURAL_VERBS):
        return None
    rest = sentence[tokens[verb].start :]
    return Phrase(
        text=sentence[phrase[0].start : phrase[-1].end],
        head=singular(nouns[-1].text),
        modifiers=tuple(token.text for token in nouns[:-1]),
        is_plural=is_plural,
        may_be_person=_may_be_person(nouns, tokens[verb].low),
        is_acronym=len(nouns) == 1 and nouns[0].text[:2].isupper(),
        makes_another=tokens[verb].low in _MAKING and any(token.text[0].isupper() for token in tokens[verb:]),
        kind=_kind(rest),
    )


def _own_nouns(phrase: list[_Word]) -> list[_Word] | None:
    """The words of a phrase without articles; None if it is no plain phrase of nouns."""
    if any(not (token.text[0].isalnum() or token.text[0] == "(") for token in phrase):
        return None
    nouns = [token for token in phrase if token.text[0] != "(" and token.low not in _DETERMINERS]
    if not nouns or len(nouns) > _MOST_WORDS or any(token.low in _BOUNDARIES - {"and"} for token in nouns):
        return None
    return None if sum(token.low == "and" for token in nouns) > 1 else nouns


def _may_be_person(nouns: list[_Word], verb: str) -> bool:
    if singular(nouns[-1].text) in _PEOPLE or "al" in {noun.low for noun in nouns}:
        return True
    return verb in _TELLING and all(noun.text[0].isupper() for noun in nouns)


def _kind(rest: str) -> str | None:
    """The noun behind "is a": framework in "is an open-source Java framework developed in"."""
    match = _TELLS_KIND.match(rest)
    if match is None:
        return None
    return _last_noun(rest[:200], match.end())


def _head_after_article(phrase: str) -> str | None:
    return _last_noun(phrase, phrase.index(" ") + 1)


def _last_noun(text: str, start: int) -> str | None:
    """The last word, in the singular, before the first that cannot belong to a phrase of nouns."""
    noun = None
    for token in _tokens(text, start):
        if token.low in _BOUNDARIES or not token.text[0].isalnum() or (noun and token.low.endswith("ed")):
            break
        noun = singular(token.text)
    return noun


# "we present Moss (Metal Oxide Scan), a tool that", "a framework called Moss Two".
_NAMED_WITH_KIND = re.compile(
    r"\b(?:presents?|introduces?|proposes?|develops?|describes?|releases?|built|build|call|named|called|is|was)\s"
    r"(?P<name>[A-Z][\w+.#-]{1,30}(?:\s[A-Z0-9][\w+.#-]{0,30}){0,3})(?:\s\([^()]{1,80}\))?,\s(?P<kind>(?:an?|the)\s[^,;.()]{3,90})"
)


_AND_ANOTHER = re.compile(r",?\sand\s(?:the\s)?[A-Z]")


def introduced(sentence: str) -> tuple[Introduction, ...]:
    """What a sentence introduces by name, with the noun that says its kind."""
    found = []
    for match in _NAMED_WITH_KIND.finditer(sentence):
        kind = _head_after_article(match["kind"])
        if _AND_ANOTHER.match(sentence, match.end()):
            return ()
        if kind is not None:
            found.append(Introduction(match["name"], kind))
    return tuple(found)


def phrases_with_head(sentence: str, head: str) -> tuple[Phrase, ...]:
    """The phrases of a sentence whose last noun is `head` (in the singular), in order, in either number."""
    return tuple(_phrases_with_head(sentence, head))


def _phrases_with_head(sentence: str, head: str) -> Iterator[Phrase]:
    tokens = _tokens(sentence)
    for index, token in enumerate(tokens):
        if singular(token.text) != head:
            continue
        is_plural = _is_plural_noun(token.text)
        first = index
        while first > 0 and index - first < _MOST_WORDS and not _is_boundary(tokens, first - 1):
            first -= 1
        if not is_plural and first and tokens[first - 1].low in _NUMBER_WORDS:
            first -= 1  # "the two dimensional model": the number belongs to the adjective
        opener = tokens[first - 1].low if first else ""
        first += first < index and tokens[first].text.isdigit()  # the 2 of "N=2 theories"
        first += first < index and _belongs_to_verb(tokens[first].low, opener)
        # An occurrence that cannot be told is handed out bare: it stands against every other.
        ends = index + 1 == len(tokens) or not _carries_on(tokens, index + 1)
        if not ends or opener in ("and", "or") or first == index:
            yield Phrase(token.text, head, (), is_plural)
            continue
        end = _end_of_name(tokens, index)
        yield Phrase(
            text=sentence[tokens[first].start : tokens[end].end],
            head=head,
            modifiers=tuple(word.text for word in tokens[first:index] if word.text[0] != "("),
            is_plural=is_plural,
            takes_article=(not is_plural or opener == "the") and not tokens[first].low.endswith(("'s", "’s")),
            is_told_of_subject=_is_told_of_subject(tokens, first - 1, opener),
        )


def _belongs_to_verb(word: str, opener: str) -> bool:
    """Whether the first word of a phrase without article is a verb form: "are offered credits", "to train models"."""
    if opener in _DETERMINERS:
        return False
    is_gerund = word.endswith("ing") and (opener in ("", ",") or opener in _PREPOSITIONS)
    return (word.endswith("ed") and "-" not in word) or opener == "to" or is_gerund


def _end_of_name(tokens: list[_Word], index: int) -> int:
    """The last token of "framework named Moss Two"; that of the noun where no name follows."""
    end = index + 1 + (len(tokens) > index + 2 and tokens[index + 1].low == "known" and tokens[index + 2].low == "as")
    if end >= len(tokens) or tokens[end].low not in _NAMING:
        return index
    last = end
    while (
        last + 1 < min(len(tokens), end + 5)
        and _CAPITAL.match(tokens[last + 1].text)
        and tokens[last + 1].text[0].isalnum()
    ):
        last += 1
    return last if last > end else index


def _is_told_of_subject(tokens: list[_Word], before: int, opener: str) -> bool:
    """Whether the phrase is what a subject is said to be: "Moss is a chain method"."""
    at = before - (opener in _DETERMINERS)
    return at >= 0 and tokens[at].low in ("is", "are", "was", "were", "be", "as")


def _is_boundary(tokens: list[_Word], index: int) -> bool:
    token = tokens[index]
    if token.text[0] == "(":
        return False
    if not token.text[0].isalnum():
        return True
    return (
        token.low in _DETERMINERS
        or token.low in _BOUNDARIES
        or _is_verb(tokens, index)
        or bool(_ADVERB.match(token.low))
    )


def is_head(sentence: str, start: int, end: int) -> bool:
    """Whether the noun at these offsets ends its phrase: "learning" does not in "this learning approach"."""
    if sentence[start:end].lower() in _BOUNDARIES:
        return False
    tokens = _tokens(sentence[: end + 60], start)
    following = next((i for i, token in enumerate(tokens) if token.start >= end), None)
    if following is None or not _carries_on(tokens, following):
        return True
    # "The system distinguishes": behind a singular that leans back, an unknown word in -s is a verb.
    word = tokens[following].text
    is_singular = not _is_plural_noun(sentence[start:end])
    return is_singular and word.islower() and word.endswith("s") and not word.endswith("ss")


def _carries_on(tokens: list[_Word], index: int) -> bool:
    """Whether the word behind a noun belongs to the same phrase as its head."""
    token = tokens[index]
    if not token.text[0].isalnum() or token.low in _BOUNDARIES or token.low in _DETERMINERS:
        return False
    return not (_is_verb(tokens, index) or _ADVERB.match(token.low) or token.low.endswith(("ed", "ing")))


def is_informative(phrase: Phrase) -> bool:
    """Whether the phrase says which thing is meant: a name, or a noun with a word that tells it from others."""
    if phrase.head in _EMPTY_HEADS:
        return False
    if any(word.lower() not in _WEAK for word in phrase.modifiers):
        return True
    if phrase.modifiers or phrase.head in _KINDS_ALONE:
        return False
    article, *nouns = phrase.text.split()
    # "The formulation" is one that was spoken of before; "The BeanFactory" is a name.
    return article.lower() not in _DETERMINERS or _CAPITAL.match(" ".join(nouns)) is not None
