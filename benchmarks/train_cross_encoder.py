"""Train the optional cross-encoder of the `onnx` back end on rows made by rule, and export it.

usage: python benchmarks/train_cross_encoder.py OUT_DIR [--rows ROWS.jsonl]... [--abstracts ORIGIN=CORPUS.jsonl]...
           [--without CLAIMS.jsonl]... [--pairs 70000] [--seed 0] [--weights FOLDER] [--fp32] [--int8]

Rows are JSON lines `{claim, evidence, label}` (and `group`: "document#number", `origin`), or are made from abstracts
in SciFact form by `pipelines.verification.contrast`; withheld documents are left out, and those that the claims of
`--without` cite, so that a stack of models can be measured on such claims. The recipe: a small sentence encoder (see
`export_encoder.py`) with a head of three outputs, embeddings frozen, batches of 64 pairs of at most 96 tokens, a
learning rate of 1.5e-4 that rises shortly and then falls, no dropout, steps computed in 16 bits over weights kept in
32. One document of twenty is held out; the figures printed are of those. Needs torch, transformers and onnx beside
the project. Writes model.onnx, tokenizer.json, config.json and parity.json, and ends by starting the back end with
them. The weights carry the licences of all origins that config.json names.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from export_encoder import packaged_weights, quantise, write_network

from pipelines.models import ClaimVerdict
from pipelines.verification.contrast.corpora import read_abstracts, read_cited_documents
from pipelines.verification.contrast.rows import contrast_rows
from pipelines.verification.contrast.withheld import is_withheld

LABELS = ("entailment", "neutral", "contradiction")
LABEL_OF = {ClaimVerdict.SUPPORTED: 0, ClaimVerdict.NOT_ENOUGH_INFO: 1, ClaimVerdict.REFUTED: 2}
BATCH = 64
TRAINED_TOKENS = 96
READ_TOKENS = 160  # when judging, where two or three sentences are read at once
MOST_OF_CLAIM = 300  # characters; a claim that would be cut may lose what its label rests on
PEAK = 1.5e-4
RISE = 0.05  # share of the steps
LEAST = 0.03  # of the peak, at the end
SMOOTHING = 0.05
HELD_OUT = 20  # one document of so many
EVALUATED = 2_000  # held-out rows at most
PARITY_ROWS = 64
PER_DOCUMENT = 4


@dataclass(frozen=True)
class Row:
    claim: str
    evidence: str
    label: int
    document: str
    origin: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Rows, training, figures, export, proof."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=Path, action="append", default=[])
    parser.add_argument("--abstracts", action="append", default=[], metavar="ORIGIN=CORPUS")
    parser.add_argument("--without", type=Path, action="append", default=[], metavar="CLAIMS")
    parser.add_argument("--pairs", type=int, default=70_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--fp32", action="store_true", help="for processors without 16-bit arithmetic")
    parser.add_argument("--int8", action="store_true")
    chosen = parser.parse_args(arguments)
    missing = [name for name in ("torch", "transformers", "onnx") if importlib.util.find_spec(name) is None]
    weights = chosen.weights or packaged_weights()
    if missing or weights is None:
        print(f"missing: {', '.join(missing) or 'weights'}; see benchmarks/export_encoder.py", file=sys.stderr)
        return 2
    rows = [*read_rows(chosen.rows), *made_rows(chosen.abstracts, chosen.without, chosen.seed)]
    rows = [row for row in rows if len(row.claim) <= MOST_OF_CLAIM]
    training = [row for row in rows if not is_held_out(row)]
    held_out = [row for row in rows if is_held_out(row)]
    if len(training) < BATCH or not held_out:
        print(f"{len(training)} rows to train on and {len(held_out)} held out are too few", file=sys.stderr)
        return 2
    print(f"{len(training):,} rows, {len(held_out):,} held out; {dict(Counter(row.origin for row in rows))}")
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    trainer = Trainer(weights, chosen.threads, chosen.seed, half=not chosen.fp32)
    seconds = trainer.train(training, chosen.pairs)
    print(f"{chosen.pairs:,} pairs in {seconds:.0f} s, {chosen.pairs / seconds:.0f} a second")
    shown = random.Random(chosen.seed).sample(held_out, min(EVALUATED, len(held_out)))
    print_figures(shown, trainer.logits(shown))
    export(trainer, weights, chosen.out, shown[:PARITY_ROWS], rows, int8=chosen.int8)
    return prove(chosen.out)


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """Rows of files; a row without a group is a document of its own."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                held = json.loads(line)
                group = held.get("group") or f"{path.name}-{number}"
                label = LABEL_OF[ClaimVerdict(held["label"])]
                yield Row(
                    held["claim"],
                    held["evidence"],
                    label,
                    group.rpartition("#")[0] or group,
                    held.get("origin", path.name),
                )


def made_rows(stated: Sequence[str], without: Sequence[Path], seed: int) -> Iterator[Row]:
    """Rows made from abstracts, without those of withheld documents and of those that certain claims cite."""
    held = []
    cited = frozenset().union(*map(read_cited_documents, without))
    for one in stated:
        origin, _, path = one.partition("=")
        held += [
            a
            for a in read_abstracts(Path(path), origin)
            if not is_withheld(a.doc_id) and a.doc_id.rpartition(":")[2] not in cited
        ]
    for row in contrast_rows(held, random.Random(seed), per_document=PER_DOCUMENT):
        yield Row(row.claim, row.evidence, LABEL_OF[row.label], row.group.rpartition("#")[0], row.origin)


def is_held_out(row: Row) -> bool:
    """Told from the document alone."""
    return int(hashlib.sha256(row.document.encode()).hexdigest()[:8], 16) % HELD_OUT == 0


class Trainer:
    """The network while it learns: steps in 16 bits, the weights that they change in 32."""

    def __init__(self, weights: Path, threads: int, seed: int, *, half: bool) -> None:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        torch.set_num_threads(threads)
        torch.manual_seed(seed)
        self.torch = torch
        self.tokenizer = AutoTokenizer.from_pretrained(weights)
        self.network = AutoModelForSequenceClassification.from_pretrained(
            weights,
            num_labels=3,
            id2label=dict(enumerate(LABELS)),
            attn_implementation="eager",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            dtype=torch.float32,
        )
        self.network.base_model.embeddings.requires_grad_(False)
        self.random = random.Random(seed)
        self.half = half

    def train(self, rows: Sequence[Row], pairs: int) -> float:
        """Sees `pairs` rows, each as often as any other; the seconds that it took."""
        torch = self.torch
        steps = max(1, pairs // BATCH)
        kept = [p.detach().clone() for p in self.network.parameters() if p.requires_grad]
        if self.half:
            self.network.to(torch.bfloat16)
        working = [p for p in self.network.parameters() if p.requires_grad]
        optimiser = torch.optim.AdamW(kept, lr=PEAK, weight_decay=0.01)
        loss_of = torch.nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
        self.network.train()
        began, shown = time.perf_counter(), 0.0
        for step, batch in zip(range(steps), self._batches(rows), strict=False):
            for group in optimiser.param_groups:
                group["lr"] = PEAK * min(1.0, (step + 1) / (RISE * steps + 1)) * max(LEAST, 1 - step / steps)
            gold = torch.tensor([row.label for row in batch])
            loss = loss_of(self.network(**self._encoded(batch, TRAINED_TOKENS)).logits.float(), gold)
            loss.backward()
            for own, used in zip(kept, working, strict=True):
                own.grad = used.grad.float()
                used.grad = None
            torch.nn.utils.clip_grad_norm_(kept, 1.0)
            optimiser.step()
            with torch.no_grad():
                for own, used in zip(kept, working, strict=True):
                    used.copy_(own)
            shown = loss.item() if step == 0 else 0.98 * shown + 0.02 * loss.item()
            if step % 100 == 99:
                rate = (step + 1) * BATCH / (time.perf_counter() - began)
                print(f"{(step + 1) * BATCH:,} pairs, loss {shown:.3f}, {rate:.0f} pairs/s", flush=True)
        self.network.float()
        with torch.no_grad():
            for own, used in zip(kept, working, strict=True):
                used.copy_(own)
        self.network.eval()
        return time.perf_counter() - began

    def logits(self, rows: Sequence[Row]) -> Any:
        """In 32 bits, as the export will compute; rows of like length together."""
        torch = self.torch
        order = sorted(range(len(rows)), key=lambda n: len(rows[n].claim) + len(rows[n].evidence))
        found = torch.zeros((len(rows), 3))
        with torch.inference_mode():
            for start in range(0, len(order), BATCH):
                part = order[start : start + BATCH]
                found[part] = self.network(**self._encoded([rows[n] for n in part], READ_TOKENS)).logits
        return found

    def _encoded(self, rows: Sequence[Row], most: int) -> Any:
        """Evidence first, as premise; it alone is cut when judging, and both in turn when learning."""
        evidence, claims = [row.evidence for row in rows], [row.claim for row in rows]
        cut = "only_first" if most == READ_TOKENS else "longest_first"
        return self.tokenizer(evidence, claims, truncation=cut, max_length=most, padding=True, return_tensors="pt")

    def _batches(self, rows: Sequence[Row]) -> Iterator[list[Row]]:
        """Without end; rows of like length in a batch, which saves a third of the time."""
        while True:
            mixed = self.random.sample(list(rows), len(rows))
            for start in range(0, len(mixed), BATCH * 16):
                part = sorted(mixed[start : start + BATCH * 16], key=lambda r: len(r.claim) + len(r.evidence))
                batches = [part[n : n + BATCH] for n in range(0, len(part), BATCH)]
                yield from self.random.sample(batches, len(batches))


def print_figures(rows: Sequence[Row], logits: Any) -> None:
    """Accuracy and macro-F1 of the three labels; how well support is told from contradiction."""
    said = logits.argmax(dim=1).tolist()
    right = sum(row.label == guess for row, guess in zip(rows, said, strict=True))
    scores = []
    for label in range(3):
        hits = sum(row.label == guess == label for row, guess in zip(rows, said, strict=True))
        scores.append(2 * hits / max(1, sum(row.label == label for row in rows) + said.count(label)))
    decided = [(row.label == 0, float(z[0] - z[2])) for row, z in zip(rows, logits, strict=True) if row.label != 1]
    print(f"held out: {len(rows)} rows, accuracy {right / len(rows):.3f}, macro-F1 {sum(scores) / 3:.3f}", end="")
    print(f", polarity AUC {area_under_curve(decided):.3f}")


def area_under_curve(scored: Sequence[tuple[bool, float]]) -> float:
    """Chance that a supported row scores above a refuted one; ties count half."""
    above = [score for positive, score in scored if positive]
    below = [score for positive, score in scored if not positive]
    won = sum((a > b) + 0.5 * (a == b) for a in above for b in below)
    return won / max(1, len(above) * len(below))


def export(
    trainer: Trainer, weights: Path, out: Path, proof: Sequence[Row], rows: Sequence[Row], *, int8: bool
) -> None:
    """Writes the four files of a back end; parity is what torch gives for held-out rows, one at a time."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(weights / "tokenizer.json", out / "tokenizer.json")
    write_network(trainer.network, out / "model.onnx", "logits")
    if int8:
        quantise(out / "model.onnx")
    made_by = f"torch {trainer.torch.__version__}"
    config = {
        "id2label": dict(enumerate(LABELS)),
        "max_tokens": READ_TOKENS,
        "made_by": made_by,
        "origins": dict(Counter(row.origin for row in rows)),
        "int8": int8,
    }
    (out / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    stated = []
    for row in proof:
        (logits,) = trainer.logits([row]).tolist()
        ids = trainer._encoded([row], READ_TOKENS)["input_ids"][0].tolist()
        stated.append({"premise": row.evidence, "hypothesis": row.claim, "logits": logits, "input_ids": ids})
    (out / "parity.json").write_text(json.dumps({"made_by": made_by, "rows": stated}), encoding="utf-8")


def prove(out: Path) -> int:
    """Starts the back end with the folder, which refuses an export that is not faithful."""
    from pipelines.verification.nli_onnx import load_onnx_backend

    backend = load_onnx_backend(out)
    assert backend.parity is not None
    print(backend.parity.sentence())
    held = json.loads((out / "parity.json").read_text(encoding="utf-8"))["rows"]
    began = time.process_time()
    for row in held:
        backend.scores(row["hypothesis"], [row["premise"]])
    print(f"{len(held) / (time.process_time() - began):.0f} pairs a second on one core; {backend.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
