/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BUG_H
#define SHIM_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include "../shim.h"

#define WARN_ON(cond) ({						\
	bool __warn = (cond);						\
	if (unlikely(__warn))						\
		shim_violation("%s:%d: WARN_ON(%s)", __FILE__, __LINE__, \
			       #cond);					\
	unlikely(__warn); })
#define WARN_ON_ONCE(cond)	WARN_ON(cond)
#define WARN_ONCE(cond, ...)	WARN_ON(cond)
#define WARN(cond, ...)		WARN_ON(cond)
#define BUG_ON(cond)		do { if (WARN_ON(cond)) __builtin_trap(); } while (0)
#define BUG()			BUG_ON(1)

#endif
