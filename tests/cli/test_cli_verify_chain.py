"""`claimgate verify-chain`, in this process: on a warehouse, and on published files without one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.correction_files import correction_files
from claimgate.app import run_app
from pipelines.publication.correction_log import HEADS, log_bytes, read_heads
from pipelines.publication.corrections import correction_events, correction_hash
from pipelines.publication.site.text import corrections_name
from tests.processes import Ended
from tests.warehouse.a_warehouse import copy_of, spoil
from tests.warehouse.corrected_records import FERN, FIRST, MOSS, REED, corrected_warehouse, publish
from warehouse.connection import Warehouse
from warehouse.correction_chains import correction_heads

Verify = Callable[..., Ended]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Only read; a test that spoils takes a copy."""
    return corrected_warehouse(tmp_path_factory.mktemp("published"))


@pytest.fixture
def house(published: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_of(published, tmp_path / "copy")


@pytest.fixture
def verify(
    house: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Verify:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMGATE_WAREHOUSE", str(house.location.database))

    def run(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["claimgate", "verify-chain", *(str(one) for one in arguments)])
        with pytest.raises(SystemExit) as ending:
            run_app()
        said = capsys.readouterr()
        return Ended(int(ending.value.code or 0), said.out, said.err)

    return run


def edited(house: Warehouse, record_id: str, sequence: int) -> None:
    spoil(
        house,
        'UPDATE corrections SET correction = json_merge_patch(correction, \'{"why": "nothing happened"}\') '
        f"WHERE record_id = '{record_id}' AND sequence = {sequence}",
    )


def forge_everything(house: Warehouse) -> None:
    """What the checks cannot see: corrections and states of fern removed together, as if it had been born so."""
    spoil(
        house,
        f"DELETE FROM corrections WHERE record_id = '{FERN}'",
        f"DELETE FROM public_states WHERE record_id = '{FERN}' AND previous_id IS NOT NULL",
    )


def test_the_command_says_that_all_holds_and_of_how_many(verify: Verify, house: Warehouse) -> None:
    ended = verify()
    assert (ended.code, ended.err) == (0, "")
    assert "3 records, 4 corrections: all hold." in ended.out
    document = verify("--json").document
    assert (document["holds"], document["breaks"]) == (True, [])
    assert document["head_of_all"] in ended.out
    heads = {one.record_id: one.hash for one in correction_heads(house)}
    assert {one["record_id"]: one["head"] for one in document["records"]} == heads | {REED: None}


def test_the_command_names_the_record_the_place_and_what_is_wrong(verify: Verify, house: Warehouse) -> None:
    edited(house, MOSS, 2)
    ended = verify()
    assert ended.code == 1
    assert f"{MOSS}, correction 2 ({MOSS}#correction-2): hash does not agree with the content" in ended.out
    assert ended.complaint == "The correction log does not hold: 1 break."
    document = verify("--json").document
    assert document["holds"] is False
    assert [(one["record_id"], one["sequence"], one["correction_id"]) for one in document["breaks"]] == [
        (MOSS, 2, f"{MOSS}#correction-2")
    ]


def test_a_record_alone_is_checked(verify: Verify, house: Warehouse) -> None:
    edited(house, FERN, 1)
    assert verify(MOSS).code == 0
    assert verify(MOSS, "--json").document["head_of_all"] is None  # it is not of all
    assert verify().code == 1


def test_a_head_that_was_noted_shows_what_nothing_else_does(verify: Verify, house: Warehouse) -> None:
    heads = {one.record_id: one.hash for one in correction_heads(house)}
    of_all = verify("--json").document["head_of_all"]
    assert verify("--expect", of_all, "--expect", heads[FERN], "--expect", f"{MOSS}={heads[MOSS]}").code == 0
    forge_everything(house)
    assert verify().code == 0
    for expected in (of_all, heads[FERN], f"{FERN}={heads[FERN]}"):
        ended = verify("--expect", expected)
        assert ended.code == 1
        assert "noted" in ended.out
    assert f"{FERN}, correction 1" in verify("--expect", f"{FERN}={heads[FERN]}").out
    assert verify("--expect", heads[MOSS]).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("test:nobody",), "names 0 records"),
        (("--expect", "abc"), "64 hex digits"),
        ((MOSS, "--file", "x.jsonl"), "not both"),
        (("--file", "gone.jsonl"), "cannot be read"),
        (("--file", "."), "cannot be read"),
        ((MOSS, "--expect", f"{FERN}={'0' * 64}"), "not among the records"),
    ],
)
def test_what_cannot_be_used_is_bad_input(verify: Verify, arguments: tuple[str, ...], said: str) -> None:
    ended = verify(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.complaint


# --- the published files ------------------------------------------------------------------------


def put(house: Warehouse, site: Path, wanted: set[str]) -> list[str]:
    """Write the files as the site does; their names."""
    site.mkdir(exist_ok=True)
    made = list(correction_files(house, wanted, published=site / HEADS))
    for _, name, data in made:
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_bytes(data)
    return [name for _, name, _ in made]


def test_files_are_made_for_what_is_wanted_or_grew_and_the_heads_come_last(house: Warehouse, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert put(house, site, set()) == [corrections_name(FERN), corrections_name(MOSS), HEADS]
    first = (site / HEADS).read_bytes()
    assert put(house, site, set()) == [HEADS]
    assert (site / HEADS).read_bytes() == first
    assert put(house, site, {MOSS, REED}) == [corrections_name(MOSS), HEADS]
    publish(house, FERN, "Z", 9)
    before = (site / corrections_name(FERN)).read_bytes()
    assert put(house, site, {MOSS}) == [corrections_name(FERN), corrections_name(MOSS), HEADS]
    assert (site / corrections_name(FERN)).read_bytes().startswith(before)
    (site / HEADS).write_bytes(b"no heads")
    assert put(house, site, set()) == [corrections_name(FERN), corrections_name(MOSS), HEADS]
    heads = read_heads((site / HEADS).read_bytes())
    assert heads is not None
    assert heads.records == correction_heads(house)


def test_anybody_can_check_a_published_log_and_all_of_a_site_without_a_warehouse(
    verify: Verify, house: Warehouse, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    put(house, site, set())
    house.location.database.unlink()
    log = site / corrections_name(MOSS)
    ended = verify("--file", log)
    assert ended.code == 0
    assert "1 record, 3 corrections: all hold." in ended.out
    head = json.loads(log.read_text().splitlines()[-1])["hash"]
    assert f"{MOSS}: {head}\n" in ended.out
    of_all = verify("--file", site / HEADS, "--json").document["head_of_all"]
    assert verify("--file", site / HEADS, "--expect", of_all, "--expect", head).code == 0

    whole = log.read_bytes()
    log.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    assert verify("--file", log).code == 0
    cut = verify("--file", log, "--expect", head)
    assert cut.code == 1
    assert f"{MOSS}, correction 3: the noted head {head} is not on the chain" in cut.out
    assert verify("--file", site / HEADS).code == 1

    log.write_bytes(whole.replace(b"checked again", b"checked agaim", 1))
    changed = verify("--file", log, "--json")
    assert changed.code == 1
    assert changed.document["breaks"][0]["correction_id"] == f"{MOSS}#correction-1"
    log.unlink()
    assert "the file of its corrections is gone" in verify("--file", site / HEADS).out


def test_words_of_a_foreign_file_do_not_reach_the_terminal_as_they_are(verify: Verify, tmp_path: Path) -> None:
    (one,) = correction_events(
        {"METADATA": {}},
        {"METADATA": {"title": "A"}},
        record_id="[red]\x1b[2J\u202e" + "x" * 5000,
        previous=None,
        why="w",
        recorded_at=FIRST,
    )
    forged = one.model_copy(update={"why": "v"})
    assert correction_hash(forged) != forged.hash
    (tmp_path / "foreign.jsonl").write_bytes(log_bytes([forged]))
    ended = verify("--file", "foreign.jsonl")
    assert ended.code == 1
    assert ended.out.startswith("[red][U+001B][2J[U+202E]xxx")
    assert len(ended.out) < 1_500
