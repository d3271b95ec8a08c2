/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Directories.  A view is a directory: an array of children by the next bits
 * of the hash.  A child is a segment, or, below a root that has its full page,
 * a further directory of at most 64 slots; so no copy of a directory is ever
 * larger than a page, whatever the number of keys (SPEC 1.2).
 *
 * A child with fewer bits than its directory stands in several slots in a row.
 */
#ifndef SYNCMAP_CORE_DIR_H
#define SYNCMAP_CORE_DIR_H

#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include "segment.h"

#define SM_ROOT_BITS	9	/* 512 slots, one page */
#define SM_DIR_BITS	6	/* 64 slots below the root */
#define SM_DEPTH_MAX	36	/* beyond it segments are chained */

/**
 * struct sm_dir - a directory; a root of it is a view
 * @slot:	children; tagged with SM_DIR_TAG where a directory
 * @map:	whose memory it is
 * @generation:	of the dirty table to which it is private
 * @depth:	bits of the hash above it
 * @bits:	log2 of the number of slots
 * @shift:	where in a hash the slot's bits begin
 * @mask:	which they are
 * @limbo:	the next in the list of what waits for the promotion
 * @retired:	a replaced root: what is freed with it
 * @work:	frees a root, after a grace period
 * @rcu:	frees it where it waits for a grace period only
 */
struct sm_dir {
	struct syncmap *map;
	u64 generation;
	u8 depth;
	u8 bits;
	u8 shift;
	u32 mask;
	struct sm_dir *limbo;
	struct {
		struct sm_segment *segments;
		struct sm_dir *dirs;
	} retired;
	union {
		struct rcu_work work;
		struct rcu_head rcu;
	};
	void __rcu *slot[];
};

#define SM_DIR_TAG	1UL

static inline bool sm_child_is_dir(const void *child)
{
	return (unsigned long)child & SM_DIR_TAG;
}

static inline struct sm_dir *sm_child_dir(void *child)
{
	return (struct sm_dir *)((unsigned long)child & ~SM_DIR_TAG);
}

static inline void *sm_dir_child(const struct sm_dir *dir)
{
	return (void *)((unsigned long)dir | SM_DIR_TAG);
}

static inline u32 sm_dir_slots(const struct sm_dir *dir)
{
	return 1U << dir->bits;
}

static inline u32 sm_dir_end(const struct sm_dir *dir)
{
	return dir->depth + dir->bits;
}

/* of one that is not published yet */
static inline void sm_dir_shape(struct sm_dir *dir, u32 depth, u32 bits)
{
	dir->depth = depth;
	dir->bits = bits;
	/* where the mask is 0, any shift will do */
	dir->shift = min(64 - depth - bits, 63U);
	dir->mask = (1U << bits) - 1;
}

static inline u32 sm_dir_index(const struct sm_dir *dir, u64 hash)
{
	return (u32)(hash >> dir->shift) & dir->mask;
}

static inline u32 sm_child_depth(void *child)
{
	return sm_child_is_dir(child) ? sm_child_dir(child)->depth :
		((struct sm_segment *)child)->depth;
}

/* inside rcu_read_lock() or with the shard's lock held */
static inline void *sm_dir_slot(const struct sm_dir *dir, u32 i)
{
	return rcu_dereference_raw(dir->slot[i]);
}

/*
 * The segment where a hash belongs; never NULL.
 * Inside rcu_read_lock(), or with the shard's lock held.
 */
static inline struct sm_segment *sm_view_segment(const struct sm_dir *view,
						 u64 hash)
{
	void *child = sm_dir_slot(view, sm_dir_index(view, hash));

	while (unlikely(sm_child_is_dir(child))) {
		view = sm_child_dir(child);
		child = sm_dir_slot(view, sm_dir_index(view, hash));
	}
	return child;
}

static __always_inline struct sm_entry *
sm_view_find(const struct sm_dir *view, u64 hash, const void *key, u32 key_len)
{
	return sm_segment_find(sm_view_segment(view, hash), hash, key, key_len);
}

/**
 * struct sm_place - where in a view a hash leads
 * @dir:	the last directory on the way
 * @index:	the first of the slots that its segment fills in @dir
 * @count:	how many slots that is
 * @segment:	the segment
 */
struct sm_place {
	struct sm_dir *dir;
	u32 index;
	u32 count;
	struct sm_segment *segment;
};

/* two sentinels, never the same object: PROTOCOL.md's ABA */
extern struct sm_dir * const sm_view_empty;
extern struct sm_dir * const sm_view_moved;

static inline bool sm_view_is_sentinel(const struct sm_dir *view)
{
	return view == sm_view_empty || view == sm_view_moved;
}

struct sm_dir *sm_dir_alloc(struct syncmap *map, u32 bits, gfp_t gfp);
void sm_dir_free(struct sm_dir *dir);
void sm_dir_retire(struct sm_dir *dir);
void sm_view_retire(struct sm_dir *view);
void sm_dir_copy(struct sm_dir *to, const struct sm_dir *from);
void sm_dir_double(struct sm_dir *to, const struct sm_dir *from);
void sm_dir_put(struct sm_dir *dir, u32 index, u32 count, void *child);
void sm_dir_span(const struct sm_dir *dir, u64 hash, u32 depth, u32 *index,
		 u32 *count);
void sm_view_place(struct sm_dir *view, u64 hash, struct sm_place *place);
u64 sm_place_last_hash(const struct sm_place *place, u64 hash);
void sm_view_free_all(struct sm_dir *view);
void sm_limbo_free(struct sm_segment *segments, struct sm_dir *dirs);

#endif
