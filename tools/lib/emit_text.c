// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "emit_form.h"
#include "say.h"

#define BOLD	"\033[1m"
#define PLAIN	"\033[0m"

/* EMIT_ROW: columns are at least this wide, and headed again after so many rows */
#define ROW_WIDTH	7
#define ROWS_A_HEADING	20

/**
 * text_init() - prepare an emitter for text
 * @out:	the emitter
 */
void text_init(struct emit *out)
{
	out->text = open_memstream(&out->text_data, &out->text_size);
	if (!out->text)
		die_of_memory();
}

/**
 * text_exit() - free what text_init() made
 * @out:	the emitter
 */
void text_exit(struct emit *out)
{
	fclose(out->text);
	free(out->text_data);
	free(out->cells);
	free(out->widths);
}

static void put_label(FILE *file, const char *name, bool capitals)
{
	for (; *name; name++) {
		char c = *name == '_' ? '-' : *name;

		if (capitals && c >= 'a' && c <= 'z')
			c += 'A' - 'a';
		putc_unlocked(c, file);
	}
}

static bool is_kept(const struct emit *out)
{
	return out->layout != EMIT_LINE && out->layout != EMIT_LINES;
}

/**
 * text_field() - begin a field
 * @out:	the emitter
 * @name:	its name
 * @number:	it stands to the right in a column
 *
 * Return: where its value goes.
 */
FILE *text_field(struct emit *out, const char *name, bool number)
{
	if (!is_kept(out)) {
		if (out->in_row++)
			putc_unlocked(out->layout == EMIT_LINES ? '\t' : ' ',
				      out->file);
		if (out->layout == EMIT_LINE && out->in_row > 1) {
			put_label(out->file, name, false);
			putc_unlocked(' ', out->file);
		}
		return out->file;
	}
	out->cells = grow(out->cells, &out->room, out->nr_cells + 1,
			  sizeof(*out->cells));
	out->cells[out->nr_cells++] = (struct cell){
		.name = name,
		.at = ftell(out->text),
		.number = number,
	};
	return out->text;
}

/**
 * text_field_end() - end a field
 * @out:	the emitter
 */
void text_field_end(struct emit *out)
{
	if (is_kept(out))
		putc_unlocked(0, out->text);
}

/* Columns that a text takes: characters, not bytes. */
static int width_of(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static const char *text_of(const struct emit *out, const struct cell *cell)
{
	return out->text_data + cell->at;
}

static void put_bold(struct emit *out, bool on)
{
	if (out->colour)
		fputs(on ? BOLD : PLAIN, out->file);
}

static void flush_fields(struct emit *out)
{
	struct cell *cell, *end = out->cells + out->nr_cells;
	int width = 0;

	for (cell = out->cells; cell < end; cell++)
		if (width_of(cell->name) > width)
			width = width_of(cell->name);
	for (cell = out->cells; cell < end; cell++) {
		fprintf(out->file, "%*s", out->indent, "");
		put_label(out->file, cell->name, false);
		fprintf(out->file, "%*s%s\n",
			width - width_of(cell->name) + 2, "",
			text_of(out, cell));
	}
}

/* One cell; the last in a row has nothing behind it. */
static void put_cell(struct emit *out, const char *text, int width, bool right,
		     bool last)
{
	int pad = width - width_of(text);

	if (right)
		fprintf(out->file, "%*s%s", pad, "", text);
	else
		fprintf(out->file, "%s%*s", text, last ? 0 : pad, "");
	if (!last)
		fputs("  ", out->file);
}

static void put_heading(struct emit *out, const struct cell *cell, int width,
			bool last)
{
	int pad = width - width_of(cell->name);

	if (cell->number)
		fprintf(out->file, "%*s", pad, "");
	put_label(out->file, cell->name, true);
	if (!cell->number && !last)
		fprintf(out->file, "%*s", pad, "");
	if (!last)
		fputs("  ", out->file);
}

static void put_headings(struct emit *out, const int *widths, int columns)
{
	int i;

	put_bold(out, true);
	for (i = 0; i < columns; i++)
		put_heading(out, &out->cells[i], widths[i], i == columns - 1);
	put_bold(out, false);
	fputc('\n', out->file);
}

static void put_row(struct emit *out, const struct cell *row,
		    const int *widths, int columns)
{
	int i;

	for (i = 0; i < columns; i++)
		put_cell(out, text_of(out, &row[i]), widths[i], row[i].number,
			 i == columns - 1);
	fputc('\n', out->file);
}

static void measure(const struct emit *out, int *widths, int columns)
{
	unsigned long i;
	int width;

	for (i = 0; i < out->nr_cells; i++) {
		width = width_of(text_of(out, &out->cells[i]));
		if (width > widths[i % columns])
			widths[i % columns] = width;
		width = width_of(out->cells[i].name);
		if (width > widths[i % columns])
			widths[i % columns] = width;
	}
}

static int *new_widths(int columns, int least)
{
	int *widths = calloc(columns, sizeof(*widths));
	int i;

	if (!widths)
		die_of_memory();
	for (i = 0; i < columns; i++)
		widths[i] = least;
	return widths;
}

static void flush_table(struct emit *out)
{
	int columns = out->nr_cells / out->rows, i;
	int *widths = new_widths(columns, 0);

	measure(out, widths, columns);
	put_headings(out, widths, columns);
	for (i = 0; i < out->rows; i++)
		put_row(out, out->cells + i * columns, widths, columns);
	free(widths);
	out->rows = 0;
}

/* The rows to come are not known: columns only grow. */
static void flush_row(struct emit *out)
{
	int columns = out->nr_cells;

	if (!out->widths)
		out->widths = new_widths(columns, ROW_WIDTH);
	measure(out, out->widths, columns);
	if (out->rows++ % ROWS_A_HEADING == 0)
		put_headings(out, out->widths, columns);
	put_row(out, out->cells, out->widths, columns);
}

static void flush_cells(struct emit *out)
{
	fflush(out->text);
	if (out->layout == EMIT_FIELDS)
		flush_fields(out);
	else if (out->layout == EMIT_ROW)
		flush_row(out);
	else
		flush_table(out);
	out->nr_cells = 0;
	rewind(out->text);
}

/**
 * text_flush() - write what waits
 * @out:	the emitter
 */
void text_flush(struct emit *out)
{
	if (out->nr_cells)
		flush_cells(out);
	else if (out->in_row)
		text_row_end(out);
}

/**
 * text_row_end() - end a row of a table, or a line
 * @out:	the emitter
 */
void text_row_end(struct emit *out)
{
	if (is_kept(out)) {
		out->rows++;
		return;
	}
	putc_unlocked('\n', out->file);
	out->in_row = 0;
}

/**
 * text_heading() - begin a group of fields
 * @out:	the emitter
 * @name:	the group's name
 */
void text_heading(struct emit *out, const char *name)
{
	if (out->layout != EMIT_FIELDS)
		return;
	text_flush(out);
	fprintf(out->file, "%*s", out->indent, "");
	put_bold(out, true);
	put_label(out->file, name, false);
	put_bold(out, false);
	fputs(":\n", out->file);
	out->indent += 2;
}

/**
 * text_heading_end() - end a group of fields
 * @out:	the emitter
 */
void text_heading_end(struct emit *out)
{
	if (out->layout != EMIT_FIELDS)
		return;
	text_flush(out);
	out->indent -= 2;
}
