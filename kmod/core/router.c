// SPDX-License-Identifier: GPL-2.0
/* Routers and worlds: what stands above the shards.  See map.h. */
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include "map.h"

static struct sm_world *sm_world_new(gfp_t gfp)
{
	struct sm_world *world = kzalloc(sizeof(*world), gfp);

	if (!world)
		return NULL;
	if (percpu_counter_init(&world->len, 0, gfp))
		goto free;
	if (percpu_counter_init(&world->linked, 0, gfp))
		goto destroy;
	return world;
destroy:
	percpu_counter_destroy(&world->len);
free:
	kfree(world);
	return NULL;
}

/**
 * sm_world_alloc() - a world without keys
 * @map:	whose cgroup is charged for it
 * @gfp:	how to allocate
 *
 * Return: the world, or NULL.
 */
struct sm_world *sm_world_alloc(struct syncmap *map, gfp_t gfp)
{
	struct mem_cgroup *old = set_active_memcg(map->mem.memcg);
	struct sm_world *world = sm_world_new(gfp | __GFP_ACCOUNT);

	set_active_memcg(old);
	return world;
}

/**
 * sm_world_free() - free a world
 * @world:	no shard belongs to it any more
 */
void sm_world_free(struct sm_world *world)
{
	percpu_counter_destroy(&world->linked);
	percpu_counter_destroy(&world->len);
	kfree(world);
}

/* the most live keys under the policy in force */
u64 sm_map_entries_limit(const struct syncmap *map)
{
	u64 limit = READ_ONCE(map->max_entries);

	return sm_map_is_cow(map) ? limit :
		min_t(u64, limit, SYNCMAP_CLASSIC_ENTRIES_MAX);
}

/**
 * sm_world_admit() - count one more live key, if the map may have it
 * @map:	which
 * @world:	where
 *
 * Counted before it is compared, so that two at once never pass together.
 */
bool sm_world_admit(struct syncmap *map, struct sm_world *world)
{
	s64 limit = min_t(u64, sm_map_entries_limit(map), S64_MAX);

	percpu_counter_inc(&world->len);
	if (percpu_counter_compare(&world->len, limit) <= 0)
		return true;
	percpu_counter_dec(&world->len);
	return false;
}

/* whose shards all moved, or were never seen */
static void sm_router_free(struct sm_router *router)
{
	u32 i;

	for (i = 0; i < 1U << router->bits; i++)
		if (router->shard[i])
			sm_shard_free(router->shard[i]);
	sm_mem_free(router->map, router);
}

/**
 * sm_router_alloc() - a router with its shards, all empty
 * @map:	whose
 * @world:	whose keys they will hold
 * @bits:	log2 of the number of shards
 * @gfp:	how to allocate
 *
 * Return: the router, or an ERR_PTR of -ENOMEM or -ENOSPC.
 */
struct sm_router *sm_router_alloc(struct syncmap *map, struct sm_world *world,
				  u32 bits, gfp_t gfp)
{
	struct sm_router *router;
	struct sm_shard *shard;
	u32 i;

	router = sm_mem_alloc(map, struct_size(router, shard, 1U << bits),
			      gfp | __GFP_ZERO);
	if (IS_ERR(router))
		return router;
	router->map = map;
	router->world = world;
	router->bits = bits;
	router->shift = 63 - bits;
	for (i = 0; i < 1U << bits; i++) {
		shard = sm_shard_alloc(map, world, i, bits, gfp);
		if (IS_ERR(shard)) {
			sm_router_free(router);
			return ERR_CAST(shard);
		}
		router->shard[i] = shard;
	}
	return router;
}

/**
 * sm_router_free_shards() - free a router with its shards and their keys
 * @router:	nobody can reach it any more; none of its shards moved
 *
 * Not its world.
 */
void sm_router_free_shards(struct sm_router *router)
{
	u32 i;

	for (i = 0; i < 1U << router->bits; i++)
		sm_shard_free_all(router->shard[i]);
	sm_mem_free(router->map, router);
}

/**
 * sm_router_free_all() - free a router, its world and all keys in it
 * @router:	nobody can reach it any more
 *
 * Where resharding moved its shards to a router that lost to a clear, and so
 * was never published, that one goes with it.
 */
void sm_router_free_all(struct sm_router *router)
{
	struct sm_world *world = router->world;
	unsigned long dirty = router->shard[0]->dirty;

	if (sm_dirty_is_moved(dirty)) {
		sm_router_free_all(sm_dirty_router(dirty));
		sm_router_free(router);
		return;
	}
	sm_router_free_shards(router);
	sm_world_free(world);
}

static void sm_router_free_work(struct work_struct *work)
{
	struct sm_router *router = container_of(to_rcu_work(work),
						struct sm_router, work);
	struct syncmap *map = router->map;

	/* who reshards from it is through with it then; nobody begins anew */
	mutex_lock(&map->resize);
	mutex_unlock(&map->resize);
	if (router->replaced_by_clear)
		sm_router_free_all(router);
	else
		sm_router_free(router);
}

/**
 * sm_router_retire() - free a replaced router after a grace period
 * @router:	->replaced_by_clear says whether its keys go with it
 *
 * Not before a resharding that still works on it has ended.
 */
void sm_router_retire(struct sm_router *router)
{
	INIT_RCU_WORK(&router->work, sm_router_free_work);
	queue_rcu_work(sm_wq, &router->work);
}
