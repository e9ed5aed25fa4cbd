"""What judges claims: refused before a run where it cannot be used, named for `status`, looked at for `doctor`.

Does not belong here: making back ends (warehouse/backends.py).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from claimgate.errors import BadInput
from claimgate.place import Place, backend_values, network_values
from claimgate.settings import Settings
from pipelines.verification.backend_choice import BackendChoice, BackendName, BackendUnusable
from warehouse.backends import Surroundings, backend_version, require_parts

ONNX_PACKAGES = ("onnxruntime", "tokenizers")


def require_backend() -> None:
    """Raises BadInput, before anything is begun, for what the exported settings name and is not there."""
    try:
        require_parts(BackendChoice.of(os.environ), os.environ)
    except BackendUnusable as problem:
        raise BadInput(str(problem)) from problem


def is_model(settings: Settings) -> bool:
    """Whether claims, with sentences of their sources, go to a language model."""
    return BackendName(settings.backend) is BackendName.LLM


def version_of(place: Place) -> str:
    """The version of the verdicts that a run would reach; nobody is asked. Raises BackendUnusable."""
    values = backend_values(place.settings) | network_values(place.settings)
    around = Surroundings(values, place.house, "", lambda: datetime.now(UTC))
    return backend_version(BackendChoice.of(values), around)


def backend_words(place: Place) -> tuple[bool, str]:
    """Whether the chosen back end can be used, and in words: as what, or why not and what that switches off."""
    name = place.settings.backend
    try:
        words = f"{name} ({version_of(place)})"
    except BackendUnusable as problem:
        return False, f"{name}: {problem} Until then no claim is judged: no other back end takes its place"
    if is_model(place.settings) and not place.settings.online:
        words += "; the network is off, so that claims it did not judge before stay NOT_CHECKED"
    return True, words


def encoder_words(place: Place) -> tuple[bool, str]:
    """Whether a sentence encoder is at hand, and what it is for."""
    if not place.settings.encoder:
        return (
            False,
            "not set: features and the search of check go by words alone; CLAIMGATE_ENCODER names one",
        )
    folder = Path(place.settings.encoder).expanduser()
    return folder.is_dir(), str(folder) if folder.is_dir() else f"{folder} is not there"


def network_words(place: Place) -> tuple[bool, str]:
    """Whether the network of onnx is at hand."""
    if not place.settings.nli_model:
        return False, "not set: the back end onnx is off; CLAIMGATE_NLI_MODEL names the folder of a network"
    folder = Path(place.settings.nli_model).expanduser()
    return folder.is_dir(), str(folder) if folder.is_dir() else f"{folder} is not there: the back end onnx is off"


def extra_words() -> tuple[bool, str]:
    """Whether the packages of the extra `onnx` are installed."""
    missing = [name for name in ONNX_PACKAGES if not _installed(name)]
    if missing:
        return False, f"{', '.join(missing)} not installed: no back end onnx and no encoder; pip install -e '.[onnx]'"
    return True, ", ".join(f"{name} {version(name)}" for name in ONNX_PACKAGES)


def _installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False
