"""A folder with a network in ONNX form and its tokenizer, read from disk and run on texts.

Owns reading the folder within bounds, tokens, batches, the limit on length, and hashes. Does not belong here: what
the numbers mean (`nli_onnx`, `encoder`). The packages are optional and imported late. A model runs from the very
bytes that were hashed, so weights kept in a file beside it are refused.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
CONFIG_FILE = "config.json"
PARITY_FILE = "parity.json"
_MOST_BYTES = {MODEL_FILE: 2_000_000_000, TOKENIZER_FILE: 64_000_000}
_MOST_JSON_BYTES = 16_000_000
_MOST_CHARACTERS = 16  # of a text, for each token that the network reads
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_INTEGERS = {"tensor(int64)": "int64", "tensor(int32)": "int32"}
_QUANTISED_WHILE_RUNNING = b"DynamicQuantizeLinear"
_RUNTIME_ERRORS = (
    "Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoModel", "NoSuchFile", "NotFound",
    "NotImplemented", "RuntimeException", "EPFail", "EngineError",
)  # fmt: skip

Row = tuple[str, str | None]  # a text, or a text and a second one that is never cut


class ModelFolderError(ValueError):
    """The folder cannot be used; the message is one sentence that says what is wrong and where."""


class ModelRunError(RuntimeError):
    """The network failed on texts that it was given."""


@dataclass(frozen=True)
class RunSettings:
    """How a network is run; `threads` at 1 leaves the other cores to other work."""

    max_tokens: int = 256
    batch: int = 8  # measured: larger ones are slower on one core, the rows no longer fit its cache
    threads: int = 1


@dataclass(frozen=True)
class Tokens:
    """A row as the network reads it; `whole` says that nothing was cut off."""

    ids: tuple[int, ...]
    kinds: tuple[int, ...]
    whole: bool


@dataclass(frozen=True)
class OnnxModel:
    """A network that is ready to run; made by `load_model`."""

    folder: Path
    config: dict[str, Any]
    model_sha256: str
    tokenizer_sha256: str
    max_tokens: int
    batch: int
    _session: Any = field(repr=False, compare=False)
    _tokenizer: Any = field(repr=False, compare=False)

    def tokens(self, rows: Sequence[Row]) -> list[Tokens]:
        """Rows as tokens, no more than the network reads; of a pair, only the first text is cut."""
        encoded = self._tokenizer.encode_batch([self._clean(row) for row in rows])
        return [self._cut(one, row) for one, row in zip(encoded, rows, strict=True)]

    def run(self, rows: Sequence[Row], output: str) -> NDArray[np.float32]:
        """The output for each row, in the order given; a mean over tokens where it has a value for each token.

        A row's numbers depend on that row alone: equal rows are run once, and batches are made by length and text.
        """
        import numpy as np

        tokens = self.tokens(rows)
        distinct = sorted(set(tokens), key=lambda one: (len(one.ids), one.ids, one.kinds))
        found: dict[Tokens, NDArray[np.float32]] = {}
        for start in range(0, len(distinct), self.batch):
            part = distinct[start : start + self.batch]
            found.update(zip(part, self._run_batch(part, output), strict=True))
        if not rows:
            return np.zeros((0, 0), dtype=np.float32)
        return np.stack([found[one] for one in tokens])

    def holds_whole(self, text: str, most: int) -> bool:
        """Whether the text has no more than `most` tokens, without marks around it."""
        if len(text) > self._most_characters:
            return False
        return len(self._tokenizer.encode(self._bounded(text), add_special_tokens=False).ids) <= most

    def outputs(self) -> tuple[str, ...]:
        """Names of what the network gives."""
        return tuple(one.name for one in self._session.get_outputs())

    def _clean(self, row: Row) -> str | tuple[str, str]:
        first, second = row
        return self._bounded(first) if second is None else (self._bounded(first), self._bounded(second))

    @property
    def _most_characters(self) -> int:
        return _MOST_CHARACTERS * self.max_tokens

    def _bounded(self, text: str) -> str:
        bounded = text[: self._most_characters]
        return bounded.encode("utf-8", "replace").decode("utf-8")

    def _cut(self, one: Any, row: Row) -> Tokens:
        """Takes tokens out of the first text, at its end, until the row fits."""
        excess = len(one.ids) - self.max_tokens
        if excess <= 0:
            whole = all(text is None or len(text) <= self._most_characters for text in row)
            return Tokens(tuple(one.ids), tuple(one.type_ids), whole)
        first = [place for place, sequence in enumerate(one.sequence_ids) if sequence == 0]
        if row[1] is not None and excess >= len(first):
            raise ModelRunError(f"the second text leaves no room for the first within {self.max_tokens} tokens")
        gone = set(first[-excess:])
        kept = [place for place in range(len(one.ids)) if place not in gone]
        return Tokens(tuple(one.ids[i] for i in kept), tuple(one.type_ids[i] for i in kept), whole=False)

    def _run_batch(self, rows: Sequence[Tokens], output: str) -> Iterator[NDArray[np.float32]]:
        import numpy as np

        width = max(len(one.ids) for one in rows)
        held = {name: np.zeros((len(rows), width), dtype=np.int64) for name in _INPUTS}
        for place, one in enumerate(rows):
            held["input_ids"][place, : len(one.ids)] = one.ids
            held["attention_mask"][place, : len(one.ids)] = 1
            held["token_type_ids"][place, : len(one.ids)] = one.kinds
        feeds = {one.name: held[one.name].astype(_INTEGERS[one.type]) for one in self._session.get_inputs()}
        try:
            (values,) = self._session.run([output], feeds)
        except runtime_errors() as error:
            raise ModelRunError(f"the network failed: {first_line(error)}") from error
        if values.ndim == 3:
            shown = held["attention_mask"][..., None].astype(np.float32)
            values = (values * shown).sum(axis=1) / np.maximum(shown.sum(axis=1), 1.0)
        if values.ndim != 2 or not np.isfinite(values).all():
            raise ModelRunError("the network gave something else than one row of finite numbers for each text")
        return iter(values.astype(np.float32))


def load_model(folder: Path, settings: RunSettings) -> OnnxModel:
    """The network of a folder. Raises ModelFolderError where a file is missing, too large or cannot be read."""
    if not folder.is_dir():
        raise ModelFolderError(f"{folder}: there is no such folder; it must hold {MODEL_FILE} and {TOKENIZER_FILE}")
    model, tokenizer = read_bytes(folder / MODEL_FILE), read_bytes(folder / TOKENIZER_FILE)
    config = read_json(folder / CONFIG_FILE) or {}
    return OnnxModel(
        folder=folder,
        config=config,
        model_sha256=hashlib.sha256(model).hexdigest(),
        tokenizer_sha256=hashlib.sha256(tokenizer).hexdigest(),
        max_tokens=_most_tokens(config, settings),
        # Scales of a network that is quantised while running are taken over the batch: rows would change each other.
        batch=1 if _QUANTISED_WHILE_RUNNING in model else settings.batch,
        _session=_session(model, folder, settings),
        _tokenizer=_tokenizer(tokenizer, folder),
    )


def read_bytes(path: Path) -> bytes:
    """A file of a model folder, whole, if it is no larger than such a file may be."""
    most = _MOST_BYTES.get(path.name, _MOST_JSON_BYTES)
    try:
        size = path.stat().st_size
        if size > most:
            raise ModelFolderError(f"{path}: {size:,} bytes; no more than {most:,} are read")
        return path.read_bytes()
    except OSError as error:
        raise ModelFolderError(f"{path}: cannot be read ({error.strerror or error})") from error


def read_json(path: Path) -> dict[str, Any] | None:
    """A JSON object of a model folder; None where there is no such file."""
    if not path.exists():
        return None
    try:
        held = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        if isinstance(error, ModelFolderError):
            raise
        raise ModelFolderError(f"{path}: is not JSON ({first_line(error)})") from error
    if not isinstance(held, dict):
        raise ModelFolderError(f"{path}: must hold a JSON object")
    return held


def first_line(error: BaseException) -> str:
    """What an error of a library says, short enough for a sentence."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def runtime_errors() -> tuple[type[Exception], ...]:
    """What onnxruntime raises; its errors have no common class of their own."""
    state = importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    return tuple(getattr(state, name) for name in _RUNTIME_ERRORS if hasattr(state, name))


def _optional(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ModelFolderError(f"the package {name} is not installed: pip install -e .[onnx]") from error


def _most_tokens(config: dict[str, Any], settings: RunSettings) -> int:
    """What the settings say, unless the network reads less; RoBERTa's first two positions hold no token."""
    positions = config.get("max_position_embeddings")
    stated = config.get("max_tokens")
    known = [settings.max_tokens]
    if isinstance(positions, int) and positions > 8:
        known.append(positions - 2)
    if isinstance(stated, int) and stated >= 8:
        known.append(stated)
    return min(known)


def _session(model: bytes, folder: Path, settings: RunSettings) -> Any:
    runtime = _optional("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = settings.threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # errors come as exceptions; the library would also print them
    path = folder / MODEL_FILE
    try:
        session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except runtime_errors() as error:
        raise ModelFolderError(f"{path}: is no network that onnxruntime can run ({first_line(error)})") from error
    for one in session.get_inputs():
        if one.name not in _INPUTS or one.type not in _INTEGERS:
            raise ModelFolderError(f"{path}: asks for the input {one.name} ({one.type}), which is not of its kind")
        if any(isinstance(size, int) for size in one.shape):
            raise ModelFolderError(f"{path}: takes texts of one size only; export it with dynamic axes")
    return session


def _tokenizer(content: bytes, folder: Path) -> Any:
    library = _optional("tokenizers")
    try:
        tokenizer = library.Tokenizer.from_str(content.decode("utf-8"))
    except Exception as error:
        # The library raises bare `Exception` for whatever is wrong with the file; anything else is a bug of ours.
        if type(error) is not Exception and not isinstance(error, UnicodeDecodeError):
            raise
        raise ModelFolderError(
            f"{folder / TOKENIZER_FILE}: is no tokenizer that can be read ({first_line(error)})"
        ) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
