/* SPDX-License-Identifier: GPL-2.0 */
/* One atomic instruction to take, one store to release, as the kernel's. */
#ifndef FAST_LINUX_SPINLOCK_H
#define FAST_LINUX_SPINLOCK_H

#include <linux/atomic.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/types.h>

typedef struct spinlock {
	u32 taken;
} spinlock_t;

#define DEFINE_SPINLOCK(name)	spinlock_t name = { 0 }
#define spin_lock_init(lock)	((void)(*(lock) = (spinlock_t){ 0 }))

void shim_spin(spinlock_t *lock);

static inline bool spin_trylock(spinlock_t *lock)
{
	u32 free = 0;

	return try_cmpxchg_acquire(&lock->taken, &free, 1);
}

static inline void spin_lock(spinlock_t *lock)
{
	if (unlikely(!spin_trylock(lock)))
		shim_spin(lock);
}

static inline void spin_unlock(spinlock_t *lock)
{
	smp_store_release(&lock->taken, 0);
}

#define spin_lock_bh(lock)		spin_lock(lock)
#define spin_trylock_bh(lock)		spin_trylock(lock)
#define spin_unlock_bh(lock)		spin_unlock(lock)
#define spin_lock_nested(lock, class)	((void)(class), spin_lock(lock))

#endif
