# SPDX-License-Identifier: GPL-2.0
"""The table on the terminal: 100 columns of plain text."""
from statistics import median

from . import cliff, costs, fields, view, words

WIDTH = 100
INDENT = '  '


def columns(head, lines, texts=1):
    """Aligned lines: the first `texts` columns to the left, the others to the right; narrower where it must be."""
    cells = [head] + lines
    widths = [max(len(line[i]) for line in cells) for i in range(len(head))]
    gap = '  ' if len(INDENT) + sum(widths) + 2 * (len(widths) - 1) <= WIDTH else ' '
    return [gap.join(cell.ljust(width) if i < texts else cell.rjust(width)
                     for i, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in cells]


def table(title, head, lines, texts=1):
    """A section; none where there is nothing to say."""
    return [title, *(INDENT + line for line in columns(head, lines, texts)), ''] if lines else []


def amount(row):
    """What the row is compared by, with its unit unless that is ns."""
    measure = fields.CASES[row['case']]
    value = words.number(row.get(view.column(measure)))
    return f'{value} B' if measure == 'bytes_per_key' else value


def line_of(row, report):
    rival = view.strongest(row)
    target = view.target_of(row, report)
    rival_row = view.same(row, rival, report) if rival else None
    return [' '.join([row['case'], *words.size(row)]), words.count(row['keys']) if 'keys' in row else '',
            str(row.get('threads', '')), amount(row), rival or '-', amount(rival_row) if rival_row else '-',
            words.ratio(view.ratio(row, rival)) if rival else '-', words.ratio(view.ratio(row, 'rhashtable')),
            words.ratio(target['limit']) if target else '', words.mark(target)]


def against_rivals(report, where):
    found = [row for row in view.rows(report, structure=view.OURS, where=where) if row['case'] in view.AGAINST_RIVALS]
    head = ['case', 'keys', 'thr', 'ours', 'strongest rival', 'its', 'ratio', 'to rhash.', 'target', 'met']
    cells = [line_of(row, report) for row in sorted(found, key=lambda row: not view.plain(row))]
    if not any(view.ratio(row, 'rhashtable') for row in found):
        unused = head.index('to rhash.')
        for line in [head] + cells:
            del line[unused]
    # The rival's name is a text among numbers.
    width = max([len(head[4])] + [len(line[4]) for line in cells])
    for line in [head] + cells:
        line[4] = line[4].ljust(width)
    machine = view.machine(report, where)
    place = f'{words.place(where)} ({machine["kernel"]})'
    return table(f'Against the strongest rival, {place}; ns an operation, bytes a key', head, cells)


def spread(report):
    values = [row['spread'] for row in report['cases'] if 'spread' in row]
    runs = [row['run_spread'] for row in report['cases'] if 'run_spread' in row]
    if not values:
        return []
    typical, worst = (words.share(value - 1) for value in (median(values), max(values)))
    said = f'Rounds of a case spread by {typical} (median case), {worst} (worst)'
    if runs:
        said += f'; whole runs by {words.share(median(runs) - 1)} and {words.share(max(runs) - 1)}'
    return [said + '.']


def head(report):
    ping_pong = report['ping_pong_ns']
    lines = [f'{report["cpu_model"] or "an unknown CPU"}, {words.plural(report["cpus"], "CPU")}; a line goes from one '
             f'to another and back in {words.number(ping_pong)} ns']
    if report.get('memory_kb'):
        lines[0] += f'; {report["memory_kb"] // 1024:,} MiB'
    return lines + spread(report) + [
        'Ratios are ours / the rival\'s, the median of paired rounds: below 1, ours is faster or smaller.', '']


def missed(target):
    """One line, and what else is to be known about it."""
    value, bound = words.judged(target, target['measured']), words.limit(target)
    if bound.endswith(' ' + value):
        value = f'{target["measured"]:.3g}' if target['measured'] < 1 else f'{target["measured"]:.4g}'
    why = f' ({target["why"]})' if target.get('why') else ''
    return f'missed: {target["target"]}: {value}, wanted {bound}{why}'


def summary(report):
    tally = view.tally(report)
    return [missed(target) for target in tally.missed] + [
        f'{tally.met} of {tally.all} targets met, {tally.unmeasured} not measured']


def text(report):
    lines = head(report)
    for where in view.measured_places(report):
        lines += against_rivals(report, where)
    for title, names, cells in cliff.sections(report) + costs.sections(report):
        lines += table(title, names, cells)
    return '\n'.join(lines + summary(report)) + '\n'
