/* SPDX-License-Identifier: GPL-2.0 */
/*
 * syncmap: a concurrent map with a read snapshot and a dirty table.
 *
 * Keys are byte strings of 1 to SYNCMAP_KEY_MAX bytes, values 0 to
 * SYNCMAP_VALUE_MAX bytes.  Loads take no lock.  Every operation on a key, and
 * syncmap_clear(), is linearizable.
 *
 * Contexts.  Process and softirq context, with interrupts enabled, may call
 * everything; whatever can allocate takes gfp flags, which must fit the caller
 * (GFP_ATOMIC in softirq or inside rcu_read_lock()).  Hardirq and NMI may call
 * syncmap_load() and syncmap_load_batch() on a cow map only.
 */
#ifndef _LINUX_SYNCMAP_H
#define _LINUX_SYNCMAP_H

#include <linux/types.h>
#include <linux/gfp.h>

#define SYNCMAP_KEY_MAX			255
#define SYNCMAP_VALUE_MAX		4096
#define SYNCMAP_NAME_MAX		63
#define SYNCMAP_SHARDS_MAX		4096
#define SYNCMAP_CLASSIC_ENTRIES_MAX	1000000
#define SYNCMAP_ENTRIES_DEFAULT		16000000

/* value_size of a map whose values may have any size */
#define SYNCMAP_VALUE_ANY		0xffffffffu

struct module;
struct syncmap;

enum syncmap_policy {
	SYNCMAP_COW,		/* segments are shared, nothing is O(keys) */
	SYNCMAP_CLASSIC,	/* Go's sync.Map up to 1.23: the whole copy */
};

/**
 * struct syncmap_config - how a map is made
 * @policy:	promotion and copy policy
 * @shards:	number of shards, a power of two up to SYNCMAP_SHARDS_MAX;
 *		0: by policy (one for classic, automatic for cow)
 * @key_size:	size in bytes that every key must have; 0: any size
 * @value_size:	size in bytes that every value must have, or SYNCMAP_VALUE_ANY
 * @align_line:	give each entry a cache line of its own
 * @max_entries: most live keys; 0: the policy's default
 * @max_bytes:	most bytes of memory; 0: a quarter of the machine's memory
 */
struct syncmap_config {
	enum syncmap_policy policy;
	u32 shards;
	u32 key_size;
	u32 value_size;
	bool align_line;
	u64 max_entries;
	u64 max_bytes;
};

#define SYNCMAP_CONFIG_INIT { .value_size = SYNCMAP_VALUE_ANY }

/**
 * struct syncmap_value - a value as the map holds it; never changes
 * @len:	bytes in @data
 * @data:	the bytes, aligned to 8
 */
struct syncmap_value {
	u32 len;
	u32 reserved;
	u8 data[] __aligned(8);
};

/**
 * struct syncmap_buf - where an operation copies the value that it met
 * @data:	the caller's memory
 * @size:	its size in bytes; a longer value is cut
 * @len:	out: the value's whole length in bytes
 */
struct syncmap_buf {
	void *data;
	u32 size;
	u32 len;
};

/**
 * struct syncmap_key - a key for syncmap_load_batch()
 * @data:	the key's bytes
 * @len:	how many
 */
struct syncmap_key {
	const void *data;
	u32 len;
};

typedef bool (*syncmap_range_fn)(const void *key, u32 key_len,
				 const void *value, u32 value_len, void *arg);

/**
 * syncmap_create() - make a map that the calling module owns
 * @name:	its name, see syncmap_create_for()
 * @config:	how to make it, see syncmap_create_for()
 *
 * Return: as syncmap_create_for().
 */
#define syncmap_create(name, config) \
	syncmap_create_for(name, config, THIS_MODULE)

struct syncmap *syncmap_create_for(const char *name,
				   const struct syncmap_config *config,
				   struct module *owner);
struct syncmap *syncmap_get(const char *name);
void syncmap_put(struct syncmap *map);
void syncmap_destroy(struct syncmap *map);

const struct syncmap_value *syncmap_load(struct syncmap *map, const void *key,
					 u32 key_len);
int syncmap_load_batch(struct syncmap *map, const struct syncmap_key *keys,
		       const struct syncmap_value **values, u32 n);
int syncmap_store(struct syncmap *map, const void *key, u32 key_len,
		  const void *value, u32 value_len, gfp_t gfp);
int syncmap_load_or_store(struct syncmap *map, const void *key, u32 key_len,
			  const void *value, u32 value_len,
			  struct syncmap_buf *actual, gfp_t gfp);
int syncmap_swap(struct syncmap *map, const void *key, u32 key_len,
		 const void *value, u32 value_len,
		 struct syncmap_buf *previous, gfp_t gfp);
int syncmap_load_and_delete(struct syncmap *map, const void *key, u32 key_len,
			    struct syncmap_buf *previous);
int syncmap_delete(struct syncmap *map, const void *key, u32 key_len);
int syncmap_compare_and_swap(struct syncmap *map, const void *key, u32 key_len,
			     const void *old, u32 old_len,
			     const void *value, u32 value_len, gfp_t gfp);
int syncmap_compare_and_delete(struct syncmap *map, const void *key,
			       u32 key_len, const void *old, u32 old_len);
int syncmap_range(struct syncmap *map, syncmap_range_fn fn, void *arg,
		  gfp_t gfp);
int syncmap_clear(struct syncmap *map, gfp_t gfp);
u64 syncmap_len(struct syncmap *map);
int syncmap_reshard(struct syncmap *map, u32 shards);

#endif /* _LINUX_SYNCMAP_H */
