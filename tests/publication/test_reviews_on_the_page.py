"""Reviews as a reader meets them: the score with its doubt, a grid of all scores, reasons, who is absent."""

from __future__ import annotations

from claimgate.views import headline, record_view, review_lines
from pipelines.models import Dimension, DimensionScore, Review, ReviewSummary
from pipelines.publication.site.build import record_page
from pipelines.publication.views import PublicRecord
from tests.publication.pages import section, text_of
from tests.publication.published_records import reviews, rich_record

SILENT = Review(reviewer="patient", version="1", scores=())
MODEL = Review(
    reviewer="challenger",
    version="3",
    model="made-up-7b",
    scores=(DimensionScore(dimension=Dimension.NOVELTY, score=2, low=1.5, high=4.25, reason="It <i>restates</i>."),),
)
OLD = ReviewSummary(score=6.0, low=5.0, high=7.0, agreement=0.9, reviewers=("grounding",), reason="Mean of one.")


def reviewed() -> PublicRecord:
    return rich_record(reviews=(*reviews(), SILENT, MODEL))


def test_the_page_says_the_score_with_interval_range_and_agreement_in_words():
    said = text_of(section(record_page(reviewed()), "reviews"))
    assert "Score: 5.25 (4.00 to 6.50) of 10. Between 4.50 and 6.00 when any one reviewer is left out." in said
    assert (
        "Agreement of the reviewers: 0.75 (-0.20 to 0.90). Alpha over 3 dimensions: well enough for tentative" in said
    )


def test_absent_reviewers_are_named_the_failed_apart_from_the_silent():
    said = text_of(section(record_page(reviewed()), "reviews"))
    assert "Reviewer “reader” failed and counts for nothing: The text is longer" in said
    assert "Left out, with nothing to score: patient." in said


def test_each_dimension_stands_with_its_reviewers_and_below_them_every_reason():
    found = section(record_page(reviewed()), "reviews")
    rows = {
        text_of(row.xpath("./th")[0]): [text_of(one) for one in row.xpath("./td")]
        for row in found.xpath(".//table[1]/tbody/tr")
    }
    novelty = next(cells for name, cells in rows.items() if name.startswith("D-5 Novelty"))
    assert novelty == ["unassessed", "challenger (made-up-7b): 2.00 (1.50 to 4.25)"]
    citations = next(cells for name, cells in rows.items() if name.startswith("D-2 Citation grounding"))
    assert citations[0] == "5.25"
    assert [word in citations[1] for word in ("grounding: 6.50", "sceptic: 4.00", "reader")] == [True, True, False]
    numbers = next(cells for name, cells in rows.items() if name.startswith("D-3"))
    assert "grounding: unassessed" in numbers[1]
    reasons = text_of(found.xpath(".//details")[0])
    assert "grounding 6.50: Two of three references were found." in reasons
    assert "challenger (made-up-7b) 2.00: It <i>restates</i>." in reasons


def test_the_terminal_says_the_same():
    lines = list(review_lines(reviewed()))
    assert lines[0] == "Score 5.2 (4.0 to 6.5): Two of three reviewers gave scores."
    assert "  without any one reviewer: 4.5 to 6.0" in lines
    assert any(line.startswith("  agreement 0.75 (-0.2 to 0.9): Alpha over 3") for line in lines)
    assert "  left out: patient had nothing to score" in lines
    assert "  novelty: challenger 2.0 (1.5 to 4.2): It <i>restates</i>." in lines
    assert "  numerical_consistency: grounding -: There are too few numbers to judge." in lines


def test_the_document_keeps_the_keys_of_the_contract_and_adds_the_doubt():
    review = record_view(reviewed(), page=None)["review"]
    assert review["score"] == 5.25
    assert review["without_one"] == {"low": 4.5, "high": 6.0}
    assert (review["agreement"], review["agreement_low"], review["agreement_high"]) == (0.75, -0.2, 0.9)
    assert review["absent"] == [
        "reader failed (The text is longer than this reviewer takes.)",
        "patient had nothing to score",
    ]


def test_a_score_without_interval_is_still_a_score():
    alone = rich_record(review=ReviewSummary(score=6.0, reviewers=("grounding",), reason="Of one claim."))
    assert "score 6.0 |" in headline(alone)
    assert "Score: 6.00 of 10." in text_of(section(record_page(alone), "reviews"))


def test_a_summary_stored_before_there_were_intervals_is_shown():
    said = text_of(section(record_page(rich_record(review=OLD)), "reviews"))
    assert "Score: 6.00 (5.00 to 7.00) of 10." in said
    assert "left out" not in said.split("Mean of one.")[0]
