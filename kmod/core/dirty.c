// SPDX-License-Identifier: GPL-2.0
/*
 * The dirty table: making it, and making room in it.
 *
 * All here runs with the shard's lock held, in steps.  Each step leaves both
 * views whole, and each is bounded by a page or two segments, but for the copy
 * that a classic map makes.  A step that lacks memory says in @want what it
 * takes and returns false; the caller unlocks, allocates, and begins again.
 */
#include "../observe/hooks.h"
#include "map.h"

static bool sm_segment_is_private(const struct sm_shard *shard,
				  const struct sm_segment *segment)
{
	return segment->generation == shard->generation;
}

static void sm_note_copy(struct sm_hold *hold, u64 entries, u64 bytes)
{
	hold->copied_entries += entries;
	hold->copied_bytes += bytes;
}

/*
 * A deleted entry is left out of a copy once it is EXPUNGED.  It is freed with
 * the segment of the snapshot that still has it or, where the snapshot never
 * had it, with the private segment that is being replaced.
 */
static bool sm_expunge(struct sm_shard *shard, struct sm_segment *old, u32 bit,
		       struct sm_entry *entry)
{
	struct sm_segment *snapshot;

	if (sm_entry_value(entry) || !sm_entry_replace(entry, NULL, SM_EXPUNGED))
		return false;
	snapshot = sm_view_segment(sm_shard_read(shard), entry->hash);
	if (!sm_segment_is_private(shard, old)) {
		old->dead |= 1ULL << bit;
		shard->limbo_dead++;
	} else if (sm_segment_mark(snapshot, entry, true)) {
		shard->limbo_dead++;
	} else {
		old->dead |= 1ULL << bit;
	}
	return true;
}

/**
 * sm_rebuild() - copy a segment, leaving out what is deleted
 * @hold:	of the shard
 * @old:	the segment; its lines stay as they are
 * @low:	a new segment
 * @high:	NULL, or a new one for those whose next bit of the hash is set
 *
 * What @old is chained to is not copied.
 */
void sm_rebuild(struct sm_hold *hold, struct sm_segment *old,
		struct sm_segment *low, struct sm_segment *high)
{
	struct sm_shard *shard = hold->shard;
	struct sm_entry *entry;
	u32 bit, kept = 0, expunged = 0;

	sm_segment_for_each(old, bit, entry) {
		if (sm_expunge(shard, old, bit, entry)) {
			expunged++;
			continue;
		}
		if (high && sm_hash_bits(entry->hash, old->depth, 1))
			sm_segment_link(high, entry);
		else
			sm_segment_link(low, entry);
		kept++;
	}
	WRITE_ONCE(shard->entries, shard->entries - expunged);
	percpu_counter_sub(&shard->world->linked, expunged);
	sm_locked_add(shard, SM_RECLAIMED, expunged);
	sm_note_copy(hold, kept, (high ? 2 : 1) * SM_SEGMENT_BYTES);
}

/**
 * sm_bury_segment() - let go of a segment that was replaced in the dirty table
 * @shard:	whose
 * @old:	the segment
 *
 * The snapshot still has it, unless it was private.
 */
void sm_bury_segment(struct sm_shard *shard, struct sm_segment *old)
{
	if (old == &sm_segment_empty)
		return;
	if (sm_segment_is_private(shard, old)) {
		sm_segment_retire(old);
		return;
	}
	sm_segment_to_limbo(shard, old);
}

/**
 * sm_take_segment() - an empty segment, private to the dirty table
 * @hold:	of the shard
 * @have:	memory; there is one in it
 * @depth:	bits of the hash that its entries will share
 */
struct sm_segment *sm_take_segment(struct sm_hold *hold,
				   struct sm_reserve *have, u32 depth)
{
	struct sm_segment *segment = sm_reserve_segment(have);

	segment->generation = hold->shard->generation;
	segment->depth = depth;
	return segment;
}

/* no more bits to split by: put an empty segment before the full one */
static bool sm_chain_segment(struct sm_hold *hold, struct sm_place *place,
			     struct sm_reserve *have, struct sm_reserve *want)
{
	struct sm_segment *first;

	if (have->nr_segments < 1) {
		want->nr_segments = 1;
		return false;
	}
	first = sm_take_segment(hold, have, place->segment->depth);
	sm_segment_chain(first, place->segment);
	hold->shard->segments++;
	sm_dir_put(place->dir, place->index, place->count, first);
	return true;
}

/**
 * sm_copy_segment() - replace a segment by a private copy without what died
 * @hold:	of a shard that has a dirty table
 * @place:	where; its directory is private
 * @have:	memory
 * @want:	out: memory that was lacking
 *
 * Return: false where memory is lacking.
 */
bool sm_copy_segment(struct sm_hold *hold, struct sm_place *place,
		     struct sm_reserve *have, struct sm_reserve *want)
{
	struct sm_segment *old = place->segment, *new;

	if (have->nr_segments < 1) {
		want->nr_segments = 2;
		return false;
	}
	new = sm_take_segment(hold, have,
			      min_t(u32, old->depth, sm_dir_end(place->dir)));
	sm_rebuild(hold, old, new, NULL);
	sm_segment_chain(new, old->next);
	sm_dir_put(place->dir, place->index, place->count, new);
	if (old == &sm_segment_empty)
		hold->shard->segments++;
	sm_bury_segment(hold->shard, old);
	sm_locked_add(hold->shard, SM_SEGMENT_COPIES, 1);
	return true;
}

/* replace a place's segment by two; it fills at least two slots */
static bool sm_split_segment(struct sm_hold *hold, struct sm_place *place,
			     struct sm_reserve *have, struct sm_reserve *want)
{
	struct sm_segment *old = place->segment, *low, *high;
	u32 half = place->count / 2;

	if (have->nr_segments < 2) {
		want->nr_segments = 2;
		return false;
	}
	low = sm_take_segment(hold, have, old->depth + 1);
	high = sm_take_segment(hold, have, old->depth + 1);
	sm_rebuild(hold, old, low, high);
	sm_dir_put(place->dir, place->index, half, low);
	sm_dir_put(place->dir, place->index + half, half, high);
	hold->shard->segments++;
	sm_bury_segment(hold->shard, old);
	sm_locked_add(hold->shard, SM_SEGMENT_SPLITS, 1);
	return true;
}

static void sm_bury_dir(struct sm_shard *shard, struct sm_dir *old)
{
	if (old->generation == shard->generation) {
		sm_dir_retire(old);
		return;
	}
	sm_dir_to_limbo(shard, old);
}

/**
 * sm_replace_root() - put another root in the place of the dirty table's
 * @hold:	of the shard
 * @old:	the root there is
 * @new:	the other one, filled
 */
void sm_replace_root(struct sm_hold *hold, struct sm_dir *old,
		     struct sm_dir *new)
{
	/* pairs with the acquire in sm_find_missed(): the root is filled */
	smp_store_release(&hold->shard->dirty, (unsigned long)new);
	sm_bury_dir(hold->shard, old);
}

static bool sm_double_root(struct sm_hold *hold, struct sm_dir *root,
			   struct sm_reserve *have, struct sm_reserve *want)
{
	struct sm_dir *new;

	if (have->root_bits <= root->bits) {
		want->root_bits = root->bits + 1;
		return false;
	}
	new = sm_reserve_root(have);
	new->generation = root->generation;
	sm_dir_double(new, root);
	sm_note_copy(hold, 0, sizeof(new->slot[0]) << new->bits);
	sm_replace_root(hold, root, new);
	return true;
}

/* put a directory in the place of @child, which a hash leads to from @root */
static void sm_replace_dir(struct sm_dir *root, u64 hash, struct sm_dir *old,
			   struct sm_dir *new)
{
	struct sm_dir *parent = root, *dir;
	u32 index, count;

	while ((dir = sm_child_dir(sm_dir_slot(parent, sm_dir_index(parent, hash)))) != old)
		parent = dir;
	sm_dir_span(parent, hash, old->depth, &index, &count);
	sm_dir_put(parent, index, count, sm_dir_child(new));
}

static bool sm_double_dir(struct sm_hold *hold, struct sm_dir *root, u64 hash,
			  struct sm_dir *dir, struct sm_dir *new)
{
	new->generation = dir->generation;
	sm_dir_double(new, dir);
	sm_note_copy(hold, 0, sizeof(new->slot[0]) << new->bits);
	sm_replace_dir(root, hash, dir, new);
	sm_bury_dir(hold->shard, dir);
	return true;
}

/* begin a directory of two slots below the one slot of a place */
static void sm_deepen_dir(struct sm_hold *hold, struct sm_place *place,
			  struct sm_dir *new)
{
	new->generation = hold->shard->generation;
	sm_dir_shape(new, sm_dir_end(place->dir), 1);
	sm_dir_put(new, 0, 2, place->segment);
	sm_note_copy(hold, 0, 2 * sizeof(new->slot[0]));
	sm_dir_put(place->dir, place->index, 1, sm_dir_child(new));
	WRITE_ONCE(hold->shard->dirs, hold->shard->dirs + 1);
}

/* give a place's segment a second slot, so that it can be split */
static bool sm_widen(struct sm_hold *hold, u64 hash, struct sm_place *place,
		     struct sm_reserve *have, struct sm_reserve *want)
{
	struct sm_shard *shard = hold->shard;
	struct sm_dir *root = sm_shard_dirty(shard), *dir = place->dir;

	if (dir == root && root->bits < shard->root_bits_max)
		return sm_double_root(hold, root, have, want);
	if (!have->nr_dirs) {
		want->nr_dirs = 1;
		return false;
	}
	if (dir != root && dir->bits < SM_DIR_BITS)
		return sm_double_dir(hold, root, hash, dir,
				     sm_reserve_dir(have));
	sm_deepen_dir(hold, place, sm_reserve_dir(have));
	if (dir == root)
		sm_map_root_is_full(shard->map);
	return true;
}

/**
 * sm_own_path() - make private the directories that a hash leads through
 * @hold:	of a shard that has a dirty table
 * @hash:	the hash
 * @have:	memory
 * @want:	out: memory that was lacking
 * @place:	out: where the hash leads
 *
 * Return: false where memory is lacking.
 */
bool sm_own_path(struct sm_hold *hold, u64 hash, struct sm_reserve *have,
		 struct sm_reserve *want, struct sm_place *place)
{
	struct sm_shard *shard = hold->shard;
	struct sm_dir *root = sm_shard_dirty(shard), *dir = root, *copy;
	void *child;

	while (sm_child_is_dir(child = sm_dir_slot(dir, sm_dir_index(dir, hash)))) {
		dir = sm_child_dir(child);
		if (dir->generation == shard->generation)
			continue;
		copy = sm_reserve_dir(have);
		if (!copy) {
			want->nr_dirs = 1;
			return false;
		}
		copy->generation = shard->generation;
		sm_dir_copy(copy, dir);
		sm_note_copy(hold, 0, sizeof(copy->slot[0]) << copy->bits);
		sm_replace_dir(root, hash, dir, copy);
		sm_bury_dir(shard, dir);
		dir = copy;
	}
	sm_view_place(root, hash, place);
	return true;
}

/* what a copy of everything below a directory takes, to the unit */
static void sm_count_all(struct sm_shard *shard, const struct sm_dir *dir)
{
	void *child, *last = NULL;
	u32 i;

	for (i = 0; i < sm_dir_slots(dir); i++) {
		child = sm_dir_slot(dir, i);
		if (child == last || child == &sm_segment_empty)
			continue;
		last = child;
		if (!sm_child_is_dir(child)) {
			shard->segments++;
			continue;
		}
		WRITE_ONCE(shard->dirs, shard->dirs + 1);
		sm_count_all(shard, sm_child_dir(child));
	}
}

/* a classic map shares nothing: every segment is copied, here and now */
static void sm_copy_all(struct sm_hold *hold, struct sm_reserve *have)
{
	struct sm_reserve lacking = SM_RESERVE_NONE;
	struct sm_shard *shard = hold->shard;
	u64 hash = sm_shard_first_hash(shard), last;
	struct sm_place place;

	do {
		if (!sm_own_path(hold, hash, have, &lacking, &place))
			return;
		last = sm_place_last_hash(&place, hash);
		if (place.segment != &sm_segment_empty &&
		    !sm_segment_is_private(shard, place.segment) &&
		    !sm_copy_segment(hold, &place, have, &lacking))
			return;
		hash = last + 1;
	} while (last != sm_shard_last_hash(shard));
}

/**
 * sm_make_dirty() - begin a dirty table
 * @hold:	of a shard that has none
 * @have:	memory
 * @want:	out: memory that was lacking
 *
 * Copies the root of the snapshot; a classic map copies everything.
 *
 * Return: false where memory is lacking.
 */
bool sm_make_dirty(struct sm_hold *hold, struct sm_reserve *have,
		   struct sm_reserve *want)
{
	struct sm_shard *shard = hold->shard;
	struct syncmap *map = shard->map;
	struct sm_dir *read = sm_shard_read(shard), *dirty;
	bool classic = !sm_map_is_cow(map);
	struct sm_reserve need = {
		.root_bits = read->bits,
		.nr_segments = 2,
	};

	if (classic) {
		shard->segments = 0;
		WRITE_ONCE(shard->dirs, 0);
		sm_count_all(shard, read);
		need.nr_segments += shard->segments;
		need.nr_dirs = shard->dirs;
	}
	if (!sm_reserve_has(have, &need)) {
		*want = need;
		return false;
	}
	sm_hold_time(hold);
	sm_hook_dirty_copy_begin(map, map->id, shard->index, shard->entries);
	dirty = sm_reserve_root(have);
	sm_dir_copy(dirty, read);
	sm_dir_shape(dirty, shard->depth, read->bits);
	dirty->generation = ++shard->generation;
	sm_note_copy(hold, 0, sizeof(dirty->slot[0]) << dirty->bits);
	/* pairs with the acquire in sm_find_missed(): the root is filled */
	smp_store_release(&shard->dirty, (unsigned long)dirty);
	if (classic)
		sm_copy_all(hold, have);
	sm_locked_add(shard, SM_DIRTY_COPIES, 1);
	sm_hook_dirty_copy_end(map, map->id, shard->index,
			       hold->copied_entries, hold->copied_bytes);
	return true;
}

/**
 * sm_make_room() - make the segment for a hash private, with a slot free
 * @hold:	of the shard
 * @hash:	the hash
 * @have:	memory
 * @want:	out: memory that was lacking
 * @place:	out: where the segment is
 *
 * Return: false where memory is lacking; what was done so far stays done.
 */
bool sm_make_room(struct sm_hold *hold, u64 hash, struct sm_reserve *have,
		  struct sm_reserve *want, struct sm_place *place)
{
	struct sm_segment *segment;
	bool done, full;

	if (!sm_shard_dirty(hold->shard) && !sm_make_dirty(hold, have, want))
		return false;
	do {
		if (!sm_own_path(hold, hash, have, want, place))
			return false;
		segment = place->segment;
		full = segment->used >= SM_SEGMENT_FULL;
		if (!full && sm_segment_is_private(hold->shard, segment))
			return true;
		if (!full || sm_segment_live(segment) <= SM_SEGMENT_SPLIT)
			done = sm_copy_segment(hold, place, have, want);
		else if (segment->depth >= SM_DEPTH_MAX)
			done = sm_chain_segment(hold, place, have, want);
		else if (place->count == 1)
			done = sm_widen(hold, hash, place, have, want);
		else
			done = sm_split_segment(hold, place, have, want);
	} while (done);
	return false;
}
