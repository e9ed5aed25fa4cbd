"""Marks before titles: which words are one, and which are a title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.indexes.title_marks import unmarked
from pipelines.models import NoticeKind


@pytest.mark.parametrize(
    "mark",
    [
        "RETRACTED: ",
        "RETRACTED ARTICLE: ",
        "Retracted Article: ",
        "Retracted: ",
        "[Retracted] ",
        "[RETRACTED ARTICLE] ",
        "(Retracted) ",
        "REMOVED: ",
        "RETRACTED - ",
        "RETRACTED CHAPTER: ",
    ],
)
def test_a_mark_of_retraction_is_taken_off(mark: str) -> None:
    assert unmarked(f"{mark}On boats") == ("On boats", NoticeKind.RETRACTED)


@pytest.mark.parametrize("mark", ["WITHDRAWN: ", "Withdrawn Article: ", "[Withdrawn] "])
def test_a_mark_of_withdrawal_is_taken_off(mark: str) -> None:
    assert unmarked(f"{mark}On boats") == ("On boats", NoticeKind.WITHDRAWN)


@pytest.mark.parametrize(
    "title",
    [
        "Retraction: On boats",
        "Retraction Note to: On boats",
        "Retracted papers: a study of boats",
        "Withdrawn: a novel of the sea",
        "Removed from the harbour: boats of 1900",
        "Why RETRACTED: papers matter",
        "RETRACTED",
        "RETRACTED: ",
        "Retracted-position sails",
        "",
    ],
)
def test_a_title_that_bears_no_mark_stays_as_it_is(title: str) -> None:
    assert unmarked(title) == (title, None)


@given(st.text(max_size=200))
def test_a_title_only_ever_loses_its_beginning(title: str) -> None:
    plain, said = unmarked(title)
    assert title.endswith(plain)
    assert (said is None) == (plain == title)
