// SPDX-License-Identifier: GPL-2.0
/* Entries and values: see entry.h */
#include <linux/cache.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include "map.h"

/**
 * sm_entry_alloc() - an entry for a key, EXPUNGED
 * @map:	whose memory it is
 * @hash:	the key's hash
 * @key:	its bytes
 * @key_len:	how many
 * @gfp:	how to allocate
 *
 * Return: the entry, or an ERR_PTR of -ENOMEM or -ENOSPC.
 */
struct sm_entry *sm_entry_alloc(struct syncmap *map, u64 hash,
				const void *key, u32 key_len, gfp_t gfp)
{
	size_t size = offsetof(struct sm_entry, key) + key_len;
	struct sm_entry *entry;

	if (map->align_line)
		size = roundup_pow_of_two(max_t(size_t, size, SM_LINE_BYTES));
	entry = sm_mem_alloc(map, size, gfp);
	if (IS_ERR(entry))
		return entry;
	entry->hash = hash;
	entry->key_len = key_len;
	memcpy(entry->key, key, key_len);
	RCU_INIT_POINTER(entry->value, SM_EXPUNGED);
	return entry;
}

/**
 * sm_entry_free() - free an entry, not its value
 * @map:	whose it is
 * @entry:	out of every reader's reach
 */
void sm_entry_free(struct syncmap *map, struct sm_entry *entry)
{
	sm_mem_free(map, entry);
}

static struct sm_value *sm_value_of(struct syncmap_value *value)
{
	return container_of(value, struct sm_value, pub);
}

/**
 * sm_value_alloc() - a value with these bytes
 * @map:	whose memory it is
 * @data:	the bytes
 * @len:	how many
 * @gfp:	how to allocate
 *
 * Return: the value, or an ERR_PTR of -ENOMEM or -ENOSPC.
 */
struct syncmap_value *sm_value_alloc(struct syncmap *map, const void *data,
				     u32 len, gfp_t gfp)
{
	struct sm_value *value;

	value = sm_mem_alloc(map, struct_size(value, pub.data, len), gfp);
	if (IS_ERR(value))
		return ERR_CAST(value);
	value->pub.len = len;
	value->pub.reserved = 0;
	memcpy(value->pub.data, data, len);
	return &value->pub;
}

/**
 * sm_value_free() - free a value now
 * @map:	whose it is
 * @value:	out of every reader's reach, or never published
 */
void sm_value_free(struct syncmap *map, struct syncmap_value *value)
{
	sm_mem_free(map, sm_value_of(value));
}

static void sm_value_free_rcu(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct sm_value, rcu));
}

/**
 * sm_value_retire() - free a value after a grace period
 * @map:	whose it is
 * @value:	the caller won the cmpxchg that took it out (invariant 7)
 *
 * It is off the map's account at once: no reference to the map is left.
 */
void sm_value_retire(struct syncmap *map, struct syncmap_value *value)
{
	sm_mem_uncharge(map, sm_value_of(value));
	call_rcu(&sm_value_of(value)->rcu, sm_value_free_rcu);
}
