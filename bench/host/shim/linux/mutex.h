/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FAST_LINUX_MUTEX_H
#define FAST_LINUX_MUTEX_H

#include <pthread.h>
#include <linux/lockdep.h>
#include <linux/types.h>

struct mutex {
	pthread_mutex_t mutex;
};

static inline void mutex_init(struct mutex *mutex)
{
	pthread_mutex_init(&mutex->mutex, NULL);
}

static inline void mutex_destroy(struct mutex *mutex)
{
	pthread_mutex_destroy(&mutex->mutex);
}

void mutex_lock(struct mutex *mutex);

static inline bool mutex_trylock(struct mutex *mutex)
{
	return !pthread_mutex_trylock(&mutex->mutex);
}

static inline void mutex_unlock(struct mutex *mutex)
{
	pthread_mutex_unlock(&mutex->mutex);
}

#endif
