// SPDX-License-Identifier: GPL-2.0
/* Threads, which are CPUs to core/; broken rules; time and chance. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <urcu/urcu-memb.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "internal.h"

__thread struct shim_thread shim_thread = { .cpu = -1 };
unsigned int shim_online_cpus = 4;
struct task_struct shim_task;

static pthread_mutex_t cpus_lock = PTHREAD_MUTEX_INITIALIZER;
static bool cpu_taken[SHIM_CPUS];
static unsigned long violations;
static u64 random_state = 1;

static int cpu_take(void)
{
	int cpu = 0;

	pthread_mutex_lock(&cpus_lock);
	while (cpu < SHIM_CPUS && cpu_taken[cpu])
		cpu++;
	if (cpu == SHIM_CPUS) {
		fprintf(stderr, "shim: more than %d threads\n", SHIM_CPUS);
		__builtin_trap();
	}
	cpu_taken[cpu] = true;
	pthread_mutex_unlock(&cpus_lock);
	return cpu;
}

void shim_thread_enter(void)
{
	shim_thread = (struct shim_thread){ .cpu = cpu_take() };
	urcu_memb_register_thread();
}

void shim_thread_leave(void)
{
	urcu_memb_unregister_thread();
	pthread_mutex_lock(&cpus_lock);
	cpu_taken[shim_thread.cpu] = false;
	pthread_mutex_unlock(&cpus_lock);
	shim_thread.cpu = -1;
}

void shim_violation(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("shim: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	__atomic_fetch_add(&violations, 1, __ATOMIC_RELAXED);
}

unsigned long shim_violations(void)
{
	return __atomic_load_n(&violations, __ATOMIC_RELAXED);
}

u64 ktime_get_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

void shim_random_seed(uint64_t seed)
{
	__atomic_store_n(&random_state, seed, __ATOMIC_RELAXED);
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
