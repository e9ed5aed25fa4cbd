"""An optional local encoder: sentences as vectors whose products say how near their meanings are.

Input: a folder of the user with an ONNX encoder and its tokenizer (`benchmarks/export_encoder.py` makes one);
output: float32 rows of length 1. Owns pooling's end, the cache and the proof that an export computes what its
framework did. Does not belong here: running a network (`onnx_model`), what the nearness is used for.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from pipelines.verification.onnx_model import (
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

LEAST_COSINE = 0.97  # between a vector here and the framework's; whole numbers of 8 bits reach about 0.98
MOST_PARITY_ROWS = 256
_OUTPUTS = ("sentence_embedding", "last_hidden_state", "token_embeddings")  # the first that the network gives
_METHOD = "encoder-1"


@dataclass(frozen=True)
class EncoderParity:
    """How near the vectors are to those of the framework that exported the network."""

    rows: int
    least_cosine: float
    largest_difference: float

    @property
    def holds(self) -> bool:
        """Whether the export may be used."""
        return self.rows > 0 and self.least_cosine >= LEAST_COSINE


class SentenceEncoder:
    """Encodes sentences; remembers up to `cached` vectors by the hash of their text."""

    def __init__(self, model: OnnxModel, *, cached: int = 20_000) -> None:
        self._model = model
        self._output = _output_of(model)
        self._cached = cached
        self._held: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()
        self._dimensions = int(self._fresh(["a sentence"]).shape[1])

    @property
    def version(self) -> str:
        """Changes with the network, its tokenizer and how much of a text is read."""
        rest = hashlib.sha256(f"{self._model.tokenizer_sha256}/{self._model.max_tokens}".encode()).hexdigest()
        return f"{_METHOD}/{self._model.model_sha256[:12]}/{rest[:8]}"

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._dimensions

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each sentence, in the order given; a row depends on its sentence alone."""
        import numpy as np

        if not sentences:
            return np.zeros((0, self._dimensions), dtype=np.float32)
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).digest()[:16] for text in sentences]
        with self._lock:
            known = {key: self._held[key] for key in keys if key in self._held}
        fresh = {key: text for key, text in zip(keys, sentences, strict=True) if key not in known}
        known.update(zip(fresh, self._fresh(list(fresh.values())), strict=True))
        self._remember(keys, known)
        return np.stack([known[key] for key in keys])

    def _fresh(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        if not sentences:
            return np.zeros((0, 0), dtype=np.float32)
        values = self._model.run([(text, None) for text in sentences], self._output)
        lengths = np.linalg.norm(values, axis=1, keepdims=True)
        unit: NDArray[np.float32] = values / np.maximum(lengths, np.float32(1e-12))
        return unit

    def _remember(self, keys: Sequence[bytes], known: dict[bytes, NDArray[np.float32]]) -> None:
        with self._lock:
            for key in keys:
                self._held[key] = known[key]
                self._held.move_to_end(key)
            while len(self._held) > self._cached:
                self._held.popitem(last=False)


def load_encoder(folder: Path, settings: RunSettings | None = None, *, cached: int = 20_000) -> SentenceEncoder:
    """The encoder of a folder. Raises ModelFolderError, one sentence, where it cannot be used.

    Where the folder holds `parity.json`, an encoder whose vectors are not those of the framework is refused.
    """
    try:
        encoder = SentenceEncoder(load_model(folder, settings or RunSettings()), cached=cached)
        parity = check_encoder_parity(encoder, folder)
    except ModelRunError as error:
        raise ModelFolderError(f"{folder}: {error}") from error
    if parity is not None and not parity.holds:
        raise ModelFolderError(
            f"{folder}: vectors differ from those of the framework that exported the network (least cosine"
            f" {parity.least_cosine:.3f} over {parity.rows} texts, at least {LEAST_COSINE} is needed); export it again"
        )
    return encoder


def check_encoder_parity(encoder: SentenceEncoder, folder: Path) -> EncoderParity | None:
    """Vectors here against those in `parity.json` (`rows` of `text` and `vector`); None without such a file."""
    import numpy as np

    held = read_json(folder / PARITY_FILE)
    if held is None:
        return None
    texts, expected = _parity_rows(held, folder, encoder.dimensions)
    found = encoder.encode(texts)
    wanted = np.asarray(expected, dtype=np.float32).reshape(len(texts), encoder.dimensions)
    if not texts:
        return EncoderParity(0, 0.0, 0.0)
    lengths = np.maximum(np.linalg.norm(wanted, axis=1), 1e-12)
    cosines = (found * wanted).sum(axis=1) / lengths
    return EncoderParity(len(texts), float(cosines.min()), float(np.abs(found - wanted / lengths[:, None]).max()))


def _parity_rows(held: dict[str, Any], folder: Path, dimensions: int) -> tuple[list[str], list[list[float]]]:
    rows = held.get("rows")
    path = folder / PARITY_FILE
    if not isinstance(rows, list) or len(rows) > MOST_PARITY_ROWS:
        raise ModelFolderError(f"{path}: must hold a list `rows` of at most {MOST_PARITY_ROWS} texts with vectors")
    texts: list[str] = []
    vectors: list[list[float]] = []
    for row in rows:
        text, vector = (row.get("text"), row.get("vector")) if isinstance(row, dict) else (None, None)
        numbers = isinstance(vector, list) and all(isinstance(value, int | float) for value in vector)
        if not isinstance(text, str) or not isinstance(vector, list) or not numbers or len(vector) != dimensions:
            raise ModelFolderError(f"{path}: each row must have a `text` and a `vector` of {dimensions} numbers")
        texts.append(text)
        vectors.append(vector)
    return texts, vectors


def _output_of(model: OnnxModel) -> str:
    given = model.outputs()
    return next((name for name in _OUTPUTS if name in given), given[0])
