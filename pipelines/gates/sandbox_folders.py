"""The folders of this machine that the sandbox needs: for sealed runtimes and for the files of jobs.

Belongs here: where they are, who may write there, who can reach them. Does not belong here: what is in a
runtime (`sealed_runtime`), where things lie inside (`sandbox`).
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipelines.gates.seal import SandboxUnavailable

_FORGOTTEN_S = 24 * 3600.0


@dataclass(frozen=True)
class Folders:
    """`user` is the one who must reach them; None: the user we are."""

    runtimes: Path
    jobs: Path
    user: int | None

    @contextmanager
    def job(self, files: Mapping[str, bytes]) -> Iterator[Path]:
        """A folder with `files`, that nobody but the job can enter; gone afterwards. Raises ValueError."""
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self.jobs))
        try:
            for name, data in files.items():
                _write(folder, name, data)
            if self.user is not None:
                os.chown(folder, self.user, self.user)
            folder.chmod(0o500)
            yield folder
        finally:
            folder.chmod(0o700)
            shutil.rmtree(folder)


def folders_for(setting: str, user: int | None) -> Folders:
    """Raises SandboxUnavailable when they cannot be had, are not ours alone, or the user cannot reach them."""
    root = root_for(setting)
    folders = Folders(root / "runtimes", root / "jobs", user)
    try:
        for folder in (root, folders.runtimes, folders.jobs):
            _make(folder)
        _sweep(folders.jobs)
    except OSError as problem:
        raise SandboxUnavailable(f"The folder of the sandbox, {root}, cannot be used: {problem}.") from problem
    closed = first_closed(folders.jobs, user)
    if closed:
        raise SandboxUnavailable(
            f"User {user}, who runs artifacts, cannot enter {closed}: "
            "set CLAIMGATE_SANDBOX_RUNTIMES to a folder that every user can reach."
        )
    return folders


def root_for(setting: str) -> Path:
    return Path(setting) if setting else Path(tempfile.gettempdir()) / f"claimgate-sandbox-{os.geteuid()}"


def first_closed(path: Path, user: int | None) -> Path | None:
    """The first folder on the way to `path` that `user` may not enter; None when the way is open."""
    if user is None:
        return None if os.access(path, os.X_OK) else path
    for folder in (*reversed(path.resolve().parents), path.resolve()):
        status = folder.stat()
        needed = stat.S_IXUSR if status.st_uid == user else stat.S_IXGRP if status.st_gid == user else stat.S_IXOTH
        if not status.st_mode & needed:
            return folder
    return None


def _make(folder: Path) -> None:
    """Ours, and nobody else writes there; what we did not make ourselves is looked at, never repaired."""
    try:
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    except FileExistsError:
        pass
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise OSError(f"{folder} is no folder")
    if status.st_uid != os.geteuid():
        raise OSError(f"{folder} belongs to user {status.st_uid}")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise OSError(f"others can write in {folder}")


def _sweep(jobs: Path) -> None:
    """Remove what processes left that were killed before they could."""
    for folder in jobs.iterdir():
        owner = re.fullmatch(r"(\d+)-.+", folder.name)
        if not owner or Path(f"/proc/{owner[1]}").exists():
            continue
        if time.time() - folder.lstat().st_mtime > _FORGOTTEN_S:
            folder.chmod(0o700)
            shutil.rmtree(folder, ignore_errors=True)


def checked_path(name: str) -> PurePosixPath:
    """A path that stays in its folder. Raises ValueError."""
    path = PurePosixPath(name)
    if not name or "\0" in name or path.is_absolute() or ".." in path.parts or str(path) != name or len(name) > 500:
        raise ValueError(f"{name[:80]!r} is no path within the folder of a job")
    return path


def _write(folder: Path, name: str, data: bytes) -> None:
    target = folder / checked_path(name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o444)
    except (OSError, ValueError) as problem:
        raise ValueError(f"{name[:80]!r} cannot be written into the folder of a job: {problem}") from problem
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    target.chmod(0o444)
    for parent in target.relative_to(folder).parents:
        (folder / parent).chmod(0o755)
