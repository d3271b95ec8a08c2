// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "history.h"
#include "linear.h"

const char *const history_verdicts[] = {
	[HISTORY_LINEARIZABLE] = "linearizable",
	[HISTORY_IMPOSSIBLE] = "not linearizable",
	[HISTORY_REFUSED] = "too hard to judge",
};

static const char *const names[] = {
	[HISTORY_LOAD] = "load",
	[HISTORY_STORE] = "store",
	[HISTORY_SWAP] = "swap",
	[HISTORY_LOAD_OR_STORE] = "load_or_store",
	[HISTORY_REPLACE] = "replace",
	[HISTORY_CAS] = "compare_and_swap",
	[HISTORY_LOAD_AND_DELETE] = "load_and_delete",
	[HISTORY_DELETE] = "delete",
	[HISTORY_CAD] = "compare_and_delete",
	[HISTORY_CLEAR] = "clear",
};

uint64_t history_time(void)
{
	static uint64_t now;

	return __atomic_add_fetch(&now, 1, __ATOMIC_SEQ_CST);
}

bool history_happens(const struct history_entry *op,
		     uint64_t value[HISTORY_KEYS])
{
	uint64_t *here = &value[op->key], was = *here;
	bool equal = was && was == op->old;

	switch (op->op) {
	case HISTORY_LOAD:
		return op->result == was;
	case HISTORY_STORE:
		*here = op->value;
		return true;
	case HISTORY_SWAP:
		*here = op->value;
		return op->result == was;
	case HISTORY_LOAD_OR_STORE:
		*here = was ? was : op->value;
		return op->result == was;
	case HISTORY_REPLACE:
		*here = was ? op->value : 0;
		return op->result == was;
	case HISTORY_CAS:
		*here = equal ? op->value : was;
		return op->result == equal;
	case HISTORY_LOAD_AND_DELETE:
		*here = 0;
		return op->result == was;
	case HISTORY_DELETE:
		*here = 0;
		return op->result == !!was;
	case HISTORY_CAD:
		*here = equal ? 0 : was;
		return op->result == equal;
	case HISTORY_CLEAR:
		memset(value, 0, HISTORY_KEYS * sizeof(*value));
		return true;
	}
	return false;
}

static bool has_clear(const struct history *history)
{
	uint32_t i;

	for (i = 0; i < history->n; i++)
		if (history->entry[i].op == HISTORY_CLEAR)
			return true;
	return false;
}

/* the operations on the keys from @key to below @end */
static enum history_verdict judge_keys(const struct history *history,
				       uint32_t key, uint32_t end)
{
	const struct history_entry *op[HISTORY_OPS];
	uint32_t i, n = 0;

	for (i = 0; i < history->n; i++)
		if (history->entry[i].key >= key && history->entry[i].key < end)
			op[n++] = &history->entry[i];
	return linear_judge(op, n, history->first);
}

/*
 * Linearizability is local (Herlihy and Wing 1990): a history is linearizable
 * if what it has of each key is.  Only clear() is at all keys at once.
 */
enum history_verdict history_judge(const struct history *history)
{
	enum history_verdict verdict = HISTORY_LINEARIZABLE;
	uint32_t key;

	if (has_clear(history))
		return judge_keys(history, 0, HISTORY_KEYS);
	for (key = 0; key < HISTORY_KEYS && !verdict; key++)
		verdict = judge_keys(history, key, key + 1);
	return verdict;
}

static bool overlap(const struct history_entry *a, const struct history_entry *b)
{
	bool at_one_key = a->key == b->key || a->op == HISTORY_CLEAR ||
			  b->op == HISTORY_CLEAR;

	return at_one_key && a->thread != b->thread && a->begin < b->end &&
	       b->begin < a->end;
}

uint32_t history_overlaps(const struct history *history)
{
	const struct history_entry *entry = history->entry;
	uint32_t i, j, n = 0;

	for (i = 0; i < history->n; i++) {
		for (j = 0; j < history->n && !overlap(&entry[i], &entry[j]); j++)
			;
		n += j < history->n;
	}
	return n;
}

static const struct history_entry *next_after(const struct history *history,
					      const struct history_entry *last)
{
	const struct history_entry *op, *next = NULL;
	uint32_t i;

	for (i = 0; i < history->n; i++) {
		op = &history->entry[i];
		/* of those that begin together the earlier one in memory is first */
		if (last && (op->begin < last->begin ||
			     (op->begin == last->begin && op <= last)))
			continue;
		if (!next || op->begin < next->begin)
			next = op;
	}
	return next;
}

void history_print(const struct history *history)
{
	const struct history_entry *op = NULL;
	uint32_t key;

	for (key = 0; key < HISTORY_KEYS; key++)
		if (history->first[key])
			fprintf(stderr, "before: key %" PRIu32 " value %" PRIx64 "\n",
				key, history->first[key]);
	while ((op = next_after(history, op)))
		fprintf(stderr, "%" PRIu64 "-%" PRIu64 " thread %" PRIu32
			" %s key %" PRIu32 " value %" PRIx64 " old %" PRIx64
			": %" PRIx64 "\n", op->begin, op->end, op->thread,
			names[op->op], op->key, op->value, op->old, op->result);
}
