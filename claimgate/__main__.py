"""The console script. Checks first that the floors below are this checkout's own."""

from __future__ import annotations

import sys

from claimgate.guard import foreign_floor


def main() -> None:
    """Run the command line; exit 2 where a floor is not this checkout's."""
    problem = foreign_floor()
    if problem is not None:
        sys.stderr.write(problem + "\n")
        raise SystemExit(2)
    from claimgate.app import run_app

    run_app()


if __name__ == "__main__":
    main()
