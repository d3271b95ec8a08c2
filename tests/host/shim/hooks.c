// SPDX-License-Identifier: GPL-2.0
#include "hooks_host.h"
#include "shim.h"

struct shim_hooks shim_hooks;

static void add(u64 *count)
{
	__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}

static void raise(u64 *most, u64 n)
{
	u64 old = READ_ONCE(*most);

	while (old < n &&
	       !__atomic_compare_exchange_n(most, &old, n, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

static void locked(const char *hook)
{
	if (!shim_thread.locks)
		shim_violation("%s without a lock held", hook);
}

static void reading(const char *hook)
{
	if (!shim_thread.rcu)
		shim_violation("%s outside rcu_read_lock()", hook);
}

void sm_hook_load_miss(struct syncmap *map, u32 map_id, u32 shard, u64 hash,
		       const void *key, u32 key_len, bool found)
{
	reading(__func__);
	add(found ? &shim_hooks.misses_found : &shim_hooks.misses_absent);
}

void sm_hook_insert(struct syncmap *map, u32 map_id, u32 shard, u64 hash,
		    const void *key, u32 key_len)
{
	locked(__func__);
	add(&shim_hooks.inserts);
}

void sm_hook_promotion(struct syncmap *map, u32 map_id, u32 shard, u64 entries,
		       u64 misses)
{
	locked(__func__);
	add(&shim_hooks.promotions);
}

void sm_hook_dirty_copy_begin(struct syncmap *map, u32 map_id, u32 shard,
			      u64 entries)
{
	locked(__func__);
	add(&shim_hooks.dirty_copies);
}

void sm_hook_dirty_copy_end(struct syncmap *map, u32 map_id, u32 shard,
			    u64 copied_entries, u64 copied_bytes)
{
	locked(__func__);
	add(&shim_hooks.dirty_copies_done);
	raise(&shim_hooks.copied_entries_max, copied_entries);
	raise(&shim_hooks.copied_bytes_max, copied_bytes);
}

void sm_hook_reshard(struct syncmap *map, u32 map_id,
		     enum sm_reshard_phase phase, u32 from, u32 to, u64 ns,
		     int err)
{
	shim_may_sleep(__func__);
	add(&shim_hooks.reshard_phases[phase]);
}
