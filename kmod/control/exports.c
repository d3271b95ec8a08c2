// SPDX-License-Identifier: GPL-2.0
/* The exported calls that concern maps by name. */
#include <linux/err.h>
#include <linux/module.h>
#include "../core/core.h"
#include "registry.h"

static struct sm_named *named_of(struct syncmap *map)
{
	return container_of(sm_map_owner(map), struct sm_named, events);
}

/**
 * syncmap_create_for() - make a map that a module owns
 * @name:	its name, [A-Za-z0-9._-]{1,63} but not "." or ".."
 * @config:	how to make it; NULL: the defaults
 * @owner:	the module, whose name is shown with the map
 *
 * Userspace can see, fill, change and clear the map, but not delete it.  Use
 * the macro syncmap_create().
 *
 * Context: process; sleeps.
 * Return: the map, to be given to syncmap_destroy(); ERR_PTR: -EINVAL for a bad
 * name or configuration, -EEXIST if there is a map of that name, -ENOMEM,
 * -ENOSPC if the empty map needs more than max_bytes, -EOVERFLOW if there are
 * no more ids.
 */
struct syncmap *syncmap_create_for(const char *name,
				   const struct syncmap_config *config,
				   struct module *owner)
{
	static const struct syncmap_config defaults = SYNCMAP_CONFIG_INIT;
	struct sm_named *named;

	if (!config)
		config = &defaults;
	if (!sm_name_valid(name) || sm_config_check(config))
		return ERR_PTR(-EINVAL);

	named = sm_registry_add(name, config, module_name(owner));
	if (IS_ERR(named))
		return ERR_CAST(named);
	__module_get(THIS_MODULE);
	return named->map;
}
EXPORT_SYMBOL_GPL(syncmap_create_for);

/**
 * syncmap_get() - find a map by its name and hold it
 * @name:	the name
 *
 * While it is held, userspace cannot delete it, and the module cannot be
 * unloaded.  If its owner destroys it, it loses its name at once, but stays
 * usable until it is put.
 *
 * Context: process or softirq.
 * Return: the map, to be given to syncmap_put(); NULL if there is none of that
 * name.
 */
struct syncmap *syncmap_get(const char *name)
{
	struct sm_named *named = sm_registry_find(name);

	if (!named)
		return NULL;
	if (!atomic_inc_unless_negative(&named->holds)) {
		sm_named_put(named);
		return NULL;
	}
	__module_get(THIS_MODULE);
	return named->map;
}
EXPORT_SYMBOL_GPL(syncmap_get);

/**
 * syncmap_put() - let go of a map that syncmap_get() gave
 * @map:	the map, not to be used after; NULL does nothing
 *
 * Context: process or softirq.
 */
void syncmap_put(struct syncmap *map)
{
	struct sm_named *named;

	if (!map)
		return;
	named = named_of(map);
	atomic_dec(&named->holds);
	sm_named_put(named);
	module_put(THIS_MODULE);
}
EXPORT_SYMBOL_GPL(syncmap_put);

/**
 * syncmap_destroy() - delete a map that the caller made
 * @map:	the map that syncmap_create() gave, not to be used after; NULL or
 *		ERR_PTR does nothing
 *
 * Its name is free at once.  Its memory goes when the last syncmap_put() has
 * been called, from a workqueue, after a grace period: values that were loaded
 * stay valid to the end of their RCU read-side section.
 *
 * Context: process; sleeps.
 */
void syncmap_destroy(struct syncmap *map)
{
	if (IS_ERR_OR_NULL(map))
		return;
	sm_registry_disown(named_of(map));
	syncmap_put(map);
}
EXPORT_SYMBOL_GPL(syncmap_destroy);
