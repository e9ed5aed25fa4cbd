"""The shipped coefficients of the features back end: one JSON file, with the data that it was fitted on.

Owns the form of that file and its loading. Does not belong here: fitting (`fitting`), evaluation of one model
(`estimators`). Made by `make train`; input: `data/features-model-2026-11.json`; output: one `FeatureModel`.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pydantic import Field

from pipelines.models import ClaimVerdict, Model
from pipelines.verification.backend import Regime
from pipelines.verification.estimators import Blend, Floats, Platt
from pipelines.verification.terms import DATA

MODEL_FILE = DATA / "features-model-2026-11.json"
ENCODED_MODEL_FILE = DATA / "features-encoder-model-2026-11.json"


class Origin(Model):
    """Data that coefficients rest on: what it is, its licence, how many rows were used and for what."""

    data: str
    licence: str
    rows: int = Field(ge=1)
    use: str


class ReliabilityBin(Model):
    """Judgements whose confidence lay in a tenth, on data that the model was not fitted on: (from, to]."""

    from_confidence: float = Field(ge=0, le=1)
    to_confidence: float = Field(ge=0, le=1)
    cases: int = Field(ge=1)
    mean_confidence: float = Field(ge=0, le=1)
    right: float = Field(ge=0, le=1)  # share of them that were right


class Calibrated(Model):
    """A model whose logits were calibrated on data that it was not fitted on."""

    model: Blend
    calibration: Platt

    def probabilities(self, rows: Floats) -> Floats:
        return self.calibration.probabilities(self.model.logits(rows))


class Decision(Model):
    """Evidence or not, and which way, with the probabilities from which each is said.

    `evidence` judges every source; of those that it does not rule out, `closer_evidence` and `closer_stance`
    judge again by what a closer look found.
    """

    evidence: Calibrated
    closer_evidence: Calibrated
    closer_stance: Calibrated
    least_evidence: float = Field(gt=0, lt=1)
    least_refuted: float = Field(gt=0, lt=1)  # share refuted, given that it is evidence

    def verdict(self, evidence: float, refuted: float, *, shown: bool, objects: bool) -> tuple[ClaimVerdict, bool]:
        """The verdict, and whether something speaks against the claim that was not enough to refute it.

        `shown`: there is a cue against the claim that can be shown. `objects`: a plain cue says the opposite.
        """
        return decided(evidence, refuted, self.least_evidence, self.least_refuted, shown=shown, objects=objects)


def decided(
    evidence: float, refuted: float, least_evidence: float, least_refuted: float, *, shown: bool, objects: bool
) -> tuple[ClaimVerdict, bool]:
    """The rule of `Decision.verdict`, for thresholds that are still sought."""
    against = refuted >= least_refuted
    if evidence < least_evidence:
        return ClaimVerdict.NOT_ENOUGH_INFO, shown and against and evidence >= least_evidence / 2
    if against:
        return (ClaimVerdict.REFUTED, False) if shown else (ClaimVerdict.NOT_ENOUGH_INFO, True)
    return (ClaimVerdict.NOT_ENOUGH_INFO, True) if objects else (ClaimVerdict.SUPPORTED, False)


class FeatureModel(Model):
    """All coefficients. `nearest` finds the sentences to judge by, `quoting` orders them for the reader."""

    model_id: str
    made_on: str
    made_by: str
    origin: tuple[Origin, ...]
    terms_id: str
    lexicon_id: str
    vectors_id: str
    encoder: str | None = None  # version of the sentence encoder that it was fitted with
    encoder_probes: tuple[float, ...] = ()  # its cosines of `examination.PROBES`: another export of it gives the same
    nearest: Blend
    quoting: Blend
    least_quoted: float = Field(gt=0, lt=1)  # probability from which a second and third sentence are quoted
    stance: Blend
    decisions: dict[Regime, Decision]
    reliability: dict[Regime, tuple[ReliabilityBin, ...]]


def model_digest(model: FeatureModel) -> str:
    """8 hex digits that tell one set of coefficients from another; they end the version of the back end."""
    return sha256(model.model_dump_json().encode()).hexdigest()[:8]


@lru_cache(maxsize=4)
def load_feature_model(path: Path = MODEL_FILE) -> FeatureModel:
    return FeatureModel.model_validate_json(path.read_text(encoding="utf-8"))
