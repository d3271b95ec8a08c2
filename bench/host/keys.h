/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys and how they are drawn: the same in main.go.
 *
 * A key is the mix of a number, its id, so that keys that are inserted in the
 * order of their ids come in random order.  The ids of resident keys begin at
 * 0; those of the others have their highest bits set.
 */
#ifndef BENCH_HOST_KEYS_H
#define BENCH_HOST_KEYS_H

#include <linux/types.h>

#define KEYS_MAX	100000000ULL

/* The finalizer of splitmix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014) */
static inline u64 mix64(u64 x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static inline u64 key_resident(u64 index)
{
	return mix64(index);
}

static inline u64 key_absent(u64 random)
{
	return mix64(1ULL << 62 | random >> 2);
}

/* no two turns of any thread give the same one */
static inline u64 key_fresh(u32 thread, u64 turn)
{
	return mix64(1ULL << 63 | (u64)thread << 48 | turn);
}

static inline u64 value_of(u64 key)
{
	return mix64(~key);
}

/*
 * One multiplication a number: its cost is part of every time that is told.
 * The constants are Knuth's MMIX ones; only high bits are used.
 */
static inline u64 random_next(u64 *state)
{
	return *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
}

/* 0 to @n - 1 */
static inline u64 random_below(u64 random, u64 n)
{
	return (unsigned __int128)random * n >> 64;
}

#endif
