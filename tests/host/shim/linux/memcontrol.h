/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MEMCONTROL_H
#define SHIM_LINUX_MEMCONTROL_H

#include "../shim.h"

struct mem_cgroup;
struct mm_struct;

struct mem_cgroup *get_mem_cgroup_from_mm(struct mm_struct *mm);
void mem_cgroup_put(struct mem_cgroup *memcg);

#endif
