"""A real Chromium for the tests of the site: found on this machine, never downloaded.

`visit` opens pages and writes down what they say and ask for; `site` is a folder of pages built for these tests, and
`base` its address, once from the files and once from a web server.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.built_site import build_site, site_records
from tests.browser.visits import Visit

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program: what CLAIMGATE_CHROMIUM names, else the first of the usual names on the PATH."""
    found = os.environ.get("CLAIMGATE_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found:
        return found
    missing = f"no Chromium: CLAIMGATE_CHROMIUM names none, and none of {', '.join(PROGRAMS)} is on the PATH"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    # Chromium's own sandbox refuses to run as root, as a build machine does; the pages are ours.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=as_root)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """`visit(base, **options of a browser context)`: a visitor with a window of its own."""
    contexts = []

    def start(base: str, **options: Any) -> Visit:
        context = browser.new_context(**options)
        context.set_default_timeout(60_000)  # milliseconds: a busy machine is no failure of a page
        contexts.append(context)
        return Visit(context.new_page(), base)

    yield start
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared and only read."""
    return build_site(tmp_path_factory.mktemp("site"), site_records())


@pytest.fixture(scope="session")
def from_file(site: Path) -> str:
    return f"{site.as_uri()}/"


@pytest.fixture(scope="session")
def from_server(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=["from_file", "from_server"])
def base(request: pytest.FixtureRequest) -> str:
    """The address of the folder of the site, with a slash at its end."""
    return request.getfixturevalue(request.param)
