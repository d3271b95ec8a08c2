/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test can set and read of the kernel that core/ is compiled against
 * on the host, and what the shim's headers share.
 */
#ifndef SHIM_H
#define SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/compiler.h>

#define SHIM_CPUS	16	/* threads that may run core's code at once */

enum shim_context {
	SHIM_PROCESS,
	SHIM_SOFTIRQ,
	SHIM_HARDIRQ,
	SHIM_NMI,
};

/**
 * struct shim_thread - the state of one thread, which is a CPU to core/
 * @cpu:	its number, from shim_thread_enter()
 * @context:	enum shim_context that the code believes to run in
 * @locks:	spinlocks held
 * @bh_off:	depth of local_bh_disable()
 * @preempt_off: depth of preempt_disable()
 * @rcu:	depth of rcu_read_lock()
 * @sections:	how often that came back to 0
 * @memcg:	set_active_memcg()'s
 * @fail_in:	the allocation that fails, counted down; 0: none
 * @failed:	allocations that were made to fail
 * @allocs:	allocations asked for
 * @allocs_locked: those asked for with a spinlock held
 * @copied_locked: bytes that memcpy() moved with a spinlock held, in the
 *		present or the last hold
 * @copied_locked_max: most of them in one hold
 */
struct shim_thread {
	int cpu;
	enum shim_context context;
	int locks;
	int bh_off;
	int preempt_off;
	int rcu;
	unsigned long sections;
	void *memcg;
	unsigned long fail_in;
	unsigned long failed;
	unsigned long allocs;
	unsigned long allocs_locked;
	unsigned long copied_locked;
	unsigned long copied_locked_max;
};

extern __thread struct shim_thread shim_thread;

/* a thread that calls core/ does so between these two */
void shim_thread_enter(void);
void shim_thread_leave(void);

/* is it wrong to sleep here? */
static inline bool shim_atomic(void)
{
	return shim_thread.locks || shim_thread.bh_off ||
	       shim_thread.preempt_off || shim_thread.rcu ||
	       shim_thread.context != SHIM_PROCESS;
}

/* a rule of the kernel was broken: told on stderr, and counted */
void shim_violation(const char *format, ...)
	__printf(1, 2);
unsigned long shim_violations(void);

static inline void shim_may_sleep(const char *what)
{
	if (shim_atomic())
		shim_violation("%s in atomic context", what);
}

/* threads that wait for a spinlock now */
unsigned int shim_waiting(void);

/**
 * struct shim_memory - what core/ has allocated and not freed
 * @objects:	how many
 * @bytes:	their size: ksize(), or the cache's
 * @percpu:	per-CPU objects among them
 * @uncharged:	allocations without __GFP_ACCOUNT since the start
 * @charged:	charged to @memcg since the start
 */
struct shim_memory {
	long objects;
	long bytes;
	long percpu;
	unsigned long uncharged;
	unsigned long charged;
};

struct shim_memory shim_memory(void);

/* the nth allocation of this thread from now fails; 0: none does */
static inline void shim_fail_nth(unsigned long nth)
{
	shim_thread.fail_in = nth;
	shim_thread.failed = 0;
}

/* get_random_bytes() starts anew from here */
void shim_random_seed(uint64_t seed);

/*
 * Work queued stays queued until a test runs it here, or until it has started
 * a worker.  Returns how many items ran; those they queued are not among them.
 */
unsigned int shim_work_run(void);
void shim_worker_start(void);
void shim_worker_stop(void);

/* waits until no callback and no work is left, what they queue included */
void shim_settle(void);

/* num_online_cpus() and num_possible_cpus(), for the choice of defaults */
extern unsigned int shim_online_cpus;

#endif
