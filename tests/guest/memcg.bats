#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Memory is charged to the cgroup that made the map, whoever fills it.

load helpers
load cli
: "${words:?}"

cgroups=/sys/fs/cgroup

setup_file() {
	load_module syncmap
	mkdir "$cgroups/maker" "$cgroups/filler"
}

teardown_file() {
	unload_module syncmap
	rmdir "$cgroups/maker" "$cgroups/filler"
}

teardown() {
	delete_maps
}

# from CGROUP COMMAND...
from() {
	# shellcheck disable=SC2016 # for the inner shell
	bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroups/$1" "${@:2}"
}

# What the kernel's allocations for a cgroup are, in bytes.
slab_of() {
	sed -n 's/^slab //p' "$cgroups/$1/memory.stat"
}

# bytes of map a
bytes() {
	json .bytes map show a
}

@test "a map that another cgroup fills is charged to its maker" {
	local maker filler
	from maker syncmap map create a >/dev/null
	maker=$(slab_of maker) filler=$(slab_of filler)
	from filler syncmap entry load a "$words" >/dev/null
	echo "map $(bytes), maker $maker then $(slab_of maker), filler $filler then $(slab_of filler)"
	[ "$(bytes)" -gt 5000000 ]
	[ $(($(slab_of maker) - maker)) -ge $(($(bytes) * 8 / 10)) ]
	[ $(($(slab_of filler) - filler)) -le $(($(bytes) / 5)) ]
}

@test "a map that another cgroup clears and fills again stays its maker's" {
	local filler
	from maker syncmap map create a >/dev/null
	filler=$(slab_of filler)
	from filler syncmap entry load a "$words" >/dev/null
	from filler syncmap map clear a
	from filler syncmap entry load a "$words" >/dev/null
	[ $(($(slab_of filler) - filler)) -le $(($(bytes) / 5)) ]
}
