// SPDX-License-Identifier: GPL-2.0
/* Keys and values, and the calls that most checks begin and end with. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include "consumer.h"

/* a key or value of this text, which is at most 8 bytes long */
struct text text_of(const struct check_env *env, const char *text)
{
	struct text t = {};

	t.len = strscpy(t.data, text, sizeof(t.data));
	if (env->fixed)
		t.len = 8;
	return t;
}

/* the same of a text and a number */
struct text text_number(const struct check_env *env, const char *text, u32 n)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "%s%u", text, n);
	return text_of(env, buf);
}

/* does it have these bytes? */
bool text_equals(const struct text *text, const void *data, u32 len)
{
	return text->len == len && !memcmp(text->data, data, len);
}

static int store(struct check_env *env, struct text key, struct text value)
{
	return syncmap_store(env->map, key.data, key.len, value.data,
			     value.len, env->gfp);
}

static bool finds(struct check_env *env, struct text key, struct text want)
{
	const struct syncmap_value *value;
	bool equal;

	rcu_read_lock();
	value = syncmap_load(env->map, key.data, key.len);
	equal = !IS_ERR_OR_NULL(value) &&
		text_equals(&want, value->data, value->len);
	rcu_read_unlock();
	return equal;
}

static bool finds_none(struct check_env *env, struct text key)
{
	bool none;

	rcu_read_lock();
	none = !syncmap_load(env->map, key.data, key.len);
	rcu_read_unlock();
	return none;
}

/* store; any context that may */
int put(struct check_env *env, const char *key, const char *value)
{
	return store(env, text_of(env, key), text_of(env, value));
}

int put_number(struct check_env *env, u32 n, u32 value)
{
	return store(env, text_number(env, "k", n),
		     text_number(env, "v", value));
}

/* a load gives this value; any context that may */
bool holds(struct check_env *env, const char *key, const char *value)
{
	return finds(env, text_of(env, key), text_of(env, value));
}

bool holds_number(struct check_env *env, u32 n, u32 value)
{
	return finds(env, text_number(env, "k", n),
		     text_number(env, "v", value));
}

/* a load gives nothing; any context that may */
bool lacks(struct check_env *env, const char *key)
{
	return finds_none(env, text_of(env, key));
}

bool lacks_number(struct check_env *env, u32 n)
{
	return finds_none(env, text_number(env, "k", n));
}

/* delete; any context that may */
int drop(struct check_env *env, const char *key)
{
	struct text k = text_of(env, key);

	return syncmap_delete(env->map, k.data, k.len);
}

int drop_number(struct check_env *env, u32 n)
{
	struct text k = text_number(env, "k", n);

	return syncmap_delete(env->map, k.data, k.len);
}
