// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include "command.h"

const struct object * const objects[] = {
	&map_object,
	&entry_object,
	&save_object,
	&restore_object,
	&stats_object,
	&reshard_object,
	&monitor_object,
	&misses_object,
	&bench_object,
	&feature_object,
	&version_object,
	&help_object,
	NULL
};

#define WORDS_MAX	32

static bool is_alone(const struct object *object)
{
	return !*object->commands[0].name;
}

const struct object *object_find(const char *word)
{
	const char *names[WORDS_MAX] = {};
	struct args args = {};
	int i;

	for (i = 0; objects[i] && i < WORDS_MAX - 1; i++)
		names[i] = objects[i]->name;
	return objects[args_choose(&args, word, "an object", names)];
}

static const struct command *command_find(const struct object *object,
					  struct args *args)
{
	const char *names[WORDS_MAX] = {};
	int i;

	if (is_alone(object))
		return object->commands;
	for (i = 0; object->commands[i].name && i < WORDS_MAX - 1; i++)
		names[i] = object->commands[i].name;
	return &object->commands[args_choice(args, "a command", names)];
}

static bool asks_for_help(const struct object *object, const char *word)
{
	if (!word)
		return false;
	return !strcmp(word, "-h") || !strcmp(word, "--help") ||
	       (!strcmp(word, "help") && !is_alone(object));
}

enum status object_run(struct cli *cli, const struct object *object,
		       struct args *args)
{
	args->object = object;
	if (asks_for_help(object, args_peek(args))) {
		command_usage(stdout, object, NULL);
		return STATUS_DONE;
	}
	args->command = command_find(object, args);
	return args->command->run(cli, args);
}

static void put_usage(FILE *file, const struct object *object,
		      const struct command *command)
{
	fprintf(file, "  syncmap %s", object->name);
	if (*command->name)
		fprintf(file, " %s", command->name);
	if (*command->usage)
		fprintf(file, " %s", command->usage);
	fputc('\n', file);
}

static void usage_of_all(FILE *file)
{
	int i;

	fputs("Usage: syncmap [-j|-p] [-t] OBJECT COMMAND …\n"
	      "  -j  JSON, a document on a line\n"
	      "  -p  JSON, indented\n"
	      "  -t  with the time of day, where output streams\n"
	      "Objects (an unambiguous beginning of a word is enough):\n", file);
	for (i = 0; objects[i]; i++)
		fprintf(file, "  %-9s %s\n", objects[i]->name,
			objects[i]->summary);
	fputs("syncmap help OBJECT says more.\n", file);
}

void command_usage(FILE *file, const struct object *object,
		   const struct command *command)
{
	if (!object) {
		usage_of_all(file);
		return;
	}
	fputs("Usage:\n", file);
	if (command) {
		put_usage(file, object, command);
		return;
	}
	for (command = object->commands; command->name; command++) {
		put_usage(file, object, command);
		fprintf(file, "      %s\n", command->summary);
	}
}
