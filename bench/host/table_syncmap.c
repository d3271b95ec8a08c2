// SPDX-License-Identifier: GPL-2.0
/* A map as it is made when nothing is said, but for its policy: -DPOLICY */
#include "../../kmod/core/map.h"
#include "shim.h"
#include "table_syncmap.h"

void table_init(void)
{
	int err = sm_core_init();

	if (err)
		die("core: error %d", err);
}

struct table *table_make(void)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;
	struct syncmap *map;

	config.policy = POLICY;
	map = sm_map_alloc(&config, 1);
	if (IS_ERR(map))
		die("making a map: error %ld", PTR_ERR(map));
	return (struct table *)map;
}

void table_free(struct table *table)
{
	sm_map_free(table_map(table));
	shim_settle();
	shim_shrink();
}

u64 table_len(struct table *table)
{
	return syncmap_len(table_map(table));
}

u64 table_room(void)
{
	return POLICY == SYNCMAP_CLASSIC ? SYNCMAP_CLASSIC_ENTRIES_MAX :
					   SYNCMAP_ENTRIES_DEFAULT;
}

void table_settle(struct table *table)
{
	shim_settle();
}

/* of how many shards is it so that they have a dirty table, or not? */
static bool all_shards(struct syncmap *map, bool dirty)
{
	struct sm_router *router = rcu_dereference(map->router);
	u32 i;

	for (i = 0; i < 1U << router->bits; i++)
		if (!READ_ONCE(router->shard[i]->dirty) == dirty)
			return false;
	return true;
}

bool table_all_dirty(struct table *table)
{
	return all_shards(table_map(table), true);
}

bool table_none_dirty(struct table *table)
{
	return all_shards(table_map(table), false);
}

size_t table_hidden_bytes(void)
{
	return shim_percpu_bytes();
}
