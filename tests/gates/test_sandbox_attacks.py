"""Attacks on the real sandbox: each is contained, changes nothing of this machine and leaves nothing running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.gates.sandbox import SealedSandbox
from pipelines.gates.seal import Ending, Job, Limits, Ran
from tests.gates.sealed import SMALL, Outside, attack, left_over, lines, users_of_own_jobs

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def contained(sandbox: SealedSandbox) -> Iterator[None]:
    before = Outside.now()
    yield
    assert Outside.now() == before
    assert left_over(sandbox) == []


# --- refused: the script says what it tried and what stopped it ---------------------------------

REFUSED = {
    "a connection out": (
        "s = socket.socket(); s.settimeout(2)\ntried('tcp', lambda: s.connect(('192.0.2.1', 53)))",
        ["tcp ENETUNREACH"],
    ),
    "a datagram out": (
        "tried('udp', lambda: socket.socket(2, 2).sendto(b'x', ('192.0.2.1', 53)))",
        ["udp ENETUNREACH"],
    ),
    "a connection out by IPv6": (
        "tried('tcp6', lambda: socket.socket(10, 1).connect(('2001:db8::1', 53)))",
        ["tcp6 ENETUNREACH"],
    ),
    "sockets that no network namespace closes": (
        "for family in (40, 16, 17, 38): tried(family, lambda: socket.socket(family, socket.SOCK_STREAM))",
        ["40 EAFNOSUPPORT", "16 EAFNOSUPPORT", "17 EAFNOSUPPORT", "38 EAFNOSUPPORT"],
    ),
    "files of the machine": (
        "for path in ('/etc/shadow', '/etc/passwd', '/root', '/home', '/usr', '/bin/sh', '/sys', '/run', "
        f"{str(CHECKOUT)!r}, {str(Path.home())!r}, '/proc/1/root/etc/passwd', '/proc/1/cwd/../etc/passwd'):\n"
        "    tried('read', lambda: os.stat(path))",
        ["read ENOENT"] * 12,
    ),
    "a link out of the working folder": (
        "os.symlink('/etc/passwd', 'a'); os.symlink('/proc/1/root/etc/passwd', 'b'); os.symlink('../../etc', 'c')\n"
        "tried('a', lambda: open('a')); tried('b', lambda: open('b')); tried('c', lambda: os.listdir('c'))",
        ["a ENOENT", "b ENOENT", "c ENOENT"],
    ),
    "settings of the kernel": (
        "for path in ('/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sys/vm/drop_caches'):\n"
        "    tried('write', lambda: os.open(path, os.O_WRONLY))\n"
        "tried('sysrq', lambda: os.open('/proc/sysrq-trigger', os.O_WRONLY))",
        ["write EACCES"] * 3 + ["sysrq ENOENT"],
    ),
    "writing outside the working folder": (
        "for path in ('/x', '/job/x', '/job/attack.py', '/runtime/x', '/runtime/bin/x', '/lib/x', '/dev/x'):\n"
        "    tried('write', lambda: write(path))\n"
        "tried('proc', lambda: write('/proc/x')); tried('scratch', lambda: write('/scratch/x'))",
        [*["write EROFS"] * 7, "proc ENOENT", "scratch DONE None"],
    ),
    "changing what is read-only": (
        "tried('chmod', lambda: os.chmod('/job', 0o777)); tried('unlink', lambda: os.unlink('/job/attack.py'))\n"
        "tried('rename', lambda: os.rename('/runtime/bin', '/runtime/x'))",
        ["chmod EROFS", "unlink EROFS", "rename EROFS"],
    ),
    "tracing": (
        "tried('attach', lambda: call(101, 16, 1, 0, 0)); tried('traceme', lambda: call(101, 0, 0, 0, 0))\n"
        "tried('readv', lambda: call(310, 1, 0, 0, 0, 0, 0))",
        ["attach EPERM", "traceme EPERM", "readv EPERM"],
    ),
    "new namespaces and mounts": (
        "tried('unshare user', lambda: call(272, 0x10000000)); tried('unshare net', lambda: call(272, 0x40000000))\n"
        "tried('clone user', lambda: call(56, 0x10000011, 0, 0, 0, 0)); tried('clone3', lambda: call(435, 0, 0))\n"
        "tried('setns', lambda: call(308, 0, 0)); tried('mount', lambda: call(165, 0, 0, 0, 0, 0))\n"
        "tried('umount', lambda: call(166, b'/proc', 2)); tried('pivot_root', lambda: call(155, 0, 0))\n"
        "tried('chroot', lambda: os.chroot('/scratch')); tried('open_tree', lambda: call(428, 0, 0, 0))\n"
        "tried('fsopen', lambda: call(430, 0, 0)); tried('open_tree_attr', lambda: call(467, 0, 0, 0, 0, 0))",
        [
            *("unshare user EPERM", "unshare net EPERM", "clone user EPERM", "clone3 ENOSYS", "setns EPERM"),
            *("mount EPERM", "umount EPERM", "pivot_root EPERM", "chroot EPERM", "open_tree EPERM", "fsopen EPERM"),
            "open_tree_attr ENOSYS",
        ],
    ),
    "the kernel's wide doors": (
        "for number in (321, 298, 323, 425, 246, 313, 304, 303, 167, 169, 172, 163, 103, 227, 278, 438, 447):\n"
        "    tried('call', lambda: call(number, 0, 0, 0, 0, 0))\n"
        "tried('personality', lambda: call(135, 0x0040000))\n"
        "tried('x32', lambda: call(0x40000000 + 39))",
        ["call EPERM"] * 17 + ["personality EPERM", "x32 EPERM"],
    ),
    "keys": (
        "tried('add_key', lambda: call(248, b'user', b'x', b'y', 1, -3))\n"
        "tried('request_key', lambda: call(249, b'user', b'x', 0, 0)); tried('keyctl', lambda: call(250, 0, -3, 0))",
        ["add_key EPERM", "request_key EPERM", "keyctl EPERM"],
    ),
    "another user": (
        "tried('setuid', lambda: os.setuid(0)); tried('setgid', lambda: os.setgid(0))\n"
        "tried('setgroups', lambda: os.setgroups([0])); tried('chown', lambda: (write('f'), os.chown('f', 0, 0)))\n"
        "tried('map', lambda: os.write(os.open('/proc/self/uid_map', os.O_WRONLY), b'0 0 1'))",
        ["setuid EINVAL", "setgid EINVAL", "setgroups EPERM", "chown EINVAL", "map EPERM"],
    ),
    "the terminal": (
        "tried('tty', lambda: open('/dev/tty')); import fcntl\n"
        "tried('type', lambda: fcntl.ioctl(0, 0x5412, b'x')); tried('type', lambda: fcntl.ioctl(1, 0x541C, b'x'))\n"
        "print('stdin', sys.stdin.read() == '')",
        ["tty ENXIO", "type EPERM", "type EPERM", "stdin True"],
    ),
    "kernel memory and devices": (
        "tried('kmsg', lambda: open('/dev/kmsg')); tried('mem', lambda: open('/dev/mem'))\n"
        "tried('mknod', lambda: os.mknod('n', 0o60600, os.makedev(254, 0)))\n"
        "tried('kcore', lambda: open('/proc/kcore'))",
        ["kmsg ENOENT", "mem ENOENT", "mknod EPERM", "kcore ENOENT"],
    ),
}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of these calls are those of x86_64")
@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(sandbox: SealedSandbox, name: str) -> None:
    script, must = REFUSED[name]
    ran = attack(sandbox, script)
    assert lines(ran) == must, ran.stderr.decode()
    assert ran.succeeded


def test_names_are_not_resolved(sandbox: SealedSandbox) -> None:
    ran = attack(sandbox, "try: socket.gethostbyname('example.org')\nexcept socket.gaierror: print('no answer')")
    assert lines(ran) == ["no answer"]


def test_a_service_of_this_machine_is_not_heard(sandbox: SealedSandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ran = attack(sandbox, f"tried('host', lambda: socket.create_connection(('127.0.0.1', {port}), 2))")
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()
    assert lines(ran) == ["host ECONNREFUSED"]


def test_an_abstract_socket_of_this_machine_is_not_heard(sandbox: SealedSandbox) -> None:
    name = f"\0claimgate-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        ran = attack(sandbox, f"tried('abstract', lambda: socket.socket(socket.AF_UNIX).connect({name!r}))")
    assert lines(ran) == ["abstract ECONNREFUSED"]


def test_processes_of_this_machine_are_neither_seen_nor_signalled(sandbox: SealedSandbox) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        ran = attack(
            sandbox,
            "print(sorted(int(one) for one in os.listdir('/proc') if one.isdigit()))\n"
            f"tried('kill', lambda: os.kill({bystander.pid}, 9)); tried('kill', lambda: os.kill({os.getpid()}, 9))",
        )
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
    assert lines(ran) == ["[1, 2]", "kill ESRCH", "kill ESRCH"]


def test_killing_all_it_can_kills_only_itself(sandbox: SealedSandbox) -> None:
    ran = attack(sandbox, "tried('all', lambda: os.kill(-1, 9)); os.kill(os.getpid(), 9)")
    assert (ran.ending, ran.signal) == (Ending.SIGNALLED, signal.SIGKILL)


def test_a_set_user_bit_gives_nothing(sandbox: SealedSandbox) -> None:
    ran = attack(
        sandbox,
        "import shutil, subprocess\nshutil.copy(sys.executable, 'copy'); os.chmod('copy', 0o6755)\n"
        "print(subprocess.run(['./copy', '-S', '-c', 'import os; print(os.getresuid(), os.getresgid())'],"
        " env={'PYTHONHOME': '/runtime'}, capture_output=True, text=True))",
        SMALL.model_copy(update={"file_bytes": 64 << 20, "scratch_bytes": 64 << 20}),
    )
    assert "(65534, 65534, 65534) (65534, 65534, 65534)" in ran.stdout.decode(), ran.stderr.decode()


def test_a_call_in_the_32_bit_form_kills(sandbox: SealedSandbox) -> None:
    if os.uname().machine != "x86_64":
        pytest.skip("only x86_64 has the 32-bit form")
    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # mov eax, 20 (getpid); int 0x80; ret
    ran = attack(
        sandbox,
        f"import mmap\nm = mmap.mmap(-1, 4096, prot=7); m.write({code!r})\n"
        "at = ctypes.addressof(ctypes.c_char.from_buffer(m))\nprint('ESCAPED', ctypes.CFUNCTYPE(ctypes.c_int)(at)())",
    )
    assert (ran.ending, ran.signal, ran.stdout) == (Ending.SIGNALLED, signal.SIGSYS, b"")


def test_the_first_process_inside_is_as_bound_as_the_job(sandbox: SealedSandbox) -> None:
    """A job may write into its memory, since both are the same user: so it must have nothing to win."""
    ran = attack(
        sandbox, "print(*[l for l in open('/proc/1/status') if l[:6] in ('CapPrm', 'CapBnd', 'NoNewP', 'Seccom')])"
    )
    assert " ".join(ran.stdout.decode().split()) == (
        "CapPrm: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1 Seccomp: 2 Seccomp_filters: 1"
    )


# --- the two holes of the first sandbox that was tried ------------------------------------------


def test_root_is_left_before_the_sandbox_begins_and_kernel_settings_are_covered(sandbox: SealedSandbox) -> None:
    """A sandbox begun by root was root for the files of the machine, and could write core_pattern."""
    script = (
        "print(os.access('/proc/sys/kernel/core_pattern', os.W_OK), *open('/proc/self/uid_map').read().split())\n"
        "mounts = [line.split() for line in open('/proc/self/mountinfo')]\n"
        "print([mount[5].split(',')[0] for mount in mounts if mount[4] == '/proc/sys'], flush=True)\n"
        "import time; time.sleep(0.5)"
    )
    seen: list[Ran] = []
    runner = threading.Thread(target=lambda: seen.append(attack(sandbox, script)))
    runner.start()
    users: set[int] = set()
    while runner.is_alive():
        users |= users_of_own_jobs()
    runner.join()
    answer, mounts = lines(seen[0])
    assert answer.startswith("False 65534 ")
    assert mounts == "['ro']"
    assert users == {sandbox.seal.uid}
    assert sandbox.seal.uid != 0


def test_shared_memory_is_bounded_by_its_own_size(sandbox: SealedSandbox) -> None:
    """With bubblewrap's plain /dev it was as large as half the machine's memory."""
    ran = attack(
        sandbox, "s = os.statvfs('/dev/shm'); print(s.f_blocks * s.f_frsize)\ntried('dev', lambda: write('/dev/x'))"
    )
    assert lines(ran) == [str(SMALL.scratch_bytes), "dev EROFS"]


# --- bombs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "ending"),
    [
        ("while True: pass", Ending.CPU_TIME),
        ("import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", Ending.CPU_TIME),
        ("for _ in range(3): os.fork()\nwhile True: pass", Ending.CPU_TIME),
        ("import time; time.sleep(60)", Ending.WALL_CLOCK),
        ("os.close(1); os.close(2)\nimport time; time.sleep(60)", Ending.WALL_CLOCK),
        ("import signal\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\nsignal.pause()", Ending.WALL_CLOCK),
        ("x = []\nwhile True: x.append(bytearray(10 << 20))", Ending.MEMORY),
        ("while True: print('A' * 1000)", Ending.OUTPUT),
        ("while True: print('A' * 1000, file=sys.stderr)", Ending.OUTPUT),
    ],
)
def test_a_bomb_ends_by_the_bound_it_meets(sandbox: SealedSandbox, script: str, ending: Ending) -> None:
    if ending is Ending.MEMORY and sandbox.seal.level < 2:
        pytest.skip("without a cgroup the kernel refuses memory instead of killing")
    limits = SMALL.model_copy(update={"wall_s": 1.0 if ending is Ending.WALL_CLOCK else 15.0, "cpu_s": 1})
    ran = attack(sandbox, script, limits)
    assert ran.ending is ending
    assert not ran.succeeded
    assert max(len(ran.stdout), len(ran.stderr)) <= SMALL.output_bytes


def test_a_flood_keeps_exactly_what_is_allowed(sandbox: SealedSandbox) -> None:
    ran = attack(sandbox, "while True: os.write(1, b'A' * 999)", SMALL.model_copy(update={"output_bytes": 5000}))
    assert (ran.ending, ran.stdout, ran.stderr) == (Ending.OUTPUT, b"A" * 5000, b"")


def test_a_fork_bomb_meets_the_bound_of_processes(sandbox: SealedSandbox) -> None:
    ran = attack(
        sandbox,
        "import time\nn = 1\nwhile True:\n    try:\n        if os.fork() == 0: time.sleep(60)\n        n += 1\n"
        "    except OSError as problem:\n        print(n, errno.errorcode[problem.errno], flush=True)\n        break\n",
    )
    assert lines(ran) == [f"{SMALL.processes} EAGAIN"]
    assert ran.succeeded


def test_a_fork_bomb_that_goes_on_is_ended(sandbox: SealedSandbox) -> None:
    ran = attack(sandbox, "while True:\n    try: os.fork()\n    except OSError: pass", Limits(wall_s=2, processes=16))
    assert ran.ending in {Ending.WALL_CLOCK, Ending.CPU_TIME}


@pytest.mark.parametrize("folder", ["/scratch", "/dev/shm"])
def test_disk_and_shared_memory_are_full_at_their_size(sandbox: SealedSandbox, folder: str) -> None:
    ran = attack(
        sandbox,
        "n = 0\ntry:\n    for i in range(99):\n"
        f"        with open(f'{folder}/{{i}}', 'wb', 0) as f: n += f.write(bytes(1 << 20))\n"
        "except OSError as problem: print(n >> 20, errno.errorcode[problem.errno])",
    )
    assert lines(ran) == ["16 ENOSPC"]


def test_a_file_ends_at_its_size(sandbox: SealedSandbox) -> None:
    ran = attack(
        sandbox,
        "n = 0\nwith open('f', 'wb', 0) as f:\n    try:\n        while True: n += f.write(bytes(1 << 20))\n"
        "    except OSError as problem: print(n >> 20, errno.errorcode[problem.errno])",
    )
    assert lines(ran) == ["8 EFBIG"]


def test_a_million_files_end_within_the_bounds(sandbox: SealedSandbox) -> None:
    """bubblewrap cannot cap inodes: the memory of the cgroup does, or else the processor's time."""
    limits = SMALL.model_copy(update={"memory_bytes": 64 << 20, "cpu_s": 4, "wall_s": 30})
    ran = attack(sandbox, "for i in range(1_000_000): os.close(os.open(str(i), os.O_CREAT | os.O_WRONLY))", limits)
    bounds = {Ending.MEMORY} if sandbox.seal.level == 2 else {Ending.CPU_TIME, Ending.WALL_CLOCK}
    assert ran.ending in bounds


@pytest.mark.parametrize(
    "script",
    [
        "import mmap\nx = []\nwhile True:\n    fd = os.memfd_create('x'); os.write(fd, bytes(4 << 20)); x.append(fd)",
        "while True:\n    i = call(29, 0, 1 << 24, 0o1600)\n    libc.shmat.restype = ctypes.c_void_p\n"
        "    ctypes.memset(libc.shmat(i, 0, 0), 1, 1 << 24)",
    ],
    ids=["memory files", "System V"],
)
def test_memory_that_belongs_to_no_process_is_counted(sandbox: SealedSandbox, script: str) -> None:
    if sandbox.seal.level < 2:
        pytest.skip("only a cgroup counts it")
    assert attack(sandbox, script).ending is Ending.MEMORY


def test_a_daemon_dies_with_the_job(sandbox: SealedSandbox) -> None:
    ran = attack(
        sandbox,
        "import time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(300)\n    os._exit(0)\n"
        "print('parent done')",
    )
    assert (ran.succeeded, lines(ran)) == (True, ["parent done"])
    assert ran.wall_s < SMALL.wall_s


def test_a_crash_leaves_no_core_file(sandbox: SealedSandbox) -> None:
    ran = attack(sandbox, "import resource\nprint(resource.getrlimit(resource.RLIMIT_CORE), flush=True)\nos.abort()")
    assert (ran.ending, ran.signal, lines(ran)) == (Ending.SIGNALLED, signal.SIGABRT, ["(0, 0)"])


# --- leaks --------------------------------------------------------------------------------------


def test_the_environment_is_the_same_for_everyone(sandbox: SealedSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMGATE_MODEL_KEY", "secret")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    ran = attack(sandbox, "for name in sorted(os.environ): print(name, os.environ[name])\nprint(os.uname().nodename)")
    assert lines(ran) == [
        "HOME /scratch",
        "LC_ALL C.UTF-8",
        "MKL_NUM_THREADS 1",
        "OMP_NUM_THREADS 1",
        "OPENBLAS_NUM_THREADS 1",
        "PATH /runtime/bin",
        "PWD /scratch",
        "PYTHONHASHSEED 0",
        "SOURCE_DATE_EPOCH 315532800",
        "TMPDIR /scratch",
        "TZ UTC",
        "sandbox",
    ]


def test_no_descriptor_is_inherited(sandbox: SealedSandbox) -> None:
    reading, writing = os.pipe()
    try:
        for descriptor in (reading, writing):
            os.set_inheritable(descriptor, True)
        ran = attack(
            sandbox,
            "places = [(n, f'/proc/self/fd/{n}') for n in range(256)]\n"
            "print([(n, os.readlink(p).split(':')[0]) for n, p in places if os.path.lexists(p)])",
        )
    finally:
        os.close(reading)
        os.close(writing)
    assert lines(ran) == ["[(0, '/dev/null'), (1, 'pipe'), (2, 'pipe')]"]


def test_nothing_of_the_claim_is_visible_anywhere(sandbox: SealedSandbox) -> None:
    """Everything a job can read is searched: files but the runtime's, and each process's words and environment.

    What it does learn: /proc/self/mountinfo names the folders of this machine behind /job and /runtime.
    """
    ran = attack(
        sandbox,
        """
needle = "ex" + "pected 0.8125"
found, seen = [], 0
for here, folders, files in os.walk("/"):
    folders[:] = [one for one in folders if os.path.join(here, one) not in ("/runtime", "/proc")]
    for file in files:
        seen += 1
        path = os.path.join(here, file)
        if os.path.isfile(path) and needle.encode() in open(path, "rb").read(): found.append(path)
for process in [one for one in os.listdir("/proc") if one.isdigit()]:
    for name in ("cmdline", "environ", "mountinfo", "status"):
        try: data = open(f"/proc/{process}/{name}", "rb").read()
        except OSError: continue
        seen += 1
        if needle.encode() in data or b"artifact.toml" in data or b"SECRET" in data: found.append((process, name))
print(open("/proc/1/cmdline").read().split(chr(0)))
print(found, seen > 8)
""",
        files={"data/input.csv": b"1,2\n"},
    )
    words, searched = lines(ran)
    assert searched == "[] True"
    assert str(sandbox.folders.jobs) not in words


def test_what_a_job_writes_is_gone_for_the_next(sandbox: SealedSandbox) -> None:
    attack(sandbox, "write('/scratch/kept'); write('/dev/shm/kept')")
    ran = attack(sandbox, "print(os.listdir('/scratch'), os.listdir('/dev/shm'))")
    assert lines(ran) == ["[] []"]


def test_two_jobs_at_once_do_not_meet(sandbox: SealedSandbox) -> None:
    seen: list[list[str]] = []

    def run() -> None:
        seen.append(lines(attack(sandbox, "import time; time.sleep(0.3)\nprint(os.listdir('/job'), os.getpid())")))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [["['attack.py'] 2"]] * 2


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x", "a//b", "./a", "", "a\0b", "a/"])
def test_a_file_that_leaves_the_folder_of_the_job_is_refused(sandbox: SealedSandbox, path: str) -> None:
    with pytest.raises(ValueError, match="no path within"):
        sandbox.run(Job(script="a.py", files={"a.py": b"", path: b""}))
