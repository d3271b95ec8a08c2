// SPDX-License-Identifier: GPL-2.0
/* What each call answers, wherever in the map its key stands. */
#include "support/stages.h"

static struct host_key key(u64 number)
{
	struct host_key k;

	host_key(&k, 0, number);
	return k;
}

static struct host_value value(u64 number)
{
	struct host_value v;

	host_value(&v, SYNCMAP_VALUE_ANY, number);
	return v;
}

/* a buffer, and what it must hold after a call */
struct met {
	u8 data[SYNCMAP_VALUE_MAX];
	struct syncmap_buf buf;
};

static struct syncmap_buf *met(struct met *met)
{
	met->buf = (struct syncmap_buf){ met->data, sizeof(met->data), 12345 };
	return &met->buf;
}

static void expect_met(const struct met *met, u64 number)
{
	struct host_value v = value(number);

	assert_int_equal(met->buf.len, v.len);
	assert_memory_equal(met->data, v.data, v.len);
}

static int load_or_store(struct syncmap *map, u64 k, u64 v, struct met *m)
{
	struct host_value bytes = value(v);

	return syncmap_load_or_store(map, key(k).data, key(k).len, bytes.data,
				     bytes.len, m ? met(m) : NULL, GFP_KERNEL);
}

static int swap_in(struct syncmap *map, u64 k, u64 v, struct met *m)
{
	struct host_value bytes = value(v);

	return syncmap_swap(map, key(k).data, key(k).len, bytes.data,
			    bytes.len, m ? met(m) : NULL, GFP_KERNEL);
}

static int compare_and_swap(struct syncmap *map, u64 k, u64 old, u64 new)
{
	struct host_value from = value(old), to = value(new);

	return syncmap_compare_and_swap(map, key(k).data, key(k).len,
					from.data, from.len, to.data, to.len,
					GFP_KERNEL);
}

static int compare_and_delete(struct syncmap *map, u64 k, u64 old)
{
	struct host_value from = value(old);

	return syncmap_compare_and_delete(map, key(k).data, key(k).len,
					  from.data, from.len);
}

static int load_and_delete(struct syncmap *map, u64 k, struct met *m)
{
	return syncmap_load_and_delete(map, key(k).data, key(k).len,
				       m ? met(m) : NULL);
}

static int replace(struct syncmap *map, u64 k, u64 v, struct met *m)
{
	struct host_value bytes = value(v);
	struct sm_change change = {
		.op = SM_REPLACE, .key = key(k).data, .key_len = key(k).len,
		.value = bytes.data, .value_len = bytes.len,
		.previous = m ? met(m) : NULL, .gfp = GFP_KERNEL,
	};

	return sm_map_change(map, &change);
}

static void found(struct syncmap *map, u64 len)
{
	host_expect(map, STAGE_KEY, STAGE_VALUE);
	host_expect(map, STAGE_KEY, STAGE_VALUE);
	assert_int_equal(syncmap_len(map), len);
}

static void load_finds(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGE_PRESENT, found);
}

static void not_found(struct syncmap *map, u64 len)
{
	host_expect_absent(map, STAGE_KEY);
	host_expect_absent(map, STAGE_KEY);
	assert_int_equal(syncmap_len(map), len);
}

static void load_does_not_find(void **state)
{
	host_at_stages(STAGE_PRESENT, STAGES, not_found);
}

static void stored_over(struct syncmap *map, u64 len)
{
	host_store(map, STAGE_KEY, 21);
	host_expect(map, STAGE_KEY, 21);
	assert_int_equal(syncmap_len(map), len);
	host_promote(map);
	host_expect(map, STAGE_KEY, 21);
}

static void store_replaces(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGE_PRESENT, stored_over);
}

static void stored_new(struct syncmap *map, u64 len)
{
	host_store(map, STAGE_KEY, 21);
	host_expect(map, STAGE_KEY, 21);
	assert_int_equal(syncmap_len(map), len + 1);
	host_promote(map);
	host_expect(map, STAGE_KEY, 21);
}

static void store_inserts(void **state)
{
	host_at_stages(STAGE_PRESENT, STAGES, stored_new);
}

static void loaded(struct syncmap *map, u64 len)
{
	struct met m;

	assert_int_equal(load_or_store(map, STAGE_KEY, 21, &m), 1);
	expect_met(&m, STAGE_VALUE);
	assert_int_equal(load_or_store(map, STAGE_KEY, 21, NULL), 1);
	host_expect(map, STAGE_KEY, STAGE_VALUE);
	assert_int_equal(syncmap_len(map), len);
}

static void load_or_store_loads(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGE_PRESENT, loaded);
}

static void loaded_nothing(struct syncmap *map, u64 len)
{
	struct met m;

	assert_int_equal(load_or_store(map, STAGE_KEY, 21, &m), 0);
	assert_int_equal(m.buf.len, 0);
	host_expect(map, STAGE_KEY, 21);
	assert_int_equal(syncmap_len(map), len + 1);
	assert_int_equal(load_or_store(map, STAGE_KEY, 22, &m), 1);
	expect_met(&m, 21);
}

static void load_or_store_stores(void **state)
{
	host_at_stages(STAGE_PRESENT, STAGES, loaded_nothing);
}

static void swapped(struct syncmap *map, u64 len)
{
	struct met m;

	assert_int_equal(swap_in(map, STAGE_KEY, 21, &m), 1);
	expect_met(&m, STAGE_VALUE);
	assert_int_equal(swap_in(map, STAGE_KEY, 22, NULL), 1);
	host_expect(map, STAGE_KEY, 22);
	assert_int_equal(syncmap_len(map), len);
}

static void swap_gives_previous(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGE_PRESENT, swapped);
}

static void swapped_with_nothing(struct syncmap *map, u64 len)
{
	struct met m;

	assert_int_equal(swap_in(map, STAGE_KEY, 21, &m), 0);
	assert_int_equal(m.buf.len, 0);
	host_expect(map, STAGE_KEY, 21);
	assert_int_equal(syncmap_len(map), len + 1);
}

static void swap_inserts(void **state)
{
	host_at_stages(STAGE_PRESENT, STAGES, swapped_with_nothing);
}

static void deleted(struct syncmap *map, u64 len)
{
	struct met m;

	assert_int_equal(load_and_delete(map, STAGE_KEY, &m), 1);
	expect_met(&m, STAGE_VALUE);
	host_expect_absent(map, STAGE_KEY);
	assert_int_equal(syncmap_len(map), len - 1);
	assert_int_equal(load_and_delete(map, STAGE_KEY, &m), 0);
	assert_int_equal(m.buf.len, 0);
	host_promote(map);
	host_expect_absent(map, STAGE_KEY);
	host_store(map, STAGE_KEY, 21);
	assert_int_equal(load_and_delete(map, STAGE_KEY, NULL), 1);
	assert_int_equal(syncmap_len(map), len - 1);
}

static void delete_removes(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGE_PRESENT, deleted);
}

static void deleted_nothing(struct syncmap *map, u64 len)
{
	struct met m;

	assert_int_equal(load_and_delete(map, STAGE_KEY, &m), 0);
	assert_int_equal(m.buf.len, 0);
	assert_false(host_delete(map, STAGE_KEY));
	assert_int_equal(syncmap_len(map), len);
	assert_int_equal(host_counter(map, SM_DELETES) > 1, 0);
}

static void delete_of_absent(void **state)
{
	host_at_stages(STAGE_PRESENT, STAGES, deleted_nothing);
}

static void compared_equal(struct syncmap *map, u64 len)
{
	assert_int_equal(compare_and_swap(map, STAGE_KEY, STAGE_VALUE, 21), 1);
	host_expect(map, STAGE_KEY, 21);
	assert_int_equal(compare_and_swap(map, STAGE_KEY, STAGE_VALUE, 22), 0);
	host_expect(map, STAGE_KEY, 21);
	assert_int_equal(compare_and_swap(map, STAGE_KEY, 21, 21), 1);
	assert_int_equal(compare_and_delete(map, STAGE_KEY, STAGE_VALUE), 0);
	host_expect(map, STAGE_KEY, 21);
	assert_int_equal(syncmap_len(map), len);
	assert_int_equal(compare_and_delete(map, STAGE_KEY, 21), 1);
	host_expect_absent(map, STAGE_KEY);
	assert_int_equal(syncmap_len(map), len - 1);
}

static void compare_of_present(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGE_PRESENT, compared_equal);
}

static void compared_absent(struct syncmap *map, u64 len)
{
	assert_int_equal(compare_and_swap(map, STAGE_KEY, STAGE_VALUE, 21), 0);
	/* value 0 has no bytes: nothing is not equal to no bytes */
	assert_int_equal(compare_and_swap(map, STAGE_KEY, 0, 21), 0);
	assert_int_equal(compare_and_delete(map, STAGE_KEY, STAGE_VALUE), 0);
	assert_int_equal(compare_and_delete(map, STAGE_KEY, 0), 0);
	host_expect_absent(map, STAGE_KEY);
	assert_int_equal(syncmap_len(map), len);
}

static void compare_of_absent(void **state)
{
	host_at_stages(STAGE_PRESENT, STAGES, compared_absent);
}

static void compare_is_by_bytes(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());

	assert_int_equal(syncmap_store(map, "k", 1, "abc", 3, GFP_KERNEL), 0);
	assert_int_equal(syncmap_compare_and_delete(map, "k", 1, "ab", 2), 0);
	assert_int_equal(syncmap_compare_and_delete(map, "k", 1, "abcd", 4), 0);
	assert_int_equal(syncmap_compare_and_delete(map, "k", 1, "abd", 3), 0);
	assert_int_equal(syncmap_compare_and_delete(map, "k", 1, "abc", 3), 1);
	assert_int_equal(syncmap_store(map, "k", 1, NULL, 0, GFP_KERNEL), 0);
	assert_int_equal(syncmap_compare_and_delete(map, "k", 1, NULL, 0), 1);
}

static void replaced(struct syncmap *map, u64 len)
{
	struct met m;

	assert_int_equal(replace(map, STAGE_KEY, 21, &m), SM_REPLACED);
	expect_met(&m, STAGE_VALUE);
	host_expect(map, STAGE_KEY, 21);
	assert_int_equal(syncmap_len(map), len);
}

static void replaced_nothing(struct syncmap *map, u64 len)
{
	assert_int_equal(replace(map, STAGE_KEY, 21, NULL), SM_ABSENT);
	host_expect_absent(map, STAGE_KEY);
	assert_int_equal(syncmap_len(map), len);
}

static void replace_needs_presence(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGE_PRESENT, replaced);
	host_at_stages(STAGE_PRESENT, STAGES, replaced_nothing);
}

static void cleared(struct syncmap *map, u64 len)
{
	assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
	assert_int_equal(syncmap_len(map), 0);
	host_expect_absent(map, STAGE_KEY);
	host_check(map);
	host_store(map, STAGE_KEY, 21);
	host_expect(map, STAGE_KEY, 21);
	assert_int_equal(syncmap_len(map), 1);
	assert_int_equal(host_counter(map, SM_CLEARS), 1);
}

static void clear_removes_all(void **state)
{
	host_at_stages(STAGE_DIRTY, STAGES, cleared);
}

#define BATCH	100

static void batch_is_loads(struct syncmap *map)
{
	const struct syncmap_value *values[BATCH], *one;
	struct syncmap_key keys[BATCH];
	struct host_key k[BATCH];
	u32 i, n;

	for (i = 0; i < BATCH; i++) {
		host_key(&k[i], 0, i);
		keys[i] = (struct syncmap_key){ k[i].data, k[i].len };
	}
	keys[7].len = 0;
	for (n = 0; n <= BATCH; n += 33) {
		rcu_read_lock();
		assert_int_equal(syncmap_load_batch(map, keys, values, n), 0);
		for (i = 0; i < n; i++) {
			one = syncmap_load(map, keys[i].data, keys[i].len);
			assert_ptr_equal(values[i], one);
		}
		rcu_read_unlock();
	}
}

static void load_batch(void **state)
{
	struct syncmap *map;
	u32 i;

	for (i = 0; i < 2; i++) {
		map = host_map(HOST_CONFIG(.policy = host_policies[i]));
		batch_is_loads(map);
		host_fill(map, 0, BATCH / 2);
		batch_is_loads(map);
		host_promote(map);
		host_fill(map, BATCH / 2, BATCH * 3 / 4);
		host_delete(map, 1);
		batch_is_loads(map);
	}
}

static void sizes(void **state)
{
	u8 bytes[SYNCMAP_VALUE_MAX];
	const struct syncmap_value *v;
	struct syncmap *map = host_map(HOST_CONFIG());
	u32 len;

	memset(bytes, 'x', sizeof(bytes));
	for (len = 1; len <= SYNCMAP_KEY_MAX; len++)
		assert_int_equal(syncmap_store(map, bytes, len, bytes, len,
					       GFP_KERNEL), 0);
	assert_int_equal(syncmap_len(map), SYNCMAP_KEY_MAX);
	for (len = 1; len <= SYNCMAP_KEY_MAX; len++) {
		rcu_read_lock();
		v = syncmap_load(map, bytes, len);
		assert_non_null(v);
		assert_int_equal(v->len, len);
		assert_true(IS_ALIGNED((uintptr_t)v->data, 8));
		rcu_read_unlock();
	}
	for (len = 0; len <= SYNCMAP_VALUE_MAX; len += 512) {
		bytes[len % 4096] = len / 512;
		assert_int_equal(syncmap_store(map, "k", 1, bytes, len,
					       GFP_KERNEL), 0);
		rcu_read_lock();
		v = syncmap_load(map, "k", 1);
		assert_int_equal(v->len, len);
		assert_memory_equal(v->data, bytes, len);
		rcu_read_unlock();
	}
	host_check(map);
}

static void refuse_key(struct syncmap *map, u32 len, int err)
{
	u8 k[SYNCMAP_KEY_MAX + 1] = { 0 };
	struct syncmap_buf buf = { NULL, 0, 0 };

	rcu_read_lock();
	assert_null(syncmap_load(map, k, len));
	rcu_read_unlock();
	assert_int_equal(syncmap_store(map, k, len, "v", 1, GFP_KERNEL), err);
	assert_int_equal(syncmap_load_or_store(map, k, len, "v", 1, &buf,
					       GFP_KERNEL), err);
	assert_int_equal(syncmap_swap(map, k, len, "v", 1, &buf, GFP_KERNEL),
			 err);
	assert_int_equal(syncmap_load_and_delete(map, k, len, &buf), err);
	assert_int_equal(syncmap_delete(map, k, len), err);
	assert_int_equal(syncmap_compare_and_swap(map, k, len, "v", 1, "w", 1,
						  GFP_KERNEL), err);
	assert_int_equal(syncmap_compare_and_delete(map, k, len, "v", 1), err);
	assert_int_equal(syncmap_len(map), 1);
}

static void refuse_value(struct syncmap *map, u32 len, int err)
{
	static u8 v[SYNCMAP_VALUE_MAX + 1];

	assert_int_equal(syncmap_store(map, "12345678", 8, v, len, GFP_KERNEL),
			 err);
	assert_int_equal(syncmap_load_or_store(map, "12345678", 8, v, len,
					       NULL, GFP_KERNEL), err);
	assert_int_equal(syncmap_swap(map, "12345678", 8, v, len, NULL,
				      GFP_KERNEL), err);
	assert_int_equal(syncmap_compare_and_swap(map, "12345678", 8, "v", 1,
						  v, len, GFP_KERNEL), err);
	rcu_read_lock();
	assert_int_equal(syncmap_load(map, "12345678", 8)->len, 1);
	rcu_read_unlock();
}

static void wrong_sizes(void **state)
{
	struct syncmap *any = host_map(HOST_CONFIG());
	struct syncmap *fixed = host_map(HOST_CONFIG(.key_size = 8,
						     .value_size = 1));

	assert_int_equal(syncmap_store(any, "12345678", 8, "v", 1, GFP_KERNEL),
			 0);
	assert_int_equal(syncmap_store(fixed, "12345678", 8, "v", 1,
				       GFP_KERNEL), 0);
	refuse_key(any, 0, -EINVAL);
	refuse_key(any, SYNCMAP_KEY_MAX + 1, -E2BIG);
	refuse_key(fixed, 0, -EINVAL);
	refuse_key(fixed, 7, -EINVAL);
	refuse_key(fixed, 9, -EINVAL);
	refuse_key(fixed, SYNCMAP_KEY_MAX + 1, -E2BIG);
	refuse_value(any, SYNCMAP_VALUE_MAX + 1, -E2BIG);
	refuse_value(fixed, SYNCMAP_VALUE_MAX + 1, -E2BIG);
	refuse_value(fixed, 0, -EINVAL);
	refuse_value(fixed, 2, -EINVAL);
}

static void cut(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	char small[4] = "....";
	struct syncmap_buf buf = { small, 2, 0 };

	assert_int_equal(syncmap_store(map, "k", 1, "value", 5, GFP_KERNEL), 0);
	assert_int_equal(syncmap_swap(map, "k", 1, "other", 5, &buf,
				      GFP_KERNEL), 1);
	assert_int_equal(buf.len, 5);
	assert_memory_equal(small, "va..", 4);
	assert_int_equal(syncmap_load_and_delete(map, "k", 1, &buf), 1);
	assert_memory_equal(small, "ot..", 4);
}

static void maps_are_apart(void **state)
{
	struct syncmap *one = host_map(HOST_CONFIG());
	struct syncmap *two = host_map(HOST_CONFIG(.policy = SYNCMAP_CLASSIC));

	host_fill(one, 0, 100);
	host_fill(two, 50, 60);
	assert_int_equal(syncmap_clear(one, GFP_KERNEL), 0);
	assert_int_equal(syncmap_len(one), 0);
	assert_int_equal(syncmap_len(two), 10);
	host_expect(two, 50, 50);
	host_expect_absent(two, 49);
}

static const char *config_fault(struct syncmap_config config)
{
	config.value_size = config.value_size ?: 8;
	return sm_config_check(&config);
}

static void wrong_configurations(void **state)
{
	assert_null(config_fault((struct syncmap_config){ .shards = 4096 }));
	assert_non_null(config_fault((struct syncmap_config){ .policy = 2 }));
	assert_non_null(config_fault((struct syncmap_config){ .shards = 3 }));
	assert_non_null(config_fault((struct syncmap_config){ .shards = 8192 }));
	assert_non_null(config_fault((struct syncmap_config){ .key_size = 256 }));
	assert_non_null(config_fault((struct syncmap_config){
		.value_size = 4097 }));
	assert_non_null(config_fault((struct syncmap_config){
		.policy = SYNCMAP_CLASSIC, .max_entries = 1000001 }));
}

static void info_tells(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 8, .key_size = 4,
						   .max_entries = 77));
	struct sm_info info;

	sm_map_info(map, &info);
	assert_int_equal(info.config.policy, SYNCMAP_COW);
	assert_int_equal(info.config.shards, 8);
	assert_int_equal(info.config.key_size, 4);
	assert_int_equal(info.config.value_size, SYNCMAP_VALUE_ANY);
	assert_int_equal(info.config.max_entries, 77);
	assert_false(info.shards_auto);
	assert_int_equal(info.entries, 0);
	assert_true(info.bytes > 0);
	host_store(map, 1, 1);
	sm_map_info(map, &info);
	assert_int_equal(info.entries, 1);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("load finds a key wherever it stands", load_finds),
	HOST_TEST("load finds no key that is absent", load_does_not_find),
	HOST_TEST("store replaces a value", store_replaces),
	HOST_TEST("store inserts an absent key", store_inserts),
	HOST_TEST("load_or_store keeps and returns what is there",
		  load_or_store_loads),
	HOST_TEST("load_or_store inserts an absent key", load_or_store_stores),
	HOST_TEST("swap gives back the previous value", swap_gives_previous),
	HOST_TEST("swap inserts an absent key", swap_inserts),
	HOST_TEST("load_and_delete removes a key and gives its value",
		  delete_removes),
	HOST_TEST("delete of an absent key changes nothing", delete_of_absent),
	HOST_TEST("compare_and_swap and compare_and_delete need equality",
		  compare_of_present),
	HOST_TEST("an absent key is equal to nothing", compare_of_absent),
	HOST_TEST("values are compared by length and bytes",
		  compare_is_by_bytes),
	HOST_TEST("replace changes present keys only", replace_needs_presence),
	HOST_TEST("clear removes all keys", clear_removes_all),
	HOST_TEST("load_batch answers as loads do", load_batch),
	HOST_TEST("keys have 1 to 255 bytes, values 0 to 4096", sizes),
	HOST_TEST("a wrong size is refused by every call", wrong_sizes),
	HOST_TEST("a previous value is cut to the caller's buffer", cut),
	HOST_TEST("maps do not share keys", maps_are_apart),
	HOST_TEST("a wrong configuration is refused", wrong_configurations),
	HOST_TEST("info tells configuration and size", info_tells),
};

HOST_MAIN("semantics", tests)
