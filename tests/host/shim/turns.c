// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>
#include "turns.h"
#include "shim.h"

__thread bool shim_scheduled;

/* xorshift64 (Marsaglia 2003) */
static unsigned int draw_from(uint64_t *state, unsigned int n)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (*state >> 32) % n;
}

static uint64_t random_seed(uint64_t seed)
{
	return seed * 0x9e3779b97f4a7c15ULL | 1;
}

#ifdef SHIM_SCHED

/**
 * struct turn - one of the threads that take turns; kept from run to run
 * @thread:	it
 * @go:		it has the turn
 * @done:	it has come to its end
 * @once:	where each gives way once: after how many accesses
 * @state:	its shim_thread
 */
struct turn {
	pthread_t thread;
	sem_t go;
	bool done;
	unsigned int once;
	const struct shim_thread *state;
};

static struct turn turns[SHIM_SCHED_THREADS];
static unsigned int started, turns_n, left, chance;
static sem_t all_done;
static int processor;
static uint64_t random_state;
static shim_sched_fn thread_fn;
static void *thread_arg;
static __thread struct turn *mine;

/* only who has the turn draws */
static unsigned int draw(unsigned int n)
{
	return draw_from(&random_state, n);
}

/* another thread that is not done, NULL where there is none */
static struct turn *other(void)
{
	unsigned int i, from = draw(turns_n);
	struct turn *turn;

	for (i = 0; i < turns_n; i++) {
		turn = &turns[(from + i) % turns_n];
		if (turn != mine && !turn->done)
			return turn;
	}
	return NULL;
}

static void await(sem_t *sem)
{
	while (sem_wait(sem))
		;
}

static bool gives_way(void)
{
	return chance ? !draw(chance) : mine->once && !--mine->once;
}

void shim_sched_switch(void)
{
	struct turn *to = gives_way() ? other() : NULL;

	if (!to)
		return;
	sem_post(&to->go);
	await(&mine->go);
}

bool shim_sched_wait(void)
{
	struct turn *to = shim_scheduled ? other() : NULL;

	if (!to)
		return false;
	sem_post(&to->go);
	await(&mine->go);
	return true;
}

bool shim_sched_grace(void)
{
	unsigned long before[SHIM_SCHED_THREADS];
	const struct turn *turn;
	unsigned int i;

	if (!shim_scheduled)
		return false;
	for (i = 0; i < turns_n; i++)
		before[i] = turns[i].state->sections;
	for (i = 0, turn = turns; i < turns_n; i++, turn++)
		while (turn != mine && !turn->done && turn->state->rcu &&
		       turn->state->sections == before[i])
			shim_sched_wait();
	return true;
}

static void end_turn(void)
{
	mine->done = true;
	if (--left)
		sem_post(&other()->go);
	else
		sem_post(&all_done);
}

/* whoever waits for its turn needs no processor; one for all is faster */
static void stay_here(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET(processor, &here);
	sched_setaffinity(0, sizeof(here), &here);
}

static void *run(void *arg)
{
	mine = arg;
	shim_thread_enter();
	mine->state = &shim_thread;
	sem_post(&all_done);
	stay_here();
	for (;;) {
		await(&mine->go);
		shim_scheduled = true;
		thread_fn(mine - turns, thread_arg);
		shim_scheduled = false;
		end_turn();
	}
	return NULL;
}

static void start(void)
{
	struct turn *turn = &turns[started++];

	sem_init(&turn->go, 0, 0);
	pthread_create(&turn->thread, NULL, run, turn);
	pthread_detach(turn->thread);
	await(&all_done);
}

void shim_sched_run(unsigned int n, shim_sched_fn fn, void *arg,
		    uint64_t seed, unsigned int one_in)
{
	unsigned int i;

	if (!started) {
		processor = sched_getcpu();
		sem_init(&all_done, 0, 0);
	}
	while (started < n)
		start();
	turns_n = n;
	left = n;
	chance = one_in;
	random_state = random_seed(seed);
	thread_fn = fn;
	thread_arg = arg;
	for (i = 0; i < n; i++) {
		turns[i].done = false;
		turns[i].once = 1 + draw(2U << draw(9));
	}
	sem_post(&turns[draw(n)].go);
	await(&all_done);
}

/* they change places anyway */
void shim_jitter(uint64_t seed, unsigned int one_in)
{
}

#else

static __thread uint64_t jitter_state;
static __thread unsigned int jitter;

void shim_jitter(uint64_t seed, unsigned int one_in)
{
	jitter_state = random_seed(seed);
	jitter = one_in;
	shim_scheduled = one_in;
}

void shim_sched_switch(void)
{
	if (!draw_from(&jitter_state, jitter))
		sched_yield();
}

static pthread_t threads[SHIM_SCHED_THREADS];
static unsigned int threads_n, arrived;
static shim_sched_fn thread_fn;
static void *thread_arg;

bool shim_sched_wait(void)
{
	return false;
}

bool shim_sched_grace(void)
{
	return false;
}

static void *run(void *arg)
{
	unsigned int i;

	shim_thread_enter();
	__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
	for (i = 0; __atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < threads_n; i++)
		if (i % 1000 == 999)
			sched_yield();
	thread_fn((uintptr_t)arg, thread_arg);
	shim_thread_leave();
	return NULL;
}

void shim_sched_run(unsigned int n, shim_sched_fn fn, void *arg,
		    uint64_t seed, unsigned int one_in)
{
	unsigned int i;

	threads_n = n;
	arrived = 0;
	thread_fn = fn;
	thread_arg = arg;
	for (i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, run, (void *)(uintptr_t)i);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

#endif
