// SPDX-License-Identifier: GPL-2.0
#include "record.h"

void record_key(u8 key[RECORD_KEY], u32 number)
{
	u64 eighth = (number & 1) << 2 | (number & 2) | (number & 4) >> 2;

	u64 hash = eighth << 61 | (u64)number << 40 | 3 << 8 | 0x42;

	memcpy(key, &hash, RECORD_KEY);
}

static u64 number_of(const struct syncmap_value *value)
{
	u64 number = 0;

	if (value)
		memcpy(&number, value->data, sizeof(number));
	return number;
}

static u64 load(struct syncmap *map, const u8 *key)
{
	u64 value;

	rcu_read_lock();
	value = number_of(syncmap_load(map, key, RECORD_KEY));
	rcu_read_unlock();
	return value;
}

/* the only operation that is not exported */
static int replace(struct syncmap *map, const u8 *key, const void *value,
		   struct syncmap_buf *previous)
{
	int status = sm_map_change(map, &(struct sm_change){
		.op = SM_REPLACE, .key = key, .key_len = RECORD_KEY, .value = value,
		.value_len = 8, .previous = previous, .gfp = GFP_KERNEL });

	return status < 0 ? status : status == SM_REPLACED;
}

/* what the call answered; @met: the value that it gave back */
static int change(struct syncmap *map, const struct history_entry *op,
		  const u8 *key, struct syncmap_buf *met)
{
	const void *value = &op->value, *old = &op->old;
	const gfp_t gfp = GFP_KERNEL;

	switch (op->op) {
	case HISTORY_STORE:
		return syncmap_store(map, key, RECORD_KEY, value, 8, gfp);
	case HISTORY_SWAP:
		return syncmap_swap(map, key, RECORD_KEY, value, 8, met, gfp);
	case HISTORY_LOAD_OR_STORE:
		return syncmap_load_or_store(map, key, RECORD_KEY, value, 8, met, gfp);
	case HISTORY_REPLACE:
		return replace(map, key, value, met);
	case HISTORY_CAS:
		return syncmap_compare_and_swap(map, key, RECORD_KEY, old, 8, value, 8,
						gfp);
	case HISTORY_LOAD_AND_DELETE:
		return syncmap_load_and_delete(map, key, RECORD_KEY, met);
	case HISTORY_DELETE:
		return syncmap_delete(map, key, RECORD_KEY);
	case HISTORY_CAD:
		return syncmap_compare_and_delete(map, key, RECORD_KEY, old, 8);
	case HISTORY_CLEAR:
		return syncmap_clear(map, gfp);
	default:
		return -EINVAL;
	}
}

static u64 result_of_change(struct syncmap *map, const struct history_entry *op,
			    const u8 *key)
{
	u64 value = 0;
	struct syncmap_buf met = { &value, sizeof(value), 0 };
	int answer = change(map, op, key, &met);

	if (answer < 0)
		shim_violation("a change failed: %d", answer);
	switch (op->op) {
	case HISTORY_SWAP:
	case HISTORY_LOAD_OR_STORE:
	case HISTORY_REPLACE:
	case HISTORY_LOAD_AND_DELETE:
		return answer ? value : 0;
	default:
		return answer;
	}
}

void record_op(struct syncmap *map, struct history_entry *op)
{
	u8 key[RECORD_KEY];

	record_key(key, op->key);
	op->begin = history_time();
	if (op->op == HISTORY_LOAD)
		op->result = load(map, key);
	else
		op->result = result_of_change(map, op, key);
	op->end = history_time();
}

void record_batch(struct syncmap *map, struct history_entry *op, u32 n)
{
	const struct syncmap_value *value[RECORD_BATCH];
	struct syncmap_key keys[RECORD_BATCH];
	u8 bytes[RECORD_BATCH][RECORD_KEY];
	u64 begin, end;
	u32 i;

	for (i = 0; i < n; i++) {
		record_key(bytes[i], op[i].key);
		keys[i] = (struct syncmap_key){ bytes[i], RECORD_KEY };
	}
	begin = history_time();
	rcu_read_lock();
	if (syncmap_load_batch(map, keys, value, n))
		shim_violation("a load_batch failed");
	for (i = 0; i < n; i++)
		op[i].result = number_of(value[i]);
	rcu_read_unlock();
	end = history_time();
	for (i = 0; i < n; i++) {
		op[i].op = HISTORY_LOAD;
		op[i].begin = begin;
		op[i].end = end;
	}
}

void record_insert_others(struct syncmap *map, u32 number, u32 n)
{
	u8 key[RECORD_KEY];

	for (; n--; number++) {
		record_key(key, HISTORY_KEYS + number);
		if (syncmap_store(map, key, RECORD_KEY, "12345678", 8, GFP_KERNEL))
			shim_violation("a store failed");
	}
}

void record_delete_others(struct syncmap *map, u32 number, u32 n)
{
	u8 key[RECORD_KEY];

	for (; n--; number++) {
		record_key(key, HISTORY_KEYS + number);
		if (syncmap_delete(map, key, RECORD_KEY) < 0)
			shim_violation("a delete failed");
	}
}
