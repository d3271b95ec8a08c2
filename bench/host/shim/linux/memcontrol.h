/* SPDX-License-Identifier: GPL-2.0 */
/* As in a kernel without memory cgroups. */
#ifndef FAST_LINUX_MEMCONTROL_H
#define FAST_LINUX_MEMCONTROL_H

#include <stddef.h>

struct mem_cgroup;
struct mm_struct;

#define get_mem_cgroup_from_mm(mm)	((void)(mm), (struct mem_cgroup *)NULL)
#define mem_cgroup_put(memcg)		((void)(memcg))

#endif
