// SPDX-License-Identifier: GPL-2.0
/* A hashtable with a spinlock in each bucket for writers; readers use RCU. */
#include "peer.h"
#include "hashtable.h"

struct bucket {
	struct hlist_head head;
	spinlock_t lock;
};

struct peer_table {
	u32 bits;
	struct bucket *bucket;
};

static void *peer_create(u64 keys, int fd)
{
	struct peer_table *table = kzalloc(sizeof(*table), GFP_KERNEL);

	if (!table)
		return NULL;
	table->bits = max(order_base_2(keys), 4);
	table->bucket = kvcalloc(1UL << table->bits, sizeof(*table->bucket),
				 GFP_KERNEL);
	if (!table->bucket) {
		kfree(table);
		return NULL;
	}
	for (u64 i = 0; i < 1ULL << table->bits; i++)
		spin_lock_init(&table->bucket[i].lock);
	return table;
}

static void peer_destroy(void *arg)
{
	struct peer_table *table = arg;

	rcu_barrier();
	for (u64 i = 0; i < 1ULL << table->bits; i++)
		bucket_free(&table->bucket[i].head);
	kvfree(table->bucket);
	kfree(table);
}

static inline struct bucket *bucket_of(struct peer_table *table, u64 key)
{
	return &table->bucket[hash_64(key, table->bits)];
}

static inline bool peer_load(void *table, u64 key, u64 *value)
{
	struct peer_object *object;

	rcu_read_lock();
	object = bucket_find(&bucket_of(table, key)->head, key);
	if (object)
		*value = READ_ONCE(object->value);
	rcu_read_unlock();
	return object;
}

static inline int peer_insert(void *table, u64 key, u64 value)
{
	struct peer_object *object = peer_object(key, value);
	struct bucket *bucket = bucket_of(table, key);
	int err = 0;

	if (!object)
		return -ENOMEM;
	spin_lock(&bucket->lock);
	if (bucket_find(&bucket->head, key))
		err = -EEXIST;
	else
		hlist_add_head_rcu(&object->node, &bucket->head);
	spin_unlock(&bucket->lock);
	if (err)
		kfree(object);
	return err;
}

/* As for any value larger than a word: a new object in the old one's place. */
static inline int peer_update(void *table, u64 key, u64 value)
{
	struct peer_object *object = peer_object(key, value), *old;
	struct bucket *bucket = bucket_of(table, key);

	if (!object)
		return -ENOMEM;
	spin_lock(&bucket->lock);
	old = bucket_find(&bucket->head, key);
	if (old)
		hlist_replace_rcu(&old->node, &object->node);
	spin_unlock(&bucket->lock);
	if (!old) {
		kfree(object);
		return -ENOENT;
	}
	kfree_rcu(old, rcu);
	return 0;
}

static inline int peer_remove(void *table, u64 key)
{
	struct bucket *bucket = bucket_of(table, key);
	struct peer_object *object;

	spin_lock(&bucket->lock);
	object = bucket_find(&bucket->head, key);
	if (object)
		hlist_del_rcu(&object->node);
	spin_unlock(&bucket->lock);
	if (!object)
		return -ENOENT;
	kfree_rcu(object, rcu);
	return 0;
}

#define PEER		peer_hashtable_bucketlock
#define PEER_NAME	"hashtable-bucketlock"
#include "loops.h"
