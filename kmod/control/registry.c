// SPDX-License-Identifier: GPL-2.0
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include <linux/xarray.h>
#include "../core/core.h"
#include "debugfs.h"
#include "netlink.h"
#include "registry.h"

/* Changes of what is listed, and the order of what is told about it. */
static DEFINE_MUTEX(registry_lock);
static DEFINE_XARRAY(by_id);
static DEFINE_HASHTABLE(by_name, 8);
static u32 last_id;	/* by registry_lock, as are the next two */
static u32 listed;
static u32 changes;

/* Freeing a map, and resharding it, take long: never in a request. */
static struct workqueue_struct *long_wq;

/**
 * sm_name_valid() - may a map have this name?
 * @name:	the name
 *
 * Return: whether @name matches [A-Za-z0-9._-]{1,63} and is not "." or "..".
 */
bool sm_name_valid(const char *name)
{
	size_t len = strnlen(name, SYNCMAP_NAME_MAX + 1);
	size_t i;

	if (!len || len > SYNCMAP_NAME_MAX)
		return false;
	for (i = 0; i < len; i++)
		if (!isascii(name[i]) ||
		    !(isalnum(name[i]) || strchr("._-", name[i])))
			return false;
	return strcmp(name, ".") && strcmp(name, "..");
}

static u32 hash_name(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

/* under the registry's lock or RCU */
static struct sm_named *lookup(const char *name)
{
	struct sm_named *named;

	hash_for_each_possible_rcu(by_name, named, by_name, hash_name(name),
				   lockdep_is_held(&registry_lock))
		if (!strcmp(named->name, name))
			return named;
	return NULL;
}

/**
 * sm_registry_find() - find a map by its name
 * @name:	the name
 *
 * Context: any but NMI.
 * Return: the map with a reference, or NULL.
 */
struct sm_named *sm_registry_find(const char *name)
{
	struct sm_named *named;

	rcu_read_lock();
	named = lookup(name);
	if (named && !refcount_inc_not_zero(&named->refs))
		named = NULL;
	rcu_read_unlock();
	return named;
}

/**
 * sm_registry_find_id() - find a map by its id
 * @id:		the id
 *
 * Context: any but NMI.
 * Return: the map with a reference, or NULL.
 */
struct sm_named *sm_registry_find_id(u32 id)
{
	struct sm_named *named;

	rcu_read_lock();
	named = xa_load(&by_id, id);
	if (named && !refcount_inc_not_zero(&named->refs))
		named = NULL;
	rcu_read_unlock();
	return named;
}

/**
 * sm_registry_next() - find the first map in the order of ids
 * @id:		with at least this id
 *
 * Context: any but NMI.
 * Return: the map with a reference, or NULL if there is none.
 */
struct sm_named *sm_registry_next(u32 id)
{
	unsigned long index = id;
	struct sm_named *named;

	rcu_read_lock();
	named = xa_find(&by_id, &index, U32_MAX, XA_PRESENT);
	while (named && !refcount_inc_not_zero(&named->refs))
		named = xa_find_after(&by_id, &index, U32_MAX, XA_PRESENT);
	rcu_read_unlock();
	return named;
}

/* a grace period after the last reference was put */
static void release(struct work_struct *work)
{
	struct sm_named *named = container_of(to_rcu_work(work),
					      struct sm_named, release);

	sm_map_free(named->map);
	/* Until here the map's own work could note an event. */
	sm_events_stop(&named->events);
	kfree(named);
}

/**
 * sm_named_put() - give back a reference
 * @named:	a map that was found, or added
 *
 * Context: any but NMI.
 */
void sm_named_put(struct sm_named *named)
{
	if (refcount_dec_and_test(&named->refs))
		queue_rcu_work(long_wq, &named->release);
}

static void reshard(struct work_struct *work)
{
	struct sm_named *named = container_of(work, struct sm_named, reshard);
	struct sm_resharded how;

	sm_map_reshard(named->map, named->shards, &how);
	mutex_lock(&registry_lock);
	WRITE_ONCE(named->reshard_err, how.err);
	/* pairs with the acquire in netlink_map.c: who sees it ended sees how */
	smp_store_release(&named->resharding, false);
	if (named->listed) {
		WRITE_ONCE(changes, changes + 1);
		sm_notify_map(SYNCMAP_CMD_MAP_SET_NTF, named);
	}
	mutex_unlock(&registry_lock);
	/* last, so that whoever waits for it can ask for the next */
	sm_map_reshard_done(named->map, &how);
	sm_named_put(named);
}

static struct sm_named *named_alloc(const char *name, const char *owner)
{
	struct sm_named *named;

	named = kzalloc(sizeof(*named), GFP_KERNEL_ACCOUNT);
	if (!named)
		return NULL;

	strscpy(named->name, name, sizeof(named->name));
	if (owner)
		strscpy(named->owner, owner, sizeof(named->owner));
	atomic_set(&named->holds, owner ? 1 : 0);
	refcount_set(&named->refs, 2);
	sm_events_init(&named->events);
	INIT_WORK(&named->reshard, reshard);
	INIT_RCU_WORK(&named->release, release);
	return named;
}

/* Return: 0, or -EOVERFLOW: ids are never used again */
static int take_id(u32 *id)
{
	int err = 0;

	mutex_lock(&registry_lock);
	if (last_id == U32_MAX)
		err = -EOVERFLOW;
	else
		*id = ++last_id;
	mutex_unlock(&registry_lock);
	return err;
}

static int list(struct sm_named *named)
{
	int err;

	lockdep_assert_held(&registry_lock);
	if (lookup(named->name))
		return -EEXIST;
	err = xa_insert(&by_id, named->id, named, GFP_KERNEL);
	if (err)
		return err;
	hash_add_rcu(by_name, &named->by_name, hash_name(named->name));
	named->folder = sm_debugfs_add(named);
	WRITE_ONCE(named->listed, true);
	WRITE_ONCE(listed, listed + 1);
	WRITE_ONCE(changes, changes + 1);
	return 0;
}

/* The caller puts the reference that went with being listed. */
static void unlist(struct sm_named *named)
{
	lockdep_assert_held(&registry_lock);
	/* what happened before the end is told before it */
	sm_events_flush(&named->events);
	xa_erase(&by_id, named->id);
	hash_del_rcu(&named->by_name);
	sm_debugfs_remove(named->folder);
	WRITE_ONCE(named->listed, false);
	WRITE_ONCE(listed, listed - 1);
	WRITE_ONCE(changes, changes + 1);
	sm_events_stop(&named->events);
}

static int make(struct sm_named *named, const struct syncmap_config *config)
{
	int err;

	err = take_id(&named->id);
	if (err)
		return err;
	named->map = sm_map_alloc(config, named->id);
	if (IS_ERR(named->map))
		return PTR_ERR(named->map);
	sm_map_set_owner(named->map, &named->events);

	mutex_lock(&registry_lock);
	err = list(named);
	if (!err)
		sm_notify_map(SYNCMAP_CMD_MAP_NEW_NTF, named);
	mutex_unlock(&registry_lock);
	if (err) {
		sm_map_free(named->map);
		sm_events_stop(&named->events);
	}
	return err;
}

/**
 * sm_registry_add() - make a map and list it
 * @name:	a valid name
 * @config:	a configuration that passes sm_config_check()
 * @owner:	NULL: userspace's; else the owner, which holds it
 *
 * Context: process; sleeps.
 * Return: the map with a reference; ERR_PTR: -EEXIST, -ENOMEM, -ENOSPC (more
 * than max_bytes), -EOVERFLOW (no more ids).
 */
struct sm_named *sm_registry_add(const char *name,
				 const struct syncmap_config *config,
				 const char *owner)
{
	struct sm_named *named;
	int err;

	named = sm_registry_find(name);
	if (named) {
		sm_named_put(named);
		return ERR_PTR(-EEXIST);
	}

	named = named_alloc(name, owner);
	if (!named)
		return ERR_PTR(-ENOMEM);
	err = make(named, config);
	if (err) {
		kfree(named);
		return ERR_PTR(err);
	}
	return named;
}

/**
 * sm_registry_remove() - delete a map for userspace
 * @named:	the map, with a reference of the caller's
 *
 * The map goes when the last reference is put.
 *
 * Context: process; sleeps.
 * Return: 0, -EBUSY if a kernel user holds it, -ENOENT if it was deleted.
 */
int sm_registry_remove(struct sm_named *named)
{
	int err = 0;

	mutex_lock(&registry_lock);
	if (!named->listed)
		err = -ENOENT;
	else if (atomic_cmpxchg(&named->holds, 0, INT_MIN))
		err = -EBUSY;
	if (!err) {
		unlist(named);
		sm_notify_map(SYNCMAP_CMD_MAP_DEL_NTF, named);
	}
	mutex_unlock(&registry_lock);

	if (!err)
		sm_named_put(named);
	return err;
}

/**
 * sm_registry_disown() - delete a map for its owner, whoever else holds it
 * @named:	the map
 *
 * Context: process; sleeps.
 */
void sm_registry_disown(struct sm_named *named)
{
	mutex_lock(&registry_lock);
	unlist(named);
	sm_notify_map(SYNCMAP_CMD_MAP_DEL_NTF, named);
	mutex_unlock(&registry_lock);
	sm_named_put(named);
}

static int set_one(struct syncmap *map, enum sm_setting setting,
		   const struct syncmap_config *config)
{
	switch (setting) {
	case SM_SET_POLICY:
		return sm_map_set_policy(map, config->policy);
	case SM_SET_MAX_ENTRIES:
		return sm_map_set_max_entries(map, config->max_entries);
	case SM_SET_MAX_BYTES:
		return sm_map_set_max_bytes(map, config->max_bytes);
	default:
		return -EINVAL;
	}
}

/* Set what @settings gives, or, if one is refused, put back those before it. */
static int set_all(struct syncmap *map, struct sm_settings *settings,
		   const enum sm_setting *order)
{
	struct sm_info before;
	int err = 0;
	int i;

	sm_map_info(map, &before);
	for (i = 0; i < SM_NR_SETTINGS && !err; i++)
		if (settings->given & BIT(order[i]))
			err = set_one(map, order[i], &settings->config);
	if (!err)
		return 0;

	settings->refused = order[--i];
	while (i--)
		if (settings->given & BIT(order[i]))
			set_one(map, order[i], &before.config);
	return err;
}

/**
 * sm_registry_set() - change settings of a map, all or none
 * @named:	the map
 * @settings:	what to change; tells which was refused
 *
 * Context: process; sleeps.
 * Return: 0, -ENOENT if the map was deleted, or why one was refused.
 */
int sm_registry_set(struct sm_named *named, struct sm_settings *settings)
{
	/* classic allows fewer entries: it goes last when it comes in */
	static const enum sm_setting to_classic[] = {
		SM_SET_MAX_ENTRIES, SM_SET_MAX_BYTES, SM_SET_POLICY
	};
	static const enum sm_setting to_cow[] = {
		SM_SET_POLICY, SM_SET_MAX_ENTRIES, SM_SET_MAX_BYTES
	};
	bool classic = settings->config.policy == SYNCMAP_CLASSIC;
	int err = -ENOENT;

	mutex_lock(&registry_lock);
	if (named->listed)
		err = set_all(named->map, settings,
			      classic ? to_classic : to_cow);
	if (!err) {
		WRITE_ONCE(changes, changes + 1);
		sm_notify_map(SYNCMAP_CMD_MAP_SET_NTF, named);
	}
	mutex_unlock(&registry_lock);
	return err;
}

/**
 * sm_registry_clear() - remove all entries of a map
 * @named:	the map
 *
 * Context: process; sleeps.
 * Return: 0, -ENOMEM, -ENOSPC.
 */
int sm_registry_clear(struct sm_named *named)
{
	int err;

	err = syncmap_clear(named->map, GFP_KERNEL);
	if (err)
		return err;
	mutex_lock(&registry_lock);
	if (named->listed)
		sm_notify_map(SYNCMAP_CMD_MAP_CLEAR_NTF, named);
	mutex_unlock(&registry_lock);
	return 0;
}

/**
 * sm_registry_reshard() - begin to change the number of shards of a map
 * @named:	the map
 * @shards:	how many; 0: the number grows by itself from now on
 *
 * Events tell how it goes on, and how it ends.
 *
 * Context: process; sleeps.
 * Return: 0: it has begun; -EINVAL for no power of two, -EBUSY while one is
 * under way, -ENOENT if the map was deleted.
 */
int sm_registry_reshard(struct sm_named *named, u32 shards)
{
	int err = 0;

	if (shards && !is_power_of_2(shards))
		return -EINVAL;
	mutex_lock(&registry_lock);
	if (!named->listed) {
		err = -ENOENT;
	} else if (named->resharding) {
		err = -EBUSY;
	} else {
		WRITE_ONCE(named->resharding, true);
		named->shards = shards;
		refcount_inc(&named->refs);
		queue_work(long_wq, &named->reshard);
	}
	mutex_unlock(&registry_lock);
	return err;
}

/**
 * sm_registry_count() - how many maps are listed
 *
 * Return: their number.
 */
u32 sm_registry_count(void)
{
	return READ_ONCE(listed);
}

/**
 * sm_registry_changes() - a count that moves when the list of maps changes
 *
 * Return: the count; maps listed, unlisted or set since the module was loaded.
 */
u32 sm_registry_changes(void)
{
	return READ_ONCE(changes);
}

/**
 * sm_registry_init() - make the registry ready
 *
 * Return: 0, -ENOMEM.
 */
int sm_registry_init(void)
{
	long_wq = alloc_workqueue("syncmap", WQ_UNBOUND, 0);
	return long_wq ? 0 : -ENOMEM;
}

/**
 * sm_registry_exit() - free all maps; nobody can find or hold one any more
 *
 * Context: process; sleeps until all are freed.
 */
void sm_registry_exit(void)
{
	struct sm_named *named;

	while ((named = sm_registry_next(0))) {
		mutex_lock(&registry_lock);
		unlist(named);
		mutex_unlock(&registry_lock);
		sm_named_put(named);
		sm_named_put(named);
	}
	/* what still reshards puts its reference then */
	flush_workqueue(long_wq);
	/* until queue_rcu_work() has queued what it was given */
	rcu_barrier();
	destroy_workqueue(long_wq);
}
