// SPDX-License-Identifier: GPL-2.0
/* The steps of each case; see cases.h. */
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "../ops.h"
#include "cases.h"

const char * const peer_case_names[PEER_NR_CASES + 1] = {
	[PEER_LOAD_HIT] = "load_hit",
	[PEER_LOAD_ABSENT] = "load_absent",
	[PEER_LOAD_HIT_AMENDED] = "load_hit_amended",
	[PEER_LOAD_ABSENT_AMENDED] = "load_absent_amended",
	[PEER_LOAD_DEPENDENT] = "load_dependent",
	[PEER_LOAD_BATCH] = "load_batch",
	[PEER_UPDATE_EXISTING] = "update_existing",
	[PEER_INSERT_FRESH] = "insert_fresh",
	[PEER_MIX] = "mix",
	[PEER_MIX_OPEN] = "mix_open",
	[PEER_PING_PONG] = "ping_pong",
};

/**
 * struct peer_run - a round
 * @team:	its threads
 * @ops:	the structure's
 * @table:	the structure
 * @keys:	what is asked for
 * @params:	how
 * @loop:	each thread's
 * @mix:	likewise
 * @ns:		likewise, time of its turns
 * @turn:	whose turn it is in a game of ping-pong
 */
struct peer_run {
	struct bench_run team;
	const struct peer_ops *ops;
	void *table;
	struct peer_keys keys;
	const struct peer_params *params;
	struct peer_loop *loop;
	struct peer_mix *mix;
	u64 *ns;
	u32 turn ____cacheline_aligned_in_smp;
};

static struct peer_run *run_of(struct bench_worker *worker)
{
	return container_of(worker->run, struct peer_run, team);
}

/* Do @loop's turns by @fn, some at a time. */
static void go(struct bench_worker *worker, struct peer_loop *loop,
	       void (*fn)(struct peer_loop *loop))
{
	u64 left = run_of(worker)->params->turns;

	while (left && !bench_stopped(worker)) {
		loop->turns = min_t(u64, left, PEER_CHUNK);
		left -= loop->turns;
		fn(loop);
	}
}

static void step_loop(struct bench_worker *worker)
{
	struct peer_run *run = run_of(worker);
	struct peer_loop *loop = &run->loop[worker->index];
	void (*fn)(struct peer_loop *loop);

	switch (run->params->what) {
	case PEER_LOAD_DEPENDENT:
		fn = run->ops->load_dependent;
		break;
	case PEER_LOAD_BATCH:
		fn = run->ops->load_batch;
		break;
	case PEER_UPDATE_EXISTING:
		fn = run->ops->update;
		break;
	default:
		fn = run->ops->load;
	}
	worker->begin_ns = ktime_get_ns();
	go(worker, loop, fn);
	worker->end_ns = ktime_get_ns();
	run->ns[worker->index] = worker->end_ns - worker->begin_ns;
}

/*
 * Before each stretch of loads a fresh key comes in and goes out again, out of
 * the time: then there is a dirty table.  The stretch is too short for its
 * misses to promote it.
 */
static void step_amended(struct bench_worker *worker)
{
	struct peer_run *run = run_of(worker);
	struct peer_loop *loop = &run->loop[worker->index];
	u64 stretch = clamp(run->keys.residents / 4 / run->params->threads,
			    1, PEER_CHUNK);
	u64 left = run->params->turns, cycles = 0, begin, key, turn = 0;

	worker->begin_ns = ktime_get_ns();
	while (left && !bench_stopped(worker)) {
		key = peer_fresh(&run->keys, worker->index, turn++);
		loop->failed += run->ops->insert(run->table, key, key) != 0;
		loop->failed += run->ops->remove(run->table, key) != 0;
		loop->turns = min(left, stretch);
		left -= loop->turns;
		begin = peer_cycles();
		run->ops->load(loop);
		cycles += peer_cycles() - begin;
	}
	worker->end_ns = ktime_get_ns();
	run->ns[worker->index] = peer_cycles_to_ns(cycles);
}

/* Return: how long it took, ns. */
static u64 timed(int (*fn)(struct peer_run *run, u64 key), struct peer_run *run,
		 u64 key, struct bench_histogram *latency, u64 *failed)
{
	u64 begin = peer_cycles(), ns;
	int err = fn(run, key);

	ns = peer_cycles_to_ns(peer_cycles() - begin);
	bench_histogram_record(latency, ns);
	*failed += err != 0;
	return ns;
}

static int insert(struct peer_run *run, u64 key)
{
	return run->ops->insert(run->table, key, key);
}

static int remove(struct peer_run *run, u64 key)
{
	return run->ops->remove(run->table, key);
}

static void step_insert(struct bench_worker *worker)
{
	struct peer_run *run = run_of(worker);
	struct peer_loop *loop = &run->loop[worker->index];
	u64 turns = run->params->turns, i, ns = 0;

	worker->begin_ns = ktime_get_ns();
	for (i = 0; i < turns; i++) {
		ns += timed(insert, run,
			    peer_fresh(&run->keys, worker->index, i),
			    &worker->latency[BENCH_INSERT], &loop->failed);
		if (!(i % PEER_CHUNK))
			bench_stopped(worker);
	}
	worker->end_ns = ktime_get_ns();
	run->ns[worker->index] = ns;
	for (i = 0; i < turns; i++) {
		timed(remove, run, peer_fresh(&run->keys, worker->index, i),
		      &worker->latency[BENCH_DELETE], &loop->failed);
		if (!(i % PEER_CHUNK))
			bench_stopped(worker);
	}
}

static void mix_begin(struct bench_worker *worker)
{
	struct peer_run *run = run_of(worker);
	struct peer_mix *mix = &run->mix[worker->index];
	u64 key;

	mix->write_end = div_u64((1ULL << 32) * run->params->write_share, 100);
	worker->head = run->params->window;
	while (mix->fresh < worker->head) {
		key = peer_fresh(&run->keys, worker->index, mix->fresh++);
		run->ops->insert(run->table, key, key);
	}
}

static void mix_end(struct bench_worker *worker)
{
	struct peer_run *run = run_of(worker);
	struct peer_mix *mix = &run->mix[worker->index];
	struct peer_loop *loop = &run->loop[worker->index];
	u64 key;

	while (mix->oldest < mix->fresh) {
		key = peer_fresh(&run->keys, worker->index, mix->oldest++);
		loop->failed += run->ops->remove(run->table, key) != 0;
	}
}

static void step_mix(struct bench_worker *worker)
{
	struct peer_run *run = run_of(worker);
	struct peer_loop *loop = &run->loop[worker->index];
	u64 left = run->params->turns;

	worker->until_sample = worker->index;
	worker->begin_ns = ktime_get_ns();
	while (left && !bench_stopped(worker)) {
		loop->turns = min_t(u64, left, PEER_CHUNK);
		left -= loop->turns;
		run->ops->mix(loop, &run->mix[worker->index], worker);
	}
	worker->end_ns = ktime_get_ns();
	run->ns[worker->index] = worker->end_ns - worker->begin_ns;
}

/*
 * Each operation has a time at which it should begin, and its latency counts
 * from then: one that is slow makes those behind it late, as in a queue.
 */
static void step_mix_open(struct bench_worker *worker)
{
	struct peer_run *run = run_of(worker);
	struct peer_loop *loop = &run->loop[worker->index];
	u64 begin = ktime_get_ns(), cycles = peer_cycles(), i, due, now;

	worker->begin_ns = begin;
	loop->turns = 1;
	for (i = 0; i < run->params->turns && !READ_ONCE(run->team.stop); i++) {
		due = div64_u64(i * NSEC_PER_SEC, run->params->rate);
		while ((now = peer_cycles_to_ns(peer_cycles() - cycles)) < due)
			if (due - now > 2000)
				bench_stopped(worker);
		worker->until_sample = U32_MAX;
		run->ops->mix(loop, &run->mix[worker->index], worker);
		now = peer_cycles_to_ns(peer_cycles() - cycles);
		bench_histogram_record(worker->latency, now - due);
		if (!(i % PEER_CHUNK))
			bench_stopped(worker);
	}
	worker->end_ns = ktime_get_ns();
	run->ns[worker->index] = worker->end_ns - begin;
}

static void step_ping_pong(struct bench_worker *worker)
{
	struct peer_run *run = run_of(worker);
	u64 turns = run->params->turns, i;

	worker->begin_ns = ktime_get_ns();
	for (i = 0; i < turns && !READ_ONCE(run->team.stop); i++) {
		/* one release, one acquire: what is measured is the line */
		while (smp_load_acquire(&run->turn) % 2 != worker->index)
			cpu_relax();
		/* to the acquire above, on the other CPU */
		smp_store_release(&run->turn, run->turn + 1);
		if (!(i % PEER_CHUNK))
			bench_stopped(worker);
	}
	worker->end_ns = ktime_get_ns();
	run->ns[worker->index] = worker->end_ns - worker->begin_ns;
}

static int do_steps(struct peer_run *run)
{
	int err;

	switch (run->params->what) {
	case PEER_LOAD_HIT_AMENDED:
	case PEER_LOAD_ABSENT_AMENDED:
		return bench_team_do(&run->team, step_amended);
	case PEER_INSERT_FRESH:
		return bench_team_do(&run->team, step_insert);
	case PEER_PING_PONG:
		return bench_team_do(&run->team, step_ping_pong);
	case PEER_MIX:
	case PEER_MIX_OPEN:
		err = bench_team_do(&run->team, mix_begin);
		if (!err)
			err = bench_team_do(&run->team,
					    run->params->what == PEER_MIX ?
					    step_mix : step_mix_open);
		return err ?: bench_team_do(&run->team, mix_end);
	default:
		return bench_team_do(&run->team, step_loop);
	}
}

static bool asks_for_absent(enum peer_case what)
{
	return what == PEER_LOAD_ABSENT || what == PEER_LOAD_ABSENT_AMENDED;
}

/* Each thread begins elsewhere; batches begin where one of theirs does. */
static void set_loops(struct peer_run *run)
{
	struct peer_loop *loop;
	u32 i;

	if (run->params->hot)
		run->keys.asked = 1;
	for (i = 0; i < run->params->threads; i++) {
		loop = &run->loop[i];
		loop->table = run->table;
		loop->keys = &run->keys;
		loop->ask = asks_for_absent(run->params->what) ?
			    run->keys.absent : run->keys.present;
		loop->at = round_down(run->keys.asked / run->params->threads * i,
				      PEER_BATCH);
	}
}

static void sum_up(struct peer_run *run, struct peer_result *result)
{
	u64 begin = U64_MAX, end = 0;
	struct bench_worker *worker;
	u32 i, op;

	for (i = 0; i < run->params->threads; i++) {
		worker = run->team.worker[i];
		begin = min(begin, worker->begin_ns);
		end = max(end, worker->end_ns);
		result->ns_in_all += run->ns[i];
		result->found += run->loop[i].found;
		result->failed += run->loop[i].failed;
		for (op = 0; op < BENCH_DELETE; op++)
			bench_histogram_add(&result->latency,
					    &worker->latency[op]);
		bench_histogram_add(&result->deleting,
				    &worker->latency[BENCH_DELETE]);
	}
	result->elapsed_ns = end - begin;
	result->turns = run->params->turns * run->params->threads;
}

static int run_alloc(struct peer_run *run)
{
	u32 threads = run->params->threads;

	run->team.params.threads = threads;
	run->team.params.sample = run->params->sample;
	run->loop = kcalloc(threads, sizeof(*run->loop), GFP_KERNEL);
	run->mix = kcalloc(threads, sizeof(*run->mix), GFP_KERNEL);
	run->ns = kcalloc(threads, sizeof(*run->ns), GFP_KERNEL);
	if (!run->loop || !run->mix || !run->ns)
		return -ENOMEM;
	return bench_team_alloc(&run->team);
}

static void run_free(struct peer_run *run)
{
	bench_team_free(&run->team);
	kfree(run->loop);
	kfree(run->mix);
	kfree(run->ns);
	kfree(run);
}

/**
 * peer_measure() - do one round
 * @ops:	the structure's
 * @table:	the structure
 * @keys:	the resident ones it has
 * @params:	what to measure
 * @result:	out
 *
 * Context: process; sleeps.  What the round inserts it deletes again.
 * Return: 0, -ENOMEM, -EINTR.
 */
int peer_measure(const struct peer_ops *ops, void *table,
		 const struct peer_keys *keys, const struct peer_params *params,
		 struct peer_result *result)
{
	struct peer_run *run = kzalloc(sizeof(*run), GFP_KERNEL);
	int err;

	if (!run)
		return -ENOMEM;
	run->ops = ops;
	run->table = table;
	run->keys = *keys;
	run->params = params;
	err = run_alloc(run);
	if (!err) {
		set_loops(run);
		err = do_steps(run);
		sum_up(run, result);
	}
	run_free(run);
	return err;
}
