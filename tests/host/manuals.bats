#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The man pages say what the program says: objects, commands, words, counters, options.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	man=$top/tools/dist/man
	bats_help=$BATS_FILE_TMPDIR/help
	[ -s "$bats_help" ] || "$top/build/tools/syncmap" -j help >"$bats_help"
}

help_of() {
	jq -r "$@" "$bats_help"
}

# page_of OBJECT: the page whose NAME section has syncmap-OBJECT; the common page tells of version and help.
page_of() {
	case $1 in
	version | help) echo "$man/syncmap.8.scd" ;;
	*) grep -lE "^(syncmap-[a-z]+, )*syncmap-$1(, syncmap-[a-z]+)* - " "$man"/*.scd ;;
	esac
}

# mentions PAGE WORD: as a word that is set off, not in the middle of a sentence.
mentions() {
	grep -qE "\*([^*]*[^*[:alnum:]-])?$2([^*[:alnum:]-][^*]*)?\*" "$1"
}

# words_of USAGE: the words in it that are to be written as they are.
words_of() {
	tr -c 'A-Za-z0-9-' '\n' <<<"$1" | grep -xE '[a-z][a-z-]*' | sort -u
}

@test "every object has a page, and the common page names it" {
	mapfile -t objects < <(help_of '.commands[].object' | sort -u)
	[ ${#objects[@]} -ge 10 ]
	missing=
	for object in "${objects[@]}"; do
		page_of "$object" >/dev/null || missing+=" $object"
		mentions "$man/syncmap.8.scd" "$object" || missing+=" syncmap(8):$object"
	done
	echo "missing:$missing"
	[ -z "$missing" ]
}

@test "every command and every word of its usage is in the page of its object" {
	help_of '.commands[] | [.object, .command, (.words | gsub("\\s"; " "))] | join("\u001f")' >"$BATS_TEST_TMPDIR/commands"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/commands")" -ge 20 ]
	missing=
	while IFS=$'\x1f' read -r object command usage; do
		page=$(page_of "$object") || {
			missing+=" $object (no page)"
			continue
		}
		for word in $command $(words_of "$usage"); do
			mentions "$page" "$word" || missing+=" ${page##*/}:$word"
		done
	done <"$BATS_TEST_TMPDIR/commands"
	echo "missing:$missing"
	[ -z "$missing" ]
}

@test "every counter of the netlink family is explained" {
	mapfile -t counters < <(sed -n 's/^\tSYNCMAP_A_COUNTER_\([A-Z_]*\),.*/\L\1/p' \
		"$top/kmod/include/uapi/linux/syncmap.h" | grep -vx -e unspec -e pad)
	[ ${#counters[@]} -ge 20 ]
	missing=
	for counter in "${counters[@]}"; do
		grep -q "^\*.*\*$counter\*\|^\*$counter\*" "$man/syncmap-stats.8.scd" || missing+=" $counter"
	done
	echo "missing:$missing"
	[ -z "$missing" ]
}

@test "every option is explained" {
	mapfile -t options < <(sed -n 's/.*{ "\([a-z]*\)", no_argument.*/--\1/p' "$top/tools/cli/main.c")
	[ ${#options[@]} -ge 5 ]
	for option in "${options[@]}"; do
		echo "$option"
		grep -q -- "^\*-.\*, \*$option\*" "$man/syncmap.8.scd"
	done
}

@test "every page builds without a warning, and is called by its name" {
	pages=("$man"/*.scd)
	[ ${#pages[@]} -ge 7 ]
	for page in "${pages[@]}"; do
		name=$(basename "$page" .scd)
		echo "$name"
		scdoc <"$page" >"$BATS_TEST_TMPDIR/$name" 2>"$BATS_TEST_TMPDIR/said"
		[ ! -s "$BATS_TEST_TMPDIR/said" ]
		[ "$(head -n 1 "$page")" = "${name%.*}(${name##*.})" ]
		grep -q "^\.TH \"${name%.*}\" \"${name##*.}\"" "$BATS_TEST_TMPDIR/$name"
	done
}

@test "every page has a name, a synopsis or a description, and sees others" {
	for page in "$man"/*.scd; do
		echo "$page"
		grep -qx '# NAME' "$page"
		grep -qxE '# (SYNOPSIS|DESCRIPTION)' "$page"
		grep -qx '# SEE ALSO' "$page"
	done
}

@test "every page of ours that is referred to is there" {
	missing=
	while read -r name; do
		[ -e "$man/$name.scd" ] || missing+=" $name"
	done < <(grep -ohE '\*syncmap[a-z-]*\*\([0-9]\)' "$man"/*.scd | sed 's/[*)]//g; s/(/./' | sort -u)
	echo "missing:$missing"
	[ -z "$missing" ]
}
