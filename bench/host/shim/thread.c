// SPDX-License-Identifier: GPL-2.0
/* Threads, which are CPUs to core/; locks, time and chance. */
#include <asm/prctl.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <linux/container_of.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include "shim.h"

#define SPINS	1000	/* then the holder may need this very processor */

__thread unsigned int shim_cpu = SHIM_CPU_MAIN;
unsigned int shim_online_cpus;
struct task_struct shim_task;

static u64 random_state = 1;

/* glibc has no call for it */
static void be_cpu(unsigned int cpu)
{
	shim_cpu = cpu;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, cpu * SHIM_PERCPU_UNIT))
		__builtin_trap();
}

void shim_thread_enter(unsigned int cpu)
{
	be_cpu(cpu);
	urcu_qsbr_register_thread();
}

void shim_thread_leave(void)
{
	urcu_qsbr_unregister_thread();
}

void shim_quiescent(void)
{
	urcu_qsbr_quiescent_state();
}

void shim_offline(void)
{
	urcu_qsbr_thread_offline();
}

void shim_online(void)
{
	urcu_qsbr_thread_online();
}

/* the first callback in a thread that runs callbacks */
struct first {
	struct rcu_head rcu;
	unsigned int cpu;
};

static void in_rcu_thread(struct rcu_head *rcu)
{
	be_cpu(container_of(rcu, struct first, rcu)->cpu);
}

/*
 * As in the kernel, callbacks run on the CPU that queued them: one thread for
 * all would be overrun by those who queue.
 */
static void start_rcu_threads(void)
{
	static struct first first[SHIM_THREADS + 1];
	struct call_rcu_data *data;
	unsigned int cpu;

	for (cpu = 0; cpu < min(shim_online_cpus, SHIM_THREADS); cpu++) {
		data = urcu_qsbr_create_call_rcu_data(0, cpu);
		urcu_qsbr_set_cpu_call_rcu_data(cpu, data);
		urcu_qsbr_set_thread_call_rcu_data(data);
		first[cpu].cpu = SHIM_CPU_RCU + cpu;
		call_rcu(&first[cpu].rcu, in_rcu_thread);
	}
	urcu_qsbr_set_thread_call_rcu_data(urcu_qsbr_get_default_call_rcu_data());
	first[cpu].cpu = SHIM_CPU_RCU_ANY;
	call_rcu(&first[cpu].rcu, in_rcu_thread);
	urcu_qsbr_set_thread_call_rcu_data(NULL);
	rcu_barrier();
}

void shim_init(void)
{
	shim_online_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	shim_thread_enter(SHIM_CPU_MAIN);
	start_rcu_threads();
}

void shim_spin(spinlock_t *lock)
{
	unsigned int spins = 0;

	do {
		while (READ_ONCE(lock->taken))
			if (++spins % SPINS)
				cpu_relax();
			else
				sched_yield();
	} while (!spin_trylock(lock));
}

void mutex_lock(struct mutex *mutex)
{
	if (mutex_trylock(mutex))
		return;
	shim_offline();
	pthread_mutex_lock(&mutex->mutex);
	shim_online();
}

u64 ktime_get_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

void shim_random_seed(unsigned long seed)
{
	WRITE_ONCE(random_state, seed);
}

/* SplitMix64 (Steele, Lea, Flood 2014) */
static u64 random_next(void)
{
	u64 z = __atomic_add_fetch(&random_state, 0x9e3779b97f4a7c15ULL,
				   __ATOMIC_RELAXED);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

void get_random_bytes(void *buffer, size_t n)
{
	unsigned char *p = buffer;
	u64 word;

	while (n) {
		size_t part = n < sizeof(word) ? n : sizeof(word);

		word = random_next();
		memcpy(p, &word, part);
		p += part;
		n -= part;
	}
}
