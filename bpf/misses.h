/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What misses.bpf.c hands to userspace: the records in its ring buffer and
 * the contents of its maps.  syncmap-misses(8) describes them to people.
 *
 * Times are nanoseconds of CLOCK_BOOTTIME, as in the netlink family.
 */
#ifndef SYNCMAP_BPF_MISSES_H
#define SYNCMAP_BPF_MISSES_H

/* bytes of a key that a record carries; a longer key is cut */
#define MISSES_KEY_BYTES	64
/* pairs of map and shard that are counted: a map has at most so many shards */
#define MISSES_COUNTS		4096
#define MISSES_RING_BYTES	(4 << 20)

enum misses_kind {
	MISSES_LOAD_MISS,
	MISSES_INSERT,
	MISSES_PROMOTION,
	MISSES_DIRTY_COPY_BEGIN,
	MISSES_DIRTY_COPY_END,
	MISSES_KINDS,
};

/**
 * struct misses_config - the only value in the map "misses_config"
 * @map:	id of the map to record; 0: all maps
 */
struct misses_config {
	__u32 map;
};

/* a key of the map "misses_count" */
struct misses_shard {
	__u32 map;
	__u32 shard;
};

/**
 * struct misses_count - a value, one for each CPU, of the map "misses_count"
 * @found:	misses that found their key in the dirty table
 * @absent:	misses that did not
 */
struct misses_count {
	__u64 found;
	__u64 absent;
};

/**
 * struct misses_lost - a value, one for each CPU, of the map "misses_lost"
 * @ring_full:	records that found no room in the ring buffer
 * @uncounted:	misses that found no room in the map "misses_count"
 *
 * The index is enum misses_kind.  An event inside another one of its kind on
 * one CPU (an interrupt's load inside a load) never reaches the program: the
 * kernel counts those itself, as the program's recursion_misses.
 */
struct misses_lost {
	__u64 ring_full;
	__u64 uncounted;
};

/**
 * struct misses_event - how each record in the ring buffer begins
 * @time:	when, taken after the room in the ring was: what is reserved
 *		after an instant has a @time after it
 * @kind:	enum misses_kind, which says what follows
 * @cpu:	where
 * @map:	the map's id
 * @shard:	index of the shard
 */
struct misses_event {
	__u64 time;
	__u32 kind;
	__u32 cpu;
	__u32 map;
	__u32 shard;
};

/**
 * struct misses_key_event - MISSES_LOAD_MISS and MISSES_INSERT
 * @event:	what all have
 * @hash:	the key's hash in that map
 * @key_len:	bytes in the key
 * @found:	load miss: whether the dirty table had it
 * @key:	its first MISSES_KEY_BYTES bytes, zeros behind a shorter one
 */
struct misses_key_event {
	struct misses_event event;
	__u64 hash;
	__u32 key_len;
	__u32 found;
	__u8 key[MISSES_KEY_BYTES];
};

/**
 * struct misses_promotion_event - MISSES_PROMOTION
 * @event:	what all have
 * @entries:	in the new snapshot
 * @misses:	that led to it
 */
struct misses_promotion_event {
	struct misses_event event;
	__u64 entries;
	__u64 misses;
};

/**
 * struct misses_copy_event - MISSES_DIRTY_COPY_BEGIN and _END
 * @event:	what all have
 * @entries:	begin: in the snapshot; end: copied under the lock
 * @bytes:	end: copied under the lock
 */
struct misses_copy_event {
	struct misses_event event;
	__u64 entries;
	__u64 bytes;
};

#endif
