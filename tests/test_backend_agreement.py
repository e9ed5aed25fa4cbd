"""`benchmarks/backends.py`: how far back ends agree, from outputs of `claimgate check`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks.backends import VERDICTS, agreement, kappas, labels_in, main, share_right, verdicts_in
from pipelines.models import ClaimVerdict

YES, NO, OPEN, SPLIT = VERDICTS


def verdicts(said: str) -> dict[str, ClaimVerdict]:
    """A letter a claim; a dot is no verdict."""
    letters = {"y": YES, "n": NO, "o": OPEN, "s": SPLIT}
    return {str(place): letters[one] for place, one in enumerate(said) if one != "."}


def written(path: Path, said: Mapping[str, str]) -> Path:
    rows = [{"id": name, "verdict": one} if one else {"id": name, "error": "no claim"} for name, one in said.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_kappa_is_as_computed_by_hand() -> None:
    # The textbook's table: 50 claims, 35 the same, kappa (0.7 - 0.5) / (1 - 0.5).
    agreed = agreement(verdicts("y" * 25 + "n" * 25), verdicts("y" * 20 + "n" * 5 + "y" * 10 + "n" * 15))
    assert agreed is not None
    assert agreed.table[:2, :2].tolist() == [[20, 5], [10, 15]]
    assert (agreed.claims, agreed.same, agreed.kappa) == (50, 0.7, pytest.approx(0.4))
    assert agreed.interval is not None
    # Cohen's own standard error is 0.130 here.
    assert agreed.interval.low == pytest.approx(0.4 - 1.96 * 0.13, abs=0.04)
    assert agreed.interval.high == pytest.approx(0.4 + 1.96 * 0.13, abs=0.04)


def test_those_who_always_agree_have_a_kappa_of_one_and_those_who_never_do_less_than_none() -> None:
    same, never = agreement(verdicts("ynos"), verdicts("ynos")), agreement(verdicts("yynn"), verdicts("nnyy"))
    assert same is not None
    assert never is not None
    assert (same.kappa, never.kappa) == (1.0, -1.0)


def test_where_both_say_one_and_the_same_of_all_kappa_is_not_defined() -> None:
    agreed = agreement(verdicts("yyy"), verdicts("yyy"))
    assert agreed is not None
    assert (agreed.same, agreed.kappa, agreed.interval) == (1.0, None, None)
    assert np.isnan(kappas(agreed.table[np.newaxis]))[0]


def test_a_claim_that_one_of_them_left_is_no_disagreement() -> None:
    agreed = agreement(verdicts("yn.n"), verdicts("yno."))
    assert agreed is not None
    assert (agreed.claims, agreed.same) == (2, 1.0)
    assert agreement(verdicts("y."), verdicts(".y")) is None


def test_which_of_two_stands_first_turns_the_table_and_changes_no_figure() -> None:
    one, other = verdicts("yynnoosy"), verdicts("ynnyooss")
    there, back = agreement(one, other), agreement(other, one)
    assert there is not None
    assert back is not None
    assert there.table.tolist() == back.table.T.tolist()
    assert there.kappa == pytest.approx(back.kappa)


def test_a_share_of_right_verdicts_has_wilsons_interval_and_counts_what_was_left() -> None:
    share, interval = share_right(verdicts("yyyyyyyy.n"), verdicts("yyyyyyyyyy"))
    assert share == 0.8
    assert (interval.low, interval.high) == (pytest.approx(0.490, abs=1e-3), pytest.approx(0.943, abs=1e-3))


def test_outputs_of_check_are_read_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claims = written(tmp_path / "claims.jsonl", dict.fromkeys("abcde", "x"))
    one = written(tmp_path / "one.jsonl", {"a": "SUPPORTED", "b": "REFUTED", "c": "NOT_CHECKED", "d": "DISPUTED"})
    other = written(
        tmp_path / "other.jsonl", {"a": "SUPPORTED", "b": "SUPPORTED", "c": "REFUTED", "e": "", "z": "REFUTED"}
    )
    labels = tmp_path / "labels.jsonl"
    labels.write_text('{"id": "a", "label": "SUPPORT"}\n{"id": "b", "label": "REFUTED"}\n', encoding="utf-8")
    assert verdicts_in(one) == {"a": YES, "b": NO, "d": SPLIT}
    assert labels_in(labels) == {"a": YES, "b": NO}
    main(["--input", str(claims), "--outputs", str(one), str(other), "--labels", str(labels)])
    said = capsys.readouterr().out
    assert said.startswith("5 claims\n")
    assert f"{one}: SUPPORTED 1, REFUTED 1, DISPUTED 1; none on 2" in said
    assert f"{other}: SUPPORTED 2, REFUTED 1; none on 2" in said
    assert f"{one}: 100.0 %" in said
    assert f"{other}: 50.0 %" in said
    assert "both came to a verdict on 2; the same on 50.0 %" in said


def test_outputs_are_made_for_every_back_end_that_can_be_used_and_of_others_is_said_why_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMGATE_WAREHOUSE", str(tmp_path / "claimgate.duckdb"))
    monkeypatch.setenv("CLAIMGATE_NLI_MODEL", str(tmp_path / "no"))
    row = {"id": 1, "claim": "It rained.", "sources": [{"id": "a", "sentences": ["It rained."]}]}
    (tmp_path / "claims.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    main(["--input", "claims.jsonl", "--make", "made"])
    said = capsys.readouterr().out
    assert verdicts_in(tmp_path / "made" / "features.jsonl") == {"1": YES}
    assert "onnx: left out. The network of the back end onnx cannot be used" in said
    assert not (tmp_path / "made" / "onnx.jsonl").exists()
