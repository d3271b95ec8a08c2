/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-CPU memory: the same offset in each CPU's own part of one region.  A CPU
 * is a thread here.  The base of the segment register is the distance to the
 * thread's part, so that counting is the one instruction that it is in the
 * kernel.
 */
#ifndef FAST_LINUX_PERCPU_H
#define FAST_LINUX_PERCPU_H

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/smp.h>
#include <linux/types.h>

#define SHIM_PERCPU_UNIT	(1UL << 26)	/* bytes of each CPU's part */

void *shim_percpu_alloc(size_t size, gfp_t gfp);
void free_percpu(const void *p);

#define __alloc_percpu_gfp(size, align, gfp)	shim_percpu_alloc(size, gfp)
#define alloc_percpu_gfp(type, gfp)	\
	((type *)shim_percpu_alloc(sizeof(type), gfp))
#define alloc_percpu(type)	alloc_percpu_gfp(type, GFP_KERNEL)

#define per_cpu_ptr(p, cpu)	\
	((__typeof__(p))((char *)(p) + (cpu) * SHIM_PERCPU_UNIT))
#define this_cpu_ptr(p)		per_cpu_ptr(p, shim_cpu)

#define shim_this(v)	(*(__seg_gs __typeof__(v) *)(uintptr_t)&(v))

#define this_cpu_read(v)	shim_this(v)
#define this_cpu_write(v, n)	((void)(shim_this(v) = (n)))
#define this_cpu_add(v, n)	((void)(shim_this(v) += (n)))
#define this_cpu_inc(v)		this_cpu_add(v, 1)
#define this_cpu_inc_return(v)	(++shim_this(v))

#endif
