"""Abstracts as the indexes send them, put in plain words: JATS, an inverted index, text with stray mark-up.

Input: the field as sent, of any type. Output: the words, or None where there are none. Sizes are bounded, entities
and the network are off. Does not belong here: full texts (jats_markup.py), titles (decoding.plain_words).
"""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree

from pipelines.ingestion.indexes.decoding import MAX_WORDS, plain_words
from pipelines.ingestion.indexes.json_fields import string

MAX_POSITION = 50_000
MAX_WORD = 1_000  # characters: longer ones are addresses or waste

_BLOCKS = frozenset({"p", "title", "sec", "list", "list-item", "abstract", "disp-quote", "label", "table-wrap"})
_LEFT_OUT = frozenset({"script", "style", "tex-math", "annotation", "disp-formula-group"})
_ABSTRACT_TITLE = re.compile(r"(?:abstract|summary)\s*[.:]?$", re.IGNORECASE)
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_BARE_LESS = re.compile(r"<(?![A-Za-z/?]|!--)")
_BARE_AND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NOT_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A stray closing tag closes one element too many, and what follows the outermost is lost: there are some to spare.
_SHELLS = "<abstract>" * 30
_TAGS = "p|i|b|em|strong|sub|sup|title|sec|italic|bold|sc|br"
_MARKUP = re.compile(rf"</?(?:jats:)?(?:{_TAGS})(?:\s+[a-z:-]{{1,20}}=[^<>]{{0,100}})?\s?/?>", re.IGNORECASE)
# "Abstract Background: ..." begins with a heading, "Abstract data types ..." does not.
_HEADING = re.compile(r"(?:(?:Abstract|ABSTRACT)\s?[.:]|ABSTRACT|Abstract(?=\s[A-Z]))\s*")


def jats_abstract(value: Any) -> str | None:
    """The paragraphs of a JATS abstract in plain words, without its title "Abstract"; None where it has none.

    Abstracts are met cut off, with unclosed elements and HTML's entities: whatever can be read is read.
    """
    marked = string(value)
    if marked is None:
        return None
    root = _root_of(marked)
    blocks = _paragraphs(root) if root is not None else [plain_words(marked)]
    while blocks and _ABSTRACT_TITLE.fullmatch(blocks[0]):
        blocks.pop(0)
    return "\n\n".join(blocks)[:MAX_WORDS] or None


def _root_of(marked: str) -> etree._Element | None:
    text = _NAMED_ENTITY.sub(lambda match: html.unescape(match.group()), marked[:MAX_WORDS])
    text = _NOT_XML.sub(" ", _BARE_AND.sub("&amp;", _BARE_LESS.sub("&lt;", text)))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(f'<abstract xmlns:jats="jats" xmlns:mml="mml">{_SHELLS}{text}'.encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _paragraphs(root: etree._Element) -> list[str]:
    """The text of each block; inline mark-up joins without a blank, blocks are apart."""
    pieces: list[list[str]] = [[]]
    left_out = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            pieces[-1].append((element.tail or "") if not left_out else "")
            continue
        name = etree.QName(element).localname.rpartition(":")[2].casefold()
        if name in _BLOCKS:
            pieces.append([])
        left_out += (name in _LEFT_OUT) * (1 if event == "start" else -1)
        words = element.text if event == "start" else element.tail
        pieces[-1].append((words or "") if not left_out else "")
    return [block for block in (_unmarked("".join(piece)) for piece in pieces) if block]


def inverted_abstract(index: Any) -> tuple[str | None, bool | None]:
    """The abstract, and False where positions are missing; None, None where there is none."""
    if not isinstance(index, dict):
        return None, None
    placed: dict[int, str] = {}
    for word, positions in index.items():
        for position in positions if isinstance(positions, list) else ():
            if isinstance(position, int) and not isinstance(position, bool) and 0 <= position <= MAX_POSITION:
                placed.setdefault(position, word[:MAX_WORD])
    if not placed:
        return None, None
    text = " ".join(placed[position] for position in sorted(placed))[:MAX_WORDS]
    text = plain_abstract(text) or ""
    return (text, None if len(placed) == max(placed) + 1 else False) if text else (None, None)


def _unmarked(text: str) -> str:
    """Text without the elements that were escaped as if they were text, on one line."""
    return " ".join(html.unescape(_MARKUP.sub("", html.unescape(text))).split())


def plain_abstract(value: Any) -> str | None:
    """An abstract sent as plain text, on one line, without its heading.

    Only known elements are mark-up here: in "p < 0.05 and n > 30" there is none.
    """
    stated = string(value)
    if stated is None:
        return None
    text = _unmarked(stated)
    heading = _HEADING.match(text)
    return (text[heading.end() :] if heading else text) or None
