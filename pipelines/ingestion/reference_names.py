"""The list of authors that an entry begins with, in the forms that citation styles give it.

Input: the words of an entry. Output: the names and where the list ends, or None.
Does not belong here: title, year and venue (reference_entries.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_AUTHORS = 200
_LONGEST_LIST = 2_500

_PARTICLE = (
    r"(?:[Vv]an|[Vv]on|[Dd]e|[Dd]er|[Dd]en|[Dd]el|[Dd]ella|[Dd]i|[Dd]a|[Dd]os|[Dd]u|[Ll]a|[Ll]e|[Tt]er|[Tt]en|[Zz]u|[Bb]in|[Ii]bn"
    r"|[Aa]l|[Ee]l|St\.?|[Mm]ac|d[’'])"
)
# A capitalised word that is no acronym: Oak, McKay, O'Brien.
_WORD = r"(?:[A-ZÀ-ÞĀ-Ž][’'`′´])?[A-ZÀ-ÞĀ-Ž](?=[^\W\d_]{0,30}[a-zß-ÿā-ž’'])[^\W\d_]{1,30}´?"
_ELIDED = r"[A-Z][’'][a-zß-ÿ]{2,20}"  # N'goma
_LONG = rf"(?:{_WORD}|{_ELIDED})(?:[-‐–’']{_WORD})?"
_SURNAME = (
    rf"(?:{_PARTICLE}[ -]?){{0,3}}(?:{_LONG}|[A-Z][a-z]?)(?:[ -](?:{_PARTICLE}[ -]){{0,2}}(?:{_LONG})){{0,2}}"
    r"(?:\s[JS]r\.?)?"
)
_INITIALS = r"(?:[A-ZÀ-ÞĀ-Ž]h?\.[ ‐-]{0,2}){0,4}[A-ZÀ-ÞĀ-Ž]h?\."
_TIGHT = r"[A-ZÀ-ÞĀ-Ž](?:-?[A-ZÀ-ÞĀ-Ž]){0,3}(?![\w’'-])"
_SUFFIX = r"(?:,?\s(?:Jr\.?|Sr\.?|I{2,3}|IV|2nd|3rd)(?=[\s,.;(]))?"
# In the order in which they are tried; a list keeps to the form of its first name, except where said.
_FORMS = tuple(
    re.compile(form + _SUFFIX)
    for form in (
        rf"{_SURNAME},\s?{_INITIALS}",  # Fern, A. B.
        rf"{_INITIALS}\s?{_SURNAME}",  # A. B. Fern
        rf"{_SURNAME}\s{_TIGHT}",  # Fern AB
        rf"{_SURNAME},\s{_TIGHT}",  # Fern, AB
        rf"{_SURNAME}\s{_INITIALS}",  # Fern A. B.
        rf"{_LONG}(?:\s(?:{_LONG}|[A-Z]\.|[A-Z](?=\s)|{_PARTICLE})){{0,4}}\s{_LONG}",  # Ada B. Fern
    )
)
_TIGHT_FORMS = (2, 3)
_FULL_NAMES = len(_FORMS) - 1
_INVERTED = re.compile(rf"{_SURNAME},\s{_LONG}(?:\s(?:{_LONG}|[A-Z]\.)){{0,2}}")  # Fern, Ada B.
_JOINT = re.compile(
    r"\s?(?:[,;]\s?(?:and|&|und|et|y)\s|[,;]\s?(?:\.\s?\.\s?\.|…)\s?(?:[,&]\s?)?|\s(?:and|&|und|et)\s|[,;]\s|&\s)"
)
_ET_AL = re.compile(r"[,;]?\s?(?:and\s)?(?:\bet\.?\s?al\b\.?|and others\b\.?|and colleagues\b)", re.IGNORECASE)
_EDITORS = re.compile(r"[,.]?\s?\(?\b[Ee]ds?\b\.?\)?\.?,?")
_DATED = r",?\s?\((?=(?:1[6-9]|20)\d\d|in press|forthcoming|n\.\s?d|eds?\b)"
_END = re.compile(rf"\s?(?:[.:]|{_DATED}|,?\s?[\"“‘']|,\s\W?[A-Z]|,\s?(?:1[6-9]|20)\d\d|[,;]?\s*$)")
# One `Word AB` may be a thing: Vitamin D, Appendix A, Cardiac MRI.
_SURE_END = re.compile(rf"\s?(?:\.|{_DATED}|,?\s?[\"“‘]|,\s?(?:1[6-9]|20)\d\d)")
# As in `Fern AB: Title. J Moss 2018, 12:45-67.`, a style in which every entry has authors.
_VOLUME_AND_PAGES = re.compile(r"\b(?:1[6-9]|20)\d\d,\s\d{1,4}(?:\(\d{1,4}\))?:[A-Za-z]?\d")
_BARE_YEAR = re.compile(r"\s(?:1[6-9]|20)\d\d\s")
_BOOK_BEHIND = re.compile(r"\.\s[^.]{5,200}\.\s[^.]{3,100}\b(?:1[6-9]|20)\d\d\.?$")  # title. Press, year.
_ONE_AND_OTHERS = re.compile(rf"{_SURNAME}(?=[,;]?\s(?:and\s)?et\.?\s?al\b)")


@dataclass(frozen=True)
class NameList:
    """The names of a list of authors, as printed, and where the words behind it begin."""

    names: tuple[str, ...]
    end: int
    closed: bool  # a full stop, a bracket or a year follows


def names_at_start(words: str) -> NameList | None:
    """The authors that the words begin with; None where they begin with something else."""
    words = words[:_LONGEST_LIST]
    found = [read for number in range(len(_FORMS)) if (read := _list_of(words, number)) is not None]
    found = [one for one in found if one.closed]
    if alone := _ONE_AND_OTHERS.match(words):
        others = _ET_AL.match(words, alone.end())
        found.append(NameList((alone.group(),), others.end() if others else alone.end(), True))
    if inverted := _inverted(words):
        found.append(inverted)
    return max(found, key=lambda one: one.end, default=None)


def _list_of(words: str, number: int) -> NameList | None:
    names: list[str] = []
    position = 0
    while len(names) < MAX_AUTHORS:
        match = _FORMS[number].match(words, position)
        if match is None:
            break
        names.append(match.group().strip(" ,;"))
        position = match.end()
        joint = _JOINT.match(words, position)
        if joint is None or _FORMS[number].match(words, joint.end()) is None:
            break
        position = joint.end()
    return _closed_list(words, names, position, number) if names else None


def _closed_list(words: str, names: list[str], position: int, number: int) -> NameList | None:
    others = _ET_AL.match(words, position)
    position = others.end() if others else position
    editors = _EDITORS.match(words, position)
    position = editors.end() if editors else position
    alone = len(names) == 1 and number in _TIGHT_FORMS and not _VOLUME_AND_PAGES.search(words)
    end = _SURE_END if alone else _END
    ended = words[:position].rstrip().endswith(".") or end.match(words, position) is not None
    ended = ended or (len(names) > 1 and _BARE_YEAR.match(words, position) is not None)
    if number == _FULL_NAMES and not (others or editors):
        ended = _full_names_are_sure(words, names, position)
    return NameList(tuple(names), position, ended or others is not None or editors is not None)


def _full_names_are_sure(words: str, names: list[str], position: int) -> bool:
    """Capitalised words may be a title: a year, or several names and a full stop, tell that they are not."""
    rest = words[position:]
    if re.match(r"[.,]?\s?\((?:1[6-9]|20)\d\d[a-z]?[),]|[.,]\s(?:1[6-9]|20)\d\d[a-z]?[.,:]\s", rest):
        return True
    if re.match(r"[,.]?\s?[\"“]", rest):
        return True
    segments = re.split(r"[.?!]\s", rest.strip(" ."))
    return rest.startswith(".") and (len(names) > 1 or len(segments) > 1) and len(rest) > 20


def _inverted(words: str) -> NameList | None:
    """`Fern, Ada B., and Ben Oak.`: only the first name is turned round."""
    first = _INVERTED.match(words)
    if first is None:
        return None
    names, position = [first.group().strip(" ,;")], first.end()
    while (joint := _JOINT.match(words, position)) and len(names) < MAX_AUTHORS:
        following = _INVERTED.match(words, joint.end()) if ";" in joint.group() else None
        following = following or _FORMS[_FULL_NAMES].match(words, joint.end())
        if following is None:
            break
        names.append(following.group().strip(" ,;"))
        position = following.end()
    others = _ET_AL.match(words, position)
    position = others.end() if others else position
    sure = re.match(r"[.,]?\s?(?:\(?(?:1[6-9]|20)\d\d|[\"“])", words[position:]) is not None
    several = len(names) > 1 and words[position : position + 1] == "."
    book = _BOOK_BEHIND.match(words, position) is not None
    return NameList(tuple(names), position, True) if sure or several or others or book else None
