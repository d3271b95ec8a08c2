/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that only the seed decides: SplitMix64 (Steele, Lea, Flood 2014). */
#ifndef NETLINK_RANDOM_H
#define NETLINK_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

static inline uint64_t random_next(uint64_t *random)
{
	uint64_t z = *random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* below @n */
static inline uint32_t pick(uint64_t *random, uint32_t n)
{
	return random_next(random) % n;
}

/* true so many times of a hundred */
static inline bool chance(uint64_t *random, uint32_t percent)
{
	return pick(random, 100) < percent;
}

#endif
