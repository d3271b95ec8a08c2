/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Maps in one file, with their configuration and entries:
 *
 *	syncmap-save 1
 *	map NAME policy=cow shards=auto key=any value=any align=packed
 *		 max-entries=N max-bytes=N		(all on one line)
 *	<TAB>KEY<TAB>VALUE				as line.h has it
 *	…
 *	end NAME ENTRIES
 *	…
 *	total MAPS maps ENTRIES entries crc32 SUM
 *
 * SUM, 8 hexadecimal digits, is of all bytes before the last line.
 */
#ifndef SYNCMAP_LIB_ARCHIVE_H
#define SYNCMAP_LIB_ARCHIVE_H

#include <stdio.h>
#include "line.h"
#include "maps.h"

#define ARCHIVE_VERSION	1

/**
 * struct archive_writer - an archive being written
 * @file:	where to
 * @text:	collects a line; from open_memstream()
 * @data:	what it says
 * @size:	how long that is
 * @crc:	of the lines so far
 * @maps:	begun so far
 * @entries:	of all maps so far
 * @in_map:	of this map so far
 */
struct archive_writer {
	FILE *file;
	FILE *text;
	char *data;
	size_t size;
	uint32_t crc;
	uint64_t maps;
	uint64_t entries;
	uint64_t in_map;
};

/* Write the parts in their order; errors are left in @file. */
void archive_begin(struct archive_writer *writer, FILE *file);
void archive_map(struct archive_writer *writer, const struct map *map);
void archive_entry(struct archive_writer *writer, const void *key,
		   size_t key_len, const void *value, size_t value_len);
void archive_map_end(struct archive_writer *writer, const struct map *map);
void archive_end(struct archive_writer *writer);

enum archive_part {
	ARCHIVE_MAP,		/* a map begins */
	ARCHIVE_ENTRY,		/* an entry of it */
	ARCHIVE_MAP_END,	/* it ends */
	ARCHIVE_END,		/* all was there, and as it was written */
	ARCHIVE_BAD,		/* it is not right */
};

/**
 * struct archive_reader - an archive being read
 * @file:	where from
 * @number:	of the line
 * @wrong:	what is wrong with it, after ARCHIVE_BAD
 * @map:	the map that was last begun; @map.given is set for map_create()
 * @entry:	the entry that was last read
 * @open:	@map has begun and not ended
 * @begun:	there was a first line
 * @maps:	begun so far
 * @entries:	of all maps so far
 * @in_map:	of this map so far
 * @crc:	of the lines so far
 * @text:	the line
 * @room:	for how long a line there is room
 */
struct archive_reader {
	FILE *file;
	unsigned long number;
	const char *wrong;
	struct map map;
	struct line entry;
	bool open;
	bool begun;
	uint64_t maps;
	uint64_t entries;
	uint64_t in_map;
	uint32_t crc;
	char *text;
	size_t room;
};

/**
 * archive_open() - begin to read an archive
 * @reader:	for archive_next(), then archive_close()
 * @file:	it, at its beginning; remains the caller's
 */
void archive_open(struct archive_reader *reader, FILE *file);

/**
 * archive_next() - read the next part
 * @reader:	from archive_open()
 *
 * Return: what it was; after ARCHIVE_END and ARCHIVE_BAD there is no more.
 */
enum archive_part archive_next(struct archive_reader *reader);

/**
 * archive_close() - free what reading took
 * @reader:	from archive_open()
 */
void archive_close(struct archive_reader *reader);

#endif
