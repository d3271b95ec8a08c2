# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the suites of the command line tool: `load helpers`, `load cli`.

words=/usr/share/dict/words
export words

# create MAP [PROPERTY VALUE]...
create() {
	syncmap map create "$@" >/dev/null
}

# Delete every map that userspace made.
delete_maps() {
	local map
	for map in $(syncmap -j map list | jq -r '.maps[] | select(.owner == null).name'); do
		syncmap map delete "$map"
	done
}

# refuses STATUS TEXT WORD...: syncmap says TEXT on stderr, nothing on stdout, and exits so.
refuses() {
	local wanted=$1 text=$2
	shift 2
	run --separate-stderr syncmap "$@"
	# shellcheck disable=SC2154 # set by run
	if [ "$status" != "$wanted" ] || [ -n "$output" ] || [[ $stderr != *"$text"* ]]; then
		echo "syncmap $*: exit $status, stdout '$output', stderr '$stderr'"
		return 1
	fi
}

# json FILTER WORD...: what jq says of the tool's JSON, which has to be one document of schema 1.
json() {
	local filter=$1
	shift
	syncmap -j "$@" | jq -cres "if length == 1 and .[0].schema == 1 then .[0] else error(\"documents\") end | $filter"
}

# is FILTER WORD...: the same where it has to be true.
is() {
	[ "$(json "$@")" = true ] || {
		echo "not so: $1 of syncmap ${*:2}: $(syncmap -j "${@:2}")"
		return 1
	}
}

# as_nobody COMMAND...: without any privilege.
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all "$@"
}

# on_terminal COMMAND...: what it writes on a terminal, stdout and stderr alike; its exit status.
on_terminal() {
	TERM=xterm script -qefc "${*@Q}" /dev/null </dev/null
}

# wait_for TEXT FILE: until it is there.
wait_for() {
	timeout 60 grep -qF -m 1 "$1" < <(tail -n +1 -f "$2")
}
