#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The load generator: what it does, what it counts, what it refuses.

bats_require_minimum_version 1.5.0
load helpers

folder=/sys/kernel/debug/syncmap_bench

setup_file() {
	mark_log
	load_module syncmap
	load_module syncmap_bench
}

teardown_file() {
	unload_module syncmap_bench
	unload_module syncmap
}

teardown() {
	syncmap map delete test >/dev/null 2>&1 || :
}

create() {
	syncmap map create test "$@" >/dev/null
}

# bench WORD...: a run, whose JSON is then in $result, flat: result[counts_inserts]
bench() {
	local name value
	declare -gA result=()
	while IFS=$'\t' read -r name value; do
		result[$name]=$value
	done < <(syncmap -j bench "$@" | flat)
	[ "${result[schema]}" = 1 ]
}

# JSON as "a_b<TAB>value" lines; the rows of a table are named by their operation.
flat() {
	jq -r '(.latency |= (map({(.operation): .}) | add // {})) |
		paths(scalars) as $path | "\($path | join("_"))\t\(getpath($path))"'
}

# counter NAME: of the map "test".
counter() {
	sed -n "s/^$1: //p" /sys/kernel/debug/syncmap/test/stats
}

# sum NAME: of a count over setup, run and cleanup.
sum() {
	echo $((${result[setup_$1]} + ${result[counts_$1]} + ${result[cleanup_$1]}))
}

# Every load, update, insert and delete of the run is in the map's counters, and nothing else.
counters_agree() {
	local name value
	declare -A counter=()
	while IFS=': ' read -r name value; do
		counter[$name]=$value
		echo "$name $value"
	done </sys/kernel/debug/syncmap/test/stats
	declare -p result
	[ $((counter[hits] + counter[misses_found])) = "$(sum loads_found)" ]
	[ $((counter[absents] + counter[misses_absent])) = "$(sum loads_absent)" ]
	[ "${counter[updates]}" = "$(sum updates)" ]
	[ "${counter[inserts]}" = "$(sum inserts)" ]
	[ "${counter[deletes]}" = "$(sum deletes)" ]
	[ "${counter[entries]}" = $((counter[inserts] - counter[deletes])) ]
}

mix="keys 5000 update 10 insert 15 delete 10 absent 10 recent 20"

for_policy() {
	create policy "$@"
	# shellcheck disable=SC2086 # words
	bench map test $mix ops 100000 keep
	[ "${result[ops]}" = 100000 ]
	local count=0 name
	for name in loads_found loads_absent updates inserts deletes; do
		[ "${result[counts_$name]}" -gt 0 ]
		count=$((count + ${result[counts_$name]}))
	done
	((count + result[counts_deletes_absent] == 100000))
	[ "${result[counts_wrong_values]}" = 0 ]
	counters_agree
}

# reshard_while OPS: a run of so many operations, on a map that is resharded; sets resharded, how often it was.
reshard_while() {
	local driver shards
	create shards 1
	(
		trap 'exit 0' TERM
		while :; do
			for shards in 16 1 64 4; do
				syncmap reshard test $shards >/dev/null || exit
				echo "$shards"
			done
		done
	) >"$BATS_TEST_TMPDIR/resharded" &
	driver=$!
	# shellcheck disable=SC2086 # words
	bench map test threads 3 $mix ops "$1"
	kill $driver
	wait $driver
	resharded=$(wc -l <"$BATS_TEST_TMPDIR/resharded")
}

@test "counters are exact for a map that is resharded meanwhile" {
	local turns=100000 resharded=0
	# how many fit in a run is the machine's affair
	while [ "$resharded" -lt 3 ]; do
		reshard_while $turns
		counters_agree
		syncmap map delete test
		turns=$((turns * 4))
	done
}

@test "cow: the map's counters are the generator's, to the unit" {
	for_policy cow
}

@test "cow, 1 shard: the map's counters are the generator's, to the unit" {
	for_policy cow shards 1
}

@test "classic: the map's counters are the generator's, to the unit" {
	for_policy classic
	[ "$(counter promotions)" -gt 0 ]
	[ "$(counter misses_found)" -gt 0 ]
}

@test "seconds end a run, in all threads" {
	bench keys 1000 seconds 0.5
	[ "${result[elapsed_ns]}" -ge 500000000 ]
	[ "${result[ops]}" -gt 0 ]
	[ "${result[counts_loads_found]}" = "${result[ops]}" ]
}

# about COUNT PERCENT: of 100,000 draws; 4 standard deviations are at most 0.63 %
about() {
	echo "$1 is about $2 %"
	[ "$1" -gt $(($2 * 1000 - 650)) ]
	[ "$1" -lt $(($2 * 1000 + 650)) ]
}

@test "shares are kept" {
	bench keys 1000 load 40 update 30 insert 20 delete 10 ops 100000
	about "${result[counts_loads_found]}" 40
	about "${result[counts_updates]}" 30
	about "${result[counts_inserts]}" 20
	about "${result[counts_deletes]}" 10
}

@test "with as many deletes as inserts the map keeps its size" {
	create
	bench map test keys 2000 backlog 100 insert 25 delete 25 ops 100000 threads 2 keep
	entries=$(counter entries)
	echo "$entries"
	# each thread begins with an insert
	[ "$entries" -ge 2200 ]
	[ "$entries" -le 2202 ]
}

@test "absent and recent are shares of the loads" {
	bench keys 1000 absent 25 ops 100000
	about "${result[counts_loads_absent]}" 25
	bench keys 1000 recent 50 backlog 10 ops 10000
	[ "${result[counts_loads_found]}" = 10000 ]
}

@test "warming up promotes what was inserted" {
	create policy classic
	bench map test keys 3000 ops 4 keep
	[ "$(counter promotions)" = 1 ]
	[ "$(counter hits)" -ge 4 ]
	bench map test keys present ops 1000 cold
	[ "${result[setup_loads_found]}" = 0 ]
	[ "$(counter promotions)" = 1 ]
}

@test "an existing map is left as it was" {
	create
	syncmap entry put test key1 value1
	syncmap entry put test key2 value2
	syncmap -j entry dump test | sort >"$BATS_TEST_TMPDIR/before"
	syncmap bench map test keys 1000 insert 20 delete 10 ops 20000
	syncmap -j entry dump test | sort | diff "$BATS_TEST_TMPDIR/before" -
	[ "$(counter inserts)" -gt 2000 ]
}

@test "the keys that a map has can be the resident ones" {
	create
	syncmap entry put test short 1
	syncmap entry put test a-much-longer-key-than-the-others 2
	bench map test keys present ops 10000
	[ "${result[keys]}" = 2 ]
	[ "${result[counts_loads_found]}" = 10000 ]
	[ "${result[counts_wrong_values]}" = 0 ]
	[ "$(counter inserts)" = 2 ]
}

@test "an empty map has no keys to be the resident ones" {
	create
	run -2 syncmap bench map test keys present
	[[ $output == *"keys=present: the map has none"* ]]
}

@test "refused stores are counted, not hidden" {
	create max-entries 1000
	bench map test keys 900 insert 50 ops 10000 threads 2 keep
	[ "${result[counts_errors_enospc]}" -gt 0 ]
	((result[counts_loads_found] + result[counts_inserts] + result[counts_errors_enospc] == 10000))
	[ "${result[counts_inserts]}" = 100 ]
	[ "$(counter entries)" = 1000 ]
}

@test "a map that cannot hold the resident keys is no run" {
	create max-entries 100
	run -2 syncmap bench map test keys 1000 ops 1000
	[[ $output == *"store of a key of 8 bytes: -ENOSPC"* ]]
	[ "$(counter entries)" = 0 ]
}

@test "keys and values of every size" {
	for size in 4 5 8 16 255; do
		bench keys 2000 key "$size" value 100 insert 10 delete 10 ops 10000
		((result[counts_loads_found] + result[counts_inserts] + result[counts_deletes] == 10000))
		[ "${result[counts_wrong_values]}" = 0 ]
	done
	bench keys 100 value 4096 update 50 ops 1000
	[ "${result[counts_wrong_values]}" = 0 ]
	bench keys 100 value 0 update 50 ops 1000
	((result[counts_updates] + result[counts_loads_found] == 1000))
}

@test "a map of other key sizes refuses the run, by name" {
	create key 16
	run -2 syncmap bench map test keys 10
	[[ $output == *"store of a key of 8 bytes: -EINVAL"* ]]
	syncmap bench map test keys 10 key 16 ops 100
}

@test "Zipf's keys are all there, and counted" {
	create
	bench map test keys 20000 dist zipf 1.2 update 50 ops 50000 keep
	[ "${result[dist]}" = zipf ]
	((result[counts_loads_found] + result[counts_updates] == 50000))
	counters_agree
}

@test "times are in order, and as many as were sampled" {
	bench keys 1000 update 30 insert 10 delete 10 ops 32000 threads 2
	[ "${result[latency_all_timed]}" = 32000 ]
	for op in load update insert delete all; do
		[ "${result[latency_${op}_p50_ns]}" -gt 0 ]
		[ "${result[latency_${op}_p50_ns]}" -le "${result[latency_${op}_p99_ns]}" ]
		[ "${result[latency_${op}_p99_ns]}" -le "${result[latency_${op}_p999_ns]}" ]
		[ "${result[latency_${op}_p999_ns]}" -le "${result[latency_${op}_max_ns]}" ]
		[ "${result[latency_${op}_mean_ns]}" -le "${result[latency_${op}_max_ns]}" ]
	done
	bench keys 1000 ops 32000 threads 2 sample 16
	[ "${result[latency_load_timed]}" = 2000 ]
	bench keys 1000 ops 32000 sample 0
	[ -z "${result[latency_all_timed]}" ]
}

@test "what is measured in emulation is called so" {
	bench keys 100 ops 1000
	if grep -q 'QEMU TCG' /proc/cpuinfo; then
		[ "${result[emulated]}" = true ]
	else
		[ "${result[emulated]}" = false ]
	fi
}

# seeded SEED: what a run of one thread counts
seeded() {
	bench keys 1000 update 20 insert 20 absent 20 ops 20000 threads 1 seed "$1"
	echo "${result[counts_loads_found]} ${result[counts_loads_absent]} ${result[counts_updates]} ${result[counts_inserts]}"
}

@test "one seed gives the same operations" {
	first=$(seeded 7)
	[ "$(seeded 7)" = "$first" ]
	[ "$(seeded 8)" != "$first" ]
}

# A run until it is ended, once its load has begun: the map that it makes has hits then.
start_endless() {
	local name value hits=0
	syncmap -j bench keys 1000 cold seconds 3600 "$@" >"$BATS_TEST_TMPDIR/json" 3>&- &
	runner=$!
	until [ "$hits" -gt 5000 ]; do
		kill -0 "$runner"
		while IFS=': ' read -r name value; do
			[ "$name" != hits ] || hits=$value
		done 2>/dev/null </sys/kernel/debug/syncmap/bench/stats || :
	done
}

@test "threads are pinned, one to a CPU" {
	start_endless threads 2
	for cpu in 0 1; do
		pid=$(pgrep -x "syncmap_bench/$cpu")
		grep -P "^Cpus_allowed_list:\t$cpu\$" "/proc/$pid/status"
	done
	kill -INT "$runner"
	wait "$runner"
}

@test "a signal ends a run early, and leaves its result and no map" {
	start_endless threads 1
	run -2 syncmap bench name other ops 100
	[[ $output == *"another run is going on"* ]]
	run rmmod syncmap_bench
	[ "$status" != 0 ]
	kill -INT "$runner"
	wait "$runner"
	jq -e '.interrupted and .ops > 5000' "$BATS_TEST_TMPDIR/json"
	[ ! -e /sys/kernel/debug/syncmap/bench ]
	syncmap bench ops 100
}

@test "a killed run leaves neither threads nor a map" {
	start_endless threads 1
	kill -KILL "$runner"
	wait "$runner" || :
	run ! pgrep syncmap_bench
	[ ! -e /sys/kernel/debug/syncmap/bench ]
}

@test "the files: a line in, the result out, the error told" {
	exec 4<>$folder/run
	echo "keys=100 ops=1000" >&4
	[ -e /sys/kernel/debug/syncmap/bench/stats ]
	grep -qx 'ops: 1000' $folder/run
	[ -z "$(cat $folder/error)" ]
	exec 4>&-
	[ ! -e /sys/kernel/debug/syncmap/bench ]
	run ! sh -c "echo keys=0 >$folder/run"
	grep -q '^keys=0: a whole number from 1' $folder/error
}

@test "a bad line is refused with EINVAL, by the word that is wrong" {
	while IFS='|' read -r line reason; do
		echo "<$line> <$reason>"
		! echo "$line" 2>/dev/null >$folder/run || false
		[[ $(<$folder/error) == *"$reason"* ]]
	done <<-'LINES'
		foo|foo: key=value is wanted
		foo=1|foo: unknown word
		load=1 load=2|load= given twice
		load=50|load, update, insert and delete add to 50.00 percent, not to 100
		insert=60 update=60|add to 120.00 percent
		load=100.001|load=100.001: a number from
		load=1e1|load=1e1: a number from
		insert=-1|insert=-1: a number from
		absent=60 recent=60|add to more than 100 percent
		keys=0|keys=0: a whole number from 1
		keys=0x10|keys=0x10: a whole number from 1
		keys=|keys=: a whole number from 1
		ops=99999999999999999999|ops=99999999999999999999: a whole number from 1
		ops=1 seconds=1|seconds= or ops=, not both
		seconds=0|seconds=0: a number from 0.001
		threads=0|threads=0: a whole number from 1
		threads=100000|threads=100000: a whole number from 1
		ops=1 threads=2|at least one for each of 2 threads
		key_size=3|key_size=3: a whole number from 4 to 255
		key_size=256|key_size=256: a whole number from 4 to 255
		value_size=4097|value_size=4097: a whole number from 0 to 4096
		policy=fast|policy=fast: cow or classic is wanted
		policy=classic max_entries=1000001|max_entries=1000001: a classic map has at most 1000000
		shards=3|shards=3: a power of two, or auto, is wanted
		shards=8192|shards=8192: a whole number from 1 to 4096
		align=page|align=page: packed or line is wanted
		dist=normal|dist=normal: uniform or zipf is wanted
		theta=1|theta= is for dist=zipf
		dist=zipf theta=4.1|theta=4.1: a number from
		name=a/b|name=a/b: a map's name is
		map=test policy=cow|policy= is for a map that the run makes
		keys=present|keys=present needs map=
		keep=1|keep=1 needs map=
		warm=yes|warm=yes: 0 or 1 is wanted
	LINES
	[ ! -e /sys/kernel/debug/syncmap/bench ]
}

@test "a name that is taken, a map that is not there" {
	create
	run -2 syncmap bench name test
	[[ $output == *"name=test: there is such a map; map= uses it"* ]]
	run -3 syncmap bench map nothing
	[[ $output == *"there is no map of this name"* ]]
}

@test "a wrong word is wrong usage" {
	run -1 syncmap bench speed 9
	[[ $output == *"'speed' is not a word"* ]]
	run -1 syncmap bench keys
	run -1 syncmap bench keys '1 map=x'
	[[ $output == *"it has a blank in it"* ]]
}

@test "without the module, the tool says what is missing" {
	unload_module syncmap_bench
	run -2 syncmap bench ops 1
	[[ $output == *"the load generator is not loaded: insmod syncmap_bench.ko"* ]]
	load_module syncmap_bench
}

@test "no test left a warning in the kernel's log" {
	[ -z "$(splats)" ]
}
