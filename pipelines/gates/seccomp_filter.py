"""The system-call filter of the sandbox: a classic BPF program, assembled here.

Belongs here: which calls are refused, per architecture, and the assembler. Does not belong here: how the
program reaches the kernel (`bubblewrap`). The list follows Docker's default profile, and goes further
where a computation has no use for a call: sockets other than UNIX and internet ones (a virtual machine's
host listens on AF_VSOCK, which no network namespace closes), typing into a terminal, unknown new calls.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Mapping
from dataclasses import dataclass

LAST_KNOWN = 466  # later calls are answered "no such call" until somebody has read what they do

_LOAD, _EQUAL, _AT_LEAST, _MORE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x25, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24  # offsets in struct seccomp_data
_KILL_PROCESS, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW* flag of clone
_SOCKETS = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
_TYPING = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
_PERSONALITY_ASKED = (0, 0xFFFFFFFF)  # the usual one, and the question which one is set
_X32 = 0x40000000

# Calls with the same number on every architecture.
_SINCE_424 = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "memfd_secret": 447,
    "process_mrelease": 448,
    "set_mempolicy_home_node": 450,
    "statmount": 457,
    "listmount": 458,
}
_X86_64 = {
    "ptrace": 101,
    "syslog": 103,
    "uselib": 134,
    "ustat": 136,
    "sysfs": 139,
    "vhangup": 153,
    "modify_ldt": 154,
    "pivot_root": 155,
    "_sysctl": 156,
    "adjtimex": 159,
    "chroot": 161,
    "acct": 163,
    "settimeofday": 164,
    "mount": 165,
    "umount2": 166,
    "swapon": 167,
    "swapoff": 168,
    "reboot": 169,
    "sethostname": 170,
    "setdomainname": 171,
    "iopl": 172,
    "ioperm": 173,
    "create_module": 174,
    "init_module": 175,
    "delete_module": 176,
    "get_kernel_syms": 177,
    "query_module": 178,
    "quotactl": 179,
    "nfsservctl": 180,
    "lookup_dcookie": 212,
    "clock_settime": 227,
    "mbind": 237,
    "set_mempolicy": 238,
    "get_mempolicy": 239,
    "kexec_load": 246,
    "add_key": 248,
    "request_key": 249,
    "keyctl": 250,
    "migrate_pages": 256,
    "unshare": 272,
    "vmsplice": 278,
    "move_pages": 279,
    "perf_event_open": 298,
    "fanotify_init": 300,
    "fanotify_mark": 301,
    "name_to_handle_at": 303,
    "open_by_handle_at": 304,
    "clock_adjtime": 305,
    "setns": 308,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "kcmp": 312,
    "finit_module": 313,
    "kexec_file_load": 320,
    "bpf": 321,
    "userfaultfd": 323,
}
_AARCH64 = {
    "lookup_dcookie": 18,
    "umount2": 39,
    "mount": 40,
    "pivot_root": 41,
    "nfsservctl": 42,
    "chroot": 51,
    "vhangup": 58,
    "quotactl": 60,
    "vmsplice": 75,
    "acct": 89,
    "unshare": 97,
    "kexec_load": 104,
    "init_module": 105,
    "delete_module": 106,
    "clock_settime": 112,
    "syslog": 116,
    "ptrace": 117,
    "reboot": 142,
    "sethostname": 161,
    "setdomainname": 162,
    "settimeofday": 170,
    "adjtimex": 171,
    "add_key": 217,
    "request_key": 218,
    "keyctl": 219,
    "swapon": 224,
    "swapoff": 225,
    "mbind": 235,
    "get_mempolicy": 236,
    "set_mempolicy": 237,
    "migrate_pages": 238,
    "move_pages": 239,
    "perf_event_open": 241,
    "fanotify_init": 262,
    "fanotify_mark": 263,
    "name_to_handle_at": 264,
    "open_by_handle_at": 265,
    "clock_adjtime": 266,
    "setns": 268,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "kcmp": 272,
    "finit_module": 273,
    "bpf": 280,
    "userfaultfd": 282,
    "kexec_file_load": 294,
}


@dataclass(frozen=True)
class Architecture:
    """The numbers that the filter needs of one kind of machine."""

    audit: int  # AUDIT_ARCH_*
    refused: Mapping[str, int]
    clone: int
    clone3: int
    socket: int
    socketpair: int
    ioctl: int
    personality: int
    x32: bool


ARCHITECTURES: Mapping[str, Architecture] = {
    "x86_64": Architecture(0xC000003E, {**_X86_64, **_SINCE_424}, 56, 435, 41, 53, 16, 135, x32=True),
    "aarch64": Architecture(0xC00000B7, {**_AARCH64, **_SINCE_424}, 220, 435, 198, 199, 29, 92, x32=False),
}


@dataclass(frozen=True)
class _Step:
    """One instruction. `yes` and `no` name labels; empty: the next instruction."""

    code: int
    value: int
    yes: str = ""
    no: str = ""
    label: str = ""


def program(architecture: Architecture) -> bytes:
    """The filter in the form that the kernel takes: an array of struct sock_filter."""
    return assemble(_steps(architecture))


def assemble(steps: list[_Step]) -> bytes:
    places = {step.label: index for index, step in enumerate(steps) if step.label}

    def distance(label: str, index: int) -> int:
        away = places[label] - index - 1 if label else 0
        if not 0 <= away <= 255:
            raise ValueError(f"the filter jumps {away} instructions to {label}")
        return away

    return b"".join(
        struct.pack("<HBBI", step.code, distance(step.yes, index), distance(step.no, index), step.value)
        for index, step in enumerate(steps)
    )


def _steps(architecture: Architecture) -> list[_Step]:
    special = {
        architecture.clone: "clone",
        architecture.socket: "socket",
        architecture.socketpair: "socket",
        architecture.ioctl: "ioctl",
        architecture.personality: "personality",
    }
    return [
        _Step(_LOAD, _ARCHITECTURE),
        _Step(_EQUAL, architecture.audit, no="kill"),
        _Step(_LOAD, _NUMBER),
        *([_Step(_AT_LEAST, _X32, yes="refuse")] if architecture.x32 else []),
        _Step(_MORE, LAST_KNOWN, yes="unknown"),
        _Step(_EQUAL, architecture.clone3, yes="unknown"),
        *(_Step(_EQUAL, number, yes="refuse") for number in sorted(architecture.refused.values())),
        *(_Step(_EQUAL, number, yes=label) for number, label in sorted(special.items())),
        _Step(_RETURN, _ALLOW),
        _Step(_LOAD, _FIRST_ARGUMENT, label="clone"),
        _Step(_ANY_BIT, _NEW_NAMESPACE, yes="refuse", no="allow"),
        _Step(_LOAD, _FIRST_ARGUMENT, label="socket"),
        *(_Step(_EQUAL, family, yes="allow") for family in _SOCKETS),
        _Step(_RETURN, _ERRNO | errno.EAFNOSUPPORT),
        _Step(_LOAD, _SECOND_ARGUMENT, label="ioctl"),
        *(_Step(_EQUAL, request, yes="refuse") for request in _TYPING),
        _Step(_RETURN, _ALLOW),
        _Step(_LOAD, _FIRST_ARGUMENT, label="personality"),
        *(_Step(_EQUAL, asked, yes="allow") for asked in _PERSONALITY_ASKED),
        _Step(_RETURN, _ERRNO | errno.EPERM, label="refuse"),
        _Step(_RETURN, _ALLOW, label="allow"),
        _Step(_RETURN, _ERRNO | errno.ENOSYS, label="unknown"),
        _Step(_RETURN, _KILL_PROCESS, label="kill"),
    ]
