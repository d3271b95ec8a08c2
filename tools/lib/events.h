/* SPDX-License-Identifier: GPL-2.0 */
/* The notifications of the group "events". */
#ifndef SYNCMAP_LIB_EVENTS_H
#define SYNCMAP_LIB_EVENTS_H

#include "maps.h"

/**
 * struct event - a notification
 * @name:	what happened, as "map-created", "promotion"
 * @is_map:	it is about the map as a whole: @map is all known
 * @map:	the map; if not @is_map, only its id and name
 * @time:	when, ns of CLOCK_BOOTTIME: the last that it stands for
 * @count:	how many it stands for
 * @copies:	it tells of @copied_entries
 * @copied_entries: by all that it stands for
 * @lost:	notifications that could not be sent before it
 * @is_reshard:	it tells of a phase of resharding: what follows
 * @phase:	enum syncmap_reshard_phase
 * @from_shards: shards before
 * @to_shards:	and after
 * @duration_ns: how long it took
 * @error:	why it ended early, a positive errno; 0: it did not
 */
struct event {
	const char *name;
	bool is_map;
	struct map map;
	uint64_t time;
	uint64_t count;
	bool copies;
	uint64_t copied_entries;
	uint64_t lost;
	bool is_reshard;
	uint32_t phase;
	uint32_t from_shards;
	uint32_t to_shards;
	uint64_t duration_ns;
	uint32_t error;
};

/* The words for enum syncmap_reshard_phase; end with NULL. */
extern const char * const reshard_phases[];

/**
 * event_read() - read a notification
 * @event:	out
 * @msg:	a message from sm_nl_hear()
 *
 * Return: 0; -EBADMSG; -EOPNOTSUPP if it is one that is not known.
 */
int event_read(struct event *event, struct nlmsghdr *msg);

#endif
