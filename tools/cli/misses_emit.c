// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <time.h>
#include "misses_emit.h"

#define NS	1000000000ll

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS + now.tv_nsec;
}

/* The time of day at @time of CLOCK_BOOTTIME. */
static void emit_day(struct emit *out, int64_t time)
{
	int64_t ns = time + now_ns(CLOCK_REALTIME) - now_ns(CLOCK_BOOTTIME);
	struct timespec when = { .tv_sec = ns / NS, .tv_nsec = ns % NS };

	emit_time(out, "time_of_day", &when);
}

static void begin(const struct misses_view *view, const char *event,
		  uint64_t time)
{
	emit_begin(view->out, EMIT_LINE);
	emit_str(view->out, "event", event);
	if (view->times)
		emit_day(view->out, time);
	emit_u64(view->out, "time_ns", time);
	emit_str(view->out, "map", view->map.name);
}

void misses_emit_begin(const struct misses_view *view, const char *pinned)
{
	struct emit *out = view->out;

	begin(view, "listening", now_ns(CLOCK_BOOTTIME));
	emit_u64(out, "id", view->map.id);
	if (*pinned)
		emit_str(out, "pinned", pinned);
	else
		emit_none(out, "pinned", "nowhere");
	emit_end(out);
}

/* A number of 64 bits, all of which count: JSON's readers keep 53. */
static void emit_hash(struct emit *out, uint64_t hash)
{
	char text[17];

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)hash);
	emit_str(out, "hash", text);
}

static void emit_key(struct emit *out, const struct misses_key_event *e)
{
	uint32_t shown = e->key_len;

	if (shown > MISSES_KEY_BYTES)
		shown = MISSES_KEY_BYTES;
	emit_hash(out, e->hash);
	if (e->event.kind == MISSES_LOAD_MISS)
		emit_bool(out, "found", e->found);
	emit_u64(out, "key_len", e->key_len);
	emit_bytes(out, "key", e->key, shown);
}

static void emit_promotion(struct emit *out,
			   const struct misses_promotion_event *e)
{
	emit_u64(out, "entries", e->entries);
	emit_u64(out, "misses", e->misses);
}

static void emit_copy(struct emit *out, const struct misses_copy_event *e)
{
	if (e->event.kind == MISSES_DIRTY_COPY_BEGIN) {
		emit_u64(out, "entries", e->entries);
		return;
	}
	emit_u64(out, "copied_entries", e->entries);
	emit_u64(out, "copied_bytes", e->bytes);
}

static const char *name_of(uint32_t kind)
{
	static const char * const names[MISSES_KINDS] = {
		[MISSES_LOAD_MISS] = "load_miss",
		[MISSES_INSERT] = "insert",
		[MISSES_PROMOTION] = "promotion",
		[MISSES_DIRTY_COPY_BEGIN] = "dirty_copy_begin",
		[MISSES_DIRTY_COPY_END] = "dirty_copy_end",
	};

	return kind < MISSES_KINDS ? names[kind] : "unknown";
}

void misses_emit_event(const struct misses_view *view,
		       const struct misses_event *event)
{
	struct emit *out = view->out;

	begin(view, name_of(event->kind), event->time);
	emit_u64(out, "cpu", event->cpu);
	emit_u64(out, "shard", event->shard);
	if (event->kind <= MISSES_INSERT)
		emit_key(out, (const struct misses_key_event *)event);
	else if (event->kind == MISSES_PROMOTION)
		emit_promotion(out,
			       (const struct misses_promotion_event *)event);
	else if (event->kind < MISSES_KINDS)
		emit_copy(out, (const struct misses_copy_event *)event);
	emit_end(out);
}

void misses_emit_lost(const struct misses_view *view,
		      const struct misses_sum *before,
		      const struct misses_sum *now)
{
	uint64_t ring_full = now->ring_full - before->ring_full;
	uint64_t nested = now->nested - before->nested;

	if (!ring_full && !nested)
		return;
	begin(view, "lost", now_ns(CLOCK_BOOTTIME));
	emit_u64(view->out, "ring_full", ring_full);
	emit_u64(view->out, "nested", nested);
	emit_end(view->out);
}

void misses_emit_end(const struct misses_view *view, const char *why,
		     uint64_t shown, const struct misses_sum *sum)
{
	begin(view, "end", now_ns(CLOCK_BOOTTIME));
	emit_str(view->out, "why", why);
	emit_u64(view->out, "shown", shown);
	emit_u64(view->out, "ring_full", sum->ring_full);
	emit_u64(view->out, "nested", sum->nested);
	emit_u64(view->out, "misses", sum->misses);
	emit_u64(view->out, "uncounted", sum->uncounted);
	emit_end(view->out);
}
