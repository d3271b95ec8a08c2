/* SPDX-License-Identifier: GPL-2.0 */
/* What core/ reports: counted, for the tests to read. */
#ifndef SHIM_HOOKS_HOST_H
#define SHIM_HOOKS_HOST_H

#include <linux/types.h>
#include "../../../kmod/observe/phases.h"

/**
 * struct shim_hooks - reports since the start
 * @misses_found: loads that the dirty table answered
 * @misses_absent: loads that it answered in vain
 * @inserts:	keys linked
 * @promotions:	dirty tables promoted
 * @dirty_copies: dirty tables begun
 * @dirty_copies_done: ended
 * @copied_entries_max: most entries copied by one of them
 * @copied_bytes_max: most bytes
 * @reshard_phases: of resharding, by enum sm_reshard_phase
 */
struct shim_hooks {
	u64 misses_found;
	u64 misses_absent;
	u64 inserts;
	u64 promotions;
	u64 dirty_copies;
	u64 dirty_copies_done;
	u64 copied_entries_max;
	u64 copied_bytes_max;
	u64 reshard_phases[SM_RESHARD_DONE + 1];
};

struct syncmap;

extern struct shim_hooks shim_hooks;

void sm_hook_load_miss(struct syncmap *map, u32 map_id, u32 shard, u64 hash,
		       const void *key, u32 key_len, bool found);
void sm_hook_insert(struct syncmap *map, u32 map_id, u32 shard, u64 hash,
		    const void *key, u32 key_len);
void sm_hook_promotion(struct syncmap *map, u32 map_id, u32 shard, u64 entries,
		       u64 misses);
void sm_hook_dirty_copy_begin(struct syncmap *map, u32 map_id, u32 shard,
			      u64 entries);
void sm_hook_dirty_copy_end(struct syncmap *map, u32 map_id, u32 shard,
			    u64 copied_entries, u64 copied_bytes);
void sm_hook_reshard(struct syncmap *map, u32 map_id,
		     enum sm_reshard_phase phase, u32 from, u32 to, u64 ns,
		     int err);

#endif
