// SPDX-License-Identifier: GPL-2.0
/*
 * The cases: what state the table is in when a loop is measured, and how it
 * comes back to what it was; the same in main.go.
 */
#include <stdlib.h>
#include <string.h>
#include "cases.h"
#include "loops.h"

/* Threads: each warms up, is measured, and puts things back. */

static void warm_and_measure(struct worker *w, loop_fn loop, u64 n)
{
	loop(w, max(n / 4 / BATCH, 1) * BATCH);
	team_measure(w, loop, n);
}

static void load_hit(struct worker *w)
{
	warm_and_measure(w, loop_load_hit, w->request->ops);
}

static void load_absent(struct worker *w)
{
	warm_and_measure(w, loop_load_absent, w->request->ops);
}

static void load_dependent(struct worker *w)
{
	warm_and_measure(w, loop_load_dependent, w->request->ops);
}

#if TABLE_HAS_BATCH
static void load_batch(struct worker *w)
{
	u64 batches = (w->request->ops + BATCH - 1) / BATCH;

	warm_and_measure(w, loop_load_batch, batches * BATCH);
}
#endif

static void update_existing(struct worker *w)
{
	warm_and_measure(w, w->request->hot ? loop_update_hot : loop_update,
			 w->request->ops);
}

/* The first thread alone changes the state of the table, the others wait. */
static void by_first(struct worker *w, void (*fn)(struct worker *w))
{
	team_meet(w);
	if (!w->index)
		fn(w);
	team_meet(w);
}

static void promote_all(struct worker *w)
{
	promote(w->table);
}

/* how often one new key is sure to have met each of a map's parts */
#define AMEND_MAX	100000

static void amend(struct worker *w)
{
	u32 i;

	promote(w->table);
	for (i = 0; !table_all_dirty(w->table); i++) {
		if (i == AMEND_MAX)
			die("%s: no dirty table after %u new keys",
			    w->request->name, i);
		insert_own(w);
	}
}

#define DISCARDS_MAX	1000

/* of few keys in many shards some may have been promoted all the same */
static void check_amended(struct worker *w)
{
	if (table_all_dirty(w->table))
		return;
	if (team_discard(w) == DISCARDS_MAX)
		die("%s: %llu keys are too few: they are promoted at once",
		    w->request->name, (unsigned long long)w->request->keys);
}

/* A quarter of the misses that would promote, of all threads together. */
static u64 misses_at_once(const struct request *r)
{
	return max(r->keys / 4 / r->threads, 1ULL);
}

static void measure_amended(struct worker *w, loop_fn loop, u64 some)
{
	u64 ops = w->request->ops;

	while (w->team->ops < ops) {
		by_first(w, amend);
		team_measure(w, loop, min(some, ops - w->team->ops));
		by_first(w, check_amended);
	}
	team_meet(w);
	delete_all_own(w);
}

static void load_hit_amended(struct worker *w)
{
	loop_load_hit(w, max(w->request->ops / 4, 1ULL));
	measure_amended(w, loop_load_hit, w->request->ops);
}

static void load_absent_amended(struct worker *w)
{
	loop_load_absent(w, max(w->request->ops / 4, 1ULL));
	measure_amended(w, loop_load_absent, misses_at_once(w->request));
}

/* how many keys come, or go, before the table is put back */
static u64 changes_at_once(const struct request *r)
{
	return max(r->keys / 8 / r->threads, 1ULL);
}

/* each begins with a table that was promoted */
static void insert_fresh(struct worker *w)
{
	u64 n, left;

	for (left = w->request->ops; left; left -= n) {
		n = min(changes_at_once(w->request), left);
		by_first(w, promote_all);
		team_measure(w, loop_insert, n);
		delete_all_own(w);
	}
}

static void delete(struct worker *w)
{
	u64 n, left;

	for (left = w->request->ops; left; left -= n) {
		n = min(changes_at_once(w->request), left);
		by_first(w, promote_all);
		team_measure(w, loop_delete, n);
		store_again(w, n);
		random_next(&w->random);
	}
}

/* own keys that are there all the time: a delete is of one that is not new */
static u64 backlog(const struct request *r)
{
	return min(max(r->keys / 16, 16ULL), 4096ULL);
}

static void mix(struct worker *w)
{
	u64 ops = w->request->ops;

	w->sample = malloc((ops / SAMPLE_EVERY + 1) * sizeof(*w->sample));
	if (!w->sample)
		die("mix: no memory for latencies");
	loop_insert(w, backlog(w->request));
	by_first(w, promote_all);
	loop_load_hit(w, max(ops / 4, 1ULL));
	team_measure(w, loop_mix, ops);
	delete_all_own(w);
}

static u64 extra_amend(const struct request *r)
{
	return AMEND_MAX;
}

static u64 extra_insert(const struct request *r)
{
	return min(changes_at_once(r), r->ops) * r->threads;
}

static u64 extra_mix(const struct request *r)
{
	return (backlog(r) + 1) * r->threads;
}

#define NO_DIRTY	"it has no dirty table"
#define NO_BATCH	"it has no batched lookup"

static const struct bench_case cases[] = {
	{ "load_hit", load_hit },
	{ "load_absent", load_absent },
	{ "load_hit_amended", load_hit_amended, true, extra_amend,
	  TABLE_HAS_DIRTY ? NULL : NO_DIRTY },
	{ "load_absent_amended", load_absent_amended, true, extra_amend,
	  TABLE_HAS_DIRTY ? NULL : NO_DIRTY },
	{ "load_dependent", load_dependent },
#if TABLE_HAS_BATCH
	{ "load_batch", load_batch },
#else
	{ "load_batch", NULL, .unsupported = NO_BATCH },
#endif
	{ "update_existing", update_existing, true },
	{ "insert_fresh", insert_fresh, true, extra_insert },
	{ "delete", delete, true },
	{ "mix", mix, true, extra_mix },
	{ "memory", NULL },
};

/**
 * case_find() - find a case by its name
 * @name:	the name
 *
 * Return: the case, or NULL.
 */
const struct bench_case *case_find(const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (!strcmp(cases[i].name, name))
			return &cases[i];
	return NULL;
}

/* some, so that not each is followed by a look at all parts */
#define MISSES		64

/**
 * promote() - make the snapshot hold all keys
 * @table:	the table
 *
 * By misses, as many as it takes: loads of keys that are not there.
 */
void promote(struct table *table)
{
	static u64 random;
	u64 i, key, value;

	while (!table_none_dirty(table)) {
		for (i = 0; i < MISSES; i++) {
			key = key_absent(random_next(&random));
			rcu_read_lock();
			table_load(table, &key, &value);
			rcu_read_unlock();
		}
		urcu_qsbr_quiescent_state();
	}
}
