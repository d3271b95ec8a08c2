#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The exported calls, from a module: what they answer in every context, and that modules come and go cleanly.

bats_require_minimum_version 1.5.0
load helpers
: "${kmod:?}"

tap=/sys/kernel/debug/syncmap_consumer/tap

setup_file() {
	load_module syncmap
	load_module syncmap_consumer
	cat $tap >"$BATS_FILE_TMPDIR/tap"
}

teardown_file() {
	unload_module syncmap_consumer
	unload_module syncmap_bench
	unload_module syncmap
}

# group PATTERN LEAST: of the module's checks those that match are LEAST at least, all passed, and none was skipped.
group() {
	local lines
	lines=$(grep -A 1 -E "^(not )?ok [0-9]+ - $1:" "$BATS_FILE_TMPDIR/tap")
	echo "$lines"
	[ "$(grep -c '^ok ' <<<"$lines")" -ge "$2" ]
	! grep -E '^not ok |# SKIP' <<<"$lines"
}

@test "the module ran all checks that it planned" {
	planned=$(sed -n 's/^1\.\.//p' "$BATS_FILE_TMPDIR/tap")
	[ "$planned" -ge 150 ]
	[ "$(grep -cE '^(not )?ok ' "$BATS_FILE_TMPDIR/tap")" = "$planned" ]
}

@test "cow: every call answers as Go's in process context" {
	group 'cow, (any|fixed) sizes, process' 40
}

@test "cow: every call answers as Go's in softirq context" {
	group 'cow, (any|fixed) sizes, softirq' 32
}

@test "cow: load and load_batch answer in hardirq" {
	group 'cow, fixed sizes, hardirq' 3
}

@test "cow: load and load_batch answer in an NMI" {
	group 'cow, fixed sizes, nmi' 3
}

@test "classic: every call answers as Go's in process context" {
	group 'classic, (any|fixed) sizes, process' 40
}

@test "classic: every call answers as Go's in softirq context" {
	group 'classic, (any|fixed) sizes, softirq' 32
}

@test "classic: load and load_batch are refused in hardirq" {
	group 'classic, fixed sizes, hardirq' 3
}

@test "classic: load and load_batch are refused in an NMI" {
	group 'classic, fixed sizes, nmi' 3
}

@test "a module's map is seen by the tools, and is not theirs to delete" {
	run -0 syncmap -j map show consumer
	[ "$(jq -r .owner <<<"$output")" = syncmap_consumer ]
	run -2 syncmap map delete consumer
	syncmap map show consumer
}

@test "rmmod syncmap is refused while a module uses it" {
	run rmmod syncmap
	[ "$status" != 0 ]
	[[ $output == *"in use by"*syncmap_consumer* ]]
	[ -d /sys/module/syncmap ]
}

@test "a module's map goes with it" {
	unload_module syncmap_consumer
	run -3 syncmap map show consumer
	[ ! -e /sys/kernel/debug/syncmap/consumer ]
	[ ! -e /sys/kernel/debug/syncmap_consumer ]
}

# Load, use a map of either policy from a module, and unload with a map of userspace's still there.
cycle() {
	insmod "$kmod/syncmap.ko"
	insmod "$kmod/syncmap_bench.ko"
	for policy in cow classic; do
		echo "policy=$policy keys=500 ops=2000 update=10 insert=10 delete=10" >/sys/kernel/debug/syncmap_bench/run
	done
	syncmap map create left >/dev/null
	rmmod syncmap_bench syncmap
	[ ! -e /sys/kernel/debug/syncmap ]
	[ ! -e /sys/kernel/debug/syncmap_bench ]
}

@test "200 times loaded, used and unloaded: nothing leaks, nothing is left in debugfs" {
	unload_module syncmap_consumer
	unload_module syncmap_bench
	unload_module syncmap
	mark_log

	for _ in {1..10}; do
		cycle
	done
	memory >"$BATS_TEST_TMPDIR/0"
	for half in 1 2; do
		for _ in {1..100}; do
			cycle
		done
		memory >"$BATS_TEST_TMPDIR/$half"
	done

	# An object or page lost in each cycle is a hundred in either half; what CPUs keep in reserve does not grow twice.
	run grown 75 "$BATS_TEST_TMPDIR"/{0,1,2}
	echo "$output"
	[ -z "$output" ]
	[ -z "$(splats)" ]
}
