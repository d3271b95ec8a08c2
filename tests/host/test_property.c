// SPDX-License-Identifier: GPL-2.0
/*
 * Long random sequences of all operations, beside a plain model.  Each answer
 * is compared; of the changes some find no memory, and then change nothing.  The invariants are checked after each step where there are few
 * keys, and after so many as keep the cost the same where there are more; and
 * now and then the whole map is compared.
 */
#include "support/test.h"

#define STEPS		(120000 / HOST_SLOWER)
#define STEPS_A_COMPARISON	(STEPS / 60)
/* the invariants: a check takes as long as there are keys */
#define KEYS_CHECKED_EACH_STEP	40

/**
 * struct run - a sequence under way
 * @map:	the map
 * @model:	what it should hold
 * @config:	how it was made
 * @random:	the sequence's state
 * @grow:	share of stores among changes, of 16
 */
struct run {
	struct syncmap *map;
	struct host_model model;
	struct syncmap_config config;
	u64 random;
	u32 grow;
};

static u64 pick(struct run *run, u64 n)
{
	return host_random(&run->random) % n;
}

/* mostly the value that is there, so that comparisons come true */
static u64 pick_old(struct run *run, u64 key)
{
	if (host_model_has(&run->model, key) && pick(run, 4))
		return host_model_get(&run->model, key);
	return pick(run, 1000);
}

static bool values_equal(struct run *run, u64 a, u64 b)
{
	struct host_value v;

	host_value(&v, run->config.value_size, a);
	return host_value_is(v.data, v.len, run->config.value_size, b);
}

static enum sm_status expected(struct run *run, enum sm_op op, u64 key, u64 old)
{
	bool inserts = op == SM_STORE || op == SM_LOAD_OR_STORE || op == SM_SWAP;
	bool deletes = op == SM_DELETE || op == SM_COMPARE_AND_DELETE;

	if (!host_model_has(&run->model, key))
		return inserts ? SM_INSERTED : SM_ABSENT;
	if (op == SM_LOAD_OR_STORE)
		return SM_FOUND;
	if ((op == SM_COMPARE_AND_SWAP || op == SM_COMPARE_AND_DELETE) &&
	    !values_equal(run, host_model_get(&run->model, key), old))
		return SM_DIFFERENT;
	return deletes ? SM_DELETED : SM_REPLACED;
}

static void expect_previous(struct run *run, u64 key,
			    const struct syncmap_buf *buf)
{
	if (!host_model_has(&run->model, key))
		assert_int_equal(buf->len, 0);
	else
		assert_true(host_value_is(buf->data, buf->len,
					  run->config.value_size,
					  host_model_get(&run->model, key)));
}

static void apply(struct run *run, enum sm_status status, u64 key, u64 value)
{
	if (status == SM_INSERTED || status == SM_REPLACED)
		host_model_set(&run->model, key, value);
	else if (status == SM_DELETED)
		host_model_remove(&run->model, key);
}

static void change(struct run *run)
{
	static const enum sm_op makers[] = { SM_STORE, SM_LOAD_OR_STORE,
		SM_SWAP, SM_COMPARE_AND_SWAP, SM_REPLACE };
	static const enum sm_op takers[] = { SM_DELETE, SM_COMPARE_AND_DELETE };
	enum sm_op op = pick(run, 16) < run->grow ?
			makers[pick(run, ARRAY_SIZE(makers))] :
			takers[pick(run, ARRAY_SIZE(takers))];
	u64 key = pick(run, run->model.keys), value = pick(run, 1000);
	u64 old_value = pick_old(run, key);
	static u8 met[SYNCMAP_VALUE_MAX];
	struct syncmap_buf previous = { met, sizeof(met), 1 };
	enum sm_status want = expected(run, op, key, old_value);
	struct host_value v, old;
	struct host_key k;
	bool failed;
	int status;

	host_key(&k, run->config.key_size, key);
	host_value(&v, run->config.value_size, value);
	host_value(&old, run->config.value_size, old_value);
	shim_fail_nth(pick(run, 32) ? 0 : 1 + pick(run, 6));
	status = sm_map_change(run->map, &(struct sm_change){
		.op = op, .key = k.data, .key_len = k.len,
		.value = v.data, .value_len = v.len,
		.old = old.data, .old_len = old.len,
		.previous = &previous, .gfp = GFP_KERNEL });
	failed = shim_thread.failed;
	shim_fail_nth(0);
	assert_int_equal(status, failed ? -ENOMEM : (int)want);
	if (failed)
		return;
	expect_previous(run, key, &previous);
	apply(run, want, key, value);
}

static void load(struct run *run)
{
	u64 key = pick(run, run->model.keys);

	if (host_model_has(&run->model, key))
		host_expect(run->map, key, host_model_get(&run->model, key));
	else
		host_expect_absent(run->map, key);
}

static void load_many(struct run *run)
{
	const struct syncmap_value *found[40];
	struct syncmap_key keys[40];
	struct host_key k[40];
	u64 key[40];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(key); i++) {
		key[i] = pick(run, run->model.keys);
		host_key(&k[i], run->config.key_size, key[i]);
		keys[i] = (struct syncmap_key){ k[i].data, k[i].len };
	}
	rcu_read_lock();
	assert_int_equal(syncmap_load_batch(run->map, keys, found,
					    ARRAY_SIZE(key)), 0);
	for (i = 0; i < ARRAY_SIZE(key); i++) {
		assert_int_equal(!!found[i],
				 host_model_has(&run->model, key[i]));
		if (found[i])
			assert_true(host_value_is(found[i]->data, found[i]->len,
				run->config.value_size,
				host_model_get(&run->model, key[i])));
	}
	rcu_read_unlock();
}

/* a range's tally */
struct tally {
	struct run *run;
	u8 *seen;
	u64 n;
};

static bool tally_one(const void *key, u32 key_len, const void *value,
		      u32 value_len, void *arg)
{
	struct tally *tally = arg;
	struct run *run = tally->run;
	u64 number = host_key_number(key, key_len, run->config.key_size);

	assert_true(host_model_has(&run->model, number));
	assert_false(tally->seen[number]);
	assert_true(host_value_is(value, value_len, run->config.value_size,
				  host_model_get(&run->model, number)));
	tally->seen[number] = true;
	tally->n++;
	return true;
}

static void range(struct run *run)
{
	struct tally tally = { run, test_calloc(run->model.keys, 1), 0 };

	assert_int_equal(syncmap_range(run->map, tally_one, &tally, GFP_KERNEL),
			 0);
	assert_int_equal(tally.n, run->model.live);
	test_free(tally.seen);
}

static void switch_policy(struct run *run)
{
	run->config.policy = host_policies[pick(run, 2)];
	assert_int_equal(sm_map_set_policy(run->map, run->config.policy), 0);
}

static void rare(struct run *run)
{
	switch (pick(run, 40)) {
	case 0:
		assert_int_equal(syncmap_clear(run->map, GFP_KERNEL), 0);
		host_model_clear(&run->model);
		break;
	case 1 ... 4:
		switch_policy(run);
		break;
	case 5 ... 7:
		range(run);
		break;
	case 8 ... 10:
		host_promote(run->map);
		break;
	case 11:
		shim_settle();
		break;
	case 12 ... 14:
		run->grow = 2 + pick(run, 14);
		break;
	default:
		shim_work_run();
	}
}

static void step(struct run *run)
{
	u64 what = pick(run, 256);
	if (what == 0)
		rare(run);
	else if (what < 4)
		load_many(run);
	else if (what < 80)
		load(run);
	else
		change(run);
}

static void check(struct run *run)
{
	host_check(run->map);
	/* invariant 8 */
	assert_int_equal(shim_thread.allocs_locked, 0);
}

static void compare(struct run *run)
{
	check(run);
	host_expect_model(run->map, &run->model);
	range(run);
}

static void run_sequence(struct syncmap_config config, u64 keys, u64 seed)
{
	struct run run = { .config = config, .random = seed, .grow = 11 };
	u64 steps_a_check = DIV_ROUND_UP(keys, KEYS_CHECKED_EACH_STEP);
	u32 i;

	run.map = host_map(&config);
	host_model_init(&run.model, keys);
	for (i = 1; i <= STEPS; i++) {
		step(&run);
		if (i % steps_a_check == 0)
			check(&run);
		if (i % STEPS_A_COMPARISON == 0)
			compare(&run);
	}
	assert_int_equal(syncmap_clear(run.map, GFP_KERNEL), 0);
	host_model_clear(&run.model);
	compare(&run);
	host_model_free(&run.model);
	host_map_free(run.map);
}

static void run_sizes(struct syncmap_config config)
{
	static const u64 keys[] = { 5, 40, 300, 6000 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(keys) * host_effort(); i++)
		run_sequence(config, keys[i % ARRAY_SIZE(keys)], i + 1);
}

static void any_size(void **state)
{
	run_sizes((struct syncmap_config){ .value_size = SYNCMAP_VALUE_ANY });
}

static void four_bytes(void **state)
{
	run_sizes((struct syncmap_config){ .key_size = 4, .value_size = 4,
					   .shards = 1 });
}

static void eight_bytes(void **state)
{
	run_sizes((struct syncmap_config){ .key_size = 8, .value_size = 8,
					   .shards = 16, .align_line = true });
}

static void sixteen_bytes(void **state)
{
	run_sizes((struct syncmap_config){ .key_size = 16, .value_size = 0,
					   .shards = 2 });
}

static void classic(void **state)
{
	run_sizes((struct syncmap_config){ .policy = SYNCMAP_CLASSIC,
					   .value_size = SYNCMAP_VALUE_ANY });
}

static void classic_shards(void **state)
{
	run_sizes((struct syncmap_config){ .policy = SYNCMAP_CLASSIC,
		.key_size = 8, .value_size = 8, .shards = 4 });
}

static void growing(void **state)
{
	struct syncmap_config config = { .key_size = 8, .value_size = 8 };

	u32 i;

	shim_online_cpus = 1;
	for (i = 0; i < host_effort(); i++)
		run_sequence(config, 60000, 7 + i);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("cow, keys and values of any size, answers as the model does",
		  any_size),
	HOST_TEST("cow, 4-byte keys in one shard, answers as the model does",
		  four_bytes),
	HOST_TEST("cow, 8-byte keys in 16 shards, aligned, answers as the model does",
		  eight_bytes),
	HOST_TEST("cow, 16-byte keys without values, answers as the model does",
		  sixteen_bytes),
	HOST_TEST("classic answers as the model does", classic),
	HOST_TEST("classic in 4 shards answers as the model does",
		  classic_shards),
	HOST_TEST("cow with automatic shards and many keys answers as the model does",
		  growing),
};

HOST_MAIN("property", tests)
