// SPDX-License-Identifier: GPL-2.0
/* Workqueues: one queue, run by the test's thread or by one worker. */
#include <pthread.h>
#include <stdlib.h>
#include <linux/container_of.h>
#include <linux/gfp.h>
#include <linux/workqueue.h>
#include "internal.h"

struct workqueue_struct {
	int unused;
};

static struct workqueue_struct queue_of_all;
struct workqueue_struct *system_wq = &queue_of_all;
struct workqueue_struct *system_unbound_wq = &queue_of_all;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct work_struct *first, **last = &first;
static struct work_struct *running;
static pthread_t running_in;
static pthread_t worker;
static bool worker_on, worker_stop;

static void append(struct work_struct *work)
{
	work->next = NULL;
	*last = work;
	last = &work->next;
	pthread_cond_broadcast(&changed);
}

static bool queue(struct work_struct *work)
{
	bool was;

	pthread_mutex_lock(&lock);
	was = work->pending;
	work->pending = true;
	if (!was)
		append(work);
	pthread_mutex_unlock(&lock);
	return !was;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	return queue(work);
}

static void queue_after_grace(struct rcu_head *head)
{
	struct rcu_work *work = container_of(head, struct rcu_work, rcu);

	pthread_mutex_lock(&lock);
	append(&work->work);
	pthread_mutex_unlock(&lock);
}

bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *work)
{
	bool was;

	pthread_mutex_lock(&lock);
	was = work->work.pending;
	work->work.pending = true;
	pthread_mutex_unlock(&lock);
	if (!was)
		call_rcu(&work->rcu, queue_after_grace);
	return !was;
}

static void take_out(struct work_struct *work)
{
	struct work_struct **p = &first;

	while (*p && *p != work)
		p = &(*p)->next;
	if (!*p)
		return;
	*p = work->next;
	if (last == &work->next)
		last = p;
	work->pending = false;
}

/* with the lock held, which it drops meanwhile */
static void run_one(void)
{
	struct work_struct *work = first;

	take_out(work);
	running = work;
	running_in = pthread_self();
	pthread_mutex_unlock(&lock);
	work->func(work);
	pthread_mutex_lock(&lock);
	running = NULL;
	pthread_cond_broadcast(&changed);
}

static void wait_idle(void)
{
	while (first || running)
		pthread_cond_wait(&changed, &lock);
}

unsigned int shim_work_run(void)
{
	struct work_struct *work;
	unsigned int n = 0, ran;

	pthread_mutex_lock(&lock);
	for (work = first; work; work = work->next)
		n++;
	if (worker_on)
		wait_idle();
	else
		for (ran = 0; ran < n && first; ran++)
			run_one();
	pthread_mutex_unlock(&lock);
	return n;
}

static void *work_on(void *arg)
{
	shim_thread_enter();
	pthread_mutex_lock(&lock);
	while (!worker_stop || first) {
		if (first)
			run_one();
		else
			pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
	shim_thread_leave();
	return arg;
}

void shim_worker_start(void)
{
	worker_on = true;
	worker_stop = false;
	pthread_create(&worker, NULL, work_on, NULL);
}

void shim_worker_stop(void)
{
	pthread_mutex_lock(&lock);
	worker_stop = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	pthread_join(worker, NULL);
	worker_on = false;
}

void shim_settle(void)
{
	do {
		rcu_barrier();
	} while (shim_work_run() || shim_callbacks());
}

static void wait_done(const struct work_struct *work)
{
	while (running == work && !pthread_equal(running_in, pthread_self()))
		pthread_cond_wait(&changed, &lock);
}

/* waiting for one that this thread is to run would be for ever: run it */
bool flush_work(struct work_struct *work)
{
	bool was;

	shim_may_sleep(__func__);
	pthread_mutex_lock(&lock);
	was = work->pending;
	while (work->pending && worker_on)
		pthread_cond_wait(&changed, &lock);
	while (work->pending && first)
		run_one();
	wait_done(work);
	pthread_mutex_unlock(&lock);
	return was;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool was;

	shim_may_sleep(__func__);
	pthread_mutex_lock(&lock);
	was = work->pending;
	take_out(work);
	wait_done(work);
	pthread_mutex_unlock(&lock);
	return was;
}

void flush_workqueue(struct workqueue_struct *wq)
{
	shim_may_sleep(__func__);
	while (shim_work_run())
		;
}

struct workqueue_struct *alloc_workqueue(const char *name, unsigned int flags,
					 int max_active, ...)
{
	if (!shim_percpu_may_allocate(GFP_KERNEL))
		return NULL;
	return &queue_of_all;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	if (!wq)
		return;
	flush_workqueue(wq);
	shim_percpu_freed();
}
