"""The paragraph in which a record answers its question, in its own words.

Belongs here: finding it by the heading it stands under. Does not belong here: judging it (its sentences are claims
like any other). Input: a record as read; output: the paragraph with its place, or None where no heading tells it.
"""

from __future__ import annotations

import re

from pipelines.models import Layout, ParsedRecord
from pipelines.publication.views import OwnAnswer

LONGEST = 1_200  # characters; longer ones are cut after a sentence

# Conclusions before abstracts: an abstract of these layouts often says only what was done.
_HEADINGS = (
    r"answer(?: to the question)?",
    r"(?:executive |plain[- ]language )?summary",
    r"key (?:findings|points)",
    r"conclusions?(?: and .{1,40})?",
    r"abstract",
)
_HEADING = (
    r"(?im)^[ \t]*(?:#{1,6}[ \t]*)?(?:\d{1,2}(?:\.\d{1,2})*\.?[ \t]+)?(?:\*\*|__)?(%s)(?:\*\*|__)?[ \t]*:?[ \t]*$\n"
)
_FORMS = tuple(re.compile(_HEADING % words) for words in _HEADINGS)
# It ends at an empty line and, in records without any, at a table or at a heading in a line of its own.
_END = r"\s*\n|[ \t]*[#|]|[ \t]*[A-Z][\w-]*(?: (?:[A-Z][\w-]*|of|and)){0,3}[ \t]*(?:\n|\Z)"
_LEAD = r"\s*(?:(?i:abstract|answer|summary):[ \t]+)?"
_PARAGRAPH = re.compile(rf"{_LEAD}(?P<paragraph>[^\s#|>*-](?:.|\n(?!{_END}))*)")
_LAST_SENTENCE = re.compile(r"[.!?][\"')\]]*(?=\s)")
_WORDS = re.compile(r"\w+")
_FEWEST_WORDS = 6


def own_answer(parsed: ParsedRecord) -> OwnAnswer | None:
    """The first paragraph under the first heading of an answer; of an answer with passages, its first paragraph."""
    if parsed.layout is Layout.ANSWER:
        return _paragraph(parsed.text, 0, None)
    for form in _FORMS:
        found = form.search(parsed.text)
        answer = _paragraph(parsed.text, found.end(), found.group(1)) if found else None
        if answer is not None:
            return answer
    return None


def _paragraph(text: str, start: int, section: str | None) -> OwnAnswer | None:
    found = _PARAGRAPH.match(text[: start + 20 * LONGEST], start)
    if found is None:
        return None
    begin = found.start("paragraph")
    words = found.group("paragraph").rstrip()
    if len(words) > LONGEST:
        ends = [one.end() for one in _LAST_SENTENCE.finditer(words, 0, LONGEST)]
        words = words[: ends[-1] if ends else LONGEST]
    if sum(1 for _ in _WORDS.finditer(words)) < _FEWEST_WORDS:
        return None
    return OwnAnswer(section=section, text=words, start=begin, end=begin + len(words))
