// SPDX-License-Identifier: GPL-2.0
/* Resharding by hand: any number to any other, whatever the map holds. */
#include "shim/hooks_host.h"
#include "support/threads.h"
#include "../../kmod/core/map.h"

static struct syncmap *map_of(u32 shards)
{
	return host_map(HOST_CONFIG(.shards = shards, .key_size = 8,
				    .value_size = 8));
}

static void reshard(struct syncmap *map, u32 shards)
{
	assert_int_equal(syncmap_reshard(map, shards), 0);
	assert_int_equal(sm_map_shards(map), shards);
	host_check(map);
}

static const u32 ways[] = { 8, 1, 64, 4, 2, 256, 1, 4096, 16, 1 };

/* @gap: every so many keys are deleted; @more: new ones after a promotion */
static void there_and_back(u64 keys, bool promoted, u64 gap, u64 more)
{
	struct syncmap *map = map_of(1);
	u64 key, len;
	u32 i;

	host_fill(map, 0, keys);
	if (promoted)
		host_promote(map);
	for (key = 0; gap && key < keys; key += gap)
		host_delete(map, key);
	host_fill(map, keys, keys + more);
	len = syncmap_len(map);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		reshard(map, ways[i]);
		assert_int_equal(syncmap_len(map), len);
		host_expect_keys(map, keys, gap);
		if (i % 2)
			shim_settle();
	}
	host_fill(map, 0, keys + more + 500);
	host_expect_keys(map, keys, 0);
	host_check(map);
	host_map_free(map);
}

static void any_number(void **state)
{
	static const u64 keys[] = { 0, 1, 30, 300, 5000 / HOST_SLOWER + 50 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		there_and_back(keys[i], false, 0, 0);
		there_and_back(keys[i], true, 0, 20);
		there_and_back(keys[i], true, 3, 0);
		there_and_back(keys[i], true, 3, 20);
		there_and_back(keys[i], false, 2, 20);
	}
}

/* grown below its roots in few shards, and so whenever it comes back to few */
static void large(void **state)
{
	const u64 keys = 400000 / HOST_SLOWER;
	static const u32 to[] = { 1, 2, 1, 64, 4, 1, 4096, 1 };
	struct syncmap *map = map_of(4);
	u64 before, copied;
	u32 i;

	host_fill(map, 0, keys);
	for (i = 0; i < ARRAY_SIZE(to); i++) {
		reshard(map, to[i]);
		assert_int_equal(syncmap_len(map), keys);
		host_fill(map, keys, keys + 3000);
		for (before = 0; before < 3000; before++)
			host_delete(map, keys + before);
		shim_settle();
		host_check(map);
	}
	host_expect_keys(map, keys, 0);
	copied = host_counter(map, SM_COPIED_BYTES_MAX);
	assert_true(copied <= 8192);
	print_message("# most copied in one hold: %llu bytes\n",
		      (unsigned long long)copied);
}

static void wrong_numbers(void **state)
{
	static const u32 wrong[] = { 3, 12, 4095, 4097, 8192, UINT32_MAX };
	u64 told = shim_hooks.reshard_phases[SM_RESHARD_DONE];
	struct syncmap *map = map_of(4);
	u32 i;

	host_fill(map, 0, 100);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(syncmap_reshard(map, wrong[i]), -EINVAL);
	assert_int_equal(sm_map_shards(map), 4);
	assert_int_equal(shim_hooks.reshard_phases[SM_RESHARD_DONE], told);
}

static void by_hand_or_by_itself(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.key_size = 8,
						   .value_size = 8));
	struct sm_info info;

	sm_map_info(map, &info);
	assert_true(info.shards_auto);
	reshard(map, 1);
	sm_map_info(map, &info);
	assert_false(info.shards_auto);
	host_fill(map, 0, 60000);
	shim_settle();
	assert_int_equal(sm_map_shards(map), 1);
	/* what had to grow below its root is divided at once */
	assert_int_equal(syncmap_reshard(map, 0), 0);
	shim_settle();
	assert_true(sm_map_shards(map) >= 2);
	assert_int_equal(host_check(map).dirs, 0);
	sm_map_info(map, &info);
	assert_true(info.shards_auto);
	host_expect_keys(map, 60000, 0);
}

static void phases(void **state)
{
	const u64 *told = shim_hooks.reshard_phases;
	u64 before[SM_RESHARD_DONE + 1];
	struct syncmap *map = map_of(1);

	memcpy(before, told, sizeof(before));
	reshard(map, 8);
	assert_int_equal(told[SM_RESHARD_PREPARE] - before[SM_RESHARD_PREPARE], 3);
	assert_int_equal(told[SM_RESHARD_PUBLISH] - before[SM_RESHARD_PUBLISH], 3);
	assert_int_equal(told[SM_RESHARD_DRAIN] - before[SM_RESHARD_DRAIN], 3);
	assert_int_equal(told[SM_RESHARD_DONE] - before[SM_RESHARD_DONE], 1);
	/* where there is nothing to do that is told as well */
	reshard(map, 8);
	assert_int_equal(told[SM_RESHARD_DRAIN] - before[SM_RESHARD_DRAIN], 3);
	assert_int_equal(told[SM_RESHARD_DONE] - before[SM_RESHARD_DONE], 2);
}

/* fail one allocation after the other, until there are none left to fail */
static void fail_each(u32 from, u32 to, u64 keys)
{
	struct syncmap *map = map_of(from);
	struct shim_memory before;
	unsigned long nth = 0;
	int err = 0;

	host_fill(map, 0, keys);
	host_promote(map);
	host_fill(map, keys, keys + 10);
	do {
		shim_settle();
		before = shim_memory();
		shim_fail_nth(++nth);
		err = syncmap_reshard(map, to);
		shim_fail_nth(0);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(sm_map_shards(map), from);
		host_expect_keys(map, keys + 10, 0);
		host_check(map);
		shim_settle();
		/* blocks of counters are kept for the next time */
		assert_true(shim_memory().objects - before.objects <=
			    2 * (long)(from + to) + 20);
		host_store(map, nth % keys, nth % keys);
	} while (1);
	assert_int_equal(sm_map_shards(map), to);
	assert_true(nth > 2 * max(from, to));
	host_expect_keys(map, keys + 10, 0);
	host_check(map);
	host_map_free(map);
}

static void failing_memory(void **state)
{
	fail_each(1, 2, 300);
	fail_each(4, 8, 3000);
	fail_each(8, 4, 3000);
	fail_each(2, 1, 60000 / HOST_SLOWER);
	fail_each(16, 8, 100);
}

/* a map that is full by bytes cannot get more shards, but fewer */
static void no_room(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1, .key_size = 8,
						   .value_size = 8));
	u32 shards;

	host_fill(map, 0, 1000);
	assert_int_equal(sm_map_set_max_bytes(map, host_bytes(map) + 100000), 0);
	assert_int_equal(syncmap_reshard(map, 4096), -ENOSPC);
	shards = sm_map_shards(map);
	assert_true(shards > 1 && shards < 4096);
	host_expect_keys(map, 1000, 0);
	assert_int_equal(sm_map_set_max_bytes(map, 1), 0);
	reshard(map, 1);
	host_expect_keys(map, 1000, 0);
}

#define RUSH		3000

/* many insert between the settling of the roots' sizes and the hand-over */
static void rush(struct syncmap *map, enum sm_reshard_phase phase)
{
	if (phase != SM_RESHARD_PREPARE)
		return;
	shim_on_reshard = NULL;
	host_fill(map, 0, RUSH);
}

static void reclaim(struct syncmap *map)
{
	u32 i;

	for (i = 0; i < 4; i++) {
		queue_work(sm_wq, &map->reclaim_work);
		shim_settle();
	}
}

/* a directory that stands across both halves, and has one segment left */
static void merged_below(void **state)
{
	struct syncmap *map = map_of(1);
	u64 key;

	shim_on_reshard = rush;
	reshard(map, 2);
	assert_true(host_check(map).dirs > 0);
	host_expect_keys(map, RUSH, 0);
	for (key = 8; key < RUSH; key++)
		host_delete(map, key);
	reclaim(map);
	assert_int_equal(host_check(map).segments, 2);
	reshard(map, 4);
	host_expect_keys(map, 8, 0);
	host_fill(map, 100, 140);
	shim_settle();
	host_promote(map);
	shim_settle();
	host_expect_keys(map, 8, 0);
	for (key = 100; key < 140; key++)
		host_delete(map, key);
	reclaim(map);
	reshard(map, 1);
	reshard(map, 2);
	host_expect_keys(map, 8, 0);
}

/* all keys in one half, which has directories; the other never had one */
static void empty_half(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 2, .key_size = 16,
						   .value_size = 8));
	u64 i, random = 5;
	u8 key[16];

	host_open_hash(map);
	for (i = 0; i < 20000; i++) {
		host_hash_key(key, 1ULL << 63 | host_random(&random) >> 1, 0);
		assert_int_equal(syncmap_store(map, key, 16, &i, 8,
					       GFP_KERNEL), 0);
	}
	assert_true(host_check(map).dirs > 0);
	reshard(map, 1);
	reshard(map, 2);
	for (i = 0; i < 100; i++) {
		host_hash_key(key, host_random(&random) >> 1, 0);
		rcu_read_lock();
		assert_null(syncmap_load(map, key, 16));
		rcu_read_unlock();
	}
	assert_int_equal(syncmap_len(map), 20000);
}

/* classic copies to the last segment, also what division made uneven */
static void classic_copies_all(void **state)
{
	const u64 keys = 100000 / HOST_SLOWER;
	struct syncmap *map = map_of(1);
	struct host_anatomy parts;
	u32 i;

	assert_int_equal(sm_map_set_policy(map, SYNCMAP_CLASSIC), 0);
	host_fill(map, 0, keys);
	for (i = 2; i; i--) {
		reshard(map, i);
		host_promote(map);
		shim_settle();
		host_fill(map, (i + 1) * keys, (i + 1) * keys + 20);
		parts = host_check(map);
		assert_int_equal(parts.dirty, i);
		assert_int_equal(parts.shared, 0);
	}
}

static void clear_once(struct syncmap *map, enum sm_reshard_phase phase)
{
	if (phase != SM_RESHARD_PREPARE)
		return;
	shim_on_reshard = NULL;
	assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
	host_fill(map, 5, 10);
}

static void clear_always(struct syncmap *map, enum sm_reshard_phase phase)
{
	if (phase == SM_RESHARD_PREPARE)
		assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
}

static void clears_between(void **state)
{
	struct syncmap *map = map_of(1);

	host_fill(map, 0, 100);
	shim_on_reshard = clear_once;
	reshard(map, 4);
	assert_int_equal(syncmap_len(map), 5);
	host_expect_absent(map, 4);
	host_expect(map, 5, 5);
	/* who clears without end is not waited for without end */
	shim_on_reshard = clear_always;
	assert_int_equal(syncmap_reshard(map, 8), -EAGAIN);
	shim_on_reshard = NULL;
	assert_int_equal(sm_map_shards(map), 4);
	host_fill(map, 0, 100);
	reshard(map, 8);
	host_expect_keys(map, 100, 0);
}

#define RESIDENT	2000
#define CHURNED		64

/**
 * struct storm - a map that is resharded under load
 * @map:	the map; keys below RESIDENT are always there
 * @stop:	the load is to end
 */
struct storm {
	struct syncmap *map;
	bool stop;
};

static void expect_in(struct storm *storm, u64 key, bool there)
{
	if (host_has(storm->map, key) != there)
		host_thread_fail("key %llu is %s", (unsigned long long)key,
				 there ? "lost" : "back");
}

static void churn(struct host_thread *thread)
{
	struct storm *storm = thread->arg;
	u64 first = RESIDENT + 1000000 * (thread->index + 1), key;

	while (!READ_ONCE(storm->stop)) {
		for (key = first; key < first + CHURNED; key++)
			host_store(storm->map, key, key);
		for (key = first; key < first + CHURNED; key++) {
			expect_in(storm, key, true);
			if (!host_delete(storm->map, key))
				host_thread_fail("nothing to delete");
			expect_in(storm, key, false);
		}
		first += CHURNED;
		key = host_pick(thread, RESIDENT);
		host_store(storm->map, key, key);
	}
}

static void read_residents(struct host_thread *thread)
{
	struct storm *storm = thread->arg;

	while (!READ_ONCE(storm->stop))
		expect_in(storm, host_pick(thread, RESIDENT), true);
}

static bool see(const void *key, u32 key_len, const void *value, u32 value_len,
		void *arg)
{
	u64 number = host_key_number(key, key_len, 8);
	u8 *seen = arg;

	if (number < RESIDENT)
		seen[number]++;
	return true;
}

static void range_residents(struct host_thread *thread)
{
	struct storm *storm = thread->arg;
	u8 seen[RESIDENT];
	u32 i;

	while (!READ_ONCE(storm->stop)) {
		memset(seen, 0, sizeof(seen));
		if (syncmap_range(storm->map, see, seen, GFP_KERNEL))
			host_thread_fail("no range");
		for (i = 0; i < RESIDENT; i++)
			if (seen[i] != 1)
				host_thread_fail("key %u seen %u times", i,
						 seen[i]);
	}
}

static void drive(struct host_thread *thread)
{
	u32 rounds = max(1U, 4 * host_effort() / HOST_SLOWER), i;
	struct storm *storm = thread->arg;

	for (i = 0; i < rounds * ARRAY_SIZE(ways); i++) {
		if (syncmap_reshard(storm->map, ways[i % ARRAY_SIZE(ways)]))
			host_thread_fail("not resharded");
		if (sm_map_set_policy(storm->map, i % 3 ? SYNCMAP_COW :
				      SYNCMAP_CLASSIC))
			host_thread_fail("policy not changed");
	}
	WRITE_ONCE(storm->stop, true);
}

static void under_load(void **state)
{
	host_thread_fn fns[] = { churn, churn, read_residents, range_residents,
				 drive };
	struct storm storm = { .map = map_of(1) };

	host_fill(storm.map, 0, RESIDENT);
	host_threads_each(ARRAY_SIZE(fns), fns, &storm);
	assert_int_equal(sm_map_set_policy(storm.map, SYNCMAP_COW), 0);
	shim_settle();
	assert_int_equal(syncmap_len(storm.map), RESIDENT);
	host_expect_keys(storm.map, RESIDENT, 0);
	host_check(storm.map);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("any number of shards becomes any other, whatever is in them",
		  any_number),
	HOST_TEST("no hold copies more than 8 KiB, however large the map",
		  large),
	HOST_TEST("what is no number of shards is refused", wrong_numbers),
	HOST_TEST("a number given by hand stays, until it is to grow by itself",
		  by_hand_or_by_itself),
	HOST_TEST("each step tells its phases, and the last that it is done",
		  phases),
	HOST_TEST("whichever allocation fails, the old shards go on",
		  failing_memory),
	HOST_TEST("where max_bytes is reached there can be fewer shards, not more",
		  no_room),
	HOST_TEST("a directory that merged to one segment is divided, too",
		  merged_below),
	HOST_TEST("a half that never had a key is empty", empty_half),
	HOST_TEST("a classic map copies all its segments, whatever divided it",
		  classic_copies_all),
	HOST_TEST("a clear in between is made good, many are not waited for",
		  clears_between),
	HOST_TEST("under load no key is lost, seen twice or late", under_load),
};

HOST_MAIN("reshard", tests)
