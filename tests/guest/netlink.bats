#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The netlink family: what each request answers, and what it refuses.

load helpers

setup_file() {
	mark_log
	load_module syncmap
}

teardown_file() {
	unload_module syncmap
}

teardown() {
	local name
	for name in a b c; do
		echo "do map-del {\"name\":\"$name\"}"
	done | genl >/dev/null
}

genl() {
	python3 "$BATS_TEST_DIRNAME/genl.py"
}

# talk REQUESTS ANSWERS: what the kernel says to the requests is this, line by line.
talk() {
	diff <(genl <<<"$1") - <<<"$2"
}

# refused REQUEST ANSWER, as talk, and nothing has changed: no map came or went, and map c has what it had.
refused() {
	local state='dump map-get -> id name policy max-entries entries
dump entry-get {"map-name":"c"}' before after
	before=$(genl <<<"$state")
	talk "$1" "$2"
	after=$(genl <<<"$state")
	[ "$before" = "$after" ]
}

# as REQUESTS ANSWERS: as talk, as a user who may nothing.
as_nobody() {
	diff <(setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all \
		python3 "$BATS_TEST_DIRNAME/genl.py" <<<"$1") - <<<"$2"
}

# Maps

@test "a module says its version and what it offers" {
	run genl <<<'do info-get'
	[[ $output == *'"version": "'"$(cat /sys/module/syncmap/version)"'"'* ]]
	[[ $output == *'"tracepoints", "btf"'* ]]
	[[ $output == *'"maps": 0'* ]]
}

@test "a new map is answered as it is, and found by name and by id" {
	run genl <<<'do map-new {"name":"a","policy":"classic","key-size":8,"value-size":16,"align":"line","max-entries":1000,"max-bytes":1000000} -> id'
	id=${output//[!0-9]/}
	fields='-> name policy shards shards-auto key-size value-size align max-entries max-bytes entries owner'
	map='{"name": "a", "policy": "classic", "shards": 1, "shards-auto": null, "key-size": 8, "value-size": 16, "align": "line", "max-entries": 1000, "max-bytes": 1000000, "entries": 0, "owner": null}'
	talk "do map-get {\"name\":\"a\"} $fields
		do map-get {\"id\":$id} $fields
		dump map-get $fields
		do info-get -> maps" "$map
$map
$map
end
"'{"maps": 1}'
}

@test "what is not given has defaults" {
	cpus=$(nproc)
	shards=1
	while [ $shards -lt "$cpus" ]; do shards=$((shards * 2)); done
	talk 'do map-new {"name":"a"} -> policy shards shards-auto key-size value-size align max-entries
		do map-new {"name":"b","policy":"classic"} -> shards shards-auto max-entries
		do map-new {"name":"c","shards":16} -> shards shards-auto
		do map-del {"name":"c"}
		do map-new {"name":"c","policy":"classic","shards":0} -> shards shards-auto' \
		'{"policy": "cow", "shards": '$shards', "shards-auto": true, "key-size": 0, "value-size": null, "align": "packed", "max-entries": 16000000}
{"shards": 1, "shards-auto": null, "max-entries": 1000000}
{"shards": 16, "shards-auto": null}
ok
{"shards": '$shards', "shards-auto": true}'
}

@test "an id is never used again" {
	run genl <<<'do map-new {"name":"a"} -> id
do map-del {"name":"a"}
do map-new {"name":"a"} -> id'
	[ "${lines[1]}" = ok ]
	[ "${lines[0]//[!0-9]/}" -lt "${lines[2]//[!0-9]/}" ]
}

@test "each wrong setting of a new map is named" {
	refused 'do map-new {"name":"b","shards":3}
		do map-new {"name":"b","shards":8192}
		do map-new {"name":"b","key-size":256}
		do map-new {"name":"b","value-size":4097}
		do map-new {"name":"b","policy":2}
		do map-new {"name":"b","align":2}
		do map-new {"name":"b","max-entries":0}
		do map-new {"name":"b","max-bytes":0}
		do map-new {"name":"b","policy":"classic","max-entries":1000001}
		do map-new {"name":"b","max-bytes":1}
		do map-new {"policy":"cow"}
		do map-new {"name":"b","id":7}
		do map-new {"name":"b","entries":7}
		do map-new {"name":"b","owner":"me"}' \
		'EINVAL shards: the number of shards is not a power of two
ERANGE shards: integer out of range
ERANGE key-size: integer out of range
ERANGE value-size: integer out of range
ERANGE policy: integer out of range
ERANGE align: integer out of range
ERANGE max-entries: integer out of range
ERANGE max-bytes: integer out of range
EINVAL max-entries: a classic map holds at most 1000000 entries
ENOSPC max-bytes: max-bytes is too little for an empty map
EINVAL missing name: a new map needs a name
EINVAL id: Unsupported attribute
EINVAL entries: Unknown attribute type
EINVAL owner: Unknown attribute type'
}

@test "a name is of 1 to 63 letters, digits, dots, underscores and dashes" {
	local bad="a map's name is 1 to 63 of A-Z a-z 0-9 . _ -, not . or .."
	talk 'do map-new {"name":"x"} -> name
		do map-del {"name":"x"}
		do map-new {"name":"..."} -> name
		do map-del {"name":"..."}
		do map-new {"name":"Az09._-45678901234567890123456789012345678901234567890123456789"} -> name
		do map-del {"name":"Az09._-45678901234567890123456789012345678901234567890123456789"}' \
		'{"name": "x"}
ok
{"name": "..."}
ok
{"name": "Az09._-45678901234567890123456789012345678901234567890123456789"}
ok'
	refused 'do map-new {"name":""}
		do map-new {"name":"."}
		do map-new {"name":".."}
		do map-new {"name":"a/b"}
		do map-new {"name":"a b"}
		do map-new {"name":"caf\u00e9"}
		do map-new {"name":"a\n"}
		do map-new {"name":"0123456789012345678901234567890123456789012345678901234567890123"}' \
		"EINVAL name: $bad
EINVAL name: $bad
EINVAL name: $bad
EINVAL name: $bad
EINVAL name: $bad
EINVAL name: $bad
EINVAL name: $bad
EINVAL name: Attribute failed policy validation"
}

@test "a second map of a name is refused" {
	talk 'do map-new {"name":"c"} -> name' '{"name": "c"}'
	refused 'do map-new {"name":"c","policy":"classic"}' 'EEXIST name: there is a map of this name'
}

@test "a map that is not there, or not named, is refused by every command" {
	local command name id entry requests="" answers=""
	for command in map-get map-del map-clear map-set reshard entry-get entry-set entry-del stats-get; do
		name=name id=id entry=
		case $command in
		map-set) entry=',"policy":"cow"' ;;
		reshard) entry=',"shards":2' ;;
		entry-set) name=map-name id=map-id entry=',"entry":{"key":"k","value":"v"}' ;;
		entry-*) name=map-name id=map-id entry=',"entry":{"key":"k"}' ;;
		stats-get) name=map-name id=map-id ;;
		esac
		requests+="do $command {\"$name\":\"none\"$entry}
			do $command {\"$id\":4000000000$entry}
			do $command {\"$id\":1,\"$name\":\"none\"$entry}
			do $command {${entry#,}}
"
		answers+="ENOENT $name: there is no map of this name
ENOENT $id: there is no map with this id
EINVAL $id: give the map's name or its id, not both
EINVAL missing $name: which map? give its name or its id
"
	done
	talk "$requests" "${answers%$'\n'}"
}

@test "settings change, all that are given or none" {
	genl <<<'do map-new {"name":"c"}'
	talk 'do map-set {"name":"c","policy":"classic","max-entries":5000,"max-bytes":2000000}
		do map-get {"name":"c"} -> policy max-entries max-bytes
		do map-set {"name":"c","policy":"cow"}
		do map-set {"name":"c","max-entries":2000000}
		do map-get {"name":"c"} -> policy max-entries max-bytes' \
		'ok
{"policy": "classic", "max-entries": 5000, "max-bytes": 2000000}
ok
ok
{"policy": "cow", "max-entries": 2000000, "max-bytes": 2000000}'
	genl <<<'do map-set {"name":"c","policy":"classic","max-entries":10}'
	refused 'do map-set {"name":"c","max-entries":1000001,"max-bytes":77}
		do map-set {"name":"c"}
		do map-set {"name":"c","max-entries":0}
		do map-set {"name":"c","shards":8}' \
		'EINVAL max-entries: a classic map holds at most 1000000 entries
EINVAL missing policy: nothing to set: give a policy, max-entries or max-bytes
ERANGE max-entries: integer out of range
EINVAL shards: Unsupported attribute'
	talk 'do map-get {"name":"c"} -> policy max-entries max-bytes' \
		'{"policy": "classic", "max-entries": 10, "max-bytes": 2000000}'
}

@test "shards change, one resharding after the other, and each phase is told" {
	talk 'do map-new {"name":"c","shards":1} -> name
		join
		do reshard {"name":"c","shards":2}
		event -> event map-name phase from-shards to-shards error
		event -> event phase from-shards to-shards
		event -> event phase from-shards to-shards
		event -> event name shards shards-auto
		event -> event phase from-shards to-shards
		do map-get {"name":"c"} -> shards shards-auto
		do reshard {"name":"c","shards":0}
		event -> event shards-auto
		event -> event phase from-shards to-shards
		quiet 200' \
		'{"name": "c"}
ok
{"event": "reshard-ntf", "map-name": "c", "phase": "prepare", "from-shards": 1, "to-shards": 2, "error": null}
{"event": "reshard-ntf", "phase": "publish", "from-shards": 1, "to-shards": 2}
{"event": "reshard-ntf", "phase": "drain", "from-shards": 1, "to-shards": 2}
{"event": "map-set-ntf", "name": "c", "shards": 2, "shards-auto": null}
{"event": "reshard-ntf", "phase": "done", "from-shards": 1, "to-shards": 2}
{"shards": 2, "shards-auto": null}
ok
{"event": "map-set-ntf", "shards-auto": true}
{"event": "reshard-ntf", "phase": "done", "from-shards": 2, "to-shards": 2}
quiet'
	refused 'do reshard {"name":"c","shards":3}
		do reshard {"name":"c","shards":8192}
		do reshard {"name":"c"}
		do reshard {"name":"c","shards":4,"policy":"cow"}' \
		'EINVAL shards: the number of shards is not a power of two
ERANGE shards: integer out of range
EINVAL missing shards: how many shards?
EINVAL policy: Unsupported attribute'
	talk 'do reshard {"name":"c","shards":4096}
		do reshard {"name":"c","shards":1}
		do map-del {"name":"c"}' \
		'ok
EBUSY -: the map is being resharded
ok'
}

@test "a kernel module's map tells its owner, can be filled, and cannot be deleted" {
	load_module syncmap_consumer
	talk 'do map-get {"name":"consumer"} -> owner
		do entry-set {"map-name":"consumer","entry":{"key":"k","value":"v"}} -> applied
		do map-del {"name":"consumer"}
		do map-clear {"name":"consumer"}
		do map-get {"name":"consumer"} -> name entries' \
		'{"owner": "syncmap_consumer"}
{"applied": 1}
EBUSY name: a kernel module holds this map
ok
{"name": "consumer", "entries": 0}'
	unload_module syncmap_consumer
	talk 'do map-get {"name":"consumer"}' 'ENOENT name: there is no map of this name'
}

@test "a cleared map is empty and goes on" {
	talk 'do map-new {"name":"a"} -> name
		do entry-set {"map-name":"a","entry":[{"key":"k","value":"1"},{"key":"l","value":"2"}]} -> applied
		do map-clear {"name":"a"}
		do map-get {"name":"a"} -> entries
		do entry-get {"map-name":"a","entry":{"key":"k"}} -> entry
		do entry-set {"map-name":"a","entry":{"key":"k","value":"3"}} -> entry' \
		'{"name": "a"}
{"applied": 2}
ok
{"entries": 0}
{"entry": [{"key": "k", "status": "absent"}]}
{"entry": [{"status": "inserted"}]}'
}

# Entries

@test "each op of entry-set does and tells what it should" {
	talk 'do map-new {"name":"a"} -> name
		do entry-set {"map-name":"a","entry":[ \
			{"key":"k","value":"1","op":"replace"}, \
			{"key":"k","value":"1","op":"compare","old":""}, \
			{"key":"k","value":"1"}, \
			{"key":"k","value":"2"}, \
			{"key":"k","value":"3","op":"add"}, \
			{"key":"l","value":"3","op":"add"}, \
			{"key":"k","value":"4","op":"swap"}, \
			{"key":"m","value":"4","op":"swap"}, \
			{"key":"k","value":"5","op":"compare","old":"9"}, \
			{"key":"k","value":"5","op":"compare","old":"4"}, \
			{"key":"k","value":"6","op":"replace"}]} -> entry
		do entry-get {"map-name":"a","entry":[{"key":"m"},{"key":"k"},{"key":"n"},{"key":"l"}]} -> entry' \
		'{"name": "a"}
{"entry": [{"status": "absent"}, '`
		`'{"status": "absent"}, '`
		`'{"status": "inserted"}, '`
		`'{"status": "replaced"}, '`
		`'{"status": "found", "value": "2"}, '`
		`'{"status": "inserted"}, '`
		`'{"status": "replaced", "value": "2"}, '`
		`'{"status": "inserted"}, '`
		`'{"status": "different"}, '`
		`'{"status": "replaced"}, '`
		`'{"status": "replaced"}]}
{"entry": [{"key": "m", "status": "found", "value": "4"}, '`
		`'{"key": "k", "status": "found", "value": "6"}, '`
		`'{"key": "n", "status": "absent"}, '`
		`'{"key": "l", "status": "found", "value": "3"}]}'
}

@test "the return flag gives previous values back" {
	talk 'do map-new {"name":"a"} -> name
		do entry-set {"map-name":"a","return":true,"entry":[ \
			{"key":"k","value":"1"}, \
			{"key":"k","value":"2"}, \
			{"key":"k","value":"3","op":"replace"}, \
			{"key":"k","value":"4","op":"compare","old":"3"}, \
			{"key":"k","value":"4","op":"compare","old":"3"}]} -> entry
		do entry-del {"map-name":"a","return":true,"entry":[ \
			{"key":"k","old":"3"},{"key":"k","old":"4"},{"key":"k","old":"4"},{"key":"k"}]} -> entry' \
		'{"name": "a"}
{"entry": [{"status": "inserted"}, '`
		`'{"status": "replaced", "value": "1"}, '`
		`'{"status": "replaced", "value": "2"}, '`
		`'{"status": "replaced", "value": "3"}, '`
		`'{"status": "different", "value": "4"}]}
{"entry": [{"status": "different", "value": "4"}, '`
		`'{"status": "deleted", "value": "4"}, '`
		`'{"status": "absent"}, {"status": "absent"}]}'
}

@test "keys of 255 bytes and values of 0 and 4096 bytes are kept, any bytes in them" {
	long=$(printf 'k%.0s' {1..255})
	large=$(printf 'v%.0s' {1..4096})
	talk 'do map-new {"name":"a"} -> name
		do entry-set {"map-name":"a","entry":[{"key":"255*k","value":"4096*v"},{"key":"hex:00","value":""}]} -> applied
		do entry-get {"map-name":"a","entry":[{"key":"255*k"},{"key":"hex:00"},{"key":"254*k"}]} -> entry' \
		'{"name": "a"}
{"applied": 2}
{"entry": [{"key": "'"$long"'", "status": "found", "value": "'"$large"'"}, '`
		`'{"key": "hex:00", "status": "found", "value": ""}, {"key": "'"${long%k}"'", "status": "absent"}]}'
}

@test "a request with a wrong entry changes nothing, whichever entry it is" {
	genl <<<'do map-new {"name":"c","key-size":4,"value-size":2}
		do entry-set {"map-name":"c","entry":{"key":"kept","value":"ok"}}'
	refused 'do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"key","value":"ab"}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"key2","value":"abc"}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"key2"}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"value":"ab"}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"","value":"ab"}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"256*k","value":"ab"}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"key2","value":"4097*v"}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"key2","value":"ab","op":5}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"key2","value":"ab","op":"compare"}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"key2","value":"ab","old":"ok"}]}
		do entry-set {"map-name":"c","entry":[{"key":"key1","value":"ab"},{"key":"key2","value":"ab","status":0}]}
		do entry-set {"map-name":"c"}
		do entry-del {"map-name":"c","entry":[{"key":"kept"},{"key":"key"}]}
		do entry-del {"map-name":"c","entry":[{"key":"kept"},{"old":"ok"}]}
		do entry-del {"map-name":"c","entry":[{"key":"kept"},{"key":"key2","value":"ab"}]}
		do entry-get {"map-name":"c","entry":[{"key":"kept"},{"key":"key"}]}
		do entry-get {"map-name":"c","entry":[{"key":"kept"}],"keys-only":true}' \
		"EINVAL entry[1].key: the key is not of this map's key size
EINVAL entry[1].value: the value is not of this map's value size
EINVAL missing entry[1].value: an entry to be set needs a value
EINVAL missing entry[1].key: an entry needs a key
ERANGE entry[1].key: binary attribute size out of range
ERANGE entry[1].key: binary attribute size out of range
ERANGE entry[1].value: binary attribute size out of range
ERANGE entry[1].op: integer out of range
EINVAL missing entry[1].old: compare needs the old value
EINVAL entry[1].old: an old value goes with compare only
EINVAL entry[1].status: Unknown attribute type
EINVAL missing entry: at least one entry is needed
EINVAL entry[1].key: the key is not of this map's key size
EINVAL missing entry[1].key: an entry needs a key
EINVAL entry[1].value: Unsupported attribute
EINVAL entry[1].key: the key is not of this map's key size
EINVAL keys-only: this attribute does not go with this form of the command"
}

@test "a full map takes the entries before the one that fails, and says which it was" {
	talk 'do map-new {"name":"c","max-entries":2} -> name
		do entry-set {"map-name":"c","entry":[{"key":"1","value":""},{"key":"2","value":""},{"key":"3","value":""},{"key":"1","value":"x"}]} -> applied failed error entry
		do entry-set {"map-name":"c","entry":[{"key":"1","value":"x"}]} -> applied failed error entry' \
		'{"name": "c"}
{"applied": 2, "failed": 2, "error": 28, "entry": [{"status": "inserted"}, {"status": "inserted"}]}
{"applied": 1, "failed": null, "error": null, "entry": [{"status": "replaced"}]}'
	refused 'do entry-set {"map-name":"c","entry":[{"key":"3","value":""},{"key":"1","value":"y"}]}' \
		'ENOSPC entry[0]: the map is full: max-entries or max-bytes'
}

# Privilege

@test "who may nothing reads counters, and no more" {
	genl <<<'do map-new {"name":"c"}
		do entry-set {"map-name":"c","entry":{"key":"k","value":"v"}}'
	as_nobody 'do info-get -> maps
		do stats-get {"map-name":"c"} -> entries
		dump stats-get -> map-name' \
		'{"maps": 1}
{"entries": 1}
{"map-name": "c"}
end'
	as_nobody 'do map-get {"name":"c"}
		dump map-get
		do map-new {"name":"b"}
		do map-set {"name":"c","max-entries":1}
		do map-del {"name":"c"}
		do map-clear {"name":"c"}
		do entry-get {"map-name":"c","entry":{"key":"k"}}
		dump entry-get {"map-name":"c"}
		do entry-set {"map-name":"c","entry":{"key":"k","value":"w"}}
		do entry-del {"map-name":"c","entry":{"key":"k"}}
		do reshard {"name":"c","shards":1}
		join' \
		"$(printf 'EPERM -: None\n%.0s' {1..11})
EPERM: not a listener"
	talk 'dump map-get -> name max-entries
		dump entry-get {"map-name":"c"} -> entry' \
		'{"name": "c", "max-entries": 16000000}
end
{"entry": [{"key": "k", "value": "v"}]}
end'
}

@test "another network namespace has no such family" {
	run unshare -n python3 "$BATS_TEST_DIRNAME/genl.py" <<<'do info-get'
	[ "$status" -ne 0 ]
	[[ $output == *Refusal* ]]
}

# Events

@test "what happens to maps is told in its order" {
	talk 'join
		do map-new {"name":"a"} -> name
		do map-set {"name":"a","max-entries":10}
		do map-clear {"name":"a"}
		do map-del {"name":"a"}
		do map-new {"name":"a","shards":3}
		event -> event name max-entries
		event -> event name max-entries
		event -> event name
		event -> event name
		quiet 200' \
		'{"name": "a"}
ok
ok
ok
EINVAL shards: the number of shards is not a power of two
{"event": "map-new-ntf", "name": "a", "max-entries": 16000000}
{"event": "map-set-ntf", "name": "a", "max-entries": 10}
{"event": "map-clear-ntf", "name": "a"}
{"event": "map-del-ntf", "name": "a"}
quiet'
}

# What needs a program

@test "promotions and dirty copies are told together, and none is lost" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" events_are_counted
}

@test "what happened while nobody listened is not told later" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" events_unheard
}

@test "what happened to a map is told before its end" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" events_end_with_map
}

@test "a storm of promotions is told at most every 100 ms" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" events_are_limited
}

@test "a request whose answer could not tell of all entries is refused whole" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" batch_is_bounded
}

@test "values that do not fit in one answer stop a request before the entry is changed" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" values_are_bounded
}

@test "a get whose answer does not fit is refused" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" get_is_bounded
}

@test "a dump gives every entry once, with and without values" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" dump_is_whole
}

@test "a dump goes on from any cursor, though the map grew, promoted and split meanwhile" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" dump_resumes
}

@test "a dump of a map that changes is flagged, one of a map that rests is not" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" dump_interrupted
}

@test "a dump ends with an error when its map goes" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" dump_of_deleted
}

@test "a cursor that is none, or another map's, is refused" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" cursor_is_checked
}

@test "a dump of maps is flagged when maps come or go" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" maps_dump_interrupted
}

@test "counters are what was done, and the shards' add up to the map's" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" stats_add_up
}

@test "malformed messages are refused, and the family goes on" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" malformed
}

@test "random messages are refused or answered, and leave a map alone that they do not name" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" fuzzed
}

@test "many make, change, read and delete a map at once, and the events tell it in order" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" many_at_once
}

@test "the module cannot be unloaded while a dump is open" {
	python3 "$BATS_TEST_DIRNAME/netlink_cases.py" held_dump
	load_module syncmap
}

# The end

@test "maps with entries go with the module" {
	genl <<<'do map-new {"name":"a"}
		do map-new {"name":"b","policy":"classic"}
		do entry-set {"map-name":"a","entry":[{"key":"k","value":"v"},{"key":"l","value":"v"}]}
		do entry-set {"map-name":"b","entry":[{"key":"k","value":"v"},{"key":"l","value":"v"}]}'
	[ -d /sys/kernel/debug/syncmap/a ]
	unload_module syncmap
	[ ! -e /sys/kernel/debug/syncmap ]
	run grep -E '^(sm|syncmap)_' /proc/slabinfo
	[ -z "$output" ]
	load_module syncmap
}

@test "the kernel has complained of nothing" {
	[ -z "$(splats)" ]
}
