"""Which sources are looked at for a verdict, in what order, and where what they say is quoted from.

The back end here reads marks: a sentence with "yes" supports any claim, one with "no" refutes it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import (
    Axis,
    AxisJudgement,
    AxisOutcome,
    Claim,
    ClaimKind,
    ClaimOrigin,
    ClaimVerdict,
    EvidenceScope,
    Passage,
    Probabilities,
    Stance,
)
from pipelines.verification.backend import Quote, Regime, SourceJudgement, SourceText
from pipelines.verification.corpus_search import FoundSource
from pipelines.verification.sentence_features import Reached
from pipelines.verification.verdict import goes_on, prepare_passages, verify_claim, verify_in_corpus

SUPPORTED, REFUTED, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO
SIDES = {"yes": (SUPPORTED, Stance.SUPPORTS), "no": (REFUTED, Stance.REFUTES)}


class Marks:
    """Decides by the marks of the sentences; `asked` is what it was asked, `seen` the claims that it saw."""

    name, version = "marks", "1"

    def __init__(self) -> None:
        self.asked: list[tuple[str, Regime]] = []
        self.seen: set[str] = set()
        self.ranks: dict[str, tuple[int, float]] = {}

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        self.seen.add(claim)
        self.asked += [(one.source_id, regime) for one in sources]
        self.ranks |= {one.source_id: (one.rank, one.closeness) for one in sources}
        return tuple(self._judged(one) for one in sources)

    def _judged(self, source: SourceText) -> SourceJudgement:
        words = [set(sentence.strip(".").split()) for sentence in source.sentences]
        if any("broken" in held for held in words):
            reason = "the service did not answer"
            return SourceJudgement(source.source_id, ClaimVerdict.NOT_CHECKED, None, None, (), reason)
        for mark, (verdict, stance) in SIDES.items():
            at = [i for i, held in enumerate(words) if mark in held]
            if at:
                quotes = tuple(Quote(i, stance, 0.9 - n / 100, mark, {"place": i}) for n, i in enumerate(at))
                share = Probabilities(
                    supported=0.9 * (mark == "yes"), refuted=0.9 * (mark == "no"), not_enough_info=0.1
                )
                outcome = AxisOutcome.DIFFERS if mark == "no" else AxisOutcome.AGREES
                axes = (AxisJudgement(axis=Axis.RELATION, outcome=outcome, why=mark),)
                return SourceJudgement(source.source_id, verdict, 0.9, share, quotes, f"it says {mark}", axes=axes)
        share = Probabilities(supported=0.1, refuted=0.1, not_enough_info=0.8)
        nearest = (Quote(0, Stance.NEUTRAL, 0.1, None, {"place": 0}),)
        return SourceJudgement(source.source_id, OPEN, 0.8, share, nearest, "it says neither")


def claim(text: str = "Shaded beds lose less water.", **fields: object) -> Claim:
    held: dict[str, object] = {
        "claim_id": "c1", "ordinal": 1, "text": text, "start": 0, "end": len(text), "normalised": text,
        "origin": ClaimOrigin.STATED, "kind": ClaimKind.EMPIRICAL,
    }  # fmt: skip
    return Claim.model_validate(held | fields)


def passage(source: str, text: str, ordinal: int = 0) -> Passage:
    return Passage(
        passage_id=f"{source}#{ordinal}", source_id=source, source_version_id=f"{source}@1", ordinal=ordinal,
        start=ordinal * 100, end=ordinal * 100 + len(text), text=text,
    )  # fmt: skip


def reached(
    passages: Sequence[Passage], *cited: str, backend: Marks | None = None, of: Claim | None = None, absence: str = "-"
) -> Reached:
    return verify_claim(of or claim(), passages, cited=frozenset(cited), backend=backend or Marks(), absence=absence)


def found(source: str, text: str, rank: int = 0) -> FoundSource:
    return FoundSource(source, f"title of {source}", (passage(source, text),), rank, 1.0 / (rank + 1))


# --- which sources are looked at ----------------------------------------------------------------


def test_the_others_are_not_even_asked_where_the_cited_source_decides() -> None:
    backend = Marks()
    held = reached([passage("a", "yes."), passage("b", "no.")], "a", backend=backend).verdict
    assert backend.asked == [("a", Regime.GIVEN)]
    assert (held.verdict, held.scope) == (SUPPORTED, EvidenceScope.CITED)
    assert "the sources that the claim cites" in held.reason


def test_the_others_are_asked_where_the_cited_source_leaves_it_open() -> None:
    backend = Marks()
    held = reached([passage("a", "maybe."), passage("b", "no.")], "a", backend=backend).verdict
    assert backend.asked == [("a", Regime.GIVEN), ("b", Regime.GIVEN)]
    assert (held.verdict, held.scope) == (REFUTED, EvidenceScope.RECORD)
    assert "cited sources do not decide" in held.reason
    assert [one.source_id for one in held.per_source] == ["a", "b"]


def test_the_cited_sources_alone_are_the_scope_where_the_record_has_no_others() -> None:
    held = reached([passage("a", "maybe.")], "a").verdict
    assert (held.verdict, held.scope) == (OPEN, EvidenceScope.CITED)


def test_a_cited_source_without_text_is_said_so() -> None:
    held = reached([passage("b", "yes.")], "a").verdict
    assert held.scope is EvidenceScope.RECORD
    assert "no text of the sources that the claim cites" in held.reason


def test_without_citations_all_sources_of_the_record_are_looked_at_at_once() -> None:
    held = reached([passage("a", "maybe."), passage("b", "yes.")]).verdict
    assert (held.verdict, held.scope) == (SUPPORTED, EvidenceScope.RECORD)
    assert held.reason.endswith("looked at: all sources of the record")


@pytest.mark.parametrize("passages", [[], [passage("a", "  \n ")]], ids=["no passage", "only white space"])
def test_without_text_nothing_is_asked_and_the_reason_is_the_callers(passages: list[Passage]) -> None:
    backend = Marks()
    held = reached(passages, "a", backend=backend, absence="the source is paywalled")
    assert backend.asked == []
    assert held.features == ()
    assert (held.verdict.verdict, held.verdict.reason) == (ClaimVerdict.NOT_CHECKED, "the source is paywalled")
    assert (held.verdict.confidence, held.verdict.scope) == (None, EvidenceScope.NONE)


def test_where_every_judgement_failed_the_reasons_are_given() -> None:
    held = reached([passage("a", "broken."), passage("b", "broken.")], "a").verdict
    assert held.verdict is ClaimVerdict.NOT_CHECKED
    assert held.confidence is None
    assert "the service did not answer" in held.reason
    assert held.evidence == ()


def test_one_failed_judgement_does_not_hide_what_another_source_says() -> None:
    held = reached([passage("a", "broken."), passage("b", "yes.")]).verdict
    assert held.verdict is SUPPORTED
    assert {one.source_id: one.verdict for one in held.per_source} == {
        "a": ClaimVerdict.NOT_CHECKED,
        "b": SUPPORTED,
    }


def test_the_claim_is_read_on_its_own_feet_and_a_cut_one_without_its_last_word() -> None:
    backend = Marks()
    reached([passage("a", "yes.")], backend=backend, of=claim("They lose less.", standalone="Beds lose less."))
    reached([passage("a", "yes.")], backend=backend, of=claim("Beds lose less wat", truncated=True))
    assert backend.seen == {"Beds lose less.", "Beds lose less"}


# --- what is quoted -----------------------------------------------------------------------------


def test_a_quote_stands_where_it_says_in_the_passage_that_it_names() -> None:
    first, second = (
        passage("a", "Rain fell. Maybe not.", 0),
        passage("a", " Snow fell.  And yes, it thawed yes. End.", 1),
    )
    (quoted,) = reached([second, first]).verdict.evidence
    assert quoted.passage_id == second.passage_id
    assert quoted.text == "And yes, it thawed yes." == second.text[quoted.start : quoted.end]


def test_a_passage_given_twice_is_read_once() -> None:
    one = passage("a", "Rain fell. yes.")
    assert reached([one, one]) == reached([one])


def test_at_most_three_sentences_a_side_are_quoted_the_best_first() -> None:
    held = reached([passage("a", "yes 0. yes 1. yes 2. yes 3. yes 4."), passage("b", "yes 5. yes 6.")]).verdict
    assert len(held.evidence) == 3
    assert [one.score for one in held.evidence] == sorted((one.score for one in held.evidence), reverse=True)


def test_a_dispute_quotes_both_sides_and_has_no_confidence() -> None:
    sources = [passage("a", "Rain. yes 1. yes 2. yes 3. yes 4."), passage("b", "no 1. no 2.")]
    held = reached(sources).verdict
    assert (held.verdict, held.confidence, held.conflict) == (ClaimVerdict.DISPUTED, None, True)
    assert [(one.source_id, one.stance) for one in held.evidence] == [
        *[("a", Stance.SUPPORTS)] * 3,
        *[("b", Stance.REFUTES)] * 2,
    ]


def test_the_axes_are_of_the_source_that_decides() -> None:
    held = reached([passage("a", "maybe."), passage("b", "no.")]).verdict
    assert [one.why for one in held.axes] == ["no"]


def test_an_open_claim_shows_the_one_nearest_sentence() -> None:
    held = reached([passage("a", "Rain fell. Snow fell.")]).verdict
    assert [(one.text, one.stance) for one in held.evidence] == [("Rain fell.", Stance.NEUTRAL)]


def test_each_quoted_sentence_has_its_features_and_its_place() -> None:
    text = "Rain fell. yes 1. yes 2."
    held = reached([passage("a", text)])
    assert [(text[one.start : one.end], one.features["place"]) for one in held.features] == [
        ("yes 1.", 1),
        ("yes 2.", 2),
    ]


@given(st.permutations([("a", "yes.", 0), ("a", "Rain fell.", 1), ("b", "no.", 0), ("c", "Snow. maybe.", 0)]))
def test_the_order_of_passages_changes_nothing(order: list[tuple[str, str, int]]) -> None:
    shuffled = [passage(source, text, ordinal) for source, text, ordinal in order]
    assert reached(shuffled, "c") == reached(sorted(shuffled, key=lambda one: one.passage_id), "c")


def test_passages_prepared_once_give_the_same() -> None:
    passages = [passage("b", "no."), passage("a", "yes. maybe.")]
    prepared = prepare_passages(passages, {"a": "A title"})
    assert verify_claim(claim(), prepared, cited=frozenset(), backend=Marks()) == reached(passages)
    assert [one.text.title for one in prepared.sources] == ["A title", ""]


# --- the library --------------------------------------------------------------------------------


def test_a_work_of_the_library_decides_what_the_records_own_sources_left_open() -> None:
    before = reached([passage("a", "maybe.")], "a")
    backend = Marks()
    after = verify_in_corpus(claim(), [found("x", "Rain. yes."), found("y", "maybe.", 1)], before, backend=backend)
    held = after.verdict
    assert (held.verdict, held.scope) == (SUPPORTED, EvidenceScope.CORPUS)
    assert backend.asked == [("x", Regime.SEARCHED), ("y", Regime.SEARCHED)]
    assert backend.ranks == {"x": (0, 1.0), "y": (1, 0.5)}
    assert [one.source_id for one in held.per_source] == ["a", "x", "y"]
    assert [one.source_id for one in held.evidence] == ["x"]
    assert "2 works of the library" in held.reason
    assert [one.source_id for one in after.features] == ["a", "x", "y"]


def test_works_that_decide_nothing_leave_the_verdict_with_both_accounts_of_it() -> None:
    before = reached([passage("a", "maybe.")], "a")
    held = verify_in_corpus(claim(), [found("x", "Snow fell.")], before, backend=Marks()).verdict
    assert (held.verdict, held.confidence, held.evidence) == (OPEN, before.verdict.confidence, before.verdict.evidence)
    assert held.scope is EvidenceScope.CORPUS
    assert before.verdict.reason in held.reason
    assert held.reason.endswith("1 work of the library, found by searching for the claim; none decides it")
    assert [one.source_id for one in held.per_source] == ["a", "x"]


@pytest.mark.parametrize("works", [[], [found("x", "maybe.")]], ids=["nothing found", "nothing decided"])
def test_what_could_not_be_read_is_not_made_undecided_by_other_works(works: list[FoundSource]) -> None:
    before = reached([], "a", absence="the source is paywalled")
    held = verify_in_corpus(claim(), works, before, backend=Marks()).verdict
    assert held.verdict is ClaimVerdict.NOT_CHECKED
    assert "the source is paywalled" in held.reason


@pytest.mark.parametrize(
    ("text", "kind", "goes"),
    [("yes.", ClaimKind.EMPIRICAL, False), ("maybe.", ClaimKind.EMPIRICAL, True), ("", ClaimKind.EMPIRICAL, True),
     ("maybe.", ClaimKind.SELF_DESCRIPTION, False)],
    ids=["decided", "open", "not checked", "of the record itself"],
)  # fmt: skip
def test_the_library_is_searched_for_what_is_open_and_could_be_found(text: str, kind: ClaimKind, goes: bool) -> None:
    one = claim(kind=kind)
    assert goes_on(one, reached([passage("a", text)], of=one).verdict) is goes
