/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Operations on a map that are written down, to become a history.  The map has
 * 8-byte keys, whose hash they are themselves (host_open_hash()), and 8-byte
 * values.
 */
#ifndef HOST_RECORD_H
#define HOST_RECORD_H

#include "history.h"
#include "test.h"

#define RECORD_BATCH	4	/* loads at once, at most */
#define RECORD_KEY	8	/* bytes, the size that has quick ways of its own */

/*
 * Keys of histories, and from HISTORY_KEYS on others that no history tells,
 * below 2^20: all of one line and one tag.  Each eighth of all hashes has one
 * key of histories, and the others are spread over them.
 */
void record_key(u8 key[RECORD_KEY], u32 number);

/* do it, and complete it: result, begin, end */
void record_op(struct syncmap *map, struct history_entry *op);

/* @n loads in one call */
void record_batch(struct syncmap *map, struct history_entry *op, u32 n);

/* no part of a history: store or delete some other keys */
void record_insert_others(struct syncmap *map, u32 number, u32 n);
void record_delete_others(struct syncmap *map, u32 number, u32 n);

#endif
