"""Short forms that a text defines for itself: "neural progenitor cells (NPCs)".

The method is that of Schwartz and Hearst (2003): the letters of the short form are looked for from the right in
the words before the bracket. Does not belong here: lists of abbreviations from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_BRACKET = re.compile(r"\(([A-Za-z][A-Za-z0-9-]{1,9})\)")
_MAX_FOUND = 40


def abbreviations_of(sentences: Iterable[str]) -> dict[str, str]:
    """Short form: long form as written, of all sentences together; the first definition counts."""
    found: dict[str, str] = {}
    for text in sentences:
        for match in _BRACKET.finditer(text[:2000]):
            short = match.group(1)
            long = _long_form(short, text[max(0, match.start() - 120) : match.start()].rstrip())
            if long is not None and len(found) < _MAX_FOUND:
                found.setdefault(short, long)
    return found


def with_long_forms(text: str, long_forms: Mapping[str, str]) -> str:
    """Short forms spelled out, and long forms shortened where the short form does not stand beside them."""
    for short, long in long_forms.items():
        if f"({short})" in text:
            continue
        place = re.search(rf"(?<![\w-]){re.escape(short)}(?![\w-])", text)
        if place is not None:
            text = text[: place.start()] + long + text[place.end() :]
        elif long in text:
            text = text.replace(long, short, 1)
    return text


def _long_form(short: str, before: str) -> str | None:
    """The words before the bracket that hold the letters of the short form in order, or None."""
    letters = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    if sum(c.isupper() for c in letters) < 2:
        return None
    words = before.split(" ")[-min(len(letters) + 5, 2 * len(letters)) :]
    text = " ".join(words)
    at = len(text)
    for k, letter in enumerate(reversed(letters.casefold())):
        if not letter.isalnum():
            continue
        is_first = k == len(letters) - 1
        at = _before(text, letter, at, opens_word=is_first)
        if at < 0:
            return None
    long = text[at:]
    return long if (len(long) > len(short) + 2 and " " in long) or "-" in long else None


def _before(text: str, letter: str, end: int, *, opens_word: bool) -> int:
    """The last place before `end` where the letter stands; -1 where there is none."""
    for i in range(end - 1, -1, -1):
        if text[i].casefold() == letter and (not opens_word or i == 0 or not text[i - 1].isalnum()):
            return i
    return -1
