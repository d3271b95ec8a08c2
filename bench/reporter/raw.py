# SPDX-License-Identifier: GPL-2.0
"""Raw lines, read and checked: what was measured, by whom, with what."""
import json
import math
from dataclasses import dataclass, field

from . import fields


class BadInput(Exception):
    """What is wrong, and where."""


@dataclass
class Line:
    """One measurement of one round."""
    source: int     # which machine line it came after: rounds are paired within one source only
    where: str
    case: str
    structure: str
    parameters: dict
    round: int      # None of what could not be measured at all
    values: dict
    why: str        # why something, or all of it, could not be measured


@dataclass
class Raw:
    """All that was read. One machine for each source."""
    machines: list = field(default_factory=list)
    lines: list = field(default_factory=list)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def need(condition, message):
    if not condition:
        raise BadInput(message)


def machine_of(value):
    need(isinstance(value, dict), 'machine is no object')
    for name in fields.MACHINE:
        need(name in value, f'the machine has no {name}')
    need(value['where'] in fields.PLACES, f'where is {value["where"]!r}, not one of {", ".join(fields.PLACES)}')
    for name in ('cpus', 'ping_pong_ns'):
        need(value[name] is None or is_number(value[name]), f'{name} is no number: {value[name]!r}')
    return value


def parameter(name, value):
    if name in fields.TEXTS:
        need(isinstance(value, str), f'{name} is no text: {value!r}')
        return value
    if name == 'hot' and isinstance(value, bool):
        return int(value)
    need(is_number(value) and value >= 0, f'{name} is no number: {value!r}')
    return value


def check_measure(name, value, case):
    need(value is None or is_number(value), f'{name} is no number: {value!r}')
    # A difference may fall below zero by chance, nothing else does.
    need(value is None or value >= 0 or case in fields.COSTS, f'{name} is below zero: {value}')


def check_names(record):
    for name, allowed in (('case', fields.CASES), ('structure', fields.STRUCTURES)):
        need(name in record, f'no {name}')
        need(record[name] in allowed, f'unknown {name} {record[name]!r}')


def line_of(record, source, where):
    check_names(record)
    parameters = dict(fields.DEFAULTS)
    values = {}
    for name, value in record.items():
        if name in fields.PARAMETERS:
            parameters[name] = parameter(name, value)
        elif name in fields.MEASURES:
            check_measure(name, value, record['case'])
            if value is not None:
                values[name] = value
        else:
            need(name in ('case', 'structure', 'round', 'unsupported', 'why'), f'unknown field {name!r}')
    why = record.get('unsupported') or record.get('why') or ''
    need(isinstance(why, str), f'the reason is no text: {why!r}')
    need(values or why, 'neither a number nor a reason ("unsupported")')
    round_ = record.get('round')
    need(isinstance(round_, int) or not values and round_ is None, 'no round, or it is no number')
    return Line(source, where, record['case'], record['structure'], parameters, round_, values, why)


def objects(path):
    """The JSON objects of a file, each with its place."""
    with open(path, encoding='utf-8', errors='replace') as file:
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            place = f'{path}:{number}'
            try:
                value = json.loads(text)
            except ValueError as error:
                raise BadInput(f'{place}: no JSON: {error}') from None
            if not isinstance(value, dict):
                raise BadInput(f'{place}: no JSON object')
            yield place, value


class Reader:
    """Reads file after file; knows what it has read before."""

    def __init__(self):
        self.raw = Raw()
        self.seen = {}
        self.machine_places = {}

    def machine(self, place, value):
        """One report is of one machine: medians over several would be of none."""
        machine = machine_of(value)
        first, first_place = self.machine_places.setdefault(machine['where'], (machine, place))
        for name in ('kernel', 'cpu_model'):
            need(machine[name] == first[name],
                 f'another machine than {first_place}: {name} {machine[name]!r}, not {first[name]!r}')
        self.raw.machines.append(machine)

    def measurement(self, place, record):
        need(self.raw.machines, 'a measurement before its machine')
        line = line_of(record, len(self.raw.machines) - 1, self.raw.machines[-1]['where'])
        self.raw.lines.append(line)
        if not line.values:
            return
        known = (line.source, line.case, line.structure, tuple(sorted(line.parameters.items())), line.round)
        first_place = self.seen.setdefault(known, place)
        need(first_place == place, f'round {line.round} of {line.case}, {line.structure} was already in {first_place}')

    def file(self, path):
        first = True
        for place, value in objects(path):
            try:
                if 'machine' in value:
                    self.machine(place, value['machine'])
                else:
                    need(not first, 'the first line of a file tells the machine')
                    self.measurement(place, value)
            except BadInput as error:
                raise BadInput(f'{place}: {error}') from None
            first = False


def read(paths):
    reader = Reader()
    for path in paths:
        reader.file(path)
    need(reader.raw.lines, f'no measurement in {", ".join(paths)}')
    return reader.raw
