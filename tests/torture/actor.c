// SPDX-License-Identifier: GPL-2.0
/*
 * Who calls: threads, and on each CPU an interrupt and a softirq, which a
 * thread raises there and which so come in the midst of another's call.
 */
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "torture.h"

#define BURST		32	/* turns of a thread between looks around */
#define BURST_SOFTIRQ	8
#define BURST_HARDIRQ	2
#define RANGE_ONE_IN	3000	/* turns */
#define BRIEF_ONE_IN	1000

static u32 random_id(struct torture_actor *a, u32 m)
{
	return torture_random_below(a, torture_ids(a->torture, m));
}

/* loads mostly, as what reads a map does */
static void turn(struct torture_actor *a, u32 m)
{
	const struct torture_form *form = &torture_forms[m];
	u32 draw = torture_random_below(a, 100);

	if (draw < 50)
		torture_load(a, m, random_id(a, m));
	else if (draw < 60)
		torture_load_batch(a, m);
	else if (draw < 85)
		torture_change_own(a, m, torture_random_below(a, form->own));
	else if (draw < 92 && form->residents)
		torture_change_resident(a, m, torture_random_below(a,
					form->residents));
	else
		torture_change_hot(a, m, form->residents +
				   torture_random_below(a, TORTURE_HOT));
}

static void burst(struct torture_actor *a, u32 turns)
{
	u32 m = torture_random_below(a, TORTURE_MAPS);

	while (turns--)
		turn(a, m);
	if (!torture_random_below(a, RANGE_ONE_IN / BURST))
		torture_range(a, m);
	if (!torture_random_below(a, BRIEF_ONE_IN / BURST))
		torture_brief_use(a);
}

/* leaves the gate that raise_interrupt() stayed in */
static void softirq_turn(struct tasklet_struct *tasklet)
{
	struct torture_cpu *cpu = container_of(tasklet, struct torture_cpu,
					       softirq);

	burst(cpu->changer, BURST_SOFTIRQ);
	atomic_set_release(&cpu->raised, 0);
	gate_leave(&cpu->changer->torture->gate);
}

static void hardirq_turn(struct irq_work *work)
{
	struct torture_cpu *cpu = container_of(work, struct torture_cpu,
					       hardirq);
	struct torture_actor *a = cpu->loader;
	u32 m = torture_random_below(a, TORTURE_MAPS);

	for (u32 n = 0; n < BURST_HARDIRQ; n++)
		torture_load(a, m, random_id(a, m));
	torture_load_batch(a, m);
	tasklet_schedule(&cpu->softirq);
}

/* by somebody inside the gate, who stays there until the softirq leaves it */
static void raise_interrupt(struct torture *torture)
{
	struct torture_cpu *cpu = &torture->cpu[get_cpu()];

	if (!atomic_xchg(&cpu->raised, 1)) {
		gate_stay(&torture->gate);
		irq_work_queue(&cpu->hardirq);
	}
	put_cpu();
}

static bool may_enter(struct torture *torture)
{
	wait_event_idle(torture->gate.wait, !READ_ONCE(torture->gate.closed) ||
			kthread_should_stop());
	return gate_enter(&torture->gate);
}

static int thread(void *arg)
{
	struct torture_actor *a = arg;

	while (!kthread_should_stop()) {
		if (may_enter(a->torture)) {
			raise_interrupt(a->torture);
			burst(a, BURST);
			gate_leave(&a->torture->gate);
		}
		cond_resched_tasks_rcu_qs();
	}
	return 0;
}

static u32 most_ids(const struct torture *torture)
{
	u32 most = 0;

	for (u32 m = 0; m < TORTURE_MAPS; m++)
		most = max(most, torture_ids(torture, m));
	return most;
}

static bool give_keys(struct torture_actor *a)
{
	a->seen = bitmap_zalloc(most_ids(a->torture), GFP_KERNEL);
	for (u32 m = 0; m < TORTURE_MAPS; m++) {
		a->own[m] = kvcalloc(torture_forms[m].own, sizeof(*a->own[m]),
				     GFP_KERNEL);
		if (!a->own[m])
			return false;
	}
	return a->seen;
}

static void actor_free(struct torture_actor *a)
{
	if (!a)
		return;
	for (u32 m = 0; m < TORTURE_MAPS; m++)
		kvfree(a->own[m]);
	bitmap_free(a->seen);
	kvfree(a);
}

static struct torture_actor *actor_alloc(struct torture *torture, u32 index)
{
	struct torture_actor *a = kvzalloc(sizeof(*a), GFP_KERNEL);

	if (!a)
		return NULL;
	a->torture = torture;
	a->index = index;
	a->random = get_random_u64();
	a->gfp = index < torture->threads ? GFP_KERNEL : GFP_ATOMIC;
	if (index >= torture->owners || give_keys(a))
		return a;
	actor_free(a);
	return NULL;
}

static int alloc_all(struct torture *torture, u32 threads)
{
	torture->threads = threads;
	torture->owners = threads + nr_cpu_ids;
	torture->cpu = kcalloc(nr_cpu_ids, sizeof(*torture->cpu), GFP_KERNEL);
	torture->actor = kcalloc(torture->owners + nr_cpu_ids,
				 sizeof(*torture->actor), GFP_KERNEL);
	if (!torture->cpu || !torture->actor)
		return -ENOMEM;
	while (torture->actors < torture->owners + nr_cpu_ids) {
		struct torture_actor *a = actor_alloc(torture, torture->actors);

		if (!a)
			return -ENOMEM;
		torture->actor[torture->actors++] = a;
	}
	return 0;
}

static void prepare_cpus(struct torture *torture)
{
	for (u32 n = 0; n < nr_cpu_ids; n++) {
		struct torture_cpu *cpu = &torture->cpu[n];

		cpu->hardirq = IRQ_WORK_INIT_HARD(hardirq_turn);
		tasklet_setup(&cpu->softirq, softirq_turn);
		cpu->changer = torture->actor[torture->threads + n];
		cpu->loader = torture->actor[torture->owners + n];
	}
}

/**
 * torture_actors_start() - make all who call, and let them wait at the gate
 * @torture:	the maps are there, the gate is closed
 * @threads:	how many threads
 *
 * Context: process; sleeps.
 * Return: 0 or an error; torture_actors_stop() in either case.
 */
int torture_actors_start(struct torture *torture, u32 threads)
{
	int err = alloc_all(torture, threads);

	if (err)
		return err;
	prepare_cpus(torture);
	for (u32 m = 0; m < TORTURE_MAPS; m++)
		if (!torture_fill(torture, m))
			return -ENOMEM;
	for (u32 i = 0; i < threads; i++) {
		struct torture_actor *a = torture->actor[i];
		struct task_struct *task;

		task = kthread_run(thread, a, "torture/%u", i);
		if (IS_ERR(task))
			return PTR_ERR(task);
		a->task = task;
	}
	return 0;
}

/**
 * torture_actors_stop() - end and free all who call
 * @torture:	the gate is closed
 *
 * Context: process; sleeps.
 */
void torture_actors_stop(struct torture *torture)
{
	for (u32 i = 0; i < torture->actors; i++)
		if (torture->actor[i]->task)
			kthread_stop(torture->actor[i]->task);
	for (u32 n = 0; torture->cpu && n < nr_cpu_ids; n++) {
		if (!torture->cpu[n].changer)
			continue;
		irq_work_sync(&torture->cpu[n].hardirq);
		tasklet_kill(&torture->cpu[n].softirq);
	}
	for (u32 i = 0; i < torture->actors; i++)
		actor_free(torture->actor[i]);
	kfree(torture->actor);
	kfree(torture->cpu);
}
