"""The page of one record, part by part; its claims have a file of their own."""

from typing import Any

import pytest

from pipelines.models import (
    ClaimCounts,
    Correction,
    Notice,
    NoticeKind,
    ReferenceCounts,
    RigorAnswer,
    RigorItem,
    RigorScan,
)
from pipelines.publication.corrections import correction_events, public_state
from pipelines.publication.site import words
from pipelines.publication.site.build import record_page
from pipelines.publication.site.rows import verdict_bar
from pipelines.publication.views import PublicRecord, SourceView
from tests.publication.pages import parsed, section, text_of
from tests.publication.published_records import empty_record, rich_record


def test_header_says_what_the_record_is():
    main = text_of(parsed(record_page(rich_record())).xpath("//main/header")[0])
    for words_of_it in (
        "Does clover mulch save water in vegetable beds?",
        "Garden Syntheses",
        "2026-06-14",
        "Does a living clover mulch reduce",
        "srch:C10FE201",
    ):
        assert words_of_it in main


def test_synthetic_record_says_so_at_the_top_and_others_do_not():
    assert "Synthetic record." in record_page(rich_record())
    assert "Synthetic record." not in record_page(rich_record(synthetic=False))


def test_retracted_source_is_named_before_anything_else():
    page = record_page(rich_record())
    (banner,) = parsed(page).xpath('//div[contains(@class, "alarm")]')
    assert text_of(banner) == "⊘ Draws on retracted or withdrawn work: Rows, weekly"
    assert page.index("Draws on retracted") < page.index("<h1")


def test_short_sentence_gives_every_count_in_words():
    said = text_of(section(record_page(rich_record()), "verdicts"))
    assert "2 of 6 claims are supported by a sentence in a source." in said
    assert "For 1 no source text could be had." in said
    for entry in ("2 ✓ Supported", "1 ✗ Refuted", "1 ⇄ Disputed", "1 ? Not enough information"):
        assert entry in said


def test_verdict_bar_is_as_long_as_the_counts_say():
    bar = verdict_bar(ClaimCounts(extracted=8, supported=4, refuted=1, not_enough_info=3))
    assert [(segment.count, segment.left, segment.width) for segment in bar] == [
        (4, 0.0, 500.0),
        (1, 500.0, 125.0),
        (0, 625.0, 0.0),
        (3, 625.0, 375.0),
        (0, 1000.0, 0.0),
    ]


def test_verdict_bar_of_no_claims_has_no_length():
    assert {segment.width for segment in verdict_bar(ClaimCounts())} == {0.0}


def test_published_and_checked_figures_stand_side_by_side():
    rows = {
        text_of(row[0]): [text_of(cell) for cell in row[1:]]
        for row in section(record_page(rich_record()), "published").xpath(".//tbody/tr")
    }
    assert rows["Papers"] == [
        "12 synthesises 12 papers",
        "3 entries in the record's reference list",
        "≠ differs",
    ]
    assert rows["Claims verified"][0] == "6 Verified claims: 6 (4 verified)"
    assert rows["Source-grounded claims"][0] == "not stated"
    assert rows["Review score (0 to 10)"][1].startswith("5.25 (4.00 to 6.50)")


def test_references_show_finding_mismatch_notice_and_what_was_not_audited():
    found = section(record_page(rich_record()), "references")
    first, second, third = (text_of(row) for row in found.xpath(".//tbody/tr"))
    assert "Found" in first
    assert "year: the record says 2021, the index has 2019" in second
    assert second.index("RETRACTED") < second.index("Misdescribed")
    assert "not audited" in third
    assert "1 not audited" in text_of(found)
    assert "https://doi.org/10.5555/rows" in found.xpath(".//a/@href")


def test_references_show_every_answer_that_a_finding_rests_on():
    found = section(record_page(rich_record()), "references")
    answers = [text_of(one) for one in found.xpath(".//details//li")]
    assert answers[0].startswith("crossref, asked by doi, has it, HTTP 200, answer abababababab")
    assert answers[1].startswith("openalex, asked by title, named none, HTTP 200")
    assert answers[2] == "pubmed, asked by pmid, did not answer: it answered <503>"


def test_reviews_say_spread_failure_and_what_nobody_assessed():
    said = text_of(section(record_page(rich_record()), "reviews"))
    assert "Score: 5.25 (4.00 to 6.50) of 10." in said
    assert "2 of 3 reviewers gave scores." in said
    assert "Reviewer “reader” failed and counts for nothing: The text is longer" in said
    assert "unassessed" in said


def test_findings_stand_with_the_words_they_rest_on():
    said = text_of(section(record_page(rich_record()), "findings"))
    assert "✗ Error The record says that it draws on 12 papers and lists 3." in said
    assert "synthesises 12 papers characters 40 to 60" in said


def corrected(record: PublicRecord, before: dict[str, Any], why: str) -> tuple[Correction, ...]:
    return correction_events(
        before,
        public_state(record),
        record_id=record.record_id,
        previous=None,
        why=why,
        recorded_at=record.gates[0].evaluated_at,
    )


def test_corrections_show_before_and_after_newest_first():
    record = rich_record()
    before = public_state(record.model_copy(update={"title": "Old title", "tier": None}))
    made = corrected(record, before, "The publisher corrected the title.")
    found = section(record_page(record.model_copy(update={"corrections": made})), "corrections")
    newest, oldest = found.xpath("./ol/li")
    assert "tier nothing WATCHLIST" in text_of(newest)
    assert "title Old title Does clover mulch save water" in text_of(oldest)
    assert made[0].hash[:16] in text_of(oldest)


def test_correction_of_a_verdict_leads_to_its_claim():
    record = rich_record()
    before = public_state(record)
    before["CLAIM"]["claim.claim-02.verdict"] = "SUPPORTED"
    made = corrected(record, before, "A new version of the source was read.")
    found = section(record_page(record.model_copy(update={"corrections": made})), "corrections")
    (row,) = found.xpath(".//tbody/tr")
    assert text_of(row) == "Claim 2: verdict SUPPORTED REFUTED"
    assert row.xpath(".//a/@href") == ["#claim-2"]


def test_sources_say_licence_kind_of_text_and_what_is_cut():
    said = text_of(section(record_page(rich_record()), "sources"))
    assert "licence: CC-BY-4.0" in said
    assert "abstract only, known to be cut · licence: not known" in said


def test_empty_record_says_of_each_part_that_nothing_is_there():
    said = text_of(parsed(record_page(empty_record())))
    for sentence in (
        "No claim was found in this record",
        "The record lists no references.",
        "No gate has been evaluated",
        "No correction: nothing public has changed",
        "No source of this record is held.",
        "Score: no score",
        "No rule found anything",
    ):
        assert sentence in said


def test_every_judged_value_has_a_word_and_a_sign():
    for table in (words.VERDICTS, words.STANCES, words.REFERENCE_FINDINGS, words.NOTICES, words.ATTEMPTS):
        enum = type(next(iter(table)))
        assert set(table) == set(enum)
        assert all(word.sign and word.word for word in table.values())
    assert len({word.sign for word in words.VERDICTS.values()}) == len(words.VERDICTS)


def test_notice_of_every_kind_can_be_shown():
    notices = tuple(Notice(kind=kind, origin="library:x") for kind in NoticeKind)
    source = SourceView(source_id="s", title="T", notices=notices, origin="library:x")
    said = text_of(section(record_page(rich_record(sources=(source,))), "sources"))
    assert all(word.word in said for word in words.NOTICES.values())


def test_a_rigour_scan_shows_each_quote_with_its_section_and_groups_what_has_none():
    def item(name: str, answer: RigorAnswer, **more: Any) -> RigorItem:
        return RigorItem(item=name, answer=answer, rule="made-1", **more)

    scan = RigorScan(
        source_version_id="doi:10.5555/clover@1",
        scanned=True,
        reason="Scanned.",
        scanner_version="2",
        items=(
            item("code_released", RigorAnswer.YES, quote="Our <b>code</b> is public.", section="Availability <i>"),
            item("data_released", RigorAnswer.NEEDS_JUDGEMENT, quote="Data are open.", why="Right in 24 of 31."),
            item("pre_registered", RigorAnswer.NOT_DETECTED),
            item("blinding_described", RigorAnswer.NOT_DETECTED, applies=False, why="Does not apply: no people."),
            item("prompts_provided", RigorAnswer.NEEDS_JUDGEMENT, why="No rule."),
            item("human_evaluation", RigorAnswer.NEEDS_JUDGEMENT, applies=True, why="No rule."),
        ),
    )
    part = section(record_page(rich_record(rigor=(scan,))), "rigor")
    rows = [text_of(row) for row in part.xpath(".//tbody/tr")]
    assert len(rows) == 2
    assert "Our <b>code</b> is public." in rows[0]
    assert "Under “Availability <i>”." in rows[0]
    assert "Right in 24 of 31." in rows[1]
    said = text_of(part)
    assert "Not detected by a rule: 1 item (Pre registered)." in said
    assert "Left to a reader or a model: 2 items (Prompts provided, Human evaluation)." in said
    assert "Does not apply: 1 item (Blinding described)." in said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (ReferenceCounts(found=2), "; 0 retracted."),
        (ReferenceCounts(misdescribed=1, retracted=1), "; 1 retracted."),
        (ReferenceCounts(unreachable=3), "; whether any was retracted is not known."),
    ],
)
def test_no_reference_is_said_to_stand_that_nobody_found(counts: ReferenceCounts, said: str):
    assert said in text_of(section(record_page(rich_record(reference_counts=counts)), "references"))
