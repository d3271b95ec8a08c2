/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A map at rest, taken apart and held against the invariants of the design.
 * Nobody else may change the map meanwhile.
 */
#ifndef HOST_CHECK_H
#define HOST_CHECK_H

#include <linux/types.h>

struct syncmap;

/**
 * struct host_anatomy - what a map is made of
 * @keys:	live keys
 * @linked:	entries in the newest views, tombstones among them
 * @expunged:	entries of snapshots that are EXPUNGED
 * @segments:	segments of the newest views
 * @chained:	those of them that stand behind another
 * @dirs:	directories below the roots of the newest views
 * @dirty:	shards that have a dirty table
 * @shared:	segments that a dirty table shares with its snapshot
 * @root_bits:	log2 of the slots of the largest root
 * @private_bytes: of directory slots and segments, what no snapshot has
 */
struct host_anatomy {
	u64 keys;
	u64 linked;
	u64 expunged;
	u64 segments;
	u64 chained;
	u64 dirs;
	u32 dirty;
	u64 shared;
	u32 root_bits;
	u64 private_bytes;
};

/* take a map apart; fails the test where an invariant does not hold */
struct host_anatomy host_check(struct syncmap *map);

/**
 * struct host_frozen - pictures of the segments that snapshots reach
 * @n:		how many
 * @room:	for how many there is memory
 * @picture:	the segments, and their bytes then
 */
struct host_frozen {
	size_t n;
	size_t room;
	struct host_picture *picture;
};

/* both inside one rcu_read_lock(), so that nothing is freed between them */
void host_frozen_take(struct host_frozen *frozen, struct syncmap *map);
void host_frozen_check(struct host_frozen *frozen);

/**
 * struct host_place - where a key's entry stands
 * @read:	the entry in the snapshot, or NULL
 * @dirty:	the entry in the dirty table, or NULL
 * @value:	of the one or the other: NULL where deleted
 * @expunged:	it is EXPUNGED
 * @has_dirty:	the shard has a dirty table
 * @segment:	the snapshot's segment for the key
 * @dirty_segment: the dirty table's
 */
struct host_place {
	const void *read;
	const void *dirty;
	const void *value;
	bool expunged;
	bool has_dirty;
	const void *segment;
	const void *dirty_segment;
};

struct host_place host_place(struct syncmap *map, const void *key, u32 len);

/* make each shard's dirty table its snapshot */
void host_promote(struct syncmap *map);

/*
 * Before the first key: let 16-byte keys choose their hash.  host_hash_key()
 * gives the nth of 64 keys with the same hash.
 */
void host_open_hash(struct syncmap *map);
void host_hash_key(u8 key[16], u64 hash, u32 nth);

#endif
