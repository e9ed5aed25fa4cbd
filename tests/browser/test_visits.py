"""The rig itself: what a visit must not overlook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.visits import Visit

POLICY = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; script-src 'self'\">"


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("<script>console.error('planted')</script>", "console: planted"),
        ("<script>throw new Error('planted')</script>", "script: planted"),
        (POLICY + "<script>1</script>", "Content Security Policy"),
        (POLICY + "<link rel=stylesheet href=style.css>", "Content Security Policy"),
        ("<script>alert('planted')</script>", "dialog: planted"),
        ("<img src='https://other.invalid/a.png'>", "https://other.invalid/a.png"),
        ("<script src='../outside.js'></script>", "outside.js"),
    ],
)
def test_fault_of_a_page_is_noticed(visit: Callable[..., Visit], tmp_path: Path, head: str, fault: str) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(f"<!doctype html><title>t</title>{head}<p>text", encoding="utf-8")
    visitor = visit(f"{folder.as_uri()}/")
    visitor.open("index.html")
    with pytest.raises(AssertionError, match=fault):
        visitor.assert_clean()


def test_sound_page_is_clean_and_one_that_keeps_people_out_is_not(visit: Callable[..., Visit], tmp_path: Path) -> None:
    sound = "<!doctype html><html lang=en><title>t</title><main><h1>A</h1><label>Word <input></label></main>"
    (tmp_path / "sound.html").write_text(sound, encoding="utf-8")
    (tmp_path / "bad.html").write_text(sound.replace("<label>Word ", "").replace(" lang=en", ""), encoding="utf-8")
    visitor = visit(f"{tmp_path.as_uri()}/")
    visitor.open("sound.html")
    assert visitor.serious() == []
    visitor.open("bad.html")
    assert [found.split(" ")[0] for found in visitor.serious()] == ["html-has-lang", "label"]
    visitor.assert_clean()


def test_visit_that_opened_nothing_is_not_called_clean(visit: Callable[..., Visit]) -> None:
    with pytest.raises(AssertionError, match="nothing was opened"):
        visit("file:///nowhere/").assert_clean()
