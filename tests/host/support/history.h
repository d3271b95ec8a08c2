/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Histories of operations on a few keys by several threads, and whether they
 * could have happened one after the other: linearizability.
 */
#ifndef HOST_HISTORY_H
#define HOST_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#define HISTORY_KEYS	8
#define HISTORY_OPS	512

enum history_op {
	HISTORY_LOAD,		/* result: the value, 0 for none */
	HISTORY_STORE,
	HISTORY_SWAP,		/* result: the previous value, 0 for none */
	HISTORY_LOAD_OR_STORE,	/* likewise */
	HISTORY_REPLACE,	/* likewise */
	HISTORY_CAS,		/* result: swapped */
	HISTORY_LOAD_AND_DELETE, /* result: the previous value, 0 for none */
	HISTORY_DELETE,		/* result: deleted */
	HISTORY_CAD,		/* likewise */
	HISTORY_CLEAR,
};

/**
 * struct history_entry - one operation
 * @op:		which
 * @key:	below HISTORY_KEYS
 * @value:	what it stores, not 0
 * @old:	what it compares with
 * @result:	see the operation
 * @begin:	when it was called
 * @end:	when it had returned
 * @thread:	who called it
 */
struct history_entry {
	enum history_op op;
	uint32_t key;
	uint64_t value;
	uint64_t old;
	uint64_t result;
	uint64_t begin;
	uint64_t end;
	uint32_t thread;
};

/**
 * struct history - operations of all threads, in any order
 * @n:		how many
 * @entry:	the operations
 * @first:	each key's value before them
 */
struct history {
	uint32_t n;
	struct history_entry entry[HISTORY_OPS];
	uint64_t first[HISTORY_KEYS];
};

enum history_verdict {
	HISTORY_LINEARIZABLE,
	HISTORY_IMPOSSIBLE,	/* no order explains the results */
	HISTORY_REFUSED,	/* too many orders to try */
};

extern const char *const history_verdicts[];

/* later than all times given so far */
uint64_t history_time(void);

/* the operation happens to @value: did it answer as it had to? */
bool history_happens(const struct history_entry *op,
		     uint64_t value[HISTORY_KEYS]);

enum history_verdict history_judge(const struct history *history);

/* operations during which another thread was at the same key */
uint32_t history_overlaps(const struct history *history);

/* on stderr, in the order in which the operations began */
void history_print(const struct history *history);

#endif
