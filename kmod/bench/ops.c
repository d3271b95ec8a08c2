// SPDX-License-Identifier: GPL-2.0
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include "ops.h"

/* low bits of a value that tell apart the stores to one key */
#define STORE_BITS	16

/**
 * bench_random() - 64 random bits
 * @worker:	whose generator: splitmix64, see bench_mix64()
 *
 * Return: the bits.
 */
u64 bench_random(struct bench_worker *worker)
{
	worker->random += 0x9e3779b97f4a7c15ull;
	return bench_mix64(worker->random);
}

/**
 * bench_random_below() - a random number
 * @worker:	whose generator
 * @end:	how many numbers there are
 *
 * Return: 0 to @end - 1; more likely by at most @end / 2^64.
 */
u64 bench_random_below(struct bench_worker *worker, u64 end)
{
	return mul_u64_u64_shr(bench_random(worker), end, 64);
}

static void give_up(struct bench_worker *w, const char *doing, int err)
{
	w->failed = doing;
	w->err = err;
}

/* what every value of a key has in its upper bits */
static u64 value_mark(const struct bench_key *key)
{
	return bench_mix64(~key->id) >> STORE_BITS << STORE_BITS;
}

/* Is it a value that was stored for this key?  We know of those we stored. */
static bool value_belongs(const struct bench_worker *w,
			  const struct syncmap_value *value)
{
	u64 word;

	if (w->run->keys.present || w->run->params.value_size < sizeof(word))
		return true;
	if (value->len != w->run->params.value_size)
		return false;
	memcpy(&word, value->data, sizeof(word));
	return word >> STORE_BITS << STORE_BITS == value_mark(&w->key);
}

/**
 * bench_op_load() - load the worker's key
 * @worker:	whose key; counts found and absent
 */
void bench_op_load(struct bench_worker *worker)
{
	const struct syncmap_value *value;

	rcu_read_lock();
	value = syncmap_load(worker->run->map, worker->key.data,
			     worker->key.len);
	if (IS_ERR(value)) {
		give_up(worker, "load", PTR_ERR(value));
	} else if (!value) {
		worker->counts.loads_absent++;
	} else {
		worker->counts.loads_found++;
		worker->counts.wrong_values += !value_belongs(worker, value);
	}
	rcu_read_unlock();
}

/**
 * bench_op_store() - store a new value to the worker's key
 * @worker:	whose key; counts refusals, not what was stored
 *
 * Return: it was stored.
 */
bool bench_op_store(struct bench_worker *worker)
{
	const struct bench_params *p = &worker->run->params;
	u64 word = value_mark(&worker->key) |
		   (worker->stored++ & (BIT(STORE_BITS) - 1));
	int err;

	memcpy(worker->value, &word, sizeof(word));
	err = syncmap_store(worker->run->map, worker->key.data, worker->key.len,
			    worker->value, p->value_size, GFP_KERNEL);
	if (err == -ENOSPC)
		worker->counts.enospc++;
	else if (err == -ENOMEM)
		worker->counts.enomem++;
	else if (err < 0)
		give_up(worker, "store", err);
	return err >= 0;
}

/**
 * bench_op_delete() - delete the worker's key
 * @worker:	whose key; counts deletes and those that found nothing
 *
 * Return: it was there.
 */
bool bench_op_delete(struct bench_worker *worker)
{
	int deleted = syncmap_delete(worker->run->map, worker->key.data,
				     worker->key.len);

	if (deleted < 0)
		give_up(worker, "delete", deleted);
	else if (deleted)
		worker->counts.deletes++;
	else
		worker->counts.deletes_absent++;
	return deleted > 0;
}
