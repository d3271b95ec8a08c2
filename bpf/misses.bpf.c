// SPDX-License-Identifier: GPL-2.0
/*
 * Records load misses, and what leads to them and follows from them, in a ring
 * buffer, and counts the misses of each shard.
 *
 *   bpftool prog loadall misses.bpf.o /sys/fs/bpf/x autoattach
 *   bpftool map dump name misses_count
 *
 * records all maps; write a map's id to the map "misses_config" to record only
 * that one.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "misses.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct misses_config);
} misses_config SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, MISSES_COUNTS);
	__type(key, struct misses_shard);
	__type(value, struct misses_count);
} misses_count SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MISSES_KINDS);
	__type(key, __u32);
	__type(value, struct misses_lost);
} misses_lost SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, MISSES_RING_BYTES);
} misses_events SEC(".maps");

/* Keep the records' types in the object's BTF, for whoever reads the ring. */
const enum misses_kind *unused_kind;
const struct misses_key_event *unused_key;
const struct misses_promotion_event *unused_promotion;
const struct misses_copy_event *unused_copy;

static __always_inline bool wanted(__u32 map)
{
	const struct misses_config *c;
	__u32 zero = 0;

	c = bpf_map_lookup_elem(&misses_config, &zero);
	return c && (!c->map || c->map == map);
}

static __always_inline struct misses_lost *lost_of(__u32 kind)
{
	return bpf_map_lookup_elem(&misses_lost, &kind);
}

/* NULL, and counted as lost, if the ring is full; else to be submitted */
static __always_inline void *record(__u32 kind, __u64 size, __u32 map,
				    __u32 shard)
{
	struct misses_event *event;
	struct misses_lost *l;

	event = bpf_ringbuf_reserve(&misses_events, size, 0);
	if (!event) {
		l = lost_of(kind);
		if (l)
			l->ring_full++;
		return NULL;
	}
	event->time = bpf_ktime_get_boot_ns();
	event->kind = kind;
	event->cpu = bpf_get_smp_processor_id();
	event->map = map;
	event->shard = shard;
	return event;
}

static __always_inline void record_key(__u32 kind, __u32 map, __u32 shard,
				       __u64 hash, const void *key,
				       __u32 key_len, bool found)
{
	struct misses_key_event *e;
	__u64 n = key_len;

	e = record(kind, sizeof(*e), map, shard);
	if (!e)
		return;
	e->hash = hash;
	e->key_len = key_len;
	e->found = found;
	__builtin_memset(e->key, 0, sizeof(e->key));
	if (n > sizeof(e->key))
		n = sizeof(e->key);
	/* or the compiler hands on the number from before the comparison */
	barrier_var(n);
	bpf_probe_read_kernel(e->key, n, key);
	bpf_ringbuf_submit(e, 0);
}

static __always_inline void count_miss(__u32 map, __u32 shard, bool found)
{
	struct misses_shard key = { .map = map, .shard = shard };
	struct misses_count none = {}, *count;
	struct misses_lost *l;

	count = bpf_map_lookup_elem(&misses_count, &key);
	if (!count) {
		bpf_map_update_elem(&misses_count, &key, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&misses_count, &key);
	}
	if (count) {
		if (found)
			count->found++;
		else
			count->absent++;
		return;
	}
	l = lost_of(MISSES_LOAD_MISS);
	if (l)
		l->uncounted++;
}

SEC("tp_btf/syncmap_load_miss")
int BPF_PROG(load_miss, __u32 map, __u32 shard, __u64 hash, const void *key,
	     __u32 key_len, bool found)
{
	if (!wanted(map))
		return 0;
	count_miss(map, shard, found);
	record_key(MISSES_LOAD_MISS, map, shard, hash, key, key_len, found);
	return 0;
}

SEC("tp_btf/syncmap_insert")
int BPF_PROG(insert, __u32 map, __u32 shard, __u64 hash, const void *key,
	     __u32 key_len)
{
	if (wanted(map))
		record_key(MISSES_INSERT, map, shard, hash, key, key_len,
			   false);
	return 0;
}

SEC("tp_btf/syncmap_promotion")
int BPF_PROG(promotion, __u32 map, __u32 shard, __u64 entries, __u64 count)
{
	struct misses_promotion_event *e;

	if (!wanted(map))
		return 0;
	e = record(MISSES_PROMOTION, sizeof(*e), map, shard);
	if (!e)
		return 0;
	e->entries = entries;
	e->misses = count;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

static __always_inline void record_copy(__u32 kind, __u32 map, __u32 shard,
					__u64 entries, __u64 bytes)
{
	struct misses_copy_event *e;

	e = record(kind, sizeof(*e), map, shard);
	if (!e)
		return;
	e->entries = entries;
	e->bytes = bytes;
	bpf_ringbuf_submit(e, 0);
}

SEC("tp_btf/syncmap_dirty_copy_begin")
int BPF_PROG(dirty_copy_begin, __u32 map, __u32 shard, __u64 entries)
{
	if (wanted(map))
		record_copy(MISSES_DIRTY_COPY_BEGIN, map, shard, entries, 0);
	return 0;
}

SEC("tp_btf/syncmap_dirty_copy_end")
int BPF_PROG(dirty_copy_end, __u32 map, __u32 shard, __u64 entries, __u64 bytes)
{
	if (wanted(map))
		record_copy(MISSES_DIRTY_COPY_END, map, shard, entries, bytes);
	return 0;
}
