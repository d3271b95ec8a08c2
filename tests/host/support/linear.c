// SPDX-License-Identifier: GPL-2.0
/*
 * The algorithm of Wing and Gong (1993) with Lowe's memory (2017).  Calls and
 * returns stand in one list in the order of time.  From its head on, the first
 * call whose operation may happen now is taken out of the list, with its return,
 * and the search goes on at the head.  A return that is met says that its
 * operation should have happened before: the last choice is undone, and the
 * next call after it is tried.  Which operations have happened, and the values
 * that this left, are a configuration; none is gone into twice.
 */
#include <stdlib.h>
#include <string.h>
#include "linear.h"
#include "memo.h"

#define WORDS	(HISTORY_OPS / 64)	/* of a set of operations */

/**
 * struct event - a call or a return
 * @time:	when it was
 * @op:		of which operation
 * @end:	of a call: its return; of a return: NULL
 * @prev:	in the list of those whose operations have not happened
 * @next:	likewise
 */
struct event {
	uint64_t time;
	uint32_t op;
	struct event *end;
	struct event *prev;
	struct event *next;
};

/**
 * struct config - what has happened so far; a record of the memo
 * @value:	each key's
 * @done:	bit: that operation has happened
 */
struct config {
	uint64_t value[HISTORY_KEYS];
	uint64_t done[WORDS];
};

/* what a choice is undone with */
struct choice {
	struct event *call;
	uint64_t value[HISTORY_KEYS];
};

/**
 * struct search - a search under way
 * @op:		the operations
 * @n:		how many
 * @head:	of the list of events
 * @event:	their memory
 * @now:	the configuration
 * @choice:	the operations that happened, in order
 * @depth:	how many those are
 * @memo:	the configurations met
 */
struct search {
	const struct history_entry *const *op;
	uint32_t n;
	struct event head;
	struct event *event;
	struct config now;
	struct choice *choice;
	uint32_t depth;
	struct memo memo;
};

/* at the same time a call comes before a return: the two overlap */
static int compare_events(const void *a, const void *b)
{
	const struct event *const *one = a, *const *other = b;

	if ((*one)->time != (*other)->time)
		return (*one)->time < (*other)->time ? -1 : 1;
	return !(*one)->end - !(*other)->end;
}

static void list_events(struct search *search)
{
	struct event *sorted[2 * HISTORY_OPS], *event = search->event, *last;
	uint32_t i;

	for (i = 0; i < search->n; i++, event += 2) {
		event[0] = (struct event){ search->op[i]->begin, i, &event[1] };
		event[1] = (struct event){ search->op[i]->end, i };
		sorted[2 * i] = &event[0];
		sorted[2 * i + 1] = &event[1];
	}
	qsort(sorted, 2 * search->n, sizeof(*sorted), compare_events);
	last = &search->head;
	for (i = 0; i < 2 * search->n; i++) {
		sorted[i]->prev = last;
		last->next = sorted[i];
		last = sorted[i];
	}
	last->next = NULL;
}

static void take_out(struct event *event)
{
	event->prev->next = event->next;
	if (event->next)
		event->next->prev = event->prev;
}

static void put_back(struct event *event)
{
	event->prev->next = event;
	if (event->next)
		event->next->prev = event;
}

/* false where the answer would be another, or that has been tried */
static bool happen(struct search *search, struct event *call)
{
	struct choice choice = { .call = call };
	struct config *now = &search->now;

	memcpy(choice.value, now->value, sizeof(choice.value));
	now->done[call->op / 64] ^= 1ULL << call->op % 64;
	if (history_happens(search->op[call->op], now->value) &&
	    memo_add(&search->memo, (const uint64_t *)now)) {
		search->choice[search->depth++] = choice;
		take_out(call);
		take_out(call->end);
		return true;
	}
	now->done[call->op / 64] ^= 1ULL << call->op % 64;
	memcpy(now->value, choice.value, sizeof(choice.value));
	return false;
}

static struct event *undo(struct search *search)
{
	struct choice *choice = &search->choice[--search->depth];
	struct event *call = choice->call;

	put_back(call->end);
	put_back(call);
	search->now.done[call->op / 64] ^= 1ULL << call->op % 64;
	memcpy(search->now.value, choice->value, sizeof(choice->value));
	return call;
}

static enum history_verdict search_on(struct search *search)
{
	struct event *event = search->head.next;

	while (search->head.next) {
		if (search->memo.n > LINEAR_EFFORT)
			return HISTORY_REFUSED;
		if (event->end) {
			event = happen(search, event) ? search->head.next :
							event->next;
			continue;
		}
		if (!search->depth)
			return HISTORY_IMPOSSIBLE;
		event = undo(search)->next;
	}
	return HISTORY_LINEARIZABLE;
}

enum history_verdict linear_judge(const struct history_entry *const *op,
				  uint32_t n,
				  const uint64_t first[HISTORY_KEYS])
{
	struct search search = {
		.op = op,
		.n = n,
		.event = calloc(2 * n + 1, sizeof(struct event)),
		.choice = calloc(n + 1, sizeof(struct choice)),
		.memo.words = HISTORY_KEYS + (n + 63) / 64,
	};
	enum history_verdict verdict;

	memcpy(search.now.value, first, sizeof(search.now.value));
	list_events(&search);
	verdict = search_on(&search);
	memo_free(&search.memo);
	free(search.choice);
	free(search.event);
	return verdict;
}
