// SPDX-License-Identifier: GPL-2.0
/* range, and what its callback may do. */
#include "support/test.h"

#define KEYS	3000

/**
 * struct visit - a range under way
 * @map:	over which map
 * @seen:	how often each key came
 * @n:		how many keys came
 * @stop:	after so many
 */
struct visit {
	struct syncmap *map;
	u8 *seen;
	u64 n;
	u64 stop;
};

static bool note(struct visit *visit, const void *key, u32 key_len)
{
	visit->seen[host_key_number(key, key_len, 0)]++;
	visit->n++;
	return visit->n != visit->stop;
}

static struct visit visit_of(struct syncmap *map)
{
	struct visit visit = { .map = map, .seen = test_calloc(100000, 1) };

	return visit;
}

static void run(struct visit *visit, syncmap_range_fn fn)
{
	visit->n = 0;
	memset(visit->seen, 0, 100000);
	assert_int_equal(syncmap_range(visit->map, fn, visit, GFP_KERNEL), 0);
}

static void expect_once(const struct visit *visit, u64 first, u64 end)
{
	u64 key;

	for (key = first; key < end; key++)
		assert_int_equal(visit->seen[key], 1);
}

static void expect_none_twice(const struct visit *visit)
{
	u64 key;

	for (key = 0; key < 100000; key++)
		assert_true(visit->seen[key] <= 1);
}

static void for_each_policy(void (*test)(struct visit *visit))
{
	struct visit visit;
	u32 i;

	for (i = 0; i < 2; i++) {
		visit = visit_of(host_map(HOST_CONFIG(
			.policy = host_policies[i])));
		host_fill(visit.map, 0, KEYS / 2);
		host_promote(visit.map);
		host_fill(visit.map, KEYS / 2, KEYS);
		test(&visit);
		host_check(visit.map);
		test_free(visit.seen);
	}
}

static bool look(const void *key, u32 key_len, const void *value,
		 u32 value_len, void *arg)
{
	struct visit *visit = arg;
	u64 number = host_key_number(key, key_len, 0);

	assert_true(host_value_is(value, value_len, SYNCMAP_VALUE_ANY, number));
	assert_true(IS_ALIGNED((uintptr_t)value, 8));
	return note(visit, key, key_len);
}

static void all_once(struct visit *visit)
{
	run(visit, look);
	assert_int_equal(visit->n, KEYS);
	expect_once(visit, 0, KEYS);
}

static void visits_all(void **state)
{
	for_each_policy(all_once);
}

static void stops_at(struct visit *visit)
{
	for (visit->stop = 1; visit->stop < 700; visit->stop += 111) {
		run(visit, look);
		assert_int_equal(visit->n, visit->stop);
	}
}

static void stops(void **state)
{
	for_each_policy(stops_at);
}

static bool sleep_in(const void *key, u32 key_len, const void *value,
		     u32 value_len, void *arg)
{
	assert_false(shim_atomic());
	might_sleep();
	synchronize_rcu();
	return note(arg, key, key_len) && ((struct visit *)arg)->n < 50;
}

static void sleeping(struct visit *visit)
{
	run(visit, sleep_in);
	assert_int_equal(visit->n, 50);
}

static void callback_sleeps(void **state)
{
	for_each_policy(sleeping);
}

/* deletes what it is given and its neighbour, and stores far above */
static bool change_all(const void *key, u32 key_len, const void *value,
		       u32 value_len, void *arg)
{
	struct visit *visit = arg;
	u64 number = host_key_number(key, key_len, 0);

	if (number < KEYS) {
		host_delete(visit->map, number);
		host_store(visit->map, number, number + 1);
		host_store(visit->map, KEYS + number, 1);
	}
	if (visit->n % 100 == 0) {
		host_promote(visit->map);
		shim_work_run();
	}
	if (visit->n % 500 == 0)
		shim_settle();
	return note(visit, key, key_len);
}

static void changing(struct visit *visit)
{
	u64 key;

	run(visit, change_all);
	expect_none_twice(visit);
	/* each was replaced only when it had been seen */
	expect_once(visit, 0, KEYS);
	assert_int_equal(syncmap_len(visit->map), 2 * KEYS);
	for (key = 0; key < KEYS; key++)
		host_expect(visit->map, key, key + 1);
}

static void callback_changes(void **state)
{
	for_each_policy(changing);
}

static bool delete_it(const void *key, u32 key_len, const void *value,
		      u32 value_len, void *arg)
{
	struct visit *visit = arg;

	assert_int_equal(syncmap_compare_and_delete(visit->map, key, key_len,
						    value, value_len), 1);
	return note(visit, key, key_len);
}

static void emptying(struct visit *visit)
{
	run(visit, delete_it);
	expect_once(visit, 0, KEYS);
	assert_int_equal(syncmap_len(visit->map), 0);
	run(visit, look);
	assert_int_equal(visit->n, 0);
}

static void callback_deletes(void **state)
{
	for_each_policy(emptying);
}

static bool clear_it(const void *key, u32 key_len, const void *value,
		     u32 value_len, void *arg)
{
	struct visit *visit = arg;

	if (!visit->n)
		assert_int_equal(syncmap_clear(visit->map, GFP_KERNEL), 0);
	return note(visit, key, key_len);
}

static void clearing(struct visit *visit)
{
	run(visit, clear_it);
	expect_none_twice(visit);
	/* what had been collected before may come; the rest must not */
	assert_true(visit->n < KEYS / 4);
	assert_int_equal(syncmap_len(visit->map), 0);
}

static void callback_clears(void **state)
{
	for_each_policy(clearing);
}

static bool count(const void *key, u32 key_len, const void *value,
		  u32 value_len, void *arg)
{
	++*(u64 *)arg;
	return true;
}

static bool nest(const void *key, u32 key_len, const void *value,
		 u32 value_len, void *arg)
{
	struct visit *visit = arg;
	u64 inner = 0;

	assert_int_equal(syncmap_range(visit->map, count, &inner, GFP_KERNEL),
			 0);
	assert_int_equal(inner, KEYS);
	return note(visit, key, key_len) && visit->n < 20;
}

static void nesting(struct visit *visit)
{
	run(visit, nest);
	assert_int_equal(visit->n, 20);
}

static void callback_ranges(void **state)
{
	for_each_policy(nesting);
}

static void largest_entries(void **state)
{
	static u8 value[SYNCMAP_VALUE_MAX];
	struct syncmap *map = host_map(HOST_CONFIG());
	u8 key[SYNCMAP_KEY_MAX] = { 0 };
	u64 n = 0;
	u32 i;

	for (i = 0; i < 50; i++) {
		key[0] = i;
		assert_int_equal(syncmap_store(map, key, sizeof(key), value,
					       sizeof(value), GFP_KERNEL), 0);
	}
	assert_int_equal(syncmap_range(map, count, &n, GFP_KERNEL), 0);
	assert_int_equal(n, 50);
}

static void empty_map(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	u64 n = 0;

	assert_int_equal(syncmap_range(map, count, &n, GFP_KERNEL), 0);
	assert_int_equal(n, 0);
}

static bool store_ahead(const void *key, u32 key_len, const void *value,
			u32 value_len, void *arg)
{
	struct visit *visit = arg;

	if (visit->n < 10000)
		host_store(visit->map, KEYS + visit->n, 0);
	return note(visit, key, key_len);
}

static void endless(struct visit *visit)
{
	run(visit, store_ahead);
	expect_none_twice(visit);
	expect_once(visit, 0, KEYS);
}

static void callback_inserts(void **state)
{
	for_each_policy(endless);
}

static bool see_number(const void *key, u32 key_len, const void *value,
		       u32 value_len, void *arg)
{
	struct visit *visit = arg;

	visit->seen[*(const u64 *)value]++;
	visit->n++;
	return true;
}

/* keys with the first and the last hash of whatever segment there may be */
static void ends_of_segments(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.key_size = 16,
						   .value_size = 8));
	struct visit visit = visit_of(map);
	u64 number, rest;
	u8 key[16];

	host_open_hash(map);
	for (number = 0; number < 512; number++) {
		rest = number % 2 ? U64_MAX >> 8 : 0;
		host_hash_key(key, number / 2 << 56 | rest, 0);
		assert_int_equal(syncmap_store(map, key, 16, &number, 8,
					       GFP_KERNEL), 0);
	}
	assert_true(host_check(map).segments >= 8);
	run(&visit, see_number);
	assert_int_equal(visit.n, 512);
	expect_once(&visit, 0, 512);
	test_free(visit.seen);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("range visits every key once, with its value", visits_all),
	HOST_TEST("range stops when the callback says so", stops),
	HOST_TEST("a range's callback may sleep", callback_sleeps),
	HOST_TEST("a range's callback may replace keys and insert others",
		  callback_changes),
	HOST_TEST("a range's callback may delete what it visits",
		  callback_deletes),
	HOST_TEST("a range's callback may clear the map", callback_clears),
	HOST_TEST("a range's callback may range", callback_ranges),
	HOST_TEST("a range ends though its callback inserts",
		  callback_inserts),
	HOST_TEST("range visits keys and values of the largest size",
		  largest_entries),
	HOST_TEST("range visits what stands at the ends of segments",
		  ends_of_segments),
	HOST_TEST("range of an empty map visits nothing", empty_map),
};

HOST_MAIN("range", tests)
