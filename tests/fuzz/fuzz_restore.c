// SPDX-License-Identifier: GPL-2.0
/*
 * `restore`: a file is restored whole or the kernel is asked for nothing.  Its
 * last line is made right where the first byte says so, or few would be.
 */
#include <string.h>
#include "archive.h"
#include "crc32.h"
#include "files.h"
#include "fuzz.h"
#include "kernel.h"

static unsigned long made, set;

static void serve(struct nlmsghdr *request)
{
	struct nl_msg *msg;

	switch (genlmsg_hdr(request)->cmd) {
	case SYNCMAP_CMD_MAP_NEW:
		made++;
		msg = kernel_answer(request);
		nla_put_u32(msg, SYNCMAP_A_MAP_ID, made);
		nla_put_string(msg, SYNCMAP_A_MAP_NAME, "fuzz");
		kernel_send(msg);
		break;
	case SYNCMAP_CMD_MAP_SET:
		set++;
		break;
	}
	kernel_ack(request);
}

/* What reading the parts says of a file: how many maps it has; -1: it is bad. */
static long read_all(const char *data, size_t size)
{
	struct archive_reader reader;
	enum archive_part part;
	FILE *file = fmemopen((void *)data, size, "r");
	long maps;

	archive_open(&reader, file);
	do
		part = archive_next(&reader);
	while (part != ARCHIVE_END && part != ARCHIVE_BAD);
	must(part == ARCHIVE_END || reader.wrong);
	/* the last line is all that it seems to be */
	must(part != ARCHIVE_END || reader.text[strlen(reader.text) + 1] == 0);
	maps = part == ARCHIVE_END ? (long)reader.maps : -1;
	archive_close(&reader);
	fclose(file);
	return maps;
}

static bool begins(const char *line, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - line) >= len && !memcmp(line, word, len);
}

/* The file with the last line that fits the others. */
static char *finish(const char *data, size_t size, size_t *whole)
{
	const char *line, *next, *end = data + size;
	unsigned long maps = 0, entries = 0;
	FILE *file;
	char *text;

	for (line = data; line < end; line = next) {
		maps += begins(line, end, "map ");
		entries += *line == '\t';
		next = memchr(line, '\n', end - line);
		next = next ? next + 1 : end;
	}
	file = open_memstream(&text, whole);
	fwrite(data, 1, size, file);
	fprintf(file, "total %lu maps %lu entries crc32 %08x\n", maps, entries,
		crc32(0, data, size));
	fclose(file);
	return text;
}

static void restore(const char *data, size_t size)
{
	const char *words[] = { NULL, "replace" };
	enum status status;
	long maps = size ? read_all(data, size) : -1;

	made = set = 0;
	kernel_serve(serve);
	status = run_on_file(restore_object.commands->run, data, size, words, 2);
	if (status == STATUS_DONE)
		must(maps >= 0 && made == (unsigned long)maps && set == made);
	else
		must(status == STATUS_USAGE && !made && !set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t whole;
	char *text;

	if (!size)
		return 0;
	if (!(*data & 1)) {
		restore((const char *)data + 1, size - 1);
		return 0;
	}
	text = finish((const char *)data + 1, size - 1, &whole);
	restore(text, whole);
	free(text);
	return 0;
}
