#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# syncmap misses, and the BPF object behind it: what it shows is what the counters count, in order, and nothing stays.
# shellcheck disable=SC2154,SC2030,SC2031 # what bats and helpers set; each test is a shell of its own

bats_require_minimum_version 1.5.0
load helpers

object=$top/build/bpf/misses.bpf.o
debug=/sys/kernel/debug/syncmap
pins=/sys/fs/bpf/syncmap
ours=/sys/fs/bpf/test

setup_file() {
	load_module syncmap
	load_module syncmap_bench
}

teardown_file() {
	unload_module syncmap_bench
	unload_module syncmap
}

setup() {
	tracer=
	out=$BATS_TEST_TMPDIR/out
	err=$BATS_TEST_TMPDIR/err
}

teardown() {
	[ -z "$tracer" ] || kill -9 "$tracer" 2>/dev/null || :
	rm -rf "$ours"
	syncmap map delete test >/dev/null 2>&1 || :
	syncmap map delete other >/dev/null 2>&1 || :
	within 10 module_is_free
}

# within SECONDS COMMAND...: wait until it succeeds.
within() {
	local end=$((SECONDS + $1))
	until "${@:2}"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

module_is_free() {
	[ "$(cat /sys/module/syncmap/refcnt)" = 1 ] # the load generator's
}

# trace WORD...: run `syncmap -j misses test WORD...` behind, until it listens; its output in $out and $err.
trace() {
	syncmap -j misses test "$@" >"$out" 2>"$err" 3>&- &
	tracer=$!
	within 60 listens
}

listens() {
	grep -q '"event":"listening"' "$out" || ! kill -0 "$tracer" 2>/dev/null
}

# ended: wait for the tracer's own end.
ended() {
	local code=0
	wait "$tracer" || code=$?
	tracer=
	return $code
}

# shown FILTER: events in the output, of which the jq filter is true.
shown() {
	jq -s "map(select($1)) | length" "$out"
}

# last FIELD: of the closing line.
last() {
	jq -e "select(.event == \"end\") | .$1" "$out"
}

# counter NAME: of the map "test".
counter() {
	sed -n "s/^$1: //p" "$debug/test/stats"
}

counted_misses() {
	echo $(($(counter misses_found) + $(counter misses_absent)))
}

create() {
	syncmap map create test "$@" >/dev/null
}

# Four threads that load, insert, and look for what they inserted and what is not there.
stir() {
	syncmap -j bench map test keys 500 load 75 insert 15 update 5 delete 5 absent 30 recent 40 threads 4 \
		ops 5000 >/dev/null
}

# miss KEY [MAP]: insert a key and look it up, which is a miss: the dirty table has it and the snapshot does not.
miss() {
	syncmap entry put "${2:-test}" "$1" value >/dev/null
	[ "$(syncmap entry get "${2:-test}" "$1")" = value ]
}

for_policy() {
	local before
	create policy "$1"
	stir
	before=$(counted_misses)
	trace
	stir
	kill -INT "$tracer"
	ended
	now=$(counted_misses)
	echo "misses before $before, now $now; shown $(shown true)"
	[ "$now" -gt "$before" ]
	[ "$(last ring_full)" = 0 ]
	[ "$(last nested)" = 0 ]
	[ "$(last uncounted)" = 0 ]
	[ "$(last why)" = '"signal"' ]
	[ "$(shown '.event == "load_miss"')" = $((now - before)) ]
	[ "$(last shown)" = $((now - before)) ]
	[ "$(last misses)" = $((now - before)) ]
	[ ! -s "$err" ]
}

@test "cow: each miss is shown, as many as the counters count" {
	for_policy cow
}

@test "classic: each miss is shown, as many as the counters count" {
	for_policy classic
}

@test "found and absent are told as the counters tell them" {
	create policy classic
	miss seen
	syncmap entry put test unseen value >/dev/null
	trace
	run -3 syncmap entry get test nowhere
	syncmap entry get test unseen
	kill -INT "$tracer"
	ended
	[ "$(jq -c 'select(.event == "load_miss") | [.key, .found]' "$out")" = '["nowhere",false]
["unseen",true]' ]
}

@test "events of all CPUs come in the order of their times" {
	create
	stir
	trace all
	stir
	kill -INT "$tracer"
	ended
	[ "$(jq -s 'map(.cpu // empty) | unique | length' "$out")" -gt 1 ]
	jq -es 'map(.time_ns) | . == sort' "$out"
}

@test "all: inserts, promotions and dirty copies are those that the counters count" {
	local -A before now
	local name
	create policy classic
	for name in inserts promotions dirty_copies; do
		before[$name]=$(counter $name)
	done
	trace all
	stir
	kill -INT "$tracer"
	ended
	for name in inserts promotions dirty_copies; do
		now[$name]=$(($(counter $name) - before[$name]))
	done
	declare -p now
	[ "${now[promotions]}" -gt 0 ]
	[ "$(last ring_full)" = 0 ]
	[ "$(shown '.event == "insert"')" = "${now[inserts]}" ]
	[ "$(shown '.event == "promotion"')" = "${now[promotions]}" ]
	[ "$(shown '.event == "dirty_copy_begin"')" = "${now[dirty_copies]}" ]
	[ "$(shown '.event == "dirty_copy_end"')" = "${now[dirty_copies]}" ]
}

@test "a dirty copy tells what it copied, as the counters do: all of a classic map" {
	local entries bytes
	create policy classic
	seq 1000 | syncmap entry load test /dev/stdin value v >/dev/null
	while [ "$(counter promotions)" = 0 ]; do
		syncmap -j bench map test keys present load 100 threads 1 ops 2000 >/dev/null
	done
	entries=$(counter copied_entries)
	bytes=$(counter copied_bytes)
	trace all
	syncmap entry put test new value
	kill -INT "$tracer"
	ended
	[ "$(jq 'select(.event == "dirty_copy_begin") | .entries' "$out")" = 1000 ]
	[ "$(jq 'select(.event == "dirty_copy_end") | .copied_entries' "$out")" = 1000 ]
	[ $(($(counter copied_entries) - entries)) -ge 1000 ]
	[ "$(counter copied_entries_max)" -ge 1000 ]
	[ "$(jq 'select(.event == "dirty_copy_end") | .copied_bytes' "$out")" -le $(($(counter copied_bytes) - bytes)) ]
}

@test "what the ring buffer has no room for is told, and no more" {
	local before misses
	create
	before=$(counted_misses)
	trace
	kill -STOP "$tracer"
	# 4 MiB hold some 37,000
	until [ "$(($(counted_misses) - before))" -gt 45000 ]; do
		syncmap -j bench map test keys 500 load 90 insert 10 absent 90 threads 4 ops 60000 >/dev/null
	done
	misses=$(($(counted_misses) - before))
	kill -CONT "$tracer"
	kill -INT "$tracer"
	ended
	tail -n 1 "$out"
	[ "$(last misses)" = "$misses" ]
	[ "$(last ring_full)" -gt 0 ]
	[ $(($(last shown) + $(last ring_full))) = "$misses" ]
	[ "$(jq -s 'map(select(.event == "lost") | .ring_full) | add' "$out")" = "$(last ring_full)" ]
}

@test "keys are shown as they are, the first 64 bytes of a long one" {
	local long
	long=$(printf 'x%.0s' {1..255})
	create
	trace count 3
	miss word
	miss hex:ff00fe
	miss "$long"
	ended
	[ "$(jq -c 'select(.event == "load_miss") | [.key, .key_len]' "$out")" = '["word",4]
[{"hex":"ff00fe"},3]
["'"${long:0:64}"'",255]' ]
}

@test "another map's misses are not shown" {
	create
	syncmap map create other >/dev/null
	trace all
	miss theirs other
	miss ours
	kill -INT "$tracer"
	ended
	[ "$(shown '.map == "test" and .key == "ours"')" = 2 ]
	[ "$(shown '.key == "theirs"')" = 0 ]
	[ "$(last misses)" = 1 ]
}

@test "text has an event a line; -t gives the time of day" {
	create
	syncmap -t misses test count 1 >"$out" 3>&- &
	tracer=$!
	within 60 grep -q ^listening "$out"
	miss word
	ended
	cat "$out"
	[ "$(wc -l <"$out")" = 3 ]
	grep -Eq '^load_miss time-of-day 20[0-9-]+T[0-9:.]+[+-][0-9:]+ time-ns [0-9]+ map test cpu [0-9]+ shard [0-9]+ hash [0-9a-f]{16} found yes key-len 4 key word$' "$out"
	grep -q '^end .* why count shown 1 ' "$out"
}

@test "seconds, a signal, or the map's end: it ends, and says why" {
	create
	trace seconds 0.3
	ended
	[ "$(last why)" = '"seconds"' ]
	trace
	kill -TERM "$tracer"
	ended
	[ "$(last why)" = '"signal"' ]
	trace
	miss word
	syncmap map delete test
	ended
	[ "$(last why)" = '"deleted"' ]
	[ "$(shown '.key == "word"')" = 1 ]
}

@test "the end of another map does not end it" {
	create
	syncmap map create other >/dev/null
	trace count 1
	syncmap map delete other
	miss word
	ended
	[ "$(last why)" = '"count"' ]
}

@test "it ends when nobody reads it any more, without a word" {
	create
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	syncmap misses test >"$BATS_TEST_TMPDIR/pipe" 2>"$err" 3>&- &
	tracer=$!
	head -n 1 <"$BATS_TEST_TMPDIR/pipe" | grep ^listening
	code=0
	ended || code=$?
	echo "status $code"
	[ "$code" = $((128 + $(kill -l PIPE))) ]
	[ ! -s "$err" ]
	[ -z "$(ls -A "$pins")" ]
	within 10 module_is_free
}

@test "what it loads is pinned while it runs, where bpftool reads the named members" {
	create
	trace
	folder=$(jq -r 'select(.event == "listening") | .pinned' "$out")
	[ "$folder" = "$pins/misses-$tracer" ]
	miss word
	bpftool -j map dump pinned "$folder/misses_count" >"$BATS_TEST_TMPDIR/counts"
	[ "$(jq '[.[].formatted.values[].value.found] | add' "$BATS_TEST_TMPDIR/counts")" = 1 ]
	[ "$(jq '[.[].formatted.values[].value.absent] | add' "$BATS_TEST_TMPDIR/counts")" = 0 ]
	bpftool prog show pinned "$folder/load_miss" | grep -q load_miss
	kill -INT "$tracer"
	ended
	[ -z "$(ls -A "$pins")" ]
	within 10 module_is_free
}

@test "killed, it traces no more, and the next one clears away what it pinned" {
	create
	trace
	folder=$pins/misses-$tracer
	kill -9 "$tracer"
	code=0
	ended || code=$?
	[ "$code" = 137 ]
	within 10 module_is_free
	[ -d "$folder" ]
	trace seconds 0.1
	ended
	[ -z "$(ls -A "$pins")" ]
}

@test "two at once do not disturb each other" {
	create
	syncmap map create other >/dev/null
	syncmap -j misses other count 1 >"$BATS_TEST_TMPDIR/other" 3>&- &
	second=$!
	trace count 1
	within 60 grep -q listening "$BATS_TEST_TMPDIR/other"
	miss one
	miss two other
	ended
	wait "$second"
	[ "$(jq -r '.key // empty' "$out" "$BATS_TEST_TMPDIR/other")" = 'one
two' ]
}

# load_ours: the same object, by bpftool alone.
load_ours() {
	mkdir -p "$ours"
	bpftool prog loadall "$object" "$ours" autoattach pinmaps "$ours/maps"
}

# sum_ours MEMBER MAP: over all shards and CPUs.
sum_ours() {
	bpftool -j map dump pinned "$ours/maps/misses_count" |
		jq "[.[].formatted | select(.key.map == $2) | .values[].value.$1] | add // 0"
}

map_id() {
	sed -n 's/^id: //p' "$debug/$1/config"
}

@test "bpftool loads the same object, and dumps what it counts by the members' names" {
	local found absent
	create policy classic
	load_ours
	found=$(counter misses_found)
	absent=$(counter misses_absent)
	stir
	[ "$(counter misses_found)" -gt "$found" ]
	[ "$(counter misses_absent)" -gt "$absent" ]
	[ "$(sum_ours found "$(map_id test)")" = $(($(counter misses_found) - found)) ]
	[ "$(sum_ours absent "$(map_id test)")" = $(($(counter misses_absent) - absent)) ]
	bpftool -j map dump pinned "$ours/maps/misses_lost" |
		jq -e '[.[].formatted.values[].value | has("ring_full") and has("uncounted")] | all'
}

@test "bpftool tells it which map to count" {
	local id
	create
	syncmap map create other >/dev/null
	load_ours
	id=$(map_id other)
	# shellcheck disable=SC2046 # four bytes
	bpftool map update pinned "$ours/maps/misses_config" key 0 0 0 0 \
		value $(printf '%d %d 0 0' $((id % 256)) $((id / 256)))
	[ "$(bpftool -j map dump pinned "$ours/maps/misses_config" | jq -c '.[0].formatted.value')" = "{\"map\":$id}" ]
	miss one
	miss two other
	[ "$(sum_ours found "$id")" = 1 ]
	[ "$(sum_ours found "$(map_id test)")" = 0 ]
}

@test "the records' types are in the object, for other readers of the ring buffer" {
	bpftool btf dump file "$object" format c >"$out"
	grep -q 'struct misses_key_event {' "$out"
	grep -q 'struct misses_promotion_event {' "$out"
	grep -q 'struct misses_copy_event {' "$out"
	grep -q 'MISSES_DIRTY_COPY_END = 4' "$out"
}

@test "the module stays while it is traced" {
	create
	trace
	run ! rmmod syncmap
	kill -INT "$tracer"
	ended
}

@test "a map that is not there is status 3, wrong words are status 1" {
	run -3 --separate-stderr syncmap misses nowhere
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *nowhere* ]]
	create
	run -1 syncmap misses
	run -1 syncmap misses test count 0
	run -1 syncmap misses test count 3 bad
	[[ $output == *"'bad' is not an option"* ]]
	run -1 syncmap misses test seconds never
}

@test "without privilege it says so in a line, status 2" {
	create
	run -2 --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
		syncmap misses test
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"Operation not permitted"* ]]
}

# with_btf FILE... -- COMMAND...: /sys/kernel/btf has these files only
with_btf() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c '
		mount -t tmpfs none /sys/kernel/btf
		while [ "$1" != -- ]; do echo >"/sys/kernel/btf/$1"; shift; done
		shift
		exec "$@"' sh "$@"
}

@test "a kernel or module without BTF is named, status 2" {
	create
	run -2 --separate-stderr with_btf -- syncmap misses test
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"BTF is absent: this kernel"* ]]
	run -2 --separate-stderr with_btf vmlinux -- syncmap misses test
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"BTF of the module is absent"* ]]
}

@test "without a BPF file system it warns and traces all the same" {
	create
	run -0 --separate-stderr unshare -m sh -c 'umount /sys/fs/bpf; exec syncmap -j misses test seconds 0.1'
	[[ $stderr == *"warning: nothing is pinned"* ]]
	[[ ${lines[0]} == *'"pinned":null'* ]]
	[[ ${lines[1]} == *'"why":"seconds"'* ]]
}
