/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_HOST_TABLE_SYNCMAP_H
#define BENCH_HOST_TABLE_SYNCMAP_H

#include <string.h>
#include <linux/rcupdate.h>
#include <linux/syncmap.h>
#include "request.h"
#include "table.h"

#define TABLE_HAS_BATCH	1
#define TABLE_HAS_DIRTY	1

static inline struct syncmap *table_map(struct table *table)
{
	return (struct syncmap *)table;
}

static inline u64 table_read(const struct syncmap_value *value)
{
	u64 word;

	memcpy(&word, value->data, sizeof(word));
	return word;
}

static inline bool table_load(struct table *table, const u64 *key, u64 *value)
{
	const struct syncmap_value *found;

	found = syncmap_load(table_map(table), key, sizeof(*key));
	if (!found)
		return false;
	*value = table_read(found);
	return true;
}

/* returns how many were found; sums their values up */
static inline u32 table_load_batch(struct table *table, const u64 *keys, u32 n,
				   u64 *sum)
{
	const struct syncmap_value *values[n];
	struct syncmap_key refs[n];
	u32 i, found = 0;

	for (i = 0; i < n; i++)
		refs[i] = (struct syncmap_key){ &keys[i], sizeof(keys[i]) };
	syncmap_load_batch(table_map(table), refs, values, n);
	for (i = 0; i < n; i++) {
		if (!values[i])
			continue;
		*sum += table_read(values[i]);
		found++;
	}
	return found;
}

static inline void table_store(struct table *table, const u64 *key, u64 value)
{
	int err = syncmap_store(table_map(table), key, sizeof(*key), &value,
				sizeof(value), GFP_KERNEL);

	if (unlikely(err))
		die("store: error %d", err);
}

static inline bool table_delete(struct table *table, const u64 *key)
{
	return syncmap_delete(table_map(table), key, sizeof(*key)) > 0;
}

#endif
