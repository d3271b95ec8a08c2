// SPDX-License-Identifier: GPL-2.0
/* Two shards, the halves of a prefix, become one: see reshard.c. */
#include "reshard.h"

/* a root of two such halves still fits in a page */
#define SM_HALF_BITS	(SM_ROOT_BITS - 1)

/**
 * struct sm_half - one of two shards that are united
 * @hold:	of its lock
 * @view:	its newest view
 * @segment:	the only one in that, or NULL where there are more
 */
struct sm_half {
	struct sm_hold hold;
	struct sm_dir *view;
	struct sm_segment *segment;
};

/*
 * Put a root of 8 slots in the place of one of 512.  What filled 64 of these
 * or more goes into it, the rest into directories below.
 */
static void sm_lower_root(struct sm_hold *hold, struct sm_reserve *have)
{
	struct sm_shard *shard = hold->shard;
	struct sm_dir *old = sm_shard_dirty(shard), *root, *dir;
	void *child;
	u32 i;

	root = sm_reserve_root(have);
	sm_root_begin(root, shard, SM_ROOT_BITS - SM_DIR_BITS);
	root->generation = shard->generation;
	for (i = 0; i < sm_dir_slots(root); i++) {
		child = sm_dir_slot(old, i << SM_DIR_BITS);
		if (sm_child_depth(child) > sm_dir_end(root)) {
			dir = sm_reserve_dir(have);
			dir->generation = shard->generation;
			sm_dir_shape(dir, sm_dir_end(root),
				     SM_DIR_BITS);
			memcpy(dir->slot, old->slot + (i << SM_DIR_BITS),
			       sizeof(dir->slot[0]) << SM_DIR_BITS);
			child = sm_dir_child(dir);
			WRITE_ONCE(shard->dirs, shard->dirs + 1);
		}
		sm_dir_put(root, i, 1, child);
	}
	hold->copied_bytes += sizeof(old->slot[0]) *
		(sm_dir_slots(old) + sm_dir_slots(root));
	sm_replace_root(hold, old, root);
}

/* false where memory is lacking, or there is more to do */
static bool sm_lower_step(struct sm_hold *hold, struct sm_reserve *have,
			  struct sm_reserve *want)
{
	struct sm_shard *shard = hold->shard;
	struct sm_reserve need = {
		.root_bits = SM_ROOT_BITS - SM_DIR_BITS,
		.nr_dirs = 1 << (SM_ROOT_BITS - SM_DIR_BITS),
	};
	u32 bits = sm_shard_newest(shard)->bits;

	shard->root_bits_max = min_t(u32, bits + 1, SM_HALF_BITS);
	if (bits <= SM_HALF_BITS)
		return true;
	/* in a hold of its own: it copies a page as well */
	if (!sm_shard_dirty(shard)) {
		sm_make_dirty(hold, have, want);
		return false;
	}
	if (!sm_reserve_has(have, &need)) {
		*want = need;
		return false;
	}
	sm_hold_time(hold);
	sm_lower_root(hold, have);
	return true;
}

/**
 * sm_unite_prepare() - make the root of a shard at most half a page large
 * @shard:	to be united with its sibling
 * @gfp:	how to allocate
 *
 * It stays so until they are united: ->root_bits_max says for how many bits
 * the root over both needs room, less the one that tells them apart.
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM or -ENOSPC.
 */
int sm_unite_prepare(struct sm_shard *shard, gfp_t gfp)
{
	struct sm_reserve have = SM_RESERVE_NONE, want = SM_RESERVE_NONE;
	struct sm_hold hold;
	bool done = false;
	int err = 0;

	while (!done && !err) {
		want = (struct sm_reserve)SM_RESERVE_NONE;
		sm_lock(shard, &hold);
		done = sm_lower_step(&hold, &have, &want);
		sm_unlock(&hold);
		if (!done)
			err = sm_reserve_fill(&have, &want, shard->map,
					      gfp);
	}
	sm_reserve_free(&have);
	return err;
}

static void sm_half_begin(struct sm_half *half)
{
	struct sm_shard *shard = half->hold.shard;

	sm_hold_time(&half->hold);
	half->view = sm_shard_newest(shard);
	half->segment = sm_view_only_segment(shard, half->view);
}

static bool sm_halves_fit_one_segment(const struct sm_half *half)
{
	return half[0].segment && half[1].segment &&
	       !half[0].segment->next && !half[1].segment->next &&
	       half[0].segment->used + half[1].segment->used <=
	       SM_SEGMENT_MERGE;
}

/* the old ones wait in limbo: they can be reached until their shards moved */
static void sm_unite_segments(struct sm_reshard *re, struct sm_half *half,
			      struct sm_shard *shard)
{
	struct sm_dir *root = rcu_dereference_raw(shard->read);
	struct sm_segment *old, *new = &sm_segment_empty;
	u32 i;

	for (i = 0; i < 2; i++) {
		old = half[i].segment;
		sm_bury_only_dir(half[i].hold.shard);
		if (old == &sm_segment_empty)
			continue;
		if (new == &sm_segment_empty)
			new = sm_take_segment(&half[i].hold, &re->have,
					      shard->depth);
		sm_rebuild(&half[i].hold, old, new, NULL);
		sm_segment_to_limbo(half[i].hold.shard, old);
		sm_locked_add(half[i].hold.shard, SM_SEGMENT_MERGES, 1);
	}
	sm_root_begin(root, shard, 0);
	sm_dir_put(root, 0, 1, new);
	sm_count_child(shard, new);
}

/* one root over both; each slot of the smaller one comes more than once */
static void sm_unite_views(struct sm_half *half, struct sm_shard *shard)
{
	struct sm_dir *root = rcu_dereference_raw(shard->read), *view;
	u32 i, slot, each, at = 0;

	sm_root_begin(root, shard,
		      max(half[0].view->bits, half[1].view->bits) + 1);
	for (i = 0; i < 2; i++) {
		view = half[i].view;
		each = sm_dir_slots(root) / 2 >> view->bits;
		for (slot = 0; slot < sm_dir_slots(view); slot++, at += each)
			sm_dir_put(root, at, each, sm_dir_slot(view, slot));
		shard->segments += half[i].hold.shard->segments;
		shard->dirs += half[i].hold.shard->dirs;
	}
	half[0].hold.copied_bytes += sizeof(root->slot[0]) << root->bits;
}

static void sm_take_over(struct sm_shard *shard, const struct sm_shard *old)
{
	shard->generation = max(shard->generation, old->generation + 1);
	shard->entries += old->entries;
}

/**
 * sm_unite_shards() - make one shard of two siblings
 * @re:		the step
 * @pair:	two of its old shards, prepared
 * @shard:	the new one; its root has room for one bit more than the larger
 *		->root_bits_max
 *
 * The new one is whole before either has moved: it can be reached, and locked,
 * from then on.
 */
void sm_unite_shards(struct sm_reshard *re, struct sm_shard **pair,
		     struct sm_shard *shard)
{
	struct sm_half half[2];

	sm_lock(pair[0], &half[0].hold);
	sm_lock_nested(pair[1], &half[1].hold);
	sm_half_begin(&half[0]);
	sm_half_begin(&half[1]);
	if (sm_halves_fit_one_segment(half))
		sm_unite_segments(re, half, shard);
	else
		sm_unite_views(half, shard);
	sm_take_over(shard, pair[0]);
	sm_take_over(shard, pair[1]);
	sm_shard_freeze(shard, 2);
	sm_shard_move(pair[0], re->to);
	sm_shard_move(pair[1], re->to);
	sm_shard_thaw(shard);
	sm_unlock(&half[1].hold);
	sm_unlock(&half[0].hold);
}
