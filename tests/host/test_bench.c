// SPDX-License-Identifier: GPL-2.0
/* The load generator's arithmetic: Zipf's law in integers, and quantiles. */
#include <linux/bitops.h>
#include <linux/math64.h>
#include "support/test.h"

/* what of the kernel's arithmetic only the generator needs */
static inline u64 mul_u64_u64_div_u64(u64 a, u64 b, u64 c)
{
	return (__uint128_t)a * b / c;
}

static inline u64 mul_u64_u32_div(u64 a, u32 b, u32 c)
{
	return (__uint128_t)a * b / c;
}

static inline u32 int_sqrt64(u64 x)
{
	u64 root = 0;

	for (int bit = 31; bit >= 0; bit--) {
		u64 more = root | 1ull << bit;

		if (more * more <= x)
			root = more;
	}
	return root;
}

#ifndef DIV_ROUND_UP_ULL
#define DIV_ROUND_UP_ULL(n, d)	DIV_ROUND_UP((u64)(n), d)
#endif

#include "../../kmod/bench/zipf.c"
#include "../../kmod/bench/histogram.c"

static double root(double x)
{
	double r = x > 1 ? x : 1;

	for (int i = 0; i < 60; i++)
		r = (r + x / r) / 2;
	return r;
}

/* rank^-theta, for the exponents below */
static double weight(u64 rank, u32 theta)
{
	double r = rank;

	switch (theta) {
	case 0:
		return 1;
	case BENCH_THETA_ONE / 2:
		return 1 / root(r);
	case BENCH_THETA_ONE:
		return 1 / r;
	case 3 * BENCH_THETA_ONE / 2:
		return 1 / (r * root(r));
	default:
		assert_int_equal(theta, BENCH_THETA_MAX);
		return 1 / (r * r * r * r);
	}
}

/* the probability with which the table gives each run; to be freed */
static double *run_shares(const struct bench_zipf *zipf)
{
	double *share = test_calloc(zipf->cells, sizeof(*share));

	for (u32 i = 0; i < zipf->cells; i++) {
		const struct cell *cell = &zipf->cell[i];
		double keep = cell->keep == U32_MAX ? 1 : cell->keep / 0x1p32;

		share[i] += keep / zipf->cells;
		share[cell->alias] += (1 - keep) / zipf->cells;
	}
	return share;
}

static void check_shares(const struct bench_zipf *zipf, u64 n, u32 theta)
{
	double *share = run_shares(zipf);
	double off = 1e-4 + (double)theta / BENCH_THETA_ONE / 128;
	double all = 0;
	u64 next = 0;

	for (u64 rank = 1; rank <= n; rank++)
		all += weight(rank, theta);
	for (u32 i = 0; i < zipf->cells; i++) {
		const struct cell *run = &zipf->cell[i];
		double got = share[i] / run->length;

		assert_int_equal(run->first, next);
		next += run->length;
		for (u64 rank = run->first + 1; rank <= next; rank++) {
			double want = weight(rank, theta) / all;
			double limit = rank < 128 ? 1e-3 : off;

			/* below what 2^-32 of a cell can say, only small */
			if (want * zipf->cells < 0x1p-20)
				assert_true(got * zipf->cells < 0x1p-19);
			else
				assert_true(got > want * (1 - limit) &&
					    got < want * (1 + limit));
		}
	}
	assert_int_equal(next, n);
	test_free(share);
}

static void zipf_shares(void **state)
{
	static const u64 sizes[] = { 1, 2, 63, 64, 65, 127, 128, 129, 1000,
				     104334 };
	static const u32 thetas[] = { 0, BENCH_THETA_ONE / 2, BENCH_THETA_ONE,
				      3 * BENCH_THETA_ONE / 2,
				      BENCH_THETA_MAX };

	for (u32 i = 0; i < ARRAY_SIZE(sizes); i++)
		for (u32 j = 0; j < ARRAY_SIZE(thetas); j++) {
			struct bench_zipf *zipf;

			zipf = bench_zipf_alloc(sizes[i], thetas[j]);
			assert_non_null(zipf);
			check_shares(zipf, sizes[i], thetas[j]);
			bench_zipf_free(zipf);
		}
}

/* as many keys as there can be: no sum overflows, no rank is out of range */
static void zipf_largest(void **state)
{
	for (u32 theta = 0; theta <= BENCH_THETA_MAX; theta += 1250) {
		struct bench_zipf *zipf = bench_zipf_alloc(BENCH_KEYS_MAX,
							   theta);
		double *share, all = 0;

		assert_non_null(zipf);
		share = run_shares(zipf);
		for (u32 i = 0; i < zipf->cells; i++)
			all += share[i];
		assert_true(all > 0.999999 && all < 1.000001);
		for (u32 i = 1; i < 127; i++)
			assert_true(share[i] <= share[i - 1] * 1.001 + 1e-9);
		assert_int_equal(bench_zipf_draw(zipf, 0, 0), 0);
		assert_true(bench_zipf_draw(zipf, U64_MAX, U64_MAX) <
			    BENCH_KEYS_MAX);
		test_free(share);
		bench_zipf_free(zipf);
	}
}

static u64 next_random(u64 *state)
{
	u64 x = *state += 0x9e3779b97f4a7c15ull;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

#define DRAWS	200000

/* of 1000 ranks with theta 1, the first has 1 / 7.4855, the second half of it */
static void zipf_draws(void **state)
{
	struct bench_zipf *zipf = bench_zipf_alloc(1000, BENCH_THETA_ONE);
	u32 seen[1000] = {};
	u64 random = 1;

	for (u32 i = 0; i < DRAWS; i++) {
		u64 cell = next_random(&random), rank = next_random(&random);

		rank = bench_zipf_draw(zipf, cell, rank);
		assert_true(rank < 1000);
		seen[rank]++;
	}
	/* 5 standard deviations */
	assert_in_range(seen[0], 26718 - 760, 26718 + 760);
	assert_in_range(seen[1], 13359 - 560, 13359 + 560);
	bench_zipf_free(zipf);
}

/* Every value falls in a bucket that ends at most 1/16 above it. */
static void check_bucket(u64 value)
{
	unsigned int bucket = bucket_of(value);

	assert_true(bucket < BENCH_BUCKETS);
	assert_true(bucket_end(bucket) >= value);
	assert_true(bucket_end(bucket) - value <= value / 16);
	assert_true(!bucket || bucket_end(bucket - 1) < value);
}

static void buckets(void **state)
{
	for (u64 value = 0; value < 100000; value++)
		check_bucket(value);
	for (unsigned int bit = 17; bit < 64; bit++) {
		check_bucket((1ull << bit) - 1);
		check_bucket(1ull << bit);
		check_bucket((1ull << bit) + 1);
	}
	check_bucket(U64_MAX);
	assert_int_equal(bucket_of(U64_MAX), BENCH_BUCKETS - 1);
}

static void quantiles(void **state)
{
	static struct bench_histogram h, both;

	memset(&h, 0, sizeof(h));
	memset(&both, 0, sizeof(both));
	assert_int_equal(bench_histogram_quantile(&h, 500), 0);
	for (u64 value = 1; value <= 1000; value++)
		bench_histogram_record(&h, value * 100);
	assert_in_range(bench_histogram_quantile(&h, 500), 50000, 53125);
	assert_in_range(bench_histogram_quantile(&h, 990), 99000, 100000);
	assert_in_range(bench_histogram_quantile(&h, 999), 99900, 100000);
	assert_int_equal(bench_histogram_quantile(&h, 1000), 100000);
	assert_int_equal(h.max, 100000);
	assert_int_equal(h.sum, 50050000);

	bench_histogram_add(&both, &h);
	bench_histogram_record(&both, 7000000);
	assert_int_equal(both.count, 1001);
	assert_int_equal(both.max, 7000000);
	assert_int_equal(bench_histogram_quantile(&both, 1000), 7000000);
}

/* one value is every quantile, and is not made larger */
static void quantiles_of_one(void **state)
{
	static struct bench_histogram h;

	memset(&h, 0, sizeof(h));
	bench_histogram_record(&h, 1234567);
	for (u32 permille = 1; permille <= 1000; permille++)
		assert_int_equal(bench_histogram_quantile(&h, permille),
				 1234567);
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("Zipf's ranks have the shares that the law says",
		  zipf_shares),
	HOST_TEST("as many keys as there can be, any exponent", zipf_largest),
	HOST_TEST("Zipf's draws are as frequent as the law says", zipf_draws),
	HOST_TEST("a bucket ends at most 6.25 % above its values", buckets),
	HOST_TEST("quantiles are upper bounds, the largest is exact",
		  quantiles),
	HOST_TEST("of one value, each quantile is that value",
		  quantiles_of_one),
};

HOST_MAIN("bench", tests)
