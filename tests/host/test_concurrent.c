// SPDX-License-Identifier: GPL-2.0
/*
 * Many threads on one map, with all that goes on behind their backs: promotion,
 * growth, division of shards, reclaim, changes of policy, clear.
 */
#include <sched.h>
#include <stdlib.h>
#include "support/threads.h"
#include "../../kmod/core/map.h"

#define THREADS	4
#define STEPS	(60000 / HOST_SLOWER)
#define RESIDENT 500		/* keys below this are never deleted */
#define KEYS	4000

/**
 * struct own - one thread's own counts
 * @loads:	made
 * @found:	of them, that found a value
 * @inserts:	as the answers of its calls say
 * @updates:	likewise
 * @deletes:	likewise
 */
struct own {
	u64 loads;
	u64 found;
	u64 inserts;
	u64 updates;
	u64 deletes;
} __aligned(64);

/**
 * struct shared - what the threads of a test share
 * @map:	the map
 * @own:	each thread's
 * @working:	threads that are not done
 */
struct shared {
	struct syncmap *map;
	struct own own[HOST_THREADS];
	u32 working;
};

static struct syncmap *growing_map(enum syncmap_policy policy, u32 shards)
{
	struct syncmap *map;

	shim_online_cpus = 1;
	map = host_map(HOST_CONFIG(.policy = policy, .shards = shards,
				   .key_size = 8, .value_size = 8));
	shim_online_cpus = 4;
	return map;
}

/* a value that tells its key, so that a torn or foreign one shows */
static u64 value_of(u64 key, u64 n)
{
	return key << 32 | (u32)n;
}

static int store(struct syncmap *map, u64 key, u64 value)
{
	return syncmap_store(map, &key, 8, &value, 8, GFP_KERNEL);
}

/* its status, by the engine below the API */
static int change(struct syncmap *map, enum sm_op op, u64 key, u64 value)
{
	return sm_map_change(map, &(struct sm_change){
		.op = op, .key = &key, .key_len = 8,
		.value = &value, .value_len = 8, .gfp = GFP_KERNEL });
}

static void load(struct shared *shared, struct own *own, u64 key)
{
	const struct syncmap_value *value;
	u64 bytes;

	rcu_read_lock();
	value = syncmap_load(shared->map, &key, 8);
	if (value) {
		memcpy(&bytes, value->data, 8);
		if (value->len != 8 || bytes >> 32 != key)
			host_thread_fail("key %llu has value %llx", key, bytes);
	} else if (key < RESIDENT) {
		host_thread_fail("key %llu is always there, and absent", key);
	}
	own->found += !!value;
	rcu_read_unlock();
	own->loads++;
}

static void note(struct own *own, int status)
{
	own->inserts += status == SM_INSERTED;
	own->updates += status == SM_REPLACED;
	own->deletes += status == SM_DELETED;
	if (status < 0)
		host_thread_fail("a change failed: %d", status);
}

static void one_step(struct shared *shared, struct host_thread *thread)
{
	static const enum sm_op ops[] = { SM_STORE, SM_LOAD_OR_STORE, SM_SWAP,
		SM_REPLACE, SM_DELETE };
	struct own *own = &shared->own[thread->index];
	u64 key = host_pick(thread, KEYS), what = host_pick(thread, 8);
	enum sm_op op = ops[host_pick(thread, ARRAY_SIZE(ops))];

	if (what < 4) {
		load(shared, own, host_pick(thread, 2) ? key : key % RESIDENT);
		return;
	}
	if (op == SM_DELETE && key < RESIDENT)
		op = SM_STORE;
	note(own, change(shared->map, op, key, value_of(key, own->loads)));
}

static void work(struct host_thread *thread)
{
	struct shared *shared = thread->arg;
	u32 i;

	for (i = 0; i < STEPS; i++)
		one_step(shared, thread);
	__atomic_fetch_sub(&shared->working, 1, __ATOMIC_SEQ_CST);
}

static bool working(struct shared *shared)
{
	return __atomic_load_n(&shared->working, __ATOMIC_SEQ_CST);
}

/* promotes, divides and reclaims as fast as it can */
static void disturb(struct host_thread *thread)
{
	struct shared *shared = thread->arg;
	struct syncmap *map = shared->map;

	while (working(shared)) {
		shim_work_run();
		rcu_read_lock();
		if (host_pick(thread, 2))
			sm_map_note_delete(map, rcu_dereference(map->router)->shard[0]);
		rcu_read_unlock();
		if (!host_pick(thread, 8) && sm_map_shards(map) < 64)
			sm_map_root_is_full(map);
	}
}

static void switch_policy(struct host_thread *thread)
{
	struct shared *shared = thread->arg;

	while (working(shared)) {
		sm_map_set_policy(shared->map, SYNCMAP_CLASSIC);
		sched_yield();
		sm_map_set_policy(shared->map, SYNCMAP_COW);
		sched_yield();
	}
}

static void expect_at_rest(struct shared *shared)
{
	struct own sum = { 0 };
	struct sm_stats stats;
	u32 i;

	for (i = 0; i < HOST_THREADS; i++) {
		sum.loads += shared->own[i].loads;
		sum.found += shared->own[i].found;
		sum.inserts += shared->own[i].inserts;
		sum.updates += shared->own[i].updates;
		sum.deletes += shared->own[i].deletes;
	}
	shim_settle();
	host_check(shared->map);
	sm_map_stats(shared->map, &stats);
	assert_int_equal(syncmap_len(shared->map), sum.inserts - sum.deletes);
	assert_int_equal(stats.value[SM_INSERTS], sum.inserts);
	assert_int_equal(stats.value[SM_UPDATES], sum.updates);
	assert_int_equal(stats.value[SM_DELETES], sum.deletes);
	assert_int_equal(stats.value[SM_HITS] + stats.value[SM_MISSES_FOUND],
			 sum.found);
	assert_int_equal(stats.value[SM_HITS] + stats.value[SM_ABSENTS] +
			 stats.value[SM_MISSES_FOUND] +
			 stats.value[SM_MISSES_ABSENT], sum.loads);
}

static void run_all(struct syncmap *map, const host_thread_fn *others, u32 n)
{
	struct shared all = { .map = map, .working = THREADS };
	host_thread_fn fns[HOST_THREADS];
	u32 i;
	u64 key;

	for (key = 0; key < RESIDENT; key++)
		assert_int_equal(store(map, key, value_of(key, 0)), 0);
	all.own[HOST_THREADS - 1].inserts = RESIDENT;
	for (i = 0; i < THREADS; i++)
		fns[i] = work;
	for (; i < THREADS + n; i++)
		fns[i] = others[i - THREADS];
	host_threads_each(i, fns, &all);
	expect_at_rest(&all);
}

static void cow(void **state)
{
	host_thread_fn others[] = { disturb };

	run_all(growing_map(SYNCMAP_COW, 1), others, 0);
	run_all(growing_map(SYNCMAP_COW, 0), others, 1);
}

static void classic(void **state)
{
	host_thread_fn others[] = { disturb };

	run_all(growing_map(SYNCMAP_CLASSIC, 1), others, 1);
}

static void both_policies(void **state)
{
	host_thread_fn others[] = { disturb, switch_policy };

	run_all(growing_map(SYNCMAP_COW, 0), others, 2);
}

/* what a range saw */
struct seen {
	u8 count[KEYS];
	u64 last;
	struct syncmap *map;
};

static bool see(const void *key, u32 key_len, const void *value, u32 value_len,
		void *arg)
{
	struct seen *seen = arg;
	u64 number, bytes;

	memcpy(&number, key, 8);
	memcpy(&bytes, value, 8);
	if (bytes >> 32 != number)
		host_thread_fail("range: key %llu with %llx", number, bytes);
	seen->count[number]++;
	return true;
}

static void range_on(struct host_thread *thread)
{
	struct shared *shared = thread->arg;
	struct seen *seen = calloc(1, sizeof(*seen));
	u64 key;

	while (working(shared)) {
		memset(seen->count, 0, sizeof(seen->count));
		if (syncmap_range(shared->map, see, seen, GFP_KERNEL))
			host_thread_fail("range failed");
		for (key = 0; key < KEYS; key++) {
			if (seen->count[key] > 1)
				host_thread_fail("range: key %llu twice", key);
			if (key < RESIDENT && !seen->count[key])
				host_thread_fail("range: key %llu not", key);
		}
	}
	free(seen);
}

static void ranges(void **state)
{
	host_thread_fn others[] = { range_on, disturb, switch_policy };

	run_all(growing_map(SYNCMAP_COW, 0), others, 2);
	run_all(growing_map(SYNCMAP_COW, 0), others, 3);
	run_all(growing_map(SYNCMAP_CLASSIC, 1), others, 2);
}

/* readings of the counters only grow, and are never ahead of what has begun */
static void read_counters(struct host_thread *thread)
{
	struct shared *shared = thread->arg;
	struct sm_stats before = { 0 }, now;
	u32 i;

	while (working(shared)) {
		sm_map_stats(shared->map, &now);
		for (i = 0; i < SM_NR_CPU_COUNTERS + SM_NR_LOCKED_COUNTERS; i++)
			if (now.value[i] < before.value[i])
				host_thread_fail("counter %u went back", i);
		before = now;
	}
	if (before.value[SM_HITS] + before.value[SM_MISSES_FOUND] >
	    (u64)THREADS * STEPS)
		host_thread_fail("more loads than there were");
}

static void counters(void **state)
{
	host_thread_fn others[] = { read_counters, disturb };

	run_all(growing_map(SYNCMAP_COW, 0), others, 2);
}

/* one key for all: each adds 1 by compare_and_swap */
static void add_one(struct host_thread *thread)
{
	struct shared *shared = thread->arg;
	const struct syncmap_value *value;
	u64 key = 1, old, new;
	u32 i;

	for (i = 0; i < STEPS / 4; i++) {
		do {
			rcu_read_lock();
			value = syncmap_load(shared->map, &key, 8);
			if (value)
				memcpy(&old, value->data, 8);
			rcu_read_unlock();
			new = old + 1;
		} while (syncmap_compare_and_swap(shared->map, &key, 8, &old, 8,
						  &new, 8, GFP_KERNEL) != 1);
	}
	__atomic_fetch_sub(&shared->working, 1, __ATOMIC_SEQ_CST);
}

/* keys that come and go beside it, so that its segment is copied */
static void churn(struct host_thread *thread)
{
	struct shared *shared = thread->arg;
	u64 key, i;

	for (i = 0; working(shared); i++) {
		key = 1000 + host_pick(thread, 300);
		if (i % 2)
			store(shared->map, key, value_of(key, i));
		else
			syncmap_delete(shared->map, &key, 8);
		load(shared, &shared->own[thread->index], key);
	}
}

static void no_update_is_lost(void **state)
{
	host_thread_fn fns[] = { add_one, add_one, add_one, churn, disturb,
				 switch_policy };
	struct shared shared = { .map = growing_map(SYNCMAP_COW, 0),
				 .working = 3 };
	u64 key = 1, value = 0;

	assert_int_equal(store(shared.map, key, 0), 0);
	host_threads_each(ARRAY_SIZE(fns), fns, &shared);
	value = 3 * (STEPS / 4);
	assert_int_equal(syncmap_compare_and_delete(shared.map, &key, 8,
						    &value, 8), 1);
}

#define TOKENS	(64 * 1024)

/* every value that was stored is given back once, or is still there */
struct tokens {
	struct shared shared;
	u32 next;
	u8 back[TOKENS];
};

static void give_back(struct tokens *tokens, const struct syncmap_buf *buf)
{
	u32 token;

	memcpy(&token, buf->data, 4);
	if (__atomic_fetch_add(&tokens->back[token], 1, __ATOMIC_RELAXED))
		host_thread_fail("value %u was given back twice", token);
}

static void pass_tokens(struct host_thread *thread)
{
	struct tokens *tokens = thread->arg;
	struct syncmap *map = tokens->shared.map;
	u64 bytes;
	struct syncmap_buf buf = { &bytes, 8, 0 };
	u64 key, value;

	for (;;) {
		key = host_pick(thread, 3);
		if (host_pick(thread, 2)) {
			if (syncmap_load_and_delete(map, &key, 8, &buf) == 1)
				give_back(tokens, &buf);
			continue;
		}
		value = __atomic_fetch_add(&tokens->next, 1, __ATOMIC_RELAXED);
		if (value >= TOKENS / HOST_SLOWER)
			break;
		if (syncmap_swap(map, &key, 8, &value, 8, &buf,
				 GFP_KERNEL) == 1)
			give_back(tokens, &buf);
	}
	__atomic_fetch_sub(&tokens->shared.working, 1, __ATOMIC_SEQ_CST);
}

static void no_store_is_lost(void **state)
{
	host_thread_fn fns[] = { pass_tokens, pass_tokens, pass_tokens, disturb };
	static struct tokens all;
	struct tokens *tokens = &all;
	u64 bytes, key;
	struct syncmap_buf buf = { &bytes, 8, 0 };
	u32 i;

	tokens->shared.map = growing_map(SYNCMAP_COW, 0);
	tokens->shared.working = 3;
	host_threads_each(ARRAY_SIZE(fns), fns, tokens);
	for (key = 0; key < 3; key++)
		if (syncmap_load_and_delete(tokens->shared.map, &key, 8, &buf))
			give_back(tokens, &buf);
	for (i = 0; i < TOKENS / HOST_SLOWER; i++)
		assert_int_equal(tokens->back[i], 1);
}

static void insert_to_limit(struct host_thread *thread)
{
	struct shared *shared = thread->arg;
	u64 key;
	int err;
	u32 i;

	for (i = 0; i < STEPS; i++) {
		key = host_pick(thread, 2000);
		if (host_pick(thread, 3))
			err = store(shared->map, key, value_of(key, i));
		else
			err = min(syncmap_delete(shared->map, &key, 8), 0);
		if (err && err != -ENOSPC)
			host_thread_fail("store failed: %d", err);
	}
	__atomic_fetch_sub(&shared->working, 1, __ATOMIC_SEQ_CST);
}

static bool count(const void *key, u32 key_len, const void *value,
		  u32 value_len, void *arg)
{
	++*(u64 *)arg;
	return true;
}

static void limit_is_kept(void **state)
{
	host_thread_fn fns[] = { insert_to_limit, insert_to_limit,
				 insert_to_limit, disturb };
	struct shared shared = { .working = 3 };
	u64 n = 0;

	shared.map = growing_map(SYNCMAP_COW, 0);
	assert_int_equal(sm_map_set_max_entries(shared.map, 700), 0);
	host_threads_each(ARRAY_SIZE(fns), fns, &shared);
	shim_settle();
	host_check(shared.map);
	assert_int_equal(syncmap_range(shared.map, count, &n, GFP_KERNEL), 0);
	assert_int_equal(n, syncmap_len(shared.map));
	assert_in_range(n, 600, 700);
}

/* loads from hardirq while the policy changes: none may take the lock */
static void load_in_hardirq(struct host_thread *thread)
{
	struct shared *shared = thread->arg;
	const struct syncmap_value *value;
	u64 key;
	u32 i;

	for (i = 0; i < STEPS * 4; i++) {
		key = host_pick(thread, 2) ? RESIDENT + 1 : host_pick(thread, 9);
		rcu_read_lock();
		shim_thread.context = SHIM_HARDIRQ;
		value = syncmap_load(shared->map, &key, 8);
		shim_thread.context = SHIM_PROCESS;
		if (!value && key < RESIDENT)
			host_thread_fail("key %llu is always there", key);
		if (IS_ERR(value) && value != ERR_PTR(-EOPNOTSUPP))
			host_thread_fail("an unknown error");
		rcu_read_unlock();
	}
	__atomic_fetch_sub(&shared->working, 1, __ATOMIC_SEQ_CST);
}

static void hardirq_takes_no_lock(void **state)
{
	host_thread_fn fns[] = { load_in_hardirq, switch_policy };
	struct shared shared = { .map = growing_map(SYNCMAP_COW, 1),
				 .working = 1 };
	u64 key;

	for (key = 0; key < RESIDENT; key++)
		assert_int_equal(store(shared.map, key, value_of(key, 0)), 0);
	host_threads_each(ARRAY_SIZE(fns), fns, &shared);
}

static void clear_often(struct host_thread *thread)
{
	struct shared *shared = thread->arg;

	while (working(shared)) {
		if (syncmap_clear(shared->map, GFP_KERNEL))
			host_thread_fail("clear failed");
		sched_yield();
	}
}

/* a pair of keys stored in order: the second is there if the first is */
static void store_pairs(struct host_thread *thread)
{
	struct shared *shared = thread->arg;
	struct syncmap *map = shared->map;
	u64 first = 10 * thread->index, second = first + 1, i;
	const struct syncmap_value *a, *b;

	for (i = 0; i < STEPS; i++) {
		store(map, second, value_of(second, i));
		store(map, first, value_of(first, i));
		rcu_read_lock();
		a = syncmap_load(map, &first, 8);
		b = syncmap_load(map, &second, 8);
		/* cleared in between is cleared both, or the later one stays */
		if (b && !a)
			host_thread_fail("half a clear in step %llu", i);
		rcu_read_unlock();
	}
	__atomic_fetch_sub(&shared->working, 1, __ATOMIC_SEQ_CST);
}

static void clear_is_whole(void **state)
{
	host_thread_fn fns[] = { store_pairs, store_pairs, clear_often,
				 disturb };
	struct shared shared = { .working = 2 };

	shared.map = growing_map(SYNCMAP_COW, 8);
	host_threads_each(ARRAY_SIZE(fns), fns, &shared);
	shim_settle();
	host_check(shared.map);
	shared.map = growing_map(SYNCMAP_COW, 0);
	shared.working = 2;
	host_threads_each(ARRAY_SIZE(fns), fns, &shared);
	shim_settle();
	host_check(shared.map);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("cow: what is always there is always found, counts are exact",
		  cow),
	HOST_TEST("classic: what is always there is always found, counts are exact",
		  classic),
	HOST_TEST("the policy may change under load", both_policies),
	HOST_TEST("range under load: no key twice, none missed that stays",
		  ranges),
	HOST_TEST("counters never go back under load", counters),
	HOST_TEST("no update is lost to a copy", no_update_is_lost),
	HOST_TEST("every value is given back once", no_store_is_lost),
	HOST_TEST("max_entries is kept by many at once", limit_is_kept),
	HOST_TEST("hardirq takes no lock while the policy changes",
		  hardirq_takes_no_lock),
	HOST_TEST("clear is whole, also while shards divide", clear_is_whole),
};

HOST_MAIN("concurrent", tests)
