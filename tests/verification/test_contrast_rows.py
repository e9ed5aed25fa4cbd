"""Rows made from abstracts: balance, give-away, determinism, rows in other words, trials, questions, corpora."""

from __future__ import annotations

import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.models import ClaimVerdict
from pipelines.verification.contrast.abbreviations import abbreviations_of, with_long_forms
from pipelines.verification.contrast.assembly import training_rows
from pipelines.verification.contrast.corpora import (
    read_abstracts,
    read_arxiv,
    read_cited_documents,
    read_question_abstracts,
    read_questions,
    read_trials,
)
from pipelines.verification.contrast.questions import AnsweredQuestion, question_rows, statements_of
from pipelines.verification.contrast.retelling import Relation, relation_of, retold_rows
from pipelines.verification.contrast.reworded import is_closing, reworded_rows
from pipelines.verification.contrast.rows import (
    Abstract,
    ContrastRow,
    Pair,
    contrast_rows,
    is_balanced,
    told_from_the_other_end,
)
from pipelines.verification.contrast.sentence import read_sentence
from pipelines.verification.contrast.trials import TEMPLATES, Direction, TrialFinding, is_usable, trial_rows
from pipelines.verification.contrast.vocabulary import load_vocabulary
from pipelines.verification.contrast.withheld import is_withheld

CORPUS = os.environ.get("CLAIMGATE_CORPUS")
needs_corpus = pytest.mark.skipif(CORPUS is None, reason="CLAIMGATE_CORPUS is not set")
YES, NO, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO

ORCHARD = Abstract(
    "made:orchard",
    "made",
    "Winter pruning increases the apple yield of old orchards",
    (
        "Old orchards lose fruit to shade and wind.",
        "We followed 48 orchards over six years.",
        "Fruit weight was higher in pruned rows than in wild rows.",
        "Winter pruning raised the apple yield of the old orchards by 18 kg for each tree.",
        "The soil moisture was not changed by the pruning of the trees.",
        "In conclusion, the apple yield of old orchards is greater after winter pruning.",
    ),
)
HARBOUR = Abstract(
    "made:harbour",
    "made",
    "Copper paint and harbour mussels",
    (
        "Mussels settle on the hull of idle boats.",
        "Copper paint reduced the settling of mussels on the hull.",
        "The mussel density was lower in the harbour than in the open bay.",
        "Boats with copper paint used 12% less fuel in the summer.",
        "These results show that copper paint prevents a heavy growth of mussels.",
    ),
)


MARINA = Abstract(
    "made:marina",
    "made",
    "",
    ("Mussels were counted on the ropes of a marina near the bay in June.", "Old orchards stand behind the pier."),
)


def made_rows(seed: int = 3) -> list[ContrastRow]:
    return list(contrast_rows([ORCHARD, HARBOUR], random.Random(seed), per_document=4))


def by_group(rows: Sequence[ContrastRow]) -> dict[str, list[ContrastRow]]:
    groups: dict[str, list[ContrastRow]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(row)
    return groups


def test_every_group_holds_a_finding_and_its_contrary_against_each_other() -> None:
    groups = by_group(made_rows())
    assert len(groups) >= 6
    for rows in groups.values():
        decided = [r for r in rows if r.label is not OPEN]
        assert Counter(r.label for r in decided) == {YES: 2, NO: 2}
        assert len({r.claim for r in decided}) == len({r.evidence for r in decided}) == 2


def test_neither_claim_nor_evidence_of_a_group_has_one_label_more_often() -> None:
    assert is_balanced(made_rows())


def test_a_group_that_lost_a_row_is_not_balanced() -> None:
    assert not is_balanced([r for r in made_rows() if r.label is not OPEN][1:])


def test_the_evidence_as_written_is_a_sentence_of_the_abstract() -> None:
    sentences = {*ORCHARD.sentences, *HARBOUR.sentences}
    for rows in by_group(made_rows()).values():
        assert {r.evidence for r in rows} & sentences


def test_rows_without_an_answer_are_held_against_another_sentence() -> None:
    kinds: set[str] = set()
    for seed in range(8):
        documents = [ORCHARD, HARBOUR, MARINA]
        for rows in by_group(list(contrast_rows(documents, random.Random(seed), per_document=4))).values():
            unanswered = [r for r in rows if r.label is OPEN]
            kinds |= {r.kind for r in unanswered}
            own = {r.evidence for r in rows if r.label is not OPEN}
            assert not own & {r.evidence for r in unanswered}
    assert kinds == {"other_sentence", "other_abstract"}


def test_the_same_seed_makes_the_same_rows_and_another_seed_others() -> None:
    assert made_rows(3) == made_rows(3)
    assert made_rows(3) != made_rows(4)


def test_a_comparison_told_from_the_other_end_says_the_same() -> None:
    claims = Pair("Losses were higher in clay than in sand.", "Losses were higher in sand than in clay.")
    told = told_from_the_other_end(claims, load_vocabulary())
    assert told == Pair("Losses were lower in sand than in clay.", "Losses were lower in clay than in sand.")
    both = Pair("Higher losses were better in clay than in sand.", "Higher losses were better in sand than in clay.")
    assert told_from_the_other_end(both, load_vocabulary()) is None


def test_no_more_groups_than_asked_for_come_from_one_abstract() -> None:
    rows = list(contrast_rows([ORCHARD], random.Random(1), per_document=2))
    assert len(by_group(rows)) == 2


def test_title_and_conclusion_are_held_against_the_result_in_other_words() -> None:
    rows = list(reworded_rows([ORCHARD, HARBOUR], random.Random(1), per_document=20))
    pairs = {(r.claim, r.evidence): r.label for r in rows}
    title, result = "Winter pruning increases the apple yield of old orchards.", ORCHARD.sentences[3]
    assert pairs[title, result] is YES
    assert is_balanced(rows)
    contrary = {r.claim for r in rows if r.evidence == result and r.label is NO}
    assert any("pruning decreases" in c or "pruning reduces" in c or "pruning lowers" in c for c in contrary) or any(
        "does not increase" in c or "fails to increase" in c for c in contrary
    )


def test_two_sentences_about_different_things_make_no_row_in_other_words() -> None:
    crossed = Abstract("made:x", "made", ORCHARD.title, HARBOUR.sentences)
    rows = list(reworded_rows([crossed], random.Random(1), per_document=20))
    assert not [r for r in rows if r.claim.startswith("Winter pruning")]


def test_a_title_naming_another_thing_of_the_same_kind_makes_no_row() -> None:
    other = Abstract(
        "made:y", "made", "TLR7 increases the growth of alpine moss", ("TLR2 increases the growth of alpine moss.",) * 3
    )
    assert not list(reworded_rows([other], random.Random(1), per_document=20))


@pytest.mark.parametrize(
    ("index", "expected"), [(0, False), (3, False), (5, True)], ids=["background", "result", "in conclusion"]
)
def test_a_closing_sentence_is_told_by_its_opening_words(index: int, expected: bool) -> None:
    assert is_closing(ORCHARD.sentences, index) is expected


def test_short_forms_are_found_where_the_text_defines_them() -> None:
    found = abbreviations_of(["Neural progenitor cells (NPCs) divide.", "The mean (SD) was 3.", "A loop (see Fig)."])
    assert found == {"NPCs": "Neural progenitor cells"}
    assert with_long_forms("NPCs divide at night.", found) == "Neural progenitor cells divide at night."
    assert with_long_forms("Young Neural progenitor cells divide.", found) == "Young NPCs divide."


PASSAGE = "In trial {} the pain score was higher or lower or the same, as the report says, after the pads."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Winter pruning increases the apple yield.", Relation("winter pruning", "apple yield", "amount", 0)),
        ("The decay was inhibited by copper paint.", Relation("copper paint", "decay", "process", 1)),
        ("Warm nights shortened the sleep of owls.", Relation("warm nights", "sleep of owls", "time", 1)),
    ],
)
def test_a_plain_statement_tells_what_acts_on_what_and_which_way(text: str, told: Relation) -> None:
    sentence = read_sentence(text, load_vocabulary())
    assert sentence is not None
    assert relation_of(sentence, load_vocabulary()) == told


@pytest.mark.parametrize(
    "text",
    [
        "Winter pruning does not increase the apple yield.",
        "It increases the apple yield of the old trees.",
        "Winter pruning may increase the apple yield.",
        "Pruning and rain increase the apple yield of trees.",
    ],
)
def test_a_statement_that_is_not_plain_tells_no_relation(text: str) -> None:
    sentence = read_sentence(text, load_vocabulary())
    assert sentence is not None
    assert relation_of(sentence, load_vocabulary()) is None


def test_a_retold_finding_keeps_the_names_and_changes_the_rest() -> None:
    text = "Winter pruning increases the apple yield."
    one = [Abstract("made:z", "made", "", (text,))]
    rows = [r for seed in range(30) for r in retold_rows(one, random.Random(seed), per_document=1)]
    supported = {r.claim for r in rows if r.evidence == text and r.label is YES}
    refuted = {r.claim for r in rows if r.evidence == text and r.label is NO}
    assert "Apple yield goes up with winter pruning." in supported
    assert "Apple yield goes down with winter pruning." in refuted
    assert any("no effect" in claim or "not affected" in claim for claim in refuted)
    assert not supported & refuted
    assert all("apple yield" in claim.casefold() and "increases" not in claim for claim in supported | refuted)
    assert is_balanced(rows)


def test_a_finding_about_another_name_is_left_open() -> None:
    text = "The factor {} was found to increase the growth of alpine moss."
    names = [f"TF{i}A" for i in range(20)]
    documents = [Abstract(f"made:{n}", "made", "", (text.format(n),)) for n in names]
    rows = [r for s in range(4) for r in contrast_rows(documents, random.Random(s), per_document=0)]
    assert rows
    for row in rows:
        shared = [n for n in names if n in row.claim and n in row.evidence]
        assert row.kind == "entity_swap"
        assert row.label is (YES if shared else OPEN)


def finding(
    number: int, direction: Direction, *, intervention: str = "heat pads", passage: str = PASSAGE
) -> TrialFinding:
    return TrialFinding(f"trial:{number}", "pain score", intervention, "rest", direction, passage.format(number))


def test_trials_give_each_wording_as_often_supported_as_refuted() -> None:
    findings = [finding(i, d) for i, d in enumerate([*Direction] * 7)]
    rows = list(trial_rows(findings, random.Random(2)))
    wordings: Counter[tuple[str, ClaimVerdict]] = Counter()
    for row in rows:
        wordings[_direction_of(row.claim), row.label] += 1
    assert len(rows) >= 30
    for direction in Direction:
        assert wordings[direction, YES] == wordings[direction, NO] > 0


def _direction_of(claim: str) -> Direction:
    for direction, templates in TEMPLATES.items():
        for template in templates:
            text = template.format(o="pain score", i="heat pads", c="rest")
            if claim == f"{text[0].upper()}{text[1:]}.":
                return direction
    raise AssertionError(claim)


def test_a_trial_with_a_table_for_a_passage_or_a_clause_for_a_name_is_left_out() -> None:
    assert is_usable(finding(1, Direction.HIGHER))
    assert not is_usable(finding(1, Direction.HIGHER, passage="12/40 (30%) 14/41 (34%) 1.2 (0.8-1.9) 0.41 77/80 (96%)"))
    assert not is_usable(finding(1, Direction.HIGHER, intervention="heat pads that were given before the night"))


def test_a_passage_that_tells_a_difference_but_not_its_direction_gives_no_row() -> None:
    vague = "There was a significant difference between the pain scores of the two groups in trial {}."
    findings = [finding(i, d, passage=vague) for i, d in enumerate([Direction.HIGHER, Direction.LOWER] * 5)]
    assert not list(trial_rows(findings, random.Random(2)))


def test_a_question_becomes_a_statement_and_its_denial() -> None:
    vocabulary = load_vocabulary()
    pair = statements_of("Does shade influence the growth of tall reeds?", vocabulary)
    assert pair is not None
    assert pair.said == "Shade influences the growth of tall reeds."
    assert pair.contrary == "Shade does not influence the growth of tall reeds."
    asked = statements_of("Are wet summers associated with poor harvests?", vocabulary)
    assert asked is not None
    assert asked.contrary == "Wet summers are not associated with poor harvests."
    assert statements_of("Reeds: does shade matter or does it not?", vocabulary) is None


def test_questions_answered_yes_and_no_are_taken_in_pairs() -> None:
    asked = "Does shade influence the growth of tall reeds?"
    answers = [AnsweredQuestion(f"q{i}", asked, f"Answer {i} says so.", i % 3 != 0) for i in range(9)]
    rows = list(question_rows(answers, random.Random(1)))
    assert len(rows) == 12
    assert is_balanced(rows)


def test_about_a_fifth_of_all_documents_is_withheld_whatever_stands_before_the_id() -> None:
    held = [is_withheld(str(i)) for i in range(4000)]
    assert 0.17 < sum(held) / len(held) < 0.23
    assert held == [is_withheld(f"scifact:{i}") for i in range(4000)]


def test_a_corpus_is_read_with_plain_white_space(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    row = {"doc_id": 7, "title": "A\n title", "abstract": ["One  sentence.\n", "Two."]}
    path.write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    assert list(read_abstracts(path, "made")) == [Abstract("made:7", "made", "A title", ("One sentence.", "Two."))]


def auc_by_words(rows: Sequence[ContrastRow], part: str) -> float:
    """How well a bag of words of one part tells refuted from supported, on unseen documents."""
    text = pytest.importorskip("sklearn.feature_extraction.text")
    linear = pytest.importorskip("sklearn.linear_model")
    metrics = pytest.importorskip("sklearn.metrics")
    decided = [r for r in rows if r.label is not OPEN]
    seen = [r for r in decided if _fold(r) != 0]
    unseen = [r for r in decided if _fold(r) == 0]
    bag = text.TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    model = linear.LogisticRegression(max_iter=300)
    model.fit(bag.fit_transform([getattr(r, part) for r in seen]), [r.label is NO for r in seen])
    scores = model.predict_proba(bag.transform([getattr(r, part) for r in unseen]))[:, 1]
    return float(metrics.roc_auc_score([r.label is NO for r in unseen], scores))


def _fold(row: ContrastRow) -> int:
    return sum(row.group.partition("#")[0].encode()) % 4


@pytest.fixture(scope="module")
def real_rows() -> list[ContrastRow]:
    root = Path(CORPUS or "") / "claims"
    abstracts = list(read_abstracts(root / "scifact" / "corpus.jsonl", "scifact"))[:500]
    rng = random.Random(9)
    made = (contrast_rows, reworded_rows, retold_rows)
    return [row for rows in made for row in rows(abstracts, rng, per_document=4)]


@needs_corpus
@pytest.mark.parametrize("part", ["claim", "evidence"])
def test_one_side_alone_does_not_give_the_label_away(real_rows: list[ContrastRow], part: str) -> None:
    assert len(real_rows) > 3000
    assert 0.45 <= auc_by_words(real_rows, part) <= 0.55


@needs_corpus
@pytest.mark.parametrize("part", ["claim", "evidence"])
def test_one_side_of_trials_and_questions_does_not_give_the_label_away(part: str) -> None:
    root = Path(CORPUS or "") / "claims"
    trials = read_trials(*(root / "evidence-inference" / f"{n}.csv" for n in ("prompts_merged", "v2_annotations")))
    rng = random.Random(4)
    rows = [*trial_rows(trials, rng), *question_rows(read_questions(root / "pubmedqa" / "train.json"), rng)]
    assert len(rows) > 1500
    assert 0.45 <= auc_by_words(rows, part) <= 0.55


@needs_corpus
def test_every_kind_of_rewriting_is_found_in_real_abstracts(real_rows: list[ContrastRow]) -> None:
    kinds = Counter(r.kind for r in real_rows)
    assert min(kinds.values()) >= 2
    assert len(kinds) == 12
    assert is_balanced([r for r in real_rows if r.kind != "reworded"])


@needs_corpus
def test_public_corpora_are_read_in_their_own_forms() -> None:
    root = Path(CORPUS or "")
    questions = list(read_question_abstracts(root / "claims" / "pubmedqa" / "train.json"))
    arxiv = read_arxiv(root / "texts" / "abstracts" / "arxiv_abstracts.jsonl.gz", since="2015-01-01")
    assert len(questions) == 500
    assert all(a.sentences for a in questions)
    assert all(a.origin == "arxiv" and a.sentences for a in arxiv)
    assert len(read_cited_documents(root / "claims" / "scifact" / "claims_train.jsonl")) == 565


def write_corpora(root: Path, kept: str, withheld: str) -> None:
    """Small files of the four forms; the SciFact corpus holds a free, a withheld and a cited abstract."""
    for folder in ("scifact", "pubmedqa", "citation-integrity", "evidence-inference"):
        (root / folder).mkdir(parents=True)
    sentences = list(ORCHARD.sentences)
    rows = [{"doc_id": i, "title": ORCHARD.title, "abstract": sentences} for i in (kept, withheld, f"{kept}0")]
    (root / "scifact" / "corpus.jsonl").write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    cited = json.dumps({"cited_doc_ids": [f"{kept}0"]})
    (root / "scifact" / "claims_any.jsonl").write_text(cited, encoding="utf-8")
    (root / "citation-integrity" / "corpus.jsonl").write_text(json.dumps(rows[0]), encoding="utf-8")
    named = json.dumps({"cited_doc_ids": [kept]})
    (root / "citation-integrity" / "claims_train.jsonl").write_text(named, encoding="utf-8")
    (root / "pubmedqa" / "train.json").write_text("{}", encoding="utf-8")
    (root / "evidence-inference" / "prompts_merged.csv").write_text("PromptID,PMCID,Outcome,Intervention,Comparator\n")
    header = "PromptID,PMCID,Valid Label,Valid Reasoning,Label,Annotations\n"
    (root / "evidence-inference" / "v2_annotations.csv").write_text(header)


def test_rows_for_training_leave_out_withheld_and_cited_abstracts(tmp_path: Path) -> None:
    ids = [str(i) for i in range(1, 40)]
    kept = next(i for i in ids if not is_withheld(i) and not is_withheld(f"{i}0"))
    withheld = next(i for i in ids if is_withheld(i))
    write_corpora(tmp_path, kept, withheld)
    rows = list(training_rows(tmp_path, random.Random(1)))
    documents = {r.group.partition("#")[0] for r in rows}
    assert documents == {f"scifact:{kept}", f"citation-integrity:{kept}"}
    assert rows == list(training_rows(tmp_path, random.Random(1)))
