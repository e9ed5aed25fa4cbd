"""What the words of published enumerations mean, for the schemas that are made of models.

Belongs here: one text for each enumeration that has words to explain. Does not belong here: fields (`field_words`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ENUM_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "Agreement": "'not stated': the record says nothing. 'not compared': nothing is held that compares.",
        "AttemptOutcome": "NOT_RUN: no sandbox or checker here. ATTEMPT_FAILED: the attempt broke. INVALID_CHECK: the"
        " check is worth nothing. NON_DETERMINISTIC: two runs differ. INCONCLUSIVE: decides nothing. DISPUTED: checkers"
        " disagree. STALE: passed under rules since raised. Only VERIFIED and REFUTED say anything of the claim.",
        "AxisOutcome": "'not said': the claim says something there, the sentence does not. 'not applicable': the claim"
        " says nothing there.",
        "ClaimKind": "What kind of statement a claim is; self_description: the record speaks of itself.",
        "ClaimOrigin": "stated: the record lists it. extracted: taken out of its prose.",
        "ClaimVerdict": "SUPPORTED, REFUTED: a sentence in a source says so, or otherwise. NOT_ENOUGH_INFO: the sources"
        " were read and do not say. DISPUTED: sources disagree. NOT_CHECKED: no source text could be had.",
        "EvidenceScope": "cited: sources that the claim cites. record: all sources of the record. corpus: works found"
        " by a search. none: there was no text.",
        "NoticeKind": "What an editorial notice says of a work; CONCERN: an expression of concern.",
        "ReferenceFinding": "FOUND. MISDESCRIBED: the work exists and is described wrongly. LIKELY_FABRICATED: two or"
        " more indexes that cover such works do not have it. UNFINDABLE: too few could speak of it. UNREACHABLE: too"
        " few answered.",
        "RigorAnswer": "not_detected: no rule found it, which does not mean no. needs_judgement: nobody has judged it.",
        "Severity": "How much a finding matters.",
        "Stance": "NEUTRAL: the nearest sentence, which decides nothing.",
        "Tier": "From best to worst; UNRATED: there is no score to rate by.",
    }
)
