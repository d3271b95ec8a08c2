/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What core/ tells observe/: the only way up.  Each call costs a static branch
 * while nobody listens.  The host build has its own, empty ones.
 */
#ifndef SYNCMAP_OBSERVE_HOOKS_H
#define SYNCMAP_OBSERVE_HOOKS_H

#include <linux/types.h>
#include <linux/syncmap.h>

#ifdef __KERNEL__
#include <trace/events/syncmap.h>
#include "events.h"

/* any context; inside rcu_read_lock() */
static inline void sm_hook_load_miss(struct syncmap *map, u32 map_id, u32 shard,
				     u64 hash, const void *key, u32 key_len,
				     bool found)
{
	trace_syncmap_load_miss(map_id, shard, hash, key, key_len, found);
}

/* with the shard's lock held */
static inline void sm_hook_insert(struct syncmap *map, u32 map_id, u32 shard,
				  u64 hash, const void *key, u32 key_len)
{
	trace_syncmap_insert(map_id, shard, hash, key, key_len);
}

/* with the shard's lock held; @entries are in the new snapshot */
static inline void sm_hook_promotion(struct syncmap *map, u32 map_id, u32 shard,
				     u64 entries, u64 misses)
{
	trace_syncmap_promotion(map_id, shard, entries, misses);
	sm_event_promotion(map);
}

/* with the shard's lock held; @entries are in the snapshot that is copied */
static inline void sm_hook_dirty_copy_begin(struct syncmap *map, u32 map_id,
					    u32 shard, u64 entries)
{
	trace_syncmap_dirty_copy_begin(map_id, shard, entries);
}

/* with the shard's lock held */
static inline void sm_hook_dirty_copy_end(struct syncmap *map, u32 map_id,
					  u32 shard, u64 copied_entries,
					  u64 copied_bytes)
{
	trace_syncmap_dirty_copy_end(map_id, shard, copied_entries,
				     copied_bytes);
	sm_event_dirty_copy(map, copied_entries);
}

#else
#include "hooks_host.h"
#endif

#endif
