// SPDX-License-Identifier: GPL-2.0
/* `entry load` and `entry save`. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "entry.h"
#include "files.h"
#include "line.h"
#include "progress.h"

/* bad lines that are told one by one */
#define BAD_TOLD	20

/**
 * struct load - a file on its way into a map
 * @nl:		the kernel
 * @map:	where to
 * @path:	the file
 * @file:	it, being read
 * @size:	its bytes; 0: not known
 * @read:	bytes read so far
 * @op:		what is done with each entry
 * @value:	of a key alone
 * @strict:	load nothing if any line is bad
 * @number:	of the line
 * @bad:	lines that are no entry, or none for this map
 * @counts:	entries by what became of them
 * @batch:	the next request
 * @numbers:	the lines of its entries
 */
struct load {
	struct sm_nl *nl;
	struct map map;
	const char *path;
	FILE *file;
	uint64_t size;
	uint64_t read;
	int op;
	struct bytes value;
	bool strict;
	unsigned long number;
	unsigned long bad;
	uint64_t counts[SYNCMAP_ENTRY_STATUS_DIFFERENT + 1];
	struct batch batch;
	unsigned long numbers[BATCH_MAX];
};

static void args_load(struct load *load, struct args *args)
{
	static const char * const words[] = {
		"value", "add", "strict", "--strict", NULL
	};

	while (args_more(args)) {
		switch (args_choice(args, "an option of load", words)) {
		case 0:
			args_value(args, "the value", &load->value);
			break;
		case 1:
			load->op = SYNCMAP_ENTRY_OP_ADD;
			break;
		default:
			load->strict = true;
			break;
		}
	}
}

static void complain(struct load *load, const char *wrong)
{
	if (load->bad++ < BAD_TOLD) {
		progress_clear();
		say("%s:%lu: %s", file_name(load->path), load->number, wrong);
	}
}

/* The next entry; false: there are no more lines.  Bad lines are skipped. */
static bool next_entry(struct load *load, struct line *line)
{
	static char *text;
	static size_t room;
	const char *wrong;
	ssize_t len;

	while ((len = getline(&text, &room, load->file)) >= 0) {
		load->number++;
		load->read += len;
		if (text[len - 1] == '\n')
			len--;
		wrong = line_read(line, text, len);
		if (!wrong && !line->has_value)
			bytes_copy(&line->value, &load->value);
		/* For one of them the kernel would refuse a whole request. */
		if (!wrong)
			wrong = line_misfit(line, load->map.key_size,
					    load->map.value_size);
		if (!wrong)
			return true;
		complain(load, wrong);
	}
	return false;
}

static int count(const struct entry *entry, void *arg)
{
	struct load *load = arg;

	if (entry->status <= SYNCMAP_ENTRY_STATUS_DIFFERENT)
		load->counts[entry->status]++;
	return 0;
}

/* Send what is in the batch.  Return: STATUS_DONE, or after saying why not. */
static enum status flush(struct load *load)
{
	struct batch *batch = &load->batch;
	int err = batch_send(batch, count, load);

	if (!err && !batch->error)
		return STATUS_DONE;
	progress_clear();
	if (err)
		return sm_nl_say(load->nl, "%s:%lu: map %s",
				 file_name(load->path), load->numbers[0],
				 load->map.name);
	say("%s:%lu: map %s: %s%s", file_name(load->path),
	    load->numbers[batch->applied], load->map.name,
	    batch->error == ENOSPC ?
	    "the map is full, max-entries or max-bytes: " : "",
	    strerror(batch->error));
	return STATUS_REFUSED;
}

static enum status load_lines(struct load *load)
{
	enum status status = STATUS_DONE;
	struct line line;

	while (status == STATUS_DONE && next_entry(load, &line)) {
		if (!batch_add(&load->batch, load->op, &line.key, &line.value,
			       NULL)) {
			status = flush(load);
			batch_add(&load->batch, load->op, &line.key,
				  &line.value, NULL);
			progress_show("loading", load->number, load->read,
				      load->size);
		}
		load->numbers[load->batch.entries - 1] = load->number;
	}
	if (status == STATUS_DONE)
		status = flush(load);
	progress_clear();
	return status;
}

static void say_bad(const struct load *load)
{
	if (load->bad > BAD_TOLD)
		say("%s: and %lu more bad lines", file_name(load->path),
		    load->bad - BAD_TOLD);
}

/* Read all lines for what is wrong with them. */
static bool check_lines(struct load *load)
{
	struct line line;

	while (next_entry(load, &line))
		;
	say_bad(load);
	if (load->bad)
		say("%s has %lu bad lines: nothing was loaded",
		    file_name(load->path), load->bad);
	rewind(load->file);
	load->number = 0;
	load->read = 0;
	return !load->bad;
}

static void emit_load(struct emit *out, const struct load *load)
{
	emit_begin(out, EMIT_FIELDS);
	emit_str(out, "map", load->map.name);
	emit_u64(out, "lines", load->number);
	emit_u64(out, "bad_lines", load->bad);
	emit_u64(out, "inserted", load->counts[SYNCMAP_ENTRY_STATUS_INSERTED]);
	emit_u64(out, "replaced", load->counts[SYNCMAP_ENTRY_STATUS_REPLACED]);
	emit_u64(out, "kept", load->counts[SYNCMAP_ENTRY_STATUS_FOUND]);
	emit_end(out);
}

static enum status run_load(struct load *load, struct emit *out)
{
	enum status status;

	if (load->strict && !check_lines(load))
		return STATUS_USAGE;
	status = load_lines(load);
	if (ferror(load->file)) {
		say("%s: it could not be read to its end",
		    file_name(load->path));
		status = STATUS_REFUSED;
	}
	say_bad(load);
	emit_load(out, load);
	if (status == STATUS_DONE && load->bad)
		status = STATUS_USAGE;
	return status;
}

static bool open_load(struct load *load)
{
	struct stat stat;

	load->file = load->strict ? file_load(load->path) :
				    file_open(load->path);
	if (!load->file)
		return false;
	if (!fstat(fileno(load->file), &stat) && S_ISREG(stat.st_mode))
		load->size = stat.st_size;
	return true;
}

enum status entry_load(struct cli *cli, struct args *args)
{
	const char *name = args_map(args);
	struct load load = { .path = args_take(args, "a file") };
	enum status status;

	args_load(&load, args);
	load.nl = cli_connect(cli);
	if (map_get(load.nl, name, &load.map))
		return sm_nl_say(load.nl, "map %s", name);
	load.batch = (struct batch){
		.nl = load.nl,
		.cmd = SYNCMAP_CMD_ENTRY_SET,
		.map = name,
	};
	if (!open_load(&load))
		return STATUS_REFUSED;
	status = run_load(&load, cli->out);
	fclose(load.file);
	return status;
}

/* A map on its way into a file. */
struct save {
	FILE *file;
	uint64_t entries;
	uint64_t of;
};

static int save_entry(const struct entry *entry, void *arg)
{
	struct save *save = arg;

	line_write(save->file, entry->key, entry->key_len, entry->value,
		   entry->value_len);
	save->entries++;
	progress_show("saving", save->entries, save->entries, save->of);
	return ferror(save->file) ? -EIO : 0;
}

static void emit_save(struct emit *out, const char *map, const char *path,
		      uint64_t entries)
{
	emit_begin(out, EMIT_FIELDS);
	emit_str(out, "map", map);
	emit_str(out, "file", path);
	emit_u64(out, "entries", entries);
	emit_end(out);
}

enum status entry_save(struct cli *cli, struct args *args)
{
	const char *name = args_map(args), *path = args_take(args, "a file");
	bool keys_only = args_keys_only(args);
	struct new_file file;
	struct save save = {};
	struct sm_nl *nl;
	struct map map;
	int err;

	args_end(args);
	nl = cli_connect(cli);
	if (map_get(nl, name, &map))
		return sm_nl_say(nl, "map %s", name);
	if (!new_file_open(&file, path))
		return STATUS_REFUSED;
	save = (struct save){ .file = file.file, .of = map.entries };
	err = entries_dump(nl, name, keys_only, save_entry, &save);
	progress_clear();
	if (err && !ferror(file.file)) {
		new_file_drop(&file);
		return sm_nl_say(nl, "map %s", name);
	}
	if (!new_file_finish(&file))
		return STATUS_REFUSED;
	say_if_changed(nl, name);
	if (file.file != stdout)
		emit_save(cli->out, name, path, save.entries);
	return STATUS_DONE;
}
