// SPDX-License-Identifier: GPL-2.0
/*
 * The load itself: draw an operation and a key, do it, time it.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include "ops.h"
#include "run.h"
#include "zipf.h"

#define CHECK_EVERY	64	/* operations between looks at the time */

static void resident_key(struct bench_worker *w)
{
	struct bench_run *run = w->run;
	u64 index;

	if (run->zipf)
		index = bench_zipf_draw(run->zipf, bench_random(w),
					bench_random(w));
	else
		index = bench_random_below(w, run->keys.residents);
	bench_key_resident(&run->keys, index, &w->key);
}

static void load_key(struct bench_worker *w, u32 random)
{
	struct bench_run *run = w->run;
	u64 turn;

	if (random < run->absent_end) {
		bench_key_absent(&run->keys, bench_random(w), &w->key);
	} else if (random < run->recent_end && w->tail < w->head) {
		turn = w->tail + bench_random_below(w, w->head - w->tail);
		bench_key_fresh(&run->keys, w->index, turn, &w->key);
	} else {
		resident_key(w);
	}
}

/*
 * Inserts and deletes take turns in the proportion of their shares, and not
 * by chance: so that with equal shares the map's size stays, and with more
 * inserts than deletes there always is a key to delete.
 */
static enum bench_op insert_or_delete(struct bench_worker *w)
{
	const u32 *share = w->run->params.share;
	u32 both = share[BENCH_INSERT] + share[BENCH_DELETE];

	w->delete_turn += share[BENCH_DELETE];
	if (w->delete_turn < both)
		return BENCH_INSERT;
	w->delete_turn -= both;
	return BENCH_DELETE;
}

/* draws the operation, and its key */
static enum bench_op draw(struct bench_worker *w)
{
	struct bench_run *run = w->run;
	u64 random = bench_random(w);
	enum bench_op op;

	if ((u32)random < run->load_end) {
		load_key(w, random >> 32);
		return BENCH_LOAD;
	}
	if ((u32)random < run->update_end) {
		resident_key(w);
		return BENCH_UPDATE;
	}
	op = insert_or_delete(w);
	/* with none of its own left, one that never was there */
	bench_key_fresh(&run->keys, w->index,
			op == BENCH_INSERT ? w->head : w->tail, &w->key);
	return op;
}

static void act(struct bench_worker *w, enum bench_op op)
{
	switch (op) {
	case BENCH_LOAD:
		bench_op_load(w);
		break;
	case BENCH_UPDATE:
		w->counts.updates += bench_op_store(w);
		break;
	case BENCH_INSERT:
		if (bench_op_store(w)) {
			w->counts.inserts++;
			w->head++;
		}
		break;
	case BENCH_DELETE:
		w->tail += bench_op_delete(w);
		break;
	case BENCH_NR_OPS:
		break;
	}
}

static void act_timed(struct bench_worker *w, enum bench_op op)
{
	u64 begin = ktime_get_ns();

	act(w, op);
	bench_histogram_record(&w->latency[op], ktime_get_ns() - begin);
}

static void one(struct bench_worker *w)
{
	u32 sample = w->run->params.sample;
	enum bench_op op = draw(w);

	if (!sample) {
		act(w, op);
	} else if (w->until_sample) {
		w->until_sample--;
		act(w, op);
	} else {
		w->until_sample = sample - 1;
		act_timed(w, op);
	}
	w->ops++;
}

/* its part of the operations, or no limit */
static u64 own_ops(const struct bench_worker *w)
{
	const struct bench_params *p = &w->run->params;

	if (!p->ops)
		return U64_MAX;
	return p->ops / p->threads + (w->index < p->ops % p->threads);
}

/**
 * bench_load() - step: the load, for its operations or its time
 * @worker:	the thread
 */
void bench_load(struct bench_worker *worker)
{
	u64 duration = worker->run->params.duration_ms * NSEC_PER_MSEC;
	u64 ops = own_ops(worker);

	worker->begin_ns = ktime_get_ns();
	worker->end_ns = worker->begin_ns;
	while (worker->ops < ops && !worker->err) {
		one(worker);
		if (worker->ops % CHECK_EVERY && worker->ops < ops)
			continue;
		worker->end_ns = ktime_get_ns();
		if (bench_stopped(worker) ||
		    (duration && worker->end_ns - worker->begin_ns >= duration))
			break;
	}
}
