/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loops that are measured, for each structure with its own operations
 * inline; the same in main.go.  They take nothing but operations, the drawing
 * of keys and, now and then, a word that nothing is being read.
 */
#ifndef BENCH_HOST_LOOPS_H
#define BENCH_HOST_LOOPS_H

#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/timekeeping.h>
#include "keys.h"
#include "team.h"
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

#endif
