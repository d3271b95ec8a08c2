// SPDX-License-Identifier: GPL-2.0
/* Readings of a map's counters. */
#include "map.h"

static u64 sm_map_tombstones(struct syncmap *map)
{
	struct sm_world *world;
	s64 linked, len;

	rcu_read_lock();
	world = rcu_dereference(map->router)->world;
	linked = percpu_counter_sum(&world->linked);
	len = percpu_counter_sum(&world->len);
	rcu_read_unlock();
	return max_t(s64, linked - len, 0);
}

/**
 * sm_map_stats() - read a map's counters
 * @map:	which
 * @stats:	out: over all shards that it has and had
 *
 * Context: process.
 */
void sm_map_stats(struct syncmap *map, struct sm_stats *stats)
{
	const struct sm_counters *counters;
	struct sm_mem_events events;

	memset(stats, 0, sizeof(*stats));
	/* pairs with the release in sm_counters_publish() */
	counters = smp_load_acquire(&map->counters);
	for (; counters; counters = counters->next)
		sm_counters_read(counters, stats);
	sm_mem_events(&map->mem, &events);
	stats->value[SM_TOMBSTONES] = sm_map_tombstones(map);
	stats->value[SM_SHARD_SPLITS] = READ_ONCE(map->shard_splits);
	stats->value[SM_CLEARS] = atomic64_read(&map->clears);
	stats->value[SM_ALLOCS] = events.allocs;
	stats->value[SM_ALLOC_FAILURES] = events.failures;
	stats->value[SM_BYTES] = percpu_counter_sum_positive(&map->mem.bytes);
}

/**
 * sm_map_shard_stats() - read one shard's counters
 * @map:	whose
 * @shard:	its index
 * @stats:	out; a shard that took over a block of counters from one that is
 *		no more begins with its counts
 *
 * Return: false where there is no such shard now.
 */
bool sm_map_shard_stats(struct syncmap *map, u32 shard, struct sm_stats *stats)
{
	struct sm_router *router;
	bool there;

	memset(stats, 0, sizeof(*stats));
	rcu_read_lock();
	router = rcu_dereference(map->router);
	there = shard < 1U << router->bits;
	if (there)
		sm_counters_read(router->shard[shard]->counters, stats);
	rcu_read_unlock();
	return there;
}

/**
 * sm_map_changes() - a number that moves with every change of any key
 * @map:	which
 *
 * For dumps, to tell whether the map changed meanwhile.
 */
u64 sm_map_changes(struct syncmap *map)
{
	struct sm_stats stats;

	sm_map_stats(map, &stats);
	return stats.value[SM_INSERTS] + stats.value[SM_UPDATES] +
	       stats.value[SM_DELETES] + stats.value[SM_CLEARS];
}
