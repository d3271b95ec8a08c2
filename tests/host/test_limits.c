// SPDX-License-Identifier: GPL-2.0
/* How much a map may hold. */
#include "support/stages.h"

#define LIMIT	500

static void at_the_limit(struct syncmap *map)
{
	u64 key;

	host_fill(map, 0, LIMIT);
	assert_int_equal(host_store_gfp(map, LIMIT, 1, GFP_KERNEL), -ENOSPC);
	assert_int_equal(syncmap_load_or_store(map, "new", 3, "v", 1, NULL,
					       GFP_KERNEL), -ENOSPC);
	assert_int_equal(syncmap_swap(map, "new", 3, "v", 1, NULL, GFP_KERNEL),
			 -ENOSPC);
	assert_int_equal(syncmap_len(map), LIMIT);
	for (key = 0; key < LIMIT; key++)
		host_store(map, key, key + 1);
	assert_int_equal(syncmap_load_or_store(map, "\1", 1, "v", 1, NULL,
					       GFP_KERNEL), 1);
	host_expect_absent(map, LIMIT);
	host_check(map);
}

static void entries(void **state)
{
	struct syncmap *map;
	u32 i;

	for (i = 0; i < 2; i++) {
		map = host_map(HOST_CONFIG(.policy = host_policies[i],
					   .max_entries = LIMIT));
		at_the_limit(map);
		host_promote(map);
		assert_true(host_delete(map, 0));
		host_store(map, LIMIT, 1);
		assert_int_equal(host_store_gfp(map, 0, 1, GFP_KERNEL),
				 -ENOSPC);
		assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
		at_the_limit(map);
	}
}

/* a tombstone that comes alive is one key more, too */
static void revived_key(struct syncmap *map, u64 len)
{
	assert_int_equal(sm_map_set_max_entries(map, len ?: 1), 0);
	if (!len)
		host_store(map, 300, 1);
	assert_int_equal(host_store_gfp(map, STAGE_KEY, 1, GFP_KERNEL),
			 -ENOSPC);
	host_expect_absent(map, STAGE_KEY);
	assert_int_equal(sm_map_set_max_entries(map, (len ?: 1) + 1), 0);
	host_store(map, STAGE_KEY, 1);
}

static void revived(void **state)
{
	host_at_stages(STAGE_PRESENT, STAGES, revived_key);
}

static void lowered(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	struct sm_info info;

	host_fill(map, 0, LIMIT);
	assert_int_equal(sm_map_set_max_entries(map, 0), -EINVAL);
	assert_int_equal(sm_map_set_max_entries(map, 10), 0);
	sm_map_info(map, &info);
	assert_int_equal(info.config.max_entries, 10);
	assert_int_equal(syncmap_len(map), LIMIT);
	assert_int_equal(host_store_gfp(map, LIMIT, 1, GFP_KERNEL), -ENOSPC);
	host_store(map, 1, 2);
	assert_int_equal(sm_map_set_max_entries(map, LIMIT + 1), 0);
	host_store(map, LIMIT, 1);
}

static void defaults(void **state)
{
	struct sm_info info;

	sm_map_info(host_map(HOST_CONFIG()), &info);
	assert_int_equal(info.config.max_entries, 16000000);
	assert_true(info.config.max_bytes > 0);
	sm_map_info(host_map(HOST_CONFIG(.policy = SYNCMAP_CLASSIC)), &info);
	assert_int_equal(info.config.max_entries, 1000000);
}

/* a sanitizer would take too long */
#if HOST_SLOWER == 1
static void classic_entries(void **state)
{
	const u64 most = SYNCMAP_CLASSIC_ENTRIES_MAX;
	struct syncmap *map;

	map = host_map(HOST_CONFIG(.key_size = 8, .value_size = 0));
	host_fill(map, 0, most + 1);
	assert_int_equal(sm_map_set_policy(map, SYNCMAP_CLASSIC), -ENOSPC);
	assert_true(host_delete(map, 0));
	assert_int_equal(sm_map_set_policy(map, SYNCMAP_CLASSIC), 0);
	assert_int_equal(sm_map_set_max_entries(map, most + 1), -EINVAL);
	assert_int_equal(host_store_gfp(map, 0, 0, GFP_KERNEL), -ENOSPC);
	host_store(map, 1, 1);
	assert_int_equal(sm_map_set_policy(map, SYNCMAP_COW), 0);
	host_store(map, 0, 0);
	assert_int_equal(syncmap_len(map), most + 1);
}
#endif

static u64 fill_bytes(struct syncmap *map, u64 max)
{
	struct host_anatomy before;
	u64 key = 0;
	int err;

	do {
		before = host_check(map);
		err = host_store_gfp(map, key, 57, GFP_KERNEL);
		assert_true(host_bytes(map) <= max);
		key += !err;
	} while (!err);
	assert_int_equal(err, -ENOSPC);
	assert_int_equal(host_check(map).keys, before.keys);
	host_expect_absent(map, key);
	return key;
}

static void bytes(void **state)
{
	struct syncmap *map;
	u64 max, keys, key;
	u32 i;

	for (i = 0; i < 2; i++) {
		map = host_map(HOST_CONFIG(.policy = host_policies[i],
					   .shards = 1));
		max = host_bytes(map) + 100000;
		assert_int_equal(sm_map_set_max_bytes(map, 0), -EINVAL);
		assert_int_equal(sm_map_set_max_bytes(map, max), 0);
		keys = fill_bytes(map, max);
		assert_true(keys > 100);
		for (key = 0; key < keys; key++)
			host_expect(map, key, 57);
		for (key = 0; key < keys / 2; key++)
			assert_true(host_delete(map, key));
		shim_settle();
		host_store(map, 0, 57);
		assert_int_equal(sm_map_set_max_bytes(map, 2 * max), 0);
		assert_true(fill_bytes(map, 2 * max) > keys);
	}
}

/* memory of a cleared map is there until a grace period has passed */
static void full_cleared(void **state)
{
	struct syncmap *map;
	u64 empty, max, keys, key;
	u32 i;

	for (i = 0; i < 2; i++) {
		map = host_map(HOST_CONFIG(.policy = host_policies[i],
					   .shards = 4));
		empty = host_bytes(map);
		max = empty + 50000;
		assert_int_equal(sm_map_set_max_bytes(map, max), 0);
		keys = fill_bytes(map, max);
		assert_int_equal(sm_map_set_max_bytes(map, 1), 0);
		max = host_bytes(map);
		assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
		assert_true(host_bytes(map) >= max + empty / 2);
		assert_int_equal(syncmap_len(map), 0);
		assert_int_equal(host_store_gfp(map, 0, 57, GFP_KERNEL),
				 -ENOSPC);
		for (key = 0; key < keys; key++)
			host_expect_absent(map, key);
		shim_settle();
		assert_true(host_bytes(map) <= 2 * empty);
		assert_int_equal(sm_map_set_max_bytes(map, max), 0);
		host_store(map, 0, 57);
	}
}

static void too_small(void **state)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;
	struct syncmap *map;
	u64 least;

	config.shards = 2;
	for (config.max_bytes = 1;; config.max_bytes++) {
		map = sm_map_alloc(&config, 1);
		if (!IS_ERR(map))
			break;
		assert_int_equal(PTR_ERR(map), -ENOSPC);
	}
	least = host_bytes(map);
	assert_int_equal(config.max_bytes, least);
	assert_true(least > 600);
	sm_map_free(map);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("max_entries refuses new keys and nothing else", entries),
	HOST_TEST("max_entries counts a key that comes back", revived),
	HOST_TEST("max_entries can be lowered below what is there", lowered),
	HOST_TEST("the limits have defaults", defaults),
#if HOST_SLOWER == 1
	HOST_TEST("a classic map holds 1,000,000 keys", classic_entries),
#endif
	HOST_TEST("max_bytes refuses what does not fit, and is kept", bytes),
	HOST_TEST("a map that is full can be cleared", full_cleared),
	HOST_TEST("a map that max_bytes leaves no room for is not made",
		  too_small),
};

HOST_MAIN("limits", tests)
