#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The kernel under test offers what the other suites rely on, and takes the module.

load helpers
: "${kmod:?}"

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
