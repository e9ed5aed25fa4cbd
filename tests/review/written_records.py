"""Records written for the review tests, built so that every offset is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pipelines.models import (
    Claim,
    ClaimKind,
    ClaimOrigin,
    ClaimVerdict,
    Evidence,
    EvidenceScope,
    Layout,
    ParsedRecord,
    Place,
    Quantity,
    Reference,
    Stance,
    StatedClaim,
    StatedFacts,
    StatedFigure,
    Verdict,
)
from tests.made_claims import claim_saying

Figures = Sequence[tuple[str, int | float | str, str]]


def written_record(
    rows: Sequence[tuple[str, bool | None, float | None]] = (),
    figures: Figures = (),
    references: Sequence[Mapping[str, object]] = (),
    prose: str = "",
    title: str | None = None,
    question: str | None = None,
    published_on: date | None = None,
    layout: Layout = Layout.REPORT,
    truncated: Sequence[int] = (),
) -> ParsedRecord:
    """`figures` are (field, value, words as printed); `truncated` holds the ordinals of rows that are cut."""
    text, places = "", []
    for part in (title, question, prose):
        text += f"{part}\n\n" if part else ""
    for name, value, words in figures:
        place = Place(start=len(text), end=len(text) + len(words), words=words)
        places.append(StatedFigure(name=name, value=value, place=place))
        text += f"{words}\n"
    claims = []
    for ordinal, (words, ticked, confidence) in enumerate(rows, start=1):
        claims.append(
            StatedClaim(
                ordinal=ordinal,
                text=words,
                start=len(text),
                end=len(text) + len(words),
                truncated=ordinal in truncated,
                stated_verified=ticked,
                stated_confidence=confidence,
            )
        )
        text += f"{words}\n"
    listed = []
    for ordinal, fields in enumerate(references, start=1):
        raw = str(fields.get("raw") or fields.get("url") or fields.get("doi") or f"Reference {ordinal}")
        listed.append(
            Reference.model_validate(
                {**fields, "ordinal": ordinal, "raw": raw, "start": len(text), "end": len(text) + len(raw)}
            )
        )
        text += f"{raw}\n"
    # A field takes the statement met first, as the readers do.
    fields = {name: value for name, value, _ in reversed(figures)}
    return ParsedRecord(
        layout=layout,
        title=title,
        question=question,
        published_on=published_on,
        text=text,
        stated=StatedFacts.model_validate({**fields, "figures": tuple(places)}),
        claims=tuple(claims),
        references=tuple(listed),
    )


def claims_of(
    record: ParsedRecord,
    duplicates: Mapping[int, int] | None = None,
    kinds: Mapping[int, ClaimKind] | None = None,
    hedged: Sequence[int] = (),
) -> tuple[Claim, ...]:
    """The rows of a record as claims; `duplicates` maps an ordinal to the ordinal it repeats."""
    return tuple(
        Claim(
            claim_id=f"c{row.ordinal}",
            ordinal=row.ordinal,
            text=row.text,
            start=row.start,
            end=row.end,
            normalised=row.text,
            origin=ClaimOrigin.STATED,
            kind=(kinds or {}).get(row.ordinal, ClaimKind.EMPIRICAL),
            truncated=row.truncated,
            hedged=row.ordinal in hedged,
            quantities=tuple(_numbers(row.text)),
            duplicate_of=f"c{duplicates[row.ordinal]}" if duplicates and row.ordinal in duplicates else None,
            stated_verified=row.stated_verified,
            stated_confidence=row.stated_confidence,
        )
        for row in record.claims
    )


def _numbers(text: str) -> list[Quantity]:
    found = []
    for word in text.split():
        bare = word.strip(".,%")
        if bare.replace(".", "", 1).isdecimal():
            start = text.index(bare)
            found.append(Quantity(value=float(bare), text=bare, start=start, end=start + len(bare)))
    return found


def prose_claims(record: ParsedRecord, sentences: Sequence[str]) -> tuple[Claim, ...]:
    return tuple(
        claim_saying(words, ordinal, record.text.index(words), claim_id=f"p{ordinal}")
        for ordinal, words in enumerate(sentences, start=1)
    )


def verdict(claim: Claim, held: ClaimVerdict, source: str | None = "doi:10.1/a", conflict: bool = False) -> Verdict:
    stance = Stance.REFUTES if held is ClaimVerdict.REFUTED else Stance.SUPPORTS
    checked = held is not ClaimVerdict.NOT_CHECKED
    evidence = (
        (Evidence(passage_id="p", source_id=source, stance=stance, score=0.9, start=0, end=1, text="A"),)
        if source and held in (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED)
        else ()
    )
    return Verdict(
        claim_id=claim.claim_id,
        verdict=held,
        confidence=0.8 if checked else None,
        reason="written for a test",
        scope=EvidenceScope.RECORD if checked else EvidenceScope.NONE,
        conflict=conflict,
        evidence=evidence,
        verifier_version="test",
        backend="features",
    )
