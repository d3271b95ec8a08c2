// SPDX-License-Identifier: GPL-2.0
/*
 * Grace periods are liburcu's.  Callbacks are run by a thread of the shim's
 * own, because liburcu's waits 10 ms before each round of them.
 */
#include <linux/slab.h>
#include <pthread.h>
#include <stdlib.h>
#include <linux/rcupdate.h>
#include "internal.h"

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>

static char readers_done;

void shim_reader_done(void)
{
	__tsan_release(&readers_done);
}

static void after_readers(void)
{
	__tsan_acquire(&readers_done);
}
#else
static void after_readers(void)
{
}
#endif

/* a callback on its way; the kernel's head has no room for what is noted */
struct callback {
	struct callback *next;
	struct rcu_head *head;
	rcu_callback_t func;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct callback *first, **last = &first;
static unsigned long queued, done;
static pthread_once_t started = PTHREAD_ONCE_INIT;

/* in softirq, on a CPU of its own */
static void run(struct callback *callback)
{
	struct callback *next;

	shim_thread.context = SHIM_SOFTIRQ;
	for (; callback; callback = next) {
		next = callback->next;
		callback->func(callback->head);
		free(callback);
		pthread_mutex_lock(&lock);
		done++;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
	}
	shim_thread.context = SHIM_PROCESS;
}

static struct callback *take_all(void)
{
	struct callback *all;

	pthread_mutex_lock(&lock);
	while (!first)
		pthread_cond_wait(&changed, &lock);
	all = first;
	first = NULL;
	last = &first;
	pthread_mutex_unlock(&lock);
	return all;
}

static void *run_callbacks(void *arg)
{
	struct callback *all;

	shim_thread_enter();
	for (;;) {
		all = take_all();
		synchronize_rcu();
		run(all);
	}
	return arg;
}

static void start(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, run_callbacks, NULL);
	pthread_detach(thread);
}

/* of kfree_rcu() */
void shim_kfree_head(struct rcu_head *head)
{
	kfree(head);
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	struct callback *callback = malloc(sizeof(*callback));

	if (shim_thread.context >= SHIM_HARDIRQ)
		shim_violation("%s in hardirq or NMI", __func__);
	*callback = (struct callback){ .head = head, .func = func };
	pthread_once(&started, start);
	pthread_mutex_lock(&lock);
	*last = callback;
	last = &callback->next;
	queued++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

bool shim_callbacks(void)
{
	bool some;

	pthread_mutex_lock(&lock);
	some = done != queued;
	pthread_mutex_unlock(&lock);
	return some;
}

void synchronize_rcu(void)
{
	shim_may_sleep(__func__);
	/* a reader who waits for its turn would be waited for in vain */
	if (shim_sched_grace())
		return;
	urcu_memb_synchronize_rcu();
	after_readers();
}

/* callbacks are run in the order in which they came */
void rcu_barrier(void)
{
	unsigned long all;

	shim_may_sleep(__func__);
	pthread_mutex_lock(&lock);
	all = queued;
	while (done < all)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}
