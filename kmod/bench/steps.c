// SPDX-License-Identifier: GPL-2.0
/*
 * What the threads do before and after the load: put the resident keys and
 * each thread's backlog in, warm up, and take out again what was put in.
 */
#include <linux/math64.h>
#include "ops.h"
#include "run.h"

#define CHECK_EVERY	256	/* operations between looks at bench_stopped() */

/* the part of the resident keys that is a thread's */
static void own_part(const struct bench_worker *w, u64 *begin, u64 *end)
{
	u64 n = w->run->keys.residents;
	u32 threads = w->run->params.threads;

	*begin = mul_u64_u32_div(n, w->index, threads);
	*end = mul_u64_u32_div(n, w->index + 1, threads);
}

static bool fill_one(struct bench_worker *w)
{
	if (bench_op_store(w)) {
		w->counts.inserts++;
		return true;
	}
	/* in the load a refusal is counted, but without its keys is no run */
	if (!w->err) {
		w->failed = "store";
		w->err = w->counts.enospc ? -ENOSPC : -ENOMEM;
	}
	return false;
}

static bool may_go_on(struct bench_worker *w, u64 turn)
{
	return (turn + 1) % CHECK_EVERY || !bench_stopped(w);
}

/**
 * bench_fill() - step: insert the thread's part of the keys
 * @worker:	the thread
 */
void bench_fill(struct bench_worker *worker)
{
	struct bench_keys *keys = &worker->run->keys;
	u64 begin, end;

	own_part(worker, &begin, &end);
	if (keys->present)
		end = begin;
	for (u64 i = begin; i < end && may_go_on(worker, i); i++) {
		bench_key_resident(keys, i, &worker->key);
		if (!fill_one(worker))
			return;
		worker->filled++;
	}
	while (worker->head < worker->run->params.backlog &&
	       may_go_on(worker, worker->head)) {
		bench_key_fresh(keys, worker->index, worker->head,
				&worker->key);
		if (!fill_one(worker))
			return;
		worker->head++;
	}
}

static void warm_resident(struct bench_worker *w, u64 i)
{
	bench_key_resident(&w->run->keys, i, &w->key);
	bench_op_load(w);
}

static void warm_fresh(struct bench_worker *w, u64 turn)
{
	bench_key_fresh(&w->run->keys, w->index, turn, &w->key);
	bench_op_load(w);
}

static void warm_absent(struct bench_worker *w, u64 i)
{
	bench_key_absent(&w->run->keys, bench_random(w), &w->key);
	bench_op_load(w);
}

static void warm_all(struct bench_worker *w, u64 begin, u64 end,
		     void (*one)(struct bench_worker *w, u64 i))
{
	for (u64 i = begin; i < end && !w->err && may_go_on(w, i); i++)
		one(w, i);
}

/**
 * bench_warm() - step: load the thread's part of the keys once
 * @worker:	the thread
 *
 * And as many absent ones: all threads together then have made as many misses
 * as a dirty table of these keys, or of some keys more than the snapshot's,
 * has entries, which is when it is promoted.
 */
void bench_warm(struct bench_worker *worker)
{
	u64 begin, end;

	own_part(worker, &begin, &end);
	warm_all(worker, begin, end, warm_resident);
	warm_all(worker, worker->tail, worker->head, warm_fresh);
	warm_all(worker, 0, end - begin + worker->head - worker->tail,
		 warm_absent);
}

/**
 * bench_clean() - step: delete what the thread has inserted and not deleted
 * @worker:	the thread
 *
 * To be done even after a signal: it does not look whether to stop.
 */
void bench_clean(struct bench_worker *worker)
{
	struct bench_keys *keys = &worker->run->keys;
	u64 begin, end;

	own_part(worker, &begin, &end);
	for (u64 i = begin; i < begin + worker->filled; i++) {
		bench_key_resident(keys, i, &worker->key);
		bench_op_delete(worker);
		may_go_on(worker, i);
	}
	for (; worker->tail < worker->head; worker->tail++) {
		bench_key_fresh(keys, worker->index, worker->tail,
				&worker->key);
		bench_op_delete(worker);
		may_go_on(worker, worker->tail);
	}
}
