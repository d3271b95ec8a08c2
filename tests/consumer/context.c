// SPDX-License-Identifier: GPL-2.0
/* Running a check in another context, and waiting until it has run. */
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kprobes.h>
#include <linux/preempt.h>
#include "consumer.h"

static void wrong_context(struct check_env *env, const char *wanted)
{
	env->failed = wanted;
	env->line = 0;
}

/* where the caller is */
void run_in_process(check_fn fn, struct check_env *env)
{
	fn(env);
}

struct softirq_job {
	struct tasklet_struct tasklet;
	check_fn fn;
	struct check_env *env;
	struct completion done;
};

static void softirq_job(struct tasklet_struct *tasklet)
{
	struct softirq_job *job = container_of(tasklet, struct softirq_job,
					       tasklet);

	if (in_serving_softirq())
		job->fn(job->env);
	else
		wrong_context(job->env, "this is a softirq");
	complete(&job->done);
}

/* process context; sleeps */
void run_in_softirq(check_fn fn, struct check_env *env)
{
	struct softirq_job job = { .fn = fn, .env = env };

	init_completion(&job.done);
	tasklet_setup(&job.tasklet, softirq_job);
	tasklet_schedule(&job.tasklet);
	wait_for_completion(&job.done);
	tasklet_kill(&job.tasklet);
}

struct hardirq_job {
	struct irq_work work;
	check_fn fn;
	struct check_env *env;
};

static void hardirq_job(struct irq_work *work)
{
	struct hardirq_job *job = container_of(work, struct hardirq_job, work);

	if (in_hardirq())
		job->fn(job->env);
	else
		wrong_context(job->env, "this is a hardirq");
}

/* process context; sleeps */
void run_in_hardirq(check_fn fn, struct check_env *env)
{
	struct hardirq_job job = {
		.work = IRQ_WORK_INIT_HARD(hardirq_job),
		.fn = fn,
		.env = env,
	};

	irq_work_queue(&job.work);
	irq_work_sync(&job.work);
}

/*
 * An NMI without hardware for it: on x86 the breakpoint of a kprobe is
 * handled as one.  The post handler keeps the kprobe from being optimized
 * into a jump, and notrace from being put on ftrace: neither would be an NMI.
 */
#if defined(CONFIG_KPROBES) && defined(CONFIG_X86)

struct nmi_job {
	check_fn fn;
	struct check_env *env;
};

static noinline notrace void nmi_here(struct nmi_job *job)
{
	barrier_data(job);
}

static int nmi_job(struct kprobe *probe, struct pt_regs *regs)
{
	struct nmi_job *job = (struct nmi_job *)regs->di;

	if (in_nmi()) {
		job->env->failed = NULL;
		job->fn(job->env);
	} else {
		wrong_context(job->env, "this is an NMI");
	}
	return 0;
}

static void nmi_done(struct kprobe *probe, struct pt_regs *regs,
		     unsigned long flags)
{
}

static struct kprobe nmi_probe = {
	.pre_handler = nmi_job,
	.post_handler = nmi_done,
};

int nmi_probe_add(void)
{
	/* what a registration before has left there */
	nmi_probe.addr = (kprobe_opcode_t *)nmi_here;
	nmi_probe.flags = 0;
	return register_kprobe(&nmi_probe);
}

void nmi_probe_remove(void)
{
	unregister_kprobe(&nmi_probe);
}

/* process context */
void run_in_nmi(check_fn fn, struct check_env *env)
{
	struct nmi_job job = { .fn = fn, .env = env };

	wrong_context(env, "the breakpoint is hit");
	nmi_here(&job);
}

#else

int nmi_probe_add(void)
{
	return -EOPNOTSUPP;
}

void nmi_probe_remove(void)
{
}

void run_in_nmi(check_fn fn, struct check_env *env)
{
}

#endif
