/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel that core/ is compiled against for speed.  The headers here come
 * before those of tests/host/shim, from which the others are taken: none of
 * their checks, and what costs nothing in the kernel costs nothing here.
 *
 * Readers are QSBR's.  A thread that runs core's code says now and then, where
 * it reads nothing, that it is quiescent, and is offline while it waits.
 */
#ifndef FAST_SHIM_H
#define FAST_SHIM_H

#include <stdbool.h>
#include <stddef.h>

#define SHIM_CPUS	64	/* threads that may run core's code at once: */
#define SHIM_THREADS	30	/* that measure, from 0 on */
#define SHIM_CPU_RCU	30	/* that run callbacks, for each of those one */
#define SHIM_CPU_RCU_ANY 60	/* and one for all others */
#define SHIM_CPU_WORK	61
#define SHIM_CPU_MAIN	62

extern __thread unsigned int shim_cpu;
extern unsigned int shim_online_cpus;

/* once, by the main thread, which then is SHIM_CPU_MAIN */
void shim_init(void);

/* any other thread that calls core/ does so between these two */
void shim_thread_enter(unsigned int cpu);
void shim_thread_leave(void);

void shim_quiescent(void);
void shim_offline(void);
void shim_online(void);

/* waits until no callback and no work is left, what they queue included */
void shim_settle(void);

/* gives back the memory of caches that have no object in use */
void shim_shrink(void);

/* per-CPU memory in use, of all CPUs that are online */
size_t shim_percpu_bytes(void);

/* get_random_bytes() starts anew from here */
void shim_random_seed(unsigned long seed);

#endif
