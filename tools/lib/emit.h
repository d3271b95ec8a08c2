/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The emitter: whatever a command has to say on the standard output, said once
 * and written as text for people or as JSON.
 *
 * Output is one document, or a stream of them, each on its own line in JSON.
 * A document, a record in it and a row of a table are made of named fields;
 * the name is the JSON member, with '_' between words, and the text's label,
 * with '-'.  Names have to outlive the document: give literals.
 *
 *	emit_begin(out, EMIT_FIELDS);		{"schema":1,
 *	emit_str(out, "name", "words");		 "name":"words",
 *	emit_table(out, "shards", EMIT_TABLE);	 "shards":[
 *	emit_row(out);				  {
 *	emit_u64(out, "shard", 0);		   "shard":0
 *	emit_row_end(out);			  }
 *	emit_table_end(out);			 ]
 *	emit_end(out);				}
 */
#ifndef SYNCMAP_LIB_EMIT_H
#define SYNCMAP_LIB_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* of every JSON document; grows when a member changes its meaning or goes */
#define EMIT_SCHEMA	1

struct emit;

enum emit_form {
	EMIT_TEXT,
	EMIT_JSON,		/* a document on a line */
	EMIT_JSON_PRETTY,	/* indented */
};

/* how text looks; JSON does not depend on it */
enum emit_layout {
	EMIT_FIELDS,	/* documents: "label  value", a line each, aligned */
	EMIT_LINE,	/* documents: one line of the first value, then "label value" */
	EMIT_ROW,	/* documents: rows of one endless table; all have the same fields */
	EMIT_TABLE,	/* tables: aligned under headings; kept until its end */
	EMIT_LINES,	/* tables: values only, a TAB between; written at once */
};

/**
 * emit_new() - make an emitter
 * @file:	where it writes
 * @form:	text or JSON
 * @colour:	whether text may have escape sequences for a terminal
 *
 * Return: the emitter; exits if there is no memory.
 */
struct emit *emit_new(FILE *file, enum emit_form form, bool colour);

/**
 * emit_free() - free an emitter
 * @out:	the emitter, outside of any document
 */
void emit_free(struct emit *out);

/**
 * emit_is_json() - is JSON written?
 * @out:	the emitter
 *
 * For progress and hints, not for what is said: that should not depend on it.
 *
 * Return: whether.
 */
bool emit_is_json(const struct emit *out);

/* A document.  At its end everything is flushed. */
void emit_begin(struct emit *out, enum emit_layout layout);
void emit_end(struct emit *out);

/*
 * A named group of fields in a document.  In text it has a heading if the
 * document has EMIT_FIELDS, else it does not show.
 */
void emit_record(struct emit *out, const char *name);
void emit_record_end(struct emit *out);

/*
 * A named list of rows, in a document with EMIT_FIELDS.  All rows of a table
 * have the same fields in the same order; what one lacks is emit_none().
 */
void emit_table(struct emit *out, const char *name, enum emit_layout layout);
void emit_table_end(struct emit *out);
void emit_row(struct emit *out);
void emit_row_end(struct emit *out);

/* Fields. */
void emit_str(struct emit *out, const char *name, const char *value);
void emit_u64(struct emit *out, const char *name, uint64_t value);
void emit_bool(struct emit *out, const char *name, bool value);

/* no value: null in JSON, @text in text */
void emit_none(struct emit *out, const char *name, const char *text);

/* a key or a value: see bytes_write(); in JSON a string, or {"hex":"…"} */
void emit_bytes(struct emit *out, const char *name, const void *data,
		size_t len);

/* a number of bytes: an integer in JSON, "1.5 MiB" in text */
void emit_size(struct emit *out, const char *name, uint64_t bytes);

/* a duration: integer nanoseconds in JSON, "1.5 ms" in text */
void emit_ns(struct emit *out, const char *name, uint64_t ns);

/* how many each second */
void emit_rate(struct emit *out, const char *name, double per_second);

/* any number with decimals; null in JSON if it is no number */
void emit_double(struct emit *out, const char *name, double value);

/* a share of 1: 0.125 in JSON, "12.5%" in text; none of none is emit_none() */
void emit_share(struct emit *out, const char *name, double part, double whole);

/* a time of day, of CLOCK_REALTIME, as ISO 8601 with microseconds; now's */
void emit_time(struct emit *out, const char *name, const struct timespec *when);
void emit_now(struct emit *out, const char *name);

#endif
