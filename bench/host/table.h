/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a structure offers to be measured.  TABLE names the header that has
 * these, inline where they are measured:
 *
 *	bool table_load(table, key, &value)	inside table_read_lock()
 *	void table_load_batch(table, keys, values, n)	where TABLE_HAS_BATCH
 *	void table_store(table, key, value)	insert or replace
 *	bool table_delete(table, key)
 *
 * A key is a pointer to 8 bytes.
 */
#ifndef BENCH_HOST_TABLE_H
#define BENCH_HOST_TABLE_H

#include <linux/types.h>

struct table;

/* once */
void table_init(void);

struct table *table_make(void);
void table_free(struct table *table);
u64 table_len(struct table *table);

/* how many keys it can hold */
u64 table_room(void);

/* until nothing is done in the background any more */
void table_settle(struct table *table);

/*
 * Does every part of it have a dirty table, or none?  Where a structure has no
 * such thing, TABLE_HAS_DIRTY is 0, and it never has one.
 */
bool table_all_dirty(struct table *table);
bool table_none_dirty(struct table *table);

/* memory that the C library does not know of */
size_t table_hidden_bytes(void);

#endif
