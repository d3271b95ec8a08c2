// SPDX-License-Identifier: GPL-2.0
/* From where a map may be called, and what it does there. */
#include "support/stages.h"
#include "../../kmod/core/map.h"

static const enum shim_context hard[] = { SHIM_HARDIRQ, SHIM_NMI };

/* any lock, allocation, callback or sleep there is a violation */
static void hard_loads(struct syncmap *map, u64 n)
{
	const struct syncmap_value *values[2];
	struct syncmap_key keys[2] = { { "\1", 1 }, { "none", 4 } };
	u64 i;
	u32 c;

	rcu_read_lock();
	for (c = 0; c < ARRAY_SIZE(hard); c++) {
		shim_thread.context = hard[c];
		for (i = 0; i < n; i++) {
			assert_non_null(syncmap_load(map, "\1", 1));
			assert_null(syncmap_load(map, "none", 4));
			assert_int_equal(syncmap_load_batch(map, keys, values,
							    2), 0);
			assert_non_null(values[0]);
			assert_null(values[1]);
		}
	}
	shim_thread.context = SHIM_PROCESS;
	rcu_read_unlock();
}

static void cow_loads_anywhere(void **state)
{
	u32 stage;

	for (stage = 0; stage < STAGE_PRESENT; stage++)
		hard_loads(host_stage(SYNCMAP_COW, stage), 100);
}

static void no_promotion_there(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_COW, STAGE_DIRTY);

	hard_loads(map, 100);
	assert_int_equal(host_check(map).dirty, 1);
	/* the next who may, does */
	host_expect(map, STAGE_KEY, STAGE_VALUE);
	assert_int_equal(host_check(map).dirty, 0);
}

static void classic_refuses(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_CLASSIC, STAGE_SNAPSHOT);
	const struct syncmap_value *value = NULL;
	struct syncmap_key key = { "\1", 1 };
	u32 c;

	rcu_read_lock();
	for (c = 0; c < ARRAY_SIZE(hard); c++) {
		shim_thread.context = hard[c];
		assert_true(syncmap_load(map, "\1", 1) ==
			    ERR_PTR(-EOPNOTSUPP));
		assert_int_equal(syncmap_load_batch(map, &key, &value, 1),
				 -EOPNOTSUPP);
		assert_null(value);
	}
	shim_thread.context = SHIM_SOFTIRQ;
	assert_non_null(syncmap_load(map, "\1", 1));
	shim_thread.context = SHIM_PROCESS;
	rcu_read_unlock();
}

static void changes_are_refused(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_COW, STAGE_SNAPSHOT);
	u32 c;

	host_expect_violations(2 * ARRAY_SIZE(hard));	/* it warns */
	for (c = 0; c < ARRAY_SIZE(hard); c++) {
		shim_thread.context = hard[c];
		assert_int_equal(syncmap_store(map, "k", 1, "v", 1, GFP_ATOMIC),
				 -EOPNOTSUPP);
		assert_int_equal(syncmap_delete(map, "\1", 1), -EOPNOTSUPP);
	}
	shim_thread.context = SHIM_PROCESS;
	host_expect(map, STAGE_KEY, STAGE_VALUE);
	assert_int_equal(syncmap_len(map), 1);
}

static bool count(const void *key, u32 key_len, const void *value,
		  u32 value_len, void *arg)
{
	++*(u64 *)arg;
	return true;
}

static void everything_atomic(struct syncmap *map)
{
	u64 i, n = 0;

	for (i = 0; i < 3000; i++) {
		assert_int_equal(host_store_gfp(map, i, i, GFP_ATOMIC), 0);
		if (i % 3 == 0)
			host_delete(map, i / 2);
		host_has(map, i - 1);
	}
	assert_int_equal(syncmap_load_or_store(map, "k", 1, "v", 1, NULL,
					       GFP_ATOMIC), 1);
	assert_true(syncmap_swap(map, "new key", 7, "v", 1, NULL, GFP_ATOMIC) >=
		    0);
	assert_int_equal(syncmap_compare_and_swap(map, "new key", 7, "v", 1,
						  "w", 1, GFP_ATOMIC), 1);
	assert_int_equal(syncmap_compare_and_delete(map, "new key", 7, "w", 1),
			 1);
	assert_int_equal(syncmap_range(map, count, &n, GFP_ATOMIC), 0);
	assert_int_equal(n, syncmap_len(map));
	assert_int_equal(syncmap_clear(map, GFP_ATOMIC), 0);
	assert_int_equal(syncmap_len(map), 0);
}

static void softirq_may_everything(void **state)
{
	struct syncmap *map;
	u32 i;

	for (i = 0; i < 2; i++) {
		map = host_map(HOST_CONFIG(.policy = host_policies[i]));
		shim_thread.context = SHIM_SOFTIRQ;
		everything_atomic(map);
		shim_thread.context = SHIM_PROCESS;
	}
}

static void readers_may_everything(void **state)
{
	struct syncmap *map;
	u32 i;

	for (i = 0; i < 2; i++) {
		map = host_map(HOST_CONFIG(.policy = host_policies[i]));
		rcu_read_lock();
		everything_atomic(map);
		rcu_read_unlock();
	}
}

/* whoever stores, the group that made the map pays */
static void the_maker_pays(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	struct shim_memory before, after;
	u64 i;

	before = shim_memory();
	for (i = 0; i < 3000; i++)
		host_store(map, i, i);
	assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
	after = shim_memory();
	assert_int_equal(after.uncharged, before.uncharged);
	assert_true(after.charged >= before.charged + 3000);
	assert_null(shim_thread.memcg);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("hardirq and NMI may load from a cow map, without a lock",
		  cow_loads_anywhere),
	HOST_TEST("a load in hardirq leaves promotion to others",
		  no_promotion_there),
	HOST_TEST("hardirq and NMI may not load from a classic map",
		  classic_refuses),
	HOST_TEST("hardirq and NMI may not change a map", changes_are_refused),
	HOST_TEST("softirq may do everything", softirq_may_everything),
	HOST_TEST("a reader may do everything that does not sleep",
		  readers_may_everything),
	HOST_TEST("memory is charged to who made the map", the_maker_pays),
};

HOST_MAIN("contexts", tests)
