/* SPDX-License-Identifier: GPL-2.0 */
/* Threads that use a map together.  cmocka's checks are the first thread's. */
#ifndef HOST_THREADS_H
#define HOST_THREADS_H

#include "test.h"

#define HOST_THREADS	8	/* at most */

/**
 * struct host_thread - what a thread of a test has
 * @index:	its number, from 0
 * @random:	for host_random(), seeded with @index
 * @arg:	the test's
 */
struct host_thread {
	u32 index;
	u64 random;
	void *arg;
};

typedef void (*host_thread_fn)(struct host_thread *thread);

/* run @n threads, begun together; fails the test if one of them said so */
void host_threads(u32 n, host_thread_fn fn, void *arg);
/* @fn of each thread is in @fns */
void host_threads_each(u32 n, const host_thread_fn *fns, void *arg);

/* begin some, go on, and wait for them */
void host_threads_start(u32 n, const host_thread_fn *fns, void *arg);
void host_threads_join(void);

/* in a thread: the test has failed */
void host_thread_fail(const char *format, ...)
	__printf(1, 2);

static inline u64 host_pick(struct host_thread *thread, u64 n)
{
	return host_random(&thread->random) % n;
}

#endif
