"""Gate policies: what a gate requires, as data, in a version that takes force on a date.

Belongs here: the shape and the validation of a policy. Does not belong here: the facts (`integrity`,
`grounding`, `verification`), evaluation (`evaluate`), reading files. Input: the text of a YAML file.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

import yaml
from pydantic import Field, ValidationError, model_validator

from pipelines.gates.facts import Target
from pipelines.gates.redteam.rules import TARGET_OF, AttackerName, RedTeamRule
from pipelines.models import Model

MAX_POLICY_CHARACTERS = 50_000
MAX_POLICY_DEPTH = 10


class InvalidPolicy(ValueError):
    """A policy that cannot be used, with a sentence that says why."""


class GateKind(StrEnum):
    FACTS = "facts"  # passes or fails on facts about the record
    ARTIFACT = "artifact"  # says what came of the artifacts attached to the record
    RED_TEAM = "red-team"  # passes or fails on what independent attackers found


class Fact(StrEnum):
    """What a requirement may ask about; each is a number or absent."""

    CLAIMS_EXTRACTED = "claims_extracted"
    CLAIMS_CHECKED = "claims_checked"
    CLAIMS_REFUTED = "claims_refuted"
    CLAIMS_DISPUTED = "claims_disputed"
    SUPPORTED_SHARE = "supported_share"
    ERROR_FINDINGS = "error_findings"
    REFERENCES_LIKELY_FABRICATED = "references_likely_fabricated"
    REFERENCES_RETRACTED = "references_retracted"
    REFERENCES_MISDESCRIBED = "references_misdescribed"


class Comparison(StrEnum):
    AT_LEAST = ">="
    AT_MOST = "<="
    EQUAL = "=="

    def holds(self, figure: float, bound: float) -> bool:
        return _COMPARE[self](figure, bound)


_COMPARE: Mapping[Comparison, Callable[[float, float], bool]] = {
    Comparison.AT_LEAST: operator.ge,
    Comparison.AT_MOST: operator.le,
    Comparison.EQUAL: operator.eq,
}


class Unmet(StrEnum):
    """What follows when a requirement is not met."""

    FAILED = "FAILED"
    NOT_EVALUABLE = "NOT_EVALUABLE"  # a precondition: without it the gate can say nothing


class Requirement(Model):
    fact: Fact
    op: Comparison
    value: float = Field(ge=0, allow_inf_nan=False)
    why: str = Field(min_length=1, max_length=500)
    unmet: Unmet = Unmet.FAILED


class ReproductionEvidence(Model):
    """What a reproduction must have besides a matching result before it counts as VERIFIED."""

    seal_level: int = Field(default=1, ge=1, le=2)  # `pipelines.gates.seal.Seal.level`


class ProofEvidence(Model):
    """What a proof must have besides an accepting checker. Floors rise as kernels turn out to be unsound."""

    lean_version: Annotated[str, Field(pattern=r"^[0-9]{1,3}\.[0-9]{1,4}\.[0-9]{1,4}$")]
    kernels: int = Field(ge=1, le=10)
    axioms: tuple[str, ...] = Field(max_length=20)
    seal_level: int = Field(default=1, ge=1, le=2)


class RequiredEvidence(Model):
    """The floors of a gate on artifacts. One that passed below them is STALE."""

    reproduction: ReproductionEvidence = ReproductionEvidence()
    lean: ProofEvidence


class GatePolicy(Model):
    """One version of one gate. Once activated it does not change: a change is a new version."""

    gate: Annotated[str, Field(pattern=r"^gate-[0-9]$")]
    version: Annotated[str, Field(pattern=r"^v[1-9][0-9]{0,3}$")]
    supersedes: Annotated[str, Field(pattern=r"^v[1-9][0-9]{0,3}$")] | None = None
    title: str = Field(min_length=1, max_length=100)
    question: str = Field(min_length=1, max_length=500)
    kind: GateKind
    active_on: date
    requirements: tuple[Requirement, ...] = Field(default=(), max_length=30)
    evidence: RequiredEvidence | None = None  # of a gate on artifacts
    attackers: tuple[AttackerName, ...] = Field(default=(), max_length=20)  # that must have run, of a red team
    failing: tuple[RedTeamRule, ...] = Field(default=(), max_length=50)  # rules whose findings fail it

    @model_validator(mode="after")
    def _fits_its_kind(self) -> GatePolicy:
        if self.kind is GateKind.FACTS and not any(
            requirement.unmet is Unmet.FAILED for requirement in self.requirements
        ):
            raise ValueError("a gate on facts needs at least one requirement that can fail")
        if self.kind is not GateKind.FACTS and self.requirements:
            raise ValueError(f"a gate of kind {self.kind} takes no requirements: no count may decide what it says")
        if self.kind is not GateKind.ARTIFACT and self.evidence:
            raise ValueError("only a gate on artifacts requires evidence")
        if (self.kind is GateKind.RED_TEAM) != bool(self.attackers and self.failing):
            raise ValueError("a red team, and nothing else, names the attackers it needs and the rules that fail")
        if any(TARGET_OF[rule] is Target.CHECK for rule in self.failing):
            raise ValueError("a finding against a check invalidates the check; it fails no record")
        return self

    @model_validator(mode="after")
    def _supersedes_an_earlier_version(self) -> GatePolicy:
        if self.supersedes and int(self.supersedes[1:]) >= int(self.version[1:]):
            raise ValueError(f"{self.version} cannot supersede {self.supersedes}, which is no earlier version")
        return self


def _refuse_deep_or_aliased(text: str) -> None:
    """An alias can stand for a billion entries, and depth costs the parser the square of it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise InvalidPolicy("The policy uses a YAML alias (*name); write the value out instead.")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_POLICY_DEPTH:
            raise InvalidPolicy(f"The policy is nested deeper than {MAX_POLICY_DEPTH} levels.")


@lru_cache(maxsize=64)
def load_policy(text: str) -> GatePolicy:
    """The policy written in `text` (YAML); raises `InvalidPolicy` with a sentence."""
    if len(text) > MAX_POLICY_CHARACTERS:
        raise InvalidPolicy(f"The policy is longer than {MAX_POLICY_CHARACTERS} characters.")
    try:
        _refuse_deep_or_aliased(text)
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, InvalidPolicy):
            raise
        raise InvalidPolicy(f"The policy is not YAML: {' '.join(str(error).split())[:300]}.") from error
    if not isinstance(data, dict):
        raise InvalidPolicy("The policy must be a YAML mapping with gate, version, title, question and kind.")
    try:
        return GatePolicy.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "policy"
        raise InvalidPolicy(f"The policy is not valid at {where}: {first['msg']}.") from error


def activation_id(policy_gate: str, active_on: date) -> str:
    """The name of an activation: `gate-2@2026-06-10`."""
    return f"{policy_gate}@{active_on.isoformat()}"
