#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What bash completes after `syncmap`. The program's own help says what there is; the maps are made up here.

setup_file() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	export top
	mkdir "$BATS_FILE_TMPDIR/bin"
	cat >"$BATS_FILE_TMPDIR/bin/syncmap" <<-END
		#!/bin/sh
		if [ "\$*" = '-j stats' ]; then
			cat "\$BATS_FILE_TMPDIR/maps"
			exit
		fi
		exec "$top/build/tools/syncmap" "\$@"
	END
	chmod +x "$BATS_FILE_TMPDIR/bin/syncmap"
}

setup() {
	PATH=$BATS_FILE_TMPDIR/bin:$PATH
	cat >"$BATS_FILE_TMPDIR/maps" <<-'END'
		{"schema":1,"maps":[{"map":"words","shards":2,"entries":7},{"map":"flows.v6","shards":1,"entries":0}]}
	END
	# shellcheck source=/dev/null
	source "$top/tools/dist/completion/syncmap"
	cd "$BATS_TEST_TMPDIR" || return
}

# complete_line LINE: what bash would offer at the end of LINE, on lines, sorted. Bash splits words also at :
complete_line() {
	# shellcheck disable=SC2034 # what the completion reads
	COMP_LINE=$1 COMP_POINT=${#1}
	read -ra COMP_WORDS <<<"${1//:/ : }"
	[[ $1 != *[\ :] ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_syncmap syncmap "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
	[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort
}

# offers LINE WORD...: exactly these are offered at the end of LINE.
offers() {
	local offered wanted=
	offered=$(complete_line "$1")
	[ $# = 1 ] || wanted=$(printf '%s\n' "${@:2}" | sort)
	[ "$offered" = "$wanted" ] || {
		printf '%s\noffered:\n%s\nwanted:\n%s\n' "$1" "$offered" "$wanted"
		return 1
	}
}

help_of() {
	syncmap -j help | jq -r "$@"
}

@test "it is the completion of syncmap" {
	[ "$(complete -p syncmap)" = 'complete -F _syncmap syncmap' ]
}

@test "every object that help knows is offered" {
	mapfile -t objects < <(help_of '.commands[].object' | sort -u)
	[ ${#objects[@]} -ge 3 ]
	offers 'syncmap ' "${objects[@]}"
	offers 'syncmap -j ' "${objects[@]}"
	offers 'syncmap help ' "${objects[@]}"
}

@test "every command of an object is offered" {
	for object in map entry; do
		mapfile -t commands < <(help_of ".commands[] | select(.object == \"$object\").command")
		[ ${#commands[@]} -ge 3 ]
		offers "syncmap $object " "${commands[@]}" help
	done
}

@test "what is begun is completed" {
	offers 'syncmap ma' map
	offers 'syncmap map cr' create
	offers 'syncmap map create x pol' policy
}

@test "options are offered before the object" {
	offers 'syncmap --j' --json
	[ "$(complete_line 'syncmap -' | wc -l)" = 10 ]
	offers 'syncmap map -'
}

@test "the names of live maps are offered" {
	for line in 'map show' 'map set' 'map delete' 'entry get' 'entry load' 'stats' 'monitor map'; do
		offers "syncmap $line " words flows.v6
	done
	offers 'syncmap entry get w' words
}

@test "a map that is to be made has no name yet" {
	offers 'syncmap map create '
}

@test "abbreviated objects and commands are understood" {
	offers 'syncmap ent ge ' words flows.v6
	offers 'syncmap -j e g f' flows.v6
}

@test "an ambiguous object or command is not guessed" {
	offers 'syncmap m show '
	offers 'syncmap map s '
}

@test "keywords are offered once, values after theirs" {
	offers 'syncmap map create x ' policy shards key value align max-entries max-bytes
	offers 'syncmap map create x policy cow shards 4 ' key value align max-entries max-bytes
	offers 'syncmap map create x poli ' cow classic
	offers 'syncmap map create x policy ' cow classic
	offers 'syncmap map create x shards ' auto
	offers 'syncmap map create x max-entries '
	offers 'syncmap entry load words file ' value add strict
	offers 'syncmap entry load words file value add ' add strict
	offers 'syncmap entry delete words key ' if
}

@test "a keyword whose value may be left out does not hide the others" {
	offers 'syncmap stats words watch co' count
	offers 'syncmap stats words watch 2 co' count
	offers 'syncmap stats words watch count '
}

@test "keys, values and numbers are left to the user" {
	offers 'syncmap entry put words '
	offers 'syncmap entry put words key '
}

@test "a key with a colon is one word" {
	offers 'syncmap entry delete words ip:10.0.0.1 ' if
	offers 'syncmap entry delete words ip:fe80::1 ' if
	offers 'syncmap entry cas words hex:00 u64:1 '
}

@test "files are offered where a file is expected" {
	touch alpha 'two words'
	offers 'syncmap entry load words ' alpha 'two words'
	offers 'syncmap entry save words al' alpha
	offers 'syncmap restore a' alpha
	offers 'syncmap save a' alpha
	offers 'syncmap restore alpha ' replace
}

@test "of a file with a colon, what follows the colon is offered" {
	touch a:bcd
	offers 'syncmap restore a:b' bcd
}

@test "files in the folder do not change the words" {
	touch k a policy
	offers 'syncmap entry dump words ' keys
}

@test "without the module it says nothing" {
	cat >"$BATS_FILE_TMPDIR/bin/broken" <<-'END'
		#!/bin/sh
		[ "$*" != '-j stats' ] || { echo 'syncmap: the kernel module is not loaded' >&2; exit 2; }
		exec syncmap "$@"
	END
	chmod +x "$BATS_FILE_TMPDIR/bin/broken"
	COMP_LINE='broken map show ' COMP_POINT=16 COMP_WORDS=(broken map show '') COMP_CWORD=3
	run _syncmap broken '' show
	[ -z "$output" ]
	_syncmap broken '' show
	[ ${#COMPREPLY[@]} = 0 ]
}

@test "without the program it says nothing" {
	COMP_LINE='missing map ' COMP_POINT=12 COMP_WORDS=(missing map '') COMP_CWORD=2
	run _syncmap "$BATS_TEST_TMPDIR/missing" '' map
	[ -z "$output" ]
}

@test "it is clean under shellcheck" {
	shellcheck -s bash "$top/tools/dist/completion/syncmap"
}
