// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "command.h"
#include "nl.h"

static bool wants_colour(void)
{
	const char *never = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(never && *never) &&
	       terminal && strcmp(terminal, "dumb");
}

struct sm_nl *cli_connect(struct cli *cli)
{
	if (!cli->nl)
		cli->nl = sm_nl_open();
	if (!cli->nl)
		exit(STATUS_REFUSED);
	return cli->nl;
}

/* What could not be written was not said: the status tells. */
static enum status finish(enum status status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		say("the output could not be written: %m");
	return STATUS_REFUSED;
}

static enum status run(struct cli *cli, enum emit_form form, struct args *args)
{
	const struct object *object = object_find(args_take(args, "an object"));
	enum status status;

	cli->out = emit_new(stdout, form, wants_colour());
	status = object_run(cli, object, args);
	emit_free(cli->out);
	sm_nl_close(cli->nl);
	return finish(status);
}

static void wrong_option(const struct args *args, char **argv)
{
	if (optopt)
		args_wrong(args, "there is no option '-%c'", optopt);
	args_wrong(args, "there is no option '%s'", argv[optind - 1]);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "pretty", no_argument, NULL, 'p' },
		{ "timestamp", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{}
	};
	static char *instead[2];
	enum emit_form form = EMIT_TEXT;
	struct cli cli = {};
	struct args args = {};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "+jpthV", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			form = form == EMIT_JSON_PRETTY ? form : EMIT_JSON;
			break;
		case 'p':
			form = EMIT_JSON_PRETTY;
			break;
		case 't':
			cli.times = true;
			break;
		case 'h':
			instead[0] = "help";
			break;
		case 'V':
			instead[0] = "version";
			break;
		default:
			wrong_option(&args, argv);
		}
	}
	args.words = instead[0] ? instead : argv + optind;
	return run(&cli, form, &args);
}
