"""The verdict on a claim: which sentences of which sources say it, deny it, or leave it open.

Owns how stances become a verdict over one source and over many, the evidence that is quoted, and the
reason in words. Does not belong here: the stance of one sentence (`stance`), fetching of sources.
Text of a passage is only ever compared; nothing in it can instruct.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.models import Claim, ClaimVerdict, Evidence, EvidenceScope, Passage, Stance, Verdict
from pipelines.verification.calibration import CalibrationTable, load_calibration
from pipelines.verification.lexicon import load_lexicon
from pipelines.verification.reading import read
from pipelines.verification.stance import SETTINGS, Judgement, Settings, WeighedClaim, judge, weigh
from pipelines.verification.terms import TermStatistics
from pipelines.verification.windows import PreparedPassages, Window, prepare_passages

__all__ = ["SETTINGS", "VERIFIER_VERSION", "Settings", "prepare_passages", "verify_claim"]

VERIFIER_VERSION = "lexical-2026.11.3"
MAX_QUOTED = 3  # sentences quoted for each side

_CUT_WORD = re.compile(r"\s*\S*$")


@dataclass(frozen=True)
class SourceFinding:
    """What one source says: its best sentences for and against, and whether one side prevails."""

    source_id: str
    supports: tuple[Judgement, ...]
    refutes: tuple[Judgement, ...]
    neutral: tuple[Judgement, ...]
    side: Stance
    conflict: bool

    def best(self, side: Stance) -> float:
        held = self.supports if side is Stance.SUPPORTS else self.refutes
        return held[0].score if held else 0.0


@dataclass(frozen=True)
class Outcome:
    verdict: ClaimVerdict
    score: float
    conflict: bool
    why: str


def _visible_words(claim: Claim) -> str:
    """The claim's words; without the last, possibly half, word if the publisher cut the claim."""
    text = claim.normalised or claim.text
    if not claim.truncated:
        return text
    return _CUT_WORD.sub("", text.rstrip(" .…"))


def _rank(judgement: Judgement) -> tuple[float, int, str, int, str]:
    window = judgement.window
    return (
        -judgement.score,
        window.sentences,
        window.passage.source_id,
        window.start,
        window.passage.passage_id,
    )


def _apart(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The best judgements whose stretches of text do not overlap."""
    kept: list[Judgement] = []
    for new in sorted(judgements, key=_rank):
        overlaps = any(
            new.window.passage.passage_id == old.window.passage.passage_id
            and new.window.start < old.window.end
            and old.window.start < new.window.end
            for old in kept
        )
        if not overlaps and len(kept) < MAX_QUOTED:
            kept.append(new)
    return tuple(kept)


def _is_same_text(claim: WeighedClaim, window: Window) -> bool:
    return claim.reading.words == window.reading.words


def _judged(claim: WeighedClaim, window: Window, prepared: PreparedPassages, settings: Settings) -> Judgement:
    if claim.reading.words and _is_same_text(claim, window):
        return Judgement(window, Stance.SUPPORTS, 1.0, "says it in the same words", False, ())
    return judge(claim, window, prepared, settings)


def _source_finding(
    claim: WeighedClaim,
    source_id: str,
    windows: Sequence[Window],
    prepared: PreparedPassages,
    settings: Settings,
) -> SourceFinding:
    """Judge the windows of one source that cover most of the claim; pairs only if no sentence decides."""
    scored = [(claim.coverage(w.concepts), w) for w in windows]
    ranked = sorted(
        ((s, w) for s, w in scored if s >= settings.nearest_coverage or _is_same_text(claim, w)),
        key=lambda x: (-x[0], x[1].sentences, x[1].start, x[1].passage.passage_id),
    )
    judged: list[Judgement] = []
    for size in (1, 2):
        near = [w for _, w in ranked if w.sentences == size][: settings.looked_at]
        judged += [_judged(claim, w, prepared, settings) for w in near]
        if any(j.stance is not Stance.NEUTRAL for j in judged):
            break
    supports = _apart(j for j in judged if j.stance is Stance.SUPPORTS)
    refutes = _apart(j for j in judged if j.stance is Stance.REFUTES)
    neutral = _apart(j for j in judged if j.stance is Stance.NEUTRAL)
    side, conflict = _side(supports, refutes, settings)
    doubt = max((j.score for j in judged if j.speaks_against), default=0.0)
    if side is Stance.SUPPORTS and doubt and supports[0].score - doubt < settings.decides_by:
        # A sentence of the same source that covers as much speaks against it.
        side, conflict = Stance.NEUTRAL, True
    conflict = conflict or (side is Stance.NEUTRAL and any(j.speaks_against for j in judged))
    return SourceFinding(source_id, supports, refutes, neutral, side, conflict)


def _side(supports: tuple[Judgement, ...], refutes: tuple[Judgement, ...], settings: Settings) -> tuple[Stance, bool]:
    """Which side prevails inside one source; both near each other means neither."""
    if not supports and not refutes:
        return Stance.NEUTRAL, False
    if not refutes:
        return Stance.SUPPORTS, False
    if not supports:
        return Stance.REFUTES, False
    lead = supports[0].score - refutes[0].score
    if abs(lead) < settings.decides_by:
        return Stance.NEUTRAL, True
    return (Stance.SUPPORTS if lead > 0 else Stance.REFUTES), True


def _findings(claim: WeighedClaim, prepared: PreparedPassages, settings: Settings) -> tuple[SourceFinding, ...]:
    by_source: dict[str, list[Window]] = {}
    for window in prepared.windows:
        by_source.setdefault(window.passage.source_id, []).append(window)
    return tuple(
        _source_finding(claim, source_id, by_source[source_id], prepared, settings) for source_id in sorted(by_source)
    )


def _outcome(findings: tuple[SourceFinding, ...], settings: Settings) -> Outcome:
    """The rule over several sources: one side alone decides; a clear one on each side is a dispute."""
    support = max((f.best(Stance.SUPPORTS) for f in findings if f.side is Stance.SUPPORTS), default=0.0)
    refute = max((f.best(Stance.REFUTES) for f in findings if f.side is Stance.REFUTES), default=0.0)
    conflict = any(f.conflict for f in findings)
    if support and refute:
        lead = support - refute
        if abs(lead) < settings.dispute_within:
            why = "one source says it and another says otherwise"
            return Outcome(ClaimVerdict.DISPUTED, min(support, refute), True, why)
        conflict = True
        support, refute = (support, 0.0) if lead > 0 else (0.0, refute)
    if support:
        return Outcome(ClaimVerdict.SUPPORTED, support, conflict, "a source says it")
    if refute:
        return Outcome(ClaimVerdict.REFUTED, refute, conflict, "a source says otherwise")
    nearest = max((j.score for f in findings for j in (*f.neutral, *f.supports, *f.refutes)), default=0.0)
    why = "the source speaks on both sides" if conflict else "no sentence of the sources says it or denies it"
    return Outcome(ClaimVerdict.NOT_ENOUGH_INFO, nearest, conflict, why)


def _evidence(findings: tuple[SourceFinding, ...], verdict: ClaimVerdict) -> tuple[Evidence, ...]:
    """The quoted sentences: at most three a side, and the nearest one when nothing was decided."""
    is_open = verdict is ClaimVerdict.NOT_ENOUGH_INFO
    first = Stance.REFUTES if verdict is ClaimVerdict.REFUTED else Stance.SUPPORTS
    supports = _apart(j for f in findings for j in f.supports)
    refutes = _apart(j for f in findings for j in f.refutes)
    neutral = _apart(j for f in findings for j in f.neutral)
    shown = sorted([*supports, *refutes], key=lambda j: (j.stance is not first, _rank(j)))
    if is_open and not shown:
        against = tuple(j for j in neutral if j.speaks_against)
        shown = list((against or neutral)[:1])
    return tuple(
        Evidence(
            passage_id=j.window.passage.passage_id,
            source_id=j.window.passage.source_id,
            stance=j.stance,
            score=round(j.score, 4),
            start=j.window.start,
            end=j.window.end,
            text=j.window.text,
            why=j.why,
        )
        for j in shown
    )


def _reason(outcome: Outcome, evidence: tuple[Evidence, ...], notes: Sequence[str]) -> str:
    decided = outcome.verdict is not ClaimVerdict.NOT_ENOUGH_INFO
    wanted = {ClaimVerdict.SUPPORTED: Stance.SUPPORTS, ClaimVerdict.REFUTED: Stance.REFUTES}
    side = wanted.get(outcome.verdict)
    telling = [e for e in evidence if side is None or e.stance is side]
    first = f"{outcome.why}: {telling[0].why}" if telling and telling[0].why else outcome.why
    if not decided and outcome.conflict:
        first += " (something speaks against the claim, but not clearly enough to refute it)"
    return "; ".join([first, *notes])


def _not_checked(claim: Claim, absence: str) -> Verdict:
    return Verdict(
        claim_id=claim.claim_id,
        verdict=ClaimVerdict.NOT_CHECKED,
        confidence=None,
        reason=absence,
        scope=EvidenceScope.NONE,
        verifier_version=VERIFIER_VERSION,
        backend="lexical",
    )


def _scoped(
    weighed: WeighedClaim, prepared: PreparedPassages, cited: frozenset[str], settings: Settings
) -> tuple[tuple[SourceFinding, ...], Outcome, EvidenceScope, list[str]]:
    """Cited sources first; if they do not decide, all sources of the record."""
    findings = _findings(weighed, prepared, settings)
    own = tuple(f for f in findings if f.source_id in cited)
    if own:
        outcome = _outcome(own, settings)
        if outcome.verdict is not ClaimVerdict.NOT_ENOUGH_INFO or len(own) == len(findings):
            return own, outcome, EvidenceScope.CITED, ["looked at: the sources that the claim cites"]
        note = "the cited sources do not decide it, so all sources of the record were looked at"
        return findings, _outcome(findings, settings), EvidenceScope.RECORD, [note]
    note = "looked at: all sources of the record"
    if cited:
        note = "no text of the sources that the claim cites could be had; looked at: the record's other sources"
    return findings, _outcome(findings, settings), EvidenceScope.RECORD, [note]


def verify_claim(
    claim: Claim,
    passages: Sequence[Passage] | PreparedPassages,
    *,
    cited: frozenset[str],
    terms: TermStatistics,
    absence: str = "no source text could be had",
    settings: Settings = SETTINGS,
    calibration: CalibrationTable | None = None,
) -> Verdict:
    """The verdict on one claim against the passages of its record's sources.

    `passages` may be prepared once for many claims (`prepare_passages`). `cited` are the source ids
    that the claim itself cites. `absence` is the reason given when there is no passage to look at.
    Order of passages, case and white space change nothing.
    """
    prepared = passages if isinstance(passages, PreparedPassages) else prepare_passages(passages, terms)
    if not prepared.windows:
        return _not_checked(claim, absence)
    weighed = weigh(read(_visible_words(claim), load_lexicon()), terms, settings)
    findings, outcome, scope, notes = _scoped(weighed, prepared, cited, settings)
    if claim.truncated:
        notes.append("the publisher cut the claim; only its visible words were checked")
    evidence = _evidence(findings, outcome.verdict)
    table = calibration or load_calibration()
    return Verdict(
        claim_id=claim.claim_id,
        verdict=outcome.verdict,
        confidence=table.confidence(outcome.verdict, outcome.score),
        reason=_reason(outcome, evidence, notes),
        scope=scope,
        conflict=outcome.conflict,
        evidence=evidence,
        verifier_version=VERIFIER_VERSION,
        backend="lexical",
    )
