// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that cannot be had.  Each operation is made with its first allocation
 * failing, then its second, until it needs no more; each time it must say so
 * and leave the map as it was.
 */
#include "support/stages.h"
#include "../../kmod/core/map.h"

#define ATTEMPTS	64	/* no operation takes more allocations */
#define DENIED_MOST	(1 << 20)	/* nor more bytes */
#define DENIED_STEP	(24 * HOST_SLOWER)	/* as much as the least that is allocated, or more */

typedef int (*operation)(struct syncmap *map);

static int store(struct syncmap *map)
{
	return host_store_gfp(map, STAGE_KEY, 77, GFP_KERNEL);
}

static int load_or_store(struct syncmap *map)
{
	return syncmap_load_or_store(map, "\1", 1, "v", 1, NULL, GFP_KERNEL);
}

static int swap_in(struct syncmap *map)
{
	return syncmap_swap(map, "\1", 1, "v", 1, NULL, GFP_KERNEL);
}

static int compare_and_swap(struct syncmap *map)
{
	struct host_value old;

	host_value(&old, SYNCMAP_VALUE_ANY, STAGE_VALUE);
	return syncmap_compare_and_swap(map, "\1", 1, old.data, old.len,
					"v", 1, GFP_KERNEL);
}

static int replace(struct syncmap *map)
{
	return sm_map_change(map, &(struct sm_change){
		.op = SM_REPLACE, .key = "\1", .key_len = 1,
		.value = "v", .value_len = 1, .gfp = GFP_KERNEL });
}

static int clear(struct syncmap *map)
{
	return syncmap_clear(map, GFP_KERNEL);
}

static bool count_one(const void *key, u32 key_len, const void *value,
		      u32 value_len, void *arg)
{
	++*(u64 *)arg;
	return true;
}

static int range(struct syncmap *map)
{
	u64 n = 0;

	return syncmap_range(map, count_one, &n, GFP_KERNEL);
}

static void expect_as_before(struct syncmap *map, enum host_stage stage)
{
	host_check(map);
	assert_int_equal(syncmap_len(map), host_stage_len(stage));
	if (stage < STAGE_PRESENT)
		host_expect(map, STAGE_KEY, STAGE_VALUE);
	else
		host_expect_absent(map, STAGE_KEY);
}

/* returns how many allocations could be made to fail */
static u32 fail_each(enum syncmap_policy policy, enum host_stage stage,
		     operation op)
{
	struct syncmap *map;
	bool failed;
	u64 told;
	u32 n;
	int err;

	for (n = 1; n < ATTEMPTS; n++) {
		map = host_stage(policy, stage);
		told = host_counter(map, SM_ALLOC_FAILURES);
		shim_fail_nth(n);
		err = op(map);
		failed = shim_thread.failed;
		shim_fail_nth(0);
		if (!failed) {
			assert_true(err >= 0);
			host_check(map);
			host_map_free(map);
			return n - 1;
		}
		assert_int_equal(err, -ENOMEM);
		assert_true(host_counter(map, SM_ALLOC_FAILURES) - told <= 1);
		expect_as_before(map, stage);
		/* and with memory it goes */
		assert_true(op(map) >= 0);
		host_check(map);
		host_map_free(map);
	}
	fail_msg("it never succeeds");
	return 0;
}

/* returns how many more bytes the operation was denied before it had enough */
static u32 deny_each(enum syncmap_policy policy, enum host_stage stage,
		     operation op)
{
	struct syncmap *map;
	u32 more;
	int err;

	for (more = 0; more < DENIED_MOST; more += DENIED_STEP) {
		map = host_stage(policy, stage);
		assert_int_equal(sm_map_set_max_bytes(map, host_bytes(map) +
						      more), 0);
		err = op(map);
		if (err >= 0) {
			host_check(map);
			host_map_free(map);
			return more;
		}
		assert_int_equal(err, -ENOSPC);
		expect_as_before(map, stage);
		assert_int_equal(sm_map_set_max_bytes(map, U64_MAX), 0);
		assert_true(op(map) >= 0);
		host_check(map);
		host_map_free(map);
	}
	fail_msg("it never has enough");
	return 0;
}

static void fail_each_at(enum host_stage first, enum host_stage end,
			 operation op, u32 at_least)
{
	enum host_stage stage;
	u32 policy;

	for (policy = 0; policy < 2; policy++)
		for (stage = first; stage < end; stage++)
			assert_true(fail_each(host_policies[policy], stage,
					      op) >= at_least);
}

static void store_fails(void **state)
{
	fail_each_at(STAGE_DIRTY, STAGE_PRESENT, store, 1);
	fail_each_at(STAGE_PRESENT, STAGES, store, 1);
	assert_true(fail_each(SYNCMAP_COW, STAGE_NEVER, store) >= 4);
}

static void load_or_store_fails(void **state)
{
	fail_each_at(STAGE_DIRTY, STAGE_PRESENT, load_or_store, 0);
	fail_each_at(STAGE_PRESENT, STAGES, load_or_store, 1);
}

static void swap_fails(void **state)
{
	fail_each_at(STAGE_DIRTY, STAGES, swap_in, 1);
}

static void compare_and_swap_fails(void **state)
{
	fail_each_at(STAGE_DIRTY, STAGE_PRESENT, compare_and_swap, 1);
	fail_each_at(STAGE_PRESENT, STAGES, compare_and_swap, 0);
}

static void replace_fails(void **state)
{
	fail_each_at(STAGE_DIRTY, STAGE_PRESENT, replace, 1);
	fail_each_at(STAGE_PRESENT, STAGES, replace, 0);
}

static void clear_fails(void **state)
{
	fail_each_at(STAGE_DIRTY, STAGES, clear, 3);
}

static void range_fails(void **state)
{
	fail_each_at(STAGE_DIRTY, STAGES, range, 2);
}

/*
 * The other way out of each allocation: there is memory, and max_bytes forbids
 * it.  A clear may go beyond.
 */
static void limit_refuses(void **state)
{
	static const struct {
		operation op;
		enum host_stage first, end;
	} takers[] = {
		{ store, STAGE_DIRTY, STAGES },
		{ load_or_store, STAGE_PRESENT, STAGES },
		{ swap_in, STAGE_DIRTY, STAGES },
		{ compare_and_swap, STAGE_DIRTY, STAGE_PRESENT },
		{ replace, STAGE_DIRTY, STAGE_PRESENT },
	};
	enum host_stage stage;
	u32 i, policy;

	for (i = 0; i < ARRAY_SIZE(takers); i++)
		for (policy = 0; policy < 2; policy++)
			for (stage = takers[i].first; stage < takers[i].end;
			     stage++)
				assert_true(deny_each(host_policies[policy],
						      stage, takers[i].op) > 0);
}

/* none of the allocations that make a map, though all come after the limit is set */
static void limit_refuses_a_map(void **state)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;
	struct syncmap *map = ERR_PTR(-ENOSPC);

	config.shards = 4;
	for (config.max_bytes = 1; IS_ERR(map);
	     config.max_bytes += DENIED_STEP) {
		assert_true(config.max_bytes < DENIED_MOST);
		map = sm_map_alloc(&config, 1);
		if (IS_ERR(map))
			assert_int_equal(PTR_ERR(map), -ENOSPC);
	}
	assert_true(config.max_bytes > 1000);
	sm_map_free(map);
}

static void deletes_allocate_nothing(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	unsigned long before;
	u64 key;

	host_fill(map, 0, 2000);
	host_promote(map);
	host_fill(map, 2000, 3000);
	before = shim_thread.allocs;
	for (key = 0; key < 3000; key++)
		assert_true(host_delete(map, key));
	assert_int_equal(shim_thread.allocs, before);
}

/* one map grows; each store of it fails at each of its allocations */
static void growth_fails(struct syncmap_config config, u64 keys)
{
	struct syncmap *map = host_map(&config);
	u64 key;
	u32 n;
	int err;

	for (key = 0; key < keys; key++) {
		for (n = 1, err = -ENOMEM; err; n++) {
			assert_true(n < ATTEMPTS);
			shim_fail_nth(n);
			err = host_store_gfp(map, key, key, GFP_KERNEL);
			assert_int_equal(err, shim_thread.failed ? -ENOMEM : 0);
			shim_fail_nth(0);
			assert_int_equal(syncmap_len(map), key + !err);
		}
		if (key % 97 == 0)
			host_promote(map);
		if (key % 251 == 0)
			host_check(map);
	}
	for (key = 0; key < keys; key++)
		host_expect(map, key, key);
	host_map_free(map);
}

static void cow_growth_fails(void **state)
{
	growth_fails((struct syncmap_config){ .shards = 1, .key_size = 8,
		.value_size = 8 }, 30000 / HOST_SLOWER);
	growth_fails((struct syncmap_config){ .shards = 8, .key_size = 8,
		.value_size = 8 }, 10000 / HOST_SLOWER);
}

static void chain_growth_fails(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1, .key_size = 16));
	u8 key[16];
	u32 i, n;
	int err;

	host_open_hash(map);
	for (i = 0; i < 1000; i++) {
		host_hash_key(key, i, 0);
		for (n = 1, err = -ENOMEM; err; n++) {
			assert_true(n < ATTEMPTS * 2);
			shim_fail_nth(n);
			err = syncmap_store(map, key, 16, &i, 4, GFP_KERNEL);
			assert_int_equal(err, shim_thread.failed ? -ENOMEM : 0);
			shim_fail_nth(0);
		}
	}
	assert_true(host_check(map).chained > 10);
	assert_int_equal(syncmap_len(map), 1000);
}

static void classic_growth_fails(void **state)
{
	growth_fails((struct syncmap_config){ .policy = SYNCMAP_CLASSIC,
		.key_size = 8, .value_size = 8 }, 1500 / HOST_SLOWER);
}

static void making_a_map_fails(void **state)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;
	struct syncmap *map = ERR_PTR(-ENOMEM);
	u32 n;

	config.shards = 4;
	for (n = 1; IS_ERR(map); n++) {
		shim_fail_nth(n);
		map = sm_map_alloc(&config, 1);
		if (IS_ERR(map)) {
			assert_int_equal(PTR_ERR(map), -ENOMEM);
			assert_int_equal(shim_thread.failed, 1);
		}
		shim_fail_nth(0);
	}
	assert_true(n > 10);
	sm_map_free(map);
}

static void starting_fails(void **state)
{
	int err = -ENOMEM;
	u32 n;

	sm_core_exit();
	for (n = 1; err; n++) {
		shim_fail_nth(n);
		err = sm_core_init();
		assert_int_equal(err, shim_thread.failed ? -ENOMEM : 0);
		shim_fail_nth(0);
	}
	assert_true(n > 3);
}

/* work that lacks memory leaves things as they are, and can be done later */
static void dividing_fails(void **state)
{
	struct host_anatomy before;
	struct syncmap *map;
	u32 n;
	u64 i;

	shim_online_cpus = 1;
	map = host_map(HOST_CONFIG(.key_size = 8, .value_size = 8));
	shim_online_cpus = 4;
	for (i = 0; !map->reshard_work.pending; i++)
		host_store(map, i, i);
	before = host_check(map);
	for (n = 1; sm_map_shards(map) == 1; n++) {
		shim_fail_nth(n);
		sm_map_reshard_work(&map->reshard_work);
		assert_int_equal(sm_map_shards(map), 2 - shim_thread.failed);
		shim_fail_nth(0);
		assert_int_equal(host_check(map).keys, before.keys);
	}
	assert_true(n > 5);
	while (i--)
		host_expect(map, i, i);
}

static void reclaiming_fails(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1));
	bool failed = true;
	u32 n, key;

	for (n = 1; failed; n++) {
		host_fill(map, 0, 3000);
		host_promote(map);
		for (key = 0; key < 3000; key++)
			if (key % 10)
				host_delete(map, key);
		shim_fail_nth(n * n);
		sm_map_reclaim_work(&map->reclaim_work);
		failed = shim_thread.failed;
		shim_fail_nth(0);
		assert_int_equal(host_check(map).keys, 300);
	}
	assert_true(n > 3);
	for (key = 0; key < 3000; key += 10)
		host_expect(map, key, key);
	assert_int_equal(host_counter(map, SM_TOMBSTONES), 0);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("a store that lacks memory changes nothing", store_fails),
	HOST_TEST("a load_or_store that lacks memory changes nothing",
		  load_or_store_fails),
	HOST_TEST("a swap that lacks memory changes nothing", swap_fails),
	HOST_TEST("a compare_and_swap that lacks memory changes nothing",
		  compare_and_swap_fails),
	HOST_TEST("a replace that lacks memory changes nothing",
		  replace_fails),
	HOST_TEST("a clear that lacks memory changes nothing", clear_fails),
	HOST_TEST("a range that lacks memory says so", range_fails),
	HOST_TEST("each allocation that max_bytes forbids is -ENOSPC and changes nothing",
		  limit_refuses),
	HOST_TEST("a map that has no room in max_bytes at any allocation is not made",
		  limit_refuses_a_map),
	HOST_TEST("deletes need no memory", deletes_allocate_nothing),
	HOST_TEST("a cow map grows when each allocation fails once",
		  cow_growth_fails),
	HOST_TEST("chained segments grow when each allocation fails once",
		  chain_growth_fails),
	HOST_TEST("a classic map grows when each allocation fails once",
		  classic_growth_fails),
	HOST_TEST("making a map fails cleanly", making_a_map_fails),
	HOST_TEST("starting fails cleanly", starting_fails),
	HOST_TEST("shards that lack memory to divide stay whole",
		  dividing_fails),
	HOST_TEST("reclaim that lacks memory is done later", reclaiming_fails),
};

HOST_MAIN("failures", tests)
