"""Words for comparison, never for show: without mark-up of HTML and TeX, accents, case and invisible letters.

Input: words as a record or an index wrote them. Output: words that two spellings of the same share. Everything is
read by patterns of bounded length, in time linear in the words. Does not belong here: what TeX stands for when it
is shown (latex.py), what is alike (likeness.py, people.py).
"""

from __future__ import annotations

import html
import re
import unicodedata

_INLINE_TAG = re.compile(
    r"</?(?:[a-z]{1,5}:)?(?:i|b|em|u|tt|strong|su[bp]|scp|italic|bold|sc|m[a-z]{1,9})\b[^<>]{0,200}>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_TEX = re.compile(r"\\([&%#_$])|\\(?:([uvHcrkdbt])\s{0,2}(?![A-Za-z]{2})|([a-zA-Z]{1,30})\*?\s?|[^a-zA-Z])|[{}$^_]|(~)")
_LETTERS = {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ȷ": "j", "đ": "d", "ð": "d", "þ": "th"}
_GREEK = {code: unicodedata.name(chr(code)).split()[-1].lower() for code in range(0x3B1, 0x3CA)}
_FOLDED = {ord(letter): plain for letter, plain in _LETTERS.items()}
# Commands that stand for letters or are words themselves; of the others nothing remains.
_WORDS = {
    "ss": "ss", "o": "o", "l": "l", "ae": "ae", "oe": "oe", "aa": "a", "i": "i", "j": "j", "tex": "tex",
    "latex": "latex", **{name: name for name in _GREEK.values()},
    **{name: name for name in ("log", "ln", "exp", "sin", "cos", "tan", "max", "min", "lim", "det", "mod", "deg")},
}  # fmt: skip


def unmarked(text: str) -> str:
    """The words without HTML, entities and TeX, white space folded."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", _INLINE_TAG.sub("", text))
    if "\\" in text or "$" in text or "{" in text or "~" in text:
        text = _TEX.sub(_read, text)
    return " ".join(text.split())


def _read(match: re.Match[str]) -> str:
    escaped, _, command, tie = match.groups()
    if escaped:
        return str(escaped)
    if command:
        name = command.lower()
        return _WORDS.get(name) or _WORDS.get(name.removeprefix("var"), "")
    return " " if tie else ""


def folded(text: str) -> str:
    """Lower case without accents and invisible letters; Greek letters by their names."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_FOLDED)
    text = unicodedata.normalize("NFKD", plain).translate(_GREEK)
    return "".join(c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")


def is_latin(text: str) -> bool:
    """Whether most letters of the words are Latin ones, so that words in Latin letters can be compared with them."""
    letters = [letter for letter in folded(text) if letter.isalpha()]
    return 2 * sum(letter.isascii() for letter in letters) >= len(letters)
