// SPDX-License-Identifier: GPL-2.0
/*
 * The cases, compiled for each structure with its own operations inline; the
 * same in main.go.
 *
 * A loop that is measured takes nothing but operations, the drawing of keys and,
 * now and then, a word that nothing is being read.
 */
#include <stdlib.h>
#include <string.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/timekeeping.h>
#include "keys.h"
#include "team.h"
#include "cases.h"
#include TABLE

#define QUIET_EVERY	256	/* operations between quiescent states */
#define BATCH		32
#define SAMPLE_EVERY	16	/* operations between those that are timed */

static inline void quiet(u64 i)
{
	if (unlikely(i % QUIET_EVERY == 0))
		urcu_qsbr_quiescent_state();
}

static u64 draw_resident(struct worker *w, u64 keys)
{
	return key_resident(random_below(random_next(&w->random), keys));
}

/* each load has found what it should, or what was measured is another thing */
static void check(const struct worker *w, const char *what, u64 got, u64 want)
{
	if (got != want)
		die("%s: %s: %llu of %llu", w->request->name, what,
		    (unsigned long long)got, (unsigned long long)want);
}

static void loop_load_hit(struct worker *w, u64 n)
{
	u64 i, key, value, found = 0, sum = 0, keys = w->request->keys;
	struct table *table = w->table;

	for (i = 0; i < n; i++) {
		quiet(i);
		key = draw_resident(w, keys);
		rcu_read_lock();
		if (likely(table_load(table, &key, &value))) {
			sum += value;
			found++;
		}
		rcu_read_unlock();
	}
	w->sum += sum;
	check(w, "resident keys found", found, n);
}

static void loop_load_absent(struct worker *w, u64 n)
{
	struct table *table = w->table;
	u64 i, key, value, found = 0;

	for (i = 0; i < n; i++) {
		quiet(i);
		key = key_absent(random_next(&w->random));
		rcu_read_lock();
		if (unlikely(table_load(table, &key, &value)))
			found++;
		rcu_read_unlock();
	}
	check(w, "absent keys found", found, 0);
}

/* which key is next, only the value tells */
static void loop_load_dependent(struct worker *w, u64 n)
{
	u64 i, key, value = 0, found = 0, keys = w->request->keys;
	struct table *table = w->table;

	for (i = 0; i < n; i++) {
		quiet(i);
		w->random += value;
		key = draw_resident(w, keys);
		rcu_read_lock();
		found += table_load(table, &key, &value);
		rcu_read_unlock();
	}
	w->sum += value;
	check(w, "resident keys found", found, n);
}

#if TABLE_HAS_BATCH
static void loop_load_batch(struct worker *w, u64 n)
{
	u64 i, j, key[BATCH], found = 0, sum = 0, keys = w->request->keys;
	struct table *table = w->table;

	for (i = 0; i < n; i += BATCH) {
		quiet(i);
		for (j = 0; j < BATCH; j++)
			key[j] = draw_resident(w, keys);
		rcu_read_lock();
		found += table_load_batch(table, key, BATCH, &sum);
		rcu_read_unlock();
	}
	w->sum += sum;
	check(w, "resident keys found", found, n);
}
#endif

static void loop_update(struct worker *w, u64 n)
{
	struct table *table = w->table;
	u64 i, key, keys = w->request->keys;

	for (i = 0; i < n; i++) {
		quiet(i);
		key = draw_resident(w, keys);
		table_store(table, &key, i);
	}
}

static void loop_update_hot(struct worker *w, u64 n)
{
	const u64 key = key_resident(0);
	struct table *table = w->table;
	u64 i;

	for (i = 0; i < n; i++) {
		quiet(i);
		table_store(table, &key, i);
	}
}

static void insert_own(struct worker *w)
{
	u64 key = key_fresh(w->index, w->head++);

	table_store(w->table, &key, value_of(key));
}

static bool delete_own(struct worker *w)
{
	u64 key = key_fresh(w->index, w->tail++);

	return table_delete(w->table, &key);
}

static void loop_insert(struct worker *w, u64 n)
{
	u64 i;

	for (i = 0; i < n; i++) {
		quiet(i);
		insert_own(w);
	}
}

static void delete_all_own(struct worker *w)
{
	u64 deleted = 0, own = w->head - w->tail;

	while (w->tail != w->head) {
		quiet(w->tail);
		deleted += delete_own(w);
	}
	check(w, "own keys deleted", deleted, own);
}

/* a thread's part of the resident keys, in an order that has no pattern */
struct part {
	u64 begin;
	u64 n;
	u64 at;
	u64 stride;
};

static u64 divisor(u64 a, u64 b)
{
	return b ? divisor(b, a % b) : a;
}

static struct part own_part(const struct worker *w)
{
	const struct request *r = w->request;
	struct part p = { .begin = r->keys * w->index / r->threads };

	p.n = r->keys * (w->index + 1) / r->threads - p.begin;
	if (!p.n)
		die("%s: %llu keys for %llu threads", r->name,
		    (unsigned long long)r->keys,
		    (unsigned long long)r->threads);
	p.at = random_below(w->random, p.n);
	p.stride = p.n * 3 / 8 + 1;
	while (divisor(p.stride, p.n) != 1)
		p.stride++;
	return p;
}

static u64 part_next(struct part *p)
{
	p->at += p->stride;
	if (p->at >= p->n)
		p->at -= p->n;
	return key_resident(p->begin + p->at);
}

static void loop_delete(struct worker *w, u64 n)
{
	struct part part = own_part(w);
	u64 i, key, deleted = 0;

	for (i = 0; i < n; i++) {
		quiet(i);
		key = part_next(&part);
		deleted += table_delete(w->table, &key);
	}
	check(w, "resident keys deleted", deleted, n);
}

static void store_again(struct worker *w, u64 n)
{
	struct part part = own_part(w);
	u64 i, key;

	for (i = 0; i < n; i++) {
		quiet(i);
		key = part_next(&part);
		table_store(w->table, &key, value_of(key));
	}
}

static void mix_one(struct worker *w, const struct request *r)
{
	u64 random = random_next(&w->random), key, value;

	if ((u64)(u32)(random >> 16) * 100 >> 32 < r->write_share) {
		if (w->turn++ % 2)
			delete_own(w);
		else
			insert_own(w);
		return;
	}
	key = key_resident(random_below(random, r->keys));
	rcu_read_lock();
	if (likely(table_load(w->table, &key, &value)))
		w->sum += value;
	rcu_read_unlock();
}

static void mix_timed(struct worker *w, const struct request *r)
{
	u64 begin = ktime_get_ns(), ns;

	mix_one(w, r);
	ns = ktime_get_ns() - begin;
	w->sample[w->samples++] = min_t(u64, ns, U32_MAX);
}

static void loop_mix(struct worker *w, u64 n)
{
	const struct request *r = w->request;
	u64 i;

	for (i = 0; i < n; i++) {
		quiet(i);
		if (unlikely(i % SAMPLE_EVERY == 0))
			mix_timed(w, r);
		else
			mix_one(w, r);
	}
}

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

static void check_amended(struct worker *w)
{
	if (!table_all_dirty(w->table))
		die("%s: promoted meanwhile", w->request->name);
}

/* Half as many misses as would promote, of all threads together. */
static u64 misses_at_once(const struct request *r)
{
	return max(r->keys / 2 / r->threads, 1ULL);
}

static void measure_amended(struct worker *w, loop_fn loop, u64 some)
{
	u64 n, left;

	for (left = w->request->ops; left; left -= n) {
		n = min(some, left);
		by_first(w, amend);
		team_measure(w, loop, n);
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
