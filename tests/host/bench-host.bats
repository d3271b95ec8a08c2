#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bench/host: each structure answers each case, and what it says can be believed. How fast they are is not asked here.

setup_file() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	programs=$top/build/bench/host
	structures='syncmap-cow syncmap-classic cds-lfht go-syncmap-old go-syncmap-new'
	export top programs structures
	for structure in $structures count; do
		[ -x "$programs/$structure" ] || {
			echo "# $programs/$structure is not built (make -C bench/host)" >&3
			return 1
		}
	done
}

# ask STRUCTURE REQUEST...: its answers, a line each, without the line that says that it is ready.
ask() {
	local structure=$1
	shift
	printf '%s\n' "$@" | timeout 60 "$programs/$structure" >"$BATS_TEST_TMPDIR/answers" || return
	[ "$(head -n 1 "$BATS_TEST_TMPDIR/answers")" = "{\"ready\":\"$structure\"}" ]
	tail -n +2 "$BATS_TEST_TMPDIR/answers"
}

# all_cases THREADS: a request for each case.
all_cases() {
	local name
	for name in load_hit load_absent load_hit_amended load_absent_amended load_dependent load_batch update_existing \
		'update_existing hot=1' insert_fresh delete 'mix write_share=1' 'mix write_share=50' memory; do
		echo "case=$name keys=300 threads=$1 round=4 seed=11 ops=1000"
	done
}

# A number that is right, or a reason.
right='
	.keys == 300 and .round == 4 and
	if .unsupported then (.unsupported | length > 5) and (has("ns") | not)
	elif .case == "memory" then .bytes_per_key > 16 and .bytes_per_key < 10000 and (has("ns") | not)
	else
		.ops >= 1000 and .ops < 1032 and .ns > 0.1 and
		(.ops_per_second * .ns / .threads / 1e9 | . > 0.99 and . < 1.01)
	end and
	if .case == "mix" then
		.p50_ns > 0 and .p50_ns <= .p99_ns and .p99_ns <= .p999_ns and .p999_ns <= .max_ns and
		(.write_share == 1 or .write_share == 50)
	else has("write_share") or has("max_ns") | not
	end and
	if (.case | test("^(update_existing|insert_fresh|delete|mix)$|amended$")) and (has("unsupported") | not)
	then .entries == .keys
	else has("entries") | not
	end'

answers_all() {
	local structure=$1 threads=$2 requests
	mapfile -t requests < <(all_cases "$threads")
	ask "$structure" "${requests[@]}" >"$BATS_TEST_TMPDIR/all"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/all")" = ${#requests[@]} ]
	run jq -c "select((.structure == \"$structure\" and .threads == $threads and ($right)) | not)" "$BATS_TEST_TMPDIR/all"
	[ "$status" = 0 ]
	[ -z "$output" ] || {
		echo "$output"
		return 1
	}
	[ "$(jq -rs 'map(select(has("ns") and .hot).case) | join(" ")' "$BATS_TEST_TMPDIR/all")" = update_existing ]
}

cannot() {
	jq -rs 'map(select(.unsupported).case) | join(" ")' "$BATS_TEST_TMPDIR/all"
}

@test "syncmap-cow answers every case" {
	answers_all syncmap-cow 1
	[ -z "$(cannot)" ]
	answers_all syncmap-cow 2
}

@test "syncmap-classic answers every case" {
	answers_all syncmap-classic 1
	[ -z "$(cannot)" ]
	answers_all syncmap-classic 2
}

@test "cds-lfht answers every case but those of dirty tables and batches, and says why" {
	answers_all cds-lfht 1
	[ "$(cannot)" = 'load_hit_amended load_absent_amended load_batch' ]
	answers_all cds-lfht 2
}

@test "Go's sync.Map of two tables answers every case but batches" {
	answers_all go-syncmap-old 1
	[ "$(cannot)" = load_batch ]
	answers_all go-syncmap-old 2
}

@test "Go's hash trie answers every case but those of dirty tables and batches" {
	answers_all go-syncmap-new 1
	[ "$(cannot)" = 'load_hit_amended load_absent_amended load_batch' ]
	answers_all go-syncmap-new 2
}

@test "the two Gos are two" {
	strings -n 8 "$programs/go-syncmap-old" | grep -q '^go1\.19\|go1\.19\.'
	strings -n 8 "$programs/go-syncmap-new" | grep -q 'go1\.\(2[4-9]\|[3-9][0-9]\)'
}

@test "a request for other numbers of keys gets a table with so many" {
	for structure in $structures; do
		ask "$structure" 'case=delete keys=300 ops=100' 'case=mix write_share=30 keys=5000 threads=2 ops=5000' \
			'case=load_hit keys=300 ops=1000' 'case=insert_fresh keys=300 ops=500' >"$BATS_TEST_TMPDIR/all"
		[ "$(jq -s -c 'map(.entries)' "$BATS_TEST_TMPDIR/all")" = '[300,5000,null,300]' ]
	done
}

@test "one key is enough" {
	for structure in $structures; do
		ask "$structure" 'case=load_hit keys=1 threads=2 ops=100' 'case=load_dependent keys=1 ops=100' \
			'case=update_existing hot=1 keys=1 threads=2 ops=100' 'case=insert_fresh keys=1 threads=2 ops=5' \
			'case=delete keys=1 ops=5' 'case=mix write_share=100 keys=1 threads=2 ops=100' >"$BATS_TEST_TMPDIR/all"
		[ "$(jq -s 'map(select(.ns > 0)) | length' "$BATS_TEST_TMPDIR/all")" = 6 ]
	done
}

@test "more keys than a classic map takes are refused with the reason" {
	ask syncmap-classic 'case=load_hit keys=1000001' 'case=insert_fresh keys=1000000 ops=10' >"$BATS_TEST_TMPDIR/all"
	[ "$(jq -rs 'map(.unsupported) | unique | .[]' "$BATS_TEST_TMPDIR/all")" = 'it holds no more than a million keys' ]
}

@test "a bad request ends in one line that names what is wrong" {
	local request said
	while IFS='|' read -r request said; do
		for structure in $structures; do
			run ask "$structure" "$request"
			[ "$status" != 0 ]
			[ "$output" = "$structure: $said" ] || {
				echo "$structure: $request: $output"
				return 1
			}
		done
	done <<-'LIST'
		keys=300|a request needs case=
		case=load_hit|a request needs keys=
		case=load_hits keys=300|case=load_hits: there is no such case
		case=load_hit keys=300 colour=red|colour: there is no such word
		case=load_hit keys|keys: NAME=VALUE is wanted
		case=load_hit keys=many|keys=many: a number from 1 to 100000000 is wanted
		case=load_hit keys=-1|keys=-1: a number from 1 to 100000000 is wanted
		case=load_hit keys=0|keys=0: a number from 1 to 100000000 is wanted
		case=load_hit keys=300 ops=0|ops=0: a number from 1 to 10000000000 is wanted
		case=load_hit keys=300 seed=99999999999999999999|seed=99999999999999999999: a number from 0 to 18446744073709551615 is wanted
		case=mix keys=300 write_share=101|write_share=101: a number from 0 to 100 is wanted
		case=mix keys=300|case=mix needs write_share=
		case=load_hit keys=300 write_share=1|write_share= is for case=mix only
		case=load_hit keys=300 hot=1|hot= is for case=update_existing only
		case=delete keys=1 threads=2 ops=1|delete: 1 keys for 2 threads
	LIST
}

@test "more threads than CPUs are refused" {
	for structure in $structures; do
		run ask "$structure" 'case=load_hit keys=300 threads=1000'
		[ "$status" != 0 ]
		[[ $output = "$structure: threads=1000: a number from 1 to "*' is wanted' ]]
	done
}

@test "after a bad request, what was answered before it is there" {
	for structure in $structures; do
		run ask "$structure" 'case=load_hit keys=300 ops=1000' 'nonsense'
		[ "$status" != 0 ]
		[ "$(tail -n +2 "$BATS_TEST_TMPDIR/answers" | jq -r .case)" = load_hit ]
	done
}

@test "the driver asks all, in rounds, and says who cannot" {
	"$top/bench/host/run" -q -c load_batch -o "$BATS_TEST_TMPDIR/all"
	# two numbers of keys, one and two threads: two answer in three rounds, three say why not
	[ "$(wc -l <"$BATS_TEST_TMPDIR/all")" = $((2 * 2 * (2 * 3 + 3))) ]
	[ "$(jq -rs 'map(select(.ns > 0 and .round == 2).structure) | unique | join(" ")' "$BATS_TEST_TMPDIR/all")" = \
		'syncmap-classic syncmap-cow' ]
	[ "$(jq -rs 'map(select(.unsupported).structure) | unique | join(" ")' "$BATS_TEST_TMPDIR/all")" = \
		'cds-lfht go-syncmap-new go-syncmap-old' ]
}

@test "the driver refuses a case that it does not know, in one line" {
	run "$top/bench/host/run" -c load_hits -o "$BATS_TEST_TMPDIR/all"
	[ "$status" = 1 ]
	[[ ${lines[0]} = 'run: -c load_hits: known are '*' mix '* ]]
	[ ${#lines[@]} = 1 ]
}

@test "instructions are counted, and are fewer without counters" {
	"$top/bench/host/instructions" "$programs" >"$BATS_TEST_TMPDIR/all"
	[ "$(jq -rs 'map(.operation) | join(" ")' "$BATS_TEST_TMPDIR/all")" = 'load_hit load_absent update insert' ]
	[ "$(jq -s 'all(.[]; .case == "cost_counters" and .structure == "syncmap-cow" and
		.instructions_without > 50 and .instructions > .instructions_without and
		.instructions - .instructions_without < 100)' "$BATS_TEST_TMPDIR/all")" = true ]
}

@test "instructions without programs are refused in one line" {
	run "$top/bench/host/instructions" "$BATS_TEST_TMPDIR"
	[ "$status" = 1 ]
	[ "$output" = "instructions: $BATS_TEST_TMPDIR/count is not built (make -C bench/host)" ]
}

@test "the scripts are clean" {
	shellcheck "$top/bench/host/instructions"
	python3 -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$top/bench/host/run"
	[ -z "$(/usr/lib/go-1.19/bin/gofmt -l "$top/bench/host")" ]
}
