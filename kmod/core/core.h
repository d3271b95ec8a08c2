/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What core/ offers to the layers above it, besides the exported calls of
 * <linux/syncmap.h>: making and freeing a map, one engine for all changes,
 * a resumable walk in order, and readings of its counters.
 */
#ifndef SYNCMAP_CORE_H
#define SYNCMAP_CORE_H

#include <linux/types.h>
#include <linux/syncmap.h>
#include "../observe/counters.h"

/* what a change does with a key; the rows of SPEC 1.1 */
enum sm_op {
	SM_STORE,		/* insert or replace */
	SM_LOAD_OR_STORE,	/* insert, or leave what is there */
	SM_SWAP,		/* insert or replace; previous handed out */
	SM_COMPARE_AND_SWAP,	/* replace if equal to old */
	SM_REPLACE,		/* replace if present */
	SM_DELETE,		/* remove; previous handed out */
	SM_COMPARE_AND_DELETE,	/* remove if equal to old */
};

/* what became of a change */
enum sm_status {
	SM_ABSENT,		/* the key was not there: nothing changed */
	SM_FOUND,		/* load_or_store: it was there, nothing changed */
	SM_INSERTED,
	SM_REPLACED,
	SM_DELETED,
	SM_DIFFERENT,		/* there, but not equal to old */
};

/**
 * struct sm_change - one change of one key
 * @op:		what to do
 * @key:	the key's bytes
 * @key_len:	how many
 * @value:	the new value's bytes, where @op has one
 * @value_len:	how many
 * @old:	what to compare with, where @op compares
 * @old_len:	how many bytes
 * @previous:	NULL, or where to copy the value met (previous, or kept)
 * @gfp:	for allocations
 */
struct sm_change {
	enum sm_op op;
	const void *key;
	u32 key_len;
	const void *value;
	u32 value_len;
	const void *old;
	u32 old_len;
	struct syncmap_buf *previous;
	gfp_t gfp;
};

/**
 * struct sm_cursor - a place in the order (hash, key) of a map's entries
 * @hash:	hash of the last key visited
 * @key_len:	its length; 0: before all keys with this @hash
 * @done:	the walk has reached the end
 * @key:	its bytes
 *
 * Zeroed, it stands before the first.  It stays good while the map grows,
 * promotes or is resharded; it means nothing in another map.
 */
struct sm_cursor {
	u64 hash;
	u8 key_len;
	bool done;
	u8 key[SYNCMAP_KEY_MAX];
};

/* false: this one did not fit, stop before it */
typedef bool (*sm_walk_fn)(const void *key, u32 key_len,
			   const struct syncmap_value *value, void *arg);

/**
 * struct sm_info - a map's configuration and size now
 * @config:	as in force; max_entries and max_bytes are the real limits,
 *		shards the number there is now
 * @shards_auto: the number of shards grows by itself
 * @entries:	live keys
 * @bytes:	memory in use
 */
struct sm_info {
	struct syncmap_config config;
	bool shards_auto;
	u64 entries;
	u64 bytes;
};

/**
 * struct sm_resharded - a resharding that has ended
 * @from:	how many shards there were
 * @since:	when it began, ns of CLOCK_MONOTONIC
 * @err:	0, or why it ended early
 */
struct sm_resharded {
	u32 from;
	u64 since;
	int err;
};

const char *sm_config_check(const struct syncmap_config *config);
struct syncmap *sm_map_alloc(const struct syncmap_config *config, u32 id);
void sm_map_free(struct syncmap *map);
u32 sm_map_id(const struct syncmap *map);
void sm_map_set_owner(struct syncmap *map, void *owner);
void *sm_map_owner(const struct syncmap *map);

void sm_map_reshard(struct syncmap *map, u32 shards, struct sm_resharded *how);
void sm_map_reshard_done(struct syncmap *map, const struct sm_resharded *how);

int sm_map_set_policy(struct syncmap *map, enum syncmap_policy policy);
int sm_map_set_max_entries(struct syncmap *map, u64 max_entries);
int sm_map_set_max_bytes(struct syncmap *map, u64 max_bytes);

const char *sm_change_check(const struct syncmap *map,
			    const struct sm_change *change, int *err);
int sm_map_change(struct syncmap *map, const struct sm_change *change);
bool sm_map_walk(struct syncmap *map, struct sm_cursor *cursor, sm_walk_fn fn,
		 void *arg);

void sm_map_info(struct syncmap *map, struct sm_info *info);
u32 sm_map_shards(struct syncmap *map);
void sm_map_stats(struct syncmap *map, struct sm_stats *stats);
bool sm_map_shard_stats(struct syncmap *map, u32 shard, struct sm_stats *stats);
u64 sm_map_changes(struct syncmap *map);

int sm_core_init(void);
void sm_core_exit(void);

#endif
