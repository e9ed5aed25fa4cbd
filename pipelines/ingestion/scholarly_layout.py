"""What JATS and TEI share: a hardened parse, running words of an element, text under construction.

Runs in the parser's child process. Input: bytes or elements. Output: a tree without namespaces, words with
citation marks as `[n]`, and text of paragraphs and headings with the offsets of its sections.
Does not belong here: the elements of one vocabulary (jats_markup.py, tei_markup.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from typing import Any

from lxml import etree

from pipelines.ingestion.parser_bounds import MAX_ELEMENTS, MAX_XML_DEPTH, Refused, refuse_above_limit

_SPACE = re.compile(r"\s+")
_OPEN, _SHUT = "\ue000", "\ue001"  # around a citation mark while words are put together
_MARKED = re.compile(f"{_OPEN}([^{_OPEN}{_SHUT}]*){_SHUT}")
_ALONE = re.compile(rf"\[\s{{0,3}}({_OPEN}[^{_OPEN}{_SHUT}]{{1,200}}{_SHUT})\s{{0,3}}\]")
_RUN = re.compile(
    rf"(?P<left>[(\[]\s{{0,3}})?(?P<marks>{_OPEN}[^{_OPEN}{_SHUT}]{{1,200}}{_SHUT}"
    rf"(?:\s{{0,3}}[,;–—-]?\s{{0,3}}{_OPEN}[^{_OPEN}{_SHUT}]{{1,200}}{_SHUT}){{0,99}})(?P<right>\s{{0,3}}[)\]])?"
)
_JOINT = re.compile(f"{_SHUT}(?P<between>[^{_OPEN}{_SHUT}]*){_OPEN}")
_PAIRS = {"(": ")", "[": "]"}
_SIGNED_NUMBER = re.compile(r"[+−–-]?\d{1,4}")
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_NUMERIC_MARK = re.compile(r"[\[(]?\d{1,4}[a-z]?(?:\s?[,;–—-]\s?\d{1,4}[a-z]?){0,40}[\])]?\.?")
_YEAR_MARK = re.compile(r"[\[(]?(?:1[6-9]|20)\d\d")
_LEVELS = 6


# --- the tree -----------------------------------------------------------------------------------


def parsed_xml(data: bytes) -> Any:
    """The root element, namespaces off; nothing is fetched, no entity is expanded, depth is bounded."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(f"the XML cannot be parsed: {str(error)[:120]}") from error
    subset: Any = root.getroottree().docinfo.internalDTD
    if subset is not None and next(iter(subset.iterentities()), None) is not None:
        raise Refused("the XML defines entities of its own, which are not read")
    _strip_namespaces(root)
    return root


def _strip_namespaces(root: Any) -> None:
    depth = 0
    for count, (event, element) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > MAX_XML_DEPTH:
            raise Refused(f"the XML is nested more than {MAX_XML_DEPTH} levels deep")
        if count > 2 * MAX_ELEMENTS:
            raise Refused(f"the XML has more than {MAX_ELEMENTS:,} elements")
        if event == "start" and isinstance(element.tag, str):
            element.tag = etree.QName(element).localname


def attribute(element: Any, name: str) -> str | None:
    """An attribute by its local name."""
    for key, value in element.attrib.items():
        if etree.QName(key).localname == name:
            return str(value).strip() or None
    return None


def folded(words: str) -> str:
    return _SPACE.sub(" ", words).strip()


def plain(element: Any) -> str | None:
    """All words of an element, white space folded; None where there are none."""
    return None if element is None else folded("".join(pieces(element))) or None


def pieces(element: Any) -> Iterator[str]:
    """Text and tails inside an element; a character that only the DTD defines is read by its name."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from pieces(child)
        else:
            yield character(child)
        yield child.tail or ""


def character(node: Any) -> str:
    """What a node that is no element stands for: a named character such as `&alpha;`, else nothing."""
    return html5.get(f"{node.name};", "") if node.tag is etree.Entity else ""


# --- running words ------------------------------------------------------------------------------


def marked(words: str, marks: list[str]) -> str:
    """The words of a citation as they go into a sentence: `[n]` for a number, `Name, 2004 [n]` for a name."""
    shown = folded(words)
    if not shown or (marks and shown.strip("[]().") in marks):
        return "".join(f"{_OPEN}{mark}{_SHUT}" for mark in marks)
    if _NUMERIC_MARK.fullmatch(shown) and not (marks and _YEAR_MARK.match(shown)):
        return f"{_OPEN}{shown.strip('[]().')}{_SHUT}"
    if not marks:
        return words
    closing = re.search(r"[\s;,.)\]]*$", words)
    end = closing.start() if closing else len(words)
    return f"{words[:end]} [{', '.join(marks)}]{words[end:]}"


def raised(before: str, words: str) -> str:
    """Superscript words behind `before`: 10^6, m², and a citation mark as it is."""
    if not _SIGNED_NUMBER.fullmatch(words.strip()):
        return words
    last = before[-1:]
    if last.isdigit() or last == ")":
        return "^" + words.strip().replace("−", "-").replace("–", "-")
    return words.strip().translate(_RAISED) if last.isalpha() else words


def sentence_words(words: str) -> str:
    """Folded words with each run of citation marks in one pair of square brackets."""
    if _OPEN in words:
        words = _ALONE.sub(r"\1", words)
        words = _RUN.sub(_bracketed, words)
        words = _MARKED.sub(r"[\1]", words)
    return folded(words)


def _bracketed(match: re.Match[str]) -> str:
    left, right = (match["left"] or "").strip(), (match["right"] or "").strip()
    marks = _JOINT.sub(lambda joint: _joint(joint["between"].strip()), match["marks"]).strip(_OPEN + _SHUT)
    own_brackets = bool(left) and _PAIRS[left] == right
    before = match["left"] if match["left"] and not own_brackets else ""
    after = match["right"] if match["right"] and not own_brackets else ""
    preceding = match.string[: match.start()][-1:]
    gap = " " if not before and preceding and not preceding.isspace() and preceding not in "([" else ""
    return f"{before}{gap}[{marks}]{after}"


def _joint(between: str) -> str:
    return "–" if between in ("-", "–", "—") else ", "


# --- text under construction --------------------------------------------------------------------


@dataclass
class Layout:
    """Paragraphs parted by blank lines; a section runs from its heading to the next heading."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    sections: list[tuple[str, int, int]] = field(default_factory=list)
    _open: tuple[str, int] | None = None

    def title(self, words: str | None) -> None:
        if words:
            self._add(f"# {words}")

    def heading(self, words: str | None, level: int = 2) -> None:
        """Begin a section. One without words goes on with the section before it."""
        if not words:
            return
        self._close()
        start = self.length + (2 if self.parts else 0)
        self._add(f"{'#' * min(level, _LEVELS)} {words}")
        self._open = (words, start)

    def paragraph(self, words: str) -> None:
        words = sentence_words(words)
        if any(letter.isalnum() for letter in words):
            self._add(words)

    def finished(self) -> tuple[str, list[list[Any]]]:
        self._close()
        return "\n\n".join(self.parts), [list(section) for section in self.sections]

    @property
    def in_section(self) -> bool:
        return self._open is not None

    def _add(self, words: str) -> None:
        self.length += len(words) + (2 if self.parts else 0)
        refuse_above_limit(self.length)
        self.parts.append(words)

    def _close(self) -> None:
        if self._open:
            self.sections.append((*self._open, self.length))
            self._open = None
