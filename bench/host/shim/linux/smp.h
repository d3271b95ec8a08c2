/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FAST_LINUX_SMP_H
#define FAST_LINUX_SMP_H

#include "../shim.h"

#define raw_smp_processor_id()	(shim_cpu)
#define smp_processor_id()	raw_smp_processor_id()

#endif
