// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <linux/preempt.h>
#include <linux/timekeeping.h>
#include <linux/atomic.h>
#include "keys.h"
#include "team.h"

#define SPINS		10000	/* before a thread that waits gives way */

static struct team team;
/* turns are not used twice while the program runs: see key_fresh() */
static u64 fresh[SHIM_THREADS];

/**
 * team_meet() - wait until all threads are here
 * @worker:	this one
 */
void team_meet(struct worker *worker)
{
	struct team *t = worker->team;
	u32 meeting = READ_ONCE(t->meetings), spins = 0;

	shim_offline();
	if (__atomic_add_fetch(&t->arrived, 1, __ATOMIC_ACQ_REL) == t->n) {
		WRITE_ONCE(t->arrived, 0);
		/* pairs with the acquire of those who wait */
		smp_store_release(&t->meetings, meeting + 1);
	}
	/* what others did before they came is seen */
	while (smp_load_acquire(&t->meetings) == meeting)
		if (++spins < SPINS)
			cpu_relax();
		else
			sched_yield();
	shim_online();
}

static void account(struct team *t, u64 n)
{
	u64 begin = t->worker[0].begin_ns, end = t->worker[0].end_ns;
	u32 i;

	for (i = 1; i < t->n; i++) {
		begin = begin < t->worker[i].begin_ns ? begin :
							t->worker[i].begin_ns;
		end = end > t->worker[i].end_ns ? end : t->worker[i].end_ns;
	}
	t->last_ns = end - begin;
	t->last_ops = n;
	t->elapsed_ns += t->last_ns;
	t->ops += n;
}

/**
 * team_measure() - run a loop in all threads, from the same moment on
 * @worker:	this one
 * @loop:	the loop
 * @n:		its turns, the same in all threads
 *
 * The time is that from the first one's begin to the last one's end.
 */
void team_measure(struct worker *worker, loop_fn loop, u64 n)
{
	team_meet(worker);
	worker->begin_ns = ktime_get_ns();
	loop(worker, n);
	worker->end_ns = ktime_get_ns();
	team_meet(worker);
	if (!worker->index)
		account(worker->team, n);
}

/**
 * team_discard() - what the last loop measured does not count
 * @worker:	the first, while the others wait
 *
 * Return: how often that was so.
 */
u32 team_discard(struct worker *worker)
{
	struct team *t = worker->team;

	t->elapsed_ns -= t->last_ns;
	t->ops -= t->last_ops;
	return ++t->discarded;
}

struct start {
	struct worker *worker;
	worker_fn fn;
};

static void *run(void *arg)
{
	struct start *start = arg;

	shim_thread_enter(start->worker->index);
	start->fn(start->worker);
	shim_thread_leave();
	return NULL;
}

/* begun on its CPU, so that its stack is also of there */
static void begin(pthread_t *thread, struct start *start)
{
	pthread_attr_t attr;
	cpu_set_t cpu;
	int err;

	CPU_ZERO(&cpu);
	CPU_SET(start->worker->index, &cpu);
	pthread_attr_init(&attr);
	pthread_attr_setaffinity_np(&attr, sizeof(cpu), &cpu);
	err = pthread_create(thread, &attr, run, start);
	pthread_attr_destroy(&attr);
	if (err)
		die("a thread on CPU %u: error %d", start->worker->index, err);
}

static void prepare(struct worker *w, u32 index, struct table *table,
		    const struct request *request)
{
	*w = (struct worker){
		.team = &team, .table = table, .request = request,
		.index = index,
		.random = mix64(request->seed ^ mix64(request->round << 8 |
						      index)),
		.head = fresh[index], .tail = fresh[index],
	};
}

static int compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static u32 *all_samples(u64 *n)
{
	u32 *all, i;
	u64 at = 0;

	for (*n = 0, i = 0; i < team.n; i++)
		*n += team.worker[i].samples;
	all = malloc(*n * sizeof(*all));
	if (!all)
		die("no memory for %llu latencies", (unsigned long long)*n);
	for (i = 0; i < team.n; i++) {
		for (u64 j = 0; j < team.worker[i].samples; j++)
			all[at++] = team.worker[i].sample[j];
		free(team.worker[i].sample);
	}
	qsort(all, at, sizeof(*all), compare);
	return all;
}

static void latencies(struct answer *answer)
{
	u32 *all;
	u64 n;

	if (!team.worker[0].samples)
		return;
	all = all_samples(&n);
	answer->has_latency = true;
	answer->p50_ns = all[n / 2];
	answer->p99_ns = all[n * 99 / 100];
	answer->p999_ns = all[n * 999 / 1000];
	answer->max_ns = all[n - 1];
	free(all);
}

/**
 * team_run() - have threads do something
 * @table:	what is measured
 * @request:	how
 * @fn:		what each thread does
 * @answer:	out: the times
 *
 * Context: the main thread.
 */
void team_run(struct table *table, const struct request *request, worker_fn fn,
	      struct answer *answer)
{
	struct start start[SHIM_THREADS];
	pthread_t thread[SHIM_THREADS];
	u32 i;

	team.n = request->threads;
	team.ops = 0;
	team.elapsed_ns = 0;
	team.discarded = 0;
	shim_offline();
	for (i = 0; i < team.n; i++) {
		prepare(&team.worker[i], i, table, request);
		start[i] = (struct start){ &team.worker[i], fn };
		begin(&thread[i], &start[i]);
	}
	for (i = 0; i < team.n; i++) {
		pthread_join(thread[i], NULL);
		fresh[i] = team.worker[i].head;
	}
	shim_online();
	answer->ops = team.ops;
	answer->elapsed_ns = team.elapsed_ns ?: 1;
	latencies(answer);
}
