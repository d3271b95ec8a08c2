#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Netlink messages that are right, and wrong in all ways: `make netlink-fuzz` sends many more.

load helpers

setup_file() {
	dmesg | wc -l >"$BATS_FILE_TMPDIR/before"
	load_module syncmap
}

teardown_file() {
	unload_module syncmap
}

@test "20,000 messages are each answered, and harm no map that they are not about" {
	"$top/build/fuzz/netlink-fuzz" -s 1 -n 20000 >"$BATS_TEST_TMPDIR/report"
	cat "$BATS_TEST_TMPDIR/report"
	jq -e '.messages >= 20000 and .accepted > 2000 and .refused > 8000 and .maps > 100 and .checks > 20' \
		"$BATS_TEST_TMPDIR/report"
}

@test "the module unloads after it, and leaves nothing" {
	grep -q '^sm_shard' /proc/slabinfo
	unload_module syncmap
	[ ! -e /sys/kernel/debug/syncmap ]
	run grep -E '^(sm|syncmap)_' /proc/slabinfo
	[ -z "$output" ]
}

@test "the kernel has complained of nothing" {
	[ -z "$(splats "$(cat "$BATS_FILE_TMPDIR/before")")" ]
}
