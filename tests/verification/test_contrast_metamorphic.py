"""The metamorphic set: what it asks, that it is the same each time, how answers are counted."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.metamorphic import KINDS, Score, metamorphic_cases, scores_of, table_of, unseen_abstracts
from pipelines.models import ClaimVerdict
from pipelines.verification.backend import Regime, SourceJudgement, SourceText
from pipelines.verification.contrast.rewriting import RewriteKind
from pipelines.verification.contrast.rows import Abstract
from pipelines.verification.contrast.withheld import is_withheld

KEPT = (RewriteKind.VERBATIM, RewriteKind.PARAPHRASE)
ABSTRACTS = [
    Abstract(
        "made:bridge",
        "made",
        "Wooden bridges in wet valleys",
        (
            "Wooden bridges rot in wet valleys.",
            "Tar was shown to reduce the rot of oak planks.",
            "Rot was more frequent in spruce than in oak.",
            "The tar did not change the weight of the planks.",
            "Each plank lost 36 g in the first winter.",
            "The loss was highest in the spring.",
        ),
    ),
    Abstract(
        "made:bakery",
        "made",
        "Slow doughs",
        (
            "A slow dough is associated with a higher acid content.",
            "Cold storage increases the rise of the dough.",
            "Rye doughs were heavier than wheat doughs.",
            "In addition, our results show that salt slows the growth of the yeast.",
            "There was no significant difference in taste between the loaves.",
            "The crust was 4.5 mm thick on average.",
        ),
    ),
]


class Scripted:
    """Answers every claim alike."""

    name = "scripted"
    version = "1"

    def __init__(self, verdict: ClaimVerdict) -> None:
        self.verdict = verdict
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        self.asked += [(claim, s.sentences) for s in sources]
        return tuple(SourceJudgement(s.source_id, self.verdict, None, None, (), "scripted") for s in sources)


def test_every_kind_is_asked_of_texts_that_hold_it() -> None:
    cases = metamorphic_cases(ABSTRACTS, random.Random(1), per_kind=2)
    assert {c.kind for c in cases} == set(KINDS)
    assert max(Counter(c.kind for c in cases).values()) == 2


def test_a_kept_statement_is_expected_supported_and_a_contrary_one_refuted() -> None:
    for case in metamorphic_cases(ABSTRACTS, random.Random(1), per_kind=2):
        expected = ClaimVerdict.SUPPORTED if case.kind in KEPT else ClaimVerdict.REFUTED
        assert case.expected is expected
        assert case.origin in case.source.sentences
        assert (case.claim in case.source.sentences) is (case.kind is RewriteKind.VERBATIM)


def test_the_set_does_not_hang_on_the_order_of_the_corpus() -> None:
    forward = metamorphic_cases(ABSTRACTS, random.Random(7), per_kind=1)
    backward = metamorphic_cases(reversed(ABSTRACTS), random.Random(7), per_kind=1)
    assert forward == backward


@pytest.mark.parametrize(
    ("verdict", "kept", "contrary", "false_support"),
    [
        (ClaimVerdict.SUPPORTED, 1.0, 0.0, True),
        (ClaimVerdict.REFUTED, 0.0, 1.0, False),
        (ClaimVerdict.NOT_ENOUGH_INFO, 0.0, 0.0, False),
    ],
)
def test_answers_are_counted_by_kind(verdict: ClaimVerdict, kept: float, contrary: float, false_support: bool) -> None:
    cases = metamorphic_cases(ABSTRACTS, random.Random(1), per_kind=2)
    backend = Scripted(verdict)
    for score in scores_of(backend, cases):
        assert score.share == (kept if score.kind in KEPT else contrary)
        assert (score.supported > 0) is (false_support and score.kind not in KEPT)
    assert {sentences for _, sentences in backend.asked} == {a.sentences for a in ABSTRACTS}


def test_the_table_names_every_kind_and_its_threshold() -> None:
    cases = metamorphic_cases(ABSTRACTS, random.Random(1), per_kind=1)
    table = table_of(scores_of(Scripted(ClaimVerdict.REFUTED), cases))
    lines = table.splitlines()
    assert len(lines) == 1 + len(KINDS)
    assert [line.split()[0] for line in lines[1:]] == [k.value for k in KINDS]


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = Score(RewriteKind.VERBATIM, 100, 90, 90).interval or (0.0, 0.0)
    assert (round(low, 3), round(high, 3)) == (0.826, 0.945)
    assert Score(RewriteKind.VERBATIM, 0, 0, 0).interval is None


def test_only_withheld_abstracts_that_no_claim_cites_are_unseen(tmp_path: Path) -> None:
    corpus, claims = tmp_path / "corpus.jsonl", tmp_path / "claims.jsonl"
    rows = [{"doc_id": i, "title": "", "abstract": ["One sentence."]} for i in range(60)]
    corpus.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    withheld = [i for i in range(60) if is_withheld(str(i))]
    claims.write_text(json.dumps({"cited_doc_ids": withheld[:2]}), encoding="utf-8")
    found = [d.doc_id.rpartition(":")[2] for d in unseen_abstracts(corpus, claims)]
    assert found == [str(i) for i in withheld[2:]]
    assert len(withheld) > 4
