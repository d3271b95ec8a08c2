// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "history.h"

uint64_t history_time(void)
{
	static uint64_t now;

	return __atomic_add_fetch(&now, 1, __ATOMIC_SEQ_CST);
}

struct search {
	const struct history *history;
	uint32_t done;			/* bit: that operation has happened */
	uint64_t value[HISTORY_KEYS];
};

/* does the operation answer so here? if it does it happens */
static bool happen(struct search *search, const struct history_entry *op)
{
	uint64_t *value = &search->value[op->key], was = *value;

	switch (op->op) {
	case HISTORY_LOAD:
		return op->result == was;
	case HISTORY_STORE:
		*value = op->value;
		return true;
	case HISTORY_SWAP:
		*value = op->value;
		return op->result == was;
	case HISTORY_LOAD_OR_STORE:
		*value = was ? was : op->value;
		return op->result == was;
	case HISTORY_CAS:
		if (was && was == op->old)
			*value = op->value;
		return op->result == (was && was == op->old);
	case HISTORY_DELETE:
		*value = 0;
		return op->result == was;
	case HISTORY_CAD:
		if (was && was == op->old)
			*value = 0;
		return op->result == (was && was == op->old);
	case HISTORY_CLEAR:
		memset(search->value, 0, sizeof(search->value));
		return true;
	}
	return false;
}

/* had another one ended before this one began, that has not happened yet? */
static bool is_too_early(const struct search *search, uint32_t i)
{
	const struct history *history = search->history;
	uint32_t j;

	for (j = 0; j < history->n; j++)
		if (!(search->done & 1U << j) &&
		    history->entry[j].end < history->entry[i].begin)
			return true;
	return false;
}

static bool search_on(const struct search *from)
{
	const struct history *history = from->history;
	struct search to;
	uint32_t i;

	if (from->done == (uint32_t)((1ULL << history->n) - 1))
		return true;
	for (i = 0; i < history->n; i++) {
		if (from->done & 1U << i || is_too_early(from, i))
			continue;
		to = *from;
		to.done |= 1U << i;
		if (happen(&to, &history->entry[i]) && search_on(&to))
			return true;
	}
	return false;
}

bool history_is_linearizable(const struct history *history)
{
	struct search search = { .history = history };

	memcpy(search.value, history->first, sizeof(search.value));
	return search_on(&search);
}
