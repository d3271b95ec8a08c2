# SPDX-License-Identifier: GPL-2.0
"""What observing costs: instructions and time on top of an operation."""
from . import fields, view, words


def line_of(row, measure, report):
    target = next((one for one in report['targets'] if one['case'] == row['case'] and one.get('of') == measure
                   and one.get('where', row['where']) == row['where']), None)
    without = row.get(measure + '_without')
    cells = [f'{row["case"]} {words.place(row["where"])}, {words.MEASURES[measure]}',
             words.number(row.get(view.column(measure)) if without is not None else None), words.number(without),
             words.number(row['added_' + measure])]
    if target is None:
        return cells + ['', '']
    bound = 'noise' if target['judge'] == 'noise' else words.limit(target)
    return cells + [bound, words.mark(target)]


def sections(report):
    found = [row for case in fields.COSTS for row in view.rows(report, case=case, structure=view.OURS)]
    lines = [line_of(row, measure, report) for row in found for measure in ('instructions', 'ns')
             if 'added_' + measure in row]
    return [('Costs of observing, an operation', ['', 'with', 'without', 'added', 'target', 'met'], lines)]
