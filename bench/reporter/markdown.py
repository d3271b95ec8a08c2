# SPDX-License-Identifier: GPL-2.0
"""The README's tables: the sizes of a case in one line, as TARGETS.md has them."""
from . import fields, table, view, words


def line(cells):
    return f'| {" | ".join(cells)} |'


def tabular(names, lines):
    return [line(names), line(['---'] * len(names)), *lines, ''] if lines else []


def several(values):
    """The same for all of them is said once."""
    values = list(values)
    return values[0] if len(set(values)) == 1 else ' / '.join(value or '-' for value in values)


def listed(values):
    """10 / 30 % writes: a unit is said once."""
    parts = [value.split(' ', 1) for value in values]
    if len(parts) > 1 and all(len(part) == 2 and part[1] == parts[0][1] for part in parts):
        return f'{" / ".join(part[0] for part in parts)} {parts[0][1]}'
    return ' / '.join(values)


def marks(targets):
    found = [target['met'] for target in targets if target]
    if not found:
        return ''
    return '**no**' if False in found else 'not measured' if None in found else 'yes'


def hardest(found):
    """The rival that ours does worst against at any of these sizes."""
    worst = max((row for row in found if view.strongest(row)), default=None,
                key=lambda row: view.ratio(row, view.strongest(row)))
    return view.strongest(worst) if worst else None


def rival_line(found, report):
    rival = hardest(found)
    first = found[0]
    targets = [view.target_of(row, report) for row in found]
    rows = [view.same(row, rival, report) if rival else None for row in found]
    hot = ' (hot key)' if first.get('hot') else ''
    return line([f'`{first["case"]}`{hot}', str(first.get('threads', '')),
                 several(words.count(row['keys']) if 'keys' in row else '' for row in found),
                 several(table.amount(row) for row in found), f'`{rival}`' if rival else '-',
                 several(table.amount(row) if row else '-' for row in rows),
                 several(words.ratio(view.ratio(row, rival)) for row in found) if rival else '-',
                 several(words.ratio(view.ratio(row, 'rhashtable')) for row in found),
                 several(words.ratio(target['limit']) if target else '' for target in targets), marks(targets)])


def against_rivals(report, where):
    groups = {}
    for row in view.rows(report, structure=view.OURS, where=where):
        if row['case'] in view.AGAINST_RIVALS and view.plain({**row, 'hot': 0}):
            groups.setdefault((row['case'], row.get('threads'), row.get('hot')), []).append(row)
    names = ['case', 'threads', 'keys', 'ours, ns', 'strongest rival', 'its, ns', 'ratio', 'to rhashtable', 'target',
             'met']
    lines = tabular(names, [rival_line(found, report) for found in groups.values()])
    return [f'{words.place(where).capitalize().replace("linux", "Linux")}:', '', *lines] if lines else []


def target_line(targets):
    """What differs between them is what they are at: sizes, shares."""
    first = targets[0]
    differ = [name for name in first['at'] if len({target['at'].get(name) for target in targets}) > 1]
    if first['judge'] == 'throughput_to':
        measure = 'throughput'
    else:
        measure = words.MEASURES.get(first.get('of') or fields.CASES.get(first['case']), '')
    what = f'{first["case"]}: {measure}' if differ else first['target']
    if first['judge'] == 'growth' and differ:
        what += f', {first["target"].rsplit(" from ", maxsplit=1)[1]}'
    if 'against' in first and differ:
        what += f' vs {first["against"]}'
    if differ:
        what += ' at ' + listed([words.point({name: target['at'][name] for name in differ}) for target in targets])
    return line([what.replace('any: ', 'any operation: '),
                 several(words.judged(target, target['measured']) for target in targets),
                 several(words.limit(target) for target in targets), marks(targets)])


def held(report, section):
    groups = {}
    for target in report['targets']:
        if target['section'] == section:
            key = [target.get(name) for name in ('case', 'judge', 'of', 'against', 'where')]
            groups.setdefault(tuple(key), []).append(target)
    return tabular([section, 'measured', 'target', 'met'], [target_line(targets) for targets in groups.values()])


def text(report):
    lines = []
    for where in view.measured_places(report):
        lines += against_rivals(report, where)
    lines += held(report, 'the cliff') + held(report, 'costs of observing')
    tally = view.tally(report)
    lines += [f'{tally.met} of {tally.all} targets met, {tally.unmeasured} not measured. '
              f'{report["cpu_model"] or "Unknown CPU"}, Linux {report["kernel"]}; ratios are ours / the rival\'s, '
              'the median of paired rounds.']
    return '\n'.join(lines) + '\n'
