# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the suites that run in the kernel under test: `load helpers`.

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
# shellcheck source=tests/vm/splats
. "$top/tests/vm/splats"
kmod=$top/build/kmod-$(uname -r)
export kmod

# insmod MODULE [PARAMETER=VALUE]... from what was built for this kernel; nothing to do where it is loaded.
load_module() {
	[ -d "/sys/module/$1" ] || insmod "$kmod/$1.ko" "${@:2}"
}

unload_module() {
	[ ! -d "/sys/module/$1" ] || rmmod "$1"
}
