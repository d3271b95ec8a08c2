// SPDX-License-Identifier: GPL-2.0
/* Blocks of counters: see shard.h */
#include "map.h"

static struct sm_counters *sm_counters_take_idle(struct syncmap *map)
{
	struct sm_counters *counters;

	spin_lock_bh(&map->counters_lock);
	counters = map->idle;
	if (counters)
		map->idle = counters->next_idle;
	spin_unlock_bh(&map->counters_lock);
	return counters;
}

static void sm_counters_publish(struct syncmap *map,
				struct sm_counters *counters)
{
	spin_lock_bh(&map->counters_lock);
	counters->next = map->counters;
	/* pairs with the acquire of those who walk the list without the lock */
	smp_store_release(&map->counters, counters);
	spin_unlock_bh(&map->counters_lock);
}

/**
 * sm_counters_get() - a block of counters for a new shard
 * @map:	whose
 * @gfp:	how to allocate where no block is idle
 *
 * Return: the block, or an ERR_PTR of -ENOMEM or -ENOSPC.
 */
struct sm_counters *sm_counters_get(struct syncmap *map, gfp_t gfp)
{
	struct sm_counters *counters = sm_counters_take_idle(map);
	int err;

	if (counters)
		return counters;
	counters = sm_mem_alloc(map, sizeof(*counters), gfp | __GFP_ZERO);
	if (IS_ERR(counters))
		return counters;
	counters->cpu = sm_mem_alloc_percpu(map, sizeof(*counters->cpu), gfp,
					    &err);
	if (err) {
		sm_mem_free(map, counters);
		return ERR_PTR(err);
	}
	sm_counters_publish(map, counters);
	return counters;
}

/**
 * sm_counters_put() - give back the block of a shard that is no more
 * @map:	whose
 * @counters:	the block; its counts stay
 */
void sm_counters_put(struct syncmap *map, struct sm_counters *counters)
{
	spin_lock_bh(&map->counters_lock);
	counters->next_idle = map->idle;
	map->idle = counters;
	spin_unlock_bh(&map->counters_lock);
}

/**
 * sm_counters_free_all() - free a map's blocks
 * @map:	nobody uses it any more
 */
void sm_counters_free_all(struct syncmap *map)
{
	struct sm_counters *counters;

	while ((counters = map->counters)) {
		map->counters = counters->next;
		sm_mem_free_percpu(map, counters->cpu, sizeof(*counters->cpu));
		sm_mem_free(map, counters);
	}
}

/**
 * sm_counters_read() - add a block's counters to a reading
 * @counters:	the block
 * @stats:	summed into; maxima are raised
 */
void sm_counters_read(const struct sm_counters *counters,
		      struct sm_stats *stats)
{
	u64 *locked = stats->value + SM_NR_CPU_COUNTERS;
	const struct sm_cpu_counters *cpu;
	u64 value;
	u32 i, n;

	for_each_possible_cpu(n) {
		cpu = per_cpu_ptr(counters->cpu, n);
		for (i = 0; i < SM_NR_CPU_COUNTERS; i++)
			stats->value[i] += READ_ONCE(cpu->value[i]);
	}
	for (i = 0; i < SM_NR_LOCKED_COUNTERS; i++) {
		value = READ_ONCE(counters->locked[i]);
		if (sm_counter_is_max(SM_NR_CPU_COUNTERS + i))
			locked[i] = max(locked[i], value);
		else
			locked[i] += value;
	}
}
