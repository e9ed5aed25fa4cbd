"""Confidence of the `onnx` back end: read from the model's folder, and fitted on labelled pairs.

A share p of the network becomes softmax(sharpness * log p + intercept); sharpness is 1 / temperature. Input of a
fit: the back end's shares over sources and what labelled data says; output: one `RegimeCalibration`. A network
without `calibration.json` has no confidence: what it outputs is no measured share of right answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from pipelines.models import ClaimVerdict, Model, Probabilities
from pipelines.verification.backend import Regime
from pipelines.verification.onnx_model import ModelFolderError, read_json

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CALIBRATION_FILE = "calibration.json"
VERDICTS = (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO)
FEWEST_CASES = 60  # three numbers fitted on fewer say little
_LEAST_SHARE = 1e-6
_STEPS = 50
_PRIOR = 1.0  # draws towards "the network's shares as they are", as much as about one case would


class RegimeCalibration(Model):
    """Fitted numbers for one way of coming by sources; intercepts are against NOT_ENOUGH_INFO."""

    sharpness: float = Field(gt=0, le=100)
    supported: float = Field(ge=-50, le=50)
    refuted: float = Field(ge=-50, le=50)
    cases: int = Field(ge=1)

    def apply(self, raw: Probabilities) -> Probabilities:
        """Shares that labelled data bears out."""
        return _probabilities(_shares([raw], self)[0])


class NliCalibration(Model):
    """The file: for which network and rule it was measured, on what and when."""

    model_sha256: str = Field(min_length=64, max_length=64)
    method: str
    made_on: str
    origin: str
    given: RegimeCalibration | None = None
    searched: RegimeCalibration | None = None

    def of(self, regime: Regime) -> RegimeCalibration | None:
        """None where that regime was not measured."""
        return self.given if regime is Regime.GIVEN else self.searched


def load_nli_calibration(folder: Path, *, model_sha256: str, method: str) -> NliCalibration | None:
    """The calibration of a folder, None without one. Raises ModelFolderError where it is of something else."""
    path = folder / CALIBRATION_FILE
    held = read_json(path)
    if held is None:
        return None
    try:
        calibration = NliCalibration.model_validate(held)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ModelFolderError(f"{path}: {where}: {first['msg']}") from error
    if calibration.model_sha256 != model_sha256 or calibration.method != method:
        raise ModelFolderError(f"{path}: was measured with another network or rule; fit it again or remove it")
    return calibration


def fit_calibration(raw: Sequence[Probabilities], right: Sequence[ClaimVerdict]) -> RegimeCalibration:
    """Sharpness and intercepts of least log loss, by Newton's method (the loss is convex).

    `raw` are uncalibrated shares of sources, `right` what labelled data says. Raises ValueError for too few cases,
    a verdict that never occurs, and shares that fall where they should rise.
    """
    import numpy as np

    if len(raw) != len(right) or len(raw) < FEWEST_CASES:
        raise ValueError(f"{len(raw)} cases with {len(right)} labels; at least {FEWEST_CASES} of each are needed")
    if set(right) != set(VERDICTS):
        raise ValueError("every one of SUPPORTED, REFUTED and NOT_ENOUGH_INFO must occur among the labels")
    logs = _logs(raw)
    hit = np.asarray([[verdict is one for one in VERDICTS] for verdict in right], dtype=np.float64)
    # One row of derivatives for each case and verdict: by sharpness, by the two intercepts.
    slopes = np.zeros((len(raw), len(VERDICTS), 3))
    slopes[:, :, 0] = logs
    slopes[:, 0, 1] = slopes[:, 1, 2] = 1.0
    neutral = np.asarray([1.0, 0.0, 0.0])
    held = neutral.copy()
    for _ in range(_STEPS):
        step = _newton_step(slopes, hit, held, neutral)
        before = _loss(slopes, hit, held, neutral)
        while _loss(slopes, hit, held - step, neutral) > before and float(np.abs(step).max()) > 1e-9:
            step = step / 2
        held = held - step
        if float(np.abs(step).max()) <= 1e-9:
            break
    if held[0] <= 0:
        raise ValueError("the network's shares fall where the labels say that they should rise")
    return RegimeCalibration(sharpness=float(held[0]), supported=float(held[1]), refuted=float(held[2]), cases=len(raw))


def _loss(
    slopes: NDArray[np.float64], hit: NDArray[np.float64], held: NDArray[np.float64], neutral: NDArray[np.float64]
) -> float:
    import numpy as np

    shares = (_softmax(slopes @ held) * hit).sum(axis=1)
    return float(-np.log(np.maximum(shares, 1e-300)).sum() + _PRIOR * ((held - neutral) ** 2).sum() / 2)


def _newton_step(
    slopes: NDArray[np.float64], hit: NDArray[np.float64], held: NDArray[np.float64], neutral: NDArray[np.float64]
) -> NDArray[np.float64]:
    import numpy as np

    shares = _softmax(slopes @ held)
    gradient = ((shares - hit)[:, :, None] * slopes).sum(axis=(0, 1)) + _PRIOR * (held - neutral)
    mean = (shares[:, :, None] * slopes).sum(axis=1)
    centred = slopes - mean[:, None, :]
    curvature = np.einsum("nk,nki,nkj->ij", shares, centred, centred) + _PRIOR * np.eye(3)
    return np.linalg.solve(curvature, gradient)


def _shares(raw: Sequence[Probabilities], held: RegimeCalibration) -> NDArray[np.float64]:
    import numpy as np

    return _softmax(held.sharpness * _logs(raw) + np.asarray([held.supported, held.refuted, 0.0]))


def _logs(raw: Sequence[Probabilities]) -> NDArray[np.float64]:
    import numpy as np

    shares = np.asarray([[one.supported, one.refuted, one.not_enough_info] for one in raw], dtype=np.float64)
    return np.log(np.maximum(shares, _LEAST_SHARE))


def _softmax(values: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    raised = np.exp(values - values.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _probabilities(shares: NDArray[np.float64]) -> Probabilities:
    supported, refuted = float(shares[0]), float(shares[1])
    return Probabilities(supported=supported, refuted=refuted, not_enough_info=max(0.0, 1.0 - supported - refuted))
