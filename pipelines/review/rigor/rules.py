"""What a rule of a rigour scan is, and what it answers for one sentence. The rules themselves are tables by category.

Belongs here: the shape of a rule and the order in which its patterns count. Does not belong here: the patterns
(`rigor.rules_artifacts`, `_statistics`, `_people`, `_experiments`), how often a rule is right (`rigor.precision`),
going through a text (`rigor`). A rule says `yes` on a sentence, `no` only where it denies, and never judges whether
what was done is enough. Patterns meet folded words: one blank between words, case does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.models import RigorAnswer
from pipelines.review.rigor.reading import Part, Sentence

# Related work tells of others' studies; a title page of nobody's.
OWN_STUDY = frozenset(Part) - {Part.RELATED, Part.FRONT, Part.REFERENCES, Part.CHECKLIST}
# Sections of which the heading says what any sentence is about.
_TELLING = frozenset({Part.FUNDING, Part.INTERESTS})


@dataclass(frozen=True)
class Form:
    """A way to say yes: every pattern is met, in one of the parts, by a heading or by a sentence."""

    patterns: tuple[re.Pattern[str], ...]
    parts: frozenset[Part] = OWN_STUDY
    in_heading: bool = False

    def met_by(self, sentence: Sentence) -> bool:
        return (
            sentence.is_heading is self.in_heading
            and sentence.part in self.parts
            and all(pattern.search(sentence.words) for pattern in self.patterns)
        )


@dataclass(frozen=True)
class RigorRule:
    """`unless` counts first (words that only look like an answer), then a denial, then the forms.

    Without one of its `cues` no sentence meets a rule: most sentences need no further look.
    """

    item: str
    rule: str  # id and version
    cues: tuple[str, ...] = ()  # in small letters; none where the forms are quick to see that they are not met
    yes: tuple[Form, ...] = ()
    no: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    # Where one sentence is not enough: so many different names must be met in the whole text.
    names: re.Pattern[str] | None = None
    needs: int = 1
    # The part that must be in the text for the rule's silence to mean anything.
    within: Part | None = None

    def answer(self, sentence: Sentence) -> RigorAnswer:
        if self.cues and sentence.part not in _TELLING and not any(cue in sentence.low for cue in self.cues):
            return RigorAnswer.NOT_DETECTED
        words = sentence.words
        denied = self.no is not None and not sentence.is_heading and self.no.search(words) is not None
        if not denied and not any(form.met_by(sentence) for form in self.yes):
            return RigorAnswer.NOT_DETECTED
        if (self.unless is not None and self.unless.search(words)) or (denied and sentence.part not in OWN_STUDY):
            return RigorAnswer.NOT_DETECTED
        return RigorAnswer.NO if denied else RigorAnswer.YES

    def names_in(self, sentence: Sentence) -> frozenset[str]:
        if self.names is None:
            return frozenset()
        return frozenset(match.group().lower() for match in self.names.finditer(sentence.words))


# A review tells of trials that others made, in the words of a trial.
OTHERS_TRIALS = (
    r"\b(?:RCTs|reviews?|reviewed|meta-?analy\w+|systematic|searched|search(?:es)?|medline"
    r"|pubmed|embase|cochrane|literature"
    r"|eligible (?:studies|trials)|included (?:studies|trials)|pooled)\b"
    r"|\b(?:studies|trials) (?:met|meeting|were included|that|which|reporting|comparing|with"
    r"|of|evaluating|on|in|using)\b"
    r"|\b(?:randomi[sz]ed|blind(?:ed)?|controlled|clinical|these|those|most|many|all|several"
    r"|\d+|two|three|four|five) "
    r"(?:[\w-]+,? ){0,4}(?:trials|studies)\b(?! (?:was|were) presented)"
)


def pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


def cues(listed: str) -> tuple[str, ...]:
    """Cues from a list divided by blanks; a bar stands for a blank within one."""
    return tuple(cue.replace("|", " ") for cue in listed.split())


def says(*words: str) -> Form:
    """A sentence of the study itself that meets every pattern."""
    return Form(tuple(pattern(one) for one in words))


def heading(*words: str) -> Form:
    return Form(tuple(pattern(one) for one in words), in_heading=True)


def stands_in(*parts: Part) -> Callable[..., Form]:
    """The same for sentences of these parts."""
    return lambda *words: Form(tuple(pattern(one) for one in words), frozenset(parts))
