/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PERCPU_COUNTER_H
#define SHIM_LINUX_PERCPU_COUNTER_H

#include <linux/percpu.h>
#include <linux/types.h>

/**
 * struct percpu_counter - a count that is exact when it is summed
 * @count:	what CPUs have handed over
 * @local:	what each has not, below the batch
 */
struct percpu_counter {
	s64 count;
	s32 *local;
};

#define percpu_counter_batch	32

int percpu_counter_init(struct percpu_counter *counter, s64 amount, gfp_t gfp);
void percpu_counter_destroy(struct percpu_counter *counter);
void percpu_counter_add_batch(struct percpu_counter *counter, s64 amount,
			      s32 batch);
s64 percpu_counter_sum(struct percpu_counter *counter);
void percpu_counter_set(struct percpu_counter *counter, s64 amount);
int __percpu_counter_compare(struct percpu_counter *counter, s64 rhs, s32 batch);

static inline s64 percpu_counter_read(struct percpu_counter *counter)
{
	return READ_ONCE(counter->count);
}

static inline s64 percpu_counter_read_positive(struct percpu_counter *counter)
{
	s64 count = percpu_counter_read(counter);

	return count > 0 ? count : 0;
}

static inline s64 percpu_counter_sum_positive(struct percpu_counter *counter)
{
	s64 sum = percpu_counter_sum(counter);

	return sum > 0 ? sum : 0;
}

static inline void percpu_counter_add(struct percpu_counter *counter, s64 n)
{
	percpu_counter_add_batch(counter, n, percpu_counter_batch);
}

static inline void percpu_counter_sub(struct percpu_counter *counter, s64 n)
{
	percpu_counter_add(counter, -n);
}

static inline void percpu_counter_inc(struct percpu_counter *counter)
{
	percpu_counter_add(counter, 1);
}

static inline void percpu_counter_dec(struct percpu_counter *counter)
{
	percpu_counter_add(counter, -1);
}

static inline int percpu_counter_compare(struct percpu_counter *counter,
					 s64 rhs)
{
	return __percpu_counter_compare(counter, rhs, percpu_counter_batch);
}

#endif
