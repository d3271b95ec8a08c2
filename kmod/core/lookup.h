/* SPDX-License-Identifier: GPL-2.0 */
/* Finding a key: PROTOCOL's lookup, shared by loads and changes. */
#ifndef SYNCMAP_CORE_LOOKUP_H
#define SYNCMAP_CORE_LOOKUP_H

#include "map.h"

/**
 * struct sm_found - where a lookup ended
 * @shard:	in which shard
 * @entry:	the key's entry; NULL: there is none, or it is EXPUNGED in the
 *		table that decides
 * @value:	the entry's; NULL: deleted
 * @missed:	the snapshot could not tell, the dirty table was asked
 */
struct sm_found {
	struct sm_shard *shard;
	struct sm_entry *entry;
	struct syncmap_value *value;
	bool missed;
};

void sm_dirty_find(struct sm_dir *dirty, u64 hash, const void *key,
		   u32 key_len, struct sm_found *found);
struct sm_router *sm_find_missed(struct sm_dir *read, u64 hash,
				 const void *key, u32 key_len,
				 struct sm_found *found);

/* does the snapshot hold the key, and its present value? */
static inline bool sm_snapshot_find(struct sm_dir *read, u64 hash,
				    const void *key, u32 key_len,
				    struct sm_found *found)
{
	found->entry = sm_view_find(read, hash, key, key_len);
	if (!found->entry)
		return false;
	found->value = sm_entry_value(found->entry);
	return likely(found->value != SM_EXPUNGED);
}

/*
 * A snapshot did not tell: the first steps of sm_find_missed(), which has the
 * reasons for their order.
 * Return: the dirty word; 0, the key is absent; SM_MOVED, begin anew.
 */
static inline unsigned long sm_dirty_after(const struct sm_shard *shard,
					   const struct sm_dir *read)
{
	unsigned long dirty;

	/* these three pair as in sm_find_missed() */
	smp_rmb();
	/* as there */
	dirty = smp_load_acquire(&shard->dirty);
	/* as there */
	if (!dirty && unrcu_pointer(smp_load_acquire(&shard->read)) != read)
		return SM_MOVED;
	return dirty;
}

/**
 * sm_find() - find a key without a lock
 * @map:	where
 * @hash:	the key's hash
 * @key:	its bytes
 * @key_len:	how many
 * @found:	out: where it ended
 *
 * Context: any, inside rcu_read_lock().
 */
static inline void sm_find(struct syncmap *map, u64 hash, const void *key,
			   u32 key_len, struct sm_found *found)
{
	struct sm_router *router = rcu_dereference(map->router);
	struct sm_dir *read;

	do {
		found->shard = sm_router_shard(router, hash);
		found->missed = false;
		read = rcu_dereference(found->shard->read);
		if (likely(sm_snapshot_find(read, hash, key, key_len, found)))
			return;
		router = sm_find_missed(read, hash, key, key_len, found);
	} while (unlikely(router));
}

void sm_find_locked(struct sm_shard *shard, u64 hash, const void *key,
		    u32 key_len, struct sm_found *found);
struct sm_shard *sm_lock_hash(struct sm_shard *shard, u64 hash,
			      struct sm_hold *hold);

#endif
