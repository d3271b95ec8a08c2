# SPDX-License-Identifier: GPL-2.0
"""Rounds put together: a series is all rounds of one case, structure and set of parameters in one place.

Times move from round to round by more than structures differ, but they move together: so rounds are compared in
pairs, the same round of the same source, and the median of those ratios is what counts.
"""
from dataclasses import dataclass, field
from statistics import median

from . import fields


@dataclass
class Series:
    where: str
    case: str
    structure: str
    parameters: dict
    rounds: dict = field(default_factory=dict)      # (source, round) -> measures
    why: str = ''

    def values(self, name):
        """round -> value, where it was measured."""
        return {round_: measured[name] for round_, measured in self.rounds.items() if name in measured}

    def measures(self):
        return [name for name in fields.MEASURES if self.values(name)]

    def summary(self, name):
        """The median round, or the worst where something is promised of each; None where nothing was measured."""
        values = self.values(name).values()
        if not values:
            return None
        return (max if name in fields.BOUNDS else median)(values)

    def added(self, name):
        """round -> what `name` costs on top, in a case that measures a cost; without `_without`, `ns` is just that."""
        with_it, without = self.values(name), self.values(name + '_without')
        if without:
            return {round_: with_it[round_] - without[round_] for round_ in with_it if round_ in without}
        return with_it if name == 'ns' else {}


class Data:
    """All series."""

    def __init__(self, raw):
        self.all = {}
        for line in raw.lines:
            series = self.all.setdefault(
                key_of(line.where, line.case, line.structure, line.parameters),
                Series(line.where, line.case, line.structure, line.parameters))
            if line.values:
                series.rounds[line.source, line.round] = line.values
            series.why = series.why or line.why

    def __iter__(self):
        return iter(self.all.values())

    def twin(self, series, structure=None, **parameters):
        """The series that differs in these only; None if it was not measured."""
        return self.all.get(key_of(series.where, series.case, structure or series.structure,
                                   {**series.parameters, **parameters}))


def key_of(where, case, structure, parameters):
    return where, case, structure, tuple(sorted(parameters.items()))


def paired(numerator, denominator):
    """The ratios of the rounds that both have; a zero below has none."""
    return [numerator[round_] / denominator[round_] for round_ in numerator if denominator.get(round_)]


def ratios(ours, rival):
    """Paired ratios of what the case is compared by: below 1, ours is faster or smaller."""
    measure = fields.CASES[ours.case]
    above, below = ours.values(measure), rival.values(measure)
    if measure == 'ops_per_second':
        above, below = below, above
    return paired(above, below)
