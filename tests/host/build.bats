#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# make: what it refuses, and what it installs. make checkpatch and make C=2 are checks of their own, and longer ones.

setup_file() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	export top
}

setup() {
	cd "$top" || return
	kdir=$BATS_TEST_TMPDIR/kdir
	release=0-no-btf-$BASHPID
}

teardown() {
	rm -rf "$top/build/kmod-$release"
}

# A kernel's build folder without a vmlinux, as make sees it: modules come out of it, but without BTF. It is older than
# all that is built already, which need not be built again for it.
no_btf() {
	mkdir -p "$kdir/include/generated"
	echo "#define UTS_RELEASE \"$release\"" >"$kdir/include/generated/utsrelease.h"
	touch -d @0 "$kdir/include/generated/utsrelease.h"
	# shellcheck disable=SC2016 # for make
	printf 'modules:\n\t@for module in %s; do cp /bin/true $(M)/$$module.ko; done\n' \
		'syncmap syncmap_bench syncmap_consumer' >"$kdir/Makefile"
}

# As make test has built all, so that nothing has to be built again; but not as a part of that make.
quiet_make() {
	env -u MAKEFLAGS -u MAKELEVEL make -s --no-print-directory YES=1 WERROR=1 "$@" 2>&1
}

@test "a kernel without a vmlinux is refused in one line that says what to do" {
	no_btf
	run quiet_make KDIR="$kdir" modules
	[ "$status" != 0 ]
	[ "${lines[0]}" = "syncmap.ko has no BTF: is there a vmlinux in $kdir? (BTF=0 builds without)" ]
	[[ ${lines[1]} = 'make: *** '* ]]
	[ ${#lines[@]} = 2 ]
}

@test "BTF=0 builds for it" {
	no_btf
	run quiet_make KDIR="$kdir" BTF=0 modules
	[ "$status" = 0 ]
	[ -e "build/kmod-$release/syncmap.ko" ]
}

@test "without any BTF there are no BPF programs, as one line says" {
	no_btf
	run quiet_make KDIR="$kdir" VMLINUX= -W "$kdir/include/generated/utsrelease.h" build/bpf/vmlinux.h
	[ "$status" != 0 ]
	[ "${lines[0]}" = \
		'BPF programs, and the tools with them, need a vmlinux (make fetch); make modules BTF=0 does not' ]
	[ ${#lines[@]} = 2 ]
	[ -s build/bpf/vmlinux.h ]
}

@test "HOST=1 without the kernel's headers is refused in one line that names them" {
	run quiet_make HOST=1 RUNNING_KDIR="$kdir" consent
	[ "$status" != 0 ]
	[ "${lines[0]}" = "HOST=1 needs the running kernel's headers: apt-get install linux-headers-$(uname -r)" ]
	[ ${#lines[@]} = 2 ]
}

@test "what is installed works from there, and uninstall leaves no file" {
	local dest=$BATS_TEST_TMPDIR/dest
	no_btf
	quiet_make KDIR="$kdir" BTF=0 DESTDIR="$dest" PREFIX=/opt/it install
	"$dest/opt/it/bin/syncmap" help | grep -q restore
	[ -e "$dest/lib/modules/$release/updates/syncmap.ko" ]
	[ -e "$dest/opt/it/share/man/man8/syncmap.8" ]
	[ -e "$dest/opt/it/lib/syncmap/misses.bpf.o" ]
	[ -e "$dest/opt/it/share/bash-completion/completions/syncmap" ]
	quiet_make KDIR="$kdir" BTF=0 DESTDIR="$dest" PREFIX=/opt/it uninstall
	[ -z "$(find "$dest" ! -type d)" ]
}
