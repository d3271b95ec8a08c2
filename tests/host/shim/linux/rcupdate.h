/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RCU is liburcu's, with the checks that the kernel makes under PROVE_RCU.
 * ThreadSanitizer does not see into liburcu: it is told that what a reader did
 * happens before the callbacks and waits that follow.
 */
#ifndef SHIM_LINUX_RCUPDATE_H
#define SHIM_LINUX_RCUPDATE_H

#ifndef __SANITIZE_THREAD__
#define _LGPL_SOURCE		/* inline readers */
#endif
#define URCU_NO_COMPAT_IDENTIFIERS
#include <urcu/urcu-memb.h>
#undef rcu_dereference
#undef rcu_assign_pointer
#undef rcu_cmpxchg_pointer
#undef rcu_xchg_pointer
#undef rcu_set_pointer

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include "../shim.h"

typedef void (*rcu_callback_t)(struct rcu_head *head);

void call_rcu(struct rcu_head *head, rcu_callback_t func);
void rcu_barrier(void);
void synchronize_rcu(void);
#define call_rcu_hurry(head, func)	call_rcu(head, func)

void shim_kfree_head(struct rcu_head *head);

#define kfree_rcu(p, head)						\
do {									\
	_Static_assert(!offsetof(typeof(*(p)), head), "the head is first");	\
	call_rcu(&(p)->head, shim_kfree_head);				\
} while (0)
#define synchronize_rcu_expedited()	synchronize_rcu()

#ifdef __SANITIZE_THREAD__
void shim_reader_done(void);
#else
static inline void shim_reader_done(void) { }
#endif

static inline void rcu_read_lock(void)
{
	shim_thread.rcu++;
	urcu_memb_read_lock();
}

static inline void rcu_read_unlock(void)
{
	if (!shim_thread.rcu--)
		shim_violation("%s without a lock", __func__);
	shim_thread.sections += !shim_thread.rcu;
	shim_reader_done();
	urcu_memb_read_unlock();
}

static inline bool rcu_read_lock_held(void)
{
	return shim_thread.rcu;
}

#define rcu_read_lock_any_held()	rcu_read_lock_held()

#define RCU_LOCKDEP_WARN(cond, text)					\
	do {								\
		if (unlikely(cond))					\
			shim_violation("%s:%d: %s", __FILE__, __LINE__, text); \
	} while (0)

#define rcu_dereference_check(p, cond) ({				\
	RCU_LOCKDEP_WARN(!(cond) && !rcu_read_lock_held(),		\
			 "suspicious rcu_dereference(" #p ")");		\
	rcu_dereference_raw(p); })
#define rcu_dereference_protected(p, cond) ({				\
	RCU_LOCKDEP_WARN(!(cond),					\
			 "suspicious rcu_dereference_protected(" #p ")"); \
	(p); })
#define rcu_dereference(p)		rcu_dereference_check(p, false)
#define rcu_dereference_raw(p)	\
	shim_marked(__atomic_load_n(&(p), __ATOMIC_CONSUME))
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)	\
	shim_marked(__atomic_store_n(&(p), (v), __ATOMIC_RELEASE))
#define rcu_replace_pointer(p, v, cond) ({				\
	__auto_type __old_p = rcu_dereference_protected(p, cond);	\
	rcu_assign_pointer(p, v);					\
	__old_p; })
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)
#define RCU_INITIALIZER(v)		(v)
#define unrcu_pointer(p)		(p)
#define rcu_pointer_handoff(p)		(p)

#endif
