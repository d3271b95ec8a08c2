/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PREEMPT_H
#define SHIM_LINUX_PREEMPT_H

#include "../shim.h"

#define in_nmi()		(shim_thread.context == SHIM_NMI)
#define in_hardirq()		(shim_thread.context == SHIM_HARDIRQ)
#define in_irq()		in_hardirq()
#define in_serving_softirq()	(shim_thread.context == SHIM_SOFTIRQ)
#define in_softirq()		(in_serving_softirq() || shim_thread.bh_off)
#define in_task()		(shim_thread.context == SHIM_PROCESS)
#define in_interrupt()		(!in_task() || shim_thread.bh_off)
#define in_atomic()		(!in_task() || shim_thread.locks || \
				 shim_thread.bh_off || shim_thread.preempt_off)
#define irqs_disabled()		(shim_thread.context >= SHIM_HARDIRQ)
#define preemptible()		(!in_atomic())

#define preempt_disable()	((void)shim_thread.preempt_off++)
#define preempt_enable()	((void)shim_thread.preempt_off--)
#define local_bh_disable()	((void)shim_thread.bh_off++)
#define local_bh_enable()	((void)shim_thread.bh_off--)
#define migrate_disable()	((void)0)
#define migrate_enable()	((void)0)

#define might_sleep()		shim_may_sleep(__func__)
#define cond_resched()		shim_may_sleep("cond_resched()")
#define cpu_relax()		__asm__ __volatile__("" ::: "memory")

#endif
