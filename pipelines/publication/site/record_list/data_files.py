"""The data that the search loads: scripts that hand one JSON text to `site.js`, as a page opened from a file may load.

Belongs here: the compact form of a record's line and of its claims, and how they are spread over files.
Does not belong here: what may be shown of a record (`summary`), searching (`site/site.js`, which reads this form).
Input: the line of every record; output: `DataFile`s, the same for the same records in whatever order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from pipelines.models import ClaimVerdict
from pipelines.publication.site.record_list.summary import GateSummary, RecordSummary
from pipelines.publication.site.text import LONGEST_TITLE, shown
from pipelines.publication.site.words import VERDICTS

IN_A_FILE = 200  # records in a file, on average at most
FOLDER = "search"
RECORDS, CLAIMS = "records", "claims"

_VERDICTS = {verdict: place for place, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True)
class DataFile:
    kind: str
    path: str
    version: str  # of its bytes: a page asks for this one, and gets no older one that a browser kept
    data: bytes


def data_files(records: Sequence[RecordSummary]) -> Iterator[DataFile]:
    """The lines in the files `search/records-N.js`, the claims in `search/claims-N.js`.

    A record's file follows from its id alone, so that a change of one record changes its two files and no other. When
    the number of records outgrows the number of files, that doubles.
    """
    buckets: list[list[RecordSummary]] = [[] for _ in range(_files_for(len(records)))]
    for record in records:
        buckets[int(_key(record), 16) % len(buckets)].append(record)
    for number, bucket in enumerate(buckets):
        bucket.sort(key=lambda one: one.page)
        yield _data_file(RECORDS, number, _lines(bucket))
        yield _data_file(CLAIMS, number, [[_key(record), _claims(record)] for record in bucket])


def _files_for(records: int) -> int:
    """A power of two; none for no records."""
    return 1 << max(0, (records - 1) // IN_A_FILE).bit_length() if records else 0


def _key(record: RecordSummary) -> str:
    """The hash of the record's id, as its page name ends with it."""
    return record.page.removesuffix(".html").rpartition("-")[2]


def _lines(records: Sequence[RecordSummary]) -> dict[str, Any]:
    gates: dict[GateSummary, int] = {}
    lines = [_line(record, [gates.setdefault(gate, len(gates)) for gate in record.gates]) for record in records]
    return {"gates": [[gate.title, gate.sign, gate.word, gate.style] for gate in gates], "lines": lines}


def _line(record: RecordSummary, gates: list[int]) -> list[Any]:
    """By place, as `site.js` reads it."""
    counts, references = record.counts, record.reference_counts
    return [
        record.page,
        record.title,
        record.publisher,
        record.published_on,
        record.cohort,
        int(record.synthetic),
        [
            counts.extracted,
            counts.supported,
            counts.refuted,
            counts.disputed,
            counts.not_enough_info,
            counts.not_checked,
        ],
        [
            references.found,
            references.misdescribed,
            references.likely_fabricated,
            references.unfindable,
            references.unreachable,
            references.retracted,
        ],
        None if record.score is None else [record.score, record.low, record.high],
        record.tier,
        gates,
        [record.errors, record.warnings, record.corrections],
        None if record.question == record.title else record.question,
        " ".join(dict.fromkeys(filter(None, (record.identifier, shown(record.record_id, LONGEST_TITLE))))),
        record.claims_left_out,
    ]


def _claims(record: RecordSummary) -> list[tuple[int, int, str]]:
    return [(ordinal, _VERDICTS[ClaimVerdict(verdict)], text) for ordinal, verdict, text in record.claims]


# In a script between single quotes. The angle bracket is escaped so that a file that is read as a page holds no tag.
_ESCAPES = (
    (b"\\", b"\\\\"),
    (b"'", b"\\'"),
    (b"<", b"\\x3c"),
    (b"\xe2\x80\xa8", b"\\u2028"),
    (b"\xe2\x80\xa9", b"\\u2029"),
)


def _data_file(kind: str, number: int, held: Any) -> DataFile:
    text = orjson.dumps(held)
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    data = b"claimgateData('%s',%d,'%s')\n" % (kind.encode(), number, text)
    version = hashlib.blake2b(data, digest_size=4).hexdigest()
    return DataFile(kind, f"{FOLDER}/{kind}-{number}.js", version, data)
