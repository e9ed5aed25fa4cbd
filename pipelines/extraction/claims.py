"""The claims of a record: its own rows where it lists them, else the claim-worthy sentences of its prose.

Owns the order, identity, place and section of claims. Does not read files (ingestion) and does not
judge truth (verification). In: `ParsedRecord`. Out: `Claim`s with `text == record.text[start:end]`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.extraction.antecedents import resolve
from pipelines.extraction.blocks import Block, BlockKind, blocks_of
from pipelines.extraction.citations import citation_marks, normalised
from pipelines.extraction.duplicates import first_duplicates
from pipelines.extraction.quantities import quantities_of
from pipelines.extraction.sentences import sentences_of
from pipelines.extraction.worthiness import LONGEST_CLAIM, Candidate, is_hedged, kind_of, why_not_a_claim
from pipelines.models import Claim, ClaimOrigin, Layout, ParsedRecord, Quantity, StatedClaim

EXTRACTOR_VERSION = "rules-4"
MOST_CLAIMS = 5000

_REFERENCE_SECTION = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+|[ivx]{1,4}\.\s+|appendix[\s:a-z]{0,4})?(?:key |selected |cited |"
    r"full |list of |main |"
    r"primary |complete |all )?(?:references?|sources?|bibliography|works cited|literature cited|"
    r"citations?|footnotes|"
    r"further reading|endnotes|links|(?:table of )?contents|acknowledge?ments?|image credits|search terms|"
    r"funding|financial disclosure|(?:author|authors[’']) contributions?|data availability(?: statement)?|"
    r"(?:declaration of )?(?:competing|conflict(?:s|ing)?(?: of)?) interests?|disclosure statement|"
    r"source list|reference list)(?:,? (?:and|&|cited|used|consulted|list|links|further|reading|sources|"
    r"references|"
    r"notes|resources)){0,4}(?:\s\([^()]{0,80}\))?:?",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(r"^[ \t]*(?:#{1,6}[ \t]*)?(?:\*\*)?Abstract(?:\*\*)?:?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_AFTER_ABSTRACT = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+\S|\d{1,2}(?:\.\d{1,2})*\.?[ \t]+[A-Z]|(?:Research Question|Introduction|"
    r"Verification Level|"
    r"Keywords|Extracted Claims|References|Methodology|Results|Findings|Key Findings|"
    r"Truth-Engine Gate Verdict)[ \t]*$)",
    re.MULTILINE,
)
_ABSTRACT_LABEL = re.compile(r"\s*(?:\*\*)?Abstract(?:\*\*)?\s?:\s*(?:\*\*)?\s*", re.IGNORECASE)
_PUBLISHED_LAYOUTS = frozenset({Layout.REPORT, Layout.PAGE_TABLES, Layout.PAGE_OLD, Layout.PAGE_NEW})
_PLAIN_LEVEL = 7
_ENDS_A_SENTENCE = re.compile(r"[.!?…。！？:;)\]\"”’*_|]\s*$")
_CUT = re.compile(r"(?:\.\.\.|…)[\"”’*_\s]*$")


def claim_id_for(record_id: str, normalised: str, occurrence: int) -> str:
    """'c' and 20 hex digits of the hash of (record, normalised text, which occurrence, from 1)."""
    key = json.dumps([record_id, normalised, occurrence], ensure_ascii=True)
    return "c" + hashlib.sha256(key.encode("ascii")).hexdigest()[:20]


@dataclass(frozen=True)
class _Draft:
    """A claim before it is numbered."""

    start: int
    end: int
    normalised: str
    section: str | None
    citations: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    standalone: str | None = None
    is_cut: bool = False
    stated: StatedClaim | None = None


class _Sections:
    """The heading that the walk is under, and whether it opens a list of references or contents."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.in_references = False
        self._level = 0

    def enter(self, text: str, block: Block) -> None:
        line_start = text.rfind("\n", max(0, block.start - 12), block.start) + 1
        level = text.count("#", max(line_start, block.start - 12), block.start) or _PLAIN_LEVEL
        title = normalised(text[block.start : min(block.end, block.start + 300)])
        is_references = _REFERENCE_SECTION.fullmatch(title) is not None
        if self.in_references and not is_references and not self._leaves_references(title, level):
            return
        self.title, self._level, self.in_references = title or None, level, is_references

    def _leaves_references(self, title: str, level: int) -> bool:
        if self._level < _PLAIN_LEVEL:
            return level <= self._level
        # In plain text an entry of the list can look like a heading; only a marked one ends the list.
        return (
            level < _PLAIN_LEVEL
            or re.match(r"\d{1,2}\.?\s+[A-Z]|(?:appendix|annex)\b", title, re.IGNORECASE) is not None
        )


def _drafts_in(text: str, offset: int = 0) -> Iterator[_Draft]:
    """The claims of a text in order; `offset` is the place of `text` in the record."""
    sections = _Sections()
    blocks = blocks_of(text)
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            sections.enter(text, block)
            continue
        before: list[str] = []  # the sentences of the block so far, each as it stands on its own
        for start, end in sentences_of(text, block):
            words = normalised(text[start:end]) if end - start <= LONGEST_CLAIM else ""
            resolution = resolve(words, before)
            before.append(resolution.standalone if resolution else words)
            draft = _draft(text, start, end, words, block, sections)
            if draft is None:
                continue
            is_last = number == len(blocks) - 1 and end == block.end and block.kind is BlockKind.PARAGRAPH
            ends_open = is_last and _ENDS_A_SENTENCE.search(text[max(start, end - 12) : end]) is None
            yield replace(
                draft,
                start=start + offset,
                end=end + offset,
                standalone=resolution.standalone if resolution else None,
                is_cut=ends_open or _CUT.search(text[max(start, end - 12) : end]) is not None,
            )


def _draft(text: str, start: int, end: int, words: str, block: Block, sections: _Sections) -> _Draft | None:
    if end - start > LONGEST_CLAIM or sections.in_references:
        return None
    raw = text[start:end]
    citations, quantities = citation_marks(raw), quantities_of(words)
    candidate = Candidate(
        raw=raw,
        normalised=words,
        block=block.kind,
        opens_block=start == block.start,
        in_references=sections.in_references,
        has_citation=bool(citations),
        has_quantity=any(quantity.unit != "year" for quantity in quantities),
    )
    if why_not_a_claim(candidate) is not None:
        return None
    return _Draft(start, end, words, sections.title, citations, quantities)


def _abstract_of(text: str) -> tuple[int, int] | None:
    """Where the abstract of a published report or page stands."""
    heading = _ABSTRACT.search(text)
    if heading is None:
        return None
    label = _ABSTRACT_LABEL.match(text, heading.end())
    start = label.end() if label else heading.end()
    following = _AFTER_ABSTRACT.search(text, start)
    return start, following.start() if following else len(text)


_WITHOUT_PROSE = frozenset({Layout.MANIFEST, Layout.BIBLIOGRAPHY})


def _prose_drafts(record: ParsedRecord) -> Iterator[_Draft]:
    if record.layout in _WITHOUT_PROSE:
        return
    if record.layout not in _PUBLISHED_LAYOUTS:
        yield from _drafts_in(record.text)
        return
    place = _abstract_of(record.text)
    if place is not None:
        for draft in _drafts_in(record.text[place[0] : place[1]], place[0]):
            yield replace(draft, section="Abstract")


def _stated_drafts(record: ParsedRecord) -> Iterator[_Draft]:
    headings = [block for block in blocks_of(record.text) if block.kind is BlockKind.HEADING]
    sections, following = _Sections(), 0
    for row in record.claims:
        while following < len(headings) and headings[following].start < row.start:
            sections.enter(record.text, headings[following])
            following += 1
        words = normalised(row.text)
        marks = citation_marks(row.text)
        yield _Draft(
            row.start, row.end, words, sections.title, marks, quantities_of(words), is_cut=row.truncated, stated=row
        )


def _claim(record: ParsedRecord, record_id: str, draft: _Draft, ordinal: int, occurrence: int) -> Claim:
    row = draft.stated
    return Claim(
        claim_id=claim_id_for(record_id, draft.normalised, occurrence),
        ordinal=ordinal,
        text=row.text if row else record.text[draft.start : draft.end],
        start=draft.start,
        end=draft.end,
        normalised=draft.normalised,
        standalone=draft.standalone,
        origin=ClaimOrigin.STATED if row else ClaimOrigin.EXTRACTED,
        kind=kind_of(draft.normalised),
        truncated=draft.is_cut,
        hedged=is_hedged(draft.normalised),
        quantities=draft.quantities,
        citations=draft.citations,
        section=draft.section,
        stated_verified=row.stated_verified if row else None,
        stated_confidence=row.stated_confidence if row else None,
    )


def extract_claims(record: ParsedRecord, record_id: str) -> tuple[Claim, ...]:
    """The claims of a record, in order, at most `MOST_CLAIMS`.

    A record that lists its claims has exactly these. A published report or page without such a list
    gives those of its abstract; an answer or other prose gives those of its whole text.
    """
    drafts: list[_Draft] = []
    for draft in _stated_drafts(record) if record.claims else _prose_drafts(record):
        drafts.append(draft)
        if len(drafts) == MOST_CLAIMS:
            break
    seen: Counter[str] = Counter()
    claims: list[Claim] = []
    for ordinal, draft in enumerate(drafts, start=1):
        seen[draft.normalised] += 1
        claims.append(_claim(record, record_id, draft, ordinal, seen[draft.normalised]))
    originals = first_duplicates([draft.normalised for draft in drafts])
    return tuple(
        claim if original is None else claim.model_copy(update={"duplicate_of": claims[original].claim_id})
        for claim, original in zip(claims, originals, strict=True)
    )
