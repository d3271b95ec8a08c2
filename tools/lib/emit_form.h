/* SPDX-License-Identifier: GPL-2.0 */
/* The two forms of emit.h: what emit.c asks of emit_json.c and emit_text.c. */
#ifndef SYNCMAP_LIB_EMIT_FORM_H
#define SYNCMAP_LIB_EMIT_FORM_H

#include <string.h>
#include "emit.h"

/**
 * struct cell - a field that waits until its column's width is known
 * @name:	the field's name
 * @at:		where its text begins in the emitter's cell text; it ends with 0
 * @number:	it stands to the right
 */
struct cell {
	const char *name;
	size_t at;
	bool number;
};

/**
 * struct emit - see emit.h
 * @file:	where it all goes
 * @form:	text or JSON
 * @colour:	text may have escape sequences
 * @depth:	JSON: open objects and arrays
 * @filled:	JSON: bit n: what is open at depth n has something in it
 * @layout:	text: of the document or the table
 * @outer:	text: of the document, while a table is open
 * @indent:	text: spaces before a label, in a record
 * @in_row:	text: EMIT_LINE and EMIT_LINES: fields in this line so far
 * @rows:	text: rows of a table; in EMIT_ROW, since its heading
 * @widths:	text: in EMIT_ROW, of the columns so far
 * @cells:	text: fields that wait
 * @nr_cells:	how many
 * @room:	how many fit
 * @text:	what they say; from open_memstream()
 * @text_data:	its buffer, good after fflush()
 * @text_size:	its size
 */
struct emit {
	FILE *file;
	enum emit_form form;
	bool colour;

	int depth;
	unsigned int filled;

	enum emit_layout layout, outer;
	int indent;
	int in_row;
	int rows;
	int *widths;
	struct cell *cells;
	unsigned long nr_cells, room;
	FILE *text;
	char *text_data;
	size_t text_size;
};

void json_open(struct emit *out, const char *name, char bracket);
void json_close(struct emit *out, char bracket);
void json_name(struct emit *out, const char *name);
void json_string(FILE *file, const char *text, size_t len);

void text_init(struct emit *out);
void text_exit(struct emit *out);
FILE *text_field(struct emit *out, const char *name, bool number);
void text_field_end(struct emit *out);
void text_heading(struct emit *out, const char *name);
void text_heading_end(struct emit *out);
void text_row_end(struct emit *out);
void text_flush(struct emit *out);

#endif
