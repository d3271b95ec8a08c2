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
	local before
	before=$(dmesg | wc -l)
	load_module syncmap
	[ -s /sys/kernel/btf/syncmap ]
	[ -d /sys/kernel/debug/syncmap ]
	unload_module syncmap
	[ ! -e /sys/kernel/debug/syncmap ]
	[ -z "$(splats "$before")" ]
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
