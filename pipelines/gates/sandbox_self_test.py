"""What a sandbox is tested for at opening, from within.

Belongs here: the probes, and what each must answer. A probe is run by the sealed Python; a missing answer
is a failure like a wrong one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

SELF_TEST = """
import json, os, socket

def refused(action):
    try:
        action()
    except OSError:
        return True
    return False

def connect():
    with socket.socket() as tried:
        tried.settimeout(0.5)
        tried.connect(("192.0.2.1", 9))

def write(path):
    with open(path, "r+" if os.path.isfile(path) else "w"):
        pass

status = dict(line.split(":", 1) for line in open("/proc/self/status"))
shared = os.statvfs("/dev/shm")
print(json.dumps({
    "root": sorted(os.listdir("/")),
    "interfaces": sorted(line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line),
    "network refused": refused(connect),
    "strange sockets refused": refused(lambda: socket.socket(40, socket.SOCK_STREAM)),
    "writes refused": [p for p in ("/x", "/job/x", "/runtime/x", "/dev/x", "/lib/x") if not refused(lambda: write(p))],
    "kernel settings closed": refused(lambda: write("/proc/sys/kernel/core_pattern")),
    "user": [os.getuid(), os.geteuid(), os.getgid(), os.getegid()],
    "groups": os.getgroups(),
    "capabilities": [int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    "no new privileges": int(status["NoNewPrivs"]),
    "filter": int(status["Seccomp"]),
    "processes": sorted(int(one) for one in os.listdir("/proc") if one.isdigit()),
    "shared memory": shared.f_blocks * shared.f_frsize,
}))
"""


def failed_probes(output: bytes, *, scratch: str, shared_memory: int, dropped: bool) -> list[str]:
    """The names of the probes that did not answer as they must."""
    try:
        answers = json.loads(output)
    except ValueError:
        answers = None
    if not isinstance(answers, dict):
        return ["any answer"]
    must: Mapping[str, object] = {
        "root": sorted(("dev", "job", "lib", "lib64", "proc", "runtime", scratch)),
        "interfaces": ["lo"],
        "network refused": True,
        "strange sockets refused": True,
        "writes refused": [],
        "kernel settings closed": True,
        "user": [65534] * 4,
        "capabilities": [0] * 5,
        "no new privileges": 1,
        "filter": 2,
        "processes": [1, 2],
    }
    wrong = [name for name, value in must.items() if answers.get(name) != value]
    size = answers.get("shared memory")
    if not isinstance(size, int) or size > shared_memory:
        wrong.append("shared memory")
    if dropped and answers.get("groups") != []:
        wrong.append("groups")
    return wrong
