// SPDX-License-Identifier: GPL-2.0
/* One shard becomes two, each with half of its newest view: see reshard.c. */
#include "reshard.h"

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
 * first hash below @from.  One that stands across the halves is always such.
 */
static void sm_fill_half(struct sm_shard *shard, struct sm_dir *to,
			 struct sm_dir *from, u64 first, struct sm_dir **apart)
{
	u32 i, step, at, count;
	void *child;
	bool owns;
	u64 hash;

	for (i = 0; i < sm_dir_slots(from); i += step) {
		child = sm_dir_slot(from, i);
		hash = first + ((u64)i << (63 - sm_dir_end(from)) << 1);
		sm_dir_span(from, hash, sm_child_depth(child), &at, &step);
		owns = sm_shard_owns(shard, hash);
		if (!owns && sm_child_depth(child) >= shard->depth)
			continue;
		if (sm_ends_within(child, to)) {
			sm_fill_half(shard, to, sm_child_dir(child), hash, apart);
			if (owns) {
				sm_child_dir(child)->limbo = *apart;
				*apart = sm_child_dir(child);
			}
			continue;
		}
		sm_dir_span(to, hash, sm_child_depth(child), &at, &count);
		sm_dir_put(to, at, count, child);
		sm_count_child(shard, child);
	}
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

/*
 * How large the roots of the halves are: half of the view, or so much more
 * that all directories can be taken apart which @room is enough for.
 */
static u32 sm_half_bits(const struct sm_dir *view, u32 depth, u32 room)
{
	u32 i, end, bits = view->bits ? view->bits - 1 : 0;
	void *child;

	for (i = 0; i < sm_dir_slots(view); i++) {
		child = sm_dir_slot(view, i);
		if (!sm_child_is_dir(child))
			continue;
		end = sm_dir_end(sm_child_dir(child));
		if (end <= depth + room)
			bits = max(bits, end - depth);
	}
	return bits;
}

static void sm_divide_view(struct sm_hold *hold, struct sm_dir *view,
			   struct sm_shard **child)
{
	struct sm_shard *shard = hold->shard;
	u32 i, bits = sm_half_bits(view, child[0]->depth,
				   shard->root_bits_max);
	struct sm_dir *root;

	for (i = 0; i < 2; i++) {
		root = rcu_dereference_raw(child[i]->read);
		sm_root_begin(root, child[i], bits);
		sm_fill_half(child[i], root, view, sm_shard_first_hash(shard),
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

/**
 * sm_divide_prepare() - settle how large the root of a shard may still become
 * @shard:	to be divided
 *
 * ->root_bits_max is then room enough for the root of either half, whatever is
 * inserted until they take over; the rest grows below the root.  A directory
 * that stands across the halves may yet double, and must come apart.
 */
void sm_divide_prepare(struct sm_shard *shard)
{
	struct sm_dir *view;
	struct sm_hold hold;
	u32 bits;

	sm_lock(shard, &hold);
	view = sm_shard_newest(shard);
	bits = view->bits + 1;
	if (shard->dirs)
		bits = max3(bits, (u32)SM_DIR_BITS,
			    sm_half_bits(view, shard->depth + 1, SM_ROOT_BITS));
	shard->root_bits_max = min_t(u32, bits, SM_ROOT_BITS);
	sm_unlock(&hold);
}

/**
 * sm_divide_shard() - divide one shard among its children
 * @re:		the step
 * @shard:	one of its old shards, prepared
 * @child:	the two new ones; their roots have room for ->root_bits_max
 */
void sm_divide_shard(struct sm_reshard *re, struct sm_shard *shard,
		     struct sm_shard **child)
{
	struct sm_segment *segment;
	struct sm_dir *view;
	struct sm_hold hold;

	sm_lock(shard, &hold);
	sm_hold_time(&hold);
	view = sm_shard_newest(shard);
	segment = sm_view_only_segment(shard, view);
	if (segment)
		sm_divide_segment(&hold, segment, child, &re->have);
	else
		sm_divide_view(&hold, view, child);
	sm_hand_over(shard, child);
	sm_shard_move(shard, re->to);
	sm_unlock(&hold);
}
