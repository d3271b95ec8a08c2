# SPDX-License-Identifier: GPL-2.0
# A short line for each command, as kbuild prints them; V=1 shows the commands.
Q := $(if $(filter 1,$(V)),,@)
# $(call say,WHAT): names what is made
say = $(if $(Q),@printf '  %-7s %s\n' '$(1)' '$(subst $(or $(BUILD),$(CURDIR)/build)/,,$@)')
