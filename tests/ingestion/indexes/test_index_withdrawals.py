"""When the free words of arXiv say that a paper is withdrawn, and when they only speak of withdrawing."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.indexes.withdrawals import stated_withdrawal

CORPUS = os.environ.get("CLAIMGATE_CORPUS")
# Found by reading each of the 14,838 comments and abstracts that hold "withdr", "wihdr", "retract" or "removed by".
WITHDRAWN = {
    "hep-th/9303088",
    "hep-ph/9303265",
    "hep-th/9310009",
    "hep-th/9403072",
    "hep-ph/9403344",
    "hep-th/9405094",
    "hep-ph/9407396",
    "hep-th/9408093",
    "gr-qc/9410009",
    "hep-ph/9411225",
    "hep-ph/9411295",
    "hep-ph/9412260",
    "2510.01986v1",
    "2510.04781v2",
    "2510.07681v2",
    "2510.08567v3",
    "2510.23594v4",
}

SAID_IN_COMMENTS = [
    "This paper has been withdrawn",
    "This paper has been withdrawn by the author due to a crucial sign error in equation 1",
    "Withdrawn",
    "withdrawn by the authors",
    "12 pages, 3 figures, withdrawn because of a gap in Lemma 2",
    "Paper withdrawn due to an error",
    "The paper has now been withdrawn",
    "This submission has been withdrawn by arXiv administrators because of disputed authorship",
    "This article was withdrawn from arXiv by the authors",
    "We are withdrawing this submission: the proof has a gap",
    "We have decided to withdraw this paper",
    "I withdraw this manuscript",
    "The authors have withdrawn this paper pending checks",
    "arXiv admin has withdrawn this article",
    "arXiv admin note: this version has been removed by arXiv administrators due to copyright",
    "Contains a serious mistake. This manuscript must be withdrawn",
    "THIS PAPER HAS BEEN WIHTDRAWN",
    "This paper has been retracted by the author",
    "Article contains an error and is withdrawn",
    "v2: this version (v2) has been withdrawn",
    "v3: withdrawn due to an error",
    "***WITHDRAWN***",
    "[withdrawn]",
    "WITHDRAWN: the proof is wrong",
    "Withdrawn, a better bound is known",
    "Because of a mistake in Section 2 the paper has been withdrawn",
    "Withdrawn by the author(s) from the archive",
    "arXiv admin note: withdrawn by arXiv administrators due to doubts about the data",
    "Due to basic errors in the method, I have to withdraw this paper",
    "We want to withdraw this paper due to missing permissions",
    "The authors request withdrawal of this preprint",
]
SAID_OTHERWISE = [
    "Published version; withdrawn from the journal by mutual consent",
    "This paper was withdrawn from PRL and is submitted elsewhere",
    "This paper has been withdrawn by the authors from the Journal of Examples",
    "We withdraw the claim of Theorem 3",
    "We withdraw our earlier claim; the rest stands",
    "This paper supersedes arXiv:1901.00001 which has been withdrawn",
    "Replaces arXiv:1901.00001, withdrawn",
    "Supersedes hep-th/9901001 (withdrawn)",
    "Section 5 of this paper has been withdrawn",
    "I withdraw this paper's second conclusion",
    "The first author has withdrawn his name from this paper",
    "We withdraw our paper from the conference",
    "This note was withdrawn from consideration at a workshop",
    "Some errors must be corrected",
    "An earlier version of this paper was withdrawn; this one is corrected",
    "This paper has not been withdrawn",
    "This paper was withdrawn by mistake and is now reinstated",
    "If this paper is withdrawn, see the journal",
    "A study of papers that were withdrawn from arXiv, 12 pages",
    "arXiv admin note: substantial text overlap with arXiv:1901.00001",
    "A dataset of withdrawn papers",
    "10 pages, 3 figures",
    "",
]
ABSTRACTS_THAT_SAY_SO = [
    "This paper has been withdrawn by the authors because of an error in the main theorem.",
    "Withdrawn due to a mistake in the proof.",
    "This paper is withdrawn.",
    "We prove a bound. (This paper is being withdrawn: the bound is wrong.)",
    "The authors have withdrawn this paper.",
]
ABSTRACTS_ABOUT_WITHDRAWING = [
    "This paper shows that troops were withdrawn and prices fell.",
    "We study why authors withdraw the paper after review.",
    "This paper examines how consent is withdrawn in trials.",
    "The drug was withdrawn in 1961. This paper asks whether it should have been withdrawn earlier.",
    "We analyse 14,000 papers withdrawn from arXiv and find that the paper is withdrawn when errors are found.",
    "A paper is withdrawn if its authors ask for it. We model this paper withdrawal as a game.",
    "Patients who were withdrawn from treatment did worse; the comment is made that doses were retracted.",
    "The robot arm is retracted and the needle withdrawn.",
    "We withdraw energy from a quantum battery.",
]


@pytest.mark.parametrize("comment", SAID_IN_COMMENTS)
def test_a_comment_that_says_that_the_paper_is_withdrawn_is_understood(comment: str) -> None:
    said = stated_withdrawal(comment, "We prove a theorem about graphs.")
    assert said is not None
    assert said in comment


@pytest.mark.parametrize("comment", SAID_OTHERWISE)
def test_a_comment_that_speaks_of_another_withdrawal_is_no_notice(comment: str) -> None:
    assert stated_withdrawal(comment, "We prove a theorem about graphs.") is None


@pytest.mark.parametrize("abstract", ABSTRACTS_THAT_SAY_SO)
def test_an_abstract_may_say_it_too(abstract: str) -> None:
    assert stated_withdrawal("5 pages", abstract) is not None


@pytest.mark.parametrize("abstract", ABSTRACTS_ABOUT_WITHDRAWING)
def test_an_abstract_about_withdrawing_is_no_notice(abstract: str) -> None:
    assert stated_withdrawal(None, abstract) is None


def test_the_words_are_quoted_to_the_end_of_their_sentence_and_no_longer_than_a_paragraph() -> None:
    said = stated_withdrawal("5 pages. This paper is withdrawn due to " + "long " * 500 + "reasons. See v1.", None)
    assert said is not None
    assert said.startswith("This paper is withdrawn due to long")
    assert len(said) == 300


@pytest.mark.parametrize(
    "unit", ["this paper ", "this paper has been ", "and is ", "withdrawn ", "we will ", "(", "paper, ", "retract and "]
)
def test_long_repeated_words_are_read_in_bounded_time(unit: str) -> None:
    words = unit * (1_000_000 // len(unit))
    assert stated_withdrawal(words + " withdrawn", words) == stated_withdrawal(words[:6_000], words[:6_000])


@given(st.text(), st.text())
def test_any_words_are_read(comment: str, abstract: str) -> None:
    said = stated_withdrawal(comment, abstract)
    assert said is None or len(said) <= 300


@pytest.mark.skipif(CORPUS is None, reason="CLAIMGATE_CORPUS names no abstracts")
def test_among_the_real_abstracts_those_that_are_withdrawn_are_found_and_no_other() -> None:
    path = Path(CORPUS or "") / "texts" / "abstracts" / "arxiv_abstracts.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    found = {row["id"] for row in read if stated_withdrawal(row["comments"], row["abstract"])}
    assert found == WITHDRAWN
