/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interleavings.  At each access that core/ marks as shared a thread may give
 * way to another.
 *
 * In programs built with SHIM_SCHED, threads that shim_sched_run() began run
 * one at a time, and which one goes on is drawn from a seed.  What is found so
 * is sequentially consistent.  In all others threads run as the machine lets
 * them; those that asked for shim_jitter() also yield to others now and then,
 * so that operations overlap even where there are few processors.
 */
#ifndef SHIM_TURNS_H
#define SHIM_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#define SHIM_SCHED_THREADS	4	/* at most */

#ifdef SHIM_SCHED
#define SHIM_TURNS	1
#else
#define SHIM_TURNS	0
#endif

extern __thread bool shim_scheduled;

void shim_sched_switch(void);

/* an access to shared memory comes next */
static inline void shim_access(void)
{
	if (__builtin_expect(shim_scheduled, 0))
		shim_sched_switch();
}

/* from now on this thread yields at one access in @one_in; 0: at none */
void shim_jitter(uint64_t seed, unsigned int one_in);

/* this thread waits for another: false where nobody decides who that is */
bool shim_sched_wait(void);

/* wait until all others have left what they were reading; false likewise */
bool shim_sched_grace(void);

typedef void (*shim_sched_fn)(unsigned int index, void *arg);

/*
 * Run @n threads to their ends.  Each time there is a choice they change
 * places with a chance of 1 in @one_in; 0: each gives way but once, at some
 * access, which finds what needs a whole operation within a narrow window.
 * Without SHIM_SCHED they all run at once, as they like.
 */
void shim_sched_run(unsigned int n, shim_sched_fn fn, void *arg,
		    uint64_t seed, unsigned int one_in);

#endif
