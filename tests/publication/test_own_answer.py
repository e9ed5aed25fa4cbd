"""The paragraph in which a record answers its question: found by its heading, cut after a sentence, never invented."""

from __future__ import annotations

import pytest

from pipelines.models import ClaimVerdict, Layout, ParsedRecord
from pipelines.publication.own_answer import LONGEST, own_answer
from pipelines.publication.site.build import record_page
from pipelines.publication.site.rows import standing_claims
from pipelines.publication.views import OwnAnswer
from tests.publication.pages import parsed
from tests.publication.published_records import rich_record

SAYS = "Reed beds kept the banks of nine lakes from washing away in most winters."


def answer_in(text: str, layout: Layout = Layout.PROSE) -> OwnAnswer | None:
    found = own_answer(ParsedRecord(layout=layout, title="Reeds", text=text))
    assert found is None or text[found.start : found.end] == found.text
    return found


@pytest.mark.parametrize(
    ("before", "section"),
    [
        ("# Reeds\n\n## Answer\n\n", "Answer"),
        ("Reeds\n\nAbstract\n\n", "Abstract"),
        ("Reeds\n\n5. Conclusions\n", "Conclusions"),
        ("## **Key findings**\n\n", "Key findings"),
        ("## Plain-language summary:\n", "Plain-language summary"),
        ("## Summary\n\n| a | b |\n\n## Abstract\n\n", "Abstract"),
    ],
)
def test_the_first_paragraph_under_a_heading_of_an_answer_is_taken(before: str, section: str) -> None:
    found = answer_in(f"{before}{SAYS}\nIt did so twice.\n\nAnother paragraph stands here and goes on for some words.")
    assert found is not None
    assert (found.section, found.text) == (section, f"{SAYS}\nIt did so twice.")


@pytest.mark.parametrize("after", ["Research Question\nWhat do reeds do?", "| Level | 2 |", "## Claims\n- one"])
def test_where_no_line_is_empty_an_answer_ends_at_a_heading_or_a_table(after: str) -> None:
    found = answer_in(f"Reeds\nAbstract\nAbstract: {SAYS}\nIt did so twice\nin ten years.\n{after}\n| Tier | 3 |\n")
    assert found is not None
    assert found.text == f"{SAYS}\nIt did so twice\nin ten years."


def test_a_conclusion_answers_better_than_an_abstract() -> None:
    found = answer_in(f"Abstract\n\nWe read all that was written on reeds and lakes.\n\nConclusion\n\n{SAYS}\n")
    assert found is not None
    assert (found.section, found.text) == ("Conclusion", SAYS)


def test_an_answer_with_passages_is_its_own_first_paragraph() -> None:
    assert answer_in(f"{SAYS}\n\nMore.", Layout.ANSWER) == OwnAnswer(section=None, text=SAYS, start=0, end=len(SAYS))


@pytest.mark.parametrize(
    "text",
    [
        "",
        SAYS,
        f"The abstract of reeds\n\n{SAYS}",
        "## Answer\n\nIt depends.\n",
        "## Answer\n\n- one\n- two\n",
        "Abstract",
    ],
)
def test_without_a_heading_or_a_paragraph_under_it_nothing_is_taken(text: str) -> None:
    assert answer_in(text) is None


def test_a_long_paragraph_is_cut_after_a_sentence_and_a_huge_one_costs_no_more() -> None:
    found = answer_in("## Answer\n\n" + f"{SAYS} " * 20_000)
    assert found is not None
    assert found.text.endswith("most winters.")
    assert LONGEST - len(SAYS) < len(found.text) <= LONGEST
    endless = answer_in("## Answer\n\n" + "reeds " * 200_000)
    assert endless is not None
    assert len(endless.text) == LONGEST


def test_the_page_quotes_it_or_says_that_there_is_none() -> None:
    said = OwnAnswer(section="Answer", text="Reeds <b>hold</b> the banks of lakes in winter.", start=0, end=47)
    page = record_page(rich_record().model_copy(update={"own_answer": said}))
    assert "Reeds &lt;b&gt;hold&lt;/b&gt; the banks" in page
    assert "as the record says under “Answer”" in page
    assert "no section that answers in a paragraph" in record_page(rich_record())


def test_the_page_says_in_a_paragraph_which_claims_stand_and_which_do_not() -> None:
    record = rich_record()
    held = {view.claim.ordinal: view.verdict for view in record.claims}
    leads = [(lead, view.claim.ordinal, held[view.claim.ordinal]) for lead, view in standing_claims(record)]
    assert [lead for lead, _, _ in leads] == [
        "Held with most confidence:",
        "A source says otherwise about:",
        "Sources disagree about:",
    ]
    assert [verdict for _, _, verdict in leads] == [ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.DISPUTED]
    (paragraph,) = parsed(record_page(record)).xpath("//p[@class='stands']")
    assert paragraph.xpath("a/@href") == [f"#claim-{ordinal}" for _, ordinal, _ in leads]
