// SPDX-License-Identifier: GPL-2.0
/*
 * The gardener reshapes maps while all others use them: clears and reshards
 * them, and makes and destroys one that others find by its name.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include "torture.h"

#define BRIEF		"torture-brief"
#define BRIEF_KEYS	50
#define SHARDS_BITS	9	/* shards are 2 to the power of less, */
#define SHARDS_MOST	50	/* and one time in so many the most there are */

static void clear_some(struct torture *torture)
{
	for (u32 m = 0; m < TORTURE_MAPS; m++) {
		int err;

		if (!torture_forms[m].cleared)
			continue;
		err = syncmap_clear(torture->map[m], GFP_KERNEL);
		if (!err)
			atomic64_inc(&torture->reshapes);
		else if (err != -ENOMEM && err != -ENOSPC)
			torture_violation(torture, m, "clear: %d", err);
	}
}

static u32 draw_shards(void)
{
	u32 random = get_random_u32();

	if (random % SHARDS_MOST == 0)
		return SYNCMAP_SHARDS_MAX;
	random >>= 16;
	return random & 1 ? 1U << (random >> 1) % SHARDS_BITS : 0;
}

static void reshard_one(struct torture *torture)
{
	u32 m = get_random_u32() % TORTURE_MAPS, shards = draw_shards();
	int err = syncmap_reshard(torture->map[m], shards);

	if (!err)
		atomic64_inc(&torture->reshapes);
	else if (err != -ENOMEM && err != -ENOSPC)
		torture_violation(torture, m, "reshard to %u: %d", shards, err);
}

/* what userspace sees of it as well */
static void brief_turn(struct torture *torture, unsigned int turn)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;
	struct syncmap *map;

	config.policy = turn & 1 ? SYNCMAP_CLASSIC : SYNCMAP_COW;
	map = syncmap_create(BRIEF, &config);
	if (IS_ERR(map))
		return;
	usleep_range(1000, 20000);
	syncmap_destroy(map);
	atomic64_inc(&torture->briefs);
}

/**
 * torture_brief_use() - use a map that may be destroyed at any moment
 * @a:		who does it
 *
 * Context: process or softirq.
 */
void torture_brief_use(struct torture_actor *a)
{
	struct syncmap *map = syncmap_get(BRIEF);
	const struct syncmap_value *value;
	u32 key;

	if (!map)
		return;
	for (u32 n = 0; n < BRIEF_KEYS; n++) {
		key = torture_random_below(a, BRIEF_KEYS);
		syncmap_store(map, &key, sizeof(key), &key, sizeof(key),
			      a->gfp);
		rcu_read_lock();
		value = syncmap_load(map, &key, sizeof(key));
		if (value && memcmp(value->data, &key, sizeof(key)))
			torture_violation(a->torture, 0, "%s: torn", BRIEF);
		rcu_read_unlock();
		key = torture_random_below(a, BRIEF_KEYS);
		syncmap_delete(map, &key, sizeof(key));
	}
	a->ops += 3 * BRIEF_KEYS;
	syncmap_put(map);
}

static int gardener(void *arg)
{
	struct torture *torture = arg;
	unsigned int turn = 0;

	while (!kthread_should_stop()) {
		if (gate_enter(&torture->gate)) {
			clear_some(torture);
			reshard_one(torture);
			brief_turn(torture, turn++);
			gate_leave(&torture->gate);
		}
		msleep(20);
	}
	return 0;
}

int torture_garden_start(struct torture *torture)
{
	struct task_struct *task = kthread_run(gardener, torture,
					       "torture_gardener");

	if (IS_ERR(task))
		return PTR_ERR(task);
	torture->gardener = task;
	return 0;
}

void torture_garden_stop(struct torture *torture)
{
	if (torture->gardener)
		kthread_stop(torture->gardener);
	torture->gardener = NULL;
}
