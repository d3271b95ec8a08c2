/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A map's memory: charged to the cgroup that made the map, counted, limited.
 * Bytes are what the allocator hands out, not what was asked for.
 */
#ifndef SYNCMAP_CORE_MEM_H
#define SYNCMAP_CORE_MEM_H

#include <linux/bits.h>
#include <linux/err.h>
#include <linux/percpu_counter.h>
#include <linux/slab.h>
#include <linux/types.h>

/* with a gfp: counted as all memory is, but not refused at max_bytes */
#define SM_GFP_BEYOND	((__force gfp_t)BIT(31))

struct mem_cgroup;
struct syncmap;

/* what each CPU may be off in the count of bytes */
#define SM_MEM_BATCH	(64 * 1024)

/**
 * struct sm_mem - a map's memory accounts
 * @bytes:	in use
 * @max_bytes:	most that may be; 0: no limit.  READ_ONCE/WRITE_ONCE
 * @memcg:	who is charged; a reference is held
 * @events:	per-CPU counts of allocations made and failed
 */
struct sm_mem {
	struct percpu_counter bytes;
	u64 max_bytes;
	struct mem_cgroup *memcg;
	struct sm_mem_events __percpu *events;
};

struct sm_mem_events {
	u64 allocs;
	u64 failures;
};

int sm_mem_init(struct sm_mem *mem);
void sm_mem_destroy(struct sm_mem *mem);
void sm_mem_events(const struct sm_mem *mem, struct sm_mem_events *sum);

void *sm_mem_alloc(struct syncmap *map, size_t size, gfp_t gfp);
void sm_mem_free(struct syncmap *map, const void *p);
void sm_mem_uncharge(struct syncmap *map, const void *p);
void *sm_mem_alloc_cache(struct syncmap *map, struct kmem_cache *cache,
			 size_t size, gfp_t gfp);
void __percpu *sm_mem_alloc_percpu(struct syncmap *map, size_t size, gfp_t gfp,
				   int *err);
void sm_mem_free_percpu(struct syncmap *map, void __percpu *p, size_t size);
void sm_mem_free_cache(struct syncmap *map, struct kmem_cache *cache, void *p,
		       size_t size);

#endif
