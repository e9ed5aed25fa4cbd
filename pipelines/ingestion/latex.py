"""LaTeX escapes and accents in BibTeX fields, as the characters they stand for.

Owns a small table of what titles, names and abstracts hold. Does not belong here: mathematics, which is
left as written, and addresses (a URL's "~" and "%" are its own). A bare "%" is kept: in an abstract it is
a per cent sign far more often than a comment. Input: a field's text; output: the text as it is read.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328", "d": "\u0323",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł", "i": "ı", "j": "ȷ", "textmu": "µ", "textdegree": "°", "textendash": "–", "textemdash": "—",
    "textquoteright": "’", "textquoteleft": "‘", "textregistered": "®", "texttrademark": "™", "ldots": "…",
    "dots": "…", "textasciitilde": "~", "textpm": "±", "texttimes": "×", "textbackslash": "\\",
}  # fmt: skip
_FONTS = r"(?:emph|textit|textbf|textrm|textsf|texttt|textsc|textup|mbox|uppercase|lowercase)"
_ACCENT = re.compile(
    r"\\(?:([`'^~=.\"])\s{0,2}|([uvHcrkd])(?:\s{1,2}|(?=\{)))(?:\{\s?(\\?[A-Za-z])\s?\}|(\\?[A-Za-z]))"
)
_LETTER = re.compile(r"\\(" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + r")(?:\{\}|\s|(?![A-Za-z]))")
_FONT = re.compile(rf"\\{_FONTS}\s?(?=\{{)|\\(?:it|bf|em|rm|sc|tt)\s")
_ESCAPE = re.compile(r"\\([%&$#_])")
_BRACE = re.compile(r"\\[{}]|[{}]")
_MATHS = re.compile(r"((?<!\\)\$[^$]{1,500}(?<!\\)\$)")


def _accented(match: re.Match[str]) -> str:
    letter = (match[3] or match[4]).lstrip("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[match[1] or match[2]])


def _plain(text: str) -> str:
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    text = _ESCAPE.sub(r"\1", _FONT.sub("", text))
    text = _BRACE.sub(lambda match: match[0][1:], text)
    return text.replace("~", " ").replace("---", "—").replace("--", "–")


def without_latex(text: str) -> str:
    """The text with escapes, accents, fonts and grouping braces read; "$...$" stays as it is."""
    pieces = _MATHS.split(text)
    return "".join(piece if n % 2 else _plain(piece) for n, piece in enumerate(pieces))
