/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A segment: eight bucket lines of seven entry pointers each, in which a key
 * is found by its hash's line and tag.  Probing stays inside the segment.
 *
 * A slot is filled once and never emptied or moved.  What leaves a segment
 * leaves it by being left out of the copy that replaces it, so a reader who
 * holds any segment sees each key of it in one place for as long as it looks.
 */
#ifndef SYNCMAP_CORE_SEGMENT_H
#define SYNCMAP_CORE_SEGMENT_H

#include <linux/cache.h>
#include <linux/rcupdate.h>
#include "entry.h"

#define SM_LINE_SLOTS		7
#define SM_SEGMENT_LINES	(1 << SM_LINE_BITS)
#define SM_SEGMENT_SLOTS	(SM_SEGMENT_LINES * SM_LINE_SLOTS)
/* split at 7/8: probes stay short, and a copy always fits */
#define SM_SEGMENT_FULL		(SM_SEGMENT_SLOTS * 7 / 8)
/* compacting is worth it below this many live entries, splitting above */
#define SM_SEGMENT_SPLIT	(SM_SEGMENT_SLOTS * 3 / 4)
/* two neighbours with no more live entries than this become one */
#define SM_SEGMENT_MERGE	(SM_SEGMENT_SLOTS * 5 / 8)

/**
 * struct sm_line - one bucket line, one cache line
 * @tags:	bytes 0 to 6: the slots' tags, 0 where empty; byte 7: a Bloom
 *		filter (bit = tag & 7) of the tags that went on to a later line
 * @slot:	the entries
 *
 * A slot is written before its tag; the tags are written with release.
 */
struct sm_line {
	u64 tags;
	struct sm_entry __rcu *slot[SM_LINE_SLOTS];
} __aligned(SM_LINE_BYTES);

/**
 * struct sm_segment - a leaf of a view
 * @line:	the bucket lines
 * @next:	an older segment of the same hashes, where the hash has no bits
 *		left to split by; set before the segment is published
 * @generation:	of the dirty table to which it is private; once that table is
 *		promoted or replaced the segment is frozen (invariant 5)
 * @dead:	slots whose entries were expunged and are freed with it; bit
 *		line * 8 + slot.  Guarded by the shard's lock
 * @map:	for the accounts when it is freed
 * @limbo:	the next in the list of what waits for the promotion
 * @rcu:	frees it where it waits for a grace period only
 * @depth:	how many bits of the hash all its entries share
 * @used:	slots filled; guarded by the shard's lock
 *
 * Lookups touch the lines only, but @next where a key overflowed all lines.
 */
struct sm_segment {
	struct sm_line line[SM_SEGMENT_LINES];
	struct sm_segment *next;
	u64 generation;
	u64 dead;
	struct syncmap *map;
	struct sm_segment *limbo;
	struct rcu_head rcu;
	u8 depth;
	u8 used;
} __aligned(SM_LINE_BYTES);

/* what copying a segment writes */
#define SM_SEGMENT_BYTES	(SM_SEGMENT_LINES * SM_LINE_BYTES)

static_assert(sizeof(struct sm_line) == SM_LINE_BYTES);
static_assert(sizeof(struct sm_segment) == SM_SEGMENT_BYTES + SM_LINE_BYTES);

#define SM_BYTE_ONES		0x0101010101010101ULL
#define SM_TAG_HIGH_BITS	0x0080808080808080ULL
#define SM_OVERFLOW_ALL		0xff00000000000000ULL

/*
 * The slots whose tag is @tag, as the high bits of their bytes.  The classic
 * zero-byte test: a byte after a true match may match falsely, and then holds
 * @tag ^ 1, which is no empty slot.
 */
static inline u64 sm_line_match(u64 tags, u8 tag)
{
	u64 x = tags ^ SM_BYTE_ONES * tag;

	return (x - SM_BYTE_ONES) & ~x & SM_TAG_HIGH_BITS;
}

/* the first slot of a match that is not 0 */
static inline u32 sm_match_slot(u64 match)
{
	return (u32)__builtin_ctzll(match) / 8;
}

static inline bool sm_line_overflowed(u64 tags, u8 tag)
{
	return tags >> 56 & 1U << (tag & 7);
}

/* inside rcu_read_lock() or with the shard's lock held; NULL where absent */
static __always_inline struct sm_entry *
sm_line_find(const struct sm_line *line, u64 tags, u64 hash, const void *key,
	     u32 key_len)
{
	u64 match = sm_line_match(tags, sm_hash_tag(hash));
	struct sm_entry *entry;

	for (; match; match &= match - 1) {
		entry = rcu_dereference_raw(line->slot[sm_match_slot(match)]);
		if (sm_entry_is(entry, hash, key, key_len))
			return entry;
	}
	return NULL;
}

struct sm_entry *sm_segment_find_on(const struct sm_segment *segment, u64 hash,
				    const void *key, u32 key_len);

/* by bytes: what the compiler makes of an index takes it more instructions */
static __always_inline const struct sm_line *
sm_segment_line(const struct sm_segment *segment, u64 hash)
{
	return (void *)segment->line +
	       (hash / (1 << SM_TAG_BITS) * SM_LINE_BYTES &
		(SM_SEGMENT_LINES - 1) * SM_LINE_BYTES);
}

/*
 * As sm_line_find(), in the first line of the segment.  @more: what is not
 * found there may be in a later one.
 */
static __always_inline struct sm_entry *
sm_segment_find_first(const struct sm_segment *segment, u64 hash,
		      const void *key, u32 key_len, bool *more)
{
	const struct sm_line *line = sm_segment_line(segment, hash);
	/* pairs with the release in sm_line_link(): the slots are filled */
	u64 tags = smp_load_acquire(&line->tags);

	*more = sm_line_overflowed(tags, sm_hash_tag(hash));
	return sm_line_find(line, tags, hash, key, key_len);
}

/* as sm_line_find(), in the whole segment */
static __always_inline struct sm_entry *
sm_segment_find(const struct sm_segment *segment, u64 hash, const void *key,
		u32 key_len)
{
	struct sm_entry *entry;
	bool more;

	entry = sm_segment_find_first(segment, hash, key, key_len, &more);
	if (likely(entry || !more))
		return entry;
	return sm_segment_find_on(segment, hash, key, key_len);
}

/* walks the entries of one segment, not of those behind ->next */
#define sm_segment_for_each(segment, bit, entry)			\
	for ((bit) = 0; (bit) < SM_SEGMENT_LINES * 8 &&			\
	     ((entry) = sm_segment_slot(segment, bit), true); (bit)++)	\
		if (!(entry)) {						\
		} else

static inline struct sm_entry *sm_segment_slot(const struct sm_segment *segment,
					       u32 bit)
{
	const struct sm_line *line = &segment->line[bit / 8];
	/* pairs with the release in sm_line_link(): the slots are filled */
	u64 tags = smp_load_acquire(&line->tags);

	if (bit % 8 == 7 || !(tags >> bit % 8 * 8 & 0xff))
		return NULL;
	return rcu_dereference_raw(line->slot[bit % 8]);
}

extern struct sm_segment sm_segment_empty;

struct sm_segment *sm_segment_alloc(struct syncmap *map, gfp_t gfp);
void sm_segment_free(struct sm_segment *segment);
void sm_segment_retire(struct sm_segment *segment);
void sm_segment_chain(struct sm_segment *segment, struct sm_segment *next);
void sm_segment_link(struct sm_segment *segment, struct sm_entry *entry);
bool sm_segment_mark(struct sm_segment *segment, const struct sm_entry *entry,
		     bool dead);
u32 sm_segment_live(const struct sm_segment *segment);
void sm_segment_free_all(struct sm_segment *segment);
int sm_segment_init(void);
void sm_segment_exit(void);

#endif
