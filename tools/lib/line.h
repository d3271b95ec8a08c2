/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of entries: an entry on a line, KEY TAB VALUE, each as bytes.h has it.
 * A line without a TAB is a key alone.  What line_write() writes, line_read()
 * reads back to the same bytes, whatever they are.
 */
#ifndef SYNCMAP_LIB_LINE_H
#define SYNCMAP_LIB_LINE_H

#include <stdint.h>
#include <stdio.h>
#include "bytes.h"

/**
 * struct line - an entry, as a line says it
 * @key:	its key
 * @value:	its value
 * @has_value:	there was a TAB; else @value is empty
 */
struct line {
	struct bytes key;
	struct bytes value;
	bool has_value;
};

/**
 * line_read() - read a line
 * @line:	where to put the entry
 * @text:	the line, without its newline; it may have any bytes
 * @len:	how many
 *
 * Return: NULL, or what is wrong with it, a text that stays.
 */
const char *line_read(struct line *line, const char *text, size_t len);

/**
 * line_write() - write a line
 * @file:	where to
 * @key:	the key
 * @key_len:	bytes in it
 * @value:	the value; NULL: a line with a key alone
 * @value_len:	bytes in it
 */
void line_write(FILE *file, const void *key, size_t key_len, const void *value,
		size_t value_len);

/**
 * line_misfit() - why can a map not have an entry?
 * @line:	the entry
 * @key_size:	bytes that its keys have, 0: any
 * @value_size:	bytes that its values have, UINT32_MAX: any
 *
 * Return: why, a text that stays; NULL: it can.
 */
const char *line_misfit(const struct line *line, uint32_t key_size,
			uint32_t value_size);

#endif
