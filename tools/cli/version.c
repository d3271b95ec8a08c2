// SPDX-License-Identifier: GPL-2.0
#include <linux/syncmap_version.h>
#include "command.h"
#include "nl.h"

static enum status version(struct cli *cli, struct args *args)
{
	const char *module = NULL;

	args_end(args);
	if (sm_nl_module_is_loaded())
		module = sm_nl_version(cli_connect(cli));
	emit_begin(cli->out, EMIT_FIELDS);
	emit_str(cli->out, "cli", SYNCMAP_VERSION);
	if (module)
		emit_str(cli->out, "module", module);
	else
		emit_none(cli->out, "module", "not loaded");
	emit_end(cli->out);
	return STATUS_DONE;
}

static const struct command commands[] = {
	{ "", "", "the versions of this program and of the kernel module",
	  version },
	{}
};

const struct object version_object = {
	.name = "version",
	.summary = "of this program and of the kernel module",
	.commands = commands,
};
