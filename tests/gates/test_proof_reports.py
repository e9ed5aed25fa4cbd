"""Reports that lie, contradict themselves, are cut off or about something else: never VERIFIED."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.gates.lean_environments import Implementation, ReportForm
from pipelines.gates.lean_export import ALLOWED_AXIOMS, shown
from pipelines.gates.lean_export_records import read_export
from pipelines.gates.lean_output import Unreadable
from pipelines.gates.lean_versions import LEAN_FLOOR, parse_lean_version, read_version_line, same_commit
from pipelines.models import AttemptOutcome
from tests.gates.lean_reports.scripted_checks import CONSTANTS, HERE, RECORDS, Answers, check, tool_list
from tests.gates.lean_reports.written_exports import THEOREM, ExportWriter, export

ACCEPTS = (HERE / "comparator_accepts.json").read_text()
TEXT = (HERE / "comparator_accepts.txt").read_text()
FAILED, VERIFIED = AttemptOutcome.ATTEMPT_FAILED, AttemptOutcome.VERIFIED


def altered(**changed: Any) -> str:
    report = json.loads(ACCEPTS)
    of_target = {key: value for key, value in changed.items() if key in report["reports"][0]}
    report["reports"][0].update(of_target)
    report.update({key: value for key, value in changed.items() if key not in of_target})
    return json.dumps(report)


LIES: dict[str, str | None] = {
    "no report": None,
    "empty": "",
    "cut off": ACCEPTS[:-40],
    "no JSON": "Your solution is okay!",
    "rejecting kernel beside exit code 0": altered(kernelAccepted=False, kernelFailureMessage="no"),
    "kernel silent": altered(kernelAccepted=None),
    "kernel accepts with a complaint": altered(kernelFailureMessage="but"),
    "another theorem": altered(target="Claim.other"),
    "a definition": altered(targetKind="definition"),
    "failure beside exit code 0": altered(failureCategory="axioms", failureMessage="Illegal axiom detected"),
    "failure without a reason": altered(failureCategory="axioms"),
    "reason without a failure": altered(failureMessage="?"),
    "lists of axioms that contradict": altered(unpermittedAxioms=["sorryAx"]),
    "axiom passed": altered(transitiveAxioms=["propext", "Quot.sound", "sorryAx"]),
    "verdict of a kernel nobody asked for": altered(nanodaAccepted=True),
    "word for truth": altered(kernelAccepted="true"),
    "unknown field": altered(verdict="accepted"),
    "missing field": json.dumps({k: v for k, v in json.loads(ACCEPTS).items() if k != "nanodaAccepted"}),
    "key twice": ACCEPTS.replace('"kernelAccepted":true', '"kernelAccepted":false,"kernelAccepted":true'),
    "no target": altered(reports=[]),
    "target twice": json.dumps({**json.loads(ACCEPTS), "reports": json.loads(ACCEPTS)["reports"] * 2}),
}


@pytest.mark.parametrize("report", LIES.values(), ids=LIES.keys())
def test_a_comparator_report_that_does_not_hang_together_fails_the_attempt(report: str | None) -> None:
    attempt = check(Answers(report=report)).attempt
    assert attempt.outcome is FAILED, attempt.reason


def test_a_rejecting_exit_code_beside_an_accepting_report_fails_the_attempt() -> None:
    assert check(Answers(comparator=(1, "", ""))).attempt.outcome is FAILED


def test_a_comparator_that_lists_other_axioms_than_we_find_is_disputed() -> None:
    attempt = check(Answers(report=altered(transitiveAxioms=["propext"]))).attempt
    assert attempt.outcome is AttemptOutcome.DISPUTED
    assert "lists other axioms" in attempt.reason


def in_text(code: int, out: str, err: str = "", report: str | None = None) -> AttemptOutcome:
    listed = tool_list()
    comparator = listed.comparator.model_copy(update={"report": ReportForm.TEXT})
    listed = listed.model_copy(update={"comparator": comparator})
    return check(Answers(report=report, comparator=(code, out, err)), listed=listed).attempt.outcome


OTHER = "error: Challenge and solution theorem statement do not match: 'Claim.same'"
KERNEL_NO = "Lean default kernel rejects the solution: (kernel) declaration type mismatch\n"


@pytest.mark.parametrize(
    ("code", "out", "err", "outcome"),
    [
        (0, TEXT, "", VERIFIED),
        (1, "", OTHER, AttemptOutcome.INVALID_CHECK),
        (1, "", "error: Const does not match between challenge and target 'Nat.add'", AttemptOutcome.INVALID_CHECK),
        (1, "", "error: Illegal axiom detected: 'sorryAx'", AttemptOutcome.DISPUTED),  # we find none
        (1, KERNEL_NO, "error: Lean default exited with 1", AttemptOutcome.DISPUTED),  # the other kernels accept
        (2, "", "error: `lake comparator` needs `git` on PATH", AttemptOutcome.NOT_RUN),
        (1, "", "uncaught exception: resource vanished", FAILED),
        (139, "", "", FAILED),
        (0, "", "", FAILED),
        (0, TEXT, OTHER, FAILED),
        (0, TEXT + "more\n", "", FAILED),
        (0, TEXT + "Your solution is okay!\n", "", FAILED),
        (0, "Your solution is okay!\n", "", FAILED),
        (1, TEXT, "", FAILED),
    ],
)
def test_the_lines_of_a_released_comparator_are_read_and_never_its_exit_code_alone(
    code: int, out: str, err: str, outcome: AttemptOutcome
) -> None:
    assert in_text(code, out, err) is outcome


def test_a_report_that_was_not_asked_for_fails_the_attempt() -> None:
    assert in_text(0, TEXT, report=ACCEPTS) is FAILED


@pytest.mark.parametrize(
    "said",
    [
        (0, ""),
        (0, "Checked 0 declarations with no errors\n"),
        (0, f"Checked {CONSTANTS + 1} declarations with no errors\n"),
        (0, f"Checked {CONSTANTS} declarations with no errors, skipping exported but unpermitted axioms [sorryAx]\n"),
        (0, f"Checked {CONSTANTS} declarations with no typechecker errors, 3 pretty printer errors\n"),
        (0, f"Checked {CONSTANTS} declarations with no errors\nand more\n"),
        (1, f"Checked {CONSTANTS} declarations with no errors\n"),
        (3, ""),
        (-11, ""),
    ],
)
def test_a_kernel_accepts_in_its_own_words_or_not_at_all(said: tuple[int, str]) -> None:
    assert check(Answers(nanoda=said)).attempt.outcome is FAILED


@pytest.mark.parametrize(
    "said",
    [
        (0, ""),
        (1, ""),
        (1, "uncaught exception: no such file or directory\n"),
        (0, "Lean default kernel accepts the solution\nQuotient post-check rejects the solution: no\n"),
    ],
)
def test_leanchecker_without_a_verdict_fails_the_attempt(said: tuple[int, str]) -> None:
    assert check(Answers(leanchecker=said)).attempt.outcome is FAILED


@pytest.mark.parametrize(
    ("count", "outcome"), [(RECORDS, VERIFIED), (RECORDS - 1, FAILED), (RECORDS + 1, FAILED), (0, FAILED)]
)
@pytest.mark.parametrize("name", ["con-ron", "con-leche"])
def test_a_kernel_that_counts_must_have_counted_every_record(name: str, count: int, outcome: AttemptOutcome) -> None:
    listed = tool_list()
    kernel = listed.kernel[1].model_copy(update={"implementation": Implementation(name)})
    listed = listed.model_copy(update={"kernel": (listed.kernel[0], kernel)})
    said = f"{name}: accepted {count} declarations (--verified)\n"
    assert check(Answers(nanoda=(0, said)), listed=listed).attempt.outcome is outcome


# --- the driver's line, and the export behind it -------------------------------------------------


def head_with(**changed: Any) -> Callable[[bytes], bytes]:
    def change(printed: bytes) -> bytes:
        line, _, rest = printed.partition(b"\n")
        return json.dumps({**json.loads(line), **changed}).encode() + b"\n" + rest

    return change


@pytest.mark.parametrize("stage", ["solution", "statement", "comparator", "kernel nanoda", "kernel leanchecker"])
@pytest.mark.parametrize(
    "change",
    [
        head_with(inputs={"solution.ndjson": "0" * 64}),
        head_with(steps=[]),
        head_with(extra=1),
        lambda printed: printed + b"x",
        lambda printed: printed[:-5],
        lambda printed: b"",
        lambda printed: b"\n" + printed,
        lambda printed: printed.replace(b'"cut": false', b'"cut": true, "cut": false'),
        lambda printed: printed.replace(b'"exit_code": 0', b'"exit_code": "0"'),
    ],
    ids=["other inputs", "no steps", "extra field", "added to", "cut", "nothing", "shifted", "key twice", "text code"],
)
def test_a_stage_that_printed_anything_else_fails_the_attempt(stage: str, change: Callable[[bytes], bytes]) -> None:
    attempt = check(Answers(changed={stage: change})).attempt
    assert attempt.outcome is FAILED, attempt.reason


def test_our_own_reading_finds_axioms_through_definitions_and_ignores_those_nothing_rests_on() -> None:
    writer = ExportWriter()
    prop = writer.expr(sort=0)
    writer.axiom("hidden", prop)
    writer.axiom("unused", prop)
    writer.definition("middle", prop, writer.const("hidden"))
    writer.theorem("top", prop, writer.const("middle"))
    read = read_export(writer.data())
    assert {shown(name) for name in read.axioms_of("top")} == {"hidden"}
    assert (read.records, read.constants) == (4, 4)


def test_a_name_with_a_dot_in_a_part_does_not_pass_for_an_allowed_axiom() -> None:
    writer = ExportWriter()
    prop = writer.expr(sort=0)
    index = writer.name("Classical.choice")
    writer.line({"axiom": {"name": index, "levelParams": [], "type": prop, "isUnsafe": False}})
    writer.theorem("top", prop, writer.expr(const={"name": index, "us": []}))
    (found,) = read_export(writer.data()).axioms_of("top")
    assert found not in ALLOWED_AXIOMS
    assert shown(found) == "«Classical.choice»"


def lines(change: Callable[[list[str]], Any]) -> bytes:
    every = export().decode().splitlines()
    change(every)
    return ("\n".join(every) + "\n").encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}\n",
        export()[:-1],
        export().replace(b'"version":"3.1.0"},"lean"', b'"version":"4.0.0"},"lean"'),
        lines(lambda every: every.pop(0)),
        lines(lambda every: every.insert(1, every[0])),
        lines(lambda every: every.append(every[-1])),
        lines(lambda every: every.insert(5, every[4])),
        lines(lambda every: every.append('{"thm":{}}')),
        lines(lambda every: every.append('{"mystery":1}')),
        lines(lambda every: every.append("[" * 100_000)),
        lines(lambda every: every.append('{"ie":1,"ie":2}')),
        lines(lambda every: every.append('{"ie":' + "9" * 5000 + ',"bvar":0}')),
        lines(lambda every: every.append('{"ie":true,"bvar":0}')),
        lines(lambda every: every.append("not JSON")),
        lines(lambda every: every.append("")),
    ],
)
def test_an_export_that_is_not_whole_and_in_order_is_not_read(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_export(data)


def test_an_export_that_says_another_lean_made_it_fails_the_attempt() -> None:
    assert check(Answers(solution=export(lean="4.36.0"))).attempt.outcome is FAILED
    assert check(Answers(statement=export(("sorryAx",), commit="0" * 40))).attempt.outcome is FAILED


def test_an_export_without_the_theorem_fails_the_attempt() -> None:
    assert check(Answers(solution=export(theorem="Claim.other"))).attempt.outcome is FAILED


# Of a whole honest set of answers: what may change without a difference, being told to people and not judged.
TOLD = {"seconds", "stderr"}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_change_of_one_field_of_an_honest_report_verifies_anything_unless_the_field_is_only_told(
    data: st.DataObject,
) -> None:
    stage = data.draw(st.sampled_from(["version", "statement", "solution", "comparator", "kernel nanoda"]))
    touched: list[str] = []

    def change(printed: bytes) -> bytes:
        line, _, rest = printed.partition(b"\n")
        head = json.loads(line)
        inside = head["steps"][0] if data.draw(st.booleans()) else head
        key = data.draw(st.sampled_from(sorted(inside)))
        value = data.draw(st.sampled_from(["drop", None, 1, "x", [], True, -1]))
        touched.append("same" if value != "drop" and inside[key] == value and type(inside[key]) is type(value) else key)
        if value == "drop":
            del inside[key]
        else:
            inside[key] = value
        return json.dumps(head).encode() + b"\n" + rest

    outcome = check(Answers(changed={stage: change})).attempt.outcome
    of_a_build = {"stdout", "cut"} if stage in ("statement", "solution") else set()
    told = TOLD | of_a_build | ({"stdout"} if stage == "comparator" else set())
    assert outcome is not VERIFIED or touched[0] in told | {"same"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_export_with_a_line_dropped_repeated_or_swapped_is_verified(data: st.DataObject) -> None:
    every = export().decode().splitlines()
    index = data.draw(st.integers(0, len(every) - 2))
    how = data.draw(st.sampled_from(["drop", "repeat", "swap"]))
    if how == "drop":
        del every[index]
    elif how == "repeat":
        every.insert(index, every[index])
    else:
        every[index], every[index + 1] = every[index + 1], every[index]
    changed = ("\n".join(every) + "\n").encode()
    assert check(Answers(solution=changed)).attempt.outcome is not VERIFIED or _says_the_same(changed)


def _says_the_same(changed: bytes) -> bool:
    """Two neighbours that do not refer to each other may be swapped, and a line nothing rests on left out."""
    read, whole = read_export(changed), read_export(export())
    return read.differs_in(whole, THEOREM) is None and read.axioms_of(THEOREM) == whole.axioms_of(THEOREM)


# --- versions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("4.34.1", True),
        ("v4.35.0", True),
        ("5.0.0", True),
        ("4.34.0", False),
        ("4.35.0-rc1", False),
        ("4.28.0-pre", False),
        ("4.36.0-nightly-2026-10-02", False),
    ],
)
def test_only_a_release_at_or_above_the_floor_reaches_it(text: str, reaches: bool) -> None:
    version = parse_lean_version(text)
    assert version is not None
    assert version.reaches(LEAN_FLOOR) is reaches


@pytest.mark.parametrize("text", ["", "master", "nightly-2026-10-02", "4.35", "4.35.0 ", "4.35.0-", "٤.35.0-x y"])
def test_what_is_no_version_is_none(text: str) -> None:
    assert parse_lean_version(text) is None


def test_version_and_commit_are_read_from_what_lean_says() -> None:
    said = (
        "Lean (version 4.35.0-rc2, x86_64-unknown-linux-gnu, commit 11acb17ec6b07a8f9e9173e6845197929540936b, Release)"
    )
    assert read_version_line(said) == ("4.35.0-rc2", "11acb17ec6b07a8f9e9173e6845197929540936b")
    assert same_commit("11acb17", "11acb17ec6b07a8f9e9173e6845197929540936b")
    assert not same_commit("11acb1", "11acb17ec6b07a8f9e9173e6845197929540936b")
