/* SPDX-License-Identifier: GPL-2.0 */
/* Nobody listens to what core/ reports. */
#ifndef FAST_HOOKS_HOST_H
#define FAST_HOOKS_HOST_H

#define sm_hook_load_miss(map, id, shard, hash, key, key_len, found)	\
	((void)0)
#define sm_hook_insert(map, id, shard, hash, key, key_len)	((void)0)
#define sm_hook_promotion(map, id, shard, entries, misses)	((void)(misses))
#define sm_hook_dirty_copy_begin(map, id, shard, entries)	((void)0)
#define sm_hook_dirty_copy_end(map, id, shard, entries, bytes)	((void)0)
#define sm_hook_reshard(map, id, phase, from, to, ns, err)	\
	((void)(from), (void)(to), (void)(ns), (void)(err))

#endif
