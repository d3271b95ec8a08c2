/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The places where a key may stand.  What an operation answers must not depend
 * on them.
 */
#ifndef HOST_STAGES_H
#define HOST_STAGES_H

#include "test.h"

#define STAGE_KEY	1	/* the key that the stages are about */
#define STAGE_VALUE	10	/* its value, where it has one */

enum host_stage {
	STAGE_DIRTY,		/* in the dirty table only */
	STAGE_SNAPSHOT,		/* in the snapshot, and there is no dirty table */
	STAGE_AMENDED,		/* in the snapshot and in the dirty table */
	STAGE_PRESENT,		/* how many have it present */

	STAGE_NEVER = STAGE_PRESENT,	/* never stored, empty map */
	STAGE_NEVER_AMENDED,	/* never stored; there are both tables */
	STAGE_DELETED_DIRTY,	/* deleted from the dirty table only */
	STAGE_DELETED,		/* deleted from the snapshot */
	STAGE_EXPUNGED,		/* and then left out of the dirty table */
	STAGES
};

/* a map of one shard with the key at that stage; its other keys are >= 100 */
struct syncmap *host_stage(enum syncmap_policy policy, enum host_stage stage);

/* how many keys it has then */
u64 host_stage_len(enum host_stage stage);

/* call @test with a map of each policy at each stage from @first to below @end */
void host_at_stages(enum host_stage first, enum host_stage end,
		    void (*test)(struct syncmap *map, u64 len));

#endif
