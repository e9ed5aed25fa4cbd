"""The fields that a correction changed, in words: which, what they were before and what they are now.

Belongs here: words for the names and values of a public state. Does not belong here: how events are made and hashed
(corrections), mark-up. Input: a `Correction`; output: lines of plain text, bounded, safe to show.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipelines.models import ClaimVerdict, Correction, ReferenceFinding
from pipelines.publication.site.text import LONGEST_NAME, shown
from pipelines.publication.site.words import REFERENCE_FINDINGS, VERDICTS, Word, sentence_case

CHANGES_SHOWN = 12
_LONGEST_VALUE = 100

_NAMED_AFTER = ("artifact", "claim", "gate", "reference", "rigor", "source")  # `gate.<its id>.status`
# What a reader asks first; all other fields follow by name.
_TELLING = ("verdict", "finding", "notices", "status", "outcome", "result", "tier", "level", "score", "title")
_WORDS: Mapping[str, Word] = {
    **{verdict.value: word for verdict, word in VERDICTS.items()},
    **{finding.value: word for finding, word in REFERENCE_FINDINGS.items()},
}
_WORDED: Mapping[str, frozenset[str]] = {
    "verdict": frozenset(ClaimVerdict),
    "finding": frozenset(ReferenceFinding),
}


def changes_in_words(correction: Correction, ordinals: Mapping[str, int]) -> tuple[str, ...]:
    """A line for each changed field, the most telling first: at most `CHANGES_SHOWN`, then how many more.

    `ordinals`: claim id to the claim's number on the page; a claim that is not there is named by its id.
    """
    names = sorted(correction.before.keys() | correction.after.keys(), key=_weight)
    lines = [_line(name, correction, ordinals) for name in names[:CHANGES_SHOWN]]
    more = len(names) - len(lines)
    return (*lines, f"and {more:,} more changed field{'' if more == 1 else 's'}") if more else tuple(lines)


def _weight(name: str) -> tuple[int, str]:
    what = name.rpartition(".")[2]
    return (_TELLING.index(what) if what in _TELLING else len(_TELLING)), name


def _line(name: str, correction: Correction, ordinals: Mapping[str, int]) -> str:
    label = _label(name, ordinals)
    if name not in correction.before:
        return f"{label}: new, {_value(name, correction.after[name])}"
    if name not in correction.after:
        return f"{label}: gone, was {_value(name, correction.before[name])}"
    return f"{label}: {_value(name, correction.before[name])} → {_value(name, correction.after[name])}"


def _label(name: str, ordinals: Mapping[str, int]) -> str:
    about, _, rest = name.partition(".")
    which, _, what = rest.rpartition(".")
    if about == "claim" and which in ordinals:
        which = str(ordinals[which])
    words = f"{about} {which}, {_plain(what)}" if about in _NAMED_AFTER and which else _plain(name.replace(".", ", "))
    return shown(words[:1].upper() + words[1:], LONGEST_NAME)


def _plain(name: str) -> str:
    words = sentence_case(name)
    return words[:1].lower() + words[1:]


def _value(name: str, value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, str) and value in _WORDED.get(name.rpartition(".")[2], ()):
        return _WORDS[value].word
    if isinstance(value, list) and len(value) > 1:
        return f"{len(value):,} entries"
    only = value[0] if isinstance(value, list) else value
    return shown(only if isinstance(only, str) else json.dumps(only, ensure_ascii=False), _LONGEST_VALUE)
