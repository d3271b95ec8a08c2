#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A generic netlink client that knows nothing but kmod/syncmap.yaml.

Reads requests from stdin, one a line (that goes on after a backslash), and
prints what the kernel says:

    do COMMAND [JSON]       a request: the reply as JSON, or "ok"
    dump COMMAND [JSON]     a line for each message, then "end" or "end interrupted"
    join                    listen to the group "events" from here on, or say why not
    event                   wait for the next event and print it
    quiet MILLISECONDS      print the events of that time, or "quiet"

Of a reply only some attributes are printed where " -> NAME NAME…" follows.

A refusal is a line "ERRNO ATTRIBUTE: TEXT", with "-" where no attribute is
named and "missing ATTRIBUTE" where one is.  Bytes are written as text, or
"hex:…", or "SIZE*TEXT" for TEXT so many times.
"""
import errno
import json
import os
import select
import socket
import struct
import sys

import yaml

NETLINK_GENERIC = 16
SO_RCVBUFFORCE = 33
SOL_NETLINK = 270
NETLINK_ADD_MEMBERSHIP, NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK = 1, 10, 11, 12
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR = 1, 4, 0x300, 0x10
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLA_F_NESTED, NLA_TYPE_MASK = 0x8000, 0x3fff
GENL_ID_CTRL = 16
WAIT_SECONDS = 20

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def attr(kind, payload=b''):
    """One attribute, padded."""
    raw = struct.pack('=HH', 4 + len(payload), kind) + payload
    return raw + bytes(-len(raw) % 4)


def attrs_of(raw):
    """The (type, payload, offset) of each attribute in raw."""
    at = 0
    while at + 4 <= len(raw):
        size, kind = struct.unpack_from('=HH', raw, at)
        if size < 4:
            raise ValueError('an attribute of %u bytes' % size)
        yield kind & NLA_TYPE_MASK, raw[at + 4:at + size], at
        at += (size + 3) & ~3


def to_bytes(text):
    """What a string of the test stands for."""
    if text.startswith('hex:'):
        return bytes.fromhex(text[4:])
    size, star, rest = text.partition('*')
    if star and size.isdigit():
        return rest.encode() * int(size)
    return text.encode()


def to_text(raw):
    """Bytes as text, or hex: where they are none."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return 'hex:' + raw.hex()
    return text if text.isprintable() else 'hex:' + raw.hex()


class Spec:
    """The family as the YAML describes it."""

    def __init__(self, path=os.path.join(TOP, 'kmod', 'syncmap.yaml')):
        with open(path, encoding='utf-8') as file:
            self.yaml = yaml.load(file, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))
        self.enums = {d['name']: [e['name'] for e in d['entries']]
                      for d in self.yaml['definitions'] if d['type'] == 'enum'}
        self.sets = {s['name']: dict(enumerate(s['attributes'], 1))
                     for s in self.yaml['attribute-sets']}
        self.commands = dict(enumerate(self.yaml['operations']['list'], 1))
        self.by_name = {c['name']: (number, c) for number, c in self.commands.items()}

    def set_of(self, command):
        """The name of a command's attribute set."""
        if 'notify' in command:
            command = self.by_name[command['notify']][1]
        return command['attribute-set']

    def encode(self, name, values):
        """Attributes of the set from {name: value}; a list for one that is there many times."""
        raw = b''
        numbers = {a['name']: (number, a) for number, a in self.sets[name].items()}
        for key, value in values.items():
            number, form = numbers[key]
            for item in value if isinstance(value, list) else [value]:
                raw += self.encode_one(number, form, item)
        return raw

    def encode_one(self, number, form, value):
        kind = form['type']
        if kind == 'nest':
            return attr(number | NLA_F_NESTED, self.encode(form['nested-attributes'], value))
        if kind == 'flag':
            return attr(number) if value else b''
        if kind == 'string':
            return attr(number, value.encode() + b'\0')
        if kind == 'binary':
            return attr(number, to_bytes(value))
        if 'enum' in form and isinstance(value, str):
            value = self.enums[form['enum']].index(value)
        return attr(number, struct.pack({'u32': '=I', 'u64': '=Q'}[kind], value))

    def decode(self, name, raw):
        """{name: value} of the attributes in raw."""
        values = {}
        for number, payload, _ in attrs_of(raw):
            form = self.sets[name][number]
            if form['type'] == 'pad':
                continue
            value = self.decode_one(form, payload)
            if form.get('multi-attr'):
                values.setdefault(form['name'], []).append(value)
            else:
                values[form['name']] = value
        return values

    def decode_one(self, form, payload):
        kind = form['type']
        if kind == 'nest':
            return self.decode(form['nested-attributes'], payload)
        if kind == 'flag':
            return True
        if kind == 'string':
            return payload.rstrip(b'\0').decode()
        if kind == 'binary':
            return to_text(payload)
        value, = struct.unpack({'u32': '=I', 'u64': '=Q'}[kind], payload)
        if 'enum' not in form:
            return value
        names = self.enums[form['enum']]
        if form.get('enum-as-flags'):
            return [n for bit, n in enumerate(names) if value >> bit & 1]
        return names[value]

    def name_at(self, name, raw, offset):
        """What the attribute at an offset in raw is called, with the nests that it is in."""
        seen = {}
        for number, payload, at in attrs_of(raw):
            form = self.sets[name].get(number, {'name': str(number)})
            count = seen[number] = seen.get(number, -1) + 1
            label = form['name'] + ('[%u]' % count if form.get('multi-attr') else '')
            if offset == at:
                return label
            if at < offset < at + 4 + len(payload) and 'nested-attributes' in form:
                return label + '.' + self.name_at(form['nested-attributes'], payload, offset - at - 4)
        return '?'


class Refusal(Exception):
    """The kernel said no."""

    def __init__(self, number, tlvs, request):
        self.errno = number
        self.message = self.offset = self.miss_type = self.miss_nest = None
        self.request = request
        for kind, payload, _ in attrs_of(tlvs):
            if kind == 1:
                self.message = payload.rstrip(b'\0').decode()
            elif kind in (2, 5, 6):
                value, = struct.unpack('=I', payload)
                setattr(self, {2: 'offset', 5: 'miss_type', 6: 'miss_nest'}[kind], value)
        super().__init__(self.message)

    def line(self, spec, name):
        """The refusal as the module's text says."""
        attrs = self.request[20:]
        where = '-'
        if self.offset is not None:
            where = spec.name_at(name, attrs, self.offset - 20)
        elif self.miss_type is not None:
            where = 'missing '
            if self.miss_nest is not None:
                nest = spec.name_at(name, attrs, self.miss_nest - 20)
                forms = {f['name']: f for f in spec.sets[name].values()}
                name = forms[nest.split('[')[0]]['nested-attributes']
                where += nest + '.'
            where += spec.sets[name][self.miss_type]['name']
        return '%s %s: %s' % (errno.errorcode[self.errno], where, self.message)


class Socket:
    """A generic netlink socket."""

    def __init__(self, room=1 << 20):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        for option in (NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK):
            self.socket.setsockopt(SOL_NETLINK, option, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.socket.bind((0, 0))
        self.sequence = 0
        self.pending = []
        # what recv() asks for: the kernel fills the messages of a dump up to that, or to 32 KiB
        self.room = room

    def send_raw(self, raw):
        self.socket.send(raw)

    def request(self, family, command, payload, flags=NLM_F_ACK, version=1):
        """Send a message; the message."""
        self.sequence += 1
        raw = struct.pack('=IHHIIBBH', 20 + len(payload), family, NLM_F_REQUEST | flags,
                          self.sequence, 0, command, version, 0) + payload
        self.socket.send(raw)
        return raw

    def message(self, seconds=WAIT_SECONDS):
        """The next (type, flags, payload), or None."""
        if not self.pending:
            if not select.select([self.socket], [], [], seconds)[0]:
                return None
            raw = self.socket.recv(self.room)
            while raw:
                size, kind, flags, _, _ = struct.unpack_from('=IHHII', raw)
                self.pending.append((kind, flags, raw[16:size]))
                raw = raw[(size + 3) & ~3:]
        return self.pending.pop(0)

    def answers(self, request):
        """Each (flags, payload) to the acknowledgement or the end of the dump, whose flags are last."""
        while True:
            message = self.message()
            if not message:
                raise TimeoutError('no answer')
            kind, flags, payload = message
            if kind not in (NLMSG_ERROR, NLMSG_DONE):
                yield flags, payload
                continue
            code, = struct.unpack_from('=i', payload)
            if code:
                at = 4 if kind == NLMSG_DONE else 20
                raise Refusal(-code, payload[at:] if flags & NLM_F_ACK_TLVS else b'', request)
            yield flags, None
            return

    def call(self, family, command, payload=b'', flags=NLM_F_ACK):
        """All answers to one request, without the acknowledgement."""
        return [p for _, p in self.answers(self.request(family, command, payload, flags)) if p is not None]

    def find_family(self, name):
        """(id, {group: id}) of a family."""
        answer, = self.call(GENL_ID_CTRL, 3, attr(2, name.encode() + b'\0'))
        number, groups = None, {}
        for kind, payload, _ in attrs_of(answer[4:]):
            if kind == 1:
                number, = struct.unpack('=H', payload)
            elif kind == 7:
                for _, group, _ in attrs_of(payload):
                    fields = {k: v for k, v, _ in attrs_of(group)}
                    groups[fields[1].rstrip(b'\0').decode()], = struct.unpack('=I', fields[2])
        return number, groups


class Client:
    """The family's requests by name."""

    def __init__(self, spec=None):
        self.spec = spec or Spec()
        self.socket = Socket()
        self.family, self.groups = self.socket.find_family(self.spec.yaml['name'])
        self.listener = None

    def close(self):
        self.socket.socket.close()

    def reopen(self, room):
        """Another socket, on which nothing of an unfinished dump is left."""
        self.close()
        self.socket = Socket(room)

    def send(self, name, values, flags):
        number, command = self.spec.by_name[name]
        payload = self.spec.encode(self.spec.set_of(command), values)
        return self.socket.request(self.family, number, payload, flags)

    def decode(self, payload):
        """(command's name, attributes) of a message."""
        command = self.spec.commands[payload[0]]
        return command['name'], self.spec.decode(self.spec.set_of(command), payload[4:])

    def do(self, name, values=None):
        """The attributes of the reply, or None where there is only an acknowledgement."""
        request = self.send(name, values or {}, NLM_F_ACK)
        replies = [self.decode(p)[1] for _, p in self.socket.answers(request) if p is not None]
        return replies[0] if replies else None

    def messages(self, name, values=None):
        """Each message of a dump with its flags; the last is None."""
        request = self.send(name, values or {}, NLM_F_DUMP | NLM_F_ACK)
        for flags, payload in self.socket.answers(request):
            yield flags, payload and self.decode(payload)[1]

    def join(self):
        self.listener = Socket()
        self.listener.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
        self.listener.socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, self.groups['events'])

    def event(self, seconds=WAIT_SECONDS):
        """The next event, (name, attributes), or None."""
        message = self.listener.message(seconds)
        return message and self.decode(message[2])


wanted = []


def print_json(value):
    """Print attributes, those that are wanted."""
    if wanted and isinstance(value, dict):
        value = {name: value.get(name) for name in wanted}
    print(json.dumps(value), flush=True)


def print_event(event, otherwise):
    if event:
        print_json({'event': event[0], **event[1]})
    else:
        print(otherwise)


def print_dump(messages):
    interrupted = False
    for flags, values in messages:
        interrupted |= bool(flags & NLM_F_DUMP_INTR)
        if values is not None:
            print_json(values)
    print('end interrupted' if interrupted else 'end')


def run(client, words):
    """One line of the script."""
    verb, values = words[0], json.loads(words[2]) if len(words) > 2 else {}
    if verb == 'do':
        reply = client.do(words[1], values)
        print_json(reply) if reply is not None else print('ok')
    elif verb == 'dump':
        print_dump(client.messages(words[1], values))
    elif verb == 'join':
        try:
            client.join()
        except OSError as error:
            print('%s: not a listener' % errno.errorcode[error.errno])
    elif verb == 'event':
        print_event(client.event(), 'no event')
    elif verb == 'quiet':
        print_event(client.event(int(words[1]) / 1000), 'quiet')
    else:
        sys.exit('genl.py: what is %s?' % verb)


def main():
    client = Client()
    for line in sys.stdin.read().replace('\\\n', '').splitlines():
        line, _, names = line.partition(' -> ')
        wanted[:] = names.split()
        words = line.split(None, 2)
        if not words:
            continue
        try:
            run(client, words)
        except Refusal as refusal:
            name = words[1] if len(words) > 1 else 'entry-get'
            print(refusal.line(client.spec, client.spec.set_of(client.spec.by_name[name][1])), flush=True)


if __name__ == '__main__':
    main()
