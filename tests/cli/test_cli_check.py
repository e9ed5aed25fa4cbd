"""`claimgate check`: claims in bulk, from a file into a file."""

from __future__ import annotations

import io
import json
import os
import select
import signal
import stat
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from claimgate.commands import check as command
from claimgate.commands.check import Judges, Order, check_claims, check_with
from claimgate.errors import BadInput, Failure
from pipelines.models import ClaimVerdict, Probabilities, Stance
from pipelines.verification.backend import Quote, Regime, SourceJudgement, SourceText
from pipelines.verification.backend_choice import BackendChoice
from pipelines.verification.bulk import MAX_LINE
from tests.processes import House
from warehouse.backends import Surroundings

VERDICTS = {"SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO", "DISPUTED", "NOT_CHECKED"}
ROW = {"id", "verdict", "confidence", "probabilities", "evidence", "per_source", "backend", "verifier_version"}
EVIDENCE = {"source_id", "sentence", "stance", "score", "text"}
PER_SOURCE = {"source_id", "verdict", "confidence", "probabilities", "sentences"}
SUMMARY = {
    "claims", "sources", "rejected", "verdicts", "seconds", "claims_per_second", "backend", "verifier_version",
    "output",
}  # fmt: skip
POND = {"id": "pond", "title": "Newts in ponds", "sentences": ["Shade doubled the number of newts.", "It rained."]}
CORPUS = (
    {"doc_id": 11, "title": "Newts in ponds", "abstract": ["Shade doubled the number of newts.", "It rained."]},
    {"doc_id": 12, "title": "Reeds at ponds", "abstract": ["Reeds kept nitrate out of ponds."]},
    {"doc_id": 13, "title": "Shade of oaks", "abstract": ["Oaks gave shade."]},
)


@dataclass(frozen=True)
class ByWords:
    """Finds a claim supported by a sentence of the same words, and open otherwise."""

    name: str = "words"
    version: str = "words-1"

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        return tuple(self._of(claim, source) for source in sources)

    def _of(self, claim: str, source: SourceText) -> SourceJudgement:
        if claim not in source.sentences:
            shares = Probabilities(supported=0.2, refuted=0.1, not_enough_info=0.7)
            quotes = (Quote(0, Stance.NEUTRAL, 0.1),)
            return SourceJudgement(source.source_id, ClaimVerdict.NOT_ENOUGH_INFO, 0.7, shares, quotes, "it is open")
        shares = Probabilities(supported=0.9, refuted=0.0, not_enough_info=0.1)
        quotes = (Quote(source.sentences.index(claim), Stance.SUPPORTS, 1.0),)
        return SourceJudgement(source.source_id, ClaimVerdict.SUPPORTED, 0.9, shares, quotes, "it says so")


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def claim(name: Any, text: str = "Shade doubled the number of newts.", *sources: Any) -> dict[str, Any]:
    return {"id": name, "claim": text, "sources": list(sources or (POND,))}


# --- the command as a whole ---------------------------------------------------------------------


def test_it_writes_a_row_a_claim_and_prints_a_summary_as_the_contract_says(house: House, tmp_path: Path) -> None:
    given = write(tmp_path / "in.jsonl", claim(1), claim("b", "Nitrate is green."))
    ended = house.claimgate("check", "--input", given, "--output", tmp_path / "out.jsonl", "--json")
    assert (ended.code, ended.err) == (0, "")
    summary = ended.document
    assert summary.keys() == SUMMARY
    assert (summary["claims"], summary["sources"], summary["rejected"]) == (2, 2, 0)
    assert (summary["backend"], summary["output"]) == ("features", str(tmp_path / "out.jsonl"))
    assert (summary["verdicts"].keys(), sum(summary["verdicts"].values())) == (VERDICTS, 2)
    rows = rows_of(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == [1, "b"]
    for row in rows:
        assert row.keys() >= ROW
        assert row["probabilities"].keys() == {"SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"}
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert all(one.keys() >= PER_SOURCE for one in row["per_source"])
        assert all(POND["sentences"][one["sentence"]] == one["text"] for one in row["evidence"])
    assert rows[0]["verdict"] == "SUPPORTED"
    assert rows[0]["evidence"][0].keys() >= EVIDENCE
    assert rows[0]["evidence"][0]["sentence"] == 0
    assert rows[1]["verdict"] == "NOT_ENOUGH_INFO"
    assert not house.database.exists()
    assert {one.name for one in tmp_path.iterdir()} - {"house"} == {"in.jsonl", "out.jsonl"}


def test_claims_without_sources_are_searched_for_in_the_corpus(house: House, tmp_path: Path) -> None:
    given = write(tmp_path / "in.jsonl", {"id": 1, "claim": "Shade doubled the number of newts."})
    corpus = write(tmp_path / "corpus.jsonl", *CORPUS)
    ended = house.claimgate(
        "check", "--input", given, "--output", tmp_path / "out.jsonl", "--corpus", corpus, "--top-k", "2", "--json"
    )
    assert ended.code == 0, ended.err
    assert ended.document["corpus"] == {"sources": 3, "rejected": 0}
    (row,) = rows_of(tmp_path / "out.jsonl")
    assert [one["source_id"] for one in row["per_source"]] == ["11", "13"]
    assert (row["verdict"], row["evidence"][0]["source_id"], row["regime"]) == ("SUPPORTED", "11", "searched")


def test_without_json_the_summary_is_for_a_person_and_the_rows_may_go_to_stdout(house: House, tmp_path: Path) -> None:
    given = write(tmp_path / "in.jsonl", claim(1), "no row")
    ended = house.claimgate("check", "--input", given, "--output", "-")
    assert ended.code == 0, ended.err
    assert ["error" in json.loads(line) for line in ended.out.splitlines()] == [False, True]
    assert "1 claims held against 1 sources" in ended.err
    assert "1 rows could not be used" in ended.err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--output", "out.jsonl", "--input", "none.jsonl"), "--input none.jsonl cannot be read: No such file"),
        (("--output", "out.jsonl", "--input", "."), "--input . cannot be read: Is a directory"),
        (("--output", "no/out.jsonl"), "--output no/out.jsonl cannot be written: No such file"),
        (("--output", "."), "--output . cannot be written"),
        (("--output", "in.jsonl"), "--output in.jsonl would overwrite what is read"),
        (("--output", "-", "--json"), "--json and --output - both want standard output"),
        (("--output", "out.jsonl", "--backend", "oracle"), "--backend oracle is none of features, onnx, llm."),
        (("--output", "out.jsonl", "--top-k", "3"), "--top-k is for a search"),
        (("--output", "out.jsonl", "--corpus", "in.jsonl", "--top-k", "0"), "--top-k must lie between 1 and 100"),
        (("--output", "out.jsonl", "--corpus", "none.jsonl"), "--corpus none.jsonl cannot be read"),
        (("--output", "out.jsonl", "--corpus", "in.jsonl"), "--corpus in.jsonl holds no source"),
        (("--output", "out.jsonl", "--corpus", "-"), "--corpus must be a file"),
        (("--output", "out.jsonl", "--backend", "onnx"), "--backend onnx needs --model"),
        (
            ("--output", "out.jsonl", "--backend", "onnx", "--model", "no"),
            "cannot be used: no: there is no such folder",
        ),
        (("--output", "out.jsonl", "--model", "no"), "--model is for --backend onnx."),
        (("--output", "out.jsonl", "--encoder", "no"), "cannot be used: no: there is no such folder"),
        (("--output", "out.jsonl", "--backend", "llm"), "The back end llm needs the settings model and model_url"),
        (("--output", "out.jsonl", "--backend", "llm", "--encoder", "no"), "--encoder serves --backend features"),
        (("--output", "out.jsonl", "--online"), "--online and --offline are for --backend llm."),
    ],
)
def test_what_cannot_be_used_is_refused_with_one_sentence_and_nothing_is_written(
    house: House, options: tuple[str, ...], complaint: str
) -> None:
    house.folder.mkdir()
    write(house.folder / "in.jsonl", claim(1))
    before = (house.folder / "in.jsonl").read_bytes()
    given = () if "--input" in options else ("--input", "in.jsonl")
    ended = house.claimgate("check", *given, *options)
    assert (ended.code, ended.out) == (2, "")
    assert complaint in ended.complaint
    assert [one.name for one in house.folder.iterdir()] == ["in.jsonl"]
    assert (house.folder / "in.jsonl").read_bytes() == before


def test_an_interrupted_check_leaves_no_output_and_nothing_beside_it(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    os.mkfifo(tmp_path / "in.jsonl")
    rows = b"".join(json.dumps(claim(number)).encode() + b"\n" for number in range(6_000))
    arguments = ("check", "--input", tmp_path / "in.jsonl", "--output", folder / "out.jsonl")
    with house.started(*arguments) as process, held_open(tmp_path / "in.jsonl") as pipe:
        # More than a pipe holds: when it is written, the command is at work.
        while rows:
            assert select.select([], [pipe], [], 60)[1], "nobody reads"
            rows = rows[os.write(pipe, rows[:4096]) :]
        assert [one.suffix for one in folder.iterdir()] == [".part"]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), err
    assert err.splitlines()[-1] == "Interrupted; no output file was written."
    assert list(folder.iterdir()) == []


@contextmanager
def held_open(pipe: Path) -> Iterator[int]:
    """A named pipe to write to, whether or not somebody reads yet; its reader meets no end meanwhile."""
    end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        yield end
    finally:
        os.close(end)


# --- files --------------------------------------------------------------------------------------


def check_here(tmp_path: Path, *rows: Any, corpus: Sequence[Any] = (), **options: Any) -> tuple[Any, list[Any]]:
    """The summary and the rows of a check by `ByWords`."""
    given = write(tmp_path / "in.jsonl", *rows)
    searched = write(tmp_path / "corpus.jsonl", *corpus) if corpus else None
    summary = check_with(Order(given, tmp_path / "out.jsonl", searched, **options), nullcontext(Judges(ByWords())))
    return summary, rows_of(tmp_path / "out.jsonl")


def test_rows_that_cannot_be_used_are_told_in_their_place_and_counted(tmp_path: Path) -> None:
    rows = [claim("a"), "{", "", claim("b", "x" * 6_000), claim("a"), "[1]", claim("c", "It rained.")]
    summary, written = check_here(tmp_path, *rows)
    assert [row.get("id", row.get("line")) for row in written] == ["a", 2, "b", 5, 6, "c"]
    assert ["error" in row for row in written] == [False, True, True, True, True, False]
    assert (summary["claims"], summary["rejected"]) == (2, 4)
    assert summary["verdicts"]["SUPPORTED"] == 2


def test_an_empty_input_gives_an_empty_output(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").touch()
    summary = check_with(Order(tmp_path / "in.jsonl", tmp_path / "out.jsonl"), nullcontext(Judges(ByWords())))
    assert (summary["claims"], summary["rejected"]) == (0, 0)
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_a_line_of_many_bytes_is_skipped_and_the_next_one_is_read(tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl"
    given.write_bytes(b"[" * (2 * MAX_LINE + 50) + b"\n" + json.dumps(claim(1)).encode())
    check_with(Order(given, tmp_path / "out.jsonl"), nullcontext(Judges(ByWords())))
    assert [("error" in row, row.get("id")) for row in rows_of(tmp_path / "out.jsonl")] == [(True, None), (False, 1)]


def test_letters_of_all_scripts_come_out_as_they_went_in(tmp_path: Path) -> None:
    said = "β-Blocker 低下 “x” \u2028 end."
    given = write(tmp_path / "in.jsonl", claim("é", said, {"id": "ü", "sentences": [said]}))
    check_with(Order(given, tmp_path / "out.jsonl"), nullcontext(Judges(ByWords())))
    (line,) = (tmp_path / "out.jsonl").read_bytes().splitlines()
    row = json.loads(line)
    assert (row["id"], row["evidence"][0]["source_id"], row["evidence"][0]["text"]) == ("é", "ü", said)


def test_a_corpus_with_bad_rows_is_searched_without_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = ["{", {"doc_id": 11, "title": "t", "abstract": ["Again."]}, *({"doc_id": None} for _ in range(9))]
    summary, (row,) = check_here(tmp_path, {"id": 1, "claim": "It rained."}, corpus=[*CORPUS, *bad])
    assert summary["corpus"] == {"sources": 3, "rejected": 11}
    assert (row["verdict"], row["per_source"][0]["source_id"]) == ("SUPPORTED", "11")
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"Left out: {tmp_path / 'corpus.jsonl'}, line 4: the line is not JSON")
    assert said[1].endswith("line 5: the id '11' stands at line 1 already")
    assert said[-1] == f"Left out: 6 more lines of {tmp_path / 'corpus.jsonl'}"


def test_all_that_was_searched_is_listed_in_order_of_rank_whatever_was_decided(tmp_path: Path) -> None:
    _, (row,) = check_here(tmp_path, {"id": 1, "claim": "Reeds kept nitrate out of ponds."}, corpus=CORPUS, top_k=3)
    assert [(one["source_id"], one["verdict"]) for one in row["per_source"]] == [
        ("12", "SUPPORTED"),
        ("11", "NOT_ENOUGH_INFO"),
    ]


def test_an_output_that_is_there_is_replaced_only_when_the_check_is_whole(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("old")

    class Stops(ByWords):
        def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
            raise KeyboardInterrupt

    given = write(tmp_path / "in.jsonl", claim(1))
    with pytest.raises(KeyboardInterrupt):
        check_with(Order(given, tmp_path / "out.jsonl"), nullcontext(Judges(Stops())))
    assert (tmp_path / "out.jsonl").read_text() == "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]
    check_with(Order(given, tmp_path / "out.jsonl"), nullcontext(Judges(ByWords())))
    assert len(rows_of(tmp_path / "out.jsonl")) == 1


def test_the_output_has_the_rights_that_any_new_file_has_and_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "elsewhere" / "out.jsonl")
    given = write(tmp_path / "in.jsonl", claim(1))
    check_with(Order(given, tmp_path / "link.jsonl"), nullcontext(Judges(ByWords())))
    assert (tmp_path / "link.jsonl").is_symlink()
    written = tmp_path / "elsewhere" / "out.jsonl"
    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IMODE(given.stat().st_mode)
    assert len(rows_of(written)) == 1


def test_a_pipe_as_output_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "out.jsonl")
    given = write(tmp_path / "in.jsonl", claim(1))
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "out.jsonl").read_text()))
    reader.start()
    check_with(Order(given, tmp_path / "out.jsonl"), nullcontext(Judges(ByWords())))
    reader.join(timeout=60)
    assert json.loads(got[0])["verdict"] == "SUPPORTED"
    assert (tmp_path / "out.jsonl").is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_disk_that_is_full_is_a_failure_with_a_sentence(tmp_path: Path) -> None:
    given = write(tmp_path / "in.jsonl", *(claim(number) for number in range(500)))
    with pytest.raises(Failure, match=r"--output /dev/full could not be written: No space left"):
        check_with(Order(given, Path("/dev/full")), nullcontext(Judges(ByWords())))


def test_claims_may_come_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.TextIOWrapper(io.BytesIO(json.dumps(claim(1)).encode() + b"\n\n"))
    monkeypatch.setattr(sys, "stdin", typed)
    check_with(Order(Path("-"), tmp_path / "out.jsonl"), nullcontext(Judges(ByWords())))
    assert [row["id"] for row in rows_of(tmp_path / "out.jsonl")] == [1]


# --- back ends ----------------------------------------------------------------------------------


def test_the_back_end_that_is_asked_for_is_opened_and_closed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps: list[str] = []

    @contextmanager
    def opened(choice: BackendChoice, around: Surroundings, encoder: Any) -> Iterator[ByWords]:
        steps.append(f"open {choice.name} from {choice.nli_model}")
        yield ByWords("onnx", "onnx-7")
        steps.append("close")

    monkeypatch.setattr(command, "opened_backend", opened)
    given = write(tmp_path / "in.jsonl", claim(1))
    check_claims(Order(given, tmp_path / "out.jsonl", backend="onnx", model=Path("net")), as_json=True)
    assert steps == ["open onnx from net", "close"]
    summary = json.loads(capsys.readouterr().out)
    assert (summary["backend"], summary["verifier_version"]) == ("onnx", "onnx-7")
    (row,) = rows_of(tmp_path / "out.jsonl")
    assert (row["backend"], row["verifier_version"]) == ("onnx", "onnx-7")


def test_a_budget_that_cannot_be_kept_is_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    for name, value in house.environment(MODEL="m", MODEL_URL="http://127.0.0.1:9/v1", MODEL_MOST_COST="2").items():
        monkeypatch.setenv(name, value)
    given = write(tmp_path / "in.jsonl", claim(1))
    with pytest.raises(BadInput, match="a budget of money needs the prices"):
        check_claims(Order(given, tmp_path / "out.jsonl", backend="llm"), as_json=True)


def test_a_model_that_may_not_be_asked_leaves_claims_unchecked_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in house.environment(MODEL="m", MODEL_URL="http://127.0.0.1:9/v1").items():
        monkeypatch.setenv(name, value)
    given = write(tmp_path / "in.jsonl", claim(1))
    check_claims(Order(given, tmp_path / "out.jsonl", backend="llm", online=False), as_json=True)
    (row,) = rows_of(tmp_path / "out.jsonl")
    assert (row["verdict"], row["confidence"], row["probabilities"]) == ("NOT_CHECKED", None, None)
    assert "the network is off" in row["reason"]
    assert "The network is off" in capsys.readouterr().err
