/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys.  Those that a run makes have ids, mixed with the run's seed by a
 * bijection, so that keys look random and no two ids give one key:
 *
 *	0 ...		resident
 *	1/4 ...		absent: never inserted
 *	1/2 ...		fresh: a part for each thread, taken in order
 *
 * of all ids there are (2^64, or 2^32 for keys shorter than 8 bytes).
 */
#ifndef SYNCMAP_BENCH_KEYS_H
#define SYNCMAP_BENCH_KEYS_H

#include <linux/types.h>
#include <linux/syncmap.h>
#include "params.h"

/**
 * struct bench_key - a key
 * @data:	its bytes: @bytes, or the key set's own
 * @len:	how many
 * @id:		its id, or the index of a present key
 * @bytes:	room for a key that is made
 */
struct bench_key {
	const void *data;
	u32 len;
	u64 id;
	u8 bytes[round_up(SYNCMAP_KEY_MAX, 8)] __aligned(8);
};

/**
 * struct bench_keys - the keys of a run
 * @seed:	mixed into each
 * @size:	bytes of a key that is made
 * @bits:	of an id, 64 or 32
 * @residents:	resident keys
 * @fresh_span:	fresh ids for each thread
 * @present:	NULL, or where in @bytes each present key begins
 * @bytes:	the present keys, each behind a byte that is its length
 */
struct bench_keys {
	u64 seed;
	u32 size;
	u32 bits;
	u64 residents;
	u64 fresh_span;
	u64 *present;
	u8 *bytes;
};

int bench_keys_init(struct bench_keys *keys, const struct bench_params *params,
		    struct bench_error *error);
int bench_keys_collect(struct bench_keys *keys, struct syncmap *map,
		       struct bench_error *error);
void bench_keys_free(struct bench_keys *keys);

u64 bench_mix64(u64 x);
void bench_key_resident(const struct bench_keys *keys, u64 index,
			struct bench_key *key);
void bench_key_absent(const struct bench_keys *keys, u64 random,
		      struct bench_key *key);
void bench_key_fresh(const struct bench_keys *keys, u32 thread, u64 turn,
		     struct bench_key *key);

#endif
