"""The fingerprint of a verification: what decides, before any search, whether it was done already.

Owns the hash and the canonical form that it is taken over. Does not belong here: looking it up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

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
