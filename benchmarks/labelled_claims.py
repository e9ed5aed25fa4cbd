"""Labelled claims as examples for fitting and measuring: SciFact, Citation-Integrity, our own set, rule-made rows.

Reads files in SciFact format (claims with `evidence` by document, a corpus of abstracts). Does not belong here:
fitting (pipelines/verification/fitting.py), scoring (`verification.py`).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.models import ClaimVerdict
from pipelines.verification.backend import Regime, SourceText
from pipelines.verification.contrast.reworded import reworded_rows
from pipelines.verification.contrast.rows import Abstract, ContrastRow, contrast_rows
from pipelines.verification.contrast.withheld import is_withheld
from pipelines.verification.examination import EncodedPair, pair_of
from pipelines.verification.fitting import Example
from pipelines.verification.profiles import Profile, SourceProfile, profile
from pipelines.verification.terms import content_stems, load_terms
from pipelines.verification.word_vectors import load_vectors
from warehouse.corpus_file import open_corpus_file

OWN_SET = Path(__file__).parent / "labels" / "ml-claims"
GOLD = {"SUPPORT": ClaimVerdict.SUPPORTED, "CONTRADICT": ClaimVerdict.REFUTED, "REFUTE": ClaimVerdict.REFUTED}
OPEN = ClaimVerdict.NOT_ENOUGH_INFO
MEASURED = 3  # of them that thresholds and calibration are found on: as many as are looked at later
CANDIDATES = 5  # abstracts that are searched for each claim to learn from
OWN_WEIGHT = 0.5
CITED_WEIGHT = 0.2
RULE_MADE_WEIGHT = 0.15
_CITATION_MARK = re.compile(r"\[?<\|?/?\w+\|?>(?:,?\d+)*\]?")


@dataclass(frozen=True)
class LabelledPair:
    """A claim and one source with its label; `sentences` as in `Example`."""

    claim_id: str
    claim: str
    source: SourceText
    label: ClaimVerdict
    sentences: tuple[frozenset[int], ...]
    group: str
    regimes: frozenset[Regime]
    weight: float = 1.0
    measured: bool = True


def rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


# --- SciFact format -----------------------------------------------------------------------------


@dataclass(frozen=True)
class LabelledClaims:
    """Claims with their documents, as the files have them; `group_of` is by claim id."""

    claims: tuple[dict[str, Any], ...]
    documents: Mapping[str, dict[str, Any]]
    group_of: Mapping[str, str]

    def source(self, document: str, rank: int = 0, closeness: float = 1.0) -> SourceText:
        held = self.documents[document]
        return SourceText(document, held["title"], tuple(held["abstract"]), rank, closeness)

    def label(self, claim: Mapping[str, Any], document: str) -> tuple[ClaimVerdict, tuple[frozenset[int], ...]]:
        evidence = claim["evidence"].get(document)
        if not evidence:
            return OPEN, ()
        held = evidence if isinstance(evidence, list) else [evidence]
        return GOLD[held[0]["label"]], tuple(frozenset(one["sentences"]) for one in held)

    def only(self, wanted: frozenset[str]) -> LabelledClaims:
        return LabelledClaims(tuple(c for c in self.claims if str(c["id"]) in wanted), self.documents, self.group_of)


def read_labelled(claims: Path, corpus: Path) -> LabelledClaims:
    held = tuple(rows(claims))
    return LabelledClaims(held, {str(d["doc_id"]): d for d in rows(corpus)}, document_groups(held))


def document_groups(claims: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Claim id: name of its group. Claims that share a cited document, by any chain, share a group."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    ids = []
    for claim in claims:
        ids.append(str(claim["id"]))
        for document in claim["cited_doc_ids"]:
            parent[root(f"claim {claim['id']}")] = root(f"document {document}")
    return {name: root(f"claim {name}") for name in ids}


def document_folds(claims: Sequence[Mapping[str, Any]], count: int = 5) -> dict[str, int]:
    """Claim id: fold; the same folds as the tool that the targets were set with."""
    group_of = document_groups(claims)
    parts: dict[str, list[str]] = {}
    for claim in claims:
        parts.setdefault(group_of[str(claim["id"])], []).append(str(claim["id"]))
    dealt = list(parts.values())
    random.Random(13).shuffle(dealt)
    dealt.sort(key=len, reverse=True)
    folds: list[list[str]] = [[] for _ in range(count)]
    for part in dealt:
        min(folds, key=len).extend(part)
    return {name: fold for fold, held in enumerate(folds) for name in held}


def given_pairs(held: LabelledClaims) -> Iterator[LabelledPair]:
    """Every claim with each document that it cites."""
    for claim in held.claims:
        for document in map(str, claim["cited_doc_ids"]):
            label, sentences = held.label(claim, document)
            name = str(claim["id"])
            yield LabelledPair(
                name,
                plain_claim(claim["claim"]),
                held.source(document),
                label,
                sentences,
                held.group_of[name],
                frozenset({Regime.GIVEN}),
            )


def searched_pairs(
    held: LabelledClaims, corpus: Path, limit: int = CANDIDATES, encode: Any = None
) -> Iterator[LabelledPair]:
    """Every claim with the documents that a search of the corpus brings up for it."""
    with open_corpus_file(_sources(corpus), encode=encode) as index:
        found = list(index.search([claim["claim"] for claim in held.claims], limit))
    for claim, sources in zip(held.claims, found, strict=True):
        name = str(claim["id"])
        for source in sources:
            label, sentences = held.label(claim, source.source_id)
            yield LabelledPair(
                name,
                claim["claim"],
                source,
                label,
                sentences,
                held.group_of[name],
                frozenset({Regime.SEARCHED}),
                measured=source.rank < MEASURED,
            )


def _sources(corpus: Path) -> list[SourceText]:
    return [SourceText(str(d["doc_id"]), d["title"], tuple(d["abstract"])) for d in rows(corpus)]


def plain_claim(text: str) -> str:
    """Without the citation marks that Citation-Integrity leaves in its claims."""
    return " ".join(_CITATION_MARK.sub("", text).split())


def cited_pairs(held: LabelledClaims) -> Iterator[LabelledPair]:
    """Citation-Integrity: what an article says of a work that it cites, against passages picked from that work.

    Without their sentences: the settling one is always the first, and REFUTE means an inaccurate citation, which
    need not be a contradiction. They teach what is evidence, and nothing else.
    """
    for pair in given_pairs(held):
        yield replace(pair, sentences=(), group=f"cited {pair.group}", weight=CITED_WEIGHT, measured=False)


# --- our own set --------------------------------------------------------------------------------


def own_pairs(half: str) -> Iterator[LabelledPair]:
    """ "train" or "withheld" (which is never fitted on)."""
    for row in rows(OWN_SET / f"{half}.jsonl"):
        source = row["source"]
        settled = (frozenset(row["sentences"]),) if row["sentences"] else ()
        yield LabelledPair(
            row["id"],
            row["claim"],
            SourceText(source["id"], source["title"], tuple(source["sentences"])),
            ClaimVerdict(row["label"]),
            settled,
            f"own {row['group']}",
            frozenset({Regime.GIVEN}),
            OWN_WEIGHT,
            measured=False,
        )


# --- rule-made rows -----------------------------------------------------------------------------


def rule_made_pairs(corpus: Path, cited: frozenset[str], *, seed: int, most: int) -> Iterator[LabelledPair]:
    """Contrastive rows, each with its evidence in its abstract; from no cited and no withheld document."""
    rng = random.Random(seed)
    documents = {
        str(d["doc_id"]): Abstract(f"scifact:{d['doc_id']}", "scifact", d["title"], tuple(d["abstract"]))
        for d in rows(corpus)
        if str(d["doc_id"]) not in cited and not is_withheld(str(d["doc_id"]))
    }
    held = list(documents.values())
    rng.shuffle(held)
    made = [*contrast_rows(held, rng, per_document=2), *reworded_rows(held, rng, per_document=1)]
    for number, row in enumerate(_even(made, rng, most)):
        document = documents[row.group.partition("#")[0].partition(":")[2]]
        yield _in_context(row, document, number)


def _even(made: Sequence[ContrastRow], rng: random.Random, most: int) -> list[ContrastRow]:
    """As many of each kind and label as there are, up to an even share."""
    by_kind: dict[tuple[str, str], list[ContrastRow]] = {}
    for row in made:
        by_kind.setdefault((row.kind, row.label.value), []).append(row)
    share = most // max(1, len(by_kind))
    chosen = [row for held in by_kind.values() for row in rng.sample(held, min(share, len(held)))]
    rng.shuffle(chosen)
    return chosen


def _in_context(row: ContrastRow, document: Abstract, number: int) -> LabelledPair:
    """The abstract with the row's evidence in the place of the sentence that it was made from."""
    if row.label is OPEN:
        at = _likest(row.claim, document.sentences)
        sentences = tuple(s for i, s in enumerate(document.sentences) if i != at)
        sentences, settled = (sentences if row.kind == "other_sentence" else (row.evidence,)), ()
    else:
        at = _likest(row.evidence, document.sentences)
        sentences = tuple(row.evidence if i == at else s for i, s in enumerate(document.sentences))
        settled = (frozenset({at}),)
    return LabelledPair(
        f"made-{number}",
        row.claim,
        SourceText(f"{document.doc_id}/{number}", document.title, sentences),
        row.label,
        settled,
        f"made {document.doc_id}",
        frozenset({Regime.GIVEN}),
        RULE_MADE_WEIGHT,
        measured=False,
    )


def _likest(text: str, sentences: Sequence[str]) -> int:
    wanted = content_stems(text)
    held = [content_stems(sentence) for sentence in sentences]
    return max(range(len(held)), key=lambda i: (len(wanted & held[i]) / max(1, len(wanted | held[i])), -i))


# --- as examples --------------------------------------------------------------------------------


@cache
def read_text(text: str) -> Profile:
    return profile(text, load_terms(), load_vectors())


@cache
def read_source(title: str, sentences: tuple[str, ...]) -> SourceProfile:
    return SourceProfile(read_text(title), tuple(read_text(s) for s in sentences))


def example(pair: LabelledPair, encoder: Any = None) -> Example:
    encoded = None
    if encoder is not None:
        vectors = encoder.encode([pair.claim, pair.source.title, *pair.source.sentences])
        cosines = (vectors[1:] @ vectors[0]).astype(float)
        encoded = EncodedPair(cosines[1:], float(cosines[0]))
    return Example(
        pair_of(read_text(pair.claim), read_source(pair.source.title, pair.source.sentences), encoded),
        pair.label,
        pair.sentences,
        pair.group,
        pair.claim_id,
        pair.regimes,
        pair.source.rank,
        pair.source.closeness,
        pair.weight,
        pair.measured,
    )
