"""Sentences of a text, as true offsets.

Owns where a sentence ends: full stops of abbreviations, decimals, initials, links and citation marks
do not end one; marks that follow the full stop belong to the sentence before them. Blocks (a heading,
a list item, a table row, a paragraph) come from `blocks`. Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from pipelines.extraction.blocks import Block, BlockKind, blocks_of
from pipelines.extraction.word_lists import words

_TERMINATOR = re.compile(r"[.!?…]+[\"'”’»)\]*_]{0,6}|[。！？]+[”」』）]?")
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

# A full stop after these never ends a sentence: something must follow them.
_OPEN_ABBREVIATIONS = words(
    """
    e.g i.e eg ie cf vs viz fig figs eq eqs eqn ref refs sec sect ch chap vol pp ed eds dr mr mrs ms
    prof st mt no nos nr approx ca resp gen gov sen rep rev hon lt col sgt capt dept univ assoc proc
    trans mag jan feb mar apr jun jul aug sep sept oct nov dec var subsp spp sp cv str tab suppl
    """
)
# After these a sentence may end: it does when the next word is one that opens sentences.
_CLOSING_ABBREVIATIONS = words(
    """
    al etc inc ltd co corp jr sr u.s u.k u.n e.u a.m p.m ph.d d.c b.c a.d llc plc
    """
)
_OPENERS = words(
    """
    a after all although an and another as at because both but by despite each even every finally
    first for from furthermore given however if in indeed it its many meanwhile moreover most
    nevertheless no on once one other our over recent second several similarly since some such that
    the their then there therefore these they this those though through thus to today under unlike
    until we what when whereas whether which while with
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
    name = word.group(0) if word else ""
    if first.islower():
        # iPhone, mRNA, pH: a lower-case letter with capitals behind it.
        return any(letter.isupper() for letter in name[1:4]), name.lower()
    return True, name.lower()


def _ends_after_stop(text: str, start: int, stop: int, next_word: str) -> bool:
    """Whether the single full stop at `stop` ends a sentence, by the word before it."""
    match = _WORD_BEFORE.search(text[max(start, stop - 24) : stop])
    word = match.group(0) if match else ""
    low = word.lower()
    if low in _OPEN_ABBREVIATIONS:
        # "... the answer was no. The" against "No. 5" and "Fig. 3".
        return low in ("no", "co", "ms", "mar", "ref") and next_word in _OPENERS
    if low in _CLOSING_ABBREVIATIONS:
        return next_word in _OPENERS or (low == "etc" and next_word != "")
    if len(word) == 1 and word.isupper():
        return next_word in _OPENERS and text[max(start, stop - 3) : stop - 1].strip(".") != ""
    is_list_number = word.isdigit() and len(word) <= 2 and text[start : stop - len(word)].strip(" *_") == ""
    return not is_list_number


def _boundaries(text: str, block: Block) -> Iterator[int]:
    """Ends of the sentences of a block, the last excluded."""
    starts, ends = _protected_spans(text, block.start, block.end)
    sentence_start = block.start
    position = block.start
    while True:
        match = _TERMINATOR.search(text, position, block.end)
        if match is None:
            return
        position = match.end()
        inside = bisect_right(starts, match.start()) - 1
        if inside >= 0 and match.start() < ends[inside]:
            if not text.startswith(("(", "["), starts[inside]) or position < ends[inside]:
                continue
            # "(It ended here.) The next": a sentence in brackets of its own.
            if text[sentence_start : starts[inside]].strip():
                continue
        end = _end_with_marks(text, match, block.end)
        if end is None:
            continue
        sentence_start = position = end
        yield end


def _end_with_marks(text: str, match: re.Match[str], block_end: int) -> int | None:
    """End of the sentence that `match` closes, with the marks behind it; None if it closes none."""
    end = match.end()
    is_wide = match.group(0)[0] in "。！？"
    marks = _MARKS_AFTER.match(text, end, block_end)
    if marks:
        after = marks.end()
        opens, _ = _opens_sentence(text, after, block_end)
        if after >= block_end or (opens and (text[after].isspace() or text[after - 1] == "]")):
            end = after
    if end >= block_end:
        return end
    if not text[end].isspace() and not is_wide and end == match.end():
        return None
    opens, next_word = _opens_sentence(text, end, block_end)
    if not opens and not is_wide:
        return None
    is_single_stop = match.group(0).rstrip("\"'”’»)]*_") == "."
    if is_single_stop and end == match.end():
        line_start = max(0, match.start() - 30)
        if not _ends_after_stop(text, line_start, match.start(), next_word):
            return None
    return end


def sentences_of(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Sentences of one block; a block that is no prose is one sentence."""
    bounds = list(_boundaries(text, block)) if block.kind in _PROSE else []
    start = block.start
    for end in [*bounds, block.end]:
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


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets `(start, end)` of the sentences of `text`, in order and not overlapping.

    Headings and table rows are one span each; code, comments, front matter and images are left out.
    Every span starts and ends with a character that is not white space.
    """
    return tuple(span for block in blocks_of(text) if block.kind in _SPLIT for span in sentences_of(text, block))
