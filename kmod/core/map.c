// SPDX-License-Identifier: GPL-2.0
/*
 * A map with a read snapshot and a dirty table, without the cliff.
 *
 * Structure.  A 64-bit keyed hash leads from the map's router to a shard, in
 * the shard from a view (a directory) to a segment, in the segment to a bucket
 * line and there to an entry.  A shard has two views: "read", the snapshot,
 * whose membership nobody changes, and "dirty", which has all its live keys and
 * the new ones.  The views share whatever segments and directories they agree
 * on, and both share the entries.
 *
 * Algorithm.  A load asks the snapshot.  Only when that has no live entry for
 * the key and there is a dirty table does it ask there, which is a miss.  A
 * change of a key that has an entry is one cmpxchg on the entry's value, seen
 * at once through every view that has the entry, whatever copies of segments
 * are under way.  A new key takes the shard's lock, begins a dirty table where
 * there is none (copying the directory only), makes the one segment concerned
 * private (copying it, leaving out what is deleted) and links an entry there.
 * When there were as many misses as the dirty table has keys, it becomes the
 * snapshot by one pointer; what it replaced is freed after a grace period.  A
 * full segment is split in two, a full root directory makes the shards split.
 * A "classic" map copies all segments when it begins a dirty table, as Go did
 * until 1.23; its misses take the lock.
 *
 * Ordering guarantees.  Every change is a full barrier at its cmpxchg or xchg,
 * every load an acquire of the value; the change and the load take effect
 * there, with these exceptions, in which the absence of the key is decided:
 * by the tags of the bucket line (acquired), by "no dirty table" after a
 * snapshot that is then still the same, or under the lock.  A new entry is
 * linked EXPUNGED and gets its value last.  The snapshot is written before the
 * dirty word when promoting, and after it when the shard moves; readers read
 * them in the opposite order, or twice.  clear() is one exchange of the router.
 * The protocol was model-checked before it was written; dirty.c, change.c,
 * lookup.c and reshard.c keep its order of steps.
 */
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "map.h"

struct workqueue_struct *sm_wq;

/**
 * sm_config_check() - can a map be made like this?
 * @config:	the wishes
 *
 * Return: NULL, or what is wrong.
 */
const char *sm_config_check(const struct syncmap_config *config)
{
	if (config->policy != SYNCMAP_COW && config->policy != SYNCMAP_CLASSIC)
		return "the policy is neither cow nor classic";
	if (config->shards && config->shards != SYNCMAP_SHARDS_AUTO) {
		if (!is_power_of_2(config->shards))
			return "the number of shards is not a power of two";
		if (config->shards > SYNCMAP_SHARDS_MAX)
			return "there can be at most 4096 shards";
	}
	if (config->key_size > SYNCMAP_KEY_MAX)
		return "a key has at most 255 bytes";
	if (config->value_size != SYNCMAP_VALUE_ANY &&
	    config->value_size > SYNCMAP_VALUE_MAX)
		return "a value has at most 4096 bytes";
	if (config->policy == SYNCMAP_CLASSIC &&
	    config->max_entries > SYNCMAP_CLASSIC_ENTRIES_MAX)
		return "a classic map holds at most 1000000 entries";
	return NULL;
}

static bool sm_config_shards_auto(const struct syncmap_config *config)
{
	return config->shards == SYNCMAP_SHARDS_AUTO ||
	       (!config->shards && config->policy == SYNCMAP_COW);
}

static u32 sm_config_shard_bits(const struct syncmap_config *config)
{
	if (!sm_config_shards_auto(config))
		return config->shards ? ilog2(config->shards) : 0;
	return min_t(u32, order_base_2(num_online_cpus()), SM_SHARD_BITS_MAX);
}

/* after a change of the policy; changes are serialised by the caller */
static void sm_map_note_quick(struct syncmap *map)
{
	bool takes = !map->key_size || map->key_size == sizeof(u64);

	WRITE_ONCE(map->quick, takes && sm_map_is_cow(map));
}

static void sm_map_configure(struct syncmap *map,
			     const struct syncmap_config *config)
{
	map->policy = config->policy;
	map->key_size = config->key_size;
	map->value_size = config->value_size;
	map->align_line = config->align_line;
	map->shards_auto = sm_config_shards_auto(config);
	map->max_entries = config->max_entries ?: SYNCMAP_ENTRIES_DEFAULT;
	map->mem.max_bytes = config->max_bytes ?:
		(u64)totalram_pages() * PAGE_SIZE / 4;
	get_random_bytes(&map->secret, sizeof(map->secret));
	map->secret.word[0] |= 1;
	sm_map_note_quick(map);
}

/* a router of new shards in a new world; SM_GFP_BEYOND as in sm_mem_alloc() */
static struct sm_router *sm_map_new_router(struct syncmap *map, u32 bits,
					   gfp_t gfp)
{
	struct sm_world *world = sm_world_alloc(map, gfp & ~SM_GFP_BEYOND);
	struct sm_router *router;

	if (!world)
		return ERR_PTR(-ENOMEM);
	router = sm_router_alloc(map, world, bits, gfp);
	if (IS_ERR(router))
		sm_world_free(world);
	return router;
}

/**
 * sm_map_alloc() - make a map
 * @config:	how; sm_config_check() found nothing
 * @id:		what tracepoints call it
 *
 * Context: process, may sleep.  Its memory is charged to the caller's cgroup.
 * Return: the map, or an ERR_PTR of -ENOMEM or -ENOSPC.
 */
struct syncmap *sm_map_alloc(const struct syncmap_config *config, u32 id)
{
	struct syncmap *map = kzalloc(sizeof(*map), GFP_KERNEL_ACCOUNT);
	struct sm_router *router;
	int err;

	if (!map)
		return ERR_PTR(-ENOMEM);
	map->id = id;
	mutex_init(&map->resize);
	spin_lock_init(&map->counters_lock);
	INIT_WORK(&map->reshard_work, sm_map_reshard_work);
	INIT_WORK(&map->reclaim_work, sm_map_reclaim_work);
	err = sm_mem_init(&map->mem);
	if (err)
		goto free;
	map->deletes = alloc_percpu_gfp(u32, GFP_KERNEL_ACCOUNT);
	err = -ENOMEM;
	if (!map->deletes)
		goto destroy;
	sm_map_configure(map, config);
	router = sm_map_new_router(map, sm_config_shard_bits(config), GFP_KERNEL);
	err = PTR_ERR_OR_ZERO(router);
	if (err)
		goto destroy;
	RCU_INIT_POINTER(map->router, router);
	return map;
destroy:
	sm_counters_free_all(map);
	free_percpu(map->deletes);
	sm_mem_destroy(&map->mem);
free:
	kfree(map);
	return ERR_PTR(err);
}

/**
 * sm_map_free() - free a map with all its keys
 * @map:	nobody can find it any more, and no one is inside a call on it
 *
 * Context: process, sleeps for grace periods.
 */
void sm_map_free(struct syncmap *map)
{
	cancel_work_sync(&map->reclaim_work);
	cancel_work_sync(&map->reshard_work);
	synchronize_rcu();
	rcu_barrier();
	flush_workqueue(sm_wq);
	sm_router_free_all(rcu_dereference_raw(map->router));
	sm_counters_free_all(map);
	free_percpu(map->deletes);
	sm_mem_destroy(&map->mem);
	kfree(map);
}

/**
 * syncmap_clear() - remove all keys at one instant
 * @map:	which
 * @gfp:	for allocations
 *
 * What is stored meanwhile is stored before or after it, in all shards alike.
 * A map that is full can be cleared, too: max_bytes does not refuse the memory
 * of the new, empty shards.
 *
 * Context: process or softirq; may sleep if @gfp may.
 * Return: 0; -ENOMEM: then nothing changed.
 */
int syncmap_clear(struct syncmap *map, gfp_t gfp)
{
	struct sm_router *router = NULL, *old;
	u32 bits;

	for (;;) {
		rcu_read_lock();
		old = rcu_dereference(map->router);
		bits = old->bits;
		if (router && router->bits == bits &&
		    unrcu_pointer(cmpxchg(&map->router, RCU_INITIALIZER(old),
					  RCU_INITIALIZER(router))) == old)
			break;
		rcu_read_unlock();
		if (router && router->bits != bits) {
			sm_router_free_all(router);
			router = NULL;
		}
		if (!router)
			router = sm_map_new_router(map, bits,
						   gfp | SM_GFP_BEYOND);
		if (IS_ERR(router))
			return PTR_ERR(router);
	}
	old->replaced_by_clear = true;
	sm_router_retire(old);
	rcu_read_unlock();
	atomic64_inc(&map->clears);
	return 0;
}
EXPORT_SYMBOL_GPL(syncmap_clear);

/**
 * syncmap_len() - count the live keys
 * @map:	which
 *
 * Context: process or softirq.
 * Return: how many; exact while nobody changes the map.
 */
u64 syncmap_len(struct syncmap *map)
{
	u64 len;

	rcu_read_lock();
	len = percpu_counter_sum_positive(&rcu_dereference(map->router)->world->len);
	rcu_read_unlock();
	return len;
}
EXPORT_SYMBOL_GPL(syncmap_len);

u32 sm_map_id(const struct syncmap *map)
{
	return map->id;
}

/* the layer above keeps what it likes here */
void sm_map_set_owner(struct syncmap *map, void *owner)
{
	WRITE_ONCE(map->owner, owner);
}

void *sm_map_owner(const struct syncmap *map)
{
	return READ_ONCE(map->owner);
}

/**
 * sm_map_set_policy() - change the policy of a live map
 * @map:	which
 * @policy:	the new one
 *
 * Operations of both policies may overlap: both keep to one protocol.
 *
 * Return: 0; -ENOSPC where it has more keys than a classic map may hold.
 */
int sm_map_set_policy(struct syncmap *map, enum syncmap_policy policy)
{
	if (policy == SYNCMAP_CLASSIC &&
	    syncmap_len(map) > SYNCMAP_CLASSIC_ENTRIES_MAX)
		return -ENOSPC;
	WRITE_ONCE(map->policy, policy);
	sm_map_note_quick(map);
	return 0;
}

/**
 * sm_map_set_max_entries() - limit the live keys
 * @map:	which
 * @max_entries: the most; keys beyond it stay, but no new ones come
 *
 * Return: 0; -EINVAL for 0, or for more than a classic map may hold.
 */
int sm_map_set_max_entries(struct syncmap *map, u64 max_entries)
{
	if (!max_entries || (!sm_map_is_cow(map) &&
			     max_entries > SYNCMAP_CLASSIC_ENTRIES_MAX))
		return -EINVAL;
	WRITE_ONCE(map->max_entries, max_entries);
	return 0;
}

/**
 * sm_map_set_max_bytes() - limit the memory
 * @map:	which
 * @max_bytes:	the most; what is in use stays
 *
 * Return: 0; -EINVAL for 0.
 */
int sm_map_set_max_bytes(struct syncmap *map, u64 max_bytes)
{
	if (!max_bytes)
		return -EINVAL;
	WRITE_ONCE(map->mem.max_bytes, max_bytes);
	return 0;
}

/**
 * sm_map_shards() - how many shards a map has now
 * @map:	which
 */
u32 sm_map_shards(struct syncmap *map)
{
	u32 bits;

	rcu_read_lock();
	bits = rcu_dereference(map->router)->bits;
	rcu_read_unlock();
	return 1U << bits;
}

/**
 * sm_map_info() - a map's configuration and size
 * @map:	which
 * @info:	out
 *
 * Context: process.
 */
void sm_map_info(struct syncmap *map, struct sm_info *info)
{
	*info = (struct sm_info){
		.config = {
			.policy = READ_ONCE(map->policy),
			.shards = sm_map_shards(map),
			.key_size = map->key_size,
			.value_size = map->value_size,
			.align_line = map->align_line,
			.max_entries = sm_map_entries_limit(map),
			.max_bytes = READ_ONCE(map->mem.max_bytes),
		},
		.shards_auto = READ_ONCE(map->shards_auto),
		.entries = syncmap_len(map),
		.bytes = percpu_counter_sum_positive(&map->mem.bytes),
	};
}

/**
 * sm_core_init() - make what all maps share
 *
 * Return: 0 or -ENOMEM, with nothing held.
 */
int __init sm_core_init(void)
{
	int err = sm_segment_init();

	if (err)
		return err;
	err = sm_shard_init();
	if (err)
		goto segment;
	sm_wq = alloc_workqueue("syncmap", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (sm_wq)
		return 0;
	err = -ENOMEM;
	sm_shard_exit();
segment:
	sm_segment_exit();
	return err;
}

/**
 * sm_core_exit() - undo sm_core_init()
 *
 * All maps are gone.  Waits for what they left to be freed.
 */
void sm_core_exit(void)
{
	rcu_barrier();
	destroy_workqueue(sm_wq);
	sm_shard_exit();
	sm_segment_exit();
}
