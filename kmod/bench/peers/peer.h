/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Other structures of the kernel beside the map: the same loops over each, in
 * one boot.  A structure's own file has its operations on one key; loops.h,
 * included behind them, makes the loops, so that nothing stands between a loop
 * and an operation that its users have inlined.
 */
#ifndef SYNCMAP_BENCH_PEER_H
#define SYNCMAP_BENCH_PEER_H

#include <linux/math64.h>
#include <linux/types.h>
#include "../run.h"

/* keys of a batch, where a structure has that */
#define PEER_BATCH	32
/* loop turns between two looks at the scheduler */
#define PEER_CHUNK	1024

/**
 * struct peer_keys - 8-byte keys, in the order in which they are asked for
 * @residents:	how many there are
 * @sequential:	they are 0, 1, 2 ..., else random
 * @asked:	how many are asked for before they repeat, a power of two
 * @present:	@asked resident keys, drawn uniformly
 * @absent:	as many that never are there
 */
struct peer_keys {
	u64 residents;
	bool sequential;
	u64 asked;
	u64 *present;
	u64 *absent;
};

/* apart from all residents: fresh keys, a part for each thread; absent ones */
#define PEER_FRESH	(1ULL << 40)
#define PEER_ABSENT	(1ULL << 60)

static inline u64 peer_key(const struct peer_keys *keys, u64 id)
{
	return keys->sequential ? id : bench_mix64(id);
}

static inline u64 peer_fresh(const struct peer_keys *keys, u32 thread, u64 turn)
{
	return peer_key(keys, PEER_FRESH * (thread + 1) + turn);
}

/**
 * struct peer_loop - one thread's part of a loop
 * @table:	the structure
 * @keys:	the keys
 * @ask:	those of @keys that are asked for
 * @at:		turn that is next
 * @turns:	how many are left
 * @sum:	of the values, so that they are read
 * @found:	how many keys were there
 * @failed:	operations that did not do what they should
 */
struct peer_loop {
	void *table;
	const struct peer_keys *keys;
	const u64 *ask;
	u64 at;
	u64 turns;
	u64 sum;
	u64 found;
	u64 failed;
};

/**
 * struct peer_mix - what a mixed loop does, and one thread's place in it
 * @write_end:	a random u32 below it is a write
 * @fresh:	keys inserted so far
 * @oldest:	of them, deleted so far
 */
struct peer_mix {
	u64 write_end;
	u64 fresh;
	u64 oldest;
};

/**
 * struct peer_ops - a structure
 * @name:	as in the report
 * @sequential:	it is for small numbers only
 * @create:	make one for so many keys; NULL for want of memory. @fd is of
 *		the BPF map that it is to use, for those that are one
 * @destroy:	end it, waiting for all grace periods
 * @insert:	a key that is not there; 0 or an errno
 * @remove:	one that is
 * @load, @load_dependent, @load_batch: do @turns of a loop
 * @update:	likewise
 * @mix:	likewise; times some in the worker's histogram
 */
struct peer_ops {
	const char *name;
	bool sequential;
	void *(*create)(u64 keys, int fd);
	void (*destroy)(void *table);
	int (*insert)(void *table, u64 key, u64 value);
	int (*remove)(void *table, u64 key);
	void (*load)(struct peer_loop *loop);
	void (*load_dependent)(struct peer_loop *loop);
	void (*load_batch)(struct peer_loop *loop);
	void (*update)(struct peer_loop *loop);
	void (*mix)(struct peer_loop *loop, struct peer_mix *mix,
		    struct bench_worker *worker);
};

extern const struct peer_ops peer_syncmap_cow, peer_syncmap_classic,
			     peer_rhashtable, peer_rhashtable_tuned,
			     peer_hashtable_rwlock, peer_hashtable_bucketlock,
			     peer_bpf_hash, peer_bpf_rhash, peer_xarray;

/* a clock that costs little: the CPU's cycle counter */
u64 peer_cycles(void);
u64 peer_cycles_to_ns(u64 cycles);

#endif
