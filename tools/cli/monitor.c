// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include "monitor.h"

/**
 * struct monitor - events on their way to the output
 * @cli:	where to
 * @map:	only this map's; NULL: all
 * @left:	events to show; 0: without end
 * @done:	they were shown
 */
struct monitor {
	struct cli *cli;
	const char *map;
	uint64_t left;
	bool done;
};

static void begin(struct cli *cli, const char *name)
{
	emit_begin(cli->out, EMIT_LINE);
	emit_str(cli->out, "event", name);
	if (cli->times)
		emit_now(cli->out, "time_of_day");
}

/* What comes after this line was not missed. */
static void emit_listening(struct cli *cli)
{
	begin(cli, "listening");
	emit_end(cli->out);
}

static void emit_overrun(struct cli *cli)
{
	begin(cli, "overrun");
	emit_end(cli->out);
}

static void emit_reshard(struct emit *out, const struct event *event)
{
	emit_str(out, "phase", map_word(reshard_phases, event->phase));
	emit_u64(out, "from_shards", event->from_shards);
	emit_u64(out, "to_shards", event->to_shards);
	emit_ns(out, "duration_ns", event->duration_ns);
	if (event->error)
		emit_str(out, "error", strerror(event->error));
}

void emit_event(struct cli *cli, const struct event *event)
{
	struct emit *out = cli->out;

	begin(cli, event->name);
	emit_str(out, "map", event->map.name);
	emit_u64(out, "id", event->map.id);
	if (event->is_map) {
		emit_str(out, "policy",
			 map_word(map_policies, event->map.policy));
		emit_u64(out, "shards", event->map.shards);
		emit_u64(out, "entries", event->map.entries);
		emit_u64(out, "max_entries", event->map.max_entries);
		emit_u64(out, "max_bytes", event->map.max_bytes);
	} else {
		emit_u64(out, "time_ns", event->time);
	}
	if (event->count)
		emit_u64(out, "count", event->count);
	if (event->copies)
		emit_u64(out, "copied_entries", event->copied_entries);
	if (event->is_reshard)
		emit_reshard(out, event);
	if (event->lost)
		emit_u64(out, "lost", event->lost);
	emit_end(out);
}

static int on_event(struct nlmsghdr *msg, void *arg)
{
	struct monitor *monitor = arg;
	struct event event;
	int err;

	if (monitor->done)
		return 0;
	err = event_read(&event, msg);
	if (err == -EOPNOTSUPP)
		return 0;
	if (err || (monitor->map && strcmp(event.map.name, monitor->map)))
		return err;
	emit_event(monitor->cli, &event);
	monitor->done = monitor->left && !--monitor->left;
	return 0;
}

/* A pipe that nobody reads any more ends it, also where SIGPIPE is ignored. */
static int hear_all(struct sm_nl *nl, struct monitor *monitor)
{
	int err = 0;

	while (!err && !monitor->done && !ferror(stdout)) {
		err = sm_nl_hear(nl, on_event, monitor);
		if (err == -ENOBUFS)
			emit_overrun(monitor->cli);
		if (err == -ENOBUFS || err == -EINTR)
			err = 0;
	}
	return err;
}

static enum status run(struct cli *cli, struct args *args)
{
	static const char * const words[] = { "map", "count", NULL };
	struct monitor monitor = { .cli = cli };
	struct sm_nl *nl;
	int err;

	while (args_more(args)) {
		if (args_choice(args, "an option of monitor", words) == 0)
			monitor.map = args_map(args);
		else
			monitor.left = args_number(args, "count", 1,
						   UINT64_MAX);
	}
	nl = cli_connect(cli);
	err = sm_nl_listen(nl);
	if (!err) {
		emit_listening(cli);
		err = hear_all(nl, &monitor);
	}
	if (!err)
		return STATUS_DONE;
	say("the group of events: %s", strerror(-err));
	return STATUS_REFUSED;
}

static const struct command commands[] = {
	{ "", "[map NAME] [count N]", "print events as they come, one a line",
	  run },
	{}
};

const struct object monitor_object = {
	.name = "monitor",
	.summary = "events, as they come",
	.commands = commands,
};
