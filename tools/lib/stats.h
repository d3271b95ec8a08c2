/* SPDX-License-Identifier: GPL-2.0 */
/* Statistics, over netlink, and what follows from them. */
#ifndef SYNCMAP_LIB_STATS_H
#define SYNCMAP_LIB_STATS_H

#include "maps.h"

/**
 * struct stats - one reading of the counters of a map or a shard
 * @map_id:	the map
 * @map:	its name
 * @time:	when, ns of CLOCK_BOOTTIME
 * @shard:	the shard's index
 * @of_shard:	it is a shard's, else all shards' together
 * @shards:	shards that the map has
 * @entries:	live keys of the map
 * @has:	bit n: there is a counter n
 * @counter:	by enum syncmap_a_counter
 */
struct stats {
	uint32_t map_id;
	char map[MAP_NAME_MAX + 1];
	uint64_t time;
	uint32_t shard;
	bool of_shard;
	uint32_t shards;
	uint64_t entries;
	uint64_t has;
	uint64_t counter[SYNCMAP_A_COUNTER_MAX + 1];
};

/**
 * struct stats_list - readings of some maps, or of some shards
 * @stats:	the readings, to be freed
 * @nr:		how many
 * @room:	for how many there is room
 * @changed:	maps or shards came or went while they were read
 */
struct stats_list {
	struct stats *stats;
	unsigned long nr;
	unsigned long room;
	bool changed;
};

/**
 * struct activity - what was done in a time
 * @seconds:	that time; 0: since the map was made
 * @loads:	all
 * @hits:	answered by the snapshot with a value
 * @misses:	that had to ask the dirty table
 * @writes:	values replaced, keys inserted, keys deleted
 * @promotions:	dirty tables that became the snapshot
 * @dirty_copies: dirty tables made
 * @copied_entries: copied under the lock
 * @locks:	acquisitions of a shard's lock
 * @contended:	of these, those that had to wait
 */
struct activity {
	double seconds;
	double loads;
	double hits;
	double misses;
	double writes;
	double promotions;
	double dirty_copies;
	double copied_entries;
	double locks;
	double contended;
};

/**
 * counter_name() - the name of a counter
 * @counter:	enum syncmap_a_counter
 *
 * Return: the name, as "misses_found"; NULL for what is no counter.
 */
const char *counter_name(int counter);

/**
 * stats_get() - read the counters of a map
 * @nl:		the connection
 * @map:	its name
 * @stats:	out: the reading
 *
 * Return: 0, or a negative errno for sm_nl_say().
 */
int stats_get(struct sm_nl *nl, const char *map, struct stats *stats);

/**
 * stats_list() - read the counters of all maps, or of the shards of one
 * @nl:		the connection
 * @map:	its name; NULL: all maps
 * @list:	out: the readings
 *
 * Return: 0, or a negative errno for sm_nl_say().
 */
int stats_list(struct sm_nl *nl, const char *map, struct stats_list *list);

/**
 * stats_activity() - what was done between two readings
 * @activity:	out
 * @from:	the earlier one; NULL: the making of the map
 * @to:		the later one, of the same map
 */
void stats_activity(struct activity *activity, const struct stats *from,
		    const struct stats *to);

#endif
