// SPDX-License-Identifier: GPL-2.0
/* The exported changes: Go's names over the one engine of change.c */
#include <linux/export.h>
#include "map.h"

/* the statuses of a change that Go's callers see as "yes" */
static int sm_did(int status, enum sm_status yes)
{
	return status < 0 ? status : status == yes;
}

/**
 * syncmap_store() - insert a key or replace its value
 * @map:	where
 * @key:	the key's bytes
 * @key_len:	how many
 * @value:	the value's bytes; copied
 * @value_len:	how many
 * @gfp:	for allocations
 *
 * Context: process or softirq; may sleep if @gfp may.
 * Return: 0; -EINVAL or -E2BIG for a wrong size, -ENOMEM, -ENOSPC at a limit:
 * then nothing changed.
 */
int syncmap_store(struct syncmap *map, const void *key, u32 key_len,
		  const void *value, u32 value_len, gfp_t gfp)
{
	int status = sm_map_change(map, &(struct sm_change){
		.op = SM_STORE, .key = key, .key_len = key_len,
		.value = value, .value_len = value_len, .gfp = gfp });

	return min(status, 0);
}
EXPORT_SYMBOL_GPL(syncmap_store);

/**
 * syncmap_load_or_store() - keep a key's value, or else insert one
 * @map:	where
 * @key:	the key's bytes
 * @key_len:	how many
 * @value:	the value's bytes; copied
 * @value_len:	how many
 * @actual:	NULL, or where to copy the value that was there
 * @gfp:	for allocations
 *
 * Context: process or softirq; may sleep if @gfp may.
 * Return: 1 if it was there (loaded), 0 if it was stored, or an error as
 * syncmap_store() gives.
 */
int syncmap_load_or_store(struct syncmap *map, const void *key, u32 key_len,
			  const void *value, u32 value_len,
			  struct syncmap_buf *actual, gfp_t gfp)
{
	return sm_did(sm_map_change(map, &(struct sm_change){
		.op = SM_LOAD_OR_STORE, .key = key, .key_len = key_len,
		.value = value, .value_len = value_len, .previous = actual,
		.gfp = gfp }), SM_FOUND);
}
EXPORT_SYMBOL_GPL(syncmap_load_or_store);

/**
 * syncmap_swap() - insert a key or replace its value, and give back the old
 * @map:	where
 * @key:	the key's bytes
 * @key_len:	how many
 * @value:	the value's bytes; copied
 * @value_len:	how many
 * @previous:	NULL, or where to copy the value that was there
 * @gfp:	for allocations
 *
 * Context: process or softirq; may sleep if @gfp may.
 * Return: 1 if there was a previous value, 0 if not, or an error as
 * syncmap_store() gives.
 */
int syncmap_swap(struct syncmap *map, const void *key, u32 key_len,
		 const void *value, u32 value_len,
		 struct syncmap_buf *previous, gfp_t gfp)
{
	return sm_did(sm_map_change(map, &(struct sm_change){
		.op = SM_SWAP, .key = key, .key_len = key_len,
		.value = value, .value_len = value_len, .previous = previous,
		.gfp = gfp }), SM_REPLACED);
}
EXPORT_SYMBOL_GPL(syncmap_swap);

/**
 * syncmap_load_and_delete() - remove a key, and give back its value
 * @map:	where
 * @key:	the key's bytes
 * @key_len:	how many
 * @previous:	NULL, or where to copy the value that was there
 *
 * Context: process or softirq; does not sleep.
 * Return: 1 if it was there, 0 if not, -EINVAL or -E2BIG for a wrong size.
 */
int syncmap_load_and_delete(struct syncmap *map, const void *key, u32 key_len,
			    struct syncmap_buf *previous)
{
	return sm_did(sm_map_change(map, &(struct sm_change){
		.op = SM_DELETE, .key = key, .key_len = key_len,
		.previous = previous, .gfp = GFP_ATOMIC }), SM_DELETED);
}
EXPORT_SYMBOL_GPL(syncmap_load_and_delete);

/**
 * syncmap_delete() - remove a key
 * @map:	where
 * @key:	the key's bytes
 * @key_len:	how many
 *
 * Context and return: as syncmap_load_and_delete().
 */
int syncmap_delete(struct syncmap *map, const void *key, u32 key_len)
{
	return syncmap_load_and_delete(map, key, key_len, NULL);
}
EXPORT_SYMBOL_GPL(syncmap_delete);

/**
 * syncmap_compare_and_swap() - replace a key's value if it is the expected one
 * @map:	where
 * @key:	the key's bytes
 * @key_len:	how many
 * @old:	the bytes it must have; an absent key is never equal
 * @old_len:	how many
 * @value:	the new value's bytes; copied
 * @value_len:	how many
 * @gfp:	for allocations
 *
 * Context: process or softirq; may sleep if @gfp may.
 * Return: 1 if it was swapped, 0 if not, or an error as syncmap_store() gives.
 */
int syncmap_compare_and_swap(struct syncmap *map, const void *key, u32 key_len,
			     const void *old, u32 old_len,
			     const void *value, u32 value_len, gfp_t gfp)
{
	return sm_did(sm_map_change(map, &(struct sm_change){
		.op = SM_COMPARE_AND_SWAP, .key = key, .key_len = key_len,
		.old = old, .old_len = old_len,
		.value = value, .value_len = value_len, .gfp = gfp }),
		SM_REPLACED);
}
EXPORT_SYMBOL_GPL(syncmap_compare_and_swap);

/**
 * syncmap_compare_and_delete() - remove a key if its value is the expected one
 * @map:	where
 * @key:	the key's bytes
 * @key_len:	how many
 * @old:	the bytes it must have
 * @old_len:	how many
 *
 * Context: process or softirq; does not sleep.
 * Return: 1 if it was removed, 0 if it was absent or different, -EINVAL or
 * -E2BIG for a key of a wrong size.
 */
int syncmap_compare_and_delete(struct syncmap *map, const void *key,
			       u32 key_len, const void *old, u32 old_len)
{
	return sm_did(sm_map_change(map, &(struct sm_change){
		.op = SM_COMPARE_AND_DELETE, .key = key, .key_len = key_len,
		.old = old, .old_len = old_len, .gfp = GFP_ATOMIC }),
		SM_DELETED);
}
EXPORT_SYMBOL_GPL(syncmap_compare_and_delete);
