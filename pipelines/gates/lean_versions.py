"""Versions of Lean: how they are written, which are new enough, and what `lean --version` says.

Belongs here: the floor, and comparing with it. Does not belong here: why the floor is where it is
(docs/proofs.md). A pre-release, a nightly and anything unknown is never new enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_VERSION = re.compile(r"v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?:-([0-9A-Za-z][0-9A-Za-z.+-]{0,60}))?")
_SAYS = re.compile(r"Lean \(version ([^,()\s]{1,80})(?:, [^,()]{1,80})*?, commit ([0-9a-f]{7,40}), [A-Za-z]{1,20}\)\s*")


@dataclass(frozen=True)
class LeanVersion:
    """`before`: what stands after the hyphen of a pre-release ("rc1", "pre", "nightly-2026-08-20"), else empty."""

    major: int
    minor: int
    patch: int
    before: str = ""

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}" + (f"-{self.before}" if self.before else "")

    def reaches(self, floor: LeanVersion) -> bool:
        """Whether this is a release at or above the floor. What leads up to a release is none."""
        return not self.before and (self.major, self.minor, self.patch) >= (floor.major, floor.minor, floor.patch)


# The first release with every repair of the kernel that is known at this writing.
LEAN_FLOOR = LeanVersion(4, 34, 1)


def parse_lean_version(text: str) -> LeanVersion | None:
    """None for whatever is no version of the form 4.34.1 or 4.35.0-rc1 ("nightly-2026-08-20", "master")."""
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    return LeanVersion(int(match[1]), int(match[2]), int(match[3]), match[4] or "")


def read_version_line(text: str) -> tuple[str, str] | None:
    """Version and commit out of `Lean (version 4.34.1, x86_64-unknown-linux-gnu, commit <hash>, Release)`."""
    match = _SAYS.fullmatch(text)
    return (match[1], match[2]) if match else None


def same_commit(one: str, other: str) -> bool:
    """Whether two commits, either of which may be shortened, are the same."""
    shorter = min(len(one), len(other))
    return shorter >= 7 and one[:shorter] == other[:shorter]
