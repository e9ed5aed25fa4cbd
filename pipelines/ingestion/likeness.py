"""Whether two descriptions mean the same work: likeness of titles, of lists of people, of years.

Input: words as a record and an index wrote them, hostile or not; all work is bounded in their length. Output:
a score or a yes/no. Does not belong here: what follows from it for a reference (verification), identifiers,
and the normalised title that ids are made from (library_rows.py), which must never change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from pipelines.ingestion.folding import folded, unmarked
from pipelines.ingestion.people import authors_agree

__all__ = [
    "SAME_TITLE",
    "authors_agree",
    "holds_title",
    "is_distinctive",
    "is_notice_title",
    "plain_title",
    "same_title",
    "shared_words",
    "title_likeness",
    "years_agree",
]

MAX_TITLE = 500  # characters of a title that are compared
MAX_ENTRY = 3_000  # characters of a printed entry in which a title is looked for
SAME_TITLE = 90.0  # of 100, from which two titles are the same
MOST_YEARS_APART = 1  # between what a reference states and what an index holds
_OTHER_WORK = 80.0  # the most that titles with other numbers, or of a notice and its work, can reach
_CHANGED_WORD = 85.0  # the most that titles reach of which a word that carries meaning was exchanged
_SHORTEST_CUT = 20  # characters of a title cut with dots that are compared with the start of a whole one
_DISTINCTIVE = 5  # words with a meaning, from which two works by different people hardly share a title
_FEWEST_HELD = 4  # words of a title that must stand in an entry for it to be what is cited
_FEWEST_WORDS = 3  # of a title before its subtitle that stands for the whole

_BROKEN_LINE = re.compile(r"(?<=[a-z])-\s?\n\s{0,20}(?=[a-z])")
_BROKEN_LINE = re.compile(r"(?<=[a-z])-\s?\n\s{0,20}(?=[a-z])")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_THOUSANDS = re.compile(r"(?<=\d)[,\u2009\u202f\u00a0](?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W_]+")
_MARKED = re.compile(
    r"^\W{0,3}(?:retracted|withdrawn|removed|temporary removal)"
    r"(?:\s(?:article|chapter|paper|manuscript))?\s?[:\])\-–—.]{1,3}\s?"
    r"|\s?[(\[]\s?(?:retracted|withdrawn)(?:\s(?:article|chapter|paper))?\s?[)\]]\.?$",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^\W{0,3}(?:(?:author|publisher|editorial)s?['’]?\s)?(?:retraction|correction|corrigend(?:um|a)|errat(?:um|a)"
    r"|expression of concern|addendum|withdrawal|comment|reply|response|replication)"
    r"(?:\s(?:notice|note|statement))?\s?(?::|\bto\b|\bon\b|\bof\b|\bfor\b|[-–—]\s)",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(r"[:?!;]\s+|\s+[-–]\s+|\s?[—―]\s?|\.\s+(?=[A-Z])|\s+(?=\([^()]{1,200}\)\W{0,2}$)")
_CUT = re.compile(r"(?:\.{3}|…)\W{0,3}$")
_EDITION = re.compile(
    r"[(,\s]{1,3}(\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh)\sed(?:ition|n)?\b\.?\)?", re.I
)
_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16",
}  # fmt: skip
_ROMAN_LETTER = {"i": "1", "v": "5", "x": "10"}  # numbers after a word that counts, or at the end
_COUNTING = frozenset(
    {"part", "type", "phase", "class", "volume", "vol", "chapter", "paper", "study", "book", "stage", "grade"}
)
_COUNTED = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7"}
_SPELLINGS = {"vs": "versus"}
_EMPTY = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "have", "in", "into", "is", "it", "its", "of",
    "on", "or", "our", "over", "s", "than", "that", "the", "their", "this", "to", "towards", "toward", "under",
    "upon", "using", "versus", "via", "was", "we", "were", "when", "which", "with",
})  # fmt: skip
_NEGATIONS = frozenset({"not", "no", "without", "never", "non", "cannot", "neither", "nor"})
# Letters that a scan takes for each other, as one of them.
_SCANNED = str.maketrans({"h": "b", "c": "e", "u": "n", "1": "l", "i": "l", "0": "o", "5": "s"})
# What is left of two words without their common ending, where that makes them opposites.
_OPPOSED = frozenset(
    frozenset(pair)
    for pair in (
        ("", "un"), ("", "in"), ("", "im"), ("", "ir"), ("", "il"), ("", "non"), ("", "dis"), ("", "a"), ("", "an"),
        ("", "anti"), ("hyper", "hypo"), ("inter", "intra"), ("macro", "micro"), ("pre", "post"), ("over", "under"),
        ("", "fe"), ("", "wo"), ("in", "out"), ("in", "ex"), ("hetero", "homo"), ("mono", "poly"), ("endo", "exo"),
    )
)  # fmt: skip


@dataclass(frozen=True)
class _Title:
    """A title made ready for comparison: its words, whole and before the subtitle, and its numbers."""

    words: tuple[str, ...]
    main: tuple[str, ...]  # empty where there is no subtitle, or too little before it
    numbers: frozenset[str]
    edition: str | None
    notice: bool  # of an editorial notice or a comment about another work
    cut: bool  # ends in dots


def plain_title(text: str) -> str:
    """Lower case without mark-up, TeX, accents and punctuation; Greek letters by name, marks of retraction off."""
    return " ".join(_prepared(text).words)


def title_likeness(one: str, other: str) -> float:
    """Similarity of two titles, 0..100, the same both ways round; a missing subtitle costs nothing.

    Titles that differ in a number, in a word that carries meaning, or of which one is the notice about the
    other stay below `SAME_TITLE` however alike the rest is.
    """
    first, second = _prepared(one), _prepared(other)
    if not first.words or not second.words:
        return 0.0
    likeness = max(_likeness(a, b) for a, b in _comparable(first, second))
    if first.notice != second.notice or _numbers_differ(first, second):
        return min(likeness, _OTHER_WORK)
    return likeness


def shared_words(one: str, other: str) -> float:
    """The share, 0..1, of the words with a meaning that two titles have in common, each of both counted once."""
    mine = {word for word in _prepared(one).words if word not in _EMPTY}
    theirs = {word for word in _prepared(other).words if word not in _EMPTY}
    left, right = mine - theirs, theirs - mine
    alone = [word for word in left if not any(_like_word(word, w) for w in right)]
    alone += [word for word in right if not any(_like_word(word, w) for w in left)]
    total = len(mine) + len(theirs)
    return (total - len(alone)) / total if mine and theirs else 0.0


def same_title(one: str, other: str) -> bool:
    """Whether two titles are those of one work, as far as titles can tell."""
    return title_likeness(one, other) >= SAME_TITLE


def holds_title(entry: str, title: str) -> bool:
    """Whether a printed entry holds a title word for word; a title of fewer words may stand there by chance."""
    words, held = _plain_words(_MARKED.sub("", unmarked(title[:MAX_TITLE]))), _plain_words(unmarked(entry[:MAX_ENTRY]))
    return len(words) >= _FEWEST_HELD and f" {' '.join(words)} " in f" {' '.join(held)} "


def is_notice_title(title: str) -> bool:
    """Whether a title is that of a notice or a comment about another work."""
    return _prepared(title).notice


def main_title(text: str) -> str:
    """What stands before the subtitle, as `plain_title`; empty where there is no subtitle or too little before it."""
    main = _prepared(text).main
    return " ".join(main) if len(main) >= _FEWEST_WORDS else ""


def marked_as(title: str) -> str | None:
    """What a publisher wrote before or behind the title of a work that no longer stands: RETRACTED, WITHDRAWN."""
    match = _MARKED.search(title[:MAX_TITLE].strip())
    return ("RETRACTED" if "retracted" in match[0].lower() else "WITHDRAWN") if match else None


def is_distinctive(title: str) -> bool:
    """Whether a title says enough that two works by different people will hardly share it."""
    return len([word for word in _prepared(title).words if word not in _EMPTY]) >= _DISTINCTIVE


def years_agree(stated: int | None, held: Iterable[int]) -> bool:
    """Whether a stated year lies between the earliest and the latest held one, give or take one.

    A work is cited by the year of its preprint, of its version of record, or of one between.
    """
    years = sorted(held)
    return stated is None or not years or years[0] - MOST_YEARS_APART <= stated <= years[-1] + MOST_YEARS_APART


def _comparable(first: _Title, second: _Title) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    pairs = [(first.words, second.words)]
    for short, long in ((first, second), (second, first)):
        if short.main and (len(short.main) >= _FEWEST_WORDS or short.main == long.words):
            pairs.append((short.main, long.words))
        start = _start_of(long.words, len(" ".join(short.words))) if short.cut else ()
        if start:
            pairs.append((short.words, start))
    return pairs


def _start_of(words: tuple[str, ...], length: int) -> tuple[str, ...]:
    if length < _SHORTEST_CUT:
        return ()
    return tuple(" ".join(words)[:length].split())


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    first, second = " ".join(one), " ".join(other)
    closed = fuzz.ratio("".join(one), "".join(other))  # "multi-agent", "multiagent"
    likeness = max(fuzz.ratio(first, second), closed, fuzz.token_sort_ratio(first, second))
    if likeness < _CHANGED_WORD or closed == 100.0 or not _meaning_changed(one, other):
        return likeness
    return _CHANGED_WORD


def _meaning_changed(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a word was exchanged for another one, negated, or a negation added; typing errors are none."""
    here, there = Counter(one), Counter(other)
    left, right = set(here - there), set(there - here)
    if (left | right) & _NEGATIONS:
        return True
    mine = [word for word in left if word not in _EMPTY and not any(_like_word(word, w) for w in right)]
    theirs = [word for word in right if word not in _EMPTY and not any(_like_word(word, w) for w in left)]
    return bool(mine and theirs)


def _like_word(one: str, other: str) -> bool:
    """A typing error, an inflection, or a part of a compound; not an opposite."""
    if one.isdigit() or other.isdigit():
        return one == other
    if _are_opposed(one, other):
        return False
    if len(one) >= 3 and _as_scanned(one) == _as_scanned(other):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and (long.startswith(short) or long.endswith(short)):
        return True
    return fuzz.ratio(one, other) >= (75.0 if len(short) >= 6 else 80.0)


def _as_scanned(word: str) -> str:
    return word.replace("rn", "m").replace("vv", "w").translate(_SCANNED)


def _are_opposed(one: str, other: str) -> bool:
    shared = 0
    while shared < min(len(one), len(other)) and one[-1 - shared] == other[-1 - shared]:
        shared += 1
    return shared >= 3 and frozenset({one[: len(one) - shared], other[: len(other) - shared]}) in _OPPOSED


def _numbers_differ(first: _Title, second: _Title) -> bool:
    """Both state numbers and each has one that the other lacks; a part or year left out on one side is none."""
    if first.edition and second.edition and first.edition != second.edition:
        return True
    return bool(first.numbers - second.numbers) and bool(second.numbers - first.numbers)


@lru_cache(maxsize=32_768)
def _prepared(text: str) -> _Title:
    text = _BROKEN_LINE.sub("", text[: MAX_TITLE * 3])
    text = _MARKED.sub("", unmarked(text))[:MAX_TITLE]
    notice = _NOTICE.match(text) is not None
    edition = _EDITION.search(text)
    if edition:
        text = text[: edition.start()] + " " + text[edition.end() :]
    segments = [_words(piece) for piece in _SUBTITLE.split(text)]
    segments = [words for words in segments if words]
    words = tuple(word for words in segments for word in words)
    cut = _CUT.search(text) is not None
    if cut and len(words) > 1:
        words = words[:-1]  # the last one is a piece of a word
    return _Title(
        words=words,
        main=segments[0] if len(segments) > 1 else (),
        numbers=frozenset(number for word in words for number in re.findall(r"\d+", word)),
        edition=_edition_number(edition.group(1)) if edition else None,
        notice=notice,
        cut=cut,
    )


def _edition_number(words: str) -> str:
    return _ORDINALS.get(words.lower()) or words[:-2]


def _words(text: str) -> tuple[str, ...]:
    """The words of a piece of a title, numbers in digits."""
    found = _plain_words(text)
    return tuple(_in_digits(found, at) for at in range(len(found)))


def _plain_words(text: str) -> list[str]:
    text = _THOUSANDS.sub("", _APOSTROPHE.sub("", text)).replace("&", " and ")
    return _WORD.findall(folded(text))


def _in_digits(words: Sequence[str], at: int) -> str:
    word = words[at]
    if word in _ROMAN:
        return _ROMAN[word]
    counted = at > 0 and words[at - 1] in _COUNTING
    if word in _ROMAN_LETTER and (counted or at == len(words) - 1):
        return _ROMAN_LETTER[word]
    if counted and word in _COUNTED:
        return _COUNTED[word]
    return _SPELLINGS.get(word, word)
