/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gate: many go in and out, from any context; who closes it waits until
 * nobody is inside.
 */
#ifndef SYNCMAP_TORTURE_GATE_H
#define SYNCMAP_TORTURE_GATE_H

#include <linux/atomic.h>
#include <linux/wait.h>

/**
 * struct gate - where an actor goes through to do something
 * @wait:	for it to open, or for the last to leave
 * @inside:	how many are
 * @closed:	nobody may go in
 */
struct gate {
	wait_queue_head_t wait;
	atomic_t inside;
	bool closed;
};

/* closed */
static inline void gate_init(struct gate *gate)
{
	init_waitqueue_head(&gate->wait);
	atomic_set(&gate->inside, 0);
	gate->closed = true;
}

/* not in hardirq, where waking up may not be allowed: see gate_stay() */
static inline void gate_leave(struct gate *gate)
{
	if (atomic_dec_and_test(&gate->inside) && READ_ONCE(gate->closed))
		wake_up_all(&gate->wait);
}

/* true: to be left again; softirq or process */
static inline bool gate_enter(struct gate *gate)
{
	/* full barrier: either we see it closed, or who closed it sees us */
	atomic_inc_return(&gate->inside);
	if (!READ_ONCE(gate->closed))
		return true;
	gate_leave(gate);
	return false;
}

/* one more for somebody who is inside; any context */
static inline void gate_stay(struct gate *gate)
{
	atomic_inc(&gate->inside);
}

static inline void gate_open(struct gate *gate)
{
	WRITE_ONCE(gate->closed, false);
	wake_up_all(&gate->wait);
}

/* process; sleeps until nobody is inside */
static inline void gate_close(struct gate *gate)
{
	WRITE_ONCE(gate->closed, true);
	/* pairs with gate_enter() */
	smp_mb();
	wait_event(gate->wait, !atomic_read(&gate->inside));
}

#endif
