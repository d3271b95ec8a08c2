// SPDX-License-Identifier: GPL-2.0
#include "stages.h"

#define OTHERS	100	/* the number of the first other key */

static void others(struct syncmap *map, u64 n)
{
	host_fill(map, OTHERS, OTHERS + n);
}

static void present(struct syncmap *map, enum host_stage stage)
{
	host_store(map, STAGE_KEY, STAGE_VALUE);
	if (stage == STAGE_DIRTY)
		return;
	host_promote(map);
	if (stage == STAGE_AMENDED)
		others(map, 1);
}

static void absent(struct syncmap *map, enum host_stage stage)
{
	if (stage == STAGE_NEVER)
		return;
	if (stage == STAGE_NEVER_AMENDED) {
		others(map, 1);
		host_promote(map);
		host_store(map, OTHERS + 1, 0);
		return;
	}
	host_store(map, STAGE_KEY, STAGE_VALUE);
	if (stage == STAGE_DELETED_DIRTY)
		others(map, 2);	/* a miss is then no reason to promote */
	else
		host_promote(map);
	assert_true(host_delete(map, STAGE_KEY));
	if (stage == STAGE_EXPUNGED)
		others(map, 1);
}

static struct host_place place(struct syncmap *map)
{
	struct host_key key;

	host_key(&key, 0, STAGE_KEY);
	return host_place(map, key.data, key.len);
}

static void confirm(struct syncmap *map, enum host_stage stage)
{
	struct host_place p = place(map);
	bool in_read = stage == STAGE_SNAPSHOT || stage == STAGE_AMENDED ||
		       stage == STAGE_DELETED || stage == STAGE_EXPUNGED;
	bool in_dirty = stage == STAGE_DIRTY || stage == STAGE_AMENDED ||
			stage == STAGE_DELETED_DIRTY;
	bool has_dirty = stage != STAGE_SNAPSHOT && stage != STAGE_NEVER &&
			 stage != STAGE_DELETED;

	assert_int_equal(!!p.read, in_read);
	assert_int_equal(!!p.dirty, in_dirty);
	assert_int_equal(p.has_dirty, has_dirty);
	assert_int_equal(p.expunged, stage == STAGE_EXPUNGED);
	assert_int_equal(!!p.value, stage < STAGE_PRESENT ||
			 stage == STAGE_EXPUNGED);
}

struct syncmap *host_stage(enum syncmap_policy policy, enum host_stage stage)
{
	struct syncmap *map = host_map(HOST_CONFIG(.policy = policy, .shards = 1));

	if (stage < STAGE_PRESENT)
		present(map, stage);
	else
		absent(map, stage);
	confirm(map, stage);
	return map;
}

u64 host_stage_len(enum host_stage stage)
{
	switch (stage) {
	case STAGE_AMENDED:
	case STAGE_NEVER_AMENDED:
	case STAGE_DELETED_DIRTY:
		return 2;
	case STAGE_NEVER:
	case STAGE_DELETED:
		return 0;
	default:
		return 1;
	}
}

void host_at_stages(enum host_stage first, enum host_stage end,
		    void (*test)(struct syncmap *map, u64 len))
{
	struct syncmap *map;
	u32 policy, stage;

	for (policy = 0; policy < ARRAY_SIZE(host_policies); policy++) {
		for (stage = first; stage < end; stage++) {
			map = host_stage(host_policies[policy], stage);
			test(map, host_stage_len(stage));
			host_check(map);
			host_map_free(map);
		}
	}
}
