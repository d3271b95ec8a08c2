#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The YAML spec, the uapi header and the running kernel say the same of the family.

load helpers

setup_file() {
	load_module syncmap
}

teardown_file() {
	unload_module syncmap
}

spec() {
	python3 "$BATS_TEST_DIRNAME/netlink_spec.py" "$1"
}

@test "the uapi header has the names and numbers of the spec, and no others" {
	spec header
}

@test "the kernel has the spec's commands with their forms and privileges" {
	spec operations
}

@test "the kernel's policies allow the attributes and ranges of the spec" {
	spec policies
}

@test "a map tells every counter of the spec" {
	spec counters
}

@test "the module is found by the family's name" {
	modinfo -F alias "$kmod/syncmap.ko" | grep -x 'net-pf-16-proto-16-family-syncmap'
}
