// SPDX-License-Identifier: GPL-2.0
/*
 * The whole file is read and checked before the kernel is asked to change
 * anything.  A map gets its limits when its entries are there: it may have held
 * more when they were set, and memory is not used to the same byte again.
 */
#include <stdlib.h>
#include <string.h>
#include "archive.h"
#include "entry.h"
#include "files.h"
#include "progress.h"

/**
 * struct restore - a saved file on its way into the kernel
 * @nl:		the kernel
 * @path:	the file
 * @file:	it, in memory
 * @replace:	delete maps of the same names first
 * @there:	maps that the kernel has
 * @saved:	maps in the file
 * @made:	of these, the first that were made here
 * @entries:	that were put
 * @batch:	the next request
 */
struct restore {
	struct sm_nl *nl;
	const char *path;
	FILE *file;
	bool replace;
	struct map_list there;
	struct map_list saved;
	unsigned long made;
	uint64_t entries;
	struct batch batch;
};

static const struct map *find(const struct map_list *list, const char *name)
{
	unsigned long i;

	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->maps[i].name, name))
			return &list->maps[i];
	return NULL;
}

static void add(struct map_list *list, const struct map *map)
{
	list->maps = grow(list->maps, &list->room, list->nr + 1,
			  sizeof(*list->maps));
	list->maps[list->nr++] = *map;
}

static enum archive_part check_part(struct restore *restore,
				    struct archive_reader *reader)
{
	enum archive_part part = archive_next(reader);

	if (part == ARCHIVE_MAP_END)
		restore->saved.maps[restore->saved.nr - 1].entries =
			reader->in_map;
	if (part != ARCHIVE_MAP)
		return part;
	if (find(&restore->saved, reader->map.name)) {
		reader->wrong = "a second map of this name";
		return ARCHIVE_BAD;
	}
	add(&restore->saved, &reader->map);
	return part;
}

/* Is the file whole and right? */
static bool check_file(struct restore *restore)
{
	struct archive_reader reader;
	enum archive_part part;

	archive_open(&reader, restore->file);
	do
		part = check_part(restore, &reader);
	while (part != ARCHIVE_END && part != ARCHIVE_BAD);
	if (part == ARCHIVE_BAD)
		say("%s:%lu: %s; nothing was restored",
		    file_name(restore->path), reader.number, reader.wrong);
	archive_close(&reader);
	rewind(restore->file);
	return part == ARCHIVE_END;
}

/* Are the maps that the kernel has in the way? */
static bool check_kernel(const struct restore *restore)
{
	const struct map *map;
	bool good = true;
	unsigned long i;

	for (i = 0; i < restore->saved.nr; i++) {
		map = find(&restore->there, restore->saved.maps[i].name);
		if (map && *map->owner)
			say("map %s belongs to the kernel module %s",
			    map->name, map->owner);
		else if (map && !restore->replace)
			say("map %s is there already; restore FILE replace deletes it first",
			    map->name);
		else
			continue;
		good = false;
	}
	if (!good)
		say("nothing was restored");
	return good;
}

static enum status flush(struct restore *restore, const char *map)
{
	struct batch *batch = &restore->batch;

	if (batch_send(batch, NULL, NULL))
		return sm_nl_say(restore->nl, "map %s", map);
	restore->entries += batch->applied;
	if (!batch->error)
		return STATUS_DONE;
	say("map %s: entry %llu: %s", map,
	    (unsigned long long)restore->entries + 1, strerror(batch->error));
	return STATUS_REFUSED;
}

static enum status begin_map(struct restore *restore, const struct map *map)
{
	const struct map *saved = find(&restore->saved, map->name);
	struct map made = *map;

	made.max_bytes = UINT64_MAX;
	if (made.max_entries < saved->entries)
		made.max_entries = saved->entries;
	if (find(&restore->there, map->name) &&
	    map_delete(restore->nl, map->name))
		return sm_nl_say(restore->nl, "map %s", map->name);
	if (map_create(restore->nl, map->name, &made))
		return sm_nl_say(restore->nl, "map %s", map->name);
	restore->made++;
	return STATUS_DONE;
}

static enum status end_map(struct restore *restore, const struct map *map)
{
	struct map limits = *map;
	enum status status = flush(restore, map->name);

	if (status != STATUS_DONE)
		return status;
	limits.given = 1u << SYNCMAP_A_MAP_MAX_ENTRIES |
		       1u << SYNCMAP_A_MAP_MAX_BYTES;
	if (map_set(restore->nl, map->name, &limits))
		return sm_nl_say(restore->nl, "map %s", map->name);
	return STATUS_DONE;
}

static enum status put_entry(struct restore *restore,
			     const struct archive_reader *reader)
{
	const struct line *entry = &reader->entry;
	enum status status;

	if (batch_add(&restore->batch, SYNCMAP_ENTRY_OP_STORE, &entry->key,
		      &entry->value, NULL))
		return STATUS_DONE;
	status = flush(restore, reader->map.name);
	batch_add(&restore->batch, SYNCMAP_ENTRY_OP_STORE, &entry->key,
		  &entry->value, NULL);
	progress_show("restoring", restore->entries, 0, 0);
	return status;
}

static enum status apply_part(struct restore *restore,
			      struct archive_reader *reader,
			      enum archive_part part)
{
	switch (part) {
	case ARCHIVE_MAP:
		restore->batch.map = reader->map.name;
		return begin_map(restore, &reader->map);
	case ARCHIVE_ENTRY:
		return put_entry(restore, reader);
	case ARCHIVE_MAP_END:
		return end_map(restore, &reader->map);
	default:
		say("%s:%lu: %s", file_name(restore->path), reader->number,
		    reader->wrong);
		return STATUS_REFUSED;
	}
}

/* Undo: what was there before and was to be replaced is only in its own save. */
static void drop_made(struct restore *restore)
{
	const struct map *map = restore->saved.maps;
	unsigned long i;

	for (i = 0; i < restore->made; i++, map++)
		if (map_delete(restore->nl, map->name))
			sm_nl_say(restore->nl, "map %s", map->name);
	say("nothing was restored: the maps that were begun are deleted again");
}

static enum status apply_file(struct restore *restore)
{
	enum status status = STATUS_DONE;
	struct archive_reader reader;
	enum archive_part part;

	restore->batch = (struct batch){
		.nl = restore->nl,
		.cmd = SYNCMAP_CMD_ENTRY_SET,
	};
	archive_open(&reader, restore->file);
	while (status == STATUS_DONE) {
		part = archive_next(&reader);
		if (part == ARCHIVE_END)
			break;
		status = apply_part(restore, &reader, part);
	}
	progress_clear();
	archive_close(&reader);
	if (status != STATUS_DONE)
		drop_made(restore);
	return status;
}

static void emit_restored(struct emit *out, const struct restore *restore)
{
	emit_begin(out, EMIT_FIELDS);
	emit_str(out, "file", restore->path);
	emit_u64(out, "maps", restore->made);
	emit_u64(out, "entries", restore->entries);
	emit_end(out);
}

static enum status check_and_apply(struct cli *cli,
				   struct restore *restore)
{
	enum status status;

	if (!check_file(restore))
		return STATUS_USAGE;
	restore->nl = cli_connect(cli);
	if (map_list(restore->nl, &restore->there))
		return sm_nl_say(restore->nl, "the list of maps");
	if (!check_kernel(restore))
		return STATUS_REFUSED;
	status = apply_file(restore);
	if (status == STATUS_DONE)
		emit_restored(cli->out, restore);
	return status;
}

static enum status run(struct cli *cli, struct args *args)
{
	static const char * const words[] = { "replace", NULL };
	struct restore request = { .path = args_take(args, "a file") };
	enum status status;

	if (args_more(args)) {
		args_choice(args, "an option of restore", words);
		request.replace = true;
	}
	args_end(args);
	request.file = file_load(request.path);
	if (!request.file)
		return STATUS_REFUSED;
	status = check_and_apply(cli, &request);
	fclose(request.file);
	free(request.there.maps);
	free(request.saved.maps);
	return status;
}

static const struct command commands[] = {
	{ "", "FILE [replace]", "make the maps that were saved into a file",
	  run },
	{}
};

const struct object restore_object = {
	.name = "restore",
	.summary = "the maps that were saved into a file",
	.commands = commands,
};
