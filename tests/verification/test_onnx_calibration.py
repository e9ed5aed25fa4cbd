"""Confidence of the `onnx` back end: fitted where labels are, absent where they are not."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import ClaimVerdict, Probabilities
from pipelines.verification.backend import Regime
from pipelines.verification.nli_calibration import (
    NliCalibration,
    RegimeCalibration,
    fit_calibration,
    load_nli_calibration,
)
from pipelines.verification.onnx_model import ModelFolderError
from tests.onnx_folders import write_json

SUPPORTED, REFUTED, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO
VERDICTS = (SUPPORTED, REFUTED, OPEN)
AS_IT_IS = RegimeCalibration(sharpness=1, supported=0, refuted=0, cases=1)


def shares(supported: float, refuted: float) -> Probabilities:
    return Probabilities(supported=supported, refuted=refuted, not_enough_info=max(0.0, 1 - supported - refuted))


def drawn(seed: int, number: int) -> list[Probabilities]:
    rng = random.Random(seed)
    found = []
    for _ in range(number):
        weights = [math.exp(2 * rng.gauss(0, 1)) for _ in VERDICTS]
        found.append(shares(weights[0] / sum(weights), weights[1] / sum(weights)))
    return found


def labelled(raw: list[Probabilities], truth: RegimeCalibration, seed: int) -> list[ClaimVerdict]:
    """Labels as often as the calibrated shares say."""
    rng = random.Random(seed)
    held = [truth.apply(one) for one in raw]
    return [rng.choices(VERDICTS, (one.supported, one.refuted, one.not_enough_info))[0] for one in held]


def error_of(raw: list[Probabilities], right: list[ClaimVerdict], calibration: RegimeCalibration) -> float:
    """Difference between the share said and the share right, over all cases, for each verdict."""
    held = [calibration.apply(one) for one in raw]
    said = [sum(getattr(one, name) for one in held) / len(held) for name in ("supported", "refuted")]
    seen = [sum(one is verdict for one in right) / len(right) for verdict in (SUPPORTED, REFUTED)]
    return max(abs(a - b) for a, b in zip(said, seen, strict=True))


@pytest.mark.parametrize(
    "truth",
    [
        RegimeCalibration(sharpness=0.4, supported=0.8, refuted=-1.2, cases=1),
        RegimeCalibration(sharpness=1.6, supported=-0.5, refuted=0.3, cases=1),
    ],
)
def test_the_fit_finds_the_numbers_by_which_the_labels_were_made(truth: RegimeCalibration) -> None:
    raw = drawn(1, 4000)
    fitted = fit_calibration(raw, labelled(raw, truth, 2))
    assert fitted.sharpness == pytest.approx(truth.sharpness, rel=0.15)
    assert fitted.supported == pytest.approx(truth.supported, abs=0.15)
    assert fitted.refuted == pytest.approx(truth.refuted, abs=0.15)
    assert fitted.cases == 4000


def test_on_new_cases_the_calibrated_shares_are_nearer_to_what_is_right() -> None:
    truth = RegimeCalibration(sharpness=0.4, supported=0.8, refuted=-1.2, cases=1)
    raw, fresh = drawn(3, 1500), drawn(4, 1500)
    fitted = fit_calibration(raw, labelled(raw, truth, 5))
    right = labelled(fresh, truth, 6)
    assert error_of(fresh, right, AS_IT_IS) > 0.1
    assert error_of(fresh, right, fitted) < 0.04


def test_cases_that_the_shares_tell_apart_without_fault_still_have_a_fit() -> None:
    raw = [shares(0.98, 0.01), shares(0.01, 0.98), shares(0.01, 0.01)] * 40
    fitted = fit_calibration(raw, list(VERDICTS) * 40)
    assert 1 < fitted.sharpness < 50
    assert fitted.apply(shares(0.98, 0.01)).supported > 0.98


def test_shares_of_nought_and_one_have_a_fit_too() -> None:
    raw = [shares(1, 0), shares(0, 1), shares(0, 0)] * 30
    right = list(VERDICTS) * 28 + [REFUTED, OPEN, SUPPORTED] * 2
    fitted = fit_calibration(raw, right)
    assert fitted.apply(shares(1, 0)).supported == pytest.approx(28 / 30, abs=0.05)


@pytest.mark.parametrize(
    ("raw", "right", "sentence"),
    [
        (drawn(1, 20), list(VERDICTS) * 6 + [OPEN, OPEN], "at least 60"),
        (drawn(1, 90), list(VERDICTS) * 20, "90 cases with 60 labels"),
        (drawn(1, 90), [SUPPORTED, OPEN] * 45, "must occur"),
        ([shares(0.9, 0.05), shares(0.05, 0.9), shares(0.05, 0.05)] * 30, [REFUTED, OPEN, SUPPORTED] * 30, "fall"),
    ],
)
def test_what_cannot_be_fitted_is_an_error(raw: list[Probabilities], right: list[ClaimVerdict], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        fit_calibration(raw, right)


@given(
    st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 100), st.floats(-50, 50), st.floats(-50, 50)
)  # fmt: skip
def test_calibrated_shares_are_shares(s: float, r: float, sharpness: float, b: float, c: float) -> None:
    raw = shares(s * (1 - r), r)
    found = RegimeCalibration(sharpness=sharpness, supported=b, refuted=c, cases=1).apply(raw)
    assert found.supported + found.refuted + found.not_enough_info == pytest.approx(1.0, abs=1e-9)


FILE: dict[str, Any] = {
    "model_sha256": "a" * 64,
    "method": "onnx-1",
    "made_on": "2026-11-21",
    "origin": "pairs of this test",
    "given": {"sharpness": 0.5, "supported": 0.2, "refuted": -0.3, "cases": 80},
}


def loaded(folder: Path, **changed: Any) -> NliCalibration | None:
    write_json(folder, "calibration.json", {**FILE, **changed})
    return load_nli_calibration(folder, model_sha256="a" * 64, method="onnx-1")


def test_each_way_of_coming_by_sources_has_its_own_numbers_or_none(tmp_path: Path) -> None:
    assert load_nli_calibration(tmp_path, model_sha256="a" * 64, method="onnx-1") is None
    calibration = loaded(tmp_path)
    assert calibration is not None
    assert calibration.of(Regime.GIVEN) == RegimeCalibration(**FILE["given"])
    assert calibration.of(Regime.SEARCHED) is None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"model_sha256": "b" * 64}, "another network or rule"),
        ({"method": "onnx-0"}, "another network or rule"),
        ({"given": {"sharpness": -1, "supported": 0, "refuted": 0, "cases": 9}}, "given.sharpness"),
        ({"given": {"sharpness": float("nan"), "supported": 0, "refuted": 0, "cases": 9}}, "given.sharpness"),
        ({"made_on": None}, "made_on"),
    ],
)
def test_a_calibration_of_something_else_is_refused(tmp_path: Path, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ModelFolderError, match=sentence):
        loaded(tmp_path, **changed)
