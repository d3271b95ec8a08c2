/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Latency histogram, log-linear: 16 buckets to each power of two, so that a
 * bucket is at most 1/16 (6.25 %) of its value wide, over all of u64.
 */
#ifndef SYNCMAP_BENCH_HISTOGRAM_H
#define SYNCMAP_BENCH_HISTOGRAM_H

#include <linux/types.h>

#define BENCH_SUB_BITS	4
#define BENCH_BUCKETS	((64 - BENCH_SUB_BITS + 1) << BENCH_SUB_BITS)

/**
 * struct bench_histogram - how long operations took
 * @count:	values recorded
 * @sum:	of all of them, ns
 * @max:	the largest, exact, ns
 * @bucket:	how many fell in each
 */
struct bench_histogram {
	u64 count;
	u64 sum;
	u64 max;
	u64 bucket[BENCH_BUCKETS];
};

void bench_histogram_record(struct bench_histogram *h, u64 ns);
void bench_histogram_add(struct bench_histogram *to,
			 const struct bench_histogram *from);
u64 bench_histogram_quantile(const struct bench_histogram *h, u32 permille);

#endif
