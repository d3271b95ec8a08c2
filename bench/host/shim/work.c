// SPDX-License-Identifier: GPL-2.0
/* Workqueues: one queue, and a worker that never ends. */
#include <pthread.h>
#include <linux/container_of.h>
#include <linux/workqueue.h>
#include "shim.h"

struct workqueue_struct {
	int unused;
};

static struct workqueue_struct queue_of_all;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct work_struct *first, **last = &first;
static struct work_struct *running;
static unsigned long appended;

static void append(struct work_struct *work)
{
	work->next = NULL;
	*last = work;
	last = &work->next;
	appended++;
	pthread_cond_broadcast(&changed);
}

/* with the lock held: is it this caller who queues it? */
static bool claim(struct work_struct *work)
{
	bool was = work->pending;

	work->pending = true;
	return !was;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	bool mine;

	/* those who find it queued, which are many, do not wait for the lock */
	if (work_pending(work))
		return false;
	pthread_mutex_lock(&lock);
	mine = claim(work);
	if (mine)
		append(work);
	pthread_mutex_unlock(&lock);
	return mine;
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
	bool mine;

	pthread_mutex_lock(&lock);
	mine = claim(&work->work);
	pthread_mutex_unlock(&lock);
	if (mine)
		call_rcu(&work->rcu, queue_after_grace);
	return mine;
}

static void take_out(struct work_struct *work)
{
	struct work_struct **link = &first;

	while (*link && *link != work)
		link = &(*link)->next;
	if (!*link)
		return;
	*link = work->next;
	if (last == &work->next)
		last = link;
	WRITE_ONCE(work->pending, false);
}

/* with the lock held, which it drops meanwhile */
static void run_one(void)
{
	struct work_struct *work = first;

	take_out(work);
	running = work;
	pthread_mutex_unlock(&lock);
	shim_online();
	work->func(work);
	shim_offline();
	pthread_mutex_lock(&lock);
	running = NULL;
	pthread_cond_broadcast(&changed);
}

static void *work_on(void *arg)
{
	shim_thread_enter(SHIM_CPU_WORK);
	shim_offline();
	pthread_mutex_lock(&lock);
	for (;;) {
		if (first)
			run_one();
		else
			pthread_cond_wait(&changed, &lock);
	}
	return arg;
}

/* until nothing is queued; returns how much ever was */
static unsigned long wait_idle(void)
{
	unsigned long n;

	shim_offline();
	pthread_mutex_lock(&lock);
	while (first || running)
		pthread_cond_wait(&changed, &lock);
	n = appended;
	pthread_mutex_unlock(&lock);
	shim_online();
	return n;
}

void shim_settle(void)
{
	unsigned long before, now = wait_idle();

	do {
		before = now;
		rcu_barrier();
		now = wait_idle();
	} while (now != before);
}

bool cancel_work_sync(struct work_struct *work)
{
	bool was;

	shim_offline();
	pthread_mutex_lock(&lock);
	was = work->pending;
	take_out(work);
	while (running == work)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	shim_online();
	return was;
}

struct workqueue_struct *alloc_workqueue(const char *name, unsigned int flags,
					 int max_active, ...)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work_on, NULL))
		return NULL;
	pthread_detach(thread);
	return &queue_of_all;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	if (wq)
		wait_idle();
}

void flush_workqueue(struct workqueue_struct *wq)
{
	wait_idle();
}
