// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/math64.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "keys.h"

/**
 * bench_mix64() - a bijection of 64 bits that leaves no pattern
 * @x:	any number
 *
 * The finalizer of splitmix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
 *
 * Return: the number that @x is mapped to.
 */
u64 bench_mix64(u64 x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

/* the same for 32 bits: MurmurHash3's finalizer (A. Appleby) */
static u32 mix32(u32 x)
{
	x = (x ^ (x >> 16)) * 0x85ebca6bu;
	x = (x ^ (x >> 13)) * 0xc2b2ae35u;
	return x ^ (x >> 16);
}

/* the id in the first 8 (or 4) bytes, what follows from it in the others */
static void make_key(const struct bench_keys *keys, u64 id,
		     struct bench_key *key)
{
	u64 word;

	key->data = key->bytes;
	key->len = keys->size;
	key->id = id;
	if (keys->bits == 32) {
		u32 half = mix32((u32)id ^ (u32)keys->seed);

		memcpy(key->bytes, &half, sizeof(half));
		memset(key->bytes + sizeof(half), 0, sizeof(half));
		return;
	}
	word = bench_mix64(id ^ keys->seed);
	for (u32 at = 0; at < keys->size; at += sizeof(word)) {
		memcpy(key->bytes + at, &word, sizeof(word));
		word = bench_mix64(word);
	}
}

static u64 ids_from(const struct bench_keys *keys, u32 shift)
{
	return 1ull << (keys->bits - shift);
}

/**
 * bench_key_resident() - a key that is in the map for the whole run
 * @keys:	the run's keys
 * @index:	less than @keys->residents
 * @key:	set
 */
void bench_key_resident(const struct bench_keys *keys, u64 index,
			struct bench_key *key)
{
	const u8 *at;

	if (!keys->present) {
		make_key(keys, index, key);
		return;
	}
	at = keys->bytes + keys->present[index];
	key->len = *at;
	key->data = at + 1;
	key->id = index;
}

/**
 * bench_key_absent() - a key that never is in the map
 * @keys:	the run's keys
 * @random:	which one
 * @key:	set
 */
void bench_key_absent(const struct bench_keys *keys, u64 random,
		      struct bench_key *key)
{
	u64 from = ids_from(keys, 2);

	make_key(keys, from | (random & (from - 1)), key);
}

/**
 * bench_key_fresh() - a key of one thread's own
 * @keys:	the run's keys
 * @thread:	whose
 * @turn:	which; those less than @keys->fresh_span apart differ
 * @key:	set
 */
void bench_key_fresh(const struct bench_keys *keys, u32 thread, u64 turn,
		     struct bench_key *key)
{
	make_key(keys, ids_from(keys, 1) + thread * keys->fresh_span +
		 turn % keys->fresh_span, key);
}

/**
 * bench_keys_init() - say which keys a run has
 * @keys:	set; to be given to bench_keys_free()
 * @params:	the run's
 * @error:	says why, on failure
 *
 * Return: 0, or -EINVAL: there are not so many keys of that size.
 */
int bench_keys_init(struct bench_keys *keys, const struct bench_params *params,
		    struct bench_error *error)
{
	*keys = (struct bench_keys) {
		.seed = params->seed,
		.size = params->key_size,
		.bits = params->key_size < 8 ? 32 : 64,
		.residents = params->present ? 0 : params->keys,
	};
	keys->fresh_span = div_u64(ids_from(keys, 1), params->threads);
	if (params->backlog >= keys->fresh_span)
		return bench_fail(error, -EINVAL,
				  "backlog=%llu: keys of %u bytes give %llu to each of %u threads",
				  params->backlog, params->key_size,
				  keys->fresh_span, params->threads);
	return 0;
}

/**
 * bench_keys_free() - free what the keys hold
 * @keys:	they
 */
void bench_keys_free(struct bench_keys *keys)
{
	kvfree(keys->present);
	kvfree(keys->bytes);
}

struct collect {
	struct bench_keys *keys;
	u64 room;	/* keys, then bytes, that there is room for */
	u64 room_bytes;
	u64 bytes;
};

static bool count_key(const void *key, u32 key_len, const void *value,
		      u32 value_len, void *arg)
{
	struct collect *c = arg;

	c->room++;
	c->room_bytes += key_len + 1;
	return !signal_pending(current);
}

/* A map that has grown since it was counted gives as many as there is room for. */
static bool copy_key(const void *key, u32 key_len, const void *value,
		     u32 value_len, void *arg)
{
	struct collect *c = arg;
	struct bench_keys *keys = c->keys;
	u8 *at = keys->bytes + c->bytes;

	if (keys->residents == c->room ||
	    c->bytes + key_len + 1 > c->room_bytes)
		return false;
	*at = key_len;
	memcpy(at + 1, key, key_len);
	keys->present[keys->residents++] = c->bytes;
	c->bytes += key_len + 1;
	return !signal_pending(current);
}

/**
 * bench_keys_collect() - take the keys that a map has as the resident ones
 * @keys:	their list is added
 * @map:	the map
 * @error:	says why, on failure
 *
 * Context: process; sleeps.
 * Return: 0, -ENOMEM, -EINTR, -ENODATA: the map is empty.
 */
int bench_keys_collect(struct bench_keys *keys, struct syncmap *map,
		       struct bench_error *error)
{
	struct collect c = { .keys = keys };
	int err;

	err = syncmap_range(map, count_key, &c, GFP_KERNEL);
	if (!err && c.room) {
		keys->present = kvmalloc_array(c.room, sizeof(*keys->present),
					       GFP_KERNEL);
		keys->bytes = kvmalloc(c.room_bytes, GFP_KERNEL);
		err = keys->present && keys->bytes ? 0 : -ENOMEM;
		if (!err)
			err = syncmap_range(map, copy_key, &c, GFP_KERNEL);
	}
	if (!err && signal_pending(current))
		err = -EINTR;
	if (err)
		return bench_fail(error, err,
				  "taking the map's keys: %pe", ERR_PTR(err));
	if (!keys->residents)
		return bench_fail(error, -ENODATA,
				  "keys=present: the map has none");
	return 0;
}
