/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The counters.  One list says them all: netlink, debugfs and the readers are
 * made from it, so that no name can be forgotten in one place.
 */
#ifndef SYNCMAP_OBSERVE_COUNTERS_H
#define SYNCMAP_OBSERVE_COUNTERS_H

/* kept for each CPU and shard, written without a lock, only ever grow */
#define SM_CPU_COUNTERS(X)				\
	X(HITS, hits)					\
	X(ABSENTS, absents)				\
	X(MISSES_FOUND, misses_found)			\
	X(MISSES_ABSENT, misses_absent)			\
	X(UPDATES, updates)				\
	X(INSERTS, inserts)				\
	X(DELETES, deletes)				\

/* kept for each shard, written with its lock held */
#define SM_LOCKED_COUNTERS(X)				\
	X(PROMOTIONS, promotions)			\
	X(DIRTY_COPIES, dirty_copies)			\
	X(COPIED_ENTRIES, copied_entries)		\
	X(COPIED_BYTES, copied_bytes)			\
	X(COPIED_ENTRIES_MAX, copied_entries_max)	\
	X(COPIED_BYTES_MAX, copied_bytes_max)		\
	X(SEGMENT_COPIES, segment_copies)		\
	X(SEGMENT_SPLITS, segment_splits)		\
	X(SEGMENT_MERGES, segment_merges)		\
	X(RECLAIMED, reclaimed)				\
	X(LOCK_ACQUISITIONS, lock_acquisitions)		\
	X(LOCK_CONTENDED, lock_contended)		\
	X(LOCK_WAIT_NS, lock_wait_ns)			\
	X(LOCK_HOLD_NS_MAX, lock_hold_ns_max)		\

/* worked out when they are read, or kept for the map */
#define SM_MAP_COUNTERS(X)				\
	X(TOMBSTONES, tombstones)			\
	X(SHARD_SPLITS, shard_splits)			\
	X(CLEARS, clears)				\
	X(ALLOCS, allocs)				\
	X(ALLOC_FAILURES, alloc_failures)		\
	X(BYTES, bytes)					\

#define SM_COUNTERS(X)					\
	SM_CPU_COUNTERS(X)				\
	SM_LOCKED_COUNTERS(X)				\
	SM_MAP_COUNTERS(X)

enum sm_counter {
#define X(NAME, name) SM_##NAME,
	SM_COUNTERS(X)
#undef X
	SM_NR_COUNTERS
};

#define X(NAME, name) + 1
enum {
	SM_NR_CPU_COUNTERS = 0 SM_CPU_COUNTERS(X),
	SM_NR_LOCKED_COUNTERS = 0 SM_LOCKED_COUNTERS(X),
};
#undef X

/* is this counter the largest of something, rather than a sum? */
static inline bool sm_counter_is_max(enum sm_counter c)
{
	return c == SM_COPIED_ENTRIES_MAX || c == SM_COPIED_BYTES_MAX ||
	       c == SM_LOCK_HOLD_NS_MAX;
}

/**
 * struct sm_stats - one reading of the counters of a shard or a map
 * @value:	indexed by enum sm_counter; sums over CPUs (and shards), but
 *		the maxima, which are maxima
 */
struct sm_stats {
	u64 value[SM_NR_COUNTERS];
};

#endif
