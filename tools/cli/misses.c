// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "map.h"
#include "misses_emit.h"
#include "ring.h"
#include "tracer.h"
#include "misses.skel.h"

/* how often losses are looked for, and how long records wait to be merged */
#define LOOK_NS		1000000000ll
#define MERGE_NS	2000000ll

/**
 * struct tracing - `syncmap misses` while it runs
 * @view:	where output goes
 * @all:	not only load misses
 * @count:	end after so many events; 0: do not
 * @end:	end at this time of CLOCK_MONOTONIC; 0: do not
 * @looked:	when losses were looked for
 * @skeleton:	the programs
 * @ring:	what they record
 * @pins:	where they are pinned
 * @asker:	asks whether the map is there
 * @listener:	hears that maps are deleted
 * @cpus:	how many values a per-CPU map has
 * @told:	losses that have been told
 * @shown:	events shown
 * @why:	why it ends; NULL: it does not
 * @err:	negative errno that it ends of
 */
struct tracing {
	struct misses_view view;
	bool all;
	uint64_t count;
	int64_t end;
	int64_t looked;
	struct misses *skeleton;
	struct ring *ring;
	struct pins pins;
	struct sm_nl *asker, *listener;
	int cpus;
	struct misses_sum told;
	uint64_t shown;
	const char *why;
	int err;
};

/* the last signal */
static int caught;

static void catch(int number)
{
	__atomic_store_n(&caught, number, __ATOMIC_RELAXED);
}

static int caught_signal(void)
{
	return __atomic_load_n(&caught, __ATOMIC_RELAXED);
}

/* A second signal of a kind ends it at once; each write to a pipe may bring a SIGPIPE. */
static void catch_signals(void)
{
	struct sigaction once = {
		.sa_handler = catch,
		.sa_flags = SA_RESETHAND,
	};
	struct sigaction always = { .sa_handler = catch };

	sigaction(SIGINT, &once, NULL);
	sigaction(SIGTERM, &once, NULL);
	sigaction(SIGHUP, &once, NULL);
	sigaction(SIGPIPE, &always, NULL);
}

/* What was cleaned up is gone; now end as if nobody had caught SIGPIPE. */
static void die_of_pipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/* What the programs counted */

static int fd_of(const struct bpf_map *map)
{
	return bpf_map__fd(map);
}

static void sum_misses(struct tracing *t, struct misses_sum *sum)
{
	int fd = fd_of(t->skeleton->maps.misses_count), cpu;
	struct misses_shard shard, *before = NULL;
	struct misses_count counts[t->cpus];

	while (!bpf_map_get_next_key(fd, before, &shard)) {
		before = &shard;
		if (bpf_map_lookup_elem(fd, &shard, counts))
			continue;
		for (cpu = 0; cpu < t->cpus; cpu++)
			sum->misses += counts[cpu].found + counts[cpu].absent;
	}
}

static void sum_lost(struct tracing *t, struct misses_sum *sum)
{
	int fd = fd_of(t->skeleton->maps.misses_lost), cpu;
	struct misses_lost lost[t->cpus];
	struct bpf_program *program;
	__u32 kind;

	for (kind = 0; kind < MISSES_KINDS; kind++) {
		if (bpf_map_lookup_elem(fd, &kind, lost))
			continue;
		for (cpu = 0; cpu < t->cpus; cpu++) {
			sum->ring_full += lost[cpu].ring_full;
			sum->uncounted += lost[cpu].uncounted;
		}
	}
	bpf_object__for_each_program(program, t->skeleton->obj)
		sum->nested += tracer_nested(program);
}

static void tell_lost(struct tracing *t)
{
	struct misses_sum now = {};

	sum_lost(t, &now);
	misses_emit_lost(&t->view, &t->told, &now);
	t->told = now;
	t->looked = now_ns();
}

/* Beginning */

static bool is_enough(const struct tracing *t)
{
	return t->count && t->shown >= t->count;
}

static int show(const void *record, void *arg)
{
	struct tracing *t = arg;

	misses_emit_event(&t->view, record);
	t->shown++;
	return is_enough(t) || ferror(stdout);
}

static void choose_programs(struct tracing *t)
{
	struct misses *s = t->skeleton;
	struct bpf_program *program;

	bpf_object__for_each_program(program, s->obj)
		bpf_program__set_autoload(program, t->all ||
					  program == s->progs.load_miss);
}

static int load_programs(struct tracing *t)
{
	struct misses_config config = { .map = t->view.map.id };
	__u32 zero = 0;
	int err;

	t->skeleton = misses__open();
	if (!t->skeleton)
		return -errno;
	choose_programs(t);
	err = misses__load(t->skeleton);
	if (err)
		return err;
	t->cpus = libbpf_num_possible_cpus();
	if (t->cpus < 0)
		return t->cpus;
	if (bpf_map_update_elem(fd_of(t->skeleton->maps.misses_config), &zero,
				&config, BPF_ANY))
		return -errno;
	t->ring = ring_new(fd_of(t->skeleton->maps.misses_events),
			   sizeof(struct misses_key_event), show, t);
	return t->ring ? 0 : -errno;
}

static enum status start(struct tracing *t)
{
	int err;

	if (!tracer_begin())
		return STATUS_REFUSED;
	err = load_programs(t);
	if (err) {
		tracer_failed("loading the BPF programs", err);
		return STATUS_REFUSED;
	}
	pins_make(&t->pins, t->skeleton->obj, "misses");
	err = misses__attach(t->skeleton);
	if (err) {
		tracer_failed("attaching the BPF programs", err);
		return STATUS_REFUSED;
	}
	misses_emit_begin(&t->view, t->pins.path);
	return STATUS_DONE;
}

/* Going on */

static int hear(struct nlmsghdr *msg, void *arg)
{
	bool *deleted = arg;

	if (genlmsg_hdr(msg)->cmd == SYNCMAP_CMD_MAP_DEL_NTF)
		*deleted = true;
	return 0;
}

/* Some map was deleted, or events were lost: is ours still there? */
static void look_for_map(struct tracing *t)
{
	struct map map = {};
	int err = map_get(t->asker, t->view.map.name, &map);

	if (err == -ENOENT || (!err && map.id != t->view.map.id))
		t->why = "deleted";
}

static void listen_to_kernel(struct tracing *t)
{
	bool deleted = false;
	int err = sm_nl_hear(t->listener, hear, &deleted);

	if (err == -ENOBUFS || deleted)
		look_for_map(t);
	else if (err && err != -EINTR)
		t->err = err;
}

static void sleep_until_something(struct tracing *t, struct pollfd *fds)
{
	int64_t ns = ring_waits(t->ring) ? MERGE_NS : LOOK_NS;
	struct timespec timeout;
	sigset_t all, before;

	if (t->end && t->end - now_ns() < ns)
		ns = t->end > now_ns() ? t->end - now_ns() : 0;
	timeout = (struct timespec){ ns / 1000000000, ns % 1000000000 };
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	if (caught_signal() || ppoll(fds, 3, &timeout, &before) < 0)
		fds[0].revents = fds[1].revents = fds[2].revents = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void find_reason(struct tracing *t)
{
	if (is_enough(t))
		t->why = "count";
	else if (caught_signal())
		t->why = "signal";
	else if (t->end && now_ns() >= t->end)
		t->why = "seconds";
}

static void read_ring(struct tracing *t)
{
	int err = ring_pass(t->ring);

	if (err < 0)
		t->err = err;
}

/* A pipe that nobody reads tells at once, not when the next event is written. */
static void follow(struct tracing *t)
{
	struct pollfd fds[] = {
		{ .fd = ring_fd(t->ring), .events = POLLIN },
		{ .fd = sm_nl_fd(t->listener), .events = POLLIN },
		{ .fd = STDOUT_FILENO },
	};

	while (!t->why && !t->err && !ferror(stdout)) {
		sleep_until_something(t, fds);
		if (fds[2].revents & POLLERR)
			catch(SIGPIPE);
		if (fds[1].revents)
			listen_to_kernel(t);
		read_ring(t);
		if (now_ns() - t->looked >= LOOK_NS)
			tell_lost(t);
		find_reason(t);
	}
}

/* Ending */

static void tell_end(struct tracing *t)
{
	struct misses_sum sum = {};

	if (!is_enough(t) && !ferror(stdout))
		ring_end(t->ring);
	tell_lost(t);
	sum = t->told;
	sum_misses(t, &sum);
	misses_emit_end(&t->view, t->why, t->shown, &sum);
}

static enum status stop(struct tracing *t)
{
	misses__detach(t->skeleton);
	tracer_wait();
	if (t->why && !ferror(stdout) && caught_signal() != SIGPIPE)
		tell_end(t);
	if (!t->err)
		return STATUS_DONE;
	say("misses: %s", strerror(-t->err));
	return STATUS_REFUSED;
}

static enum status trace(struct tracing *t)
{
	enum status status;

	catch_signals();
	status = start(t);
	if (!status) {
		follow(t);
		status = stop(t);
	}
	pins_remove(&t->pins);
	ring_free(t->ring);
	misses__destroy(t->skeleton);
	return status;
}

/*
 * The listener is there before the map is looked up, so that no deletion
 * is missed.
 */
static enum status find_map(struct tracing *t, struct cli *cli,
			    const char *name)
{
	int err;

	t->asker = cli_connect(cli);
	t->listener = sm_nl_open();
	if (!t->listener)
		return STATUS_REFUSED;
	err = sm_nl_listen(t->listener);
	if (err) {
		say("listening to the kernel's events: %s", strerror(-err));
		return STATUS_REFUSED;
	}
	if (map_get(t->asker, name, &t->view.map))
		return sm_nl_say(t->asker, "map %s", name);
	return STATUS_DONE;
}

static void take_options(struct tracing *t, struct args *args)
{
	static const char * const words[] = { "all", "count", "seconds", NULL };

	while (args_more(args)) {
		switch (args_choice(args, "an option", words)) {
		case 0:
			t->all = true;
			break;
		case 1:
			t->count = args_number(args, "count", 1, UINT64_MAX);
			break;
		case 2:
			t->end = args_seconds(args, "seconds");
			break;
		}
	}
}

static enum status misses(struct cli *cli, struct args *args)
{
	const char *name = args_map(args);
	struct tracing t = {
		.view = { .out = cli->out, .times = cli->times },
	};
	enum status status;

	take_options(&t, args);
	status = find_map(&t, cli, name);
	t.looked = now_ns();
	if (t.end)
		t.end += t.looked;
	if (!status)
		status = trace(&t);
	sm_nl_close(t.listener);
	if (caught_signal() == SIGPIPE)
		die_of_pipe();
	return status;
}

static const struct command commands[] = {
	{ "", "NAME [all] [count N] [seconds N]",
	  "show the loads of a map that miss its snapshot, as they happen",
	  misses },
	{}
};

const struct object misses_object = {
	.name = "misses",
	.summary = "loads that miss the snapshot, live",
	.commands = commands,
};
