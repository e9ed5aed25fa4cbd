"""What the documents list is what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath
from typing import get_type_hints

import pytest
from lxml import etree

from benchmarks.pictures import SHOTS, UI_SHOTS
from benchmarks.reliability_plot import OUT, plot
from claimgate.app import app
from claimgate.settings import Settings
from pipelines.models import Axis, ClaimVerdict, Dimension
from pipelines.publication.contracts.table import CONTRACTS, schema_files
from pipelines.publication.exports.formats import FORMATS
from pipelines.publication.manifest import MANIFEST_SCHEMA
from pipelines.publication.site.rule_tables import printed_tables
from pipelines.review.reviewers.team import REVIEWERS
from pipelines.review.rigor.precision import MEASURED, doubt
from pipelines.review.rigor.scanning import RULES
from pipelines.verification.backend_choice import BackendName
from pipelines.verification.bulk import Tally, check_all
from pipelines.verification.feature_model import MODEL_FILE, load_feature_model
from pipelines.verification.features_backend import default_backend
from warehouse.invariants import INVARIANTS

CHECKOUT = Path(__file__).resolve().parent.parent
PARTS_OF_BENCHMARKS = {  # read by the scripts
    "__init__.py",
    "labelled_claims.py",
    "labelled_references.py",
    "perturbation_outcomes.py",
    "perturbations.py",
    "review_cases.py",
    "rewordings.py",
}


def read(name: str) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def test_the_checks_page_lists_every_invariant_with_its_reason_and_no_other() -> None:
    listed = [line for line in read("docs/checks.md").splitlines() if line.startswith("| `")]
    assert listed == [
        f"| `{one.name}` | {one.asset} | {'yes' if one.blocking else 'no, warns'} | {one.why} |" for one in INVARIANTS
    ]


def test_the_commands_page_names_every_command_and_setting() -> None:
    page = read("docs/commands.md")
    for command in app.registered_commands:
        assert command.callback is not None
        assert f"`{command.name or command.callback.__name__}" in page
    for setting in Settings.model_fields:
        assert f"`{setting}`" in page


def test_the_page_on_levels_and_tiers_prints_the_tables_themselves() -> None:
    lines = read("docs/levels-and-tiers.md").splitlines()
    printed = [line for line in lines if re.match(r"\d+\. `|\| (?!condition )", line)]
    expected = []
    for table in printed_tables():
        expected += [f"{rule.number}. `{rule.name}` gives {rule.outcome}" for rule in table.rules]
        expected += [f"| {' | '.join((one.words, *one.answers))} |" for one in table.conditions]
    assert printed == expected


def test_the_page_on_contracts_has_a_row_for_every_field_and_names_none_that_is_not_there() -> None:
    page = read("docs/contracts.md")
    schemas = {PurePosixPath(path).stem: json.loads(data) for path, data in schema_files().items()}
    listed = re.findall(r"^\| `([\w-]+-v1)` \| ", page, re.MULTILINE)
    assert sorted(listed) == sorted(schemas)
    for contract in (*CONTRACTS, MANIFEST_SCHEMA):
        table = page.split(f"\n## `{contract}`\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| (`.+?) \| ", table, re.MULTILINE)
        told = [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]
        assert len(told) == len(set(told))
        assert {name.split(".")[0] for name in told} == set(schemas[contract]["properties"]), contract
        for name in told:
            held = schemas[contract]
            for step in name.split("."):
                held = held["properties"][step]
    for contract in CONTRACTS.values():
        assert f"| `{contract.name}` | `{contract.file}` |" in page


def test_the_page_on_rigour_scans_tells_how_often_each_rule_is_right() -> None:
    told = dict(re.findall(r"^\| `([\w-]+)` \| [a-z_]+ \| (.+) \|$", read("docs/rigour.md"), re.MULTILINE))
    assert set(told) == {rule.rule for rule in RULES} == set(MEASURED)
    for rule, counts in MEASURED.items():
        labelled, answered, right, _, answers = told[rule].split(" | ")
        assert (int(labelled), int(answered), int(right)) == (counts.labelled, counts.fired, counts.right)
        assert answers == ("yes" if doubt(rule) is None else "no")
    assert f"Today {sum(doubt(rule.rule) is None for rule in RULES)} rules may answer." in read("docs/rigour.md")


def test_every_local_link_of_the_documents_leads_somewhere() -> None:
    for file in [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *sorted((CHECKOUT / "docs").glob("*.md"))]:
        for part in file.read_text(encoding="utf-8").split("](")[1:]:
            target = part.split(")", 1)[0].split("#", 1)[0]
            if target and "://" not in target:
                assert (file.parent / target).exists(), f"{file.name} links to {target}"


def test_the_reliability_plot_is_what_its_script_makes_of_the_shipped_model() -> None:
    assert OUT.read_text(encoding="utf-8") == plot(MODEL_FILE), "run benchmarks/reliability_plot.py"
    assert f"](img/{OUT.name})" in read("docs/verdicts.md")


def test_the_reliability_plot_has_a_point_for_every_tenth_of_both_regimes() -> None:
    measured = load_feature_model().reliability
    points = list(etree.fromstring(OUT.read_text(encoding="utf-8")).iter("{http://www.w3.org/2000/svg}circle"))
    assert len(points) == sum(len(bins) for bins in measured.values()) > 0
    assert {regime.value for regime in measured} == {"given", "searched"}


def test_no_reliability_plot_is_made_of_a_model_that_was_measured_in_one_regime_only(tmp_path: Path) -> None:
    held = json.loads(MODEL_FILE.read_text(encoding="utf-8"))
    del held["reliability"]["searched"]
    (tmp_path / "model.json").write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(ValueError, match="measured for sources searched"):
        plot(tmp_path / "model.json")


def test_the_verdicts_page_takes_two_screens_and_names_every_verdict_axis_and_back_end() -> None:
    page = read("docs/verdicts.md")
    assert len(page.splitlines()) <= 100
    for word in (*ClaimVerdict, *Axis, *BackendName):
        assert word in page


def test_the_review_page_names_every_reviewer_and_the_dimensions_that_it_judges() -> None:
    page = read("docs/review.md")
    for reviewer in REVIEWERS:
        assert f"| `{reviewer.name}` |" in page
    for number, dimension in enumerate(Dimension, start=1):
        assert f"D-{number} {dimension.value.split('_')[0]}" in page
    assert "](docs/review.md)" in read("README.md")


def test_the_example_of_the_readme_comes_out_as_it_is_shown() -> None:
    asked, shown = (block.split("```")[0] for block in read("README.md").split("```json\n")[1:3])
    rows = check_all(asked.encode().splitlines(), default_backend(), None, Tally())
    for row, line in zip(rows, shown.splitlines(), strict=True):
        told = json.loads(line)
        assert {name: row[name] for name in told if name not in ("confidence", "evidence")} == {
            name: value for name, value in told.items() if name not in ("confidence", "evidence")
        }
        assert row["confidence"] == pytest.approx(told["confidence"], abs=0.02)
        assert [{name: quoted[name] for name in told["evidence"][0]} for quoted in row["evidence"]] == told["evidence"]


def test_the_page_on_exports_and_the_help_name_every_format() -> None:
    listed = [line.split("`")[1] for line in read("docs/exports.md").splitlines() if line.startswith("| `")]
    assert listed == list(FORMATS)
    told = next(one for one in app.registered_commands if one.callback and one.callback.__name__ == "export")
    assert told.callback is not None
    (named,) = [one.help for one in get_type_hints(told.callback, include_extras=True)["form"].__metadata__]
    for form in FORMATS:
        assert f"`{form}`" in read("docs/commands.md")
        assert form in named


def test_the_benchmarks_page_names_every_script_and_no_other() -> None:
    scripts = {one.name for one in (CHECKOUT / "benchmarks").glob("*.py")} - PARTS_OF_BENCHMARKS
    listed = {line.split("`")[1] for line in read("benchmarks/README.md").splitlines() if line.startswith("| `")}
    assert listed == scripts


def test_every_picture_is_shown_or_linked_is_small_and_has_a_script() -> None:
    pages = "".join(
        one.read_text(encoding="utf-8") for one in [CHECKOUT / "README.md", *(CHECKOUT / "docs").glob("*.md")]
    )
    taken = {f"{shot.name}{look}.png" for shot in SHOTS for look in shot.looks} | {f"{name}.png" for name in UI_SHOTS}
    by_hand = {"lookup.png", "references.png"}  # of a made-up literature that is no part of the demo
    held = {one.name for one in OUT.parent.iterdir()}
    assert held == taken | by_hand | {"report.png", OUT.name}
    for name in held:
        assert f"img/{name})" in pages, name
        assert (OUT.parent / name).stat().st_size < 300_000, name
