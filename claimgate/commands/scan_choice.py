"""Which of its jobs `claimgate scan` was asked to do; options that do not go together are refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from claimgate.errors import BadInput


@dataclass(frozen=True)
class ScanOrder:
    files: tuple[Path, ...]
    imports: bool
    text: Path | None
    rates: bool
    export: bool
    paper: Path | None
    tags: tuple[str, ...]
    partial: bool
    demo: bool


def carry_out(order: ScanOrder, *, as_json: bool) -> None:
    _refuse_what_does_not_fit(order)
    if order.rates:
        from claimgate.commands.scan_rates import show_rates

        show_rates(demo=order.demo, as_json=as_json)
    elif order.imports:
        from claimgate.commands.scan_imports import import_scans

        import_scans(order.files, text=order.text, demo=order.demo, as_json=as_json)
    elif order.export:
        from claimgate.commands.scan import export_scan

        export_scan(order.files, paper=order.paper, tags=order.tags, partial=order.partial)
    else:
        from claimgate.commands.scan import scan_files

        scan_files(order.files, as_json=as_json)


def _refuse_what_does_not_fit(order: ScanOrder) -> None:
    if sum((order.imports, order.rates, order.export)) > 1:
        raise BadInput("Give one of --import, --rates and --export-v3.")
    if order.rates and order.files:
        raise BadInput(
            "--rates is over all scans that the warehouse holds and takes no files; --import brings files in."
        )
    if not order.rates and not order.files:
        raise BadInput("Give the text of a paper to scan, --import with scans, or --rates.")
    if order.text is not None and not order.imports:
        raise BadInput("--text belongs to --import: the paper that the imported scan is held against.")
    if not order.export and (order.paper or order.tags or order.partial):
        raise BadInput("--paper, --tag and --partial belong to --export-v3.")
