// SPDX-License-Identifier: GPL-2.0
/* A map's memory: see mem.h */
#include <linux/memcontrol.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include "map.h"
#include "mem.h"

static_assert(!(SM_GFP_BEYOND & __GFP_BITS_MASK));

/**
 * sm_mem_init() - open a map's accounts in the caller's cgroup
 * @mem:	zeroed
 *
 * Context: process, may sleep.  Return: 0 or -ENOMEM, with nothing held.
 */
int sm_mem_init(struct sm_mem *mem)
{
	int err = percpu_counter_init(&mem->bytes, 0, GFP_KERNEL_ACCOUNT);

	if (err)
		return err;
	mem->events = alloc_percpu_gfp(struct sm_mem_events,
				       GFP_KERNEL_ACCOUNT);
	if (!mem->events) {
		percpu_counter_destroy(&mem->bytes);
		return -ENOMEM;
	}
	mem->memcg = get_mem_cgroup_from_mm(current->mm);
	return 0;
}

/**
 * sm_mem_destroy() - close a map's accounts
 * @mem:	nothing of it is in use any more
 */
void sm_mem_destroy(struct sm_mem *mem)
{
	mem_cgroup_put(mem->memcg);
	free_percpu(mem->events);
	percpu_counter_destroy(&mem->bytes);
}

/**
 * sm_mem_events() - how many allocations were made, and how many failed
 * @mem:	the accounts
 * @sum:	over all CPUs
 */
void sm_mem_events(const struct sm_mem *mem, struct sm_mem_events *sum)
{
	const struct sm_mem_events *events;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		events = per_cpu_ptr(mem->events, cpu);
		sum->allocs += READ_ONCE(events->allocs);
		sum->failures += READ_ONCE(events->failures);
	}
}

/* charged before it is compared, so that two at once never pass together */
static bool sm_mem_charge(struct sm_mem *mem, s64 bytes, bool beyond)
{
	s64 max = min_t(u64, READ_ONCE(mem->max_bytes), S64_MAX);

	percpu_counter_add_batch(&mem->bytes, bytes, SM_MEM_BATCH);
	if (!max || beyond || __percpu_counter_compare(&mem->bytes, max, SM_MEM_BATCH) <= 0)
		return true;
	percpu_counter_add_batch(&mem->bytes, -bytes, SM_MEM_BATCH);
	return false;
}

static void sm_mem_return(struct sm_mem *mem, s64 bytes)
{
	percpu_counter_add_batch(&mem->bytes, -bytes, SM_MEM_BATCH);
}

/* as the kernel's allocators take it */
static gfp_t sm_mem_gfp(gfp_t gfp)
{
	return (gfp & ~SM_GFP_BEYOND) | __GFP_ACCOUNT | __GFP_NOWARN;
}

/* Count an allocation.  Return: 0, or why the map cannot have it. */
static int sm_mem_take(struct sm_mem *mem, bool allocated, s64 bytes, gfp_t gfp)
{
	if (!allocated) {
		this_cpu_inc(mem->events->failures);
		return -ENOMEM;
	}
	this_cpu_inc(mem->events->allocs);
	return sm_mem_charge(mem, bytes, gfp & SM_GFP_BEYOND) ? 0 : -ENOSPC;
}

/**
 * sm_mem_alloc() - allocate for a map
 * @map:	which
 * @size:	bytes
 * @gfp:	how; SM_GFP_BEYOND: whatever max_bytes is
 *
 * Return: the memory, or an ERR_PTR: -ENOMEM, or -ENOSPC at max_bytes.
 */
void *sm_mem_alloc(struct syncmap *map, size_t size, gfp_t gfp)
{
	struct sm_mem *mem = &map->mem;
	struct mem_cgroup *old = set_active_memcg(mem->memcg);
	void *p = kmalloc(size, sm_mem_gfp(gfp));
	int err;

	set_active_memcg(old);
	err = sm_mem_take(mem, p, p ? ksize(p) : 0, gfp);
	if (!err)
		return p;
	kfree(p);
	return ERR_PTR(err);
}

/**
 * sm_mem_uncharge() - take memory off a map's account before it is freed
 * @map:	which
 * @p:		from sm_mem_alloc(); the caller frees it with kfree()
 */
void sm_mem_uncharge(struct syncmap *map, const void *p)
{
	sm_mem_return(&map->mem, ksize(p));
}

/**
 * sm_mem_free() - free what sm_mem_alloc() gave
 * @map:	which
 * @p:		the memory, or NULL
 */
void sm_mem_free(struct syncmap *map, const void *p)
{
	if (!p)
		return;
	sm_mem_uncharge(map, p);
	kfree(p);
}

/**
 * sm_mem_alloc_cache() - as sm_mem_alloc(), from a cache
 * @map:	which
 * @cache:	of objects of @size
 * @size:	bytes
 * @gfp:	how
 *
 * Return: as sm_mem_alloc().
 */
void *sm_mem_alloc_cache(struct syncmap *map, struct kmem_cache *cache,
			 size_t size, gfp_t gfp)
{
	struct sm_mem *mem = &map->mem;
	struct mem_cgroup *old = set_active_memcg(mem->memcg);
	void *p = kmem_cache_alloc(cache, sm_mem_gfp(gfp));
	int err;

	set_active_memcg(old);
	err = sm_mem_take(mem, p, size, gfp);
	if (!err)
		return p;
	if (p)
		kmem_cache_free(cache, p);
	return ERR_PTR(err);
}

/**
 * sm_mem_free_cache() - free what sm_mem_alloc_cache() gave
 * @map:	which
 * @cache:	where it is from
 * @p:		the memory
 * @size:	its bytes
 */
void sm_mem_free_cache(struct syncmap *map, struct kmem_cache *cache, void *p,
		       size_t size)
{
	sm_mem_return(&map->mem, size);
	kmem_cache_free(cache, p);
}

/**
 * sm_mem_alloc_percpu() - as sm_mem_alloc(), a zeroed copy for each CPU
 * @map:	which
 * @size:	bytes for each CPU
 * @gfp:	how
 * @err:	out: 0, or why not: -ENOMEM, or -ENOSPC at max_bytes
 *
 * Return: the memory, or NULL.
 */
void __percpu *sm_mem_alloc_percpu(struct syncmap *map, size_t size, gfp_t gfp,
				   int *err)
{
	struct sm_mem *mem = &map->mem;
	struct mem_cgroup *old = set_active_memcg(mem->memcg);
	void __percpu *p;

	p = __alloc_percpu_gfp(size, sizeof(u64), sm_mem_gfp(gfp));
	set_active_memcg(old);
	*err = sm_mem_take(mem, p, size * num_possible_cpus(), gfp);
	if (!*err)
		return p;
	free_percpu(p);
	return NULL;
}

/**
 * sm_mem_free_percpu() - free what sm_mem_alloc_percpu() gave
 * @map:	which
 * @p:		the memory
 * @size:	bytes for each CPU
 */
void sm_mem_free_percpu(struct syncmap *map, void __percpu *p, size_t size)
{
	sm_mem_return(&map->mem, size * num_possible_cpus());
	free_percpu(p);
}
