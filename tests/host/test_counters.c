// SPDX-License-Identifier: GPL-2.0
/*
 * The counters, held against counts of the tests' own.  Which counter a load
 * belongs to is told beforehand, from where the key stands.
 */
#include "support/stages.h"
#include "shim/hooks_host.h"
#include "../../kmod/core/map.h"

static struct sm_stats stats_of(struct syncmap *map)
{
	struct sm_stats stats;

	sm_map_stats(map, &stats);
	return stats;
}

/* what a load of this key is to be counted as */
static enum sm_counter class_of(struct syncmap *map, u64 number)
{
	struct host_place place;
	struct host_key key;

	host_key(&key, 0, number);
	place = host_place(map, key.data, key.len);
	if (place.read && !place.expunged)
		return place.value ? SM_HITS : SM_ABSENTS;
	/* a classic map asks the snapshot again under the lock: it has it */
	if (place.read && !sm_map_is_cow(map))
		return SM_ABSENTS;
	if (!place.has_dirty)
		return SM_ABSENTS;
	return place.dirty && place.value ? SM_MISSES_FOUND : SM_MISSES_ABSENT;
}

static void expect_counts(struct syncmap *map, const u64 *own)
{
	struct sm_stats stats = stats_of(map);
	u32 i;

	for (i = 0; i < SM_NR_CPU_COUNTERS; i++)
		if (stats.value[i] != own[i])
			fail_msg("counter %u is %llu, should be %llu", i,
				 stats.value[i], own[i]);
}

static void load_counted(struct syncmap *map, u64 *own, u64 key)
{
	own[class_of(map, key)]++;
	host_has(map, key);
}

static void change_counted(struct syncmap *map, u64 *own, u64 key, u64 value)
{
	bool there = syncmap_len(map) && own[SM_NR_CPU_COUNTERS + key];

	if (value % 3) {
		host_store(map, key, value);
		own[there ? SM_UPDATES : SM_INSERTS]++;
		own[SM_NR_CPU_COUNTERS + key] = 1;
	} else {
		assert_int_equal(host_delete(map, key), there);
		own[SM_DELETES] += there;
		own[SM_NR_CPU_COUNTERS + key] = 0;
	}
}

static void count_along(enum syncmap_policy policy, u32 shards, u64 seed)
{
	struct syncmap *map = host_map(HOST_CONFIG(.policy = policy,
						   .shards = shards));
	u64 own[SM_NR_CPU_COUNTERS + 1000] = { 0 };
	u32 i;

	for (i = 0; i < 40000 / HOST_SLOWER; i++) {
		if (host_random(&seed) % 2)
			load_counted(map, own, host_random(&seed) % 1000);
		else
			change_counted(map, own, host_random(&seed) % 1000,
				       host_random(&seed) % 1000);
		if (i % 64 == 0)
			expect_counts(map, own);
		if (i % 5000 == 0)
			shim_work_run();
	}
	expect_counts(map, own);
	assert_true(own[SM_HITS] && own[SM_ABSENTS] && own[SM_MISSES_FOUND] &&
		    own[SM_MISSES_ABSENT]);
}

static void to_the_unit(void **state)
{
	count_along(SYNCMAP_COW, 1, 1);
	count_along(SYNCMAP_COW, 8, 2);
	count_along(SYNCMAP_CLASSIC, 1, 3);
}

static void staged_load(struct syncmap *map, u64 len)
{
	enum sm_counter class = class_of(map, STAGE_KEY);
	struct sm_stats before = stats_of(map), after;
	u32 i;

	host_has(map, STAGE_KEY);
	after = stats_of(map);
	for (i = 0; i < SM_NR_CPU_COUNTERS; i++)
		assert_int_equal(after.value[i] - before.value[i], i == class);
}

static void one_load_one_counter(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGES, staged_load);
}

static void failed_changes(struct syncmap *map, u64 len)
{
	struct sm_stats before = stats_of(map), after;
	u32 i;

	syncmap_compare_and_swap(map, "\1", 1, "no", 2, "v", 1, GFP_KERNEL);
	syncmap_compare_and_delete(map, "\1", 1, "no", 2);
	if (class_of(map, STAGE_KEY) == SM_HITS)
		syncmap_load_or_store(map, "\1", 1, "v", 1, NULL, GFP_KERNEL);
	else if (!host_has(map, STAGE_KEY))
		host_delete(map, STAGE_KEY);
	after = stats_of(map);
	for (i = SM_UPDATES; i <= SM_DELETES; i++)
		assert_int_equal(after.value[i], before.value[i]);
}

static void what_changes_nothing(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGES, failed_changes);
}

/* Go's rule: as many misses as the dirty table has keys */
static void promoted_when_due(enum syncmap_policy policy)
{
	struct syncmap *map = host_map(HOST_CONFIG(.policy = policy,
						   .shards = 1));
	u64 i, n;

	for (n = 1; n <= 500; n *= 5) {
		assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
		host_fill(map, 0, n);
		host_promote(map);
		host_fill(map, n, 2 * n);
		for (i = 0; i < 2 * n; i++) {
			assert_int_equal(host_check(map).dirty, 1);
			host_has(map, n + i % n);
		}
		assert_int_equal(host_check(map).dirty, 0);
	}
}

static void promotion_is_due(void **state)
{
	promoted_when_due(SYNCMAP_COW);
	promoted_when_due(SYNCMAP_CLASSIC);
}

/* a large map counts misses in batches, and is promoted all the same */
static void large_promotion(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1));
	u64 i;

	host_fill(map, 0, 5000);
	host_promote(map);
	host_fill(map, 5000, 10000);
	for (i = 0; host_check(map).dirty && i < 12000; i += 100)
		for (u64 key = i; key < i + 100; key++)
			host_has(map, 5000 + key % 5000);
	assert_in_range(i, 9900, 10300);
}

static void promotions_are_counted(void **state)
{
	struct shim_hooks before = shim_hooks;
	struct syncmap *map;
	struct sm_stats stats;
	u64 i;
	u32 p;

	for (p = 0; p < 2; p++) {
		map = host_map(HOST_CONFIG(.policy = host_policies[p],
					   .shards = 2));
		before = shim_hooks;
		for (i = 0; i < 20000 / HOST_SLOWER; i++) {
			host_store(map, i % 997 + i / 100, i);
			host_has(map, i % 991);
		}
		stats = stats_of(map);
		assert_true(stats.value[SM_PROMOTIONS] > 2);
		assert_int_equal(stats.value[SM_PROMOTIONS],
				 shim_hooks.promotions - before.promotions);
		assert_int_equal(stats.value[SM_DIRTY_COPIES],
				 shim_hooks.dirty_copies - before.dirty_copies);
		assert_int_equal(shim_hooks.dirty_copies,
				 shim_hooks.dirty_copies_done);
		assert_int_equal(stats.value[SM_MISSES_FOUND],
				 shim_hooks.misses_found - before.misses_found);
		assert_int_equal(stats.value[SM_MISSES_ABSENT],
				 shim_hooks.misses_absent -
				 before.misses_absent);
	}
}

static void shards_sum_up(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 16));
	struct sm_stats sum = { 0 }, one, all;
	u32 shard, i;

	host_fill(map, 0, 5000);
	for (i = 0; i < 5000; i++)
		host_has(map, i * 2);
	for (shard = 0; sm_map_shard_stats(map, shard, &one); shard++) {
		assert_true(one.value[SM_INSERTS] > 100);
		for (i = 0; i < SM_NR_CPU_COUNTERS + SM_NR_LOCKED_COUNTERS; i++)
			if (sm_counter_is_max(i))
				sum.value[i] = max(sum.value[i], one.value[i]);
			else
				sum.value[i] += one.value[i];
	}
	assert_int_equal(shard, 16);
	all = stats_of(map);
	for (i = 0; i < SM_NR_CPU_COUNTERS + SM_NR_LOCKED_COUNTERS; i++)
		assert_int_equal(sum.value[i], all.value[i]);
}

static void expect_no_less(const struct sm_stats *now,
			   const struct sm_stats *before)
{
	u32 i;

	for (i = 0; i < SM_NR_CPU_COUNTERS + SM_NR_LOCKED_COUNTERS; i++)
		assert_true(now->value[i] >= before->value[i]);
	assert_true(now->value[SM_SHARD_SPLITS] >=
		    before->value[SM_SHARD_SPLITS]);
	assert_true(now->value[SM_CLEARS] >= before->value[SM_CLEARS]);
	assert_true(now->value[SM_ALLOCS] >= before->value[SM_ALLOCS]);
}

/* through growth, division of shards and clear */
static void only_grow(void **state)
{
	struct sm_stats before = { 0 }, now;
	struct syncmap *map;
	u64 i, keys = 0;

	shim_online_cpus = 1;
	map = host_map(HOST_CONFIG(.key_size = 8, .value_size = 8));
	shim_online_cpus = 4;
	for (i = 0; i < 90000; i++) {
		host_store(map, i, i);
		if (i % 3 == 0)
			keys += !host_delete(map, i / 2);
		if (i % 30011 == 30010)
			assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
		if (map->reshard_work.pending || i % 1000 == 0) {
			shim_settle();
			now = stats_of(map);
			expect_no_less(&now, &before);
			before = now;
		}
	}
	assert_int_equal(stats_of(map).value[SM_INSERTS], 90000);
	assert_int_equal(stats_of(map).value[SM_CLEARS], 2);
	assert_true(sm_map_shards(map) > 1);
	assert_int_equal(stats_of(map).value[SM_SHARD_SPLITS],
			 sm_map_shards(map) - 1);
}

static void holds_are_counted(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1));
	struct sm_stats stats;
	u64 i;

	host_fill(map, 0, 1000);
	stats = stats_of(map);
	assert_true(stats.value[SM_LOCK_ACQUISITIONS] >= 1000);
	assert_int_equal(stats.value[SM_LOCK_CONTENDED], 0);
	assert_int_equal(stats.value[SM_LOCK_WAIT_NS], 0);
	assert_true(stats.value[SM_LOCK_HOLD_NS_MAX] > 0);
	/* what finds its entry in the snapshot takes no lock */
	host_promote(map);
	i = stats_of(map).value[SM_LOCK_ACQUISITIONS];
	host_fill(map, 0, 1000);
	host_expect(map, 1, 1);
	host_delete(map, 1);
	host_has(map, 5000);
	assert_int_equal(stats_of(map).value[SM_LOCK_ACQUISITIONS], i);
}

static void tombstones_are_told(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	u64 key;

	host_fill(map, 0, 100);
	for (key = 0; key < 40; key++)
		host_delete(map, key);
	assert_int_equal(stats_of(map).value[SM_TOMBSTONES], 40);
	host_fill(map, 0, 10);
	assert_int_equal(stats_of(map).value[SM_TOMBSTONES], 30);
}

static void bytes_are_what_is_allocated(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	long before, bytes;

	shim_settle();
	before = shim_memory().bytes;
	bytes = host_bytes(map);
	host_fill(map, 0, 3000);
	host_promote(map);
	host_fill(map, 3000, 3100);
	shim_settle();
	assert_int_equal(host_bytes(map) - bytes, shim_memory().bytes - before);
	assert_true(stats_of(map).value[SM_ALLOCS] > 3100);
	assert_int_equal(stats_of(map).value[SM_BYTES], host_bytes(map));
}

static void changes_move(struct syncmap *map, u64 len)
{
	u64 before = sm_map_changes(map), now;

	host_store(map, STAGE_KEY, 5);
	now = sm_map_changes(map);
	assert_true(now != before);
	host_has(map, STAGE_KEY);
	host_promote(map);
	assert_int_equal(sm_map_changes(map), now);
	host_delete(map, STAGE_KEY);
	assert_true(sm_map_changes(map) != now);
	now = sm_map_changes(map);
	assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
	assert_true(sm_map_changes(map) != now);
}

static void dumps_can_tell(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGES, changes_move);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("counters equal an independent count, to the unit",
		  to_the_unit),
	HOST_TEST("a load counts once, by who answered it",
		  one_load_one_counter),
	HOST_TEST("what changes nothing is no change", what_changes_nothing),
	HOST_TEST("a dirty table with n keys is promoted after n misses",
		  promotion_is_due),
	HOST_TEST("a large dirty table is promoted after about n misses",
		  large_promotion),
	HOST_TEST("promotions, dirty tables and misses are counted and told",
		  promotions_are_counted),
	HOST_TEST("the shards' counters sum up to the map's", shards_sum_up),
	HOST_TEST("counters only grow, whatever becomes of the shards",
		  only_grow),
	HOST_TEST("holds of the lock are counted, and there are few",
		  holds_are_counted),
	HOST_TEST("tombstones are told", tombstones_are_told),
	HOST_TEST("bytes are what was allocated and not freed",
		  bytes_are_what_is_allocated),
	HOST_TEST("a change of any key moves the number of changes",
		  dumps_can_tell),
};

HOST_MAIN("counters", tests)
