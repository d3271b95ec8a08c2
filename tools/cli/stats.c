// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include "map.h"
#include "stats.h"

#define SECOND_NS	1000000000ull

/* The ratios of SPEC 5; the same words wherever they are shown. */
static void emit_ratios(struct emit *out, const struct activity *activity)
{
	emit_share(out, "hit_ratio", activity->hits, activity->loads);
	if (activity->hits > 0)
		emit_double(out, "misses_per_hit",
			    activity->misses / activity->hits);
	else
		emit_none(out, "misses_per_hit", "-");
	emit_share(out, "write_share", activity->writes,
		   activity->loads + activity->writes);
	emit_share(out, "contended_share", activity->contended,
		   activity->locks);
}

static void emit_counter(struct emit *out, int counter, uint64_t value)
{
	const char *name = counter_name(counter);

	switch (counter) {
	case SYNCMAP_A_COUNTER_COPIED_BYTES:
	case SYNCMAP_A_COUNTER_COPIED_BYTES_MAX:
	case SYNCMAP_A_COUNTER_BYTES:
		emit_size(out, name, value);
		break;
	case SYNCMAP_A_COUNTER_LOCK_WAIT_NS:
	case SYNCMAP_A_COUNTER_LOCK_HOLD_NS_MAX:
		emit_ns(out, name, value);
		break;
	default:
		emit_u64(out, name, value);
		break;
	}
}

static void emit_counters(struct emit *out, const struct stats *stats)
{
	int i;

	for (i = 1; i <= SYNCMAP_A_COUNTER_MAX; i++)
		if (stats->has & 1ull << i)
			emit_counter(out, i, stats->counter[i]);
}

static enum status show(struct cli *cli, const char *map)
{
	struct sm_nl *nl = cli_connect(cli);
	struct activity activity;
	struct stats stats;

	if (stats_get(nl, map, &stats))
		return sm_nl_say(nl, "map %s", map);
	stats_activity(&activity, NULL, &stats);
	emit_begin(cli->out, EMIT_FIELDS);
	emit_str(cli->out, "map", stats.map);
	emit_u64(cli->out, "id", stats.map_id);
	emit_u64(cli->out, "time_ns", stats.time);
	emit_u64(cli->out, "shards", stats.shards);
	emit_u64(cli->out, "entries", stats.entries);
	emit_record(cli->out, "counters");
	emit_counters(cli->out, &stats);
	emit_record_end(cli->out);
	emit_record(cli->out, "ratios");
	emit_ratios(cli->out, &activity);
	emit_record_end(cli->out);
	emit_end(cli->out);
	return STATUS_DONE;
}

static void emit_summary(struct emit *out, const struct stats *stats)
{
	struct activity activity;

	stats_activity(&activity, NULL, stats);
	emit_row(out);
	emit_str(out, "map", stats->map);
	emit_u64(out, "shards", stats->shards);
	emit_u64(out, "entries", stats->entries);
	emit_u64(out, "loads", activity.loads);
	emit_u64(out, "misses", activity.misses);
	emit_u64(out, "writes", activity.writes);
	emit_u64(out, "promotions", activity.promotions);
	emit_u64(out, "dirty_copies", activity.dirty_copies);
	emit_ratios(out, &activity);
	emit_row_end(out);
}

static void emit_shard(struct emit *out, const struct stats *stats)
{
	static const int shown[] = {
		SYNCMAP_A_COUNTER_HITS, SYNCMAP_A_COUNTER_ABSENTS,
		SYNCMAP_A_COUNTER_MISSES_FOUND, SYNCMAP_A_COUNTER_MISSES_ABSENT,
		SYNCMAP_A_COUNTER_UPDATES, SYNCMAP_A_COUNTER_INSERTS,
		SYNCMAP_A_COUNTER_DELETES, SYNCMAP_A_COUNTER_PROMOTIONS,
		SYNCMAP_A_COUNTER_DIRTY_COPIES,
		SYNCMAP_A_COUNTER_LOCK_CONTENDED,
		SYNCMAP_A_COUNTER_LOCK_WAIT_NS,
	};
	size_t i;

	emit_row(out);
	emit_u64(out, "shard", stats->shard);
	for (i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		emit_counter(out, shown[i], stats->counter[shown[i]]);
	emit_row_end(out);
}

/* A table of all maps, or of the shards of one. */
static enum status list(struct cli *cli, const char *map)
{
	struct sm_nl *nl = cli_connect(cli);
	struct stats_list list;
	unsigned long i;

	if (stats_list(nl, map, &list))
		return map ? sm_nl_say(nl, "map %s", map) :
			     sm_nl_say(nl, "the statistics of all maps");
	if (list.changed)
		say("warning: %s came or went while they were read",
		    map ? "shards" : "maps");
	emit_begin(cli->out, EMIT_FIELDS);
	if (map)
		emit_str(cli->out, "map", map);
	emit_table(cli->out, map ? "shards" : "maps", EMIT_TABLE);
	for (i = 0; i < list.nr; i++) {
		if (map)
			emit_shard(cli->out, &list.stats[i]);
		else
			emit_summary(cli->out, &list.stats[i]);
	}
	emit_table_end(cli->out);
	emit_end(cli->out);
	free(list.stats);
	return STATUS_DONE;
}

/**
 * struct watch - readings at intervals
 * @map:	the map's name
 * @interval:	ns
 * @rows:	to show; 0: without end
 */
struct watch {
	const char *map;
	uint64_t interval;
	uint64_t rows;
};

static void emit_rates(struct emit *out, const struct activity *activity)
{
	double seconds = activity->seconds;

	emit_record(out, "per_second");
	emit_rate(out, "loads", activity->loads / seconds);
	emit_rate(out, "hits", activity->hits / seconds);
	emit_rate(out, "misses", activity->misses / seconds);
	emit_rate(out, "writes", activity->writes / seconds);
	emit_rate(out, "promotions", activity->promotions / seconds);
	emit_rate(out, "dirty_copies", activity->dirty_copies / seconds);
	emit_rate(out, "copied_entries", activity->copied_entries / seconds);
	emit_record_end(out);
}

static void emit_watch(struct cli *cli, const struct stats *from,
		       const struct stats *to)
{
	struct activity activity;

	stats_activity(&activity, from, to);
	emit_begin(cli->out, EMIT_ROW);
	if (cli->times)
		emit_now(cli->out, "time_of_day");
	emit_str(cli->out, "map", to->map);
	emit_double(cli->out, "seconds", activity.seconds);
	emit_u64(cli->out, "entries", to->entries);
	emit_rates(cli->out, &activity);
	emit_record(cli->out, "ratios");
	emit_ratios(cli->out, &activity);
	emit_record_end(cli->out);
	emit_end(cli->out);
}

static void wait_until(uint64_t ns)
{
	struct timespec time = {
		.tv_sec = ns / SECOND_NS,
		.tv_nsec = ns % SECOND_NS,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time,
			       NULL) == EINTR)
		;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND_NS + time.tv_nsec;
}

static enum status watch(struct cli *cli, const struct watch *watch)
{
	struct sm_nl *nl = cli_connect(cli);
	struct stats from, to;
	uint64_t next = now(), row;

	if (stats_get(nl, watch->map, &from))
		return sm_nl_say(nl, "map %s", watch->map);
	for (row = 0; !watch->rows || row < watch->rows; row++) {
		next += watch->interval;
		wait_until(next);
		if (stats_get(nl, watch->map, &to))
			return sm_nl_say(nl, "map %s", watch->map);
		if (to.map_id == from.map_id)
			emit_watch(cli, &from, &to);
		else
			say("map %s was made anew", watch->map);
		from = to;
	}
	return STATUS_DONE;
}

static void take_watch(struct args *args, struct watch *watch)
{
	static const char * const words[] = { "count", NULL };
	const char *word = args_peek(args);

	watch->interval = SECOND_NS;
	if (word && word_match(word, words) == WORD_UNKNOWN)
		watch->interval = args_seconds(args, "the interval");
	if (args_more(args)) {
		args_choice(args, "an option of watch", words);
		watch->rows = args_number(args, "count", 1, UINT64_MAX);
	}
	args_end(args);
}

static enum status stats(struct cli *cli, struct args *args)
{
	static const char * const words[] = { "watch", "shards", NULL };
	struct watch request = {};

	if (!args_more(args))
		return list(cli, NULL);
	request.map = args_map(args);
	if (!args_more(args))
		return show(cli, request.map);
	if (args_choice(args, "what to show of statistics", words) == 0) {
		take_watch(args, &request);
		return watch(cli, &request);
	}
	args_end(args);
	return list(cli, request.map);
}

static const struct command commands[] = {
	{ "", "[MAP [shards | watch [SECONDS] [count N]]]",
	  "counters and ratios of all maps or of one, of its shards, or rates as they go",
	  stats },
	{}
};

const struct object stats_object = {
	.name = "stats",
	.summary = "counters, rates and ratios",
	.commands = commands,
};
