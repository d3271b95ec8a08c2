# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the suites that run in the kernel under test: `load helpers`.

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
# shellcheck source=tests/vm/splats
. "$top/tests/vm/splats"
kmod=${KMOD:-$top/build/kmod-$(uname -r)}
export kmod

# insmod MODULE [PARAMETER=VALUE]... from what was built for this kernel; nothing to do where it is loaded.
load_module() {
	[ -d "/sys/module/$1" ] || insmod "$kmod/$1.ko" "${@:2}"
}

unload_module() {
	[ ! -d "/sys/module/$1" ] || rmmod "$1"
}

# Objects in use in the kernel's general caches and in ours, and pages for per-CPU data and in vmalloc's area. The other
# caches grow with what was looked at.
memory_now() {
	local cache
	for cache in /sys/kernel/slab/*/shrink; do
		echo 1 >"$cache"
	done
	awk '$1 ~ /^kmalloc|^syncmap/ { print $1, $2 }' /proc/slabinfo
	awk '/^Percpu:/ { print "percpu-pages", $2 / 4 }' /proc/meminfo
	awk '{ bytes += $2 } END { print "vmalloc-pages", bytes / 4096 }' /proc/vmallocinfo
}

# The least of several readings: the whole slab that a CPU allocates from counts as in use until it is given back.
memory() {
	for _ in {1..5}; do
		memory_now
	done | awk '!($1 in least) || $2 < least[$1] { least[$1] = $2 } END { for (name in least) print name, least[name] }'
}

# grown LEAST BEFORE BETWEEN AFTER: what grew by so much in either half between three files of memory's.
grown() {
	awk -v least="$1" '{ used[FILENAME, $1] = $2; names[$1] }
		END {
			for (name in names) {
				first = used[ARGV[2], name] - used[ARGV[1], name]
				second = used[ARGV[3], name] - used[ARGV[2], name]
				if (first >= least && second >= least)
					print name " grew by " first " and by " second
			}
		}' "${@:2}"
}
