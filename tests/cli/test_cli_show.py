"""`claimgate show`: everything held about a record."""

from __future__ import annotations

from tests.conftest import Checked
from tests.processes import House


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
    assert shown.keys() >= {"reviews", "sources", "rigor_scans", "corrections", "level_basis", "tier_basis"}
    assert shown["corrections"] == []


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
