/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a kernel developer writes first: an array of lists, one bucket for each
 * key that is expected, and hash_64().
 */
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct peer_object {
	struct hlist_node node;
	u64 key;
	u64 value;
	struct rcu_head rcu;
};

static inline struct peer_object *bucket_find(struct hlist_head *head, u64 key)
{
	struct peer_object *object;

	hlist_for_each_entry_rcu(object, head, node, true)
		if (object->key == key)
			return object;
	return NULL;
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

static inline void bucket_free(struct hlist_head *head)
{
	struct peer_object *object;
	struct hlist_node *next;

	hlist_for_each_entry_safe(object, next, head, node)
		kfree(object);
}
