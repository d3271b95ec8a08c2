// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include "test.h"

#define MAPS	8

const enum syncmap_policy host_policies[2] = { SYNCMAP_COW, SYNCMAP_CLASSIC };

static struct syncmap *maps[MAPS];
static struct shim_memory memory_before;
static unsigned long violations_before;

/* a test that failed may have ended anywhere */
static void come_back(void)
{
	while (shim_thread.rcu)
		rcu_read_unlock();
	shim_thread.context = SHIM_PROCESS;
	shim_fail_nth(0);
	shim_online_cpus = 4;
}

int host_setup(void **state)
{
	come_back();
	shim_random_seed(1);
	shim_settle();
	memory_before = shim_memory();
	violations_before = shim_violations();
	return 0;
}

int host_teardown(void **state)
{
	struct shim_memory after;
	u32 i;

	come_back();
	for (i = 0; i < MAPS; i++)
		if (maps[i])
			host_map_free(maps[i]);
	shim_settle();
	after = shim_memory();
	if (after.objects != memory_before.objects ||
	    after.bytes != memory_before.bytes) {
		print_error("%ld objects, %ld bytes are left\n",
			    after.objects - memory_before.objects,
			    after.bytes - memory_before.bytes);
		return -1;
	}
	if (shim_violations() != violations_before) {
		print_error("a rule of the kernel was broken, see stderr\n");
		return -1;
	}
	return 0;
}

void host_expect_violations(unsigned long n)
{
	violations_before += n;
}

u32 host_effort(void)
{
	const char *effort = getenv("HOST_EFFORT");

	return effort ? strtoul(effort, NULL, 10) : 1;
}

static int group_setup(void **state)
{
	shim_thread_enter();
	return sm_core_init();
}

static int group_teardown(void **state)
{
	sm_core_exit();
	shim_thread_leave();
	return 0;
}

int host_run(const char *name, const struct CMUnitTest *tests, size_t n)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (getenv("HOST_ONLY"))
		cmocka_set_test_filter(getenv("HOST_ONLY"));
	return _cmocka_run_group_tests(name, tests, n, group_setup,
				       group_teardown);
}

struct syncmap *host_map(const struct syncmap_config *config)
{
	static u32 id;
	u32 i = 0;

	while (i < MAPS && maps[i])
		i++;
	assert_true(i < MAPS);
	assert_null(sm_config_check(config));
	maps[i] = sm_map_alloc(config, ++id);
	if (IS_ERR(maps[i])) {
		maps[i] = NULL;
		fail_msg("the map cannot be made");
	}
	return maps[i];
}

void host_map_free(struct syncmap *map)
{
	u32 i;

	for (i = 0; i < MAPS; i++)
		if (maps[i] == map)
			maps[i] = NULL;
	sm_map_free(map);
}

static u32 key_size(struct syncmap *map)
{
	struct sm_info info;

	sm_map_info(map, &info);
	return info.config.key_size;
}

static u32 value_size(struct syncmap *map)
{
	struct sm_info info;

	sm_map_info(map, &info);
	return info.config.value_size;
}

int host_store_gfp(struct syncmap *map, u64 key, u64 value, gfp_t gfp)
{
	struct host_value v;
	struct host_key k;

	host_key(&k, key_size(map), key);
	host_value(&v, value_size(map), value);
	return syncmap_store(map, k.data, k.len, v.data, v.len, gfp);
}

void host_store(struct syncmap *map, u64 key, u64 value)
{
	assert_int_equal(host_store_gfp(map, key, value, GFP_KERNEL), 0);
}

bool host_delete(struct syncmap *map, u64 key)
{
	struct host_key k;
	int deleted;

	host_key(&k, key_size(map), key);
	deleted = syncmap_delete(map, k.data, k.len);
	assert_in_range(deleted, 0, 1);
	return deleted;
}

bool host_has(struct syncmap *map, u64 key)
{
	struct host_key k;
	bool has;

	host_key(&k, key_size(map), key);
	rcu_read_lock();
	has = syncmap_load(map, k.data, k.len);
	rcu_read_unlock();
	return has;
}

void host_expect(struct syncmap *map, u64 key, u64 value)
{
	const struct syncmap_value *found;
	struct host_value v;
	struct host_key k;
	bool same;

	host_key(&k, key_size(map), key);
	host_value(&v, value_size(map), value);
	rcu_read_lock();
	found = syncmap_load(map, k.data, k.len);
	same = found && found->len == v.len &&
	       !memcmp(found->data, v.data, v.len);
	rcu_read_unlock();
	if (!same)
		fail_msg("key %llu %s", key,
			 found ? "has another value" : "is absent");
}

void host_expect_absent(struct syncmap *map, u64 key)
{
	if (host_has(map, key))
		fail_msg("key %llu is there", key);
}

void host_fill(struct syncmap *map, u64 first, u64 end)
{
	u64 key;

	for (key = first; key < end; key++)
		host_store(map, key, key);
}

void host_expect_model(struct syncmap *map, const struct host_model *model)
{
	u64 key;

	assert_int_equal(syncmap_len(map), model->live);
	for (key = 0; key < model->keys; key++) {
		if (host_model_has(model, key))
			host_expect(map, key, host_model_get(model, key));
		else
			host_expect_absent(map, key);
	}
}

u64 host_counter(struct syncmap *map, enum sm_counter counter)
{
	struct sm_stats stats;

	sm_map_stats(map, &stats);
	return stats.value[counter];
}

u64 host_bytes(struct syncmap *map)
{
	struct sm_info info;

	sm_map_info(map, &info);
	return info.bytes;
}

void host_expect_keys(struct syncmap *map, u64 keys, u64 gap)
{
	u64 key;

	for (key = 0; key < keys; key++) {
		if (gap && key % gap == 0)
			host_expect_absent(map, key);
		else
			host_expect(map, key, key);
	}
}
