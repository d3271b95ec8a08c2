// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include "monitor.h"

/* from one look at the map to the next, in ms */
#define LOOK_MS		1000

/**
 * struct reshard - resharding that the kernel was asked for
 * @cli:	where its phases go
 * @map:	of which map, as it was before
 * @shards:	how many; 0: automatic
 * @next_look:	at the map, ms of CLOCK_MONOTONIC
 * @over:	the last look, or an event, found that it has ended
 * @told:	it was an event
 * @done:	it has, and there is no more to tell
 * @error:	how it ended: 0, or a positive errno
 */
struct reshard {
	struct cli *cli;
	struct map map;
	uint32_t shards;
	int64_t next_look;
	bool over;
	bool told;
	bool done;
	uint32_t error;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/*
 * Is this the end of what was asked for, and not of what the map did itself?
 * Where it failed only the map can say.
 */
static void on_end(struct reshard *reshard, const struct event *event)
{
	if (event->error) {
		reshard->over = true;
		reshard->told = true;
		reshard->next_look = 0;
	} else if (event->to_shards ==
		   (reshard->shards ?: event->from_shards)) {
		reshard->done = true;
	}
}

static int on_event(struct nlmsghdr *msg, void *arg)
{
	struct reshard *reshard = arg;
	struct event event;
	int err;

	err = event_read(&event, msg);
	if (err == -EOPNOTSUPP || reshard->done)
		return 0;
	if (err || event.map.id != reshard->map.id || !event.is_reshard)
		return err;
	emit_event(reshard->cli, &event);
	if (event.phase == SYNCMAP_RESHARD_PHASE_DONE)
		on_end(reshard, &event);
	return 0;
}

/*
 * The end may be among the events that were lost, and a map that was deleted
 * has no more to tell.  The map ends its resharding just before it tells so:
 * what the second look in a row finds ended will not be told any more.
 */
static int look(struct reshard *reshard)
{
	bool was_over = reshard->over, told = reshard->told;
	struct map map;
	int err = map_get_id(reshard->cli->nl, reshard->map.id, &map);

	if (err)
		return err;
	reshard->next_look = now_ms() + LOOK_MS;
	reshard->over = !map.resharding;
	reshard->told = false;
	if (was_over && reshard->over) {
		if (!told)
			say("warning: the event of its end was lost");
		reshard->done = true;
		reshard->error = map.reshard_error;
	}
	return 0;
}

/* Return: 0, or an error of the last request. */
static int follow(struct reshard *reshard, struct sm_nl *events)
{
	struct pollfd ready = { .fd = sm_nl_fd(events), .events = POLLIN };
	int64_t left;
	int err = 0;

	reshard->next_look = now_ms() + LOOK_MS;
	while (!err && !reshard->done) {
		left = reshard->next_look - now_ms();
		if (left <= 0)
			err = look(reshard);
		else if (poll(&ready, 1, left) > 0 &&
			 sm_nl_hear(events, on_event, reshard) == -ENOBUFS)
			say("warning: events were lost");
	}
	return err;
}

static int begin(struct reshard *reshard, const char *name)
{
	struct sm_nl *nl = reshard->cli->nl;

	return map_get(nl, name, &reshard->map) ?:
	       map_reshard(nl, reshard->map.id, reshard->shards);
}

static enum status reshard_map(struct reshard *reshard, struct sm_nl *events,
			       const char *name)
{
	int err = sm_nl_listen(events);

	if (err) {
		say("the group of events: %s", strerror(-err));
		return STATUS_REFUSED;
	}
	if (begin(reshard, name) || follow(reshard, events))
		return sm_nl_say(reshard->cli->nl, "map %s", name);
	if (!reshard->error)
		return STATUS_DONE;
	say("map %s: %s", name, strerror(reshard->error));
	return STATUS_REFUSED;
}

static enum status run(struct cli *cli, struct args *args)
{
	static const char * const automatic[] = { "auto", NULL };
	struct reshard reshard = { .cli = cli };
	enum status status;
	struct sm_nl *events;
	const char *name;

	name = args_map(args);
	if (args_option(args, automatic))
		reshard.shards = args_number(args, "shards", 1, UINT32_MAX);
	args_end(args);
	cli_connect(cli);
	events = sm_nl_open();
	if (!events)
		return STATUS_REFUSED;
	status = reshard_map(&reshard, events, name);
	sm_nl_close(events);
	return status;
}

static const struct command commands[] = {
	{ "", "NAME N|auto",
	  "change the number of shards of a map in use, and print the phases",
	  run },
	{}
};

const struct object reshard_object = {
	.name = "reshard",
	.summary = "the number of shards, changed live",
	.commands = commands,
};
