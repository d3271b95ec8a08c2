#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What netlink.bats asks that takes a program: netlink_cases.py CASE."""
import errno
import os
import random
import struct
import subprocess
import sys
import time

from genl import (NLA_F_NESTED, NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR, NLMSG_ERROR, Client,
                  Refusal, Socket, attr)

BATCH = 1000
LARGE = 'x' * 4096


def expect(condition, *what):
    if not condition:
        sys.exit('netlink_cases.py: ' + ' '.join(map(str, what)))


def refusal(call, *args):
    """What the kernel says against a call."""
    try:
        call(*args)
    except Refusal as refused:
        return refused
    return sys.exit('netlink_cases.py: not refused: %s' % (args,))


def fill(client, name, keys, value=None):
    """Store keys, each with itself as its value unless told."""
    for i in range(0, len(keys), BATCH):
        entries = [{'key': k, 'value': k if value is None else value} for k in keys[i:i + BATCH]]
        reply = client.do('entry-set', {'map-name': name, 'entry': entries})
        expect(reply['applied'] == len(entries), reply)


def load(client, name, keys):
    for i in range(0, len(keys), BATCH):
        client.do('entry-get', {'map-name': name, 'entry': [{'key': k} for k in keys[i:i + BATCH]]})


def keys_of(count, prefix='key'):
    return ['%s%u' % (prefix, i) for i in range(count)]


def new_map(client, **values):
    return client.do('map-new', {'name': 'a', **values})


def counters(client, name='a'):
    return client.do('stats-get', {'map-name': name})['counters']


# Events

def promote_and_copy(client, rounds):
    """Each round inserts a key, which begins a dirty table, and asks for absent ones until it is promoted."""
    for i in range(rounds):
        before = counters(client)['promotions']
        client.do('entry-set', {'map-name': 'a', 'entry': {'key': 'r%u' % i, 'value': ''}})
        while counters(client)['promotions'] == before:
            load(client, 'a', ['none'])


def collect(client, want):
    """Events of map a until they stand for what want says; their sums, and how many messages there were."""
    sums, messages = {'promotion-ntf': 0, 'dirty-copy-ntf': 0, 'copied-entries': 0}, 0
    while sums != want:
        event = client.event()
        expect(event, 'only', sums, 'of', want)
        name, values = event
        if name not in sums:
            continue
        messages += 1
        expect(values['map-name'] == 'a' and values['count'] > 0 and values['time'] > 0, values)
        expect('lost' not in values, values)
        sums[name] += values['count']
        sums['copied-entries'] += values.get('copied-entries', 0)
    return messages


def events_are_counted(client):
    new_map(client, policy='classic')
    client.join()
    promote_and_copy(client, 12)
    now = counters(client)
    expect(now['promotions'] == 12 and now['dirty-copies'] == 12, now)
    expect(now['copied-entries'] > 0, now)
    collect(client, {'promotion-ntf': 12, 'dirty-copy-ntf': 12, 'copied-entries': now['copied-entries']})


def events_are_limited(client):
    new_map(client, shards=64)
    client.join()
    begin = time.monotonic()
    for i in range(4):
        fill(client, 'a', keys_of(600, 'storm%u-' % i))
        load(client, 'a', keys_of(4000, 'none'))
    now = counters(client)
    messages = collect(client, {'promotion-ntf': now['promotions'], 'dirty-copy-ntf': now['dirty-copies'],
                                'copied-entries': 0})
    periods = (time.monotonic() - begin) / 0.1
    expect(messages <= 2 * (periods + 1), messages, 'messages in', periods, 'periods')
    expect(now['promotions'] > 100, 'no storm:', now)
    expect(messages < now['promotions'], messages, 'messages for', now['promotions'], 'promotions')


def events_unheard(client):
    new_map(client, policy='classic')
    promote_and_copy(client, 3)
    client.join()
    event = client.event(0.3)
    expect(not event, 'told of what was before:', event)


def events_end_with_map(client):
    new_map(client, policy='classic')
    client.join()
    promote_and_copy(client, 1)
    client.do('map-del', {'name': 'a'})
    names = [client.event()[0] for _ in range(3)]
    expect(sorted(names[:2]) == ['dirty-copy-ntf', 'promotion-ntf'] and names[2] == 'map-del-ntf', names)


# Many entries in a request

def batch_is_bounded(client):
    new_map(client)
    keys = keys_of(6000)
    entries = [{'key': k, 'value': ''} for k in keys]
    refused = refusal(client.do, 'entry-set', {'map-name': 'a', 'entry': entries})
    expect(refused.errno == errno.EMSGSIZE and refused.offset, refused, refused.errno)
    expect(client.do('map-get', {'name': 'a'})['entries'] == 0, 'something was stored')
    reply = client.do('entry-set', {'map-name': 'a', 'entry': entries[:5000]})
    expect(reply['applied'] == 5000 and len(reply['entry']) == 5000, reply['applied'])


def values_are_bounded(client):
    new_map(client)
    keys = keys_of(40)
    fill(client, 'a', keys, LARGE)
    left, requests = keys, 0
    while left:
        entries = [{'key': k, 'value': k, 'op': 'swap'} for k in left]
        reply = client.do('entry-set', {'map-name': 'a', 'entry': entries})
        applied = reply['applied']
        expect(0 < applied == len(reply['entry']) < 16, reply)
        expect(all(e == {'status': 'replaced', 'value': LARGE} for e in reply['entry']), 'other values')
        if applied < len(left):
            expect(reply['failed'] == applied and reply['error'] == errno.EMSGSIZE, reply)
            still = client.do('entry-get', {'map-name': 'a', 'entry': {'key': left[applied]}})
            expect(still['entry'][0]['value'] == LARGE, 'the one that failed was changed')
        left, requests = left[applied:], requests + 1
    expect(requests == 3, requests)
    found = client.do('entry-get', {'map-name': 'a', 'entry': [{'key': k} for k in keys]})
    expect([e['value'] for e in found['entry']] == keys, found)


def get_is_bounded(client):
    new_map(client)
    keys = keys_of(16)
    fill(client, 'a', keys, LARGE)
    refused = refusal(client.do, 'entry-get', {'map-name': 'a', 'entry': [{'key': k} for k in keys]})
    expect(refused.errno == errno.EMSGSIZE and refused.offset, refused)
    found = client.do('entry-get', {'map-name': 'a', 'entry': [{'key': k} for k in keys[:15]]})
    expect(len(found['entry']) == 15, found)


# Dumps

def dump_is_whole(client):
    new_map(client)
    keys = keys_of(8000)
    fill(client, 'a', keys)
    for extra in {}, {'keys-only': True}:
        messages = [m for _, m in client.messages('entry-get', {'map-name': 'a', **extra}) if m]
        expect(all('cursor' in m for m in messages[:-1]) and 'cursor' not in messages[-1], 'cursors')
        entries = [e for m in messages for e in m['entry']]
        expect(sorted(e['key'] for e in entries) == sorted(keys), len(entries), 'entries')
        expect(all(e.get('value') == (None if extra else e['key']) for e in entries), 'other values')


def dump_resumes(client):
    new_map(client, shards=1)
    keys = keys_of(3000)
    fill(client, 'a', keys)
    seen, cursor, steps = [], {}, 0
    reader = Client()
    while True:
        reader.reopen(8192)
        _, message = next(reader.messages('entry-get', {'map-name': 'a', 'keys-only': True, **cursor}))
        seen += [e['key'] for e in message['entry']]
        if 'cursor' not in message:
            break
        cursor = {'cursor': message['cursor']}
        client.do('map-set', {'name': 'a', 'policy': ['classic', 'cow'][steps % 2]})
        fill(client, 'a', keys_of(300, 'more%u-' % steps))
        load(client, 'a', keys_of(2000, 'none'))
        steps += 1
    expect(steps > 5, steps)
    expect(counters(client)['promotions'] > 1 and counters(client)['segment-splits'] > 1, counters(client))
    expect(len(seen) == len(set(seen)), 'a key came twice')
    expect(set(keys) <= set(seen), 'keys are missing')


def paused_dump(client, command, values):
    """A dump of which the first message has been read, and the second made; there are more."""
    client.reopen(8192)
    dump = client.messages(command, values)
    first = next(dump)
    expect(first[1] is not None and not first[0] & NLM_F_DUMP_INTR, first)
    return dump


def dump_interrupted(client):
    new_map(client)
    fill(client, 'a', keys_of(4000))
    for change in None, 'entry-set', 'entry-del', 'map-clear':
        dump = paused_dump(client, 'entry-get', {'map-name': 'a'})
        other = Client()
        if change == 'entry-set':
            other.do(change, {'map-name': 'a', 'entry': {'key': 'key7', 'value': 'new'}})
        elif change == 'entry-del':
            other.do(change, {'map-name': 'a', 'entry': {'key': 'key8'}})
        elif change:
            other.do(change, {'name': 'a'})
        flagged = [bool(flags & NLM_F_DUMP_INTR) for flags, _ in dump]
        expect(flagged and any(flagged) == bool(change), change, flagged)


def dump_of_deleted(client):
    new_map(client)
    fill(client, 'a', keys_of(4000))
    dump = paused_dump(client, 'entry-get', {'map-name': 'a'})
    Client().do('map-del', {'name': 'a'})
    refused = refusal(list, dump)
    expect(refused.errno == errno.ENOENT and refused.message == 'the map was deleted meanwhile', refused)


def cursor_is_checked(client):
    first = new_map(client)
    fill(client, 'a', keys_of(2000))

    def dump(cursor):
        return list(client.messages('entry-get', {'map-name': 'a', 'cursor': 'hex:' + cursor.hex()}))

    def cursor(map_id, key_len, key):
        return struct.pack('=IIQ', map_id, key_len, 1 << 63) + key

    for wrong, number, why in (
            (b'x' * 15, errno.ERANGE, 'binary attribute size out of range'),
            (b'x' * 272, errno.ERANGE, 'binary attribute size out of range'),
            (cursor(first['id'], 4, b'abc'), errno.EINVAL, 'this is no cursor of an entry dump'),
            (cursor(first['id'], 1 << 31, b'abc'), errno.EINVAL, 'this is no cursor of an entry dump'),
            (cursor(first['id'] + 1, 3, b'abc'), errno.EINVAL, 'this cursor is from another map')):
        refused = refusal(dump, wrong)
        expect((refused.errno, refused.message) == (number, why), wrong, refused.errno, refused)
        expect(refused.offset, 'no attribute named')
    half = [e for _, m in dump(cursor(first['id'], 3, b'abc')) if m for e in m['entry']]
    expect(500 < len(half) < 1500, len(half), 'entries in the upper half of the hashes')

    client.do('map-del', {'name': 'a'})
    new_map(client)
    refused = refusal(dump, cursor(first['id'], 3, b'abc'))
    expect(refused.message == 'this cursor is from another map', refused)


def maps_dump_interrupted(client):
    names = ['m%u' % i for i in range(120)]
    for name in names:
        client.do('map-new', {'name': name, 'shards': 1})
    for change in False, True:
        client.reopen(4096)
        dump = client.messages('map-get')
        seen = [next(dump)[1]['name']]
        if change:
            Client().do('map-del', {'name': names[60]})
        rest = list(dump)
        seen += [m['name'] for _, m in rest if m]
        expect(any(flags & NLM_F_DUMP_INTR for flags, _ in rest) == change, change, 'is not what is flagged')
        expect(len(seen) == len(set(seen)), 'a map came twice')
        expect(set(names) - {names[60]} <= set(seen), 'maps are missing')
    client.reopen(1 << 20)
    for name in set(names) - {names[60]}:
        client.do('map-del', {'name': name})


# Counters

def stats_add_up(client):
    new_map(client, shards=8)
    keys = keys_of(500)
    fill(client, 'a', keys)
    fill(client, 'a', keys[:200], 'new')
    load(client, 'a', keys)
    load(client, 'a', keys_of(70, 'none'))
    client.do('entry-del', {'map-name': 'a', 'entry': [{'key': k} for k in keys[:100] + ['none']]})
    stats = client.do('stats-get', {'map-name': 'a'})
    total = stats['counters']
    expect((stats['entries'], stats['shards']) == (400, 8), stats)
    expect((total['inserts'], total['updates'], total['deletes']) == (500, 200, 100), total)
    expect(total['hits'] + total['misses-found'] == 500, total)
    expect(total['absents'] + total['misses-absent'] == 70, total)

    shards = [m for _, m in client.messages('stats-get', {'map-name': 'a'}) if m]
    expect([s['shard'] for s in shards] == list(range(8)), shards)
    for name in shards[0]['counters']:
        each = [s['counters'][name] for s in shards]
        if name not in ('tombstones', 'shard-splits'):
            together = max(each) if name.endswith('-max') else sum(each)
            expect(together == total[name], name, each, total[name])
    expect(all(s['counters']['inserts'] for s in shards), 'a shard without keys')

    client.do('map-clear', {'name': 'a'})
    expect(counters(client)['clears'] == 1 and counters(client)['deletes'] == 100, counters(client))


# Malformed messages

def short_attr(kind, size, payload=b''):
    raw = struct.pack('=HH', size, kind) + payload
    return raw + bytes(-len(raw) % 4)


def bad_messages(client):
    """(what, command, attributes, errno, text) of messages that the family must refuse."""
    spec = client.spec
    number = {s: {a['name']: n for n, a in attrs.items()} for s, attrs in spec.sets.items()}
    m, e, k = number['map'], number['entries'], number['entry']
    name = attr(m['name'], b'b\0')
    which = attr(e['map-name'], b'a\0')
    key, value = attr(k['key'], b'key'), attr(k['value'], b'value')
    entry = attr(e['entry'] | NLA_F_NESTED, key + value)
    leftover = 'bytes leftover after parsing attributes'
    length = 'invalid attribute length'
    return [
        ('bytes after the attributes', 'map-new', name + b'xx', errno.EINVAL, leftover),
        ('an attribute of 2 bytes', 'map-new', name + short_attr(m['policy'], 2), errno.EINVAL, leftover),
        ('an attribute that ends after the message', 'map-new', name + short_attr(m['policy'], 99), errno.EINVAL,
         leftover),
        ('an attribute in an entry that ends after it', 'entry-set',
         which + attr(e['entry'] | NLA_F_NESTED, value + short_attr(k['key'], 200, b'abcd')), errno.EINVAL, leftover),
        ('an unknown attribute', 'map-new', name + attr(99, b'abcd'), errno.EINVAL, 'Unknown attribute type'),
        ('an unknown attribute in an entry', 'entry-set', which + attr(e['entry'] | NLA_F_NESTED, key + value + attr(99)),
         errno.EINVAL, 'Unknown attribute type'),
        ('an entry that does not say it is a nest', 'entry-set', which + attr(e['entry'], key + value), errno.EINVAL,
         'NLA_F_NESTED is missing'),
        ('a nest that is a name', 'map-new', attr(m['name'] | NLA_F_NESTED, b'b\0'), errno.EINVAL,
         'NLA_F_NESTED not expected'),
        ('a nest that is a key', 'entry-set',
         which + attr(e['entry'] | NLA_F_NESTED, attr(k['key'] | NLA_F_NESTED, b'key') + value), errno.EINVAL,
         'NLA_F_NESTED not expected'),
        ('an entry in an entry', 'entry-set', which + attr(e['entry'] | NLA_F_NESTED, entry), errno.EINVAL, None),
        ('an empty entry', 'entry-set', which + attr(e['entry'] | NLA_F_NESTED), errno.EINVAL, 'an entry needs a key'),
        ('a number of 2 bytes', 'map-new', name + attr(m['shards'], b'\2\0'), errno.EINVAL, length),
        ('a number of 8 bytes for 4', 'map-new', name + attr(m['shards'], bytes(8)), errno.EINVAL, length),
        ('a number of 4 bytes for 8', 'map-new', name + attr(m['max-entries'], bytes(4)), errno.EINVAL, length),
        ('a name without its end', 'map-new', attr(m['name'], b'b'), errno.EINVAL, None),
        ('a name with two ends', 'map-new', attr(m['name'], b'b\0b\0'), errno.EINVAL, None),
        ('a name of no bytes', 'map-new', attr(m['name']), errno.EINVAL, None),
        ('a flag with a value', 'entry-set', which + entry + attr(e['return'], bytes(4)), errno.ERANGE, None),
        ('a key of 60000 bytes', 'entry-set', which + attr(e['entry'] | NLA_F_NESTED, attr(k['key'], bytes(60000))),
         errno.ERANGE, 'binary attribute size out of range'),
    ]


def malformed(client):
    new_map(client)
    fill(client, 'a', ['kept'])
    state = list(client.messages('map-get')), list(client.messages('entry-get', {'map-name': 'a'}))
    for what, command, attrs, number, text in bad_messages(client):
        refused = refusal(client.socket.call, client.family, client.spec.by_name[command][0], attrs)
        expect(refused.errno == number, what, errno.errorcode[refused.errno], refused)
        expect(refused.message and text in (None, refused.message), what, refused)

    family, socket = client.family, client.socket
    info = client.spec.by_name['info-get'][0]
    ask = client.spec.by_name['map-new'][0]
    for command in [0, 200] + [n for n, c in client.spec.commands.items() if c['name'].endswith('-ntf')]:
        expect(refusal(socket.call, family, command).errno == errno.EOPNOTSUPP, 'command', command)
    expect(refusal(socket.call, family, ask, b'', NLM_F_DUMP | NLM_F_ACK).errno == errno.EOPNOTSUPP, 'dump of new')
    expect(refusal(socket.call, family, info, attr(1, b'x\0')).errno == errno.EINVAL, 'attributes for info-get')

    truncated(socket, family, info)
    try:
        socket.send_raw(bytes(1 << 24))
        sys.exit('netlink_cases.py: a message of 16 MiB was taken')
    except OSError as error:
        expect(error.errno in (errno.EMSGSIZE, errno.ENOBUFS), error)
    now = list(client.messages('map-get')), list(client.messages('entry-get', {'map-name': 'a'}))
    expect(now == state, 'something was changed', now, state)


def truncated(socket, family, command):
    """Messages shorter than their headers: refused, or passed over, as the next answer shows."""
    header = struct.pack('=IHHII', 16, family, 1 | NLM_F_ACK, 1, 0)
    socket.send_raw(header)
    kind, _, payload = socket.message()
    expect(kind == NLMSG_ERROR and struct.unpack_from('=i', payload)[0] == -errno.EINVAL, payload)
    for short in header[:10], struct.pack('=IHHII', 4, family, 1 | NLM_F_ACK, 2, 0), \
            struct.pack('=IHHIIBBH', 400, family, 1 | NLM_F_ACK, 3, 0, command, 1, 0):
        socket.send_raw(short)
        expect(len(socket.call(family, command)) == 1, short)
    reserved = struct.pack('=IHHIIBBH', 20, family, 1 | NLM_F_ACK, 4, 0, command, 1, 7)
    socket.send_raw(reserved)
    kind, _, payload = socket.message()
    expect(kind == NLMSG_ERROR and struct.unpack_from('=i', payload)[0] == -errno.EINVAL, payload)


def mutate(rng, raw):
    """The bytes with some of them changed, cut off, doubled or swapped for a length or a type."""
    raw = bytearray(raw)
    for _ in range(rng.randint(0, 4)):
        at = rng.randrange(len(raw)) if raw else 0
        how = rng.randrange(5)
        if how == 0 and raw:
            raw[at] = rng.randrange(256)
        elif how == 1:
            del raw[at:]
        elif how == 2:
            raw[at:at] = raw[at:at + rng.randint(1, 40)]
        elif how == 3:
            raw[at & ~3:(at & ~3) + 2] = struct.pack('=H', rng.choice((0, 3, 4, 5, 8, 255, 4100, 65535)))
        else:
            raw += rng.randbytes(rng.randint(1, 30))
    return bytes(raw)


def fuzz_seeds(client):
    spec = client.spec
    entries = [{'key': 'k', 'value': 'v', 'op': 'compare', 'old': 'v'}, {'key': 'l', 'value': 'w'}]
    for name, values in (
            ('map-get', {'name': 'a'}), ('map-new', {'name': 'fuzz', 'shards': 4, 'max-entries': 100}),
            ('map-set', {'name': 'a', 'max-entries': 1000}), ('map-clear', {'name': 'a'}),
            ('entry-get', {'map-name': 'a', 'entry': [{'key': 'k'}, {'key': 'l'}]}),
            ('entry-set', {'map-name': 'a', 'return': True, 'entry': entries}),
            ('entry-del', {'map-name': 'a', 'entry': [{'key': 'k', 'old': 'v'}]}),
            ('stats-get', {'map-name': 'a'})):
        number, command = spec.by_name[name]
        yield number, spec.encode(spec.set_of(command), values)


def state_of(client, name):
    """A map's configuration and entries."""
    entries = [e for _, m in client.messages('entry-get', {'map-name': name}) if m for e in m['entry']]
    return client.do('map-get', {'name': name}), sorted((e['key'], e['value']) for e in entries)


def fuzzed(client):
    seed = random.randrange(1 << 32)
    print('seed', seed)
    rng = random.Random(seed)
    new_map(client)
    client.do('map-new', {'name': 'control', 'shards': 4, 'max-entries': 1000})
    fill(client, 'control', keys_of(500))
    before = state_of(client, 'control')
    seeds = list(fuzz_seeds(client))
    answered = refused = 0
    for _ in range(3000):
        command, raw = rng.choice(seeds)
        flags = NLM_F_ACK | (NLM_F_DUMP if rng.random() < 0.2 else 0)
        try:
            client.socket.call(client.family, command, mutate(rng, raw), flags)
            answered += 1
        except Refusal as no:
            expect(no.message or no.errno == errno.EOPNOTSUPP, 'refused without a word', errno.errorcode[no.errno])
            refused += 1
    print(answered, 'answered,', refused, 'refused')
    expect(answered > 300 and refused > 1000, answered, refused)
    expect(state_of(client, 'control') == before, 'a map that no message names was changed')
    for name in [m['name'] for _, m in client.messages('map-get') if m]:
        client.do('map-del', {'name': name})
    new_map(client)
    fill(client, 'a', ['key'])


# Many at once

def until(end, calls):
    """Call one after another until the time has come; a map may be there or not."""
    while time.monotonic() < end:
        for call, *args in calls:
            try:
                list(call(*args) or ())
            except Refusal as no:
                expect(no.errno in (errno.ENOENT, errno.EEXIST, errno.ENOSPC), no.errno, no)


def worker(end, make_calls):
    """A process with a client of its own."""
    pid = os.fork()
    if not pid:
        client = Client()
        until(end, make_calls(client))
        os._exit(0)
    return pid


def many_at_once(client):
    entries = [{'key': k, 'value': k} for k in keys_of(300)]
    on_map = {'map-name': 'a'}
    end = time.monotonic() + 10
    client.join()
    pids = [worker(end, calls) for calls in (
        lambda c: [(c.do, 'map-new', {'name': 'a', 'shards': 2}), (c.do, 'entry-set', {**on_map, 'entry': entries}),
                   (c.do, 'map-del', {'name': 'a'})],
        lambda c: [(c.do, 'entry-set', {**on_map, 'entry': entries}),
                   (c.do, 'entry-get', {**on_map, 'entry': [{'key': e['key']} for e in entries]}),
                   (c.do, 'map-set', {'name': 'a', 'policy': 'classic'}), (c.do, 'map-clear', {'name': 'a'})],
        lambda c: [(c.messages, 'map-get'), (c.messages, 'entry-get', on_map), (c.messages, 'stats-get', on_map),
                   (c.messages, 'stats-get')],
        lambda c: [(c.do, 'map-new', {'name': 'a'}), (c.do, 'map-set', {'name': 'a', 'max-entries': 200}),
                   (c.do, 'entry-del', {**on_map, 'entry': [{'key': 'key1'}, {'key': 'key2'}]}),
                   (c.do, 'map-new', {'name': 'a', 'policy': 'classic'}), (c.do, 'map-del', {'name': 'a'})])]
    failed = [status for _, status in (os.waitpid(pid, 0) for pid in pids) if status]
    expect(not failed, 'failed:', failed)

    there, made = False, 0
    for event in iter(lambda: client.event(0.5), None):
        name = event[0]
        if name == 'map-new-ntf':
            expect(not there, 'made twice')
            made += 1
        else:
            expect(there, name, 'of a map that is not there')
        there = name != 'map-del-ntf'
    print(made, 'maps')
    expect(made > 3, made, 'maps')
    expect(there == any(m and m['name'] == 'a' for _, m in client.messages('map-get')), 'the events end otherwise')


# The module

def held_dump(client):
    new_map(client)
    fill(client, 'a', keys_of(3000))
    dump = paused_dump(client, 'entry-get', {'map-name': 'a'})
    tried = subprocess.run(['rmmod', 'syncmap'], capture_output=True, text=True, check=False)
    expect(tried.returncode and 'in use' in tried.stderr, tried)
    list(dump)
    client.do('map-del', {'name': 'a'})
    subprocess.run(['rmmod', 'syncmap'], check=True)


if __name__ == '__main__':
    globals()[sys.argv[1]](Client())
