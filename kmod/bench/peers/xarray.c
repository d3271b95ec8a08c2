// SPDX-License-Identifier: GPL-2.0
/* xarray: keys are small numbers, what it holds are pointers to objects. */
#include <linux/slab.h>
#include <linux/xarray.h>
#include "peer.h"

struct peer_object {
	u64 value;
	struct rcu_head rcu;
};

static void *peer_create(u64 keys, int fd)
{
	struct xarray *table = kzalloc(sizeof(*table), GFP_KERNEL);

	if (table)
		xa_init(table);
	return table;
}

static void peer_destroy(void *table)
{
	struct peer_object *object;
	unsigned long index;

	rcu_barrier();
	xa_for_each((struct xarray *)table, index, object)
		kfree(object);
	xa_destroy(table);
	kfree(table);
}

static inline bool peer_load(void *table, u64 key, u64 *value)
{
	struct peer_object *object;

	rcu_read_lock();
	object = xa_load(table, key);
	if (object)
		*value = READ_ONCE(object->value);
	rcu_read_unlock();
	return object;
}

static inline struct peer_object *peer_object(u64 value)
{
	struct peer_object *object = kmalloc(sizeof(*object), GFP_KERNEL);

	if (object)
		object->value = value;
	return object;
}

static inline int peer_insert(void *table, u64 key, u64 value)
{
	struct peer_object *object = peer_object(value);
	int err;

	if (!object)
		return -ENOMEM;
	err = xa_insert(table, key, object, GFP_KERNEL);
	if (err)
		kfree(object);
	return err;
}

static inline int peer_update(void *table, u64 key, u64 value)
{
	struct peer_object *object = peer_object(value), *old;

	if (!object)
		return -ENOMEM;
	old = xa_store(table, key, object, GFP_KERNEL);
	if (xa_is_err(old)) {
		kfree(object);
		return xa_err(old);
	}
	if (!old)
		return -ENOENT;
	kfree_rcu(old, rcu);
	return 0;
}

static inline int peer_remove(void *table, u64 key)
{
	struct peer_object *old = xa_erase(table, key);

	if (!old)
		return -ENOENT;
	kfree_rcu(old, rcu);
	return 0;
}

#define PEER		peer_xarray
#define PEER_NAME	"xarray"
#define PEER_SEQUENTIAL
#include "loops.h"
