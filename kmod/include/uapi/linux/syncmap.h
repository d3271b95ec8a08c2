/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The generic netlink family "syncmap", version 1.  kmod/syncmap.yaml is the
 * specification; tests hold this header against it.
 *
 * The family lives in the initial network namespace.  INFO_GET and STATS_GET
 * are open to anyone there; reading or changing entries and maps, and joining
 * the group "events", needs CAP_NET_ADMIN.
 *
 * Sizes are in bytes, times in nanoseconds of CLOCK_BOOTTIME, integers in host
 * byte order.  Every rejection by a policy or by the family carries an extack
 * message that names what was wrong and, where it was an attribute, that
 * attribute's offset.  Generic netlink itself refuses who lacks the privilege
 * (EPERM), and commands and forms of them that there are not (EOPNOTSUPP),
 * without a message.
 */
#ifndef _UAPI_LINUX_SYNCMAP_H
#define _UAPI_LINUX_SYNCMAP_H

#define SYNCMAP_GENL_NAME	"syncmap"
#define SYNCMAP_GENL_VERSION	1
#define SYNCMAP_MCGRP_EVENTS	"events"

/* an answer to one request is no longer than this */
#define SYNCMAP_REPLY_MAX	65536

/*
 * Commands.  "do" is a request with one answer, "dump" one with many.
 *
 * INFO_GET	do: what this module is.
 * MAP_GET	do: one map, by NAME or ID, one of the two.  dump: all maps.
 * MAP_NEW	do: make a map.  NAME is required, the rest has defaults; the
 *		answer is the map as MAP_GET shows it.
 * MAP_SET	do: change POLICY, MAX_ENTRIES or MAX_BYTES of a map, all that
 *		are given or none.  No answer but the acknowledgement.
 * MAP_DEL	do: delete a map with all its entries; EBUSY while a kernel
 *		module holds it.  No answer but the acknowledgement.
 * MAP_CLEAR	do: remove all entries at one instant.  No answer but the
 *		acknowledgement.
 * ENTRY_GET	do: look up each ENTRY's KEY; the answer has them in the same
 *		order with KEY, STATUS, and VALUE where found; EMSGSIZE if that
 *		is more than SYNCMAP_REPLY_MAX.  dump: every entry of a map,
 *		many ENTRYs in each message; each but the last with a CURSOR,
 *		from which a later dump can go on.  Every message after a
 *		change of the map has NLM_F_DUMP_INTR.
 * ENTRY_SET	do: for each ENTRY: KEY, VALUE, OP (default store), OLD for
 *		compare.  The whole request is checked before any is applied.
 * ENTRY_DEL	do: for each ENTRY: KEY, and OLD to delete only if equal.
 * STATS_GET	do: a map's totals.  dump: totals of all maps, or with MAP_NAME
 *		or MAP_ID one message for each shard of that map.
 * RESHARD	do: change the number of shards to SHARDS, 0: automatic.  The
 *		acknowledgement says that it has begun; RESHARD_NTF tells each
 *		phase, and with DONE how it ended.  EBUSY while one is under
 *		way.  Fewer shards are not refused for MAX_BYTES.
 *
 * ENTRY_SET and ENTRY_DEL answer with APPLIED and one ENTRY of STATUS (and
 * VALUE, where the op returns one or the RETURN flag asks for the previous
 * value) for each applied.  If one of several fails, those before it stay
 * applied, and FAILED (its index) and ERROR (a positive errno) say so; if the
 * first fails, the request fails with that errno and nothing is changed.  One
 * whose answer has no room in SYNCMAP_REPLY_MAX fails so, with EMSGSIZE: ask
 * again from there.  A status takes 12 bytes, a value 4 more than its size.
 */
enum syncmap_cmd {
	SYNCMAP_CMD_UNSPEC,
	SYNCMAP_CMD_INFO_GET,
	SYNCMAP_CMD_MAP_GET,
	SYNCMAP_CMD_MAP_NEW,
	SYNCMAP_CMD_MAP_SET,
	SYNCMAP_CMD_MAP_DEL,
	SYNCMAP_CMD_MAP_CLEAR,
	SYNCMAP_CMD_ENTRY_GET,
	SYNCMAP_CMD_ENTRY_SET,
	SYNCMAP_CMD_ENTRY_DEL,
	SYNCMAP_CMD_STATS_GET,
	SYNCMAP_CMD_RESHARD,

	/* notifications, to the group "events" */
	SYNCMAP_CMD_MAP_NEW_NTF,
	SYNCMAP_CMD_MAP_SET_NTF,
	SYNCMAP_CMD_MAP_DEL_NTF,
	SYNCMAP_CMD_MAP_CLEAR_NTF,
	SYNCMAP_CMD_PROMOTION_NTF,
	SYNCMAP_CMD_DIRTY_COPY_NTF,
	SYNCMAP_CMD_RESHARD_NTF,

	__SYNCMAP_CMD_MAX,
	SYNCMAP_CMD_MAX = __SYNCMAP_CMD_MAX - 1
};

enum syncmap_a_info {
	SYNCMAP_A_INFO_UNSPEC,
	SYNCMAP_A_INFO_VERSION,		/* string, the module's version */
	SYNCMAP_A_INFO_FEATURES,	/* u32, bits of enum syncmap_feature */
	SYNCMAP_A_INFO_MAPS,		/* u32, maps there are */

	__SYNCMAP_A_INFO_MAX,
	SYNCMAP_A_INFO_MAX = __SYNCMAP_A_INFO_MAX - 1
};

/* bit numbers in SYNCMAP_A_INFO_FEATURES */
enum syncmap_feature {
	SYNCMAP_FEATURE_TRACEPOINTS,	/* syncmap:* tracepoints are built in */
	SYNCMAP_FEATURE_BTF,		/* the module carries BTF */
	SYNCMAP_FEATURE_PREEMPT_RT,	/* runs on PREEMPT_RT */
};

enum syncmap_map_policy {
	SYNCMAP_MAP_POLICY_COW,
	SYNCMAP_MAP_POLICY_CLASSIC,
};

enum syncmap_map_align {
	SYNCMAP_MAP_ALIGN_PACKED,
	SYNCMAP_MAP_ALIGN_LINE,
};

enum syncmap_a_map {
	SYNCMAP_A_MAP_UNSPEC,
	SYNCMAP_A_MAP_PAD,
	SYNCMAP_A_MAP_ID,		/* u32, never used twice */
	SYNCMAP_A_MAP_NAME,		/* string, [A-Za-z0-9._-]{1,63} */
	SYNCMAP_A_MAP_POLICY,		/* u32, enum syncmap_map_policy */
	SYNCMAP_A_MAP_SHARDS,		/* u32, a power of two; 0 in a request: automatic */
	SYNCMAP_A_MAP_SHARDS_AUTO,	/* flag, the number grows by itself */
	SYNCMAP_A_MAP_KEY_SIZE,		/* u32, 0 or absent: any */
	SYNCMAP_A_MAP_VALUE_SIZE,	/* u32, absent: any */
	SYNCMAP_A_MAP_ALIGN,		/* u32, enum syncmap_map_align */
	SYNCMAP_A_MAP_MAX_ENTRIES,	/* u64 */
	SYNCMAP_A_MAP_MAX_BYTES,	/* u64 */
	SYNCMAP_A_MAP_ENTRIES,		/* u64, live keys now */
	SYNCMAP_A_MAP_BYTES,		/* u64, memory in use now */
	SYNCMAP_A_MAP_OWNER,		/* string, the module whose map it is; absent: userspace */
	SYNCMAP_A_MAP_RESHARDING,	/* flag, one that was asked for is under way */
	SYNCMAP_A_MAP_RESHARD_ERROR,	/* u32, errno of the last that was asked for; absent: none */

	__SYNCMAP_A_MAP_MAX,
	SYNCMAP_A_MAP_MAX = __SYNCMAP_A_MAP_MAX - 1
};

enum syncmap_a_entries {
	SYNCMAP_A_ENTRIES_UNSPEC,
	SYNCMAP_A_ENTRIES_MAP_ID,	/* u32 */
	SYNCMAP_A_ENTRIES_MAP_NAME,	/* string */
	SYNCMAP_A_ENTRIES_ENTRY,	/* nest of syncmap_a_entry, many */
	SYNCMAP_A_ENTRIES_RETURN,	/* flag: give back previous values */
	SYNCMAP_A_ENTRIES_KEYS_ONLY,	/* flag: a dump without values */
	SYNCMAP_A_ENTRIES_CURSOR,	/* binary, opaque: go on after here */
	SYNCMAP_A_ENTRIES_APPLIED,	/* u32, entries applied */
	SYNCMAP_A_ENTRIES_FAILED,	/* u32, index of the one that failed */
	SYNCMAP_A_ENTRIES_ERROR,	/* u32, its errno, positive */

	__SYNCMAP_A_ENTRIES_MAX,
	SYNCMAP_A_ENTRIES_MAX = __SYNCMAP_A_ENTRIES_MAX - 1
};

/* what ENTRY_SET does with an entry; the calls of Go's sync.Map, and two more */
enum syncmap_entry_op {
	SYNCMAP_ENTRY_OP_STORE,		/* insert or replace */
	SYNCMAP_ENTRY_OP_ADD,		/* load_or_store: keep what is there and return it */
	SYNCMAP_ENTRY_OP_SWAP,		/* insert or replace, return the previous value */
	SYNCMAP_ENTRY_OP_COMPARE,	/* compare_and_swap: replace only if equal to OLD */
	SYNCMAP_ENTRY_OP_REPLACE,	/* replace only if there */
};

enum syncmap_entry_status {
	SYNCMAP_ENTRY_STATUS_ABSENT,	/* not there: nothing found, replaced or deleted */
	SYNCMAP_ENTRY_STATUS_FOUND,	/* get: found; add: it was there and stays */
	SYNCMAP_ENTRY_STATUS_INSERTED,
	SYNCMAP_ENTRY_STATUS_REPLACED,
	SYNCMAP_ENTRY_STATUS_DELETED,
	SYNCMAP_ENTRY_STATUS_DIFFERENT,	/* there, but not equal to OLD */
};

enum syncmap_a_entry {
	SYNCMAP_A_ENTRY_UNSPEC,
	SYNCMAP_A_ENTRY_KEY,		/* binary, 1 to 255 bytes */
	SYNCMAP_A_ENTRY_VALUE,		/* binary, 0 to 4096 bytes */
	SYNCMAP_A_ENTRY_OLD,		/* binary, 0 to 4096 bytes */
	SYNCMAP_A_ENTRY_OP,		/* u32, enum syncmap_entry_op */
	SYNCMAP_A_ENTRY_STATUS,		/* u32, enum syncmap_entry_status */

	__SYNCMAP_A_ENTRY_MAX,
	SYNCMAP_A_ENTRY_MAX = __SYNCMAP_A_ENTRY_MAX - 1
};

enum syncmap_a_stats {
	SYNCMAP_A_STATS_UNSPEC,
	SYNCMAP_A_STATS_PAD,
	SYNCMAP_A_STATS_MAP_ID,		/* u32 */
	SYNCMAP_A_STATS_MAP_NAME,	/* string */
	SYNCMAP_A_STATS_TIME,		/* u64, when it was taken */
	SYNCMAP_A_STATS_SHARD,		/* u32, the shard's index, in a dump of shards */
	SYNCMAP_A_STATS_SHARDS,		/* u32, shards there are */
	SYNCMAP_A_STATS_ENTRIES,	/* u64, live keys (not per shard) */
	SYNCMAP_A_STATS_COUNTERS,	/* nest of syncmap_a_counter */

	__SYNCMAP_A_STATS_MAX,
	SYNCMAP_A_STATS_MAX = __SYNCMAP_A_STATS_MAX - 1
};

/*
 * Counters, u64 each; they only grow, but for those marked (now) and (most).
 * Loads = HITS + ABSENTS + MISSES_FOUND + MISSES_ABSENT.
 */
enum syncmap_a_counter {
	SYNCMAP_A_COUNTER_UNSPEC,
	SYNCMAP_A_COUNTER_PAD,
	SYNCMAP_A_COUNTER_HITS,		/* loads that the snapshot answered with a value */
	SYNCMAP_A_COUNTER_ABSENTS,	/* loads that the snapshot alone could call absent */
	SYNCMAP_A_COUNTER_MISSES_FOUND,	/* loads that asked the dirty table, and found */
	SYNCMAP_A_COUNTER_MISSES_ABSENT, /* loads that asked the dirty table in vain */
	SYNCMAP_A_COUNTER_UPDATES,	/* values replaced */
	SYNCMAP_A_COUNTER_INSERTS,	/* keys that became present */
	SYNCMAP_A_COUNTER_DELETES,	/* keys that became absent, not by clear */
	SYNCMAP_A_COUNTER_PROMOTIONS,	/* dirty tables that became the snapshot */
	SYNCMAP_A_COUNTER_DIRTY_COPIES,	/* dirty tables made; also the dirty generation */
	SYNCMAP_A_COUNTER_COPIED_ENTRIES, /* entries copied under the lock */
	SYNCMAP_A_COUNTER_COPIED_BYTES,	/* bytes copied under the lock */
	SYNCMAP_A_COUNTER_COPIED_ENTRIES_MAX, /* (most) in one lock hold */
	SYNCMAP_A_COUNTER_COPIED_BYTES_MAX, /* (most) in one lock hold */
	SYNCMAP_A_COUNTER_SEGMENT_COPIES, /* segments copied to be changed */
	SYNCMAP_A_COUNTER_SEGMENT_SPLITS, /* segments split in two */
	SYNCMAP_A_COUNTER_SEGMENT_MERGES, /* segments merged into one */
	SYNCMAP_A_COUNTER_RECLAIMED,	/* tombstones given back */
	SYNCMAP_A_COUNTER_TOMBSTONES,	/* (now) deleted keys that still hold memory, estimated */
	SYNCMAP_A_COUNTER_LOCK_ACQUISITIONS,
	SYNCMAP_A_COUNTER_LOCK_CONTENDED, /* acquisitions that had to wait */
	SYNCMAP_A_COUNTER_LOCK_WAIT_NS,	/* time waited, measured on contention */
	SYNCMAP_A_COUNTER_LOCK_HOLD_NS_MAX, /* (most) of the holds that were timed: sampled */
	SYNCMAP_A_COUNTER_SHARD_SPLITS,	/* shards split in two */
	SYNCMAP_A_COUNTER_CLEARS,	/* (map only) */
	SYNCMAP_A_COUNTER_ALLOCS,	/* (map only) allocations made */
	SYNCMAP_A_COUNTER_ALLOC_FAILURES, /* (map only) */
	SYNCMAP_A_COUNTER_BYTES,	/* (map only) (now) memory in use */

	__SYNCMAP_A_COUNTER_MAX,
	SYNCMAP_A_COUNTER_MAX = __SYNCMAP_A_COUNTER_MAX - 1
};

/*
 * Each step of resharding doubles or halves the number, and tells the first
 * three; DONE is told once, at the end.
 */
enum syncmap_reshard_phase {
	SYNCMAP_RESHARD_PHASE_PREPARE,	/* memory for the new shards was got */
	SYNCMAP_RESHARD_PHASE_PUBLISH,	/* the new shards took over */
	SYNCMAP_RESHARD_PHASE_DRAIN,	/* what began under the old layout has ended */
	SYNCMAP_RESHARD_PHASE_DONE,	/* reached the number asked for, or ERROR */
};

/* MAP_*_NTF carry syncmap_a_map; the others this: */
enum syncmap_a_event {
	SYNCMAP_A_EVENT_UNSPEC,
	SYNCMAP_A_EVENT_PAD,
	SYNCMAP_A_EVENT_MAP_ID,		/* u32 */
	SYNCMAP_A_EVENT_MAP_NAME,	/* string */
	SYNCMAP_A_EVENT_TIME,		/* u64, of the last of them */
	SYNCMAP_A_EVENT_COUNT,		/* u64, how many this one stands for */
	SYNCMAP_A_EVENT_COPIED_ENTRIES,	/* u64, by all of them (dirty copy) */
	SYNCMAP_A_EVENT_LOST,		/* u64, notifications that could not be sent before it */
	SYNCMAP_A_EVENT_PHASE,		/* u32, enum syncmap_reshard_phase (reshard) */
	SYNCMAP_A_EVENT_FROM_SHARDS,	/* u32, shards before (reshard) */
	SYNCMAP_A_EVENT_TO_SHARDS,	/* u32, shards after (reshard) */
	SYNCMAP_A_EVENT_DURATION,	/* u64, of the phase, or of all with DONE (reshard) */
	SYNCMAP_A_EVENT_ERROR,		/* u32, why it ended early, a positive errno (reshard) */

	__SYNCMAP_A_EVENT_MAX,
	SYNCMAP_A_EVENT_MAX = __SYNCMAP_A_EVENT_MAX - 1
};

#endif /* _UAPI_LINUX_SYNCMAP_H */
