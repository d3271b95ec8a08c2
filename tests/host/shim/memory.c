// SPDX-License-Identifier: GPL-2.0
/* Memory: counted, poisoned, charged, and made to fail where a test wants it. */
#include <stdlib.h>
#include <string.h>
#include <linux/memcontrol.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include "internal.h"

#define POISON_NEW	0x5a
#define POISON_FREE	0x6b

struct kmem_cache {
	const char *name;
	size_t size;
	size_t align;
	long objects;
};

struct mem_cgroup {
	long references;
};

static struct shim_memory memory;
static struct mem_cgroup memcg;

struct shim_memory shim_memory(void)
{
	return (struct shim_memory){
		.objects = READ_ONCE(memory.objects),
		.bytes = READ_ONCE(memory.bytes),
		.percpu = READ_ONCE(memory.percpu),
		.uncharged = READ_ONCE(memory.uncharged),
		.charged = READ_ONCE(memory.charged),
	};
}

static void add(long *count, long n)
{
	__atomic_fetch_add(count, n, __ATOMIC_RELAXED);
}

static void charge(gfp_t gfp)
{
	unsigned long *count = gfp & __GFP_ACCOUNT && shim_thread.memcg ?
			       &memory.charged : &memory.uncharged;

	__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}

/* the rules for asking, and the failures that were ordered */
static bool may_allocate(gfp_t gfp)
{
	if (shim_thread.context >= SHIM_HARDIRQ)
		shim_violation("allocation in hardirq or NMI");
	if (gfpflags_allow_blocking(gfp))
		shim_may_sleep("allocation that may sleep");
	shim_thread.allocs++;
	if (shim_thread.locks)
		shim_thread.allocs_locked++;
	if (shim_thread.fail_in && !--shim_thread.fail_in) {
		shim_thread.failed++;
		return false;
	}
	charge(gfp);
	return true;
}

/* what stands before each object: the C library's own idea of its size varies */
struct origin {
	void *start;
	size_t size;
};

static struct origin *origin(const void *p)
{
	return (struct origin *)p - 1;
}

static void *allocate(size_t size, size_t align, gfp_t gfp)
{
	size_t before = max(align, sizeof(struct origin));
	void *start, *p;

	if (!may_allocate(gfp) || size > KMALLOC_MAX_SIZE)
		return NULL;
	if (posix_memalign(&start, align, before + size))
		return NULL;
	p = (char *)start + before;
	*origin(p) = (struct origin){ start, size };
	memset(p, gfp & __GFP_ZERO ? 0 : POISON_NEW, size);
	return p;
}

size_t ksize(const void *p)
{
	return origin(p)->size;
}

static void *count_new(void *p, size_t size)
{
	if (!p)
		return NULL;
	add(&memory.objects, 1);
	add(&memory.bytes, size);
	return p;
}

static void release(const void *p, size_t size)
{
	add(&memory.objects, -1);
	add(&memory.bytes, -(long)size);
	memset((void *)p, POISON_FREE, size);
	free(origin(p)->start);
}

/* as in the kernel, what is larger than its odd sizes is aligned as a power of two */
void *kmalloc(size_t size, gfp_t gfp)
{
	size_t align = sizeof(struct origin);

	if (is_power_of_2(size) || size > 192)
		align = min(roundup_pow_of_two(size), PAGE_SIZE);
	return count_new(allocate(size ?: 1, max(align, sizeof(struct origin)),
				  gfp), size ?: 1);
}

void kfree(const void *p)
{
	if (p)
		release(p, ksize(p));
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *p))
{
	struct kmem_cache *cache;

	if (!may_allocate(GFP_KERNEL))
		return NULL;
	cache = calloc(1, sizeof(*cache));
	cache->name = name;
	cache->size = size;
	cache->align = max_t(size_t, align, sizeof(void *));
	if (flags & SLAB_HWCACHE_ALIGN)
		cache->align = max_t(size_t, cache->align, 64);
	WARN_ON(ctor);
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	if (!cache)
		return;
	if (READ_ONCE(cache->objects))
		shim_violation("%s: destroyed with %ld objects", cache->name,
			       cache->objects);
	free(cache);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	void *p = allocate(cache->size, cache->align, gfp);

	if (p)
		add(&cache->objects, 1);
	return count_new(p, cache->size);
}

void kmem_cache_free(struct kmem_cache *cache, void *p)
{
	if (__atomic_sub_fetch(&cache->objects, 1, __ATOMIC_RELAXED) < 0)
		shim_violation("%s: more freed than allocated", cache->name);
	release(p, cache->size);
}

struct mem_cgroup *get_mem_cgroup_from_mm(struct mm_struct *mm)
{
	add(&memcg.references, 1);
	add(&memory.objects, 1);
	return &memcg;
}

void mem_cgroup_put(struct mem_cgroup *cgroup)
{
	add(&memory.objects, -1);
	if (__atomic_sub_fetch(&cgroup->references, 1, __ATOMIC_RELAXED) < 0)
		shim_violation("memory cgroup put more than got");
}

bool shim_percpu_may_allocate(gfp_t gfp)
{
	if (!may_allocate(gfp))
		return false;
	add(&memory.percpu, 1);
	add(&memory.objects, 1);
	return true;
}

void shim_percpu_freed(void)
{
	add(&memory.percpu, -1);
	add(&memory.objects, -1);
}
