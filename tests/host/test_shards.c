// SPDX-License-Identifier: GPL-2.0
/* Shards: how many there are, and what happens when they divide. */
#include <sched.h>
#include "support/threads.h"
#include "../../kmod/core/map.h"

static struct syncmap *map_on(u32 cpus, struct syncmap_config config)
{
	struct syncmap *map;

	shim_online_cpus = cpus;
	map = host_map(&config);
	shim_online_cpus = 4;
	return map;
}

static u32 first_shards(u32 cpus, struct syncmap_config config)
{
	return sm_map_shards(map_on(cpus, config));
}

static void first_number(void **state)
{
	struct syncmap_config automatic = { .value_size = 8 };
	struct syncmap_config two = { .value_size = 8, .shards = 2 };
	struct syncmap_config classic = { .value_size = 8,
		.policy = SYNCMAP_CLASSIC };

	assert_int_equal(first_shards(1, automatic), 1);
	assert_int_equal(first_shards(3, automatic), 4);
	assert_int_equal(first_shards(16, automatic), 16);
	assert_int_equal(first_shards(16, two), 2);
	assert_int_equal(first_shards(16, classic), 1);
	classic.shards = 8;
	assert_int_equal(first_shards(16, classic), 8);
	classic.shards = SYNCMAP_SHARDS_AUTO;
	assert_int_equal(first_shards(16, classic), 16);
}

static struct syncmap *automatic(void)
{
	return map_on(1, (struct syncmap_config){ .key_size = 8,
						  .value_size = 8 });
}

static void grows(void **state)
{
	const u64 keys = 400000 / HOST_SLOWER;
	struct syncmap *map = automatic();
	struct host_anatomy parts;
	u64 key;
	u32 shards = 1;

	for (key = 0; key < keys; key++) {
		host_store(map, key, key);
		if (!map->reshard_work.pending)
			continue;
		shim_work_run();
		parts = host_check(map);
		/* no directory is larger than a page, and none is below it */
		assert_int_equal(parts.dirs, 0);
		assert_true(parts.root_bits <= 9);
		assert_int_equal(parts.keys, key + 1);
		assert_true(sm_map_shards(map) > shards);
		shards = sm_map_shards(map);
	}
	assert_true(shards >= keys / 40000);
	assert_true(shards <= keys / 8000 + 1);
	for (key = 0; key < keys; key++)
		host_expect(map, key, key);
}

static void fixed_stays(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1, .key_size = 8,
						   .value_size = 8));
	u64 key, keys = 100000;

	host_fill(map, 0, keys);
	shim_settle();
	assert_int_equal(sm_map_shards(map), 1);
	assert_true(host_check(map).dirs > 0);
	for (key = 0; key < keys; key++)
		host_expect(map, key, key);
}

/* division of whatever a shard may be */
static void divide(struct syncmap *map)
{
	struct sm_router *router = rcu_dereference_raw(map->router);
	u32 shards = sm_map_shards(map);

	/* as if one had directories below its root, which is when it is due */
	router->shard[0]->dirs++;
	sm_map_reshard_work(&map->reshard_work);
	assert_true(sm_map_shards(map) > shards);
	host_check(map);
}

static void expect_keys(struct syncmap *map, u64 keys, u64 gap)
{
	host_expect_keys(map, keys, gap);
	host_check(map);
}

static void divide_with(u64 keys, bool promoted, u64 gap, u64 more)
{
	struct syncmap *map = automatic();
	u64 key, len;
	u32 i;

	host_fill(map, 0, keys);
	if (promoted)
		host_promote(map);
	for (key = 0; gap && key < keys; key += gap)
		host_delete(map, key);
	host_fill(map, keys, keys + more);
	len = syncmap_len(map);
	for (i = 0; i < 4; i++) {
		divide(map);
		assert_int_equal(syncmap_len(map), len);
		expect_keys(map, keys, gap);
		shim_settle();
		expect_keys(map, keys, gap);
	}
	host_fill(map, 0, keys + more + 500);
	expect_keys(map, keys, 0);
	host_map_free(map);
}

static void divides_anything(void **state)
{
	static const u64 keys[] = { 0, 1, 30, 300, 5000 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		divide_with(keys[i], false, 0, 0);
		divide_with(keys[i], true, 0, 0);
		divide_with(keys[i], true, 0, 20);
		divide_with(keys[i], true, 3, 0);
		divide_with(keys[i], true, 3, 20);
		divide_with(keys[i], false, 2, 20);
	}
}

static void deep_divides(void **state)
{
	struct syncmap *map = automatic();
	const u64 keys = 120000;
	u64 key;

	/* nobody divides, so directories grow below the root */
	for (key = 0; key < keys; key++)
		host_store(map, key, key);
	assert_true(host_check(map).dirs > 0);
	host_promote(map);
	host_fill(map, keys, keys + 100);
	shim_settle();
	assert_int_equal(host_check(map).dirs, 0);
	expect_keys(map, keys + 100, 0);
}

static void clear_between(void **state)
{
	struct syncmap *map = automatic();
	u32 i;

	for (i = 0; i < 5; i++) {
		host_fill(map, 0, 3000);
		divide(map);
		assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
		assert_int_equal(syncmap_len(map), 0);
		host_expect_absent(map, 1);
		if (i % 2)
			shim_settle();
	}
	assert_int_equal(sm_map_shards(map), 32);
	host_fill(map, 0, 100);
	expect_keys(map, 100, 0);
}

static void divide_in_thread(struct host_thread *thread)
{
	struct syncmap *map = thread->arg;

	sm_map_reshard_work(&map->reshard_work);
}

/* resharding has begun when the map is cleared, and goes on to no avail */
static void clear_wins(void **state)
{
	host_thread_fn fns[] = { divide_in_thread };
	struct syncmap *map = automatic();
	struct sm_router *old;
	struct sm_hold hold;

	host_fill(map, 0, 2000);
	old = rcu_dereference_raw(map->router);
	sm_lock(old->shard[0], &hold);
	old->shard[0]->dirs++;
	host_threads_start(1, fns, map);
	while (!shim_waiting())
		sched_yield();
	rcu_read_lock();
	assert_int_equal(syncmap_clear(map, GFP_ATOMIC), 0);
	sm_unlock(&hold);
	rcu_read_unlock();
	host_threads_join();
	assert_int_equal(sm_map_shards(map), 1);
	assert_int_equal(syncmap_len(map), 0);
	host_fill(map, 0, 10);
	shim_settle();
	expect_keys(map, 10, 0);
	assert_int_equal(host_counter(map, SM_SHARD_SPLITS), 0);
}

static void the_most(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 4096));

	host_fill(map, 0, 20000);
	assert_int_equal(host_check(map).keys, 20000);
	assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
	assert_int_equal(host_check(map).keys, 0);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("a map begins with as many shards as CPUs, rounded up",
		  first_number),
	HOST_TEST("automatic shards grow so that no directory passes a page",
		  grows),
	HOST_TEST("a number of shards that was asked for stays", fixed_stays),
	HOST_TEST("shards divide, whatever is in them", divides_anything),
	HOST_TEST("shards divide that have grown below their roots",
		  deep_divides),
	HOST_TEST("a map that divides and is cleared loses nothing",
		  clear_between),
	HOST_TEST("resharding that loses to a clear is given up", clear_wins),
	HOST_TEST("a map can have 4096 shards", the_most),
};

HOST_MAIN("shards", tests)
