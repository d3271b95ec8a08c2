# SPDX-License-Identifier: GPL-2.0
"""Panels beside each other in one SVG, with one legend: what to tell gnuplot."""
import subprocess
from dataclasses import dataclass, field
from math import floor, log10

# Okabe and Ito's colours, which colour-blind readers tell apart too. A family has a colour; its second member is
# dashed and has an open mark. Ours is the strongest line, and the only thick one.
BLUE, RED, BLACK, GREEN, PINK, ORANGE, SKY, GREY = (
    '#0072B2', '#D55E00', '#000000', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#7F7F7F')
# colour, width, dash, mark
STYLES = {
    'syncmap-cow': (BLUE, 4, 1, 7),
    'syncmap-classic': (RED, 2, 1, 5),
    'rhashtable': (BLACK, 1.5, 1, 9),
    'rhashtable-tuned': (BLACK, 1.5, 2, 8),
    'hashtable-rwlock': (GREEN, 1.5, 1, 11),
    'hashtable-bucketlock': (GREEN, 1.5, 2, 10),
    'bpf-hash': (PINK, 1.5, 1, 13),
    'bpf-rhash': (PINK, 1.5, 2, 12),
    'xarray': (GREY, 1.5, 1, 2),
    'go-syncmap-old': (ORANGE, 1.5, 1, 5),
    'go-syncmap-new': (ORANGE, 1.5, 2, 4),
    'cds-lfht': (SKY, 1.5, 1, 1),
}

WIDTH, HEIGHT, LEGEND = 420, 350, 240      # of a panel, and of the legend beside them
LEFT, RIGHT, TOP, BOTTOM = 104, 14, 44, 58  # margins of a panel


@dataclass
class Panel:
    title: str
    x_label: str
    y_label: str
    lines: dict                                 # structure -> [(x, y)]
    log_x: bool = False
    time: bool = False                          # ns on a logarithmic axis; else linear from 0
    x_names: dict = field(default_factory=dict) # x -> what is written there
    limit: float = None                         # a target, drawn as a line

    def xs(self):
        return sorted({x for points in self.lines.values() for x, _ in points})

    def ys(self):
        return [y for points in self.lines.values() for _, y in points] + ([self.limit] if self.limit else [])


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def time_name(value):
    for unit, size in (('s', 1e9), ('ms', 1e6), ('µs', 1e3)):
        if value >= size:
            return f'{value / size:g} {unit}'
    return f'{value:g} ns'


def time_axis(values):
    """Range and marks of a logarithmic axis: 1, 2, 5 while they have room, powers of ten beyond."""
    low, high = floor(log10(min(values))), floor(log10(max(values))) + 1
    steps = (1, 2, 5) if high - low <= 3 else (1,)
    marks = [step * 10.0**power for power in range(low, high + 1) for step in steps]
    bottom = max(mark for mark in marks if mark <= min(values))
    top = min(mark for mark in marks if mark >= max(values))
    if top == bottom:
        bottom, top = bottom / 2, top * 2
    # A mark at the very end of an axis may get lost.
    names = ', '.join(f'{quoted(time_name(mark))} {mark:g}' for mark in marks if bottom <= mark <= top)
    return [f'set yrange [{bottom * 0.98:g}:{top * 1.02:g}]', 'set logscale y', f'set ytics ({names})']


def x_axis(panel):
    xs = panel.xs()
    if panel.log_x:
        span = [f'set xrange [{xs[0] / 1.6:g}:{xs[-1] * 1.6:g}]', 'set logscale x']
    else:
        room = (xs[-1] - xs[0]) * 0.06 or 1
        span = [f'set xrange [{xs[0] - room:g}:{xs[-1] + room:g}]']
    names = ', '.join(f'{quoted(panel.x_names.get(x, f"{x:g}"))} {x:g}' for x in xs)
    return span + [f'set xtics ({names})']


def block(name, points):
    return [f'${name} << END', *(f'{x:.9g} {y:.9g}' for x, y in points), 'END']


def margins(row, column, width, height):
    """Of a panel's axes, in shares of the picture; rows are counted from the top."""
    left, top = column * WIDTH, row * HEIGHT
    return [f'set lmargin at screen {(left + LEFT) / width:.4f}',
            f'set rmargin at screen {(left + WIDTH - RIGHT) / width:.4f}',
            f'set tmargin at screen {1 - (top + TOP) / height:.4f}',
            f'set bmargin at screen {1 - (top + HEIGHT - BOTTOM) / height:.4f}']


def in_order(structures):
    """Ours is drawn last, over all others."""
    return [name for name in reversed(STYLES) if name in structures]


def look(structure):
    colour, width, dash, mark = STYLES[structure]
    size = 0.8 if width > 2 else 0.6
    return f'lc rgb {quoted(colour)} lw {width} dt {dash} pt {mark} ps {size}'


def panel_script(panel, times, number):
    lines, plots = [], []
    for structure in in_order(panel.lines):
        name = f'p{number}_{structure.replace("-", "_")}'
        lines += block(name, sorted(panel.lines[structure]))
        plots.append(f'${name} using 1:2 with linespoints {look(structure)} notitle')
    lines += [f'set title {quoted(panel.title)}', f'set xlabel {quoted(panel.x_label)}',
              f'set ylabel {quoted(panel.y_label)}', *x_axis(panel)]
    lines += time_axis(times) if panel.time else ['set yrange [0:*]', 'set ytics auto']
    if panel.limit:
        plots.insert(0, f'{panel.limit:g} with lines lc rgb {quoted(GREY)} lw 1.5 dt 2 notitle')
    return lines + ['plot ' + ', \\\n     '.join(plots), 'unset logscale']


def legend_script(structures, limit, columns, width):
    """A panel without axes. A legend beside the panels serves all of them."""
    left = columns * WIDTH / width
    entries = [f'keyentry with linespoints {look(name)} title {quoted(name)}' for name in STYLES if name in structures]
    if limit:
        entries.append(f'keyentry with lines lc rgb {quoted(GREY)} lw 1.5 dt 2 title {quoted("target")}')
    return [f'set lmargin at screen {left:.4f}', 'set rmargin at screen 1', 'set tmargin at screen 1',
            'set bmargin at screen 0', 'unset title', 'unset xlabel', 'unset ylabel', 'unset border',
            'unset xtics', 'unset ytics', 'unset grid', 'set xrange [0:1]', 'set yrange [0:1]',
            'set key at graph 0.04, graph 0.9 left top Left reverse samplen 3 spacing 1.2',
            # gnuplot wants something to plot beside its entries: a line out of sight.
            'plot -1 with lines notitle, \\\n     ' + ', \\\n     '.join(entries)]


def script(grid, path):
    """`grid`: rows of panels."""
    columns = max(len(row) for row in grid)
    width, height = columns * WIDTH + LEGEND, len(grid) * HEIGHT
    lines = ['set encoding utf8', f'set output {quoted(path)}',
             f'set terminal svg size {width},{height} font "sans,12" background "white" noenhanced',
             'set border 3', 'set tics nomirror', 'set grid ytics lt 1 dt 1 lc rgb "#dddddd" lw 1', 'set multiplot']
    panels = [panel for row in grid for panel in row]
    for number, (row, column) in enumerate((i, j) for i, line in enumerate(grid) for j in range(len(line))):
        # Times beside each other are on the same axis.
        times = [y for panel in grid[row] if panel.time for y in panel.ys()]
        lines += margins(row, column, width, height) + panel_script(panels[number], times, number)
    structures = {name for panel in panels for name in panel.lines}
    lines += legend_script(structures, any(panel.limit for panel in panels), columns, width)
    return '\n'.join(lines + ['unset multiplot']) + '\n'


def draw(grid, path):
    """Why it could not be drawn; None if it was."""
    try:
        done = subprocess.run(['gnuplot'], input=script(grid, path), text=True, capture_output=True, check=False)
    except FileNotFoundError:
        return 'there is no gnuplot (the package gnuplot-nox has it)'
    return None if done.returncode == 0 else f'gnuplot: {" ".join(done.stderr.split())}'
