/* SPDX-License-Identifier: GPL-2.0 */
/* A set of records of equal size, to know what has been tried already. */
#ifndef HOST_MEMO_H
#define HOST_MEMO_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct memo - the set
 * @words:	of a record; set by who begins
 * @n:		records in it
 * @room:	for how many there is memory; a power of two
 * @record:	the records
 * @slot:	twice @room: by hash, a record's number + 1, or 0
 */
struct memo {
	uint32_t words;
	uint32_t n;
	uint32_t room;
	uint64_t *record;
	uint32_t *slot;
};

/* false: it was there already */
bool memo_add(struct memo *memo, const uint64_t *record);
void memo_free(struct memo *memo);

#endif
