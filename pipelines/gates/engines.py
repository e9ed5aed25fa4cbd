"""The engines that run artifacts, each opened when the first artifact asks for it.

Belongs here: which engine an artifact goes to, and NOT_RUN where that engine is not here. Does not belong
here: the engines (`reproduction`, `proof`) and what seals them (`sandbox`). Nothing is ever run unsealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.gates.artifact import Artifact, ArtifactKind, ArtifactManifest
from pipelines.gates.attempt import Approval, Attempt, not_run
from pipelines.gates.proof import PROOF_VERSION, CheckerUnavailable, ProofChecker, check_proof, open_checker
from pipelines.gates.reproduction import REPRODUCTION_VERSION, reproduce
from pipelines.gates.sandbox import open_sandbox
from pipelines.gates.seal import Sandbox, SandboxUnavailable
from pipelines.models import Claim

_BACKENDS: Mapping[ArtifactKind, str] = {
    ArtifactKind.REPRODUCTION: f"reproduction-{REPRODUCTION_VERSION}",
    ArtifactKind.LEAN: f"proof-{PROOF_VERSION}",
}


@dataclass(frozen=True)
class Engines:
    """`values`: the settings, as environment variables."""

    values: Mapping[str, str] = field(repr=False)

    @cached_property
    def _sandbox(self) -> Sandbox | str:
        """The sandbox, or the sentence that says why there is none."""
        try:
            return open_sandbox(self.values)
        except SandboxUnavailable as problem:
            return str(problem)

    @cached_property
    def _checker(self) -> ProofChecker | str:
        try:
            return open_checker(self.values)
        except (CheckerUnavailable, SandboxUnavailable) as problem:
            return str(problem)

    def version(self, manifest: ArtifactManifest) -> str:
        """What decides besides the artifact and the claim: another version means another attempt."""
        engine = self._checker if manifest.kind is ArtifactKind.LEAN else self._sandbox
        if isinstance(engine, str):
            return f"{_BACKENDS[manifest.kind]} absent: {engine}"
        if isinstance(engine, ProofChecker):
            return f"{_BACKENDS[ArtifactKind.LEAN]} {engine.version}"
        return f"{_BACKENDS[ArtifactKind.REPRODUCTION]} {engine.seal.profile} {_runtime(engine, manifest)}"

    def attempt(
        self, artifact: Artifact, claim: Claim, approval: Approval | None
    ) -> tuple[Attempt, Mapping[str, bytes]]:
        """The attempt, and the files it made that must outlive it, by sha256."""
        if artifact.manifest.kind is ArtifactKind.LEAN:
            if isinstance(self._checker, str):
                return not_run(self._checker, backend=_BACKENDS[ArtifactKind.LEAN]), {}
            run = check_proof(artifact, claim, approval, self._checker)
            return run.attempt, {hashlib.sha256(run.export_gz).hexdigest(): run.export_gz} if run.export_gz else {}
        if isinstance(self._sandbox, str):
            return not_run(self._sandbox, backend=_BACKENDS[ArtifactKind.REPRODUCTION]), {}
        return reproduce(artifact, claim, approval, self._sandbox), {}


def _runtime(sandbox: Sandbox, manifest: ArtifactManifest) -> str:
    try:
        return sandbox.runtime(manifest.runtime)
    except SandboxUnavailable as problem:
        return str(problem)
