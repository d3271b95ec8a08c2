#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The kernel under test offers what the other suites rely on, and takes the module.

load helpers
: "${kmod:?}" "${top:?}"

mounted() {
	[ "$(stat -f -c %T "$2")" = "$1" ]
}

@test "the kernel is the one that the modules were built for" {
	[ "$(uname -r)" = "$VM_KERNEL" ]
	[ -d "$kmod" ]
}

@test "the kernel has BTF" {
	[ -s /sys/kernel/btf/vmlinux ]
}

@test "debugfs, tracefs, bpf and cgroup2 are mounted" {
	mounted debugfs /sys/kernel/debug
	mounted tracefs /sys/kernel/tracing
	mounted bpf_fs /sys/fs/bpf
	mounted cgroup2fs /sys/fs/cgroup
	grep -qw memory /sys/fs/cgroup/cgroup.subtree_control
}

@test "modprobe finds the kernel's own modules" {
	modprobe veth
}

@test "syncmap.ko loads, shows its types and unloads" {
	mark_log
	load_module syncmap
	[ -s /sys/kernel/btf/syncmap ]
	[ -d /sys/kernel/debug/syncmap ]
	unload_module syncmap
	[ ! -e /sys/kernel/debug/syncmap ]
	[ -z "$(splats)" ]
}

@test "a kernel in which syncmap is loaded is not taken for tests, which would unload it" {
	load_module syncmap
	syncmap map create precious
	HOST=1 YES=1 run "$top/tests/vm/in-kernel" -- rmmod syncmap
	[ "$status" = 1 ]
	[ "$output" = 'consent: syncmap is loaded, and its maps would be lost: first syncmap save FILE, then rmmod syncmap' ]
	syncmap map show precious
	unload_module syncmap
}

@test "the running kernel is not taken without asking" {
	HOST=1 YES='' run "$top/tests/vm/in-kernel" -- true </dev/null
	[ "$status" = 1 ]
	[[ $output = *'there is no terminal to ask on: YES=1' ]]
}

@test "a command in the running kernel finds the bpftool that attaches by itself, and its status is told" {
	local cache=$BATS_TEST_TMPDIR/cache
	mkdir -p "$cache/syncmap"
	ln -s "$(dirname "$(command -v bpftool)")" "$cache/syncmap/bpftool"
	XDG_CACHE_HOME=$cache PATH=/usr/bin:/bin HOST=1 YES=1 \
		run "$top/tests/vm/in-kernel" -o "$BATS_TEST_TMPDIR/out" -- \
		bash -c 'bpftool prog help 2>&1 | grep -q autoattach && exit 7'
	[ "$status" = 7 ]
	[ -s "$BATS_TEST_TMPDIR/out/dmesg" ]
}

@test "what the kernel complains of is found, though its log lost the mark, or the complaint" {
	local log=()
	dmesg() { printf '%s\n' "${log[@]}"; }
	mark_log
	log=('WARNING: before' "[1.0] $log_mark" 'all is well')
	[ -z "$(splats)" ]
	log+=('[2.0] BUG: after')
	[ "$(splats)" = '[2.0] BUG: after' ]
	log=('[3.0] WARNING: the mark is gone')
	[ "$(splats)" = '[3.0] WARNING: the mark is gone' ]
	log=('all is well')
	log_taints=$((log_taints ^ 512))
	[[ $(splats) = 'the kernel is tainted:'* ]]
}

@test "a suite fails when the kernel complained while it ran" {
	cd "$BATS_TEST_TMPDIR"
	mkdir out bin
	printf '#!/bin/sh\necho "WARNING: made up"\n' >bin/dmesg
	chmod +x bin/dmesg
	printf '@test "good" {\n\ttrue\n}\n' >good.bats
	VM_OUT=out "$top/tests/vm/suites" good.bats
	[ "$(cat out/good.rc)" = 0 ]
	PATH=$PWD/bin:$PATH VM_OUT=out "$top/tests/vm/suites" good.bats
	[ "$(cat out/good.rc)" = 1 ]
	[ "$(cat out/good.err)" = 'the kernel complained: WARNING: made up' ]
}
