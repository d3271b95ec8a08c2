// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <string.h>
#include "monitor.h"

/* to look, in ms of silence, whether the map is there still */
#define SILENCE_MS	1000

/**
 * struct reshard - resharding that the kernel was asked for
 * @cli:	where its phases go
 * @map:	of which map
 * @shards:	how many; 0: automatic
 * @done:	it has ended
 * @error:	how: 0, or a positive errno
 */
struct reshard {
	struct cli *cli;
	const char *map;
	uint32_t shards;
	bool done;
	uint32_t error;
};

/* Is this the end of what was asked for, and not of what the map did itself? */
static bool is_last(const struct reshard *reshard, const struct event *event)
{
	if (event->phase != SYNCMAP_RESHARD_PHASE_DONE)
		return false;
	if (event->error)
		return true;
	return event->to_shards == (reshard->shards ?: event->from_shards);
}

static int on_event(struct nlmsghdr *msg, void *arg)
{
	struct reshard *reshard = arg;
	struct event event;
	int err;

	err = event_read(&event, msg);
	if (err == -EOPNOTSUPP || reshard->done)
		return 0;
	if (err || strcmp(event.map.name, reshard->map) || !event.is_reshard)
		return err;
	emit_event(reshard->cli, &event);
	reshard->done = is_last(reshard, &event);
	reshard->error = event.error;
	return 0;
}

/* A map that was deleted has no more to tell. */
static int look(struct reshard *reshard)
{
	struct map map;

	return map_get(reshard->cli->nl, reshard->map, &map);
}

/* Return: 0, or an error of the last request. */
static int follow(struct reshard *reshard, struct sm_nl *events)
{
	struct pollfd ready = { .fd = sm_nl_fd(events), .events = POLLIN };
	int err = 0;

	while (!err && !reshard->done) {
		if (poll(&ready, 1, SILENCE_MS) == 0)
			err = look(reshard);
		else if (sm_nl_hear(events, on_event, reshard) == -ENOBUFS)
			say("warning: events were lost");
	}
	return err;
}

static enum status begin(struct reshard *reshard, struct sm_nl *events)
{
	struct sm_nl *nl = cli_connect(reshard->cli);
	int err = sm_nl_listen(events);

	if (err) {
		say("the group of events: %s", strerror(-err));
		return STATUS_REFUSED;
	}
	if (map_reshard(nl, reshard->map, reshard->shards) ||
	    follow(reshard, events))
		return sm_nl_say(nl, "map %s", reshard->map);
	if (!reshard->error)
		return STATUS_DONE;
	say("map %s: %s", reshard->map, strerror(reshard->error));
	return STATUS_REFUSED;
}

static enum status run(struct cli *cli, struct args *args)
{
	static const char * const automatic[] = { "auto", NULL };
	struct reshard reshard = { .cli = cli };
	enum status status;
	struct sm_nl *events;

	reshard.map = args_map(args);
	if (args_option(args, automatic))
		reshard.shards = args_number(args, "shards", 1, UINT32_MAX);
	args_end(args);
	cli_connect(cli);
	events = sm_nl_open();
	if (!events)
		return STATUS_REFUSED;
	status = begin(&reshard, events);
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
