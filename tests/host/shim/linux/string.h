/* SPDX-License-Identifier: GPL-2.0 */
/* memcpy() notes what is copied while a spinlock is held. */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <string.h>
#include "../shim.h"

static inline void *shim_memcpy(void *to, const void *from, size_t n)
{
	if (shim_thread.locks) {
		shim_thread.copied_locked += n;
		if (shim_thread.copied_locked > shim_thread.copied_locked_max)
			shim_thread.copied_locked_max =
				shim_thread.copied_locked;
	}
	return __builtin_memcpy(to, from, n);
}

#undef memcpy
#define memcpy(to, from, n)	shim_memcpy(to, from, n)

#endif
