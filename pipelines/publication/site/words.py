"""How the pages name things: a word, a sign and a style class for every value that is judged.

Belongs here: tables from enums to words; nothing is told by colour alone. Does not belong here:
mark-up and logic. Input: enums of `pipelines.models` and `pipelines.gates.facts`; output: what the templates print.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from pipelines.gates.facts import Target
from pipelines.models import (
    AttemptOutcome,
    Axis,
    AxisOutcome,
    ClaimVerdict,
    EvidenceScope,
    GateResult,
    IndexAnswer,
    NoticeKind,
    PublicGateStatus,
    ReferenceFinding,
    Severity,
    Stance,
)
from pipelines.publication.as_published import Agreement


@dataclass(frozen=True)
class Word:
    sign: str
    word: str
    style: str  # class in style.css
    means: str = ""


VERDICTS: Mapping[ClaimVerdict, Word] = MappingProxyType(
    {
        ClaimVerdict.SUPPORTED: Word("✓", "Supported", "good", "a sentence in a source says so"),
        ClaimVerdict.REFUTED: Word("✗", "Refuted", "bad", "a sentence in a source says otherwise"),
        ClaimVerdict.DISPUTED: Word("⇄", "Disputed", "split", "sources disagree; a sentence from each side is quoted"),
        ClaimVerdict.NOT_ENOUGH_INFO: Word(
            "?", "Not enough information", "open", "the sources were read; they do not say"
        ),
        ClaimVerdict.NOT_CHECKED: Word("○", "Not checked", "none", "no source text could be had"),
    }
)

STANCES: Mapping[Stance, Word] = MappingProxyType(
    {
        Stance.SUPPORTS: Word("✓", "For", "good"),
        Stance.REFUTES: Word("✗", "Against", "bad"),
        Stance.NEUTRAL: Word("·", "Nearest sentence, decides nothing", "open"),
    }
)

AXES: Mapping[Axis, str] = MappingProxyType(
    {
        Axis.SUBJECT: "Subject",
        Axis.RELATION: "Relation and direction",
        Axis.NUMBERS: "Numbers and units",
        Axis.POPULATION: "Population and setting",
        Axis.CERTAINTY: "Certainty",
    }
)

AXIS_OUTCOMES: Mapping[AxisOutcome, Word] = MappingProxyType(
    {
        AxisOutcome.AGREES: Word("=", "agrees", "good"),
        AxisOutcome.DIFFERS: Word("≠", "differs", "bad"),
        AxisOutcome.NOT_SAID: Word("?", "not said by the sentence", "open"),
        AxisOutcome.NOT_APPLICABLE: Word("○", "not said by the claim", "none"),
    }
)

# What a conflict means under each verdict; DISPUTED says it itself.
CONFLICTS: Mapping[ClaimVerdict, str] = MappingProxyType(
    {
        ClaimVerdict.SUPPORTED: "Something speaks against it, not clearly enough to dispute it.",
        ClaimVerdict.REFUTED: "Something speaks for it, not clearly enough to dispute the refutation.",
        ClaimVerdict.NOT_ENOUGH_INFO: "Something speaks against it, not clearly enough to refute it.",
    }
)

# What the reason of an open claim is a reason for.
WHY_OPEN: Mapping[ClaimVerdict, str] = MappingProxyType(
    {
        ClaimVerdict.NOT_ENOUGH_INFO: "Why not decided:",
        ClaimVerdict.NOT_CHECKED: "Why not checked:",
    }
)

SCOPES: Mapping[EvidenceScope, str] = MappingProxyType(
    {
        EvidenceScope.CITED: "Looked at: the sources that the claim cites.",
        EvidenceScope.RECORD: "Looked at: all sources of the record.",
        EvidenceScope.CORPUS: "Looked at, after the record's own sources: works of the library, found by searching "
        "for the claim; the record does not cite these.",
        EvidenceScope.NONE: "There was no text to look at.",
    }
)

REFERENCE_FINDINGS: Mapping[ReferenceFinding, Word] = MappingProxyType(
    {
        ReferenceFinding.FOUND: Word("✓", "Found", "good", "an index has it, as described"),
        ReferenceFinding.MISDESCRIBED: Word(
            "≠", "Misdescribed", "split", "an index has it, but not as the record describes it"
        ),
        ReferenceFinding.LIKELY_FABRICATED: Word(
            "✗",
            "Likely fabricated",
            "bad",
            "indexes that cover such works answered, and none has it or anything near",
        ),
        ReferenceFinding.UNFINDABLE: Word(
            "?", "Unfindable", "open", "what answered does not have it, but covers too little to say more"
        ),
        ReferenceFinding.UNREACHABLE: Word("○", "Unreachable", "none", "too few indexes answered to say anything"),
    }
)

NOTICES: Mapping[NoticeKind, Word] = MappingProxyType(
    {
        NoticeKind.RETRACTED: Word("⊘", "RETRACTED", "alarm"),
        NoticeKind.WITHDRAWN: Word("⊘", "WITHDRAWN", "alarm"),
        NoticeKind.CONCERN: Word("!", "Expression of concern", "split"),
        NoticeKind.CORRECTED: Word("!", "Corrected", "open"),
        NoticeKind.SUPERSEDED: Word("!", "Superseded", "open"),
    }
)

GATE_RESULTS: Mapping[GateResult, Word] = MappingProxyType(
    {
        GateResult.PASSED: Word("✓", "Passed", "good"),
        GateResult.FAILED: Word("✗", "Failed", "bad"),
        GateResult.NOT_EVALUABLE: Word("○", "Not evaluable", "none"),
    }
)

_NOTHING_OF_THE_CLAIM = "An attempt that went wrong says nothing about the claim"

ATTEMPTS: Mapping[AttemptOutcome, Word] = MappingProxyType(
    {
        AttemptOutcome.NOT_ATTEMPTED: Word(
            "○", "Not attempted", "none", "Nothing was run yet; that says nothing about the claim"
        ),
        AttemptOutcome.NOT_RUN: Word(
            "○",
            "Not run: no checker here",
            "none",
            "There was no sandbox or proof checker to run it with; that says nothing about the claim",
        ),
        AttemptOutcome.ATTEMPT_FAILED: Word(
            "!", "Attempt failed", "open", f"It broke before it gave a result. {_NOTHING_OF_THE_CLAIM}"
        ),
        AttemptOutcome.INVALID_CHECK: Word(
            "!",
            "Invalid check",
            "open",
            "The check is worth nothing, whatever it printed. That says nothing about the claim",
        ),
        AttemptOutcome.NON_DETERMINISTIC: Word(
            "!",
            "Not deterministic",
            "open",
            f"Run twice, it gave two results, so neither counts. {_NOTHING_OF_THE_CLAIM}",
        ),
        AttemptOutcome.INCONCLUSIVE: Word(
            "?", "Inconclusive", "open", "It was run, but what came of it does not decide the claim either way"
        ),
        AttemptOutcome.DISPUTED: Word(
            "⇄", "Disputed", "split", "Attempts or checkers disagree with each other, so neither result counts"
        ),
        AttemptOutcome.REFUTED: Word(
            "✗", "Refuted", "bad", "A valid check was run, and its result contradicts the claim"
        ),
        AttemptOutcome.VERIFIED: Word(
            "✓", "Verified", "good", "A valid check was run under seal, and its result confirms the claim"
        ),
        AttemptOutcome.STALE: Word(
            "!",
            "Stale: the rules were raised since",
            "open",
            "It passed under rules that ask for less than those of today, and was not run again",
        ),
    }
)

TARGETS: Mapping[Target, Word] = MappingProxyType(
    {
        Target.CLAIM: Word("✗", "Against the claim", "bad"),
        Target.CHECK: Word("!", "Against a check, not the claim", "open"),
        Target.CITATION: Word("≠", "Against a citation", "split"),
    }
)

GATE_STATUSES: Mapping[PublicGateStatus, Word] = MappingProxyType(
    {
        PublicGateStatus.UNVERIFIED: Word("○", "Unverified", "none"),
        PublicGateStatus.VERIFIED: Word("✓", "Verified", "good"),
        PublicGateStatus.FALSIFIED: Word("✗", "Falsified", "bad"),
    }
)

SEVERITIES: Mapping[Severity, Word] = MappingProxyType(
    {
        Severity.ERROR: Word("✗", "Error", "bad"),
        Severity.WARNING: Word("!", "Warning", "split"),
        Severity.INFO: Word("i", "Note", "open"),
    }
)

AGREEMENTS: Mapping[Agreement, Word] = MappingProxyType(
    {
        Agreement.AGREES: Word("=", "agrees", "good"),
        Agreement.DIFFERS: Word("≠", "differs", "bad"),
        Agreement.NOT_STATED: Word("○", "not stated", "none"),
        Agreement.NOT_COMPARED: Word("○", "not compared", "none"),
    }
)

_Judged = TypeVar("_Judged", bound=StrEnum)


def _by_name(table: Mapping[_Judged, Word]) -> dict[tuple[str, str], Word]:
    return {(type(value).__name__, value.value): word for value, word in table.items()}


_WORDS: Mapping[tuple[str, str], Word] = MappingProxyType(
    _by_name(VERDICTS)
    | _by_name(STANCES)
    | _by_name(AXIS_OUTCOMES)
    | _by_name(REFERENCE_FINDINGS)
    | _by_name(NOTICES)
    | _by_name(GATE_RESULTS)
    | _by_name(ATTEMPTS)
    | _by_name(TARGETS)
    | _by_name(GATE_STATUSES)
    | _by_name(SEVERITIES)
    | _by_name(AGREEMENTS)
)


def word_for(value: StrEnum) -> Word:
    """The word of any judged value; a `KeyError` here is a value that has no word yet."""
    return _WORDS[(type(value).__name__, value.value)]


def sentence_case(name: str) -> str:
    """A name as words: `citation_grounding` -> `Citation grounding`, `DOI_GRADE` -> `DOI grade`."""
    words = name.replace("_", " ").capitalize()
    return re.sub(r"\b(?:doi|irb)\b", lambda match: match.group().upper(), words, flags=re.IGNORECASE)


# What an answer means depends on what was asked: an identifier is held or not, a title brings up works or none.
_ANSWERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "title": {"held": "named works", "absent": "named none"},
        "search": {"held": "named works", "absent": "named none"},
        "notices": {"held": "holds a notice", "absent": "holds none"},
        "url": {"held": "gave the text", "absent": "has no text there"},
    }
)
_OF_IDENTIFIERS: Mapping[str, str] = MappingProxyType({"held": "has it", "absent": "does not have it"})


def answer_in_words(answer: IndexAnswer) -> str:
    """What an index said to one question, as a clause; of a failure the reason."""
    if answer.outcome == "failed":
        return f"did not answer: {answer.reason}" if answer.reason else "did not answer"
    return _ANSWERS.get(answer.by, _OF_IDENTIFIERS).get(answer.outcome, answer.outcome)
