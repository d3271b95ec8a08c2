// SPDX-License-Identifier: GPL-2.0
/* Per-CPU memory, and counters made of it. */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/percpu_counter.h>
#include "internal.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)		((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n)	((void)(p), (void)(n))
#endif

#define ROUND		64
#define SIZE_MAX_UNIT	32768	/* the kernel's limit */

/* before each object, in the first CPU's part */
struct header {
	size_t size;
	struct header *next;
} __aligned(ROUND);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct header *freed[SIZE_MAX_UNIT / ROUND + 1];
static char *region;
static size_t used;

static struct header *carve(size_t size)
{
	size_t need = sizeof(struct header) + size;
	struct header *header;

	if (!region)
		region = mmap(NULL, SHIM_CPUS * SHIM_PERCPU_UNIT,
			      PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			      -1, 0);
	if (region == MAP_FAILED || used + need > SHIM_PERCPU_UNIT)
		return NULL;
	header = (struct header *)(region + used);
	header->size = size;
	used += need;
	return header;
}

static struct header *take(size_t size)
{
	struct header **list = &freed[size / ROUND];
	struct header *header;

	pthread_mutex_lock(&lock);
	header = *list;
	if (header)
		*list = header->next;
	else
		header = carve(size);
	pthread_mutex_unlock(&lock);
	return header;
}

void *shim_percpu_alloc(size_t size, size_t align, gfp_t gfp)
{
	struct header *header;
	char *p;
	int cpu;

	size = round_up(size, ROUND);
	if (WARN_ON(size > SIZE_MAX_UNIT || align > ROUND) ||
	    !shim_percpu_may_allocate(gfp))
		return NULL;
	header = take(size);
	if (!header)
		__builtin_trap();
	p = (char *)(header + 1);
	for_each_possible_cpu(cpu) {
		ASAN_UNPOISON_MEMORY_REGION(per_cpu_ptr(p, cpu), size);
		memset(per_cpu_ptr(p, cpu), 0, size);
	}
	return p;
}

void free_percpu(const void *p)
{
	struct header *header;
	int cpu;

	if (!p)
		return;
	header = (struct header *)p - 1;
	for_each_possible_cpu(cpu)
		ASAN_POISON_MEMORY_REGION(per_cpu_ptr((char *)p, cpu),
					  header->size);
	pthread_mutex_lock(&lock);
	header->next = freed[header->size / ROUND];
	freed[header->size / ROUND] = header;
	pthread_mutex_unlock(&lock);
	shim_percpu_freed();
}

/* folding and summing exclude each other, as in the kernel */
static pthread_mutex_t fold_lock = PTHREAD_MUTEX_INITIALIZER;

/* no turn ends with the lock held: who waits for it could not give it back */
static bool fold_begin(void)
{
	bool scheduled = shim_scheduled;

	shim_scheduled = false;
	pthread_mutex_lock(&fold_lock);
	return scheduled;
}

static void fold_end(bool scheduled)
{
	pthread_mutex_unlock(&fold_lock);
	shim_scheduled = scheduled;
}

int percpu_counter_init(struct percpu_counter *counter, s64 amount, gfp_t gfp)
{
	counter->count = amount;
	counter->local = alloc_percpu_gfp(s32, gfp);
	return counter->local ? 0 : -ENOMEM;
}

void percpu_counter_destroy(struct percpu_counter *counter)
{
	free_percpu(counter->local);
	counter->local = NULL;
}

void percpu_counter_add_batch(struct percpu_counter *counter, s64 amount,
			      s32 batch)
{
	s64 local = this_cpu_read(*counter->local) + amount;
	bool scheduled;

	if (local < batch && local > -batch) {
		this_cpu_write(*counter->local, local);
		return;
	}
	scheduled = fold_begin();
	WRITE_ONCE(counter->count, counter->count + local);
	this_cpu_write(*counter->local, 0);
	fold_end(scheduled);
}

s64 percpu_counter_sum(struct percpu_counter *counter)
{
	bool scheduled;
	s64 sum;
	int cpu;

	scheduled = fold_begin();
	sum = counter->count;
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(counter->local, cpu));
	fold_end(scheduled);
	return sum;
}

void percpu_counter_set(struct percpu_counter *counter, s64 amount)
{
	bool scheduled;
	int cpu;

	scheduled = fold_begin();
	for_each_possible_cpu(cpu)
		WRITE_ONCE(*per_cpu_ptr(counter->local, cpu), 0);
	WRITE_ONCE(counter->count, amount);
	fold_end(scheduled);
}

int __percpu_counter_compare(struct percpu_counter *counter, s64 rhs, s32 batch)
{
	s64 count = percpu_counter_read(counter);
	s64 unsure = (s64)batch * SHIM_CPUS;

	if (count - rhs <= unsure && rhs - count <= unsure)
		count = percpu_counter_sum(counter);
	return count > rhs ? 1 : count < rhs ? -1 : 0;
}
