/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys and values as people write them:
 *
 *	hex:0a1b…	bytes in hexadecimal, two digits each
 *	u64:N		8 bytes in this machine's order, decimal or 0x…
 *	ip:ADDRESS	4 bytes (IPv4) or 16 (IPv6), in network order
 *	text:…		what follows, whatever it begins with
 *	anything else	itself
 *
 * What bytes_write() writes, bytes_parse() reads back to the same bytes.
 */
#ifndef SYNCMAP_LIB_BYTES_H
#define SYNCMAP_LIB_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define KEY_MAX		255
#define VALUE_MAX	4096

/**
 * struct bytes - a key or a value
 * @len:	how many bytes
 * @data:	the bytes
 */
struct bytes {
	size_t len;
	unsigned char data[VALUE_MAX];
};

/**
 * bytes_parse() - read bytes as people write them
 * @to:		where to put them
 * @text:	what was written; it may have any bytes
 * @len:	how many
 *
 * Return: NULL, or what is wrong with it, a text that stays.
 */
const char *bytes_parse(struct bytes *to, const char *text, size_t len);

/**
 * bytes_parse_key() - the same for a key: not empty, and no longer than KEY_MAX
 * @to:		where to put it
 * @text:	what was written
 * @len:	how many bytes
 *
 * Return: NULL, or what is wrong with it, a text that stays.
 */
const char *bytes_parse_key(struct bytes *to, const char *text, size_t len);

/* Make @to the same as @from. */
static inline void bytes_copy(struct bytes *to, const struct bytes *from)
{
	to->len = from->len;
	memcpy(to->data, from->data, from->len);
}

/**
 * bytes_write() - write bytes as bytes_parse() reads them
 * @file:	where to
 * @data:	the bytes
 * @len:	how many
 *
 * Text where it is printable, else hex.  Never a TAB or a newline.
 */
void bytes_write(FILE *file, const void *data, size_t len);

/**
 * bytes_are_utf8() - is this well-formed UTF-8?
 * @data:	the bytes
 * @len:	how many
 *
 * Return: whether.
 */
bool bytes_are_utf8(const void *data, size_t len);

/**
 * bytes_are_printable() - is this UTF-8 that a terminal shows as it is?
 * @data:	the bytes
 * @len:	how many
 *
 * Return: whether it is UTF-8 without control characters, and without those
 * that are invisible or turn the direction of writing.
 */
bool bytes_are_printable(const void *data, size_t len);

#endif
