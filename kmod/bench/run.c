// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include "run.h"
#include "zipf.h"

static int open_map(struct bench_run *run, struct bench_error *error)
{
	const struct bench_params *p = &run->params;

	if (*p->map) {
		run->map = syncmap_get(p->map);
		if (!run->map)
			return bench_fail(error, -ENOENT,
					  "map=%s: there is no such map",
					  p->map);
		return 0;
	}
	run->map = syncmap_create(p->name, &p->config);
	if (IS_ERR(run->map)) {
		int err = PTR_ERR(run->map);

		run->map = NULL;
		if (err == -EEXIST)
			return bench_fail(error, err,
					  "name=%s: there is such a map; map= uses it",
					  p->name);
		return bench_fail(error, err, "making map %s: %pe",
				  p->name, ERR_PTR(err));
	}
	run->made = true;
	return 0;
}

/* 2^32 times a share */
static u64 limit(u32 share)
{
	return div_u64((u64)share << 32, BENCH_WHOLE);
}

static void set_limits(struct bench_run *run)
{
	const struct bench_params *p = &run->params;

	run->load_end = limit(p->share[BENCH_LOAD]);
	run->update_end = limit(p->share[BENCH_LOAD] + p->share[BENCH_UPDATE]);
	run->absent_end = limit(p->absent);
	run->recent_end = limit(p->absent + p->recent);
}

static int prepare(struct bench_run *run, struct bench_error *error)
{
	const struct bench_params *p = &run->params;
	int err;

	set_limits(run);
	err = bench_keys_init(&run->keys, p, error);
	if (!err)
		err = open_map(run, error);
	if (!err && p->present)
		err = bench_keys_collect(&run->keys, run->map, error);
	if (err)
		return err;

	if (p->zipf)
		run->zipf = bench_zipf_alloc(run->keys.residents, p->theta);
	if ((p->zipf && !run->zipf) || bench_team_alloc(run))
		return bench_fail(error, -ENOMEM,
				  "no memory for %u threads' state",
				  p->threads);
	return 0;
}

static void add_counts(struct bench_counts *to, const struct bench_counts *from)
{
	to->loads_found += from->loads_found;
	to->loads_absent += from->loads_absent;
	to->updates += from->updates;
	to->inserts += from->inserts;
	to->deletes += from->deletes;
	to->deletes_absent += from->deletes_absent;
	to->wrong_values += from->wrong_values;
	to->enospc += from->enospc;
	to->enomem += from->enomem;
}

/* A step that all threads do, and what they counted in it. */
static int step(struct bench_run *run, void (*what)(struct bench_worker *w),
		struct bench_counts *counts, struct bench_error *error)
{
	int err = bench_team_do(run, what);

	if (err == -EINTR)
		bench_fail(error, err, "interrupted");
	else if (err)
		bench_fail(error, err, "making threads: %pe",
			   ERR_PTR(err));
	for (u32 i = 0; i < run->params.threads; i++) {
		struct bench_worker *w = run->worker[i];

		add_counts(counts, &w->counts);
		memset(&w->counts, 0, sizeof(w->counts));
		if (w->err && !err)
			err = bench_fail(error, w->err,
					 "%s of a key of %u bytes: %pe",
					 w->failed, w->key.len,
					 ERR_PTR(w->err));
	}
	return err;
}

/* the median of many readings that follow one another at once */
static u64 clock_cost(void)
{
	struct bench_histogram *h = kvzalloc(sizeof(*h), GFP_KERNEL);
	u64 cost = 0;

	for (int i = 0; h && i < 1001; i++) {
		u64 begin = ktime_get_ns();

		bench_histogram_record(h, ktime_get_ns() - begin);
	}
	if (h)
		cost = bench_histogram_quantile(h, 500);
	kvfree(h);
	return cost;
}

static void collect(struct bench_run *run, struct bench_result *result)
{
	u64 begin = U64_MAX, end = 0;

	for (u32 i = 0; i < run->params.threads; i++) {
		const struct bench_worker *w = run->worker[i];

		begin = min(begin, w->begin_ns);
		end = max(end, w->end_ns);
		result->ops += w->ops;
		for (int op = 0; op < BENCH_NR_OPS; op++) {
			bench_histogram_add(&result->latency[op],
					    &w->latency[op]);
			bench_histogram_add(&result->latency[BENCH_NR_OPS],
					    &w->latency[op]);
		}
	}
	result->elapsed_ns = end - begin;
}

static int fill_and_load(struct bench_run *run, struct bench_result *result,
			 struct bench_error *error)
{
	int err;

	result->residents = run->keys.residents;
	result->clock_ns = clock_cost();
	err = step(run, bench_fill, &result->setup, error);
	if (!err && run->params.warm)
		err = step(run, bench_warm, &result->setup, error);
	if (err)
		return err;
	err = step(run, bench_load, &result->load, error);
	collect(run, result);
	result->interrupted = err == -EINTR;
	return err;
}

static int clean(struct bench_run *run, struct bench_result *result,
		 struct bench_error *error)
{
	if (run->made || run->params.keep)
		return 0;
	WRITE_ONCE(run->stop, false);
	return step(run, bench_clean, &result->cleanup, error);
}

static void finish(struct bench_run *run)
{
	bench_team_free(run);
	bench_zipf_free(run->zipf);
	bench_keys_free(&run->keys);
	if (!run->made)
		syncmap_put(run->map);
}

/**
 * bench_run() - do a run
 * @params:	what is asked
 * @result:	zeroed by the caller; set if 0 is returned, or if a signal ended
 *		the load early
 * @made:	out: NULL, or the map that was made, to be destroyed by the caller
 * @error:	says why, on failure
 *
 * Context: process; sleeps for as long as the run takes, or until a signal.
 * Return: 0 or a negative errno; -EINTR after a signal.
 */
int bench_run(struct bench_params *params, struct bench_result *result,
	      struct syncmap **made, struct bench_error *error)
{
	struct bench_run *run = kvzalloc(sizeof(*run), GFP_KERNEL);
	int err, cleaned;

	*made = NULL;
	if (!run)
		return bench_fail(error, -ENOMEM, "no memory for the run");
	run->params = *params;
	result->params = *params;
	err = prepare(run, error);
	if (!err) {
		err = fill_and_load(run, result, error);
		cleaned = clean(run, result, error);
		err = err ?: cleaned;
	}
	if (run->made)
		*made = run->map;
	finish(run);
	kvfree(run);
	return err;
}
