// SPDX-License-Identifier: GPL-2.0
/* A hashtable under one rwlock: readers take it too, so values change in place. */
#include "peer.h"
#include "hashtable.h"

struct peer_table {
	rwlock_t lock;
	u32 bits;
	struct hlist_head *bucket;
};

static void *peer_create(u64 keys, int fd)
{
	struct peer_table *table = kzalloc(sizeof(*table), GFP_KERNEL);

	if (!table)
		return NULL;
	rwlock_init(&table->lock);
	table->bits = max(order_base_2(keys), 4);
	table->bucket = kvcalloc(1UL << table->bits, sizeof(*table->bucket),
				 GFP_KERNEL);
	if (!table->bucket) {
		kfree(table);
		return NULL;
	}
	return table;
}

static void peer_destroy(void *arg)
{
	struct peer_table *table = arg;

	for (u64 i = 0; i < 1ULL << table->bits; i++)
		bucket_free(&table->bucket[i]);
	kvfree(table->bucket);
	kfree(table);
}

static inline struct hlist_head *bucket_of(struct peer_table *table, u64 key)
{
	return &table->bucket[hash_64(key, table->bits)];
}

static inline bool peer_load(void *arg, u64 key, u64 *value)
{
	struct peer_table *table = arg;
	struct peer_object *object;

	read_lock(&table->lock);
	object = bucket_find(bucket_of(table, key), key);
	if (object)
		*value = object->value;
	read_unlock(&table->lock);
	return object;
}

static inline int peer_insert(void *arg, u64 key, u64 value)
{
	struct peer_object *object = peer_object(key, value);
	struct peer_table *table = arg;
	int err = 0;

	if (!object)
		return -ENOMEM;
	write_lock(&table->lock);
	if (bucket_find(bucket_of(table, key), key))
		err = -EEXIST;
	else
		hlist_add_head(&object->node, bucket_of(table, key));
	write_unlock(&table->lock);
	if (err)
		kfree(object);
	return err;
}

static inline int peer_update(void *arg, u64 key, u64 value)
{
	struct peer_table *table = arg;
	struct peer_object *object;

	write_lock(&table->lock);
	object = bucket_find(bucket_of(table, key), key);
	if (object)
		object->value = value;
	write_unlock(&table->lock);
	return object ? 0 : -ENOENT;
}

static inline int peer_remove(void *arg, u64 key)
{
	struct peer_table *table = arg;
	struct peer_object *object;

	write_lock(&table->lock);
	object = bucket_find(bucket_of(table, key), key);
	if (object)
		hlist_del(&object->node);
	write_unlock(&table->lock);
	kfree(object);
	return object ? 0 : -ENOENT;
}

#define PEER		peer_hashtable_rwlock
#define PEER_NAME	"hashtable-rwlock"
#include "loops.h"
