"""`claimgate withdraw`: a text is taken down, from pages and from stored bytes."""

from __future__ import annotations

import shutil

import pytest

from pipelines.publication.site.text import folder_name, page_name
from tests.conftest import Checked
from tests.processes import House

TITLE = "Shade over garden ponds"
WHY = ("--reason", "Asked for by its author.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody's", *WHY], "No record or source is called 'nobody's'"),
        (["text:", *WHY], "Give the whole id"),
        ([TITLE, "--reason", "  "], "--reason is empty"),
        ([TITLE, "--reason", "x" * 2_001], "--reason has 2,001 characters"),
        ([TITLE, "--reason", "so\u202eos"], "characters that no page may show"),
        ([TITLE, *WHY, "--by", " "], "--by is empty"),
    ],
)
def test_what_cannot_be_taken_down_is_bad_input(checked: Checked, arguments: list[str], words: str) -> None:
    ended = checked.house.claimgate("withdraw", *arguments, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.complaint


def test_a_reason_is_asked_for(checked: Checked) -> None:
    ended = checked.house.claimgate("withdraw", TITLE)
    assert (ended.code, ended.out) == (2, "")
    assert "--reason" in ended.err


def test_a_record_is_gone_from_pages_and_bytes_and_is_refused_when_it_comes_again(
    checked: Checked, checked_copy: House
) -> None:
    before = checked_copy.claimgate("show", TITLE, "--json").document
    words = before["claims"]["rows"][0]["text"]
    site = checked_copy.site
    ended = checked_copy.claimgate("withdraw", TITLE, *WHY, "--by", "The editor", "--json")
    assert ended.code == 0, ended.err
    stone = ended.document
    record_id = stone["subject_id"]
    assert (stone["schema"], stone["kind"], record_id) == ("claimgate-tombstone-v1", "record", before["record_id"])
    assert (stone["by"], stone["reason"]) == ("The editor", WHY[1])
    assert "Beyond reach: backups" in ended.err

    assert "This record was taken down" in (site / page_name(record_id)).read_text()
    assert {path.name for path in (site / folder_name(record_id)).iterdir()} == {"manifest.json", "corrections.jsonl"}
    index = (site / "index.html").read_text()
    assert TITLE not in index
    assert record_id in index
    files = [path for path in checked_copy.folder.rglob("*") if path.is_file()]
    assert [path.name for path in files if words.encode() in path.read_bytes()] == []

    assert checked_copy.claimgate("verify-chain", "--json").document["holds"] is True
    shown = checked_copy.claimgate("show", record_id)
    assert (shown.code, WHY[1] in shown.complaint) == (2, True)
    again = checked_copy.claimgate("withdraw", record_id, "--reason", "another", "--json")
    assert (again.code, again.document) == (0, stone)

    inbox = checked_copy.folder.parent / "again"
    shutil.copytree(checked.inbox, inbox)
    arrived = checked_copy.claimgate("run", inbox, "--json").document
    assert record_id not in {one["record_id"] for one in arrived["records"]}
    said = f"withdrawn on {stone['withdrawn_at'][:10]}: {WHY[1]}"
    assert said in {one["reason"] for one in arrived["rejected"]}
