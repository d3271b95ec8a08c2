// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <linux/minmax.h>
#include "data.h"

#define ONE_BYTE_KEYS	200

/* SplitMix64 (Steele, Lea, Flood 2014) */
u64 host_random(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/*
 * Keys of any size: some of one byte; the others in pairs, of which one is the
 * beginning of the other.
 */
static void key_of_any_size(struct host_key *key, u64 number)
{
	u32 pair;

	if (number < ONE_BYTE_KEYS) {
		key->len = 1;
		key->data[0] = number;
		return;
	}
	pair = (number - ONE_BYTE_KEYS) / 2;
	key->len = sizeof(pair);
	if (number & 1)
		key->len += 1 + pair * 37 % (SYNCMAP_KEY_MAX - sizeof(pair));
	memset(key->data, 0, key->len);
	memcpy(key->data, &pair, sizeof(pair));
}

/**
 * host_key() - the key with this number
 * @key:	out
 * @key_size:	the map's
 * @number:	below 2^32; different numbers give different keys
 */
void host_key(struct host_key *key, u32 key_size, u64 number)
{
	if (!key_size) {
		key_of_any_size(key, number);
		return;
	}
	key->len = key_size;
	memset(key->data, 0, key_size);
	memcpy(key->data, &number, min_t(u32, key_size, sizeof(number)));
}

/**
 * host_key_number() - which number a key was made from
 * @key:	its bytes
 * @len:	how many
 * @key_size:	the map's
 */
u64 host_key_number(const void *key, u32 len, u32 key_size)
{
	u64 number = 0;
	u32 pair;

	if (key_size) {
		memcpy(&number, key, min_t(u32, len, sizeof(number)));
		return number;
	}
	if (len == 1)
		return *(const u8 *)key;
	memcpy(&pair, key, sizeof(pair));
	return ONE_BYTE_KEYS + 2ULL * pair + (len > sizeof(pair));
}

static u32 length(u64 number)
{
	if (number % 8 == 0)
		return 0;
	if (number % 256 == 1)
		return SYNCMAP_VALUE_MAX;
	return number % 64;
}

/**
 * host_value() - the value with this number
 * @value:	out
 * @value_size:	the map's, or SYNCMAP_VALUE_ANY
 * @number:	which; short values may be equal for different numbers
 */
void host_value(struct host_value *value, u32 value_size, u64 number)
{
	u32 i;

	value->len = value_size == SYNCMAP_VALUE_ANY ? length(number) :
						       value_size;
	memset(value->data, (int)number, value->len);
	for (i = 0; i + sizeof(number) <= value->len; i += 512)
		memcpy(value->data + i, &number, sizeof(number));
}

/* are these the bytes of the value with this number? */
bool host_value_is(const void *data, u32 len, u32 value_size, u64 number)
{
	struct host_value value;

	host_value(&value, value_size, number);
	return len == value.len && !memcmp(data, value.data, len);
}

void host_model_init(struct host_model *model, u64 keys)
{
	model->keys = keys;
	model->live = 0;
	model->value = calloc(keys, sizeof(*model->value));
}

void host_model_free(struct host_model *model)
{
	free(model->value);
}

void host_model_set(struct host_model *model, u64 key, u64 value)
{
	model->live += !model->value[key];
	model->value[key] = value + 1;
}

void host_model_remove(struct host_model *model, u64 key)
{
	model->live -= !!model->value[key];
	model->value[key] = 0;
}

void host_model_clear(struct host_model *model)
{
	memset(model->value, 0, model->keys * sizeof(*model->value));
	model->live = 0;
}
