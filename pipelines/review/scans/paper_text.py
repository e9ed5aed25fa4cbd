"""The text of a paper made ready for looking things up: quotes, names of tables and sections, numbers.

Input: the text. Output: places in it, as offsets of its own characters. Folded away is what printing and extraction
change: white space, hyphens, ligatures, typographic quotes, accents, letters without width. Does not belong here:
what a found place is worth (`scans.check`).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from rapidfuzz.distance import LCSseq

from pipelines.review.scans.marks import NUMBER, NameKind, names_in

MAX_TEXT = 2_000_000  # characters; a paper has about 60,000
NEAR_SHARE = 0.8  # of the words of a quote, in their order, for a passage to be near it
_FEWEST_NEAR = 4  # words; of fewer, all must be there, whatever their case and punctuation
_MOST_POSITIONS = 2_000  # of one word that are looked at when a quote is placed
_CANDIDATES = 8
_LONGEST_HEADING = 90
_MOST_SECTIONS = 20  # a greater number leads an entry of a list, not a section

_CHANGED = re.compile(
    r"(?P<space>\s+)|(?P<range>(?<=\d)[-‐‑‒–—−](?=\d))|(?P<hyphen>[-‐‑‒–—−\u00ad](?:[ \t\r]*\n\s*)?)"
    r"|(?P<single>[`‘’‚‛′ʼ])|(?P<double>[“”„‟″«»])|(?P<other>[^\x00-\x7f])"
)
_KEPT = {"space": " ", "range": "-", "hyphen": "", "single": "'", "double": '"'}
_WORD = re.compile(r"[^\W_]+")
_LINE = re.compile(r"[^\n]{1,400}")
_HEADING = re.compile(
    r"[ \t]*(?P<marked>#{1,6}[ \t]*)?(?P<called>(?i:section|appendix)[ \t]+)?"
    r"(?:(?P<label>\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{2,5}(?=\.)|[A-Z](?:\.\d{1,2}){0,3})(?:[.:]|(?=\s))[ \t]*)?"
    r"(?P<title>\S.*)?"
)
_SCALES = {"k": 3, "K": 3, "M": 6, "B": 9}

Span = tuple[int, int]


@dataclass(frozen=True)
class Folded:
    """Words without what does not count, and where each letter came from."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        return self.origin[start], self.origin[end - 1] + 1


@dataclass(frozen=True)
class Heading:
    """`sure` is not a line that begins with a lone letter: it may be an appendix, or an author's initial."""

    label: str | None
    words: tuple[str, ...]
    span: Span
    sure: bool


def fold(text: str) -> Folded:
    letters: list[str] = []
    origin: list[int] = []
    position, last = 0, ""
    for match in _CHANGED.finditer(text):
        plain = text[position : match.start()]
        kept = _KEPT[match.lastgroup] if match.lastgroup in _KEPT else _plain(match.group())
        last = plain[-1:] or last
        if kept == " " and last == " ":  # blanks on both sides of a dash
            kept = ""
        letters += (plain, kept)
        origin.extend(range(position, match.start()))
        origin.extend([match.start()] * len(kept))
        position, last = match.end(), kept[-1:] or last
    letters.append(text[position:])
    origin.extend(range(position, len(text)))
    return Folded("".join(letters), tuple(origin))


def _plain(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(one for one in parts if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")


def words_of(text: str) -> tuple[str, ...]:
    return tuple(match.group().lower() for match in _WORD.finditer(fold(text).text))


class PaperText:
    """One text; what is looked up in it is indexed when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text[:MAX_TEXT]

    # --- quotes ---------------------------------------------------------------------------------

    def verbatim(self, quote: str, after: int = 0) -> Span | None:
        """Where the very words stand, as words of their own, from an offset on."""
        wanted = fold(quote).text.strip()
        held, position = self._folded.text, bisect_left(self._folded.origin, after) - 1
        while wanted and (position := held.find(wanted, position + 1)) >= 0:
            end = position + len(wanted)
            if not (_joins(held[position - 1 : position], wanted[0]) or _joins(wanted[-1], held[end : end + 1])):
                return self._folded.span(position, end)
        return None

    def near(self, quote: str) -> Span | None:
        """Where most words of the quote stand in their order; of a short one, all of them side by side."""
        wanted = words_of(quote)[:120]
        if not wanted:
            return None
        slack = 0 if len(wanted) < _FEWEST_NEAR else 2 + len(wanted) // 5
        least = len(wanted) if len(wanted) < _FEWEST_NEAR else NEAR_SHARE * len(wanted)
        best: tuple[float, int] | None = None
        for start in self._candidates(wanted):
            window = self._words[start : start + len(wanted) + slack]
            common = LCSseq.similarity(wanted, window)
            if common >= least and (best is None or common > best[0]):
                best = common, start
        if best is None:
            return None
        last = min(best[1] + len(wanted), len(self._words)) - 1
        return self._folded.span(self._places[best[1]][0], self._places[last][1])

    def _candidates(self, wanted: Sequence[str]) -> list[int]:
        """Places where the quote may begin: those that most of its words point to."""
        votes: Counter[int] = Counter()
        for offset, word in enumerate(wanted):
            positions = self._positions.get(word, ())
            if len(positions) <= _MOST_POSITIONS:
                votes.update(max(0, place - offset) for place in positions)
        return [start for start, _ in votes.most_common(_CANDIDATES)]

    # --- names ----------------------------------------------------------------------------------

    def named(self, kind: NameKind, label: str) -> Span | None:
        """Where something is called by this kind and label, or a heading bears it."""
        return self._named.get((kind, label.upper()))

    def names_any(self, kind: NameKind) -> bool:
        return any(held == kind for held, _ in self._named)

    def parts_of(self, label: str) -> Span | None:
        """A heading below the section of this label: 5.1.2 below 5.1."""
        below = f"{label.upper()}."
        return next(
            (span for (kind, held), span in self._named.items() if kind == "section" and held.startswith(below)), None
        )

    def perhaps(self, label: str) -> Span | None:
        """A line that may be the heading of an appendix."""
        return next((one.span for one in self._headings if one.label == label.upper() and not one.sure), None)

    def headed(self, title: str) -> Span | None:
        """A heading that holds the words of a title."""
        wanted = words_of(title)
        return next((one.span for one in self._headings if wanted and _holds(one.words, wanted)), None)

    # --- numbers --------------------------------------------------------------------------------

    def number(self, written: str) -> tuple[Span, bool] | None:
        """Where the number stands, and whether written the same way; else in another form, or rounded."""
        match = NUMBER.fullmatch(written)
        if match is None:
            return None
        same = self._numbers.get(_as_written(match))
        if same is not None:
            return same, True
        value, decimals = _value(match), len(match.group("decimals") or ".") - 1
        for held, span in self._values.items():
            if held == value or (decimals and round(held, decimals) == value):
                return span, False
        return None

    # --- indexes --------------------------------------------------------------------------------

    @cached_property
    def _folded(self) -> Folded:
        return fold(self.text)

    @cached_property
    def _places(self) -> list[Span]:
        return [match.span() for match in _WORD.finditer(self._folded.text)]

    @cached_property
    def _words(self) -> list[str]:
        return [self._folded.text[start:end].lower() for start, end in self._places]

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words):
            found[word].append(place)
        return found

    @cached_property
    def _headings(self) -> tuple[Heading, ...]:
        return tuple(_headings(self.text))

    @cached_property
    def _named(self) -> dict[tuple[NameKind, str], Span]:
        found: dict[tuple[NameKind, str], Span] = {
            ("section", one.label.upper()): one.span for one in reversed(self._headings) if one.label and one.sure
        }
        for (kind, label), start, end in names_in(self.text):
            found.setdefault((kind, label.upper()), (start, end))
        return found

    @cached_property
    def _numbers(self) -> dict[str, Span]:
        found: dict[str, Span] = {}
        for match in NUMBER.finditer(self.text):
            found.setdefault(_as_written(match), match.span())
        return found

    @cached_property
    def _values(self) -> dict[Decimal, Span]:
        found: dict[Decimal, Span] = {}
        for match in NUMBER.finditer(self.text):
            found.setdefault(_value(match), match.span())
        return found


def _joins(before: str, after: str) -> bool:
    """Whether two letters belong to one word, so that a quote does not end between them."""
    return bool(before and after) and before.isalnum() and after.isalnum()


def _holds(words: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(tuple(words[start : start + len(wanted)]) == tuple(wanted) for start in range(len(words)))


def _headings(text: str) -> Iterator[Heading]:
    for line in _LINE.finditer(text):
        words = line.group().strip()
        match = _HEADING.fullmatch(words)
        if match is None or len(words) > _LONGEST_HEADING:
            continue
        label, title = match.group("label"), match.group("title") or ""
        marked = bool(match.group("marked") or (match.group("called") and label))
        if marked or _looks_like_a_heading(label, title):
            start = line.start() + len(line.group()) - len(line.group().lstrip())
            sure = marked or label is None or not _is_letter(label)
            yield Heading(label, words_of(title), (start, start + len(words)), sure)


def _looks_like_a_heading(label: str | None, title: str) -> bool:
    """A short line that begins with a capital and does not end as a sentence does; few words where no number leads."""
    if not title[:1].isupper() or title.endswith((".", ",", ";", "-")):
        return False
    numbered = label is not None and not _is_letter(label)
    if numbered and label is not None and label[0].isdigit() and int(label.split(".")[0]) > _MOST_SECTIONS:
        return False
    return len(title.split()) <= (12 if numbered else 6)


def _is_letter(label: str) -> bool:
    return len(label) == 1 and label.isalpha()


def _as_written(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group("digits"))
    ending = match.group("percent") or (match.group("scale") or "").lower()
    return f"{digits}{match.group('decimals') or ''}{ending}"


def _value(match: re.Match[str]) -> Decimal:
    number = Decimal(re.sub(r"\D", "", match.group("digits")) + (match.group("decimals") or ""))
    return (number.scaleb(_SCALES.get(match.group("scale") or "", 0))).normalize()
