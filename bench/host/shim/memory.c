// SPDX-License-Identifier: GPL-2.0
/* Caches of objects, per-CPU memory, and counters made of that. */
#include <pthread.h>
#include <sys/mman.h>
#include <linux/math.h>
#include <linux/percpu_counter.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "shim.h"

#define SLAB_BYTES	(16UL << 10)
#define ROUND		64	/* per-CPU objects share no line with others */

/* what is free is linked by its first word */
struct object {
	struct object *next;
};

/**
 * struct kmem_cache - equal objects, carved from slabs
 * @lock:	guards the next three
 * @free:	objects
 * @slabs:	all slabs: their first words link them
 * @in_use:	objects
 * @size:	of an object, alignment included
 * @align:	its alignment
 * @next:	in the list of all caches, which nobody leaves
 */
struct kmem_cache {
	spinlock_t lock;
	struct object *free;
	struct object *slabs;
	unsigned long in_use;
	size_t size;
	size_t align;
	struct kmem_cache *next;
};

static struct kmem_cache *caches;

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *p))
{
	struct kmem_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	cache->align = max_t(size_t, align, sizeof(struct object));
	if (flags & SLAB_HWCACHE_ALIGN)
		cache->align = max_t(size_t, cache->align, 64);
	cache->size = round_up(size, cache->align);
	cache->next = caches;
	caches = cache;
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	/* programs end without it */
	__builtin_trap();
}

static void shrink(struct kmem_cache *cache)
{
	struct object *slab;

	spin_lock(&cache->lock);
	while (!cache->in_use && (slab = cache->slabs)) {
		cache->slabs = slab->next;
		cache->free = NULL;
		free(slab);
	}
	spin_unlock(&cache->lock);
}

void shim_shrink(void)
{
	struct kmem_cache *cache;

	for (cache = caches; cache; cache = cache->next)
		shrink(cache);
}

static void grow(struct kmem_cache *cache)
{
	struct object *object, *slab;
	size_t at;

	slab = aligned_alloc(cache->align, SLAB_BYTES);
	if (!slab)
		return;
	slab->next = cache->slabs;
	cache->slabs = slab;
	at = round_up(sizeof(*slab), cache->align);
	for (; at + cache->size <= SLAB_BYTES; at += cache->size) {
		object = (struct object *)((char *)slab + at);
		object->next = cache->free;
		cache->free = object;
	}
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	struct object *object;

	spin_lock(&cache->lock);
	if (!cache->free)
		grow(cache);
	object = cache->free;
	if (object) {
		cache->free = object->next;
		cache->in_use++;
	}
	spin_unlock(&cache->lock);
	if (object && gfp & __GFP_ZERO)
		memset(object, 0, cache->size);
	return object;
}

void kmem_cache_free(struct kmem_cache *cache, void *p)
{
	struct object *object = p;

	spin_lock(&cache->lock);
	object->next = cache->free;
	cache->free = object;
	cache->in_use--;
	spin_unlock(&cache->lock);
}

/* before each per-CPU object, in the first CPU's part */
struct header {
	size_t size;
	struct header *next;
} __aligned(ROUND);

static pthread_mutex_t percpu_lock = PTHREAD_MUTEX_INITIALIZER;
static struct header *freed;
static char *region;
static size_t carved, in_use;

static struct header *carve(size_t size)
{
	struct header *header;

	if (!region)
		region = mmap(NULL, SHIM_CPUS * SHIM_PERCPU_UNIT,
			      PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			      -1, 0);
	if (region == MAP_FAILED ||
	    carved + sizeof(*header) + size > SHIM_PERCPU_UNIT)
		return NULL;
	header = (struct header *)(region + carved);
	header->size = size;
	carved += sizeof(*header) + size;
	return header;
}

static struct header *take(size_t size)
{
	struct header **link = &freed, *header;

	pthread_mutex_lock(&percpu_lock);
	while (*link && (*link)->size != size)
		link = &(*link)->next;
	header = *link;
	if (header)
		*link = header->next;
	else
		header = carve(size);
	if (header)
		in_use += size;
	pthread_mutex_unlock(&percpu_lock);
	return header;
}

void *shim_percpu_alloc(size_t size, gfp_t gfp)
{
	struct header *header;
	char *p;
	int cpu;

	size = round_up(size, ROUND);
	header = take(size);
	if (!header)
		return NULL;
	p = (char *)(header + 1);
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(p, cpu), 0, size);
	return p;
}

void free_percpu(const void *p)
{
	struct header *header = (struct header *)p - 1;

	if (!p)
		return;
	pthread_mutex_lock(&percpu_lock);
	in_use -= header->size;
	header->next = freed;
	freed = header;
	pthread_mutex_unlock(&percpu_lock);
}

size_t shim_percpu_bytes(void)
{
	return in_use * num_online_cpus();
}

static DEFINE_SPINLOCK(fold_lock);

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

	if (likely(local < batch && local > -batch)) {
		this_cpu_write(*counter->local, local);
		return;
	}
	spin_lock(&fold_lock);
	WRITE_ONCE(counter->count, counter->count + local);
	this_cpu_write(*counter->local, 0);
	spin_unlock(&fold_lock);
}

s64 percpu_counter_sum(struct percpu_counter *counter)
{
	s64 sum;
	int cpu;

	spin_lock(&fold_lock);
	sum = counter->count;
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(counter->local, cpu));
	spin_unlock(&fold_lock);
	return sum;
}

int __percpu_counter_compare(struct percpu_counter *counter, s64 rhs, s32 batch)
{
	s64 count = percpu_counter_read(counter);
	s64 unsure = (s64)batch * SHIM_CPUS;

	if (count - rhs <= unsure && rhs - count <= unsure)
		count = percpu_counter_sum(counter);
	return count > rhs ? 1 : count < rhs ? -1 : 0;
}
