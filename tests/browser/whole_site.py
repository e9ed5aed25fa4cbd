"""What tests of a whole site ask of its files: which page is of which kind, and where its links lead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html


def dead_links(site: Path) -> Iterator[str]:
    """`page -> link` for each link within the site to a file or an anchor that is not there."""
    anchors: dict[Path, set[str]] = {}
    pages = {path: html.parse(path) for path in site.rglob("*.html")}
    for path, page in pages.items():
        anchors[path] = set(page.xpath("//@id"))
    for path, page in pages.items():
        for link in page.xpath("//@href | //@src"):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            missing = not target.is_file() or (parts.fragment and target.suffix == ".html")
            if missing and not (target.is_file() and unquote(parts.fragment) in anchors.get(target, ())):
                yield f"{path.relative_to(site)} -> {link}"


def page_with(site: Path, pattern: str, words: str) -> str:
    """The path of the first page that fits the pattern and whose source holds these words."""
    for path in sorted(site.glob(pattern)):
        if words in path.read_text(encoding="utf-8"):
            return path.relative_to(site).as_posix()
    raise AssertionError(f"no page {pattern} holds {words!r}")
