# SPDX-License-Identifier: GPL-2.0
"""BPF maps by the bpf(2) system call."""
import ctypes
import os
import struct

SYS_BPF = 321           # x86-64
BPF_MAP_CREATE = 0
# type and flags: BPF_MAP_TYPE_HASH as it comes; BPF_MAP_TYPE_RHASH exists without preallocation only
TYPES = {'bpf-hash': (1, 0), 'bpf-rhash': (35, 1)}


def create(name, entries, key_size=8, value_size=8):
    """A map's file descriptor."""
    kind, flags = TYPES[name]
    attr = struct.pack('=IIIII', kind, key_size, value_size, entries, flags).ljust(128, b'\0')
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.syscall(SYS_BPF, BPF_MAP_CREATE, attr, len(attr))
    if fd < 0:
        error = ctypes.get_errno()
        raise OSError(error, f'{name} of {entries} entries: {os.strerror(error)}')
    return fd
