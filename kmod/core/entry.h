/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries and values.  An entry is shared by the snapshot and the dirty table;
 * its value is the one word in which all changes of a present key happen:
 *
 *	pointer		present
 *	NULL		deleted, may be stored to again without the lock
 *	SM_EXPUNGED	deleted and not in the dirty table.  Only the holder of
 *			the shard's lock moves a value into or out of this, and
 *			nobody else writes over it (invariant 3).
 *
 * The first value of a key is in the entry's own memory where both fit in one
 * cache line: a load then touches one line less.  It is never used twice, and
 * goes when the entry does; values that come later have memory of their own.
 */
#ifndef SYNCMAP_CORE_ENTRY_H
#define SYNCMAP_CORE_ENTRY_H

#include <linux/align.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/syncmap.h>
#include "core.h"
#include "hash.h"

/**
 * struct sm_value - the memory behind a value
 * @rcu:	frees it after the grace period
 * @pub:	what readers see; never changes
 */
struct sm_value {
	struct rcu_head rcu;
	struct syncmap_value pub;
};

/**
 * struct sm_entry - a key and the word that holds its value
 * @hash:	the key's hash
 * @value:	see above; changed by cmpxchg and xchg only
 * @key_len:	bytes in @key
 * @has_own:	the first value is behind the key: sm_entry_own()
 * @key:	the key
 */
struct sm_entry {
	u64 hash;
	struct syncmap_value __rcu *value;
	u8 key_len;
	bool has_own;
	u8 key[];
};

#define SM_LINE_BYTES	64

#define SM_EXPUNGED	((struct syncmap_value *)1UL)

/* where in an entry's memory its own value is */
static inline size_t sm_entry_own_offset(u32 key_len)
{
	return ALIGN(offsetof(struct sm_entry, key) + key_len,
		     __alignof__(struct syncmap_value));
}

/* can an entry with such a key have its first value as its own? */
static inline bool sm_entry_fits(u32 key_len, u32 value_len)
{
	return sm_entry_own_offset(key_len) + sizeof(struct syncmap_value) +
	       value_len <= SM_LINE_BYTES;
}

/* NULL where it has none */
static inline struct syncmap_value *sm_entry_own(struct sm_entry *entry)
{
	if (!entry->has_own)
		return NULL;
	return (void *)entry + sm_entry_own_offset(entry->key_len);
}

/* the hash spares the comparison of long keys */
static __always_inline bool sm_entry_is(const struct sm_entry *entry, u64 hash,
					const void *key, u32 key_len)
{
	return (key_len <= sizeof(u64) || entry->hash == hash) &&
	       entry->key_len == key_len &&
	       sm_key_equal(entry->key, key, key_len);
}

/*
 * Acquire, not only a dependency: what a reader does after it saw this value
 * must not be answered from before, on another key either.
 */
static inline struct syncmap_value *sm_entry_value(const struct sm_entry *entry)
{
	/* pairs with the full barriers of those who change it */
	return unrcu_pointer(smp_load_acquire(&entry->value));
}

/* full barrier where it succeeds; returns whether it did */
static inline bool sm_entry_replace(struct sm_entry *entry,
				    struct syncmap_value *old,
				    struct syncmap_value *new)
{
	return unrcu_pointer(cmpxchg(&entry->value, RCU_INITIALIZER(old),
				     RCU_INITIALIZER(new))) == old;
}

/*
 * Give a linked entry that is EXPUNGED its value; the shard's lock is held.
 * The full barrier orders it before whatever this CPU loads next: unlocking is
 * none, and two stores each followed by a load of the other's key must not
 * both miss.
 */
static inline void sm_entry_revive(struct sm_entry *entry,
				   struct syncmap_value *value)
{
	(void)xchg(&entry->value, RCU_INITIALIZER(value));
}

struct sm_entry *sm_entry_alloc(struct syncmap *map, u64 hash,
				const struct sm_change *first);
void sm_entry_free(struct syncmap *map, struct sm_entry *entry);
struct syncmap_value *sm_value_alloc(struct syncmap *map, const void *data,
				     u32 len, gfp_t gfp);
void sm_value_free(struct syncmap *map, struct syncmap_value *value);
void sm_entry_free_value(struct syncmap *map, struct sm_entry *entry,
			 struct syncmap_value *value);
void sm_entry_retire_value(struct syncmap *map, struct sm_entry *entry,
			   struct syncmap_value *value);

#endif
