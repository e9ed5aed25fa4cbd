"""How much of a source a page may quote, and that what it quotes stands there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import ClaimVerdict, Stance
from pipelines.publication.site.build import record_page
from pipelines.publication.site.excerpts import AROUND_CLOSED, LONGEST_SENTENCE, excerpt, is_open
from tests.publication.pages import section, text_of
from tests.publication.published_records import LOSS, PASSAGE, claim_view, evidence, rich_record


@pytest.mark.parametrize(
    "licence",
    [
        "CC-BY-4.0",
        "cc by",
        "CC0",
        "cc_by_sa",
        "https://creativecommons.org/licenses/by/4.0/",
        "public domain",
    ],
)
def test_open_licence_is_recognised(licence: str):
    assert is_open(licence)


@pytest.mark.parametrize(
    "licence",
    [
        None,
        "",
        "CC-BY-NC-4.0",
        "cc by nd",
        "https://creativecommons.org/licenses/by-nc/4.0/",
        "all rights reserved",
        "closed",
        "arXiv non-exclusive",
        "submitted",
    ],
)
def test_other_licence_is_not_taken_for_open(licence: str | None):
    assert not is_open(licence)


def test_source_that_is_not_open_is_quoted_briefly():
    passage = f"{'before ' * 200}{LOSS}{' after' * 200}"
    quoted = excerpt(evidence(passage, LOSS, Stance.SUPPORTS), open_licence=False)
    assert quoted.sentence == LOSS
    assert 0 < len(quoted.before) <= AROUND_CLOSED
    assert 0 < len(quoted.after) <= AROUND_CLOSED
    assert quoted.cut_before
    assert quoted.cut_after
    assert f"{quoted.before}{quoted.sentence}{quoted.after}" in passage
    assert len(excerpt(evidence(passage, LOSS, Stance.SUPPORTS), open_licence=True).before) > 1000


@given(st.text(max_size=600), st.text(min_size=1, max_size=80), st.text(max_size=600), st.booleans())
def test_excerpt_is_one_stretch_of_its_passage(before: str, sentence: str, after: str, open_licence: bool):
    passage = before + sentence + after
    quoted = excerpt(evidence(passage, sentence, Stance.SUPPORTS), open_licence=open_licence)
    assert quoted.sentence == sentence
    assert quoted.before + quoted.sentence + quoted.after in passage
    if not quoted.cut_before and not quoted.cut_after:
        assert quoted.before + quoted.sentence + quoted.after == passage


def test_sentence_that_is_not_at_its_place_is_shown_alone_and_said():
    held = evidence(PASSAGE, LOSS, Stance.SUPPORTS)
    moved = held.model_copy(update={"evidence": held.evidence.model_copy(update={"start": 0, "end": 5})})
    claim = claim_view(1, "Clover saves water.", ClaimVerdict.SUPPORTED, moved)
    page = record_page(rich_record(claims=(claim,)))
    (quote,) = section(page, "claims").xpath(".//blockquote")
    assert text_of(quote) == LOSS
    assert "The stored place does not hold this sentence" in page


def test_endless_sentence_is_cut_and_says_so():
    endless = "word " * 2000
    quoted = excerpt(evidence(endless, endless, Stance.SUPPORTS), open_licence=True)
    assert len(quoted.sentence) == LONGEST_SENTENCE
    assert quoted.cut_sentence == len(endless) - LONGEST_SENTENCE
