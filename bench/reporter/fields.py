# SPDX-License-Identifier: GPL-2.0
"""The names that may be in the raw lines: cases, structures, parameters, measures.

A name that is not here is an error: it would pool what differs, or be lost.
"""

# In the order in which they are shown; for each what two structures are compared by, less being better. What is
# compared by ops_per_second is compared by its inverse, the time of an operation.
CASES = {
    'load_hit': 'ns',
    'load_absent': 'ns',
    'load_hit_amended': 'ns',
    'load_absent_amended': 'ns',
    'load_dependent': 'ns',
    'load_batch': 'ns',
    'update_existing': 'ns',
    'insert_fresh': 'ns',
    'delete': 'ns',
    'memory': 'bytes_per_key',
    'longest_hold': 'max_hold_ns',
    'lock_hold': 'hold_p50_ns',
    'mix': 'ops_per_second',
    'mix_open': 'p999_ns',
    'reshard': 'ratio',
    'churn_memory': 'ratio',
    'cost_counters': 'ns',
    'cost_histograms': 'ns',
    'cost_tracepoints': 'ns',
}
# `ns` of these is what is to be paid on top, and may fall below zero by chance; or `ns` is the time with it and
# `ns_without` the time without.
COSTS = ('cost_counters', 'cost_histograms', 'cost_tracepoints')

OURS = ('syncmap-cow', 'syncmap-classic')
RIVALS = (
    'rhashtable', 'rhashtable-tuned', 'hashtable-rwlock', 'hashtable-bucketlock', 'bpf-hash', 'bpf-rhash', 'xarray',
    'go-syncmap-old', 'go-syncmap-new', 'cds-lfht',
)
STRUCTURES = OURS + RIVALS

PLACES = {'uml': 'user-mode Linux', 'host': 'the host'}
# Of each machine. Null where it could not be found out; what is not here (memory_kb, cflags) may be left out.
MACHINE = ('where', 'kernel', 'cpus', 'cpu_model', 'ping_pong_ns')

# What two measurements must have in common to be compared.
PARAMETERS = (
    'keys', 'threads', 'key_size', 'value_size', 'order', 'write_share', 'hot', 'load', 'capacity_share',
    'absent_share', 'operation',
)
TEXTS = ('order', 'load', 'operation')
DEFAULTS = {'key_size': 8, 'value_size': 8, 'order': 'random', 'hot': 0}

MEASURES = (
    'ns', 'ns_without', 'ops', 'ops_per_second', 'p50_ns', 'p99_ns', 'p999_ns', 'max_ns', 'hold_p50_ns',
    'hold_p99_ns', 'max_hold_ns', 'max_copied_bytes_in_one_hold', 'bytes_per_key', 'peak_bytes_per_key', 'bytes',
    'instructions', 'instructions_without', 'ratio', 'entries',
)
# What is promised of each round; of all else the median round counts.
BOUNDS = ('max_copied_bytes_in_one_hold',)
