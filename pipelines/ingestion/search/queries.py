"""From a question in plain words to what is searched for: its subject words, its phrases, one short query.

Input: a question in any language. Output: `SearchTerms`. Does not belong here: how an index wants a query
written (indexes/), how a work is weighed against the terms (screening.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAX_QUESTION = 2_000  # characters that are read
MAX_WORDS = 24  # subject words of a question
MAX_QUERY_WORDS = 12  # of these, how many an index is asked with
MAX_WORD = 60  # characters of one word: longer ones are noise
MAX_PHRASE_WORDS = 4
_FEWEST_SUBJECTS = 2  # with fewer subject words the query takes the words of relation too

# What asks, joins and points, by language: "die" is an article in one and a verb of content in another.
_FUNCTION_WORD_LISTS = (
    """
    a about after against all also among an and any are as at be because been before being between both but by can
    could currently did do does doing during each either etc ever for from further given had has have having how
    however i if in into is it its itself many may me might more most much must my no nor not of off often on once
    only or other our out over own per really actually same should since so some such than that the their them then
    there these they this those through to too under until up upon us very via was we were what when where whether
    which while who whom whose why will with within without would you your
    """,
    """
    aber als am an auch auf aus bei beim bin das dass dem den der des die durch ein eine einem einen einer eines
    es für gegen gibt haben hat im in ist kann können mit nach oder sich sie sind über um und unter vom von vor wann
    warum was welche welcher welches wenn wer werden wie wird wo zu zum zur
    """,
    """
    a au aux avec ce ces cette comment dans de des du elle en est et il la le les leur ou où par pas pour pourquoi
    quand que quel quelle quelles quels qui quoi se sont sur un une
    """,
    """
    a al como con cuál cuáles cuándo de del dónde el ella en entre es esta este la las lo los o para por porque qué
    que quién se ser son su sus un una y
    """,
    "a as à com como da das de do dos e é em na nas no nos o os ao para por quais qual quando que são se um uma",
    "a al che chi come con cosa da della delle di e è gli i il in la le nel nella per perché più sono sul sulla tra",
)
_FUNCTION_WORDS = tuple(frozenset(listed.split()) for listed in _FUNCTION_WORD_LISTS)

# What a question says of its subject. An index that wants every word would miss "improved" for "improve".
_RELATION_WORD_LIST = """
affect affected affects beat beats better bigger cause caused causes compare compared comparing comparison
decrease decreased decreases defend defended depend depends determine determined determines difference
differences drive drives effect effective effectively effectiveness effects efficient enhance enhances evidence
exist exists explain explained explains explanation faster fewer good greater happen happens help helps higher
impact impacts improve improved improvement improves improving increase increased increases increasing influence
influences larger lead leads less limit limited limits limiting longer lower made make makes matter matters
mechanism nature origin origins outperform outperforms prefer prefers prevent prevents produce produces protect
protected protects reason reasons reduce reduced reduces reducing reduction related relation relationship role
slower smaller suffer suffers superior unlike use used useful using versus vs work works worse
"""
_RELATION_WORDS = frozenset(_RELATION_WORD_LIST.split())

_JOINTS = frozenset("-‐‑‒–'’′.,")
_DASHES = frozenset("-‐‑‒–")
_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{3,120})[\"”»]")


@dataclass(frozen=True)
class SearchTerms:
    """What a question is searched by. All words are lower case, in the order of the question, each once."""

    question: str  # white space folded, bounded
    words: tuple[str, ...]  # what it is about; hyphenated and chemical names in one piece
    relations: tuple[str, ...]  # what it says of that: "improve", "larger", "evidence"
    phrases: tuple[str, ...]  # subject words that stand together, and words in quotation marks
    query: str  # what an index is asked with


def queries_of(question: str) -> SearchTerms:
    """The terms of a question. Without any word of content, all fields but `question` are empty."""
    folded = _SPACE.sub(" ", unicodedata.normalize("NFC", question[:MAX_QUESTION])).strip()
    runs = list(_runs(folded, _function_words(folded)))
    split = [(word, _is_relation(run, place)) for run in runs for place, word in enumerate(run)]
    words = _each_once(word for word, is_relation in split if not is_relation)[:MAX_WORDS]
    found = _each_once(word for word, is_relation in split if is_relation)[:MAX_WORDS]
    relations = tuple(word for word in found if word not in words)
    asked = words if len(words) >= _FEWEST_SUBJECTS else (*words, *relations)
    return SearchTerms(folded, words, relations, _phrases(folded, runs), " ".join(asked[:MAX_QUERY_WORDS]))


def words_in(text: str) -> Iterator[tuple[int, str]]:
    """(place, word) of each word as written: letters, marks and digits, joined by hyphens and within numbers."""
    start = place = 0
    while place < len(text):
        if not _is_letter(text[place]):
            place += 1
            continue
        start = place
        while place < len(text) and (_is_letter(text[place]) or _joins(text, place)):
            place += 1
        if text[place : place + 1] == "+" and any(letter.isdigit() for letter in text[start:place]):
            place += 1  # Ca2+, Fe3+
        yield start, text[start:place]


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _joins(text: str, place: int) -> bool:
    """Whether the mark at `place` stands inside a word: a hyphen between letters, a comma between digits."""
    mark, before, after = text[place], text[place - 1], text[place + 1 : place + 2]
    if mark not in _JOINTS or not after or not _is_letter(after):
        return False
    return mark not in ".," or (before.isdigit() and after.isdigit())


def _function_words(question: str) -> frozenset[str]:
    """Those of the language that most words of the question belong to; English where none leads."""
    words = [written.casefold() for _, written in words_in(question)]
    return max(_FUNCTION_WORDS, key=lambda listed: sum(word in listed for word in words))


def _runs(question: str, function_words: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Words of content that stand side by side; function words and marks end a run."""
    shouts = question.isupper()
    run: list[str] = []
    end = 0
    for start, written in words_in(question):
        word = _plain(written)
        if run and question[end:start].strip():
            yield tuple(run)
            run = []
        end = start + len(written)
        # WHO and IT name something, unless the whole question is written in capitals.
        is_name = len(written) > 1 and written.isupper() and not shouts
        if (is_name or word not in function_words) and _is_content(word, written):
            run.append(word)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _plain(word: str) -> str:
    word = word.casefold()
    for ending in ("'s", "’s"):
        word = word.removesuffix(ending)
    return "".join("-" if letter in _DASHES else letter for letter in word)


def _is_content(word: str, written: str) -> bool:
    if len(word) > MAX_WORD:
        return False
    # A single small Latin letter names nothing that can be searched for; "vitamin D" and one Chinese character do.
    return len(word) > 1 or not (word.isascii() and word.isalpha()) or (written.isupper() and written not in "AI")


def _phrases(question: str, runs: list[tuple[str, ...]]) -> tuple[str, ...]:
    quoted = (_SPACE.sub(" ", match[1]).strip().casefold() for match in _QUOTED.finditer(question))
    together: list[str] = []
    for run in runs:
        for piece in _between_relations(run):
            together += [" ".join(piece[:MAX_PHRASE_WORDS])] if len(piece) > 1 else []
    return _each_once([*quoted, *together])[:MAX_WORDS]


def _between_relations(run: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    piece: list[str] = []
    for place, word in enumerate(run):
        if _is_relation(run, place):
            yield tuple(piece)
            piece = []
        else:
            piece.append(word)
    yield tuple(piece)


def _is_relation(run: tuple[str, ...], place: int) -> bool:
    """ "The effect of tea" asks what tea does; "the greenhouse effect" names a thing."""
    is_named = run[place] in ("effect", "effects") and place > 0 and run[place - 1] not in _RELATION_WORDS
    return run[place] in _RELATION_WORDS and not is_named


def _each_once(words: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
