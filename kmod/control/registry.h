/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The maps by name and id.  Whoever finds one has a reference and puts it.
 */
#ifndef SYNCMAP_CONTROL_REGISTRY_H
#define SYNCMAP_CONTROL_REGISTRY_H

#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/workqueue.h>
#include <linux/syncmap.h>
#include "../observe/events.h"

struct dentry;

/**
 * struct sm_named - a map with a name
 * @map:	the map
 * @id:		its id, never used twice while the module is loaded
 * @name:	its name
 * @owner:	name of the module whose map it is; empty: userspace's
 * @listed:	it can be found; written under the registry's lock
 * @refs:	keep it in memory: one while it is listed, one for each finder
 *		and each hold
 * @holds:	kernel users; while there is one, userspace cannot delete it.
 *		Negative: deleted, no more holds
 * @by_name:	in the registry's hash; written under its lock, read under RCU
 * @folder:	in debugfs; by the registry's lock
 * @events:	what of it is to be told
 * @resharding:	@reshard is under way; written under the registry's lock
 * @reshard_err: how the last one ended; likewise
 * @shards:	how many it is to make; 0: automatic
 * @reshard:	changes the number of shards, with a reference
 * @release:	frees it when the last reference is put
 */
struct sm_named {
	struct syncmap *map;
	u32 id;
	char name[SYNCMAP_NAME_MAX + 1];
	char owner[MODULE_NAME_LEN];
	bool listed;
	refcount_t refs;
	atomic_t holds;
	struct hlist_node by_name;
	struct dentry *folder;
	struct sm_events events;
	bool resharding;
	int reshard_err;
	u32 shards;
	struct work_struct reshard;
	struct rcu_work release;
};

/* what can be changed of a map that is there */
enum sm_setting {
	SM_SET_POLICY,
	SM_SET_MAX_ENTRIES,
	SM_SET_MAX_BYTES,
	SM_NR_SETTINGS
};

/**
 * struct sm_settings - changes of a map that is there, all or none
 * @config:	the new values
 * @given:	bits of enum sm_setting: which of them to change
 * @refused:	out: the one that failed
 */
struct sm_settings {
	struct syncmap_config config;
	unsigned int given;
	enum sm_setting refused;
};

bool sm_name_valid(const char *name);

struct sm_named *sm_registry_add(const char *name,
				 const struct syncmap_config *config,
				 const char *owner);
int sm_registry_remove(struct sm_named *named);
void sm_registry_disown(struct sm_named *named);
int sm_registry_set(struct sm_named *named, struct sm_settings *settings);
int sm_registry_clear(struct sm_named *named);
int sm_registry_reshard(struct sm_named *named, u32 shards);

struct sm_named *sm_registry_find(const char *name);
struct sm_named *sm_registry_find_id(u32 id);
struct sm_named *sm_registry_next(u32 id);
void sm_named_put(struct sm_named *named);

u32 sm_registry_count(void);
u32 sm_registry_changes(void);

int sm_registry_init(void);
void sm_registry_exit(void);

#endif
