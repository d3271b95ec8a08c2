/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a run of the load generator is asked to do: one line of key=value words.
 */
#ifndef SYNCMAP_BENCH_PARAMS_H
#define SYNCMAP_BENCH_PARAMS_H

#include <linux/types.h>
#include <linux/syncmap.h>

enum bench_op {
	BENCH_LOAD,
	BENCH_UPDATE,		/* store to a resident key */
	BENCH_INSERT,		/* store to a key that never was there */
	BENCH_DELETE,		/* the oldest of the thread's own inserts */
	BENCH_NR_OPS
};

extern const char * const bench_op_names[BENCH_NR_OPS];

/* shares are counted in hundredths of a percent, theta in ten-thousandths */
#define BENCH_WHOLE		10000u
#define BENCH_THETA_ONE		10000u
#define BENCH_THETA_MAX		(4 * BENCH_THETA_ONE)

#define BENCH_KEYS_MAX		(1ull << 28)
#define BENCH_KEY_MIN		4
#define BENCH_SECONDS_MAX	86400ull
#define BENCH_ERROR_MAX		200

/**
 * struct bench_params - one run
 * @map:	existing map to use; empty: the run makes one
 * @name:	name of the map that the run makes
 * @config:	how it is made
 * @key_size:	bytes of each key that the run makes
 * @value_size:	bytes of each value it stores
 * @keys:	resident keys, inserted beforehand
 * @present:	the resident keys are those that the map has; @keys is unused
 * @zipf:	resident keys are drawn by Zipf's law, else uniformly
 * @theta:	its exponent, in units of 1 / BENCH_THETA_ONE
 * @share:	of all operations, in units of 1 / BENCH_WHOLE
 * @absent:	of the loads, how many ask for a key that never is there
 * @recent:	of the loads, how many ask for one of the thread's own inserts
 * @backlog:	own inserts that each thread starts with
 * @warm:	load every key once before the run, and absent ones
 * @threads:	how many, each on a CPU of its own
 * @duration_ms: how long, or 0
 * @ops:	operations of all threads together, or 0
 * @sample:	one in so many operations is timed; 0: none
 * @seed:	of the keys and of every choice
 * @keep:	leave in an existing map what the run inserted
 */
struct bench_params {
	char map[SYNCMAP_NAME_MAX + 1];
	char name[SYNCMAP_NAME_MAX + 1];
	struct syncmap_config config;
	u32 key_size;
	u32 value_size;
	u64 keys;
	bool present;
	bool zipf;
	u32 theta;
	u32 share[BENCH_NR_OPS];
	u32 absent;
	u32 recent;
	u64 backlog;
	bool warm;
	u32 threads;
	u64 duration_ms;
	u64 ops;
	u32 sample;
	u64 seed;
	bool keep;
};

struct bench_error {
	char text[BENCH_ERROR_MAX];
};

__printf(3, 4)
int bench_fail(struct bench_error *error, int err, const char *fmt, ...);
int bench_params_parse(struct bench_params *params, char *line,
		       struct bench_error *error);

#endif
