// SPDX-License-Identifier: GPL-2.0
/*
 * What each call answers, row by row of Go's sync.Map: the same in process and
 * in softirq context, for each policy, for fixed and for any sizes.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include "consumer.h"

/* where a call copies a value to */
struct copy {
	u8 data[16];
	struct syncmap_buf buf;
};

static struct syncmap_buf *copy_to(struct copy *copy)
{
	memset(copy->data, 0xee, sizeof(copy->data));
	copy->buf = (struct syncmap_buf) {
		.data = copy->data,
		.size = sizeof(copy->data),
		.len = 99,
	};
	return &copy->buf;
}

static bool copied(struct check_env *env, const struct copy *copy,
		   const char *value)
{
	struct text t = text_of(env, value);

	return text_equals(&t, copy->data, copy->buf.len);
}

static void check_load_store(struct check_env *env)
{
	EXPECT(env, lacks(env, "a"));
	EXPECT(env, !put(env, "a", "one"));
	EXPECT(env, holds(env, "a", "one"));
	EXPECT(env, !put(env, "a", "two"));
	EXPECT(env, holds(env, "a", "two"));
	EXPECT(env, lacks(env, "b"));
	EXPECT(env, syncmap_len(env->map) == 1);
}

static int add(struct check_env *env, const char *key, const char *value,
	       struct syncmap_buf *actual)
{
	struct text k = text_of(env, key), v = text_of(env, value);

	return syncmap_load_or_store(env->map, k.data, k.len, v.data, v.len,
				     actual, env->gfp);
}

static void check_load_or_store(struct check_env *env)
{
	struct copy got;

	EXPECT(env, add(env, "a", "one", copy_to(&got)) == 0);
	EXPECT(env, holds(env, "a", "one"));
	EXPECT(env, add(env, "a", "two", copy_to(&got)) == 1);
	EXPECT(env, copied(env, &got, "one"));
	EXPECT(env, holds(env, "a", "one"));
	EXPECT(env, add(env, "a", "two", NULL) == 1);
	EXPECT(env, drop(env, "a") == 1);
	EXPECT(env, add(env, "a", "six", NULL) == 0);
	EXPECT(env, holds(env, "a", "six"));
}

static int swap_in(struct check_env *env, const char *key, const char *value,
		   struct syncmap_buf *previous)
{
	struct text k = text_of(env, key), v = text_of(env, value);

	return syncmap_swap(env->map, k.data, k.len, v.data, v.len, previous,
			    env->gfp);
}

static void check_swap(struct check_env *env)
{
	struct copy got;

	EXPECT(env, swap_in(env, "a", "one", copy_to(&got)) == 0);
	EXPECT(env, holds(env, "a", "one"));
	EXPECT(env, swap_in(env, "a", "two", copy_to(&got)) == 1);
	EXPECT(env, copied(env, &got, "one"));
	EXPECT(env, holds(env, "a", "two"));
	EXPECT(env, swap_in(env, "a", "six", NULL) == 1);
	EXPECT(env, holds(env, "a", "six"));
}

static void check_load_and_delete(struct check_env *env)
{
	struct text k = text_of(env, "a");
	struct copy got;

	EXPECT(env, syncmap_load_and_delete(env->map, k.data, k.len,
					    copy_to(&got)) == 0);
	EXPECT(env, !put(env, "a", "one"));
	EXPECT(env, syncmap_load_and_delete(env->map, k.data, k.len,
					    copy_to(&got)) == 1);
	EXPECT(env, copied(env, &got, "one"));
	EXPECT(env, lacks(env, "a"));
	EXPECT(env, syncmap_load_and_delete(env->map, k.data, k.len,
					    NULL) == 0);
}

static void check_delete(struct check_env *env)
{
	EXPECT(env, drop(env, "a") == 0);
	EXPECT(env, !put(env, "a", "one"));
	EXPECT(env, !put(env, "b", "two"));
	EXPECT(env, drop(env, "a") == 1);
	EXPECT(env, lacks(env, "a"));
	EXPECT(env, holds(env, "b", "two"));
	EXPECT(env, drop(env, "a") == 0);
	EXPECT(env, !put(env, "a", "six"));
	EXPECT(env, holds(env, "a", "six"));
}

static int cas(struct check_env *env, const char *key, const char *old,
	       const char *new)
{
	struct text k = text_of(env, key), o = text_of(env, old);
	struct text n = text_of(env, new);

	return syncmap_compare_and_swap(env->map, k.data, k.len, o.data, o.len,
					n.data, n.len, env->gfp);
}

static void check_compare_and_swap(struct check_env *env)
{
	EXPECT(env, cas(env, "a", "", "one") == 0);
	EXPECT(env, lacks(env, "a"));
	EXPECT(env, !put(env, "a", "one"));
	EXPECT(env, cas(env, "a", "two", "six") == 0);
	EXPECT(env, holds(env, "a", "one"));
	EXPECT(env, cas(env, "a", "one", "six") == 1);
	EXPECT(env, holds(env, "a", "six"));
	EXPECT(env, cas(env, "a", "one", "two") == 0);
	EXPECT(env, drop(env, "a") == 1);
	EXPECT(env, cas(env, "a", "six", "two") == 0);
	EXPECT(env, lacks(env, "a"));
}

static int cad(struct check_env *env, const char *key, const char *old)
{
	struct text k = text_of(env, key), o = text_of(env, old);

	return syncmap_compare_and_delete(env->map, k.data, k.len, o.data,
					  o.len);
}

static void check_compare_and_delete(struct check_env *env)
{
	EXPECT(env, cad(env, "a", "") == 0);
	EXPECT(env, !put(env, "a", "one"));
	EXPECT(env, cad(env, "a", "two") == 0);
	EXPECT(env, holds(env, "a", "one"));
	EXPECT(env, cad(env, "a", "one") == 1);
	EXPECT(env, lacks(env, "a"));
	EXPECT(env, cad(env, "a", "one") == 0);
}

#define BATCH	21	/* more than go at once, and not a multiple */

/* keys with even numbers are there, in the snapshot or in the dirty table */
static void check_load_batch(struct check_env *env)
{
	const struct syncmap_value *value[BATCH];
	struct syncmap_key key[BATCH];
	struct text text[BATCH];
	bool right = true;
	int err;

	for (u32 i = 0; i < BATCH; i++) {
		text[i] = text_number(env, "k", i);
		key[i] = (struct syncmap_key){ text[i].data, text[i].len };
		EXPECT(env, i % 2 || !put_number(env, i, i));
	}
	rcu_read_lock();
	err = syncmap_load_batch(env->map, key, value, BATCH);
	for (u32 i = 0; i < BATCH && !err; i++) {
		struct text want = text_number(env, "v", i);

		if (i % 2)
			right &= !value[i];
		else
			right &= value[i] && text_equals(&want, value[i]->data,
							 value[i]->len);
	}
	rcu_read_unlock();
	EXPECT(env, !err);
	EXPECT(env, right);
}

#define RANGE	100	/* keys that a range meets */

/**
 * struct visits - what a range met
 * @env:	the check's
 * @seen:	which numbers
 * @wrong:	a key twice, or with a wrong value
 * @left:	stop after so many
 * @change:	store and delete other keys meanwhile
 */
struct visits {
	struct check_env *env;
	DECLARE_BITMAP(seen, 2 * RANGE);
	bool wrong;
	u32 left;
	bool change;
};

/* "k<n>" as it was stored; others are those made meanwhile */
static bool visit(const void *key, u32 key_len, const void *value,
		  u32 value_len, void *arg)
{
	struct visits *v = arg;
	u32 n;

	for (n = 0; n < RANGE; n++) {
		struct text want = text_number(v->env, "k", n);

		if (text_equals(&want, key, key_len))
			break;
	}
	if (n < RANGE) {
		struct text want = text_number(v->env, "v", n);

		v->wrong |= __test_and_set_bit(n, v->seen);
		v->wrong |= !text_equals(&want, value, value_len);
	}
	if (v->change) {
		v->wrong |= put_number(v->env, 1000 + n, n) < 0;
		v->wrong |= drop_number(v->env, 1000 + n / 2) < 0;
	}
	return --v->left;
}

static void check_range(struct check_env *env)
{
	struct visits v = { .env = env, .left = 10 * RANGE };

	for (u32 n = 0; n < RANGE; n++)
		EXPECT(env, !put_number(env, n, n));
	EXPECT(env, !syncmap_range(env->map, visit, &v, env->gfp));
	EXPECT(env, !v.wrong);
	EXPECT(env, bitmap_weight(v.seen, RANGE) == RANGE);

	v = (struct visits){ .env = env, .left = 7 };
	EXPECT(env, !syncmap_range(env->map, visit, &v, env->gfp));
	EXPECT(env, !v.wrong && !v.left);
	EXPECT(env, bitmap_weight(v.seen, RANGE) == 7);
}

static void check_range_changes(struct check_env *env)
{
	struct visits v = { .env = env, .left = 100 * RANGE, .change = true };

	for (u32 n = 0; n < RANGE; n++)
		EXPECT(env, !put_number(env, n, n));
	EXPECT(env, !syncmap_range(env->map, visit, &v, env->gfp));
	EXPECT(env, !v.wrong);
	EXPECT(env, bitmap_weight(v.seen, RANGE) == RANGE);
}

static void check_clear(struct check_env *env)
{
	for (u32 n = 0; n < RANGE; n++)
		EXPECT(env, !put_number(env, n, n));
	EXPECT(env, !syncmap_clear(env->map, env->gfp));
	EXPECT(env, !syncmap_len(env->map));
	for (u32 n = 0; n < RANGE; n++)
		EXPECT(env, lacks_number(env, n));
	EXPECT(env, !put_number(env, 5, 6));
	EXPECT(env, holds_number(env, 5, 6));
	EXPECT(env, syncmap_len(env->map) == 1);
}

static void check_len(struct check_env *env)
{
	EXPECT(env, !syncmap_len(env->map));
	for (u32 n = 0; n < 50; n++)
		EXPECT(env, !put_number(env, n, n));
	EXPECT(env, syncmap_len(env->map) == 50);
	for (u32 n = 0; n < 50; n++)
		EXPECT(env, !put_number(env, n, n + 1));
	EXPECT(env, syncmap_len(env->map) == 50);
	for (u32 n = 0; n < 20; n++)
		EXPECT(env, drop_number(env, n) == 1);
	EXPECT(env, drop_number(env, 0) == 0);
	EXPECT(env, syncmap_len(env->map) == 30);
}

static const u8 zeroes[SYNCMAP_VALUE_MAX + 1];

static int put_sizes(struct check_env *env, u32 key_len, u32 value_len)
{
	return syncmap_store(env->map, zeroes, key_len, zeroes, value_len,
			     env->gfp);
}

static bool lacks_size(struct check_env *env, u32 key_len)
{
	bool none;

	rcu_read_lock();
	none = !syncmap_load(env->map, zeroes, key_len);
	rcu_read_unlock();
	return none;
}

/* what a map of 8-byte keys and values refuses, besides the limits of all */
static void check_fixed_sizes(struct check_env *env)
{
	EXPECT(env, put_sizes(env, 7, 8) == -EINVAL);
	EXPECT(env, put_sizes(env, 9, 8) == -EINVAL);
	EXPECT(env, put_sizes(env, 8, 0) == -EINVAL);
	EXPECT(env, put_sizes(env, 8, 9) == -EINVAL);
	EXPECT(env, lacks_size(env, 7));
	EXPECT(env, put_sizes(env, 8, 8) == 0);
	EXPECT(env, syncmap_len(env->map) == 1);
}

static void check_any_sizes(struct check_env *env)
{
	EXPECT(env, put_sizes(env, 1, 0) == 0);
	EXPECT(env, !lacks_size(env, 1));
	EXPECT(env, put_sizes(env, SYNCMAP_KEY_MAX, SYNCMAP_VALUE_MAX) == 0);
	EXPECT(env, !lacks_size(env, SYNCMAP_KEY_MAX));
	EXPECT(env, lacks_size(env, SYNCMAP_KEY_MAX - 1));
	EXPECT(env, syncmap_len(env->map) == 2);
	EXPECT(env, syncmap_delete(env->map, zeroes, 1) == 1);
	EXPECT(env, syncmap_delete(env->map, zeroes, SYNCMAP_KEY_MAX) == 1);
}

static void check_sizes(struct check_env *env)
{
	EXPECT(env, put_sizes(env, 0, 8) == -EINVAL);
	EXPECT(env, put_sizes(env, SYNCMAP_KEY_MAX + 1, 8) == -E2BIG);
	EXPECT(env, put_sizes(env, 8, SYNCMAP_VALUE_MAX + 1) == -E2BIG);
	EXPECT(env, syncmap_delete(env->map, zeroes, 0) == -EINVAL);
	EXPECT(env, syncmap_delete(env->map, zeroes,
				   SYNCMAP_KEY_MAX + 1) == -E2BIG);
	EXPECT(env, lacks_size(env, 0));
	EXPECT(env, lacks_size(env, SYNCMAP_KEY_MAX + 1));
	EXPECT(env, !syncmap_len(env->map));
	if (env->fixed)
		check_fixed_sizes(env);
	else
		check_any_sizes(env);
}

/* The buffer is smaller than the value: cut, and the whole length told. */
static void check_cut(struct check_env *env)
{
	struct text k = text_of(env, "a"), v = text_of(env, "abcdefgh");
	u8 data[4] = "....";
	struct syncmap_buf buf = { .data = data, .size = 3 };

	EXPECT(env, !put(env, "a", "abcdefgh"));
	EXPECT(env, syncmap_swap(env->map, k.data, k.len, v.data, v.len, &buf,
				 env->gfp) == 1);
	EXPECT(env, buf.len == 8);
	EXPECT(env, !memcmp(data, "abc.", 4));
}

static void check_lifetime(struct check_env *env)
{
	struct text k = text_of(env, "a"), want = text_of(env, "one");
	const struct syncmap_value *value;
	bool same = false;
	int dropped = 0;

	EXPECT(env, !put(env, "a", "one"));
	rcu_read_lock();
	value = syncmap_load(env->map, k.data, k.len);
	if (!IS_ERR_OR_NULL(value)) {
		dropped = drop(env, "a");
		same = text_equals(&want, value->data, value->len);
	}
	rcu_read_unlock();
	EXPECT(env, dropped == 1);
	EXPECT(env, same);
}

static void check_get(struct check_env *env)
{
	struct syncmap *map = syncmap_get("check");

	EXPECT(env, map == env->map);
	EXPECT(env, syncmap_get("check") == map);
	syncmap_put(map);
	syncmap_put(map);
	EXPECT(env, !syncmap_get("nothing"));
	syncmap_put(NULL);
}

#define MODEL		64	/* keys of the model */
#define MODEL_TURNS	2000

static u32 next_random(u32 *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* the map against an array: 0 is absent, else the value's number */
static void check_model(struct check_env *env)
{
	u32 model[MODEL] = {}, random = 1, live = 0;

	for (u32 turn = 1; turn <= MODEL_TURNS; turn++) {
		u32 n = next_random(&random) % MODEL;
		u32 *have = &model[n];

		switch (next_random(&random) % 4) {
		case 0:
			EXPECT(env, !put_number(env, n, turn));
			live += !*have;
			*have = turn;
			break;
		case 1:
			EXPECT(env, drop_number(env, n) == !!*have);
			live -= !!*have;
			*have = 0;
			break;
		default:
			EXPECT(env, *have ? holds_number(env, n, *have) :
			       lacks_number(env, n));
		}
	}
	EXPECT(env, syncmap_len(env->map) == live);
}

const struct check checks_any[] = {
	{ "load finds what store put, and nothing else", check_load_store },
	{ "load_or_store keeps what is there", check_load_or_store },
	{ "swap gives the previous value", check_swap },
	{ "load_and_delete gives the value once", check_load_and_delete },
	{ "delete removes one key", check_delete },
	{ "compare_and_swap replaces only what is equal",
	  check_compare_and_swap },
	{ "compare_and_delete removes only what is equal",
	  check_compare_and_delete },
	{ "load_batch is a load for each key", check_load_batch },
	{ "range visits every key once, and stops when told", check_range },
	{ "range's callback may change the map", check_range_changes },
	{ "clear removes all, and the map goes on", check_clear },
	{ "len counts live keys", check_len },
	{ "wrong sizes are refused, right ones kept", check_sizes },
	{ "a value longer than the buffer is cut", check_cut },
	{ "a loaded value outlives its delete under RCU", check_lifetime },
	{ "get finds a map by its name, put lets it go", check_get },
	{ "random calls agree with a model", check_model },
	{ }
};
