"""Real references printed in eleven styles: their fields are known from mark-up, so what is read can be counted.

The works are those that real articles cite (JATS and TEI); the printing is done here, volume and pages are made up.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.ingestion.likeness import same_title
from pipelines.ingestion.reference_entries import entry_fields
from pipelines.ingestion.scholarly_xml import scholarly_xml
from pipelines.models import Reference

CORPUS = os.environ.get("CLAIMGATE_CORPUS")
pytestmark = pytest.mark.skipif(CORPUS is None, reason="CLAIMGATE_CORPUS names no folder of real texts")

ARTICLES = ("jats/PMC8151036.xml", "jats/1471-2180-11-174.nxml", "jats/mds526.nxml", "grobid_tei/0956797615569889.xml")
_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,3}")


class Work(NamedTuple):
    """A cited work; each author is (initials, surname)."""

    authors: tuple[tuple[str, str], ...]
    title: str
    venue: str
    year: int


def named(author: str) -> tuple[str, str]:
    parts = author.split()
    given = "".join(part for part in parts if _INITIALS.fullmatch(part))
    surname = " ".join(part for part in parts if not _INITIALS.fullmatch(part))
    return given.replace(".", "").replace("-", ""), surname


def work_of(reference: Reference) -> Work | None:
    authors = tuple(named(author) for author in reference.authors)
    if not (reference.title and reference.venue and reference.year) or not 0 < len(authors) < 12:
        return None
    if not all(given and surname and surname[0].isalpha() for given, surname in authors):
        return None
    return Work(authors, reference.title.rstrip("."), reference.venue.rstrip("."), reference.year)


@cache
def works() -> tuple[Work, ...]:
    assert CORPUS is not None
    articles = [scholarly_xml((Path(CORPUS) / "texts" / name).read_bytes()) for name in ARTICLES]
    return tuple(work for article in articles for one in article.references if (work := work_of(one)))


def joined(names: list[str], last: str) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + last + names[-1]


def printed(work: Work) -> dict[str, str]:
    dotted = [(". ".join(given) + ".", surname) for given, surname in work.authors]
    inverted = [f"{surname}, {given}" for given, surname in dotted]
    upright = [f"{given} {surname}" for given, surname in dotted]
    tight = ", ".join(f"{surname} {given}" for given, surname in work.authors)
    title, venue, year = work.title, work.venue, work.year
    commas = ", and " if len(upright) > 2 else " and "
    return {
        "APA": f"{joined(inverted, ', & ')} ({year}). {title}. {venue}, 12(3), 45–67.",
        "Vancouver": f"{tight}. {title}. {venue}. {year};12(3):45-67.",
        "PLOS": f"{tight} ({year}) {title}. {venue} 12: 45–67.",
        "BMC": f"{tight}: {title}. {venue} {year}, 12:45-67.",
        "IEEE": f'{joined(upright, commas)}, "{title}," {venue}, vol. 12, no. 3, pp. 45–67, {year}.',
        "Nature": f"{joined(inverted, ' & ')} {title}. {venue} 12, 45–67 ({year}).",
        "ACS": f"{'; '.join(inverted)} {title}. {venue} {year}, 12, 45–67.",
        "Elsevier": f"{', '.join(upright)}, {title}, {venue} 12 ({year}) 45–67.",
        "Elsevier, Harvard": f"{', '.join(inverted)}, {year}. {title}. {venue} 12, 45–67.",
        "Harvard": f"{joined(inverted, ' and ')} ({year}) '{title}', {venue}, 12(3), pp. 45–67.",
        "plain": f"{joined(upright, commas)}. {title}. {venue}, 12(3):45–67, {year}.",
    }


def wrong_fields(work: Work, words: str) -> set[str]:
    found = entry_fields(words)
    people = zip(work.authors, found.authors, strict=False)
    right = {
        "title": found.title is not None and same_title(work.title, found.title),
        "year": found.year == work.year,
        "authors": len(found.authors) == len(work.authors) and all(one[1] in name for one, name in people),
        "venue": found.venue is not None and found.venue.replace(".", "") == work.venue.replace(".", ""),
    }
    return {field for field, is_right in right.items() if not is_right}


@pytest.mark.parametrize("style", list(printed(Work((("A", "Fern"),), "Moss", "Moss", 2018))))
def test_real_references_are_read_right_in_every_style(style: str) -> None:
    assert len(works()) > 250
    wrong = [wrong_fields(work, printed(work)[style]) for work in works()]
    for field, most in (("title", 0.03), ("authors", 0.02), ("year", 0.01), ("venue", 0.05)):
        assert sum(field in fields for fields in wrong) / len(wrong) <= most, field
