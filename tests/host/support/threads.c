// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <stdio.h>
#include "threads.h"

struct start {
	struct host_thread thread;
	host_thread_fn fn;
	pthread_t id;
};

static struct start starts[HOST_THREADS];
static u32 started;
static pthread_barrier_t begin;
static unsigned int failures;

void host_thread_fail(const char *format, ...)
{
	va_list args;

	if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) > 10)
		return;
	va_start(args, format);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

static void *run(void *arg)
{
	struct start *start = arg;

	shim_thread_enter();
	pthread_barrier_wait(&begin);
	start->fn(&start->thread);
	shim_thread_leave();
	return NULL;
}

void host_threads_start(u32 n, const host_thread_fn *fns, void *arg)
{
	u32 i;

	assert_true(n <= HOST_THREADS);
	failures = 0;
	started = n;
	pthread_barrier_init(&begin, NULL, n);
	for (i = 0; i < n; i++) {
		starts[i].thread = (struct host_thread){ i, i + 1, arg };
		starts[i].fn = fns[i];
		pthread_create(&starts[i].id, NULL, run, &starts[i]);
	}
}

void host_threads_join(void)
{
	u32 i;

	for (i = 0; i < started; i++)
		pthread_join(starts[i].id, NULL);
	pthread_barrier_destroy(&begin);
	if (failures)
		fail_msg("%u failures in threads, see stderr", failures);
}

void host_threads_each(u32 n, const host_thread_fn *fns, void *arg)
{
	host_threads_start(n, fns, arg);
	host_threads_join();
}

void host_threads(u32 n, host_thread_fn fn, void *arg)
{
	host_thread_fn fns[HOST_THREADS];
	u32 i;

	for (i = 0; i < n; i++)
		fns[i] = fn;
	host_threads_each(n, fns, arg);
}
