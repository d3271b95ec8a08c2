#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Seeds for fuzz_answers: what a kernel could well say, as kmod/syncmap.yaml has it.

    tests/fuzz/seeds.py FOLDER

Also turns the *.hex of corpus/ into the bytes that they stand for, in
FOLDER/NAME/; there a line after # is a comment.
"""
import glob
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'guest'))
from genl import NLM_F_ACK_TLVS, NLM_F_CAPPED, NLM_F_DUMP_INTR, NLMSG_DONE, NLMSG_ERROR, Spec, attr  # noqa: E402

# as fuzz_answers.c and kernel.h have them
ASK_MAP, ASK_MAPS, ASK_STATS, ASK_DUMP, ASK_GET, ASK_SET, HEAR = range(7)
FAMILY = 32
NLM_F_MULTI = 2


def message(kind, flags, payload):
    return struct.pack('=IHHII', 16 + len(payload), kind, flags, 0, 0) + payload


def error(number, tlvs=b''):
    flags = NLM_F_CAPPED | (NLM_F_ACK_TLVS if tlvs else 0)
    return message(NLMSG_ERROR, flags, struct.pack('=iIHHII', -number, 16, FAMILY, 0, 0, 0) + tlvs)


def done(number=0, tlvs=b''):
    return message(NLMSG_DONE, NLM_F_MULTI | (NLM_F_ACK_TLVS if tlvs else 0), struct.pack('=i', -number) + tlvs)


def number(kind, value):
    return attr(kind, struct.pack('=I', value))


def answer(spec, command, values, flags=0):
    value, form = spec.by_name[command]
    return message(FAMILY, flags, struct.pack('=BBH', value, 1, 0) + spec.encode(spec.set_of(form), values))


def seed(ask, *datagrams):
    return bytes([ask]) + b''.join(struct.pack('<H', len(d)) + d for d in datagrams)


def seeds(spec):
    a_map = {'id': 7, 'name': 'words', 'policy': 1, 'shards': 4, 'shards-auto': True, 'key-size': 8, 'value-size': 4,
             'align': 1, 'max-entries': 10, 'max-bytes': 1 << 40, 'entries': 3, 'bytes': 4096, 'owner': 'mod',
             'resharding': True, 'reshard-error': 12}
    found = [{'key': 'key', 'value': 'value', 'status': 1}, {'key': 'k', 'status': 0}]
    counters = {'map-id': 7, 'map-name': 'words', 'time': 5, 'shards': 4, 'entries': 3,
                'counters': {'hits': 1, 'absents': 2, 'inserts': 3}}
    event = {'map-id': 7, 'map-name': 'words', 'time': 5, 'count': 2, 'copied-entries': 9, 'lost': 1}
    text = attr(1, b'no\0')
    multi = NLM_F_MULTI
    yield 'map', seed(ASK_MAP, answer(spec, 'map-get', a_map), error(0))
    yield 'refused', seed(ASK_MAP, error(2, text + number(2, 20)))
    yield 'missing', seed(ASK_SET, error(22, text + number(5, 2) + number(6, 40)))
    policy = attr(4 | 0x8000, attr(8, struct.pack('=I', 4096)) + attr(7, struct.pack('=I', 1)))
    yield 'policy', seed(ASK_SET, error(34, text + number(2, 44) + policy))
    yield 'maps', seed(ASK_MAPS, answer(spec, 'map-get', a_map, multi) + answer(spec, 'map-get', a_map, multi), done())
    yield 'stats', seed(ASK_STATS, answer(spec, 'stats-get', counters, multi | NLM_F_DUMP_INTR), done())
    yield 'dump', seed(ASK_DUMP, answer(spec, 'entry-get', {'map-id': 7, 'entry': found, 'cursor': '16*c'}, multi), done())
    yield 'dump-ends', seed(ASK_DUMP, done(2, text))
    yield 'get', seed(ASK_GET, answer(spec, 'entry-get', {'map-id': 7, 'entry': found}), error(0))
    yield 'set', seed(ASK_SET, answer(spec, 'entry-set', {'applied': 2, 'failed': 2, 'error': 28, 'entry': found}), error(0))
    for name in [n for n in spec.by_name if n.endswith('-ntf')]:
        values = a_map if 'notify' in spec.by_name[name][1] else event
        yield name, seed(HEAR, answer(spec, name, values))


def bytes_of(path):
    with open(path, encoding='utf-8') as file:
        return bytes.fromhex(''.join(line.split('#')[0] for line in file))


def write(folder, name, data):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), 'wb') as file:
        file.write(data)


def main():
    folder = sys.argv[1]
    for name, data in seeds(Spec()):
        write(os.path.join(folder, 'answers'), name, data)
    for path in glob.glob(os.path.join(HERE, 'corpus', '*', '*.hex')):
        target = os.path.basename(os.path.dirname(path))
        write(os.path.join(folder, target), os.path.basename(path)[:-4], bytes_of(path))


if __name__ == '__main__':
    main()
