// SPDX-License-Identifier: GPL-2.0
#include <linux/bitops.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include "histogram.h"

#define SUB_BUCKETS	(1u << BENCH_SUB_BITS)

/* the first 16 buckets hold one value each, then 16 to each power of two */
static unsigned int bucket_of(u64 ns)
{
	unsigned int shift;

	if (ns < SUB_BUCKETS)
		return ns;
	shift = fls64(ns) - 1 - BENCH_SUB_BITS;
	return ((shift + 1) << BENCH_SUB_BITS) +
	       ((ns >> shift) & (SUB_BUCKETS - 1));
}

/* the largest value that falls in @bucket */
static u64 bucket_end(unsigned int bucket)
{
	unsigned int shift;
	u64 begin;

	if (bucket < SUB_BUCKETS)
		return bucket;
	shift = (bucket >> BENCH_SUB_BITS) - 1;
	begin = (u64)(SUB_BUCKETS + (bucket & (SUB_BUCKETS - 1))) << shift;
	return begin + (1ull << shift) - 1;
}

/**
 * bench_histogram_record() - count one value
 * @h:	not shared: no lock is taken
 * @ns:	the value
 */
void bench_histogram_record(struct bench_histogram *h, u64 ns)
{
	h->count++;
	h->sum += ns;
	h->max = max(h->max, ns);
	h->bucket[bucket_of(ns)]++;
}

/**
 * bench_histogram_add() - count all values of another histogram too
 * @to:		is added to
 * @from:	stays as it is
 */
void bench_histogram_add(struct bench_histogram *to,
			 const struct bench_histogram *from)
{
	to->count += from->count;
	to->sum += from->sum;
	to->max = max(to->max, from->max);
	for (unsigned int i = 0; i < BENCH_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
}

/**
 * bench_histogram_quantile() - the value that so many do not exceed
 * @h:		the values
 * @permille:	500 is the median, 999 is P99.9
 *
 * Return: an upper bound, at most 6.25 % too large; 0 of none.
 */
u64 bench_histogram_quantile(const struct bench_histogram *h, u32 permille)
{
	u64 rank = DIV_ROUND_UP_ULL(h->count * permille, 1000);
	u64 seen = 0;

	for (unsigned int i = 0; i < BENCH_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen && seen >= rank)
			return min(bucket_end(i), h->max);
	}
	return h->max;
}
