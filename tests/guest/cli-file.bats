#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# syncmap entry load and save.
# shellcheck disable=SC2154 # stderr and stderr_lines are set by run

bats_require_minimum_version 1.5.0
load helpers
load cli
: "${words:?}"

setup_file() {
	load_module syncmap
}

teardown_file() {
	unload_module syncmap
}

setup() {
	create a
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	delete_maps
}

# bad LINE TEXT: stderr has this about this line of the file "lines".
bad() {
	[[ $'\n'$stderr$'\n' = *$'\n'"syncmap: lines:$1: $2"* ]] || {
		echo "not about line $1: $stderr"
		return 1
	}
}

@test "a list of 104,334 words goes in as keys and comes out again" {
	is ".map == \"a\" and .lines == $(wc -l <"$words") and .inserted == .lines and .bad_lines == 0 and .replaced == 0" \
		entry load a "$words"
	is ".entries == $(wc -l <"$words")" map show a
	syncmap entry dump a keys | sort | cmp - <(sort "$words")
	[ "$(syncmap entry get a "zoo's")" = '' ]
	is ".file == \"saved\" and .entries == $(wc -l <"$words")" entry save a saved
	sort saved | cmp - <(sed 's/$/\t/' "$words" | sort)
	create b policy classic
	syncmap entry load b saved >/dev/null
	syncmap entry save b again >/dev/null
	sort again | cmp - <(sort saved)
	is '.replaced == .lines and .inserted == 0' entry load b saved
}

@test "a key alone gets the value that is asked for; add keeps what is there" {
	printf 'one\ntwo\town\nthree\t\n' >lines
	is '.inserted == 3' entry load a lines value 'hex:00ff'
	[ "$(syncmap entry get a one) $(syncmap entry get a two) $(syncmap entry get a three)" = 'hex:00ff own ' ]
	printf 'one\tx\nfour\ty' >lines
	is '.inserted == 1 and .kept == 1 and .lines == 2' entry load a lines add
	[ "$(syncmap entry get a one) $(syncmap entry get a four)" = 'hex:00ff y' ]
}

@test "any bytes go round: file, map, file, JSON" {
	python3 - <<-'END'
		import random
		random.seed(1)
		keys = {random.randbytes(random.randint(1, 255)) for _ in range(400)} | {bytes([b]) for b in range(256)}
		keys |= {k.encode() for k in ('hex:', 'text:hex:', 'u64:1', 'ip:', 'a\u202eb', '\u00e4', 'a b ', ' ', '\t', '\n')}
		with open('lines', 'w') as f:
		    for key in sorted(keys):
		        value = random.randbytes(random.choice((0, 1, 8, 100, 4096)) if random.random() < .2 else 3)
		        print('hex:' + key.hex(), 'hex:' + value.hex(), sep='\t', file=f)
	END
	syncmap entry load a lines --strict >/dev/null
	syncmap entry save a saved >/dev/null
	create b
	syncmap entry load b saved --strict >/dev/null
	syncmap -j entry dump b >dump
	python3 - <<-'END'
		import json
		def raw(text):
		    return bytes.fromhex(text['hex']) if isinstance(text, dict) else text.encode()
		wanted = {}
		for line in open('lines'):
		    key, value = (bytes.fromhex(part[4:]) for part in line.rstrip('\n').split('\t'))
		    wanted[key] = value
		got = {raw(e['key']): raw(e['value']) for e in json.load(open('dump'))['entries']}
		assert got == wanted, set(got.items()) ^ set(wanted.items())
	END
}

@test "from standard input and to standard output" {
	# shellcheck disable=SC2094 # the hyphen is no file
	printf 'x\t1\ny\t2\n' | syncmap entry load a - >/dev/null
	create b
	syncmap entry save a - | syncmap entry load b - >/dev/null
	[ "$(syncmap entry dump b | sort)" = $'x\t1\ny\t2' ]
	[ "$(syncmap entry save a - keys | sort)" = $'x\ny' ]
}

@test "bad lines are told by number, the others are loaded, and it exits 1" {
	printf 'good\t1\n\t2\n\nhex:0\nx\ty\tz\nk\thex:1\n%s\nu64:\nlast\t2' "$(printf 'x%.0s' {1..256})" >lines
	run --separate-stderr syncmap -j entry load a lines
	[ "$status" = 1 ]
	bad 2 'a key may not be empty'
	bad 3 'a key may not be empty'
	bad 4 'hex: needs two digits for each byte'
	bad 5 'more than one TAB'
	bad 6 'hex: needs two digits for each byte'
	bad 7 'a key may have 255 bytes at most'
	bad 8 'u64: takes a number'
	[ "${#stderr_lines[@]}" = 7 ]
	[ "$(jq -c '[.lines, .bad_lines, .inserted]' <<<"$output")" = '[9,7,2]' ]
	[ "$(syncmap entry dump a | sort)" = $'good\t1\nlast\t2' ]
}

@test "strict loads nothing if any line is bad" {
	printf 'good\t1\n\t2\nlast\t2\n' >lines
	local word
	for word in strict --strict; do
		refuses 1 'lines has 1 bad lines: nothing was loaded' entry load a lines $word
		bad 2 'a key may not be empty'
		is '.entries == 0' map show a
	done
	run --separate-stderr syncmap entry load a - strict <lines
	[ "$status" = 1 ]
	[[ $stderr = *'standard input:2: a key may not be empty'* ]]
	is '.entries == 0' map show a
	sed -i 2d lines
	is '.inserted == 2' entry load a lines strict
}

@test "many bad lines are counted, not listed" {
	yes 'hex:0' | head -n 1000 >lines
	run --separate-stderr syncmap entry load a lines
	[ "$status" = 1 ]
	[ "${#stderr_lines[@]}" = 21 ]
	[[ $stderr = *'lines: and 980 more bad lines' ]]
}

@test "lines that a map of fixed sizes cannot take are bad lines" {
	create b key 4 value 2
	printf 'four\txy\nthree\txy\nfive\txyz\nfour\n' >lines
	run --separate-stderr syncmap entry load b lines
	[ "$status" = 1 ]
	bad 2 "the key is not as long as this map's keys"
	bad 3 "the value is not as long as this map's values"
	bad 4 "the value is not as long as this map's values"
	is '.entries == 1' map show b
}

@test "a full map ends a load; it says where, and how much is there" {
	create b max-entries 1000
	run --separate-stderr syncmap -j entry load b "$words"
	[ "$status" = 2 ]
	[ "$stderr" = "syncmap: $words:1001: map b: the map is full, max-entries or max-bytes: No space left on device" ]
	[ "$(jq .inserted <<<"$output")" = 1000 ]
	syncmap entry dump b keys | sort | cmp - <(head -n 1000 "$words" | sort)
}

@test "files that cannot be read or written are told, and exit 2" {
	refuses 2 'none: No such file or directory' entry load a none
	refuses 2 '.: Is a directory' entry load a .
	refuses 2 'none/file: No such file or directory' entry save a none/file
	refuses 1 "'bogus' is not an option of load" entry load a lines bogus
	refuses 1 'entry load: a file is missing' entry load a
}

@test "a save that does not fit on the disk leaves what was there" {
	mkdir disk
	mount -t tmpfs -o size=64k none disk
	echo before >disk/file
	syncmap entry load a "$words" >/dev/null
	run --separate-stderr syncmap entry save a disk/file
	cat disk/file >left
	ls disk >list
	umount disk
	[ "$status" = 2 ]
	[[ $stderr = *'disk/file: No space left on device' ]]
	[ "$(cat left)" = before ]
	[ "$(cat list)" = file ]
}

@test "a save follows a link, and takes the place of the file at once" {
	syncmap entry put a k v >/dev/null
	echo before >file
	ln -s file link
	ln file old
	syncmap entry save a link >/dev/null
	[ -L link ]
	[ "$(cat file)" = $'k\tv' ]
	[ "$(cat old)" = before ]
}

@test "progress is shown on a terminal only" {
	[[ $(on_terminal syncmap entry load a "$words") = *'loading: '*' entries, '*%* ]]
	[[ $(on_terminal syncmap entry save a saved) = *'saving: '*' entries, '*%* ]]
	run -0 --separate-stderr syncmap entry load a "$words"
	[ -z "$stderr" ]
}
