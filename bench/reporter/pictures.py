# SPDX-License-Identifier: GPL-2.0
"""The report's pictures. Places are never mixed in one panel: their times do not compare."""
import os

from . import fields, gnuplot, view, words
from .gnuplot import Panel


def lines_of(found, x, y):
    """structure -> points, of those rows that have both."""
    lines = {}
    for row in found:
        if row.get(x) is not None and row.get(y):
            lines.setdefault(row['structure'], []).append((row[x], row[y]))
    return lines


def plain_rows(report, **wanted):
    return [row for row in view.rows(report, **wanted) if view.plain(row)]


def with_fewest(found, name):
    """Of rows that differ in `name`, too, those with the least of it."""
    values = [row[name] for row in found if name in row]
    return [row for row in found if row.get(name) == min(values)] if values else found


def title(case, where, *more):
    return ', '.join([case, *more, fields.PLACES[where]])


def by_keys(report, case, where, measure, y_label, **more):
    """A panel over the number of keys, or none."""
    found = with_fewest([row for row in plain_rows(report, case=case, where=where) if row.get(measure)], 'threads')
    lines = lines_of(found, 'keys', measure)
    if not lines:
        return []
    threads = [words.plural(found[0]['threads'], 'thread')] if 'threads' in found[0] else []
    panel = Panel(title(case, where, *threads), 'keys', y_label, lines, log_x=True, **more)
    panel.x_names = {x: words.count(x) for x in panel.xs()}
    return [panel]


def rows_of_panels(panels_of):
    """One row of panels for each place that has any."""
    return [panels for panels in map(panels_of, fields.PLACES) if panels]


def lookup(report):
    return rows_of_panels(lambda where: [
        panel for case in ('load_hit', 'load_absent')
        for panel in by_keys(report, case, where, 'ns_median', 'time of a lookup', time=True)])


def bytes_a_key(report):
    return rows_of_panels(lambda where: by_keys(report, 'memory', where, 'bytes_per_key', 'bytes a key'))


def hold(report):
    def panels(where):
        found = by_keys(report, 'longest_hold', where, 'max_hold_ns', 'longest hold of the lock', time=True)
        for panel in found:
            panel.lines = {name: points for name, points in panel.lines.items() if name in fields.OURS}
            panel.limit = next((target['limit'] for target in report['targets'] if target['case'] == 'longest_hold'
                                and target['judge'] == 'median'), None)
        return [panel for panel in found if panel.lines]
    return rows_of_panels(panels)


def latency(report):
    """Of the open loop at the highest load there is; the three quantiles beside each other."""
    def panels(where):
        found = plain_rows(report, case='mix_open', where=where)
        load = max((row.get('capacity_share', 0) for row in found), default=0)
        found = with_fewest([row for row in found if row.get('capacity_share', 0) == load], 'threads')
        return [Panel(title(f'{name} of mix_open, {load} % load', where), 'fresh-key writes, % of operations',
                      'latency from the intended start', lines, time=True)
                for measure, name in (('p50_ns', 'P50'), ('p99_ns', 'P99'), ('p999_ns', 'P99.9'))
                for lines in [lines_of(found, 'write_share', measure)] if lines]
    return rows_of_panels(panels)


def throughput_of(row):
    """Million operations a second of all threads. Where only the time of one operation is known, from that."""
    if row.get('ops_per_second'):
        return row['ops_per_second'] / 1e6
    return row['threads'] / row['ns_median'] * 1e3 if row.get('ns_median') else None


def threads(report):
    def panels(where):
        for case, more in (('load_hit', {'keys': 10**5}), ('mix', {'keys': 10**5, 'write_share': 10})):
            found = [{**row, 'throughput': throughput_of(row)}
                     for row in plain_rows(report, case=case, where=where, **more) if 'threads' in row]
            lines = lines_of(found, 'threads', 'throughput')
            if len({x for points in lines.values() for x, _ in points}) > 1:
                yield Panel(title(f'{case} at {words.point(more)}', where), 'threads', 'million operations a second',
                            lines)
    return rows_of_panels(lambda where: list(panels(where)))


# What is to be seen, and what it takes.
PICTURES = {
    'lookup.svg': (lookup, 'load_hit or load_absent'),
    'latency.svg': (latency, 'mix_open'),
    'hold.svg': (hold, 'longest_hold'),
    'threads.svg': (threads, 'load_hit or mix with two numbers of threads'),
    'bytes.svg': (bytes_a_key, 'memory'),
}


def draw(report, folder):
    """Draw them into `folder`; returns a line for each that was left out."""
    said = []
    for name, (panels, needs) in PICTURES.items():
        path = os.path.join(folder, name)
        grid = panels(report)
        why = gnuplot.draw(grid, path) if grid else f'{needs} was not measured'
        if why:
            said.append(f'{name} is left out: {why}')
            # One of an earlier report would pass for this one's.
            if os.path.exists(path):
                os.remove(path)
    return said
