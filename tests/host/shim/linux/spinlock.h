/* SPDX-License-Identifier: GPL-2.0 */
/* As large as the kernel's, and it knows its owner. */
#ifndef SHIM_LINUX_SPINLOCK_H
#define SHIM_LINUX_SPINLOCK_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/types.h>
#include "../shim.h"

typedef struct spinlock {
	u32 owner;		/* the thread's CPU + 1; 0: free */
} spinlock_t;

#define DEFINE_SPINLOCK(name)	spinlock_t name = { 0 }
#define spin_lock_init(lock)	((void)(*(lock) = (spinlock_t){ 0 }))

void spin_lock(spinlock_t *lock);
bool spin_trylock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);

static inline void spin_lock_bh(spinlock_t *lock)
{
	local_bh_disable();
	spin_lock(lock);
}

static inline bool spin_trylock_bh(spinlock_t *lock)
{
	local_bh_disable();
	if (spin_trylock(lock))
		return true;
	local_bh_enable();
	return false;
}

static inline void spin_unlock_bh(spinlock_t *lock)
{
	spin_unlock(lock);
	local_bh_enable();
}

/* there are no interrupts to keep off */
#define spin_lock_irqsave(lock, flags)	((void)((flags) = 0), spin_lock(lock))
#define spin_unlock_irqrestore(lock, flags) ((void)(flags), spin_unlock(lock))

#define spin_lock_nested(lock, class)	((void)(class), spin_lock(lock))
#define spin_is_locked(lock)	(READ_ONCE((lock)->owner) != 0)
#define assert_spin_locked(lock)	lockdep_assert_held(lock)

#endif
