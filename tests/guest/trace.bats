#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The tracepoints, as syncmap-trace(7) says they are.
# shellcheck disable=SC2154,SC2030,SC2031 # what bats and helpers set; each test is a shell of its own

bats_require_minimum_version 1.5.0
load helpers

page=$top/tools/dist/man/syncmap-trace.7.scd
tracing=/sys/kernel/tracing
events=$tracing/events/syncmap
names='dirty_copy_begin dirty_copy_end insert load_miss promotion reshard'

setup_file() {
	load_module syncmap
}

teardown_file() {
	unload_module syncmap
}

setup() {
	echo >$tracing/trace
	syncmap map create test policy classic >/dev/null
	id=$(sed -n 's/^id: //p' /sys/kernel/debug/syncmap/test/config)
}

teardown() {
	echo 0 >$events/enable
	echo 0 >$events/filter
	echo '!hist:keys=map,shard,found' >$events/syncmap_load_miss/trigger || :
	syncmap map delete test >/dev/null
	syncmap map delete other >/dev/null 2>&1 || :
}

miss() {
	syncmap entry put "${2:-test}" "$1" value >/dev/null
	[ "$(syncmap entry get "${2:-test}" "$1")" = value ]
}

# traced NAME: what tracefs shows of a tracepoint, without task and time.
traced() {
	sed -n "s/.*: syncmap_$1: //p" $tracing/trace
}

# fields NAME: of a tracepoint, in their order, as the kernel has them.
fields() {
	sed -n 's/^\tfield:[^;]*\<\([a-z_]*\)\(\[[0-9]*\]\)\?;.*/\1/p' "$events/syncmap_$1/format" |
		grep -v ^common_ | paste -sd ' '
}

@test "there are the tracepoints that the manual page lists, with these fields" {
	local name
	[ "$(cd $events && printf '%s\n' syncmap_* | sed 's/^syncmap_//' | paste -sd ' ')" = "$names" ]
	for name in $names; do
		[ -n "$(fields "$name")" ]
		echo "*syncmap_$name*: $(fields "$name")"
		grep -qFx "*syncmap_$name*: $(fields "$name")" "$page"
	done
	[ "$(grep -c '^\*syncmap_' "$page")" = "$(wc -w <<<"$names")" ]
}

@test "the fields have the documented types" {
	local name
	for name in $names; do
		grep -q $'\tfield:u32 map;' "$events/syncmap_$name/format"
		[ "$name" = reshard ] || grep -q $'\tfield:u32 shard;' "$events/syncmap_$name/format"
	done
	for name in phase from to; do
		grep -q $'\tfield:u32 '"$name;" "$events/syncmap_reshard/format"
	done
	grep -q $'\tfield:u64 duration;' "$events/syncmap_reshard/format"
	grep -q $'\tfield:int error;' "$events/syncmap_reshard/format"
	for name in insert load_miss; do
		grep -q $'\tfield:u64 hash;' "$events/syncmap_$name/format"
		grep -q $'\tfield:u32 key_len;' "$events/syncmap_$name/format"
		grep -q $'\tfield:u8 key\[16\];' "$events/syncmap_$name/format"
	done
	grep -q $'\tfield:bool found;' "$events/syncmap_load_miss/format"
	for name in entries misses; do
		grep -q $'\tfield:u64 '"$name;" "$events/syncmap_promotion/format"
	done
	for name in copied_entries copied_bytes; do
		grep -q $'\tfield:u64 '"$name;" "$events/syncmap_dirty_copy_end/format"
	done
}

@test "tracefs tells a map's story, from the first key to the copy" {
	local key
	echo 1 >$events/enable
	for key in a b; do
		miss $key
	done
	echo 0 >$events/enable
	cat $tracing/trace
	# one key is promoted at its first miss; the next key then copies it
	[ "$(sed -n 's/.*: syncmap_\([a-z_]*\): .*/\1/p' $tracing/trace | grep -v load_miss | paste -sd ' ')" = \
		'dirty_copy_begin dirty_copy_end insert promotion dirty_copy_begin dirty_copy_end insert' ]
	[ "$(traced load_miss | wc -l)" = 2 ]
	[ "$(traced load_miss | sed 's/hash=[0-9a-f]* //' | head -n 1)" = "map=$id shard=0 key_len=1 found=1 key=61" ]
	[ "$(traced insert | sed 's/hash=[0-9a-f]* //' | tail -n 1)" = "map=$id shard=0 key_len=1 key=62" ]
	[ "$(traced promotion)" = "map=$id shard=0 entries=1 misses=1" ]
	[ "$(traced dirty_copy_begin | tail -n 1)" = "map=$id shard=0 entries=1" ]
	[[ $(traced dirty_copy_end | tail -n 1) == "map=$id shard=0 copied_entries=1 copied_bytes="* ]]
}

@test "the same key has the same hash in each event" {
	echo 1 >$events/enable
	miss key
	echo 0 >$events/enable
	[ "$(traced insert | grep -o 'hash=[0-9a-f]\{16\}')" = "$(traced load_miss | grep -o 'hash=[0-9a-f]\{16\}')" ]
}

@test "a long key is cut to 16 bytes, and its length told" {
	echo 1 >$events/enable
	miss 0123456789abcdefghij
	echo 0 >$events/enable
	traced insert | grep -q 'key_len=20 key=30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66$'
	traced load_miss | grep -q 'key_len=20 found=1 key=30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66$'
}

@test "tracefs tells each phase of resharding" {
	echo 1 >$events/syncmap_reshard/enable
	syncmap reshard test 4 >/dev/null
	echo 0 >$events/syncmap_reshard/enable
	[ "$(traced reshard | sed 's/ duration=[0-9]*//')" = "map=$id phase=prepare from=1 to=2 error=0
map=$id phase=publish from=1 to=2 error=0
map=$id phase=drain from=1 to=2 error=0
map=$id phase=prepare from=2 to=4 error=0
map=$id phase=publish from=2 to=4 error=0
map=$id phase=drain from=2 to=4 error=0
map=$id phase=done from=1 to=4 error=0" ]
}

@test "tracefs filters by map" {
	syncmap map create other >/dev/null
	echo "map == $id" >$events/syncmap_load_miss/filter
	echo 1 >$events/syncmap_load_miss/enable
	miss theirs other
	miss ours
	echo 0 >$events/syncmap_load_miss/enable
	[ "$(traced load_miss | wc -l)" = 1 ]
	traced load_miss | grep -q "^map=$id "
}

@test "tracefs counts misses in a histogram" {
	echo 'hist:keys=map,shard,found' >$events/syncmap_load_miss/trigger
	miss one
	miss two
	run -3 syncmap entry get test absent
	grep -Eq "map: +$id, shard: +0, found: +1 } hitcount: +2$" $events/syncmap_load_miss/hist
	grep -Eq "map: +$id, shard: +0, found: +0 } hitcount: +1$" $events/syncmap_load_miss/hist
}

@test "tracing leaves nothing that holds the module" {
	echo 1 >$events/enable
	miss key
	echo 0 >$events/enable
	[ "$(cat /sys/module/syncmap/refcnt)" = 0 ]
}
