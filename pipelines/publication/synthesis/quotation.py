"""What can be quoted: findings that a document holds word for word, and reads back as one claim each.

A quotation is written without changing a letter. One that would be taken for mark-up, for a citation or for two
sentences is left out, and counted. Input: groups of findings. Output: the groups that can be written. Does not
belong here: the document around them (document.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.extraction.citations import citation_marks, normalised
from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.errors import IngestionError
from pipelines.ingestion.records import parse_record
from pipelines.models import Claim, Layout, ParsedRecord
from pipelines.publication.synthesis.answer import Quotation
from pipelines.publication.synthesis.findings import Finding
from pipelines.publication.synthesis.grouping import Group, Standing

FILE_NAME = "synthesis.md"  # under which our reader is shown what was written

# Mark-up in a quotation would be read as ours, or change what a reader sees of it.
_MARK_UP = re.compile(
    r"</?[a-z!?]|<[^<>\s]{1,40}@|https?:|www\.|!?\[[^\[\]]*\]\(|\[\^|^\s*(?:#{1,6}\s|>|[-+*]\s|\d{1,3}[.)]\s|\||```|~~~)"
    r"|`[^`]+`|\*\S[^*]*\*|(?<!\w)_[^_\s][^_]*_(?!\w)|~~|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,20});|\[@|@\[|\[\s?\d",
    re.IGNORECASE,
)


def holds_mark_up(words: str) -> bool:
    """Whether words would be read as Markdown, HTML, an address or a mark of ours."""
    return _MARK_UP.search(words) is not None


def quotation(quoted: str, number: int) -> str:
    """A finding as it stands in a document."""
    return f"> “{quoted}” [{number}]"


def quotable(groups: Sequence[Group]) -> tuple[tuple[Group, ...], tuple[Finding, ...]]:
    """The groups with those findings only that a document can hold word for word, and the findings left out."""
    fit: list[Group] = []
    left_out: list[Finding] = []
    for group in groups:
        kept = [at for at, finding in enumerate(group.findings) if is_representable(finding.quoted)]
        left_out += [finding for at, finding in enumerate(group.findings) if at not in kept]
        if kept:
            fit.append(_without(group, kept))
    return tuple(fit), tuple(left_out)


def _without(group: Group, kept: Sequence[int]) -> Group:
    """The group of the kept findings only; a relation to one that is gone is gone."""
    if len(kept) == len(group.findings):
        return group
    place = {member: at for at, member in enumerate(kept)}
    links = tuple(
        replace(link, claim=place[link.claim], passage=place[link.passage])
        for link in group.links
        if link.claim in place and link.passage in place
    )
    standing = group.standing if links else Standing.SAME_SUBJECT
    standing = standing if len(kept) > 1 else Standing.ALONE
    return Group(tuple(group.findings[at] for at in kept), standing, links)


def is_representable(quoted: str) -> bool:
    """Whether a sentence, quoted in a document, is read back as one claim with its own words and our mark alone."""
    if holds_mark_up(quoted) or citation_marks(quoted) or "\n" in quoted or not quoted.isprintable():
        return False
    try:
        record = read_back(f"# A\n\n{quotation(quoted, 1)}\n")
    except (IngestionError, UnicodeEncodeError):
        return False
    claims = extract_claims(record, "text:check")
    return record.layout is Layout.PROSE and not record.references and _says(claims, quoted, 1)


def _says(claims: Sequence[Claim], quoted: str, number: int) -> bool:
    if len(claims) != 1:
        return False
    claim = claims[0]
    same_words = claim.normalised.strip("“”") == normalised(quoted)
    return same_words and claim.citations == (str(number),) and quoted in claim.text


def read_back(text: str) -> ParsedRecord:
    """A document as our own reader takes it in."""
    return parse_record(read_document(FILE_NAME, text.encode()))


def claims_read_back(record: ParsedRecord, quotations: Sequence[Quotation]) -> bool:
    """Whether the claims of a record are these quotations, in order, and nothing else."""
    claims = extract_claims(record, "text:check")
    return len(claims) == len(quotations) and all(
        _says([claim], one.finding.quoted, one.number) for claim, one in zip(claims, quotations, strict=True)
    )
