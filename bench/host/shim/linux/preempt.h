/* SPDX-License-Identifier: GPL-2.0 */
/* Everything runs in process context. */
#ifndef FAST_LINUX_PREEMPT_H
#define FAST_LINUX_PREEMPT_H

#include <linux/compiler.h>
#include "../shim.h"

#define in_nmi()		false
#define in_hardirq()		false
#define in_task()		true
#define irqs_disabled()		false
#define preemptible()		true

#define local_bh_disable()	barrier()
#define local_bh_enable()	barrier()
#define might_sleep()		((void)0)
#define cond_resched()		shim_quiescent()
#define cpu_relax()		__builtin_ia32_pause()

#endif
