"""The pictures of docs/img/, taken of the demo in headless Chromium.

usage: python -m benchmarks.pictures [NAME ...] [--out docs/img]

In: nothing but the project. The demo is run into a temporary warehouse as `make run` does, a person's verdict is added
so that there is a correction to show, and pages are opened from the files, Dagster's UI from `claimgate ui`. Out: a PNG
for each picture named (all, if none is); bytes and size of each on stdout. Chromium is the one that CLAIMGATE_CHROMIUM
names, else the one on the PATH. Days and times in the pictures are those of the run. `lookup.png` and `references.png`
show a made-up literature that is no part of the demo, `reliability.svg` has a script of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from pipelines.publication.site.text import activation_page_name, source_page_name
from tests.assets.running_ui import running_ui
from tests.processes import House
from warehouse.location import SAMPLE

OUT = Path(__file__).resolve().parents[1] / "docs" / "img"
TREES = "Street trees, heat and clean air"
ROUTING = "Sparse Expert Routing Improves Reading Accuracy of Compact Language Models"
ZINC = "Zinc cells for stationary storage"
RETRACTED = "doi:10.5555/cgdemo.med.003"
ANNOUNCED = "gate-1@2027-01-01"
DESKTOP: Mapping[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: Mapping[str, Any] = {"viewport": {"width": 390, "height": 800}, "device_scale_factor": 2}
DARK: Mapping[str, Any] = {"color_scheme": "dark"}
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "": DESKTOP,
    "-dark": DESKTOP | DARK,
    "-phone": PHONE,
    "-phone-dark": PHONE | DARK,
}
PAPER_WIDTH = 900  # pixels of the report's first page


@dataclass(frozen=True)
class Demo:
    """The warehouse of the demo; `pages` are the files of its records' pages, by title."""

    house: House
    pages: Mapping[str, Path]


@dataclass(frozen=True)
class Shot:
    """A picture of a page of the site: from where it is scrolled to, `height` pixels down."""

    name: str
    page: Callable[[Demo], str]  # path within the site, with a fragment if one is opened
    at: str | None = None  # selector of what stands at the top; None: the top of the page
    height: int = 800
    looks: tuple[str, ...] = ("",)
    waits: str | None = None  # selector of what must be there before


def record(title: str, fragment: str = "") -> Callable[[Demo], str]:
    return lambda demo: demo.pages[title].name + fragment


def fixed(path: str) -> Callable[[Demo], str]:
    return lambda _: path


SHOTS = (
    Shot("index", fixed("index.html#q=trees+heat"), height=930, looks=("", "-dark", "-phone"), waits="#found .hits"),
    Shot("record-page", record(TREES), height=860, looks=("", "-phone")),
    Shot("claims", record(TREES), at="#claims", height=900, looks=("", "-dark", "-phone-dark")),
    Shot("published", record(ROUTING), at="#published", height=900),
    Shot("reviews", record(TREES), at="#reviews", height=860),
    Shot("gate-2", record(TREES), at="#gate-2", height=1000),
    Shot("corrections", record(ZINC), at="#corrections", height=620),
    Shot("source", fixed(source_page_name(RETRACTED)), height=820, looks=("", "-dark", "-phone")),
    Shot("gate-activation", fixed(activation_page_name("gate-2@2026-11-01")), height=1000),
    Shot("system", fixed("system.html"), height=900, looks=("", "-dark", "-phone")),
    Shot("calibration", fixed("calibration.html"), height=860),
)
# Path of the UI's page, words to wait for, size of the window.
UI_SHOTS: Mapping[str, tuple[str, str, ViewportSize]] = {
    "lineage": ("asset-groups/", "publication", {"width": 2000, "height": 760}),
    "asset-checks": ("assets/verdicts?view=checks", "Checks", {"width": 1400, "height": 840}),
    "gate-backfill": ("assets/gate_verdicts?view=partitions", ANNOUNCED, {"width": 1400, "height": 700}),
}
NAMES = (*(shot.name for shot in SHOTS), "report", *UI_SHOTS)


def demo_in(folder: Path) -> Demo:
    house = House(folder)
    run = done(house, "run", "--json")
    done(house, "activate", "gate-1", "--on", "2027-01-01", "--policy", SAMPLE / "policies" / "gate-1.v2.yaml")
    claims = done(house, "show", ZINC, "--json")["claims"]["rows"]
    refuted = next(one["claim_id"] for one in claims if one["verdict"] == "REFUTED")
    reason = "The sentence is about cells of another batch; nothing is said about those of the claim."
    done(
        house,
        "adjudicate",
        refuted,
        "--verdict",
        "NOT_ENOUGH_INFO",
        "--reason",
        reason,
        "--by",
        "A. Reader (synthetic)",
    )
    return Demo(house, {one["title"]: Path(one["page"]) for one in run["records"]})


def done(house: House, *arguments: str | Path) -> Any:
    """Run a command to its end; the document it prints, or None."""
    ended = house.claimgate(*arguments)
    if ended.code:
        raise SystemExit(f"{arguments[0]} ended with {ended.code}: {ended.err}")
    return ended.document if "--json" in arguments else None


@contextmanager
def chromium() -> Iterator[Browser]:
    program = os.environ.get("CLAIMGATE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("no Chromium: CLAIMGATE_CHROMIUM names none, and none is on the PATH")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*as_root, "--hide-scrollbars"])
        yield browser
        browser.close()


def take(browser: Browser, demo: Demo, shot: Shot, out: Path) -> Iterator[Path]:
    for look in shot.looks:
        context = browser.new_context(**LOOKS[look])
        page = context.new_page()
        page.goto(f"{demo.house.site.as_uri()}/{shot.page(demo)}")
        page.set_viewport_size({"width": LOOKS[look]["viewport"]["width"], "height": shot.height})
        if shot.waits:
            page.wait_for_selector(shot.waits)
        if shot.at:
            page.locator(shot.at).evaluate("(one) => one.scrollIntoView()")
        page.screenshot(path=out / f"{shot.name}{look}.png")
        yield out / f"{shot.name}{look}.png"
        context.close()


def take_report(demo: Demo, out: Path) -> Path:
    """The first page of a record's PDF, drawn by pdfium."""
    document = pypdfium2.PdfDocument(demo.pages[TREES].with_suffix("") / "report.pdf")
    page = document[0]
    drawn = page.render(scale=PAPER_WIDTH / page.get_width()).to_numpy()[:, :, 2::-1]  # BGR of any depth to RGB
    file = out / "report.png"
    file.write_bytes(png(drawn))
    document.close()
    return file


def png(pixels: np.ndarray[Any, Any]) -> bytes:
    """Rows of RGB as a PNG (ISO/IEC 15948); each row is filtered by none, as paper is mostly one colour."""
    height, width, _ = pixels.shape

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def take_ui(browser: Browser, demo: Demo, names: Sequence[str], out: Path) -> Iterator[Path]:
    """Dagster's UI loads as it pleases: each page is given until what it is about stands there, and a moment more."""
    with running_ui(demo.house) as ui:
        context = browser.new_context(viewport={"width": 1500, "height": 860})
        page = context.new_page()
        for name in names:
            path, wanted, size = UI_SHOTS[name]
            page.set_viewport_size(size)
            page.goto(ui.address + path)
            page.get_by_text(wanted, exact=True).first.wait_for(timeout=90_000)
            if name == "lineage":
                page.wait_for_timeout(3_000)
                page.keyboard.press("Alt+KeyE")  # all groups unfolded
            if name == "gate-backfill":
                page.get_by_text(wanted, exact=True).first.click()
            page.wait_for_timeout(5_000)
            page.screenshot(path=out / f"{name}.png")
            yield out / f"{name}.png"
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; all, if none is named")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"no picture is called {', '.join(sorted(unknown))}")
    wanted = given.names or NAMES
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        demo = demo_in(Path(folder) / "demo")
        taken = [file for shot in SHOTS if shot.name in wanted for file in take(browser, demo, shot, given.out)]
        if "report" in wanted:
            taken.append(take_report(demo, given.out))
        if of_ui := [name for name in UI_SHOTS if name in wanted]:
            taken += take_ui(browser, demo, of_ui, given.out)
    for file in taken:
        print(f"{file.stat().st_size:>8,} bytes  {file.name}")


if __name__ == "__main__":
    main()
