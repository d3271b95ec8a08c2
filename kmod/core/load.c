// SPDX-License-Identifier: GPL-2.0
/*
 * Loads.  The snapshot answers, or the dirty table does; no lock is taken, but
 * on a classic map for the latter, as in Go.
 */
#include <linux/export.h>
#include <linux/preempt.h>
#include <linux/prefetch.h>
#include "../observe/hooks.h"
#include "lookup.h"

/* how many loads of a batch are under way at once */
#define SM_BATCH	16

static bool sm_key_fits(const struct syncmap *map, u32 key_len)
{
	return key_len && key_len <= SYNCMAP_KEY_MAX &&
	       (!map->key_size || key_len == map->key_size);
}

static bool sm_load_is_refused(const struct syncmap *map)
{
	return unlikely(!sm_map_is_cow(map)) && (in_hardirq() || in_nmi());
}

/* Go's Load() from where it takes the mutex on */
static void sm_load_locked(u64 hash, const void *key, u32 key_len,
			   struct sm_found *found)
{
	struct sm_shard *shard;
	struct sm_hold hold;

	shard = sm_lock_hash(found->shard, hash, &hold);
	sm_find_locked(shard, hash, key, key_len, found);
	if (found->value == SM_EXPUNGED)
		found->value = NULL;
	if (found->missed)
		sm_miss_locked(&hold);
	sm_unlock(&hold);
}

/* the policy may have changed since sm_load_is_refused() looked */
static noinline void sm_load_missed(struct syncmap *map, u64 hash,
				    const void *key, u32 key_len,
				    struct sm_found *found)
{
	bool cow = sm_map_is_cow(map) || in_hardirq() || in_nmi();

	if (!cow)
		sm_load_locked(hash, key, key_len, found);
	if (!found->missed) {
		sm_count(found->shard, found->value ? SM_HITS : SM_ABSENTS);
		return;
	}
	sm_count(found->shard, found->value ? SM_MISSES_FOUND : SM_MISSES_ABSENT);
	sm_hook_load_miss(map, map->id, found->shard->index, hash, key, key_len,
			  found->value);
	if (cow)
		sm_miss(found->shard);
}

static noinline const struct syncmap_value *
sm_load_whole(struct syncmap *map, const void *key, u32 key_len)
{
	u64 hash = sm_map_hash(map, key, key_len);
	struct sm_found found;

	sm_find(map, hash, key, key_len, &found);
	if (unlikely(found.missed))
		sm_load_missed(map, hash, key, key_len, &found);
	else
		sm_count(found.shard, found.value ? SM_HITS : SM_ABSENTS);
	return found.value;
}

/* the snapshot did not tell, and @dirty is the word that was read after it */
static noinline const struct syncmap_value *
sm_load_dirty(struct syncmap *map, const void *key, u32 key_len,
	      struct sm_shard *shard, unsigned long dirty)
{
	u64 hash = sm_map_hash(map, key, key_len);
	struct sm_found found = { .shard = shard };

	if (unlikely(sm_dirty_is_moved(dirty)))
		return sm_load_whole(map, key, key_len);
	sm_dirty_find(sm_dirty_view(dirty), hash, key, key_len, &found);
	sm_load_missed(map, hash, key, key_len, &found);
	return found.value;
}

/*
 * What the first bucket line that the snapshot leads to can tell: nearly all.
 * It is told from registers and without a call, for how many lookups are under
 * way at once in a CPU, and so the time that each takes, goes by the number of
 * their instructions.  For the rest the lookup begins anew.
 */
static __always_inline const struct syncmap_value *
sm_load(struct syncmap *map, u64 hash, const void *key, u32 key_len)
{
	struct sm_shard *shard = sm_router_shard(rcu_dereference(map->router),
						 hash);
	struct sm_dir *read = rcu_dereference(shard->read);
	struct syncmap_value *value;
	struct sm_entry *entry;
	unsigned long dirty;
	bool more;

	entry = sm_segment_find_first(sm_view_segment(read, hash), hash, key,
				      key_len, &more);
	if (likely(entry)) {
		value = sm_entry_value(entry);
		if (likely(value && value != SM_EXPUNGED)) {
			sm_count(shard, SM_HITS);
			return value;
		}
	} else if (likely(!more)) {
		dirty = sm_dirty_after(shard, read);
		if (unlikely(dirty))
			return sm_load_dirty(map, key, key_len, shard, dirty);
		sm_count(shard, SM_ABSENTS);
		return NULL;
	}
	return sm_load_whole(map, key, key_len);
}

/* whatever the map, the key and the context are */
static noinline const struct syncmap_value *
sm_load_any(struct syncmap *map, const void *key, u32 key_len)
{
	if (unlikely(!sm_key_fits(map, key_len)))
		return NULL;
	if (sm_load_is_refused(map))
		return ERR_PTR(-EOPNOTSUPP);
	return sm_load(map, sm_map_hash(map, key, key_len), key, key_len);
}

/**
 * syncmap_load() - find a key's value
 * @map:	where
 * @key:	the key's bytes
 * @key_len:	how many
 *
 * Context: inside rcu_read_lock(), which is how long the value stays good.
 * Any context on a cow map; not hardirq or NMI on a classic one.
 * Return: the value; NULL where the key is absent, a key of a size that the
 * map cannot hold among them; ERR_PTR(-EOPNOTSUPP) in a wrong context.
 */
const struct syncmap_value *syncmap_load(struct syncmap *map, const void *key,
					 u32 key_len)
{
	/* the most usual size has a copy of its own */
	if (key_len == sizeof(u64) && READ_ONCE(map->quick))
		return sm_load(map, sm_map_hash(map, key, sizeof(u64)), key,
			       sizeof(u64));
	return sm_load_any(map, key, key_len);
}
EXPORT_SYMBOL_GPL(syncmap_load);

/**
 * struct sm_lookup - one lookup of a batch
 * @hash:	the key's
 * @shard:	where it belongs
 * @read:	its snapshot
 * @line:	the first line there; NULL: the key does not fit the map
 * @tags:	what that had
 * @entry:	the first that may be the key's, or NULL
 */
struct sm_lookup {
	u64 hash;
	struct sm_shard *shard;
	struct sm_dir *read;
	const struct sm_line *line;
	u64 tags;
	struct sm_entry *entry;
};

static void sm_lookup_line(struct syncmap *map, const struct syncmap_key *key,
			   struct sm_lookup *at)
{
	at->line = NULL;
	if (!sm_key_fits(map, key->len))
		return;
	at->hash = sm_map_hash(map, key->data, key->len);
	at->shard = sm_router_shard(rcu_dereference(map->router), at->hash);
	at->read = rcu_dereference(at->shard->read);
	at->line = sm_segment_line(sm_view_segment(at->read, at->hash),
				   at->hash);
	prefetch(at->line);
}

static void sm_lookup_entry(struct sm_lookup *at)
{
	u64 match;

	if (unlikely(!at->line))
		return;
	/* pairs with the release in sm_line_link(): the slots are filled */
	at->tags = smp_load_acquire(&at->line->tags);
	match = sm_line_match(at->tags, sm_hash_tag(at->hash));
	at->entry = NULL;
	if (!match)
		return;
	at->entry = rcu_dereference_raw(at->line->slot[sm_match_slot(match)]);
	prefetch(at->entry);
}

/* as sm_load(), of which the first half is done */
static const struct syncmap_value *sm_lookup_value(struct syncmap *map,
						   const struct syncmap_key *key,
						   const struct sm_lookup *at)
{
	struct syncmap_value *value;
	unsigned long dirty;

	if (unlikely(!at->line))
		return NULL;
	if (likely(at->entry && sm_entry_is(at->entry, at->hash, key->data,
					    key->len))) {
		value = sm_entry_value(at->entry);
		if (likely(value && value != SM_EXPUNGED)) {
			sm_count(at->shard, SM_HITS);
			return value;
		}
	} else if (!at->entry &&
		   !sm_line_overflowed(at->tags, sm_hash_tag(at->hash))) {
		dirty = sm_dirty_after(at->shard, at->read);
		if (unlikely(dirty))
			return sm_load_dirty(map, key->data, key->len,
					     at->shard, dirty);
		sm_count(at->shard, SM_ABSENTS);
		return NULL;
	}
	return sm_load_whole(map, key->data, key->len);
}

static void sm_load_some(struct syncmap *map, const struct syncmap_key *keys,
			 const struct syncmap_value **values, u32 n)
{
	struct sm_lookup at[SM_BATCH];
	u32 i;

	for (i = 0; i < n; i++)
		sm_lookup_line(map, &keys[i], &at[i]);
	for (i = 0; i < n; i++)
		sm_lookup_entry(&at[i]);
	for (i = 0; i < n; i++)
		values[i] = sm_lookup_value(map, &keys[i], &at[i]);
}

/**
 * syncmap_load_batch() - find many keys' values
 * @map:	where
 * @keys:	the keys
 * @values:	out: for each its value, or NULL where it is absent
 * @n:		how many
 *
 * Each is a load of its own: together they are no snapshot, and they are made
 * in no order.  One may see a clear that another one does not, whichever comes
 * first.  The cache misses of several are under way at once.
 *
 * Context: as syncmap_load().
 * Return: 0, or -EOPNOTSUPP in a wrong context.
 */
int syncmap_load_batch(struct syncmap *map, const struct syncmap_key *keys,
		       const struct syncmap_value **values, u32 n)
{
	u32 some;

	if (sm_load_is_refused(map))
		return -EOPNOTSUPP;
	for (; n; n -= some, keys += some, values += some) {
		some = min_t(u32, n, SM_BATCH);
		sm_load_some(map, keys, values, some);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(syncmap_load_batch);
