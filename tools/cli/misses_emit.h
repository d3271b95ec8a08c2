/* SPDX-License-Identifier: GPL-2.0 */
/* What `syncmap misses` says: one document for each event, first and last. */
#ifndef SYNCMAP_CLI_MISSES_EMIT_H
#define SYNCMAP_CLI_MISSES_EMIT_H

#include <linux/types.h>
#include "misses.h"
#include "maps.h"
#include "emit.h"

/**
 * struct misses_view - how and about what
 * @out:	where output goes
 * @times:	give the time of day
 * @map:	the map
 */
struct misses_view {
	struct emit *out;
	bool times;
	struct map map;
};

/**
 * struct misses_sum - what the programs counted since they were attached
 * @misses:	load misses in the map
 * @uncounted:	those that @misses lacks
 * @ring_full:	events not shown: the ring buffer had no room
 * @nested:	events not shown, nor in @misses: they happened inside another
 */
struct misses_sum {
	uint64_t misses;
	uint64_t uncounted;
	uint64_t ring_full;
	uint64_t nested;
};

/* The first: programs are attached.  @pinned: where, "" if nowhere. */
void misses_emit_begin(const struct misses_view *view, const char *pinned);

/* An event. */
void misses_emit_event(const struct misses_view *view,
		       const struct misses_event *event);

/* Events that got lost since the last of these, if any did. */
void misses_emit_lost(const struct misses_view *view,
		      const struct misses_sum *before,
		      const struct misses_sum *now);

/* The last: why it ends, how many events were shown. */
void misses_emit_end(const struct misses_view *view, const char *why,
		     uint64_t shown, const struct misses_sum *sum);

#endif
