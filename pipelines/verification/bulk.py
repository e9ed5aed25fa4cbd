"""Claims in bulk: rows of JSON in, rows of JSON out, one for each.

Owns what a row may hold, why one is refused, and how a claim that was checked is written down. Input: lines as
bytes; output: what json.dumps takes. Does not belong here: files, searching, judging (`backend`), how many
sources become one verdict (`aggregation`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.extraction.sentences import split_sentences
from pipelines.models import AxisJudgement, ClaimVerdict, Probabilities, Stance
from pipelines.verification.aggregation import DECIDED, Overall, overall
from pipelines.verification.backend import Backend, Quote, Regime, SourceJudgement, SourceText

MAX_LINE = 8_000_000  # bytes
MAX_ID = 500  # characters, as those below
MAX_CLAIM = 5_000
MAX_TITLE = 5_000
MAX_TEXT = 2_000_000  # of one source
MAX_SENTENCE = 20_000
MAX_SENTENCES = 20_000  # of one source
MAX_SOURCES = 500  # of one claim

Name = str | int
NO_TEXT = "the source has no text"
NOTHING_FOUND = "nothing in the corpus shares a word with the claim"

_SIDES = {
    ClaimVerdict.SUPPORTED: (Stance.SUPPORTS,),
    ClaimVerdict.REFUTED: (Stance.REFUTES,),
    ClaimVerdict.DISPUTED: (Stance.SUPPORTS, Stance.REFUTES),
}
AT_ONCE = 250  # claims that are read and searched for together, or fewer
AT_ONCE_CHARACTERS = 20_000_000  # where they carry long sources

Search = Callable[[Sequence[str]], Iterable[tuple[SourceText, ...]]]


@dataclass(frozen=True)
class Asked:
    """A claim to be checked; `sources` is None where they are to be searched for."""

    line: int  # 1-based
    id: Name
    claim: str
    sources: tuple[SourceText, ...] | None


@dataclass(frozen=True)
class Refused:
    """A line that cannot be used; `id` is None where none could be read."""

    line: int
    id: Name | None
    reason: str

    def row(self) -> dict[str, Any]:
        return {"line": self.line, "error": self.reason} if self.id is None else {"id": self.id, "error": self.reason}


class _Unusable(ValueError):
    """One sentence on what is wrong with a row."""


# --- reading ------------------------------------------------------------------------------------


def read_claim(line: bytes, number: int, *, searches: bool) -> Asked | Refused:
    """A line of claims. `searches`: a claim without sources of its own is to be searched for."""
    name: Name | None = None
    try:
        row = _object(line)
        name = _name(row, "id")
        claim = _text(row, "claim", MAX_CLAIM)
        if not claim.strip():
            raise _Unusable("the claim is empty")
        return Asked(number, name, claim, _sources(row, searches=searches))
    except _Unusable as problem:
        return Refused(number, name, str(problem))


def read_source(line: bytes, number: int) -> SourceText | Refused:
    """A line of a corpus: `doc_id`, `title`, `abstract` (sentences, or a text to be split)."""
    name: Name | None = None
    try:
        row = _object(line)
        name = _name(row, "doc_id")
        held = "abstract" if "abstract" in row else "text"
        whole = isinstance(row.get(held), str)
        sentences = _split(row, held) if whole else _sentences(row, held)
        if not any(sentence.strip() for sentence in sentences):
            raise _Unusable("the abstract is empty")
        return SourceText(str(name), _title(row), sentences)
    except _Unusable as problem:
        return Refused(number, name, str(problem))


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise _Unusable(f"the line is longer than {MAX_LINE:,} bytes")
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise _Unusable("the line is not UTF-8") from problem
    except (ValueError, RecursionError) as problem:
        raise _Unusable(f"the line is not JSON ({str(problem)[:80]})") from problem
    if not isinstance(row, dict):
        raise _Unusable("the line is no JSON object")
    return row


def _name(row: Mapping[str, Any], field: str) -> Name:
    value = row.get(field)
    if value is None:
        raise _Unusable(f"{field} is missing")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Unusable(f"{field} must be a text or a whole number")
    if isinstance(value, str):
        if not value:
            raise _Unusable(f"{field} is empty")
        return _text(row, field, MAX_ID)
    if abs(value) >= 10**18:
        raise _Unusable(f"{field} is too large a number; write it as a text")
    return value


def _text(row: Mapping[str, Any], field: str, most: int) -> str:
    value = row.get(field)
    if value is None:
        raise _Unusable(f"{field} is missing")
    if not isinstance(value, str):
        raise _Unusable(f"{field} must be a text")
    return _bounded(value, field, most)


def _bounded(value: str, field: str, most: int) -> str:
    if len(value) > most:
        raise _Unusable(f"{field} is longer than {most:,} characters")
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as problem:
            raise _Unusable(f"{field} holds half a character (a lone surrogate)") from problem
    return value


def _title(row: Mapping[str, Any]) -> str:
    return "" if row.get("title") is None else _text(row, "title", MAX_TITLE)


def _sources(row: Mapping[str, Any], *, searches: bool) -> tuple[SourceText, ...] | None:
    held = row.get("sources")
    if held is None or held == []:
        if searches:
            return None
        raise _Unusable("the claim has no sources, and there is no corpus to search")
    if not isinstance(held, list):
        raise _Unusable("sources must be a list")
    if len(held) > MAX_SOURCES:
        raise _Unusable(f"the claim has more than {MAX_SOURCES} sources")
    sources = tuple(_source(one, place) for place, one in enumerate(held, start=1))
    counted = Counter(source.source_id for source in sources)
    if len(counted) < len(sources):
        raise _Unusable(f"two sources have the id {counted.most_common(1)[0][0][:60]!r}")
    return sources


def _source(one: Any, place: int) -> SourceText:
    try:
        if not isinstance(one, dict):
            raise _Unusable("it is no JSON object")
        name = str(_name(one, "id"))
        if one.get("sentences") is not None:
            return SourceText(name, _title(one), _sentences(one, "sentences"))
        if one.get("text") is None:
            raise _Unusable("it has neither sentences nor a text")
        return SourceText(name, _title(one), _split(one, "text"))
    except _Unusable as problem:
        raise _Unusable(f"source {place}: {problem}") from problem


def _sentences(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    held = row.get(field)
    if held is None:
        raise _Unusable(f"{field} is missing")
    if not isinstance(held, list) or not all(isinstance(one, str) for one in held):
        raise _Unusable(f"{field} must be a list of texts")
    if len(held) > MAX_SENTENCES:
        raise _Unusable(f"{field} holds more than {MAX_SENTENCES:,} sentences")
    if sum(map(len, held)) > MAX_TEXT:
        raise _Unusable(f"{field} is longer than {MAX_TEXT:,} characters")
    return tuple(_bounded(one, "a sentence", MAX_SENTENCE) for one in held)


def _split(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    text = _text(row, field, MAX_TEXT)
    spans = split_sentences(text)
    if len(spans) > MAX_SENTENCES:
        raise _Unusable(f"{field} holds more than {MAX_SENTENCES:,} sentences")
    return tuple(_bounded(text[start:end], "a sentence", MAX_SENTENCE) for start, end in spans)


# --- judging and writing ------------------------------------------------------------------------


@dataclass
class Tally:
    """What was done so far; `sources` counts each source once for each claim it was held against."""

    claims: int = 0
    sources: int = 0
    rejected: int = 0
    verdicts: Counter[ClaimVerdict] = field(default_factory=Counter)


def check_all(
    lines: Iterable[bytes], backend: Backend, search: Search | None, tally: Tally
) -> Iterator[dict[str, Any]]:
    """A row for each line that is not blank, in their order; `tally` counts along.

    An id stands for one claim: a later line with the same id, as a text, is refused and told by its line.
    """
    seen: dict[str, int] = {}
    read = (read_claim(line, number, searches=search is not None) for number, line in _numbered(lines))
    for chunk in _chunks(_once(one, seen) for one in read):
        searched = [one.claim for one in chunk if isinstance(one, Asked) and one.sources is None]
        found = iter(search(searched)) if search is not None and searched else iter(())
        for one in chunk:
            if isinstance(one, Refused):
                tally.rejected += 1
                yield one.row()
                continue
            sources = next(found) if one.sources is None else one.sources
            row = check(one, sources, backend)
            tally.claims += 1
            tally.sources += len(sources)
            tally.verdicts[ClaimVerdict(row["verdict"])] += 1
            yield row


def read_sources(lines: Iterable[bytes], refused: list[Refused]) -> Iterator[SourceText]:
    """The sources of a corpus; lines that cannot be used are added to `refused`."""
    seen: dict[str, int] = {}
    for number, line in _numbered(lines):
        one = read_source(line, number)
        if isinstance(one, Refused):
            refused.append(one)
        elif one.source_id in seen:
            refused.append(Refused(number, None, _twice(one.source_id, seen[one.source_id])))
        else:
            seen[one.source_id] = number
            yield one


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _once(one: Asked | Refused, seen: dict[str, int]) -> Asked | Refused:
    if isinstance(one, Refused):
        return one
    first = seen.setdefault(str(one.id), one.line)
    return one if first == one.line else Refused(one.line, None, _twice(str(one.id), first))


def _twice(name: str, line: int) -> str:
    return f"the id {name[:60]!r} stands at line {line} already"


def _chunks(rows: Iterable[Asked | Refused]) -> Iterator[list[Asked | Refused]]:
    chunk: list[Asked | Refused] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += _size(row)
        if len(chunk) >= AT_ONCE or size >= AT_ONCE_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _size(row: Asked | Refused) -> int:
    held = row.sources if isinstance(row, Asked) else None
    return sum(len(sentence) for source in held or () for sentence in source.sentences)


def check(asked: Asked, sources: Sequence[SourceText], backend: Backend) -> dict[str, Any]:
    """The row of one claim: what each of `sources` says of it, in their order, and what follows."""
    regime = Regime.SEARCHED if asked.sources is None else Regime.GIVEN
    readable = [source for source in sources if any(sentence.strip() for sentence in source.sentences)]
    judged = {one.source_id: one for one in backend.judge(asked.claim, readable, regime)}
    judgements = [judged.get(source.source_id) or _unread(source) for source in sources]
    whole = overall(judgements) if judgements else _of_nothing()
    texts = {source.source_id: source.sentences for source in sources}
    evidence = _evidence(judgements, whole)
    return {
        "id": asked.id,
        "verdict": whole.verdict.value,
        "confidence": _rounded(whole.confidence),
        "probabilities": _shares(whole.probabilities),
        "evidence": [_quoted(name, texts[name], quote) for name, quote in evidence],
        "per_source": [_of_source(one) for one in judgements],
        "backend": backend.name,
        "verifier_version": backend.version,
        "reason": whole.reason,
        "conflict": whole.conflict,
        "axes": _axes(next((one.axes for one in judgements if one.source_id == whole.source_id), ())),
        "regime": regime.value,
    }


def _unread(source: SourceText) -> SourceJudgement:
    return SourceJudgement(source.source_id, ClaimVerdict.NOT_CHECKED, None, None, (), NO_TEXT)


def _of_nothing() -> Overall:
    return Overall(ClaimVerdict.NOT_CHECKED, None, None, False, NOTHING_FOUND, None)


def _evidence(judgements: Sequence[SourceJudgement], whole: Overall) -> list[tuple[str, Quote]]:
    """Sentences of the sides that decided; the nearest ones of the nearest source where none did."""
    sides = _SIDES.get(whole.verdict)
    speaking = [one for one in judgements if one.verdict in DECIDED or one.source_id == whole.source_id]
    if sides is None:
        quotes = [(one.source_id, quote) for one in speaking for quote in one.quotes]
    else:
        quotes = [(one.source_id, quote) for one in speaking for quote in _own(one) if quote.stance in sides]
    return sorted(quotes, key=lambda held: (-held[1].score, held[0], held[1].sentence))


def _own(one: SourceJudgement) -> list[Quote]:
    """Quotes of the side that the source is on; all of them where it is on none."""
    sides = _SIDES.get(one.verdict)
    return [quote for quote in one.quotes if sides is None or quote.stance in sides]


def _of_source(one: SourceJudgement) -> dict[str, Any]:
    quotes = sorted(_own(one), key=lambda quote: (-quote.score, quote.sentence))
    return {
        "source_id": one.source_id,
        "verdict": one.verdict.value,
        "confidence": _rounded(one.confidence),
        "probabilities": _shares(one.probabilities),
        "sentences": [quote.sentence for quote in quotes],
        "reason": one.reason,
        "conflict": one.conflict,
        "axes": _axes(one.axes),
    }


def _quoted(source_id: str, sentences: Sequence[str], quote: Quote) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "sentence": quote.sentence,
        "stance": quote.stance.value,
        "score": _rounded(quote.score),
        "text": sentences[quote.sentence],
        "why": quote.why,
    }


def _axes(axes: Sequence[AxisJudgement]) -> list[dict[str, Any]]:
    return [one.model_dump(mode="json") for one in axes]


def _shares(probabilities: Probabilities | None) -> dict[str, float] | None:
    if probabilities is None:
        return None
    return {
        ClaimVerdict.SUPPORTED.value: round(probabilities.supported, 6),
        ClaimVerdict.REFUTED.value: round(probabilities.refuted, 6),
        ClaimVerdict.NOT_ENOUGH_INFO.value: round(probabilities.not_enough_info, 6),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
