"""What a reader of the record page sees of gates, artifacts and attackers."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import html
from published_artifacts import artifact, attempt, broken, refuted, verified
from published_records import gated_record, rich_record

from pipelines.gates.facts import Target
from pipelines.models import AttemptOutcome, PublicGateStatus
from pipelines.publication.site import words
from pipelines.publication.site.build import record_page
from pipelines.publication.site.gate_rows import ARTIFACTS_SHOWN, EVIDENCE, result_in_words
from pipelines.publication.views import AttemptFaultView, EarlierEvaluation, PublicRecord
from tests.publication.pages import index_page, parsed, section, text_of


def gate(record: PublicRecord, name: str) -> html.HtmlElement:
    (found,) = section(record_page(record), "gates").xpath(f'.//article[@aria-labelledby="{name}"]')
    return found


def artifact_on_page(record: PublicRecord, number: int) -> html.HtmlElement:
    return gate(record, f"artifact-{number}")


def facts(article: html.HtmlElement) -> dict[str, str]:
    """The terms of an article's own lists of facts with what stands beside them."""
    return {text_of(one[0]): text_of(one[1]) for one in article.xpath("./dl/div")}


def test_a_gate_in_force_says_question_result_reason_rules_and_time() -> None:
    article = gate(gated_record(), "gate-2")
    assert text_of(article.xpath("./h3")[0]) == "Gate 2: Verification ✗ Refuted"
    assert text_of(article.xpath("./p")[0]) == (
        "Does an attached proof or reproduction confirm or refute a claim of the record?"
    )
    assert "its result contradicts the claim" in text_of(article.xpath("./p")[1])
    assert facts(article) == {
        "Public status": "✗ Falsified",
        "Rules": "v1, in force since 2026-06-10 gate-2@2026-06-10",
        "Evaluated": "2026-07-02 02:00 UTC",
        "Evidence": "6 artifacts, below",
        "Evaluate it again": "claimgate reverify --record srch:C10FE201",
    }


def test_a_gate_tells_what_it_gave_before_and_only_where_it_did() -> None:
    before = tuple(
        EarlierEvaluation(
            result=None,
            outcome=AttemptOutcome.NOT_RUN,
            public_status=PublicGateStatus.UNVERIFIED,
            reason=f"try <b>{number}</b>",
            evaluated_at=datetime(2026, 6, 30 - number, tzinfo=UTC),
        )
        for number in range(12)
    )
    gates = tuple(
        one.model_copy(update={"earlier": before if one.gate == "gate-2" else ()}) for one in gated_record().gates
    )
    record = gated_record(gates=gates)
    (table,) = gate(record, "gate-2").xpath(".//table[contains(@class, 'history')]")
    rows = [text_of(row) for row in table.xpath("./tbody/tr")]
    assert rows[0].endswith("try <b>0</b>")
    assert rows[0].startswith("2026-06-30 00:00 UTC")
    assert len(rows) == 10
    assert "2 more evaluations stand in the manifest." in text_of(gate(record, "gate-2"))
    assert not gate(record, "gate-1").xpath(".//table[contains(@class, 'history')]")


def test_every_gate_in_force_leads_to_what_it_was_judged_by() -> None:
    record = gated_record()
    page = parsed(record_page(record))
    grounding, red_team = gate(record, "gate-1"), gate(record, "gate-3")
    assert facts(grounding)["Evidence"] == "each claim with the sentences it rests on"
    assert facts(red_team)["Evidence"] == "4 reports of attackers, below"
    for anchor in {one for row in EVIDENCE.values() for _, one in row}:
        assert page.xpath(f'//*[@id="{anchor}"]'), anchor


def test_a_gate_without_evidence_says_so() -> None:
    bare = gated_record(
        artifacts=(), gates=tuple(one.model_copy(update={"attackers": ()}) for one in gated_record().gates)
    )
    assert facts(gate(bare, "gate-2"))["Evidence"] == "no artifact is attached"
    assert facts(gate(bare, "gate-3"))["Evidence"] == "none is held"


def test_only_the_gate_on_artifacts_is_said_to_verify_or_falsify() -> None:
    said = {one: facts(gate(gated_record(), one))["Public status"] for one in ("gate-1", "gate-2", "gate-3")}
    assert said == {
        "gate-1": "○ Unverified Only the gate on artifacts verifies or falsifies.",
        "gate-2": "✗ Falsified",
        "gate-3": "○ Unverified Only the gate on artifacts verifies or falsifies.",
    }


def test_rules_that_are_superseded_or_only_announced_are_folded_away() -> None:
    (folded,) = gate(gated_record(), "gate-2").xpath("./details")
    assert folded.get("open") is None
    announced, superseded = (text_of(row) for row in folded.xpath(".//tbody/tr"))
    assert "announced, not in force: active on 2027-01-01" in announced
    assert "superseded; active since 2026-01-01" in superseded
    assert not gate(gated_record(), "gate-1").xpath("./details")


def test_a_gate_of_which_no_rules_are_in_force_has_no_result() -> None:
    announced = gated_record().gates[3]
    article = gate(gated_record(gates=(announced,)), "gate-2")
    assert text_of(article.xpath("./h3")[0]) == "Gate 2: Verification no rules in force"


def test_an_artifact_leads_to_its_claim_and_the_claim_to_it() -> None:
    page = record_page(gated_record())
    article = artifact_on_page(gated_record(), 2)
    assert "Claim 2: Squash yields rose by a third under clover." in facts(article)["Checks"]
    assert "#claim-2" in article.xpath(".//a/@href")
    (row,) = parsed(page).xpath('//tr[@id="claim-2"]')
    assert "#artifact-2" in row.xpath(".//a/@href")
    assert "Artifact 2: ✗ refuted" in text_of(row)


def test_an_artifact_says_outcome_in_plain_words_who_approved_it_and_where_its_input_came_from() -> None:
    article = artifact_on_page(gated_record(), 1)
    assert text_of(article.xpath("./h4")[0]) == "Artifact 1, reproduction script ✓ Verified"
    assert "A valid check was run under seal, and its result confirms the claim." in text_of(article)
    held = facts(article)
    assert held["The claim states"].startswith("equal to 31, give or take 0.5")
    assert held["Approved"].startswith("by Reader Two, 2026-07-02 02:00 UTC")
    assert held["Reads"] == "beds.csv from https://data.example/beds?year=2025, licence CC-BY-4.0"
    assert "https://data.example/beds?year=2025" in article.xpath(".//a/@href")


def test_what_is_not_known_of_an_artifact_is_named() -> None:
    invalid, waiting = (facts(artifact_on_page(gated_record(), number)) for number in (4, 6))
    assert invalid["Approved"].startswith("by nobody")
    assert "Where it came from is not known." in invalid["Reads"]
    assert waiting["Checks"] == "the record no longer has this claim"
    assert waiting["Reads"] == "no file"


def test_each_run_stands_with_what_was_varied_and_what_came_out() -> None:
    (table,) = artifact_on_page(gated_record(), 1).xpath('.//table[contains(@class, "steps")]')
    assert [[text_of(cell) for cell in row] for row in table.xpath("./tbody/tr")] == [
        ["first run", "exit code 0", "31.2", "0.04"],
        ["second run another hash seed", "exit code 0", "31.2", "0.04"],
        ["input withheld", "exit code 1", "none", "0.04"],
        ["input perturbed", "exit code 0", "12.00001235", "0.04"],
    ]


def test_an_artifact_says_how_it_was_run_with_which_hashes_and_how_to_run_it_again() -> None:
    article = artifact_on_page(gated_record(), 1)
    run, hashes = (text_of(one) for one in article.xpath("./details"))
    assert "level 2" in run
    assert "an authority: its word decides" in run
    assert "c1" * 32 in hashes
    assert "5e" * 32 in hashes
    assert f"claimgate attach srch:C10FE201 claim-01 artifact-{'01' * 32}.zip" in hashes
    assert "claimgate reverify --record srch:C10FE201" in hashes


def test_the_files_of_an_artifact_are_linked_or_it_is_said_why_they_are_not_given_on() -> None:
    article = artifact_on_page(gated_record(), 1)
    assert article.xpath(".//a[@download]/@href") == [f"artifact-{'01' * 32}.zip"]
    record = gated_record()
    closed = tuple(one.model_copy(update={"licence": "<secret>"}) for one in record.artifacts)
    article = artifact_on_page(record.model_copy(update={"artifacts": closed}), 1)
    assert article.xpath(".//a[@download]") == []
    said = text_of(article.xpath("./details")[1])
    assert "not given on here: the licence of the artifact (<secret>) is not known to allow it" in said
    assert "claimgate attach srch:C10FE201 claim-01 FOLDER" in said


def test_commands_to_run_it_again_are_quoted_for_a_shell() -> None:
    page = record_page(gated_record(record_id="x; rm -r ~"))
    assert "claimgate reverify --record 'x; rm -r ~'" in text_of(section(page, "gates"))


def test_a_proof_that_fell_below_the_rules_counts_as_stale_and_says_what_it_was() -> None:
    article = artifact_on_page(gated_record(), 3)
    assert text_of(article.xpath("./h4")[0]) == "Artifact 3, Lean proof ! Stale: the rules were raised since"
    assert "Lean 4.33.0, at least 4.34.1 asked. When it was run it was verified: Two kernels accept" in text_of(article)
    assert "lean 4.33.0, nanoda 0.4" in text_of(article)
    assert "propext" in text_of(article)


def test_a_bad_check_is_told_as_a_fault_of_the_check_and_never_of_the_claim() -> None:
    said = text_of(artifact_on_page(gated_record(), 4))
    assert "What is wrong with the check, not with the claim: Line 3 prints a product of two numbers." in said
    assert "That says nothing about the claim." in said


def test_every_attempt_that_went_wrong_says_that_it_says_nothing_about_the_claim() -> None:
    went_wrong = set(AttemptOutcome) - {
        AttemptOutcome.VERIFIED,
        AttemptOutcome.REFUTED,
        AttemptOutcome.STALE,
        AttemptOutcome.DISPUTED,
        AttemptOutcome.INCONCLUSIVE,
    }
    assert {one for one in AttemptOutcome if "says nothing about the claim" in words.ATTEMPTS[one].means} == went_wrong
    assert all(word.means for word in words.ATTEMPTS.values())
    assert "An attempt that went wrong says nothing about the claim." in text_of(artifact_on_page(gated_record(), 5))


def test_each_attacker_says_what_it_looked_at_and_what_it_found_with_its_quotation() -> None:
    article = gate(gated_record(), "gate-3")
    counterexample, checks, citations, model = (text_of(one) for one in article.xpath("./article"))
    assert counterexample.startswith("Counterexample hunter")
    assert "Material: 6 claims looked at. ✗ Against the claim Claim 2: A source finds no difference" in counterexample
    assert "Not confirmed, so it refutes nothing. Yields of squash were the same in both." in counterexample
    assert "! Against a check, not the claim Artifact 4: The check gives the same" in checks
    assert "≠ Against a citation reference 2: The record leans on a retracted work." in citations
    assert "Did not run: absent, not counted Why not: No model is configured." in model
    assert {"#claim-2", "#artifact-4", "#source-1"} <= set(article.xpath(".//a/@href"))


def test_what_a_finding_is_about_is_named_once() -> None:
    gates = gated_record().gates
    red_team = next(one for one in gates if one.gate == "gate-3")
    first = red_team.attackers[0].findings[0].model_copy(update={"message": "Claim 2 (“Squash”) may be refuted."})
    attackers = (red_team.attackers[0].model_copy(update={"findings": (first,)}),)
    article = gate(gated_record(gates=(red_team.model_copy(update={"attackers": attackers}),)), "gate-3")
    assert "✗ Against the claim Claim 2 (“Squash”) may be refuted." in text_of(article)


def test_a_reason_that_is_the_fault_itself_is_said_once() -> None:
    reason = "It prints a constant."
    made = attempt(AttemptOutcome.INVALID_CHECK, reason, faults=(AttemptFaultView(rule="constant", message=reason),))
    article = artifact_on_page(gated_record(artifacts=(artifact(1, 1, made),)), 1)
    assert text_of(article).count(reason) == 1


def test_every_target_of_a_finding_has_words() -> None:
    assert set(words.TARGETS) == set(Target)


def test_artifacts_of_a_record_whose_gate_on_them_was_never_evaluated_are_shown_all_the_same() -> None:
    said = text_of(section(record_page(gated_record(gates=())), "gates"))
    assert "No gate has been evaluated for this record." in said
    assert "No gate on artifacts has been evaluated for this record." in said
    assert "Artifact 1, reproduction script" in said


def test_of_many_artifacts_the_first_are_shown_and_the_rest_are_counted() -> None:
    many = tuple(artifact(number, 1, None) for number in range(1, ARTIFACTS_SHOWN + 4))
    page = record_page(gated_record(artifacts=many))
    assert len(parsed(page).xpath('//article[contains(@class, "artifact")]')) == ARTIFACTS_SHOWN
    assert "3 more artifacts stand in the manifest." in page


def test_an_attempt_without_sealed_runs_says_that_nothing_was_run() -> None:
    made = attempt(AttemptOutcome.NOT_RUN, "No sandbox is here.", authority=False, seal_level=None, steps=())
    article = artifact_on_page(gated_record(artifacts=(artifact(1, 1, made),)), 1)
    said = text_of(article)
    assert "nothing was run sealed" in said
    assert "no authority: its word decides nothing" in said
    assert not article.xpath('.//table[contains(@class, "steps")]')


def test_what_can_be_unfolded_is_reached_by_keyboard_and_named_in_words() -> None:
    for details in section(record_page(gated_record()), "gates").xpath(".//details"):
        assert details[0].tag == "summary"
        assert text_of(details[0])
        assert not details[0].xpath(".//a | .//button")


def test_articles_are_named_by_their_headings() -> None:
    document = parsed(record_page(gated_record()))
    labels = document.xpath('//article[contains(@class, "gate") or contains(@class, "artifact")]/@aria-labelledby')
    assert labels
    assert set(labels) <= set(document.xpath("//h3/@id | //h4/@id"))


def test_the_verdict_of_the_contract_is_linked_where_there_is_one() -> None:
    with_it, without = record_page(gated_record()), record_page(rich_record(gates=()))
    assert "srch-c10fe201-bdb2efbb2b4bfa37/gate-verdict.json" in parsed(with_it).xpath("//a/@href")
    assert "gate-verdict.json" not in without


def test_a_gate_has_one_line_in_the_index_however_many_rules_it_had() -> None:
    (row,) = parsed(index_page(gated_record())).xpath("//tbody/tr")
    assert [text_of(one) for one in row.xpath(".//li")] == [
        "Gate 1: Grounding: ✗ Failed",
        "Gate 2: Verification: ✗ Refuted",
        "Gate 3: Red team: ✗ Failed",
    ]


def test_results_keep_the_digits_that_tell_them_apart() -> None:
    assert [result_in_words(value) for value in (768.0, 31.2, 0.87312345, 1e300, float("inf"))] == [
        "768",
        "31.2",
        "0.87312345",
        "1e+300",
        "not a finite number",
    ]


def test_artifacts_stand_in_the_order_of_their_claims() -> None:
    record = gated_record(artifacts=(broken(), refuted(), verified()))
    said = text_of(section(record_page(record), "gates"))
    places = [said.index(one) for one in ("It gives 31.2", "It gives 0.02", "It ran longer than 60 s")]
    assert places == sorted(places)
