# SPDX-License-Identifier: GPL-2.0
# `make help` lists the targets.

MAKEFLAGS += --no-builtin-rules
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

include tools/dist/say.mk

PREFIX ?= /usr/local
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/syncmap
# The kernel that the virtual machine boots, and that is built for where the running one has no headers.
KERNEL ?= 6.12
VM_KDIR := $(CACHE)/kernels/$(KERNEL)/build
RUNNING_KDIR := /lib/modules/$(shell uname -r)/build
KDIR ?= $(if $(wildcard $(RUNNING_KDIR)/Makefile),$(RUNNING_KDIR),$(VM_KDIR))
KRELEASE := include/generated/utsrelease.h
# Expanded in recipes only: before the first fetch there is no such file.
RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/$(KRELEASE))
KMOD_OUT = $(CURDIR)/build/kmod-$(RELEASE)

CFLAGS ?= -O2 -g
CLANG ?= clang
LLVM_STRIP ?= llvm-strip
PKG_CONFIG ?= pkg-config
BPFTOOL ?= $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)
INSTALL ?= install
export KERNEL

all: modules bpf tools man ## build everything, for the running kernel, KDIR=… or the cached Debian kernel
.DEFAULT_GOAL := all

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r target what; do \
		printf '  %-12s %s\n' "$$target" "$$what"; done
	@echo 'Variables: KDIR=kernel build folder, KERNEL=cached kernel, C=1 sparse, WERROR=1, BTF=0, HOST=1 no virtual'
	@echo '  machine, YES=1 no questions, PREFIX, DESTDIR, V=1'

deps: ## install the Debian packages that are missing (asks; YES=1 does not)
	@tools/dist/deps

$(VM_KDIR)/$(KRELEASE): | deps
	@tests/vm/fetch $(KERNEL) >/dev/null

fetch: $(VM_KDIR)/$(KRELEASE) ## fetch the kernel of the virtual machine into the cache
	@tests/vm/fetch bpftool >/dev/null

# Modules

MODULES := syncmap syncmap_bench syncmap_consumer syncmap_torture

modules: $(KDIR)/$(KRELEASE) | deps ## build the modules into build/kmod-RELEASE
	@mkdir -p $(KMOD_OUT)
	@cp -u --preserve=timestamps --parents Kbuild $$(find kmod tests/consumer tests/torture -name '*.[ch]') $(KMOD_OUT)
	+$(MAKE) --no-print-directory -C $(KDIR) M=$(KMOD_OUT) WERROR=$(WERROR) $(if $(C),C=$(C)) $(if $(V),V=$(V)) \
		$(if $(filter 0,$(BTF)),CONFIG_DEBUG_INFO_BTF_MODULES=) modules
	@for module in $(MODULES); do \
		[ "$(BTF)" = 0 ] || readelf -SW $(KMOD_OUT)/$$module.ko | grep -q ' \.BTF ' || \
		{ echo "$$module.ko has no BTF: is there a vmlinux in $(KDIR)? (BTF=0 builds without)" >&2; exit 1; }; \
	done

# BPF programs, their skeletons

BPF := $(patsubst bpf/%.bpf.c,%,$(wildcard bpf/*.bpf.c))
SKELETONS := $(BPF:%=build/bpf/%.skel.h)
BPF_CFLAGS := -O2 -g -target bpf -mcpu=v3 -Wall $(if $(filter 1,$(WERROR)),-Werror) \
	-D__TARGET_ARCH_$(patsubst x86_64,x86,$(patsubst aarch64,arm64,$(shell uname -m)))
BPF_INCLUDES := -Ibuild/bpf -Ibpf -Ikmod/include/uapi

bpf: $(SKELETONS) ## build the BPF programs and their skeletons into build/bpf

# The types of any kernel will do: what is not where they say is found when the programs are loaded.
VMLINUX = $(firstword $(wildcard $(KDIR)/vmlinux /sys/kernel/btf/vmlinux $(VM_KDIR)/vmlinux))

build/bpf/vmlinux.h: $(KDIR)/$(KRELEASE) | deps
	@mkdir -p $(@D)
	@[ -n "$(VMLINUX)" ] || { \
		echo "BPF programs, and the tools with them, need a vmlinux (make fetch); make modules BTF=0 does not" >&2; \
		exit 1; }
	$(call say,BTF)
	$(Q)$(BPFTOOL) btf dump file $(VMLINUX) format c >$@

build/bpf/%.bpf.o: bpf/%.bpf.c build/bpf/vmlinux.h build/bpf/.flags
	$(call say,BPF)
	$(Q)$(CLANG) $(BPF_CFLAGS) $(BPF_INCLUDES) -MMD -MP -c $< -o $@
	$(Q)$(LLVM_STRIP) -g $@

build/bpf/%.skel.h: build/bpf/%.bpf.o
	$(call say,SKEL)
	$(Q)$(BPFTOOL) gen skeleton $< name $(subst -,_,$*) >$@

# Tools

LIBS := libbpf libnl-genl-3.0 libnl-3.0 libelf json-c
TOOLS_CFLAGS = $(CFLAGS) -std=gnu11 -Wall -Wextra $(if $(filter 1,$(WERROR)),-Werror) \
	-Itools/lib -Ibuild/bpf -Ibpf -Ikmod/include/uapi $(shell $(PKG_CONFIG) --cflags $(LIBS))
TOOLS_OBJECTS := $(patsubst tools/%.c,build/tools/obj/%.o,$(wildcard tools/cli/*.c tools/lib/*.c))

tools: build/tools/syncmap ## build the command line tool into build/tools

build/tools/syncmap: $(TOOLS_OBJECTS)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(shell $(PKG_CONFIG) --libs $(LIBS)) -lm -o $@

build/tools/obj/%.o: tools/%.c build/tools/.flags | $(SKELETONS) deps
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(TOOLS_CFLAGS) -MMD -MP -c $< -o $@

# Rebuild when the flags change, so that WERROR=1 sees every file.
build/bpf/.flags: FLAGS = $(CLANG) $(BPF_CFLAGS)
build/tools/.flags: FLAGS = $(CC) $(CPPFLAGS) $(CFLAGS) $(WERROR)
build/%/.flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' >$@

MANUALS := $(patsubst tools/dist/man/%.scd,build/man/%,$(wildcard tools/dist/man/*.scd))

man: $(MANUALS) ## build the man pages into build/man

build/man/%: tools/dist/man/%.scd | deps
	@mkdir -p $(@D)
	$(call say,MAN)
	$(Q)scdoc <$< >$@

-include $(wildcard build/bpf/*.d build/tools/obj/*/*.d)

# Installing

COMPLETION = $(DESTDIR)$(PREFIX)/share/bash-completion/completions/syncmap
MODULE_DIR = $(DESTDIR)/lib/modules/$(RELEASE)/updates
INSTALLED = $(MODULE_DIR)/syncmap.ko $(MODULE_DIR)/syncmap_bench.ko $(DESTDIR)$(PREFIX)/bin/syncmap \
	$(BPF:%=$(DESTDIR)$(PREFIX)/lib/syncmap/%.bpf.o) \
	$(COMPLETION) $(foreach page,$(notdir $(MANUALS)),$(DESTDIR)$(PREFIX)/share/man/man$(patsubst .%,%,$(suffix $(page)))/$(page))

install: all ## install modules (updates/), tool, BPF objects and man pages under DESTDIR, PREFIX
	$(INSTALL) -d $(MODULE_DIR) $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/syncmap
	$(INSTALL) -m 644 $(KMOD_OUT)/syncmap.ko $(KMOD_OUT)/syncmap_bench.ko $(MODULE_DIR)
	$(INSTALL) build/tools/syncmap $(DESTDIR)$(PREFIX)/bin
	$(INSTALL) -D -m 644 tools/dist/completion/syncmap $(COMPLETION)
	@for object in $(BPF); do \
		$(INSTALL) -m 644 build/bpf/$$object.bpf.o $(DESTDIR)$(PREFIX)/lib/syncmap || exit; done
	@for page in $(MANUALS); do \
		$(INSTALL) -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man$${page##*.} $$page || exit; done
	$(if $(DESTDIR),,depmod $(RELEASE))

uninstall: ## remove what install put there
	rm -f $(INSTALLED)
	$(if $(DESTDIR),,depmod $(RELEASE))

# Checking

vm: fetch ## a shell in a virtual machine, with syncmap.ko loaded
	+$(MAKE) --no-print-directory KDIR=$(VM_KDIR) all
	tests/vm/run -i

# The kernel's own netlink client, here because the guest sees the checkout and not the cache.
build/ynl: | deps
	@mkdir -p $(@D)
	@cp -rL "$$(tests/vm/fetch ynl)" $@.new && mv -T $@.new $@

# Both demo and test run in the virtual machine, or with HOST=1 in the running kernel.
TEST_KDIR := $(if $(filter 1,$(HOST)),$(RUNNING_KDIR),$(VM_KDIR))

# Ask before the long work, and only once.
consent: | deps
	@[ -e $(RUNNING_KDIR)/Makefile ] || \
		{ echo "HOST=1 needs the running kernel's headers: apt-get install linux-headers-$$(uname -r)" >&2; exit 1; }
	@tests/vm/consent
	@tests/vm/fetch bpftool >/dev/null

READY := $(if $(filter 1,$(HOST)),consent,fetch)

test: deps build/ynl $(READY) ## build with warnings as errors, run every test suite (HOST=1: in the running kernel)
	+$(MAKE) --no-print-directory KDIR=$(TEST_KDIR) WERROR=1 all
	+$(MAKE) --no-print-directory -C tests/host BUILD=$(CURDIR)/build/host WERROR=1 all
	+$(MAKE) --no-print-directory -C tests/host BUILD=$(CURDIR)/build/coverage SAN=coverage all
	+$(MAKE) --no-print-directory -C tests/fuzz BUILD=$(CURDIR)/build/fuzz all
	+$(MAKE) --no-print-directory -C bench/host BUILD=$(CURDIR)/build/bench/host all
	@HOST=$(HOST) $(if $(filter 1,$(HOST)),YES=1) tests/run

coverage: deps ## lines of core that the host tests do not reach; fails below 95 %
	+$(MAKE) --no-print-directory -C tests/host BUILD=$(CURDIR)/build/coverage SAN=coverage all
	@tests/host/coverage

FUZZ_SECONDS ?= 60
MESSAGES ?= 1000000
SEED ?= $(shell date +%s)

fuzz: deps $(SKELETONS) ## fuzz the tools' parsers and the core, FUZZ_SECONDS=60 for each target
	+$(MAKE) --no-print-directory -C tests/fuzz BUILD=$(CURDIR)/build/fuzz all
	@tests/fuzz/run -s $(FUZZ_SECONDS)

demo: deps $(READY) ## real words in maps of both policies, the load generator, a table and a picture (HOST=1 likewise)
	+$(MAKE) --no-print-directory KDIR=$(TEST_KDIR) all
	@HOST=$(HOST) $(if $(filter 1,$(HOST)),YES=1) tests/demo/run

# The module under its worst load. Kernels that the machine has not yet are fetched, and the debug kernel is built.
DURATION ?= 600
CYCLES ?= 1000
UML_KDIR = $(CACHE)/uml/debug
STOCK := 6.1 6.12 6.12-rt 7.3

torture: deps ## torture the module in a debug kernel (KASAN, lockdep, kmemleak, ...) for DURATION=600 s, CYCLES=1000 reloads
	@tests/uml/build debug >/dev/null
	+$(MAKE) --no-print-directory KDIR=$(UML_KDIR) ARCH=um BTF=0 modules
	+$(MAKE) --no-print-directory KDIR=$(TEST_KDIR) tools
	@tests/torture/run -s $(DURATION) -n $(CYCLES) debug

netlink-fuzz: deps ## send the module MESSAGES=1000000 right and wrong netlink messages, in the debug kernel; SEED=
	@tests/uml/build debug >/dev/null
	+$(MAKE) --no-print-directory KDIR=$(UML_KDIR) ARCH=um BTF=0 modules
	+$(MAKE) --no-print-directory -C tests/fuzz BUILD=$(CURDIR)/build/fuzz $(CURDIR)/build/fuzz/netlink-fuzz
	@tests/uml/run -t 7200 -- tests/fuzz/netlink/guest -s $(SEED) -n $(MESSAGES)

test-matrix: DURATION = 200
test-matrix: CYCLES = 100
test-matrix: deps ## the same in the stock kernels 6.1, 6.12, 6.12-rt and 7.3, in virtual machines
	+for kernel in $(STOCK); do \
		kdir=$$(tests/vm/fetch $$kernel)/build && \
		$(MAKE) --no-print-directory KDIR=$$kdir WERROR=1 modules || exit; \
	done
	+$(MAKE) --no-print-directory KDIR=$(TEST_KDIR) tools
	@tests/torture/run -s $(DURATION) -n $(CYCLES) $(STOCK)

QUICK ?= 0

bench: deps ## measure beside every rival, in user-mode Linux and on the host: build/bench (QUICK=1: under 5 minutes)
	@tests/uml/build bench >/dev/null
	+$(MAKE) --no-print-directory KDIR=$(CACHE)/uml/bench ARCH=um BTF=0 modules
	+$(MAKE) --no-print-directory KDIR=$(TEST_KDIR) tools
	+$(MAKE) --no-print-directory -C bench/host BUILD=$(CURDIR)/build/bench/host all
	@bench/run $(if $(filter 1,$(QUICK)),-q)

checkpatch: deps ## check the style with the kernel's checkpatch.pl
	perl "$$(tests/vm/fetch checkpatch)/checkpatch.pl" --quiet --show-types --terse --file \
		$$(find kmod bpf tools tests/consumer tests/torture -name '*.[ch]')

clean: ## remove build/
	rm -rf build

FORCE:
.PHONY: all help deps fetch consent modules bpf tools man install uninstall vm test coverage fuzz netlink-fuzz demo
.PHONY: torture test-matrix bench checkpatch clean FORCE
