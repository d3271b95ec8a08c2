/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-CPU memory: the same offset in each CPU's own part of one region.  A CPU
 * is a thread here.  Its own counts are written with relaxed atomic stores,
 * which is what one instruction is to the readers on other CPUs.
 */
#ifndef SHIM_LINUX_PERCPU_H
#define SHIM_LINUX_PERCPU_H

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/types.h>
#include "../shim.h"

#define SHIM_PERCPU_UNIT	(1UL << 26)	/* bytes of each CPU's part */

void *shim_percpu_alloc(size_t size, size_t align, gfp_t gfp);
void free_percpu(const void *p);

#define __alloc_percpu_gfp(size, align, gfp)	\
	shim_percpu_alloc(size, align, gfp)
#define __alloc_percpu(size, align)	\
	shim_percpu_alloc(size, align, GFP_KERNEL)
#define alloc_percpu_gfp(type, gfp)	\
	((type *)shim_percpu_alloc(sizeof(type), __alignof__(type), gfp))
#define alloc_percpu(type)	alloc_percpu_gfp(type, GFP_KERNEL)

#define per_cpu_ptr(p, cpu)	\
	((__typeof__(p))((char *)(p) + (cpu) * SHIM_PERCPU_UNIT))
#define this_cpu_ptr(p)		per_cpu_ptr(p, shim_thread.cpu)
#define raw_cpu_ptr(p)		this_cpu_ptr(p)
#define get_cpu_ptr(p)		({ preempt_disable(); this_cpu_ptr(p); })
#define put_cpu_ptr(p)		((void)(p), preempt_enable())

#define this_cpu_read(v)	READ_ONCE(*this_cpu_ptr(&(v)))
#define this_cpu_write(v, n)	WRITE_ONCE(*this_cpu_ptr(&(v)), n)
#define this_cpu_add_return(v, n) ({			\
	__auto_type __pcp = this_cpu_ptr(&(v));		\
	__typeof__(v) __sum = READ_ONCE(*__pcp) + (n);	\
	WRITE_ONCE(*__pcp, __sum);			\
	__sum; })
#define this_cpu_add(v, n)	((void)this_cpu_add_return(v, n))
#define this_cpu_sub(v, n)	((void)this_cpu_add_return(v, -(n)))
#define this_cpu_inc(v)		this_cpu_add(v, 1)
#define this_cpu_dec(v)		this_cpu_sub(v, 1)
#define this_cpu_inc_return(v)	this_cpu_add_return(v, 1)
#define raw_cpu_add(v, n)	this_cpu_add(v, n)
#define raw_cpu_inc(v)		this_cpu_inc(v)
#define __this_cpu_add(v, n)	this_cpu_add(v, n)
#define __this_cpu_inc(v)	this_cpu_inc(v)

#endif
