// SPDX-License-Identifier: GPL-2.0
/*
 * A map of kmod/core and a plain model of it do what the bytes say, and have to
 * agree; the invariants are checked after each step.
 *
 * The first two bytes make the map.  Each step is three: what, which key, which
 * value.  Keys of 16 bytes choose their hashes, so that the fuzzer can fill a
 * line, a segment, a chain.
 */
#include <stdlib.h>
#include "../host/support/test.h"
#include "../../kmod/core/map.h"
#include "fuzz.h"

#define KEYS		256
#define STEPS_MAX	400

/**
 * struct run - a map and its model
 * @map:	the map
 * @config:	how it was made
 * @model:	what it should hold
 * @hashes:	how the keys' hashes are spread, where they are chosen
 */
static struct run {
	struct syncmap *map;
	struct syncmap_config config;
	struct host_model model;
	u8 hashes;
} run;

static bool chooses_hashes(void)
{
	return run.config.key_size == 16;
}

/* near one another in the top bits, in the line, or spread */
static u64 hash_of(u8 key)
{
	switch (run.hashes & 3) {
	case 0:
		return (u64)(key / 64) << 60;
	case 1:
		return (u64)key << 56;
	case 2:
		return (u64)key << 11;
	default:
		return key * 0x9e3779b97f4a7c15ULL;
	}
}

static void make_key(struct host_key *key, u8 number)
{
	if (!chooses_hashes()) {
		host_key(key, run.config.key_size, number);
		return;
	}
	key->len = 16;
	host_hash_key(key->data, hash_of(number),
		      run.hashes & 3 ? 0 : number % 64);
}

static u8 number_of(const void *data, u32 len)
{
	struct host_key key;
	u32 i;

	for (i = 0; i < KEYS; i++) {
		make_key(&key, i);
		if (key.len == len && !memcmp(key.data, data, len))
			return i;
	}
	must(!"a key that nobody stored");
	return 0;
}

static bool same_values(u64 a, u64 b)
{
	struct host_value value;

	host_value(&value, run.config.value_size, a);
	return host_value_is(value.data, value.len, run.config.value_size, b);
}

static enum sm_status wanted(enum sm_op op, u8 key, u64 old)
{
	bool has = host_model_has(&run.model, key);

	switch (op) {
	case SM_STORE:
	case SM_SWAP:
		return has ? SM_REPLACED : SM_INSERTED;
	case SM_LOAD_OR_STORE:
		return has ? SM_FOUND : SM_INSERTED;
	case SM_REPLACE:
		return has ? SM_REPLACED : SM_ABSENT;
	case SM_DELETE:
		return has ? SM_DELETED : SM_ABSENT;
	default:
		if (!has)
			return SM_ABSENT;
		if (!same_values(host_model_get(&run.model, key), old))
			return SM_DIFFERENT;
		return op == SM_COMPARE_AND_SWAP ? SM_REPLACED : SM_DELETED;
	}
}

static void note(enum sm_status status, u8 key, u64 value)
{
	if (status == SM_INSERTED || status == SM_REPLACED)
		host_model_set(&run.model, key, value);
	else if (status == SM_DELETED)
		host_model_remove(&run.model, key);
}

/* One change, whose @fail_nth allocation fails, 0: none does. */
static void change(enum sm_op op, u8 number, u8 value, u32 fail_nth)
{
	u64 previous_value = host_model_has(&run.model, number) ?
			     host_model_get(&run.model, number) : 0;
	enum sm_status want = wanted(op, number, value / 2);
	static u8 met[SYNCMAP_VALUE_MAX];
	struct syncmap_buf previous = { met, sizeof(met), 0 };
	bool full = want == SM_INSERTED &&
		    run.model.live >= run.config.max_entries;
	struct host_value v, old;
	struct host_key key;
	int status;

	make_key(&key, number);
	host_value(&v, run.config.value_size, value);
	host_value(&old, run.config.value_size, value / 2);
	shim_fail_nth(fail_nth);
	status = sm_map_change(run.map, &(struct sm_change){
		.op = op, .key = key.data, .key_len = key.len,
		.value = v.data, .value_len = v.len,
		.old = old.data, .old_len = old.len,
		.previous = &previous, .gfp = GFP_KERNEL });
	if (status == -ENOMEM) {
		must(shim_thread.failed);
		shim_fail_nth(0);
		return;
	}
	shim_fail_nth(0);
	if (full) {
		must(status == -ENOSPC);
		return;
	}
	must(status == (int)want);
	if (want != SM_INSERTED && want != SM_ABSENT)
		must(host_value_is(met, previous.len, run.config.value_size,
				   previous_value));
	note(want, number, value);
}

static void load(u8 number)
{
	const struct syncmap_value *value;
	struct host_key key;

	make_key(&key, number);
	rcu_read_lock();
	value = syncmap_load(run.map, key.data, key.len);
	must(!!value == host_model_has(&run.model, number));
	if (value)
		must(host_value_is(value->data, value->len,
				   run.config.value_size,
				   host_model_get(&run.model, number)));
	rcu_read_unlock();
}

static void load_all(void)
{
	u32 i;

	for (i = 0; i < KEYS; i++)
		load(i);
}

static bool visit(const void *key, u32 key_len, const void *value,
		  u32 value_len, void *arg)
{
	u8 number = number_of(key, key_len), *seen = arg;

	must(host_model_has(&run.model, number) && !seen[number]);
	must(host_value_is(value, value_len, run.config.value_size,
			   host_model_get(&run.model, number)));
	seen[number] = true;
	return true;
}

static void range(void)
{
	u8 seen[KEYS] = { 0 };
	u64 n = 0;
	u32 i;

	must(!syncmap_range(run.map, visit, seen, GFP_KERNEL));
	for (i = 0; i < KEYS; i++)
		n += seen[i];
	must(n == run.model.live);
}

static void clear(u32 fail_nth)
{
	int err;

	shim_fail_nth(fail_nth);
	err = syncmap_clear(run.map, GFP_KERNEL);
	must(err == (shim_thread.failed ? -ENOMEM : 0));
	shim_fail_nth(0);
	if (!err)
		host_model_clear(&run.model);
}

static void work(u32 fail_nth)
{
	shim_fail_nth(fail_nth);
	shim_work_run();
	shim_fail_nth(0);
}

static void set_limit(u8 limit)
{
	run.config.max_entries = limit ? limit : KEYS + 1;
	must(!sm_map_set_max_entries(run.map, run.config.max_entries));
}

static void step(u8 what, u8 key, u8 value)
{
	/* the upper bits: which allocation fails */
	u32 fail_nth = what >> 4 & 15;

	switch (what & 15) {
	case 0 ... SM_COMPARE_AND_DELETE:
		change(what & 15, key, value, fail_nth);
		break;
	case 7:
		load(key);
		break;
	case 8:
		load_all();
		break;
	case 9:
		range();
		break;
	case 10:
		host_promote(run.map);
		break;
	case 11:
		work(fail_nth);
		break;
	case 12:
		must(!sm_map_set_policy(run.map, host_policies[key & 1]));
		break;
	case 13:
		clear(fail_nth);
		break;
	case 14:
		set_limit(key);
		break;
	default:
		shim_settle();
	}
}

static void begin(u8 kind, u8 hashes)
{
	static const u32 key_sizes[] = { 0, 4, 8, 16 };
	static const u32 value_sizes[] = { SYNCMAP_VALUE_ANY, 0, 8, 24 };

	run = (struct run){ .hashes = hashes };
	run.config = (struct syncmap_config){
		.policy = host_policies[kind & 1],
		.key_size = key_sizes[kind >> 1 & 3],
		.value_size = value_sizes[kind >> 3 & 3],
		.shards = kind >> 5 & 1 ? 1 << (kind >> 6) : 1,
		.align_line = hashes >> 7,
		.max_entries = KEYS + 1,
	};
	run.map = sm_map_alloc(&run.config, 1);
	must(!IS_ERR(run.map));
	if (chooses_hashes())
		host_open_hash(run.map);
	host_model_init(&run.model, KEYS);
}

/* Nothing is left, and no rule of the kernel was broken. */
static void end(struct shim_memory before)
{
	struct shim_memory after;

	load_all();
	range();
	sm_map_free(run.map);
	host_model_free(&run.model);
	shim_settle();
	after = shim_memory();
	must(after.objects == before.objects && after.bytes == before.bytes);
	must(!shim_violations());
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	/* what the checks of support/ find wrong has to be seen as a crash */
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	shim_thread_enter();
	must(!sm_core_init());
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct shim_memory before = shim_memory();
	u32 i;

	if (size < 2)
		return 0;
	begin(data[0], data[1]);
	for (i = 2; i + 2 < size && i < 3 * STEPS_MAX; i += 3) {
		step(data[i], data[i + 1], data[i + 2]);
		must(host_check(run.map).keys == run.model.live);
	}
	end(before);
	return 0;
}
