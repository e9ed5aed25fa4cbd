"""`claimgate ui` and `claimgate serve`: both bind to loopback unless told otherwise."""

from __future__ import annotations

import functools
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from claimgate.errors import BadInput, Failure
from claimgate.guard import CHECKOUT
from claimgate.output import err
from claimgate.place import export, place_of
from warehouse.location import DEMO_DATABASE


def open_ui(*, host: str | None, port: int | None, demo: bool) -> None:
    """Run Dagster's UI and daemon on this warehouse until interrupted."""
    from assets.instance import bring_partitions_up_to_date, open_instance
    from warehouse.policies import activate_shipped

    place = place_of(demo=demo)
    if not place.house.exists() and not demo:
        hint = "; the demo's is opened with `claimgate --demo ui`" if DEMO_DATABASE.exists() else ""
        err().print(f"No warehouse at {place.location.database} yet{hint}; opening an empty one.", soft_wrap=True)
    export(place)
    activate_shipped(place.house, recorded_at=datetime.now(UTC))
    with open_instance(place.location) as instance:
        bring_partitions_up_to_date(instance, place.house)
    address = host or place.settings.ui_host
    number = _free_port(address, place.settings.ui_port if port is None else port)
    err().print(f"Dagster's UI: http://{address}:{number}/   (Ctrl-C ends it)")
    command = [sys.executable, "-m", "dagster", "dev", "-w", str(CHECKOUT / "workspace.yaml")]
    environment = {
        **os.environ,
        # Dagster recommends another command, whose project layout is not ours.
        "PYTHONWARNINGS": "ignore:Function `dev_command` is superseded",
        "DAGSTER_HOME": str(place.location.dagster_home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [*command, "-h", address, "-p", str(number), "--log-level", "warning"],
        cwd=place.location.dagster_home,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise Failure(f"Dagster's UI ended with code {done.returncode}; its messages stand above.")


def serve_pages(*, host: str | None, port: int | None, demo: bool) -> None:
    """Serve the published pages until interrupted."""
    place = place_of(demo=demo)
    site = place.location.site
    if not (site / "index.html").exists():
        raise BadInput(f"No pages have been published to {site} yet: `claimgate run FILE` publishes them.")
    address = host or place.settings.ui_host
    handler = functools.partial(_QuietHandler, directory=str(site))
    try:
        server = ThreadingHTTPServer((address, place.settings.serve_port if port is None else port), handler)
    except OSError as problem:
        raise Failure(f"Cannot listen on {address}: {problem.strerror}. Give another --port, or 0.") from problem
    with server:
        err().print(f"Pages: http://{address}:{server.server_port}/   (Ctrl-C ends it)")
        server.serve_forever()


class _QuietHandler(SimpleHTTPRequestHandler):
    """Serves files; says nothing of each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: who reads which record is nobody's business."""


def _free_port(address: str, wanted: int) -> int:
    """`wanted` when it is free, any free one for 0. Raises Failure when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, wanted))
        except OSError as problem:
            raise Failure(
                f"Port {wanted} on {address} is taken; give another --port, or 0 for a free one."
            ) from problem
        return int(probe.getsockname()[1])
