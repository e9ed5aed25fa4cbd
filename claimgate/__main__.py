"""The console script. Checks first that the floors below are this checkout's own."""

from __future__ import annotations

import gc
import sys

from claimgate.guard import foreign_floor


def main() -> None:
    """Run the command line; exit 2 where a floor is not this checkout's."""
    problem = foreign_floor()
    if problem is not None:
        sys.stderr.write(problem + "\n")
        raise SystemExit(2)
    # Starting makes half a million objects that stay. By its default the collector would look through them again
    # for every few hundred more, which takes a tenth of a run.
    gc.set_threshold(50_000, 20, 50)
    from claimgate.app import run_app

    run_app()


if __name__ == "__main__":
    main()
