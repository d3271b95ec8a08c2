/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Short histories of operations on a few keys, and whether they could have
 * happened one after the other: linearizability, by trying all orders.
 */
#ifndef HOST_HISTORY_H
#define HOST_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#define HISTORY_KEYS	8
#define HISTORY_OPS	32

enum history_op {
	HISTORY_LOAD,		/* result: the value, 0 for none */
	HISTORY_STORE,
	HISTORY_SWAP,		/* result: the previous value, 0 for none */
	HISTORY_LOAD_OR_STORE,	/* likewise */
	HISTORY_CAS,		/* result: swapped */
	HISTORY_DELETE,		/* result: the previous value, 0 for none */
	HISTORY_CAD,		/* result: deleted */
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
 */
struct history_entry {
	enum history_op op;
	uint32_t key;
	uint64_t value;
	uint64_t old;
	uint64_t result;
	uint64_t begin;
	uint64_t end;
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

/* later than all times given so far */
uint64_t history_time(void);
bool history_is_linearizable(const struct history *history);

#endif
