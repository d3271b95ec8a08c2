# SPDX-License-Identifier: GPL-2.0
"""What table, README and pictures look up in a report."""
from dataclasses import dataclass

from . import fields

LOOKUPS = ('load_hit', 'load_absent', 'load_hit_amended', 'load_absent_amended', 'load_dependent', 'load_batch')
AGAINST_RIVALS = (*LOOKUPS, 'update_existing', 'insert_fresh', 'delete', 'memory')
OURS = 'syncmap-cow'


def rows(report, **wanted):
    """The cases that have all of these; a None is not there, or null."""
    return [row for row in report['cases'] if all(row.get(name) == value for name, value in wanted.items())]


def plain(row):
    """Nothing special about keys, values and their order."""
    return all(row.get(name, value) == value for name, value in fields.DEFAULTS.items()) and 'absent_share' not in row


def values_of(found, name, measure):
    """name -> measure of these rows, where there is one."""
    return {row[name]: row[measure] for row in found if name in row and row.get(measure) is not None}


def column(measure):
    return 'ns_median' if measure == 'ns' else measure


def same(row, structure, report):
    """The row of another structure, with the same parameters."""
    parameters = {name: row.get(name) for name in fields.PARAMETERS}
    found = rows(report, case=row['case'], where=row['where'], structure=structure, **parameters)
    return found[0] if found else None


def strongest(row):
    """The rival that ours does worst against; None if there was none."""
    ratios = {name: ratio['median'] for name, ratio in row.get('ratio_to', {}).items() if ratio['median'] is not None}
    return max(ratios, key=ratios.get) if ratios else None


def ratio(row, rival):
    return row.get('ratio_to', {}).get(rival, {}).get('median')


def target_of(row, report, judge='ratio_to', **wanted):
    """The target that is about just this row, against rhashtable unless said otherwise."""
    wanted = {'against': 'rhashtable', **wanted}
    for target in report['targets']:
        at = {'key_size': 8, 'value_size': 8, 'order': 'random', 'hot': 0, **target['at']}
        if target['case'] == row['case'] and target['judge'] == judge and \
                target.get('where', row['where']) == row['where'] and \
                all(target.get(name) == value for name, value in wanted.items()) and \
                all(row.get(name, fields.DEFAULTS.get(name)) == value for name, value in at.items()):
            return target
    return None


@dataclass
class Tally:
    met: int
    missed: list
    unmeasured: int
    all: int


def tally(report):
    targets = report['targets']
    return Tally(sum(target['met'] is True for target in targets),
                 [target for target in targets if target['met'] is False],
                 sum(target['met'] is None for target in targets), len(targets))


def machine(report, where):
    return next((one for one in report['machines'] if one['where'] == where), None)


def measured_places(report):
    return [where for where in fields.PLACES if any(row['where'] == where for row in report['cases'])]
