/* SPDX-License-Identifier: GPL-2.0 */
/* The C library's allocator, with the kernel's rules checked. */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <malloc.h>
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
#define KMALLOC_MAX_SIZE	(4UL << 20)

struct kmem_cache;

void *kmalloc(size_t size, gfp_t gfp);
void kfree(const void *p);

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *p));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *p);

#define KMEM_CACHE(type, flags)					\
	kmem_cache_create(#type, sizeof(struct type),		\
			  __alignof__(struct type), flags, NULL)
#define kmem_cache_zalloc(cache, gfp)	\
	kmem_cache_alloc(cache, (gfp) | __GFP_ZERO)

#define kzalloc(size, gfp)		kmalloc(size, (gfp) | __GFP_ZERO)
#define kmalloc_array(n, size, gfp)	kmalloc(size_mul(n, size), gfp)
#define kcalloc(n, size, gfp)		kzalloc(size_mul(n, size), gfp)
#define kvmalloc(size, gfp)		kmalloc(size, gfp)
#define kvzalloc(size, gfp)		kzalloc(size, gfp)
#define kvmalloc_array(n, size, gfp)	kmalloc_array(n, size, gfp)
#define kvcalloc(n, size, gfp)		kcalloc(n, size, gfp)
#define kvfree(p)			kfree(p)
size_t ksize(const void *p);

#endif
