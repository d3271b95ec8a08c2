#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Holds kmod/syncmap.yaml against the uapi header and against what the running
kernel says of the family: netlink_spec.py header|operations|policies|counters."""
import os
import re
import struct
import sys

from genl import GENL_ID_CTRL, NLM_F_DUMP, TOP, Client, Spec, attr, attrs_of

CTRL_GETFAMILY, CTRL_GETPOLICY = 3, 10
KINDS = {1: 'flag', 4: 'u32', 5: 'u64', 10: 'binary', 12: 'string', 13: 'nest'}
MIN, MAX, MIN_LENGTH, MAX_LENGTH, POLICY = 4, 5, 6, 7, 8
LARGEST = {'u32': (1 << 32) - 1, 'u64': (1 << 64) - 1}


def same(what, yaml, other):
    """Complain where the YAML and something else differ."""
    if yaml == other:
        return
    if isinstance(yaml, dict) and isinstance(other, dict):
        keys = [k for k in list(yaml) + [k for k in other if k not in yaml] if yaml.get(k) != other.get(k)]
        yaml, other = {k: yaml.get(k) for k in keys}, {k: other.get(k) for k in keys}
    sys.exit('netlink_spec.py: %s\n  YAML: %s\n  else: %s' % (what, yaml, other))


def number(raw):
    return struct.unpack({4: '=I', 8: '=Q', 2: '=H'}[len(raw)], raw)[0]


# The header

def macro(*words):
    return '_'.join(('syncmap',) + words).replace('-', '_').upper()


def enum_of(prefix, names, first):
    """{name: value} as C writes an enum of attributes or commands."""
    values = {macro(*prefix, name): value for value, name in enumerate(names, first)}
    if first:
        values[macro(*prefix, 'unspec')] = 0
        values['__' + macro(*prefix, 'max')] = len(names) + 1
        values[macro(*prefix, 'max')] = len(names)
    return values


def enums_of_yaml(spec):
    enums = {'syncmap_cmd': enum_of(('cmd',), [c['name'] for c in spec.commands.values()], 1)}
    for name, attrs in spec.sets.items():
        enums['syncmap_a_' + name] = enum_of(('a', name), [a['name'] for a in attrs.values()], 1)
    for name, entries in spec.enums.items():
        enums[macro(name).lower()] = enum_of((name,), entries, 0)
    return enums


def enums_of_header(text):
    enums, known = {}, {}
    for name, body in re.findall(r'^enum (\w+) \{\n(.*?)^\};', text, re.S | re.M):
        values, value = {}, -1
        for item in filter(None, (i.strip() for i in body.split(','))):
            word, _, given = (w.strip() for w in item.partition('='))
            # the only values given are of the form "__X_MAX - 1"
            value = known[given.split()[0]] - 1 if given else value + 1
            values[word] = known[word] = value
        enums[name] = values
    return enums


def header(spec):
    """Every number that the header has is in the YAML, and the other way round."""
    with open(os.path.join(TOP, 'kmod', 'include', 'uapi', 'linux', 'syncmap.h'), encoding='utf-8') as file:
        text = re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)
    wanted, found = enums_of_yaml(spec), enums_of_header(text)
    same('enums', sorted(wanted), sorted(found))
    for name, values in wanted.items():
        same('enum ' + name, values, found[name])

    defines = dict(re.findall(r'^#define[ \t]+(\w+)[ \t]+(.+?)[ \t]*$', text, re.M))
    constants = {macro(d['name']): str(d['value']) for d in spec.yaml['definitions'] if d['type'] == 'const'}
    groups = {macro('mcgrp', g['name']): '"%s"' % g['name'] for g in spec.yaml['mcast-groups']['list']}
    same('macros', {'SYNCMAP_GENL_NAME': '"%s"' % spec.yaml['name'],
                    'SYNCMAP_GENL_VERSION': str(spec.yaml.get('version', 1)), **constants, **groups}, defines)


# The running kernel

def requests_of(command):
    """The names of a command's attributes in a do and in a dump; None where it has no such form."""
    forms = {}
    for form in 'do', 'dump':
        forms[form] = set(command[form].get('request', {}).get('attributes', ())) if form in command else None
    return forms


def operations(spec, client):
    """The kernel has the commands, forms, privileges and groups that the YAML has."""
    answer, = client.socket.call(GENL_ID_CTRL, CTRL_GETFAMILY, attr(2, b'syncmap\0'))
    fields = {kind: payload for kind, payload, _ in attrs_of(answer[4:])}
    same('version', spec.yaml.get('version', 1), number(fields[3]))
    found = {}
    for _, op, _ in attrs_of(fields[6]):
        values = {kind: number(payload) for kind, payload, _ in attrs_of(op)}
        flags = values[2]
        found[spec.commands[values[1]]['name']] = {
            'admin-perm': bool(flags & 1), 'do': bool(flags & 2), 'dump': bool(flags & 4)}
    wanted = {c['name']: {'admin-perm': 'admin-perm' in c.get('flags', ()), 'do': 'do' in c, 'dump': 'dump' in c}
              for c in spec.commands.values() if 'do' in c or 'dump' in c}
    same('operations', wanted, found)
    same('groups', [g['name'] for g in spec.yaml['mcast-groups']['list']], list(client.groups))


def policies_of_kernel(client):
    """({command: index of its policy}, {index: {attribute: {what: value}}})."""
    by_command, policies = {}, {}
    for answer in client.socket.call(GENL_ID_CTRL, CTRL_GETPOLICY, attr(2, b'syncmap\0'), NLM_F_DUMP):
        for kind, payload, _ in attrs_of(answer[4:]):
            for key, inner, _ in attrs_of(payload):
                if kind == 9:
                    by_command[key] = {form: number(index) for form, index, _ in attrs_of(inner)}
                elif kind == 8:
                    for attribute, form, _ in attrs_of(inner):
                        fields = {k: number(v) for k, v, _ in attrs_of(form) if len(v) in (4, 8)}
                        policies.setdefault(key, {})[attribute] = fields
    return by_command, policies


def limits_of_yaml(spec, form):
    """What the kernel should say of an attribute."""
    checks, kind = form.get('checks', {}), form['type']
    limits = {'type': kind}
    if kind in LARGEST:
        limits['min'] = checks.get('min', 0)
        limits['max'] = checks.get('max', len(spec.enums[form['enum']]) - 1 if 'enum' in form else LARGEST[kind])
    elif kind in ('binary', 'string'):
        limits['min'] = checks.get('min-len', 0)
        limits['max'] = checks['max-len']
    return limits


def limits_of_kernel(fields):
    kind = KINDS[fields[1]]
    limits = {'type': kind}
    if kind in LARGEST:
        limits.update(min=fields[MIN], max=fields[MAX])
    elif kind in ('binary', 'string'):
        limits.update(min=fields.get(MIN_LENGTH, 0), max=fields[MAX_LENGTH])
    return limits


def nest_of_command(name):
    """What an entry has in each command, which the YAML has no place for."""
    return {'entry-get': ('key',), 'entry-set': ('key', 'value', 'old', 'op'), 'entry-del': ('key', 'old')}[name]


def check_policy(spec, what, forms, names, policies, index):
    """One policy has the attributes of these names, with the limits that the YAML says."""
    policy = policies.get(index, {})
    same('attributes of ' + what, sorted(names), sorted(forms[n]['name'] for n in policy))
    for attribute, fields in policy.items():
        form = forms[attribute]
        same('%s of %s' % (form['name'], what), limits_of_yaml(spec, form), limits_of_kernel(fields))
        if form['type'] == 'nest':
            check_policy(spec, 'an entry of ' + what, spec.sets[form['nested-attributes']], nest_of_command(what),
                         policies, fields[POLICY])


def policies(spec, client):
    """The kernel's policies allow what the YAML allows; a do and a dump have the same one."""
    by_command, found = policies_of_kernel(client)
    for value, command in spec.commands.items():
        forms = requests_of(command)
        names = set().union(*filter(None, forms.values()))
        if not names:
            continue
        indices = set(by_command[value].values())
        same('policies of ' + command['name'], 1, len(indices))
        check_policy(spec, command['name'], spec.sets[spec.set_of(command)], names, found, indices.pop())


def counters(spec, client):
    """A map tells every counter that there is."""
    client.do('map-new', {'name': 'spec'})
    told = client.do('stats-get', {'map-name': 'spec'})['counters']
    client.do('map-del', {'name': 'spec'})
    same('counters', sorted(a['name'] for a in spec.sets['counter'].values() if a['type'] != 'pad'), sorted(told))


if __name__ == '__main__':
    if sys.argv[1] == 'header':
        header(Spec())
    else:
        it = Client()
        globals()[sys.argv[1]](it.spec, it)
