// SPDX-License-Identifier: GPL-2.0
/*
 * Resharding, in steps that double or halve the number of shards.  A shard is
 * a hash prefix: its two children are the halves of its newest view, over the
 * same segments and entries, and two siblings are the halves of their parent's.
 * Nothing is moved but pointers.
 *
 * All memory is got first; then one shard (or pair of them) after the other
 * hands its views over and points to the new router, which whoever still comes
 * to it follows at once; then the new router is published, and what began under
 * the old one drains.  A step that fails does so before the first shard moved.
 */
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include "../observe/hooks.h"
#include "reshard.h"

/* of a step that clears make vain */
#define SM_RESHARD_TRIES	64

/**
 * sm_count_child() - account for a child of a new root
 * @shard:	whose root; not published yet
 * @child:	the child
 */
void sm_count_child(struct sm_shard *shard, void *child)
{
	if (sm_child_is_dir(child))
		WRITE_ONCE(shard->dirs, shard->dirs + 1);
	else if (child != &sm_segment_empty)
		shard->segments++;
}

/**
 * sm_root_begin() - begin a root that is not published yet
 * @root:	the root, with room; its slots are the caller's to fill
 * @shard:	whose
 * @bits:	log2 of its slots
 */
void sm_root_begin(struct sm_dir *root, const struct sm_shard *shard, u32 bits)
{
	sm_dir_shape(root, shard->depth, bits);
	root->generation = 0;
}

/**
 * sm_view_only_segment() - the segment that a whole view leads to
 * @shard:	whose view
 * @view:	the view
 *
 * Return: the segment, or NULL where there are more.
 */
struct sm_segment *sm_view_only_segment(const struct sm_shard *shard,
					const struct sm_dir *view)
{
	void *first = sm_dir_slot(view, 0);

	/* a directory below a root of one slot may have merged to one segment */
	if (sm_child_is_dir(first) && sm_child_depth(first) <= shard->depth) {
		view = sm_child_dir(first);
		first = sm_dir_slot(view, 0);
	}
	if (sm_child_is_dir(first))
		return NULL;
	if (view->bits && sm_child_depth(first) > shard->depth)
		return NULL;
	return first;
}

/**
 * sm_bury_only_dir() - let go of a directory above a shard's only segment
 * @shard:	its lock is held; sm_view_only_segment() has found the segment
 */
void sm_bury_only_dir(struct sm_shard *shard)
{
	void *first = sm_dir_slot(sm_shard_newest(shard), 0);

	if (sm_child_is_dir(first))
		sm_dir_to_limbo(shard, sm_child_dir(first));
}

/**
 * sm_shard_freeze() - let nothing be retired from a new shard
 * @shard:	not published yet; an old one's lock is held
 * @subclass:	for lockdep, above those of the old ones
 *
 * Who finds MOVED goes to the new shards, and could retire there, with a grace
 * period that begins at once, what a reader who comes later still reaches
 * through the old snapshot.  So nobody gets at them before that is taken away.
 */
void sm_shard_freeze(struct sm_shard *shard, int subclass)
	__acquires(&shard->lock)
{
	spin_lock_nested(&shard->lock, subclass);
}

/**
 * sm_shard_thaw() - go on after sm_shard_freeze()
 * @shard:	the same
 */
void sm_shard_thaw(struct sm_shard *shard)
	__releases(&shard->lock)
{
	spin_unlock(&shard->lock);
}

/**
 * sm_shard_move() - let a new router take over from a shard
 * @shard:	its lock is held; its keys are reached through @to as well
 * @to:		the new router; its shards that take over are frozen
 *
 * MOVED is written before the snapshot is taken away: who finds nothing in that
 * looks at the dirty word next.
 */
void sm_shard_move(struct sm_shard *shard, struct sm_router *to)
{
	struct sm_dir *read = sm_shard_read(shard);
	struct sm_dir *view = sm_shard_newest(shard);

	/* pairs with the acquire in sm_find_missed(): the new shards are whole */
	smp_store_release(&shard->dirty, (unsigned long)to | SM_MOVED);
	rcu_assign_pointer(shard->read, sm_view_moved);
	sm_retire_with_limbo(shard, view);
	if (view != read && !sm_view_is_sentinel(read))
		sm_dir_retire(read);
}

static int sm_reshard_get_root(struct sm_reshard *re, struct sm_shard *shard,
			       u32 bits)
{
	struct sm_dir *root = sm_dir_alloc(re->map, bits, re->gfp);

	if (IS_ERR(root))
		return PTR_ERR(root);
	sm_root_begin(root, shard, 0);
	sm_dir_put(root, 0, 1, &sm_segment_empty);
	RCU_INIT_POINTER(shard->read, root);
	return 0;
}

static int sm_prepare_division(struct sm_reshard *re, u32 i)
{
	struct sm_shard *shard = re->from->shard[i];
	struct sm_shard **child = &re->to->shard[2 * i];
	int err;

	sm_divide_prepare(shard);
	err = sm_reshard_get_root(re, child[0], shard->root_bits_max);
	return err ?: sm_reshard_get_root(re, child[1], shard->root_bits_max);
}

static int sm_prepare_union(struct sm_reshard *re, u32 i)
{
	struct sm_shard **pair = &re->from->shard[2 * i];
	int err = sm_unite_prepare(pair[0], re->gfp);

	if (!err)
		err = sm_unite_prepare(pair[1], re->gfp);
	if (err)
		return err;
	return sm_reshard_get_root(re, re->to->shard[i],
				   max(pair[0]->root_bits_max,
				       pair[1]->root_bits_max) + 1);
}

/* the smaller of the two numbers of shards */
static u32 sm_reshard_parts(const struct sm_reshard *re)
{
	return 1U << min(re->from->bits, re->to->bits);
}

static bool sm_reshard_doubles(const struct sm_reshard *re)
{
	return re->to->bits > re->from->bits;
}

static int sm_reshard_get_memory(struct sm_reshard *re)
{
	struct sm_reserve want = SM_RESERVE_NONE;
	u32 i, parts = sm_reshard_parts(re);
	int err;

	want.nr_segments = 2 * parts;
	err = sm_reserve_fill(&re->have, &want, re->map, re->gfp);
	for (i = 0; i < parts && !err; i++) {
		err = sm_reshard_doubles(re) ? sm_prepare_division(re, i) :
			sm_prepare_union(re, i);
		cond_resched();
	}
	return err;
}

/* the old shards go on */
static void sm_reshard_give_up(struct sm_reshard *re)
{
	struct sm_shard *shard;
	struct sm_hold hold;
	u32 i;

	for (i = 0; i < 1U << re->from->bits; i++) {
		shard = re->from->shard[i];
		sm_lock(shard, &hold);
		shard->root_bits_max = SM_ROOT_BITS;
		sm_unlock(&hold);
	}
	sm_router_free_shards(re->to);
}

static int sm_reshard_prepare(struct sm_reshard *re, u32 bits)
{
	int err;

	re->to = sm_router_alloc(re->map, re->from->world, bits, re->gfp);
	if (IS_ERR(re->to))
		return PTR_ERR(re->to);
	err = sm_reshard_get_memory(re);
	if (err)
		sm_reshard_give_up(re);
	return err;
}

static void sm_reshard_hand_over(struct sm_reshard *re)
{
	struct sm_shard **from = re->from->shard, **to = re->to->shard;
	u32 i;

	for (i = 0; i < sm_reshard_parts(re); i++) {
		if (sm_reshard_doubles(re))
			sm_divide_shard(re, from[i], &to[2 * i]);
		else
			sm_unite_shards(re, &from[2 * i], to[i]);
		cond_resched();
	}
}

/* the new router serves already; false where a clear was first */
static bool sm_reshard_publish(struct sm_reshard *re)
{
	struct syncmap *map = re->map;

	if (unrcu_pointer(cmpxchg(&map->router, RCU_INITIALIZER(re->from),
				  RCU_INITIALIZER(re->to))) != re->from)
		return false;
	if (sm_reshard_doubles(re))
		WRITE_ONCE(map->shard_splits,
			   map->shard_splits + sm_reshard_parts(re));
	sm_router_retire(re->from);
	return true;
}

static u64 sm_reshard_told(struct syncmap *map, enum sm_reshard_phase phase,
			   u32 from_bits, u32 to_bits, u64 since)
{
	u64 now = ktime_get_mono_fast_ns();

	sm_hook_reshard(map, map->id, phase, 1U << from_bits, 1U << to_bits,
			now - since, 0);
	return now;
}

/*
 * One step, to @bits.
 * Return: 0, -ENOMEM or -ENOSPC, -EAGAIN where a clear made it vain.
 */
static int sm_reshard_step(struct syncmap *map, struct sm_router *from,
			   u32 bits)
{
	struct sm_reshard re = {
		.map = map,
		.from = from,
		.have = SM_RESERVE_NONE,
		/* fewer shards take less in the end, so this is never refused */
		.gfp = GFP_KERNEL | (bits < from->bits ? SM_GFP_BEYOND : 0),
	};
	u32 from_bits = from->bits;
	u64 since = ktime_get_mono_fast_ns();
	int err = sm_reshard_prepare(&re, bits);

	if (!err) {
		since = sm_reshard_told(map, SM_RESHARD_PREPARE, from_bits,
					bits, since);
		sm_reshard_hand_over(&re);
		err = sm_reshard_publish(&re) ? 0 : -EAGAIN;
	}
	if (!err) {
		since = sm_reshard_told(map, SM_RESHARD_PUBLISH, from_bits,
					bits, since);
		synchronize_rcu();
		sm_reshard_told(map, SM_RESHARD_DRAIN, from_bits, bits, since);
	}
	sm_reserve_free(&re.have);
	return err;
}

static int sm_reshard_to(struct syncmap *map, u32 bits)
{
	struct sm_router *router;
	int err = 0;

	while (!err) {
		router = rcu_dereference_check(map->router,
					       lockdep_is_held(&map->resize));
		if (router->bits == bits)
			break;
		err = sm_reshard_step(map, router, router->bits < bits ?
				      router->bits + 1 : router->bits - 1);
	}
	return err;
}

static void sm_reshard_begin(struct syncmap *map, struct sm_resharded *how)
{
	how->from = sm_map_shards(map);
	how->since = ktime_get_mono_fast_ns();
	how->err = 0;
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
	due = due && router->bits < SM_SHARD_BITS_MAX;
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
	struct sm_resharded how = {};
	bool due = true;

	while (due && !how.err) {
		mutex_lock(&map->resize);
		due = map->shards_auto && sm_reshard_is_due(map);
		sm_reshard_begin(map, &how);
		if (due)
			how.err = sm_reshard_to(map, ilog2(how.from) + 1);
		mutex_unlock(&map->resize);
		if (due)
			sm_map_reshard_done(map, &how);
	}
}

/* @shards: 0: as many as there are, and automatic from now on */
static int sm_reshard_try(struct syncmap *map, u32 shards)
{
	bool was_auto;
	int err;

	mutex_lock(&map->resize);
	was_auto = map->shards_auto;
	WRITE_ONCE(map->shards_auto, !shards);
	err = sm_reshard_to(map, ilog2(shards ?: sm_map_shards(map)));
	if (err)
		WRITE_ONCE(map->shards_auto, was_auto);
	mutex_unlock(&map->resize);
	return err;
}

/**
 * sm_map_reshard() - syncmap_reshard(), but that its end is not told yet
 * @map:	which
 * @shards:	how many, or 0
 * @how:	out: for sm_map_reshard_done()
 *
 * A clear makes a step vain.  It is tried again, and between the tries what the
 * clears left is freed; but who clears without end is not waited for.
 */
void sm_map_reshard(struct syncmap *map, u32 shards, struct sm_resharded *how)
{
	int tries = 0;

	sm_reshard_begin(map, how);
	if (shards > SYNCMAP_SHARDS_MAX || (shards && !is_power_of_2(shards))) {
		how->err = -EINVAL;
		return;
	}
	do {
		how->err = sm_reshard_try(map, shards);
		cond_resched();
	} while (how->err == -EAGAIN && ++tries < SM_RESHARD_TRIES);
	if (!shards)
		queue_work(sm_wq, &map->reshard_work);
}

/**
 * sm_map_reshard_done() - tell that a resharding has ended
 * @map:	of which map
 * @how:	from sm_map_reshard()
 */
void sm_map_reshard_done(struct syncmap *map, const struct sm_resharded *how)
{
	sm_hook_reshard(map, map->id, SM_RESHARD_DONE, how->from,
			sm_map_shards(map),
			ktime_get_mono_fast_ns() - how->since, how->err);
}

/**
 * syncmap_reshard() - change the number of shards of a live map
 * @map:	which
 * @shards:	how many, a power of two up to SYNCMAP_SHARDS_MAX; 0: as many as
 *		there are, and from now on the number grows by itself
 *
 * Operations go on meanwhile: none waits for longer than one hold of a lock,
 * in which at most 8 KiB are copied.
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL for a number that cannot be; -ENOMEM or -ENOSPC, or
 * -EAGAIN where it was cleared again and again: then the map has as many shards
 * as it had got to, and all its keys.
 */
int syncmap_reshard(struct syncmap *map, u32 shards)
{
	struct sm_resharded how;

	sm_map_reshard(map, shards, &how);
	if (how.err != -EINVAL)
		sm_map_reshard_done(map, &how);
	return how.err;
}
EXPORT_SYMBOL_GPL(syncmap_reshard);
