// SPDX-License-Identifier: GPL-2.0
/* What only process context can do: make and free maps, sleep in a range. */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include "consumer.h"

/*
 * Waits for a grace period: inside an RCU read-side section that would never
 * end.
 */
static bool visit_sleeping(const void *key, u32 key_len, const void *value,
			   u32 value_len, void *arg)
{
	struct check_env *env = arg;

	synchronize_rcu();
	put(env, "new", "one");
	drop(env, "new");
	return true;
}

static void check_range_sleeps(struct check_env *env)
{
	EXPECT(env, !put(env, "a", "one"));
	EXPECT(env, !put(env, "b", "two"));
	EXPECT(env, !syncmap_range(env->map, visit_sleeping, env, GFP_KERNEL));
	EXPECT(env, holds(env, "a", "one"));
	EXPECT(env, holds(env, "b", "two"));
}

static int create_error(const char *name, const struct syncmap_config *config)
{
	struct syncmap *map = syncmap_create(name, config);

	if (IS_ERR(map))
		return PTR_ERR(map);
	syncmap_destroy(map);
	return 0;
}

static void check_names(struct check_env *env)
{
	char longest[SYNCMAP_NAME_MAX + 2] = "";

	memset(longest, 'x', SYNCMAP_NAME_MAX);
	EXPECT(env, !create_error(longest, NULL));
	longest[SYNCMAP_NAME_MAX] = 'x';
	EXPECT(env, create_error(longest, NULL) == -EINVAL);
	EXPECT(env, create_error("", NULL) == -EINVAL);
	EXPECT(env, create_error("..", NULL) == -EINVAL);
	EXPECT(env, create_error("a/b", NULL) == -EINVAL);
	EXPECT(env, create_error("check", NULL) == -EEXIST);
	EXPECT(env, !create_error("check.2", NULL));
	EXPECT(env, !syncmap_get("check.2"));
}

static void check_configs(struct check_env *env)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;

	config.shards = 3;
	EXPECT(env, create_error("odd", &config) == -EINVAL);
	config.shards = 2 * SYNCMAP_SHARDS_MAX;
	EXPECT(env, create_error("odd", &config) == -EINVAL);
	config.shards = 0;
	config.key_size = SYNCMAP_KEY_MAX + 1;
	EXPECT(env, create_error("odd", &config) == -EINVAL);
	config.key_size = 0;
	config.policy = SYNCMAP_CLASSIC;
	config.max_entries = SYNCMAP_CLASSIC_ENTRIES_MAX + 1;
	EXPECT(env, create_error("odd", &config) == -EINVAL);
	config.max_entries = 0;
	EXPECT(env, !create_error("odd", &config));
	EXPECT(env, !syncmap_get("odd"));
}

static void check_destroy_nothing(struct check_env *env)
{
	syncmap_destroy(NULL);
	syncmap_destroy(ERR_PTR(-ENOMEM));
}

/* Destroyed while another holds it: nameless, but usable until it is put. */
static void check_destroy_held(struct check_env *env)
{
	struct check_env late = *env;
	bool usable, nameless;
	struct syncmap *owned;

	owned = syncmap_create("held", NULL);
	if (!EXPECT(env, !IS_ERR(owned)))
		return;
	late.fixed = false;
	late.map = syncmap_get("held");
	syncmap_destroy(owned);
	if (!EXPECT(env, late.map == owned))
		return;

	nameless = !syncmap_get("held");
	usable = !put(&late, "a", "one") && holds(&late, "a", "one") &&
		 syncmap_len(late.map) == 1;
	syncmap_put(late.map);
	EXPECT(env, nameless);
	EXPECT(env, usable);
	EXPECT(env, !create_error("held", NULL));
}

static void fill_to_limit(struct check_env *env)
{
	for (u32 n = 0; n < 4; n++)
		EXPECT(env, !put_number(env, n, n));
	EXPECT(env, put_number(env, 4, 4) == -ENOSPC);
	EXPECT(env, lacks_number(env, 4));
	EXPECT(env, !put_number(env, 3, 33));
	EXPECT(env, holds_number(env, 3, 33));
	EXPECT(env, drop_number(env, 0) == 1);
	EXPECT(env, !put_number(env, 4, 4));
	EXPECT(env, put_number(env, 0, 0) == -ENOSPC);
	EXPECT(env, syncmap_len(env->map) == 4);
}

static void check_max_entries(struct check_env *env)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;
	struct check_env small = *env;

	config.policy = env->policy;
	config.max_entries = 4;
	small.map = syncmap_create("small", &config);
	if (!EXPECT(env, !IS_ERR(small.map)))
		return;
	fill_to_limit(&small);
	syncmap_destroy(small.map);
	env->failed = small.failed;
	env->line = small.line;
}

const struct check checks_process[] = {
	{ "range's callback may sleep and change the map", check_range_sleeps },
	{ "names are checked, and taken once", check_names },
	{ "configurations are checked", check_configs },
	{ "destroying nothing does nothing", check_destroy_nothing },
	{ "a destroyed map stays until its holder puts it",
	  check_destroy_held },
	{ "max_entries refuses a key too many, and nothing else",
	  check_max_entries },
	{ }
};
