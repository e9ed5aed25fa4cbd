"""The files of an artifact as one archive beside the page, so that any reader can run the check again.

Belongs here: which artifacts may be given on, and the bytes of the archive. Does not belong here: reading an
archive (`pipelines.gates.artifact_files`), storage. Nothing in it is shown or run: a browser stores it.
"""

from __future__ import annotations

import io
import zipfile

from pipelines.gates.artifact import Artifact
from pipelines.publication.views import ArtifactView

# Licences, by their SPDX identifiers without version, under which anybody may pass files on.
_OPEN = frozenset({
    "0bsd", "apache", "artistic", "blueoak", "bsd-2-clause", "bsd-3-clause", "bsl", "cc-by", "cc-by-sa", "cc0",
    "cdla-permissive", "ecl", "eupl", "gpl", "isc", "lgpl", "agpl", "mit", "mit-0", "mpl", "odbl", "odc-by", "ogl-uk",
    "pddl", "python", "psf", "unlicense", "zlib",
})  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that zip files know: the same files give the same bytes


def archive_name(view: ArtifactView) -> str:
    """Its file name; of the content, so that what was once given on under a name stays that."""
    return f"artifact-{view.sha256}.zip"


def why_withheld(view: ArtifactView) -> str | None:
    """Why the files are not given on: a licence that is not known to allow it. None where they are."""
    licences = [("the artifact", view.licence), *((one.path, one.licence) for one in view.inputs)]
    for what, licence in licences:
        if not licence:
            return f"nobody states the licence of {what}"
        if not is_open(licence):
            return f"the licence of {what} ({licence}) is not known to allow it"
    return None


def is_open(licence: str) -> bool:
    """Whether every part of a licence expression ("MIT AND CC-BY-4.0") lets anybody pass the files on."""
    parts = licence.casefold().replace("(", " ").replace(")", " ").split(" and ")
    return all(any(_family(one) in _OPEN for one in part.split(" or ")) for part in parts)


def _family(identifier: str) -> str:
    """ "GPL-3.0-or-later" as "gpl", "CC-BY-4.0" as "cc-by"."""
    name = identifier.strip().removesuffix("-only").removesuffix("-or-later").removesuffix("+")
    stem, _, last = name.rpartition("-")
    return stem if stem and last.replace(".", "").isdecimal() and "." in last else name


def archive_bytes(artifact: Artifact) -> bytes:
    """A zip archive that `claimgate attach` reads as the same artifact."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(artifact.files.items()):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()
