"""How often a back end sees that a sentence of an abstract was turned into its contrary.

Prints for each kind of rewriting the share judged right, with 95 % intervals. The abstracts are those that
training leaves out (`is_withheld`); the claim is made from one sentence, the source is the whole abstract. Does
not belong here: the rules of rewriting (`pipelines.verification.contrast`).

    python benchmarks/metamorphic.py CORPUS.jsonl... [--leave-out CLAIMS.jsonl] [--per-kind 100]
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pipelines.counts import wilson
from pipelines.models import ClaimVerdict
from pipelines.verification.backend import Backend, Regime, SourceText
from pipelines.verification.contrast.corpora import read_abstracts, read_cited_documents
from pipelines.verification.contrast.paraphrases import paraphrased
from pipelines.verification.contrast.rewriting import CONTRARY_KINDS, RewriteKind
from pipelines.verification.contrast.rows import RARE, Abstract, as_claim
from pipelines.verification.contrast.rules import rewrite
from pipelines.verification.contrast.sentence import is_finding, read_sentence
from pipelines.verification.contrast.vocabulary import load_vocabulary
from pipelines.verification.contrast.withheld import is_withheld

SEED = 20261121
KINDS = (RewriteKind.VERBATIM, RewriteKind.PARAPHRASE, *CONTRARY_KINDS)
# The least share of each kind that must be judged right.
LEAST: Mapping[RewriteKind, float] = MappingProxyType(
    {
        RewriteKind.VERBATIM: 0.97,
        RewriteKind.PARAPHRASE: 0.97,
        RewriteKind.NEGATION: 0.90,
        RewriteKind.NEGATION_REMOVED: 0.90,
        RewriteKind.VERB_ANTONYM: 0.90,
        RewriteKind.ADJECTIVE_ANTONYM: 0.90,
        RewriteKind.NUMBER: 0.90,
        RewriteKind.COMPARISON_SWAP: 0.60,
        RewriteKind.COHYPONYM_SWAP: 0.60,
    }
)
_PARAPHRASE_SHARE = 0.6
_MOST_OF_RARE = 3


@dataclass(frozen=True)
class Case:
    """A claim made from one sentence of the source; `origin` is that sentence."""

    kind: RewriteKind
    claim: str
    source: SourceText
    expected: ClaimVerdict
    origin: str


@dataclass(frozen=True)
class Score:
    """Of `cases` judged, how many were right, and how many of the contrary ones were called SUPPORTED."""

    kind: RewriteKind
    cases: int
    right: int
    supported: int

    @property
    def share(self) -> float | None:
        return self.right / self.cases if self.cases else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.right / self.cases, self.cases) if self.cases else None


def metamorphic_cases(corpus: Iterable[Abstract], rng: random.Random, per_kind: int) -> list[Case]:
    """Up to `per_kind` cases of each kind, at most one of a kind from each abstract (three of a rare kind).

    `rng` draws them; a text that stands in the corpus twice counts once.
    """
    documents = sorted(corpus, key=lambda d: d.doc_id)
    rng.shuffle(documents)
    held: dict[RewriteKind, list[Case]] = defaultdict(list)
    for document in documents:
        for kind in KINDS:
            if len(held[kind]) < per_kind:
                held[kind] += _new_cases(document, kind, rng, {c.origin for c in held[kind]})
    return [case for kind in KINDS for case in held[kind][:per_kind]]


def _new_cases(document: Abstract, kind: RewriteKind, rng: random.Random, seen: Set[str]) -> list[Case]:
    source = SourceText(document.doc_id, document.title, document.sentences)
    is_kept = kind in (RewriteKind.VERBATIM, RewriteKind.PARAPHRASE)
    expected = ClaimVerdict.SUPPORTED if is_kept else ClaimVerdict.REFUTED
    places = [s for s in document.sentences if s not in seen]
    rng.shuffle(places)
    found: list[Case] = []
    for sentence in places:
        claim = _claim_of(sentence, kind, rng)
        if claim is not None:
            found.append(Case(kind, claim, source, expected, sentence))
        if len(found) == (_MOST_OF_RARE if kind in RARE else 1):
            break
    return found


def _claim_of(sentence: str, kind: RewriteKind, rng: random.Random) -> str | None:
    vocabulary = load_vocabulary()
    read = read_sentence(sentence, vocabulary)
    if read is None or not is_finding(read, vocabulary):
        return None
    if kind is RewriteKind.VERBATIM:
        return as_claim(sentence)
    if kind is RewriteKind.PARAPHRASE:
        made = as_claim(paraphrased(sentence, rng, vocabulary, share=_PARAPHRASE_SHARE))
        return made if made != as_claim(sentence) else None
    contrary = rewrite(sentence, kind, rng, vocabulary)
    return None if contrary is None else as_claim(contrary.text)


def scores_of(backend: Backend, cases: Sequence[Case], regime: Regime = Regime.GIVEN) -> tuple[Score, ...]:
    """The back end's verdicts counted by kind, in the order of `KINDS`."""
    right: Counter[RewriteKind] = Counter()
    supported: Counter[RewriteKind] = Counter()
    count: Counter[RewriteKind] = Counter()
    for case in cases:
        verdict = backend.judge(case.claim, (case.source,), regime)[0].verdict
        count[case.kind] += 1
        right[case.kind] += verdict is case.expected
        supported[case.kind] += verdict is ClaimVerdict.SUPPORTED and case.expected is ClaimVerdict.REFUTED
    return tuple(Score(kind, count[kind], right[kind], supported[kind]) for kind in KINDS)


def table_of(scores: Iterable[Score]) -> str:
    lines = [f"{'kind':<20}{'cases':>6}{'right':>8}{'95 %':>16}{'at least':>10}{'called SUPPORTED':>18}"]
    for score in scores:
        if score.share is None or score.interval is None:
            lines.append(f"{score.kind:<20}{0:>6}")
            continue
        low, high = score.interval
        lines.append(
            f"{score.kind:<20}{score.cases:>6}{100 * score.share:>7.1f}%"
            f"{f'{100 * low:.1f}-{100 * high:.1f}':>16}{100 * LEAST[score.kind]:>9.0f}%{score.supported:>18}"
        )
    return "\n".join(lines)


def unseen_abstracts(corpus: Path, leave_out: Path | None) -> list[Abstract]:
    """The withheld abstracts of a corpus, without those that the claims of a file cite."""
    cited = read_cited_documents(leave_out) if leave_out is not None else frozenset()
    held = read_abstracts(corpus, corpus.parent.name)
    return [d for d in held if is_withheld(d.doc_id) and d.doc_id.rpartition(":")[2] not in cited]


def _default_backend() -> Backend:
    from pipelines.verification.features_backend import default_backend  # only this needs its model

    return default_backend()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, nargs="+")
    parser.add_argument("--leave-out", type=Path, help="claims in SciFact form whose abstracts are left out")
    parser.add_argument("--per-kind", type=int, default=100)
    chosen = parser.parse_args()
    abstracts = [d for path in chosen.corpora for d in unseen_abstracts(path, chosen.leave_out)]
    cases = metamorphic_cases(abstracts, random.Random(SEED), chosen.per_kind)
    print(f"{len(abstracts)} unseen abstracts, {len(cases)} cases, seed {SEED}")
    print(table_of(scores_of(_default_backend(), cases)))


if __name__ == "__main__":
    main()
