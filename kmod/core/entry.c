// SPDX-License-Identifier: GPL-2.0
/* Entries and values: see entry.h */
#include <linux/cache.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include "map.h"

static void sm_value_set(struct syncmap_value *value, const void *data,
			 u32 len)
{
	value->len = len;
	value->reserved = 0;
	memcpy(value->data, data, len);
}

/**
 * sm_entry_alloc() - an entry for a key, EXPUNGED
 * @map:	whose memory it is
 * @hash:	the key's hash
 * @first:	the key, the value that it is to have first, and how to
 *		allocate; where both fit, the entry has the value as its own
 *
 * Return: the entry, or an ERR_PTR of -ENOMEM or -ENOSPC.
 */
struct sm_entry *sm_entry_alloc(struct syncmap *map, u64 hash,
				const struct sm_change *first)
{
	bool has_own = sm_entry_fits(first->key_len, first->value_len);
	size_t size = offsetof(struct sm_entry, key) + first->key_len;
	struct sm_entry *entry;

	if (has_own)
		size = sm_entry_own_offset(first->key_len) +
		       sizeof(struct syncmap_value) + first->value_len;
	if (map->align_line)
		size = roundup_pow_of_two(max_t(size_t, size, SM_LINE_BYTES));
	entry = sm_mem_alloc(map, size, first->gfp);
	if (IS_ERR(entry))
		return entry;
	entry->hash = hash;
	entry->key_len = first->key_len;
	entry->has_own = has_own;
	memcpy(entry->key, first->key, first->key_len);
	if (has_own)
		sm_value_set(sm_entry_own(entry), first->value,
			     first->value_len);
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
	sm_value_set(&value->pub, data, len);
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

/**
 * sm_entry_free_value() - free an entry's value now
 * @map:	whose it is
 * @entry:	which had it
 * @value:	out of every reader's reach
 */
void sm_entry_free_value(struct syncmap *map, struct sm_entry *entry,
			 struct syncmap_value *value)
{
	if (value != sm_entry_own(entry))
		sm_value_free(map, value);
}

/**
 * sm_entry_retire_value() - free an entry's value after a grace period
 * @map:	whose it is
 * @entry:	which had it
 * @value:	the caller won the cmpxchg that took it out (invariant 7)
 *
 * It is off the map's account at once: no reference to the map is left.  One
 * that is the entry's own stays what it is until the entry is freed.
 */
void sm_entry_retire_value(struct syncmap *map, struct sm_entry *entry,
			   struct syncmap_value *value)
{
	if (value == sm_entry_own(entry))
		return;
	sm_mem_uncharge(map, sm_value_of(value));
	/* later than by call_rcu(), but in bulk; none of our code is called */
	kfree_rcu(sm_value_of(value), rcu);
}
