/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_LOG2_H
#define SHIM_LINUX_LOG2_H

#include <linux/bitops.h>
#include <linux/types.h>

/* an integer constant expression for constants, as the kernel's are */
#define ilog2(n)		(63 - __builtin_clzll((u64)(n)))
#define order_base_2(n)		((n) > 1 ? ilog2((u64)(n) - 1) + 1 : 0)
#define roundup_pow_of_two(n)	(1UL << order_base_2(n))
#define rounddown_pow_of_two(n)	(1UL << ilog2(n))

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

#endif
