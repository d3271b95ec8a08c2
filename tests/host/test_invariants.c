// SPDX-License-Identifier: GPL-2.0
/* The invariants of the design, each by name. */
#include "support/stages.h"
#include "support/threads.h"
#include <sched.h>
#include "../../kmod/core/map.h"
#include "shim/hooks_host.h"

static struct host_place place_of(struct syncmap *map, u64 number)
{
	struct sm_info info;
	struct host_key key;

	sm_map_info(map, &info);
	host_key(&key, info.config.key_size, number);
	return host_place(map, key.data, key.len);
}

/* keys that come, go and come again, with all that moves entries about */
static void churn(struct syncmap *map, u64 keys, u64 steps, u64 seed)
{
	u64 i, key;

	for (i = 0; i < steps; i++) {
		key = host_random(&seed) % keys;
		if (host_random(&seed) % 5 < 3)
			host_store(map, key, i);
		else
			host_delete(map, key);
		if (i % 1000 == 0)
			host_promote(map);
		if (i % 700 == 0)
			shim_work_run();
	}
}

static void one_entry_a_key(void **state)
{
	struct syncmap *map;
	u64 seed;

	for (seed = 1; seed <= 20; seed++) {
		map = host_map(HOST_CONFIG(.policy = host_policies[seed & 1],
					   .shards = seed & 2 ?: 1));
		churn(map, 100 * seed, 4000 / HOST_SLOWER, seed);
		host_check(map);
		host_map_free(map);
	}
}

static void links_under_the_lock(void **state)
{
	u64 before = shim_hooks.inserts;
	struct syncmap *map = host_map(HOST_CONFIG());

	/* the hook is a violation without a lock; the fixture looks for those */
	churn(map, 1000, 5000, 1);
	assert_int_equal(shim_hooks.inserts - before >= 600, true);
}

static void copies_share_entries(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_COW, STAGE_AMENDED);
	struct host_place p = place_of(map, STAGE_KEY);

	assert_ptr_equal(p.read, p.dirty);
	assert_ptr_not_equal(p.segment, p.dirty_segment);
	host_store(map, STAGE_KEY, 33);
	assert_ptr_equal(place_of(map, STAGE_KEY).dirty, p.read);
	host_promote(map);
	host_expect(map, STAGE_KEY, 33);
	assert_ptr_equal(place_of(map, STAGE_KEY).read, p.read);
}

/* a writer that found the entry before the copy, and writes after it */
static void copies_leave_no_writer_behind(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_COW, STAGE_SNAPSHOT);
	struct sm_entry *entry = (void *)place_of(map, STAGE_KEY).read;
	struct syncmap_value *old, *new;

	new = sm_value_alloc(map, "late", 4, GFP_KERNEL);
	rcu_read_lock();
	old = sm_entry_value(entry);
	host_store_gfp(map, 100, 0, GFP_ATOMIC);
	host_promote(map);
	assert_int_equal(host_store_gfp(map, 101, 0, GFP_ATOMIC), 0);
	assert_true(sm_entry_replace(entry, old, new));
	sm_entry_retire_value(map, entry, old);
	rcu_read_unlock();
	rcu_read_lock();
	assert_ptr_equal(syncmap_load(map, "\1", 1), new);
	rcu_read_unlock();
	host_promote(map);
	host_check(map);
}

static void leaving_is_expunging(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_COW, STAGE_DELETED);
	const struct sm_entry *entry = place_of(map, STAGE_KEY).read;

	assert_null(sm_entry_value(entry));
	host_store(map, 100, 0);
	assert_ptr_equal(sm_entry_value(entry), SM_EXPUNGED);
	assert_null(place_of(map, STAGE_KEY).dirty);
	host_expect_absent(map, STAGE_KEY);
}

static void none_writes_over_expunged(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_COW, STAGE_EXPUNGED);
	const struct sm_entry *entry = place_of(map, STAGE_KEY).read;

	assert_false(host_delete(map, STAGE_KEY));
	assert_int_equal(syncmap_compare_and_swap(map, "\1", 1, "", 0, "v", 1,
						  GFP_KERNEL), 0);
	assert_int_equal(sm_map_change(map, &(struct sm_change){
		.op = SM_REPLACE, .key = "\1", .key_len = 1, .value = "v",
		.value_len = 1, .gfp = GFP_KERNEL }), SM_ABSENT);
	assert_ptr_equal(sm_entry_value(entry), SM_EXPUNGED);
	host_check(map);
}

static void expunged_is_revived(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_COW, STAGE_EXPUNGED);
	const struct sm_entry *entry = place_of(map, STAGE_KEY).read;

	host_store(map, STAGE_KEY, 5);
	assert_ptr_equal(place_of(map, STAGE_KEY).dirty, entry);
	host_expect(map, STAGE_KEY, 5);
	host_check(map);
	host_promote(map);
	shim_settle();
	assert_ptr_equal(place_of(map, STAGE_KEY).read, entry);
	host_expect(map, STAGE_KEY, 5);
}

static void new_entries_are_linked_expunged(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	struct sm_entry *entry = sm_entry_alloc(map, 0, &(struct sm_change){
		.key = "k", .key_len = 1, .value = "v", .value_len = 1,
		.gfp = GFP_KERNEL });

	assert_ptr_equal(sm_entry_value(entry), SM_EXPUNGED);
	sm_entry_free(map, entry);
}

/* the slots of @segment as they are in @line, or empty there */
static void slots_stay(const struct sm_segment *segment,
		       const struct sm_line *line)
{
	const struct sm_line *now = segment->line;
	u32 i, slot;

	for (i = 0; i < SM_SEGMENT_LINES; i++)
		for (slot = 0; slot < SM_LINE_SLOTS; slot++) {
			if (!(line[i].tags >> slot * 8 & 0xff))
				continue;
			assert_int_equal(now[i].tags >> slot * 8 & 0xff,
					 line[i].tags >> slot * 8 & 0xff);
			assert_ptr_equal(now[i].slot[slot], line[i].slot[slot]);
		}
}

static void slots_never_move(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1));
	struct sm_line before[SM_SEGMENT_LINES];
	const struct sm_segment *segment;
	u64 key, compared = 0;

	for (key = 0; key < 2000; key++) {
		segment = place_of(map, key).dirty_segment;
		if (segment)
			memcpy(before, segment->line, sizeof(before));
		if (key > 10)
			host_delete(map, key - 10);
		/* reading is not enough to be told of a freed segment */
		rcu_read_lock();
		assert_int_equal(host_store_gfp(map, key, 0, GFP_ATOMIC), 0);
		if (segment) {
			slots_stay(segment, before);
			compared++;
		}
		rcu_read_unlock();
	}
	assert_true(compared > 1900);
}

static void tags_come_last(void **state)
{
	struct sm_line line = { 0 };
	u64 tags;
	u32 tag, other;

	/* a byte that borrows matches falsely, but never an empty slot */
	for (tag = 2; tag < 256; tag++) {
		for (other = 0; other < 256; other++) {
			tags = tag | other << 8;
			if (sm_line_match(tags, tag) & 0x8000)
				assert_true(other >= 2);
		}
		assert_int_equal(sm_line_match(line.tags, tag), 0);
		assert_int_equal(sm_line_match(0xff00000000000000, tag), 0);
	}
	for (tag = 0; tag < 256; tag++)
		assert_true(sm_hash_tag(tag) >= 2);
}

static void snapshot_is_frozen(struct syncmap_config config, u64 seed)
{
	struct syncmap *map = host_map(&config);
	struct host_frozen frozen;
	u64 i, key;

	churn(map, 2000, 6000 / HOST_SLOWER, seed);
	host_promote(map);
	rcu_read_lock();
	host_frozen_take(&frozen, map);
	assert_true(frozen.n > 4);
	for (i = 0; i < 3000; i++) {
		key = host_random(&seed) % 4000;
		if (i % 3)
			assert_int_equal(host_store_gfp(map, key, i,
							GFP_ATOMIC), 0);
		else
			host_delete(map, key);
		host_has(map, key + 1);
		if (i % 1000 == 999)
			host_promote(map);
	}
	host_frozen_check(&frozen);
	rcu_read_unlock();
	host_check(map);
	host_map_free(map);
}

static void segments_are_frozen(void **state)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;
	u64 seed;

	for (seed = 1; seed <= 8; seed++) {
		config.policy = host_policies[seed & 1];
		config.shards = seed & 2 ? 1 : 4;
		snapshot_is_frozen(config, seed);
	}
}

/* divided with a dirty table and without, full of keys and almost empty */
static void segments_have_one_shard(void **state)
{
	struct syncmap *map;
	u64 key;

	shim_online_cpus = 1;
	map = host_map(HOST_CONFIG(.key_size = 8, .value_size = 8));
	shim_online_cpus = 4;
	for (key = 0; sm_map_shards(map) < 8; key++) {
		assert_true(key < 400000);
		host_store(map, key, key);
		if (key % 40000 == 20000)
			host_promote(map);
		if (map->reshard_work.pending) {
			shim_work_run();
			host_check(map);
		}
	}
}

/* the main thread holds the lock until all others wait for it */
static void race_for_lock(struct syncmap *map, u32 n,
			  const host_thread_fn *fns)
{
	struct sm_router *router = rcu_dereference_raw(map->router);
	struct sm_hold hold;

	sm_lock(router->shard[0], &hold);
	host_threads_start(n, fns, map);
	while (shim_waiting() < n)
		sched_yield();
	sm_unlock(&hold);
	host_threads_join();
}

static void store_one(struct host_thread *thread)
{
	if (host_store_gfp(thread->arg, 7, thread->index, GFP_KERNEL))
		host_thread_fail("store failed");
}

static void views_looked_at_again(void **state)
{
	host_thread_fn fns[] = { store_one, store_one, store_one };
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1));
	u32 i;

	for (i = 0; i < 100 / HOST_SLOWER; i++) {
		race_for_lock(map, ARRAY_SIZE(fns), fns);
		assert_int_equal(syncmap_len(map), 1);
		assert_int_equal(host_check(map).linked, 1);
		assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
	}
}

static void divide(struct host_thread *thread)
{
	struct syncmap *map = thread->arg;

	sm_map_reshard_work(&map->reshard_work);
}

/* one shard whose root is full, so that it is to be divided */
static struct syncmap *full_map(void)
{
	struct syncmap *map;
	u64 i;

	shim_online_cpus = 1;
	map = host_map(HOST_CONFIG(.key_size = 8, .value_size = 8));
	shim_online_cpus = 4;
	for (i = 1000; !map->reshard_work.pending; i++)
		host_store(map, i, i);
	return map;
}

static void moved_looked_at_again(void **state)
{
	host_thread_fn fns[] = { store_one, divide };
	u32 i, shards = 0;
	struct syncmap *map;
	u64 keys;

	for (i = 0; i < 6; i++) {
		map = full_map();
		keys = syncmap_len(map);
		race_for_lock(map, ARRAY_SIZE(fns), fns);
		shards += sm_map_shards(map);
		assert_true(host_has(map, 7));
		assert_int_equal(syncmap_len(map), keys + 1);
		host_check(map);
		host_map_free(map);
	}
	assert_int_equal(shards, 12);
}

/* or who finds one, and then the other, would think that nothing happened */
static void empty_is_not_moved(void **state)
{
	assert_ptr_not_equal(sm_view_empty, sm_view_moved);
}

/* between the two stores by which a shard moves: its snapshot is still there */
static void expunged_leads_on(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_COW, STAGE_EXPUNGED);
	struct sm_router *from = rcu_dereference_raw(map->router), *to;
	unsigned long dirty = from->shard[0]->dirty;

	to = sm_router_alloc(map, from->world, 0, GFP_KERNEL);
	assert_false(IS_ERR(to));
	from->shard[0]->dirty = (unsigned long)to | SM_MOVED;
	host_store(map, STAGE_KEY, 11);
	host_expect(map, STAGE_KEY, 11);
	assert_true(host_delete(map, STAGE_KEY));
	from->shard[0]->dirty = dirty;
	host_expect_absent(map, STAGE_KEY);
	sm_router_free_shards(to);
}

static void values_wait_for_readers(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	const struct syncmap_value *swapped, *deleted, *cleared;

	host_store(map, 1, 11);
	host_store(map, 2, 12);
	host_store(map, 3, 13);
	rcu_read_lock();
	swapped = syncmap_load(map, "\1", 1);
	deleted = syncmap_load(map, "\2", 1);
	cleared = syncmap_load(map, "\3", 1);
	assert_int_equal(host_store_gfp(map, 1, 21, GFP_ATOMIC), 0);
	assert_true(host_delete(map, 2));
	assert_int_equal(syncmap_clear(map, GFP_ATOMIC), 0);
	assert_true(host_value_is(swapped->data, swapped->len,
				  SYNCMAP_VALUE_ANY, 11));
	assert_true(host_value_is(deleted->data, deleted->len,
				  SYNCMAP_VALUE_ANY, 12));
	assert_true(host_value_is(cleared->data, cleared->len,
				  SYNCMAP_VALUE_ANY, 13));
	rcu_read_unlock();
}

static void routers_wait_for_readers(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 4));
	struct sm_router *router;
	u32 i;

	host_fill(map, 0, 100);
	shim_worker_start();
	rcu_read_lock();
	router = rcu_dereference(map->router);
	assert_int_equal(syncmap_clear(map, GFP_ATOMIC), 0);
	shim_work_run();
	for (i = 0; i < 4; i++)
		assert_ptr_equal(router->shard[i]->map, map);
	rcu_read_unlock();
	shim_worker_stop();
}

/* a reader that stands in old views while everything is replaced */
static void views_wait_for_readers(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 1));
	struct sm_dir *read, *dirty;
	struct sm_shard *shard;
	struct host_key key;
	u64 i, hash, found = 0;

	host_fill(map, 200, 3000);
	host_promote(map);
	host_fill(map, 3000, 3200);
	rcu_read_lock();
	shard = rcu_dereference(map->router)->shard[0];
	read = rcu_dereference(shard->read);
	dirty = sm_dirty_view(shard->dirty);
	for (i = 200; i < 3200; i += 2)
		host_delete(map, i);
	for (i = 4000; i < 7000; i++)
		assert_int_equal(host_store_gfp(map, i, i, GFP_ATOMIC), 0);
	host_promote(map);
	assert_int_equal(syncmap_clear(map, GFP_ATOMIC), 0);
	for (i = 200; i < 3200; i++) {
		host_key(&key, 0, i);
		hash = sm_map_hash(map, key.data, key.len);
		found += !!sm_view_find(read, hash, key.data, key.len);
		/* it changed until it was promoted, but is there */
		sm_view_find(dirty, hash, key.data, key.len);
	}
	assert_int_equal(found, 2800);
	rcu_read_unlock();
}

static void only_the_winner_frees(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	u64 bytes;

	/* what lost is freed at once, what was replaced after a grace period */
	host_store(map, 1, 10);
	host_store(map, 1, 11);
	shim_settle();
	bytes = host_bytes(map);
	assert_int_equal(syncmap_load_or_store(map, "\1", 1, "other", 5, NULL,
					       GFP_KERNEL), 1);
	assert_int_equal(syncmap_compare_and_swap(map, "\1", 1, "no", 2, "v", 1,
						  GFP_KERNEL), 0);
	assert_int_equal(host_bytes(map), bytes);
	host_store(map, 1, 11);
	assert_int_equal(host_bytes(map), bytes);
}

/* the first value is in the entry, and read there until the entry is freed */
static void first_value_goes_with_its_entry(void **state)
{
	struct syncmap *map = host_stage(SYNCMAP_COW, STAGE_SNAPSHOT);
	struct sm_entry *entry = (void *)place_of(map, STAGE_KEY).read;
	const struct syncmap_value *first = sm_entry_value(entry);
	u64 bytes = host_bytes(map);
	char kept[8];

	assert_ptr_equal(first, sm_entry_own(entry));
	memcpy(kept, first->data, min_t(u32, first->len, sizeof(kept)));
	rcu_read_lock();
	assert_int_equal(host_store_gfp(map, STAGE_KEY, 77, GFP_ATOMIC), 0);
	assert_ptr_not_equal(sm_entry_value(entry), first);
	assert_true(host_bytes(map) > bytes);
	host_delete(map, STAGE_KEY);
	assert_int_equal(host_bytes(map), bytes);
	assert_int_equal(syncmap_clear(map, GFP_ATOMIC), 0);
	assert_memory_equal(kept, first->data,
			    min_t(u32, first->len, sizeof(kept)));
	rcu_read_unlock();
	shim_settle();
	assert_true(host_bytes(map) < bytes);
}

static void no_allocation_locked(void **state)
{
	unsigned long before = shim_thread.allocs_locked;
	struct syncmap *map;
	u32 i;

	for (i = 0; i < 2; i++) {
		shim_online_cpus = 1;
		map = host_map(HOST_CONFIG(.policy = host_policies[i]));
		shim_online_cpus = 4;
		churn(map, 40000, 100000 / HOST_SLOWER, 3);
		assert_int_equal(sm_map_set_policy(map, host_policies[!i]), 0);
		churn(map, 40000, 30000 / HOST_SLOWER, 4);
		assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
		shim_settle();
	}
	assert_int_equal(shim_thread.allocs_locked, before);
}

static void exit_waits_for_callbacks(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());

	host_fill(map, 0, 1000);
	host_promote(map);
	host_fill(map, 1000, 3000);
	assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
	host_fill(map, 0, 500);
	host_map_free(map);
	/* caches that are destroyed with objects in them are a violation */
	sm_core_exit();
	assert_int_equal(sm_core_init(), 0);
}

static long counters_of(u32 shards)
{
	long before = shim_memory().percpu;
	struct syncmap *map = host_map(HOST_CONFIG(.shards = shards));
	long n = shim_memory().percpu - before;

	host_map_free(map);
	return n;
}

static void one_block_a_shard(void **state)
{
	assert_int_equal(counters_of(64) - counters_of(32), 32);
	assert_int_equal(counters_of(4096) - counters_of(1024), 3072);
	assert_true(sizeof(struct sm_cpu_counters) < 32768 / 8);
}

static void blocks_are_kept(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG(.shards = 16));
	long once;
	u32 i;

	assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
	shim_settle();
	once = shim_memory().percpu;
	for (i = 0; i < 10; i++) {
		host_fill(map, 0, 10);
		assert_int_equal(syncmap_clear(map, GFP_KERNEL), 0);
		shim_settle();
	}
	assert_int_equal(shim_memory().percpu, once);
	assert_int_equal(host_counter(map, SM_INSERTS), 100);
}

/* a walk that is interrupted after each entry */
struct walk {
	struct syncmap *map;
	u8 *seen;
	u64 hash;
	u32 n;
	u32 stop;
};

static bool visit(const void *key, u32 key_len,
		  const struct syncmap_value *value, void *arg)
{
	struct walk *walk = arg;
	u64 hash = sm_map_hash(walk->map, key, key_len);
	u64 number = host_key_number(key, key_len, 8);

	if (walk->n == walk->stop)
		return false;
	assert_true(hash >= walk->hash);
	assert_false(walk->seen[number]);
	walk->seen[number] = true;
	walk->hash = hash;
	walk->n++;
	return true;
}

#define WALKED	20000	/* keys that stay; others come and go above them */

static void disturb(struct syncmap *map, u64 i)
{
	u64 first = WALKED + i * 50, key;

	for (key = first; key < first + 50; key++)
		host_store(map, key, key);
	for (key = first; i % 3 && key < first + 40; key++)
		host_delete(map, key);
	if (i % 5 == 0)
		host_promote(map);
	if (i % 7 == 0)
		shim_work_run();
}

static void cursor_survives(void **state)
{
	struct walk walk = { .seen = test_calloc(200000, 1) };
	struct sm_cursor cursor = { 0 };
	struct syncmap *map;
	u64 i, shards;

	shim_online_cpus = 1;
	map = host_map(HOST_CONFIG(.key_size = 8, .value_size = 8));
	shim_online_cpus = 4;
	host_fill(map, 0, WALKED);
	shards = sm_map_shards(map);
	walk.map = map;
	for (i = 0; !cursor.done; i++) {
		walk.stop = walk.n + 17;
		if (sm_map_walk(map, &cursor, visit, &walk))
			break;
		disturb(map, i);
	}
	for (i = 0; i < WALKED; i++)
		assert_true(walk.seen[i]);
	assert_true(sm_map_shards(map) > shards);
	assert_true(host_counter(map, SM_SEGMENT_SPLITS) > 100);
	assert_true(host_counter(map, SM_PROMOTIONS) > 100);
	test_free(walk.seen);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("invariant 1: there is at most one linked entry for a key",
		  one_entry_a_key),
	HOST_TEST("invariant 1: linking and copying happen under the lock",
		  links_under_the_lock),
	HOST_TEST("invariant 2: copies share entries, values are never copied",
		  copies_share_entries),
	HOST_TEST("invariant 2: a writer is not left behind in an old copy",
		  copies_leave_no_writer_behind),
	HOST_TEST("invariant 3: an entry leaves a view EXPUNGED",
		  leaving_is_expunging),
	HOST_TEST("invariant 3: nothing without the lock writes over EXPUNGED",
		  none_writes_over_expunged),
	HOST_TEST("invariant 3: a store revives the EXPUNGED entry itself",
		  expunged_is_revived),
	HOST_TEST("invariant 3: a new entry is linked EXPUNGED",
		  new_entries_are_linked_expunged),
	HOST_TEST("invariant 4: slots never move in a private segment",
		  slots_never_move),
	HOST_TEST("invariant 4: no match of tags leads to an empty slot",
		  tags_come_last),
	HOST_TEST("invariant 5: a segment reachable from read is frozen",
		  segments_are_frozen),
	HOST_TEST("invariant 5: a segment belongs to one shard",
		  segments_have_one_shard),
	HOST_TEST("invariant 6: the views are looked at again under the lock",
		  views_looked_at_again),
	HOST_TEST("invariant 6: MOVED is looked at again under the lock",
		  moved_looked_at_again),
	HOST_TEST("invariant 6: an empty view is told from that of a shard that moved",
		  empty_is_not_moved),
	HOST_TEST("invariant 6: a key EXPUNGED in a shard that moves is asked for where it moved",
		  expunged_leads_on),
	HOST_TEST("invariant 7: a value is freed after a grace period",
		  values_wait_for_readers),
	HOST_TEST("invariant 7: a router likewise", routers_wait_for_readers),
	HOST_TEST("invariant 7: views, segments and entries likewise",
		  views_wait_for_readers),
	HOST_TEST("invariant 7: a first value goes with its entry",
		  first_value_goes_with_its_entry),
	HOST_TEST("invariant 7: what won is freed, and what lost, once",
		  only_the_winner_frees),
	HOST_TEST("invariant 8: nothing is allocated with the lock held",
		  no_allocation_locked),
	HOST_TEST("invariant 8: the module waits for its callbacks",
		  exit_waits_for_callbacks),
	HOST_TEST("invariant 9: one per-CPU block of counters for each shard",
		  one_block_a_shard),
	HOST_TEST("invariant 9: blocks outlive their shards",
		  blocks_are_kept),
	HOST_TEST("invariant 10: a cursor survives growth, promotion and sharding",
		  cursor_survives),
};

HOST_MAIN("invariants", tests)
