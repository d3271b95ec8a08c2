/* SPDX-License-Identifier: GPL-2.0 */
/* Work runs when a test says so, or in the worker that it started. */
#ifndef SHIM_LINUX_WORKQUEUE_H
#define SHIM_LINUX_WORKQUEUE_H

#include <linux/rcupdate.h>
#include <linux/types.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

/**
 * struct work_struct - an item of work
 * @func:	what to do
 * @next:	in the queue
 * @pending:	it is in the queue
 */
struct work_struct {
	work_func_t func;
	struct work_struct *next;
	bool pending;
};

struct delayed_work {
	struct work_struct work;
};

struct rcu_work {
	struct work_struct work;
	struct rcu_head rcu;
};

struct workqueue_struct;

#define WQ_UNBOUND		1u
#define WQ_FREEZABLE		2u
#define WQ_MEM_RECLAIM		4u
#define WQ_HIGHPRI		8u
#define WQ_CPU_INTENSIVE	16u

extern struct workqueue_struct *system_wq;
extern struct workqueue_struct *system_unbound_wq;

#define INIT_WORK(w, f)		((void)(*(w) = (struct work_struct){ .func = (f) }))
#define INIT_DELAYED_WORK(w, f)	INIT_WORK(&(w)->work, f)
#define INIT_RCU_WORK(w, f)	INIT_WORK(&(w)->work, f)

struct workqueue_struct *alloc_workqueue(const char *name, unsigned int flags,
					 int max_active, ...);
void destroy_workqueue(struct workqueue_struct *wq);
void flush_workqueue(struct workqueue_struct *wq);
#define drain_workqueue(wq)	flush_workqueue(wq)

bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *work);
bool flush_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);

/* delays are not waited for */
#define queue_delayed_work(wq, w, delay)	\
	((void)(delay), queue_work(wq, &(w)->work))
#define mod_delayed_work(wq, w, delay)	queue_delayed_work(wq, w, delay)
#define schedule_work(w)		queue_work(system_wq, w)
#define schedule_delayed_work(w, delay)	\
	queue_delayed_work(system_wq, w, delay)
#define flush_delayed_work(w)		flush_work(&(w)->work)
#define cancel_delayed_work_sync(w)	cancel_work_sync(&(w)->work)
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)
#define to_rcu_work(w)		container_of(w, struct rcu_work, work)
#define work_pending(w)		READ_ONCE((w)->pending)

#endif
