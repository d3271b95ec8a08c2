// SPDX-License-Identifier: GPL-2.0
/*
 * Walks: all entries in the order (hash, key), segment by segment.  A walk
 * follows the newest view of each shard, which has every live key; splits,
 * promotions and resharding keep the order, so a cursor survives them all.
 */
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "lookup.h"

/* how many entries are sorted at a time; more come from chained segments only */
#define SM_WALK_SORTED	(SM_SEGMENT_SLOTS + 8)
/* room for several entries of a range, and for the largest one */
#define SM_RANGE_BYTES	8192

static int sm_key_compare(u64 hash, const u8 *key, u32 key_len,
			  const struct sm_entry *entry)
{
	int order;

	if (hash != entry->hash)
		return hash < entry->hash ? -1 : 1;
	order = memcmp(key, entry->key, min_t(u32, key_len, entry->key_len));
	return order ?: (int)key_len - entry->key_len;
}

static bool sm_entry_is_after(const struct sm_entry *entry,
			      const struct sm_cursor *cursor)
{
	return sm_key_compare(cursor->hash, cursor->key, cursor->key_len,
			      entry) < 0;
}

/* keep the smallest SM_WALK_SORTED entries, in order */
static u32 sm_sort_in(struct sm_entry **sorted, u32 n, struct sm_entry *entry)
{
	u32 i;

	if (n == SM_WALK_SORTED) {
		if (sm_key_compare(entry->hash, entry->key, entry->key_len,
				   sorted[n - 1]) > 0)
			return n;
		n--;
	}
	for (i = n; i && sm_key_compare(entry->hash, entry->key, entry->key_len,
					sorted[i - 1]) < 0; i--)
		sorted[i] = sorted[i - 1];
	sorted[i] = entry;
	return n + 1;
}

static u32 sm_segment_sort(struct sm_segment *segment,
			   const struct sm_cursor *cursor,
			   struct sm_entry **sorted)
{
	struct sm_entry *entry;
	u32 bit, n = 0;

	for (; segment; segment = segment->next)
		sm_segment_for_each(segment, bit, entry)
			if (sm_entry_is_after(entry, cursor))
				n = sm_sort_in(sorted, n, entry);
	return n;
}

/*
 * The view that has every live key of a hash's shard.  The dirty word first:
 * whoever was in the dirty table then is in any later snapshot.
 */
static struct sm_dir *sm_newest_view(struct syncmap *map, u64 hash,
				     struct sm_shard **shard)
{
	struct sm_router *router = rcu_dereference(map->router);
	struct sm_dir *read;
	unsigned long dirty;

	for (;;) {
		*shard = sm_router_shard(router, hash);
		/* pairs with whoever stores it: the view, or router, is whole */
		dirty = smp_load_acquire(&(*shard)->dirty);
		if (sm_dirty_is_moved(dirty)) {
			router = sm_dirty_router(dirty);
			continue;
		}
		if (dirty)
			return sm_dirty_view(dirty);
		read = rcu_dereference((*shard)->read);
		if (read != sm_view_moved)
			return read;
	}
}

static void sm_cursor_set(struct sm_cursor *cursor,
			  const struct sm_entry *entry)
{
	cursor->hash = entry->hash;
	cursor->key_len = entry->key_len;
	memcpy(cursor->key, entry->key, entry->key_len);
}

static bool sm_walk_sorted(struct sm_cursor *cursor, struct sm_entry **sorted,
			   u32 n, sm_walk_fn fn, void *arg)
{
	struct syncmap_value *value;
	u32 i;

	for (i = 0; i < n; i++) {
		value = sm_entry_value(sorted[i]);
		if (value && value != SM_EXPUNGED &&
		    !fn(sorted[i]->key, sorted[i]->key_len, value, arg))
			return false;
		sm_cursor_set(cursor, sorted[i]);
	}
	return true;
}

/* one segment; false where @fn said stop */
static bool sm_walk_segment(struct syncmap *map, struct sm_cursor *cursor,
			    sm_walk_fn fn, void *arg)
{
	struct sm_entry *sorted[SM_WALK_SORTED];
	struct sm_shard *shard;
	struct sm_place place;
	u64 last;
	u32 n;

	sm_view_place(sm_newest_view(map, cursor->hash, &shard), cursor->hash,
		      &place);
	last = min(sm_place_last_hash(&place, cursor->hash),
		   sm_shard_last_hash(shard));
	n = sm_segment_sort(place.segment, cursor, sorted);
	if (!sm_walk_sorted(cursor, sorted, n, fn, arg))
		return false;
	if (n == SM_WALK_SORTED)
		return true;
	cursor->done = last == U64_MAX;
	cursor->hash = last + !cursor->done;
	cursor->key_len = 0;
	return true;
}

/**
 * sm_map_walk() - visit entries from a cursor on, in the order (hash, key)
 * @map:	which
 * @cursor:	where to begin; out: where to go on
 * @fn:		called for each inside rcu_read_lock(); may not sleep
 * @arg:	for @fn
 *
 * A key that is there for the whole of a walk is visited exactly once, and no
 * key twice, whatever happens to the map and however often the walk is
 * interrupted.
 *
 * Context: process or softirq.
 * Return: whether the end was reached; false where @fn said stop.
 */
bool sm_map_walk(struct syncmap *map, struct sm_cursor *cursor, sm_walk_fn fn,
		 void *arg)
{
	bool more = true;

	while (more && !cursor->done) {
		rcu_read_lock();
		more = sm_walk_segment(map, cursor, fn, arg);
		rcu_read_unlock();
	}
	return cursor->done;
}

/**
 * struct sm_range_buf - entries on their way to a range's callback
 * @used:	bytes in @data
 * @data:	records: struct sm_range_record, key, value
 */
struct sm_range_buf {
	u32 used;
	u8 data[SM_RANGE_BYTES] __aligned(8);
};

struct sm_range_record {
	u32 key_len;
	u32 value_len;
};

static u32 sm_range_record_bytes(u32 key_len, u32 value_len)
{
	return sizeof(struct sm_range_record) +
		ALIGN(key_len, 8) + ALIGN(value_len, 8);
}

static_assert(sizeof(struct sm_range_record) + ALIGN(SYNCMAP_KEY_MAX, 8) +
	      SYNCMAP_VALUE_MAX <= SM_RANGE_BYTES);

static bool sm_range_collect(const void *key, u32 key_len,
			     const struct syncmap_value *value, void *arg)
{
	struct sm_range_buf *buf = arg;
	u8 *p = buf->data + buf->used;
	struct sm_range_record record = { key_len, value->len };

	if (buf->used + sm_range_record_bytes(key_len, value->len) >
	    SM_RANGE_BYTES)
		return false;
	memcpy(p, &record, sizeof(record));
	p += sizeof(record);
	memcpy(p, key, key_len);
	memcpy(p + ALIGN(key_len, 8), value->data, value->len);
	buf->used += sm_range_record_bytes(key_len, value->len);
	return true;
}

static bool sm_range_deliver(const struct sm_range_buf *buf,
			     syncmap_range_fn fn, void *arg)
{
	const u8 *p = buf->data, *end = p + buf->used;
	struct sm_range_record record;

	for (; p < end; p += sm_range_record_bytes(record.key_len,
						   record.value_len)) {
		const u8 *key = p + sizeof(record);

		memcpy(&record, p, sizeof(record));
		if (!fn(key, record.key_len, key + ALIGN(record.key_len, 8),
			record.value_len, arg))
			return false;
	}
	return true;
}

/* Go's Range() begins so; a classic map does as Go did */
static void sm_promote_all(struct syncmap *map)
{
	struct sm_shard *shard;
	struct sm_hold hold;
	u64 hash = 0, last;

	do {
		rcu_read_lock();
		shard = sm_router_shard(rcu_dereference(map->router), hash);
		shard = sm_lock_hash(shard, hash, &hold);
		last = sm_shard_last_hash(shard);
		if (sm_shard_dirty(shard))
			sm_promote(&hold);
		sm_unlock(&hold);
		rcu_read_unlock();
		hash = last + 1;
	} while (last != U64_MAX);
}

/**
 * syncmap_range() - call a function for each key
 * @map:	which
 * @fn:		the function; may call any operation on the map and, where the
 *		caller may, sleep; returns false to stop
 * @arg:	for @fn
 * @gfp:	for a buffer
 *
 * A key that is there for the whole call is visited exactly once, no key
 * twice.  The values are copies, each of some instant within the call.
 *
 * Context: process or softirq, outside rcu_read_lock() if @fn sleeps.
 * Return: 0 or -ENOMEM.
 */
int syncmap_range(struct syncmap *map, syncmap_range_fn fn, void *arg,
		  gfp_t gfp)
{
	struct sm_range_buf *buf = kmalloc(sizeof(*buf), gfp);
	struct sm_cursor *cursor = kzalloc(sizeof(*cursor), gfp);
	bool more = buf && cursor;
	int err = more ? 0 : -ENOMEM;

	if (more && !sm_map_is_cow(map))
		sm_promote_all(map);
	while (more) {
		buf->used = 0;
		more = !sm_map_walk(map, cursor, sm_range_collect, buf);
		more = sm_range_deliver(buf, fn, arg) && more;
		if (gfpflags_allow_blocking(gfp))
			cond_resched();
	}
	kfree(cursor);
	kfree(buf);
	return err;
}
EXPORT_SYMBOL_GPL(syncmap_range);
