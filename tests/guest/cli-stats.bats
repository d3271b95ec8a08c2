#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# syncmap stats, monitor and feature.

bats_require_minimum_version 1.5.0
load helpers
load cli
: "${words:?}"

setup_file() {
	load_module syncmap
}

teardown_file() {
	unload_module syncmap
}

teardown() {
	[ -z "${background:-}" ] || kill "$background" 2>/dev/null || :
	delete_maps
}

# A classic map after two inserts, two misses that promote, and a hit.
use_classic() {
	create c policy classic
	syncmap entry put c x 1 >/dev/null
	syncmap entry put c y 2 >/dev/null
	syncmap entry get c x >/dev/null
	syncmap entry get c y >/dev/null
	syncmap entry get c x >/dev/null
}

@test "stats tells the counters of a map, and the ratios that follow" {
	use_classic
	is '.map == "c" and .shards == 1 and .entries == 2 and .time_ns > 0' stats c
	is '.counters | .hits == 1 and .misses_found == 2 and .misses_absent == 0 and .inserts == 2 and .updates == 0
		and .deletes == 0 and .promotions == 1 and .dirty_copies == 1' stats c
	is '.ratios | .misses_per_hit == 2 and .hit_ratio == 0.333333 and .write_share == 0.4' stats c
	syncmap stats c | grep -qx ' *misses-found  *2'
	syncmap stats c | grep -qx ' *hit-ratio  *33.33%'
	[ "$(syncmap stats c | sed -n '/^counters:/,/^ratios:/s/^  \([^ ]*\) .*/\1/p')" = \
		"$(json '.counters | keys_unsorted[]' stats c | tr _ -)" ]
}

@test "every counter that debugfs has, stats has with the same value" {
	use_classic
	diff <(json '.counters | to_entries[] | "\(.key): \(.value)"' stats c | sort) \
		<(grep -vE '^(time|shards|entries): ' /sys/kernel/debug/syncmap/c/stats | sort)
}

@test "stats without a name is a table of all maps; with shards, of a map's shards" {
	use_classic
	create d shards 8
	syncmap entry load d "$words" >/dev/null
	is '.maps | map(.map) == ["c", "d"]' stats
	is '.maps[1] | .entries == .writes and .loads == 0 and .misses_per_hit == null' stats
	is '.maps[0] | .loads == 3 and .misses == 2 and .writes == 2' stats
	is ".shards | length == 8 and map(.shard) == [range(8)] and (map(.inserts) | add) == $(wc -l <"$words")" stats d shards
	[ "$(syncmap stats d shards | wc -l)" = 10 ]
	refuses 3 'map z: there is no map of this name (attribute map-name: No such file or directory)' stats z
	refuses 3 'map z: there is no map of this name' stats z shards
	refuses 3 'map z: there is no map of this name' stats z watch 1
}

@test "stats watch tells rates, whose sum is what was done" {
	create a
	local out=$BATS_TEST_TMPDIR/out n=0
	: >"$out"
	syncmap -j stats a watch 0.5 count 4 >"$out" &
	background=$!
	wait_for per_second "$out"
	while kill -0 "$background" 2>/dev/null; do
		n=$((n + 1))
		syncmap entry put a "$n" x >/dev/null
	done
	[ "$(jq -s length "$out")" = 4 ]
	jq -es --argjson n "$n" 'all(.schema == 1 and .map == "a" and .seconds > 0) and (.[3].entries - .[0].entries) as $new |
		$new > 0 and (.[1:] | map(.seconds * .per_second.writes) | add - $new | fabs) < 0.01 * $new' "$out"
}

@test "stats watch is a table for people, with the time of day if asked" {
	create a
	syncmap stats a watch 0.01 count 21 >"$BATS_TEST_TMPDIR/out"
	[ "$(grep -c '^MAP ' "$BATS_TEST_TMPDIR/out")" = 2 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" = 23 ]
	syncmap -t stats a watch 0.01 count 1 | tail -n 1 | grep -qE '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]{15}[+-]'
	syncmap -j -t stats a watch 0.01 count 1 | jq -e '.time_of_day | startswith("20")'
	refuses 1 "the interval is '0': it must be seconds" stats a watch 0
	refuses 1 "the interval is 'soon': it must be seconds" stats a watch soon
	refuses 1 "'all' is not what to show of statistics; that is one of: watch, shards" stats a all
}

# Begin to monitor with these words, into the file $out.
monitor() {
	out=$BATS_TEST_TMPDIR/out
	: >"$out"
	syncmap "$@" >"$out" &
	background=$!
	wait_for listening "$out"
}

@test "monitor tells what happens to maps, in its order" {
	monitor -j monitor count 4
	create a max-entries 5
	syncmap map set a max-entries 7 >/dev/null
	syncmap map clear a
	syncmap map delete a
	wait "$background"
	[ "$(jq -s -c 'map([.schema, .event, .map, .max_entries])' "$out")" = \
		'[[1,"listening",null,null],[1,"map-created","a",5],[1,"map-changed","a",7],[1,"map-cleared","a",7],[1,"map-deleted","a",7]]' ]
}

@test "monitor tells of promotions and dirty copies, of one map if asked, with the time of day if asked" {
	monitor -j -t monitor map c
	create other
	use_classic
	syncmap entry put c z 3 >/dev/null
	wait_for '"copied_entries":2' "$out"
	wait_for promotion "$out"
	kill "$background"
	jq -es 'all(.time_of_day | startswith("20")) and (.[1:] | all(.map == "c")) and
		(map(select(.event == "promotion").count) | add) == 1 and
		(map(select(.event == "dirty-copy") | .count) | add) == 2 and
		(map(select(.event == "dirty-copy") | .copied_entries) | add) == 2' "$out"
}

@test "monitor in text is one line an event" {
	monitor monitor count 2
	create a
	syncmap map delete a
	wait "$background"
	[ "$(cut -d ' ' -f 1-3 "$out")" = $'listening\nmap-created map a\nmap-deleted map a' ]
	refuses 1 'count is 0: it must be from 1' monitor count 0
}

@test "without privilege there is nothing to monitor" {
	run --separate-stderr as_nobody syncmap monitor count 1
	[ "$status" = 2 ]
	[ -z "$output" ]
	# shellcheck disable=SC2154 # set by run
	[ "$stderr" = 'syncmap: the group of events: Operation not permitted: this needs CAP_NET_ADMIN (root)' ]
}

@test "feature tries out what this kernel has" {
	local present
	present=$(json '.features | map(select(.present).feature) | join(" ")' feature)
	[[ " $present " = *' module kernel-btf module-btf tracepoints debugfs bpf-ringbuf bpf-tracing kfuncs '* ]]
	is '.features[] | select(.feature == "tracepoints").detail ==
		"dirty_copy_begin dirty_copy_end insert load_miss promotion reshard"' feature
	is '.features | all(.detail != "")' feature
	syncmap feature | grep -q '^kernel-btf  *yes  */sys/kernel/btf/vmlinux$'
	[ "$(as_nobody syncmap -j feature | jq -c '.features[] | select(.feature == "bpf-ringbuf").present')" = false ]
}

@test "feature names the tier that observers of cache lines will use" {
	is '(.features | map(select(.present).feature)) as $present | .tier ==
		(if $present | contains(["pmu", "load-sampling"]) then "pmu"
		elif $present | contains(["watchpoints"]) then "watchpoints" else "model" end)' feature
	syncmap feature | grep -qxE 'tier +(pmu|watchpoints|model)'
}
