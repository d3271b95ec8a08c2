// SPDX-License-Identifier: GPL-2.0
/*
 * What is done in one hold of a lock does not grow with the number of keys.
 * The counters say so; what is private to a dirty table after one insert, and
 * what memcpy() moved with a lock held, say it independently.
 */
#include "support/test.h"
#include "shim/hooks_host.h"
#include "../../kmod/core/map.h"

#define BOUND	8192	/* bytes copied in one hold */
#define ROUNDS	20

static struct syncmap *filled(u32 shards, u64 keys)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = shards,
		.key_size = 8, .value_size = 8));
	u64 key;

	shim_thread.copied_locked_max = 0;
	for (key = 0; key < keys; key++) {
		host_store(map, key, key);
		if (map->reshard_work.pending)
			shim_work_run();
	}
	return map;
}

static void expect_bounds(struct syncmap *map)
{
	assert_true(host_counter(map, SM_COPIED_BYTES_MAX) <= BOUND);
	assert_true(shim_thread.copied_locked_max <= BOUND);
}

/* the first insert after a promotion is the one that Go's map dreads */
static void insert_after_promotion(struct syncmap *map, u64 keys)
{
	u32 i;

	for (i = 0; i < ROUNDS; i++) {
		host_promote(map);
		host_store(map, keys + i, 1);
		if (i == 0) {
			struct host_anatomy parts = host_check(map);

			assert_int_equal(parts.dirty, 1);
			assert_true(parts.private_bytes <= BOUND);
			assert_int_equal(parts.keys, keys + 1);
		}
	}
}

static void delete_and_reclaim(struct syncmap *map, u64 keys)
{
	u64 key;

	for (key = 0; key < keys; key += 2)
		host_delete(map, key);
	shim_settle();
	assert_true(host_counter(map, SM_RECLAIMED) > keys / 4);
}

static void bounds_at(u32 shards, u64 keys)
{
	struct syncmap *map = filled(shards, keys);

	expect_bounds(map);
	insert_after_promotion(map, keys);
	expect_bounds(map);
	delete_and_reclaim(map, keys);
	expect_bounds(map);
	print_message("# %llu keys, %u shards: %llu bytes in one hold\n", keys,
		      sm_map_shards(map),
		      host_counter(map, SM_COPIED_BYTES_MAX));
	host_map_free(map);
}

static void cow_auto_1e3(void **state)
{
	bounds_at(0, 1000);
}

static void cow_auto_1e5(void **state)
{
	bounds_at(0, 100000 / HOST_SLOWER);
}

static void cow_auto_1e6(void **state)
{
	bounds_at(0, 1000000 / HOST_SLOWER);
}

/* a sanitizer would take too long, as would more than one promotion */
#if HOST_SLOWER == 1
static void cow_auto_1e7(void **state)
{
	const u64 keys = 10000000;
	struct syncmap *map = filled(0, keys);

	expect_bounds(map);
	host_promote(map);
	host_store(map, keys, 1);
	expect_bounds(map);
	assert_true(host_counter(map, SM_DIRTY_COPIES) > 1);
	assert_int_equal(syncmap_len(map), keys + 1);
	print_message("# %llu keys, %u shards: %llu bytes in one hold\n", keys,
		      sm_map_shards(map),
		      host_counter(map, SM_COPIED_BYTES_MAX));
}
#endif

static void cow_one_shard(void **state)
{
	bounds_at(1, 1000);
	bounds_at(1, 100000 / HOST_SLOWER);
	bounds_at(1, 1000000 / HOST_SLOWER);
}

/* shards that fill up while nobody divides them; then all at once */
static void late_division(void **state)
{
	/* more than one root directory has room for */
	const u64 keys = max(300000 / HOST_SLOWER, 40000);
	struct syncmap *map;
	u64 key;

	shim_online_cpus = 1;
	map = host_map(HOST_CONFIG(.key_size = 8, .value_size = 8));
	shim_online_cpus = 4;
	host_fill(map, 0, keys);
	assert_true(map->reshard_work.pending);
	while (map->reshard_work.pending) {
		shim_work_run();
		host_check(map);
		host_fill(map, keys, keys + 1000);
	}
	expect_bounds(map);
	for (key = 0; key < keys + 1000; key++)
		host_expect(map, key, key);
}

/* all keys of the map in one place of the hash, which is the deepest */
static void deep_directories(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1,
						   .key_size = 16));
	u8 key[16];
	u64 i;

	host_open_hash(map);
	shim_thread.copied_locked_max = 0;
	for (i = 0; i < 20000 / HOST_SLOWER; i++) {
		host_hash_key(key, 0x123456ULL << 40 | i << 16, 0);
		assert_int_equal(syncmap_store(map, key, 16, &i, 8, GFP_KERNEL),
				 0);
		if (i % 500 == 0)
			host_promote(map);
	}
	host_check(map);
	expect_bounds(map);
}

/* the cliff: it is there for all to see in a classic map */
static void classic_copies_all(void **state)
{
	const u64 keys = 100000 / HOST_SLOWER;
	struct syncmap *map = host_map(HOST_CONFIG(.policy = SYNCMAP_CLASSIC,
		.key_size = 8, .value_size = 8));
	struct sm_stats stats;

	host_fill(map, 0, keys);
	host_promote(map);
	shim_hooks.copied_entries_max = 0;
	host_store(map, keys, 1);
	sm_map_stats(map, &stats);
	assert_int_equal(stats.value[SM_COPIED_ENTRIES_MAX], keys);
	assert_int_equal(shim_hooks.copied_entries_max, keys);
	assert_true(stats.value[SM_COPIED_BYTES_MAX] > keys * 8);
	assert_int_equal(host_check(map).shared, 0);
}

static void cow_copies_few(void **state)
{
	const u64 keys = 100000 / HOST_SLOWER;
	struct syncmap *map = filled(1, keys);
	struct host_anatomy parts;

	host_promote(map);
	host_store(map, keys, 1);
	parts = host_check(map);
	assert_true(parts.shared >= parts.segments - 2);
	assert_true(host_counter(map, SM_COPIED_ENTRIES_MAX) <=
		    2 * SM_SEGMENT_SLOTS);
	host_promote(map);
	assert_int_equal(sm_map_set_policy(map, SYNCMAP_CLASSIC), 0);
	host_store(map, keys + 1, 1);
	assert_int_equal(host_check(map).shared, 0);
	assert_int_equal(sm_map_set_policy(map, SYNCMAP_COW), 0);
	host_promote(map);
	host_store(map, keys + 2, 1);
	parts = host_check(map);
	assert_true(parts.shared >= parts.segments - 2);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("cow, automatic shards, 1e3 keys: at most 8 KiB in a hold",
		  cow_auto_1e3),
	HOST_TEST("cow, automatic shards, 1e5 keys: at most 8 KiB in a hold",
		  cow_auto_1e5),
	HOST_TEST("cow, automatic shards, 1e6 keys: at most 8 KiB in a hold",
		  cow_auto_1e6),
#if HOST_SLOWER == 1
	HOST_TEST("cow, automatic shards, 1e7 keys: at most 8 KiB in a hold",
		  cow_auto_1e7),
#endif
	HOST_TEST("cow, one shard, 1e3 to 1e6 keys: at most 8 KiB in a hold",
		  cow_one_shard),
	HOST_TEST("shards that are divided late keep the bound", late_division),
	HOST_TEST("directories in directories keep the bound",
		  deep_directories),
	HOST_TEST("classic copies every entry in one hold",
		  classic_copies_all),
	HOST_TEST("cow shares all segments but those that it changes",
		  cow_copies_few),
};

HOST_MAIN("bounds", tests)
