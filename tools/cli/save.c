// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include "archive.h"
#include "entry.h"
#include "files.h"
#include "progress.h"

static int save_entry(const struct entry *entry, void *arg)
{
	struct archive_writer *writer = arg;

	archive_entry(writer, entry->key, entry->key_len, entry->value,
		      entry->value_len);
	progress_show("saving", writer->entries, 0, 0);
	return ferror(writer->file) ? -EIO : 0;
}

static enum status save_map(struct sm_nl *nl, struct archive_writer *writer,
			    const struct map *map)
{
	int err;

	if (*map->owner) {
		say("map %s is not saved: it belongs to the kernel module %s",
		    map->name, map->owner);
		return STATUS_DONE;
	}
	archive_map(writer, map);
	err = entries_dump(nl, map->name, false, save_entry, writer);
	progress_clear();
	if (err)
		return sm_nl_say(nl, "map %s", map->name);
	say_if_changed(nl, map->name);
	archive_map_end(writer, map);
	return STATUS_DONE;
}

static enum status save_all(struct sm_nl *nl, struct archive_writer *writer,
			    const struct map_list *list)
{
	enum status status = STATUS_DONE;
	unsigned long i;

	for (i = 0; i < list->nr && status == STATUS_DONE; i++)
		status = save_map(nl, writer, &list->maps[i]);
	archive_end(writer);
	return status;
}

static void emit_saved(struct emit *out, const char *path,
		       const struct archive_writer *writer)
{
	emit_begin(out, EMIT_FIELDS);
	emit_str(out, "file", path);
	emit_u64(out, "maps", writer->maps);
	emit_u64(out, "entries", writer->entries);
	emit_end(out);
}

static enum status save_into(struct cli *cli, const char *path,
			     const struct map_list *list)
{
	struct archive_writer writer;
	struct new_file file;
	enum status status;

	if (!new_file_open(&file, path))
		return STATUS_REFUSED;
	archive_begin(&writer, file.file);
	status = save_all(cli->nl, &writer, list);
	if (status != STATUS_DONE) {
		new_file_drop(&file);
		return status;
	}
	if (!new_file_finish(&file))
		return STATUS_REFUSED;
	if (file.file != stdout)
		emit_saved(cli->out, path, &writer);
	return STATUS_DONE;
}

static enum status save(struct cli *cli, struct args *args)
{
	const char *path = args_take(args, "a file");
	struct map_list list;
	enum status status;
	struct sm_nl *nl;

	args_end(args);
	nl = cli_connect(cli);
	if (map_list(nl, &list))
		return sm_nl_say(nl, "the list of maps");
	if (list.changed)
		say("warning: maps came or went while they were listed");
	status = save_into(cli, path, &list);
	free(list.maps);
	return status;
}

static const struct command commands[] = {
	{ "", "FILE", "write all maps into a file, or - for standard output",
	  save },
	{}
};

const struct object save_object = {
	.name = "save",
	.summary = "all maps into a file",
	.commands = commands,
};
