#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Load the module, use it and unload it, so often; prints "done" for each time.

    tests/torture/cycles.py FOLDER FIRST LAST

FOLDER has the modules.  Every tenth time with the whole load of
syncmap_torture, the others with a map or two of userspace's that are there to
the end.  In one process: in a debug kernel, a process costs more than a cycle.
"""
import ctypes
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'guest'))
import genl  # pylint: disable=wrong-import-position

NR_DELETE_MODULE, NR_FINIT_MODULE = 176, 313
LOADED_ONE_IN = 10

libc = ctypes.CDLL(None, use_errno=True)
spec = genl.Spec()


def check(result, what):
    if result:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), what)


def insmod(path, parameters=b''):
    with open(path, 'rb') as file:
        check(libc.syscall(NR_FINIT_MODULE, file.fileno(), parameters, 0), path)


def rmmod(name):
    check(libc.syscall(NR_DELETE_MODULE, name.encode(), os.O_NONBLOCK), name)


def use():
    """Two maps, one of them resharded, both left to the module's end."""
    client = genl.Client(spec)
    client.do('map-new', {'name': 'a'})
    client.do('map-new', {'name': 'b', 'policy': 'classic'})
    client.do('entry-set', {'map-name': 'a', 'entry': [{'key': 'k', 'value': 'v'}, {'key': 'l', 'value': 'w'}]})
    client.do('reshard', {'name': 'a', 'shards': 16})
    client.do('entry-del', {'map-name': 'a', 'entry': [{'key': 'k'}]})
    client.close()


def cycle(folder, loaded):
    insmod(os.path.join(folder, 'syncmap.ko'))
    if loaded:
        insmod(os.path.join(folder, 'syncmap_torture.ko'), b'threads=2')
        rmmod('syncmap_torture')
    use()
    rmmod('syncmap')


def main():
    folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for number in range(first, last + 1):
        cycle(folder, number % LOADED_ONE_IN == 0)
        print('done', flush=True)


if __name__ == '__main__':
    main()
