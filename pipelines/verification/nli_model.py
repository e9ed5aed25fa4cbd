"""A cross-encoder of the user: which output means what, and the proof that the export computes what its maker did.

Input: a folder with `model.onnx`, `tokenizer.json`, `config.json` (`id2label` as hubs write it, or `labels`, a list)
and, better, `parity.json` (texts with the logits of the framework that exported the network). Output: logits, always
in the order of `LABELS`. Does not belong here: verdicts (`nli_onnx`), running a network (`onnx_model`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.verification.onnx_model import (
    CONFIG_FILE,
    PARITY_FILE,
    ModelFolderError,
    ModelRunError,
    OnnxModel,
    RunSettings,
    load_model,
    read_json,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NliLabel(StrEnum):
    """What a premise does to a hypothesis."""

    ENTAILMENT = "entailment"
    NEUTRAL = "neutral"
    CONTRADICTION = "contradiction"


LABELS = (NliLabel.ENTAILMENT, NliLabel.NEUTRAL, NliLabel.CONTRADICTION)
MOST_PARITY_ROWS = 256
LABELS_MAY_DIFFER = 0.02  # share of the rows; a fp32 export whose tokenizer differed reached 0.05
PROBABILITIES_MAY_DIFFER = 0.05  # mean over the rows
_NAMES = {
    NliLabel.ENTAILMENT: ("entailment", "entail", "entails", "entailed", "support", "supports", "supported"),
    NliLabel.NEUTRAL: ("neutral", "nei", "notenoughinfo", "notenoughinformation"),
    NliLabel.CONTRADICTION: (
        "contradiction", "contradict", "contradicts", "contradictory", "refute", "refutes", "refuted",
    ),
}  # fmt: skip
_LABEL_OF = {name: label for label, names in _NAMES.items() for name in names}
_NOT_A_LETTER = re.compile(r"[^a-z]+")


@dataclass(frozen=True)
class NliModel:
    """A network whose three outputs are known by name; made by `load_nli_model`."""

    network: OnnxModel
    output: str
    columns: tuple[int, int, int]  # of the output, in the order of LABELS

    def logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """One row for each (premise, hypothesis), columns in the order of `LABELS`. Raises ModelRunError."""
        import numpy as np

        if not pairs:
            return np.zeros((0, len(LABELS)), dtype=np.float32)
        values = self.network.run(pairs, self.output)
        if values.shape[1] != len(LABELS):
            raise ModelRunError(f"the network gives {values.shape[1]} numbers for a pair; {len(LABELS)} are needed")
        return values[:, list(self.columns)]

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The same as shares that add up to 1."""
        return softmax(self.logits(pairs))


@dataclass(frozen=True)
class Parity:
    """What the export computes, against what `parity.json` says the framework computed."""

    rows: int
    largest_difference: float  # of a logit
    mean_difference: float  # of a probability
    labels_differ: int
    tokens_differ: int | None  # rows that the tokenizer cuts up otherwise; None where the file does not say

    @property
    def holds(self) -> bool:
        """Whether the export may be used."""
        few_labels = self.labels_differ <= LABELS_MAY_DIFFER * self.rows
        return self.rows > 0 and few_labels and self.mean_difference <= PROBABILITIES_MAY_DIFFER

    def sentence(self) -> str:
        """What was found, in words."""
        tokens = "" if self.tokens_differ is None else f"; {self.tokens_differ} are cut into other tokens"
        return (
            f"of {self.rows} pairs {self.labels_differ} get another label than in the framework that exported the"
            f" network; logits differ by up to {self.largest_difference:.3g}{tokens}"
        )


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Row by row."""
    import numpy as np

    raised = np.exp(logits - logits.max(axis=1, keepdims=True)) if len(logits) else logits
    shares: NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
    return shares


def load_nli_model(folder: Path, settings: RunSettings) -> NliModel:
    """The network of a folder, tried once. Raises ModelFolderError, one sentence, where it cannot be used."""
    network = load_model(folder, settings)
    outputs = network.outputs()
    output = "logits" if "logits" in outputs else outputs[0]
    model = NliModel(network, output, columns_of(network.config, folder))
    try:
        model.logits([("A stone lies on the road.", "There is a stone.")])
    except ModelRunError as error:
        raise ModelFolderError(f"{folder}: {error}") from error
    return model


def columns_of(config: Mapping[str, Any], folder: Path) -> tuple[int, int, int]:
    """Where entailment, neutral and contradiction stand in the output."""
    named = _named_columns(config)
    places = {_LABEL_OF.get(_NOT_A_LETTER.sub("", name.casefold())): place for place, name in named.items()}
    if sorted(named) != [0, 1, 2] or set(places) != set(LABELS):
        shown = ", ".join(str(name)[:40] for name in list(named.values())[:5]) or "none"
        raise ModelFolderError(
            f"{folder / CONFIG_FILE}: labels cannot be told (it names {shown}); `id2label` must say which of the"
            " outputs 0, 1, 2 is entailment, which neutral, which contradiction"
        )
    return places[NliLabel.ENTAILMENT], places[NliLabel.NEUTRAL], places[NliLabel.CONTRADICTION]


def _named_columns(config: Mapping[str, Any]) -> dict[int, str]:
    """Outputs by number; nothing where the configuration names none in a form that is known."""
    stated = config.get("id2label", config.get("labels"))
    if isinstance(stated, list):
        stated = {str(place): name for place, name in enumerate(stated)}
    if not isinstance(stated, dict):
        return {}
    digits = {key: name for key, name in stated.items() if isinstance(name, str) and key in ("0", "1", "2")}
    return {int(key): name for key, name in digits.items()} if len(digits) == len(stated) else {}


def check_parity(folder: Path, settings: RunSettings | None = None) -> Parity | None:
    """The export in a folder against its `parity.json`; None where it has none. Raises ModelFolderError."""
    return parity_of(load_nli_model(folder, settings or RunSettings()), folder)


def parity_of(model: NliModel, folder: Path) -> Parity | None:
    """The same for a network that is loaded already.

    `rows` of the file: `premise`, `hypothesis`, `logits` in the network's own order, and, better, `input_ids`.
    """
    import numpy as np

    held = read_json(folder / PARITY_FILE)
    if held is None:
        return None
    rows = _parity_rows(held, folder)
    if not rows:
        return Parity(0, 0.0, 0.0, 0, None)
    pairs = [(row["premise"], row["hypothesis"]) for row in rows]
    expected = np.asarray([row["logits"] for row in rows], dtype=np.float32)[:, list(model.columns)]
    try:
        found = model.logits(pairs)
        tokens = model.network.tokens(pairs)
    except ModelRunError as error:
        raise ModelFolderError(f"{folder / PARITY_FILE}: {error}") from error
    stated = [(row["input_ids"], one) for row, one in zip(rows, tokens, strict=True) if "input_ids" in row]
    return Parity(
        rows=len(rows),
        largest_difference=float(np.abs(found - expected).max()),
        mean_difference=float(np.abs(softmax(found) - softmax(expected)).mean()),
        labels_differ=int((found.argmax(axis=1) != expected.argmax(axis=1)).sum()),
        tokens_differ=sum(list(one.ids) != ids for ids, one in stated) if stated else None,
    )


def _parity_rows(held: Mapping[str, Any], folder: Path) -> list[dict[str, Any]]:
    rows = held.get("rows")
    path = folder / PARITY_FILE
    if not isinstance(rows, list) or len(rows) > MOST_PARITY_ROWS:
        raise ModelFolderError(f"{path}: must hold a list `rows` of at most {MOST_PARITY_ROWS} pairs")
    for place, row in enumerate(rows):
        if not isinstance(row, dict) or not _is_parity_row(row):
            raise ModelFolderError(f"{path}: row {place} needs `premise`, `hypothesis` and three `logits`")
    return rows


def _is_parity_row(row: Mapping[str, Any]) -> bool:
    logits = row.get("logits")
    texts = isinstance(row.get("premise"), str) and isinstance(row.get("hypothesis"), str)
    numbers = isinstance(logits, list) and all(isinstance(value, int | float) for value in logits)
    return texts and numbers and isinstance(logits, list) and len(logits) == len(LABELS)
