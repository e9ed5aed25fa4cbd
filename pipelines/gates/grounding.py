"""Gate 1, grounding: do the sources say what the record's claims say.

Belongs here: the facts this gate may look at. Does not belong here: thresholds (the policy) or the
verdict (`evaluate`). A share is of the claims that could be checked; without one it is absent, not 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.gates.facts import GateFacts
from pipelines.gates.policy import Fact


def claims_checked(facts: GateFacts) -> int:
    claims = facts.claims
    return claims.supported + claims.refuted + claims.not_enough_info + claims.disputed


def supported_share(facts: GateFacts) -> float | None:
    checked = claims_checked(facts)
    return facts.claims.supported / checked if checked else None


GROUNDING_FACTS: Mapping[Fact, Callable[[GateFacts], float | None]] = {
    Fact.CLAIMS_EXTRACTED: lambda facts: facts.claims.extracted,
    Fact.CLAIMS_CHECKED: claims_checked,
    Fact.CLAIMS_REFUTED: lambda facts: facts.claims.refuted,
    Fact.CLAIMS_DISPUTED: lambda facts: facts.claims.disputed,
    Fact.SUPPORTED_SHARE: supported_share,
}
