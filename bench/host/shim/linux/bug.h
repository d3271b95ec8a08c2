/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FAST_LINUX_BUG_H
#define FAST_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>

#define WARN_ON(cond) ({						\
	bool __warn = (cond);						\
	if (unlikely(__warn))						\
		__builtin_trap();					\
	__warn; })
#define WARN_ON_ONCE(cond)	WARN_ON(cond)
#define BUG_ON(cond)		((void)WARN_ON(cond))

#endif
