#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The family as kmod/syncmap.yaml has it, as a C file of what tables.h declares: tables.py >tables.c"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'guest'))
from genl import Spec  # noqa: E402

KINDS = ('u32', 'u64', 'string', 'binary', 'flag', 'nest', 'pad')
LARGEST = {'u32': (1 << 32) - 1, 'u64': (1 << 64) - 1}


def word(name):
    return name.replace('-', '_')


def limits(spec, form):
    """(least, most) of a number, or of a length."""
    checks, kind = form.get('checks', {}), form['type']
    if kind in LARGEST:
        return checks.get('min', 0), checks.get('max', len(spec.enums[form['enum']]) - 1 if 'enum' in form else
                                                LARGEST[kind])
    return checks.get('min-len', 0), checks.get('max-len', 64)


def attribute(spec, number, form):
    kind = form['type'] if form['type'] in KINDS else 'binary'
    nested = '&set_' + word(form['nested-attributes']) if kind == 'nest' else 'NULL'
    return '\t{ "%s", %u, KIND_%s, %uu, %uull, %s, %s },' % (
        form['name'], number, kind.upper(), *limits(spec, form), 'true' if form.get('multi-attr') else 'false', nested)


def attribute_set(spec, name, attrs):
    print('static const struct attr attrs_%s[] = {' % word(name))
    for number, form in attrs.items():
        print(attribute(spec, number, form))
    print('};\n\nconst struct attr_set set_%s = { "%s", attrs_%s, %u };\n' % (
        word(name), name, word(name), len(attrs)))


def form_of(spec, command, form):
    """The attribute numbers of a do or a dump, as an initializer."""
    if form not in command:
        return '{ .there = false }'
    names = command[form].get('request', {}).get('attributes', ())
    numbers = {a['name']: number for number, a in spec.sets[spec.set_of(command)].items()}
    return '{ true, { %s }, %u }' % (', '.join(str(numbers[n]) for n in names) or '0', len(names))


def print_commands(spec):
    print('const struct command commands[] = {')
    known = {n: c for n, c in spec.commands.items() if 'do' in c or 'dump' in c}
    for number, command in known.items():
        print('\t{ "%s", %u, %s, &set_%s, %s, %s },' % (
            command['name'], number, 'true' if 'admin-perm' in command.get('flags', ()) else 'false',
            word(spec.set_of(command)), form_of(spec, command, 'do'), form_of(spec, command, 'dump')))
    print('};\n\nconst int nr_commands = %u;' % len(known))


def nested_first(spec):
    """The sets, each behind those that it has inside."""
    done = []

    def add(name):
        for form in spec.sets[name].values():
            if 'nested-attributes' in form:
                add(form['nested-attributes'])
        if name not in done:
            done.append(name)
    for name in spec.sets:
        add(name)
    return done


def main():
    spec = Spec()
    print('/* Made from kmod/syncmap.yaml. */\n#include "tables.h"\n')
    for name in nested_first(spec):
        attribute_set(spec, name, spec.sets[name])
    print_commands(spec)


if __name__ == '__main__':
    main()
