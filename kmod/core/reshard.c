// SPDX-License-Identifier: GPL-2.0
/*
 * Resharding: a shard is a hash prefix, so its two children are the halves of
 * its newest view, over the same segments and entries.  Nothing is moved but
 * pointers.  All memory is got first; then one shard after the other hands its
 * views over and points to the new router, which whoever still comes to it
 * follows at once; then the new router is published.
 */
#include <linux/sched.h>
#include "map.h"

/**
 * struct sm_reshard - a doubling under way
 * @map:	of which map; its resize mutex is held
 * @from:	the router in force
 * @to:		the new one; each of its shards has a root to be filled
 * @have:	segments, for one that belongs to both children
 */
struct sm_reshard {
	struct syncmap *map;
	struct sm_router *from;
	struct sm_router *to;
	struct sm_reserve have;
};

static void sm_count_child(struct sm_shard *shard, void *child)
{
	if (sm_child_is_dir(child))
		WRITE_ONCE(shard->dirs, shard->dirs + 1);
	else if (child != &sm_segment_empty)
		shard->segments++;
}

static bool sm_shard_owns(const struct sm_shard *shard, u64 hash)
{
	return sm_hash_bits(hash, 0, shard->depth) == shard->index;
}

static bool sm_ends_within(void *child, const struct sm_dir *to)
{
	return sm_child_is_dir(child) &&
	       sm_dir_end(sm_child_dir(child)) <= sm_dir_end(to);
}

/*
 * Fill the root @to of @shard with what @from has of it.  Directories that end
 * no deeper than @to are taken apart, and go with the old views; @first is the
 * first hash below @from.
 */
static void sm_fill_root(struct sm_shard *shard, struct sm_dir *to,
			 struct sm_dir *from, u64 first, struct sm_dir **apart)
{
	u32 i, step, at, count;
	void *child;
	u64 hash;

	for (i = 0; i < sm_dir_slots(from); i += step) {
		child = sm_dir_slot(from, i);
		hash = first + ((u64)i << (63 - sm_dir_end(from)) << 1);
		sm_dir_span(from, hash, sm_child_depth(child), &at, &step);
		if (!sm_shard_owns(shard, hash))
			continue;
		if (sm_ends_within(child, to)) {
			sm_fill_root(shard, to, sm_child_dir(child), hash, apart);
			sm_child_dir(child)->limbo = *apart;
			*apart = sm_child_dir(child);
			continue;
		}
		sm_dir_span(to, hash, sm_child_depth(child), &at, &count);
		sm_dir_put(to, at, count, child);
		sm_count_child(shard, child);
	}
}

static void sm_root_begin(struct sm_dir *root, struct sm_shard *shard, u32 bits)
{
	root->depth = shard->depth;
	root->bits = bits;
	root->generation = 0;
}

/*
 * The one segment of a whole shard becomes two, so that each has one shard.
 * The old one waits in limbo even where it is private: it can be reached until
 * the shard has moved.
 */
static void sm_divide_segment(struct sm_hold *hold, struct sm_segment *old,
			      struct sm_shard **child, struct sm_reserve *have)
{
	struct sm_segment *part[2] = { &sm_segment_empty, &sm_segment_empty };
	struct sm_dir *root;
	u32 i;

	if (old != &sm_segment_empty) {
		part[0] = sm_take_segment(hold, have, old->depth + 1);
		part[1] = sm_take_segment(hold, have, old->depth + 1);
		sm_rebuild(hold, old, part[0], part[1]);
		sm_segment_to_limbo(hold->shard, old);
		sm_locked_add(hold->shard, SM_SEGMENT_SPLITS, 1);
	}
	for (i = 0; i < 2; i++) {
		root = rcu_dereference_raw(child[i]->read);
		sm_root_begin(root, child[i], 0);
		sm_dir_put(root, 0, 1, part[i]);
		sm_count_child(child[i], part[i]);
	}
}

static void sm_divide_view(struct sm_hold *hold, struct sm_dir *view,
			   struct sm_shard **child)
{
	struct sm_shard *shard = hold->shard;
	u32 i, bits = view->bits - !shard->dirs;
	struct sm_dir *root;

	for (i = 0; i < 2; i++) {
		root = rcu_dereference_raw(child[i]->read);
		sm_root_begin(root, child[i], bits);
		sm_fill_root(child[i], root, view, sm_shard_first_hash(shard),
			     &shard->limbo_dirs);
		hold->copied_bytes += sizeof(root->slot[0]) << bits;
	}
}

static void sm_hand_over(struct sm_shard *shard, struct sm_shard **child)
{
	u32 i;

	for (i = 0; i < 2; i++) {
		child[i]->generation = shard->generation + 1;
		child[i]->entries = (shard->entries + i) / 2;
		if (child[i]->dirs)
			child[i]->segments = max(child[i]->segments,
						 (shard->segments + i) / 2);
	}
}

/*
 * Divide one shard among its children.  MOVED is written before the snapshot
 * is taken away: who finds nothing in that looks at the dirty word next.
 */
static void sm_divide_shard(struct sm_reshard *re, struct sm_shard *shard,
			    struct sm_shard **child)
{
	struct sm_dir *read, *view;
	struct sm_hold hold;
	void *first;

	sm_lock(shard, &hold);
	sm_hold_time(&hold);
	read = sm_shard_read(shard);
	view = sm_shard_newest(shard);
	first = sm_dir_slot(view, 0);
	if (!view->bits || (!sm_child_is_dir(first) &&
			    sm_child_depth(first) <= shard->depth))
		sm_divide_segment(&hold, first, child, &re->have);
	else
		sm_divide_view(&hold, view, child);
	sm_hand_over(shard, child);
	/* pairs with the acquire in sm_find_missed(): the children are whole */
	smp_store_release(&shard->dirty, (unsigned long)re->to | SM_MOVED);
	rcu_assign_pointer(shard->read, sm_view_moved);
	sm_retire_with_limbo(shard, view);
	if (view != read && !sm_view_is_sentinel(read))
		sm_dir_retire(read);
	sm_unlock(&hold);
}

/* roots of the largest size: the old ones may grow until they are locked */
static int sm_reshard_get_roots(struct sm_reshard *re)
{
	struct sm_dir *root;
	u32 i;

	for (i = 0; i < 1U << re->to->bits; i++) {
		root = sm_dir_alloc(re->map, SM_ROOT_BITS, GFP_KERNEL);
		if (IS_ERR(root))
			return PTR_ERR(root);
		sm_root_begin(root, re->to->shard[i], 0);
		sm_dir_put(root, 0, 1, &sm_segment_empty);
		RCU_INIT_POINTER(re->to->shard[i]->read, root);
	}
	return 0;
}

static int sm_reshard_prepare(struct sm_reshard *re)
{
	struct sm_reserve want = SM_RESERVE_NONE;
	int err;

	re->to = sm_router_alloc(re->map, re->from->world, re->from->bits + 1,
				 GFP_KERNEL);
	if (IS_ERR(re->to))
		return PTR_ERR(re->to);
	want.nr_segments = 2U << re->from->bits;
	err = sm_reserve_fill(&re->have, &want, re->map, GFP_KERNEL);
	if (!err)
		err = sm_reshard_get_roots(re);
	if (err)
		sm_router_free_shards(re->to);
	return err;
}

/* the new router serves already; false where a clear was first */
static bool sm_reshard_publish(struct sm_reshard *re)
{
	struct syncmap *map = re->map;

	if (unrcu_pointer(cmpxchg(&map->router, RCU_INITIALIZER(re->from),
				  RCU_INITIALIZER(re->to))) != re->from)
		return false;
	WRITE_ONCE(map->shard_splits, map->shard_splits +
		   (1U << re->from->bits));
	sm_router_retire(re->from);
	return true;
}

/* false where the number of shards stayed what it was */
static bool sm_reshard_double(struct syncmap *map)
{
	struct sm_reshard re = {
		.map = map,
		.from = rcu_dereference_check(map->router,
					      lockdep_is_held(&map->resize)),
		.have = SM_RESERVE_NONE,
	};
	bool ready, published = false;
	u32 i;

	ready = re.from->bits < SM_SHARD_BITS_MAX && !sm_reshard_prepare(&re);
	for (i = 0; ready && i < 1U << re.from->bits; i++) {
		sm_divide_shard(&re, re.from->shard[i], &re.to->shard[2 * i]);
		cond_resched();
	}
	if (ready)
		published = sm_reshard_publish(&re);
	sm_reserve_free(&re.have);
	return published;
}

/* is there a shard that has directories below its root? */
static bool sm_reshard_is_due(struct syncmap *map)
{
	struct sm_router *router;
	bool due = false;
	u32 i;

	rcu_read_lock();
	router = rcu_dereference(map->router);
	for (i = 0; i < 1U << router->bits && !due; i++)
		due = READ_ONCE(router->shard[i]->dirs);
	rcu_read_unlock();
	return due;
}

/**
 * sm_map_reshard_work() - double the number of shards, until it is enough
 * @work:	the map's reshard_work
 *
 * Where memory is short the shards stay as they are, and go on growing below
 * their roots.
 */
void sm_map_reshard_work(struct work_struct *work)
{
	struct syncmap *map = container_of(work, struct syncmap, reshard_work);

	mutex_lock(&map->resize);
	while (sm_reshard_is_due(map) && sm_reshard_double(map))
		;
	mutex_unlock(&map->resize);
}
