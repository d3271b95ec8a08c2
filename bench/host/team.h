/* SPDX-License-Identifier: GPL-2.0 */
/* The threads that measure. */
#ifndef BENCH_HOST_TEAM_H
#define BENCH_HOST_TEAM_H

#include <linux/types.h>
#include "request.h"
#include "shim.h"
#include "table.h"

struct team;

/**
 * struct worker - a thread of one request; touched by no other but at meetings
 * @team:	all of them
 * @table:	what is measured
 * @request:	how
 * @index:	its number, and its CPU's
 * @random:	state of its generator
 * @sum:	of the values it read, so that they are read
 * @head:	turn of its next fresh key
 * @tail:	turn of the oldest that is in the table
 * @turn:	of its writes: insert or delete
 * @begin_ns:	when the last measured loop began
 * @end_ns:	when it ended
 * @sample:	latencies of single operations, in ns
 * @samples:	how many
 */
struct worker {
	struct team *team;
	struct table *table;
	const struct request *request;
	u32 index;
	u64 random;
	u64 sum;
	u64 head;
	u64 tail;
	u64 turn;
	u64 begin_ns;
	u64 end_ns;
	u32 *sample;
	u64 samples;
} __attribute__((aligned(128)));

/**
 * struct team - the threads of one request
 * @worker:	they
 * @n:		how many
 * @arrived:	at the present meeting
 * @meetings:	so far
 * @ops:	measured so far, of each thread
 * @elapsed_ns:	measured so far
 * @last_ops:	of those, by the last loop
 * @last_ns:	likewise
 * @discarded:	loops that do not count
 */
struct team {
	struct worker worker[SHIM_THREADS];
	u32 n;
	u32 arrived;
	u32 meetings;
	u64 ops;
	u64 elapsed_ns;
	u64 last_ops;
	u64 last_ns;
	u32 discarded;
};

typedef void (*worker_fn)(struct worker *worker);
typedef void (*loop_fn)(struct worker *worker, u64 n);

void team_run(struct table *table, const struct request *request, worker_fn fn,
	      struct answer *answer);
void team_meet(struct worker *worker);
void team_measure(struct worker *worker, loop_fn loop, u64 n);
u32 team_discard(struct worker *worker);

#endif
