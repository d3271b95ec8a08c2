/* SPDX-License-Identifier: GPL-2.0 */
/* Resharding: one step doubles or halves the number of shards. */
#ifndef SYNCMAP_CORE_RESHARD_H
#define SYNCMAP_CORE_RESHARD_H

#include "map.h"

/**
 * struct sm_reshard - a step under way
 * @map:	of which map; its resize mutex is held
 * @from:	the router in force
 * @to:		the new one; each of its shards has a root to be filled
 * @have:	segments, for where two are made of one, or one of two
 * @gfp:	how to allocate
 */
struct sm_reshard {
	struct syncmap *map;
	struct sm_router *from;
	struct sm_router *to;
	struct sm_reserve have;
	gfp_t gfp;
};

void sm_root_begin(struct sm_dir *root, const struct sm_shard *shard, u32 bits);
void sm_count_child(struct sm_shard *shard, void *child);
struct sm_segment *sm_view_only_segment(const struct sm_shard *shard,
					const struct sm_dir *view);
void sm_bury_only_dir(struct sm_shard *shard);
void sm_shard_freeze(struct sm_shard *shard, int subclass);
void sm_shard_thaw(struct sm_shard *shard);
void sm_shard_move(struct sm_shard *shard, struct sm_router *to);

void sm_divide_prepare(struct sm_shard *shard);
void sm_divide_shard(struct sm_reshard *re, struct sm_shard *shard,
		     struct sm_shard **child);

int sm_unite_prepare(struct sm_shard *shard, gfp_t gfp);
void sm_unite_shards(struct sm_reshard *re, struct sm_shard **pair,
		     struct sm_shard *shard);

#endif
