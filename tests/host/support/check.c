// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "../../../kmod/core/lookup.h"
#include "test.h"
#include "set.h"

/**
 * struct view - a view that is being taken apart
 * @shard:	whose
 * @root:	the view
 * @segments:	those met so far, of this view
 * @dirs:	likewise, without the root
 * @entries:	entries met so far
 * @live:	those with a value
 * @expunged:	those that are EXPUNGED
 * @chained:	segments that stand behind others
 */
struct view {
	struct sm_shard *shard;
	struct sm_dir *root;
	struct host_set segments;
	struct host_set dirs;
	u64 entries;
	u64 live;
	u64 expunged;
	u64 chained;
};

#define require(cond, ...)					\
	do {							\
		if (!(cond))					\
			fail_msg(__VA_ARGS__);			\
	} while (0)

static u64 prefix(u64 hash, u32 bits)
{
	return bits ? hash >> (64 - bits) : 0;
}

static void check_entry(struct view *view, const struct sm_segment *segment,
			const struct sm_entry *entry, u8 tag, u64 first)
{
	struct syncmap *map = view->shard->map;
	struct syncmap_value *value = sm_entry_value(entry);

	require(entry, "a slot has a tag and no entry");
	require(entry->hash == sm_map_hash(map, entry->key, entry->key_len),
		"an entry has another hash than its key");
	require(tag == sm_hash_tag(entry->hash), "a slot has a wrong tag");
	require(prefix(entry->hash, segment->depth) ==
		prefix(first, segment->depth),
		"an entry is in a segment of other hashes");
	require(sm_view_find(view->root, entry->hash, entry->key,
			     entry->key_len) == entry,
		"an entry cannot be found, or its key has two");
	view->entries++;
	view->live += value && value != SM_EXPUNGED;
	view->expunged += value == SM_EXPUNGED;
}

static void check_lines(struct view *view, const struct sm_segment *segment,
			u64 first)
{
	const struct sm_line *line = segment->line;
	u32 i, slot, used = 0;
	u8 tag;

	for (i = 0; i < SM_SEGMENT_LINES; i++, line++) {
		for (slot = 0; slot < SM_LINE_SLOTS; slot++) {
			tag = line->tags >> slot * 8;
			if (!tag) {
				require(!line->slot[slot],
					"a slot has an entry and no tag");
				continue;
			}
			check_entry(view, segment, line->slot[slot], tag, first);
			used++;
		}
	}
	require(used == segment->used, "a segment has %u entries, says %u",
		used, segment->used);
	require(used <= SM_SEGMENT_SLOTS, "a segment is more than full");
}

/* a segment and those behind it; @first: the first hash that leads there */
static void check_chain(struct view *view, struct sm_segment *segment,
			u64 first)
{
	u32 depth = segment->depth;

	if (segment == &sm_segment_empty)
		return;
	require(depth >= view->shard->depth,
		"invariant 5: a segment belongs to two shards");
	for (; segment; segment = segment->next) {
		require(!(*host_set_at(&view->segments, segment))++,
			"a segment stands in a view twice");
		require(segment->depth == depth, "a chain of unequal depths");
		require(segment->map == view->shard->map,
			"a segment is another map's");
		check_lines(view, segment, first);
		view->chained += segment->next != NULL;
	}
}

static u32 check_span(const struct sm_dir *dir, u32 i, void *child)
{
	u32 depth = sm_child_depth(child), count = 1, n;

	if (child == &sm_segment_empty)
		return 1;
	require(depth <= sm_dir_end(dir), "a child is deeper than its slot");
	require(depth >= dir->depth, "a child is less deep than its directory");
	count <<= sm_dir_end(dir) - depth;
	require(i % count == 0, "a child stands across its boundary");
	for (n = 0; n < count; n++)
		require(sm_dir_slot(dir, i + n) == child,
			"a child does not fill its slots");
	return count;
}

static void check_dir(struct view *view, struct sm_dir *dir, u64 first)
{
	u32 i, bits = dir == view->root ? SM_ROOT_BITS : SM_DIR_BITS;
	void *child;
	u64 hash;

	require(dir->bits <= bits, "a directory is larger than a page");
	for (i = 0; i < sm_dir_slots(dir); ) {
		child = sm_dir_slot(dir, i);
		require(child, "a directory has an empty slot");
		hash = first;
		if (sm_dir_end(dir))
			hash += (u64)i << (64 - sm_dir_end(dir));
		i += check_span(dir, i, child);
		if (!sm_child_is_dir(child)) {
			check_chain(view, child, hash);
			continue;
		}
		child = sm_child_dir(child);
		require(!(*host_set_at(&view->dirs, child))++,
			"a directory stands in a view twice");
		check_dir(view, child, hash);
	}
}

static void check_view(struct view *view, struct sm_shard *shard,
		       struct sm_dir *root)
{
	*view = (struct view){ .shard = shard, .root = root };
	require(root != sm_view_moved, "a shard in use has moved");
	if (root == sm_view_empty)
		return;
	require(root->depth == shard->depth, "a root begins at a wrong bit");
	check_dir(view, root, sm_shard_first_hash(shard));
}

static void view_free(struct view *view)
{
	host_set_free(&view->segments);
	host_set_free(&view->dirs);
}

#define for_each_item(item, set)					\
	for ((item) = (set)->item; (item) < (set)->item + (set)->room;	\
	     (item)++)							\
		if ((item)->p)

/* every entry of the snapshot, against the dirty table */
static void check_read_entries(struct view *read, struct view *dirty)
{
	struct host_item *item;
	struct sm_entry *entry, *other;
	const struct sm_segment *segment;
	bool expunged;
	u32 bit;

	for_each_item(item, &read->segments) {
		segment = item->p;
		sm_segment_for_each(segment, bit, entry) {
			expunged = sm_entry_value(entry) == SM_EXPUNGED;
			require(expunged == !!(segment->dead & 1ULL << bit),
				"an EXPUNGED entry is not marked to be freed, or another is");
			require(dirty || !expunged,
				"invariant 3: EXPUNGED and no dirty table");
			if (!dirty)
				continue;
			other = sm_view_find(dirty->root, entry->hash,
					     entry->key, entry->key_len);
			require(!(expunged && other),
				"invariant 3: EXPUNGED, and in the dirty table");
			require(expunged || other == entry,
				"invariant 1: the dirty table lacks a key, or has another entry for it");
		}
	}
}

/* every entry of the dirty table, against the snapshot */
static void check_dirty_entries(struct view *dirty, struct view *read)
{
	struct host_item *item;
	struct sm_entry *entry, *other;
	const struct sm_segment *segment;
	u32 bit;

	require(!dirty->expunged, "invariant 3: EXPUNGED in the dirty table");
	for_each_item(item, &dirty->segments) {
		segment = item->p;
		require(host_set_has(&read->segments, segment) ||
			!segment->dead, "a segment in use frees entries");
		sm_segment_for_each(segment, bit, entry) {
			other = sm_view_find(read->root, entry->hash,
					     entry->key, entry->key_len);
			require(!other || other == entry,
				"invariant 1: a key has two entries");
		}
	}
}

/* what only the dirty table reaches is private to it, and nothing else */
static void check_private(struct view *read, struct view *dirty)
{
	u64 generation = read->shard->generation;
	const struct sm_segment *segment;
	const struct sm_dir *dir;
	struct host_item *item;

	for_each_item(item, &read->segments) {
		segment = item->p;
		require(segment->generation != generation,
			"invariant 5: a segment of the snapshot is private");
	}
	for_each_item(item, &read->dirs) {
		dir = item->p;
		require(dir->generation != generation,
			"invariant 5: a directory of the snapshot is private");
	}
	if (!dirty)
		return;
	for_each_item(item, &dirty->segments) {
		segment = item->p;
		require(host_set_has(&read->segments, segment) ||
			segment->generation == generation,
			"a segment is neither the snapshot's nor private");
	}
	for_each_item(item, &dirty->dirs) {
		dir = item->p;
		require(host_set_has(&read->dirs, dir) ||
			dir->generation == generation,
			"a directory is neither the snapshot's nor private");
	}
}

/* what waits for the promotion is what only the snapshot reaches */
static void check_limbo(struct view *read, struct view *dirty)
{
	struct sm_shard *shard = read->shard;
	struct sm_segment *segment;
	struct host_item *item;
	struct sm_dir *dir;
	size_t n = 0;

	for (segment = shard->limbo_segments; segment;
	     segment = segment->limbo, n++) {
		require(host_set_has(&read->segments, segment),
			"invariant 7: a segment waits that the snapshot has not");
		require(dirty && !host_set_has(&dirty->segments, segment),
			"invariant 7: a segment waits that is in use");
	}
	for (dir = shard->limbo_dirs; dir; dir = dir->limbo, n++) {
		require(host_set_has(&read->dirs, dir),
			"invariant 7: a directory waits that the snapshot has not");
		require(dirty && !host_set_has(&dirty->dirs, dir),
			"invariant 7: a directory waits that is in use");
	}
	if (!dirty)
		return;
	for_each_item(item, &read->segments)
		n -= !host_set_has(&dirty->segments, item->p);
	for_each_item(item, &read->dirs)
		n -= !host_set_has(&dirty->dirs, item->p);
	require(!n, "invariant 7: what only the snapshot has does not wait");
}

static u64 private_bytes(struct view *dirty, struct view *read)
{
	u64 bytes = sizeof(void *) << dirty->root->bits;
	struct host_item *item;

	for_each_item(item, &dirty->segments)
		if (!host_set_has(&read->segments, item->p))
			bytes += SM_SEGMENT_BYTES;
	for_each_item(item, &dirty->dirs)
		if (!host_set_has(&read->dirs, item->p))
			bytes += sizeof(void *) <<
				 ((const struct sm_dir *)item->p)->bits;
	return bytes;
}

static void add_shard(struct host_anatomy *sum, struct view *newest,
		      struct view *read, bool dirty)
{
	struct host_item *item;

	sum->keys += newest->live;
	sum->linked += newest->entries;
	sum->expunged += read->expunged;
	sum->segments += newest->segments.n;
	sum->chained += newest->chained;
	sum->dirs += newest->dirs.n;
	sum->dirty += dirty;
	sum->root_bits = max_t(u32, sum->root_bits, newest->root->bits);
	if (!dirty)
		return;
	for_each_item(item, &newest->segments)
		sum->shared += host_set_has(&read->segments, item->p);
	sum->private_bytes += private_bytes(newest, read);
}

static void check_owner(struct host_set *owned, struct view *view)
{
	struct host_item *item;
	unsigned long *owner;

	for_each_item(item, &view->segments) {
		owner = host_set_at(owned, item->p);
		require(!*owner || *owner == (unsigned long)view->shard,
			"invariant 5: a segment belongs to two shards");
		*owner = (unsigned long)view->shard;
	}
}

static void check_shard(struct sm_shard *shard, struct host_set *owned,
			struct host_anatomy *sum)
{
	struct view read, dirty, *has_dirty = NULL;

	require(!sm_dirty_is_moved(shard->dirty), "a shard in use has moved");
	check_view(&read, shard, rcu_dereference_raw(shard->read));
	if (shard->dirty) {
		has_dirty = &dirty;
		check_view(&dirty, shard, sm_dirty_view(shard->dirty));
		require(dirty.root->generation == shard->generation,
			"the dirty table is of another generation");
		check_dirty_entries(&dirty, &read);
		check_owner(owned, &dirty);
	}
	check_read_entries(&read, has_dirty);
	check_private(&read, has_dirty);
	check_limbo(&read, has_dirty);
	check_owner(owned, &read);
	add_shard(sum, has_dirty ?: &read, &read, has_dirty);
	view_free(&read);
	if (has_dirty)
		view_free(&dirty);
}

struct host_anatomy host_check(struct syncmap *map)
{
	struct sm_router *router = rcu_dereference_raw(map->router);
	struct host_anatomy sum = { 0 };
	struct host_set owned = { 0 };
	struct sm_shard *shard;
	u32 i;

	for (i = 0; i < 1U << router->bits; i++) {
		shard = router->shard[i];
		require(shard->index == i && shard->depth == router->bits,
			"a shard stands in a wrong place");
		require(shard->map == map && shard->world == router->world,
			"a shard is of another map, or world");
		check_shard(shard, &owned, &sum);
	}
	host_set_free(&owned);
	require(sum.keys == syncmap_len(map), "%llu keys, and len() says %llu",
		sum.keys, syncmap_len(map));
	require((s64)sum.linked == percpu_counter_sum(&router->world->linked),
		"%llu entries linked, and %lld counted", sum.linked,
		percpu_counter_sum(&router->world->linked));
	return sum;
}

struct host_picture {
	const struct sm_segment *segment;
	const struct sm_segment *next;
	struct sm_line line[SM_SEGMENT_LINES];
};

static void picture_take(struct host_frozen *frozen,
			 const struct sm_segment *segment)
{
	struct host_picture *picture;

	if (frozen->n == frozen->room) {
		frozen->room = frozen->room ? 2 * frozen->room : 64;
		picture = aligned_alloc(SM_LINE_BYTES, frozen->room *
					sizeof(*picture));
		if (frozen->n)
			memcpy(picture, frozen->picture,
			       frozen->n * sizeof(*picture));
		free(frozen->picture);
		frozen->picture = picture;
	}
	picture = &frozen->picture[frozen->n++];
	picture->segment = segment;
	picture->next = segment->next;
	memcpy(picture->line, segment->line, sizeof(segment->line));
}

static void pictures_of_dir(struct host_frozen *frozen, struct sm_dir *dir)
{
	const struct sm_segment *segment, *last = NULL;
	void *child;
	u32 i;

	for (i = 0; i < sm_dir_slots(dir); i++) {
		child = sm_dir_slot(dir, i);
		if (sm_child_is_dir(child)) {
			pictures_of_dir(frozen, sm_child_dir(child));
			continue;
		}
		if (child == last)
			continue;
		last = child;
		for (segment = child; segment; segment = segment->next)
			picture_take(frozen, segment);
	}
}

void host_frozen_take(struct host_frozen *frozen, struct syncmap *map)
{
	struct sm_router *router = rcu_dereference(map->router);
	u32 i;

	*frozen = (struct host_frozen){ 0 };
	for (i = 0; i < 1U << router->bits; i++)
		pictures_of_dir(frozen, rcu_dereference(router->shard[i]->read));
}

void host_frozen_check(struct host_frozen *frozen)
{
	const struct host_picture *picture = frozen->picture;
	size_t i;

	for (i = 0; i < frozen->n; i++, picture++)
		require(picture->next == picture->segment->next &&
			!memcmp(picture->line, picture->segment->line,
				sizeof(picture->line)),
			"invariant 5: a segment of the snapshot has changed");
	free(frozen->picture);
}

struct host_place host_place(struct syncmap *map, const void *key, u32 len)
{
	struct sm_router *router = rcu_dereference_raw(map->router);
	u64 hash = sm_map_hash(map, key, len);
	struct sm_shard *shard = sm_router_shard(router, hash);
	struct sm_dir *read = rcu_dereference_raw(shard->read);
	struct host_place place = { .has_dirty = shard->dirty };
	const struct sm_entry *entry;

	place.segment = sm_view_segment(read, hash);
	place.read = sm_view_find(read, hash, key, len);
	if (shard->dirty) {
		read = sm_dirty_view(shard->dirty);
		place.dirty_segment = sm_view_segment(read, hash);
		place.dirty = sm_view_find(read, hash, key, len);
	}
	entry = place.read ?: place.dirty;
	if (!entry)
		return place;
	place.value = sm_entry_value(entry);
	place.expunged = place.value == SM_EXPUNGED;
	return place;
}

void host_promote(struct syncmap *map)
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

/* then 8 bytes are their own hash, and 16 have the product of their halves, folded */
void host_open_hash(struct syncmap *map)
{
	map->secret = (struct sm_secret){ .word = { 1, 0, 16, 0 } };
}

/* a power of two times a number, folded, is the number rotated */
void host_hash_key(u8 key[16], u64 hash, u32 nth)
{
	u64 half[2] = { 1ULL << nth, ror64(hash, nth) };

	memcpy(key, half, sizeof(half));
}
