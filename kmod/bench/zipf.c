// SPDX-License-Identifier: GPL-2.0
/*
 * Zipf's law without floating point, for any exponent from 0 to 4, by tables
 * small enough to stay in the L1 cache (so that drawing a key does not disturb
 * what is measured).
 *
 * The ranks are cut into runs: each of the first 127 is a run of its own, from
 * there on a run is 1/64 of its power of two long.  A run is drawn in
 * proportion to its mass by the alias method (A. J. Walker, ACM TOMS 3(3),
 * 1977; the table is built as by M. D. Vose, IEEE TSE 17(9), 1991), a rank
 * within it uniformly.  So the first 127 ranks are exact, and no rank's
 * probability is wrong by more than theta/128 of itself (half a run's length).
 * A run's mass is its length times the weight of its middle, wrong by less
 * than theta * (theta + 1) / (24 * 64^2).
 *
 * The distribution is that of J. Gray et al., "Quickly Generating
 * Billion-Record Synthetic Databases", SIGMOD 1994, whose own method needs a
 * power of a real number for each draw, and theta < 1.
 */
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include "params.h"
#include "zipf.h"

#define RUN_BITS	6	/* a run is 1/64 of its power of two */
#define MASS_BITS	56	/* the first rank's mass is 2^56, or less */

/**
 * struct cell - a run of ranks, and a cell of the alias table
 * @first:	rank, from 0
 * @length:	ranks in the run
 * @alias:	the run drawn otherwise
 * @keep:	probability that the cell stands for its own run, in 2^-32;
 *		U32_MAX: always
 */
struct cell {
	u64 first;
	u32 length;
	u32 alias;
	u32 keep;
};

/**
 * struct bench_zipf - the table
 * @cells:	how many
 * @cell:	they
 */
struct bench_zipf {
	u32 cells;
	struct cell cell[];
};

/* log2(x) in 2^-32, by squaring: each turn gives one more binary digit */
static u64 log2_fixed(u64 x)
{
	unsigned int whole = fls64(x) - 1;
	u64 m = x << (63 - whole);	/* x / 2^whole, 1 is 2^63 */
	u64 log = whole;

	for (int i = 0; i < 32; i++) {
		m = mul_u64_u64_shr(m, m, 64);
		log <<= 1;
		if (m >> 63)
			log |= 1;
		else
			m <<= 1;
	}
	return log;
}

/* 2^-e for e in 2^-32; 1 is 2^MASS_BITS, less what has to be spared */
static u64 exp2_negative(u64 e, u32 spare)
{
	u64 factor = 1ull << 31;	/* 2^-1, then its roots; 1 is 2^32 */
	u64 power = 1ull << 32;
	u64 whole = (e >> 32) + spare;

	if (whole > MASS_BITS)
		return 0;
	for (int bit = 31; bit >= 0; bit--) {
		factor = int_sqrt64(factor << 32);
		if (e & BIT_ULL(bit))
			power = (power * factor) >> 32;
	}
	return (power << (MASS_BITS - 32)) >> whole;
}

/* mass of a run: its length times the weight of its middle */
static u64 run_mass(const struct cell *run, u32 theta, u32 spare)
{
	/* the middle of ranks first + 1 … first + length, doubled */
	u64 middle = 2 * run->first + run->length + 1;
	u64 log = log2_fixed(middle) - (1ull << 32);
	u64 e = mul_u64_u32_div(log, theta, BENCH_THETA_ONE);

	return exp2_negative(e, spare) * run->length;
}

/*
 * Bits by which masses must be smaller for their sum to fit: the sum of
 * r^-theta up to n is at most n^(1 - theta) * (ln(n) + 1), the latter < 2^5.
 */
static u32 spare_bits(u64 n, u32 theta)
{
	if (theta >= BENCH_THETA_ONE)
		return 0;
	return fls64(n) * (BENCH_THETA_ONE - theta) / BENCH_THETA_ONE;
}

static u32 run_length(u64 first, u64 n)
{
	u64 rank = first + 1;
	u64 length = 1;

	if (rank >> RUN_BITS)
		length = 1ull << (fls64(rank) - 1 - RUN_BITS);
	return min(length, n - first);
}

static u32 count_runs(u64 n)
{
	u32 runs = 0;

	for (u64 first = 0; first < n; first += run_length(first, n))
		runs++;
	return runs;
}

/*
 * Vose's construction.  @share is each run's mass in units of 2^-32 of the mean;
 * @order is split into a stack of those below one unit, from the left, and one
 * of the others, from the right.
 */
static void pair_cells(struct bench_zipf *zipf, u64 *share, u32 *order)
{
	const u64 unit = 1ull << 32;
	u32 small = 0, large = zipf->cells;

	for (u32 i = 0; i < zipf->cells; i++)
		order[share[i] < unit ? small++ : --large] = i;

	while (small && large < zipf->cells) {
		u32 low = order[--small], high = order[large];

		zipf->cell[low].keep = share[low];
		zipf->cell[low].alias = high;
		share[high] -= unit - share[low];
		if (share[high] < unit) {
			large++;
			order[small++] = high;
		}
	}
	/* what is left is whole, but for rounding */
	while (small)
		zipf->cell[order[--small]].keep = U32_MAX;
	for (; large < zipf->cells; large++)
		zipf->cell[order[large]].keep = U32_MAX;
}

static void fill_cells(struct bench_zipf *zipf, u64 n, u32 theta, u64 *share,
		       u32 *order)
{
	u32 spare = spare_bits(n, theta);
	u64 first = 0, total = 0;

	for (u32 i = 0; i < zipf->cells; i++) {
		struct cell *run = &zipf->cell[i];

		run->first = first;
		run->length = run_length(first, n);
		first += run->length;
		share[i] = run_mass(run, theta, spare);
		total += share[i];
	}
	for (u32 i = 0; i < zipf->cells; i++)
		share[i] = mul_u64_u64_div_u64(share[i],
					       (u64)zipf->cells << 32, total);
	pair_cells(zipf, share, order);
}

/**
 * bench_zipf_alloc() - make the table
 * @n:		ranks there are, 1 to BENCH_KEYS_MAX
 * @theta:	exponent in units of 1 / BENCH_THETA_ONE, up to BENCH_THETA_MAX
 *
 * Context: process; sleeps.
 * Return: the table, or NULL: no memory.
 */
struct bench_zipf *bench_zipf_alloc(u64 n, u32 theta)
{
	u32 cells = count_runs(n);
	u32 *order = kvmalloc_array(cells, sizeof(*order), GFP_KERNEL);
	u64 *share = kvmalloc_array(cells, sizeof(*share), GFP_KERNEL);
	struct bench_zipf *zipf = kvzalloc(struct_size(zipf, cell, cells),
					   GFP_KERNEL);

	if (order && share && zipf) {
		zipf->cells = cells;
		fill_cells(zipf, n, theta, share, order);
	} else {
		kvfree(zipf);
		zipf = NULL;
	}
	kvfree(share);
	kvfree(order);
	return zipf;
}

/**
 * bench_zipf_free() - free the table
 * @zipf:	what bench_zipf_alloc() gave, or NULL
 */
void bench_zipf_free(struct bench_zipf *zipf)
{
	kvfree(zipf);
}

/**
 * bench_zipf_draw() - draw a rank
 * @zipf:	the table
 * @cell_bits:	64 random bits: the run
 * @rank_bits:	64 more: the rank in it
 *
 * Return: the rank, from 0 (the most frequent) to n - 1.
 */
u64 bench_zipf_draw(const struct bench_zipf *zipf, u64 cell_bits, u64 rank_bits)
{
	u32 i = ((cell_bits >> 32) * zipf->cells) >> 32;
	const struct cell *cell = &zipf->cell[i];

	if ((u32)cell_bits >= cell->keep && cell->keep != U32_MAX)
		cell = &zipf->cell[cell->alias];
	return cell->first + (((rank_bits >> 32) * cell->length) >> 32);
}
