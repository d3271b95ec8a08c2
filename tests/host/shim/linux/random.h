/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RANDOM_H
#define SHIM_LINUX_RANDOM_H

#include <linux/types.h>

void get_random_bytes(void *buffer, size_t n);

static inline u64 get_random_u64(void)
{
	u64 n;

	get_random_bytes(&n, sizeof(n));
	return n;
}

static inline u32 get_random_u32(void)
{
	return get_random_u64();
}

#endif
