// SPDX-License-Identifier: GPL-2.0
/* The parts of a lookup that few lookups need: see lookup.h */
#include "lookup.h"

/**
 * sm_dirty_find() - find a key in the dirty table
 * @dirty:	the table
 * @hash:	the key's hash
 * @key:	its bytes
 * @key_len:	how many
 * @found:	with the shard in it; completed: EXPUNGED means absent here
 *
 * Context: inside rcu_read_lock(); the dirty word was read after the snapshot.
 */
void sm_dirty_find(struct sm_dir *dirty, u64 hash, const void *key,
		   u32 key_len, struct sm_found *found)
{
	found->missed = true;
	found->value = NULL;
	found->entry = sm_view_find(dirty, hash, key, key_len);
	if (!found->entry)
		return;
	found->value = sm_entry_value(found->entry);
	if (found->value == SM_EXPUNGED) {
		found->entry = NULL;
		found->value = NULL;
	}
}

/**
 * sm_find_missed() - go on where a snapshot did not tell
 * @read:	the snapshot that was asked
 * @hash:	the key's hash
 * @key:	its bytes
 * @key_len:	how many
 * @found:	with the shard in it; completed
 *
 * The dirty word is read after the snapshot: only then is "moved" seen by
 * whoever met the empty snapshot that resharding leaves behind.  Where there
 * is no dirty table, and the snapshot is still the same, the key is absent.
 *
 * Return: the router that took over, or NULL where @found is complete.
 */
struct sm_router *sm_find_missed(struct sm_dir *read, u64 hash,
				 const void *key, u32 key_len,
				 struct sm_found *found)
{
	struct sm_shard *shard = found->shard;
	struct sm_dir *before;
	unsigned long dirty;

	do {
		/* after the snapshot: sm_shard_move() writes them the other way */
		smp_rmb();
		/* pairs with whoever stores it: the view, or router, is whole */
		dirty = smp_load_acquire(&shard->dirty);
		if (sm_dirty_is_moved(dirty))
			return sm_dirty_router(dirty);
		if (dirty) {
			sm_dirty_find(sm_dirty_view(dirty), hash, key, key_len,
				      found);
			return NULL;
		}
		before = read;
		/* after the dirty word: sm_promote() writes them the other way */
		read = unrcu_pointer(smp_load_acquire(&shard->read));
		if (read != before &&
		    sm_snapshot_find(read, hash, key, key_len, found))
			return NULL;
	} while (read != before);
	found->entry = NULL;
	found->value = NULL;
	return NULL;
}

/**
 * sm_find_locked() - find a key with the shard's lock held
 * @shard:	did not move
 * @hash:	the key's hash
 * @key:	its bytes
 * @key_len:	how many
 * @found:	out: as by sm_find(); an entry of the snapshot that is EXPUNGED
 *		is given with that value, since it may be revived
 */
void sm_find_locked(struct sm_shard *shard, u64 hash, const void *key,
		    u32 key_len, struct sm_found *found)
{
	struct sm_dir *dirty = sm_shard_dirty(shard);

	found->shard = shard;
	found->value = NULL;
	found->missed = false;
	found->entry = sm_view_find(sm_shard_read(shard), hash, key, key_len);
	if (!found->entry && dirty) {
		found->missed = true;
		found->entry = sm_view_find(dirty, hash, key, key_len);
	}
	if (found->entry)
		found->value = sm_entry_value(found->entry);
}

/**
 * sm_lock_hash() - lock the shard where a hash belongs
 * @shard:	where it belonged
 * @hash:	the hash
 * @hold:	out: the hold
 *
 * Context: inside rcu_read_lock(); follows a shard that moved at once.
 * Return: the shard, locked, not moved.
 */
struct sm_shard *sm_lock_hash(struct sm_shard *shard, u64 hash,
			      struct sm_hold *hold)
{
	struct sm_router *router;

	for (;;) {
		sm_lock(shard, hold);
		if (!sm_dirty_is_moved(shard->dirty))
			return shard;
		router = sm_dirty_router(shard->dirty);
		sm_unlock(hold);
		shard = sm_router_shard(router, hash);
	}
}
