"""LaTeX in BibTeX fields, as the characters it stands for (pylatexenc).

Does not belong here: mathematics, which is left as written, and addresses (a URL's "~" and "%" are its own).
A bare "%" is kept: in an abstract it is a per cent sign far more often than a comment.
Input: a field's text; output: the text as it is read.
"""

from __future__ import annotations

import re
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

MAX_LATEX = 20_000  # characters of one piece; the parser needs about 8 microseconds for each
_MAX_DEPTH = 50

_LATEX = re.compile(r"[\\{}~]|--")
_MATHS = re.compile(r"((?<!\\)\$[^$]{1,500}(?<!\\)\$)")
_GROUPING = re.compile(r"(?<!\\)[{}]")
# Bare, these are themselves in a field, whatever they are in a document.
_BARE = re.compile(r"(?<!\\)[%$&]")
_HIDDEN = str.maketrans("%$&", "\ue002\ue003\ue004")
_SHOWN = str.maketrans("\ue002\ue003\ue004\u00a0", "%$& ")


def without_latex(text: str) -> str:
    """The text with escapes, accents, fonts and grouping braces read; "$...$" stays as it is."""
    pieces = _MATHS.split(text)
    return "".join(piece if number % 2 else _read(piece) for number, piece in enumerate(pieces))


def _read(piece: str) -> str:
    if not _LATEX.search(piece):
        return piece
    if len(piece) > MAX_LATEX or _depth(piece) > _MAX_DEPTH:
        return _GROUPING.sub("", piece)
    hidden = _BARE.sub(lambda bare: bare.group().translate(_HIDDEN), piece)
    try:
        return str(_reader().latex_to_text(hidden)).translate(_SHOWN)
    except (RecursionError, LookupError, ValueError, TypeError):  # commands without their arguments, or nested in them
        return _GROUPING.sub("", piece)


def _depth(piece: str) -> int:
    depth = deepest = 0
    for brace in _GROUPING.finditer(piece):
        depth += 1 if brace.group() == "{" else -1
        deepest = max(deepest, depth)
    return deepest


@cache
def _reader() -> LatexNodes2Text:
    """A citation or a label has no words of its own."""
    context = get_default_latex_context_db()
    silent = [MacroTextSpec(name, discard=True) for name in ("cite", "citep", "citet", "ref", "label")]
    context.add_context_category("fields", macros=silent, prepend=True)
    return LatexNodes2Text(latex_context=context, math_mode="verbatim", keep_comments=True, keep_braced_groups=False)
