// SPDX-License-Identifier: GPL-2.0
/*
 * Reclaim: a deleted key is a tombstone, an entry without a value, until a
 * copy of its segment leaves it out.  Where nobody inserts, nobody copies; so
 * when a share of a map's entries are tombstones a worker passes over the
 * segments, one for each hold of a lock, rewrites those that have many, merges
 * neighbours that have few entries, and promotes what it made, which is what
 * frees them.  A classic map keeps its tombstones, as Go's did.
 */
#include <linux/sched.h>
#include "lookup.h"

/* a pass is due when tombstones are more than this and the share below */
#define SM_TOMBSTONES_SMALL	256
#define SM_TOMBSTONES_SHARE	8
/* each CPU looks once in so many of its deletes; a power of two */
#define SM_TOMBSTONES_LOOK	64

static bool sm_reclaim_is_due(struct sm_world *world)
{
	s64 linked = percpu_counter_read_positive(&world->linked);
	s64 len = percpu_counter_read_positive(&world->len);

	return linked - len > SM_TOMBSTONES_SMALL + linked / SM_TOMBSTONES_SHARE;
}

/**
 * sm_map_note_delete() - a key was deleted: is it time to reclaim?
 * @map:	where
 * @shard:	of the key
 *
 * Context: process or softirq.
 */
void sm_map_note_delete(struct syncmap *map, struct sm_shard *shard)
{
	if (this_cpu_inc_return(*map->deletes) % SM_TOMBSTONES_LOOK)
		return;
	if (sm_map_is_cow(map) && sm_reclaim_is_due(shard->world))
		queue_work(sm_wq, &map->reclaim_work);
}

static bool sm_has_many_tombstones(const struct sm_segment *segment)
{
	u32 dead = segment->used - sm_segment_live(segment);

	return dead * SM_TOMBSTONES_SHARE > segment->used;
}

/* what stands on the other side of the last bit of a place's segment */
static struct sm_segment *sm_buddy(const struct sm_place *place)
{
	void *child = sm_dir_slot(place->dir, place->index ^ place->count);

	return sm_child_is_dir(child) ? NULL : child;
}

/*
 * May a place's segment and its buddy be one?  Judged by the slots that are
 * filled: tombstones may come alive until they are EXPUNGED.
 */
static bool sm_may_merge(const struct sm_place *place)
{
	const struct sm_segment *segment = place->segment, *buddy;

	if (segment == &sm_segment_empty ||
	    place->count >= sm_dir_slots(place->dir))
		return false;
	buddy = sm_buddy(place);
	return buddy && buddy->depth == segment->depth &&
	       !buddy->next && !segment->next &&
	       buddy->used + segment->used <= SM_SEGMENT_MERGE;
}

/* a place's segment and another one are one, @new, in @count slots */
static void sm_join(struct sm_hold *hold, const struct sm_place *place,
		    struct sm_segment *other, struct sm_segment *new, u32 count)
{
	sm_rebuild(hold, place->segment, new, NULL);
	sm_rebuild(hold, other, new, NULL);
	sm_dir_put(place->dir, place->index & ~(count - 1), count, new);
	sm_bury_segment(hold->shard, place->segment);
	sm_bury_segment(hold->shard, other);
	if (hold->shard->segments)
		hold->shard->segments--;
	sm_locked_add(hold->shard, SM_SEGMENT_MERGES, 1);
}

static void sm_merge(struct sm_hold *hold, const struct sm_place *place,
		     struct sm_reserve *have)
{
	struct sm_segment *segment = place->segment;

	sm_join(hold, place, sm_buddy(place),
		sm_take_segment(hold, have, segment->depth - 1),
		2 * place->count);
}

/*
 * May the first of a chain take the second one in?  What stands further back
 * is not rewritten: its turn comes when those before it are empty.
 */
static bool sm_may_collapse(const struct sm_segment *segment)
{
	return segment->next &&
	       segment->used + segment->next->used <= SM_SEGMENT_FULL;
}

static void sm_collapse(struct sm_hold *hold, const struct sm_place *place,
			struct sm_reserve *have)
{
	struct sm_segment *second = place->segment->next, *new;

	new = sm_take_segment(hold, have, place->segment->depth);
	sm_segment_chain(new, second->next);
	sm_join(hold, place, second, new, place->count);
}

/**
 * struct sm_reclaim - a pass under way
 * @map:	over which map
 * @hash:	where it is
 * @done:	it has reached the end
 * @have:	memory for the next step
 * @want:	what of that was lacking
 */
struct sm_reclaim {
	struct syncmap *map;
	u64 hash;
	bool done;
	struct sm_reserve have;
	struct sm_reserve want;
};

/* false where memory is lacking; @again: the place is to be looked at again */
static bool sm_reclaim_place(struct sm_hold *hold, struct sm_reclaim *pass,
			     struct sm_place *place, bool *again)
{
	bool rewrite = sm_has_many_tombstones(place->segment);
	bool collapse = !rewrite && sm_may_collapse(place->segment);
	bool merge = !rewrite && !collapse && sm_may_merge(place);

	*again = rewrite || collapse || merge;
	if (!*again)
		return true;
	if (!pass->have.nr_segments) {
		pass->want.nr_segments = 1;
		return false;
	}
	if (!sm_shard_dirty(hold->shard) &&
	    !sm_make_dirty(hold, &pass->have, &pass->want))
		return false;
	if (!sm_own_path(hold, pass->hash, &pass->have, &pass->want, place))
		return false;
	if (rewrite)
		return sm_copy_segment(hold, place, &pass->have, &pass->want);
	if (collapse)
		sm_collapse(hold, place, &pass->have);
	else
		sm_merge(hold, place, &pass->have);
	return true;
}

static void sm_reclaim_step(struct sm_reclaim *pass)
{
	struct sm_shard *shard;
	struct sm_place place;
	struct sm_hold hold;
	bool again;
	u64 last;

	shard = sm_router_shard(rcu_dereference(pass->map->router), pass->hash);
	shard = sm_lock_hash(shard, pass->hash, &hold);
	sm_view_place(sm_shard_newest(shard), pass->hash, &place);
	last = min(sm_place_last_hash(&place, pass->hash),
		   sm_shard_last_hash(shard));
	if (sm_reclaim_place(&hold, pass, &place, &again) && !again) {
		if (last == sm_shard_last_hash(shard) && shard->limbo_segments)
			sm_promote(&hold);
		pass->done = last == U64_MAX;
		pass->hash = last + 1;
	}
	sm_unlock(&hold);
}

/**
 * sm_map_reclaim_work() - pass over a map and give its tombstones back
 * @work:	the map's reclaim_work
 */
void sm_map_reclaim_work(struct work_struct *work)
{
	struct sm_reclaim pass = {
		.map = container_of(work, struct syncmap, reclaim_work),
		.have = SM_RESERVE_NONE,
		.want = SM_RESERVE_NONE,
	};

	while (!pass.done && sm_map_is_cow(pass.map) &&
	       !sm_reserve_fill(&pass.have, &pass.want, pass.map, GFP_KERNEL)) {
		pass.want = (struct sm_reserve)SM_RESERVE_NONE;
		rcu_read_lock();
		sm_reclaim_step(&pass);
		rcu_read_unlock();
		cond_resched();
	}
	sm_reserve_free(&pass.have);
}
