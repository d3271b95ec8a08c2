/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rhashtable, used as its documentation says: constant parameters, RCU lookups,
 * a new object in the place of the old one for a new value, kfree_rcu().
 * Whoever includes this has defined peer_params.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>

struct peer_object {
	u64 key;
	u64 value;
	struct rhash_head node;
	struct rcu_head rcu;
};

static const struct rhashtable_params peer_params;

static void *peer_create(u64 keys, int fd)
{
	struct rhashtable *table = kvzalloc(sizeof(*table), GFP_KERNEL);

	if (table && rhashtable_init(table, &peer_params)) {
		kvfree(table);
		return NULL;
	}
	return table;
}

static void peer_free(void *object, void *arg)
{
	kfree(object);
}

static void peer_destroy(void *table)
{
	rcu_barrier();
	rhashtable_free_and_destroy(table, peer_free, NULL);
	kvfree(table);
}

static inline bool peer_load(void *table, u64 key, u64 *value)
{
	struct peer_object *object;

	rcu_read_lock();
	object = rhashtable_lookup(table, &key, peer_params);
	if (object)
		*value = READ_ONCE(object->value);
	rcu_read_unlock();
	return object;
}

static inline struct peer_object *peer_object(u64 key, u64 value)
{
	struct peer_object *object = kmalloc(sizeof(*object), GFP_KERNEL);

	if (object) {
		object->key = key;
		object->value = value;
	}
	return object;
}

static inline int peer_insert(void *table, u64 key, u64 value)
{
	struct peer_object *object = peer_object(key, value);
	int err;

	if (!object)
		return -ENOMEM;
	err = rhashtable_lookup_insert_fast(table, &object->node, peer_params);
	if (err)
		kfree(object);
	return err;
}

static inline int peer_update(void *table, u64 key, u64 value)
{
	struct peer_object *object = peer_object(key, value), *old;
	int err = -ENOENT;

	if (!object)
		return -ENOMEM;
	rcu_read_lock();
	do {
		old = rhashtable_lookup(table, &key, peer_params);
		if (old)
			err = rhashtable_replace_fast(table, &old->node,
						      &object->node,
						      peer_params);
	} while (old && err == -ENOENT);	/* another thread replaced it */
	rcu_read_unlock();
	if (err)
		kfree(object);
	else
		kfree_rcu(old, rcu);
	return err;
}

static inline int peer_remove(void *table, u64 key)
{
	struct peer_object *object;
	int err = -ENOENT;

	rcu_read_lock();
	object = rhashtable_lookup(table, &key, peer_params);
	if (object)
		err = rhashtable_remove_fast(table, &object->node, peer_params);
	rcu_read_unlock();
	if (!err)
		kfree_rcu(object, rcu);
	return err;
}
