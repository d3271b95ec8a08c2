/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events from hot paths.  They are only counted here, in any context in which
 * the lock of a shard is held; whoever listens is told from a workqueue, at
 * most once for each kind, map and SM_EVENTS_PERIOD_MS.  Phases of resharding
 * are told at once, each.
 *
 * A map's struct sm_events is what sm_map_owner() gives; a map without one has
 * no events.
 */
#ifndef SYNCMAP_OBSERVE_EVENTS_H
#define SYNCMAP_OBSERVE_EVENTS_H

#include <linux/types.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "phases.h"

#define SM_EVENTS_PERIOD_MS	100

struct syncmap;

enum sm_event_kind {
	SM_EVENT_PROMOTION,
	SM_EVENT_DIRTY_COPY,
	SM_NR_EVENTS
};

/**
 * struct sm_event - all events of one kind since the last were told
 * @count:		how many
 * @copied_entries:	by all of them, where they copy
 * @time:		of the last, ns of CLOCK_BOOTTIME, to a tick's precision
 */
struct sm_event {
	u64 count;
	u64 copied_entries;
	u64 time;
};

/**
 * struct sm_events - a map's events that have not been told yet
 * @lock:	guards @pending
 * @pending:	by kind; a zero count: none
 * @work:	tells them
 */
struct sm_events {
	spinlock_t lock;
	struct sm_event pending[SM_NR_EVENTS];
	struct delayed_work work;
};

/**
 * struct sm_reshard_event - the end of a phase of resharding
 * @phase:	which
 * @from:	number of shards before
 * @to:		and after
 * @ns:		how long it took
 * @err:	0, or why it ended early: a negative errno
 * @time:	when, ns of CLOCK_BOOTTIME
 */
struct sm_reshard_event {
	enum sm_reshard_phase phase;
	u32 from;
	u32 to;
	u64 ns;
	int err;
	u64 time;
};

/**
 * struct sm_listener - who is told; process context, may sleep
 * @event:	of those that are counted
 * @reshard:	of each phase
 */
struct sm_listener {
	void (*event)(struct sm_events *events, enum sm_event_kind kind,
		      const struct sm_event *event);
	void (*reshard)(struct sm_events *events,
			const struct sm_reshard_event *event);
};

void sm_events_init(struct sm_events *events);
void sm_events_stop(struct sm_events *events);
void sm_events_listen(const struct sm_listener *listener);

void sm_event_promotion(struct syncmap *map);
void sm_event_dirty_copy(struct syncmap *map, u64 copied_entries);
void sm_event_reshard(struct syncmap *map, struct sm_reshard_event *event);

#endif
