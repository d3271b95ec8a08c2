/* SPDX-License-Identifier: GPL-2.0 */
/*
 * syncmap_torture: every call, from every context, on maps of every kind at
 * once, each answer held against what the callers know.
 *
 * Keys are numbered, 0 to torture_ids() - 1, in each map:
 *
 *	resident	in the map from the begin to the end; anyone changes them
 *	hot		a few that everybody inserts, changes and deletes
 *	own		changed by one actor only, who knows how they stand
 *
 * Those above are in no map ever.  A value's bytes all follow from its key and
 * its version, so that one that is torn, or another key's, is told at once.
 */
#ifndef SYNCMAP_TORTURE_H
#define SYNCMAP_TORTURE_H

#include <linux/atomic.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/types.h>
#include <linux/syncmap.h>
#include "gate.h"

#define TORTURE_MAPS	6
#define TORTURE_HOT	8
#define TORTURE_BATCH	16

struct dentry;
struct task_struct;

/**
 * struct torture_form - a map that is tortured
 * @name:	its name
 * @config:	how it is made
 * @residents:	resident keys
 * @own:	own keys of each actor
 * @cleared:	it is cleared now and then: any key may be gone
 * @limited:	a change may be refused with -ENOSPC
 * @switched:	userspace changes its policy
 */
struct torture_form {
	const char *name;
	struct syncmap_config config;
	u32 residents;
	u32 own;
	bool cleared;
	bool limited;
	bool switched;
};

extern const struct torture_form torture_forms[TORTURE_MAPS];

/**
 * struct torture_counts - what an actor did to a map, as it knows itself
 * @found:	loads that gave a value
 * @absent:	loads that gave none
 * @inserts:	keys that became present
 * @updates:	values replaced
 * @either:	stores that were one of the two
 * @deletes:	keys that became absent
 * @enomem:	calls refused for want of memory
 * @enospc:	calls refused by a limit
 * @put:	sum of the marks of the values that hot keys were given,
 * @taken:	and of those that were taken from them
 */
struct torture_counts {
	u64 found;
	u64 absent;
	u64 inserts;
	u64 updates;
	u64 either;
	u64 deletes;
	u64 enomem;
	u64 enospc;
	u64 put;
	u64 taken;
};

/**
 * struct torture_own - how a key stands that only one actor changes
 * @begun:	version of the last change begun
 * @done:	that of the last one done, times two; plus one: it is present
 *
 * Whoever reads @done, loads, then reads @begun, and finds no change begun,
 * knows what the load has to give.
 */
struct torture_own {
	u64 begun;
	u64 done;
};

struct torture_key {
	u32 id;
	u32 len;
	u8 data[SYNCMAP_KEY_MAX + 1] __aligned(8);
};

/**
 * struct torture_batch - a load_batch() of an actor
 * @key:	the keys
 * @arg:	the same, as the call wants them
 * @value:	what it gives
 * @before:	of own keys: how they stood
 */
struct torture_batch {
	struct torture_key key[TORTURE_BATCH];
	struct syncmap_key arg[TORTURE_BATCH];
	const struct syncmap_value *value[TORTURE_BATCH];
	u64 before[TORTURE_BATCH];
};

/**
 * struct torture_actor - one that calls; nobody else writes it
 * @torture:	the whole
 * @index:	its number
 * @gfp:	what its allocations may do
 * @random:	state of its generator
 * @version:	of the last value that it made for a resident or hot key
 * @ops:	calls it made
 * @counts:	for each map
 * @own:	for each map, its keys; NULL: it has none, and changes nothing
 * @seen:	for each id, a range's callback has had it
 * @task:	its thread, or NULL
 * @key:	the call's
 * @value:	the call's value
 * @old:	what it compares with
 * @previous:	what it gives back
 * @batch:	for load_batch()
 */
struct torture_actor {
	struct torture *torture;
	u32 index;
	gfp_t gfp;
	u64 random;
	u64 version;
	u64 ops;
	struct torture_counts counts[TORTURE_MAPS];
	struct torture_own *own[TORTURE_MAPS];
	unsigned long *seen;
	struct task_struct *task;
	struct torture_key key;
	u8 value[SYNCMAP_VALUE_MAX] __aligned(8);
	u8 old[SYNCMAP_VALUE_MAX] __aligned(8);
	u8 previous[SYNCMAP_VALUE_MAX] __aligned(8);
	struct torture_batch batch;
};

/**
 * struct torture_cpu - a CPU's interrupts; only queued there
 * @raised:	they are, and are not over
 * @hardirq:	loads, then raises the softirq
 * @softirq:	does everything
 * @loader:	the actor in hardirq
 * @changer:	the actor in softirq
 */
struct torture_cpu {
	atomic_t raised;
	struct irq_work hardirq;
	struct tasklet_struct softirq;
	struct torture_actor *loader;
	struct torture_actor *changer;
};

/**
 * struct torture - the whole
 * @map:	the maps, as torture_forms has them
 * @actor:	who calls
 * @actors:	how many there are
 * @owners:	how many of them, the first ones, have keys of their own
 * @threads:	how many of them, the first ones, are threads
 * @cpu:	for each possible CPU
 * @gardener:	the thread that reshapes maps
 * @gate:	whoever uses a map is inside
 * @violations:	promises seen broken
 * @ranges:	whole ranges
 * @audits:	pauses in which everything was compared
 * @reshapes:	reshards and clears done
 * @briefs:	maps made, used and destroyed meanwhile
 */
struct torture {
	struct syncmap *map[TORTURE_MAPS];
	struct torture_actor **actor;
	u32 actors;
	u32 owners;
	u32 threads;
	struct torture_cpu *cpu;
	struct task_struct *gardener;
	struct gate gate;
	atomic_t violations;
	atomic64_t ranges;
	atomic64_t audits;
	atomic64_t reshapes;
	atomic64_t briefs;
};

/* main.c */
__printf(3, 4)
void torture_violation(struct torture *torture, u32 m, const char *fmt, ...);

/* keys.c */
u64 torture_mix(u64 x);
u32 torture_ids(const struct torture *torture, u32 m);
u32 torture_own_id(u32 m, u32 actor, u32 n);
struct torture_own *torture_own_of(const struct torture *torture, u32 m,
				   u32 id);
bool torture_is_resident(u32 m, u32 id);
bool torture_is_hot(u32 m, u32 id);
void torture_key_make(u32 m, u32 id, struct torture_key *key);
bool torture_key_read(u32 m, const void *data, u32 len, u32 *id);
u32 torture_value_make(u32 m, u32 id, u64 version, void *data);
bool torture_value_read(u32 m, u32 id, const void *data, u32 len,
			u64 *version);
u64 torture_value_mark(u32 id, u64 version);

/* load.c */
u64 torture_random(struct torture_actor *a);
u32 torture_random_below(struct torture_actor *a, u32 end);
u64 torture_value_seen(struct torture_actor *a, u32 m, u32 id,
		       const void *data, u32 len);
void torture_load(struct torture_actor *a, u32 m, u32 id);
void torture_load_batch(struct torture_actor *a, u32 m);

/* change.c */
bool torture_refused(struct torture_actor *a, u32 m, int err);
void torture_change_own(struct torture_actor *a, u32 m, u32 n);
void torture_change_resident(struct torture_actor *a, u32 m, u32 id);
void torture_change_hot(struct torture_actor *a, u32 m, u32 id);
bool torture_fill(struct torture *torture, u32 m);

/* range.c */
void torture_range(struct torture_actor *a, u32 m);
void torture_audit(struct torture *torture, u32 m);

/* actor.c */
int torture_actors_start(struct torture *torture, u32 threads);
void torture_actors_stop(struct torture *torture);

/* garden.c */
int torture_garden_start(struct torture *torture);
void torture_garden_stop(struct torture *torture);
void torture_brief_use(struct torture_actor *a);

#endif
