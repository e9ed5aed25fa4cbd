import itertools
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from published_records import (
    LOSS,
    PASSAGE,
    claim_view,
    empty_record,
    evidence,
    gated_record,
    rich_record,
    said,
)

from pipelines.models import (
    Axis,
    AxisJudgement,
    AxisOutcome,
    ClaimCounts,
    ClaimVerdict,
    EvidenceScope,
    Notice,
    NoticeKind,
    Probabilities,
    Reference,
    Stance,
)
from pipelines.publication.corrections import correction_events, public_state
from pipelines.publication.site import words
from pipelines.publication.site.build import (
    assets,
    calibration_page,
    index_page,
    manifest_name,
    page_name,
    record_page,
    summary_of,
)
from pipelines.publication.site.excerpts import AROUND_CLOSED, LONGEST_SENTENCE, excerpt, is_open
from pipelines.publication.site.reliability import Reliability
from pipelines.publication.site.rows import verdict_bar
from pipelines.publication.site.text import reference_link, safe_link, shown
from pipelines.publication.site.verdict_rows import SOURCES_SHOWN, confidence_in_words, whole_percents
from pipelines.publication.views import PublicRecord, ReferenceView, SourceView
from pipelines.verification.backend import Regime
from pipelines.verification.feature_model import Origin, ReliabilityBin
from tests.publication.published_artifacts import hostile_artifact, hostile_attacker

SCRIPT = "<script>alert(1)</script>"
OVERRIDE = "abc\u202egnp.exe"


def parsed(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def section(page: str, heading: str) -> html.HtmlElement:
    (found,) = parsed(page).xpath(f'//section[h2[@id="{heading}"]]')
    return found


def hostile_record() -> PublicRecord:
    nasty = f"{SCRIPT} {OVERRIDE} \x00\x1b[31m {'A' * 100_000}"
    record = gated_record()
    quoted = evidence(f"{SCRIPT} says {OVERRIDE}. More.", f"{SCRIPT} says {OVERRIDE}.", Stance.SUPPORTS)
    urls = (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>1</script>",
        "https://bank.example@evil.example/",
        'https://evil.example/"onmouseover="x',
        "http://[::1",
        " https://space.example",
    )
    return record.model_copy(
        update={
            "record_id": f"../../{nasty}",
            "title": nasty,
            "publisher": nasty,
            "question": nasty,
            "identifier": "javascript:alert(1)",
            "claims": (
                claim_view(
                    1,
                    nasty,
                    ClaimVerdict.SUPPORTED,
                    quoted,
                    reason=nasty,
                    backend=nasty,
                    verifier_version=nasty,
                    per_source=tuple(
                        said(f"{n} {nasty}", ClaimVerdict.NOT_ENOUGH_INFO, 0.5).model_copy(update={"reason": nasty})
                        for n in range(40)
                    ),
                    axes=(AxisJudgement(axis=Axis.SUBJECT, outcome=AxisOutcome.DIFFERS, why=nasty),),
                ),
            ),
            "found_sources": tuple(s.model_copy(update={"title": nasty}) for s in record.found_sources),
            "references": tuple(
                ReferenceView(reference=Reference(ordinal=n, raw=nasty, url=url), audit=None)
                for n, url in enumerate(urls, 1)
            ),
            "sources": tuple(s.model_copy(update={"title": nasty, "licence": nasty}) for s in record.sources),
            "findings": tuple(f.model_copy(update={"message": nasty}) for f in record.findings),
            "level_basis": nasty,
            "gates": tuple(
                gate.model_copy(
                    update={
                        "title": nasty,
                        "question": nasty,
                        "reason": nasty,
                        "attackers": tuple(hostile_attacker(nasty) for _ in gate.attackers),
                    }
                )
                for gate in record.gates
            ),
            "artifacts": (hostile_artifact(nasty),) * 40,
        }
    )


def measured(backend: str = "features", data: str = "pairs written for a test") -> Reliability:
    given = (
        ReliabilityBin(from_confidence=0.0, to_confidence=0.5, cases=40, mean_confidence=0.4, right=0.45),
        ReliabilityBin(from_confidence=0.9, to_confidence=1.0, cases=120, mean_confidence=0.95, right=0.9),
    )
    return Reliability(
        backend=backend,
        made_on="2026-11-21",
        origin=(Origin(data=data, licence="CC BY 4.0", rows=1_160, use="coefficients and calibration"),),
        curves={Regime.GIVEN: given, Regime.SEARCHED: ()},
    )


ALL = pytest.mark.parametrize(
    "page",
    [
        record_page(rich_record()),
        record_page(gated_record()),
        record_page(empty_record()),
        record_page(hostile_record()),
        index_page([summary_of(rich_record()), summary_of(empty_record()), summary_of(hostile_record())]),
        index_page([]),
        calibration_page([measured()]),
        calibration_page([]),
        calibration_page([measured(f"{SCRIPT} {OVERRIDE}", f"{SCRIPT} {OVERRIDE} {'A' * 100_000}")]),
    ],
    ids=[
        "rich",
        "gated",
        "empty",
        "hostile",
        "index",
        "empty index",
        "calibration",
        "empty calibration",
        "hostile calibration",
    ],
)


# --- every page ---------------------------------------------------------------------------------


@ALL
def test_page_forbids_everything_but_its_own_style(page: str):
    (policy,) = parsed(page).xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "unsafe" not in policy


@ALL
def test_page_asks_for_nothing_from_outside_and_runs_nothing(page: str):
    document = parsed(page)
    assert document.xpath("//link/@href") == list(assets())
    assert not document.xpath("//@src | //@srcset | //@style | //@action | //@ping")
    assert not document.xpath("//script | //iframe | //object | //embed | //form | //base | //style | //img")
    assert not [name for name in document.xpath("//@*") if name.attrname.startswith("on")]


@ALL
def test_links_lead_to_the_site_itself_or_by_http(page: str):
    for href in parsed(page).xpath("//a/@href"):
        assert re.fullmatch(r"#[\w-]+|[a-z0-9-]+\.(html|json)|https?://[!-~]+", href), href


@ALL
def test_links_within_the_page_arrive(page: str):
    document = parsed(page)
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in document.xpath("//a/@href") if href.startswith("#")} <= set(ids)


@ALL
def test_page_names_its_language_and_starts_with_a_way_to_the_content(page: str):
    document = parsed(page)
    assert document.get("lang") == "en"
    assert document.body[0].get("href") == "#main"


@ALL
def test_headings_descend_one_step_at_a_time(page: str):
    levels = [int(tag.tag[1]) for tag in parsed(page).xpath("//h1|//h2|//h3|//h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@ALL
def test_tables_have_a_caption_and_headers_with_scope(page: str):
    for table in parsed(page).xpath("//table"):
        assert text_of(table.xpath("./caption")[0])
        assert table.xpath(".//th")
        assert all(head.get("scope") for head in table.xpath(".//th"))


@ALL
def test_no_absent_value_is_printed_by_its_program_name(page: str):
    assert not re.search(r"\b(None|Undefined|True|False|nan)\b", parsed(page).text_content())


@pytest.mark.parametrize("make", [rich_record, empty_record, hostile_record])
def test_page_of_the_same_record_has_the_same_bytes(make):
    assert record_page(make()).encode() == record_page(make()).encode()


# --- the record page ----------------------------------------------------------------------------


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


def test_highlight_is_the_evidence_sentence_at_its_place():
    (row,) = parsed(record_page(rich_record())).xpath('//tr[@id="claim-1"]')
    (quote,) = row.xpath(".//blockquote/p")
    (mark,) = quote.xpath("./mark")
    assert mark.text_content() == LOSS
    assert quote.text == PASSAGE[: PASSAGE.index(LOSS)]
    assert quote.text_content() == PASSAGE


def test_disputed_claim_shows_a_sentence_for_and_one_against():
    (row,) = parsed(record_page(rich_record())).xpath('//tr[@id="claim-3"]')
    sides = [text_of(side) for side in row.xpath('.//span[@class="side"]')]
    assert sides == ["✓ For", "✗ Against"]
    assert "Disputed" in text_of(row)
    assert "RETRACTED" in text_of(row)


def test_a_claim_that_rests_on_retracted_work_alone_says_so_in_its_row() -> None:
    record = rich_record()
    claim = next(view for view in record.claims if view.verdict is ClaimVerdict.SUPPORTED)
    resting_on = {item.evidence.source_id for item in claim.evidence}
    retracted = Notice(kind=NoticeKind.RETRACTED, date="2026-06-20", origin="library:x")
    sources = tuple(
        source.model_copy(update={"notices": (retracted,) if source.source_id in resting_on else ()})
        for source in record.sources
    )
    path = f'//tr[@id="claim-{claim.claim.ordinal}"]'
    (row,) = parsed(record_page(record.model_copy(update={"sources": sources}))).xpath(path)
    assert "It rests on RETRACTED work alone" in text_of(row)
    assert all("RETRACTED" in text_of(caption) for caption in row.xpath(".//figcaption"))
    sound = tuple(source.model_copy(update={"notices": ()}) for source in record.sources)
    (row,) = parsed(record_page(record.model_copy(update={"sources": sound}))).xpath(path)
    assert "RETRACTED" not in text_of(row)


def test_undecided_and_unchecked_claims_say_why():
    document = parsed(record_page(rich_record()))
    undecided, unchecked = document.xpath('//tr[@id="claim-4"] | //tr[@id="claim-5"]')
    assert "neither says anything of cost" in text_of(undecided)
    assert "Nearest sentence, decides nothing" in text_of(undecided)
    assert "No source text could be had" in text_of(unchecked)
    assert "Confidence: none given" in text_of(unchecked)
    assert not unchecked.xpath(".//mark")


def claim_row(record: PublicRecord, ordinal: int) -> html.HtmlElement:
    (row,) = parsed(record_page(record)).xpath(f'//tr[@id="claim-{ordinal}"]')
    return row


def test_confidence_is_said_in_words_with_a_link_to_how_it_was_measured():
    row = claim_row(rich_record(), 1)
    assert "Confidence: 0.72: of a hundred like this, about 72 are right (as measured)" in text_of(row)
    assert "calibration.html" in row.xpath(".//a/@href")
    assert "calibration.html" not in claim_row(rich_record(), 3).xpath(".//a/@href")


@pytest.mark.parametrize(
    ("confidence", "words_of_it"),
    [
        (0.0, "hardly one is right"),
        (0.004, "hardly one is right"),
        (0.01, "about 1 is right"),
        (0.774, "about 77 are right"),
        (0.994, "about 99 are right"),
        (0.998, "nearly all are right"),
        (1.0, "nearly all are right"),
    ],
)
def test_a_confidence_in_words_promises_no_more_than_it_says(confidence: float, words_of_it: str):
    assert confidence_in_words(confidence) == f"of a hundred like this, {words_of_it}"


def test_shares_of_the_three_verdicts_are_shown():
    said_there = text_of(claim_row(rich_record(), 1))
    assert "Shares: supported 72 %, refuted 3 %, not enough information 25 %" in said_there


@pytest.mark.parametrize(
    ("exact", "whole"),
    [
        ((0.085, 0.889, 0.026), (8, 89, 3)),
        ((0.455, 0.075, 0.47), (46, 7, 47)),
        ((1 / 3, 1 / 3, 1 / 3), (34, 33, 33)),
        ((1.0, 0.0, 0.0), (100, 0, 0)),
    ],
)
def test_shares_in_whole_per_cent_add_up(exact: tuple[float, float, float], whole: tuple[int, int, int]):
    shares = Probabilities(supported=exact[0], refuted=exact[1], not_enough_info=exact[2])
    assert whole_percents(shares) == whole


@pytest.mark.parametrize(
    ("ordinal", "looked_at"),
    [
        (1, "Looked at: the sources that the claim cites."),
        (2, "Looked at: all sources of the record."),
        (4, "Looked at, after the record's own sources: works of the library, found by searching for the claim"),
        (5, "There was no text to look at."),
    ],
)
def test_each_claim_says_which_sources_were_looked_at(ordinal: int, looked_at: str):
    assert looked_at in text_of(claim_row(rich_record(), ordinal))


def test_every_scope_axis_and_outcome_has_words():
    assert set(words.SCOPES) == set(EvidenceScope)
    assert set(words.AXES) == set(Axis)
    assert set(words.AXIS_OUTCOMES) == set(AxisOutcome)


def test_axes_are_a_table_of_what_the_claim_says_something_on():
    (table,) = claim_row(rich_record(), 1).xpath('.//table[contains(@class, "axes")]')
    assert [[text_of(cell) for cell in row] for row in table.xpath("./tbody/tr")] == [
        ["Subject", "= agrees", "clover mulch in both"],
        ["Numbers and units", "= agrees", "31 % in both"],
        ["Population and setting", "? not said by the sentence", "the claim says: bare beds"],
    ]


def test_each_source_on_its_own_stands_in_a_table_with_what_decides_first():
    (table,) = claim_row(rich_record(), 3).xpath('.//table[contains(@class, "sources-alone")]')
    rows = [[text_of(cell) for cell in row] for row in table.xpath("./tbody/tr")]
    assert [row[1] for row in rows] == ["✓ Supported", "✗ Refuted", "○ Not checked"]
    assert rows[0][0] == "Clover mulch and water as doi:10.5555/clover was read alone"
    assert rows[1][2] == "0.61"
    assert rows[2] == ["doi:10.5555/silent as doi:10.5555/silent was read alone", "○ Not checked", "none given"]
    assert table.xpath("./tbody/tr/th/a/@href") == ["#source-1", "#source-2"]


def test_of_many_sources_the_first_are_shown_and_the_rest_are_counted():
    row = claim_row(hostile_record(), 1)
    assert len(row.xpath('.//table[contains(@class, "sources-alone")]/tbody/tr')) == SOURCES_SHOWN
    assert f"{40 - SOURCES_SHOWN} more sources stand in the manifest." in text_of(row)


def test_works_found_in_the_library_are_listed_apart_from_the_records_sources():
    sources_there = section(record_page(rich_record()), "sources")
    (found,) = sources_there.xpath('.//li[@id="found-1"]')
    assert "What clover costs" in text_of(found)
    assert "The record does not cite these works." in text_of(sources_there)
    assert "#found-1" in claim_row(rich_record(), 4).xpath(".//figcaption/a/@href")
    without = section(record_page(rich_record(found_sources=())), "sources")
    assert "does not cite these works" not in text_of(without)


def test_a_verdict_names_the_back_end_that_made_it():
    assert "Judged by the back end “features” features-1" in text_of(claim_row(rich_record(), 1))
    assert "The machine's reading is by the back end “features”" in text_of(claim_row(rich_record(), 6))


def test_an_open_claim_says_why_it_was_not_decided_and_shows_the_comparison_at_once():
    row = claim_row(rich_record(), 4)
    assert "Why not decided: Two sources were read; neither says anything of cost." in text_of(row)
    (details,) = row.xpath('.//details[.//table[contains(@class, "axes")]]')
    assert details.get("open") is not None
    (closed,) = claim_row(rich_record(), 1).xpath('.//details[.//table[contains(@class, "axes")]]')
    assert closed.get("open") is None


def test_an_unchecked_claim_says_why_it_was_not_checked():
    assert "Why not checked: No source text could be had" in text_of(claim_row(rich_record(), 5))
    assert "Why not" not in text_of(claim_row(rich_record(), 1))


@pytest.mark.parametrize(
    ("verdict", "said_there"),
    [
        (ClaimVerdict.SUPPORTED, "Something speaks against it, not clearly enough to dispute it."),
        (ClaimVerdict.REFUTED, "Something speaks for it, not clearly enough to dispute the refutation."),
        (ClaimVerdict.NOT_ENOUGH_INFO, "Something speaks against it, not clearly enough to refute it."),
        (ClaimVerdict.DISPUTED, None),
    ],
)
def test_a_conflict_is_told_as_the_verdict_has_it(verdict: ClaimVerdict, said_there: str | None):
    record = rich_record(claims=(claim_view(1, "Clover saves water.", verdict, conflict=True),))
    shown_there = text_of(claim_row(record, 1))
    assert [said_there] == re.findall("Something speaks [^.]*[.]", shown_there) or said_there is None
    assert ("Something speaks" in shown_there) == (said_there is not None)
    calm = rich_record(claims=(claim_view(1, "Clover saves water.", verdict, conflict=False),))
    assert "Something speaks" not in text_of(claim_row(calm, 1))


# --- the calibration page -----------------------------------------------------------------------


def test_calibration_page_shows_curve_figures_data_licence_and_date():
    document = parsed(calibration_page([measured()]))
    said_there = text_of(document)
    for entry in (
        "Back end “features”, measured on 2026-11-21",
        "Sources given: the claim names its source, or its record does. 160 cases",
        "(ECE), is 0.05.",
        "pairs written for a test: 1,160 rows, coefficients and calibration. Licence: CC BY 4.0.",
        "Sources searched: found in a library by searching for the claim. No case was measured.",
    ):
        assert entry in said_there
    (svg,) = document.xpath('//*[local-name()="svg"]')
    assert "160 cases" in svg.get("aria-label")
    rows = [[text_of(cell) for cell in row] for row in document.xpath("//table/tbody/tr")]
    assert rows[0] == ["0 % to 50 %", "40", "40 %", "45 %", "31 % to 60 %"]
    assert len(rows) == 2


def test_calibration_page_without_a_measurement_says_so():
    assert "Nothing was measured yet" in text_of(parsed(calibration_page([])))


def test_every_page_leads_to_the_calibration_page():
    for page in (record_page(rich_record()), record_page(empty_record()), index_page([summary_of(rich_record())])):
        assert "calibration.html" in parsed(page).xpath("//a/@href")


def test_persons_verdict_is_marked_with_name_and_reason():
    (row,) = parsed(record_page(rich_record())).xpath('//tr[@id="claim-6"]')
    assert "A person's verdict, by Reader One, 2026-07-02 02:00 UTC: The rounding is harmless." in text_of(row)
    assert "Says nearly the same as claim 1." in text_of(row)
    assert "The record itself cuts this claim off." in text_of(row)


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


def test_corrections_show_before_and_after_newest_first():
    record = rich_record()
    before = public_state(record.model_copy(update={"title": "Old title", "tier": None}))
    made = correction_events(
        before,
        public_state(record),
        record_id=record.record_id,
        previous=None,
        why="The publisher corrected the title.",
        recorded_at=record.gates[0].evaluated_at,
    )
    found = section(record_page(record.model_copy(update={"corrections": made})), "corrections")
    newest, oldest = found.xpath("./ol/li")
    assert "tier null WATCHLIST" in text_of(newest)
    assert "title Old title Does clover mulch save water" in text_of(oldest)
    assert made[0].hash[:16] in text_of(oldest)


def test_correction_of_a_verdict_leads_to_its_claim():
    record = rich_record()
    before = public_state(record)
    before["CLAIM"]["claim.claim-02.verdict"] = "SUPPORTED"
    made = correction_events(
        before,
        public_state(record),
        record_id=record.record_id,
        previous=None,
        why="A new version of the source was read.",
        recorded_at=record.gates[0].evaluated_at,
    )
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


# --- hostile text -------------------------------------------------------------------------------


def test_mark_up_in_any_text_is_shown_and_never_obeyed():
    page = record_page(hostile_record())
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert parsed(page).xpath("//mark")[0].text_content().startswith(SCRIPT)


def test_characters_that_turn_or_hide_text_are_named_instead():
    page = record_page(hostile_record()) + index_page([summary_of(hostile_record())])
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]", page)
    assert "abc[U+202E]gnp.exe" in page
    assert "[U+001B]" in page


def test_title_of_a_hundred_thousand_characters_is_cut_and_says_so():
    document = parsed(record_page(hostile_record()))
    (title,) = document.xpath("//h1")
    assert len(text_of(title)) < 400
    assert "more characters not shown" in text_of(title)
    without = hostile_record().model_copy(update={"gates": (), "artifacts": ()})
    assert len(record_page(without)) < 250_000


def test_artifacts_and_attackers_of_any_length_leave_the_page_short():
    record = hostile_record()
    assert (len(record.artifacts), len(record.artifacts[0].attempt.steps)) == (40, 200)
    page = record_page(record)
    assert len(page) < 1_000_000
    assert "28 more artifacts stand in the manifest." in page
    assert "184 more runs stand in the manifest." in page


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT://x.example/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://a.example/",
        "//a.example/",
        "https://",
        "https://user@a.example/",
        "https://a.example:port/",
        "http://[::1",
        "https://a.example/\n",
        "https://a.example/\u202e",
        "https://ex\u0430mple.example/",
        "https://a.example/<b>",
        "https://a.example/" + "a" * 3000,
        "",
        None,
    ],
)
def test_doubtful_address_is_no_link(url: str | None):
    assert safe_link(url) is None


@pytest.mark.parametrize("url", ["http://a.example", "https://a.example:8443/b?c=d&e=f#g", "HTTPS://A.example/"])
def test_plain_address_is_a_link(url: str):
    assert safe_link(url) == url


def test_identifier_cannot_leave_its_resolver():
    link = reference_link(Reference(ordinal=1, raw="r", doi='10.5555/"><script>?x=1#y'))
    assert link == "https://doi.org/10.5555/%22%3E%3Cscript%3E%3Fx%3D1%23y"
    assert reference_link(Reference(ordinal=1, raw="r", pmid="12/../x")) is None


@given(st.text())
def test_shown_text_holds_no_control_or_direction_character(text: str):
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown(text))


@given(st.text(alphabet=string.ascii_letters + string.punctuation + " é漢字", max_size=300))
def test_plain_text_is_shown_as_it_is(text: str):
    assert shown(text) == text


def test_stacked_accents_are_thinned():
    assert shown("Z" + "\u0301" * 500) == "Z" + "\u0301" * 4


def test_text_of_ten_million_characters_is_cut_before_it_is_read():
    assert len(shown("\u202e" * 10_000_000)) < 50_000


def test_widthless_characters_of_pdf_text_are_dropped_and_line_ends_are_kept():
    assert shown("soft\u00adhyphen\ufeff\u200b\r\nnext\x0cpage") == "softhyphen\nnext\npage"


# --- quoting ------------------------------------------------------------------------------------


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


def test_notice_of_every_kind_can_be_shown():
    notices = tuple(Notice(kind=kind, origin="library:x") for kind in NoticeKind)
    source = SourceView(source_id="s", title="T", notices=notices, origin="library:x")
    said = text_of(section(record_page(rich_record(sources=(source,))), "sources"))
    assert all(word.word in said for word in words.NOTICES.values())


# --- file names and index -----------------------------------------------------------------------


@given(st.text(), st.text())
def test_file_names_are_safe_and_as_different_as_the_ids(one: str, other: str):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}\.html", page_name(one))
    assert (page_name(one) == page_name(other)) == (one == other)


def test_ids_that_differ_in_case_only_get_names_that_differ_without_case():
    assert page_name("doi:10.1/A").lower() != page_name("doi:10.1/a").lower()


def test_file_name_of_an_id_never_changes():
    assert page_name("srch:C10FE201") == "srch-c10fe201-bdb2efbb2b4bfa37.html"
    assert manifest_name("srch:C10FE201") == "srch-c10fe201-bdb2efbb2b4bfa37.json"


def test_index_lists_each_record_with_its_six_counts_and_adds_them_up():
    page = index_page([summary_of(rich_record()), summary_of(empty_record()), summary_of(rich_record())])
    rows = parsed(page).xpath("//tbody/tr")
    counts = [[cell.text_content() for cell in row.xpath('./td[@class="number"]')] for row in rows]
    assert counts == [list("621111"), list("000000"), list("621111")]
    total = parsed(page).xpath('//tfoot/tr/td[@class="number"]')
    assert [cell.text_content() for cell in total] == ["12", "4", "2", "2", "2", "2"]
    heads = [text_of(head) for head in parsed(page).xpath('//thead/tr/th[@class="number"]')]
    assert [head.lstrip("✓✗⇄?○ ") for head in heads] == [
        "extracted",
        "supported",
        "refuted",
        "disputed",
        "not enough information",
        "not checked",
    ]


def test_index_line_says_score_spread_tier_references_and_gates():
    (row,) = parsed(index_page([summary_of(rich_record())])).xpath("//tbody/tr")
    said = text_of(row)
    for part in ("5.25 (4.00 to 6.50)", "Watchlist", "1 found, 1 misdescribed", "1 retracted", "✗ Failed"):
        assert part in said
    assert "synthetic" in said
    assert row.xpath("./th/a/@href") == [page_name("srch:C10FE201")]


def test_index_of_nothing_says_that_nothing_is_there():
    page = index_page([])
    assert "Nothing is here yet" in page
    assert not parsed(page).xpath("//table")


def test_style_sheet_loads_nothing_and_covers_dark_print_and_phone():
    style = assets()["style.css"].decode()
    assert "url(" not in style
    assert "@import" not in style
    for query in ("prefers-color-scheme: dark", "@media print", "max-width: 44rem"):
        assert query in style
