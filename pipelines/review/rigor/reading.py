"""A text as the rules of a rigour scan read it: sentences with true offsets, their heading and part of the paper.

Belongs here: headings, reference lists and authors' checklists, links broken by spaces, folded words. Does not
belong here: what a sentence says (`rigor.rules`). Input: a text, in which readers of JATS, TEI and HTML have marked
headings with `#`. Output: `Reading`. Offsets count characters of the text as given. Time is linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import islice

from pipelines.extraction.blocks import BlockKind, blocks_of
from pipelines.extraction.sentences import sentences_of
from pipelines.verification.llm_instructions import instruction_in
from pipelines.verification.terms import fold

MAX_SENTENCE = 800  # characters; longer ones are tables and lists of names, which are read in pieces
MAX_SENTENCES = 50_000  # of one text; a paper has about 500
MAX_HEADING = 200
MAX_HEADINGS = 2_000  # of one text; a paper has about 30
MAX_FRONT = 6_000  # characters before the abstract that can be a title page


class Part(StrEnum):
    """What kind of section a sentence stands in, as far as rules care."""

    FRONT = "title page"
    BODY = "body"
    METHODS = "methods"
    RELATED = "related work"
    FUNDING = "funding"
    INTERESTS = "competing interests"
    ETHICS = "ethics"
    AVAILABILITY = "availability"
    CAPTIONS = "figures and tables"
    REFERENCES = "references"
    CHECKLIST = "authors' checklist"


LEFT_OUT = frozenset({Part.REFERENCES, Part.CHECKLIST})

# The first that a heading meets; a heading that meets none belongs to the body.
_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = tuple(
    (part, re.compile(pattern, re.IGNORECASE))
    for part, pattern in (
        (Part.CHECKLIST, r"\bchecklist$"),
        (Part.REFERENCES, r"^(?:references(?: (?:and notes|cited))?|bibliography|(?:works|literature) cited)$"),
        (Part.RELATED, r"^(?:related|previous|prior) (?:works?|studies|research|literature)\b|^literature review\b"),
        (
            Part.FUNDING,
            r"^(?:funding(?: (?:sources?|statements?|information))?|(?:sources? of )?(?:funding"
            r"|financial support)"
            r"|financial (?:support|disclosures?)|role of (?:the )?funding sources?"
            r"|grant support)\b[^.]{0,30}$",
        ),
        (
            Part.INTERESTS,
            r"^(?:declarations? of |statements? of |potential )?(?:conflict(?:ing"
            r"|s)?(?: of)? interests?"
            r"|competing (?:financial )?interests?|(?:competing |conflicting )?interests)\b"
            r"|^(?:author )?disclosures?(?: statements?)?$",
        ),
        (Part.ETHICS, r"^(?:research )?ethic(?:s|al)\b"),
        (
            Part.AVAILABILITY,
            r"^(?:data|code|software|materials?)(?:,? (?:and|&) (?:data|code|software|materials?))*"
            r" (?:availability|access(?:ibility)?|sharing)\b|^availability\b|^open (?:practices|data"
            r"|science)\b",
        ),
        (Part.CAPTIONS, r"^figures and tables$"),
        (
            Part.METHODS,
            r"\b(?:methods?|materials|procedures?|participants|subjects|patients|samples?|population"
            r"|recruitment|stimuli|apparatus|experimental set-?up)\b",
        ),
    )
)
_AFTER_REFERENCES = re.compile(
    r"^(?:[A-Z]\.? )?(?:appendi(?:x|ces)|supplement|supporting information|acknowledge?ment"
    r"|funding|author contribution"
    r"|(?:data|code) availability|ethic|conflict|competing|declaration)|\bchecklist$",
    re.IGNORECASE,
)
_AFTER_CHECKLIST = re.compile(r"^(?:[A-Z]\.? )?(?:appendi(?:x|ces)|supplementa)", re.IGNORECASE)
_ENDS_PART = {Part.REFERENCES: _AFTER_REFERENCES, Part.CHECKLIST: _AFTER_CHECKLIST}
_NUMBERING = re.compile(
    r"^(?:[#*_\s]{0,12})(?:(?:section )?(?:\d{1,2}|[IVX]{1,5}|[A-Z])(?:\.\d{1,2}){0,3}[.:)]? )?", re.IGNORECASE
)
# Headings: lines that are marked, or in a text without marks those with a number or a name that papers use.
_MARKED = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+\S[^\n]*$", re.MULTILINE)
_FEWEST_MARKED = 3
_PLAIN = re.compile(
    r"^[ \t]{0,8}(?:(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}"
    r"|[A-Z](?:\.\d{1,2}){0,2})\.?[ \t]{1,4})?(?i:abstract|summary"
    r"|introduction|background|(?:materials? and )?methods?(?: and materials)?|methodology"
    r"|experiments?|experimental setup"
    r"|results(?: and discussion)?|discussion|conclusions?|related works?"
    r"|limitations?(?: and future work)?"
    r"|threats to validity|references|bibliography|acknowledge?ments?|funding|ethics statement"
    r"|broader impacts?"
    r"|(?:data|code)(?: and (?:data|code))? availability(?: statement)?"
    r"|conflicts? of interests?|competing interests"
    r"|author contributions|appendi(?:x|ces)(?: [A-Z])?|supplementary (?:material|information)"
    r"|(?:[a-z]{2,15} ){0,3}checklist):?"
    r"|(?:\d{1,2}(?:\.\d{1,2}){0,3}"
    r"|[IVX]{1,4}\.)\.?[ \t]{1,4}[A-Z][^\n.@]{3,70}[^\n.,;:@-])[ \t]*$",
    re.MULTILINE,
)
_NO_HEADING = re.compile(
    r"\bet al\b|\buniversit|\bdepartment\b|\binstitut|[=±<>∼+∗{}|]|(?:\d[\d.,]*[ \t]+){3}", re.IGNORECASE
)
# A reference list without a heading: lines that begin with [1], [2] and [3].
_LISTED = re.compile(
    r"^\[1\][ \t][^\n]{5,300}\n(?:[^\n]{1,300}\n){0,12}?\[2\]["
    r" \t][^\n]{5,300}\n(?:[^\n]{1,300}\n){0,12}?\[3\][ \t]",
    re.MULTILINE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DECLARED = re.compile(r"\bAnswer ?: ?\[? ?(?:Yes|No|N/?A)\b")
_FEWEST_DECLARED = 3
_BEFORE_DECLARED, _AFTER_DECLARED = 300, 2_000

# A link that a line end or the typesetter has cut: the blanks in it are taken out, without moving an offset.
_HOSTS = r"(?:github|gitlab|bitbucket|codeberg|zenodo|osf|figshare|huggingface|datadryad|aspredicted|doi|openneuro)"
_CUT_LINK = re.compile(
    rf"(?:https?:\s?/\s?/\s?(?:www\.\s?)?)?\b{_HOSTS}\s?\.\s?(?-i:com|org|io|co|net)\b"
    r"(?:\s?/\s?(?:10\.\s?)?[\w.~%-]{1,80}){0,5}|https?:\s?/\s?/\s?[\w.-]{1,60}",
    re.IGNORECASE,
)
_JOINT = "\u2060"  # no white space and no letter: `fold` drops it

_SOFT_BREAK = re.compile(r"\u00ad\s*|(?<=[a-z])[-\u2010]\n\s*(?=[a-z])")
_FUSED = re.compile(r"(?<=[a-z])(?=(?:The|This|These|We|All|None|No|Our|Data|Code|Authors?)\b)")


@dataclass(frozen=True)
class Sentence:
    """`text[start:end]`; `words` are the same folded: one blank between words, ligatures and cut links made whole."""

    start: int
    end: int
    words: str
    heading: str | None
    part: Part
    is_heading: bool = False

    @cached_property
    def low(self) -> str:
        return self.words.lower()


@dataclass(frozen=True)
class Reading:
    """What rules look at. The sentences of reference lists and checklists are left out, and so are instructions."""

    sentences: tuple[Sentence, ...]
    references: int  # characters left out as a reference list
    checklist: int  # characters left out as the authors' own checklist
    instructions: int  # sentences left out because they speak to a model


@dataclass(frozen=True)
class _Heading:
    line: int  # where its line begins, with its marks
    start: int
    end: int
    words: str
    level: int
    part: Part


def folded(raw: str) -> str:
    """The words of a sentence as rules match them."""
    joined = _SOFT_BREAK.sub("", _CUT_LINK.sub(_without_blanks, raw))
    return _FUSED.sub(" ", fold(joined))


def part_of(heading: str | None) -> Part:
    """The part of a paper that a heading opens."""
    bare = _bare(heading or "")
    return next((part for part, pattern in _PARTS if pattern.search(bare)), Part.BODY)


def read(text: str) -> Reading:
    """The sentences of a text in order, each under the heading it stands under."""
    joined = _CUT_LINK.sub(_with_joints, text)
    declared = _declared_region(joined)
    sentences: list[Sentence] = []
    left_out = dict.fromkeys(LEFT_OUT, 0)
    instructions = 0
    for heading, start, end in islice(_spans(joined), MAX_SENTENCES):
        part = Part.CHECKLIST if declared[0] <= start < declared[1] else heading.part
        if part in LEFT_OUT:
            left_out[part] += end - start
            continue
        words = folded(joined[start:end])
        if instruction_in(words):
            instructions += 1
        elif words:
            named = heading.words or None
            sentences.append(Sentence(start, end, words, named, part, start < heading.end))
    return Reading(tuple(sentences), left_out[Part.REFERENCES], left_out[Part.CHECKLIST], instructions)


# --- sentences ----------------------------------------------------------------------------------

_READ = frozenset(BlockKind) - {BlockKind.CODE, BlockKind.HIDDEN}


def _spans(text: str) -> Iterator[tuple[_Heading, int, int]]:
    """Headings and the sentences under them; what is longer than a sentence is cut at white space."""
    headings = _headings(text)
    for heading, end in zip(headings, [*(one.line for one in headings[1:]), len(text)], strict=True):
        if heading.words:
            yield heading, heading.start, heading.end
        under = text[heading.end : end]
        for block in blocks_of(under):
            if block.kind in _READ:
                for first, last in sentences_of(under, block):
                    for piece in _bounded(under, first, last):
                        yield heading, heading.end + piece[0], heading.end + piece[1]


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SENTENCE:
        cut = max(text.rfind(mark, start + MAX_SENTENCE // 2, start + MAX_SENTENCE) for mark in (" ", "\n"))
        stop = cut if cut > start else start + MAX_SENTENCE
        yield start, stop
        start = stop
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _without_blanks(match: re.Match[str]) -> str:
    return "".join(match.group().split())


def _with_joints(match: re.Match[str]) -> str:
    return "".join(_JOINT if character.isspace() else character for character in match.group())


# --- headings -----------------------------------------------------------------------------------


def _bare(heading: str) -> str:
    """A heading without its number and marks."""
    return _NUMBERING.sub("", fold(heading)).strip(" *_:.#")


def _headings(text: str) -> list[_Heading]:
    """Headings in order, each with the part it belongs to; the first stands for what comes before any."""
    headings = [_Heading(0, 0, 0, "", 1, Part.BODY)]
    above = headings[0]
    for start, end, is_list in _heading_lines(text):
        raw = text[start:end]
        line = raw.lstrip("# \t")
        part = Part.REFERENCES if is_list else part_of(line)
        if part is Part.REFERENCES and not _lists_works(text, start):
            part = Part.BODY
        level = _level(raw)
        if _goes_on(above, line, level):
            part = above.part
        begins = end - len(line)
        heading = _Heading(start, begins, begins if is_list else end, "" if is_list else fold(line), level, part)
        if part is not above.part or level <= above.level:
            above = heading
        headings.append(heading)
    return _with_front(headings)


def _heading_lines(text: str) -> list[tuple[int, int, bool]]:
    """Start and end of each heading's line; and of a list of references that has none, marked so."""
    marked = list(_MARKED.finditer(text))
    found = marked if len(marked) >= _FEWEST_MARKED else [*marked, *_PLAIN.finditer(text)]
    lines = {
        match.start(): (match.start(), match.start() + len(match.group().rstrip()), False)
        for match in found
        if len(match.group()) <= MAX_HEADING and (match.re is _MARKED or not _NO_HEADING.search(match.group()))
    }
    listed = [match.start() for match in _LISTED.finditer(text) if _lists_works(text, match.start())]
    if listed and len(marked) < _FEWEST_MARKED:
        lines.setdefault(listed[-1], (listed[-1], listed[-1], True))
    return [lines[start] for start in sorted(lines)[:MAX_HEADINGS]]


def _level(line: str) -> int:
    """1 is the highest; by the marks before it, or by its number."""
    marks = len(line.lstrip()) - len(line.lstrip().lstrip("#"))
    number = re.match(r"\s*(?:\d{1,2}|[A-Z])((?:\.\d{1,2}){0,3})\.?\s", line)
    return marks or (2 + number.group(1).count(".") if number else 2)


def _goes_on(above: _Heading, words: str, level: int) -> bool:
    """Whether a heading stands within the part above it."""
    ends = _ENDS_PART.get(above.part)
    if ends is not None:
        return ends.search(_bare(words)) is None
    return above.part in (Part.RELATED, Part.METHODS) and level > above.level and part_of(words) is Part.BODY


def _lists_works(text: str, start: int) -> bool:
    """Whether works are listed behind the heading: years stand close to each other there."""
    return start * 2 > len(text) or len(_YEAR.findall(text, start, start + 3_000)) >= 6


def _with_front(headings: list[_Heading]) -> list[_Heading]:
    """A title page stands before the abstract, or before the introduction where no abstract has a heading."""
    opens = re.compile(r"(?i)abstract|summary|introduction")
    end = next((one.start for one in headings if opens.fullmatch(_bare(one.words))), 0)
    if not 0 < end <= MAX_FRONT:
        return headings
    return [replace(one, part=Part.FRONT) if one.start < end else one for one in headings]


def _declared_region(text: str) -> tuple[int, int]:
    """Where a checklist without a heading of its own stands, by its answers."""
    answers = [match.start() for match in _DECLARED.finditer(text)]
    if len(answers) < _FEWEST_DECLARED:
        return 0, 0
    return max(0, answers[0] - _BEFORE_DECLARED), answers[-1] + _AFTER_DECLARED
