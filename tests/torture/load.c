// SPDX-License-Identifier: GPL-2.0
/*
 * Loads, from any context, and what they must give.
 */
#include <linux/err.h>
#include <linux/math64.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include "torture.h"

/* ids above those of a map's keys, to ask for in vain */
#define ABSENT_IDS	1000

/**
 * torture_random() - 64 random bits
 * @a:		whose generator: splitmix64, see torture_mix()
 *
 * Return: the bits.
 */
u64 torture_random(struct torture_actor *a)
{
	a->random += 0x9e3779b97f4a7c15ull;
	return torture_mix(a->random);
}

/* 0 to @end - 1 */
u32 torture_random_below(struct torture_actor *a, u32 end)
{
	return mul_u64_u64_shr(torture_random(a), end, 64);
}

/**
 * torture_value_seen() - check a value that a call gave
 * @a:		who called
 * @m:		the map's index
 * @id:		the key
 * @data:	the value's bytes
 * @len:	how many
 *
 * Return: its version; 0, which none has, if it is not this key's.
 */
u64 torture_value_seen(struct torture_actor *a, u32 m, u32 id,
		       const void *data, u32 len)
{
	u64 version;

	if (torture_value_read(m, id, data, len, &version))
		return version;
	torture_violation(a->torture, m, "key %u: torn value, %u bytes: %*ph",
			  id, len, (int)min_t(u32, len, 64), data);
	return 0;
}

static u64 own_before(const struct torture_own *own)
{
	/* pairs with the release in own_end(): that change is over */
	return own ? smp_load_acquire(&own->done) : 0;
}

/* A key of one actor: how it stood @before the load, and how it stands now. */
static void check_own(struct torture_actor *a, u32 m, u32 id,
		      const struct torture_own *own, u64 before, u64 version)
{
	bool there = before & 1;
	u64 begun;

	/* pairs with own_begin(): who saw the change sees that it has begun */
	smp_mb();
	begun = READ_ONCE(own->begun);
	if (!version) {
		if (there && begun == before / 2 && !torture_forms[m].cleared)
			torture_violation(a->torture, m,
					  "own key %u: lost, was at %llu",
					  id, before / 2);
		return;
	}
	if (version > begun)
		torture_violation(a->torture, m,
				  "own key %u: version %llu of %llu begun",
				  id, version, begun);
	else if (version < before / 2 || (version == before / 2 && !there))
		torture_violation(a->torture, m,
				  "own key %u: version %llu after %s %llu", id,
				  version, there ? "change" : "delete",
				  before / 2);
}

/* inside rcu_read_lock() */
static void check_load(struct torture_actor *a, u32 m, u32 id, u64 before,
		       const struct syncmap_value *value)
{
	const struct torture_own *own = torture_own_of(a->torture, m, id);
	u64 version = 0;

	a->ops++;
	if (value) {
		a->counts[m].found++;
		version = torture_value_seen(a, m, id, value->data, value->len);
		if (!version)
			return;
	} else {
		a->counts[m].absent++;
	}
	if (own)
		check_own(a, m, id, own, before, version);
	else if (!value && torture_is_resident(m, id))
		torture_violation(a->torture, m, "resident key %u: lost", id);
	else if (value && id >= torture_ids(a->torture, m))
		torture_violation(a->torture, m, "key %u: never put", id);
}

/* Where the map is classic just now, hardirq has to be refused. */
static void check_refusal(struct torture_actor *a, u32 m, int err)
{
	const struct torture_form *form = &torture_forms[m];

	if (err == -EOPNOTSUPP && in_hardirq() &&
	    (form->switched || form->config.policy == SYNCMAP_CLASSIC))
		return;
	torture_violation(a->torture, m, "load: error %d", err);
}

/**
 * torture_load() - load a key, and check what comes
 * @a:		who does it
 * @m:		the map's index
 * @id:		the key
 *
 * Context: any.
 */
void torture_load(struct torture_actor *a, u32 m, u32 id)
{
	const struct torture_own *own = torture_own_of(a->torture, m, id);
	const struct syncmap_value *value;
	u64 before = own_before(own);

	torture_key_make(m, id, &a->key);
	rcu_read_lock();
	value = syncmap_load(a->torture->map[m], a->key.data, a->key.len);
	if (!IS_ERR(value))
		check_load(a, m, id, before, value);
	else
		check_refusal(a, m, PTR_ERR(value));
	rcu_read_unlock();
}

/**
 * torture_load_batch() - load many keys at once, some that never were there
 * @a:		who does it
 * @m:		the map's index
 *
 * Context: any.
 */
void torture_load_batch(struct torture_actor *a, u32 m)
{
	struct torture_batch *batch = &a->batch;
	u32 ids = torture_ids(a->torture, m) + ABSENT_IDS, id, i;
	int err;

	for (i = 0; i < TORTURE_BATCH; i++) {
		id = torture_random_below(a, ids);
		torture_key_make(m, id, &batch->key[i]);
		batch->before[i] = own_before(torture_own_of(a->torture, m, id));
		batch->arg[i].data = batch->key[i].data;
		batch->arg[i].len = batch->key[i].len;
	}
	rcu_read_lock();
	err = syncmap_load_batch(a->torture->map[m], batch->arg, batch->value,
				 TORTURE_BATCH);
	if (err)
		check_refusal(a, m, err);
	for (i = 0; i < TORTURE_BATCH && !err; i++)
		check_load(a, m, batch->key[i].id, batch->before[i],
			   batch->value[i]);
	rcu_read_unlock();
}
