"""A claim in other words: the contrary, with another number, without its hedges.

Does not belong here: which claims are changed (`perturbations.py`), the rules that turn a sentence into its
contrary (`pipelines.verification.contrast`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from pipelines.extraction.worthiness import is_hedged
from pipelines.models import Claim
from pipelines.verification.contrast.rewriting import RewriteKind
from pipelines.verification.contrast.rules import rewritings
from pipelines.verification.contrast.sentence import read_sentence
from pipelines.verification.contrast.vocabulary import load_vocabulary

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d{1,4})?")


def rewritten(claim: Claim, kinds: Sequence[RewriteKind], rng: random.Random) -> str | None:
    """By one of the rules of those kinds; None where they find no place in it."""
    vocabulary = load_vocabulary()
    sentence = read_sentence(claim.normalised, vocabulary)
    made = [one.text for kind in kinds for one in rewritings(sentence, kind, vocabulary)] if sentence else []
    return rng.choice(made) if made else None


def other_quantity(claim: Claim) -> str | None:
    """The claim with another value of its first quantity that has a unit; years are left alone."""
    for one in claim.quantities:
        number = _NUMBER.search(one.text)
        if one.unit not in (None, "year") and one.value and number:
            share = "%" in one.text or "percent" in one.text
            value = float(number[0].replace(",", "")) * (0.4 if share else 2.5)
            start = one.start + number.start()
            return f"{claim.normalised[:start]}{value:g}{claim.normalised[start + len(number[0]) :]}"
    return None


_FLAT: tuple[tuple[str, str], ...] = (
    (r"\b(?:it is possible) that\b", "it is certain that"),
    (r"\b(?:may|might|could|can) be\b", "will be"),
    (r"\b(?:may|might|could)\b", "will"),
    (r"\b(is|are|was|were) (?:thought|believed|assumed|considered) to\b", r"\1 known to"),
    (r"\b(?:is|are) likely to\b", "will"),
    (r"\b(?:appears?|seems?|tends?) to\b", "will"),
    (r"\b(?:appeared|seemed) to\b", "was shown to"),
    (r"\bsuggest\b", "prove"),
    (r"\bsuggests\b", "proves"),
    (r"\bsuggested\b", "proved"),
    (r"\bsuggesting\b", "proving"),
    (r"\b(?:possibly|perhaps|probably|presumably|potentially|reportedly|apparently|arguably|tentatively) ", ""),
    (r"\blikely (?!to\b)", ""),
    (r"\bpotential(?= to\b)", "power"),
    (r"\bpotential ", "proven "),
    (r"\b(?:preliminary|tentative)\b", "firm"),
    (r"\bin some cases\b", "in all cases"),
)


def flat(words: str) -> str | None:
    """The statement without its hedges; None where one is left, or there was none."""
    if not is_hedged(words):
        return None
    for form, plain in _FLAT:
        words = re.sub(form, plain, words, flags=re.IGNORECASE)
    return None if is_hedged(words) else words[:1].upper() + words[1:]
