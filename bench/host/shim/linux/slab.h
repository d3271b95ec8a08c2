/* SPDX-License-Identifier: GPL-2.0 */
/* The C library's allocator; caches of objects above it. */
#ifndef FAST_LINUX_SLAB_H
#define FAST_LINUX_SLAB_H

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#define SLAB_HWCACHE_ALIGN	1u
#define SLAB_ACCOUNT		2u
#define SLAB_PANIC		4u
#define ARCH_KMALLOC_MINALIGN	8

struct kmem_cache;

static inline void *kmalloc(size_t size, gfp_t gfp)
{
	return gfp & __GFP_ZERO ? calloc(1, size) : malloc(size);
}

static inline void kfree(const void *p)
{
	free((void *)p);
}

static inline size_t ksize(const void *p)
{
	return malloc_usable_size((void *)p);
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *p));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *p);

#define KMEM_CACHE(type, flags)					\
	kmem_cache_create(#type, sizeof(struct type),		\
			  __alignof__(struct type), flags, NULL)

#define kzalloc(size, gfp)		kmalloc(size, (gfp) | __GFP_ZERO)
#define kmalloc_array(n, size, gfp)	kmalloc(size_mul(n, size), gfp)
#define kcalloc(n, size, gfp)		kzalloc(size_mul(n, size), gfp)
#define kvmalloc(size, gfp)		kmalloc(size, gfp)
#define kvzalloc(size, gfp)		kzalloc(size, gfp)
#define kvmalloc_array(n, size, gfp)	kmalloc_array(n, size, gfp)
#define kvfree(p)			kfree(p)

#endif
