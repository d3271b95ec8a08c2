#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# syncmap reshard: the number of shards of a map in use.
# shellcheck disable=SC2154 # stderr is set by run

bats_require_minimum_version 1.5.0
load helpers
load cli
: "${words:?}"

setup_file() {
	load_module syncmap
}

setup() {
	mark_log
}

teardown() {
	delete_maps
	[ -z "$(splats)" ]
}

teardown_file() {
	unload_module syncmap
}

# phases MAP N: the phases that resharding prints, a line each.
phases() {
	syncmap -j reshard "$@" | jq -r '"\(.event) \(.map) \(.phase) \(.from_shards) \(.to_shards)"'
}

@test "it prints the phases of each step, up and down" {
	create m shards 1
	[ "$(phases m 4)" = 'reshard m prepare 1 2
reshard m publish 1 2
reshard m drain 1 2
reshard m prepare 2 4
reshard m publish 2 4
reshard m drain 2 4
reshard m done 1 4' ]
	is '.shards == 4 and .auto == false' map show m
	[ "$(phases m 2)" = 'reshard m prepare 4 2
reshard m publish 4 2
reshard m drain 4 2
reshard m done 4 2' ]
	is '.shards == 2' map show m
	[ "$(phases m 2)" = 'reshard m done 2 2' ]
}

@test "text has the same, with durations" {
	create m shards 1
	run -0 syncmap reshard m 2
	[ "${#lines[@]}" = 4 ]
	[[ ${lines[0]} =~ ^reshard\ +map\ m\ .*phase\ prepare\ .*from-shards\ 1\ .*to-shards\ 2\ .*duration ]]
	[[ ${lines[3]} = *'phase done'* ]]
	syncmap -j reshard m 1 | jq -es 'map(.duration_ns) | all(. >= 0) and length == 4'
}

@test "a number given by hand ends what auto began, and auto begins it again" {
	create m
	is '.auto == true' map show m
	syncmap reshard m 1 >/dev/null
	is '.auto == false and .shards == 1' map show m
	[ "$(phases m auto)" = 'reshard m done 1 1' ]
	is '.auto == true and .shards == 1' map show m
}

@test "real words stay, from 1 shard to 4096 and back" {
	create words shards 1
	syncmap entry load words "$words"
	for shards in 4096 64 1; do
		syncmap reshard words $shards >/dev/null
		is ".shards == $shards and .entries == $(wc -l <"$words")" map show words
		syncmap entry dump words keys | sort | cmp - <(sort "$words")
	done
	is '.counters.copied_bytes_max <= 8192' stats words
}

@test "a dump that goes on meanwhile has each key once" {
	head -n 20000 "$words" | sort >"$BATS_TEST_TMPDIR/words"
	create words shards 1
	syncmap entry load words "$BATS_TEST_TMPDIR/words"
	(
		for shards in 16 1 64 2 128 1; do
			syncmap reshard words $shards >/dev/null || exit
		done
	) &
	driver=$!
	while kill -0 $driver 2>/dev/null; do
		syncmap entry dump words keys 2>/dev/null | sort | cmp - "$BATS_TEST_TMPDIR/words"
	done
	wait $driver
	is '.shards == 1' map show words
}

@test "what is no number of shards, and what is no map, is refused" {
	create m shards 2
	refuses 2 'the number of shards is not a power of two' reshard m 3
	refuses 2 'shards' reshard m 8192
	refuses 1 "a map's name is missing" reshard
	refuses 1 'shards' reshard m
	refuses 1 'shards' reshard m many
	refuses 3 'there is no map of this name' reshard none 4
	is '.shards == 2' map show m
	run as_nobody syncmap reshard m 4
	[ "$status" = 2 ]
	is '.shards == 2' map show m
}

@test "where the map's memory is too little it keeps its shards and entries" {
	create m shards 1 max-bytes 200K
	syncmap entry put m key value
	run --separate-stderr syncmap -j reshard m 4096
	[ "$status" = 2 ]
	[[ $stderr = *'map m: No space left on device'* ]]
	[ "$(jq -rs 'last | "\(.phase) \(.error)"' <<<"$output")" = 'done No space left on device' ]
	[ "$(syncmap entry get m key)" = value ]
	is '.shards > 1 and .shards < 4096' map show m
	syncmap reshard m 1 >/dev/null
	is '.shards == 1' map show m
}

# deaf MAP N: resharding that cannot hear its last events; sets code, and leaves what it prints in out and err.
deaf() {
	local limit=/proc/sys/net/core/rmem_max room reshard
	room=$(cat $limit)
	# the least that a socket can have: a few events, of the dozens that there are
	echo 2304 >$limit
	syncmap reshard "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	reshard=$!
	wait_for 'phase prepare' "$BATS_TEST_TMPDIR/out"
	kill -STOP $reshard
	echo "$room" >$limit
	until [ "$(json .resharding map show "$1")" = null ]; do :; done
	kill -CONT $reshard
	code=0
	wait $reshard || code=$?
	cat "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err"
	grep -qF 'syncmap: warning: the event of its end was lost' "$BATS_TEST_TMPDIR/err"
	[ "$(grep -cF 'phase done' "$BATS_TEST_TMPDIR/out")" = 0 ]
}

@test "where the event of its end is lost it ends all the same" {
	create m shards 1
	deaf m 4096
	[ $code = 0 ]
	is '.shards == 4096 and .reshard_error == null' map show m
}

@test "where the event of its failure is lost it fails all the same" {
	create m shards 1 max-bytes 200K
	deaf m 4096
	[ $code = 2 ]
	grep -qxF 'syncmap: map m: No space left on device' "$BATS_TEST_TMPDIR/err"
	is '.reshard_error == "No space left on device"' map show m
	syncmap reshard m 1 >/dev/null
	is '.reshard_error == null' map show m
}

@test "a map deleted meanwhile ends it with 3, and the module can go" {
	create m shards 1
	syncmap reshard m 4096 >"$BATS_TEST_TMPDIR/out" 2>&1 &
	reshard=$!
	wait_for 'phase prepare' "$BATS_TEST_TMPDIR/out"
	syncmap map delete m
	code=0
	wait $reshard || code=$?
	[ "$code" = 3 ] || [ "$code" = 0 ]
	unload_module syncmap
	load_module syncmap
}
