// SPDX-License-Identifier: GPL-2.0
/*
 * Hashes that collide: in the tag, in the line, in all bits that a directory
 * can use, in all bits (golang/go#73427).
 */
#include "support/test.h"
#include "../../kmod/core/map.h"

#define KEYS	3000

/* how the bits of the hash are chosen for the nth key */
typedef u64 (*chooser)(u64 n);

struct kind {
	struct syncmap *map;
	chooser hash;
	u32 same;	/* keys with the same hash, at most 64 */
};

static void key_of(const struct kind *kind, u64 n, u8 key[16])
{
	host_hash_key(key, kind->hash(n / kind->same), n % kind->same);
}

static u64 one_line(u64 n)
{
	return n << 50 | 3 << 8 | (n & 0xff);
}

static u64 one_tag(u64 n)
{
	return n << 50 | (n & 7) << 8 | 0x42;
}

static u64 one_line_and_tag(u64 n)
{
	return n << 44 | 3 << 8 | 0x42;
}

/* only the bits below the deepest directory differ */
static u64 one_place(u64 n)
{
	return 0xabcdef123ULL << 28 | n << 11 | 5 << 8 | 0x42;
}

static u64 one_hash(u64 n)
{
	return n * 0x9e3779b97f4a7c15ULL;
}

static u64 spread(u64 n)
{
	return n * 0x9e3779b97f4a7c15ULL;
}

/* tags 0 and 1 are spoken for */
static u64 low_tags(u64 n)
{
	return n << 50 | (n & 7) << 8 | (n & 3);
}

static void expect(const struct kind *kind, u64 n, bool present, u64 value)
{
	const struct syncmap_value *v;
	u8 key[16];

	key_of(kind, n, key);
	rcu_read_lock();
	v = syncmap_load(kind->map, key, 16);
	assert_int_equal(!!v, present);
	if (v)
		assert_memory_equal(v->data, &value, sizeof(value));
	rcu_read_unlock();
}

static void store(const struct kind *kind, u64 n, u64 value)
{
	u8 key[16];

	key_of(kind, n, key);
	assert_int_equal(syncmap_store(kind->map, key, 16, &value,
				       sizeof(value), GFP_KERNEL), 0);
}

static void remove_key(const struct kind *kind, u64 n)
{
	u8 key[16];

	key_of(kind, n, key);
	assert_int_equal(syncmap_delete(kind->map, key, 16), 1);
}

/* keys below @n are there with their number + @add, but those 1 modulo @gap */
static void expect_all(const struct kind *kind, u64 n, u64 add, u32 gap)
{
	u64 i;

	for (i = 0; i < n; i++)
		expect(kind, i, !gap || i % gap != 1, i + add);
	for (; i < n + 200; i++)
		expect(kind, i, false, 0);
	host_check(kind->map);
}

struct order {
	struct syncmap *map;
	u64 hash;
	u8 key[16];
	u64 n;
};

static bool in_order(const void *key, u32 key_len,
		     const struct syncmap_value *value, void *arg)
{
	struct order *order = arg;
	u64 hash = sm_map_hash(order->map, key, key_len);

	if (order->n) {
		assert_true(hash >= order->hash);
		if (hash == order->hash)
			assert_true(memcmp(order->key, key, 16) < 0);
	}
	order->hash = hash;
	memcpy(order->key, key, 16);
	order->n++;
	return true;
}

static void expect_walk(const struct kind *kind, u64 n)
{
	struct order order = { .map = kind->map };
	struct sm_cursor cursor = { 0 };

	assert_true(sm_map_walk(kind->map, &cursor, in_order, &order));
	assert_int_equal(order.n, n);
}

static void remove_and_store(struct kind *kind, u64 n)
{
	u64 i;

	for (i = 1; i < n; i += 3)
		remove_key(kind, i);
	expect_all(kind, n, 5, 3);
	shim_settle();
	expect_all(kind, n, 5, 3);
	host_promote(kind->map);
	for (i = 1; i < n; i += 3)
		store(kind, i, i + 5);
	expect_all(kind, n, 5, 0);
}

static void collide(chooser hash, u32 same, enum syncmap_policy policy)
{
	const u64 n = KEYS / (policy == SYNCMAP_CLASSIC ? 4 : 1);
	struct kind kind = { .hash = hash, .same = same };
	u64 i;

	kind.map = host_map(HOST_CONFIG(.policy = policy, .shards = 1,
					.key_size = 16));
	host_open_hash(kind.map);
	for (i = 0; i < n; i++) {
		store(&kind, i, i);
		if (i % 400 == 0)
			host_promote(kind.map);
	}
	expect_all(&kind, n, 0, 0);
	for (i = 0; i < n; i++)
		store(&kind, i, i + 5);
	expect_all(&kind, n, 5, 0);
	remove_and_store(&kind, n);
	expect_walk(&kind, n);
	for (i = 0; i < n; i++)
		remove_key(&kind, i);
	assert_int_equal(syncmap_len(kind.map), 0);
	expect_walk(&kind, 0);
	host_map_free(kind.map);
}

static void collide_both(chooser hash, u32 same)
{
	collide(hash, same, SYNCMAP_COW);
	collide(hash, same, SYNCMAP_CLASSIC);
}

static void lines(void **state)
{
	collide_both(one_line, 1);
}

static void tags(void **state)
{
	collide_both(one_tag, 1);
	collide_both(low_tags, 1);
}

static void lines_and_tags(void **state)
{
	collide_both(one_line_and_tag, 1);
}

static void places(void **state)
{
	collide_both(one_place, 1);
}

static void hashes(void **state)
{
	collide_both(one_hash, 64);
	collide_both(spread, 2);
	collide_both(one_place, 64);
}

/* a lookup's work where all keys are in one chain of segments */
static void chains_are_reclaimed(void **state)
{
	struct kind kind = { .hash = one_place, .same = 64 };
	u64 i, chained;

	kind.map = host_map(HOST_CONFIG(.shards = 1, .key_size = 16));
	host_open_hash(kind.map);
	for (i = 0; i < KEYS; i++)
		store(&kind, i, i);
	chained = host_check(kind.map).chained;
	assert_true(chained >= KEYS / SM_SEGMENT_SLOTS - 1);
	for (i = 0; i < KEYS; i++)
		remove_key(&kind, i);
	shim_settle();
	assert_true(host_counter(kind.map, SM_TOMBSTONES) < KEYS / 2);
}

/* two maps, and a map and its successor, do not hash alike */
static void secrets(void **state)
{
	struct syncmap *one = host_map(HOST_CONFIG());
	struct syncmap *two = host_map(HOST_CONFIG());

	assert_true(sm_map_hash(one, "key", 3) != sm_map_hash(two, "key", 3));
	assert_true(one->secret.word[0] & 1);
}

/* keys that differ in one bit, or in length, spread evenly */
static void spreads(void **state)
{
	struct syncmap *map = host_map(HOST_CONFIG());
	u32 count[64] = { 0 }, tags[256] = { 0 }, i;
	u64 key, hash;

	for (key = 0; key < 64 * 1024; key++) {
		hash = sm_map_hash(map, &key, 8);
		count[hash >> 58]++;
		tags[sm_hash_tag(hash)]++;
	}
	for (i = 0; i < 64; i++)
		assert_in_range(count[i], 800, 1250);
	assert_int_equal(tags[0] + tags[1], 0);
	for (i = 4; i < 256; i++)
		assert_in_range(tags[i], 150, 380);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("keys of one bucket line go on to the next lines", lines),
	HOST_TEST("keys with one tag are told apart", tags),
	HOST_TEST("keys with one line and one tag are told apart",
		  lines_and_tags),
	HOST_TEST("keys whose hash has no bits left to split by are chained",
		  places),
	HOST_TEST("keys with the same hash are told apart", hashes),
	HOST_TEST("tombstones in chains are given back", chains_are_reclaimed),
	HOST_TEST("each map has a secret of its own", secrets),
	HOST_TEST("the hash spreads numbers over shards and tags", spreads),
};

HOST_MAIN("collisions", tests)
