# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the suites that run in the kernel under test: `load helpers`.

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
kmod=$top/build/kmod-$(uname -r)
export kmod

# insmod MODULE [PARAMETER=VALUE]... from what was built for this kernel; nothing to do where it is loaded.
load_module() {
	[ -d "/sys/module/$1" ] || insmod "$kmod/$1.ko" "${@:2}"
}

unload_module() {
	[ ! -d "/sys/module/$1" ] || rmmod "$1"
}

# splats [SINCE]: lines in the kernel's log that no test should leave, after the first SINCE lines.
splats() {
	dmesg | tail -n "+$((${1:-0} + 1))" | "$top/tests/vm/splats"
}

# Objects in use in the kernel's general caches and in ours, and pages for per-CPU data and in vmalloc's area. The other
# caches grow with what was looked at.
memory() {
	local cache
	# What CPUs hold in reserve counts as in use until it is given back.
	for cache in /sys/kernel/slab/*/shrink; do
		echo 1 >"$cache"
	done
	awk '$1 ~ /^kmalloc|^syncmap/ { print $1, $2 }' /proc/slabinfo
	awk '/^Percpu:/ { print "percpu-pages", $2 / 4 }' /proc/meminfo
	awk '{ bytes += $2 } END { print "vmalloc-pages", bytes / 4096 }' /proc/vmallocinfo
}

# grown BEFORE AFTER LEAST: what grew by so much between two files of memory's.
grown() {
	awk -v least="$3" 'NR == FNR { before[$1] = $2; next }
		$2 - before[$1] >= least { print $1 " grew from " before[$1] " to " $2 }' "$1" "$2"
}
