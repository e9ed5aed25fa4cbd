"""How good the verdicts are: SciFact's own measures, with 95 % intervals, from files in SciFact format.

usage: CLAIMGATE_CORPUS=<data folder> python benchmarks/verification.py [--encoder FOLDER]
       python benchmarks/verification.py --claims C.jsonl --corpus D.jsonl [--encoder FOLDER]

The first form fits on four folds of SciFact train and measures on the fifth; folds share no document. It also
measures Citation-Integrity dev, the withheld half of our own set, and pairs without a near twin. The second
form measures the shipped coefficients on other files. Scores are the official ones: abstract-level label F1, F1
of evidence sentences with the first three and a whole rationale among them, and one verdict per claim. Intervals
are bootstrapped over groups of claims that share a document. `--write` writes the reliability plot of docs/.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.labelled_claims import (
    OPEN,
    LabelledClaims,
    LabelledPair,
    document_folds,
    example,
    given_pairs,
    own_pairs,
    read_labelled,
    searched_pairs,
)
from benchmarks.train_features import ENCODED, texts, training_pairs
from pipelines.models import ClaimVerdict
from pipelines.verification.aggregation import overall
from pipelines.verification.backend import Backend, Regime, SourceJudgement
from pipelines.verification.features_backend import FeaturesBackend, default_backend
from pipelines.verification.fitting import fit
from pipelines.verification.terms import load_terms, words
from pipelines.verification.word_vectors import load_vectors

LABELS = (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, OPEN)
TOP = 3
RESAMPLED = 1_000
TWINS = 0.5  # word overlap of two claims about one document from which they are near twins
QUOTED = 3


@dataclass(frozen=True)
class Judged:
    pair: LabelledPair
    said: SourceJudgement

    @property
    def is_right(self) -> bool:
        return self.pair.label is self.said.verdict

    @property
    def confidence(self) -> float:
        return self.said.confidence or 0.0


@dataclass(frozen=True)
class Asked:
    """A claim that was searched for: its label, the verdict over what was found, and the evidence there is."""

    group: str
    label: ClaimVerdict
    said: ClaimVerdict
    judged: tuple[Judged, ...]
    documents: int  # with evidence, found or not
    sentences: int


# --- measures -----------------------------------------------------------------------------------


def f1(right: float, said: float, there: float) -> float:
    return 200 * right / (said + there) if said + there else 0.0


def label_f1(pairs: Sequence[tuple[ClaimVerdict, ClaimVerdict]], label: ClaimVerdict) -> float:
    right = sum(a is b is label for a, b in pairs)
    return f1(right, sum(b is label for _, b in pairs), sum(a is label for a, _ in pairs))


def macro_f1(pairs: Sequence[tuple[ClaimVerdict, ClaimVerdict]]) -> float:
    return sum(label_f1(pairs, label) for label in LABELS) / len(LABELS)


def accuracy(pairs: Sequence[tuple[ClaimVerdict, ClaimVerdict]]) -> float:
    return 100 * sum(a is b for a, b in pairs) / max(1, len(pairs))


def calibration_error(judged: Sequence[Judged]) -> float:
    """Expected calibration error over ten bins of equal width."""
    confidence = np.array([one.confidence for one in judged])
    right = np.array([one.is_right for one in judged], dtype=float)
    place = np.minimum((confidence * 10).astype(int), 9)
    held = [place == k for k in range(10) if (place == k).any()]
    return float(sum(b.mean() * abs(confidence[b].mean() - right[b].mean()) for b in held))


def sentence_counts(judged: Iterable[Judged]) -> tuple[int, int]:
    """(right, said) of quoted sentences: a quoted one is right if a whole rationale with it is quoted."""
    right = said = 0
    for one in judged:
        if one.said.verdict in (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED):
            quoted = {quote.sentence for quote in one.said.quotes[:QUOTED]}
            said += len(quoted)
            right += sum(any(s in held and held <= quoted for held in one.pair.sentences) for s in quoted)
    return right, said


def decided_counts(judged: Iterable[Judged]) -> tuple[int, int]:
    """(right, said) of SUPPORTED and REFUTED."""
    decided = [one for one in judged if one.said.verdict is not OPEN]
    return sum(one.is_right for one in decided), len(decided)


def given_scores(judged: Sequence[Judged]) -> dict[str, float]:
    pairs = [(one.pair.label, one.said.verdict) for one in judged]
    there = sum(len(frozenset().union(*one.pair.sentences)) for one in judged)
    evidence = sum(one.pair.label is not OPEN for one in judged)
    return {
        "accuracy": accuracy(pairs),
        "macro-F1": macro_f1(pairs),
        "SUPPORTED F1": label_f1(pairs, LABELS[0]),
        "REFUTED F1": label_f1(pairs, LABELS[1]),
        "open F1": label_f1(pairs, LABELS[2]),
        "abstract label F1": f1(*decided_counts(judged), evidence),
        "sentence F1": f1(*sentence_counts(judged), there),
        "ECE": calibration_error(judged),
    }


def searched_scores(asked: Sequence[Asked]) -> dict[str, float]:
    judged = [one for claim in asked for one in claim.judged]
    pairs = [(claim.label, claim.said) for claim in asked]
    return {
        "claim accuracy": accuracy(pairs),
        "claim macro-F1": macro_f1(pairs),
        "REFUTED F1": label_f1(pairs, LABELS[1]),
        "abstract label F1": f1(*decided_counts(judged), sum(claim.documents for claim in asked)),
        "sentence F1": f1(*sentence_counts(judged), sum(claim.sentences for claim in asked)),
        f"recall @{TOP}": 100
        * sum(one.pair.label is not OPEN for one in judged)
        / max(1, sum(claim.documents for claim in asked)),
        "ECE": calibration_error(judged),
    }


def table(
    name: str, items: Sequence[Any], group: Callable[[Any], str], scores: Callable[..., dict[str, float]]
) -> None:
    """Each score with its 95 % interval over resampled groups."""
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(group(item), []).append(item)
    held, rng = list(groups.values()), np.random.default_rng(1)
    drawn = [
        scores([item for at in rng.integers(0, len(held), len(held)) for item in held[at]]) for _ in range(RESAMPLED)
    ]
    print(f"\n{name} (n = {len(items)})")
    for measure, value in scores(items).items():
        low, high = np.percentile([one[measure] for one in drawn], [2.5, 97.5])
        form = "6.3f" if measure == "ECE" else "6.1f"
        print(f"  {measure:20s} {value:{form}}   [{low:{form}}, {high:{form}}]")


# --- judging ------------------------------------------------------------------------------------


def judge_given(backend: Backend, pairs: Iterable[LabelledPair]) -> list[Judged]:
    return [Judged(pair, backend.judge(pair.claim, [pair.source], Regime.GIVEN)[0]) for pair in pairs]


def judge_searched(backend: Backend, claims: LabelledClaims, pairs: Iterable[LabelledPair]) -> list[Asked]:
    found: dict[str, list[LabelledPair]] = {}
    for pair in pairs:
        if pair.source.rank < TOP:
            found.setdefault(pair.claim_id, []).append(pair)
    asked = []
    for claim in claims.claims:
        name = str(claim["id"])
        own = found.get(name, [])
        said = backend.judge(own[0].claim, [pair.source for pair in own], Regime.SEARCHED) if own else ()
        held = [claims.label(claim, document) for document in claim["evidence"]]
        verdict = overall(said).verdict
        asked.append(
            Asked(
                claims.group_of[name],
                Counter(label for label, _ in held).most_common(1)[0][0] if held else OPEN,
                verdict if verdict in LABELS else OPEN,
                tuple(Judged(pair, one) for pair, one in zip(own, said, strict=True)),
                len(held),
                sum(len(frozenset().union(*sentences)) for _, sentences in held),
            )
        )
    return asked


def without_twins(judged: Sequence[Judged]) -> list[Judged]:
    """Pairs whose document has no other claim that shares half of its words."""

    def has_twin(one: Judged) -> bool:
        mine = set(words(one.pair.claim))
        return any(
            other is not one
            and other.pair.source.source_id == one.pair.source.source_id
            and len(mine & set(words(other.pair.claim))) >= TWINS * len(mine | set(words(other.pair.claim)))
            for other in judged
        )

    return [one for one in judged if not has_twin(one)]


def in_folds(corpus: Path, encoder: Any) -> tuple[list[Judged], list[Asked]]:
    claims = read_labelled(corpus / "claims/scifact/claims_train.jsonl", corpus / "claims/scifact/corpus.jsonl")
    fold = document_folds(claims.claims)
    pairs = training_pairs(corpus, claims, encoder.encode if encoder else None)
    examples = {name: [example(pair, encoder) for pair in held] for name, held in pairs.items()}
    given: list[Judged] = []
    asked: list[Asked] = []
    for k in range(5):
        learned = [
            one
            for name in ("given", "searched")
            for pair, one in zip(pairs[name], examples[name], strict=True)
            if fold[pair.claim_id] != k
        ]
        model = fit(
            [*learned, *examples["cited"], *examples["own"], *examples["made"]],
            texts(encoder),
            model_id=f"fold-{k}",
            made_on="",
            made_by="",
            origin=(),
        )
        backend = FeaturesBackend(model, load_terms(), load_vectors(), encoder)
        given += judge_given(backend, (pair for pair in pairs["given"] if fold[pair.claim_id] == k))
        held = claims.only(frozenset(name for name, at in fold.items() if at == k))
        asked += judge_searched(backend, held, (pair for pair in pairs["searched"] if fold[pair.claim_id] == k))
        print(f"fold {k} of 5 done", file=sys.stderr)
    return given, asked


def shown_given(name: str, judged: Sequence[Judged]) -> None:
    table(name, judged, lambda one: one.pair.group, given_scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--encoder", type=Path)
    chosen = parser.parse_args()
    encoder = None
    if chosen.encoder:
        from pipelines.verification.encoder import load_encoder

        encoder = load_encoder(chosen.encoder, cached=ENCODED)
    print("sentence encoder:", encoder.version if encoder else "none")
    started = time.perf_counter()
    if chosen.claims:
        claims, backend = read_labelled(chosen.claims, chosen.corpus), default_backend(encoder)
        given = judge_given(backend, given_pairs(claims))
        found = searched_pairs(claims, chosen.corpus, TOP, encoder.encode if encoder else None)
        asked = judge_searched(backend, claims, found)
    elif os.environ.get("CLAIMGATE_CORPUS"):
        corpus = Path(os.environ["CLAIMGATE_CORPUS"])
        given, asked = in_folds(corpus, encoder)
        backend = default_backend(encoder)
        integrity = corpus / "claims/citation-integrity"
        dev = read_labelled(integrity / "claims_dev.jsonl", integrity / "corpus.jsonl")
        shown_given("Citation-Integrity dev, shipped coefficients", judge_given(backend, given_pairs(dev)))
        shown_given("own set, withheld half, shipped coefficients", judge_given(backend, own_pairs("withheld")))
        shown_given("SciFact train in folds, pairs without a near twin", without_twins(given))
    else:
        sys.exit("CLAIMGATE_CORPUS names no folder with the labelled data")
    shown_given("source given", given)
    table("source searched", asked, lambda one: one.group, searched_scores)
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
