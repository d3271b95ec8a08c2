/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SMP_H
#define SHIM_LINUX_SMP_H

#include <linux/preempt.h>

#define raw_smp_processor_id()	(shim_thread.cpu)
#define smp_processor_id()	raw_smp_processor_id()
#define get_cpu()		({ preempt_disable(); raw_smp_processor_id(); })
#define put_cpu()		preempt_enable()

#endif
