# SPDX-License-Identifier: GPL-2.0
# Compare the counters of resting maps (debugfs files MAP/stats) with what their users counted (the first file, lines
# "MAP COUNTER NUMBER"): a line for each that differs.
#
#   awk -f tests/torture/compare.awk /sys/kernel/debug/syncmap_torture/expected /sys/kernel/debug/syncmap/torture-*/stats

NR == FNR {
	expected[$1, $2] = $3
	maps[$1]
	next
}

FNR == 1 {
	map = FILENAME
	sub(/\/stats$/, "", map)
	sub(/.*\//, "", map)
}

{
	counted[map, substr($1, 1, length($1) - 1)] = $2
}

function same(map, what, number, wanted) {
	if (number != wanted)
		print map ": " what " is " number ", should be " wanted
}

END {
	for (map in maps) {
		same(map, "hits + misses_found", counted[map, "hits"] + counted[map, "misses_found"], expected[map, "found"])
		same(map, "absents + misses_absent", counted[map, "absents"] + counted[map, "misses_absent"],
			expected[map, "absent"])
		same(map, "deletes", counted[map, "deletes"], expected[map, "deletes"])
		same(map, "inserts + updates", counted[map, "inserts"] + counted[map, "updates"],
			expected[map, "inserts"] + expected[map, "updates"] + expected[map, "either"])
		if (!expected[map, "either"])
			same(map, "inserts", counted[map, "inserts"], expected[map, "inserts"])
	}
}
