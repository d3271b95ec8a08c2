// SPDX-License-Identifier: GPL-2.0
/* Locks that know their owner. */
#include <sched.h>
#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

static void check(const spinlock_t *lock)
{
	if (shim_thread.context >= SHIM_HARDIRQ)
		shim_violation("spinlock in hardirq or NMI");
	if (lockdep_is_held(lock)) {
		shim_violation("spinlock taken twice");
		__builtin_trap();
	}
}

bool spin_trylock(spinlock_t *lock)
{
	u32 free = 0;

	check(lock);
	if (!try_cmpxchg_acquire(&lock->owner, &free, shim_thread.cpu + 1))
		return false;
	if (!shim_thread.locks++)
		shim_thread.copied_locked = 0;
	return true;
}

static unsigned int waiting;

unsigned int shim_waiting(void)
{
	return __atomic_load_n(&waiting, __ATOMIC_RELAXED);
}

void spin_lock(spinlock_t *lock)
{
	if (spin_trylock(lock))
		return;
	__atomic_fetch_add(&waiting, 1, __ATOMIC_RELAXED);
	/* the holder may need this very processor */
	while (!spin_trylock(lock))
		if (!shim_sched_wait())
			sched_yield();
	__atomic_fetch_sub(&waiting, 1, __ATOMIC_RELAXED);
}

void spin_unlock(spinlock_t *lock)
{
	lockdep_assert_held(lock);
	shim_thread.locks--;
	smp_store_release(&lock->owner, 0);
}

void mutex_init(struct mutex *mutex)
{
	pthread_mutex_init(&mutex->mutex, NULL);
	mutex->owner = 0;
}

void mutex_destroy(struct mutex *mutex)
{
	lockdep_assert_not_held(mutex);
	pthread_mutex_destroy(&mutex->mutex);
}

void mutex_lock(struct mutex *mutex)
{
	shim_may_sleep(__func__);
	while (pthread_mutex_trylock(&mutex->mutex))
		if (!shim_sched_wait())
			sched_yield();
	WRITE_ONCE(mutex->owner, shim_thread.cpu + 1);
}

bool mutex_trylock(struct mutex *mutex)
{
	if (pthread_mutex_trylock(&mutex->mutex))
		return false;
	WRITE_ONCE(mutex->owner, shim_thread.cpu + 1);
	return true;
}

void mutex_unlock(struct mutex *mutex)
{
	lockdep_assert_held(mutex);
	WRITE_ONCE(mutex->owner, 0);
	pthread_mutex_unlock(&mutex->mutex);
}
