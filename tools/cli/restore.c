// SPDX-License-Identifier: GPL-2.0
/*
 * The whole file is read and checked before the kernel is asked to change
 * anything.  A map gets its limits when its entries are there: it may have held
 * more when they were set, and memory is not used to the same byte again.
 *
 * Maps that are replaced are made under other names first.  Only when the
 * kernel has taken all that is in the file are the old ones deleted, and the
 * new ones made again under their own names: maps cannot be renamed.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "archive.h"
#include "entry.h"
#include "files.h"
#include "progress.h"

/**
 * struct restore - a saved file on its way into the kernel
 * @nl:		the kernel
 * @path:	the file
 * @file:	it, in memory
 * @replace:	maps of the same names give way
 * @there:	maps that the kernel has
 * @saved:	maps in the file
 * @replacing:	all are made; now to replace those that are in the way
 * @at:		of @saved, the one that is read
 * @made:	under @name
 * @name:	of the map to be filled, empty: none
 * @entries:	that were put into it
 * @batch:	the next request
 */
struct restore {
	struct sm_nl *nl;
	const char *path;
	FILE *file;
	bool replace;
	struct map_list there;
	struct map_list saved;
	bool replacing;
	unsigned long at;
	bool made;
	char name[MAP_NAME_MAX + 1];
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
			say("map %s is there already; restore FILE replace deletes it",
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

static bool is_in_the_way(const struct restore *restore, unsigned long at)
{
	return find(&restore->there, restore->saved.maps[at].name);
}

/* What a saved map is called until all are made. */
static void name_first(const struct restore *restore, unsigned long at,
		       char *name)
{
	if (is_in_the_way(restore, at))
		snprintf(name, MAP_NAME_MAX + 1, "restore-%d-%lu",
			 (int)getpid(), at);
	else
		snprintf(name, MAP_NAME_MAX + 1, "%s",
			 restore->saved.maps[at].name);
}

static enum status drop(struct restore *restore, const char *name)
{
	if (map_delete(restore->nl, name))
		return sm_nl_say(restore->nl, "map %s", name);
	return STATUS_DONE;
}

static enum status make_map(struct restore *restore, const struct map *map)
{
	struct map made = *map;

	made.max_bytes = UINT64_MAX;
	if (made.max_entries < restore->saved.maps[restore->at].entries)
		made.max_entries = restore->saved.maps[restore->at].entries;
	if (map_create(restore->nl, restore->name, &made))
		return sm_nl_say(restore->nl, "map %s", map->name);
	restore->made = true;
	return STATUS_DONE;
}

static enum status begin_map(struct restore *restore, const struct map *map)
{
	enum status status = STATUS_DONE;

	restore->made = false;
	restore->entries = 0;
	*restore->name = '\0';
	if (!restore->replacing) {
		name_first(restore, restore->at, restore->name);
	} else if (is_in_the_way(restore, restore->at)) {
		snprintf(restore->name, sizeof(restore->name), "%s", map->name);
		status = drop(restore, map->name);
	}
	if (status != STATUS_DONE || !*restore->name)
		return status;
	return make_map(restore, map);
}

static enum status end_map(struct restore *restore, const struct map *map)
{
	struct map limits = *map;
	char first[MAP_NAME_MAX + 1];
	enum status status;

	if (*restore->name) {
		status = flush(restore, map->name);
		if (status != STATUS_DONE)
			return status;
		limits.given = 1u << SYNCMAP_A_MAP_MAX_ENTRIES |
			       1u << SYNCMAP_A_MAP_MAX_BYTES;
		if (map_set(restore->nl, restore->name, &limits))
			return sm_nl_say(restore->nl, "map %s", map->name);
	}
	if (*restore->name && restore->replacing) {
		name_first(restore, restore->at, first);
		drop(restore, first);
	}
	restore->at++;
	restore->made = false;
	return STATUS_DONE;
}

static enum status put_entry(struct restore *restore,
			     const struct archive_reader *reader)
{
	const struct line *entry = &reader->entry;
	enum status status;

	if (!*restore->name ||
	    batch_add(&restore->batch, SYNCMAP_ENTRY_OP_STORE, &entry->key,
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

/* Read the file once, up to its end or to what the kernel refuses. */
static enum status read_through(struct restore *restore)
{
	enum status status = STATUS_DONE;
	struct archive_reader reader;
	enum archive_part part;

	restore->at = 0;
	restore->batch = (struct batch){
		.nl = restore->nl,
		.cmd = SYNCMAP_CMD_ENTRY_SET,
		.map = restore->name,
	};
	rewind(restore->file);
	archive_open(&reader, restore->file);
	while (status == STATUS_DONE) {
		part = archive_next(&reader);
		if (part == ARCHIVE_END)
			break;
		status = apply_part(restore, &reader, part);
	}
	progress_clear();
	archive_close(&reader);
	return status;
}

/* Nothing has been replaced yet: all is as it was again. */
static void undo(struct restore *restore)
{
	char name[MAP_NAME_MAX + 1];
	unsigned long i;

	for (i = 0; i < restore->at + restore->made; i++) {
		name_first(restore, i, name);
		drop(restore, name);
	}
	say("nothing was restored: the maps that were begun are deleted again");
}

/* Those before are replaced, those after are as they were. */
static void stop_replacing(struct restore *restore)
{
	char name[MAP_NAME_MAX + 1];
	unsigned long i;

	if (restore->made)
		drop(restore, restore->name);
	name_first(restore, restore->at, name);
	say("what was to replace map %s is in map %s",
	    restore->saved.maps[restore->at].name, name);
	for (i = restore->at + 1; i < restore->saved.nr; i++) {
		if (!is_in_the_way(restore, i))
			continue;
		name_first(restore, i, name);
		drop(restore, name);
		say("map %s was not replaced", restore->saved.maps[i].name);
	}
}

static enum status apply_file(struct restore *restore)
{
	enum status status = read_through(restore);

	if (status != STATUS_DONE) {
		undo(restore);
		return status;
	}
	if (!restore->replace)
		return status;
	restore->replacing = true;
	status = read_through(restore);
	if (status != STATUS_DONE)
		stop_replacing(restore);
	return status;
}

static void emit_restored(struct emit *out, const struct restore *restore)
{
	uint64_t entries = 0;
	unsigned long i;

	for (i = 0; i < restore->saved.nr; i++)
		entries += restore->saved.maps[i].entries;
	emit_begin(out, EMIT_FIELDS);
	emit_str(out, "file", restore->path);
	emit_u64(out, "maps", restore->saved.nr);
	emit_u64(out, "entries", entries);
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
