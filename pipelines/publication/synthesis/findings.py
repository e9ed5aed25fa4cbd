"""Findings: the sentences of the included works that answer the question, word for word.

Input: works with their texts, the terms of the question, how rare a stem is. Output: `Finding`s, best first,
few, each with `text == work.text[start:end]`. Does not belong here: agreement between them (grouping.py).
Short quotation: of a work whose licence is not open at most `MOST_QUOTED` sentences of at most
`LONGEST_QUOTED` characters are quoted; abstracts are treated the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.extraction.blocks import BlockKind, blocks_of
from pipelines.extraction.citations import citation_marks, normalised
from pipelines.extraction.quantities import quantities_of
from pipelines.extraction.sentences import sentences_of
from pipelines.extraction.worthiness import Candidate, why_not_a_claim
from pipelines.ingestion.search.coverage import Chunk, Idf, TextTerms, weighed_terms
from pipelines.ingestion.search.queries import SearchTerms
from pipelines.models import Work
from pipelines.publication.site.excerpts import is_open
from pipelines.publication.synthesis.relations import Asked, asked_of, is_said_of_subject
from pipelines.publication.synthesis.statements import quotable_start, result_strength, states_a_finding

LONGEST_QUOTED = 300  # characters of a sentence of a work whose licence is not open
MOST_QUOTED = 3  # sentences of such a work
LONGEST_OPEN = 600  # characters of a sentence of any work: longer ones answer nothing plainly
SHORTEST = 40
MAX_TEXT = 400_000  # characters of one work that are read

_MATHS = re.compile(r"\\[A-Za-z]{1,20}|[$~{}\\]")  # around a number: "$175\pm 10$~GeV"
_NUMBER = re.compile(r"(?<![\w.,^/-])\d+(?:[.,]\d+)*(?!\w)")


@dataclass(frozen=True)
class FindingRules:
    """Thresholds, found on ten questions over 14,838 abstracts."""

    least_subject: float = 0.5  # share of the question's subject that the sentence itself names
    least_chunk: float = 0.6  # credit for each phrase of the subject, but for one that the work names elsewhere
    least_in_title: float = 0.3  # what the title names of a part that the sentence lacks
    title_share: float = 0.4  # what a word is worth that only the title of the work names
    cut: float = 0.6  # least score
    from_a_work: int = 2
    works: int = 10
    most: int = 12


RULES = FindingRules()


@dataclass(frozen=True)
class Finding:
    """A stretch of a work's text that answers the question; `score` 0 to 1 is its fitness, not its truth."""

    source_id: str
    start: int
    end: int
    text: str  # as in the source
    quoted: str  # the same, white space folded: what is shown
    score: float


def findings_in(
    works: Sequence[Work], terms: SearchTerms, idf: Idf, rules: FindingRules = RULES
) -> tuple[Finding, ...]:
    """The best findings of the works, best first; empty where none answers the question."""
    asked = asked_of(terms, weighed_terms(terms, idf))
    found = [finding for work in works for finding in _of_work(work, asked, rules)]
    found.sort(key=lambda one: (-one.score, one.source_id, one.start))
    return tuple(_chosen(found, rules))


def _chosen(found: Sequence[Finding], rules: FindingRules) -> Iterator[Finding]:
    """The best, from no more works than are wanted, no words twice."""
    sources: dict[str, int] = {}
    said: set[str] = set()
    for finding in found:
        words = " ".join(sorted(TextTerms.of(finding.quoted).held))
        is_new = finding.source_id not in sources
        if words in said or (is_new and len(sources) == rules.works):
            continue
        said.add(words)
        sources[finding.source_id] = sources.get(finding.source_id, 0) + 1
        yield finding
        if len(said) == rules.most:
            return


def _of_work(work: Work, asked: Asked, rules: FindingRules) -> list[Finding]:
    open_text = is_open(work.licence) and work.text_kind == "fulltext"
    longest = LONGEST_OPEN if open_text else LONGEST_QUOTED
    title = TextTerms.of(work.title)
    whole = TextTerms.of(f"{work.title}\n{work.text or ''}")
    found = []
    for start, end in _statements(work.text or "", longest):
        words = (work.text or "")[start:end]
        score = _score(words, whole, title, asked, rules)
        if score is not None and score >= rules.cut:
            found.append(Finding(work.source_id, start, end, words, " ".join(words.split()), round(score, 4)))
    found.sort(key=lambda one: (-one.score, one.start))
    return found[: rules.from_a_work if open_text else min(rules.from_a_work, MOST_QUOTED)]


def _statements(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences that are claims, state a finding, and can be quoted alone and whole."""
    text = text[:MAX_TEXT]
    for block in blocks_of(text):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE):
            continue
        for start, end in sentences_of(text, block):
            behind = quotable_start(text[start:end]) if SHORTEST <= end - start <= longest + 40 else None
            if behind is None or not SHORTEST <= end - start - behind <= longest:
                continue
            raw = text[start + behind : end]
            if states_a_finding(" ".join(raw.split())) and not citation_marks(raw) and _is_claim(raw, block.kind):
                yield start + behind, end


def _is_claim(raw: str, kind: BlockKind) -> bool:
    words = normalised(raw)
    candidate = Candidate(
        raw=raw,
        normalised=words,
        block=kind,
        opens_block=False,
        in_references=False,
        has_citation=False,
        has_quantity=any(quantity.unit != "year" for quantity in quantities_of(words)),
    )
    return why_not_a_claim(candidate) is None


def _score(words: str, whole: TextTerms, title: TextTerms, asked: Asked, rules: FindingRules) -> float | None:
    """Fitness of a sentence as part of an answer; None where it does not speak of what is asked."""
    text, weighed = TextTerms.of(words), asked.weighed
    if not _speaks_of_subject(text, whole, title, asked, rules) or not is_said_of_subject(asked, words):
        return None
    if asked.wants_number and not _states_a_number(words):
        return None
    total = sum(chunk.weight for chunk in weighed.chunks)
    fit = sum(
        chunk.weight * max(chunk.credit(text), rules.title_share * chunk.credit(title)) for chunk in weighed.chunks
    )
    return 0.7 * fit / total + 0.3 * result_strength(words)


def _states_a_number(words: str) -> bool:
    """Whether the sentence holds a number that stands by itself and is no year."""
    numbers = _NUMBER.findall(_MATHS.sub(" ", normalised(words)))
    return any(not (len(number) == 4 and number[:2] in ("18", "19", "20")) for number in numbers)


def _speaks_of_subject(text: TextTerms, whole: TextTerms, title: TextTerms, asked: Asked, rules: FindingRules) -> bool:
    """Whether the sentence names what is asked about; one part of it may be named elsewhere in the work.

    Of a subject of two parts the title must name the missing one at least in part, since a sentence about the
    other alone is more often about something else.
    """
    chunks = asked.weighed.chunks
    credits = {chunk: chunk.credit(text) for chunk in chunks}
    named = sum(chunk.weight * credit for chunk, credit in credits.items())
    if not chunks or named < rules.least_subject * sum(chunk.weight for chunk in chunks):
        return False
    missing = [chunk for chunk in chunks if credits[chunk] < rules.least_chunk]
    key = max(chunks, key=lambda chunk: chunk.weight)
    if len(missing) > 1 or key in missing or _asked_itself(asked) in missing:
        return False
    in_title = len(chunks) > 2 or all(chunk.credit(title) >= rules.least_in_title for chunk in missing)
    return in_title and all(chunk.credit(whole) == 1.0 for chunk in missing)


def _asked_itself(asked: Asked) -> Chunk | None:
    """The part of the subject that no sentence of an answer can do without."""
    chunks = asked.weighed.chunks
    if asked.actor is not None:
        return asked.actor
    return chunks[0] if len(chunks) > 1 and not any(family.loose for family in asked.families) else None
