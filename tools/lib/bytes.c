// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include "bytes.h"

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static const char *parse_hex(struct bytes *to, const char *text, size_t len)
{
	int high, low;
	size_t i;

	if (len % 2)
		return "hex: needs two digits for each byte";
	if (len / 2 > VALUE_MAX)
		return "longer than 4096 bytes";
	for (i = 0; i < len; i += 2) {
		high = digit_of(text[i]);
		low = digit_of(text[i + 1]);
		if (high < 0 || low < 0)
			return "hex: takes the digits 0-9 a-f only";
		to->data[i / 2] = high << 4 | low;
	}
	to->len = len / 2;
	return NULL;
}

/* A number without sign or blanks; false: it is none, or above 2^64 - 1. */
static bool read_u64(const char *text, size_t len, uint64_t *number)
{
	int base = len > 2 && text[0] == '0' && text[1] == 'x' ? 16 : 10;
	size_t i;

	*number = 0;
	for (i = base == 16 ? 2 : 0; i < len; i++) {
		int digit = digit_of(text[i]);

		if (digit < 0 || digit >= base ||
		    __builtin_mul_overflow(*number, base, number) ||
		    __builtin_add_overflow(*number, digit, number))
			return false;
	}
	return len > 0;
}

static const char *parse_u64(struct bytes *to, const char *text, size_t len)
{
	uint64_t number;

	if (!read_u64(text, len, &number))
		return "u64: takes a number, 0 to 2^64-1, decimal or 0x…";
	to->len = sizeof(number);
	memcpy(to->data, &number, sizeof(number));
	return NULL;
}

static const char *parse_ip(struct bytes *to, const char *text, size_t len)
{
	char address[INET6_ADDRSTRLEN];

	if (len < sizeof(address) && !memchr(text, 0, len)) {
		memcpy(address, text, len);
		address[len] = 0;
		to->len = sizeof(struct in_addr);
		if (inet_pton(AF_INET, address, to->data) == 1)
			return NULL;
		to->len = sizeof(struct in6_addr);
		if (inet_pton(AF_INET6, address, to->data) == 1)
			return NULL;
	}
	return "ip: takes an IPv4 or an IPv6 address";
}

static const char *parse_text(struct bytes *to, const char *text, size_t len)
{
	if (len > VALUE_MAX)
		return "longer than 4096 bytes";
	to->len = len;
	memcpy(to->data, text, len);
	return NULL;
}

static const struct form {
	const char *prefix;
	size_t len;
	const char *(*parse)(struct bytes *to, const char *text, size_t len);
} forms[] = {
	{ "hex:", 4, parse_hex },
	{ "u64:", 4, parse_u64 },
	{ "ip:", 3, parse_ip },
	{ "text:", 5, parse_text },
	{}
};

static const struct form *form_of(const char *text, size_t len)
{
	const struct form *form;

	for (form = forms; form->prefix; form++)
		if (len >= form->len && !memcmp(text, form->prefix, form->len))
			return form;
	return NULL;
}

const char *bytes_parse(struct bytes *to, const char *text, size_t len)
{
	const struct form *form = form_of(text, len);

	if (!form)
		return parse_text(to, text, len);
	return form->parse(to, text + form->len, len - form->len);
}

const char *bytes_parse_key(struct bytes *to, const char *text, size_t len)
{
	const char *wrong = bytes_parse(to, text, len);

	if (wrong)
		return wrong;
	if (!to->len)
		return "a key may not be empty";
	if (to->len > KEY_MAX)
		return "a key may have 255 bytes at most";
	return NULL;
}

void bytes_write(FILE *file, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *byte = data, *end = byte + len;

	if (bytes_are_printable(data, len)) {
		if (form_of(data, len))
			fputs("text:", file);
		fwrite_unlocked(data, 1, len, file);
		return;
	}
	fputs("hex:", file);
	for (; byte < end; byte++) {
		putc_unlocked(digits[*byte >> 4], file);
		putc_unlocked(digits[*byte & 15], file);
	}
}

/*
 * The length of the character that begins at @at, as the Unicode standard's
 * table of well-formed byte sequences says, and its code; 0: none.
 */
static int decode(const unsigned char *at, const unsigned char *end,
		  uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int len, i;

	if (*at < 0x80) {
		*code = *at;
		return 1;
	}
	if (*at < 0xc2 || *at > 0xf4)
		return 0;
	len = *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
	if (end - at < len)
		return 0;
	*code = *at & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (at[i] & 0x3f);
	}
	if (*code < least[len] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return len;
}

static bool is_shown(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x00, 0x1f },		/* controls */
		{ 0x7f, 0x9f },
		{ 0xad, 0xad },		/* soft hyphen */
		{ 0x061c, 0x061c },	/* direction marks */
		{ 0x200b, 0x200f },	/* of no width; direction marks */
		{ 0x2028, 0x202e },	/* separators, embeddings, overrides */
		{ 0x2060, 0x206f },	/* invisible operators, isolates */
		{ 0xe000, 0xf8ff },	/* private use */
		{ 0xfdd0, 0xfdef },	/* no characters */
		{ 0xfeff, 0xfeff },	/* byte order mark */
		{ 0xfff0, 0xfffb },
		{ 0xe0000, 0x10ffff },	/* tags, private use */
	};
	size_t i;

	if ((code & 0xfffe) == 0xfffe)
		return false;
	for (i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return false;
	return true;
}

bool bytes_are_utf8(const void *data, size_t len)
{
	const unsigned char *at = data, *end = at + len;
	uint32_t code;
	int n;

	for (; at < end; at += n) {
		n = decode(at, end, &code);
		if (!n)
			return false;
	}
	return true;
}

bool bytes_are_printable(const void *data, size_t len)
{
	const unsigned char *at = data, *end = at + len;
	uint32_t code;
	int n;

	for (; at < end; at += n) {
		n = decode(at, end, &code);
		if (!n || !is_shown(code))
			return false;
	}
	return true;
}
