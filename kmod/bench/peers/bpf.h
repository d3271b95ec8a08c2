/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A BPF map that userspace has made, through its map operations, which is what
 * programs and the system call come to.
 */
#include <linux/bpf.h>
#include <linux/err.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>

static void *peer_create(u64 keys, int fd)
{
	struct bpf_map *map = bpf_map_get(fd);

	return IS_ERR(map) ? NULL : map;
}

static void peer_destroy(void *table)
{
	bpf_map_put(table);
	rcu_barrier();
}

static inline bool peer_load(void *table, u64 key, u64 *value)
{
	struct bpf_map *map = table;
	u64 *found;

	rcu_read_lock();
	found = map->ops->map_lookup_elem(map, &key);
	if (found)
		*value = READ_ONCE(*found);
	rcu_read_unlock();
	return found;
}

/*
 * BPF's allocator refills itself by an irq_work, which on hardware is an
 * interrupt at once, and in user-mode Linux waits for the next tick.
 */
static noinline void bpf_refill(void)
{
	unsigned long flags;

	local_irq_save(flags);
	irq_work_run();
	local_irq_restore(flags);
}

static inline int bpf_try(struct bpf_map *map, u64 key, u64 value, u64 flags)
{
	int err;

	rcu_read_lock();
	err = map->ops->map_update_elem(map, &key, &value, flags);
	rcu_read_unlock();
	return err;
}

static inline int bpf_store(void *table, u64 key, u64 value, u64 flags)
{
	int err = bpf_try(table, key, value, flags);

	if (likely(err != -ENOMEM))
		return err;
	bpf_refill();
	return bpf_try(table, key, value, flags);
}

static inline int peer_insert(void *table, u64 key, u64 value)
{
	return bpf_store(table, key, value, BPF_NOEXIST);
}

static inline int peer_update(void *table, u64 key, u64 value)
{
	return bpf_store(table, key, value, BPF_EXIST);
}

static inline int peer_remove(void *table, u64 key)
{
	struct bpf_map *map = table;
	int err;

	rcu_read_lock();
	err = map->ops->map_delete_elem(map, &key);
	rcu_read_unlock();
	return err;
}
