# SPDX-License-Identifier: GPL-2.0
"""Numbers and parameters in words, the same everywhere."""
from math import log10

from . import fields

MEASURES = {
    'ns': 'ns', 'instructions': 'instructions', 'ratio': 'ratio', 'p99_ns': 'P99', 'p999_ns': 'P99.9',
    'max_hold_ns': 'ns', 'hold_p50_ns': 'P50 ns', 'hold_p99_ns': 'P99 ns',
    'max_copied_bytes_in_one_hold': 'bytes copied in one hold',
}


def count(value):
    """1e5, or 104,334."""
    power = round(log10(value)) if value else 0
    return f'1e{power}' if power >= 3 and value == 10**power else f'{value:,}'


def number(value):
    """Three digits are what such measurements are good for."""
    if value is None:
        return '-'
    if value == int(value) or abs(value) >= 100:
        return f'{value:,.0f}'
    return f'{value:.1f}' if abs(value) >= 10 else f'{value:.2f}'


def ratio(value):
    return '-' if value is None else f'{value:.2f}'


def share(value):
    return '-' if value is None else f'{100 * value:.0f} %'


def mark(target):
    """Of a target: met or not; nothing where there is none."""
    return {True: 'yes', False: 'NO', None: '?'}[target['met']] if target else ''


def judged(target, value):
    """A value as its target has it."""
    if target['judge'] == 'loss_beyond':
        return share(value)
    if target['judge'] in ('ratio_to', 'throughput_to', 'growth') or target.get('of') == 'ratio':
        return ratio(value)
    return number(value)


def limit(target):
    return f'{target["sign"]} {judged(target, target["limit"])}' if target else ''


def plural(value, noun):
    return f'{value} {noun}{"" if value == 1 else "s"}'


def size(parameters):
    """What keys and values are, where they are not what they are by default."""
    words = []
    if parameters.get('key_size', 8) != 8:
        words.append(f'key {parameters["key_size"]}')
    if parameters.get('value_size', 8) != 8:
        words.append(f'value {parameters["value_size"]}')
    if parameters.get('order', 'random') != 'random':
        words.append(parameters['order'])
    if parameters.get('hot'):
        words.append('hot')
    if parameters.get('absent_share') is not None:
        words.append(f'absent {parameters["absent_share"]} %')
    return words


def point(parameters):
    """All of the parameters: 1e5, 2 threads, 30 % writes."""
    words = []
    if 'keys' in parameters:
        words.append(count(parameters['keys']))
    if 'threads' in parameters:
        words.append(plural(parameters['threads'], 'thread'))
    if 'write_share' in parameters:
        words.append(f'{parameters["write_share"]} % writes')
    if 'capacity_share' in parameters:
        words.append(f'{parameters["capacity_share"]} % of capacity')
    if 'hot' in parameters:
        words.append('hot key' if parameters['hot'] else 'uniform')
    return ', '.join(words + size({name: parameters[name] for name in parameters if name != 'hot'}))


def place(where):
    return f'in {fields.PLACES[where]}' if where == 'uml' else f'on {fields.PLACES[where]}'
