"""The real sandbox, opened once. In continuous integration it must be there; elsewhere tests skip with the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.gates.sandbox import SealedSandbox, open_sandbox
from pipelines.gates.seal import SandboxUnavailable


@pytest.fixture(scope="session")
def sandbox() -> SealedSandbox:
    try:
        return open_sandbox({"CLAIMGATE_SANDBOX_UID": _own_user()})
    except SandboxUnavailable as problem:
        if os.environ.get("CI"):
            pytest.fail(f"the sandbox must work in continuous integration: {problem}")
        pytest.skip(str(problem))


def _own_user() -> str:
    """A user that no other run of tests on this machine has, so that a test sees whether its jobs left anything."""
    mapped = Path("/proc/self/uid_map")
    number = 1_879_200_000 + os.getpid()
    whole = mapped.exists() and mapped.read_text().split() == ["0", "0", "4294967295"]
    return str(number) if whole else ""  # a container may have few users
