// SPDX-License-Identifier: GPL-2.0
/* Segments: see segment.h.  Writers hold the lock of the shard. */
#include <linux/slab.h>
#include "mem.h"
#include "segment.h"

static struct kmem_cache *sm_segment_cache;

/* stands for "no entries" wherever a directory slot has nothing to point to */
struct sm_segment sm_segment_empty = { .depth = U8_MAX };

/**
 * sm_segment_find_on() - go on where the first line was not enough
 * @segment:	where to look
 * @hash:	the key's hash
 * @key:	its bytes
 * @key_len:	how many
 *
 * Context: inside rcu_read_lock(), or with the shard's lock held.
 * Return: the entry, or NULL.
 */
struct sm_entry *sm_segment_find_on(const struct sm_segment *segment, u64 hash,
				    const void *key, u32 key_len)
{
	const struct sm_line *line;
	struct sm_entry *entry;
	u64 tags;
	u32 i;

	for (; segment; segment = segment->next) {
		for (i = 0; i < SM_SEGMENT_LINES; i++) {
			line = &segment->line[(sm_hash_line(hash) + i) %
					      SM_SEGMENT_LINES];
			/* pairs with the release in sm_line_link() */
			tags = smp_load_acquire(&line->tags);
			entry = sm_line_find(line, tags, hash, key, key_len);
			if (entry)
				return entry;
			if (!sm_line_overflowed(tags, sm_hash_tag(hash)))
				break;
		}
	}
	return NULL;
}

/**
 * sm_segment_chain() - put a segment before others of the same hashes
 * @segment:	not published yet
 * @next:	what it goes before, or NULL
 *
 * Every line of it then says that a key may be further on.
 */
void sm_segment_chain(struct sm_segment *segment, struct sm_segment *next)
{
	u32 i;

	segment->next = next;
	for (i = 0; next && i < SM_SEGMENT_LINES; i++)
		segment->line[i].tags |= SM_OVERFLOW_ALL;
}

static bool sm_line_link(struct sm_line *line, struct sm_entry *entry)
{
	u8 tag = sm_hash_tag(entry->hash);
	u64 tags = line->tags;
	u32 i;

	for (i = 0; i < SM_LINE_SLOTS; i++) {
		if (tags >> i * 8 & 0xff)
			continue;
		rcu_assign_pointer(line->slot[i], entry);
		/* after the slot: pairs with the acquires of those who look */
		smp_store_release(&line->tags, tags | (u64)tag << i * 8);
		return true;
	}
	WRITE_ONCE(line->tags, tags | 1ULL << (56 + (tag & 7)));
	return false;
}

/**
 * sm_segment_link() - add an entry
 * @segment:	private to the dirty table, or not published yet; not full
 * @entry:	not in it
 *
 * Context: the shard's lock is held.  The entry is EXPUNGED if @segment can be
 * seen by readers, so that it appears only with its value.
 */
void sm_segment_link(struct sm_segment *segment, struct sm_entry *entry)
{
	u32 i = sm_hash_line(entry->hash);

	while (!sm_line_link(&segment->line[i % SM_SEGMENT_LINES], entry))
		i++;
	segment->used++;
}

/**
 * sm_segment_mark() - say whether an entry is to be freed with this segment
 * @segment:	where to look, and in those behind it
 * @entry:	what for
 * @dead:	free it, or no longer
 *
 * Context: the shard's lock is held.
 * Return: whether the entry is there.
 */
bool sm_segment_mark(struct sm_segment *segment, const struct sm_entry *entry,
		     bool dead)
{
	const struct sm_entry *other;
	u32 bit;

	for (; segment; segment = segment->next) {
		sm_segment_for_each(segment, bit, other) {
			if (other != entry)
				continue;
			if (dead)
				segment->dead |= 1ULL << bit;
			else
				segment->dead &= ~(1ULL << bit);
			return true;
		}
	}
	return false;
}

/**
 * sm_segment_live() - count the entries that have a value
 * @segment:	which; not those behind it
 *
 * Context: inside rcu_read_lock(), or with the shard's lock held; a snapshot
 * at best, since values change without the lock.
 */
u32 sm_segment_live(const struct sm_segment *segment)
{
	const struct sm_entry *entry;
	u32 bit, live = 0;

	sm_segment_for_each(segment, bit, entry) {
		struct syncmap_value *value = sm_entry_value(entry);

		live += value && value != SM_EXPUNGED;
	}
	return live;
}

/**
 * sm_segment_alloc() - an empty segment
 * @map:	whose memory it is
 * @gfp:	how to allocate
 *
 * Return: the segment, or an ERR_PTR of -ENOMEM or -ENOSPC.
 */
struct sm_segment *sm_segment_alloc(struct syncmap *map, gfp_t gfp)
{
	struct sm_segment *segment;

	segment = sm_mem_alloc_cache(map, sm_segment_cache,
				     sizeof(*segment), gfp | __GFP_ZERO);
	if (!IS_ERR(segment))
		segment->map = map;
	return segment;
}

/**
 * sm_segment_free() - free a segment and the entries that died with it
 * @segment:	out of every reader's reach; not those behind it
 */
void sm_segment_free(struct sm_segment *segment)
{
	struct syncmap *map = segment->map;
	u64 dead = segment->dead;
	u32 bit;

	for (; dead; dead &= dead - 1) {
		bit = __builtin_ctzll(dead);
		sm_entry_free(map, sm_segment_slot(segment, bit));
	}
	sm_mem_free_cache(map, sm_segment_cache, segment, sizeof(*segment));
}

static void sm_segment_free_rcu(struct rcu_head *rcu)
{
	sm_segment_free(container_of(rcu, struct sm_segment, rcu));
}

/**
 * sm_segment_retire() - free a segment after a grace period
 * @segment:	can no longer be reached from the current views
 *
 * Context: the shard's lock is held.
 */
void sm_segment_retire(struct sm_segment *segment)
{
	call_rcu(&segment->rcu, sm_segment_free_rcu);
}

/**
 * sm_segment_free_all() - free a segment with all its entries and values
 * @segment:	of a map or world that no one can reach any more
 *
 * Those behind it go as well.
 */
void sm_segment_free_all(struct sm_segment *segment)
{
	struct sm_segment *next;
	struct syncmap_value *value;
	struct sm_entry *entry;
	u32 bit;

	for (; segment && segment != &sm_segment_empty; segment = next) {
		next = segment->next;
		sm_segment_for_each(segment, bit, entry) {
			value = sm_entry_value(entry);
			if (value == SM_EXPUNGED)
				continue;
			if (value)
				sm_entry_free_value(segment->map, entry, value);
			sm_entry_free(segment->map, entry);
		}
		segment->dead = 0;
		sm_segment_free(segment);
	}
}

int __init sm_segment_init(void)
{
	sm_segment_cache = kmem_cache_create("syncmap_segment",
					     sizeof(struct sm_segment),
					     SM_LINE_BYTES, 0, NULL);
	return sm_segment_cache ? 0 : -ENOMEM;
}

void sm_segment_exit(void)
{
	kmem_cache_destroy(sm_segment_cache);
}
