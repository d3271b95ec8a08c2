// SPDX-License-Identifier: GPL-2.0
/*
 * The threads.  A run is some steps that all threads do at the same time, each
 * on its own CPU; between them only the run's caller is there.
 */
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include "run.h"

/**
 * bench_team_alloc() - make the threads' state, spread over the online CPUs
 * @run:	the run
 *
 * Context: process; sleeps.
 * Return: 0, -ENOMEM; bench_team_free() in either case.
 */
int bench_team_alloc(struct bench_run *run)
{
	unsigned int cpu = cpumask_first(cpu_online_mask);

	init_completion(&run->done);
	run->worker = kcalloc(run->params.threads, sizeof(*run->worker),
			      GFP_KERNEL);
	if (!run->worker)
		return -ENOMEM;
	for (u32 i = 0; i < run->params.threads; i++) {
		struct bench_worker *w;

		/* larger than a page: so in pages of its own */
		w = kvzalloc_node(sizeof(*w), GFP_KERNEL, cpu_to_node(cpu));
		if (!w)
			return -ENOMEM;
		w->run = run;
		w->index = i;
		w->cpu = cpu;
		w->random = bench_mix64(run->params.seed + i + 1);
		run->worker[i] = w;
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
	}
	return 0;
}

/**
 * bench_team_free() - free the threads' state
 * @run:	the run
 */
void bench_team_free(struct bench_run *run)
{
	for (u32 i = 0; run->worker && i < run->params.threads; i++)
		kvfree(run->worker[i]);
	kfree(run->worker);
}

/**
 * bench_stopped() - let others run, and see whether to go on
 * @worker:	the caller
 *
 * A thread that only called cond_resched() would hold up RCU-tasks, and so
 * the detaching of traces, for as long as it runs.
 *
 * Return: the step is to end.
 */
bool bench_stopped(struct bench_worker *worker)
{
	cond_resched_tasks_rcu_qs();
	return READ_ONCE(worker->run->stop);
}

/* All begin together: none before the last has arrived on its CPU. */
static void wait_for_all(struct bench_run *run)
{
	atomic_dec(&run->starting);
	while (atomic_read(&run->starting)) {
		cpu_relax();
		cond_resched_tasks_rcu_qs();
	}
}

static int thread(void *arg)
{
	struct bench_worker *worker = arg;
	struct bench_run *run = worker->run;

	wait_for_all(run);
	run->step(worker);
	if (worker->err)
		WRITE_ONCE(run->stop, true);
	if (atomic_dec_and_test(&run->running))
		complete(&run->done);

	/* kthread_stop() is how the caller knows that we left its code */
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int make_threads(struct bench_run *run)
{
	for (u32 i = 0; i < run->params.threads; i++) {
		struct bench_worker *w = run->worker[i];
		struct task_struct *task;

		task = kthread_create_on_node(thread, w, cpu_to_node(w->cpu),
					      "syncmap_bench/%u", w->cpu);
		if (IS_ERR(task))
			return PTR_ERR(task);
		kthread_bind(task, w->cpu);
		w->task = task;
	}
	return 0;
}

/* Ends threads that have done their step, and those that never began one. */
static void end_threads(struct bench_run *run)
{
	for (u32 i = 0; i < run->params.threads; i++) {
		struct bench_worker *w = run->worker[i];

		if (w->task)
			kthread_stop(w->task);
		w->task = NULL;
	}
}

/**
 * bench_team_do() - have all threads do a step, and wait for them
 * @run:	the run
 * @step:	what to do; looks at bench_stopped() now and then
 *
 * Context: process; sleeps. A signal ends the step early.
 * Return: 0, -EINTR, or why a thread could not be made.
 */
int bench_team_do(struct bench_run *run,
		  void (*step)(struct bench_worker *worker))
{
	int err;

	run->step = step;
	reinit_completion(&run->done);
	atomic_set(&run->starting, run->params.threads);
	atomic_set(&run->running, run->params.threads);

	err = make_threads(run);
	if (err)
		goto out;
	for (u32 i = 0; i < run->params.threads; i++)
		wake_up_process(run->worker[i]->task);
	if (wait_for_completion_interruptible(&run->done)) {
		err = -EINTR;
		WRITE_ONCE(run->stop, true);
		wait_for_completion(&run->done);
	}
out:
	end_threads(run);
	return err;
}
