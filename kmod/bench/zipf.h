/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ranks drawn by Zipf's law: rank r (from 1) with a probability in proportion
 * to r^-theta.
 */
#ifndef SYNCMAP_BENCH_ZIPF_H
#define SYNCMAP_BENCH_ZIPF_H

#include <linux/types.h>

struct bench_zipf;

struct bench_zipf *bench_zipf_alloc(u64 n, u32 theta);
void bench_zipf_free(struct bench_zipf *zipf);
u64 bench_zipf_draw(const struct bench_zipf *zipf, u64 cell_bits,
		    u64 rank_bits);

#endif
