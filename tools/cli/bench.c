// SPDX-License-Identifier: GPL-2.0
/* syncmap bench: the load generator in the kernel. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench.h"
#include "command.h"
#include "stats.h"

/* the words of the command line, and what each is in the kernel's line */
static const char * const words[] = {
	"map", "name", "policy", "shards", "align", "max-entries", "key",
	"value", "keys", "dist", "load", "update", "insert", "delete",
	"absent", "recent", "backlog", "cold", "keep", "threads", "seconds",
	"ops", "sample", "seed", NULL
};

static const char * const keys[] = {
	"map=", "name=", "policy=", "shards=", "align=", "max_entries=",
	"key_size=", "value_size=", "keys=", "dist=", "load=", "update=",
	"insert=", "delete=", "absent=", "recent=", "backlog=", "warm=0",
	"keep=1", "threads=", "seconds=", "ops=", "sample=", "seed=", NULL
};

_Static_assert(sizeof(words) == sizeof(keys), "a key for each word");

/* The kernel's line is split at blanks: a value must not bring its own. */
static const char *take_value(struct args *args, const char *name)
{
	const char *value = args_take(args, name);

	for (const char *c = value; *c; c++)
		if (isspace((unsigned char)*c))
			args_wrong(args, "%s '%s': it has a blank in it", name,
				   value);
	return value;
}

/* "dist zipf" may be followed by the exponent */
static void take_theta(struct args *args, FILE *line)
{
	const char *next = args_peek(args);

	if (next && isdigit((unsigned char)*next))
		fprintf(line, "theta=%s ", take_value(args, "theta"));
}

/* @map: set if it is the word for an existing one */
static void take_word(struct args *args, FILE *line, const char **map)
{
	int word = args_choice(args, "a word", words);
	const char *value = "";

	if (strchr(keys[word], '=')[1] == '\0')
		value = take_value(args, words[word]);
	fprintf(line, "%s%s ", keys[word], value);
	if (!strcmp(words[word], "map"))
		*map = value;
	if (!strcmp(value, "zipf"))
		take_theta(args, line);
}

/* Return: the line for the kernel, to be freed; @map as take_word() does. */
static char *take_line(struct args *args, const char **map)
{
	char *text = NULL;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		die_of_memory();
	fputc(' ', line);
	while (args_more(args))
		take_word(args, line, map);
	if (fclose(line))
		die_of_memory();
	return text;
}

static void say_text(struct emit *out, const struct bench *bench,
		     const char *name)
{
	const char *text = bench_text(bench, name);

	if (text)
		emit_str(out, name, text);
}

static void say_number(struct emit *out, const struct bench *bench,
		       const char *name)
{
	emit_u64(out, name, bench_number(bench, "", name));
}

static void say_share(struct emit *out, const struct bench *bench,
		      const char *name)
{
	char line[32];
	const char *text;

	snprintf(line, sizeof(line), "%s_percent", name);
	text = bench_text(bench, line);
	emit_share(out, name, text ? strtod(text, NULL) : 0, 100);
}

static void say_asked(struct emit *out, const struct bench *bench)
{
	static const char * const shares[] = {
		"load", "update", "insert", "delete", "absent", "recent", NULL
	};

	say_text(out, bench, "map");
	say_number(out, bench, "keys");
	say_number(out, bench, "key_size");
	say_number(out, bench, "value_size");
	say_text(out, bench, "dist");
	say_text(out, bench, "theta");
	emit_record(out, "shares");
	for (int i = 0; shares[i]; i++)
		say_share(out, bench, shares[i]);
	emit_record_end(out);
	say_number(out, bench, "backlog");
	say_number(out, bench, "threads");
	say_number(out, bench, "seed");
}

static void say_counts(struct emit *out, const struct bench *bench,
		       const char *record, const char *prefix)
{
	static const char * const counts[] = {
		"loads_found", "loads_absent", "updates", "inserts",
		"deletes", "deletes_absent", "wrong_values", "errors_enospc",
		"errors_enomem", NULL
	};

	emit_record(out, record);
	for (int i = 0; counts[i]; i++)
		emit_u64(out, counts[i], bench_number(bench, prefix,
						      counts[i]));
	emit_record_end(out);
}

static void say_latency(struct emit *out, const struct bench *bench)
{
	static const char * const ops[] = {
		"load", "update", "insert", "delete", "all", NULL
	};
	static const char * const columns[] = {
		"_mean_ns", "_p50_ns", "_p99_ns", "_p999_ns", "_max_ns", NULL
	};

	emit_table(out, "latency", EMIT_TABLE);
	for (int i = 0; ops[i]; i++) {
		uint64_t timed = bench_number(bench, ops[i], "_timed");

		if (!timed)
			continue;
		emit_row(out);
		emit_str(out, "operation", ops[i]);
		emit_u64(out, "timed", timed);
		for (int j = 0; columns[j]; j++)
			emit_ns(out, columns[j] + 1,
				bench_number(bench, ops[i], columns[j]));
		emit_row_end(out);
	}
	emit_table_end(out);
}

/* what the map counted meanwhile; the largest are of all its time */
static void say_counters(struct emit *out, const struct stats *before,
			 const struct stats *after)
{
	static const int counters[] = {
		SYNCMAP_A_COUNTER_HITS,
		SYNCMAP_A_COUNTER_ABSENTS,
		SYNCMAP_A_COUNTER_MISSES_FOUND,
		SYNCMAP_A_COUNTER_MISSES_ABSENT,
		SYNCMAP_A_COUNTER_UPDATES,
		SYNCMAP_A_COUNTER_INSERTS,
		SYNCMAP_A_COUNTER_DELETES,
		SYNCMAP_A_COUNTER_PROMOTIONS,
		SYNCMAP_A_COUNTER_DIRTY_COPIES,
		SYNCMAP_A_COUNTER_COPIED_ENTRIES,
		SYNCMAP_A_COUNTER_LOCK_ACQUISITIONS,
		SYNCMAP_A_COUNTER_LOCK_CONTENDED,
		0
	};
	const uint64_t *now = after->counter;

	emit_record(out, "counters");
	for (int i = 0; counters[i]; i++)
		emit_u64(out, counter_name(counters[i]),
			 now[counters[i]] - before->counter[counters[i]]);
	emit_u64(out, "copied_entries_max",
		 now[SYNCMAP_A_COUNTER_COPIED_ENTRIES_MAX]);
	emit_size(out, "copied_bytes_max",
		  now[SYNCMAP_A_COUNTER_COPIED_BYTES_MAX]);
	emit_record_end(out);
}

static void say_result(struct emit *out, const struct bench *bench,
		       const struct stats *before, const struct stats *after)
{
	emit_begin(out, EMIT_FIELDS);
	say_asked(out, bench);
	emit_u64(out, "shards", after->shards);
	emit_bool(out, "interrupted", bench_number(bench, "", "interrupted"));
	emit_bool(out, "emulated", machine_is_emulated());
	emit_ns(out, "elapsed_ns", bench_number(bench, "", "elapsed_ns"));
	say_number(out, bench, "ops");
	emit_rate(out, "ops_per_second",
		  bench_number(bench, "", "ops_per_second"));
	say_counts(out, bench, "counts", "");
	say_counts(out, bench, "setup", "setup_");
	say_counts(out, bench, "cleanup", "cleanup_");
	say_counters(out, before, after);
	emit_ns(out, "clock_ns", bench_number(bench, "", "clock_ns"));
	say_latency(out, bench);
	emit_end(out);
}

/* A map that the run makes has no counters before it. */
static enum status run_and_say(struct cli *cli, struct bench *bench,
			       const char *line, const char *map)
{
	struct sm_nl *nl = cli_connect(cli);
	struct stats before = {};
	struct stats after;
	enum status status;

	if (map && stats_get(nl, map, &before))
		return sm_nl_say(nl, "map %s", map);
	status = bench_run(bench, line);
	if (status != STATUS_DONE)
		return status;
	map = bench_text(bench, "map");
	if (stats_get(nl, map, &after))
		return sm_nl_say(nl, "map %s", map);
	say_result(cli->out, bench, &before, &after);
	return STATUS_DONE;
}

static enum status run(struct cli *cli, struct args *args)
{
	const char *map = NULL;
	char *line = take_line(args, &map);
	struct bench *bench = bench_open();
	enum status status = STATUS_REFUSED;

	if (bench)
		status = run_and_say(cli, bench, line, map);
	bench_close(bench);
	free(line);
	return status;
}

static const char usage[] =
	"[map NAME | name NAME policy cow|classic shards N|auto\n"
	"\talign line|packed max-entries N] [key SIZE] [value SIZE]\n"
	"\t[keys N|present] [dist uniform|zipf [THETA]] [load P]\n"
	"\t[update P] [insert P] [delete P] [absent P] [recent P]\n"
	"\t[backlog N] [cold] [keep] [threads N] [seconds N | ops N]\n"
	"\t[sample N] [seed N]";

static const struct command commands[] = {
	{ "", usage, "put a load on a map, in the kernel, and time it", run },
	{}
};

const struct object bench_object = {
	.name = "bench",
	.summary = "the load generator: operations, counts, latencies",
	.commands = commands,
};
