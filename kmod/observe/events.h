/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events from hot paths.  They are only counted here, in any context in which
 * the lock of a shard is held; whoever listens is told from a workqueue, at
 * most once for each kind, map and SM_EVENTS_PERIOD_MS.
 *
 * A map's struct sm_events is what sm_map_owner() gives; a map without one has
 * no events.
 */
#ifndef SYNCMAP_OBSERVE_EVENTS_H
#define SYNCMAP_OBSERVE_EVENTS_H

#include <linux/types.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

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

/* process context; may sleep */
typedef void (*sm_events_fn)(struct sm_events *events, enum sm_event_kind kind,
			     const struct sm_event *event);

void sm_events_init(struct sm_events *events);
void sm_events_stop(struct sm_events *events);
void sm_events_listen(sm_events_fn fn);

void sm_event_promotion(struct syncmap *map);
void sm_event_dirty_copy(struct syncmap *map, u64 copied_entries);

#endif
