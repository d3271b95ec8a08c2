// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/ktime.h>
#include "../core/core.h"
#include "events.h"

static DEFINE_MUTEX(listener_lock);
static const struct sm_listener *listener;	/* by listener_lock */

static void tell(struct sm_events *events, const struct sm_event *pending)
{
	int kind;

	mutex_lock(&listener_lock);
	for (kind = 0; listener && kind < SM_NR_EVENTS; kind++)
		if (pending[kind].count)
			listener->event(events, kind, &pending[kind]);
	mutex_unlock(&listener_lock);
}

static void events_work(struct work_struct *work)
{
	struct sm_events *events = container_of(to_delayed_work(work),
						struct sm_events, work);
	struct sm_event pending[SM_NR_EVENTS];

	spin_lock_bh(&events->lock);
	memcpy(pending, events->pending, sizeof(pending));
	memset(events->pending, 0, sizeof(events->pending));
	spin_unlock_bh(&events->lock);

	tell(events, pending);
}

/**
 * sm_events_init() - make a map's events ready, before the map can have any
 * @events:	its events
 */
void sm_events_init(struct sm_events *events)
{
	spin_lock_init(&events->lock);
	memset(events->pending, 0, sizeof(events->pending));
	INIT_DELAYED_WORK(&events->work, events_work);
}

/**
 * sm_events_stop() - forget what has not been told
 * @events:	a map's events
 *
 * Nothing that was noted before is told after.  The memory of @events may go
 * if the map can have no more events.
 *
 * Context: process; sleeps.
 */
void sm_events_stop(struct sm_events *events)
{
	cancel_delayed_work_sync(&events->work);
}

/**
 * sm_events_listen() - say who is to be told of events
 * @new:	whom to call; NULL: nobody, and the last call has returned
 *
 * Context: process; sleeps.
 */
void sm_events_listen(const struct sm_listener *new)
{
	mutex_lock(&listener_lock);
	listener = new;
	mutex_unlock(&listener_lock);
}

/*
 * The first event since the last were told starts the work; that it runs a
 * period later, and not at once, is what bounds their rate.
 */
static void note(struct syncmap *map, enum sm_event_kind kind,
		 u64 copied_entries)
{
	struct sm_events *events = sm_map_owner(map);
	struct sm_event *event;
	bool first;

	if (!events)
		return;

	event = &events->pending[kind];
	spin_lock_bh(&events->lock);
	first = !event->count++;
	event->copied_entries += copied_entries;
	event->time = ktime_get_coarse_boottime_ns();
	spin_unlock_bh(&events->lock);

	if (first)
		schedule_delayed_work(&events->work,
				msecs_to_jiffies(SM_EVENTS_PERIOD_MS));
}

/**
 * sm_event_promotion() - note that a dirty table became the snapshot
 * @map:	in which map
 *
 * Context: with the shard's lock held; not hardirq or NMI.
 */
void sm_event_promotion(struct syncmap *map)
{
	note(map, SM_EVENT_PROMOTION, 0);
}

/**
 * sm_event_dirty_copy() - note that a dirty table was made
 * @map:	in which map
 * @copied_entries: entries that were copied for it under the lock
 *
 * Context: with the shard's lock held; not hardirq or NMI.
 */
void sm_event_dirty_copy(struct syncmap *map, u64 copied_entries)
{
	note(map, SM_EVENT_DIRTY_COPY, copied_entries);
}

/**
 * sm_event_reshard() - tell that a phase of resharding has ended
 * @map:	of which map
 * @event:	all but the time, which is now
 *
 * Context: process; sleeps.
 */
void sm_event_reshard(struct syncmap *map, struct sm_reshard_event *event)
{
	struct sm_events *events = sm_map_owner(map);

	if (!events)
		return;
	event->time = ktime_get_boottime_ns();
	mutex_lock(&listener_lock);
	if (listener)
		listener->reshard(events, event);
	mutex_unlock(&listener_lock);
}
