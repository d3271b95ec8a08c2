// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include "stats.h"

#define LIST_TRIES	10

static const char * const names[SYNCMAP_A_COUNTER_MAX + 1] = {
	[SYNCMAP_A_COUNTER_HITS] = "hits",
	[SYNCMAP_A_COUNTER_ABSENTS] = "absents",
	[SYNCMAP_A_COUNTER_MISSES_FOUND] = "misses_found",
	[SYNCMAP_A_COUNTER_MISSES_ABSENT] = "misses_absent",
	[SYNCMAP_A_COUNTER_UPDATES] = "updates",
	[SYNCMAP_A_COUNTER_INSERTS] = "inserts",
	[SYNCMAP_A_COUNTER_DELETES] = "deletes",
	[SYNCMAP_A_COUNTER_PROMOTIONS] = "promotions",
	[SYNCMAP_A_COUNTER_DIRTY_COPIES] = "dirty_copies",
	[SYNCMAP_A_COUNTER_COPIED_ENTRIES] = "copied_entries",
	[SYNCMAP_A_COUNTER_COPIED_BYTES] = "copied_bytes",
	[SYNCMAP_A_COUNTER_COPIED_ENTRIES_MAX] = "copied_entries_max",
	[SYNCMAP_A_COUNTER_COPIED_BYTES_MAX] = "copied_bytes_max",
	[SYNCMAP_A_COUNTER_SEGMENT_COPIES] = "segment_copies",
	[SYNCMAP_A_COUNTER_SEGMENT_SPLITS] = "segment_splits",
	[SYNCMAP_A_COUNTER_SEGMENT_MERGES] = "segment_merges",
	[SYNCMAP_A_COUNTER_RECLAIMED] = "reclaimed",
	[SYNCMAP_A_COUNTER_TOMBSTONES] = "tombstones",
	[SYNCMAP_A_COUNTER_LOCK_ACQUISITIONS] = "lock_acquisitions",
	[SYNCMAP_A_COUNTER_LOCK_CONTENDED] = "lock_contended",
	[SYNCMAP_A_COUNTER_LOCK_WAIT_NS] = "lock_wait_ns",
	[SYNCMAP_A_COUNTER_LOCK_HOLD_NS_MAX] = "lock_hold_ns_max",
	[SYNCMAP_A_COUNTER_SHARD_SPLITS] = "shard_splits",
	[SYNCMAP_A_COUNTER_CLEARS] = "clears",
	[SYNCMAP_A_COUNTER_ALLOCS] = "allocs",
	[SYNCMAP_A_COUNTER_ALLOC_FAILURES] = "alloc_failures",
	[SYNCMAP_A_COUNTER_BYTES] = "bytes",
};

_Static_assert(SYNCMAP_A_COUNTER_MAX < 64, "struct stats has a bit for each");

const char *counter_name(int counter)
{
	return names[counter];
}

static int read_counters(struct stats *stats, struct nlattr *nest)
{
	struct nlattr *attrs[SYNCMAP_A_COUNTER_MAX + 1];
	int i;

	if (nla_parse_nested(attrs, SYNCMAP_A_COUNTER_MAX, nest, NULL))
		return -EBADMSG;
	for (i = 1; i <= SYNCMAP_A_COUNTER_MAX; i++) {
		if (!attrs[i] || !names[i])
			continue;
		stats->has |= 1ull << i;
		stats->counter[i] = nla_get_u64(attrs[i]);
	}
	return 0;
}

static uint64_t get_u64(struct nlattr **attrs, int type)
{
	return attrs[type] ? nla_get_u64(attrs[type]) : 0;
}

static int read_stats(struct stats *stats, struct nlmsghdr *msg)
{
	struct nlattr *attrs[SYNCMAP_A_STATS_MAX + 1];

	if (sm_nl_parse(attrs, SYNCMAP_A_STATS_MAX, msg) ||
	    !attrs[SYNCMAP_A_STATS_MAP_NAME] || !attrs[SYNCMAP_A_STATS_COUNTERS])
		return -EBADMSG;
	*stats = (struct stats){
		.map_id = sm_nl_u32(attrs[SYNCMAP_A_STATS_MAP_ID]),
		.time = get_u64(attrs, SYNCMAP_A_STATS_TIME),
		.shard = sm_nl_u32(attrs[SYNCMAP_A_STATS_SHARD]),
		.of_shard = attrs[SYNCMAP_A_STATS_SHARD],
		.shards = sm_nl_u32(attrs[SYNCMAP_A_STATS_SHARDS]),
		.entries = get_u64(attrs, SYNCMAP_A_STATS_ENTRIES),
	};
	nla_strlcpy(stats->map, attrs[SYNCMAP_A_STATS_MAP_NAME],
		    sizeof(stats->map));
	return read_counters(stats, attrs[SYNCMAP_A_STATS_COUNTERS]);
}

static int take_stats(struct nlmsghdr *msg, void *arg)
{
	return read_stats(arg, msg);
}

static struct nl_msg *about(struct sm_nl *nl, const char *map, int flags)
{
	struct nl_msg *msg = sm_nl_new(nl, SYNCMAP_CMD_STATS_GET, flags);

	if (map)
		nla_put_string(msg, SYNCMAP_A_STATS_MAP_NAME, map);
	return msg;
}

int stats_get(struct sm_nl *nl, const char *map, struct stats *stats)
{
	return sm_nl_ask(nl, about(nl, map, 0), take_stats, stats);
}

static int add_stats(struct nlmsghdr *msg, void *arg)
{
	struct stats_list *list = arg;

	list->stats = grow(list->stats, &list->room, list->nr + 1,
			   sizeof(*list->stats));
	return read_stats(&list->stats[list->nr++], msg);
}

int stats_list(struct sm_nl *nl, const char *map, struct stats_list *list)
{
	int tries, err = 0;

	*list = (struct stats_list){ .changed = true };
	for (tries = 0; !err && list->changed && tries < LIST_TRIES; tries++) {
		list->nr = 0;
		err = sm_nl_ask(nl, about(nl, map, NLM_F_DUMP), add_stats,
				list);
		list->changed = sm_nl_interrupted(nl);
	}
	return err;
}

static double grown(const struct stats *from, const struct stats *to,
		    int counter)
{
	return to->counter[counter] - (from ? from->counter[counter] : 0);
}

void stats_activity(struct activity *activity, const struct stats *from,
		    const struct stats *to)
{
#define GROWN(NAME) grown(from, to, SYNCMAP_A_COUNTER_##NAME)
	double misses = GROWN(MISSES_FOUND) + GROWN(MISSES_ABSENT);

	*activity = (struct activity){
		.seconds = from ? (to->time - from->time) / 1e9 : 0,
		.loads = GROWN(HITS) + GROWN(ABSENTS) + misses,
		.hits = GROWN(HITS),
		.misses = misses,
		.writes = GROWN(UPDATES) + GROWN(INSERTS) + GROWN(DELETES),
		.promotions = GROWN(PROMOTIONS),
		.dirty_copies = GROWN(DIRTY_COPIES),
		.copied_entries = GROWN(COPIED_ENTRIES),
		.locks = GROWN(LOCK_ACQUISITIONS),
		.contended = GROWN(LOCK_CONTENDED),
	};
#undef GROWN
}
