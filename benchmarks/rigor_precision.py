"""How often each rule of the rigour scan is right, counted on sentences labelled by hand in papers it was not made on.

In: `benchmarks/labels/rigor_sentences_*.jsonl` (places in texts of the corpus, no sentences; RIGOR.md says what the
labels mean) and the corpus that CLAIMGATE_CORPUS names. Every sentence of the labelled papers is put to every rule.
A rule is right where it says yes and the label says yes, or where it says no and the label says no. Sentences that a
rule answers and nobody has labelled are counted apart; of the papers there should be none, of the abstracts a random
sample of them is labelled, and recall is too high there, since sentences that rules found were added to the labels.
Out: a table of the set `test`, and of others on request; the errors of the sets that rules are made on; the table for
`pipelines/review/rigor/precision.py`; and how far a second, later look at the same sentences agrees with the first.

usage: CLAIMGATE_CORPUS=<data> python benchmarks/rigor_precision.py [--set dev [--errors]] [--measured] [--again]
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pipelines.counts import wilson
from pipelines.extraction.sentences import split_sentences
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.folding import folded
from pipelines.models import RigorAnswer
from pipelines.review.reviewers.alpha import Metric, alpha
from pipelines.review.rigor.reading import Reading, read
from pipelines.review.rigor.rules import RigorRule
from pipelines.review.rigor.scanning import MAX_SCANNED, RULES

FOLDER = Path(__file__).parent / "labels"
# Papers, and abstracts for what the papers do not hold. Rules are made on those of MADE_ON and on no others.
SETS = ("dev", "test", "abstracts_dev", "abstracts_test")
MADE_ON = frozenset({"dev", "abstracts_dev"})
LABELS = ("yes", "no", "not")


# --- labels ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Label:
    """`label` is yes or no where the sentence reports or denies the item for the paper's own study, else not."""

    item: str
    text: str
    start: int
    end: int
    sha256: str
    label: str
    why: str = ""


def labels_of(half: str) -> list[Label]:
    lines = (FOLDER / f"rigor_sentences_{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Label(**json.loads(line)) for line in lines]


def sentence_hash(sentence: str) -> str:
    """Of the folded words, so that white space, case and accents may change without a label being lost."""
    return hashlib.sha256(" ".join(folded(sentence).split()).encode()).hexdigest()


@dataclass(frozen=True)
class Paper:
    text: str

    @cached_property
    def reading(self) -> Reading:
        return read(self.text[:MAX_SCANNED])

    @cached_property
    def places(self) -> dict[str, list[tuple[int, int]]]:
        """Where the sentences of each hash stand."""
        places: dict[str, list[tuple[int, int]]] = {}
        for start, end in split_sentences(self.text):
            places.setdefault(sentence_hash(self.text[start:end]), []).append((start, end))
        return places

    def place(self, label: Label) -> tuple[int, int] | None:
        """Where the labelled sentence stands now: at its offsets or, if the reading has changed, by its hash."""
        if sentence_hash(self.text[label.start : label.end]) == label.sha256:
            return label.start, label.end
        found = self.places.get(label.sha256, ())
        return min(found, key=lambda place: abs(place[0] - label.start), default=None)


@cache
def paper_of(corpus: Path, name: str) -> Paper:
    """A text of the corpus; `file#id` is one abstract of a file of many."""
    file, _, key = name.partition("#")
    path = corpus / file
    return Paper(abstracts_of(path)[key] if key else read_document(path.name, path.read_bytes()).text)


@cache
def abstracts_of(path: Path) -> dict[str, str]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {str(row.get("id", row.get("doc_id"))): _joined(row["abstract"]) for row in rows}


def _joined(abstract: str | list[str]) -> str:
    return abstract if isinstance(abstract, str) else " ".join(" ".join(abstract).split())


# --- what the rules answer ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Firing:
    """A sentence that a rule answers; `label` is None where nobody has labelled it for the item."""

    text: str
    start: int
    end: int
    answer: str
    label: str | None
    shown: bool = False  # the one of its paper that a scan quotes: the first, a heading only for want of a sentence

    @property
    def right(self) -> bool:
        return self.label == self.answer


def firings_of(rule: RigorRule, name: str, paper: Paper, labels: Sequence[tuple[int, int, str]]) -> Iterator[Firing]:
    """Every sentence of a paper that the rule answers, where it has met as many names as it needs."""
    answers = [(one, rule.answer(one)) for one in paper.reading.sentences]
    yes = [one for one, answer in answers if answer is RigorAnswer.YES]
    names = frozenset[str]().union(*(rule.names_in(one) for one in yes))
    is_met = rule.names is None or len(names) >= rule.needs
    fired = [
        (one, answer) for one, answer in answers if answer is RigorAnswer.NO or (answer is RigorAnswer.YES and is_met)
    ]
    quotable = yes if is_met and yes else [one for one, _ in fired]
    first = next((one for one in quotable if not one.is_heading), quotable[0] if quotable else None)
    for one, answer in fired:
        label = label_at(one.start, one.end, labels)
        yield Firing(name, one.start, one.end, answer.value, label, one is first)


def label_at(start: int, end: int, labels: Sequence[tuple[int, int, str]]) -> str | None:
    """The label of the sentence that shares most with `start` to `end`, and at least half of the shorter one."""
    shared = [
        (min(end, other_end) - max(start, other_start), label)
        for other_start, other_end, label in labels
        if 2 * (min(end, other_end) - max(start, other_start)) >= min(end - start, other_end - other_start)
    ]
    return max(shared)[1] if shared else None


# --- counting -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """Of one rule: what it answered in one half, and how much of what is labelled yes or no it found."""

    item: str
    rule: str
    labelled: int
    fired: int  # labelled sentences that it answers
    right: int
    unlabelled: int  # sentences that it answers and nobody has labelled
    reports: int  # sentences labelled yes or no
    found: int  # of these, answered rightly
    papers: int  # in which it answers
    shown_right: int  # papers in which the sentence that a scan quotes is right

    @property
    def row(self) -> str:
        return (
            f"{self.item:<36}{self.labelled:>8}{self.fired:>6}{self.right:>6}  {share(self.right, self.fired):<22}"
            f"{self.unlabelled:>6}  {share(self.found, self.reports):<22}{self.papers:>7}{self.shown_right:>7}"
        )


HEADER = (
    f"{'item':<36}{'labelled':>8}{'fired':>6}{'right':>6}  {'precision':<22}{'no lab':>6}  {'recall':<22}"
    f"{'papers':>7}{'quote':>7}"
)


def tally(rule: RigorRule, labels: Sequence[str], firings: Sequence[Firing]) -> Tally:
    known = [one for one in firings if one.label is not None]
    right = [one for one in known if one.right]
    return Tally(
        item=rule.item,
        rule=rule.rule,
        labelled=len(labels),
        fired=len(known),
        right=len(right),
        unlabelled=len(firings) - len(known),
        reports=sum(label != "not" for label in labels),
        found=len(right),
        papers=len({one.text for one in firings}),
        shown_right=sum(one.right for one in firings if one.shown),
    )


def share(right: int, cases: int) -> str:
    """`right/cases` with its 95 % Wilson interval."""
    if not cases:
        return "no cases"
    low, high = wilson(right / cases, cases)
    return f"{right / cases:.2f} [{low:.2f}, {high:.2f}]"


# --- the halves ---------------------------------------------------------------------------------------


def papers_of(corpus: Path, labels: Iterable[Label]) -> dict[str, Paper]:
    return {name: paper_of(corpus, name) for name in sorted({label.text for label in labels})}


def placed(papers: Mapping[str, Paper], labels: Iterable[Label]) -> dict[tuple[str, str], list[tuple[int, int, str]]]:
    """Labels by item and text, where they stand; one that stands nowhere any more is told on standard error."""
    held: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for label in labels:
        place = papers[label.text].place(label)
        if place is None:
            print(f"lost: {label.item} in {label.text} at {label.start}", file=sys.stderr)
            continue
        held.setdefault((label.item, label.text), []).append((*place, label.label))
    return held


def measure(corpus: Path, half: str) -> dict[str, tuple[Tally, list[Firing]]]:
    """Tally and firings of each rule, by item."""
    labels = labels_of(half)
    papers = papers_of(corpus, labels)
    places = placed(papers, labels)
    measured = {}
    for rule in RULES:
        of_item = {name: places.get((rule.item, name), []) for name in papers}
        firings = [one for name in papers for one in firings_of(rule, name, papers[name], of_item[name])]
        known = [label for held in of_item.values() for _, _, label in held]
        measured[rule.item] = tally(rule, known, firings), firings
    return measured


def measured_table(tallies: Iterable[Tally]) -> str:
    """The table as `pipelines/review/rigor/precision.py` writes it: of each rule the counts of all sets together."""
    counts: dict[str, Counter[str]] = {}
    for one in tallies:
        counts.setdefault(one.rule, Counter()).update(labelled=one.labelled, fired=one.fired, right=one.right)
    rows = (f'    "{rule}": Measured({n["labelled"]}, {n["fired"]}, {n["right"]}),' for rule, n in counts.items())
    return "\n".join(("MEASURED: dict[str, Measured] = {", *rows, "}"))


def error_lines(corpus: Path, half: str) -> Iterator[str]:
    """Wrong answers, and sentences that report an item and are not found. Never of a test set: it stays unseen."""
    labels = labels_of(half)
    papers = papers_of(corpus, labels)
    for item, (_, firings) in measure(corpus, half).items():
        answered = {(one.text, one.start) for one in firings}
        for one in firings:
            if not one.right:
                yield f"{item}  said {one.answer}, label {one.label}  {one.text} {one.start}-{one.end}"
        for label in labels:
            place = papers[label.text].place(label)
            if label.item == item and label.label != "not" and place and (label.text, place[0]) not in answered:
                yield f"{item}  not found, label {label.label}  {label.text} {place[0]}-{place[1]}: {label.why}"


def agreement_lines() -> Iterator[str]:
    """How a second look, in shuffled order and without the first labels in sight, agrees with the first."""
    second = [Label(**json.loads(line)) for line in (FOLDER / "rigor_again.jsonl").read_text("utf-8").splitlines()]
    first = {(one.item, one.text, one.start): one.label for half in SETS for one in labels_of(half)}
    pairs = [(first[one.item, one.text, one.start], one.label) for one in second]
    same = sum(left == right for left, right in pairs)
    numbers = [[float(LABELS.index(label)) for label in column] for column in zip(*pairs, strict=True)]
    reached = alpha(numbers, Metric.NOMINAL)
    yield f"labelled again: {len(pairs)}, the same: {same} ({same / len(pairs):.0%})"
    yield f"kappa {kappa(pairs):.2f}, Krippendorff's alpha {'none' if reached is None else format(reached, '.2f')}"
    for (left, right), times in sorted(Counter(pair for pair in pairs if pair[0] != pair[1]).items()):
        yield f"  {left} then {right}: {times}"


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa; 1 where both looks gave everything the same single label."""
    cases = len(pairs)
    by_chance = sum(
        sum(left == label for left, _ in pairs) * sum(right == label for _, right in pairs) for label in LABELS
    ) / (cases * cases)
    observed = sum(left == right for left, right in pairs) / cases
    return 1.0 if by_chance == 1 else (observed - by_chance) / (1 - by_chance)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=SETS, default="test", dest="half")
    parser.add_argument("--errors", action="store_true", help="places of wrong and missed answers, of no test set")
    parser.add_argument("--measured", action="store_true", help="the table for pipelines/review/rigor/precision.py")
    parser.add_argument("--again", action="store_true", help="agreement of the second look with the first")
    options = parser.parse_args()
    if options.again:
        print("\n".join(agreement_lines()))
        return 0
    if "CLAIMGATE_CORPUS" not in os.environ:
        parser.error("CLAIMGATE_CORPUS does not name the corpus")
    if options.errors and options.half not in MADE_ON:
        parser.error("the errors of test are not shown: rules are not made on them")
    corpus = Path(os.environ["CLAIMGATE_CORPUS"])
    if options.measured:
        unseen = (half for half in SETS if half not in MADE_ON)
        print(measured_table(one for half in unseen for one, _ in measure(corpus, half).values()))
        return 0
    print("\n".join((HEADER, *(one.row for one, _ in measure(corpus, options.half).values()))))
    if options.errors:
        print("\n".join(error_lines(corpus, options.half)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
