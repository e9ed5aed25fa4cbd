"""The small trusted program between us and bubblewrap: joins the cgroup, sets limits, drops the user, becomes it.

Run as `python -I -S seal_launcher.py USER GROUPS LIMITS PROGRAM ARGUMENT...`, never imported: it must not
load anything of claimgate. USER is a number or empty, GROUPS the `cgroup.procs` files with `:` between,
LIMITS `resource:soft:hard` with `,` between. Whoever is killed, and when, what was started is bounded.
"""

import os
import resource
import sys


def main(user: str, groups: str, limits: str, program: str, *arguments: str) -> None:
    for file in groups.split(":") if groups else ():
        with open(file, "w") as procs:
            procs.write("0")
    for bound in limits.split(","):
        kind, soft, hard = (int(part) for part in bound.split(":"))
        highest = resource.getrlimit(kind)[1]
        if highest != resource.RLIM_INFINITY:
            soft, hard = min(soft, highest), min(hard, highest)
        resource.setrlimit(kind, (soft, hard))
    if user:
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))
    if 0 in os.getresuid():
        sys.exit("nothing is started as root")
    os.execv(program, [program, *arguments])  # noqa: S606  bubblewrap, found by us


main(*sys.argv[1:])
