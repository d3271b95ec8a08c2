# SPDX-License-Identifier: GPL-2.0
# Netlink requests at random, a line each as tests/guest/genl.py reads them: userspace's maps are made, filled, read,
# cleared, resharded and deleted, and those of the torture looked at, resharded and switched.
#
#   awk -f tests/torture/requests.awk -v count=N -v seed=N

function below(n) {
	return int(rand() * n)
}

# one of a few, so that processes meet
function user_map() {
	return "user" below(4)
}

function key() {
	return "key" below(300)
}

function any_map() {
	return below(2) ? user_map() : torture[1 + below(maps)]
}

function entries(n, with_value,    list) {
	while (n--)
		list = list (list ? "," : "") "{\"key\":\"" key() "\"" \
			(with_value ? ",\"value\":\"" below(64) "*v\"" : "") "}"
	return "[" list "]"
}

function shards() {
	return below(2) ? 0 : 2 ^ below(8)
}

function request(draw) {
	if (draw < 8)
		return "do map-new {\"name\":\"" user_map() "\",\"policy\":\"" (below(2) ? "cow" : "classic") "\"} -> id"
	if (draw < 12)
		return "do map-del {\"name\":\"" user_map() "\"}"
	if (draw < 15)
		return "do map-clear {\"name\":\"" user_map() "\"}"
	if (draw < 35)
		return "do entry-set {\"map-name\":\"" user_map() "\",\"entry\":" entries(1 + below(20), 1) "} -> applied"
	if (draw < 50)
		return "do entry-get {\"map-name\":\"" user_map() "\",\"entry\":" entries(1 + below(20), 0) "} -> applied"
	if (draw < 60)
		return "do entry-del {\"map-name\":\"" user_map() "\",\"entry\":" entries(1 + below(20), 0) "} -> applied"
	if (draw < 63)
		return "dump entry-get {\"map-name\":\"" any_map() "\",\"keys-only\":true} -> applied"
	if (draw < 75)
		return "do stats-get {\"map-name\":\"" any_map() "\"} -> entries"
	if (draw < 80)
		return "dump stats-get {\"map-name\":\"" any_map() "\"} -> entries"
	if (draw < 85)
		return "dump map-get -> id"
	if (draw < 92)
		return "do map-set {\"name\":\"torture-switch\",\"policy\":\"" (below(2) ? "cow" : "classic") "\"}"
	return "do reshard {\"name\":\"" any_map() "\",\"shards\":" shards() "}"
}

BEGIN {
	srand(seed)
	maps = split("torture-cow torture-fixed torture-classic torture-clear torture-switch torture-small", torture, " ")
	while (count-- > 0)
		print request(below(100))
}
