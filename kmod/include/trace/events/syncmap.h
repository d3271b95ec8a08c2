/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints.  Their names and fields are an interface: syncmap-trace(7).
 * "map" is the map's id, "shard" the index of the shard, "hash" the key's hash
 * in that map, "key" the first bytes of the key.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM syncmap

#if !defined(_TRACE_SYNCMAP_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_SYNCMAP_H

#include <linux/tracepoint.h>

#ifndef SYNCMAP_TRACE_KEY_BYTES
#define SYNCMAP_TRACE_KEY_BYTES 16
#endif

/* for TP_printk(): perf and trace-cmd cannot read what min_t() is made of */
#define SYNCMAP_TRACE_KEY_SHOWN(len)			\
	((len) < SYNCMAP_TRACE_KEY_BYTES ? (len) : SYNCMAP_TRACE_KEY_BYTES)

TRACE_EVENT(syncmap_load_miss,
	TP_PROTO(u32 map, u32 shard, u64 hash, const u8 *key, u32 key_len,
		 bool found),
	TP_ARGS(map, shard, hash, key, key_len, found),
	TP_STRUCT__entry(
		__field(u32, map)
		__field(u32, shard)
		__field(u64, hash)
		__field(u32, key_len)
		__field(bool, found)
		__array(u8, key, SYNCMAP_TRACE_KEY_BYTES)
	),
	TP_fast_assign(
		__entry->map = map;
		__entry->shard = shard;
		__entry->hash = hash;
		__entry->key_len = key_len;
		__entry->found = found;
		memset(__entry->key, 0, SYNCMAP_TRACE_KEY_BYTES);
		memcpy(__entry->key, key,
		       min_t(u32, key_len, SYNCMAP_TRACE_KEY_BYTES));
	),
	TP_printk("map=%u shard=%u hash=%016llx key_len=%u found=%d key=%s",
		  __entry->map, __entry->shard, __entry->hash,
		  __entry->key_len, __entry->found,
		  __print_hex(__entry->key,
			      SYNCMAP_TRACE_KEY_SHOWN(__entry->key_len)))
);

TRACE_EVENT(syncmap_insert,
	TP_PROTO(u32 map, u32 shard, u64 hash, const u8 *key, u32 key_len),
	TP_ARGS(map, shard, hash, key, key_len),
	TP_STRUCT__entry(
		__field(u32, map)
		__field(u32, shard)
		__field(u64, hash)
		__field(u32, key_len)
		__array(u8, key, SYNCMAP_TRACE_KEY_BYTES)
	),
	TP_fast_assign(
		__entry->map = map;
		__entry->shard = shard;
		__entry->hash = hash;
		__entry->key_len = key_len;
		memset(__entry->key, 0, SYNCMAP_TRACE_KEY_BYTES);
		memcpy(__entry->key, key,
		       min_t(u32, key_len, SYNCMAP_TRACE_KEY_BYTES));
	),
	TP_printk("map=%u shard=%u hash=%016llx key_len=%u key=%s",
		  __entry->map, __entry->shard, __entry->hash,
		  __entry->key_len,
		  __print_hex(__entry->key,
			      SYNCMAP_TRACE_KEY_SHOWN(__entry->key_len)))
);

TRACE_EVENT(syncmap_promotion,
	TP_PROTO(u32 map, u32 shard, u64 entries, u64 misses),
	TP_ARGS(map, shard, entries, misses),
	TP_STRUCT__entry(
		__field(u32, map)
		__field(u32, shard)
		__field(u64, entries)
		__field(u64, misses)
	),
	TP_fast_assign(
		__entry->map = map;
		__entry->shard = shard;
		__entry->entries = entries;
		__entry->misses = misses;
	),
	TP_printk("map=%u shard=%u entries=%llu misses=%llu",
		  __entry->map, __entry->shard, __entry->entries,
		  __entry->misses)
);

TRACE_EVENT(syncmap_dirty_copy_begin,
	TP_PROTO(u32 map, u32 shard, u64 entries),
	TP_ARGS(map, shard, entries),
	TP_STRUCT__entry(
		__field(u32, map)
		__field(u32, shard)
		__field(u64, entries)
	),
	TP_fast_assign(
		__entry->map = map;
		__entry->shard = shard;
		__entry->entries = entries;
	),
	TP_printk("map=%u shard=%u entries=%llu",
		  __entry->map, __entry->shard, __entry->entries)
);

TRACE_EVENT(syncmap_dirty_copy_end,
	TP_PROTO(u32 map, u32 shard, u64 copied_entries, u64 copied_bytes),
	TP_ARGS(map, shard, copied_entries, copied_bytes),
	TP_STRUCT__entry(
		__field(u32, map)
		__field(u32, shard)
		__field(u64, copied_entries)
		__field(u64, copied_bytes)
	),
	TP_fast_assign(
		__entry->map = map;
		__entry->shard = shard;
		__entry->copied_entries = copied_entries;
		__entry->copied_bytes = copied_bytes;
	),
	TP_printk("map=%u shard=%u copied_entries=%llu copied_bytes=%llu",
		  __entry->map, __entry->shard, __entry->copied_entries,
		  __entry->copied_bytes)
);

/* from the phases of observe/phases.h, whose order is this */
#define SYNCMAP_TRACE_PHASES				\
	{ 0, "prepare" }, { 1, "publish" }, { 2, "drain" }, { 3, "done" }

TRACE_EVENT(syncmap_reshard,
	TP_PROTO(u32 map, u32 phase, u32 from, u32 to, u64 duration, int error),
	TP_ARGS(map, phase, from, to, duration, error),
	TP_STRUCT__entry(
		__field(u32, map)
		__field(u32, phase)
		__field(u32, from)
		__field(u32, to)
		__field(u64, duration)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->map = map;
		__entry->phase = phase;
		__entry->from = from;
		__entry->to = to;
		__entry->duration = duration;
		__entry->error = error;
	),
	TP_printk("map=%u phase=%s from=%u to=%u duration=%llu error=%d",
		  __entry->map,
		  __print_symbolic(__entry->phase, SYNCMAP_TRACE_PHASES),
		  __entry->from, __entry->to, __entry->duration,
		  __entry->error)
);

#endif /* _TRACE_SYNCMAP_H */

#include <trace/define_trace.h>
