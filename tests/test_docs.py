"""What the documents list is what there is."""

from __future__ import annotations

from pathlib import Path

from claimgate.app import app
from claimgate.settings import Settings
from warehouse.invariants import INVARIANTS

CHECKOUT = Path(__file__).resolve().parent.parent


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
        assert f"`{command.callback.__name__}" in page
    for setting in Settings.model_fields:
        assert f"`{setting}`" in page


def test_every_local_link_of_the_documents_leads_somewhere() -> None:
    for file in [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *sorted((CHECKOUT / "docs").glob("*.md"))]:
        for part in file.read_text(encoding="utf-8").split("](")[1:]:
            target = part.split(")", 1)[0].split("#", 1)[0]
            if target and "://" not in target:
                assert (file.parent / target).exists(), f"{file.name} links to {target}"
