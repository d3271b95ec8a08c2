// SPDX-License-Identifier: GPL-2.0
/*
 * Real threads on a few keys, which yield at the core's shared accesses, while
 * the map promotes, copies, splits, reclaims, is resharded and changes its
 * policy: whatever the calls answer must be linearizable.
 */
#include <sched.h>
#include <stdlib.h>
#include "shim/turns.h"
#include "support/record.h"
#include "support/threads.h"
#include "../../kmod/core/map.h"

#define THREADS		4
#define OPS		32	/* of each thread in a history, at least */
#define LOG		(OPS + RECORD_BATCH)
#define HISTORIES	(1600 / HOST_SLOWER)
#define PER_MAP		40	/* histories */
#define TIDE		5	/* histories in which the map grows, or shrinks */
#define OTHERS		200
#define BURST		24	/* of other keys stored or deleted at a time */
#define SHARD_BITS	5	/* of the number of shards, less than this */
#define OVERLAP_PERCENT	15	/* fewer than this are no contention */

static_assert(THREADS * LOG + HISTORY_KEYS <= HISTORY_OPS);

/**
 * struct log - what a thread has done in the history under way
 * @n:		operations
 * @entry:	the operations
 * @seen:	each key's value as this thread has last seen it
 * @values:	stored by it in all histories of the map
 */
struct log {
	u32 n;
	struct history_entry entry[LOG];
	u64 seen[HISTORY_KEYS];
	u32 values;
} __aligned(64);

/**
 * struct tally - what has been checked, and what went on meanwhile
 * @histories:	judged
 * @ops:	in them
 * @overlapping: of them, while another thread was at the same key
 * @compared:	compare_and_swaps
 * @swapped:	of them, that did
 * @policies:	changes of policy
 * @reshards:	changes of the number of shards
 * @stats:	the counters of all maps
 */
struct tally {
	u64 histories;
	u64 ops;
	u64 overlapping;
	u64 compared;
	u64 swapped;
	u64 policies;
	u64 reshards;
	struct sm_stats stats;
};

/**
 * struct book - the histories of one map
 * @map:	the map
 * @clears:	clear is among the operations
 * @histories:	how many more there are to be
 * @keys:	in the history under way
 * @arrived:	threads at the last gate, all in all
 * @closed:	there are no more to come
 * @log:	each thread's
 * @history:	the last one
 * @tally:	added to
 */
struct book {
	struct syncmap *map;
	bool clears;
	u32 histories;
	u32 keys;
	u32 arrived;
	bool closed;
	struct log log[THREADS];
	struct history history;
	struct tally *tally;
};

static void count(u64 *n)
{
	__atomic_fetch_add(n, 1, __ATOMIC_RELAXED);
}

/* all threads go on together: the sleepers of a real barrier would be late */
static void gate(struct book *book)
{
	u32 mine = __atomic_add_fetch(&book->arrived, 1, __ATOMIC_SEQ_CST);
	u32 all = roundup(mine, THREADS);

	while ((s32)(__atomic_load_n(&book->arrived, __ATOMIC_SEQ_CST) - all) < 0)
		sched_yield();
}

/* few shards more often than many, so that segments have enough to be split */
static void reshard(struct book *book, struct host_thread *thread)
{
	u32 shards = 1U << host_pick(thread, 1 + host_pick(thread, SHARD_BITS));

	if (syncmap_reshard(book->map, shards))
		shim_violation("not resharded");
	count(&book->tally->reshards);
}

/* the map grows for some histories and then shrinks, so that segments merge */
static void change_others(struct book *book, struct host_thread *thread)
{
	u32 others = host_pick(thread, OTHERS), n = 1 + host_pick(thread, BURST);

	if (book->histories / TIDE % 2)
		record_insert_others(book->map, others, n);
	else
		record_delete_others(book->map, others, n);
}

/* what goes on behind the backs of those who use the keys */
static void disturb(struct book *book, struct host_thread *thread)
{
	struct syncmap *map = book->map;

	switch (host_pick(thread, 16)) {
	case 0 ... 7:
		change_others(book, thread);
		break;
	case 8 ... 10:
		host_promote(map);
		break;
	case 11 ... 12:
		sm_map_set_policy(map, host_policies[host_pick(thread, 4) == 0]);
		count(&book->tally->policies);
		break;
	case 13 ... 14:
		sm_map_reclaim_work(&map->reclaim_work);
		break;
	default:
		reshard(book, thread);
	}
}

/* each value is stored in a map once only */
static u64 new_value(struct log *log, struct host_thread *thread)
{
	return (u64)(thread->index + 1) << 32 | ++log->values;
}

static enum history_op draw_op(struct book *book, struct host_thread *thread)
{
	static const enum history_op ops[] = {
		HISTORY_LOAD, HISTORY_LOAD, HISTORY_LOAD, HISTORY_LOAD,
		HISTORY_STORE, HISTORY_STORE, HISTORY_SWAP, HISTORY_SWAP,
		HISTORY_LOAD_OR_STORE, HISTORY_LOAD_OR_STORE, HISTORY_REPLACE,
		HISTORY_CAS, HISTORY_CAS, HISTORY_CAS,
		HISTORY_LOAD_AND_DELETE, HISTORY_DELETE, HISTORY_CAD,
	};

	if (book->clears && !host_pick(thread, 24))
		return HISTORY_CLEAR;
	return ops[host_pick(thread, ARRAY_SIZE(ops))];
}

/* the value that the key had as this operation left it, as far as it tells */
static u64 left_behind(const struct history_entry *op)
{
	switch (op->op) {
	case HISTORY_LOAD:
		return op->result;
	case HISTORY_STORE:
	case HISTORY_SWAP:
		return op->value;
	case HISTORY_LOAD_OR_STORE:
		return op->result ?: op->value;
	case HISTORY_CAS:
		return op->result ? op->value : 0;
	default:
		return 0;
	}
}

static void do_batch(struct book *book, struct host_thread *thread,
		     struct log *log)
{
	struct history_entry *op = &log->entry[log->n];
	u32 i, n = 1 + host_pick(thread, RECORD_BATCH);

	for (i = 0; i < n; i++)
		op[i] = (struct history_entry){ .thread = thread->index,
			.key = host_pick(thread, book->keys) };
	record_batch(book->map, op, n);
	log->n += n;
}

static void do_op(struct book *book, struct host_thread *thread,
		  struct log *log)
{
	struct history_entry *op = &log->entry[log->n++];

	*op = (struct history_entry){
		.op = draw_op(book, thread),
		.key = host_pick(thread, book->keys),
		.value = new_value(log, thread),
		.thread = thread->index,
	};
	op->old = log->seen[op->key];
	/* with what nobody has there is nothing to compare: see what is there */
	if (!op->old && (op->op == HISTORY_CAS || op->op == HISTORY_CAD))
		op->op = HISTORY_LOAD;
	record_op(book->map, op);
	log->seen[op->key] = left_behind(op);
}

static void do_ops(struct book *book, struct host_thread *thread)
{
	struct log *log = &book->log[thread->index];

	shim_jitter(host_random(&thread->random), 8 << host_pick(thread, 3));
	log->n = 0;
	while (log->n < OPS) {
		if (!host_pick(thread, 8))
			disturb(book, thread);
		if (host_pick(thread, 12))
			do_op(book, thread, log);
		else
			do_batch(book, thread, log);
	}
	shim_jitter(0, 0);
}

/* the values that the keys have in the end are a part of the history */
static void load_all(struct book *book, struct history *history)
{
	struct history_entry *op;
	u32 key;

	for (key = 0; key < HISTORY_KEYS; key++) {
		op = &history->entry[history->n++];
		*op = (struct history_entry){ HISTORY_LOAD, key };
		record_op(book->map, op);
	}
}

static void add_up(struct tally *tally, const struct history *history)
{
	const struct history_entry *op;

	for (op = history->entry; op < history->entry + history->n; op++) {
		tally->compared += op->op == HISTORY_CAS;
		tally->swapped += op->op == HISTORY_CAS && op->result;
	}
	tally->histories++;
	tally->ops += history->n;
	tally->overlapping += history_overlaps(history);
}

static void judge(struct book *book)
{
	struct history *history = &book->history;
	enum history_verdict verdict = history_judge(history);

	add_up(book->tally, history);
	if (!verdict)
		return;
	book->closed = true;
	host_thread_fail("history %llu is %s", book->tally->histories,
			 history_verdicts[verdict]);
	history_print(history);
}

/* the other threads wait at the gate */
static void close_history(struct book *book, struct host_thread *thread)
{
	struct history *history = &book->history;
	u32 i, last;

	history->n = 0;
	for (i = 0; i < THREADS; i++) {
		memcpy(&history->entry[history->n], book->log[i].entry,
		       book->log[i].n * sizeof(struct history_entry));
		history->n += book->log[i].n;
	}
	last = history->n;
	load_all(book, history);
	judge(book);
	for (i = 0; i < HISTORY_KEYS; i++)
		history->first[i] = history->entry[last + i].result;
	book->keys = 2 + host_pick(thread, book->clears ? 3 : 7);
	if (!--book->histories)
		book->closed = true;
}

static void work(struct host_thread *thread)
{
	struct book *book = thread->arg;

	/* others in each map */
	thread->random = thread->random << 32 | book->tally->histories;
	for (;;) {
		gate(book);
		if (book->closed)
			return;
		do_ops(book, thread);
		gate(book);
		if (!thread->index)
			close_history(book, thread);
	}
}

static void add_stats(struct tally *tally, struct syncmap *map)
{
	struct sm_stats stats;
	u32 i;

	sm_map_stats(map, &stats);
	for (i = 0; i < ARRAY_SIZE(stats.value); i++)
		tally->stats.value[i] += stats.value[i];
}

static void fill_book(struct tally *tally, bool clears, u32 number)
{
	static struct book book;

	book = (struct book){ .clears = clears, .histories = PER_MAP,
			      .keys = 2, .tally = tally };
	shim_online_cpus = 1 << number % 4;
	book.map = host_map(HOST_CONFIG(.key_size = RECORD_KEY, .value_size = 8,
		.policy = host_policies[number % 8 == 7]));
	host_open_hash(book.map);
	host_threads(THREADS, work, &book);
	shim_settle();
	host_check(book.map);
	add_stats(tally, book.map);
	host_map_free(book.map);
}

static void report(const struct tally *tally)
{
	const u64 *stats = tally->stats.value;
	u64 percent = tally->overlapping * 100 / tally->ops;

	print_message("# %llu histories, %llu operations, %llu %% of them while another thread was at the key\n",
		      tally->histories, tally->ops, percent);
	print_message("# %llu of %llu compare_and_swaps did\n", tally->swapped,
		      tally->compared);
	print_message("# beside them %llu promotions, %llu dirty tables, %llu copies, %llu splits and %llu merges of segments, %llu tombstones reclaimed, %llu reshards, %llu changes of policy\n",
		      stats[SM_PROMOTIONS], stats[SM_DIRTY_COPIES],
		      stats[SM_SEGMENT_COPIES], stats[SM_SEGMENT_SPLITS],
		      stats[SM_SEGMENT_MERGES], stats[SM_RECLAIMED],
		      tally->reshards, tally->policies);
	assert_true(percent >= OVERLAP_PERCENT);
	assert_in_range(tally->swapped, tally->compared / 8,
			tally->compared * 7 / 8);
	assert_true(stats[SM_PROMOTIONS] > tally->histories);
	assert_true(stats[SM_SEGMENT_COPIES] > tally->histories);
	assert_true(stats[SM_SEGMENT_SPLITS] > tally->histories / 4);
	assert_true(stats[SM_SEGMENT_MERGES] > tally->histories / 4);
	assert_true(stats[SM_RECLAIMED] > tally->histories);
	assert_true(tally->reshards > tally->histories / 4);
	assert_true(tally->policies > tally->histories / 4);
}

static void check_histories(bool clears, u64 histories)
{
	struct tally tally = { 0 };
	u32 number = 0;

	shim_worker_start();
	while (tally.histories < histories)
		fill_book(&tally, clears, number++);
	shim_worker_stop();
	report(&tally);
}

static void keys(void **state)
{
	check_histories(false, HISTORIES * host_effort());
}

static void keys_and_clear(void **state)
{
	check_histories(true, HISTORIES / 2 * host_effort());
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("every operation on a key is linearizable", keys),
	HOST_TEST("and clear with them", keys_and_clear),
};

HOST_MAIN("linearizable", tests)
