"""What the list of all records costs a reader, in Chromium, and what it costs to make.

usage: python -m benchmarks.site_index [--records 10000] [--claims 10] [--keep FOLDER]

Lines of made records are laid out as the list of a site in a temporary folder and the index is opened from the file in
headless Chromium (CLAIMGATE_CHROMIUM, else the one on the PATH). First paint is the browser's own entry, the median of
five openings; "from the key" is the time from an input event in the search box until the list stands filtered and laid
out, over words that many, few and no claims hold, with all data loaded. Memory is that of the page's JavaScript after a
collection.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from pipelines.models import ClaimCounts, ClaimVerdict, ReferenceCounts, Tier
from pipelines.publication.site.build import GateSummary, RecordSummary, assets, index_pages, page_name

THINGS = ["clover", "mulch", "sedge", "squash", "willow", "osier", "reed", "canal", "lamp", "kettle", "hedge", "chalk"]
DOING = ["cut", "raised", "halved", "left", "delayed", "doubled", "widened", "reversed"]
WHAT = ["water loss", "yield", "cost", "noise", "growth", "leaf area", "visits by insects", "heat at noon"]
WHERE = ["in dry summers", "on heavy soil", "in two towns", "over five winters", "at the coast", "under glass"]
GATES = (("Gate 0: Integrity", "✓", "Passed", "good"), ("Gate 1: Grounding", "✗", "Failed", "bad"))
TYPED = ("c", "clover", "clover mulch", "clover mulch 31 canal", "canal 7342", "nothingofthekind")
MEASURED = ["--js-flags=--expose-gc", "--enable-precise-memory-info"]
FIRST_PAINT = """
() => new Promise((done) => {
  new PerformanceObserver((list) => {
    const [found] = list.getEntriesByName("first-contentful-paint");
    if (found) done(found.startTime);
  }).observe({ type: "paint", buffered: true });
})
"""
FROM_KEY = """
async (typed) => {
  const box = document.getElementById("q");
  box.value = typed;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const started = performance.now();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  document.getElementById("list").getBoundingClientRect();
  return [performance.now() - started, document.getElementById("counted").textContent];
}
"""


def made(number: int, claims: int) -> RecordSummary:
    draw = random.Random(number)
    said = []
    for ordinal in range(1, claims + 1):
        one, other = draw.sample(THINGS, 2)
        figure = f"{draw.randrange(1, 99)} %"
        text = f"{one.capitalize()} {draw.choice(DOING)} {draw.choice(WHAT)} by {figure} against {other} "
        text += f"{draw.choice(WHERE)}, as {draw.randrange(10, 9_999)} plots of trial {number} showed."
        said.append((ordinal, draw.choice(list(ClaimVerdict)), text))
    verdicts = [verdict for _, verdict, _ in said]
    counts = {verdict.value.lower(): verdicts.count(verdict) for verdict in ClaimVerdict}
    published = date(2024, 1, 1) + timedelta(days=number % 900)
    score = draw.choice((None, *(n / 4 for n in range(8, 40))))
    one, other = draw.sample(THINGS, 2)
    return RecordSummary(
        record_id=f"made:{number:06d}",
        page=page_name(f"made:{number:06d}"),
        title=f"What {one} does for {draw.choice(WHAT)} {draw.choice(WHERE)}, against {other}",
        title_stated=True,
        publisher=f"Made Syntheses {number % 40}",
        published_on=published.isoformat(),
        cohort=published.strftime("%Y-%m"),
        kind="report",
        synthetic=True,
        counts=ClaimCounts(extracted=claims, **counts),
        reference_counts=ReferenceCounts(found=7, misdescribed=1, retracted=number % 50 == 0),
        score=score,
        low=score and score - 0.5,
        high=score and score + 0.5,
        tier=draw.choice(list(Tier)),
        gates=tuple(GateSummary(title=t, sign=s, word=w, style=c) for t, s, w, c in GATES),
        errors=number % 3,
        warnings=number % 5,
        corrections=number % 7 == 0,
        question=f"How far is {one} better than {other}, and for whom, as far as trials of any kind say?",
        identifier=f"10.5555/made.{number}",
        claims=tuple(said),
    )


def make(folder: Path, records: int, claims: int) -> None:
    lines = [made(number, claims).model_dump_json() for number in range(records)]
    started = time.perf_counter()
    held = [RecordSummary.model_validate_json(line) for line in lines]
    read = time.perf_counter() - started
    sizes: dict[str, list[int]] = defaultdict(list)
    started = time.perf_counter()
    for path, data in index_pages(held):
        sizes[path.split("-")[0]].append(len(data))
        file = folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
    wrote = time.perf_counter() - started
    for name, data in assets().items():
        (folder / name).write_bytes(data)
    kept = sum(map(len, lines)) / 2**20
    print(f"{records:,} records of {claims} claims; lines kept: {kept:.1f} MiB, read back in {read:.2f} s")
    print(f"pages and data made and written in {wrote:.2f} s")
    for name, found in sizes.items():
        total = sum(found) / 2**20
        print(f"  {name:15} {len(found):4d} files, {total:6.2f} MiB, the largest {max(found) / 1024:.0f} KiB")


def chromium() -> str:
    named = os.environ.get("CLAIMGATE_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        raise SystemExit("No Chromium: install one, or name its program in CLAIMGATE_CHROMIUM.")
    return found


@contextlib.contextmanager
def opened() -> Iterator[Page]:
    with sync_playwright() as playwright:
        sandbox = [] if os.geteuid() else ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*sandbox, *MEASURED])
        yield browser.new_page()
        browser.close()


def measure(page: Page, address: str) -> None:
    paints = []
    for _ in range(5):
        page.goto("about:blank")
        page.goto(address)
        paints.append(page.evaluate(FIRST_PAINT))
    print(f"first contentful paint: {statistics.median(paints):.0f} ms (worst {max(paints):.0f})")
    print(f"memory before a search: {memory(page):.0f} MiB")
    started = time.perf_counter()
    page.locator("#q").fill("clover")
    page.get_by_text("with these words").first.wait_for()
    print(f"first search, with loading all data: {time.perf_counter() - started:.2f} s")
    print(f"memory with all data: {memory(page):.0f} MiB")
    for typed in TYPED:
        times: list[Any] = [page.evaluate(FROM_KEY, typed) for _ in range(5)]
        taken = [one for one, _ in times]
        print(
            f"  from the key, {typed!r:25} {statistics.median(taken):5.0f} ms (worst {max(taken):.0f}): {times[0][1]}"
        )
    page.locator("#filters summary").click()
    for name, value in (("claims", "refuted"), ("month", "2025-03")):
        page.locator("#q").fill("")
        page.locator(f"select[name={name}]").select_option(value)
        taken = [page.evaluate(FROM_KEY, "")[0] for _ in range(5)]
        told = page.locator("#counted").text_content()
        print(f"  {name} is {value}: {statistics.median(taken):.0f} ms (worst {max(taken):.0f}): {told}")


def memory(page: Page) -> float:
    page.evaluate("globalThis.gc && gc()")
    return page.evaluate("performance.memory.usedJSHeapSize") / 2**20


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--claims", type=int, default=10, help="a record")
    options.add_argument("--keep", type=Path, help="lay the list in this folder and leave it there")
    chosen = options.parse_args()
    with contextlib.nullcontext(chosen.keep) if chosen.keep else tempfile.TemporaryDirectory() as named:
        folder = Path(named).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        make(folder, chosen.records, chosen.claims)
        with opened() as page:
            measure(page, (folder / "index.html").as_uri())


if __name__ == "__main__":
    main()
