"""Rigour scan of one source text: what it reports of its own method, each answer with its sentence.

Belongs here: going through a full text and quoting what a rule met. Does not belong here: the rules
(`rigor_rules`), fetching texts (ingestion). A scan measures reporting, not truth. Input: one version of
a source; output: `RigorScan` with offsets into that text, or the reason why there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.models import RigorAnswer, RigorItem, RigorScan
from pipelines.review.rigor_rules import RIGOR_RULES, Answers, RigorRule

SCANNER_VERSION = "rigor-rules-1"
FULL_TEXT = "fulltext"
MAX_SCANNED = 1_000_000  # characters; a paper has about 60,000
MAX_SENTENCE = 800

_LINE = re.compile(r"[^\n]+(?:\n(?![\n#])[^\n]+){0,200}")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\])”\"']?\s+(?=[\"“(\[]?[A-Z0-9])")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|et al|Fig|Eq|Sec|No|vs|cf|Dr|approx|resp|[A-Z])\.\s*$")
_REFERENCES = re.compile(
    r"^[#\s\d.*]{0,12}(?:references|bibliography|works cited|literature cited)[\s*:]{0,5}$",
    re.IGNORECASE | re.MULTILINE,
)
_MAX_HEADING = 90


@dataclass(frozen=True)
class _Sentence:
    start: int
    end: int
    words: str  # white space folded to single blanks


def scan_text(source_version_id: str, text: str | None, text_kind: str | None) -> RigorScan:
    """The scan of one version of a source; `text_kind` is "fulltext", "abstract" or None."""
    if text is None or not text.strip():
        return _not_scanned(source_version_id, "Not scanned: no text of this source is held.")
    if text_kind != FULL_TEXT:
        held = f"an {text_kind}" if text_kind == "abstract" else "a text of unknown kind"
        return _not_scanned(source_version_id, f"Not scanned: only {held} is held, not the full text.")
    body = text[: min(_end_of_body(text), MAX_SCANNED)]
    items = tuple(_judge(rule, body) for rule in RIGOR_RULES)
    return RigorScan(
        source_version_id=source_version_id,
        scanned=True,
        reason=(
            f"Scanned {len(body)} of {len(text)} characters by {len(items)} rules (references left out);"
            " a scan says what the text reports, not whether it is right."
        ),
        scanner_version=SCANNER_VERSION,
        items=items,
    )


def _not_scanned(source_version_id: str, reason: str) -> RigorScan:
    return RigorScan(source_version_id=source_version_id, scanned=False, reason=reason, scanner_version=SCANNER_VERSION)


def _end_of_body(text: str) -> int:
    """Where the reference list begins, if a heading in the second half of the text says so."""
    heads = [match.start() for match in _REFERENCES.finditer(text) if match.start() * 2 > len(text)]
    return heads[0] if heads else len(text)


def _judge(rule: RigorRule, body: str) -> RigorItem:
    """The first sentence that meets the rule; an explicit denial answers `no` only where nothing meets it."""
    denial: _Sentence | None = None
    for sentence in _headings(body) if rule.looks_at is Answers.HEADING else _sentences(body):
        if rule.ignored is not None and rule.ignored.search(sentence.words):
            continue
        if rule.denied is not None and rule.denied.search(sentence.words):
            denial = denial or sentence
        elif any(all(form.search(sentence.words) for form in forms) for forms in rule.alternatives):
            return _answer(rule, RigorAnswer.YES, body, sentence)
    if denial is not None:
        return _answer(rule, RigorAnswer.NO, body, denial)
    return RigorItem(item=rule.item, answer=RigorAnswer.NOT_DETECTED, rule=rule.rule)


def _answer(rule: RigorRule, answer: RigorAnswer, body: str, sentence: _Sentence) -> RigorItem:
    return RigorItem(
        item=rule.item,
        answer=answer,
        rule=rule.rule,
        quote=body[sentence.start : sentence.end],
        start=sentence.start,
        end=sentence.end,
    )


def _headings(body: str) -> Iterator[_Sentence]:
    for match in re.finditer(r"[^\n]+", body):
        words = " ".join(match.group().split())
        if 0 < len(words) <= _MAX_HEADING:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield _Sentence(start, match.start() + len(match.group().rstrip()), words)


def _sentences(body: str) -> Iterator[_Sentence]:
    for block in _LINE.finditer(body):
        start = block.start()
        for end in (*_ends(block.group(), block.start()), block.end()):
            for piece_start in range(start, end, MAX_SENTENCE):
                piece_end = min(end, piece_start + MAX_SENTENCE)
                words = " ".join(body[piece_start:piece_end].split())
                if words:
                    yield _trimmed(body, piece_start, piece_end, words)
            start = end


def _ends(block: str, offset: int) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(block):
        if not _ABBREVIATION.search(block[max(0, match.start() - 12) : match.start()]):
            yield offset + match.end()


def _trimmed(body: str, start: int, end: int, words: str) -> _Sentence:
    piece = body[start:end]
    left = len(piece) - len(piece.lstrip())
    return _Sentence(start + left, start + len(piece.rstrip()), words)
