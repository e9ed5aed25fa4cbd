"""Measure the first verifier, and write the calibration table that it ships.

usage: CLAIMGATE_CORPUS=<data folder> python benchmarks/first_verification.py [--write] [--show N]

Prints (1) accuracy, macro-F1 and REFUTED F1 on SciFact train, cited abstract given, in five folds that
share no document, beside the best-sentence Jaccard baseline; (2) a metamorphic table on sentences of
abstracts; (3) calibration error, each fold scored with the table of the other four. `--write` writes
`calibration-2026-11.json`; `--show N` prints N wrong or decided cases to read.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.models import Claim, ClaimKind, ClaimOrigin, ClaimVerdict, Passage, Verdict
from pipelines.verification.calibration import (
    CALIBRATION_FILE,
    CalibrationBin,
    CalibrationTable,
    pool_adjacent,
)
from pipelines.verification.terms import content_stems, load_terms
from pipelines.verification.verdict import VERIFIER_VERSION, verify_claim
from pipelines.verification.windows import sentence_spans

LABELS = (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO)
GOLD = {"SUPPORT": ClaimVerdict.SUPPORTED, "CONTRADICT": ClaimVerdict.REFUTED}
SUPPORTED, REFUTED, OPEN = LABELS
EDGES = {
    SUPPORTED: (0.0, 0.72, 0.78, 0.85, 0.92, 0.999),
    REFUTED: (0.0, 0.75, 0.9),
    OPEN: (0.0, 0.2, 0.35, 0.5, 0.65, 0.8),
}
FEWEST_CASES = 10  # a share of fewer cases says nothing
UNMEASURED = CalibrationTable(
    calibration_id="unmeasured", made_on="", made_by="", verifier_version="", origin=(), bins={}
)


@dataclass(frozen=True)
class Case:
    claim: str
    document: str
    sentences: tuple[str, ...]
    gold: ClaimVerdict
    fold: int


@dataclass(frozen=True)
class Scored:
    case: Case
    verdict: Verdict
    score: float


def rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def document_folds(claims: Sequence[dict[str, Any]], count: int = 5) -> dict[int, int]:
    """Claim id: fold. Claims that share a cited document, by any chain, share a fold."""
    parent: dict[Any, Any] = {}

    def root(x: Any) -> Any:
        while parent.setdefault(x, x) != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for claim in claims:
        for document in claim["cited_doc_ids"]:
            parent[root(("claim", claim["id"]))] = root(("document", document))
    groups: dict[Any, list[int]] = {}
    for claim in claims:
        groups.setdefault(root(("claim", claim["id"])), []).append(claim["id"])
    parts = list(groups.values())
    random.Random(13).shuffle(parts)
    parts.sort(key=len, reverse=True)
    folds: list[list[int]] = [[] for _ in range(count)]
    for part in parts:
        min(folds, key=len).extend(part)
    return {claim: fold for fold, held in enumerate(folds) for claim in held}


def cases(corpus: Path) -> list[Case]:
    claims = rows(corpus / "claims/scifact/claims_train.jsonl")
    documents = {d["doc_id"]: d for d in rows(corpus / "claims/scifact/corpus.jsonl")}
    fold = document_folds(claims)
    found = []
    for claim in claims:
        for document in claim["cited_doc_ids"]:
            evidence = claim["evidence"].get(str(document))
            gold = GOLD[evidence[0]["label"]] if evidence else OPEN
            sentences = tuple(documents[document]["abstract"])
            found.append(Case(claim["claim"], str(document), sentences, gold, fold[claim["id"]]))
    return found


def as_claim(text: str) -> Claim:
    return Claim(
        claim_id="claim", ordinal=1, text=text, start=0, end=len(text), normalised=text,
        origin=ClaimOrigin.STATED, kind=ClaimKind.EMPIRICAL,
    )  # fmt: skip


def as_passage(document: str, sentences: Sequence[str]) -> Passage:
    text = " ".join(sentences)
    return Passage(
        passage_id=f"{document}:0", source_id=f"scifact:{document}", source_version_id=document, ordinal=0,
        start=0, end=len(text), text=text,
    )  # fmt: skip


def verdict_on(text: str, passages: Sequence[Passage], calibration: CalibrationTable) -> Verdict:
    cited = frozenset(p.source_id for p in passages)
    return verify_claim(as_claim(text), passages, cited=cited, terms=load_terms(), calibration=calibration)


def score_of(verdict: Verdict) -> float:
    return verdict.evidence[0].score if verdict.evidence else 0.0


def jaccard(case: Case, cut: float) -> ClaimVerdict:
    words = content_stems(case.claim)
    best = max((len(words & s) / len(words | s) for s in map(content_stems, case.sentences) if words | s), default=0)
    return SUPPORTED if best >= cut else OPEN


def f1(pairs: Sequence[tuple[ClaimVerdict, ClaimVerdict]], label: ClaimVerdict) -> tuple[float, float, float]:
    """(precision, recall, F1) in per cent."""
    right = sum(gold == said == label for gold, said in pairs)
    precision = 100 * right / max(1, sum(said == label for _, said in pairs))
    recall = 100 * right / max(1, sum(gold == label for gold, _ in pairs))
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def line(name: str, pairs: Sequence[tuple[ClaimVerdict, ClaimVerdict]]) -> str:
    per = {label: f1(pairs, label) for label in LABELS}
    accuracy = 100 * sum(gold == said for gold, said in pairs) / len(pairs)
    macro = sum(x[2] for x in per.values()) / 3
    detail = "  ".join(f"{label.name[:3]} P {p:.0f} R {r:.0f} F {f:.0f}" for label, (p, r, f) in per.items())
    return f"{name:28} n={len(pairs)} acc {accuracy:.1f} macro-F1 {macro:.1f}  {detail}"


def table_of(scored: Sequence[Scored], verbatim: tuple[int, int], made_on: str) -> CalibrationTable:
    """Bins by verdict and score, pooled to be monotone: rising for decided verdicts, falling for open."""
    bins: dict[ClaimVerdict, tuple[CalibrationBin, ...]] = {}
    for label in LABELS:
        edges = EDGES[label]
        shares, starts = [], []
        start = edges[0]
        for low, high in zip(edges, [*edges[1:], 1.01], strict=True):
            held = [s for s in scored if s.verdict.verdict is label and start <= s.score < high]
            right = sum(s.case.gold is label for s in held)
            total = len(held)
            if label is SUPPORTED and low == edges[-1]:
                right, total = verbatim
            if total >= FEWEST_CASES or (total and high > 1):
                shares.append(((right + 0.5) / (total + 1), total))
                starts.append(start)
                start = high  # a bin with too few cases goes on into the next
        pooled = pool_adjacent(shares, rising=label is not OPEN)
        bins[label] = tuple(
            CalibrationBin(from_score=start, cases=cases_, right=round(share, 4))
            for start, (share, _), (_, cases_) in zip(starts, pooled, shares, strict=True)
        )
    disputed = [s for s in scored if s.verdict.verdict in (SUPPORTED, REFUTED)]
    origin = (
        {
            "data": "SciFact claims_train.jsonl (allenai/scifact), cited abstract given",
            "licence": "CC BY 4.0 (annotations), ODC-By 1.0 (abstracts)",
            "cases": str(len(scored)),
            "decided": str(len(disputed)),
        },
        {
            "data": "sentences of SciFact and arXiv abstracts held against their own abstract (verbatim)",
            "licence": "ODC-By 1.0; CC0 1.0",
            "cases": str(verbatim[1]),
            "used_as": "the uppermost SUPPORTED bin only",
        },
    )
    return CalibrationTable(
        calibration_id="calibration-2026-11", made_on=made_on, made_by="benchmarks/first_verification.py",
        verifier_version=VERIFIER_VERSION, origin=origin, bins=bins,
    )  # fmt: skip


def calibration_error(scored: Sequence[Scored], verbatim: tuple[int, int]) -> float:
    """Ten-bin error of confidences that come from the other folds' table."""
    items = []
    for fold in range(5):
        table = table_of([s for s in scored if s.case.fold != fold], verbatim, "")
        for s in scored:
            confidence = table.confidence(s.verdict.verdict, s.score)
            if s.case.fold == fold and confidence is not None:
                items.append((confidence, s.case.gold is s.verdict.verdict))
    error = 0.0
    for k in range(10):
        held = [(c, ok) for c, ok in items if k / 10 <= c < (k + 1) / 10 or (k == 9 and c == 1)]
        if held:
            error += abs(sum(c for c, _ in held) - sum(ok for _, ok in held)) / len(items)
    return error


_AUXILIARY = re.compile(r"\b(is|are|was|were|can|has|have|will|could)\b(?! not)")
_NUMBER = re.compile(r"(?<![\w.,/^-])(\d{1,4}(?:\.\d+)?)(?=\s?%|\s[a-z])")


def negated(sentence: str) -> str | None:
    match = _AUXILIARY.search(sentence)
    if match is None or re.search(r"\b(no|not|never|nor|neither|without|cannot)\b", sentence, re.IGNORECASE):
        return None
    return f"{sentence[: match.end()]} not{sentence[match.end() :]}"


def renumbered(sentence: str) -> str | None:
    match = _NUMBER.search(sentence)
    if match is None:
        return None
    value = match.group(1)
    changed = str(int(value) + 7) if "." not in value else f"{float(value) * 1.7 + 1:.{len(value.split('.')[1])}f}"
    return sentence[: match.start()] + changed + sentence[match.end() :] if changed not in sentence else None


def changed_sentences(corpus: Path, count: int = 250) -> Iterator[tuple[str, str, str, list[str]]]:
    """(kind, claim, document, sentences): copies of sentences of abstracts, plain and altered."""
    documents = rows(corpus / "claims/scifact/corpus.jsonl")
    chosen = random.Random(7).sample(documents, count)
    for document in chosen:
        sentences = document["abstract"]
        text = " ".join(sentences)
        spans = [text[a:b] for a, b in sentence_spans(text)]
        fitting = [s for s in spans if 8 <= len(s.split()) <= 40]
        for kind, alter in (("verbatim", str), ("negated", negated), ("number changed", renumbered)):
            made = [(x, s) for s in fitting if (x := alter(s))]
            if made:
                yield kind, made[len(made) // 2][0], str(document["doc_id"]), sentences


def metamorphic(corpus: Path, show: int) -> tuple[int, int]:
    """Print the table of altered copies; return (right, cases) of the verbatim ones."""
    counts: dict[str, dict[ClaimVerdict, int]] = {}
    for kind, claim, document, sentences in changed_sentences(corpus):
        verdict = verdict_on(claim, [as_passage(document, sentences)], UNMEASURED)
        held = counts.setdefault(kind, {})
        held[verdict.verdict] = held.get(verdict.verdict, 0) + 1
        wrong = (verdict.verdict is SUPPORTED) != (kind == "verbatim")
        if show and wrong:
            print(
                "  ", kind, verdict.verdict.value, "|", claim, "|", verdict.evidence[0].text if verdict.evidence else ""
            )
    for kind, held in counts.items():
        total = sum(held.values())
        shares = "  ".join(f"{label.value} {100 * held.get(label, 0) / total:.1f} %" for label in LABELS)
        print(f"{kind:16} n={total:4}  {shares}")
    verbatim = counts["verbatim"]
    return verbatim.get(SUPPORTED, 0), sum(verbatim.values())


def measured(found: Sequence[Case]) -> list[Scored]:
    scored = []
    for case in found:
        verdict = verdict_on(case.claim, [as_passage(case.document, case.sentences)], UNMEASURED)
        scored.append(Scored(case, verdict, score_of(verdict)))
    return scored


def print_cases(scored: Sequence[Scored], count: int) -> None:
    decided = [s for s in scored if s.verdict.verdict is not OPEN or s.verdict.conflict]
    for s in random.Random(3).sample(decided, min(count, len(decided))):
        mark = "right" if s.verdict.verdict is s.case.gold else f"WRONG (gold {s.case.gold.value})"
        print(f"- {mark}: {s.verdict.verdict.value} {s.score:.2f} | {s.case.claim}")
        for e in s.verdict.evidence[:2]:
            print(f"      {e.stance.value} {e.score:.2f} {e.text}\n      why: {e.why}")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", metavar="DATE", help="write the calibration table, dated DATE")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args(arguments)
    corpus = Path(os.environ["CLAIMGATE_CORPUS"])
    found = cases(corpus)
    started = time.perf_counter()
    scored = measured(found)
    seconds = time.perf_counter() - started
    for fold in range(5):
        print(line(f"fold {fold}", [(s.case.gold, s.verdict.verdict) for s in scored if s.case.fold == fold]))
    print(line("all folds", [(s.case.gold, s.verdict.verdict) for s in scored]))
    print(line("best-sentence Jaccard 0.20", [(c.gold, jaccard(c, 0.20)) for c in found]))
    print(line("always SUPPORTED", [(c.gold, SUPPORTED) for c in found]))
    print(f"{len(found) / seconds:.0f} pairs of claim and abstract a second, reading included")
    verbatim = metamorphic(corpus, options.show)
    print(f"calibration error, tables of the other folds: {calibration_error(scored, verbatim):.3f}")
    print_cases(scored, options.show)
    if options.write:
        table = table_of(scored, verbatim, options.write)
        CALIBRATION_FILE.write_text(table.model_dump_json(indent=1) + "\n", encoding="utf-8")
        print(table.model_dump_json(include={"bins"}))


if __name__ == "__main__":
    main(sys.argv[1:])
