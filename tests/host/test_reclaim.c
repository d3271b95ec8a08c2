// SPDX-License-Identifier: GPL-2.0
/* Deleted keys do not hold memory for ever. */
#include "support/test.h"
#include "../../kmod/core/map.h"

#define KEYS	(100000 / HOST_SLOWER)

static struct syncmap *small_map(u32 shards)
{
	return host_map(HOST_CONFIG(.shards = shards, .key_size = 8,
				    .value_size = 8));
}

/* what a map of the keys first, first + step, ... takes */
static u64 fresh_bytes(u64 keys, u64 step)
{
	struct syncmap *map = small_map(0);
	u64 key, used;

	for (key = 0; key < keys; key += step)
		host_store(map, key, key);
	host_promote(map);
	shim_settle();
	used = host_bytes(map);
	host_map_free(map);
	return used;
}

static void delete_all_but(struct syncmap *map, u64 keys, u64 step)
{
	u64 key;

	for (key = 0; key < keys; key++)
		if (key % step)
			assert_true(host_delete(map, key));
}

static void mass_delete(u32 shards, bool promoted)
{
	struct syncmap *map = small_map(shards);
	u64 full, key;

	host_fill(map, 0, KEYS);
	if (promoted)
		host_promote(map);
	shim_settle();
	full = host_bytes(map);
	delete_all_but(map, KEYS, 100);
	shim_settle();
	host_check(map);
	assert_true(host_bytes(map) < full / 8);
	assert_true(host_counter(map, SM_RECLAIMED) > KEYS * 9 / 10);
	assert_true(host_counter(map, SM_TOMBSTONES) < KEYS / 20 + 400);
	assert_true(host_counter(map, SM_COPIED_BYTES_MAX) <= 8192);
	for (key = 0; key < KEYS; key += 100)
		host_expect(map, key, key);
	host_map_free(map);
}

static void memory_comes_back(void **state)
{
	mass_delete(1, true);
	mass_delete(1, false);
	mass_delete(16, true);
	mass_delete(0, true);
}

static void everything_deleted(void **state)
{
	struct syncmap *map = small_map(1);
	u64 full, once = 0;
	u32 i;

	for (i = 0; i < 5; i++) {
		host_fill(map, 0, KEYS);
		full = host_bytes(map);
		delete_all_but(map, KEYS, KEYS + 1);
		host_delete(map, 0);
		shim_settle();
		assert_int_equal(host_check(map).keys, 0);
		once = once ?: host_bytes(map);
		assert_true(host_bytes(map) < full / 8);
		assert_true(host_bytes(map) < once + once / 10);
	}
	print_message("# full %llu, emptied %llu bytes\n", full,
		      host_bytes(map));
}

/* keys that are made and dropped: the worst for Go's map (golang/go#40999) */
static void churned(void **state)
{
	const u64 alive = KEYS / 10, made = KEYS * 10;
	struct syncmap *map = small_map(0);
	u64 key, fresh = fresh_bytes(alive, 1), most = 0;

	for (key = 0; key < made; key++) {
		host_store(map, key, key);
		if (key >= alive)
			assert_true(host_delete(map, key - alive));
		shim_work_run();
		if (key % (alive / 4) == 0) {
			shim_settle();
			most = max(most, host_bytes(map));
		}
	}
	shim_settle();
	assert_int_equal(host_check(map).keys, alive);
	print_message("# fresh %llu, most %llu, after %llu bytes\n", fresh,
		      most, host_bytes(map));
	/* a few hundred tombstones are not worth a pass, however small the map */
	fresh += 256 * 64;
	assert_true(host_bytes(map) <= fresh * 12 / 10);
	assert_true(most <= fresh * 2);
}

static void fixed_keys_updated(void **state)
{
	struct syncmap *map = small_map(0);
	u64 bytes, i;

	host_fill(map, 0, 1000);
	host_promote(map);
	/* now no value is in its entry any more */
	for (i = 0; i < 1000; i++)
		host_store(map, i, 0);
	shim_settle();
	bytes = host_bytes(map);
	for (i = 0; i < KEYS; i++)
		host_store(map, i % 1000, i);
	assert_true(host_bytes(map) < bytes + bytes / 50);
	for (i = 0; i < KEYS; i++) {
		assert_true(host_delete(map, i % 1000));
		host_store(map, i % 1000, i);
	}
	assert_true(host_bytes(map) < bytes + bytes / 50);
}

static void neighbours_merge(void **state)
{
	struct syncmap *map = small_map(1);
	u64 segments;

	host_fill(map, 0, KEYS);
	host_promote(map);
	segments = host_check(map).segments;
	delete_all_but(map, KEYS, 100);
	shim_settle();
	assert_true(host_counter(map, SM_SEGMENT_MERGES) > segments / 4);
	assert_true(host_check(map).segments < segments / 4);
}

/* with a reader in the way nothing may be freed; afterwards everything is */
static void steps_are_bounded(void **state)
{
	struct syncmap *map = small_map(1);
	u64 before, holds;

	host_fill(map, 0, KEYS);
	host_promote(map);
	delete_all_but(map, KEYS, 50);
	before = host_counter(map, SM_LOCK_ACQUISITIONS);
	shim_thread.copied_locked_max = 0;
	shim_work_run();
	holds = host_counter(map, SM_LOCK_ACQUISITIONS) - before;
	assert_true(holds > host_counter(map, SM_RECLAIMED) / SM_SEGMENT_SLOTS);
	assert_true(host_counter(map, SM_COPIED_ENTRIES_MAX) <=
		    2 * SM_SEGMENT_SLOTS);
	assert_true(host_counter(map, SM_COPIED_BYTES_MAX) <= 8192);
	assert_true(shim_thread.copied_locked_max <= 8192);
}

static void classic_keeps(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.policy = SYNCMAP_CLASSIC,
		.key_size = 8, .value_size = 8));
	u64 bytes;

	host_fill(map, 0, 5000);
	host_promote(map);
	bytes = host_bytes(map);
	delete_all_but(map, 5000, 100);
	shim_settle();
	/* their values went, their entries did not */
	assert_int_equal(host_counter(map, SM_TOMBSTONES), 4950);
	assert_true(host_bytes(map) > bytes / 3);
	host_store(map, 5000, 1);
	assert_int_equal(host_counter(map, SM_TOMBSTONES), 0);
	host_promote(map);
	shim_settle();
	assert_true(host_bytes(map) < bytes / 3);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("memory comes back after a mass of deletes",
		  memory_comes_back),
	HOST_TEST("an emptied map keeps little, and no more each time",
		  everything_deleted),
	HOST_TEST("keys made and dropped do not pile up", churned),
	HOST_TEST("keys that stay and change take no more memory",
		  fixed_keys_updated),
	HOST_TEST("segments that have become small merge", neighbours_merge),
	HOST_TEST("reclaim goes in bounded steps", steps_are_bounded),
	HOST_TEST("classic keeps its tombstones until the next copy",
		  classic_keeps),
};

HOST_MAIN("reclaim", tests)
