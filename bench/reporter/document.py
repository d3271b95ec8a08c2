# SPDX-License-Identifier: GPL-2.0
"""The report: what TARGETS.md says report.json has."""
from statistics import median

from . import fields, verdict
from .series import Data, ratios

SCHEMA = 1


def rounded(value):
    """Nine digits: more than any measurement has, and no tails of binary fractions."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    if isinstance(value, float):
        value = float(f'{value:.9g}')
        return int(value) if value.is_integer() else value
    return value


def reported(measure):
    return 'ns_median' if measure == 'ns' else measure


def spread(series):
    """The highest over the lowest of its own rounds; of a cost, which is a difference, there is no such thing."""
    if series.case in fields.COSTS:
        return None
    values = series.values(fields.CASES[series.case]).values()
    return max(values) / min(values) if values and min(values) > 0 else None


def run_spread(series):
    """The same of whole runs, each with its median: how far repeated runs differ."""
    if series.case in fields.COSTS:
        return None
    runs = {}
    for (source, _), value in series.values(fields.CASES[series.case]).items():
        runs.setdefault(source, []).append(value)
    medians = [median(values) for values in runs.values()]
    return max(medians) / min(medians) if len(medians) > 1 and min(medians) > 0 else None


def ratio_to(series, rival):
    values = ratios(series, rival)
    if values:
        return {'median': median(values), 'low': min(values), 'high': max(values), 'pairs': len(values)}
    why = rival.why or series.why or 'no round was measured of both'
    return {'median': None, 'low': None, 'high': None, 'why': why}


def ratios_to(series, data):
    rivals = ((name, data.twin(series, name)) for name in fields.RIVALS)
    return {name: ratio_to(series, rival) for name, rival in rivals if rival}


def case_of(series, data):
    row = {'case': series.case, 'structure': series.structure, 'where': series.where}
    # A hot key is what few cases are about; the others do not have one.
    row.update((name, series.parameters[name]) for name in fields.PARAMETERS
               if name in series.parameters and (name != 'hot' or series.parameters[name]))
    row.update((reported(name), series.summary(name)) for name in series.measures())
    for name in ('ns', 'instructions') if series.case in fields.COSTS else ():
        cost = series.added(name)
        if cost:
            row['added_' + name] = median(cost.values())
    row['rounds'] = len(series.rounds)
    if series.why:
        row.setdefault(reported(fields.CASES[series.case]), None)
        row['why'] = series.why
    for name, value in (('spread', spread(series)), ('run_spread', run_spread(series))):
        if value is not None:
            row[name] = value
    if series.structure in fields.OURS:
        compared = ratios_to(series, data)
        if compared:
            row['ratio_to'] = compared
            row['ratio_of'] = fields.CASES[series.case]
    return row


def order(series):
    places, parameters = list(fields.PLACES), series.parameters
    # What differs from the defaults comes after what does not; absent parameters first.
    return (places.index(series.where), list(fields.CASES).index(series.case),
            [parameters[name] != value for name, value in fields.DEFAULTS.items()],
            [str(parameters.get(name, '')) for name in fields.TEXTS],
            [parameters.get(name, -1) for name in fields.PARAMETERS if name not in fields.TEXTS],
            fields.STRUCTURES.index(series.structure))


def head(machines):
    """What the report is about: the kernel's machine, where there is one."""
    kernels = [machine for machine in machines if machine['where'] == 'uml'] or machines
    times = [machine['ping_pong_ns'] for machine in kernels if machine['ping_pong_ns'] is not None]
    first = kernels[0]
    top = {'schema': SCHEMA, 'kernel': first['kernel'], 'cpus': first['cpus'], 'cpu_model': first['cpu_model'],
           'ping_pong_ns': median(times) if times else None}
    if 'memory_kb' in first:
        top['memory_kb'] = first['memory_kb']
    missing = [name for name, value in top.items() if value is None]
    if missing:
        top['why'] = first.get('why') or f'the machine did not say: {", ".join(missing)}'
    return {**top, 'machines': machines}


def build(raw):
    data = Data(raw)
    return rounded({
        **head(raw.machines),
        'cases': [case_of(series, data) for series in sorted(data, key=order)],
        'targets': verdict.judge_all(data),
    })
