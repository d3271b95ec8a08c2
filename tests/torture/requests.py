#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Netlink requests at random, until SIGTERM; then prints how many were sent.

    tests/torture/requests.py SEED

Userspace's maps are made, filled, read, cleared, resharded and deleted, and
those of the torture looked at, resharded and switched.  What is answered
matters not: memory is failing, and others use the same maps.  That there is an
answer does.
"""
import os
import random
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'guest'))
import genl  # pylint: disable=wrong-import-position

TORTURED = ['torture-cow', 'torture-fixed', 'torture-classic', 'torture-clear', 'torture-switch', 'torture-small']
POLICIES = ['cow', 'classic']


def user_map():
    """One of a few, so that processes meet."""
    return 'user%u' % random.randrange(4)


def any_map():
    return random.choice([user_map(), random.choice(TORTURED)])


def entries(valued):
    """Up to 20 keys of 300, with values if wanted."""
    keys = [{'key': 'key%u' % random.randrange(300)} for _ in range(random.randint(1, 20))]
    return [{**key, 'value': '%u*v' % random.randrange(64)} for key in keys] if valued else keys


def shards():
    return random.choice([0, 2 ** random.randrange(8)])


def do_entries(command, valued=False):
    return lambda: ('do', command, {'map-name': user_map(), 'entry': entries(valued)})


# How often of a hundred, and what.
REQUESTS = [
    (8, lambda: ('do', 'map-new', {'name': user_map(), 'policy': random.choice(POLICIES)})),
    (4, lambda: ('do', 'map-del', {'name': user_map()})),
    (3, lambda: ('do', 'map-clear', {'name': user_map()})),
    (20, do_entries('entry-set', True)),
    (15, do_entries('entry-get')),
    (10, do_entries('entry-del')),
    (3, lambda: ('dump', 'entry-get', {'map-name': any_map(), 'keys-only': True})),
    (12, lambda: ('do', 'stats-get', {'map-name': any_map()})),
    (5, lambda: ('dump', 'stats-get', {'map-name': any_map()})),
    (5, lambda: ('dump', 'map-get', {})),
    (7, lambda: ('do', 'map-set', {'name': 'torture-switch', 'policy': random.choice(POLICIES)})),
    (8, lambda: ('do', 'reshard', {'name': any_map(), 'shards': shards()})),
]


def send(client, verb, command, values):
    """One request, and all that is answered."""
    try:
        if verb == 'do':
            client.do(command, values)
        else:
            for _ in client.messages(command, values):
                pass
    except genl.Refusal:
        pass


def main():
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    random.seed(int(sys.argv[1]))
    weights, makers = zip(*REQUESTS)
    client = genl.Client()
    sent = 0
    while not stopped:
        make, = random.choices(makers, weights)
        send(client, *make())
        sent += 1
    print(sent)


if __name__ == '__main__':
    main()
