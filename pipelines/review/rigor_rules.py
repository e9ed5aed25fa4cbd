"""The rules of a rigour scan: which sentence says that code was released, that limits are discussed, ...

Belongs here: the patterns, as a table. Does not belong here: running them (`rigor`). A rule says `yes` on
a sentence, `no` only on an explicit negative, and never judges whether what was done is enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_HOST = (
    r"(?:github\.\s?com|gitlab\.\s?com|bitbucket\.\s?org|codeberg\.\s?org|zenodo\.\s?org|osf\.\s?io|figshare\.\s?com"
    r"|huggingface\.\s?co|datadryad\.\s?org|dataverse\.|doi\.\s?org/10\.\s?5281)"
)
_CODE = r"\b(?:source\s|analysis\s|our\s|the\s)?(?:code|scripts?|software|implementation|codebase)\b"
_DATA = r"\b(?:data|datasets?|data\s?sets?|sequences|annotations|materials)\b"
_AVAILABLE = (
    r"\b(?:(?:is|are|were|was|been|be|made|being)\s(?:\w+\s){0,2}"
    r"(?:available|released|shared|deposited|hosted|archived)"
    r"|available\s(?:at|from|on|in|via|through|under|as)\b|we\s(?:have\s)?(?:release|share|publish|provide)d?)\b"
)
_OPENLY = r"\b(?:public(?:ly)?|open(?:ly)?|free(?:ly)?|deposited|repository|accession|supplementary|online)\b"
_NOT_AVAILABLE = (
    r"\b(?:not|no|never|cannot\sbe|unable\sto)\b[^.;]{0,40}"
    r"\b(?:available|released?|shared?|deposited|public(?:ly)?)\b"
)


class Answers(StrEnum):
    """What a rule can answer besides `not_detected`."""

    SENTENCES = "sentences"
    HEADING = "heading"


@dataclass(frozen=True)
class RigorRule:
    """`yes` when every pattern of one alternative is met by a sentence and `denied` is not."""

    item: str
    rule: str
    alternatives: tuple[tuple[re.Pattern[str], ...], ...]
    denied: re.Pattern[str] | None = None
    ignored: re.Pattern[str] | None = None  # boilerplate that only looks like an answer
    looks_at: Answers = Answers.SENTENCES


def _any_case(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


RIGOR_RULES: tuple[RigorRule, ...] = (
    RigorRule(
        "code_released",
        "code-1",
        (
            _any_case(_CODE, _HOST, r"\b(?:our|we|this|the)\b|available", _AVAILABLE),
            _any_case(_CODE, _AVAILABLE, _OPENLY),
        ),
        denied=_form(rf"{_CODE}[^.;]{{0,60}}{_NOT_AVAILABLE}|\bno\s(?:source\s)?code\b[^.;]{{0,40}}\bavailable\b"),
    ),
    RigorRule(
        "data_released",
        "data-1",
        (
            _any_case(_DATA, _AVAILABLE, _OPENLY),
            _any_case(_DATA, _AVAILABLE, _HOST),
            _any_case(_DATA, r"\baccession\s(?:numbers?|codes?|no)\b", r"\b(?:deposited|submitted|available)\b"),
        ),
        denied=_form(
            rf"{_DATA}[^.;]{{0,60}}{_NOT_AVAILABLE}|\bno\s(?:new\s)?data\b[^.;]{{0,40}}\b(?:available|shared)\b"
        ),
        ignored=_form(r"\bpublic\sdomain\b|\blicen[cs]e\sapplies\b|\bunless\sotherwise\sstated\b"),
    ),
    RigorRule(
        "limitations_section_present",
        "limitations-heading-1",
        (
            _any_case(
                r"^[#\s\d.*]{0,12}(?:(?:study|strengths\sand|potential|the)\s)?"
                r"(?:limitations?|threats\sto\svalidity)\b[^.:]{0,50}:?\**$"
            ),
        ),
        looks_at=Answers.HEADING,
    ),
    RigorRule(
        "funding_disclosed",
        "funding-1",
        (
            _any_case(
                r"\b(?:supported|funded|financed|sponsored)\s(?:in\spart\s|partially\s|partly\s|financially\s)?by\b",
                r"\b(?:grants?|foundation|fund|council|agency|ministry|programme|program|institutes?|award"
                r"|fellowship|scholarship|university|trust|commission|nih|nsf|erc|dfg)\b",
                r"\b(?:work|research|study|project|authors?|i|we|was|were|is|are|trial|paper)\b",
            ),
            _any_case(r"\b(?:grants?|award)\s(?:agreement\s)?(?:no\.?|numbers?|#|id)\s?:?\s?[\w-]*\d"),
            _any_case(r"\b(?:received|receive)\sno\b[^.]{0,40}\bfunding\b"),
            _any_case(r"\bno\s(?:specific\s|external\s)?funding\s(?:was|has|from)\b"),
        ),
    ),
    RigorRule(
        "irb_or_ethics_approval",
        "ethics-1",
        (
            _any_case(
                r"\b(?:ethics\scommittee|institutional\sreview\sboard|\birb\b|research\sethics\sboard|ethical\sreview"
                r"|ethics\sboard|animal\scare\sand\suse\scommittee|ethics\sapproval|ethical\sapproval)",
                r"\b(?:approved|approval|approves|permission|cleared|exempt(?:ed)?|waived)\b",
                r"\b(?:was|were|is|has|have|by|obtained|granted|gave)\b",
            ),
        ),
        denied=_form(r"\b(?:ethics|ethical|irb)\b[^.;]{0,40}\b(?:not|no)\b[^.;]{0,30}\b(?:sought|obtained|approved)\b"),
    ),
    RigorRule(
        "confidence_intervals_or_error_bars",
        "intervals-1",
        (
            _any_case(r"\b9[059](?:\.\d)?\s?%\s?(?:CIs?\b|confidence\sinterval|credible)"),
            _any_case(r"\b(?:confidence|credible)\sintervals?\b", r"\d"),
            _any_case(r"\d\s?±\s?\d"),
            _any_case(r"\berror\sbars\s(?:show|represent|indicate|denote|are|correspond)"),
        ),
    ),
    RigorRule(
        "number_of_runs_stated",
        "runs-1",
        (
            _any_case(
                r"\b(?:averaged?|mean|over|across|repeated|report(?:ed)?)\b[^.]{0,40}?\b(?:\d{1,4}|two|three|four|five|six"
                r"|seven|eight|nine|ten)\s(?:\w+\s){0,2}(?:runs|trials|seeds|repetitions|replicates|initiali[sz]ations)\b"
            ),
        ),
    ),
    RigorRule(
        "pre_registered",
        "registration-1",
        (
            _any_case(r"\bpre-?registered\b", r"\b(?:was|were|is|are|at|on|our|we|study|hypothes)"),
            _any_case(r"\b(?:clinicaltrials\.gov|prospero|isrctn|osf)\b", r"\bregist(?:ered|ration|ry)\b"),
        ),
        denied=_form(r"\b(?:not|none|neither|never|nor)\b[^.;]{0,60}\bpre-?regist\w+|\bno\spre-?registration\b"),
    ),
)
