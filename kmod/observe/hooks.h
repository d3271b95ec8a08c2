/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What core/ tells observe/: the only way up.  Each call costs a static branch
 * while nobody listens.  The host build has its own, empty ones.
 */
#ifndef SYNCMAP_OBSERVE_HOOKS_H
#define SYNCMAP_OBSERVE_HOOKS_H

#include <linux/types.h>
#include <linux/syncmap.h>
#include "phases.h"

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

/*
 * Process context, nothing held.  @from and @to are numbers of shards; @ns is
 * how long the phase took, and all of it where it is the last.
 */
static inline void sm_hook_reshard(struct syncmap *map, u32 map_id,
				   enum sm_reshard_phase phase, u32 from,
				   u32 to, u64 ns, int err)
{
	trace_syncmap_reshard(map_id, phase, from, to, ns, err);
	sm_event_reshard(map, &(struct sm_reshard_event){
		.phase = phase, .from = from, .to = to, .ns = ns,
		.err = err });
}

#else
#include "hooks_host.h"
#endif

#endif
