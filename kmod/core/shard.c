// SPDX-License-Identifier: GPL-2.0
/* Shards: the lock and its accounts, promotion, misses.  See shard.h. */
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "../observe/hooks.h"
#include "map.h"

/* one hold in so many is timed, and each that had to wait */
#define SM_HOLD_SAMPLE	64
/* misses that a CPU keeps to itself before it adds them to the shard's */
#define SM_MISS_BATCH	64
/* below this many keys each miss is added at once */
#define SM_MISS_SMALL	1024

static struct kmem_cache *sm_shard_cache;

static void sm_hold_begin(struct sm_shard *shard, struct sm_hold *hold,
			  u64 waited_ns)
{
	*hold = (struct sm_hold){ .shard = shard, .waited_ns = waited_ns };
	if (waited_ns || !(shard->holds++ % SM_HOLD_SAMPLE))
		sm_hold_time(hold);
}

/**
 * sm_hold_time() - time this hold, from now if it is not being timed yet
 * @hold:	which
 */
void sm_hold_time(struct sm_hold *hold)
{
	if (!hold->since_ns)
		hold->since_ns = ktime_get_mono_fast_ns();
}

/* the clock is read only where it has to wait */
static void sm_lock_class(struct sm_shard *shard, struct sm_hold *hold,
			  int subclass)
	__acquires(&shard->lock)
{
	u64 start, waited = 0;

	if (!spin_trylock_bh(&shard->lock)) {
		start = ktime_get_mono_fast_ns();
		local_bh_disable();
		spin_lock_nested(&shard->lock, subclass);
		waited = max(ktime_get_mono_fast_ns() - start, 1ULL);
	}
	sm_hold_begin(shard, hold, waited);
}

/**
 * sm_lock() - take a shard's lock
 * @shard:	whose
 * @hold:	out: the accounts of this hold
 *
 * Context: process or softirq.
 * The caller looks at ->dirty again: the shard may have moved (invariant 6).
 */
void sm_lock(struct sm_shard *shard, struct sm_hold *hold)
	__acquires(&shard->lock)
{
	sm_lock_class(shard, hold, 0);
}

/**
 * sm_lock_nested() - take the lock of a second shard
 * @shard:	the sibling, with the odd index, of one whose lock is held
 * @hold:	out: the accounts of this hold
 */
void sm_lock_nested(struct sm_shard *shard, struct sm_hold *hold)
	__acquires(&shard->lock)
{
	sm_lock_class(shard, hold, SINGLE_DEPTH_NESTING);
}

/**
 * sm_may_lock() - may a shard's lock be tried here?
 *
 * Loads come from anywhere, tracing programs included; they leave promotion to
 * others where the lock could not be released again, or could sleep.
 */
bool sm_may_lock(void)
{
	if (in_nmi() || in_hardirq() || irqs_disabled())
		return false;
	return !IS_ENABLED(CONFIG_PREEMPT_RT) || preemptible();
}

static void sm_hold_account(const struct sm_hold *hold)
{
	struct sm_shard *shard = hold->shard;

	sm_locked_add(shard, SM_LOCK_ACQUISITIONS, 1);
	if (hold->waited_ns) {
		sm_locked_add(shard, SM_LOCK_CONTENDED, 1);
		sm_locked_add(shard, SM_LOCK_WAIT_NS, hold->waited_ns);
	}
	if (hold->copied_bytes) {
		sm_locked_add(shard, SM_COPIED_ENTRIES, hold->copied_entries);
		sm_locked_add(shard, SM_COPIED_BYTES, hold->copied_bytes);
		sm_locked_raise(shard, SM_COPIED_ENTRIES_MAX,
			 hold->copied_entries);
		sm_locked_raise(shard, SM_COPIED_BYTES_MAX,
			 hold->copied_bytes);
	}
	if (hold->since_ns)
		sm_locked_raise(shard, SM_LOCK_HOLD_NS_MAX,
			 ktime_get_mono_fast_ns() - hold->since_ns);
}

/**
 * sm_unlock() - release a shard's lock
 * @hold:	from sm_lock()
 */
void sm_unlock(struct sm_hold *hold)
	__releases(&hold->shard->lock)
{
	sm_hold_account(hold);
	spin_unlock_bh(&hold->shard->lock);
}

/**
 * sm_retire_with_limbo() - free a view, and what waited for that
 * @shard:	whose; its lock is held
 * @view:	replaced; where it is a sentinel, nothing can have waited
 */
void sm_retire_with_limbo(struct sm_shard *shard, struct sm_dir *view)
{
	if (sm_view_is_sentinel(view))
		return;
	view->retired.segments = shard->limbo_segments;
	view->retired.dirs = shard->limbo_dirs;
	shard->limbo_segments = NULL;
	shard->limbo_dirs = NULL;
	shard->limbo_dead = 0;
	sm_view_retire(view);
}

/**
 * sm_promote() - make the dirty table the snapshot
 * @hold:	of a shard that has a dirty table
 *
 * O(1): the replaced view goes, with all that waited for this, after a grace
 * period.  The snapshot is written first: a reader who finds no dirty table
 * looks at the snapshot again and finds it changed.
 */
void sm_promote(struct sm_hold *hold)
{
	struct sm_shard *shard = hold->shard;
	struct sm_dir *old = sm_shard_read(shard);
	u64 misses = atomic64_read(&shard->misses);

	rcu_assign_pointer(shard->read, sm_shard_dirty(shard));
	/* after the snapshot: pairs with the acquire in sm_find_missed() */
	smp_store_release(&shard->dirty, 0);
	shard->generation++;
	atomic64_set(&shard->misses, 0);
	sm_retire_with_limbo(shard, old);
	sm_locked_add(shard, SM_PROMOTIONS, 1);
	sm_hook_promotion(shard->map, shard->map->id, shard->index,
			  shard->entries, misses);
}

/* Go's rule: as many misses as the dirty table has keys */
static bool sm_promotion_is_due(struct sm_shard *shard)
{
	return atomic64_read(&shard->misses) >= READ_ONCE(shard->entries);
}

static void sm_try_promote(struct sm_shard *shard)
{
	struct sm_hold hold;

	if (!sm_may_lock() || !spin_trylock_bh(&shard->lock))
		return;
	sm_hold_begin(shard, &hold, 0);
	if (!sm_dirty_is_moved(shard->dirty) && sm_shard_dirty(shard) &&
	    sm_promotion_is_due(shard))
		sm_promote(&hold);
	sm_unlock(&hold);
}

/**
 * sm_miss() - a load had to ask the dirty table of a cow map
 * @shard:	whose
 *
 * Context: any, inside rcu_read_lock().  Promotes where it is due and nobody
 * holds the lock; never waits.
 */
void sm_miss(struct sm_shard *shard)
{
	if (READ_ONCE(shard->entries) < SM_MISS_SMALL) {
		atomic64_inc(&shard->misses);
	} else {
		if (this_cpu_inc_return(shard->cpu->pending) % SM_MISS_BATCH)
			return;
		atomic64_add(SM_MISS_BATCH, &shard->misses);
	}
	if (sm_promotion_is_due(shard))
		sm_try_promote(shard);
}

/**
 * sm_miss_locked() - a lookup had to ask the dirty table of a classic map
 * @hold:	of its shard
 *
 * sync.Map's missLocked().
 */
void sm_miss_locked(struct sm_hold *hold)
{
	struct sm_shard *shard = hold->shard;

	atomic64_inc(&shard->misses);
	if (sm_shard_dirty(shard) && sm_promotion_is_due(shard))
		sm_promote(hold);
}

/**
 * sm_shard_alloc() - a shard without keys
 * @map:	whose
 * @world:	whose keys it will hold
 * @index:	its number
 * @depth:	log2 of how many shards there are with it
 * @gfp:	how to allocate
 *
 * Return: the shard, or an ERR_PTR of -ENOMEM or -ENOSPC.
 */
struct sm_shard *sm_shard_alloc(struct syncmap *map, struct sm_world *world,
				u32 index, u32 depth, gfp_t gfp)
{
	struct sm_counters *counters;
	struct sm_shard *shard;

	shard = sm_mem_alloc_cache(map, sm_shard_cache, sizeof(*shard),
				   gfp | __GFP_ZERO);
	if (IS_ERR(shard))
		return shard;
	counters = sm_counters_get(map, gfp);
	if (IS_ERR(counters)) {
		sm_mem_free_cache(map, sm_shard_cache, shard, sizeof(*shard));
		return ERR_CAST(counters);
	}
	shard->counters = counters;
	shard->cpu = counters->cpu;
	shard->map = map;
	shard->world = world;
	shard->index = index;
	shard->depth = depth;
	shard->generation = 1;
	shard->root_bits_max = SM_ROOT_BITS;
	RCU_INIT_POINTER(shard->read, sm_view_empty);
	spin_lock_init(&shard->lock);
	atomic64_set(&shard->misses, 0);
	return shard;
}

/**
 * sm_shard_free() - free a shard, not what it holds
 * @shard:	out of every reader's reach
 */
void sm_shard_free(struct sm_shard *shard)
{
	sm_counters_put(shard->map, shard->counters);
	sm_mem_free_cache(shard->map, sm_shard_cache, shard, sizeof(*shard));
}

/**
 * sm_shard_free_all() - free a shard that did not move, with its keys
 * @shard:	out of every reader's reach
 */
void sm_shard_free_all(struct sm_shard *shard)
{
	struct sm_dir *read = rcu_dereference_raw(shard->read);

	sm_limbo_free(shard->limbo_segments, shard->limbo_dirs);
	if (shard->dirty) {
		sm_view_free_all(sm_dirty_view(shard->dirty));
		if (!sm_view_is_sentinel(read))
			sm_dir_free(read);
	} else {
		sm_view_free_all(read);
	}
	sm_shard_free(shard);
}

int __init sm_shard_init(void)
{
	sm_shard_cache = KMEM_CACHE(sm_shard, SLAB_HWCACHE_ALIGN);
	return sm_shard_cache ? 0 : -ENOMEM;
}

void sm_shard_exit(void)
{
	kmem_cache_destroy(sm_shard_cache);
}
