// SPDX-License-Identifier: GPL-2.0
/* The judge of histories himself: histories made by hand, and drawn ones. */
#include <stdlib.h>
#include "support/history.h"
#include "support/linear.h"
#include "support/test.h"

/* the thread that each hand-made operation is of does not matter */
#define LOAD(key, result, begin, end)	\
	{ HISTORY_LOAD, key, 0, 0, result, begin, end }
#define STORE(key, value, begin, end)	\
	{ HISTORY_STORE, key, value, 0, 0, begin, end }
#define SWAP(key, value, result, begin, end)	\
	{ HISTORY_SWAP, key, value, 0, result, begin, end }
#define LOAD_OR_STORE(key, value, result, begin, end)	\
	{ HISTORY_LOAD_OR_STORE, key, value, 0, result, begin, end }
#define REPLACE(key, value, result, begin, end)	\
	{ HISTORY_REPLACE, key, value, 0, result, begin, end }
#define CAS(key, old, value, result, begin, end)	\
	{ HISTORY_CAS, key, value, old, result, begin, end }
#define LOAD_AND_DELETE(key, result, begin, end)	\
	{ HISTORY_LOAD_AND_DELETE, key, 0, 0, result, begin, end }
#define DELETE(key, result, begin, end)	\
	{ HISTORY_DELETE, key, 0, 0, result, begin, end }
#define CAD(key, old, result, begin, end)	\
	{ HISTORY_CAD, key, 0, old, result, begin, end }
#define CLEAR(begin, end)	\
	{ HISTORY_CLEAR, 0, 0, 0, 0, begin, end }

static enum history_verdict judge(const struct history_entry *entry, u32 n)
{
	struct history history = { .n = n };

	memcpy(history.entry, entry, n * sizeof(*entry));
	return history_judge(&history);
}

#define possible(...) do {						\
		const struct history_entry entry[] = { __VA_ARGS__ };	\
		assert_int_equal(judge(entry, ARRAY_SIZE(entry)),	\
				 HISTORY_LINEARIZABLE);			\
	} while (0)

#define impossible(...) do {						\
		const struct history_entry entry[] = { __VA_ARGS__ };	\
		assert_int_equal(judge(entry, ARRAY_SIZE(entry)),	\
				 HISTORY_IMPOSSIBLE);			\
	} while (0)

static void alone(void **state)
{
	possible(LOAD(0, 0, 1, 2));
	possible(STORE(0, 5, 1, 2), LOAD(0, 5, 3, 4));
	possible(SWAP(0, 5, 0, 1, 2), SWAP(0, 6, 5, 3, 4), LOAD(0, 6, 5, 6));
	possible(LOAD_OR_STORE(0, 5, 0, 1, 2), LOAD_OR_STORE(0, 6, 5, 3, 4),
		 LOAD(0, 5, 5, 6));
	possible(REPLACE(0, 5, 0, 1, 2), LOAD(0, 0, 3, 4), STORE(0, 6, 5, 6),
		 REPLACE(0, 7, 6, 7, 8), LOAD(0, 7, 9, 10));
	possible(STORE(0, 5, 1, 2), CAS(0, 5, 6, 1, 3, 4), CAS(0, 5, 7, 0, 5, 6),
		 LOAD(0, 6, 7, 8));
	possible(CAS(0, 5, 6, 0, 1, 2), LOAD(0, 0, 3, 4));
	possible(STORE(0, 5, 1, 2), LOAD_AND_DELETE(0, 5, 3, 4),
		 LOAD_AND_DELETE(0, 0, 5, 6), DELETE(0, 0, 7, 8));
	possible(STORE(0, 5, 1, 2), DELETE(0, 1, 3, 4), LOAD(0, 0, 5, 6));
	possible(STORE(0, 5, 1, 2), CAD(0, 6, 0, 3, 4), CAD(0, 5, 1, 5, 6),
		 CAD(0, 5, 0, 7, 8), LOAD(0, 0, 9, 10));
	possible(STORE(0, 5, 1, 2), STORE(7, 6, 3, 4), CLEAR(5, 6),
		 LOAD(0, 0, 7, 8), LOAD(7, 0, 9, 10));
}

static void wrong_answers(void **state)
{
	impossible(SWAP(0, 5, 4, 1, 2));
	impossible(STORE(0, 5, 1, 2), SWAP(0, 6, 0, 3, 4));
	impossible(STORE(0, 5, 1, 2), LOAD_OR_STORE(0, 6, 0, 3, 4));
	impossible(LOAD_OR_STORE(0, 6, 0, 1, 2), LOAD(0, 0, 3, 4));
	impossible(REPLACE(0, 5, 0, 1, 2), LOAD(0, 5, 3, 4));
	impossible(STORE(0, 5, 1, 2), REPLACE(0, 6, 0, 3, 4));
	impossible(STORE(0, 5, 1, 2), CAS(0, 4, 6, 1, 3, 4));
	impossible(STORE(0, 5, 1, 2), CAS(0, 5, 6, 0, 3, 4));
	impossible(STORE(0, 5, 1, 2), CAS(0, 4, 6, 0, 3, 4), LOAD(0, 6, 5, 6));
	impossible(STORE(0, 5, 1, 2), DELETE(0, 0, 3, 4));
	impossible(DELETE(0, 1, 1, 2));
	impossible(STORE(0, 5, 1, 2), DELETE(0, 1, 3, 4), LOAD(0, 5, 5, 6));
	impossible(STORE(0, 5, 1, 2), LOAD_AND_DELETE(0, 6, 3, 4));
	impossible(STORE(0, 5, 1, 2), CAD(0, 6, 1, 3, 4));
	impossible(STORE(0, 5, 1, 2), CAD(0, 5, 0, 3, 4));
	impossible(CLEAR(1, 2), LOAD(3, 5, 3, 4));
}

static void overlapping(void **state)
{
	/* a load beside a store may see it or not, and no two loads turn back */
	possible(STORE(0, 5, 1, 4), LOAD(0, 0, 2, 3));
	possible(STORE(0, 5, 1, 4), LOAD(0, 5, 2, 3));
	possible(STORE(0, 5, 1, 6), LOAD(0, 0, 2, 3), LOAD(0, 5, 4, 5));
	impossible(STORE(0, 5, 1, 6), LOAD(0, 5, 2, 3), LOAD(0, 0, 4, 5));
	/* what begins as another ends may be before it */
	possible(STORE(0, 5, 1, 2), LOAD(0, 0, 2, 3));
	/* the last of two that overlap may be either */
	possible(STORE(0, 5, 1, 3), STORE(0, 6, 2, 4), LOAD(0, 5, 5, 6));
	possible(STORE(0, 5, 1, 3), STORE(0, 6, 2, 4), LOAD(0, 6, 5, 6));
	impossible(STORE(0, 5, 1, 3), STORE(0, 6, 2, 4), LOAD(0, 5, 5, 6),
		   LOAD(0, 6, 7, 8));
	/* one long operation beside many */
	possible(SWAP(0, 9, 6, 1, 20), STORE(0, 5, 2, 3), STORE(0, 6, 4, 5),
		 LOAD(0, 6, 6, 7), LOAD(0, 9, 8, 9), STORE(0, 7, 10, 11));
	impossible(SWAP(0, 9, 6, 1, 20), STORE(0, 5, 2, 3), STORE(0, 6, 4, 5),
		   LOAD(0, 9, 6, 7), LOAD(0, 6, 8, 9));
}

static void stale_read(void **state)
{
	impossible(STORE(0, 5, 1, 2), LOAD(0, 0, 3, 4));
	impossible(STORE(0, 5, 1, 2), STORE(0, 6, 3, 4), LOAD(0, 5, 5, 6));
	impossible(STORE(0, 5, 1, 2), STORE(0, 6, 3, 8), LOAD(0, 6, 4, 5),
		   LOAD(0, 5, 6, 7));
	/* two keys: each of these histories is fair, in its own order */
	possible(STORE(0, 5, 1, 4), STORE(1, 6, 2, 3), LOAD(1, 6, 5, 6),
		 LOAD(0, 5, 7, 8));
	impossible(STORE(0, 5, 1, 4), STORE(1, 6, 2, 3), LOAD(1, 6, 5, 6),
		   LOAD(0, 0, 7, 8));
}

static void lost_update(void **state)
{
	impossible(STORE(0, 5, 1, 4), SWAP(0, 6, 0, 2, 3), LOAD(0, 5, 5, 6),
		   SWAP(0, 7, 6, 7, 8));
	/* both say that they stored to an absent key */
	impossible(LOAD_OR_STORE(0, 5, 0, 1, 4), LOAD_OR_STORE(0, 6, 0, 2, 3));
	/* a value given back twice, and one never */
	impossible(STORE(0, 5, 1, 2), SWAP(0, 6, 5, 3, 6), SWAP(0, 7, 5, 4, 5));
	impossible(STORE(0, 5, 1, 2), LOAD_AND_DELETE(0, 5, 3, 6),
		   LOAD_AND_DELETE(0, 5, 4, 5));
	impossible(SWAP(0, 5, 0, 1, 4), SWAP(0, 6, 0, 2, 3));
}

static void swapped_twice(void **state)
{
	possible(STORE(0, 5, 1, 2), CAS(0, 5, 6, 1, 3, 6), CAS(0, 5, 7, 0, 4, 5));
	possible(STORE(0, 5, 1, 2), CAS(0, 5, 6, 1, 3, 6), CAS(0, 6, 7, 1, 4, 5));
	impossible(STORE(0, 5, 1, 2), CAS(0, 5, 6, 1, 3, 6),
		   CAS(0, 5, 7, 1, 4, 5));
	impossible(STORE(0, 5, 1, 2), CAS(0, 5, 6, 1, 3, 6),
		   CAD(0, 5, 1, 4, 5));
	impossible(STORE(0, 5, 1, 2), CAS(0, 5, 6, 0, 3, 6),
		   CAS(0, 5, 7, 0, 4, 5));
}

static void from_nowhere(void **state)
{
	impossible(LOAD(0, 5, 1, 2));
	impossible(STORE(1, 5, 1, 2), LOAD(0, 5, 3, 4));
	impossible(LOAD(0, 5, 1, 2), STORE(0, 5, 3, 4));
	impossible(CAS(0, 4, 5, 0, 1, 4), LOAD(0, 5, 2, 3));
	impossible(REPLACE(0, 5, 0, 1, 4), LOAD(0, 5, 2, 3));
}

static void half_a_clear(void **state)
{
	possible(STORE(0, 5, 1, 2), STORE(1, 6, 3, 4), CLEAR(5, 10),
		 LOAD(0, 5, 6, 7), LOAD(1, 0, 8, 9));
	impossible(STORE(0, 5, 1, 2), STORE(1, 6, 3, 4), CLEAR(5, 10),
		   LOAD(0, 0, 6, 7), LOAD(1, 6, 8, 9));
	/* the second of two stores is gone, the first one is not */
	impossible(CLEAR(1, 10), STORE(0, 5, 2, 3), STORE(1, 6, 4, 5),
		   LOAD(0, 5, 11, 12), LOAD(1, 0, 13, 14));
	possible(CLEAR(1, 10), STORE(0, 5, 2, 3), STORE(1, 6, 4, 5),
		 LOAD(0, 0, 11, 12), LOAD(1, 6, 13, 14));
	/* two clears, and a key that only one of them may have seen */
	possible(STORE(0, 5, 1, 2), CLEAR(3, 8), CLEAR(4, 7), STORE(0, 6, 5, 6),
		 LOAD(0, 6, 9, 10));
}

static void first_values(void **state)
{
	struct history history = { .n = 2, .entry = {
		LOAD_AND_DELETE(2, 7, 1, 2), LOAD(2, 0, 3, 4) } };

	assert_int_equal(history_judge(&history), HISTORY_IMPOSSIBLE);
	history.first[2] = 7;
	assert_int_equal(history_judge(&history), HISTORY_LINEARIZABLE);
}

/*
 * So many threads at once that nothing but trying tells: the judge says that
 * he has not, rather than that it is fair.
 */
static void too_hard(void **state)
{
	struct history history = { .n = 26 };
	u32 i;

	for (i = 0; i < history.n; i++)
		history.entry[i] = (struct history_entry)
			STORE(0, i + 1, 1 + i, 100 + i);
	history.entry[history.n++] = (struct history_entry)
		LOAD(0, 1000, 200, 201);
	assert_int_equal(history_judge(&history), HISTORY_REFUSED);
}

static void overlaps(void **state)
{
	struct history history = { .n = 4, .entry = {
		STORE(0, 5, 1, 4), LOAD(0, 5, 2, 3), LOAD(1, 0, 2, 5),
		LOAD(0, 5, 5, 6) } };

	assert_int_equal(history_overlaps(&history), 0);
	history.entry[1].thread = 1;
	assert_int_equal(history_overlaps(&history), 2);
	history.entry[3].op = HISTORY_CLEAR;
	history.entry[3].begin = 4;
	history.entry[2].thread = 2;
	assert_int_equal(history_overlaps(&history), 4);
}

/* is there an order, by trying all? */
static bool some_order(const struct history *history, u32 done,
		       const uint64_t *value)
{
	uint64_t after[HISTORY_KEYS];
	const struct history_entry *op = history->entry;
	u32 i, j;

	if (done == (1U << history->n) - 1)
		return true;
	for (i = 0; i < history->n; i++) {
		for (j = 0; j < history->n; j++)
			if (!(done & 1U << j) && op[j].end < op[i].begin)
				break;
		if (done & 1U << i || j < history->n)
			continue;
		memcpy(after, value, sizeof(after));
		if (history_happens(&op[i], after) &&
		    some_order(history, done | 1U << i, after))
			return true;
	}
	return false;
}

static void draw(struct history *history, u64 *random)
{
	struct history_entry *op = history->entry;
	u32 i;

	*history = (struct history){ .n = 2 + host_random(random) % 6 };
	for (i = 0; i < history->n; i++, op++) {
		op->op = host_random(random) % (HISTORY_CLEAR + 1);
		op->key = host_random(random) % 2;
		op->value = i + 1;
		op->old = 1 + host_random(random) % history->n;
		op->result = host_random(random) % 3 ?
			     host_random(random) % (history->n + 1) : 0;
		op->begin = host_random(random) % 20;
		op->end = op->begin + 1 + host_random(random) % 8;
	}
}

static void as_by_trying_all(void **state)
{
	struct history history;
	u32 i, n = 100000 / HOST_SLOWER, fair = 0;
	u64 random = 1;
	bool expect;

	for (i = 0; i < n; i++) {
		draw(&history, &random);
		expect = some_order(&history, 0, history.first);
		fair += expect;
		if (history_judge(&history) == (expect ? HISTORY_LINEARIZABLE :
							 HISTORY_IMPOSSIBLE))
			continue;
		history_print(&history);
		fail_msg("draw %u is judged wrongly", i);
	}
	/* both kinds are met */
	assert_in_range(fair, n / 50, n / 2);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("each operation alone answers as it should", alone),
	HOST_TEST("a wrong answer is seen", wrong_answers),
	HOST_TEST("what overlaps may have happened in any order", overlapping),
	HOST_TEST("a stale read is seen", stale_read),
	HOST_TEST("a lost update is seen", lost_update),
	HOST_TEST("a value compared and swapped twice is seen", swapped_twice),
	HOST_TEST("a value from nowhere is seen", from_nowhere),
	HOST_TEST("half a clear is seen", half_a_clear),
	HOST_TEST("the values before the history count", first_values),
	HOST_TEST("a history that is too hard is refused, not passed", too_hard),
	HOST_TEST("operations that overlap at one key are counted", overlaps),
	HOST_TEST("the verdict is that of trying all orders", as_by_trying_all),
};

HOST_MAIN("history", tests)
