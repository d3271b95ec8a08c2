/* SPDX-License-Identifier: GPL-2.0 */
/* Keys and values made from numbers, and a plain map to compare with. */
#ifndef HOST_DATA_H
#define HOST_DATA_H

#include <linux/syncmap.h>

/**
 * struct host_key - a key
 * @len:	bytes in @data
 * @data:	the bytes
 */
struct host_key {
	u32 len;
	u8 data[SYNCMAP_KEY_MAX];
};

/**
 * struct host_value - a value
 * @len:	bytes in @data
 * @data:	the bytes
 */
struct host_value {
	u32 len;
	u8 data[SYNCMAP_VALUE_MAX];
};

void host_key(struct host_key *key, u32 key_size, u64 number);
u64 host_key_number(const void *key, u32 len, u32 key_size);
void host_value(struct host_value *value, u32 value_size, u64 number);
bool host_value_is(const void *data, u32 len, u32 value_size, u64 number);
u64 host_random(u64 *state);

/**
 * struct host_model - what a map should hold
 * @keys:	key numbers are below this
 * @live:	keys present
 * @value:	for each key number its value's number + 1, or 0: absent
 */
struct host_model {
	u64 keys;
	u64 live;
	u64 *value;
};

void host_model_init(struct host_model *model, u64 keys);
void host_model_free(struct host_model *model);
void host_model_set(struct host_model *model, u64 key, u64 value);
void host_model_remove(struct host_model *model, u64 key);
void host_model_clear(struct host_model *model);

static inline bool host_model_has(const struct host_model *model, u64 key)
{
	return model->value[key];
}

static inline u64 host_model_get(const struct host_model *model, u64 key)
{
	return model->value[key] - 1;
}

#endif
