// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "archive.h"
#include "crc32.h"

void archive_open(struct archive_reader *reader, FILE *file)
{
	*reader = (struct archive_reader){ .file = file };
}

void archive_close(struct archive_reader *reader)
{
	free(reader->text);
}

static enum archive_part bad(struct archive_reader *reader, const char *wrong)
{
	reader->wrong = wrong;
	return ARCHIVE_BAD;
}

/* A decimal number and nothing else. */
static bool read_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno &&
	       *number <= most;
}

static bool read_word(const char *text, const char * const *words,
		      uint32_t *number)
{
	for (*number = 0; words[*number]; ++*number)
		if (!strcmp(words[*number], text))
			return true;
	return false;
}

/* A number, or the word that stands for @special. */
static bool read_size(const char *text, const char *word, uint32_t special,
		      uint32_t *size)
{
	uint64_t number = special;

	if (strcmp(text, word) && !read_number(text, UINT32_MAX - 1, &number))
		return false;
	*size = number;
	return true;
}

/* The property that is called @name; 0: there is none, or it cannot be @text. */
static int read_property(struct map *map, const char *name, const char *text)
{
	if (!strcmp(name, "policy") &&
	    read_word(text, map_policies, &map->policy))
		return SYNCMAP_A_MAP_POLICY;
	if (!strcmp(name, "shards") &&
	    read_size(text, "auto", 0, &map->shards))
		return SYNCMAP_A_MAP_SHARDS;
	if (!strcmp(name, "key") && read_size(text, "any", 0, &map->key_size))
		return SYNCMAP_A_MAP_KEY_SIZE;
	if (!strcmp(name, "value") &&
	    read_size(text, "any", MAP_VALUE_ANY, &map->value_size))
		return SYNCMAP_A_MAP_VALUE_SIZE;
	if (!strcmp(name, "align") && read_word(text, map_aligns, &map->align))
		return SYNCMAP_A_MAP_ALIGN;
	if (!strcmp(name, "max-entries") &&
	    read_number(text, UINT64_MAX, &map->max_entries))
		return SYNCMAP_A_MAP_MAX_ENTRIES;
	if (!strcmp(name, "max-bytes") &&
	    read_number(text, UINT64_MAX, &map->max_bytes))
		return SYNCMAP_A_MAP_MAX_BYTES;
	return 0;
}

static bool read_properties(struct map *map, char *at)
{
	static const uint32_t all = 1u << SYNCMAP_A_MAP_POLICY |
		1u << SYNCMAP_A_MAP_SHARDS | 1u << SYNCMAP_A_MAP_KEY_SIZE |
		1u << SYNCMAP_A_MAP_VALUE_SIZE | 1u << SYNCMAP_A_MAP_ALIGN |
		1u << SYNCMAP_A_MAP_MAX_ENTRIES | 1u << SYNCMAP_A_MAP_MAX_BYTES;
	char *word, *value;
	int attr;

	while ((word = strsep(&at, " "))) {
		value = strchr(word, '=');
		if (!value)
			return false;
		*value++ = 0;
		attr = read_property(map, word, value);
		if (!attr || map->given & 1u << attr)
			return false;
		map->given |= 1u << attr;
	}
	return map->given == all;
}

/* "map NAME PROPERTIES" */
static enum archive_part read_map(struct archive_reader *reader, char *at)
{
	struct map *map = &reader->map;
	char *name;

	if (reader->open)
		return bad(reader, "a map begins inside another");
	*map = (struct map){};
	name = strsep(&at, " ");
	if (!map_name_is_valid(name))
		return bad(reader, "this is no name of a map");
	memcpy(map->name, name, strlen(name));
	if (!at || !read_properties(map, at))
		return bad(reader, "these are not the properties of a map");
	map_forget_any(map);
	reader->open = true;
	reader->in_map = 0;
	reader->maps++;
	return ARCHIVE_MAP;
}

/* "<TAB>KEY<TAB>VALUE" */
static enum archive_part read_entry(struct archive_reader *reader,
				    const char *text, size_t len)
{
	const char *wrong;

	if (!reader->open)
		return bad(reader, "an entry outside of a map");
	wrong = line_read(&reader->entry, text, len);
	if (!wrong && !reader->entry.has_value)
		wrong = "an entry without a value";
	if (!wrong)
		wrong = line_misfit(&reader->entry, reader->map.key_size,
				    reader->map.value_size);
	if (wrong)
		return bad(reader, wrong);
	reader->in_map++;
	reader->entries++;
	return ARCHIVE_ENTRY;
}

/* "end NAME ENTRIES" */
static enum archive_part read_map_end(struct archive_reader *reader, char *at)
{
	const char *name = strsep(&at, " ");
	uint64_t entries;

	if (!reader->open || strcmp(name, reader->map.name))
		return bad(reader, "the end of a map that did not begin");
	if (!at || !read_number(at, UINT64_MAX, &entries) ||
	    entries != reader->in_map)
		return bad(reader, "the map has not as many entries as were saved");
	reader->open = false;
	return ARCHIVE_MAP_END;
}

/* the last line, which is not summed */
static enum archive_part read_total(struct archive_reader *reader,
				    const char *line, size_t len)
{
	char right[96];

	snprintf(right, sizeof(right),
		 "total %llu maps %llu entries crc32 %08x",
		 (unsigned long long)reader->maps,
		 (unsigned long long)reader->entries, reader->crc);
	if (reader->open || len != strlen(right) || strcmp(line, right))
		return bad(reader, "the file is not as it was saved: numbers or checksum differ");
	if (getc(reader->file) != EOF)
		return bad(reader, "something follows the last line");
	return ARCHIVE_END;
}

static bool begins(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word));
}

static enum archive_part read_begin(struct archive_reader *reader,
				    const char *line)
{
	static const char first[] = "syncmap-save ";
	uint64_t version;

	if (!begins(line, first) ||
	    !read_number(line + sizeof(first) - 1, UINT64_MAX, &version))
		return bad(reader, "this is no file that syncmap saved");
	if (version != ARCHIVE_VERSION)
		return bad(reader, "saved by a newer syncmap, in a form that this one does not know");
	reader->begun = true;
	return archive_next(reader);
}

static enum archive_part read_line(struct archive_reader *reader, char *line,
				   size_t len)
{
	if (*line == '\t')
		return read_entry(reader, line + 1, len - 1);
	if (memchr(line, 0, len))
		return bad(reader, "a line with a zero byte");
	if (!reader->begun)
		return read_begin(reader, line);
	if (begins(line, "map "))
		return read_map(reader, line + strlen("map "));
	if (begins(line, "end "))
		return read_map_end(reader, line + strlen("end "));
	return bad(reader, "this is no line of a saved file");
}

enum archive_part archive_next(struct archive_reader *reader)
{
	ssize_t len = getline(&reader->text, &reader->room, reader->file);

	reader->number++;
	if (len < 0)
		return bad(reader, reader->number == 1 ? "the file is empty" :
			   "the file ends too early");
	if (reader->text[len - 1] != '\n')
		return bad(reader, "the file ends within a line");
	reader->text[len - 1] = 0;
	if (reader->begun && begins(reader->text, "total "))
		return read_total(reader, reader->text, len - 1);
	reader->crc = crc32(reader->crc, reader->text, len - 1);
	reader->crc = crc32(reader->crc, "\n", 1);
	return read_line(reader, reader->text, len - 1);
}
