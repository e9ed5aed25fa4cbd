"""Verdicts of the `onnx` back end, with a network whose shares can be computed by hand.

Each text is neutral by 3 to begin with; its words add: `yes` 5 to entailment, `no` 6 to contradiction, `half` 2 to
entailment. `broken` is not a number.
"""

from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.models import ClaimVerdict, Stance
from pipelines.verification.backend import Backend, Regime, SourceJudgement, SourceText
from pipelines.verification.nli_onnx import METHOD, OnnxBackend, OnnxSettings, Premise, load_onnx_backend, source_shares
from tests.onnx_folders import write_json, write_network, write_tokenizer

pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")
pytest.importorskip("tokenizers", reason="the extra onnx is not installed")
pytest.importorskip("onnx", reason="networks of these tests are made with the package onnx")

SUPPORTED, REFUTED, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO
WEIGHTS = {
    "yes": (5.0, 0.0, 0.0),
    "no": (0.0, 0.0, 6.0),
    "half": (2.0, 0.0, 0.0),
    "stone": (0.0, 0.0, 0.0),
    "broken": (float("nan"), 0.0, 0.0),
}
BIAS = {"[CLS]": (0.0, 3.0, 0.0)}
CLAIM = "stone stone"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model")
    write_tokenizer(path, tuple(WEIGHTS))
    write_network(path, {**BIAS, **WEIGHTS})
    write_json(path, "config.json", {"id2label": {"0": "entailment", "1": "neutral", "2": "contradiction"}})
    return path


@pytest.fixture(scope="module")
def backend(folder: Path) -> OnnxBackend:
    return load_onnx_backend(folder)


def source(*sentences: str, name: str = "doi:10.1/a") -> SourceText:
    return SourceText(name, "", sentences)


def judged(backend: Backend, *sentences: str, claim: str = CLAIM, regime: Regime = Regime.GIVEN) -> SourceJudgement:
    (found,) = backend.judge(claim, [source(*sentences)], regime)
    return found


def share(entailment: float, neutral: float, contradiction: float) -> list[float]:
    raised = [math.exp(value) for value in (entailment, neutral, contradiction)]
    return [value / sum(raised) for value in raised]


def test_a_sentence_that_entails_the_claim_supports_it_and_is_quoted(backend: OnnxBackend) -> None:
    found = judged(backend, "stone", "stone yes", "stone stone")
    assert found.verdict is SUPPORTED
    assert [(q.sentence, q.stance) for q in found.quotes] == [(1, Stance.SUPPORTS)]
    assert found.quotes[0].score == pytest.approx(share(5, 3, 0)[0], abs=1e-5)
    assert found.quotes[0].features["entailment"] == pytest.approx(share(5, 3, 0)[0], abs=1e-5)
    assert "sentence 2 entails it (0.88)" in found.reason


def test_a_sentence_that_contradicts_the_claim_refutes_it(backend: OnnxBackend) -> None:
    found = judged(backend, "stone no", "stone")
    assert found.verdict is REFUTED
    assert [(q.sentence, q.stance) for q in found.quotes] == [(0, Stance.REFUTES)]
    assert not found.conflict


def test_an_undecided_source_quotes_the_nearest_sentence_as_neutral(backend: OnnxBackend) -> None:
    found = judged(backend, "stone", "stone half", "stone")
    assert found.verdict is OPEN
    assert [(q.sentence, q.stance) for q in found.quotes] == [(1, Stance.NEUTRAL)]


def test_one_decided_premise_gives_the_source_its_own_shares(backend: OnnxBackend) -> None:
    found = judged(backend, "stone yes")
    assert found.probabilities is not None
    supported, open_, refuted = share(5, 3, 0)
    assert found.probabilities.supported == pytest.approx(supported, abs=1e-6)
    assert found.probabilities.not_enough_info == pytest.approx(open_, abs=1e-6)
    assert found.probabilities.refuted == pytest.approx(refuted, abs=1e-6)


def test_of_several_decided_premises_the_most_for_and_the_most_against_count() -> None:
    premises = [Premise((0,), (0.7, 0.2, 0.1)), Premise((1,), (0.1, 0.1, 0.8)), Premise((2,), (0.05, 0.9, 0.05))]
    found = source_shares(premises)
    assert (found.supported, found.refuted, found.not_enough_info) == pytest.approx((0.7 / 1.6, 0.5, 0.1 / 1.6))


def test_two_neighbours_that_decide_only_together_are_quoted_together(backend: OnnxBackend) -> None:
    found = judged(backend, "stone", "half", "half", "stone")
    assert found.verdict is SUPPORTED
    assert sorted(q.sentence for q in found.quotes) == [1, 2]
    assert "sentences 2 and 3 together entail it (0.72)" in found.reason


def test_the_best_few_are_read_together_though_they_are_no_neighbours(backend: OnnxBackend) -> None:
    found = judged(backend, "half", "stone", "half", "stone", "half")
    assert found.verdict is SUPPORTED
    assert sorted(q.sentence for q in found.quotes) == [0, 2, 4]


def test_a_source_that_says_both_is_undecided_with_a_conflict_and_a_quote_from_each_side(backend: OnnxBackend) -> None:
    found = judged(backend, "yes", "stone", "stone", "stone", "no")
    assert found.conflict
    assert found.verdict is OPEN
    assert {(q.sentence, q.stance) for q in found.quotes} == {(0, Stance.SUPPORTS), (4, Stance.REFUTES)}


def test_unrelated_sentences_around_it_change_nothing(backend: OnnxBackend) -> None:
    alone = judged(backend, "stone yes")
    among = judged(backend, *["stone"] * 30, "stone yes", *["stone"] * 30)
    assert alone.probabilities is not None
    assert among.probabilities is not None
    assert among.verdict is alone.verdict
    assert among.probabilities.supported == pytest.approx(alone.probabilities.supported, abs=0.02)


def test_quotes_are_ordered_by_score_and_no_more_than_asked_for(folder: Path) -> None:
    backend = load_onnx_backend(folder, OnnxSettings(most_quotes=2))
    found = judged(backend, "yes", "yes yes", "stone", "yes half")
    assert [q.sentence for q in found.quotes] == [1, 3]


def test_without_calibration_no_confidence_is_given_and_the_reason_says_why(backend: OnnxBackend) -> None:
    found = judged(backend, "yes")
    assert found.confidence is None
    assert found.probabilities is not None
    assert "no confidence is stated, because this model was not calibrated" in found.reason
    assert "not proved against the framework" in found.reason


def test_a_calibrated_model_states_the_confidence_of_its_regime_and_only_of_that(folder: Path, tmp_path: Path) -> None:
    for name in ("model.onnx", "tokenizer.json", "config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    plain = load_onnx_backend(tmp_path)
    regime = {"sharpness": 0.5, "supported": -1.0, "refuted": 0.0, "cases": 200}
    sha256 = plain.model.network.model_sha256
    held = {"model_sha256": sha256, "method": METHOD, "made_on": "2026-11-21", "origin": "a test", "given": regime}
    write_json(tmp_path, "calibration.json", held)
    backend = load_onnx_backend(tmp_path)
    raw, found = judged(plain, "yes").probabilities, judged(backend, "yes", regime=Regime.GIVEN)
    assert raw is not None
    assert found.probabilities is not None
    weights = [raw.supported**0.5 * math.exp(-1), raw.refuted**0.5, raw.not_enough_info**0.5]
    assert found.probabilities.supported == pytest.approx(weights[0] / sum(weights), abs=1e-6)
    assert found.verdict is OPEN
    assert found.confidence == found.probabilities.not_enough_info
    searched = judged(backend, "yes", regime=Regime.SEARCHED)
    assert searched.verdict is SUPPORTED
    assert searched.confidence is None
    assert "not calibrated for sources searched" in searched.reason
    assert backend.version != plain.version


SENTENCE = st.lists(st.sampled_from(["yes", "no", "half", "stone"]), max_size=6).map(" ".join)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(SENTENCE, max_size=5), max_size=4))
def test_what_a_source_says_depends_on_it_alone(backend: OnnxBackend, texts: list[list[str]]) -> None:
    sources = [source(*sentences, name=f"s{place}") for place, sentences in enumerate(texts)]
    found = backend.judge(CLAIM, sources, Regime.GIVEN)
    assert found == tuple(backend.judge(CLAIM, [one], Regime.GIVEN)[0] for one in sources)
    for order in list(permutations(range(len(sources))))[:6]:
        assert backend.judge(CLAIM, [sources[n] for n in order], Regime.GIVEN) == tuple(found[n] for n in order)
    for one, text in zip(found, sources, strict=True):
        assert_keeps_the_contract(one, text)


def assert_keeps_the_contract(one: SourceJudgement, text: SourceText) -> None:
    stances = {SUPPORTED: Stance.SUPPORTS, REFUTED: Stance.REFUTES}
    assert one.source_id == text.source_id
    assert all(0 <= q.sentence < len(text.sentences) and 0 <= q.score <= 1 for q in one.quotes)
    assert [q.score for q in one.quotes] == sorted((q.score for q in one.quotes), reverse=True)
    if one.verdict is ClaimVerdict.NOT_CHECKED:
        assert not any(sentence.strip() for sentence in text.sentences)
        assert (one.confidence, one.probabilities, one.quotes) == (None, None, ())
    if one.verdict in stances:
        assert stances[one.verdict] in {q.stance for q in one.quotes}


@pytest.mark.parametrize("sentences", [(), ("", "  \n")])
def test_a_source_without_text_is_not_checked(backend: OnnxBackend, sentences: tuple[str, ...]) -> None:
    found = judged(backend, *sentences)
    assert (found.verdict, found.reason) == (ClaimVerdict.NOT_CHECKED, "no text of this source is held")


def test_a_source_on_which_the_network_fails_is_not_checked_and_the_others_are(backend: OnnxBackend) -> None:
    sources = [source("yes", name="a"), source("broken", "yes", name="b"), source("no", name="c")]
    found = backend.judge(CLAIM, sources, Regime.GIVEN)
    assert [one.verdict for one in found] == [SUPPORTED, ClaimVerdict.NOT_CHECKED, REFUTED]
    assert "finite numbers" in found[1].reason


def test_a_claim_is_never_cut(folder: Path) -> None:
    backend = load_onnx_backend(folder, OnnxSettings(max_tokens=32))
    sources = [source("yes", name="a"), source("no", name="b")]
    found = backend.judge("stone " * 17, sources, Regime.GIVEN)
    assert [one.verdict for one in found] == [ClaimVerdict.NOT_CHECKED] * 2
    assert "longer than the 16 tokens" in found[0].reason
    assert judged(backend, "yes", claim="stone " * 16).verdict is SUPPORTED


def test_of_a_long_source_the_sentences_nearest_in_words_are_read_and_that_is_said(folder: Path) -> None:
    backend = load_onnx_backend(folder, OnnxSettings(looked_at=4))
    found = judged(backend, *["half past nine"] * 50, "stone yes", *["half past ten"] * 50)
    assert found.verdict is SUPPORTED
    assert found.quotes[0].sentence == 50
    assert "4 of 101 sentences were read" in found.reason


def test_a_sentence_that_was_cut_is_said_to_be_cut_and_a_blank_one_is_not_missed(folder: Path) -> None:
    backend = load_onnx_backend(folder, OnnxSettings(max_tokens=32))
    assert "of 1 long sentences only the beginning was read" in judged(backend, "yes", "stone " * 40).reason
    whole = judged(backend, "yes", "", "stone").reason
    assert "beginning" not in whole
    assert "sentences were read" not in whole


def test_scores_are_the_logits_of_each_sentence_alone(backend: OnnxBackend) -> None:
    found = backend.scores("stone no", ["yes", "no no", "stone"])
    np.testing.assert_allclose(found, [[5, 3, 0], [0, 3, 12], [0, 3, 0]])
    assert backend.scores(CLAIM, []).shape == (0, 3)


def test_the_version_holds_the_hash_of_the_network_and_changes_with_the_settings(folder: Path) -> None:
    backend = load_onnx_backend(folder)
    assert backend.model.network.model_sha256[:12] in backend.version
    assert load_onnx_backend(folder).version == backend.version
    assert load_onnx_backend(folder, OnnxSettings(refute_at=0.9)).version != backend.version
    assert backend.name == "onnx"
