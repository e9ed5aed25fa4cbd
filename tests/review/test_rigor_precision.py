"""The counting of `benchmarks/rigor_precision.py`, and that each label of a sentence still stands where it says."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.rigor_precision import (
    FOLDER,
    LABELS,
    MADE_ON,
    SETS,
    Firing,
    Label,
    Paper,
    agreement_lines,
    firings_of,
    kappa,
    label_at,
    labels_of,
    measured_table,
    paper_of,
    sentence_hash,
    share,
    tally,
)
from pipelines.review.rigor.items import ITEMS
from pipelines.review.rigor.rules import RigorRule, pattern, says

CORPUS = os.environ.get("CLAIMGATE_CORPUS")
needs_corpus = pytest.mark.skipif(CORPUS is None, reason="CLAIMGATE_CORPUS names no corpus of real papers")
RULE = RigorRule(item="pre_registered", rule="made-up-1", yes=(says(r"was filed"),), no=pattern(r"never filed"))
TEXT = "# Methods\n\nThe plan was filed in May. The second plan was never filed. Ducks were counted.\n"


def _firing(text: str, answer: str, label: str | None, shown: bool = False) -> Firing:
    return Firing(text, 0, 10, answer, label, shown)


def test_an_answer_is_right_only_where_the_label_gives_the_same_answer() -> None:
    firings = [
        _firing("a", "yes", "yes", shown=True),
        _firing("a", "yes", "not"),
        _firing("b", "no", "no", shown=True),
        _firing("c", "yes", "no", shown=True),
        _firing("c", "yes", None),
    ]
    counted = tally(RULE, ["yes", "yes", "no", "no", "not", "not"], firings)
    assert (counted.labelled, counted.fired, counted.right, counted.unlabelled) == (6, 4, 2, 1)
    assert (counted.reports, counted.found, counted.papers, counted.shown_right) == (4, 2, 3, 2)


def test_a_rule_that_never_answers_has_no_precision_rather_than_a_good_one() -> None:
    counted = tally(RULE, ["not"] * 40, [])
    assert counted.fired == counted.right == 0
    assert "no cases" in counted.row


def test_the_first_yes_of_a_paper_is_the_sentence_a_scan_shows() -> None:
    start, end = TEXT.index("The plan"), TEXT.index(" The second")
    labels = [(start, end, "yes"), (end + 1, TEXT.index(" Ducks"), "not")]
    found = list(firings_of(RULE, "made.txt", Paper(TEXT), labels))
    assert [(one.answer, one.label, one.shown) for one in found] == [("yes", "yes", True), ("no", "not", False)]


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [(0, 10, "yes"), (8, 40, "no"), (10, 19, "no"), (44, 60, None), (0, 60, "no")],
)
def test_an_answer_takes_the_label_of_the_sentence_it_shares_most_with(start: int, end: int, label: str | None) -> None:
    assert label_at(start, end, [(0, 10, "yes"), (10, 40, "no")]) == label


def test_a_label_whose_offsets_have_moved_is_found_by_its_sentence() -> None:
    words = "the plan  was\nfiled in May."
    label = Label("pre_registered", "made.txt", 0, len(words), sentence_hash(words), "yes")
    at = TEXT.index("The plan")
    assert Paper(TEXT).place(label) == (at, at + len("The plan was filed in May."))
    assert Paper("# Methods\n\nDucks were counted.\n").place(label) is None


def test_the_printed_table_has_the_counts_of_each_rule_over_all_sets() -> None:
    counted = tally(RULE, ["yes", "not"], [_firing("a", "yes", "yes")])
    assert '    "made-up-1": Measured(4, 2, 2),' in measured_table([counted, counted]).splitlines()


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("yes", "yes"), ("not", "not")], 1.0),
        ([("yes", "yes")] * 3, 1.0),
        ([("yes", "not"), ("not", "yes")], -1.0),
        ([("yes", "yes")] * 20 + [("yes", "not")] * 5 + [("not", "yes")] * 10 + [("not", "not")] * 15, 0.4),
    ],
)
def test_kappa_takes_away_the_agreement_that_chance_gives(pairs: list[tuple[str, str]], expected: float) -> None:
    assert kappa(pairs) == pytest.approx(expected)


def test_a_share_stands_with_its_interval() -> None:
    assert share(9, 10) == "0.90 [0.60, 0.98]"


@pytest.mark.parametrize("half", SETS)
def test_labels_are_of_known_items_say_why_and_are_given_once(half: str) -> None:
    labels = labels_of(half)
    assert {one.item for one in labels} <= {one.key for one in ITEMS}
    assert {one.label for one in labels} <= set(LABELS)
    assert all(one.why and len(one.why) <= 60 and one.start < one.end for one in labels)
    assert max(Counter((one.item, one.text, one.start) for one in labels).values()) == 1


def test_no_paper_is_in_both_halves_and_no_file_of_labels_holds_a_sentence() -> None:
    made_on = {one.text for half in MADE_ON for one in labels_of(half)}
    assert not made_on & {one.text for half in SETS if half not in MADE_ON for one in labels_of(half)}
    fields = {"item", "text", "start", "end", "sha256", "label", "why"}
    for path in sorted(FOLDER.glob("rigor_*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert all(set(row) <= fields for row in rows), path.name


def test_the_second_look_is_at_sentences_of_the_first_and_agrees_beyond_chance() -> None:
    first_line, second_line, *_ = agreement_lines()
    assert int(first_line.split(",")[0].split()[-1]) >= 60
    assert float(second_line.split()[1].rstrip(",")) > 0.6


@needs_corpus
@pytest.mark.parametrize("half", SETS)
def test_each_label_stands_at_its_offsets_or_is_found_by_its_sentence(half: str) -> None:
    corpus = Path(str(CORPUS))
    lost = [one for one in labels_of(half) if paper_of(corpus, one.text).place(one) is None]
    assert not lost, f"{len(lost)} labels are lost, the first in {lost[0].text} at {lost[0].start}"
