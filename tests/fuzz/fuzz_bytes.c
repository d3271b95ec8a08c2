// SPDX-License-Identifier: GPL-2.0
/* Keys and values as people write them, and bytes as they are written to people. */
#include <string.h>
#include "bytes.h"
#include "fuzz.h"

/* What is written is read back to the same bytes, and fits on a line. */
static void write_and_read(const void *data, size_t len)
{
	struct bytes again;
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	bytes_write(file, data, len);
	fclose(file);
	must(!memchr(text, '\t', size) && !memchr(text, '\n', size));
	must(bytes_are_printable(text, size));
	must(!bytes_parse(&again, text, size));
	must(again.len == len && !memcmp(again.data, data, len));
	free(text);
}

static void read_and_write(const char *text, size_t len)
{
	struct bytes bytes, key;
	const char *wrong = bytes_parse(&bytes, text, len);
	const char *wrong_key = bytes_parse_key(&key, text, len);

	must(!wrong || wrong_key);
	if (wrong)
		return;
	must(bytes.len <= VALUE_MAX);
	must(!wrong_key == (bytes.len >= 1 && bytes.len <= KEY_MAX));
	write_and_read(bytes.data, bytes.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_and_write((const char *)data, size);
	if (size <= VALUE_MAX)
		write_and_read(data, size);
	must(!bytes_are_printable(data, size) || bytes_are_utf8(data, size));
	return 0;
}
