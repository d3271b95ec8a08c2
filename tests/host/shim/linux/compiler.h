/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Annotations vanish; a marked access is a relaxed atomic one, so that
 * ThreadSanitizer knows it from a plain one.
 */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#include <stddef.h>
#include "../turns.h"

#define __rcu
#define __percpu
#define __user
#define __iomem
#define __force
#define __kernel
#define __acquires(x)
#define __releases(x)
#define __acquire(x)		((void)0)
#define __release(x)		((void)0)
#define __must_hold(x)
#define __read_mostly
#define __ro_after_init
#define __init
#define __exit

/* no option of the kernel is set here */
#define IS_ENABLED(option)	0

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#ifndef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#endif
#define noinline		__attribute__((noinline))
#define __cold			__attribute__((cold))
#undef __packed
#define __packed		__attribute__((packed))
#undef __aligned
#define __aligned(x)		__attribute__((aligned(x)))
#define __maybe_unused		__attribute__((unused))
#define __always_unused		__attribute__((unused))
#define __must_check		__attribute__((warn_unused_result))
#define __printf(f, a)		__attribute__((format(printf, f, a)))
#define __malloc		__attribute__((malloc))
#define __counted_by(m)
#define fallthrough		__attribute__((fallthrough))

#define barrier()		__asm__ __volatile__("" ::: "memory")
#define OPTIMIZER_HIDE_VAR(v)	__asm__("" : "=r" (v) : "0" (v))
#define data_race(expr)		(expr)

/* an access that other threads may see, or that may see theirs */
#define shim_marked(access)	(shim_access(), (access))

#define READ_ONCE(x) \
	shim_marked(__atomic_load_n(&(x), __ATOMIC_RELAXED))
#define WRITE_ONCE(x, v) \
	shim_marked(__atomic_store_n(&(x), (v), __ATOMIC_RELAXED))

#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof(((type *)0)->member))
#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)

#endif
