// SPDX-License-Identifier: GPL-2.0
/* Directories: see dir.h.  Writers hold the lock of the shard. */
#include <linux/sched.h>
#include <linux/slab.h>
#include "map.h"

/* a view of one slot: nothing in it, whatever the hash */
struct sm_dir_sentinel {
	struct sm_dir dir;
	void *slot;
};

static struct sm_dir_sentinel sm_sentinel_empty = { .slot = &sm_segment_empty };
static struct sm_dir_sentinel sm_sentinel_moved = { .slot = &sm_segment_empty };

static_assert(offsetof(struct sm_dir_sentinel, slot) ==
	      offsetof(struct sm_dir, slot));

struct sm_dir * const sm_view_empty = &sm_sentinel_empty.dir;
struct sm_dir * const sm_view_moved = &sm_sentinel_moved.dir;

/**
 * sm_dir_alloc() - a directory, not filled
 * @map:	whose memory it is
 * @bits:	log2 of the slots there is to be room for
 * @gfp:	how to allocate
 *
 * Return: the directory, or an ERR_PTR of -ENOMEM or -ENOSPC.
 */
struct sm_dir *sm_dir_alloc(struct syncmap *map, u32 bits, gfp_t gfp)
{
	struct sm_dir *dir;

	dir = sm_mem_alloc(map, struct_size(dir, slot, 1U << bits), gfp);
	if (IS_ERR(dir))
		return dir;
	memset(dir, 0, sizeof(*dir));
	dir->map = map;
	return dir;
}

/**
 * sm_dir_free() - free a directory, not its children
 * @dir:	out of every reader's reach
 */
void sm_dir_free(struct sm_dir *dir)
{
	sm_mem_free(dir->map, dir);
}

static void sm_dir_free_rcu(struct rcu_head *rcu)
{
	sm_dir_free(container_of(rcu, struct sm_dir, rcu));
}

/**
 * sm_dir_retire() - free a directory, not its children, after a grace period
 * @dir:	can no longer be reached from the current views
 */
void sm_dir_retire(struct sm_dir *dir)
{
	call_rcu(&dir->rcu, sm_dir_free_rcu);
}

/**
 * sm_limbo_free() - free what waited for a promotion
 * @segments:	segments, linked by ->limbo, each with the entries that died
 * @dirs:	directories, linked by ->limbo
 *
 * Context: may take long where a classic map gave up its whole table.
 */
void sm_limbo_free(struct sm_segment *segments, struct sm_dir *dirs)
{
	struct sm_segment *segment;
	struct sm_dir *dir;

	while ((segment = segments)) {
		segments = segment->limbo;
		sm_segment_free(segment);
	}
	while ((dir = dirs)) {
		dirs = dir->limbo;
		sm_dir_free(dir);
	}
}

static void sm_view_free_work(struct work_struct *work)
{
	struct sm_dir *view = container_of(to_rcu_work(work), struct sm_dir, work);

	sm_limbo_free(view->retired.segments, view->retired.dirs);
	sm_dir_free(view);
}

/**
 * sm_view_retire() - free a replaced view after a grace period
 * @view:	with what goes with it in ->retired
 *
 * O(1) for the caller: the work is done by a worker.
 */
void sm_view_retire(struct sm_dir *view)
{
	if (sm_view_is_sentinel(view))
		return;
	INIT_RCU_WORK(&view->work, sm_view_free_work);
	queue_rcu_work(sm_wq, &view->work);
}

/**
 * sm_dir_put() - point slots to a child
 * @dir:	private to the dirty table, or not published yet
 * @index:	the first slot
 * @count:	how many
 * @child:	a segment or a tagged directory
 */
void sm_dir_put(struct sm_dir *dir, u32 index, u32 count, void *child)
{
	while (count--)
		rcu_assign_pointer(dir->slot[index++], child);
}

/**
 * sm_dir_copy() - fill a directory as another one is
 * @to:		not published yet, with room
 * @from:	the other
 */
void sm_dir_copy(struct sm_dir *to, const struct sm_dir *from)
{
	sm_dir_shape(to, from->depth, from->bits);
	memcpy(to->slot, from->slot, sizeof(to->slot[0]) << from->bits);
}

/**
 * sm_dir_double() - fill a directory as another one is, with one bit more
 * @to:		not published yet, with room
 * @from:	the other
 */
void sm_dir_double(struct sm_dir *to, const struct sm_dir *from)
{
	u32 i;

	sm_dir_shape(to, from->depth, from->bits + 1);
	for (i = 0; i < sm_dir_slots(from); i++)
		sm_dir_put(to, 2 * i, 2, sm_dir_slot(from, i));
}

/**
 * sm_dir_span() - which slots a child of some depth fills
 * @dir:	the directory
 * @hash:	a hash that leads to the child
 * @depth:	the child's
 * @index:	out: the first slot
 * @count:	out: how many
 */
void sm_dir_span(const struct sm_dir *dir, u64 hash, u32 depth, u32 *index,
		 u32 *count)
{
	u32 shared = 0;

	if (depth < sm_dir_end(dir))
		shared = min_t(u32, sm_dir_end(dir) - depth, dir->bits);
	*count = 1U << shared;
	*index = sm_dir_index(dir, hash) & ~(*count - 1);
}

/**
 * sm_view_place() - find where a hash leads
 * @view:	the view
 * @hash:	the hash
 * @place:	out: there
 *
 * Context: the shard's lock is held, or inside rcu_read_lock().
 */
void sm_view_place(struct sm_dir *view, u64 hash, struct sm_place *place)
{
	void *child = sm_dir_slot(view, sm_dir_index(view, hash));

	while (sm_child_is_dir(child)) {
		view = sm_child_dir(child);
		child = sm_dir_slot(view, sm_dir_index(view, hash));
	}
	place->dir = view;
	place->segment = child;
	sm_dir_span(view, hash, place->segment->depth, &place->index,
		    &place->count);
}

/**
 * sm_place_last_hash() - the last hash that leads to a place's segment
 * @place:	where
 * @hash:	a hash that leads there
 */
u64 sm_place_last_hash(const struct sm_place *place, u64 hash)
{
	u32 depth = min_t(u32, place->segment->depth, sm_dir_end(place->dir));

	return depth ? hash | U64_MAX >> depth : U64_MAX;
}

/**
 * sm_view_free_all() - free a view with all its segments, entries and values
 * @view:	of a map or world that no one can reach any more
 *
 * Nests as deep as directories do: at most (SM_DEPTH_MAX / SM_DIR_BITS).
 */
void sm_view_free_all(struct sm_dir *view)
{
	u32 i, index, count;
	void *child;

	if (sm_view_is_sentinel(view))
		return;
	for (i = 0; i < sm_dir_slots(view); i += count) {
		child = sm_dir_slot(view, i);
		sm_dir_span(view, (u64)i << (63 - sm_dir_end(view)) << 1,
			    sm_child_depth(child), &index, &count);
		if (sm_child_is_dir(child))
			sm_view_free_all(sm_child_dir(child));
		else
			sm_segment_free_all(child);
		cond_resched();
	}
	sm_dir_free(view);
}
