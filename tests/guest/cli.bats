#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# syncmap: its words, its maps, and how it refuses.
# shellcheck disable=SC2154 # stderr and stderr_lines are set by run

bats_require_minimum_version 1.5.0
load helpers
load cli
: "${words:?}"

teardown() {
	[ ! -d /sys/module/syncmap ] || delete_maps
}

teardown_file() {
	unload_module syncmap
}

@test "without the module every command says so in one line, and exits 2" {
	unload_module syncmap
	refuses 2 'syncmap: the kernel module is not loaded; insmod syncmap.ko' map list
	[ "${#stderr_lines[@]}" = 1 ]
	refuses 2 'the kernel module is not loaded' entry get a b
	refuses 2 'the kernel module is not loaded' stats
	refuses 2 'the kernel module is not loaded' monitor
	refuses 2 'the kernel module is not loaded' save /tmp/none
	[ ! -e /tmp/none ]
}

@test "without the module version, feature and help answer" {
	is '.module == null and (.cli | test("^[0-9.]+$"))' version
	is '.features[] | select(.feature == "module") | .present == false' feature
	syncmap help >/dev/null
	load_module syncmap
}

@test "version tells both versions, and every command tells when they differ" {
	local version other
	version=$(json .cli version)
	other=${version//[0-9]/7}
	is '.module == .cli' version
	LC_ALL=C sed "s/\([^_]\)${version//./\\.}\x00/\1$other\x00/g" "$(command -v syncmap)" >"$BATS_TEST_TMPDIR/other"
	chmod +x "$BATS_TEST_TMPDIR/other"
	run --separate-stderr "$BATS_TEST_TMPDIR/other" map list
	[ "$status" = 0 ]
	[ "$stderr" = "syncmap: warning: this is syncmap $other, but the kernel module is $version" ]
	run --separate-stderr "$BATS_TEST_TMPDIR/other" -j version
	[ "$(jq -r '.cli, .module' <<<"$output")" = "$other"$'\n'"$version" ]
}

@test "in another network namespace it says where the module can be reached" {
	run --separate-stderr unshare -n syncmap map list
	[ "$status" = 2 ]
	[[ $stderr = *'only be reached from the initial network namespace'* ]]
}

@test "help tells of every object and command, in both forms" {
	local object
	run -0 syncmap help
	for object in $(json '.commands[].object' help | sort -u); do
		[[ $output = *"  $object "* ]]
		syncmap help "$object" | grep -q "^  syncmap $object"
		syncmap "$object" --help | grep -q "^  syncmap $object"
	done
	[ "$(json '.commands | map(.object) | unique | length' help)" -ge 11 ]
}

@test "words may be shortened as long as they are unambiguous" {
	create abc
	[ "$(syncmap -j map list)" = "$(syncmap -j ma l)" ]
	[ "$(syncmap -j map show abc)" = "$(syncmap -j map sh abc)" ]
	syncmap map cr d pol classic max-e 7 >/dev/null
	is '.policy == "classic" and .max_entries == 7' map show d
	refuses 1 "'m' is the beginning of more than one: map, monitor" m list
	refuses 1 "'max' is the beginning of more than one: max-entries, max-bytes" map create e max 5
}

@test "wrong usage is told with the right one, and exits 1" {
	refuses 1 'an object is missing'
	refuses 1 "'nothing' is not an object; that is one of: map, entry" nothing
	refuses 1 "there is no option '-x'" -x map list
	refuses 1 "there is no option '--nothing'" --nothing map list
	refuses 1 'map: a command is missing' map
	refuses 1 "map: 'frob' is not a command; that is one of: list, show" map frob
	refuses 1 "map list: 'all' is one word too many" map list all
	refuses 1 "map show: a map's name is missing" map show
	[[ $stderr = *'syncmap map show NAME'* ]]
	refuses 1 'map create: a policy is missing' map create a policy
	refuses 1 "'quick' is not a policy; that is one of: cow, classic" map create a policy quick
	refuses 1 "shards is 'many': it must be a number" map create a shards many
	refuses 1 "shards is 0: it must be from 1" map create a shards 0
	refuses 1 "max-entries is '-1'" map create a max-entries -1
	refuses 1 "max-entries is '18446744073709551616'" map create a max-entries 18446744073709551616
	refuses 1 "max-bytes is '5X': it must be a number of bytes, as 65536, 64K, 1G" map create a max-bytes 5X
	refuses 1 'policy is given twice' map create a policy cow policy cow
	refuses 1 'what to set is missing' map set a
	refuses 1 'shards are changed by syncmap reshard' map set a shards 4
	[ "$(json '.maps | length' map list)" = 0 ]
}

@test "map create makes what was asked, and says what was made" {
	is '.name == "a" and .policy == "cow" and .auto and .key_size == null and .value_size == null and
		.align == "packed" and .max_entries == 16000000 and .owner == null and .entries == 0' map create a
	is '.policy == "classic" and .shards == 1 and (.auto | not) and .max_entries == 1000000' map create b policy classic
	is '.shards == 8 and (.auto | not) and .key_size == 16 and .value_size == 0 and .align == "line" and
		.max_entries == 1000 and .max_bytes == 67108864' \
		map create c shards 8 key 16 value 0 align line max-entries 1000 max-bytes 64M
	is '.auto and .key_size == null and .value_size == null' map create d shards auto key any value any
	[ "$(json '.maps | map(.name) | join(" ")' map list)" = 'a b c d' ]
}

@test "text and JSON have the same fields with the same values" {
	create c shards 8 key 16 align line max-entries 1000
	[ "$(syncmap map show c | sed 's/ .*//')" = "$(json 'del(.schema) | keys_unsorted[]' map show c | tr _ -)" ]
	[ "$(syncmap map show c | awk '{ print $2 }' | head -n 5)" = $'c\n'"$(json .id map show c)"$'\ncow\n8\nno' ]
	[ "$(syncmap map list | head -n 1 | xargs -n 1)" = "$(json '.maps[0] | keys_unsorted[]' map list | tr a-z_ A-Z-)" ]
	[ "$(syncmap -p map list | jq -c .)" = "$(syncmap -j map list)" ]
	[ "$(syncmap -p map list | wc -l)" -gt 10 ]
	[ "$(syncmap -j map list | wc -l)" = 1 ]
}

@test "map set changes all or nothing" {
	create a max-entries 10
	is '.policy == "classic" and .max_entries == 5' map set a policy classic max-entries 5
	refuses 2 'a classic map holds at most 1000000 entries (attribute max-entries: Invalid argument)' \
		map set a max-bytes 100M max-entries 2000000
	is '.max_entries == 5 and .max_bytes != 104857600' map show a
	refuses 3 'map z: there is no map of this name' map set z max-entries 1
}

@test "map clear empties, map delete deletes, both quietly" {
	create a
	syncmap entry put a x 1 >/dev/null
	run -0 --separate-stderr syncmap map clear a
	[ -z "$output$stderr" ]
	is '.entries == 0' map show a
	run -0 --separate-stderr syncmap map delete a
	[ -z "$output$stderr" ]
	refuses 3 'map a: there is no map of this name (attribute name: No such file or directory)' map show a
	refuses 3 'map a: there is no map of this name' map delete a
	refuses 3 'map a: there is no map of this name' map clear a
}

@test "what the kernel refuses is told in its words, with the attribute, and exits 2" {
	create a
	refuses 2 'map a: there is a map of this name (attribute name: File exists)' map create a
	refuses 2 "a map's name is 1 to 63 of A-Z a-z 0-9 . _ -, not . or .. (attribute name: Invalid argument)" map create b/c
	refuses 2 '(attribute name: Invalid argument)' map create "$(printf 'x%.0s' {1..64})"
	refuses 2 '(attribute name: Invalid argument)' map create ..
	refuses 2 'the number of shards is not a power of two (attribute shards: Invalid argument)' map create b shards 3
	refuses 2 'wanted is 0 to 4096 (attribute shards: Numerical result out of range)' map create b shards 8192
	refuses 2 'wanted is 0 to 255 (attribute key-size: Numerical result out of range)' map create b key 256
	refuses 2 'wanted is 0 to 4096 (attribute value-size: Numerical result out of range)' map create b value 4097
	refuses 2 '(attribute max-entries: Numerical result out of range)' map create b max-entries 0
	refuses 2 '(attribute max-bytes: No space left on device)' map create b max-bytes 1
	refuses 2 '(attribute max-entries: Invalid argument)' map create b policy classic max-entries 1000001
	[ "$(json '.maps | length' map list)" = 1 ]
}

@test "without privilege statistics can be read, and nothing else" {
	create a
	as_nobody syncmap stats | grep -q '^a '
	as_nobody syncmap stats a >/dev/null
	run --separate-stderr as_nobody syncmap map list
	[ "$status" = 2 ]
	[ -z "$output" ]
	[ "$stderr" = 'syncmap: the list of maps: Operation not permitted: this needs CAP_NET_ADMIN (root)' ]
	run --separate-stderr as_nobody syncmap map show a
	[ "$status" = 2 ]
	[ "$stderr" = 'syncmap: map a: Operation not permitted: this needs CAP_NET_ADMIN (root)' ]
	run --separate-stderr as_nobody syncmap map create b
	[ "$status" = 2 ]
	[ "$stderr" = 'syncmap: map b: Operation not permitted: this needs CAP_NET_ADMIN (root)' ]
	run --separate-stderr as_nobody syncmap entry dump a
	[ "$status" = 2 ]
	[[ $stderr = *'Operation not permitted'* ]]
	run --separate-stderr as_nobody syncmap map delete a
	[ "$status" = 2 ]
	syncmap map show a >/dev/null
}

@test "colours are for terminals that want them" {
	local bold=$'\033[1m'
	create a
	[[ $(on_terminal syncmap map list) = *"$bold"* ]]
	[[ $(NO_COLOR=1 on_terminal syncmap map list) != *"$bold"* ]]
	[[ $(on_terminal env TERM=dumb syncmap map list) != *"$bold"* ]]
	[[ $(syncmap map list) != *"$bold"* ]]
	[[ $(on_terminal syncmap -j map list) != *"$bold"* ]]
}

@test "output that cannot be written is not called a success" {
	create a
	run --separate-stderr bash -c 'syncmap map list >/dev/full'
	[ "$status" = 2 ]
	[ "$stderr" = 'syncmap: the output could not be written: No space left on device' ]
}
