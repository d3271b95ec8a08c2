/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FAST_LINUX_CPUMASK_H
#define FAST_LINUX_CPUMASK_H

#include "../shim.h"

#define nr_cpu_ids		SHIM_CPUS
#define num_online_cpus()	shim_online_cpus
#define num_possible_cpus()	shim_online_cpus
#define for_each_possible_cpu(cpu)	\
	for ((cpu) = 0; (cpu) < SHIM_CPUS; (cpu)++)
#define for_each_online_cpu(cpu)	for_each_possible_cpu(cpu)

#endif
