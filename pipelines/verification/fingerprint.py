"""The fingerprint of a verification: what decides whether it was done already.

Owns the hash, the canonical form that it is taken over, and how the outcome of a search is added to it. Does not
belong here: looking it up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.models import Model


def fingerprint(
    claim_text: str,
    source_version_ids: Iterable[str],
    verifier_version: str,
    settings: Model | str,
    terms_id: str,
) -> str:
    """SHA-256 (hex) over canonical JSON; order and repetition of versions change nothing.

    `settings` is the model or its JSON; both give the same fingerprint.
    """
    held = settings if isinstance(settings, str) else settings.model_dump_json()
    known = {
        "claim": claim_text,
        "versions": sorted(set(source_version_ids)),
        "verifier": verifier_version,
        "settings": json.loads(held),
        "terms": terms_id,
    }
    canonical = json.dumps(known, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


_UNANSWERED = "|unanswered:"


@dataclass(frozen=True)
class Searched:
    """What the library was searched as (None: not at all), and a hash of what that brought up."""

    library: str | None
    found: str


@dataclass(frozen=True)
class VerdictFingerprint:
    """`own`: the claim, its record's sources and the verifier, known before any work. `searched` is given where
    those left the claim open, so that only such claims are looked up again when the library changes.
    `unanswered` is given where a service that judges was not heard on every source, so that the claim is put to it
    again: a hash of what each source came to, so that hearing more of them is something new."""

    own: str
    searched: Searched | None = None
    unanswered: str | None = None

    def __str__(self) -> str:
        own = self.own if self.unanswered is None else f"{self.own}{_UNANSWERED}{self.unanswered}"
        if self.searched is None:
            return own
        return f"{own}|library:{self.searched.library or 'none'}|found:{self.searched.found}"

    @classmethod
    def parse(cls, stored: str) -> VerdictFingerprint:
        before, _, rest = stored.partition("|library:")
        own, _, unanswered = before.partition(_UNANSWERED)
        library, _, found = rest.partition("|found:")
        searched = Searched(None if library == "none" else library, found) if rest else None
        return cls(own, searched, unanswered or None)
