"""`claimgate show`: everything held about a record."""

from __future__ import annotations

from claimgate.gate_views import gate_lines, gates_document
from claimgate.views import LONGEST, published_lines, record_view
from pipelines.models import StatedFacts
from tests.conftest import Checked
from tests.processes import House
from tests.publication.published_artifacts import hostile_artifact
from tests.publication.published_records import gated_record


def test_it_gives_the_record_as_run_printed_it_and_all_that_lies_behind(checked: Checked) -> None:
    printed = checked.record("Shade over garden ponds")
    ended = checked.house.claimgate("show", printed["record_id"], "--json")
    assert (ended.code, ended.err) == (0, "")
    shown = ended.document
    for key, value in printed.items():
        if isinstance(value, dict):
            assert shown[key].items() >= value.items()
        else:
            assert shown[key] == value
    assert shown.keys() >= {"reviews", "sources", "rigor_scans", "corrections", "level_basis", "tier_basis", "costs"}
    assert shown["corrections"] == []
    assert {one["stage"] for one in shown["costs"]["lines"]} >= {"claims", "verdicts", "reviews"}


def test_each_claim_has_its_verdict_its_evidence_and_its_history(checked: Checked) -> None:
    shown = checked.house.claimgate("show", "Shade over garden ponds", "--json").document
    rows = shown["claims"]["rows"]
    assert [row["verdict"] for row in rows] == ["SUPPORTED", "SUPPORTED", "REFUTED"]
    quoted = [row["evidence"][0]["text"] for row in rows]
    assert quoted[0] == "Shade nets lowered the water temperature of the ponds by 4 degrees Celsius."
    assert quoted[2] == "Shading did not double the number of newts in the ponds."
    assert [row["evidence"][0]["stance"] for row in rows] == ["SUPPORTS", "SUPPORTS", "REFUTES"]
    assert [[one["verdict"] for one in row["history"]] for row in rows] == [["SUPPORTED"], ["SUPPORTED"], ["REFUTED"]]


def test_each_claim_names_its_back_end_and_what_was_looked_at(checked: Checked) -> None:
    shown = checked.house.claimgate("show", "Shade over garden ponds", "--json").document
    assert shown["found_sources"] == []
    for row in shown["claims"]["rows"]:
        assert row.keys() >= {"probabilities", "per_source", "axes", "backend", "verifier_version", "scope"}
        assert row["backend"] == row["history"][-1]["backend"]
        assert row["scope"] == "cited"


def test_without_json_each_verdict_comes_with_its_confidence_and_back_end(checked: Checked) -> None:
    rows = checked.house.claimgate("show", "Shade over garden ponds", "--json").document["claims"]["rows"]
    printed = checked.house.claimgate("show", "Shade over garden ponds").out
    for row in rows:
        assert f"{row['verdict']} ({row['confidence']:.2f} by {row['backend']}): " in printed


def test_the_beginning_of_an_id_is_enough(checked: Checked) -> None:
    record_id = checked.record("Reed belts at farm ponds")["record_id"]
    beginning = record_id.split(":", 1)[1][:10]
    assert checked.house.claimgate("show", beginning, "--json").document["record_id"] == record_id


def test_without_json_it_quotes_the_sentence_that_a_verdict_rests_on(checked: Checked) -> None:
    ended = checked.house.claimgate("show", "Shade over garden ponds")
    assert ended.code == 0
    assert 'REFUTES: "Shading did not double the number of newts in the ponds."' in ended.out


def test_an_unknown_record_is_bad_input(checked: Checked) -> None:
    ended = checked.house.claimgate("show", "Ponds of the moon", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "No record is called 'Ponds of the moon'" in ended.complaint


def test_a_beginning_that_several_share_is_bad_input_and_lists_them(checked: Checked) -> None:
    ended = checked.house.claimgate("show", "text:", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "names 4 records" in ended.complaint


def test_a_warehouse_that_is_not_there_is_bad_input_and_is_not_made(house: House) -> None:
    ended = house.claimgate("show", "anything", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert f"There is no warehouse at {house.database}" in ended.complaint
    assert not house.database.exists()


def test_each_gate_in_force_stands_in_json_as_the_contract_of_the_command_has_it() -> None:
    gates = record_view(gated_record(), page=None)["gates"]
    assert list(gates) == ["gate-1", "gate-2", "gate-3"]
    assert all(gate.keys() >= {"status", "outcome", "reason", "evaluated_at"} for gate in gates.values())
    assert (gates["gate-2"]["status"], gates["gate-2"]["outcome"]) == ("FALSIFIED", "REFUTED")
    assert gates["gate-2"]["activation"] == "gate-2@2026-06-10"
    assert (gates["gate-3"]["status"], gates["gate-3"]["outcome"]) == ("UNVERIFIED", "FAILED")


def test_artifacts_attempts_attackers_and_the_contract_stand_beside_them() -> None:
    document = gates_document(gated_record())
    by_id = {one["artifact_id"]: one for one in document["artifacts"]}
    assert by_id["artifact-id-5"]["outcome"] == "STALE"
    assert by_id["artifact-id-5"]["attempt"]["outcome"] == "VERIFIED"
    assert by_id["artifact-id-1"]["attempt"]["steps"][0]["value"] == 31.2
    assert [one["ran"] for one in document["red_team"]] == [True, True, True, False]
    assert document["gate_verdict"]["status"] == "FALSIFIED"
    assert gates_document(gated_record(gates=(), artifacts=())) == {
        "artifacts": [],
        "red_team": [],
        "gate_verdict": None,
    }


def test_the_text_says_what_was_run_what_came_out_and_who_did_not_look() -> None:
    lines = list(gate_lines(gated_record()))
    for line in (
        "Gate 2: Verification: REFUTED, published as FALSIFIED: An artifact was run",
        "Gate 2: Verification (gate-2@2027-01-01, announced, active on 2027-01-01): NOT_ATTEMPTED",
        "Gate 2: Verification (gate-2@2026-01-01, superseded): NOT_ATTEMPTED",
        "Artifact artifact-id-2, reproduction for claim 2: REFUTED: It gives 0.02",
        "Artifact artifact-id-5, lean for claim 3: STALE: It passed below",
        "Artifact artifact-id-6, reproduction for a claim that the record no longer makes: NOT_ATTEMPTED",
        "     approved by Reader Two: The script sums",
        "     reads sizes.json, from nobody knows where",
        "     against the check: constant: Line 3 prints",
        "     input withheld: exit code 1, no result",
        "     The check is worth nothing, whatever it printed. That says nothing about the claim.",
        "Attacker counterexample: 1 found. Material: 6 claims looked at.",
        "Attacker model did not run, and counts for nothing: No model is configured.",
        '         "Yields of squash were the same in both." - doi:10.5555/clover',
    ):
        assert any(one.startswith(line) for one in lines), line


def test_only_the_gate_on_artifacts_is_published_as_something_and_holds_them_below_it() -> None:
    lines = list(gate_lines(gated_record()))
    assert [line.split(":")[0] for line in lines if "published as" in line] == ["Gate 2"]
    starts = [
        next(n for n, line in enumerate(lines) if line.startswith(one))
        for one in ("Gate 2", "Artifact", "Gate 3", "Attacker")
    ]
    assert starts == sorted(starts)


def test_figures_that_are_published_stand_beside_what_is_held_and_why_they_are_not_compared() -> None:
    stated = StatedFacts(gate_status="Verified", tier="Flagship", gate_evaluated_at="\x1b[31m yesterday")
    lines = list(published_lines(gated_record(stated=stated)))
    assert lines[0] == "As published, as checked:"
    assert any(line.startswith("  Quality tier: published Flagship; here ") for line in lines)
    why = "as published it names no gate, so there is nothing to compare; what our own gates say stands by itself"
    assert f"  Gate status: published Verified; here nothing held: not compared ({why})" in lines
    assert any("Gate evaluated at: published [U+001B][31m yesterday" in line for line in lines)
    assert list(published_lines(gated_record(stated=StatedFacts()))) == []


def test_what_a_script_or_its_author_wrote_stays_one_bounded_line_and_turns_no_terminal() -> None:
    hostile = hostile_artifact("\x1b[31m evil\nGate 2: Verification: VERIFIED \u202e" + "A" * 10_000)
    lines = list(gate_lines(gated_record(artifacts=(hostile,))))
    assert not any(character in line for line in lines for character in "\x1b\n\u202e")
    assert max(len(line) for line in lines) < LONGEST + 100  # with the words on what was cut
    assert not any(line.startswith("Gate 2: Verification: VERIFIED") for line in lines)
