"""The verdict on a claim: which sentences of which stored passages say it, deny it, or leave it open.

Owns the order in which sources are looked at, the way from stored passages to the sentences that a back end sees
and back, the evidence that is quoted, and the reason in words. Does not belong here: judging a source (the back
ends), the rule over several (`aggregation`). Text of a passage is only ever compared; nothing in it can instruct.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.models import (
    AxisOutcome,
    Claim,
    ClaimVerdict,
    Evidence,
    EvidenceScope,
    Passage,
    SourceVerdict,
    Stance,
    Verdict,
)
from pipelines.verification.aggregation import DECIDED, Overall, overall
from pipelines.verification.backend import Backend, Quote, Regime, SourceJudgement, SourceText
from pipelines.verification.corpus_search import FoundSource, is_searchable
from pipelines.verification.passage_sentences import sentence_spans
from pipelines.verification.sentence_features import Reached, SentenceFeatures

LEAST_SURE = 0.6  # a record's page says SUPPORTED or REFUTED where at least so many of like cases are right
MAX_QUOTED = 3  # sentences quoted for each side
MAX_SENTENCES = 5_000  # of one source that are read

_CUT_WORD = re.compile(r"\s*\S*$")
_OPEN = frozenset({ClaimVerdict.NOT_ENOUGH_INFO, ClaimVerdict.NOT_CHECKED})
_SIDES = {
    ClaimVerdict.SUPPORTED: (Stance.SUPPORTS,),
    ClaimVerdict.REFUTED: (Stance.REFUTES,),
    ClaimVerdict.DISPUTED: (Stance.SUPPORTS, Stance.REFUTES),
}


@dataclass(frozen=True)
class PreparedSource:
    """A source as the back ends see it, and where each of its sentences stands: (passage, start, end)."""

    text: SourceText
    places: tuple[tuple[Passage, int, int], ...]


@dataclass(frozen=True)
class PreparedPassages:
    """Passages cut into sentences once, for as many claims as are held against them; ordered by source id."""

    sources: tuple[PreparedSource, ...]


def prepare_passages(passages: Sequence[Passage], titles: Mapping[str, str] | None = None) -> PreparedPassages:
    """Cut passages into sentences. `titles` are by source id; order of passages changes nothing."""
    distinct = {(p.source_id, p.source_version_id, p.start, p.passage_id): p for p in passages}
    by_source: dict[str, list[Passage]] = {}
    for key in sorted(distinct):
        by_source.setdefault(distinct[key].source_id, []).append(distinct[key])
    return PreparedPassages(tuple(_prepared(s, held, (titles or {}).get(s, "")) for s, held in by_source.items()))


def _prepared(
    source_id: str, passages: Sequence[Passage], title: str, *, rank: int = 0, closeness: float = 1.0
) -> PreparedSource:
    places = [(p, start, end) for p in passages for start, end in sentence_spans(p.text)][:MAX_SENTENCES]
    sentences = tuple(p.text[start:end] for p, start, end in places)
    return PreparedSource(SourceText(source_id, title, sentences, rank, closeness), tuple(places))


def verify_claim(
    claim: Claim,
    passages: Sequence[Passage] | PreparedPassages,
    *,
    cited: frozenset[str],
    backend: Backend,
    absence: str = "no source text could be had",
) -> Reached:
    """The verdict on one claim against the passages of its record's sources, with the features it rests on.

    `passages` may be prepared once for many claims. `cited` are the source ids that the claim itself cites: they
    are looked at first, the others only if these leave it open. `absence` is the reason where there is no text.
    """
    prepared = passages if isinstance(passages, PreparedPassages) else prepare_passages(passages)
    filled = [one for one in prepared.sources if one.places]
    if not filled:
        return Reached(_not_checked(claim, absence, backend))
    own = [one for one in filled if one.text.source_id in cited]
    others = [one for one in filled if one.text.source_id not in cited]
    judged = _judge(claim, own, backend, Regime.GIVEN)
    if own and (overall(judged).verdict not in _OPEN or not others):
        notes = ["looked at: the sources that the claim cites"]
        return _reached(claim, own, judged, EvidenceScope.CITED, notes, backend)
    judged = (*judged, *_judge(claim, others, backend, Regime.GIVEN))
    return _reached(
        claim, [*own, *others], judged, EvidenceScope.RECORD, [_record_note(bool(own), bool(cited))], backend
    )


def _record_note(had_own: bool, cites: bool) -> str:
    if had_own:
        return "the cited sources do not decide it, so all sources of the record were looked at"
    if cites:
        return "no text of the sources that the claim cites could be had; looked at: the record's other sources"
    return "looked at: all sources of the record"


def goes_on(claim: Claim, verdict: Verdict) -> bool:
    """Whether the library is searched for the claim after its record's own sources gave this verdict."""
    return verdict.verdict in _OPEN and is_searchable(claim)


def verify_in_corpus(claim: Claim, found: Sequence[FoundSource], before: Reached, *, backend: Backend) -> Reached:
    """The verdict over works found by searching; where they decide nothing, what the record's own gave stands.

    A claim whose own sources could not be read stays NOT_CHECKED: other works that do not decide it say nothing
    about what those sources say.
    """
    prepared = [_prepared(f.source_id, f.passages, f.title, rank=f.rank, closeness=f.closeness) for f in found]
    filled = [one for one in prepared if one.places]
    judged = _judge(claim, filled, backend, Regime.SEARCHED)
    works = f"{len(found)} work{'' if len(found) == 1 else 's'} of the library, found by searching for the claim"
    reached = _reached(claim, filled, judged, EvidenceScope.CORPUS, [f"looked at: {works}"], backend)
    per_source = (*before.verdict.per_source, *reached.verdict.per_source)
    features = (*before.features, *reached.features)
    if reached.verdict.verdict in _OPEN:
        reason = f"{before.verdict.reason}; looked at besides: {works}; none decides it"
        kept = {"scope": EvidenceScope.CORPUS, "reason": reason, "per_source": per_source}
        return Reached(before.verdict.model_copy(update=kept), features)
    return Reached(reached.verdict.model_copy(update={"per_source": per_source}), features)


def _visible_words(claim: Claim) -> str:
    """What is verified: the claim on its own feet, without the last, possibly half, word if it was cut."""
    text = claim.standalone or claim.normalised or claim.text
    return _CUT_WORD.sub("", text.rstrip(" .…")) if claim.truncated else text


def _judge(
    claim: Claim, sources: Sequence[PreparedSource], backend: Backend, regime: Regime
) -> tuple[SourceJudgement, ...]:
    if not sources:
        return ()
    judged = backend.judge(_visible_words(claim), [one.text for one in sources], regime)
    return tuple(_strictly(one) for one in judged)


def _strictly(one: SourceJudgement) -> SourceJudgement:
    """A judgement as a record's page may state it.

    What is right too seldom is not stated; nor SUPPORTED where the sentence differs from the claim on an axis, nor
    REFUTED where it differs on none. The reason then says where the source leans.
    """
    objection = _objection(one)
    if objection is None:
        return one
    differs = any(axis.outcome is AxisOutcome.DIFFERS for axis in one.axes)
    return replace(
        one,
        verdict=ClaimVerdict.NOT_ENOUGH_INFO,
        confidence=one.probabilities.not_enough_info if one.probabilities else None,
        quotes=tuple(replace(quote, stance=Stance.NEUTRAL) for quote in one.quotes[:1]),
        reason=f"it leans towards {one.verdict.value}, but {objection}; {one.reason}",
        conflict=one.conflict or differs or one.verdict is ClaimVerdict.REFUTED,
    )


def _objection(one: SourceJudgement) -> str | None:
    if one.verdict not in DECIDED:
        return None
    differing = [axis for axis in one.axes if axis.outcome is AxisOutcome.DIFFERS]
    if differing and one.verdict is ClaimVerdict.SUPPORTED:
        return f"they differ in {differing[0].axis.value} ({differing[0].why})"
    if one.axes and not differing and one.verdict is ClaimVerdict.REFUTED:
        return "no plain difference can be shown"
    if one.confidence is not None and one.confidence < LEAST_SURE:
        return f"of a hundred like this only {round(100 * one.confidence)} are right, too few to say so"
    return None


# --- one verdict --------------------------------------------------------------------------------

Placed = tuple[SourceJudgement, Quote, Passage, int, int]


def _reached(
    claim: Claim,
    sources: Sequence[PreparedSource],
    judged: Sequence[SourceJudgement],
    scope: EvidenceScope,
    notes: Sequence[str],
    backend: Backend,
) -> Reached:
    whole = overall(judged)
    placed = _placed(sources, judged)
    evidence = _evidence(whole, placed)
    cut = ["the publisher cut the claim; only its visible words were checked"] if claim.truncated else []
    deciding = next((one for one in judged if one.source_id == whole.source_id), None)
    verdict = Verdict(
        claim_id=claim.claim_id,
        verdict=whole.verdict,
        confidence=whole.confidence,
        reason="; ".join([whole.reason, *notes, *cut]),
        scope=scope,
        conflict=whole.conflict,
        evidence=evidence,
        probabilities=whole.probabilities,
        per_source=tuple(_source_verdict(one) for one in judged),
        axes=deciding.axes if deciding and evidence else (),
        verifier_version=backend.version,
        backend=backend.name,
    )
    return Reached(verdict, tuple(_features(*one) for one in placed))


def _placed(sources: Sequence[PreparedSource], judged: Sequence[SourceJudgement]) -> list[Placed]:
    """Every quote with where it stands; of one sentence that two sources share word for word, both."""
    places = {one.text.source_id: one.places for one in sources}
    return [(one, quote, *places[one.source_id][quote.sentence]) for one in judged for quote in one.quotes]


def _evidence(whole: Overall, placed: Sequence[Placed]) -> tuple[Evidence, ...]:
    """At most three sentences a side, the deciding side first; the nearest one where nothing was decided."""
    if whole.verdict in _OPEN:
        nearest = [one for one in placed if one[0].source_id == whole.source_id]
        return tuple(_quoted(*one) for one in sorted(nearest, key=_rank)[:1])
    sides = _SIDES[whole.verdict]
    rest = tuple(side for side in (Stance.SUPPORTS, Stance.REFUTES) if side not in sides)
    shown: list[Placed] = []
    for side in (*sides, *rest):
        held = [one for one in placed if one[1].stance is side and one[0].verdict in DECIDED]
        shown += sorted(held, key=_rank)[:MAX_QUOTED]
    return tuple(_quoted(*one) for one in shown)


def _rank(one: Placed) -> tuple[float, float, str, int]:
    judgement, quote, passage, start, _ = one
    return -(judgement.confidence or 0.0), -quote.score, passage.passage_id, start


def _quoted(judgement: SourceJudgement, quote: Quote, passage: Passage, start: int, end: int) -> Evidence:
    return Evidence(
        passage_id=passage.passage_id,
        source_id=judgement.source_id,
        stance=quote.stance,
        score=round(quote.score, 4),
        start=start,
        end=end,
        text=passage.text[start:end],
        why=quote.why,
    )


def _features(judgement: SourceJudgement, quote: Quote, passage: Passage, start: int, end: int) -> SentenceFeatures:
    return SentenceFeatures(
        passage_id=passage.passage_id,
        source_id=judgement.source_id,
        start=start,
        end=end,
        stance=quote.stance,
        score=round(quote.score, 4),
        features=quote.features,
    )


def _source_verdict(one: SourceJudgement) -> SourceVerdict:
    return SourceVerdict(
        source_id=one.source_id,
        verdict=one.verdict,
        confidence=one.confidence,
        probabilities=one.probabilities,
        conflict=one.conflict,
        reason=one.reason,
    )


def _not_checked(claim: Claim, absence: str, backend: Backend) -> Verdict:
    return Verdict(
        claim_id=claim.claim_id,
        verdict=ClaimVerdict.NOT_CHECKED,
        confidence=None,
        reason=absence,
        scope=EvidenceScope.NONE,
        verifier_version=backend.version,
        backend=backend.name,
    )
