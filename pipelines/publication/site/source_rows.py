"""What the page of a source prints, arranged: identifiers with their links, figures in words.

Belongs here: choosing, bounds, words. Does not belong here: mark-up, reading. Input: a `SourcePage`; output: values
that the template walks over.
"""

from __future__ import annotations

from pipelines.models import WorkVersion
from pipelines.publication.site.text import identifier_link
from pipelines.publication.source_views import CitingRecord, SourceCounts, SourcePage

AUTHORS_SHOWN = 12
NAMES_SHOWN = 12
VERSIONS_SHOWN = 20


def names(page: SourcePage) -> tuple[tuple[str, str | None], ...]:
    """Each identifier with where it leads, its own first; at most `NAMES_SHOWN`."""
    found = (page.source_id, *page.aliases)
    return tuple((name, identifier_link(name)) for name in found[:NAMES_SHOWN])


def versions(page: SourcePage) -> tuple[tuple[WorkVersion, str | None], ...]:
    """The versions that are known, the newest at the end, each with where it leads."""
    return tuple((one, identifier_link(one.source_id)) for one in page.versions[-VERSIONS_SHOWN:])


def tallies(counts: SourceCounts) -> tuple[tuple[int, str], ...]:
    """The figures over all records, with their words; a claim is quoted from it, and decided with it or not."""
    return (
        (counts.records, "Records"),
        (counts.claims, "Claims it is quoted on"),
        (counts.supported, "Supported by it"),
        (counts.refuted, "Refuted by it"),
        (counts.disputed, "Disputed"),
        (counts.open, "Not decided by it"),
        (counts.alone, "Decided by it alone"),
    )


def how(record: CitingRecord) -> str:
    """How a record draws on the source."""
    ways = (
        (record.cited, "cited by the record"),
        (record.given, "given with the record"),
        (record.found, "found for its claims by searching the library"),
    )
    said = [words for is_so, words in ways if is_so]
    return ", ".join(said) if said else "quoted for a verdict"
