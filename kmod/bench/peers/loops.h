/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loops over a structure.  Whoever includes this has defined
 *
 *	PEER		the name of its struct peer_ops
 *	PEER_NAME	the same as in the report
 *	peer_create(), peer_destroy()
 *	bool peer_load(table, key, &value)
 *	int peer_insert(table, key, value), peer_update(...), peer_remove(table, key)
 *
 * and where it has that, PEER_HAS_BATCH and
 *	u32 peer_load_batch(table, keys, sum)
 */
#include "../ops.h"

static u64 loop_key(const struct peer_loop *loop, u64 turn)
{
	return loop->ask[turn & (loop->keys->asked - 1)];
}

static void loop_load(struct peer_loop *loop)
{
	u64 value = 0, sum = 0, found = 0, at = loop->at;
	u64 end = at + loop->turns, mask = loop->keys->asked - 1;
	const u64 *ask = loop->ask;
	void *table = loop->table;

	for (; at < end; at++) {
		if (!peer_load(table, ask[at & mask], &value))
			continue;
		found++;
		sum += value;
	}
	loop->found += found;
	loop->sum += sum;
	loop->at = at;
}

/* A value is the next key. */
static void loop_load_dependent(struct peer_loop *loop)
{
	u64 key = loop->sum ?: loop_key(loop, loop->at);
	u64 found = 0, turns = loop->turns;

	while (turns--)
		found += peer_load(loop->table, key, &key);
	loop->found += found;
	loop->sum = key;
}

#ifdef PEER_HAS_BATCH
static void loop_load_batch(struct peer_loop *loop)
{
	u64 at = loop->at, end = at + loop->turns;

	for (; at < end; at += PEER_BATCH)
		loop->found += peer_load_batch(loop->table, &loop->ask[
				at & (loop->keys->asked - 1)], &loop->sum);
	loop->at = at;
}
#endif

static void loop_update(struct peer_loop *loop)
{
	u64 at = loop->at, end = at + loop->turns;

	for (; at < end; at++)
		loop->failed += peer_update(loop->table, loop_key(loop, at),
					    at) != 0;
	loop->at = at;
}

/* One turn: a load, or else by turns a fresh key in and the oldest out. */
static void mix_once(struct peer_loop *loop, struct peer_mix *mix,
		     struct bench_worker *worker)
{
	u64 value, key;

	if ((u32)bench_random(worker) >= mix->write_end) {
		if (peer_load(loop->table, loop_key(loop, loop->at), &value)) {
			loop->found++;
			loop->sum += value;
		}
	} else if (mix->fresh - mix->oldest <= worker->head) {
		key = peer_fresh(loop->keys, worker->index, mix->fresh++);
		loop->failed += peer_insert(loop->table, key, key) != 0;
	} else {
		key = peer_fresh(loop->keys, worker->index, mix->oldest++);
		loop->failed += peer_remove(loop->table, key) != 0;
	}
	loop->at++;
}

static void loop_mix(struct peer_loop *loop, struct peer_mix *mix,
		     struct bench_worker *worker)
{
	u64 begin, turns = loop->turns;

	while (turns--) {
		if (worker->until_sample--) {
			mix_once(loop, mix, worker);
			continue;
		}
		worker->until_sample = worker->run->params.sample - 1;
		begin = peer_cycles();
		mix_once(loop, mix, worker);
		bench_histogram_record(worker->latency,
				       peer_cycles_to_ns(peer_cycles() - begin));
	}
}

static int one_insert(void *table, u64 key, u64 value)
{
	return peer_insert(table, key, value);
}

static int one_remove(void *table, u64 key)
{
	return peer_remove(table, key);
}

const struct peer_ops PEER = {
	.name = PEER_NAME,
	.create = peer_create,
	.destroy = peer_destroy,
	.insert = one_insert,
	.remove = one_remove,
	.load = loop_load,
	.load_dependent = loop_load_dependent,
	.update = loop_update,
	.mix = loop_mix,
#ifdef PEER_HAS_BATCH
	.load_batch = loop_load_batch,
#else
	.load_batch = loop_load,	/* one key after the other */
#endif
#ifdef PEER_SEQUENTIAL
	.sequential = true,
#endif
};
