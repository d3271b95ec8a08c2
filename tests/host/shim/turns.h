/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chosen interleavings.  In programs built with SHIM_SCHED, threads that
 * shim_sched_run() began run one at a time, and may change places at each
 * access that core/ marks as shared.  Which one goes on is drawn from a seed.
 * What is found so is sequentially consistent; the rest is ThreadSanitizer's.
 */
#ifndef SHIM_TURNS_H
#define SHIM_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#define SHIM_SCHED_THREADS	4	/* at most */

#ifdef SHIM_SCHED
#define SHIM_TURNS	1
extern __thread bool shim_scheduled;

void shim_sched_switch(void);

/* an access to shared memory comes next */
static inline void shim_access(void)
{
	if (__builtin_expect(shim_scheduled, 0))
		shim_sched_switch();
}
#else
#define SHIM_TURNS	0
static inline void shim_access(void)
{
}
#endif

/* this thread waits for another: false where nobody decides who that is */
bool shim_sched_wait(void);

typedef void (*shim_sched_fn)(unsigned int index, void *arg);

/*
 * Run @n threads to their ends.  Each time there is a choice they change
 * places with a chance of 1 in @one_in.  Without SHIM_SCHED they all run at
 * once, as they like.
 */
void shim_sched_run(unsigned int n, shim_sched_fn fn, void *arg,
		    uint64_t seed, unsigned int one_in);

#endif
