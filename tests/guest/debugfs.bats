#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The folder of each map in debugfs.

load helpers

root=/sys/kernel/debug/syncmap

setup_file() {
	mark_log
	load_module syncmap
}

teardown_file() {
	unload_module syncmap
}

teardown() {
	genl <<<'do map-del {"name":"a"}
		do map-del {"name":"b"}' >/dev/null
}

genl() {
	python3 "$BATS_TEST_DIRNAME/genl.py"
}

@test "there is a folder for each map, and it goes with the map" {
	genl <<<'do map-new {"name":"a"}
		do map-new {"name":"b"}'
	[ "$(ls $root)" = $'a\nb' ]
	[ "$(ls $root/a)" = $'config\nstats' ]
	genl <<<'do map-del {"name":"a"}'
	[ "$(ls $root)" = b ]
}

@test "its files are for root to read, and nobody else" {
	genl <<<'do map-new {"name":"a"}'
	[ "$(stat -c '%a %U %G' $root/a/stats $root/a/config)" = $'400 root root\n400 root root' ]
	run setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all cat $root/a/stats
	[ "$status" -ne 0 ]
	run sh -c "echo x >$root/a/config"
	[ "$status" -ne 0 ]
}

@test "config says how the map is made" {
	run genl <<<'do map-new {"name":"a","policy":"classic","key-size":8,"value-size":16,"align":"line","max-entries":1000,"max-bytes":1000000} -> id
		do map-new {"name":"b","shards":2}'
	diff - $root/a/config <<-END
		id: ${lines[0]//[!0-9]/}
		name: a
		owner: userspace
		policy: classic
		shards: 1
		shards_auto: no
		key_size: 8
		value_size: 16
		align: line
		max_entries: 1000
		max_bytes: 1000000
	END
	grep -qx 'policy: cow' $root/b/config
	grep -qx 'shards: 2' $root/b/config
	grep -qx 'key_size: any' $root/b/config
	grep -qx 'value_size: any' $root/b/config
	genl <<<'do map-set {"name":"b","max-entries":77}'
	grep -qx 'max_entries: 77' $root/b/config
}

@test "stats says what netlink says, counter by counter" {
	genl <<<'do map-new {"name":"a"}
		do entry-set {"map-name":"a","entry":[{"key":"k","value":"v"},{"key":"l","value":"v"},{"key":"k","value":"w"}]}
		do entry-get {"map-name":"a","entry":[{"key":"k"},{"key":"none"}]}'
	run genl <<<'do stats-get {"map-name":"a"} -> shards entries counters'
	# the JSON's names and numbers, one a line, as the file writes them
	tr -d '{}" ' <<<"${lines[0]}" | sed 's/counters://; s/,/\n/g' | sed 's/:/: /; :a; s/^\([^:]*\)-/\1_/; ta' >"$BATS_TEST_TMPDIR/netlink"
	grep -qx 'inserts: 2' "$BATS_TEST_TMPDIR/netlink"
	grep -qx 'updates: 1' "$BATS_TEST_TMPDIR/netlink"
	grep -v '^time: ' $root/a/stats | diff "$BATS_TEST_TMPDIR/netlink" -
}

@test "each line is a key in small letters and a value" {
	genl <<<'do map-new {"name":"a"}'
	[ "$(grep -cvE '^[a-z_]+: [^ ]+$' $root/a/stats $root/a/config | cut -d: -f2 | sort -u)" = 0 ]
}

@test "a file that is open when its map goes has nothing more to say" {
	genl <<<'do map-new {"name":"a"}'
	exec 7<$root/a/stats
	genl <<<'do map-del {"name":"a"}'
	run cat <&7
	exec 7<&-
	[ "$status" -ne 0 ]
	[[ $output != *:* || $output == *error* ]]
	[ ! -e $root/a ]
}

@test "a map may be made again under the name while a file of the old one is open" {
	genl <<<'do map-new {"name":"a"}'
	exec 7<$root/a/config
	genl <<<'do map-del {"name":"a"}
		do map-new {"name":"a","shards":32}'
	grep -qx 'shards: 32' $root/a/config
	run cat <&7
	exec 7<&-
	[ "$status" -ne 0 ]
}

@test "the module cannot be unloaded while a file is open" {
	genl <<<'do map-new {"name":"a"}'
	exec 7<$root/a/stats
	run rmmod syncmap
	exec 7<&-
	[ "$status" -ne 0 ]
	[[ $output == *"in use"* ]]
	rmmod syncmap
	[ ! -e $root ]
	load_module syncmap
}

@test "maps come and go while their files are read" {
	(while [ ! -e "$BATS_TEST_TMPDIR/stop" ]; do cat $root/*/*; done) >/dev/null 2>&1 &
	for _ in {1..30}; do
		echo 'do map-new {"name":"a"}'
		echo 'do entry-set {"map-name":"a","entry":{"key":"k","value":"v"}}'
		echo 'do map-del {"name":"a"}'
	done | genl >"$BATS_TEST_TMPDIR/log"
	touch "$BATS_TEST_TMPDIR/stop"
	wait
	[ "$(grep -c '^ok$' "$BATS_TEST_TMPDIR/log")" = 30 ]
	[ -z "$(ls $root)" ]
}

@test "the kernel has complained of nothing" {
	[ -z "$(splats)" ]
}
