#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The kernel's own client of netlink specs drives the family, from kmod/syncmap.yaml alone.

load helpers

setup_file() {
	[ -e "$top/build/ynl" ] || {
		echo "build/ynl is not there: make build/ynl" >&2
		return 1
	}
	load_module syncmap
}

teardown_file() {
	unload_module syncmap
}

# Holding the spec against its schema takes an emulated CPU longer than all else: one test does.
ynl() {
	python3 "$top/build/ynl/tools/net/ynl/cli.py" --spec "$top/kmod/syncmap.yaml" --output-json --no-schema "$@"
}

# is JSON FILTER EXPECTED: what jq makes of it is this.
is() {
	local found
	found=$(jq -c "$2" <<<"$1")
	[ "$found" = "$3" ] || {
		printf 'expected %s\nfound    %s\nin       %s\n' "$3" "$found" "$1"
		return 1
	}
}

@test "the spec is valid under the schema of generic netlink families, and the client knows every command" {
	run python3 "$top/build/ynl/tools/net/ynl/cli.py" --spec "$top/kmod/syncmap.yaml" \
		--schema "$top/build/ynl/Documentation/netlink/genetlink.yaml" --list-ops
	[ "$status" -eq 0 ]
	for command in info-get map-get map-new map-set map-del map-clear entry-get entry-set entry-del stats-get; do
		grep -q "^$command .*do" <<<"$output"
	done
}

@test "it makes a map, sets, gets, compares and deletes entries, and reads the counters" {
	said=$(ynl --multi map-new '{"name":"ynl","policy":"classic","shards":2,"max-entries":100}' \
		--multi entry-set '{"map-name":"ynl","entry":[{"key":"6b31","value":"01"},{"key":"6b32","value":"02ff"},
			{"key":"6b33","value":""},{"key":"6b31","value":"03","op":"compare","old":"01"}]}' \
		--multi entry-get '{"map-name":"ynl","entry":[{"key":"6b31"},{"key":"6b32"},{"key":"6b39"}]}' \
		--multi entry-del '{"map-name":"ynl","return":true,"entry":[{"key":"6b31"},{"key":"6b39"}]}' \
		--multi map-set '{"name":"ynl","policy":"cow"}' \
		--multi map-get '{"name":"ynl"}' \
		--multi stats-get '{"map-name":"ynl"}')
	is "$said" '.[0] | [.name, .policy, .shards, ."max-entries", .entries]' '["ynl","classic",2,100,0]'
	is "$said" '.[1] | [.applied, .entry[].status]' '[4,"inserted","inserted","inserted","replaced"]'
	is "$said" '[.[2].entry[] | [.key, .value, .status]]' \
		'[["6b31","03","found"],["6b32","02ff","found"],["6b39",null,"absent"]]'
	is "$said" '[.[3].entry[] | [.value, .status]]' '[["03","deleted"],[null,"absent"]]'
	is "$said" '.[4]' 'null'
	is "$said" '.[5] | [.policy, .entries, .id]' "[\"cow\",2,$(jq '.[0].id' <<<"$said")]"
	is "$said" '.[6] | [.entries, .counters.inserts, .counters.updates, .counters.deletes]' '[2,3,1,1]'
	is "$said" '.[6].counters | .hits + .absents + ."misses-found" + ."misses-absent"' 3
}

@test "it dumps the entries and the shards of a map" {
	said=$(ynl --dump entry-get --json '{"map-name":"ynl"}')
	is "$said" '[.[].entry[] | [.key, .value]] | sort' '[["6b32","02ff"],["6b33",""]]'
	said=$(ynl --dump stats-get --json '{"map-name":"ynl"}')
	is "$said" '[.[].shard]' '[0,1]'
	is "$said" '[.[].counters.inserts] | add' 3
}

@test "it names the attribute that is refused" {
	run ynl --do entry-set --json '{"map-name":"ynl","entry":[{"key":"6b31","value":"","op":"compare"}]}'
	[ "$status" -eq 1 ]
	[[ $output == *"Invalid argument"*"compare needs the old value"* ]]
	run ynl --do map-get --json '{"name":"none"}'
	[ "$status" -eq 1 ]
	[[ $output == *"there is no map of this name"*"'bad-attr': '.name'"* ]]
}

# It listens for a while from a moment that it does not tell; and of what it hears while it waits for an answer it dies.
@test "it hears the events" {
	ynl --subscribe events --sleep 2 >"$BATS_TEST_TMPDIR/events" &
	while kill -0 $! 2>/dev/null; do
		syncmap map create heard
		syncmap map clear heard
		syncmap map delete heard
	done
	wait $!
	said=$(tail -n 1 "$BATS_TEST_TMPDIR/events")
	is "$said" '[.[] | [.name, .msg.name]] | unique' \
		'[["map-clear-ntf","heard"],["map-del-ntf","heard"],["map-new-ntf","heard"]]'
}
