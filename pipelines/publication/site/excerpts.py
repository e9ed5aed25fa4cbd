"""Quotations: an evidence sentence inside its passage, as long as the source's licence lets it be.

Belongs here: which licences are open and how much of a passage is quoted. Does not belong here:
mark-up. Input: an `EvidenceView` and its source's licence; output: an `Excerpt`, whose parts are
text as it stands in the passage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.publication.views import EvidenceView

LONGEST_SENTENCE = 1_500
AROUND_OPEN = 1_200  # characters on each side
AROUND_CLOSED = 150

# Licences that allow copying the text for any purpose; non-commercial and no-derivatives do not.
_OPEN = re.compile(
    r"\b(cc[ -]?0|cc[ -]?by([ -]sa)?([ -]\d\.\d)?|creative ?commons (attribution|zero)|public[ -]domain"
    r"|pddl|odc[ -]by|odbl|mit|apache[ -]2(\.0)?|bsd)\b"
    r"|creativecommons\.org/(publicdomain|licenses/by(-sa)?/)",
    re.IGNORECASE,
)
_NOT_OPEN = re.compile(r"\b(nc|nd|non[ -]?commercial|no[ -]?deriv\w*|closed|reserved)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Excerpt:
    """`before + sentence + after` is one stretch of the passage; `cut_*`: the passage goes on there."""

    before: str
    sentence: str
    after: str
    cut_before: bool
    cut_after: bool
    cut_sentence: int  # characters of the sentence not shown
    placed: bool  # False: the stored place does not hold the sentence, which then stands alone


def is_open(licence: str | None) -> bool:
    """Whether a licence, as an index names it, lets a text be quoted at length."""
    if licence is None:
        return False
    named = licence[:200].replace("_", "-")
    return bool(_OPEN.search(named)) and not _NOT_OPEN.search(named.replace("-", " "))


def excerpt(view: EvidenceView, *, open_licence: bool) -> Excerpt:
    """The evidence sentence and what stands around it."""
    evidence, passage = view.evidence, view.passage_text
    sentence = evidence.text[:LONGEST_SENTENCE]
    cut_sentence = len(evidence.text) - len(sentence)
    if passage[evidence.start : evidence.end] != evidence.text:
        return Excerpt("", sentence, "", False, False, cut_sentence, placed=False)
    around = AROUND_OPEN if open_licence else AROUND_CLOSED
    start, end = max(0, evidence.start - around), min(len(passage), evidence.end + around)
    before = passage[start : evidence.start]
    after = "" if cut_sentence else passage[evidence.end : end]
    cut_before, cut_after = start > 0, bool(cut_sentence) or end < len(passage)
    return Excerpt(
        before=re.sub(r"^\S{0,40}\s", "", before, count=1) if cut_before else before,
        sentence=sentence,
        after=re.sub(r"\s\S{0,40}$", "", after, count=1) if cut_after else after,
        cut_before=cut_before,
        cut_after=cut_after,
        cut_sentence=cut_sentence,
        placed=True,
    )
