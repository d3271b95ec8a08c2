// SPDX-License-Identifier: GPL-2.0
/* Single entries, and all of them on the terminal. */
#include <stdlib.h>
#include <string.h>
#include "entry.h"

/**
 * struct outcome - what became of one entry
 * @status:	enum syncmap_entry_status
 * @has_value:	@value is the value that was met
 * @value:	the previous or the present value
 */
struct outcome {
	uint32_t status;
	bool has_value;
	struct bytes value;
};

static int take_outcome(const struct entry *entry, void *arg)
{
	struct outcome *outcome = arg;

	outcome->status = entry->status;
	outcome->has_value = entry->value;
	if (entry->value) {
		outcome->value.len = entry->value_len;
		memcpy(outcome->value.data, entry->value, entry->value_len);
	}
	return 0;
}

static char *printable(const void *data, size_t len)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		die_of_memory();
	bytes_write(file, data, len);
	fclose(file);
	return text;
}

static enum status say_absent(const char *map, const void *key, size_t len)
{
	char *text = printable(key, len);

	say("map %s has no key %s", map, text);
	free(text);
	return STATUS_ABSENT;
}

static enum status say_different(const char *map, const struct bytes *key,
				 const struct outcome *outcome)
{
	char *text = printable(key->data, key->len);
	char *value = printable(outcome->value.data, outcome->value.len);

	say("map %s: the value of key %s is another%s%s", map, text,
	    outcome->has_value ? ": " : "", outcome->has_value ? value : "");
	free(value);
	free(text);
	return STATUS_REFUSED;
}

/* @met names the value that was met. */
static void emit_outcome(struct emit *out, const struct outcome *outcome,
			 const char *met)
{
	static const char * const words[] = {
		[SYNCMAP_ENTRY_STATUS_ABSENT] = "absent",
		[SYNCMAP_ENTRY_STATUS_FOUND] = "found",
		[SYNCMAP_ENTRY_STATUS_INSERTED] = "inserted",
		[SYNCMAP_ENTRY_STATUS_REPLACED] = "replaced",
		[SYNCMAP_ENTRY_STATUS_DELETED] = "deleted",
		[SYNCMAP_ENTRY_STATUS_DIFFERENT] = "different",
	};
	bool known = outcome->status < sizeof(words) / sizeof(*words);

	emit_begin(out, EMIT_FIELDS);
	emit_str(out, "status", known ? words[outcome->status] : "?");
	if (outcome->has_value)
		emit_bytes(out, met, outcome->value.data, outcome->value.len);
	emit_end(out);
}

/* A request with one entry, and what is to be told of it. */
struct change {
	int cmd;
	int op;
	const char *map;
	struct bytes key;
	const struct bytes *value;
	const struct bytes *old;
	const char *met;	/* the name of the value met; NULL: not told */
};

static enum status change(struct cli *cli, const struct change *change)
{
	struct batch batch = {
		.nl = cli_connect(cli),
		.cmd = change->cmd,
		.map = change->map,
		.previous = change->met,
	};
	struct outcome outcome = {};

	batch_add(&batch, change->op, &change->key, change->value, change->old);
	if (batch_send(&batch, take_outcome, &outcome))
		return sm_nl_say(batch.nl, "map %s", change->map);
	if (outcome.status == SYNCMAP_ENTRY_STATUS_ABSENT)
		return say_absent(change->map, change->key.data,
				  change->key.len);
	if (outcome.status == SYNCMAP_ENTRY_STATUS_DIFFERENT)
		return say_different(change->map, &change->key, &outcome);
	emit_outcome(cli->out, &outcome, change->met);
	return STATUS_DONE;
}

/* The commands with a key and a value. */
static enum status set(struct cli *cli, struct args *args, int op,
		       const char *met)
{
	struct bytes value;
	struct change request = {
		.cmd = SYNCMAP_CMD_ENTRY_SET,
		.op = op,
		.map = args_map(args),
		.value = &value,
		.met = met,
	};

	args_key(args, &request.key);
	args_value(args, "a value", &value);
	args_end(args);
	return change(cli, &request);
}

static enum status put(struct cli *cli, struct args *args)
{
	return set(cli, args, SYNCMAP_ENTRY_OP_STORE, NULL);
}

static enum status add(struct cli *cli, struct args *args)
{
	return set(cli, args, SYNCMAP_ENTRY_OP_ADD, "value");
}

static enum status swap(struct cli *cli, struct args *args)
{
	return set(cli, args, SYNCMAP_ENTRY_OP_SWAP, "previous");
}

static enum status replace(struct cli *cli, struct args *args)
{
	return set(cli, args, SYNCMAP_ENTRY_OP_REPLACE, "previous");
}

static enum status cas(struct cli *cli, struct args *args)
{
	struct bytes value, old;
	struct change request = {
		.cmd = SYNCMAP_CMD_ENTRY_SET,
		.op = SYNCMAP_ENTRY_OP_COMPARE,
		.map = args_map(args),
		.value = &value,
		.old = &old,
		.met = "previous",
	};

	args_key(args, &request.key);
	args_value(args, "the old value", &old);
	args_value(args, "the new value", &value);
	args_end(args);
	return change(cli, &request);
}

static enum status delete(struct cli *cli, struct args *args)
{
	static const char * const words[] = { "if", NULL };
	struct bytes old;
	struct change request = {
		.cmd = SYNCMAP_CMD_ENTRY_DEL,
		.map = args_map(args),
		.met = "previous",
	};

	args_key(args, &request.key);
	if (args_more(args)) {
		args_choice(args, "a condition", words);
		args_value(args, "the value", &old);
		request.old = &old;
	}
	args_end(args);
	return change(cli, &request);
}

static enum status get(struct cli *cli, struct args *args)
{
	const char *map = args_map(args);
	struct batch batch = { .cmd = SYNCMAP_CMD_ENTRY_GET, .map = map };
	struct outcome outcome = {};
	struct bytes key;

	args_key(args, &key);
	args_end(args);
	batch.nl = cli_connect(cli);
	batch_add(&batch, 0, &key, NULL, NULL);
	if (batch_send(&batch, take_outcome, &outcome))
		return sm_nl_say(batch.nl, "map %s", map);
	if (!outcome.has_value)
		return say_absent(map, key.data, key.len);
	emit_begin(cli->out, EMIT_LINE);
	emit_bytes(cli->out, "value", outcome.value.data, outcome.value.len);
	emit_end(cli->out);
	return STATUS_DONE;
}

/**
 * struct dump - entries on their way to the output
 * @out:	where to
 * @begun:	the document, with its table
 */
struct dump {
	struct emit *out;
	bool begun;
};

/* Not before the kernel has answered: a refusal is no document. */
static void begin_dump(struct dump *dump)
{
	if (dump->begun)
		return;
	emit_begin(dump->out, EMIT_FIELDS);
	emit_table(dump->out, "entries", EMIT_LINES);
	dump->begun = true;
}

static int emit_entry(const struct entry *entry, void *arg)
{
	struct dump *dump = arg;
	struct emit *out = dump->out;

	begin_dump(dump);
	emit_row(out);
	emit_bytes(out, "key", entry->key, entry->key_len);
	if (entry->value)
		emit_bytes(out, "value", entry->value, entry->value_len);
	emit_row_end(out);
	return 0;
}

void say_if_changed(const struct sm_nl *nl, const char *map)
{
	if (sm_nl_interrupted(nl))
		say("warning: map %s changed while it was read: of the keys that came or went meanwhile, some may be missing",
		    map);
}

bool args_keys_only(struct args *args)
{
	static const char * const words[] = { "keys", NULL };

	if (!args_more(args))
		return false;
	args_choice(args, "what to leave out", words);
	return true;
}

static enum status dump(struct cli *cli, struct args *args)
{
	const char *map = args_map(args);
	bool keys_only = args_keys_only(args);
	struct dump dump = { .out = cli->out };
	struct sm_nl *nl;
	int err;

	args_end(args);
	nl = cli_connect(cli);
	err = entries_dump(nl, map, keys_only, emit_entry, &dump);
	if (err && !dump.begun)
		return sm_nl_say(nl, "map %s", map);
	begin_dump(&dump);
	emit_table_end(cli->out);
	/* What text has goes to the standard error. */
	if (err && emit_is_json(cli->out))
		emit_str(cli->out, "error", strerror(-err));
	emit_end(cli->out);
	if (err)
		return sm_nl_say(nl, "map %s", map);
	say_if_changed(nl, map);
	return STATUS_DONE;
}

static const struct command commands[] = {
	{ "get", "MAP KEY", "print a key's value", get },
	{ "put", "MAP KEY VALUE", "insert or replace", put },
	{ "add", "MAP KEY VALUE", "insert, or keep and print what is there",
	  add },
	{ "swap", "MAP KEY VALUE", "insert or replace, print what was there",
	  swap },
	{ "replace", "MAP KEY VALUE", "replace, if there is something", replace },
	{ "cas", "MAP KEY OLD NEW", "replace, if it is OLD that is there", cas },
	{ "delete", "MAP KEY [if VALUE]", "remove, if it is VALUE that is there",
	  delete },
	{ "dump", "MAP [keys]", "print all entries, a line each", dump },
	{ "load", "MAP FILE [value VALUE] [add] [strict]",
	  "put each line of a file: KEY TAB VALUE, or a key that gets VALUE",
	  entry_load },
	{ "save", "MAP FILE [keys]", "write all entries into a file",
	  entry_save },
	{}
};

const struct object entry_object = {
	.name = "entry",
	.summary = "keys and their values",
	.commands = commands,
};
