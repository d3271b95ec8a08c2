/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The map: a router to shards, its configuration and its accounts.
 */
#ifndef SYNCMAP_CORE_MAP_H
#define SYNCMAP_CORE_MAP_H

#include <linux/mutex.h>
#include <linux/percpu_counter.h>
#include <linux/workqueue.h>
#include <linux/syncmap.h>
#include "core.h"
#include "dir.h"
#include "mem.h"
#include "shard.h"

#define SM_SHARD_BITS_MAX	12

/**
 * struct sm_world - what one clear ends and begins
 * @len:	live keys; exact at rest
 * @linked:	entries in the current tables, tombstones among them
 *
 * Shared by all routers that resharding makes, so that a change that began
 * under an old one is counted in the same place.
 */
struct sm_world {
	struct percpu_counter len;
	struct percpu_counter linked;
};

/**
 * struct sm_router - where the shards are
 * @map:	whose
 * @world:	whose keys they hold
 * @bits:	log2 of the number of shards
 * @shift:	of half a hash, to the shard's number
 * @replaced_by_clear: its keys go with it
 * @work:	frees it after a grace period
 * @shard:	by hash prefix
 */
struct sm_router {
	struct syncmap *map;
	struct sm_world *world;
	u32 bits;
	u32 shift;
	bool replaced_by_clear;
	struct rcu_work work;
	struct sm_shard *shard[];
};

/**
 * struct syncmap - a map
 * @router:	RCU; replaced by resharding (cmpxchg) and by clear (xchg)
 * @policy:	enum syncmap_policy; READ_ONCE/WRITE_ONCE
 * @key_size:	bytes that each key must have, or 0
 * @value_size:	bytes that each value must have, or SYNCMAP_VALUE_ANY
 * @align_line:	entries get cache lines of their own
 * @quick:	keys of 8 bytes may be loaded from any context, without a look at
 *		@policy and @key_size; READ_ONCE/WRITE_ONCE
 * @shards_auto: the number of shards grows by itself; written with @resize
 *		held, READ_ONCE/WRITE_ONCE
 * @id:		for tracepoints and messages
 * @secret:	keys the hash
 * @owner:	the layer above's
 * @max_entries: most live keys; READ_ONCE/WRITE_ONCE
 * @deletes:	per CPU, to look for tombstones now and then
 * @clears:	how often it was cleared
 * @mem:	memory accounts
 * @resize:	held for each try to reshard
 * @counters_lock: guards who writes @counters, and @idle
 * @counters:	all blocks that there ever were; only grows
 * @idle:	those of them that no shard owns
 * @shard_splits: shards split in two; guarded by @resize
 * @reshard_work: doubles the number of shards
 * @reclaim_work: gives tombstones back
 */
struct syncmap {
	struct sm_router __rcu *router;
	u32 policy;
	u32 key_size;
	u32 value_size;
	bool align_line;
	bool quick;
	bool shards_auto;
	u32 id;
	struct sm_secret secret;
	void *owner;
	u64 max_entries;
	u32 __percpu *deletes;

	atomic64_t clears ____cacheline_aligned_in_smp;
	struct sm_mem mem;
	struct mutex resize;
	spinlock_t counters_lock;
	struct sm_counters *counters;
	struct sm_counters *idle;
	u64 shard_splits;
	struct work_struct reshard_work;
	struct work_struct reclaim_work;
};

extern struct workqueue_struct *sm_wq;

static inline bool sm_map_is_cow(const struct syncmap *map)
{
	return READ_ONCE(map->policy) == SYNCMAP_COW;
}

static __always_inline u64 sm_map_hash(const struct syncmap *map,
				       const void *key, u32 key_len)
{
	return sm_hash(&map->secret, key, key_len);
}

/* inside rcu_read_lock() */
static inline struct sm_shard *sm_router_shard(const struct sm_router *router,
					       u64 hash)
{
	return router->shard[hash >> 1 >> router->shift];
}

/* a shard's root directory has its full page; its lock is held */
static inline void sm_map_root_is_full(struct syncmap *map)
{
	if (READ_ONCE(map->shards_auto))
		queue_work(sm_wq, &map->reshard_work);
}

u64 sm_map_entries_limit(const struct syncmap *map);
bool sm_world_admit(struct syncmap *map, struct sm_world *world);

struct sm_router *sm_router_alloc(struct syncmap *map, struct sm_world *world,
				  u32 bits, gfp_t gfp);
void sm_router_retire(struct sm_router *router);
void sm_router_free_shards(struct sm_router *router);
void sm_router_free_all(struct sm_router *router);
struct sm_world *sm_world_alloc(struct syncmap *map, gfp_t gfp);
void sm_world_free(struct sm_world *world);

void sm_map_reshard_work(struct work_struct *work);
void sm_map_reclaim_work(struct work_struct *work);
void sm_map_note_delete(struct syncmap *map, struct sm_shard *shard);

#endif
