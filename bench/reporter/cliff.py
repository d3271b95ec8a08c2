# SPDX-License-Identifier: GPL-2.0
"""What is left of the cliff: bytes copied, lock holds, throughput and latency as writes grow.

Each section is a title, the names of its columns, and its lines.
"""
from . import fields, view, words

STEEP = (10, 30)        # % of writes between which such maps fall


def verdict_of(report, structure, **wanted):
    """limit and verdict of a target that is about ours only."""
    if structure != view.OURS:
        return ['', '']
    targets = [target for target in report['targets']
               if all(target.get(name) == value for name, value in wanted.items())]
    if not targets:
        return ['', '']
    # All that is wanted of it: a miss shows first, then what was not measured.
    worst = min(targets, key=lambda target: [False, None, True].index(target['met']))
    return [words.limit(targets[0]), words.mark(worst)]


def by_size(report, title, case, measure, show=words.number):
    """A line for each structure, a column for each number of keys."""
    found = [row for row in view.rows(report, where='uml') if view.plain(row) and row.get(measure) is not None
             and 'keys' in row and case in ('any', row['case'])]
    sizes = sorted({row['keys'] for row in found})
    lines = []
    for structure in fields.STRUCTURES:
        cells = []
        for size in sizes:
            values = [row[measure] for row in found if (row['structure'], row['keys']) == (structure, size)]
            cells.append(show(max(values)) if values else '-')
        if set(cells) - {'-'}:
            lines.append([structure, *cells, *verdict_of(report, structure, case=case, of=measure)])
    return title, ['', *map(words.count, sizes), 'target', 'met'], lines


def shares(report, case, **wanted):
    found = [row for row in view.rows(report, case=case, where='uml', **wanted) if view.plain(row)]
    return found, sorted({row['write_share'] for row in found if 'write_share' in row})


def points(found):
    """What else the rows differ in, each once: a section is of one keys and threads."""
    return list(dict.fromkeys((row.get('keys'), row.get('threads')) for row in found))


def loss(values):
    """From the medians of both points; the verdict is from pairs."""
    before, after = (values.get(share) for share in STEEP)
    return words.share(1 - after / before) if before and after is not None else '-'


def throughput(report, keys, threads):
    found, writes = shares(report, 'mix', keys=keys, threads=threads)
    lines = []
    for structure in fields.STRUCTURES:
        values = view.values_of([row for row in found if row['structure'] == structure], 'write_share',
                                'ops_per_second')
        if values:
            target = verdict_of(report, structure, judge='loss_beyond')
            cells = [words.number(values[share] / 1e6) if share in values else '-' for share in writes]
            lines.append([structure, *cells, loss(values), target[1]])
    title = f'mix, {words.point({"keys": keys, "threads": threads})}: million operations a second by share of writes'
    return title, ['', *(f'{share} %' for share in writes), f'lost, {STEEP[0]} to {STEEP[1]} %', 'met'], lines


def shown(found):
    """Ours, rhashtable, and whom we do worst against; the others are in the report."""
    strongest = [view.strongest(row) for row in found if row['structure'] == view.OURS]
    return [name for name in fields.STRUCTURES if name in (*fields.OURS, 'rhashtable', *strongest)]


def open_loop(report):
    found, writes = shares(report, 'mix_open')
    lines = []
    for structure in shown(found):
        for capacity in sorted({row.get('capacity_share', 0) for row in found}):
            own = [row for row in found if row['structure'] == structure and row.get('capacity_share', 0) == capacity]
            for measure, name in (('p99_ns', 'P99'), ('p999_ns', 'P99.9')):
                values = view.values_of(own, 'write_share', measure)
                if not values:
                    continue
                before, after = (values.get(share) for share in STEEP)
                growth = words.ratio(after / before) if before and after is not None else '-'
                lines.append([f'{structure} {name} at {capacity} %',
                              *(words.number(values[share]) if share in values else '-' for share in writes), growth,
                              *verdict_at(report, structure, measure, capacity)])
    title = 'mix_open: ns from the intended start, at a share of rhashtable\'s capacity, by share of writes'
    return title, ['', *(f'{share} %' for share in writes), f'{STEEP[0]} to {STEEP[1]} %', 'target', 'met'], lines


def verdict_at(report, structure, measure, capacity):
    here = {**report, 'targets': [target for target in report['targets']
                                  if target['at'].get('capacity_share') == capacity]}
    return verdict_of(here, structure, case='mix_open', judge='growth', of=measure)


def ratios(report):
    """What is wanted as a ratio, in the targets' own words."""
    targets = [target for target in report['targets'] if target['section'] == 'the cliff'
               and target['measured'] is not None
               and (target['judge'] in ('throughput_to', 'loss_beyond', 'growth', 'ratio_to')
                    or target.get('of') == 'ratio')]
    lines = [[target['target'], words.judged(target, target['measured']), words.limit(target), words.mark(target)]
             for target in targets]
    return 'The cliff in ratios, of paired rounds', ['', 'measured', 'target', 'met'], lines


def sections(report):
    found, _ = shares(report, 'mix')
    return [
        by_size(report, 'The cliff: bytes copied in one hold, by any operation, the same for each size', 'any',
                'max_copied_bytes_in_one_hold'),
        by_size(report, 'longest_hold: ns of the first insert after a promotion, median of rounds',
                'longest_hold', 'max_hold_ns'),
        by_size(report, 'lock_hold: ns of an insert, P50', 'lock_hold', 'hold_p50_ns'),
        by_size(report, 'lock_hold: ns of an insert, P99', 'lock_hold', 'hold_p99_ns'),
        *(throughput(report, keys, threads) for keys, threads in points(found)),
        open_loop(report),
        ratios(report),
    ]
