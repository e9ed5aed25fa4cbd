"""How far back ends agree on the same claims: each with each, and with labels how often each is right.

    python benchmarks/backends.py --input X.jsonl --outputs features.jsonl onnx.jsonl [--labels L.jsonl]
    python benchmarks/backends.py --input X.jsonl --make FOLDER

Outputs are those of `claimgate check --input X.jsonl`; `--make` writes them, for `features` and for every other back
end that the settings name the parts of. Prints for each pair: on how many claims both came to a verdict, the share of
same verdicts, Cohen's kappa with a 95 % interval (bootstrap over claims), and the table of both. `--labels` holds
rows {id, label}. A claim that a back end left NOT_CHECKED, or refused, is no disagreement: it is counted apart.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claimgate.commands.check import Judges, Order, check_with
from claimgate.place import Place, backend_values, network_values, place_of
from pipelines.counts import wilson
from pipelines.models import ClaimVerdict
from pipelines.verification.backend_choice import BackendChoice, BackendName, BackendUnusable
from warehouse.backends import Surroundings, loaded_encoder, opened_backend

VERDICTS = (
    ClaimVerdict.SUPPORTED,
    ClaimVerdict.REFUTED,
    ClaimVerdict.NOT_ENOUGH_INFO,
    ClaimVerdict.DISPUTED,
)
LABELS = {one.value: one for one in VERDICTS} | {
    "SUPPORT": ClaimVerdict.SUPPORTED,
    "CONTRADICT": ClaimVerdict.REFUTED,
    "NEI": ClaimVerdict.NOT_ENOUGH_INFO,
}
RESAMPLES = 5_000
SEED = 20261121

Verdicts = Mapping[str, ClaimVerdict]  # by the claim's id; claims without a verdict are not in it
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True)
class Agreement:
    """Of the claims on which both came to a verdict. `kappa` is None where both gave one and the same to all."""

    table: Counts  # rows: verdicts of the first, columns: of the second, both in the order of VERDICTS
    same: float
    kappa: float | None
    interval: Interval | None

    @property
    def claims(self) -> int:
        return int(self.table.sum())


def verdicts_in(path: Path) -> dict[str, ClaimVerdict]:
    """The verdicts of an output of `claimgate check`."""
    rows = [row for row in _rows(path) if "verdict" in row]
    held = {str(row["id"]): ClaimVerdict(row["verdict"]) for row in rows}
    return {name: verdict for name, verdict in held.items() if verdict is not ClaimVerdict.NOT_CHECKED}


def labels_in(path: Path) -> dict[str, ClaimVerdict]:
    return {str(row["id"]): LABELS[row["label"]] for row in _rows(path)}


def agreement(one: Verdicts, other: Verdicts) -> Agreement | None:
    """None where there is no claim on which both came to a verdict."""
    pairs = Counter((one[name], other[name]) for name in one.keys() & other.keys())
    table = np.array([[pairs[row, column] for column in VERDICTS] for row in VERDICTS], dtype=np.int64)
    claims = int(table.sum())
    if not claims:
        return None
    same = float(np.trace(table) / claims)
    drawn = np.random.default_rng(SEED).multinomial(claims, table.ravel() / claims, RESAMPLES)
    resampled = kappas(drawn.reshape(RESAMPLES, *table.shape))
    known = resampled[~np.isnan(resampled)]
    kappa = float(kappas(table[np.newaxis])[0])
    if np.isnan(kappa) or not known.size:
        return Agreement(table, same, None, None)
    low, high = np.quantile(known, (0.025, 0.975))
    return Agreement(table, same, kappa, Interval(float(low), float(high)))


def kappas(tables: Counts) -> NDArray[np.float64]:
    """Cohen's kappa of each table (n x k x k); nan where agreement by chance is certain."""
    claims = tables.sum(axis=(1, 2)).astype(np.float64)
    same = np.trace(tables, axis1=1, axis2=2) / claims
    chance = (tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1) / claims**2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(chance < 1, (same - chance) / (1 - chance), np.nan)


def share_right(found: Verdicts, labels: Verdicts) -> tuple[float, Interval]:
    """Of all labelled claims, with Wilson's interval; a claim without a verdict is not right."""
    right, claims = sum(found.get(name) is label for name, label in labels.items()), len(labels)
    return right / claims, Interval(*wilson(right / claims, claims))


# --- making outputs -----------------------------------------------------------------------------


def make(claims: Path, folder: Path, corpus: Path | None) -> list[Path]:
    """An output for every back end that can be used; of the others, why not."""
    folder.mkdir(parents=True, exist_ok=True)
    place = place_of(demo=False)
    made = []
    for name, choice in _choices(place).items():
        output = folder / f"{name}.jsonl"
        try:
            summary = check_with(Order(claims, output, corpus), _judges(choice, place))
        except BackendUnusable as problem:
            print(f"{name}: left out. {problem}")
            continue
        print(f"{name}: {summary['claims']:,} claims in {summary['seconds']:.1f} s ({summary['verifier_version']})")
        made.append(output)
    return made


def _choices(place: Place) -> dict[str, BackendChoice]:
    """By name of output; each searches by words alone, so that all judge the same sources."""
    set_to = BackendChoice.of(backend_values(place.settings))
    choices = {"features": BackendChoice()}
    if set_to.encoder is not None:
        choices["features-encoder"] = BackendChoice(encoder=set_to.encoder)
    if set_to.nli_model is not None:
        choices["onnx"] = BackendChoice(BackendName.ONNX, set_to.nli_model)
    if place.settings.model:
        choices["llm"] = BackendChoice(BackendName.LLM)
    return choices


@contextmanager
def _judges(choice: BackendChoice, place: Place) -> Iterator[Judges]:
    around = Surroundings(network_values(place.settings), place.house, "backends", lambda: datetime.now(UTC))
    encoder = loaded_encoder(choice.encoder) if choice.encoder is not None else None
    with opened_backend(choice, around, encoder) as backend:
        yield Judges(backend)


# --- printing -----------------------------------------------------------------------------------


def report(claims: Sequence[str], found: Mapping[str, Verdicts], labels: Verdicts) -> Iterator[str]:
    """The lines that are printed; only claims of the input count."""
    wanted = set(claims)
    held = {name: {key: one for key, one in of.items() if key in wanted} for name, of in found.items()}
    labelled = {key: one for key, one in labels.items() if key in wanted}
    yield f"{len(wanted):,} claims"
    for name, of in held.items():
        counts = Counter(of.values())
        said = ", ".join(f"{verdict.value} {counts[verdict]:,}" for verdict in VERDICTS if counts[verdict])
        yield f"  {name}: {said or 'no verdict'}; none on {len(wanted) - len(of):,}"
    if labelled:
        yield f"\nRight, of {len(labelled):,} labelled claims (95 % interval)"
        for name, of in held.items():
            share, interval = share_right(of, labelled)
            yield f"  {name}: {100 * share:.1f} % ({100 * interval.low:.1f} to {100 * interval.high:.1f})"
    for one, other in combinations(held, 2):
        yield f"\n{one} and {other}"
        yield from _pair(one, other, agreement(held[one], held[other]))


def _pair(one: str, other: str, agreed: Agreement | None) -> Iterator[str]:
    if agreed is None:
        yield "  no claim on which both came to a verdict"
        return
    kappa = "not defined: both say one and the same of every claim"
    if agreed.kappa is not None and agreed.interval is not None:
        kappa = f"{agreed.kappa:.3f} ({agreed.interval.low:.3f} to {agreed.interval.high:.3f})"
    yield f"  both came to a verdict on {agreed.claims:,}; the same on {100 * agreed.same:.1f} %"
    yield f"  Cohen's kappa (95 % interval): {kappa}"
    yield f"  rows {one}, columns {other}"
    yield "  " + " " * 16 + "".join(f"{verdict.value:>16}" for verdict in VERDICTS)
    for verdict, row in zip(VERDICTS, agreed.table.tolist(), strict=True):
        yield f"  {verdict.value:<16}" + "".join(f"{count:>16,}" for count in row)


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, required=True, help="the claims that were checked")
    parser.add_argument("--corpus", type=Path, help="with --make: sources to search, for claims that carry none")
    parser.add_argument("--labels", type=Path, help="rows {id, label}")
    outputs = parser.add_mutually_exclusive_group(required=True)
    outputs.add_argument("--outputs", type=Path, nargs="+", help="outputs of claimgate check")
    outputs.add_argument("--make", type=Path, metavar="FOLDER", help="make the outputs, in this folder")
    chosen = parser.parse_args(given)
    paths = chosen.outputs or make(chosen.input, chosen.make, chosen.corpus)
    claims = [str(row["id"]) for row in _rows(chosen.input) if "id" in row]
    found = {path.stem if chosen.make else str(path): verdicts_in(path) for path in paths}
    labels = labels_in(chosen.labels) if chosen.labels else {}
    for line in report(claims, found, labels):
        print(line)


if __name__ == "__main__":
    main()
