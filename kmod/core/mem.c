// SPDX-License-Identifier: GPL-2.0
/* A map's memory: see mem.h */
#include <linux/memcontrol.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include "map.h"
#include "mem.h"

/**
 * sm_mem_init() - open a map's accounts in the caller's cgroup
 * @mem:	zeroed
 *
 * Context: process, may sleep.  Return: 0 or -ENOMEM, with nothing held.
 */
int sm_mem_init(struct sm_mem *mem)
{
	int err = percpu_counter_init(&mem->bytes, 0, GFP_KERNEL);

	if (err)
		return err;
	mem->events = alloc_percpu(struct sm_mem_events);
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
static bool sm_mem_charge(struct sm_mem *mem, s64 bytes)
{
	s64 max = min_t(u64, READ_ONCE(mem->max_bytes), S64_MAX);

	percpu_counter_add_batch(&mem->bytes, bytes, SM_MEM_BATCH);
	if (!max || __percpu_counter_compare(&mem->bytes, max, SM_MEM_BATCH) <= 0)
		return true;
	percpu_counter_add_batch(&mem->bytes, -bytes, SM_MEM_BATCH);
	return false;
}

static void sm_mem_return(struct sm_mem *mem, s64 bytes)
{
	percpu_counter_add_batch(&mem->bytes, -bytes, SM_MEM_BATCH);
}

static void *sm_mem_note(struct sm_mem *mem, void *p)
{
	if (p) {
		this_cpu_inc(mem->events->allocs);
		return p;
	}
	this_cpu_inc(mem->events->failures);
	return ERR_PTR(-ENOMEM);
}

/**
 * sm_mem_alloc() - allocate for a map
 * @map:	which
 * @size:	bytes
 * @gfp:	how
 *
 * Return: the memory, or an ERR_PTR: -ENOMEM, or -ENOSPC at max_bytes.
 */
void *sm_mem_alloc(struct syncmap *map, size_t size, gfp_t gfp)
{
	struct sm_mem *mem = &map->mem;
	struct mem_cgroup *old = set_active_memcg(mem->memcg);
	void *p = kmalloc(size, gfp | __GFP_ACCOUNT | __GFP_NOWARN);

	set_active_memcg(old);
	p = sm_mem_note(mem, p);
	if (IS_ERR(p) || sm_mem_charge(mem, ksize(p)))
		return p;
	kfree(p);
	return ERR_PTR(-ENOSPC);
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
	void *p = kmem_cache_alloc(cache, gfp | __GFP_ACCOUNT | __GFP_NOWARN);

	set_active_memcg(old);
	p = sm_mem_note(mem, p);
	if (IS_ERR(p) || sm_mem_charge(mem, size))
		return p;
	kmem_cache_free(cache, p);
	return ERR_PTR(-ENOSPC);
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
 * @p:		out: the memory
 *
 * Return: 0; -ENOMEM, or -ENOSPC at max_bytes.
 */
int sm_mem_alloc_percpu(struct syncmap *map, size_t size, gfp_t gfp,
			void __percpu **p)
{
	struct sm_mem *mem = &map->mem;
	struct mem_cgroup *old = set_active_memcg(mem->memcg);

	*p = __alloc_percpu_gfp(size, sizeof(u64),
				gfp | __GFP_ACCOUNT | __GFP_NOWARN);
	set_active_memcg(old);
	if (!*p)
		return -ENOMEM;
	if (sm_mem_charge(mem, size * num_possible_cpus()))
		return 0;
	free_percpu(*p);
	return -ENOSPC;
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
