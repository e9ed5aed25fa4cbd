"""`claimgate check`: claims in bulk, from a file into a file; there is no warehouse.

Owns files, options, progress and the summary. The output is written beside its place and takes it when it is whole.
Does not belong here: what rows hold (`pipelines/verification/bulk`), searching (`warehouse/corpus_file`), making
back ends (`warehouse/backends`).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from claimgate.errors import BadInput, Failure
from claimgate.output import err, print_json
from claimgate.place import Place, network_values, place_of
from claimgate.settings import Settings
from pipelines.ingestion.network import NetworkSettings
from pipelines.models import ClaimVerdict
from pipelines.verification.backend import Backend
from pipelines.verification.backend_choice import BackendChoice, BackendName, BackendUnusable, named
from pipelines.verification.bulk import MAX_LINE, Refused, Search, Tally, check_all, read_sources
from warehouse.backends import Surroundings, configured_model, loaded_encoder, opened_backend
from warehouse.corpus_file import CorpusFile, Encode, open_corpus_file

RUN = "check"
STREAM = Path("-")
DEFAULT_TOP_K = 3
MAX_TOP_K = 100
SHOWN = 5  # lines of a corpus that were refused and are named


@dataclass(frozen=True)
class Order:
    """What was asked for on the command line; what is None is as the settings say."""

    input: Path
    output: Path
    corpus: Path | None = None
    top_k: int | None = None
    backend: str | None = None
    model: Path | None = None
    encoder: Path | None = None
    online: bool | None = None
    demo: bool = False


@dataclass(frozen=True)
class Judges:
    """What claims are judged and searched with; `encode` is None where words alone are searched for."""

    backend: Backend
    encode: Encode | None = None


def check_claims(order: Order, *, as_json: bool) -> None:
    """Check every claim of the input; print what was done. Raises BadInput and Failure, each with a sentence."""
    place = place_of(demo=order.demo)
    choice = _choice(order, place.settings)
    _refuse_misuse(order, choice, as_json=as_json)
    summary = check_with(order, _judges(choice, order, place))
    if as_json:
        print_json(summary)
    else:
        _print(summary)


def check_with(order: Order, judges: AbstractContextManager[Judges]) -> dict[str, Any]:
    """The same with other judges; gives the summary. Files are opened first, what takes long afterwards."""
    begun = time.monotonic()
    tally = Tally()
    refused: list[Refused] = []
    with ExitStack() as open_now:
        write = open_now.enter_context(_written(order.output))
        lines = open_now.enter_context(_lines(order.input, "input"))
        documents = open_now.enter_context(_lines(order.corpus, "corpus")) if order.corpus else None
        chosen = open_now.enter_context(judges)
        backend = chosen.backend
        corpus: CorpusFile | None = None
        search: Search | None = None
        if order.corpus is not None and documents is not None:
            sources = read_sources(documents, refused)
            corpus = open_now.enter_context(open_corpus_file(sources, encode=chosen.encode))
            _tell_what_was_left_out(order.corpus, corpus, refused)
            search = partial(corpus.search, limit=order.top_k or DEFAULT_TOP_K)
        for row in _watched(check_all(lines, backend, search, tally), tally):
            write(json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n")
    seconds = time.monotonic() - begun
    summary = {
        "claims": tally.claims,
        "sources": tally.sources,
        "rejected": tally.rejected,
        "verdicts": {verdict.value: tally.verdicts[verdict] for verdict in ClaimVerdict},
        "seconds": round(seconds, 3),
        "claims_per_second": round(tally.claims / seconds, 2) if seconds > 0 else None,
        "backend": backend.name,
        "verifier_version": backend.version,
        "output": str(order.output),
    }
    held = {} if corpus is None else {"corpus": {"sources": corpus.sources, "rejected": len(refused)}}
    return summary | held


# --- back ends ----------------------------------------------------------------------------------


def _choice(order: Order, settings: Settings) -> BackendChoice:
    """What judges: as asked for on the command line, else as the settings say. Raises BadInput."""
    try:
        name = named(order.backend or settings.backend)
    except BackendUnusable:
        raise BadInput(f"--backend {order.backend} is none of {', '.join(BackendName)}.") from None
    set_model, set_encoder = (
        Path(folder).expanduser() if folder else None for folder in (settings.nli_model, settings.encoder)
    )
    has_use = order.corpus is not None or name is BackendName.FEATURES
    return BackendChoice(
        name,
        (order.model or set_model) if name is BackendName.ONNX else order.model,
        order.encoder or (set_encoder if has_use else None),
    )


@contextmanager
def _judges(choice: BackendChoice, order: Order, place: Place) -> Iterator[Judges]:
    values = network_values(place.settings, online=order.online)
    try:
        if choice.name is BackendName.LLM:
            _say_what_is_sent(values)
        encoder = loaded_encoder(choice.encoder) if choice.encoder is not None else None
        with opened_backend(choice, Surroundings(values, place.house, RUN, _now), encoder) as backend:
            yield Judges(backend, encoder.encode if encoder is not None else None)
    except BackendUnusable as problem:
        raise BadInput(str(problem)) from problem


def _say_what_is_sent(values: Mapping[str, str]) -> None:
    model, _ = configured_model(values)
    asked = f"{model.model} ({model.url})"
    if NetworkSettings.of(values).online:
        sys.stderr.write(f"Sent to the language model {asked}: each claim, with titles and sentences of its sources.\n")
    else:
        sys.stderr.write(f"The network is off: only what {asked} answered before is used. --online asks it.\n")


def _now() -> datetime:
    return datetime.now(UTC)


def _refuse_misuse(order: Order, choice: BackendChoice, *, as_json: bool) -> None:
    """Raises BadInput for the first thing that cannot be meant."""
    name = choice.name
    files = {order.input, order.corpus} - {STREAM, None}
    wrong = (
        (order.top_k is not None and order.corpus is None, "--top-k is for a search: give --corpus too."),
        (
            order.top_k is not None and not 1 <= order.top_k <= MAX_TOP_K,
            f"--top-k must lie between 1 and {MAX_TOP_K}; it is {order.top_k}.",
        ),
        (
            name is BackendName.ONNX and choice.nli_model is None,
            "--backend onnx needs --model or the setting nli_model: the folder of the network.",
        ),
        (name is not BackendName.ONNX and order.model is not None, "--model is for --backend onnx."),
        (name is not BackendName.LLM and order.online is not None, "--online and --offline are for --backend llm."),
        (
            order.encoder is not None and order.corpus is None and name is not BackendName.FEATURES,
            f"--encoder serves --backend features and --corpus; {name} alone has no use for it.",
        ),
        (order.corpus == STREAM, "--corpus must be a file; only claims are read from standard input."),
        (as_json and order.output == STREAM, "--json and --output - both want standard output: leave out one."),
        (
            any(_is_same(order.output, file) for file in files if file is not None),
            f"--output {order.output} would overwrite what is read: name another file.",
        ),
    )
    for is_wrong, sentence in wrong:
        if is_wrong:
            raise BadInput(sentence)


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


# --- files --------------------------------------------------------------------------------------


def _tell_what_was_left_out(path: Path, corpus: CorpusFile, refused: Sequence[Refused]) -> None:
    for one in refused[:SHOWN]:
        sys.stderr.write(f"Left out: {path}, line {one.line}: {one.reason}\n")
    if len(refused) > SHOWN:
        sys.stderr.write(f"Left out: {len(refused) - SHOWN} more lines of {path}\n")
    if not corpus.sources:
        raise BadInput(f"--corpus {path} holds no source: give rows of doc_id, title, abstract.")


@contextmanager
def _lines(path: Path, option: str) -> Iterator[Iterable[bytes]]:
    if path == STREAM:
        yield _bounded_lines(sys.stdin.buffer)
        return
    try:
        stream = path.open("rb")
    except OSError as problem:
        raise BadInput(f"--{option} {path} cannot be read: {_why(problem)}.") from problem
    with stream:
        yield _bounded_lines(stream)


def _bounded_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines without more in memory than one byte over what a line may have; the rest of a longer one is skipped."""
    while line := stream.readline(MAX_LINE + 1):
        yield line
        while line and not line.endswith(b"\n") and len(line) > MAX_LINE:
            line = stream.readline(MAX_LINE + 1)


@contextmanager
def _written(path: Path) -> Iterator[Callable[[bytes], object]]:
    """A function that writes; what it wrote is at `path` when the block ended well, and nowhere when it did not."""
    if path == STREAM:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    target = path.resolve()
    is_device = target.exists() and not target.is_file() and not target.is_dir()
    place = target if is_device else target.with_name(f".{target.name[:100]}.{uuid4().hex}.part")
    try:
        if target.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        stream = place.open("wb" if is_device else "xb")
    except OSError as problem:
        raise BadInput(f"--output {path} cannot be written: {_why(problem)}.") from problem
    try:
        yield partial(_put, stream, path)
        with _failing(path):
            stream.close()
            if not is_device:
                place.replace(target)
    finally:
        with suppress(OSError):
            stream.close()
        if not is_device:
            place.unlink(missing_ok=True)


def _put(stream: IO[bytes], path: Path, row: bytes) -> None:
    with _failing(path):
        stream.write(row)


@contextmanager
def _failing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise Failure(f"--output {path} could not be written: {_why(problem)}.") from problem


def _why(problem: OSError) -> str:
    return (problem.strerror or str(problem)).rstrip(".")


# --- saying -------------------------------------------------------------------------------------


def _watched(rows: Iterable[dict[str, Any]], tally: Tally) -> Iterator[dict[str, Any]]:
    """The same rows; a person at a terminal sees how far it is."""
    if not sys.stderr.isatty():
        yield from rows
        return
    with err().status("reading") as status:
        for row in rows:
            if (tally.claims + tally.rejected) % 50 == 0:
                status.update(f"{tally.claims:,} claims checked, {tally.rejected:,} rows refused")
            yield row


def _print(summary: Mapping[str, Any]) -> None:
    """The summary for a person, on stderr: stdout may hold the rows."""
    counts = ", ".join(f"{verdict} {count:,}" for verdict, count in summary["verdicts"].items() if count)
    sys.stderr.write(
        f"{summary['claims']:,} claims held against {summary['sources']:,} sources in {summary['seconds']:.1f} s"
        f" by {summary['backend']} ({summary['verifier_version']}): {counts or 'no verdicts'}.\n"
    )
    if summary["rejected"]:
        sys.stderr.write(f"{summary['rejected']:,} rows could not be used; each says why in {summary['output']}.\n")
