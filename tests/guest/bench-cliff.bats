#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The cliff: what one insert after a promotion copies under the lock, by policy and number of keys.

load helpers

setup_file() {
	load_module syncmap
	load_module syncmap_bench
}

teardown_file() {
	unload_module syncmap_bench
	unload_module syncmap
}

# copied KEYS WORD...: a run from a promoted snapshot of so many keys on; its counters stay in $counters.
copied() {
	local file
	exec {file}<>/sys/kernel/debug/syncmap_bench/run
	echo "keys=$1 insert=10 delete=10 absent=10 recent=10 ops=100000 ${*:2}" >&"$file"
	counters=$(cat /sys/kernel/debug/syncmap/bench/stats)
	exec {file}>&-
	echo "$*"
	grep -E 'shards|copies|copied|promotions' <<<"$counters"
}

counter() {
	sed -n "s/^$1: //p" <<<"$counters"
}

@test "classic: the first new key after a promotion copies every entry in one hold" {
	for keys in 10000 104334; do
		copied $keys policy=classic
		[ "$(counter dirty_copies)" -ge 1 ]
		[ "$(counter copied_entries_max)" -ge $keys ]
	done
}

@test "cow: no hold copies more than 8 KiB, and it is the same at ten times the keys" {
	for keys in 10000 100000 1000000; do
		copied $keys policy=cow warm=0
		[ "$(counter dirty_copies)" -ge 1 ]
		[ "$(counter segment_copies)" -ge 100 ]
		max[keys]=$(counter copied_bytes_max)
		[ "${max[$keys]}" -gt 0 ]
		[ "${max[$keys]}" -le 8192 ]
	done
	# with 10,000 keys no directory is full yet
	[ "${max[1000000]}" = "${max[100000]}" ]
}

@test "cow: nor with keys and values of other sizes, or a shard to begin with" {
	for words in 'key_size=64 value_size=200' 'key_size=16 align=line' 'shards=1'; do
		copied 50000 policy=cow "$words"
		[ "$(counter copied_bytes_max)" -le 8192 ]
		[ "$(counter copied_bytes_max)" -gt 0 ]
	done
}
