"""What the fields of gates and artifacts mean: the part of `field_words` about checks that people attach.

Belongs here: words for fields of gates, attackers, artifacts and attempts. Does not belong here: all other fields.
"""

from __future__ import annotations

GATE_FIELD_WORDS: dict[str, dict[str, str]] = {
    "GateSection": {
        "gate": "Id of the gate: gate-0 to gate-3.",
        "title": "Its name.",
        "question": "What it asks; null: its policy cannot be read.",
        "policy_version": "Version of its rules.",
        "activation_id": "Gate and day from which those rules hold.",
        "active_on": "That day.",
        "in_force": "False: announced, not in force yet.",
        "result": "Passed or failed; null: a gate that only says what came of artifacts.",
        "outcome": "What came of artifacts; null: not about artifacts.",
        "public_status": "Status as held; what is published stands in `gate_verdict`.",
        "reason": "Why.",
        "evaluated_at": "When.",
        "attackers": "Reports of the red team.",
    },
    "AttackerReport": {
        "attacker": "Which attacker.",
        "ran": "False: it crashed or was absent, and counts nowhere.",
        "reason": "What it looked at, or why it did not run.",
        "findings": "What it found.",
    },
    "RedTeamFinding": {
        "attacker": "Which attacker.",
        "target": "What it is against; only one against a claim can refute it.",
        "subject": "Claim id, artifact id, or which reference.",
        "rule": "Rule that found it.",
        "message": "What was found.",
        "quotes": "Sentences it leans on, each found word for word.",
        "confirmed": "True: confirmed by a person or by enough independent sources.",
    },
    "RedTeamQuote": {
        "source_id": "Id of the source.",
        "text": "The sentence.",
    },
    "ArtifactSection": {
        "artifact_id": "Id.",
        "claim_id": "The claim it is attached to.",
        "kind": "reproduction or lean.",
        "sha256": "Hash of all its files.",
        "author": "Who wrote it, as stated.",
        "licence": "Its licence, as stated.",
        "runtime": "What it runs in.",
        "files": "Its files.",
        "inputs": "Files that it reads.",
        "expected": "What the claim states, as it was compared; null: nothing was.",
        "approval": "A person's word that it checks the claim; null: none.",
        "attached_at": "When it was attached.",
        "attempt": "The latest attempt to run it; null: none.",
        "standing": "What the attempt counts for at the gate in force; null: not attempted, or no such gate.",
    },
    "ArtifactFileView": {
        "path": "Path within the artifact.",
        "sha256": "Hash of the file.",
        "size": "Bytes.",
    },
    "ArtifactInputView": {
        "path": "Path within the artifact.",
        "sha256": "Hash of the file.",
        "origin": "Where it came from, as stated; null: not known.",
        "licence": "Its licence, as stated; null: not known.",
    },
    "ExpectedView": {
        "value": "The number that the claim states.",
        "relation": "How the result must stand to it.",
        "tolerance": "By how much it may differ; null: none.",
        "words": "The number with the claim's words around it; null: none.",
    },
    "ApprovalView": {
        "by": "Who approved.",
        "reason": "Why.",
        "recorded_at": "When it was recorded.",
    },
    "AttemptView": {
        "outcome": "What came of it; no word on the claim but for VERIFIED and REFUTED.",
        "reason": "Why.",
        "backend": "What ran it.",
        "authority": "Whether what ran it may decide.",
        "attempted_at": "When.",
        "steps": "The sealed runs.",
        "faults": "What is wrong with the check itself.",
        "seal_level": "How tightly it was sealed; null: it was not run.",
        "seal_profile": "Hash of the seal's profile; null: it was not run.",
        "runtime": "The runtime with its hash; null: it was not run.",
        "checker_version": "Version of the proof checker; null: no proof.",
        "kernels": "Kernels that accepted the proof.",
        "axioms": "Axioms that the proof uses.",
        "evidence": "Hashes, versions, figures and capped logs; no fixed shape.",
    },
    "AttemptStepView": {
        "name": "What was varied.",
        "ending": "How the run ended.",
        "value": "What it gave; null: nothing.",
        "wall_s": "Seconds.",
        "note": "More, in words; may be empty.",
    },
    "AttemptFaultView": {
        "rule": "Rule that found it.",
        "message": "What is wrong.",
    },
    "StandingView": {
        "activation_id": "The gate in force.",
        "outcome": "What the attempt counts for there.",
        "reason": "Why.",
    },
}
