# SPDX-License-Identifier: GPL-2.0
"""What is to be reached: the rows of TARGETS.md, in its order, to be compared with it line by line.

A row names its case, the parameters it holds for, what is judged, and the limit: `most` (no more than), `least` (no
less than) or `below`. What a row does not name is as in DEFAULTS; a parameter that neither names may be anything that
was measured, and the worst counts.

A list of parameters makes a target of each; a list of limits goes with the first such list, by place. Parameters
below `together` make one target: each must have been measured, and the worst counts.

`what` says what a ratio that was measured as such is of. What is judged:
    ratio_to        time or bytes of ours / of the rival `against`, the median of paired rounds
    throughput_to   operations a second of ours / of the rival, likewise
    loss_beyond     share of throughput lost from the point `start` to `end`, less that of the rival, likewise
    growth          the measure `of` at the point `end` / at `start`, likewise
    median          the measure `of`, the median of rounds
    highest         the same, the highest of all rounds
    difference      between the highest and the lowest of the highest, in one case
    added           what the measure `of` is higher by with what the case is about, the median of rounds
    noise           the same, but where the middle half of the rounds begins: <= 0 if it is not above the noise
"""

DEFAULTS = {
    'structure': 'syncmap-cow', 'where': 'uml', 'key_size': 8, 'value_size': 8, 'order': 'random', 'hot': 0,
}

SIZES = [10**3, 10**5, 10**6, 10**7]
LARGE = [10**4, 10**5, 10**6, 10**7]
THREADS = [1, 2]
OTHERS = ['bpf-hash', 'bpf-rhash', 'hashtable-rwlock', 'hashtable-bucketlock', 'go-syncmap-old', 'go-syncmap-new',
          'cds-lfht']

RHASHTABLE = {'section': 'against rhashtable', 'judge': 'ratio_to', 'against': 'rhashtable'}
TUNED = {'section': 'against rhashtable, tuned', 'judge': 'ratio_to', 'against': 'rhashtable-tuned'}
# Some of them run on the host only, against our host build.
AHEAD = {'section': 'against all others', 'judge': 'ratio_to', 'against': OTHERS, 'where': None, 'below': 1.0}
CLIFF = {'section': 'the cliff'}
OBSERVING = {'section': 'costs of observing'}

ALL_SIZES = {'together': {'keys': SIZES, 'threads': THREADS}}
MIX = {'keys': 10**5, 'threads': 2}
TO_30 = {'start': {'write_share': 10}, 'end': {'write_share': 30}}

TARGETS = [
    # Against rhashtable
    {**RHASHTABLE, 'case': 'load_hit', 'keys': SIZES, 'threads': THREADS, 'most': [0.55, 0.72, 0.65, 0.70]},
    {**RHASHTABLE, 'case': 'load_absent', 'keys': SIZES, 'threads': THREADS, 'most': 0.50},
    {**RHASHTABLE, 'case': 'load_hit_amended', 'keys': SIZES, 'threads': THREADS, 'most': 0.75},
    {**RHASHTABLE, 'case': 'load_absent_amended', 'keys': SIZES, 'threads': THREADS, 'most': 0.80},
    {**RHASHTABLE, 'case': 'load_dependent', 'threads': THREADS, 'most': 1.00},
    {**RHASHTABLE, 'case': 'load_batch', 'keys': SIZES, 'threads': THREADS, 'most': [0.50, 0.40, 0.20, 0.25]},
    {**RHASHTABLE, 'case': 'update_existing', 'hot': [0, 1], 'threads': 2, 'most': 0.70},
    {**RHASHTABLE, 'case': 'insert_fresh', 'keys': [10**5, 10**6], 'threads': THREADS, 'most': [0.60, 0.30]},
    {**RHASHTABLE, 'case': 'delete', 'threads': THREADS, 'most': 1.00},
    {**RHASHTABLE, 'case': 'memory', 'keys': 10**6, 'most': 1.10},

    # The tuned one
    {**TUNED, 'case': 'load_hit', 'keys': SIZES, 'threads': THREADS, 'most': 1.00},
    {**TUNED, 'case': 'load_absent', 'keys': SIZES, 'threads': THREADS, 'most': 0.80},
    {**TUNED, 'case': 'load_batch', 'keys': 10**6, 'threads': THREADS, 'most': 0.35},

    # Ahead of each of the others in every case above
    {**AHEAD, 'case': 'load_hit', **ALL_SIZES},
    {**AHEAD, 'case': 'load_absent', **ALL_SIZES},
    {**AHEAD, 'case': 'load_hit_amended', **ALL_SIZES},
    {**AHEAD, 'case': 'load_absent_amended', **ALL_SIZES},
    {**AHEAD, 'case': 'load_dependent', 'together': {'threads': THREADS}},
    {**AHEAD, 'case': 'load_batch', **ALL_SIZES},
    {**AHEAD, 'case': 'update_existing', 'threads': 2, 'together': {'hot': [0, 1]}},
    {**AHEAD, 'case': 'insert_fresh', 'together': {'keys': [10**5, 10**6], 'threads': THREADS}},
    {**AHEAD, 'case': 'delete', 'together': {'threads': THREADS}},
    {**AHEAD, 'case': 'memory', 'keys': 10**6},

    # The cliff
    {**CLIFF, 'case': 'any', 'judge': 'highest', 'of': 'max_copied_bytes_in_one_hold', 'keys': LARGE, 'most': 8192},
    {**CLIFF, 'case': 'any', 'judge': 'difference', 'of': 'max_copied_bytes_in_one_hold', 'along': {'keys': LARGE},
     'most': 0},
    {**CLIFF, 'case': 'longest_hold', 'judge': 'median', 'of': 'max_hold_ns', 'keys': LARGE, 'rounds': 20,
     'most': 3000},
    {**CLIFF, 'case': 'longest_hold', 'judge': 'growth', 'of': 'max_hold_ns', 'start': {'keys': 10**4},
     'end': {'keys': 10**7}, 'rounds': 20, 'most': 1.5},
    {**CLIFF, 'case': 'lock_hold', 'judge': 'median', 'of': 'hold_p50_ns', 'keys': [10**5, 10**6, 10**7], 'most': 500},
    {**CLIFF, 'case': 'lock_hold', 'judge': 'median', 'of': 'hold_p99_ns', 'keys': [10**5, 10**6, 10**7],
     'most': 5000},
    {**CLIFF, 'case': 'mix', **MIX, 'judge': 'loss_beyond', 'against': 'rhashtable', **TO_30, 'most': 0.05},
    {**CLIFF, 'case': 'mix', **MIX, 'judge': 'throughput_to', 'against': 'rhashtable',
     'write_share': [1, 10, 20, 30, 50], 'least': [1.3, 1.3, 2.0, 2.0, 2.0]},
    {**CLIFF, 'case': 'mix_open', **MIX, 'judge': 'growth', 'of': 'p99_ns', 'capacity_share': [50, 80], **TO_30,
     'most': 1.5},
    {**CLIFF, 'case': 'mix_open', **MIX, 'judge': 'growth', 'of': 'p999_ns', 'capacity_share': [50, 80], **TO_30,
     'most': 1.5},
    {**CLIFF, 'case': 'mix_open', **MIX, 'judge': 'ratio_to', 'against': 'rhashtable', 'capacity_share': [50, 80],
     'together': {'write_share': [10, 30]}, 'most': 1.0},
    {**CLIFF, 'case': 'reshard', 'keys': 10**6, 'judge': 'highest', 'of': 'max_copied_bytes_in_one_hold',
     'most': 8192},
    {**CLIFF, 'case': 'reshard', 'keys': 10**6, 'judge': 'median', 'of': 'ratio',
     'what': 'longest reader operation, with / without', 'most': 2.0},
    {**CLIFF, 'case': 'churn_memory', 'judge': 'median', 'of': 'ratio', 'what': 'bytes, after / before', 'most': 1.2},

    # Costs of observing
    {**OBSERVING, 'case': 'cost_counters', 'judge': 'added', 'of': 'instructions', 'where': ['host', 'uml'],
     'most': 4},
    {**OBSERVING, 'case': 'cost_counters', 'judge': 'added', 'of': 'ns', 'most': 2},
    {**OBSERVING, 'case': 'cost_histograms', 'judge': 'added', 'of': 'instructions', 'where': None, 'most': 8},
    {**OBSERVING, 'case': 'cost_histograms', 'judge': 'added', 'of': 'ns', 'most': 2},
    {**OBSERVING, 'case': 'cost_tracepoints', 'judge': 'noise', 'of': 'ns', 'most': 0},
]
