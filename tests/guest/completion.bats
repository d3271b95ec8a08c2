#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Bash completes the names of maps that are in the kernel now.

load helpers

setup_file() {
	load_module syncmap
}

teardown_file() {
	unload_module syncmap
}

setup() {
	# shellcheck source=/dev/null
	source "$BATS_TEST_DIRNAME/../../tools/dist/completion/syncmap"
}

# names_after LINE: what is offered at the end of LINE, a word on a line, sorted.
names_after() {
	# shellcheck disable=SC2034 # what the completion reads
	COMP_LINE="$1 " COMP_POINT=$((${#1} + 1))
	read -ra COMP_WORDS <<<"$1"
	COMP_CWORD=${#COMP_WORDS[@]}
	COMP_WORDS+=('')
	_syncmap syncmap '' "${COMP_WORDS[-2]}" 2>&1
	printf '%s\n' "${COMPREPLY[@]}" | sort
}

@test "live maps are completed, deleted ones are not" {
	[ -z "$(names_after 'syncmap entry dump')" ]
	syncmap map create words
	syncmap map create flows.v6 policy classic key 16
	[ "$(names_after 'syncmap entry dump')" = $'flows.v6\nwords' ]
	syncmap map delete words
	[ "$(names_after 'syncmap map show')" = flows.v6 ]
}

@test "who may not read maps can complete them" {
	export -f names_after _syncmap _syncmap_words _syncmap_commands _syncmap_maps _syncmap_find _syncmap_offer \
		_syncmap_offer_for _syncmap_read_usage _syncmap_arguments
	run setpriv --reuid 65534 --regid 65534 --clear-groups bash -c 'names_after "syncmap stats"'
	[ "$output" = flows.v6 ]
}

@test "without the module nothing is offered, and nothing said" {
	rmmod syncmap
	[ -z "$(names_after 'syncmap entry dump')" ]
}
