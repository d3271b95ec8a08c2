// SPDX-License-Identifier: GPL-2.0
#include "command.h"

static void emit_object(struct emit *out, const struct object *object)
{
	const struct command *command;

	for (command = object->commands; command->name; command++) {
		emit_row(out);
		emit_str(out, "object", object->name);
		emit_str(out, "command", command->name);
		emit_str(out, "words", command->usage);
		emit_str(out, "summary", command->summary);
		emit_row_end(out);
	}
}

static void emit_usage(struct emit *out, const struct object *object)
{
	int i;

	emit_begin(out, EMIT_FIELDS);
	emit_table(out, "commands", EMIT_TABLE);
	for (i = 0; objects[i]; i++)
		if (!object || objects[i] == object)
			emit_object(out, objects[i]);
	emit_table_end(out);
	emit_end(out);
}

static enum status help(struct cli *cli, struct args *args)
{
	const struct object *object = NULL;

	if (args_more(args))
		object = object_find(args_take(args, "an object"));
	args_end(args);
	if (emit_is_json(cli->out))
		emit_usage(cli->out, object);
	else
		command_usage(stdout, object, NULL);
	return STATUS_DONE;
}

static const struct command commands[] = {
	{ "", "[OBJECT]", "say how commands are used", help },
	{}
};

const struct object help_object = {
	.name = "help",
	.summary = "how commands are used",
	.commands = commands,
};
