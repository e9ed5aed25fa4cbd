"""Fit the coefficients that the features back end ships, and write them as JSON that can be read.

usage: CLAIMGATE_CORPUS=<data folder> python benchmarks/train_features.py [--encoder FOLDER] [--vectors] [--out FILE]

Learns from SciFact train (given and searched), the training half of our own set, and rule-made rows. `--vectors`
makes the word vectors anew first; `--encoder` fits the coefficients that go with a sentence encoder. The extra
`train` must be installed. Two runs on the same data give the same file, but for its date.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled_claims import (
    LabelledClaims,
    LabelledPair,
    cited_pairs,
    example,
    given_pairs,
    own_pairs,
    read_labelled,
    rows,
    rule_made_pairs,
    searched_pairs,
)
from pipelines.verification.examination import probe
from pipelines.verification.feature_model import ENCODED_MODEL_FILE, MODEL_FILE, FeatureModel, Origin
from pipelines.verification.fitting import Texts, fit
from pipelines.verification.lexicon import load_lexicon
from pipelines.verification.terms import STOP_WORDS, load_terms, stem, words
from pipelines.verification.word_vectors import VECTORS_FILE, load_vectors

SEED = 7
RULE_MADE = 4_000
DIMENSIONS = 64
WINDOW = 8  # words
LEAST_SENTENCES = 6  # that hold a stem which gets a vector
MOST_LETTERS = 24
ENCODED = 200_000  # texts whose vectors are kept
SCIFACT = "SciFact train (Wadden et al., 2020)"
SCIFACT_LICENCE = "claims CC BY 4.0, abstracts ODC-By 1.0"


def training_pairs(corpus: Path, claims: LabelledClaims, encode: Any = None) -> dict[str, list[LabelledPair]]:
    """All that coefficients are fitted on, by where it came from."""
    documents = corpus / "claims/scifact/corpus.jsonl"
    cited = frozenset(str(d) for claim in claims.claims for d in claim["cited_doc_ids"])
    return {
        "given": list(given_pairs(claims)),
        "searched": list(searched_pairs(claims, documents, encode=encode)),
        "cited": list(cited_pairs(_integrity(corpus))),
        "own": list(own_pairs("train")),
        "made": list(rule_made_pairs(documents, cited, seed=SEED, most=RULE_MADE)),
    }


def _integrity(corpus: Path) -> LabelledClaims:
    folder = corpus / "claims/citation-integrity"
    return read_labelled(folder / "claims_train.jsonl", folder / "corpus.jsonl")


def origins(pairs: dict[str, list[LabelledPair]]) -> tuple[Origin, ...]:
    def of(name: str, data: str, licence: str, use: str) -> Origin:
        return Origin(data=data, licence=licence, rows=len(pairs[name]), use=use)

    return (
        of("given", SCIFACT, SCIFACT_LICENCE, "source given: fitting, calibration, thresholds"),
        of("searched", SCIFACT, SCIFACT_LICENCE, "source searched: fitting, calibration, thresholds"),
        of("cited", "Citation-Integrity train", "MIT", "evidence or not"),
        of("own", "machine-learning claims, training half (benchmarks/labels/ml-claims)", "Apache-2.0", "fitting"),
        of("made", "rows made by rule from SciFact abstracts that no claim cites", "ODC-By 1.0", "fitting"),
    )


def texts(encoder: Any) -> Texts:
    ids = load_terms().snapshot_id, load_lexicon().lexicon_id, load_vectors().vectors_id
    return Texts(*ids, encoder.version, probe(encoder)) if encoder else Texts(*ids)


def written(model: FeatureModel) -> str:
    """JSON with one line for each list of numbers."""
    text = json.dumps(model.model_dump(mode="json"), indent=1)
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m.group(1)) + "]", text) + "\n"


# --- word vectors -------------------------------------------------------------------------------


def _sentences(corpus: Path) -> Iterator[list[str]]:
    for document in rows(corpus / "claims/scifact/corpus.jsonl"):
        for sentence in (document["title"], *document["abstract"]):
            yield _stems(sentence)
    with gzip.open(corpus / "texts/abstracts/arxiv_abstracts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            held = json.loads(line)
            for sentence in (held["title"], *re.split(r"(?<=[.!?])\s+", held["abstract"])):
                yield _stems(sentence)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text) if word not in STOP_WORDS and len(word) > 1]


def make_vectors(corpus: Path, out: Path) -> None:
    """Positive pointwise mutual information of stems within a window, reduced by SVD to bytes."""
    from scipy.sparse import csr_matrix
    from sklearn.utils.extmath import randomized_svd

    sentences = list(_sentences(corpus))
    held_in = Counter(word for sentence in sentences for word in set(sentence))
    kept = sorted((w for w, n in held_in.items() if n >= LEAST_SENTENCES and len(w) <= MOST_LETTERS))
    place = {word: i for i, word in enumerate(kept)}
    together: Counter[tuple[int, int]] = Counter()
    for sentence in sentences:
        at = [place[word] for word in sentence if word in place]
        for i, one in enumerate(at):
            for j in range(i + 1, min(len(at), i + WINDOW)):
                if one != at[j]:
                    together[min(one, at[j]), max(one, at[j])] += (j - i) ** -0.5  # type: ignore[assignment]
    pairs, counts = np.array(list(together)), np.array(list(together.values()))
    across, down = np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])
    table = csr_matrix((np.concatenate([counts, counts]), (across, down)), shape=(len(kept), len(kept))).tocoo()
    total = np.bincount(table.row, table.data, len(kept))
    smoothed = total**0.75 / (total**0.75).sum()
    information = np.log(table.data / (total[table.row] * smoothed[table.col]))
    positive = information > 0
    chosen = csr_matrix((information[positive], (table.row[positive], table.col[positive])), shape=table.shape)
    left, strength, _ = randomized_svd(chosen, DIMENSIONS, n_iter=4, random_state=SEED)
    vectors = left * np.sqrt(strength)
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    whole = np.round(vectors / largest * 127).astype(np.int8)
    save_vectors(out, kept, whole)


def save_vectors(out: Path, stems: Sequence[str], vectors: NDArray[np.int8]) -> None:
    """The id holds a hash of the content: coefficients fitted with another table are refused."""
    digest = sha256("\n".join(stems).encode() + vectors.tobytes()).hexdigest()[:8]
    named = np.array(f"{out.stem}+{digest}")
    np.savez_compressed(out, stems=np.array("\n".join(stems)), vectors=vectors, vectors_id=named)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--vectors", action="store_true")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    if not os.environ.get("CLAIMGATE_CORPUS"):
        sys.exit("CLAIMGATE_CORPUS names no folder with the labelled data")
    corpus = Path(os.environ["CLAIMGATE_CORPUS"])
    if chosen.vectors:
        make_vectors(corpus, VECTORS_FILE)
    encoder = None
    if chosen.encoder:
        from pipelines.verification.encoder import load_encoder

        encoder = load_encoder(chosen.encoder, cached=ENCODED)
    claims = read_labelled(corpus / "claims/scifact/claims_train.jsonl", corpus / "claims/scifact/corpus.jsonl")
    pairs = training_pairs(corpus, claims, encoder.encode if encoder else None)
    examples = [example(pair, encoder) for held in pairs.values() for pair in held]
    out = chosen.out or (ENCODED_MODEL_FILE if encoder else MODEL_FILE)
    model = fit(
        examples,
        texts(encoder),
        model_id=out.stem,
        made_on=datetime.now(UTC).date().isoformat(),
        made_by="benchmarks/train_features.py",
        origin=origins(pairs),
    )
    out.write_text(written(model), encoding="utf-8")
    for regime, bins in model.reliability.items():
        print(regime.value, *(f"{b.mean_confidence:.2f}/{b.right:.2f} ({b.cases})" for b in bins))


if __name__ == "__main__":
    main()
