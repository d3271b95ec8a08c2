/* SPDX-License-Identifier: GPL-2.0 */
/* RCU is liburcu's QSBR, whose readers do nothing, as the kernel's. */
#ifndef FAST_LINUX_RCUPDATE_H
#define FAST_LINUX_RCUPDATE_H

#define _LGPL_SOURCE		/* inline readers */
#include <stdlib.h>
#define URCU_NO_COMPAT_IDENTIFIERS
#include <urcu/urcu-qsbr.h>
#undef rcu_dereference
#undef rcu_assign_pointer
#undef rcu_cmpxchg_pointer
#undef rcu_xchg_pointer
#undef rcu_set_pointer

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

typedef void (*rcu_callback_t)(struct rcu_head *head);

#define call_rcu(head, func)		urcu_qsbr_call_rcu(head, func)
#define call_rcu_hurry(head, func)	call_rcu(head, func)

static inline void fast_kfree_head(struct rcu_head *head)
{
	free(head);
}

#define kfree_rcu(p, head)						\
do {									\
	_Static_assert(!offsetof(typeof(*(p)), head), "the head is first");	\
	call_rcu(&(p)->head, fast_kfree_head);				\
} while (0)
#define rcu_barrier()			urcu_qsbr_barrier()
#define synchronize_rcu()		urcu_qsbr_synchronize_rcu()
#define synchronize_rcu_expedited()	synchronize_rcu()

#define rcu_read_lock()			barrier()
#define rcu_read_unlock()		barrier()
#define rcu_read_lock_held()		true
#define rcu_read_lock_any_held()	true

#define RCU_LOCKDEP_WARN(cond, text)	((void)0)

#define rcu_dereference_raw(p)		READ_ONCE(p)
#define rcu_dereference(p)		READ_ONCE(p)
#define rcu_dereference_check(p, cond)	READ_ONCE(p)
#define rcu_dereference_protected(p, cond) ((void)(cond), (p))
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), v)
#define rcu_replace_pointer(p, v, cond) ({				\
	__auto_type __old_p = rcu_dereference_protected(p, cond);	\
	rcu_assign_pointer(p, v);					\
	__old_p; })
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)
#define RCU_INITIALIZER(v)		(v)
#define unrcu_pointer(p)		(p)

#endif
