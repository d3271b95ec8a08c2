/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_ASM_BARRIER_H
#define SHIM_ASM_BARRIER_H

#include <linux/compiler.h>

#define smp_mb()		__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_mb__before_atomic()	smp_mb()
#define smp_mb__after_atomic()	smp_mb()
#define smp_load_acquire(p) \
	shim_marked(__atomic_load_n(p, __ATOMIC_ACQUIRE))
#define smp_store_release(p, v) \
	shim_marked(__atomic_store_n(p, v, __ATOMIC_RELEASE))
#define smp_store_mb(x, v) \
	shim_marked(__atomic_store_n(&(x), v, __ATOMIC_SEQ_CST))

#endif
