"""Sentences of a text, as true offsets.

Owns where a sentence ends: full stops of abbreviations, decimals, initials, links and citation marks
do not end one; marks that follow the full stop belong to the sentence before them. Another splitter can
take the place of the rules (`SentenceSplitter`). Blocks (a heading, a list item, a table row, a
paragraph) come from `blocks`. Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pipelines.extraction.blocks import Block, BlockKind, blocks_of
from pipelines.extraction.word_lists import words


class SentenceSplitter(Protocol):
    """Where the sentences of a piece of prose end."""

    def ends(self, text: str, start: int, end: int) -> Iterable[int]:
        """Offsets into `text`, rising, behind each sentence of `text[start:end]`; the last end may be left out."""
        ...


_TERMINATOR = re.compile(r"[.!?…]+(?:[ ]\.+)*(?:[\"'”’»)\]*_]{1,6}|[ ][\"”](?=\s))?|[。！？]+[”」』）]?")
_MOST_DOTS = 4  # of an ellipsis written with spaces; more are the leaders of a table of contents
_PROTECTED = re.compile(
    r"https?://[^\s<>\])]{1,2000}|www\.[^\s<>\])]{1,2000}|`[^`\n]{1,300}`|\$(?=\S)[^$\n]{1,300}(?<=\S)\$(?!\d)"
    r"|\[[^\[\]]{0,300}\]|\([^()]{0,300}\)"
)
_MARK = (
    r"(?:\[(?:\^?\d{1,4}(?:\s?[,;–-]\s?\^?\d{1,4}){0,40}|\d{3,12}\s\|[^\[\]\n]{1,200}|[@^][^\[\]\n]{1,200})\]"
    r"|\(\[[^\[\]\n]{1,200}\]\([^()\s]{1,2000}\)\)|\[[^\[\]\n]{1,200}\]\(https?:[^()\s]{1,2000}\))"
)
_MARKS_AFTER = re.compile(rf"(?:[ \t]{{0,3}}{_MARK}[,;]?){{1,20}}[.*_]{{0,3}}")
_NEXT = re.compile(r"[\s\"'“‘«(\[*_]*")
# Citation numbers set as superscripts and glued to the full stop: "by half.3,4 Dust", "by half.12–15 In".
_GLUED_NUMBERS = re.compile(
    r"(?:\d{1,3}(?:[ ]?[,–-][ ]?\d{1,3}|[ ]\d{1,3}){0,40}|[⁰¹²³⁴-⁹]{1,6}(?:[,⁻–-][⁰¹²³⁴-⁹]{1,6}){0,40})(?=\s)"
)
# Names that begin in lower case and may open a sentence: mRNA, circRNA, c-Abl, p53, bcl-2, α-tocopherol.
_LOWER_CASE_NAME = re.compile(r"[a-z][^\W\d_]{0,4}[A-Z]|[a-z]-[A-Z]|[a-z]{1,5}-?\d|[α-ω]-")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,4}[^\W\d_]")

# A full stop after these never ends a sentence: something must follow them.
_OPEN_ABBREVIATIONS = words(
    """
    e.g i.e eg ie cf vs viz fig figs eq eqs eqn ref refs sec sect ch chap app vol pp ed eds dr drs mr mrs
    ms prof st mt no nos nr approx ca resp gen gov sen rep rev hon lt col sgt capt dept univ assoc proc
    trans mag jan feb mar apr jun jul aug sep sept oct nov dec var subsp ssp spp sp cv str tab suppl ver
    """
)
# Of these, the ones that are words too: "the answer was no. The owner" against "No. 5".
_ALSO_WORDS = words("app co mar ms no ref ver")
# After these a sentence may end: it does when the next word is one that opens sentences.
_CLOSING_ABBREVIATIONS = words(
    """
    al etc inc ltd co corp jr sr u.s u.k u.n e.u a.m p.m ph.d d.c b.c a.d llc plc
    """
)
_OPENERS = words(
    """
    a accordingly additionally after all although an and another as at because both but by consequently
    conversely despite each even every finally first for from furthermore given hence here however if
    importantly in indeed interestingly it its many meanwhile moreover most nevertheless no none notably
    on once one other our over overall recent recently second several similarly since some specifically
    subsequently such taken that the their then there therefore these they this those though through
    thus to today together under unlike until using we what when where whereas whether which while with
    """
)
# Words that a number or letter belongs to: "Table.2 Yields" goes on, "in complex I. Yields" ends.
_NUMBERED = words(
    """
    box chapter class complex figure grade group medium part phase section stage step table type version
    vitamin
    """
)
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘,;:/—–*_]{1,24}$")


def _protected_spans(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    starts, ends = [], []
    for match in _PROTECTED.finditer(text, start, end):
        stop = match.end()
        # A full stop at the end of a bare link is the sentence's, not the link's.
        while stop > match.start() and text[stop - 1] in ".!?,;" and text[match.start()] in "hw":
            stop -= 1
        starts.append(match.start())
        ends.append(stop)
    return starts, ends


def _opens_sentence(text: str, position: int, end: int) -> tuple[bool, str]:
    """Whether the words at `position` can open a sentence, and the first of them in lower case."""
    match = _NEXT.match(text, position, end)
    at = match.end() if match else position
    first = text[at : at + 1]
    word = re.match(r"[^\W\d_]{1,24}", text[at : at + 24])
    # "D. A. Moss": the A is an initial and not the article.
    name = word.group(0) if word and text[at + 1 : at + 2] != "." else ""
    if first.islower():
        return _LOWER_CASE_NAME.match(text, at, end) is not None, name.lower()
    return first not in (".", "…"), name.lower()


def _word_before(text: str, start: int, stop: int) -> str:
    match = _WORD_BEFORE.search(text[max(start, stop - 24) : stop])
    return match.group(0) if match else ""


@dataclass(frozen=True)
class RuleSplitter:
    """Rules over the characters around each full stop. What they know of words is in the lists."""

    open_abbreviations: frozenset[str] = _OPEN_ABBREVIATIONS
    closing_abbreviations: frozenset[str] = _CLOSING_ABBREVIATIONS
    also_words: frozenset[str] = _ALSO_WORDS
    openers: frozenset[str] = _OPENERS
    numbered: frozenset[str] = _NUMBERED

    def ends(self, text: str, start: int, end: int) -> Iterator[int]:
        starts, stops = _protected_spans(text, start, end)
        sentence_start = start
        position = start
        while match := _TERMINATOR.search(text, position, end):
            position = match.end()
            inside = bisect_right(starts, match.start()) - 1
            if inside >= 0 and match.start() < stops[inside]:
                if not text.startswith(("(", "["), starts[inside]) or position < stops[inside]:
                    continue
                # "(It ended here.) The next": a sentence in brackets of its own.
                if text[sentence_start : starts[inside]].strip():
                    continue
            found = self._end_with_marks(text, match, start, end)
            if found is None:
                continue
            sentence_start = position = found
            if found < end:
                yield found

    def _end_with_marks(self, text: str, match: re.Match[str], start: int, end: int) -> int | None:
        """End of the sentence that `match` closes, with the marks behind it; None if it closes none."""
        stop = match.end()
        is_wide = match.group(0)[0] in "。！？"
        stop = self._behind_numbers(text, match, start, end) or _behind_marks(text, stop, end) or stop
        if stop >= end:
            return stop
        if stop == match.end() and not (is_wide or text[stop].isspace()):
            return None
        opens, next_word = _opens_sentence(text, stop, end)
        if is_wide:
            return stop
        if not opens or match.group(0).count(" .") >= _MOST_DOTS:
            return None
        is_single_stop = match.group(0).rstrip("\"'”’»)]*_ ") == "."
        if not is_single_stop:
            return stop
        word = _word_before(text, start, match.start())
        if stop > match.end():  # marks behind it: "Moss et al. [5] Tiles" goes on
            ends = self._may_end_after(word, text[stop:end][:8].lstrip(), next_word)
        else:
            ends = self._ends_after_stop(text, start, match.start(), next_word)
        return stop if ends else None

    def _behind_numbers(self, text: str, match: re.Match[str], start: int, end: int) -> int | None:
        """End of the citation numbers that are glued to a full stop behind a word."""
        numbers = _GLUED_NUMBERS.match(text, match.end(), end)
        if numbers is None or match.group(0) != "." or match.start() == start:
            return None
        opens = _NEXT.match(text, numbers.end(), end)
        at = opens.end() if opens else numbers.end()
        if not text[at : at + 1].isupper():
            return None
        if text[match.start() - 1] in ")]%":
            return numbers.end()
        word = _word_before(text, start, match.start())
        known = self.open_abbreviations | self.closing_abbreviations | self.numbered
        is_word = len(word) >= 3 and word.replace("-", "").isalpha() and word.lower() not in known
        return numbers.end() if is_word else None

    def _may_end_after(self, word: str, following: str, next_word: str) -> bool:
        """Whether a full stop behind `word` can be more than that of an abbreviation."""
        low = word.lower()
        opens = next_word in self.openers
        if word.isupper() and len(word) > 1 and "." not in word:
            # "seen in the ED. The ward" against "FIG. 2".
            return low not in self.open_abbreviations or not following[:1].isdigit()
        if low in self.open_abbreviations:
            return low in self.also_words and opens
        if low in self.closing_abbreviations:
            return opens or (low == "etc" and next_word != "")
        return True

    def _ends_after_stop(self, text: str, start: int, stop: int, next_word: str) -> bool:
        """Whether the single full stop at `stop` ends a sentence, by the words on both sides of it."""
        word = _word_before(text, start, stop)
        following = text[stop + 1 : stop + 9].lstrip(" \n\"'”’»)]*_")
        opens = next_word in self.openers
        if not self._may_end_after(word, following, next_word):
            return False
        if len(word) == 1 and word.isupper():
            if text[max(start, stop - 2) : stop - 1] == " " and self._is_numbered(text, start, stop - 2):
                return True
            return opens and text[max(start, stop - 3) : stop - 1].strip(".") != ""
        if len(word) == 1 and word.islower() and following[:1].isdigit():
            return False  # "p. 12", "c. 1900"
        if word.isupper() and _INITIALS.fullmatch(word):
            return opens
        line_start = max(start, stop - 30)
        is_list_number = word.isdigit() and len(word) <= 2 and text[line_start : stop - len(word)].strip(" *_") == ""
        return not is_list_number

    def _is_numbered(self, text: str, start: int, stop: int) -> bool:
        return _word_before(text, start, stop).lower() in self.numbered


def _behind_marks(text: str, stop: int, end: int) -> int | None:
    """End of the citation marks that follow a full stop, if they belong to the sentence before them."""
    marks = _MARKS_AFTER.match(text, stop, end)
    if marks is None or text[marks.end() - 1] in ",;":
        return None
    after = marks.end()
    opens, _ = _opens_sentence(text, after, end)
    return after if after >= end or (opens and (text[after].isspace() or text[after - 1] == "]")) else None


RULES: SentenceSplitter = RuleSplitter()


def sentences_of(text: str, block: Block, splitter: SentenceSplitter = RULES) -> Iterator[tuple[int, int]]:
    """Sentences of one block; a block that is no prose is one sentence."""
    ends = splitter.ends(text, block.start, block.end) if block.kind in _PROSE else ()
    start = block.start
    for end in (*ends, block.end):
        if not start <= end <= block.end:
            raise ValueError(f"a sentence was said to end at {end}, which is not between {start} and {block.end}")
        begin = start
        while begin < end and text[begin].isspace():
            begin += 1
        stop = end
        while stop > begin and text[stop - 1].isspace():
            stop -= 1
        if begin < stop:
            yield begin, stop
        start = end


_PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE})
_SPLIT = _PROSE | {BlockKind.HEADING, BlockKind.TABLE_ROW}


def split_sentences(text: str, splitter: SentenceSplitter = RULES) -> tuple[tuple[int, int], ...]:
    """Offsets `(start, end)` of the sentences of `text`, in order and not overlapping.

    Headings and table rows are one span each; code, comments, front matter and images are left out.
    Every span starts and ends with a character that is not white space.
    """
    return tuple(
        span for block in blocks_of(text) if block.kind in _SPLIT for span in sentences_of(text, block, splitter)
    )
