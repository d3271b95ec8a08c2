#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# syncmap save and restore: all maps, over an upgrade of the module.
# shellcheck disable=SC2154 # stderr and stderr_lines are set by run

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

setup() {
	load_module syncmap
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	delete_maps
}

# Two maps unlike each other.
make_maps() {
	create words max-entries 200000
	syncmap entry load words "$words" >/dev/null
	create flows policy classic shards 2 key 16 value 8 align line max-entries 100 max-bytes 1M
	syncmap entry put flows ip:::1 u64:1 >/dev/null
	syncmap entry put flows ip:fe80::1 u64:2 >/dev/null
}

# Everything about all maps, but what restoring cannot bring back.
state() {
	local map
	syncmap -j map list | jq -c '.maps[] | del(.id, .bytes) | if .auto then del(.shards) else . end' | sort
	for map in $(json '.maps[].name' map list | sort); do
		syncmap entry dump "$map" | sort
	done
}

# Which maps there are, the same ones.
ids() {
	json '.maps | map([.name, .id, .entries])' map list
}

# reseal FILE: give a saved file that was changed the last line that it should have.
reseal() {
	python3 - "$1" <<-'END'
		import sys, zlib
		lines = open(sys.argv[1], 'rb').read().splitlines(True)[:-1]
		entries = sum(line.startswith(b'\t') for line in lines)
		maps = sum(line.startswith(b'map ') for line in lines)
		with open(sys.argv[1], 'wb') as f:
		    f.writelines(lines)
		    f.write(b'total %d maps %d entries crc32 %08x\n' % (maps, entries, zlib.crc32(b''.join(lines))))
	END
}

# refuses_to_restore STATUS TEXT [WORD]...: file "saved" is refused, and no map comes of it.
refuses_to_restore() {
	local wanted=$1 text=$2
	shift 2
	refuses "$wanted" "$text" restore saved "$@"
	[[ $stderr = *'nothing was restored'* ]]
}

@test "all maps, with configuration and entries, survive the module" {
	make_maps
	state >before
	is ".maps == 2 and .entries == $(($(wc -l <"$words") + 2)) and .file == \"saved\"" save saved
	unload_module syncmap
	load_module syncmap
	is ".maps == 2 and .entries == $(($(wc -l <"$words") + 2))" restore saved
	state | cmp - before
	[ "$(head -n 1 saved)" = 'syncmap-save 1' ]
	cp saved sealed
	reseal sealed
	cmp saved sealed
}

@test "the shards of a classic map grow by themselves as before, or not" {
	create a policy classic
	create b policy classic shards auto
	create c
	syncmap map set c policy classic max-entries 1000 >/dev/null
	is '.maps | map(.auto) == [false, true, true]' map list
	state >before
	syncmap save saved >/dev/null
	syncmap restore saved replace >/dev/null
	state | cmp - before
}

@test "save to standard output, restore from standard input" {
	create a
	syncmap entry put a k v >/dev/null
	state >before
	syncmap save - >saved
	syncmap map delete a
	syncmap restore - <saved >/dev/null
	state | cmp - before
}

@test "no maps are a file, too" {
	is '.maps == 0 and .entries == 0' save saved
	is '.maps == 0 and .entries == 0' restore saved
}

@test "maps that are there are not touched unless told" {
	create a
	syncmap entry put a k old >/dev/null
	create b
	syncmap save saved >/dev/null
	syncmap map delete b
	syncmap entry put a k new >/dev/null
	refuses_to_restore 2 'map a is there already; restore FILE replace deletes it'
	[ "$(syncmap entry get a k)" = new ]
	refuses 3 'there is no map of this name' map show b
	is '.maps == 2' restore saved replace
	[ "$(syncmap entry get a k)" = old ]
	syncmap map show b >/dev/null
}

@test "a file that is not as it was saved is refused whole, before anything is done" {
	make_maps
	syncmap save good >/dev/null
	delete_maps
	sed '100s/./X/2' good >saved
	refuses_to_restore 1 'numbers or checksum differ'
	head -c -1 good >saved
	refuses_to_restore 1 'the file ends within a line'
	head -n -1 good >saved
	refuses_to_restore 1 'the file ends too early'
	sed 500d good >saved
	refuses_to_restore 1 'the map has not as many entries as were saved'
	sed '$p' good >saved
	refuses_to_restore 1 'something follows the last line'
	sed '1s/1/2/' good >saved
	refuses_to_restore 1 'saved:1: saved by a newer syncmap'
	sed '2s/policy=cow/policy=quick/' good >saved
	refuses_to_restore 1 'saved:2: these are not the properties of a map'
	sed '3s/^.*$/\thex:0\tx/' good >saved
	refuses_to_restore 1 'saved:3: hex: needs two digits for each byte'
	cp "$words" saved
	refuses_to_restore 1 'saved:1: this is no file that syncmap saved'
	: >saved
	refuses_to_restore 1 'saved:1: the file is empty'
	[ "$(json '.maps | length' map list)" = 0 ]
}

@test "when the kernel refuses one map, those that were begun are taken back" {
	create a
	syncmap entry put a k v >/dev/null
	create b shards 4
	syncmap save saved >/dev/null
	delete_maps
	sed -i 's/^map b policy=cow shards=4/map b policy=cow shards=5/' saved
	reseal saved
	refuses_to_restore 2 'map b: the number of shards is not a power of two (attribute shards: Invalid argument)'
	[ "$(json '.maps | length' map list)" = 0 ]
}

@test "when the kernel refuses the last of the maps that replace others, those are as they were" {
	local last
	create a
	syncmap entry put a k old >/dev/null
	create m
	create z shards 4
	syncmap save saved >/dev/null
	syncmap entry put a k new >/dev/null
	syncmap map delete m
	last=$(sed -n 's/^map \([^ ]*\) .*/\1/p' saved | tail -n 1)
	[ "$last" = z ]
	sed -i 's/^map z policy=cow shards=4/map z policy=cow shards=5/' saved
	reseal saved
	ids >before
	refuses_to_restore 2 'map z: the number of shards is not a power of two' replace
	ids | cmp - before
	[ "$(syncmap entry get a k)" = new ]
}

@test "maps that replace others are called as those, and nothing else is left" {
	make_maps
	state >before
	syncmap save saved >/dev/null
	syncmap map clear words
	syncmap map delete flows
	is ".maps == 2 and .entries == $(($(wc -l <"$words") + 2))" restore saved replace
	state | cmp - before
}

@test "a map that holds more than its limits allow comes back so" {
	create a
	seq 100 | syncmap entry load a - >/dev/null
	syncmap map set a max-entries 10 max-bytes 1000 >/dev/null
	state >before
	syncmap save saved >/dev/null
	syncmap restore saved replace >/dev/null
	state | cmp - before
	refuses 2 'the map is full' entry put a new x
}

@test "a file that cannot be written or read is told, and exits 2" {
	refuses 2 'none/file: No such file or directory' save none/file
	refuses 2 'none: No such file or directory' restore none
	refuses 1 'save: a file is missing' save
	refuses 1 "'over' is not an option of restore" restore saved over
}
