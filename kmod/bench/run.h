/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run and its threads.
 */
#ifndef SYNCMAP_BENCH_RUN_H
#define SYNCMAP_BENCH_RUN_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/types.h>
#include "histogram.h"
#include "keys.h"
#include "params.h"

struct bench_zipf;
struct seq_file;
struct task_struct;

/**
 * struct bench_counts - what operations did, counted by who did them
 * @loads_found:	loads that gave a value
 * @loads_absent:	loads that gave none
 * @updates:		stores to a resident key
 * @inserts:		stores to a key that was not there
 * @deletes:		deletes of a key that was there
 * @deletes_absent:	deletes that found nothing
 * @wrong_values:	loads found with another key's value: never, if all is well
 * @enospc:		stores refused by a limit
 * @enomem:		stores refused for want of memory
 */
struct bench_counts {
	u64 loads_found;
	u64 loads_absent;
	u64 updates;
	u64 inserts;
	u64 deletes;
	u64 deletes_absent;
	u64 wrong_values;
	u64 enospc;
	u64 enomem;
};

/**
 * struct bench_result - what a run tells
 * @params:	what was asked
 * @residents:	resident keys
 * @setup:	counts before the run: residents, backlog, warming up
 * @load:	counts of the run
 * @cleanup:	counts after it
 * @ops:	operations of the run
 * @elapsed_ns:	from the first thread's begin to the last one's end
 * @clock_ns:	what reading the clock costs, part of each time
 * @interrupted: a signal ended it early
 * @latency:	of each kind of operation, then of all
 */
struct bench_result {
	struct bench_params params;
	u64 residents;
	struct bench_counts setup;
	struct bench_counts load;
	struct bench_counts cleanup;
	u64 ops;
	u64 elapsed_ns;
	u64 clock_ns;
	bool interrupted;
	struct bench_histogram latency[BENCH_NR_OPS + 1];
};

/**
 * struct bench_worker - a thread; nobody else touches it while it runs
 * @run:	whose thread
 * @task:	the kernel thread of the step that is running
 * @cpu:	where it is pinned
 * @index:	its number
 * @random:	state of its generator
 * @filled:	resident keys of its part that it has inserted
 * @tail:	turn of its oldest own insert that is still there
 * @head:	turn of its next own insert
 * @delete_turn: decides between insert and delete
 * @until_sample: operations until one is timed
 * @stored:	stores so far: makes values differ
 * @ops:	operations of the run
 * @begin_ns:	when its load began
 * @end_ns:	when it ended
 * @counts:	of the step that is running
 * @err:	why it gave up, or 0
 * @failed:	what it was doing
 * @key:	the operation's
 * @value:	likewise
 * @latency:	by kind of operation
 */
struct bench_worker {
	struct bench_run *run;
	struct task_struct *task;
	unsigned int cpu;
	u32 index;
	u64 random;
	u64 filled;
	u64 tail;
	u64 head;
	u32 delete_turn;
	u32 until_sample;
	u64 stored;
	u64 ops;
	u64 begin_ns;
	u64 end_ns;
	struct bench_counts counts;
	int err;
	const char *failed;
	struct bench_key key;
	u8 value[SYNCMAP_VALUE_MAX] __aligned(8);
	struct bench_histogram latency[BENCH_NR_OPS];
} ____cacheline_aligned;

/**
 * struct bench_run - a run
 * @params:	what is asked
 * @map:	the map
 * @made:	the run made it
 * @keys:	its keys
 * @zipf:	how resident keys are drawn; NULL: uniformly
 * @load_end:	a random u32 below it is a load,
 * @update_end:	below this one an update, else an insert or a delete
 * @absent_end:	of a load: below it, an absent key is asked for,
 * @recent_end:	below this one, a fresh key, else a resident one
 * @step:	what the threads do
 * @worker:	the threads, params.threads of them
 * @stop:	they are to end early
 * @starting:	threads that have not arrived at the step's begin
 * @running:	threads that have not ended the step
 * @done:	none is running
 */
struct bench_run {
	struct bench_params params;
	struct syncmap *map;
	bool made;
	struct bench_keys keys;
	struct bench_zipf *zipf;
	u64 load_end;
	u64 update_end;
	u64 absent_end;
	u64 recent_end;
	void (*step)(struct bench_worker *worker);
	struct bench_worker **worker;
	bool stop;
	atomic_t starting ____cacheline_aligned_in_smp;
	atomic_t running;
	struct completion done;
};

int bench_run(struct bench_params *params, struct bench_result *result,
	      struct syncmap **made, struct bench_error *error);

int bench_team_alloc(struct bench_run *run);
void bench_team_free(struct bench_run *run);
int bench_team_do(struct bench_run *run,
		  void (*step)(struct bench_worker *worker));
bool bench_stopped(struct bench_worker *worker);

void bench_fill(struct bench_worker *worker);
void bench_warm(struct bench_worker *worker);
void bench_clean(struct bench_worker *worker);
void bench_load(struct bench_worker *worker);

void bench_report(struct seq_file *seq, const struct bench_result *result);

#endif
