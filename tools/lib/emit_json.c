// SPDX-License-Identifier: GPL-2.0
#include "emit_form.h"

/* Go to where the next member or element stands. */
static void next(struct emit *out)
{
	unsigned int bit = 1u << out->depth;

	if (out->filled & bit)
		fputc(',', out->file);
	out->filled |= bit;
	if (out->form == EMIT_JSON_PRETTY && out->depth)
		fprintf(out->file, "\n%*s", 2 * out->depth, "");
}

/**
 * json_name() - begin a member
 * @out:	the emitter
 * @name:	its name; NULL: an element of an array
 */
void json_name(struct emit *out, const char *name)
{
	next(out);
	if (!name)
		return;
	json_string(out->file, name, strlen(name));
	fputs(out->form == EMIT_JSON_PRETTY ? ": " : ":", out->file);
}

/**
 * json_open() - begin an object or an array
 * @out:	the emitter
 * @name:	the member's name, NULL where it has none
 * @bracket:	'{' or '['
 */
void json_open(struct emit *out, const char *name, char bracket)
{
	if (!out->depth)
		out->filled = 0;
	json_name(out, name);
	fputc(bracket, out->file);
	out->depth++;
	out->filled &= ~(1u << out->depth);
}

/**
 * json_close() - end an object or an array
 * @out:	the emitter
 * @bracket:	'}' or ']'
 */
void json_close(struct emit *out, char bracket)
{
	bool filled = out->filled & 1u << out->depth;

	out->depth--;
	if (filled && out->form == EMIT_JSON_PRETTY)
		fprintf(out->file, "\n%*s", 2 * out->depth, "");
	fputc(bracket, out->file);
	if (!out->depth)
		fputc('\n', out->file);
}

static void json_char(FILE *file, unsigned char c)
{
	static const char escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *escape;

	for (escape = escapes; *escape; escape += 2) {
		if (c == (unsigned char)*escape) {
			putc_unlocked('\\', file);
			putc_unlocked(escape[1], file);
			return;
		}
	}
	if (c < 0x20 || c == 0x7f)
		fprintf(file, "\\u%04x", c);
	else
		putc_unlocked(c, file);
}

/**
 * json_string() - write a string
 * @file:	where to
 * @text:	UTF-8; it may have any character
 * @len:	bytes in @text
 */
void json_string(FILE *file, const char *text, size_t len)
{
	putc_unlocked('"', file);
	while (len--)
		json_char(file, *text++);
	putc_unlocked('"', file);
}
