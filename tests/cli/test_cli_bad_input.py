"""Input that cannot be used: each file gets one true sentence, the others go through, nothing is half written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import pond_records
from tests.ingestion import minimal_pdf
from tests.processes import Ended, House

SCAN = {
    "paper": {"title": "Made-up counts of made-up newts", "authors": ["N. Obody"], "year": 2023},
    "scan_version": 3,
    "checklist": {"artifacts": {"code_released": {"applies": True, "answer": False, "justification": "None."}}},
    "claims": [{"claim": "Newts like shade.", "supported": "weak"}],
    "methodology_tags": ["field-study"],
    "key_findings": "None of note.",
    "red_flags": [],
    "cited_papers": [],
}
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, PR_CAPBSET_DROP = 1, 2, 24
WITHOUT_PRIVILEGE = f"""
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
for capability in ({CAP_DAC_OVERRIDE}, {CAP_DAC_READ_SEARCH}):
    if libc.prctl({PR_CAPBSET_DROP}, capability, 0, 0, 0):
        sys.exit(77)
os.execv(sys.executable, sys.argv[1:])
"""


def scan_as_a_page_shows_it() -> bytes:
    lines = json.dumps(SCAN, indent=2).splitlines()
    return ("scan.json 1.4 KB\n" + "\n".join(f"{n} {line}" for n, line in enumerate(lines, start=1))).encode()


def forms_within_forms(depth: int, width: int) -> bytes:
    """A PDF of a few kilobytes whose page asks for `width ** depth` drawings: too much for any parser."""
    draw = b"/F Do " * width
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /XObject << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(draw) + draw + b"\nendstream",
    ]
    for level in range(depth):
        drawn = b"" if level == depth - 1 else draw
        within = b"" if level == depth - 1 else b"/Resources << /XObject << /F %d 0 R >> >>" % (6 + level)
        form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] %s /Length %d >>" % (within, len(drawn))
        objects.append(form + b"\nstream\n" + drawn + b"\nendstream")
    return minimal_pdf._file(objects, b"/Root 1 0 R ")


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)


def closed(path: Path) -> None:
    path.write_text(pond_records.SNAILS, encoding="utf-8")
    path.chmod(0o000)


@dataclass(frozen=True)
class Bad:
    """One bad input: its name, how it is made (bytes, or what makes it), and words of the true reason."""

    name: str
    made: bytes | Callable[[Path], Any]
    words: str

    def make(self, folder: Path) -> Path:
        path = folder / self.name
        if isinstance(self.made, bytes):
            path.write_bytes(self.made)
        else:
            self.made(path)
        return path


SOUND_PDF = minimal_pdf.pdf(["Snails grazed the walls of stone basins clean."])
BAD = (
    Bad("empty.txt", b"", "is empty"),
    Bad("blank.md", b" \n\t\r\n ", "is empty"),
    Bad("binary.txt", bytes(range(256)) * 8, "binary file"),
    Bad("picture.md", b"\x89PNG\r\n\x1a\n" + bytes(64), "PNG image"),
    Bad("words.pdf", b"Only words, no PDF.", "its name says a PDF"),
    Bad("pdf.txt", SOUND_PDF, "its content is a PDF"),
    Bad("words.json", b"Only words, no braces.", "its name says JSON"),
    Bad("truncated.pdf", SOUND_PDF[:-200], "cut off"),
    Bad("encrypted.pdf", minimal_pdf.encrypted(), "encrypted"),
    Bad("bomb.pdf", minimal_pdf.bomb(megabytes=2000), "its parser"),
    Bad("crash.pdf", forms_within_forms(depth=12, width=10), "its parser"),
    Bad("large.txt", sparse, "314,572,800 bytes"),
    Bad("latin.txt", "Die Schnecken fraßen die Wände kahl.".encode("latin-1"), "not valid UTF-8"),
    Bad("bare.html", b"<html><head><title>T</title></head><body><script>x()</script></body></html>", "holds no text"),
    Bad("twice.json", b'{"question": "a?", "question": "b?"}', 'the key "question" stands twice'),
    Bad("nan.json", b'{"question": "a?", "score": NaN}', "NaN is not a JSON number"),
    Bad("deep.json", b"[" * 100_000, "levels deep"),
    Bad("scan.txt", scan_as_a_page_shows_it(), "methodological-rigour scan"),
    Bad("other.json", b'{"name": "a basin", "depth": 3}', "no known form of a record"),
    Bad("folder", Path.mkdir, "holds no files"),
    Bad("loop", lambda path: path.symlink_to(path), "leads back to itself"),
    Bad("back", lambda path: path.symlink_to(path.parent), "leads back to a folder that contains it"),
    Bad("dangling.md", lambda path: path.symlink_to("nowhere.md"), "points to nothing"),
    Bad("pipe.txt", os.mkfifo, "a pipe"),
    Bad("closed.md", closed, "no permission"),
)
FOLDERS = {"folder", "back"}  # parse takes one file; an empty folder is given to run


def modes_bind() -> bool:
    """Whether file modes can be made to bind the command: root has to give up a privilege for it."""
    if os.geteuid() != 0:
        return True
    tried = subprocess.run([sys.executable, "-c", WITHOUT_PRIVILEGE, sys.executable, "-c", ""], check=False)
    return tried.returncode == 0


MODES_BIND = modes_bind()
POSSIBLE = [
    pytest.param(
        one,
        id=one.name,
        marks=pytest.mark.skipif(
            one.made is closed and not MODES_BIND, reason="root may not give up its privilege here"
        ),
    )
    for one in BAD
]


def without_privilege(house: House, *arguments: str | Path) -> Ended:
    """The command by somebody whom file modes bind: for root, without the capabilities that pass them by."""
    if os.geteuid() != 0 or not MODES_BIND:
        return house.claimgate(*arguments)
    return house.claimgate(*arguments, prefix=(sys.executable, "-c", WITHOUT_PRIVILEGE))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Path, Ended]:
    """One run over a folder of every bad input and two good ones, one with a mark of byte order, one with CRLF."""
    folder = tmp_path_factory.mktemp("mixed") / "inbox"
    folder.mkdir()
    for one in BAD:
        if MODES_BIND or one.made is not closed:
            one.make(folder)
    pond_records.write_two(folder)
    shade, reeds = folder / "a-shade.json", folder / "b-reeds.md"
    shade.write_bytes(b"\xef\xbb\xbf" + shade.read_bytes())
    reeds.write_bytes(reeds.read_bytes().replace(b"\n", b"\r\n"))
    house = House(folder.parent / "house")
    return house, folder, without_privilege(house, "run", folder, "--json")


@pytest.mark.slow
@pytest.mark.parametrize("bad", POSSIBLE)
def test_among_others_it_is_rejected_with_one_true_sentence(mixed: tuple[House, Path, Ended], bad: Bad) -> None:
    _, folder, ended = mixed
    reasons = [one["reason"] for one in ended.document["rejected"] if one["path"] == str(folder / bad.name)]
    assert len(reasons) == 1
    assert bad.words in reasons[0]
    assert "\n" not in reasons[0]


@pytest.mark.slow
def test_what_is_good_goes_through_and_nothing_of_the_rest_is_kept(mixed: tuple[House, Path, Ended]) -> None:
    house, _, ended = mixed
    assert ended.code == 0, ended.err
    assert "Traceback" not in ended.err
    assert {one["title"] for one in ended.document["records"]} == {
        "Shade over garden ponds",
        "Reed belts at farm ponds",
    }
    made = len(BAD) if MODES_BIND else len(BAD) - 1
    assert len(ended.document["rejected"]) == made
    totals = house.claimgate("status", "--json").document["totals"]
    assert (totals["documents"], totals["records"], totals["rejections"]) == (2, 2, made)


@pytest.mark.parametrize("bad", [one for one in POSSIBLE if one.id not in FOLDERS])
def test_alone_it_ends_parse_with_exit_2_and_one_sentence(house: House, tmp_path: Path, bad: Bad) -> None:
    path = bad.make(tmp_path)
    ended = without_privilege(house, "parse", path, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.complaint.startswith(f"{path}: ")
    assert bad.words in ended.complaint


@pytest.mark.parametrize("bad", [one for one in BAD if one.name in {"folder", "scan.txt"}], ids=lambda bad: bad.name)
def test_alone_it_ends_run_with_exit_2_and_the_reason(house: House, tmp_path: Path, bad: Bad) -> None:
    path = bad.make(tmp_path)
    ended = house.claimgate("run", path, "--json")
    assert ended.code == 2
    assert ended.document["records"] == []
    [rejected] = ended.document["rejected"]
    assert rejected["path"] == str(path)
    assert bad.words in rejected["reason"]
    assert ended.complaint == "Nothing could be taken in; the reasons stand above."


def test_parse_of_a_folder_is_bad_input(house: House, tmp_path: Path) -> None:
    ended = house.claimgate("parse", tmp_path, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "a folder" in ended.complaint
