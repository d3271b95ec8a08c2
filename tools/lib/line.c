// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "line.h"

const char *line_read(struct line *line, const char *text, size_t len)
{
	const char *end = text + len, *tab = memchr(text, '\t', len), *wrong;

	line->has_value = tab;
	line->value.len = 0;
	wrong = bytes_parse_key(&line->key, text, (tab ? tab : end) - text);
	if (wrong || !tab)
		return wrong;
	tab++;
	if (memchr(tab, '\t', end - tab))
		return "more than one TAB: write a key or value that has one as hex:…";
	return bytes_parse(&line->value, tab, end - tab);
}

void line_write(FILE *file, const void *key, size_t key_len, const void *value,
		size_t value_len)
{
	bytes_write(file, key, key_len);
	if (value) {
		putc_unlocked('\t', file);
		bytes_write(file, value, value_len);
	}
	putc_unlocked('\n', file);
}

const char *line_misfit(const struct line *line, uint32_t key_size,
			uint32_t value_size)
{
	if (key_size && line->key.len != key_size)
		return "the key is not as long as this map's keys";
	if (value_size != UINT32_MAX && line->value.len != value_size)
		return "the value is not as long as this map's values";
	return NULL;
}
