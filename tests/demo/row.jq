# [stats before, bench, stats after] -> a row of the report; null if the counters are not the load generator's counts.
def parts: [.setup, .counts, .cleanup];
def total(name): [parts[] | .[name]] | add;

.[0].counters as $before | .[1] as $bench | .[2].counters as $after
| ($after | to_entries | map({(.key): (.value - $before[.key])}) | add) as $delta
| ($delta.misses_found + $delta.misses_absent) as $misses
| {
	policy: $policy, write_share: $share,
	ops: $bench.ops,
	hits: $delta.hits, absents: $delta.absents, misses: $misses, promotions: $delta.promotions,
	dirty_copies: $delta.dirty_copies, copied_entries: $delta.copied_entries,
	max_copied_in_one_hold: $after.copied_entries_max,
	max_copied_bytes_in_one_hold: $after.copied_bytes_max,
	p50_ns: ($bench.latency[] | select(.operation == "all") | .p50_ns),
	p99_ns: ($bench.latency[] | select(.operation == "all") | .p99_ns),
	max_ns: ($bench.latency[] | select(.operation == "all") | .max_ns),
	emulated: $bench.emulated
}
| if $delta.hits + $delta.misses_found == ($bench | total("loads_found"))
	and $delta.absents + $delta.misses_absent == ($bench | total("loads_absent"))
	and $delta.inserts == ($bench | total("inserts")) and $delta.deletes == ($bench | total("deletes"))
	and $delta.updates == ($bench | total("updates"))
then . else null end
