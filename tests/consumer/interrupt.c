// SPDX-License-Identifier: GPL-2.0
/*
 * Hardirq and NMI: loads on a cow map, whether the snapshot answers or the
 * dirty table has to; on a classic one they are refused.  The map has the keys
 * fill_for_interrupt(): k0 to k9, the last five in the dirty table only.
 */
#include <linux/err.h>
#include <linux/rcupdate.h>
#include "consumer.h"

/* a load of a key with this number is refused; any context */
bool refuses_number(struct check_env *env, u32 n)
{
	struct text key = text_number(env, "k", n);
	bool refused;

	rcu_read_lock();
	refused = PTR_ERR_OR_ZERO(syncmap_load(env->map, key.data, key.len)) ==
		  -EOPNOTSUPP;
	rcu_read_unlock();
	return refused;
}

static void check_load(struct check_env *env)
{
	if (env->policy == SYNCMAP_COW) {
		EXPECT(env, holds_number(env, 0, 0));
		EXPECT(env, holds_number(env, 9, 9));
		EXPECT(env, lacks_number(env, 10));
	} else {
		EXPECT(env, refuses_number(env, 0));
		EXPECT(env, refuses_number(env, 10));
	}
}

/* As many as would promote the dirty table, from where the lock may be taken. */
static void check_many_misses(struct check_env *env)
{
	if (env->policy == SYNCMAP_CLASSIC)
		return;
	for (u32 turn = 0; turn < 1000; turn++) {
		EXPECT(env, holds_number(env, 9, 9));
		EXPECT(env, lacks_number(env, 10));
	}
}

static void check_load_batch(struct check_env *env)
{
	const struct syncmap_value *value[11];
	struct syncmap_key key[11];
	struct text text[11];
	bool right = true;
	int err;

	for (u32 n = 0; n < 11; n++) {
		text[n] = text_number(env, "k", n);
		key[n] = (struct syncmap_key){ text[n].data, text[n].len };
	}
	rcu_read_lock();
	err = syncmap_load_batch(env->map, key, value, 11);
	for (u32 n = 0; n < 11 && !err; n++) {
		struct text want = text_number(env, "v", n);

		right &= n == 10 ? !value[n] :
			 value[n] && text_equals(&want, value[n]->data,
						 value[n]->len);
	}
	rcu_read_unlock();
	EXPECT(env, err == (env->policy == SYNCMAP_COW ? 0 : -EOPNOTSUPP));
	EXPECT(env, right);
}

const struct check checks_interrupt[] = {
	{ "load answers on cow, is refused on classic", check_load },
	{ "load_batch likewise", check_load_batch },
	{ "a thousand misses are answered", check_many_misses },
	{ }
};
