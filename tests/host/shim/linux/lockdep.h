/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_LOCKDEP_H
#define SHIM_LINUX_LOCKDEP_H

#include <linux/bug.h>
#include "../shim.h"

/* locks of every kind say in @owner who holds them */
#define lockdep_is_held(lock)	\
	(READ_ONCE((lock)->owner) == (u32)shim_thread.cpu + 1)
#define lockdep_assert_held(lock)	((void)WARN_ON(!lockdep_is_held(lock)))
#define lockdep_assert_not_held(lock)	((void)WARN_ON(lockdep_is_held(lock)))
#define lockdep_assert(cond)		((void)WARN_ON(!(cond)))
#define SINGLE_DEPTH_NESTING		1

struct lock_class_key { };

#define lockdep_set_class(lock, key)	((void)(key))

#endif
