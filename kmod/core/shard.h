/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A shard: the part of a map under one hash prefix, with a snapshot, a dirty
 * table, a lock and counters of its own.
 */
#ifndef SYNCMAP_CORE_SHARD_H
#define SYNCMAP_CORE_SHARD_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include "../observe/counters.h"
#include "dir.h"

struct sm_router;
struct sm_world;

/**
 * struct sm_cpu_counters - what one CPU counted in one shard
 * @value:	indexed by enum sm_counter, the per-CPU ones
 * @pending:	misses not yet added to the shard's
 */
struct sm_cpu_counters {
	u64 value[SM_NR_CPU_COUNTERS];
	u64 pending;
};

/**
 * struct sm_counters - the counters of a shard
 * @cpu:	per CPU
 * @locked:	indexed by enum sm_counter less SM_NR_CPU_COUNTERS; written
 *		with the lock of the shard that owns it
 * @next:	in the map's list of all blocks
 * @next_idle:	in its list of those that no shard owns
 *
 * Blocks outlive their shards, and are summed as long as the map lives: no
 * count is ever lost and none goes back.  A new shard takes over an idle one.
 */
struct sm_counters {
	struct sm_cpu_counters __percpu *cpu;
	u64 locked[SM_NR_LOCKED_COUNTERS];
	struct sm_counters *next;
	struct sm_counters *next_idle;
};

/**
 * struct sm_shard - a shard
 * @read:	the snapshot (RCU)
 * @dirty:	0, the dirty table, or the router that took over (SM_MOVED);
 *		RCU; see sm_shard_dirty() and the like
 * @cpu:	the counters' per-CPU part
 * @map:	whose shard it is
 * @world:	whose keys it holds
 * @index:	its number
 * @depth:	bits of the hash before those of its views
 * @lock:	taken with bottom halves off; guards all that follows, and who
 *		writes @read and @dirty
 * @generation:	of the newest dirty table; 1 before there was one
 * @entries:	keys linked in the dirty table, or else in the snapshot; after
 *		a split of the shard an estimate
 * @segments:	in the newest view, about
 * @dirs:	in the newest view below its root, about
 * @root_bits_max: the root gets no larger, log2 of its slots; lowered while
 *		the shard is about to be divided or united
 * @limbo_segments: replaced but still in the snapshot
 * @limbo_dirs:	likewise
 * @limbo_dead:	entries that die with them, about
 * @holds:	how often the lock was taken: some are timed
 * @counters:	the block
 * @misses:	since the dirty table was made
 */
struct sm_shard {
	/* line 0: read by every lookup, written by promotions */
	struct sm_dir __rcu *read;
	unsigned long dirty;
	struct sm_cpu_counters __percpu *cpu;
	struct syncmap *map;
	struct sm_world *world;
	u32 index;
	u32 depth;

	/* line 1: the lock and what it guards */
	spinlock_t lock ____cacheline_aligned_in_smp;
	u64 generation;
	s64 entries;
	u32 segments;
	u32 dirs;
	u32 root_bits_max;
	struct sm_segment *limbo_segments;
	struct sm_dir *limbo_dirs;
	u64 limbo_dead;
	u64 holds;

	/* line 2: written by misses */
	atomic64_t misses ____cacheline_aligned_in_smp;
	struct sm_counters *counters;
};

#define SM_MOVED	1UL

static inline bool sm_dirty_is_moved(unsigned long dirty)
{
	return dirty & SM_MOVED;
}

static inline struct sm_router *sm_dirty_router(unsigned long dirty)
{
	return (struct sm_router *)(dirty & ~SM_MOVED);
}

static inline struct sm_dir *sm_dirty_view(unsigned long dirty)
{
	return (struct sm_dir *)dirty;
}

/* with the shard's lock held */
static inline struct sm_dir *sm_shard_read(struct sm_shard *shard)
{
	return rcu_dereference_protected(shard->read,
					 lockdep_is_held(&shard->lock));
}

/* with the shard's lock held; NULL where there is none */
static inline struct sm_dir *sm_shard_dirty(struct sm_shard *shard)
{
	lockdep_assert_held(&shard->lock);
	return sm_dirty_view(shard->dirty);
}

/* the table that has every live key; with the shard's lock held */
static inline struct sm_dir *sm_shard_newest(struct sm_shard *shard)
{
	return sm_shard_dirty(shard) ?: sm_shard_read(shard);
}

static inline u64 sm_shard_first_hash(const struct sm_shard *shard)
{
	return shard->depth ? (u64)shard->index << (64 - shard->depth) : 0;
}

static inline u64 sm_shard_last_hash(const struct sm_shard *shard)
{
	return sm_shard_first_hash(shard) | (shard->depth ? U64_MAX >> shard->depth : U64_MAX);
}

/* any context */
static inline void sm_count(struct sm_shard *shard, enum sm_counter counter)
{
	this_cpu_inc(shard->cpu->value[counter]);
}

/* with the shard's lock held; read without it */
static inline void sm_locked_add(struct sm_shard *shard,
				 enum sm_counter counter, u64 n)
{
	u64 *value = &shard->counters->locked[counter - SM_NR_CPU_COUNTERS];

	WRITE_ONCE(*value, *value + n);
}

/* with the shard's lock held; read without it */
static inline void sm_locked_raise(struct sm_shard *shard,
				   enum sm_counter counter, u64 n)
{
	u64 *value = &shard->counters->locked[counter - SM_NR_CPU_COUNTERS];

	if (*value < n)
		WRITE_ONCE(*value, n);
}

/* with the shard's lock held: wait in limbo for the next promotion */
static inline void sm_segment_to_limbo(struct sm_shard *shard,
				       struct sm_segment *segment)
{
	segment->limbo = shard->limbo_segments;
	shard->limbo_segments = segment;
}

/* likewise */
static inline void sm_dir_to_limbo(struct sm_shard *shard, struct sm_dir *dir)
{
	dir->limbo = shard->limbo_dirs;
	shard->limbo_dirs = dir;
}

/**
 * struct sm_hold - one holding of a shard's lock
 * @shard:	whose
 * @waited_ns:	how long it had to wait, 0 where it had not
 * @since_ns:	when it began, 0 where this one is not timed
 * @copied_entries: copied in it so far
 * @copied_bytes: likewise
 */
struct sm_hold {
	struct sm_shard *shard;
	u64 waited_ns;
	u64 since_ns;
	u64 copied_entries;
	u64 copied_bytes;
};

void sm_lock(struct sm_shard *shard, struct sm_hold *hold);
void sm_lock_nested(struct sm_shard *shard, struct sm_hold *hold);
void sm_unlock(struct sm_hold *hold);
bool sm_may_lock(void);

struct sm_shard *sm_shard_alloc(struct syncmap *map, struct sm_world *world,
				u32 index, u32 depth, gfp_t gfp);
void sm_shard_free(struct sm_shard *shard);
void sm_shard_free_all(struct sm_shard *shard);
struct sm_counters *sm_counters_get(struct syncmap *map, gfp_t gfp);
void sm_counters_put(struct syncmap *map, struct sm_counters *counters);
void sm_counters_free_all(struct syncmap *map);
void sm_counters_read(const struct sm_counters *counters,
		      struct sm_stats *stats);
void sm_hold_time(struct sm_hold *hold);
int sm_shard_init(void);
void sm_shard_exit(void);

void sm_retire_with_limbo(struct sm_shard *shard, struct sm_dir *view);
void sm_promote(struct sm_hold *hold);
void sm_miss(struct sm_shard *shard);
void sm_miss_locked(struct sm_hold *hold);

/**
 * struct sm_reserve - memory got before the lock is taken
 * @root:	a directory with room for @root_bits, or NULL
 * @root_bits:	log2 of its room, -1 where there is none
 * @dirs:	directories of SM_DIR_BITS, linked by ->limbo
 * @nr_dirs:	how many
 * @segments:	segments, linked by ->limbo
 * @nr_segments: how many
 */
struct sm_reserve {
	struct sm_dir *root;
	int root_bits;
	struct sm_dir *dirs;
	u32 nr_dirs;
	struct sm_segment *segments;
	u32 nr_segments;
};

int sm_reserve_fill(struct sm_reserve *have, const struct sm_reserve *want,
		    struct syncmap *map, gfp_t gfp);
bool sm_reserve_has(const struct sm_reserve *have,
		    const struct sm_reserve *want);
void sm_reserve_free(struct sm_reserve *reserve);
struct sm_dir *sm_reserve_root(struct sm_reserve *reserve);
struct sm_dir *sm_reserve_dir(struct sm_reserve *reserve);
struct sm_segment *sm_reserve_segment(struct sm_reserve *reserve);

#define SM_RESERVE_NONE { .root_bits = -1 }

bool sm_copy_segment(struct sm_hold *hold, struct sm_place *place,
		     struct sm_reserve *have, struct sm_reserve *want);
struct sm_segment *sm_take_segment(struct sm_hold *hold,
				   struct sm_reserve *have, u32 depth);
bool sm_make_dirty(struct sm_hold *hold, struct sm_reserve *have,
		   struct sm_reserve *want);
void sm_replace_root(struct sm_hold *hold, struct sm_dir *old,
		     struct sm_dir *new);
bool sm_own_path(struct sm_hold *hold, u64 hash, struct sm_reserve *have,
		 struct sm_reserve *want, struct sm_place *place);
bool sm_make_room(struct sm_hold *hold, u64 hash, struct sm_reserve *have,
		  struct sm_reserve *want, struct sm_place *place);
void sm_rebuild(struct sm_hold *hold, struct sm_segment *old,
		struct sm_segment *low, struct sm_segment *high);
void sm_bury_segment(struct sm_shard *shard, struct sm_segment *old);

#endif
