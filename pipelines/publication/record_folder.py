"""All files of a record for other tools, as they lie in its folder on the site: an RO-Crate.

Belongs here: which files there are, and putting their bytes together. Does not belong
here: what each holds (`exports`, `contracts`, `report`), its words (`site.record_files`), writing to disk.
"""

from __future__ import annotations

import hashlib

from pipelines.publication.contracts.table import contract_files
from pipelines.publication.exports.formats import FORMATS
from pipelines.publication.exports.ro_crate import CrateFile, ro_crate_bytes
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.record_files import LINKSET, in_order, label_of, media_type
from pipelines.publication.site.signposting import linkset_bytes
from pipelines.publication.site.text import corrections_name, folder_name, manifest_name
from pipelines.publication.views import PublicRecord

CRATE = "ro-crate-metadata.json"

_EXPORTED = (
    ("report.pdf", "pdf"),
    ("report.md", "markdown"),
    ("claims.csv", "csv"),
    ("claims.parquet", "parquet"),
    ("references.bib", "bibtex"),
    ("references.ris", "ris"),
    ("references.csl.json", "csl-json"),
    ("prov.json", "prov"),
)


def record_folder(record: PublicRecord, manifest: bytes, address: SiteAddress) -> dict[str, bytes]:
    """Path within the site to bytes; the correction log is written elsewhere.

    `manifest`: the manifest in force, as it was saved.
    """
    folder = folder_name(record.record_id)
    made = {
        manifest_name(record.record_id): manifest,
        **{f"{folder}/{name}": FORMATS[form].write(record) for name, form in _EXPORTED},
        **dict(contract_files(record, address.url)),
    }
    names = [path.removeprefix(f"{folder}/") for path in made]
    log = [corrections_name(record.record_id).removeprefix(f"{folder}/")] if record.corrections else []
    made[f"{folder}/{LINKSET}"] = linkset_bytes(record, in_order([*names, CRATE, LINKSET, *log]), address)
    described = [_described(path.removeprefix(f"{folder}/"), data) for path, data in made.items()]
    # The log grows by itself: its size and hash are not stated.
    described += [CrateFile(name, "application/x-ndjson", label_of(name)) for name in log]
    made[f"{folder}/{CRATE}"] = ro_crate_bytes(record, described)
    return made


def _described(name: str, data: bytes) -> CrateFile:
    kind = media_type(name) or "application/octet-stream"
    return CrateFile(name, kind, label_of(name), len(data), hashlib.sha256(data).hexdigest())
