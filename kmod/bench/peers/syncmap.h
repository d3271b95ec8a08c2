/* SPDX-License-Identifier: GPL-2.0 */
/* The map itself.  Whoever includes this has defined PEER_POLICY. */
#include <linux/err.h>
#include <linux/syncmap.h>

static void *peer_create(u64 keys, int fd)
{
	const struct syncmap_config config = {
		.policy = PEER_POLICY,
		.value_size = SYNCMAP_VALUE_ANY,
	};
	struct syncmap *map = syncmap_create(PEER_NAME, &config);

	return IS_ERR(map) ? NULL : map;
}

static void peer_destroy(void *table)
{
	syncmap_destroy(table);
	rcu_barrier();
}

static inline bool peer_load(void *table, u64 key, u64 *value)
{
	const struct syncmap_value *found;

	rcu_read_lock();
	found = syncmap_load(table, &key, sizeof(key));
	if (found)
		*value = *(const u64 *)found->data;
	rcu_read_unlock();
	return found;
}

static inline u32 peer_load_batch(void *table, const u64 *key, u64 *sum)
{
	const struct syncmap_value *value[PEER_BATCH];
	struct syncmap_key keys[PEER_BATCH];
	u32 i, found = 0;

	for (i = 0; i < PEER_BATCH; i++)
		keys[i] = (struct syncmap_key){ &key[i], sizeof(*key) };
	rcu_read_lock();
	syncmap_load_batch(table, keys, value, PEER_BATCH);
	for (i = 0; i < PEER_BATCH; i++) {
		if (!value[i])
			continue;
		found++;
		*sum += *(const u64 *)value[i]->data;
	}
	rcu_read_unlock();
	return found;
}

static inline int peer_insert(void *table, u64 key, u64 value)
{
	int err = syncmap_store(table, &key, sizeof(key), &value, sizeof(value),
				GFP_KERNEL);

	return err < 0 ? err : 0;
}

static inline int peer_update(void *table, u64 key, u64 value)
{
	return peer_insert(table, key, value);
}

static inline int peer_remove(void *table, u64 key)
{
	int deleted = syncmap_delete(table, &key, sizeof(key));

	return deleted < 0 ? deleted : deleted ? 0 : -ENOENT;
}

#define PEER_HAS_BATCH
