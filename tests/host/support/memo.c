// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "memo.h"

#define ROOM	256	/* at first */

static uint64_t *record_at(const struct memo *memo, uint32_t i)
{
	return memo->record + (size_t)i * memo->words;
}

/* the slot that has the record, or where it would be */
static uint32_t *find(const struct memo *memo, const uint64_t *record)
{
	uint32_t i, mask = 2 * memo->room - 1;
	uint64_t hash = 0;

	for (i = 0; i < memo->words; i++) {
		hash = (hash ^ record[i]) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 32;
	}
	for (i = hash & mask; memo->slot[i]; i = (i + 1) & mask)
		if (!memcmp(record_at(memo, memo->slot[i] - 1), record,
			    memo->words * sizeof(*record)))
			break;
	return &memo->slot[i];
}

static void grow(struct memo *memo)
{
	uint32_t i;

	memo->room = memo->room ? 2 * memo->room : ROOM;
	memo->record = realloc(memo->record, (size_t)memo->room * memo->words *
			       sizeof(*memo->record));
	free(memo->slot);
	memo->slot = calloc(2 * memo->room, sizeof(*memo->slot));
	for (i = 0; i < memo->n; i++)
		*find(memo, record_at(memo, i)) = i + 1;
}

bool memo_add(struct memo *memo, const uint64_t *record)
{
	uint32_t *slot;

	if (memo->n == memo->room)
		grow(memo);
	slot = find(memo, record);
	if (*slot)
		return false;
	memcpy(record_at(memo, memo->n), record, memo->words * sizeof(*record));
	*slot = ++memo->n;
	return true;
}

void memo_free(struct memo *memo)
{
	free(memo->record);
	free(memo->slot);
}
