#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# syncmap entry: one key at a time, and dumps.
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
}

teardown() {
	delete_maps
}

@test "put inserts and replaces, get prints what is there" {
	[ "$(syncmap entry put a key one)" = 'status  inserted' ]
	[ "$(syncmap entry get a key)" = one ]
	is '.status == "replaced"' entry put a key two
	is '.value == "two"' entry get a key
	is '.status == "inserted"' entry put a empty ''
	[ "$(syncmap entry get a empty)" = '' ]
	is '.value == ""' entry get a empty
}

@test "add keeps what is there, swap and replace tell what was" {
	is '.status == "inserted" and (has("value") | not)' entry add a key one
	is '.status == "found" and .value == "one"' entry add a key two
	[ "$(syncmap entry add a key two)" = $'status  found\nvalue   one' ]
	is '.status == "replaced" and .previous == "one"' entry swap a key three
	is '.status == "inserted" and (has("previous") | not)' entry swap a new x
	is '.status == "replaced" and .previous == "x"' entry replace a new y
	[ "$(syncmap entry get a key) $(syncmap entry get a new)" = 'three y' ]
}

@test "cas and delete-if act only on the value that they name" {
	syncmap entry put a key one >/dev/null
	refuses 2 'map a: the value of key key is another: one' entry cas a key two three
	refuses 2 'map a: the value of key key is another: one' entry delete a key if two
	[ "$(syncmap entry get a key)" = one ]
	is '.status == "replaced" and .previous == "one"' entry cas a key one two
	is '.status == "deleted" and .previous == "two"' entry delete a key if two
	syncmap entry put a key one >/dev/null
	is '.status == "deleted" and .previous == "one"' entry delete a key
}

@test "an absent key, an absent map: exit 3, and nothing is made" {
	refuses 3 'map a has no key k' entry get a k
	refuses 3 'map a has no key hex:00ff' entry get a hex:00ff
	refuses 3 'map a has no key k' entry replace a k v
	refuses 3 'map a has no key k' entry cas a k '' v
	refuses 3 'map a has no key k' entry delete a k
	refuses 3 'map a has no key k' entry delete a k if ''
	refuses 3 'map z: there is no map of this name (attribute map-name: No such file or directory)' entry get z k
	refuses 3 'map z: there is no map of this name' entry put z k v
	refuses 3 'map z: there is no map of this name' entry load z /dev/null
	refuses 3 'map z: there is no map of this name' entry save z -
	is '.entries == 0' map show a
}

@test "keys and values are written as text, hex:, u64: and ip:" {
	syncmap entry put a u64:1 hex:ff00 >/dev/null
	syncmap entry put a ip:10.0.0.1 ip:::1 >/dev/null
	syncmap entry put a text:hex:00 'ü ä' >/dev/null
	syncmap entry put a u64:0xffffffffffffffff hex: >/dev/null
	[ "$(syncmap entry get a hex:0100000000000000)" = hex:ff00 ]
	[ "$(syncmap entry get a hex:0a000001)" = hex:00000000000000000000000000000001 ]
	[ "$(syncmap entry get a hex:6865783a3030)" = 'ü ä' ]
	[ "$(syncmap entry get a hex:ffffffffffffffff)" = '' ]
	[ "$(syncmap entry dump a keys | sort)" = "$(sort <<-'END'
		hex:0100000000000000
		hex:0a000001
		text:hex:00
		hex:ffffffffffffffff
	END
	)" ]
	is '[.entries[] | select(.value == {hex: "ff00"}).key] == ["\u0001" + "\u0000" * 7]' entry dump a
	is '.value == "ü ä"' entry get a text:hex:00
}

@test "bytes that are not as they should be are told, and exit 1" {
	refuses 1 "entry get: the key '': a key may not be empty" entry get a ''
	refuses 1 "the key 'hex:': a key may not be empty" entry get a hex:
	refuses 1 "the key 'hex:0': hex: needs two digits for each byte" entry get a hex:0
	refuses 1 "the key 'hex:0g': hex: takes the digits 0-9 a-f only" entry get a hex:0g
	refuses 1 "the key 'u64:x': u64: takes a number, 0 to 2^64-1" entry get a u64:x
	refuses 1 "the key 'u64:18446744073709551616': u64: takes a number" entry get a u64:18446744073709551616
	refuses 1 "the key 'ip:1.2.3': ip: takes an IPv4 or an IPv6 address" entry get a ip:1.2.3
	refuses 1 'a key may have 255 bytes at most' entry get a "$(printf 'x%.0s' {1..256})"
	refuses 1 'longer than 4096 bytes' entry put a k "$(head -c 4097 /dev/zero | tr '\0' x)"
	refuses 1 "'unless' is not a condition; that is one of: if" entry delete a k unless v
	refuses 1 'entry cas: the new value is missing' entry cas a k old
	is '.entries == 0' map show a
}

@test "the longest key and value go in and come out" {
	local key value
	key=$(printf 'k%.0s' {1..255})
	value=$(head -c 4096 /dev/zero | tr '\0' v)
	syncmap entry put a "$key" "$value" >/dev/null
	[ "$(syncmap entry get a "$key")" = "$value" ]
	[ "$(syncmap entry dump a)" = "$key"$'\t'"$value" ]
}

@test "what does not fit a map of fixed sizes the kernel refuses, with the attribute" {
	create b key 8 value 8 max-entries 2
	refuses 2 "map b: the key is not of this map's key size (attribute key: Invalid argument)" entry put b k u64:1
	refuses 2 "map b: the value is not of this map's value size (attribute value: Invalid argument)" entry put b u64:1 v
	syncmap entry put b u64:1 u64:1 >/dev/null
	syncmap entry put b u64:2 u64:2 >/dev/null
	refuses 2 'map b: the map is full: max-entries or max-bytes (attribute entry: No space left on device)' \
		entry put b u64:3 u64:3
	is '.entries == 2' map show b
}

@test "dump tells of every entry once, in both forms" {
	local i
	for i in {1..300}; do printf 'key %d\tvalue %d\n' "$i" "$i"; done >"$BATS_TEST_TMPDIR/lines"
	syncmap entry load a "$BATS_TEST_TMPDIR/lines" >/dev/null
	syncmap entry dump a | sort | cmp - <(sort "$BATS_TEST_TMPDIR/lines")
	json '.entries[] | .key + "\t" + .value' entry dump a | sort | cmp - <(sort "$BATS_TEST_TMPDIR/lines")
	[ "$(syncmap entry dump a keys | sort)" = "$(cut -f 1 "$BATS_TEST_TMPDIR/lines" | sort)" ]
	is '.entries | length == 300 and all(has("value") | not)' entry dump a keys
	create b
	run -0 --separate-stderr syncmap entry dump b
	[ -z "$output$stderr" ]
	is '.entries == []' entry dump b
}

@test "a dump that is refused is no document, and one that breaks off is a whole one, with the error" {
	local code=0 begun
	refuses 3 'there is no map of this name' -j entry dump nosuch
	begin_dump -j
	syncmap map delete a
	{ printf '%s' "$begun"; cat <&8; } >"$BATS_TEST_TMPDIR/document"
	wait $! || code=$?
	[ "$code" = 3 ]
	jq -es 'length == 1 and (.[0] | .error == "No such file or directory" and .schema == 1 and
		(.entries | length > 0 and all(has("value"))))' "$BATS_TEST_TMPDIR/document"
}

# begin_dump [OPTION]: a dump whose reader does not read on, with its stderr in $err; its output is file descriptor 8, of
# which the first bytes are in $begun.
begin_dump() {
	err=$BATS_TEST_TMPDIR/err
	syncmap entry load a "$words" >/dev/null
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	syncmap "$@" entry dump a >"$BATS_TEST_TMPDIR/pipe" 2>"$err" &
	exec 8<"$BATS_TEST_TMPDIR/pipe"
	if [ $# = 0 ]; then
		read -r _ <&8
	else
		read -rN 20 begun <&8
	fi
}

@test "a dump of a map that changes meanwhile says so, and has every key that stayed" {
	begin_dump
	syncmap entry put a 'a new key' x >/dev/null
	cat <&8 >"$BATS_TEST_TMPDIR/rest"
	wait $!
	grep -q 'warning: map a changed while it was read' "$err"
	[ "$(grep -vc '^a new key' "$BATS_TEST_TMPDIR/rest")" = $(($(wc -l <"$words") - 1)) ]
}

@test "a dump of a map that is deleted meanwhile fails, and says why" {
	local code=0
	begin_dump
	syncmap map delete a
	cat <&8 >/dev/null
	wait $! || code=$?
	[ "$code" = 3 ]
	grep -q 'map a: the map was deleted meanwhile' "$err"
}

@test "a dump whose reader goes away ends without a word" {
	syncmap entry load a "$words" >/dev/null
	# shellcheck disable=SC2016 # for the inner shell
	run --separate-stderr bash -c 'syncmap entry dump a | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}'
	[ "$status" = 141 ]
	[ -z "$stderr" ]
	# shellcheck disable=SC2016 # for the inner shell
	run --separate-stderr bash -c 'trap "" PIPE; syncmap entry dump a | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}'
	[ "$status" = 2 ]
	[ -z "$stderr" ]
}
