/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_ATOMIC_H
#define SHIM_LINUX_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>

#define shim_xchg(p, v, order) \
	shim_marked(__atomic_exchange_n(p, v, order))
#define xchg(p, v)		shim_xchg(p, v, __ATOMIC_SEQ_CST)
#define xchg_relaxed(p, v)	shim_xchg(p, v, __ATOMIC_RELAXED)
#define xchg_acquire(p, v)	shim_xchg(p, v, __ATOMIC_ACQUIRE)
#define xchg_release(p, v)	shim_xchg(p, v, __ATOMIC_RELEASE)

/* as in the kernel, a compare that fails orders nothing */
#define shim_try_cmpxchg(p, oldp, v, order) \
	shim_marked(__atomic_compare_exchange_n(p, oldp, v, false, order, \
						__ATOMIC_RELAXED))
#define shim_cmpxchg(p, old, v, order) ({			\
	__auto_type __p = (p);					\
	__typeof__(*__p) __old = (old);				\
	shim_try_cmpxchg(__p, &__old, v, order);		\
	__old; })

#define try_cmpxchg(p, oldp, v)	shim_try_cmpxchg(p, oldp, v, __ATOMIC_SEQ_CST)
#define try_cmpxchg_relaxed(p, oldp, v) \
	shim_try_cmpxchg(p, oldp, v, __ATOMIC_RELAXED)
#define try_cmpxchg_acquire(p, oldp, v) \
	shim_try_cmpxchg(p, oldp, v, __ATOMIC_ACQUIRE)
#define try_cmpxchg_release(p, oldp, v) \
	shim_try_cmpxchg(p, oldp, v, __ATOMIC_RELEASE)
#define cmpxchg(p, old, v)	shim_cmpxchg(p, old, v, __ATOMIC_SEQ_CST)
#define cmpxchg_relaxed(p, old, v) shim_cmpxchg(p, old, v, __ATOMIC_RELAXED)
#define cmpxchg_acquire(p, old, v) shim_cmpxchg(p, old, v, __ATOMIC_ACQUIRE)
#define cmpxchg_release(p, old, v) shim_cmpxchg(p, old, v, __ATOMIC_RELEASE)

#define ATOMIC_INIT(n)		{ (n) }
#define ATOMIC64_INIT(n)	{ (n) }
#define ATOMIC_LONG_INIT(n)	{ (n) }

#define SHIM_ATOMIC(type, name, atype)					\
static inline type name##_read(const atype *v)				\
{									\
	return shim_marked(__atomic_load_n(&v->counter, __ATOMIC_RELAXED)); \
}									\
									\
static inline type name##_read_acquire(const atype *v)			\
{									\
	return shim_marked(__atomic_load_n(&v->counter, __ATOMIC_ACQUIRE)); \
}									\
									\
static inline void name##_set(atype *v, type n)				\
{									\
	shim_marked(__atomic_store_n(&v->counter, n, __ATOMIC_RELAXED)); \
}									\
									\
static inline void name##_set_release(atype *v, type n)			\
{									\
	shim_marked(__atomic_store_n(&v->counter, n, __ATOMIC_RELEASE)); \
}									\
									\
static inline void name##_add(type n, atype *v)				\
{									\
	shim_marked(__atomic_fetch_add(&v->counter, n, __ATOMIC_RELAXED)); \
}									\
									\
static inline void name##_sub(type n, atype *v)				\
{									\
	shim_marked(__atomic_fetch_sub(&v->counter, n, __ATOMIC_RELAXED)); \
}									\
									\
static inline void name##_inc(atype *v)					\
{									\
	name##_add(1, v);						\
}									\
									\
static inline void name##_dec(atype *v)					\
{									\
	name##_sub(1, v);						\
}									\
									\
static inline type name##_fetch_add(type n, atype *v)			\
{									\
	return shim_marked(__atomic_fetch_add(&v->counter, n, __ATOMIC_SEQ_CST)); \
}									\
									\
static inline type name##_fetch_sub(type n, atype *v)			\
{									\
	return shim_marked(__atomic_fetch_sub(&v->counter, n, __ATOMIC_SEQ_CST)); \
}									\
									\
static inline type name##_fetch_or(type n, atype *v)			\
{									\
	return shim_marked(__atomic_fetch_or(&v->counter, n, __ATOMIC_SEQ_CST)); \
}									\
									\
static inline type name##_add_return(type n, atype *v)			\
{									\
	return shim_marked(__atomic_add_fetch(&v->counter, n, __ATOMIC_SEQ_CST)); \
}									\
									\
static inline type name##_sub_return(type n, atype *v)			\
{									\
	return shim_marked(__atomic_sub_fetch(&v->counter, n, __ATOMIC_SEQ_CST)); \
}									\
									\
static inline type name##_add_return_relaxed(type n, atype *v)		\
{									\
	return shim_marked(__atomic_add_fetch(&v->counter, n, __ATOMIC_RELAXED)); \
}									\
									\
static inline type name##_inc_return(atype *v)				\
{									\
	return name##_add_return(1, v);					\
}									\
									\
static inline type name##_inc_return_relaxed(atype *v)			\
{									\
	return name##_add_return_relaxed(1, v);				\
}									\
									\
static inline type name##_dec_return(atype *v)				\
{									\
	return name##_sub_return(1, v);					\
}									\
									\
static inline bool name##_dec_and_test(atype *v)			\
{									\
	return !name##_dec_return(v);					\
}									\
									\
static inline bool name##_sub_and_test(type n, atype *v)		\
{									\
	return !name##_sub_return(n, v);				\
}									\
									\
static inline type name##_xchg(atype *v, type n)			\
{									\
	return xchg(&v->counter, n);					\
}									\
									\
static inline type name##_cmpxchg(atype *v, type old, type n)		\
{									\
	return cmpxchg(&v->counter, old, n);				\
}									\
									\
static inline bool name##_try_cmpxchg(atype *v, type *old, type n)	\
{									\
	return try_cmpxchg(&v->counter, old, n);			\
}									\
									\
static inline bool name##_try_cmpxchg_relaxed(atype *v, type *old, type n) \
{									\
	return try_cmpxchg_relaxed(&v->counter, old, n);		\
}									\
									\
static inline bool name##_add_unless(atype *v, type n, type unless)	\
{									\
	type old = name##_read(v);					\
									\
	while (old != unless)						\
		if (name##_try_cmpxchg(v, &old, old + n))		\
			return true;					\
	return false;							\
}									\
									\
static inline bool name##_inc_not_zero(atype *v)			\
{									\
	return name##_add_unless(v, 1, 0);				\
}

SHIM_ATOMIC(int, atomic, atomic_t)
SHIM_ATOMIC(s64, atomic64, atomic64_t)
SHIM_ATOMIC(long, atomic_long, atomic_long_t)

#endif
