"""Title, question and date of a synthesis in plain prose, and of the printed report.

Input: text and where its body begins. Output: the words stated, None where there are none.
Does not belong here: figures (stated.py), references (references.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pipelines.ingestion.references import lines_until_blank
from pipelines.ingestion.stated_dates import date_in, is_only_a_date
from pipelines.ingestion.text_lines import Line, headings_of, lines_of, plain_heading

_TOP = 2_000
_MAX_TITLE = 300
_TITLE_LINE = re.compile(r"TITLE\s?[;:][ \t]*(?P<title>\S.{0,299})$")
_QUESTION = re.compile(r"(?:^|(?<=[.\n ]))[#*_ \t]{0,6}Research question[*_]{0,3}\s?:[*_]{0,3}[ \t]*", re.I | re.M)
_QUESTION_HEADING = re.compile(
    r"^[#*_ \t\d.]{0,16}Research question[*_:# \t]{0,16}$\s{0,20}", re.IGNORECASE | re.MULTILINE
)
_QUESTION_END = re.compile(r"(?P<mark>\?)(?=[\s.*_)]|$)|(?P<stop>\.)(?=\s+[A-Z])")
_MAX_QUESTION = 2_000
_MAX_STATEMENTS = 20
_DATE_LINE = re.compile(
    r"[*_>\s]{0,6}(?:date|published|published on|publication date|submitted|issued)\s?[*_]{0,2}:[*_]{0,2}\s",
    re.IGNORECASE,
)
_ABSTRACT = "abstract"


@dataclass(frozen=True)
class ReportHeader:
    title: str | None
    publisher: str | None
    published_on: date | None


def prose_title(text: str, start: int = 0) -> str | None:
    """A `TITLE;` line, the first heading of level one, or a first line that stands by itself."""
    for line in lines_of(text, start, min(len(text), start + _TOP)):
        if match := _TITLE_LINE.match(line.words.strip()):
            return match["title"].strip()
    headings = list(headings_of(text, start))
    top = next((heading for heading in headings if heading.level == 1), None)
    first = next((line for line in lines_of(text, start) if line.words.strip()), None)
    if top is None and headings and first and headings[0].line.start == first.start:
        top = headings[0]
    if top is not None:
        return top.words[:_MAX_TITLE]
    return _standing_alone(text, first)


def _standing_alone(text: str, line: Line | None) -> str | None:
    if line is None:
        return None
    words = line.words.strip()
    alone = text[line.end : line.end + 2] == "\n\n"
    is_title = alone and len(words) <= 200 and not words.endswith((".", ":", ";", ",")) and words[0].isalnum()
    return words if is_title and plain_heading(words).lower() != _ABSTRACT else None


def stated_question(text: str, start: int = 0) -> str | None:
    """The question after `Research question:`, or the paragraph under that heading."""
    places = islice(_QUESTION.finditer(text, start), _MAX_STATEMENTS)
    stated = [_question_of(_paragraph(text, match.end())) for match in places]
    # An abstract may cut its question short; the statement that reaches its question mark is the whole one.
    whole = next((question for question in stated if question.endswith("?")), None)
    if question := whole or next((question for question in stated if question), None):
        return question
    heading = _QUESTION_HEADING.search(text, start)
    return _question_of(_paragraph(text, heading.end())) or None if heading else None


def _paragraph(text: str, start: int) -> str:
    words: list[str] = []
    for line in lines_until_blank(text, start):
        if words and plain_heading(line.words).lower() in ("verification level", "abstract"):
            break
        words.append(line.words[:_MAX_QUESTION])
        if sum(map(len, words)) > _MAX_QUESTION:
            break
    return " ".join(" ".join(words).split())[:_MAX_QUESTION]


def _question_of(words: str) -> str:
    """The first sentence, with its question mark if it has one."""
    match = _QUESTION_END.search(words)
    return (words[: (match.end() if match["mark"] else match.start())] if match else words).strip("*_ ")


def stated_date(text: str, start: int = 0) -> date | None:
    """A date near the top, on a line of its own or after a label."""
    for line in lines_of(text, start, min(len(text), start + _TOP)):
        if len(line.words) < 120 and (is_only_a_date(line.words) or _DATE_LINE.match(line.words)):
            found = date_in(line.words)
            if found:
                return found
    return None


def report_header(text: str, start: int = 0) -> ReportHeader:
    """Title, publisher and date of a printed report: the lines before `Abstract`."""
    lines: list[str] = []
    for line in lines_of(text, start, min(len(text), start + _TOP)):
        if plain_heading(line.words).lower() == _ABSTRACT:
            break
        if line.words.strip():
            lines.append(plain_heading(line.words) if line.words.lstrip().startswith("#") else line.words.strip())
    else:
        return ReportHeader(prose_title(text, start), None, stated_date(text, start))
    dated = next((number for number, words in enumerate(lines) if is_only_a_date(words)), None)
    if dated is None:
        return ReportHeader(lines[0] if lines else None, lines[1] if len(lines) == 2 else None, None)
    publisher = lines[dated - 1] if dated >= 2 else None
    title = " ".join(lines[: dated - 1] if publisher else lines[:dated])
    return ReportHeader(title or None, publisher, date_in(lines[dated]))
