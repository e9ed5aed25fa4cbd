"""The files that lie in a record's folder: what each holds, in words, and in which format.

Belongs here: labels and media types by file name. Does not belong here: making the files, or saying which there are:
whoever writes the site passes their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.publication.site.text import folder_name

LINKSET = "linkset.json"

_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "report.pdf": "Report, to read and print",
        "report.md": "Report, as Markdown",
        "claims.csv": "Claims with verdicts, for spreadsheets",
        "claims.parquet": "Claims with verdicts, for programs",
        "references.bib": "References with what was found about each, BibTeX",
        "references.ris": "References with what was found about each, RIS",
        "references.csl.json": "References with what was found about each, CSL-JSON",
        "corrections.jsonl": "Correction log",
        "manifest.json": "Everything publicly held about the record",
        "ro-crate-metadata.json": "Description of all files and how they came about, RO-Crate",
        "prov.json": "How each result came about, PROV",
        "gate-verdict.json": "Verdict of gate 2",
        "quality-tiers.json": "Tier and the rules it follows from",
        "quality-dimensions.json": "Scores by dimension",
        "verification-levels.json": "Verification level and the counts it follows from",
        "correction-record.json": "Corrections, as a contract that others read",
        "paper-manifest.json": "Short manifest, as a contract that others read",
        LINKSET: "Links between these files, for machines",
    }
)
_MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "ro-crate-metadata.json": "application/ld+json",
        "references.csl.json": "application/vnd.citationstyles.csl+json",
        LINKSET: "application/linkset+json",
        ".bib": "application/x-bibtex",
        ".csv": "text/csv",
        ".json": "application/json",
        ".jsonl": "application/x-ndjson",
        ".jsonld": "application/ld+json",
        ".md": "text/markdown",
        ".parquet": "application/vnd.apache.parquet",
        ".pdf": "application/pdf",
        ".ris": "application/x-research-info-systems",
        ".zip": "application/zip",
    }
)
_DESCRIBE = frozenset({"manifest.json", "ro-crate-metadata.json", "prov.json"})


@dataclass(frozen=True)
class RecordFile:
    """A file beside a record's page. `label` says what it holds; `size` in bytes, None where it is not known."""

    name: str
    path: str  # within the site
    label: str
    media_type: str | None  # None: no media type is known for such a name
    size: int | None = None

    @property
    def describes(self) -> bool:
        """Whether it is about the record, rather than a part of what is published of it."""
        return self.name in _DESCRIBE


def record_files(
    record_id: str, names: Sequence[str], sizes: Mapping[str, int] = MappingProxyType({})
) -> tuple[RecordFile, ...]:
    """The files of these names in the record's folder, in the order given; `sizes` in bytes by name."""
    folder = folder_name(record_id)
    return tuple(
        RecordFile(name, f"{folder}/{name}", label_of(name), media_type(name), sizes.get(name)) for name in names
    )


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Names of files in a record's folder as the page lists them: for people first, then for machines."""
    places = {name: place for place, name in enumerate(_LABELS)}
    return tuple(sorted(names, key=lambda name: (places.get(name, len(places)), name)))


def label_of(name: str) -> str:
    """What a file of this name holds; the name itself where no words are known for it."""
    return _LABELS.get(name, name)


def media_type(name: str) -> str | None:
    return _MEDIA_TYPES.get(name) or _MEDIA_TYPES.get(f".{name.rpartition('.')[2]}")


def size_in_words(size: int) -> str:
    """Bytes as a reader counts them, in steps of a thousand."""
    for unit, bytes_of in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= bytes_of:
            return f"{size / bytes_of:.1f} {unit}"
    return f"{size} bytes"
