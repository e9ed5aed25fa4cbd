"""In what a reference differs from a work: title, people, year. What is not stated, or not held, agrees.

Input: a reference as stated and as printed, a work as an index holds it. Output: mismatches, stated against held.
Does not belong here: identifiers (audit.py weighs whose they are), likeness itself (ingestion/likeness.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.ingestion.folding import is_latin
from pipelines.ingestion.likeness import (
    authors_agree,
    holds_title,
    is_notice_title,
    plain_title,
    same_title,
    years_agree,
)
from pipelines.models import Mismatch, Reference, Work

SHOWN_AUTHORS = 10

_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_QUOTED = re.compile(r"[\"“”]([^\"“”]{10,500})[\"“”]")


def mismatches_of(reference: Reference, work: Work) -> Iterator[Mismatch]:
    """The stated fields that clearly differ from what an index holds; what is not stated agrees."""
    if reference.title and work.title and not title_fits(reference, work):
        yield Mismatch(field="title", stated=reference.title, held=work.title)
    if not authors_agree(reference.authors, work.authors):
        held = "; ".join(work.authors[:SHOWN_AUTHORS])
        yield Mismatch(field="authors", stated="; ".join(reference.authors), held=held)
    years = _years_of(reference, work)
    if not years_agree(reference.year, years):
        yield Mismatch(field="year", stated=str(reference.year), held=" or ".join(str(year) for year in sorted(years)))


def title_fits(reference: Reference, work: Work) -> bool:
    """The stated title is the held one, its translation or its beginning, or was read amiss out of its entry."""
    stated = reference.title or work.title
    if same_title(stated, work.title) or is_latin(stated) != is_latin(work.title):
        return True
    if not plain_title(stated) or f"{plain_title(work.title)} ".startswith(f"{plain_title(stated)} "):
        return True  # no words, or cut short
    about_it = is_notice_title(stated) and not is_notice_title(work.title)
    if about_it or not holds_title(reference.raw, work.title):
        return False
    return not holds_title(stated, work.title) or _is_whole_entry(stated, work)


def _is_whole_entry(stated: str, work: Work) -> bool:
    """Whether what was read as the title holds people or a year beside the held title, or holds it in quotes."""
    beside = set(plain_title(stated).split()) - set(plain_title(work.title).split())
    people = {word for name in work.authors[:SHOWN_AUTHORS] for word in plain_title(name).split() if len(word) > 2}
    dated = any(_YEAR.fullmatch(word) for word in beside)
    return dated or bool(beside & people) or any(same_title(one, work.title) for one in _QUOTED.findall(stated[:2_000]))


def _years_of(reference: Reference, work: Work) -> frozenset[int]:
    """The years that a work may be cited by: of the work, of its versions, of its arXiv number."""
    dated = [version.date[:4] for version in work.versions if version.date]
    years = {int(year) for year in dated if year.isascii() and year.isdigit()}
    years |= {year for name in (work.source_id, *work.aliases) if (year := arxiv_year(name)) is not None}
    return frozenset(years | ({work.year} if work.year is not None else set()))


def arxiv_year(name: str) -> int | None:
    """The year in an arXiv id, as a source id: the first two digits of its number."""
    number = name.removeprefix("arxiv:").rpartition("/")[2][:4]
    if not name.startswith("arxiv:") or len(number) < 4 or not (number.isascii() and number.isdigit()):
        return None
    short = int(number[:2])
    return 1900 + short if short > 90 else 2000 + short
