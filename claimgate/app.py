"""The commands and their options. What a command does is in commands/, imported when it is called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from claimgate.errors import BadInput, Failure

app = typer.Typer(
    name="claimgate",
    help="Checks machine-written research: its claims against its sources, its references, its gates.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

INTERRUPTED = 130
_CONTINUES = "Interrupted; what was committed stands, the next run continues."
# By command; what only reads has nothing to add.
_INTERRUPTED = {
    **dict.fromkeys(("run", "reverify", "backfill", "activate", "adjudicate", "approve", "lookup", "scan"), _CONTINUES),
    "withdraw": "Interrupted; run the same command again: it goes on where it stopped.",
    "check": "Interrupted; no output file was written.",
}
# `readable=False` below: a file without permission is ours to refuse, in our words and that file alone.
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout; messages go to stderr.")]


Online = Annotated[
    bool | None,
    typer.Option(
        "--online/--offline",
        help="Ask indexes of literature, or only what they answered before. Default: the setting, which is off.",
        show_default=False,
    ),
]


class Chosen:
    """What the options before the command chose, and the command."""

    demo: bool = False
    command: str = ""


@app.callback()
def choose(
    context: typer.Context,
    demo: Annotated[
        bool, typer.Option("--demo", help="Use the demo's warehouse, which `claimgate run` fills.")
    ] = False,
) -> None:
    Chosen.demo = demo
    Chosen.command = context.invoked_subcommand or ""


@app.command()
def run(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; without any, the sample inbox.", readable=False)
    ] = None,
    library: Annotated[
        Path | None, typer.Option(help="Folder or file of source texts, used as an index.", readable=False)
    ] = None,
    question: Annotated[
        str | None, typer.Option(help="Answer this from the literature; the answer is checked like any record.")
    ] = None,
    online: Online = None,
    verbose: Annotated[bool, typer.Option(help="Show Dagster's own log.")] = False,
    json: Json = False,
) -> None:
    """The main job: take records in, or answer a question; check them, publish their pages."""
    from claimgate.commands.run import run_chain

    run_chain(
        paths or [],
        question=question,
        library=library,
        online=online,
        demo=Chosen.demo,
        verbose=verbose,
        as_json=json,
    )


@app.command()
def parse(file: Annotated[Path, typer.Argument(help="The file to read.", readable=False)], json: Json = False) -> None:
    """Show how a file would be read; writes nothing."""
    from claimgate.commands.parse import parse_file

    parse_file(file, as_json=json)


@app.command()
def lookup(
    identifiers: Annotated[
        list[str], typer.Argument(help="DOIs, arXiv ids, PMIDs, PMCIDs, ISBNs, OpenAlex ids, addresses or titles.")
    ],
    library: Annotated[
        Path | None, typer.Option(help="Folder or file of source texts, used as an index.", readable=False)
    ] = None,
    online: Online = None,
    json: Json = False,
) -> None:
    """What is known of a work, from where, and with what notices: retracted, corrected, superseded."""
    from claimgate.commands.lookup import look_up

    look_up(identifiers, online=online, library=library, demo=Chosen.demo, as_json=json)


@app.command()
def check(
    input: Annotated[
        Path, typer.Option("--input", help="Claims, a JSON object a line; - is standard input.", readable=False)
    ],
    output: Annotated[Path, typer.Option("--output", help="Where the verdicts go, a line each; - is standard output.")],
    corpus: Annotated[
        Path | None, typer.Option(help="Sources to search for claims that carry none.", readable=False)
    ] = None,
    top_k: Annotated[int | None, typer.Option(help="How many sources to search for. Default: 3.")] = None,
    backend: Annotated[
        str | None, typer.Option(help="features, onnx or llm. Default: the setting, which is features.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Folder of the network for --backend onnx. Default: the setting nli_model.")
    ] = None,
    encoder: Annotated[
        Path | None, typer.Option(help="Folder of an optional encoder of sentences. Default: the setting encoder.")
    ] = None,
    online: Annotated[
        bool | None,
        typer.Option(
            "--online/--offline",
            help="Ask the model of --backend llm, or only what it answered before. Default: the setting, which is off.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Check claims in bulk, against the sources they carry or found in a corpus; needs no warehouse."""
    from claimgate.commands.check import Order, check_claims

    check_claims(Order(input, output, corpus, top_k, backend, model, encoder, online, Chosen.demo), as_json=json)


@app.command()
def scan(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Texts of papers; with --import, scans or folders of them.", readable=False),
    ] = None,
    imports: Annotated[
        bool, typer.Option("--import", help="Take in scans that others made (scan.json, version 3).")
    ] = False,
    text: Annotated[
        Path | None, typer.Option(help="With --import: the paper's text, to hold the scan against.", readable=False)
    ] = None,
    rates: Annotated[bool, typer.Option("--rates", help="Rates per item over all scans of the warehouse.")] = False,
    export_v3: Annotated[bool, typer.Option("--export-v3", help="Print our scan of one text as scan.json.")] = False,
    paper: Annotated[
        Path | None,
        typer.Option(help="With --export-v3: a JSON file with title, authors and year of the paper.", readable=False),
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="With --export-v3: a methodology tag; may be repeated.")] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="With --export-v3: write it though items are unjudged.")
    ] = False,
    json: Json = False,
) -> None:
    """What papers report of their method: make a rigour scan of a text, import scans of others, compare many.

    A scan measures reporting, not truth. An imported scan is refused whole if one rule of import is broken; the
    reasons are kept. It is held against its paper where --text or the warehouse has the full text.
    """
    from claimgate.commands.scan_choice import ScanOrder, carry_out

    order = ScanOrder(
        files=tuple(files or ()),
        imports=imports,
        text=text,
        rates=rates,
        export=export_v3,
        paper=paper,
        tags=tuple(tag or ()),
        partial=partial,
        demo=Chosen.demo,
    )
    carry_out(order, as_json=json)


@app.command()
def show(
    record: Annotated[str, typer.Argument(help="A record id, the beginning of one, or its title.")],
    json: Json = False,
) -> None:
    """Everything held about a record, with evidence and history."""
    from claimgate.commands.show import show_record

    show_record(record, demo=Chosen.demo, as_json=json)


@app.command()
def export(
    record: Annotated[str, typer.Argument(help="A record id, the beginning of one, or its title.")],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="manifest; markdown, pdf (its report); bibtex, ris, csl-json (references); csv, parquet (claims);"
            " ro-crate, prov (provenance); paper-manifest, gate-verdict, quality-tiers, quality-dimensions,"
            " verification-levels, correction-record.",
        ),
    ],
    output: Annotated[Path | None, typer.Option(help="The file to write; without it, stdout.")] = None,
    json: Json = False,
) -> None:
    """A record as other tools read it: its report, references for a library, claims as a table, everything as JSON.

    References come as they are held, each with a note on what was found; what is retracted, withdrawn, of concern or
    likely fabricated bears the keyword do-not-cite-unread.
    """
    from claimgate.commands.export import export_record

    export_record(record, form=form, output=output, demo=Chosen.demo, as_json=json)


@app.command()
def status(json: Json = False) -> None:
    """What the warehouse holds, per cohort and stage; what is pending, failing, stale."""
    from claimgate.commands.status import show_status

    show_status(demo=Chosen.demo, as_json=json)


@app.command()
def activate(
    gate: Annotated[str, typer.Argument(help="gate-0, gate-1, gate-2 or gate-3.")],
    on: Annotated[str, typer.Option("--on", help="The day from which it holds, YYYY-MM-DD.")],
    policy: Annotated[
        Path | None, typer.Option(help="A policy file (YAML); default: the shipped one.", readable=False)
    ] = None,
    json: Json = False,
) -> None:
    """Activate a version of a gate's rules; `backfill` or the UI then evaluates the cohorts under it.

    The rules are a policy file; once activated it never changes, a change is a new version. A day that is still to
    come announces them: they are evaluated and shown, and decide nothing before it.
    """
    from claimgate.commands.gates import activate_gate

    activate_gate(gate, on=on, policy=policy, demo=Chosen.demo, as_json=json)


@app.command()
def backfill(
    activation: Annotated[str, typer.Argument(help="For instance gate-2@2026-06-10.")],
    first: Annotated[str | None, typer.Option("--from", help="First cohort, YYYY-MM.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last cohort, YYYY-MM.")] = None,
    json: Json = False,
) -> None:
    """Evaluate the records of cohorts under an activation, and publish what changed.

    What did not change since the last evaluation is skipped, so that it can be repeated or broken off at any time.
    """
    from claimgate.commands.gates import backfill_activation

    backfill_activation(activation, first=first, last=last, demo=Chosen.demo, as_json=json)


@app.command()
def reverify(
    record: Annotated[str | None, typer.Option(help="Only this record.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Report changes against what was held on this day, YYYY-MM-DD."),
    ] = None,
    online: Online = None,
    json: Json = False,
) -> None:
    """The nightly job, by hand: check everything again; what did not change is skipped."""
    from claimgate.commands.reverify import reverify_records

    reverify_records(record, as_of=as_of, online=online, demo=Chosen.demo, as_json=json)


@app.command()
def adjudicate(
    claim: Annotated[str, typer.Argument(help="A claim id, as `show` prints it.")],
    verdict: Annotated[str, typer.Option(help="SUPPORTED, REFUTED, NOT_ENOUGH_INFO, DISPUTED or NOT_CHECKED.")],
    reason: Annotated[str, typer.Option(help="Why, for readers of the page.")],
    by: Annotated[str, typer.Option(help="Who decided.")],
    json: Json = False,
) -> None:
    """A person's verdict: it takes precedence, is marked as such, and erases nothing."""
    from claimgate.commands.adjudicate import adjudicate_claim

    adjudicate_claim(claim, verdict=verdict, reason=reason, by=by, demo=Chosen.demo, as_json=json)


@app.command()
def attach(
    record: Annotated[str, typer.Argument(help="A record id, the beginning of one, or its title.")],
    claim: Annotated[str, typer.Argument(help="A claim id, as `show` prints it.")],
    folder: Annotated[
        Path, typer.Argument(help="A folder with artifact.toml, or a .zip, .tar or .tar.gz of one.", readable=False)
    ],
    json: Json = False,
) -> None:
    """Attach a check to a claim: a reproduction or a proof, which Gate 2 then runs sealed.

    It prints the artifact's id, what the claim expects of the result, and what Gate 2 will do. Nothing is run now:
    `approve`, `reverify` or the next `run` does. A sandbox (bubblewrap) or proof checker that is missing is named, and
    the check is then held as NOT_RUN. The form of artifact.toml is in docs/artifacts.md.
    """
    from claimgate.commands.artifacts import attach_artifact

    attach_artifact(record, claim, folder, demo=Chosen.demo, as_json=json)


@app.command()
def approve(
    artifact: Annotated[str, typer.Argument(help="An artifact's id or hash, or the beginning of either.")],
    by: Annotated[str, typer.Option(help="Who says so; not the artifact's author.")],
    reason: Annotated[str, typer.Option(help="Why, for readers of the page.")],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the approval back.")] = False,
    json: Json = False,
) -> None:
    """A person's word that an artifact checks the claim it is attached to; nothing is VERIFIED without.

    It prints what is approved (claim, expected value, script, inputs and where they came from), records the word with
    its name and reason, runs the artifact and publishes the record again. The reason stands on the page.
    """
    from claimgate.commands.artifacts import approve_artifact

    approve_artifact(artifact, by=by, reason=reason, withdraw=withdraw, demo=Chosen.demo, as_json=json)


@app.command()
def withdraw(
    subject: Annotated[
        str, typer.Argument(metavar="RECORD|SOURCE", help="An id, or the beginning of one; of a record also its title.")
    ],
    reason: Annotated[str, typer.Option(help="Why, for readers of the tombstone.")],
    by: Annotated[str | None, typer.Option(help="Who took it down; published if given.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, at a terminal, whether it is meant.")] = False,
    json: Json = False,
) -> None:
    """Take a text down: gone from pages and stored bytes; its hash, a tombstone and a correction stay.

    It cannot be undone. What comes again under the same id, or with the same text, is refused. What is beyond reach
    (your own files, backups, copies of others) is named at the end; docs/withdrawal.md says more.
    """
    from claimgate.commands.withdraw import withdraw_text

    withdraw_text(subject, reason=reason, by=by, yes=yes, demo=Chosen.demo, as_json=json)


@app.command("verify-chain")
def verify_chain(
    records: Annotated[
        list[str] | None, typer.Argument(help="Record ids, beginnings of them, or titles; default: all.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="A published log (.jsonl), or corrections.json with the logs beside it; needs no warehouse.",
            readable=False,
        ),
    ] = None,
    expect: Annotated[
        list[str] | None,
        typer.Option(help="HASH or RECORD=HASH: a head noted earlier, which must be on the chain; may be repeated."),
    ] = None,
    json: Json = False,
) -> None:
    """Prove that no correction was rewritten: every hash made anew, every public state held against the log.

    The place of each record's first break is named. A log that was cut off at its end or written anew as a whole
    is found by --expect alone. Exit 0: all hold; 1: something does not.
    """
    from claimgate.commands.chain import verify

    verify(records or [], file=file, expect=expect or [], demo=Chosen.demo, as_json=json)


@app.command()
def doctor(json: Json = False) -> None:
    """What is here and what is missing, what that switches off, and every setting with its origin."""
    from claimgate.commands.doctor import examine

    examine(demo=Chosen.demo, as_json=json)


@app.command()
def ui(
    host: Annotated[str | None, typer.Option(help="Address to bind to.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
) -> None:
    """Dagster's UI on this warehouse: lineage, cohorts, checks, schedule, back-fills."""
    from claimgate.commands.servers import open_ui

    open_ui(host=host, port=port, demo=Chosen.demo)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind to.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
) -> None:
    """Serve the published pages."""
    from claimgate.commands.servers import serve_pages

    serve_pages(host=host, port=port, demo=Chosen.demo)


def run_app() -> None:
    """Run a command; turn its ending into an exit code and, where it ended badly, one sentence."""
    try:
        app(standalone_mode=True)
    except BadInput as problem:
        _end(problem, 2)
    except Failure as problem:
        _end(problem, 1)
    except _warehouse_refusals() as problem:
        _end(problem, 1)
    except SystemExit as ending:
        # typer turns Ctrl-C into this exit, without a word.
        if ending.code == INTERRUPTED:
            sys.stderr.write(f"{_INTERRUPTED.get(Chosen.command, 'Interrupted.')}\n")
        raise


def _warehouse_refusals() -> tuple[type[Exception], ...]:
    """What the warehouse refuses with a sentence; imported when something went wrong, for the sake of `--help`."""
    from warehouse.connection import WarehouseBusy, WarehouseMissing, WarehouseTooNew, WarehouseUnreadable

    return WarehouseBusy, WarehouseMissing, WarehouseTooNew, WarehouseUnreadable


def _end(problem: Exception, code: int) -> None:
    sys.stderr.write(f"claimgate: {problem}\n")
    raise SystemExit(code)
