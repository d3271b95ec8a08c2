/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The objects that the CLI knows, and their commands.
 *
 * To add an object NAME, `syncmap NAME …`:
 *
 * 1. Write tools/cli/NAME.c (the Makefile finds it) with its commands and
 *
 *	const struct object NAME_object = {
 *		.name = "NAME",
 *		.summary = "what it is, in a few words, no full stop",
 *		.commands = commands,
 *	};
 *
 *    where commands is
 *
 *	static const struct command commands[] = {
 *		{ "show", "NAME [all]", "show a map", show },
 *		{}
 *	};
 *
 *    An object without commands, as `syncmap misses MAP`, has one whose name
 *    is "".
 * 2. Declare it at the end of this file, and put it into the list in command.c
 *    where help shall show it.
 * 3. Write tools/dist/man/syncmap-NAME.8.scd, and a case in
 *    tools/dist/completion/syncmap if its words are more than its commands.
 *
 * A command takes its words from @args (args.h) and stops with the usage when
 * they are wrong, all before it does anything; then says what it has to say
 * through cli->out (emit.h), asks the kernel through cli_connect() (nl.h),
 * complains through say() (say.h), and returns an exit status.
 */
#ifndef SYNCMAP_CLI_COMMAND_H
#define SYNCMAP_CLI_COMMAND_H

#include <stdbool.h>
#include "args.h"
#include "emit.h"
#include "say.h"

struct sm_nl;

/**
 * struct cli - what the options before the object say, and what commands share
 * @out:	where output goes
 * @times:	-t: give the time of day with what streams
 * @nl:		the kernel, after cli_connect()
 */
struct cli {
	struct emit *out;
	bool times;
	struct sm_nl *nl;
};

/**
 * struct command - one thing to do with an object
 * @name:	how it is called; "": the object is the command
 * @usage:	the words that follow, "" for none
 * @summary:	what it does, in a few words
 * @run:	does it
 */
struct command {
	const char *name;
	const char *usage;
	const char *summary;
	enum status (*run)(struct cli *cli, struct args *args);
};

/**
 * struct object - what commands are about
 * @name:	how it is called
 * @summary:	what it is, in a few words
 * @commands:	ends with an empty one
 */
struct object {
	const char *name;
	const char *summary;
	const struct command *commands;
};

/* all of them; ends with NULL */
extern const struct object * const objects[];

/**
 * object_find() - find an object
 * @word:	its name or an unambiguous beginning of it
 *
 * Return: the object; stops with the usage if there is none.
 */
const struct object *object_find(const char *word);

/**
 * object_run() - run the command of an object that the words ask for
 * @cli:	what commands share
 * @object:	the object
 * @args:	the words behind it
 *
 * Return: the exit status.
 */
enum status object_run(struct cli *cli, const struct object *object,
		       struct args *args);

/**
 * command_usage() - print how a command is used
 * @file:	where to
 * @object:	the object; NULL: all of them, in short
 * @command:	the command; NULL: all of the object's
 */
void command_usage(FILE *file, const struct object *object,
		   const struct command *command);

/**
 * cli_connect() - talk to the kernel
 * @cli:	what commands share
 *
 * It says so on the standard error if the module is of another version.
 *
 * Return: the connection; exits with STATUS_REFUSED if the module is not there.
 */
struct sm_nl *cli_connect(struct cli *cli);

extern const struct object map_object;
extern const struct object entry_object;
extern const struct object save_object;
extern const struct object restore_object;
extern const struct object stats_object;
extern const struct object reshard_object;
extern const struct object monitor_object;
extern const struct object misses_object;
extern const struct object bench_object;
extern const struct object feature_object;
extern const struct object version_object;
extern const struct object help_object;

#endif
