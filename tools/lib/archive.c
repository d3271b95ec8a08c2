// SPDX-License-Identifier: GPL-2.0
/* Writing; archive_read.c reads. */
#include <stdlib.h>
#include "archive.h"
#include "crc32.h"

/* Write the line that was collected. */
static void put_line(struct archive_writer *writer)
{
	size_t len;

	fflush(writer->text);
	len = ftell(writer->text);
	writer->crc = crc32(writer->crc, writer->data, len);
	fwrite(writer->data, 1, len, writer->file);
	rewind(writer->text);
}

void archive_begin(struct archive_writer *writer, FILE *file)
{
	*writer = (struct archive_writer){ .file = file };
	writer->text = open_memstream(&writer->data, &writer->size);
	if (!writer->text)
		die_of_memory();
	fprintf(writer->text, "syncmap-save %d\n", ARCHIVE_VERSION);
	put_line(writer);
}

static void put_number(FILE *file, const char *name, uint32_t number,
		       uint32_t special, const char *word)
{
	if (number == special)
		fprintf(file, " %s=%s", name, word);
	else
		fprintf(file, " %s=%u", name, number);
}

void archive_map(struct archive_writer *writer, const struct map *map)
{
	FILE *text = writer->text;

	fprintf(text, "map %s policy=%s", map->name,
		map_word(map_policies, map->policy));
	put_number(text, "shards", map->shards_auto ? 0 : map->shards, 0,
		   "auto");
	put_number(text, "key", map->key_size, 0, "any");
	put_number(text, "value", map->value_size, MAP_VALUE_ANY, "any");
	fprintf(text, " align=%s max-entries=%llu max-bytes=%llu\n",
		map_word(map_aligns, map->align),
		(unsigned long long)map->max_entries,
		(unsigned long long)map->max_bytes);
	put_line(writer);
	writer->maps++;
	writer->in_map = 0;
}

void archive_entry(struct archive_writer *writer, const void *key,
		   size_t key_len, const void *value, size_t value_len)
{
	fputc('\t', writer->text);
	line_write(writer->text, key, key_len, value, value_len);
	put_line(writer);
	writer->in_map++;
	writer->entries++;
}

void archive_map_end(struct archive_writer *writer, const struct map *map)
{
	fprintf(writer->text, "end %s %llu\n", map->name,
		(unsigned long long)writer->in_map);
	put_line(writer);
}

void archive_end(struct archive_writer *writer)
{
	fprintf(writer->file, "total %llu maps %llu entries crc32 %08x\n",
		(unsigned long long)writer->maps,
		(unsigned long long)writer->entries, writer->crc);
	fclose(writer->text);
	free(writer->data);
}
