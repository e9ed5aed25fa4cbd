"""How long one Dagster run of the publication stage takes for many records: fresh, again, and after one verdict.

usage: python -m benchmarks.publication [--records 500] [--claims 10] [--references 8] [--without exports] [--profile]

Synthetic records are put into a temporary warehouse with the functions that the stages themselves save with: claims
with verdicts, evidence and passages, references with audits and sources, scans of the sources, reviews and the gates'
verdicts. The job `publish` then runs over all of it, each time in a process of its own: on what was never published,
again with nothing changed, and again after one claim's verdict changed. "written" are the files of the site that are
other than before; all pages are written by `site`, what other tools read (a PDF for each record among it) by `exports`.
"of core" is the processor time of the process and of those that it started, their starts included: other than seconds,
it is the same on a machine that others use too. "peak" is of all processes together.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import json
import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psutil

from pipelines.gates.facts import GateVerdict
from pipelines.models import (
    Axis,
    AxisJudgement,
    AxisOutcome,
    Claim,
    ClaimKind,
    ClaimOrigin,
    ClaimVerdict,
    Dimension,
    DimensionScore,
    Evidence,
    EvidenceScope,
    Finding,
    GateResult,
    IndexAnswer,
    Layout,
    ParsedRecord,
    Place,
    Probabilities,
    PublicGateStatus,
    Reference,
    ReferenceAudit,
    ReferenceFinding,
    Review,
    ReviewSummary,
    RigorAnswer,
    RigorItem,
    RigorScan,
    Severity,
    SourceVerdict,
    Stance,
    StatedFacts,
    Verdict,
    Work,
)
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.extraction import save_claims
from warehouse.gates import EvaluatedGate, activations, save_gate_verdicts
from warehouse.ingestion import (
    Arrival,
    StoredDocument,
    StoredRecord,
    document_id_of,
    records_of,
    references_of,
    save_records,
    save_references,
    set_kind,
    take_in,
)
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_shipped
from warehouse.review import save_reviews, save_rigor_scans
from warehouse.sources import (
    MatchedSource,
    RecordSource,
    SourcesFingerprint,
    StoredSourceVersion,
    passages_in,
    save_passages,
    save_sources,
    source_version_id_of,
)
from warehouse.verification import ReachedVerdict, save_audits, save_verdicts

RECORDED = datetime.now(UTC) - timedelta(days=1)
STAMP = Stamp(RECORDED, "fill")
COHORTS = 6
AT_ONCE = 250  # records saved together
PUBLISHED = ("corrections", "manifests", "exports", "site")  # the assets, in the order of the run
SENTENCE = "Plots with method {n} of trial {i} lost 3{n} % less water than plots without it over the summer."
NEIGHBOUR = "Nothing of the kind was seen where the soil of trial {i} had been turned over in the autumn before."
REVIEWERS = ("grounding", "sceptic", "numbers", "sources")
ITEMS = ("sample_size", "control", "randomised", "blinding", "preregistration", "data_available", "funding", "limits")


@dataclass(frozen=True)
class Size:
    records: int
    claims: int
    references: int


# --- the records --------------------------------------------------------------------------------


def fill(house: Warehouse, size: Size) -> None:
    set_kind(house, "own", STAMP)
    activate_shipped(house, recorded_at=RECORDED)
    for start in range(0, size.records, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, size.records))
        records = saved_records(house, numbers, size)
        saved_sources(house, records, size)
        save_claims(house, [(one, claims_of(i, size)) for i, one in zip(numbers, records, strict=True)], "made", STAMP)
        save_verdicts(house, [verdict(i, n, size) for i in numbers for n in range(size.claims)], STAMP)
        save_reviews(house, [review(one) for one in records], STAMP)
        for activation in activations(house):
            save_gate_verdicts(
                house, activation, [gate(one.record_id, activation.activation_id) for one in records], STAMP
            )


def saved_records(house: Warehouse, numbers: Sequence[int], size: Size) -> tuple[StoredRecord, ...]:
    read, arrivals = [], []
    for i in numbers:
        text = " ".join(f"{SENTENCE.format(n=n, i=i)} [{n % size.references + 1}]" for n in range(size.claims))
        published = date(2025, i % COHORTS + 1, 15)
        cohort, name, data = published.strftime("%Y-%m"), f"made-{i}.txt", text.encode()
        parsed = ParsedRecord(
            layout=Layout.REPORT,
            title=f"What saves water in trial {i}?",
            publisher="Made for measuring",
            published_on=published,
            text=text,
            stated=StatedFacts(papers=size.references, claims_extracted=size.claims, claims_verified=size.claims),
            references=tuple(reference(i, n) for n in range(size.references)),
        )
        arrivals.append(Arrival(document_id_of(data), name, data, f"made:{i:06d}", cohort))
        read.append((StoredDocument(document_id_of(data), name, data), f"made:{i:06d}", cohort, parsed))
    take_in(house, arrivals, [], STAMP)
    save_records(house, read, "made", STAMP)
    records = records_of(house, record_ids=[record_id for _, record_id, _, _ in read])
    save_references(house, records, "made", STAMP)
    return tuple(sorted(records, key=lambda one: one.record_id))


def reference(i: int, n: int) -> Reference:
    title, doi = f"Water in trial {i}, part {n}", f"10.5555/made.{i}.{n}"
    raw = f"Maker, A. and Doer, B. {title}. Journal of Made Trials, 20{n + 10}. doi:{doi}"
    return Reference(
        ordinal=n + 1, mark=str(n + 1), raw=raw, doi=doi, title=title, year=2010 + n, authors=("A. Maker", "B. Doer")
    )


def work(i: int, n: int) -> Work:
    said = reference(i, n)
    return Work(
        source_id=f"doi:{said.doi}",
        title=said.title or "",
        authors=said.authors,
        year=said.year,
        venue="Journal of Made Trials",
        type="journal-article",
        text=source_text(i, n),
        text_kind="abstract",
        complete=True,
        licence="CC-BY-4.0",
        origin="library:made.jsonl",
    )


def source_text(i: int, n: int) -> str:
    return " ".join((NEIGHBOUR.format(i=i), SENTENCE.format(n=n, i=i), NEIGHBOUR.format(i=i), NEIGHBOUR.format(i=i)))


def version_of(i: int, n: int) -> StoredSourceVersion:
    one = work(i, n)
    text = one.text or ""
    return StoredSourceVersion(source_version_id_of(one.source_id, text), one.source_id, text, one.text_kind)


def saved_sources(house: Warehouse, records: Sequence[StoredRecord], size: Size) -> None:
    references = references_of(house, [one.record_id for one in records])
    matched: dict[str, list[MatchedSource]] = {}
    audits, split, scans = [], [], []
    for stored in references:
        i, n = int(stored.record_id.removeprefix("made:")), stored.reference.ordinal - 1
        held, version = work(i, n), version_of(i, n)
        link = RecordSource(
            held.source_id, version.source_version_id, stored.reference_id, stored.reference.mark, "cited"
        )
        matched.setdefault(stored.record_version_id, []).append(MatchedSource(held, link))
        audits.append((stored, "made", audit(i, n)))
        split.append((version, [(0, len(version.text))]))
        scans.append((version, scan(version)))
    fingerprint = SourcesFingerprint("made", None, (), None)
    save_sources(house, matched, dict.fromkeys(matched, fingerprint), STAMP)
    save_passages(house, split, "made", STAMP)
    save_rigor_scans(house, scans, "made", STAMP)
    save_audits(house, audits, STAMP)


def audit(i: int, n: int) -> ReferenceAudit:
    said = reference(i, n)
    held = IndexAnswer(index="library", by="doi", value=said.doi or "", outcome="held")
    return ReferenceAudit(
        finding=ReferenceFinding.UNFINDABLE if n == 7 else ReferenceFinding.FOUND,
        source_id=f"doi:{said.doi}",
        reason="The library has this DOI with this title.",
        answered_by=("library:made.jsonl",),
        answers=(held, held.model_copy(update={"index": "another", "outcome": "absent"})),
    )


def scan(version: StoredSourceVersion) -> RigorScan:
    quote = version.text[:60]
    items = tuple(
        RigorItem(item=item, answer=RigorAnswer.YES, rule=f"{item}-1", quote=quote, start=0, end=60) for item in ITEMS
    )
    return RigorScan(
        source_version_id=version.source_version_id,
        scanned=True,
        reason="abstract scanned",
        scanner_version="made",
        items=items,
    )


def claims_of(i: int, size: Size) -> list[Claim]:
    made, start = [], 0
    for n in range(size.claims):
        text = SENTENCE.format(n=n, i=i)
        made.append(
            Claim(
                claim_id=f"claim-{i}-{n}",
                ordinal=n + 1,
                text=text,
                start=start,
                end=start + len(text),
                normalised=text,
                origin=ClaimOrigin.EXTRACTED,
                kind=ClaimKind.EMPIRICAL,
                citations=(str(n % size.references + 1),),
                section="Results",
            )
        )
        start += len(text) + 5
    return made


def verdict(i: int, n: int, size: Size, fingerprint: str = "made") -> ReachedVerdict:
    source = n % size.references
    supports = fingerprint == "made" and (i + n) % 7 != 0
    word = ClaimVerdict.SUPPORTED if supports else ClaimVerdict.REFUTED
    stance = Stance.SUPPORTS if supports else Stance.REFUTES
    version = version_of(i, source)
    (passage,) = passages_in(version, [(0, len(version.text))])
    quoted = SENTENCE.format(n=source, i=i)
    start = version.text.index(quoted)
    sides = (stance, Stance.NEUTRAL, Stance.NEUTRAL)
    evidence = tuple(
        Evidence(
            passage_id=passage.passage_id,
            source_id=version.source_id,
            stance=side,
            score=0.91,
            start=start,
            end=start + len(quoted),
            text=quoted,
            why="same figure: 30 %",
        )
        for side in sides
    )
    shares = Probabilities(supported=0.9 if supports else 0.05, refuted=0.05 if supports else 0.9, not_enough_info=0.05)
    return ReachedVerdict(
        fingerprint,
        Verdict(
            claim_id=f"claim-{i}-{n}",
            verdict=word,
            confidence=0.9,
            reason="The nearest sentence covers the claim.",
            scope=EvidenceScope.CITED,
            evidence=evidence,
            probabilities=shares,
            per_source=(SourceVerdict(source_id=version.source_id, verdict=word, confidence=0.9, reason="read alone"),),
            axes=tuple(
                AxisJudgement(axis=axis, outcome=AxisOutcome.AGREES, why="the same words in both") for axis in Axis
            ),
            verifier_version="made",
            backend="features",
        ),
    )


def review(
    record: StoredRecord,
) -> tuple[str, str, tuple[Review, ...], ReviewSummary, tuple[Finding, ...]]:
    scores = tuple(
        DimensionScore(dimension=one, score=7.0, reason="Seven of ten cases were as they should be.", low=6.0, high=8.0)
        for one in Dimension
    )
    reviews = tuple(Review(reviewer=name, version="1", scores=scores) for name in REVIEWERS)
    summary = ReviewSummary(
        score=7.0,
        low=6.2,
        high=7.9,
        agreement=0.8,
        reviewers=REVIEWERS,
        dimensions=scores,
        reason="Four of four reviewers gave scores.",
    )
    finding = Finding(
        rule="made-rule",
        severity=Severity.WARNING,
        message="Two claims say nearly the same.",
        where=(Place(start=0, end=20, words=record.parsed.text[:20]),),
    )
    return record.record_id, "made", reviews, summary, (finding,)


def gate(record_id: str, activation_id: str) -> EvaluatedGate:
    name = activation_id.split("@")[0]
    held = GateVerdict(
        record_id=record_id,
        gate=name,
        policy_version="v1",
        activation_id=activation_id,
        result=GateResult.PASSED if name != "gate-2" else None,
        outcome=None,
        public_status=PublicGateStatus.UNVERIFIED,
        reason="No artifact is attached to any claim." if name == "gate-2" else "All that it asks for holds.",
    )
    return EvaluatedGate("made", "{}", RECORDED, held)


# --- one run, in a process of its own -----------------------------------------------------------


def publish(database: Path, profile: bool, without: Sequence[str]) -> None:
    """The job `publish` over every cohort, without some of its assets; its seconds as JSON on stdout."""
    import dagster as dg

    from assets.chain import legs
    from assets.definitions import build_definitions
    from assets.instance import bring_partitions_up_to_date, open_instance
    from assets.jobs import PUBLISHING
    from assets.resources import WarehouseResource
    from assets.runs import Conductor, Held
    from warehouse.ingestion import cohorts

    house = Warehouse(WarehouseLocation.of(str(database)))
    with open_instance(house.location) as instance:
        bring_partitions_up_to_date(instance, house, datetime.now(UTC).date())
        lead = Conductor(build_definitions(warehouse=WarehouseResource(database=str(database))), instance, house)
        watched = cProfile.Profile()
        started, began = time.perf_counter(), time.time()
        with watched if profile else contextlib.nullcontext():
            for leg in legs(PUBLISHING, cohorts(house), (), Held.of(instance)):
                if not without:
                    lead._execute(leg, {})
                    continue
                job = lead.definitions.resolve_job_def(leg.job)
                for name in (one for one in PUBLISHED if one not in without):
                    # one by one: of a selection with a gap Dagster leaves out what stands before the gap
                    job.execute_in_process(instance=instance, tags=leg.tags, asset_selection=[dg.AssetKey(name)])
        seconds = time.perf_counter() - started
        stages: dict[str, float] = dict.fromkeys(PUBLISHED, 0.0)
        for run in instance.get_runs():
            for step in instance.get_run_step_stats(run.run_id):
                if step.step_key in stages and step.start_time and step.start_time >= began and step.end_time:
                    stages[step.step_key] += step.end_time - step.start_time
        print(json.dumps({"seconds": seconds, "stages": stages}))
        if profile:
            pstats.Stats(watched, stream=sys.stderr).sort_stats("cumulative").print_stats(70)
            pstats.Stats(watched, stream=sys.stderr).sort_stats("tottime").print_stats(40)


def run(database: Path, what: str, chosen: argparse.Namespace) -> None:
    before = files_of(database)
    command = [sys.executable, "-m", "benchmarks.publication", "--one", str(database)]
    command += ["--profile"] if chosen.profile else []
    command += ["--without", *chosen.without] if chosen.without else []
    with tempfile.TemporaryFile("w+") as told, tempfile.TemporaryFile("w+") as said:
        it = subprocess.Popen(command, stdout=said, stderr=told)
        before_it = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = peak_of(it)
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        said.seek(0)
        told.seek(0)
        if it.returncode:
            raise SystemExit(told.read())
        if chosen.profile:
            print(told.read())
        told_by_run = json.loads(said.read())
    after = files_of(database)
    written = sum(before.get(name) != held for name, held in after.items())
    core = usage.ru_utime + usage.ru_stime - before_it.ru_utime - before_it.ru_stime
    seconds, stages = told_by_run["seconds"], " | ".join(f"{one:5.1f} s" for one in told_by_run["stages"].values())
    print(f"| {what:22} | {seconds:7.1f} s | {stages} | {core:7.1f} s | {peak:5.0f} MiB | {written:7d} |", flush=True)


def peak_of(it: subprocess.Popen[bytes]) -> float:
    """Wait for it; the most memory, in MiB, that it and what it started held at once (shared pages counted once)."""
    peak = 0
    while it.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            one = psutil.Process(it.pid)
            peak = max(peak, sum(held.memory_full_info().pss for held in [one, *one.children(recursive=True)]))
        time.sleep(0.5)
    return peak / 2**20


def files_of(database: Path) -> dict[str, tuple[int, int]]:
    """File of the site to its inode and time of writing: one that is written again, be it the same, has others."""
    site = Warehouse(WarehouseLocation.of(str(database))).location.site
    return {file.relative_to(site).as_posix(): (file.stat().st_ino, file.stat().st_mtime_ns) for file in _files(site)}


def _files(site: Path) -> Iterator[Path]:
    return (file for file in site.rglob("*") if file.is_file()) if site.exists() else iter(())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=500)
    options.add_argument("--claims", type=int, default=10, help="a record")
    options.add_argument("--references", type=int, default=8, help="a record")
    options.add_argument("--without", nargs="*", choices=PUBLISHED, default=(), help="assets that are left out")
    options.add_argument("--profile", action="store_true", help="where the time of each run goes")
    options.add_argument("--keep", type=Path, help="fill this folder, or measure what lies in it, and leave it there")
    options.add_argument("--one", type=Path, metavar="DATABASE", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        publish(chosen.one, chosen.profile, chosen.without)
        return
    size = Size(chosen.records, chosen.claims, chosen.references)
    with contextlib.nullcontext(chosen.keep) if chosen.keep else tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "claimgate.duckdb")
        house = Warehouse(WarehouseLocation.of(str(database)))
        if not house.exists():
            fill(house, size)
        print(
            f"{size.records} records of {size.claims} claims and {size.references} references, {os.cpu_count()} cores"
        )
        print(f"| what | the run | {' | '.join(PUBLISHED)} | of core | peak | written |")
        print(f"|---|---|{'---|' * len(PUBLISHED)}---|---|---|")
        run(database, "never published", chosen)
        run(database, "nothing changed", chosen)
        save_verdicts(house, [verdict(3, 2, size, "changed")], Stamp(datetime.now(UTC), "a change"))
        run(database, "one verdict changed", chosen)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
