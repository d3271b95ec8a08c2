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

static inline const struct syncmap_value *
sm_load(struct syncmap *map, u64 hash, const void *key, u32 key_len)
{
	struct sm_found found;

	sm_find(map, hash, key, key_len, &found);
	if (unlikely(found.missed))
		sm_load_missed(map, hash, key, key_len, &found);
	else
		sm_count(found.shard, found.value ? SM_HITS : SM_ABSENTS);
	return found.value;
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
	if (unlikely(!sm_key_fits(map, key_len)))
		return NULL;
	if (sm_load_is_refused(map))
		return ERR_PTR(-EOPNOTSUPP);
	return sm_load(map, sm_map_hash(map, key, key_len), key, key_len);
}
EXPORT_SYMBOL_GPL(syncmap_load);

static const struct sm_line *sm_prefetch_line(struct syncmap *map, u64 hash)
{
	struct sm_router *router = rcu_dereference(map->router);
	struct sm_dir *read;
	const struct sm_line *line;

	read = rcu_dereference(sm_router_shard(router, hash)->read);
	line = &sm_view_segment(read, hash)->line[sm_hash_line(hash)];
	prefetch(line);
	return line;
}

static void sm_prefetch_entry(const struct sm_line *line, u64 hash)
{
	/* pairs with the release in sm_line_link(): the slots are filled */
	u64 tags = smp_load_acquire(&line->tags);
	u64 match = sm_line_match(tags, sm_hash_tag(hash));

	if (match)
		prefetch(rcu_dereference_raw(line->slot[__builtin_ctzll(match) / 8]));
}

/* a key that does not fit the map has no line to prefetch */
static void sm_load_some(struct syncmap *map, const struct syncmap_key *keys,
			 const struct syncmap_value **values, u32 n)
{
	const struct sm_line *line[SM_BATCH];
	u64 hash[SM_BATCH];
	u32 i;

	for (i = 0; i < n; i++) {
		line[i] = NULL;
		if (!sm_key_fits(map, keys[i].len))
			continue;
		hash[i] = sm_map_hash(map, keys[i].data, keys[i].len);
		line[i] = sm_prefetch_line(map, hash[i]);
	}
	for (i = 0; i < n; i++)
		if (line[i])
			sm_prefetch_entry(line[i], hash[i]);
	for (i = 0; i < n; i++)
		values[i] = line[i] ? sm_load(map, hash[i], keys[i].data,
					      keys[i].len) : NULL;
}

/**
 * syncmap_load_batch() - find many keys' values
 * @map:	where
 * @keys:	the keys
 * @values:	out: for each its value, or NULL where it is absent
 * @n:		how many
 *
 * Each is a load of its own: together they are no snapshot.  The cache misses
 * of several are under way at once.
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
