// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts against each other on one map: interrupts that hit whoever holds a
 * shard's lock.  A lock that is not safe against them would hang here.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include "consumer.h"

#define TURNS		5000
#define KEYS		40
#define INTERRUPTS	500	/* hardirqs to see */

/* inserts and deletes, with the keys from @first on; true if all went well */
static bool churn(struct check_env *env, u32 first, u32 turn)
{
	u32 n = first + turn % KEYS;

	return !put_number(env, n, turn) && holds_number(env, n, turn) &&
	       drop_number(env, n) == 1 && lacks_number(env, n);
}

/**
 * struct hardirqs - one CPU's interrupts for another
 * @env:	the check's
 * @cpu:	where the one to be interrupted is
 * @taken:	how many there were
 * @wrong:	how many found the map wrong
 */
struct hardirqs {
	struct check_env *env;
	int cpu;
	u32 taken;
	u32 wrong;
};

/* On the sender's own CPU, where it can end up, this is no hardirq. */
static void take_hardirq(void *arg)
{
	struct hardirqs *irqs = arg;

	if (!in_hardirq())
		return;
	if (irqs->env->policy == SYNCMAP_COW)
		irqs->wrong += !holds_number(irqs->env, 0, 0);
	else
		irqs->wrong += !refuses_number(irqs->env, 0);
	WRITE_ONCE(irqs->taken, irqs->taken + 1);
}

static int send_hardirqs(void *arg)
{
	struct hardirqs *irqs = arg;

	while (!kthread_should_stop()) {
		smp_call_function_single(READ_ONCE(irqs->cpu), take_hardirq,
					 irqs, true);
		cond_resched_tasks_rcu_qs();
	}
	return 0;
}

/* Until so many interrupts were taken, and no less than all turns. */
static bool churn_under(struct hardirqs *irqs)
{
	bool well = true;

	for (u32 turn = 0; well && (turn < TURNS ||
				    READ_ONCE(irqs->taken) < INTERRUPTS);
	     turn++) {
		WRITE_ONCE(irqs->cpu, raw_smp_processor_id());
		well = churn(irqs->env, 100, turn);
		cond_resched();
	}
	return well;
}

static void check_hardirqs(struct check_env *env)
{
	struct hardirqs irqs = {
		.env = env,
		.cpu = raw_smp_processor_id(),
	};
	struct task_struct *sender;
	bool well;

	if (num_online_cpus() < 2) {
		env->skipped = "two CPUs are needed";
		return;
	}
	EXPECT(env, !put_number(env, 0, 0));
	sender = kthread_run(send_hardirqs, &irqs, "syncmap_hardirqs");
	if (!EXPECT(env, !IS_ERR(sender)))
		return;
	well = churn_under(&irqs);
	kthread_stop(sender);
	EXPECT(env, well);
	EXPECT(env, !irqs.wrong);
	EXPECT(env, irqs.taken >= INTERRUPTS);
}

/**
 * struct softirqs - a softirq that comes again and again
 * @tasklet:	it
 * @env:	with flags for its context
 * @turn:	how often it came
 * @wrong:	how often it found the map wrong
 * @done:	it came often enough
 */
struct softirqs {
	struct tasklet_struct tasklet;
	struct check_env env;
	u32 turn;
	u32 wrong;
	struct completion done;
};

static void take_softirq(struct tasklet_struct *tasklet)
{
	struct softirqs *irqs = container_of(tasklet, struct softirqs,
					     tasklet);

	irqs->wrong += !churn(&irqs->env, 200, irqs->turn);
	irqs->wrong += !holds_number(&irqs->env, 0, 0);
	if (++irqs->turn < TURNS)
		tasklet_schedule(tasklet);
	else
		complete(&irqs->done);
}

static void check_softirqs(struct check_env *env)
{
	struct softirqs irqs = { .env = *env };
	bool well = true;

	EXPECT(env, !put_number(env, 0, 0));
	irqs.env.gfp = GFP_ATOMIC;
	init_completion(&irqs.done);
	tasklet_setup(&irqs.tasklet, take_softirq);
	tasklet_schedule(&irqs.tasklet);
	for (u32 turn = 0; well && !completion_done(&irqs.done); turn++) {
		well = churn(env, 100, turn);
		cond_resched();
	}
	wait_for_completion(&irqs.done);
	tasklet_kill(&irqs.tasklet);
	EXPECT(env, well);
	EXPECT(env, !irqs.wrong);
	EXPECT(env, syncmap_len(env->map) == 1);
}

const struct check checks_storm[] = {
	{ "hardirqs load while the map is changed", check_hardirqs },
	{ "softirqs change the map while it is changed", check_softirqs },
	{ }
};
