// SPDX-License-Identifier: GPL-2.0
/* Documents, records, tables and fields, for both forms. */
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include "bytes.h"
#include "emit_form.h"
#include "say.h"

struct emit *emit_new(FILE *file, enum emit_form form, bool colour)
{
	struct emit *out = calloc(1, sizeof(*out));

	if (!out)
		die_of_memory();
	out->file = file;
	out->form = form;
	out->colour = colour;
	if (form == EMIT_TEXT)
		text_init(out);
	return out;
}

void emit_free(struct emit *out)
{
	if (out->form == EMIT_TEXT)
		text_exit(out);
	free(out);
}

bool emit_is_json(const struct emit *out)
{
	return out->form != EMIT_TEXT;
}

void emit_begin(struct emit *out, enum emit_layout layout)
{
	out->layout = layout;
	if (emit_is_json(out)) {
		json_open(out, NULL, '{');
		emit_u64(out, "schema", EMIT_SCHEMA);
	}
}

void emit_end(struct emit *out)
{
	if (emit_is_json(out))
		json_close(out, '}');
	else
		text_flush(out);
	fflush(out->file);
}

void emit_record(struct emit *out, const char *name)
{
	if (emit_is_json(out))
		json_open(out, name, '{');
	else
		text_heading(out, name);
}

void emit_record_end(struct emit *out)
{
	if (emit_is_json(out))
		json_close(out, '}');
	else
		text_heading_end(out);
}

void emit_table(struct emit *out, const char *name, enum emit_layout layout)
{
	if (emit_is_json(out)) {
		json_open(out, name, '[');
		return;
	}
	text_flush(out);
	out->outer = out->layout;
	out->layout = layout;
}

void emit_table_end(struct emit *out)
{
	if (emit_is_json(out)) {
		json_close(out, ']');
		return;
	}
	text_flush(out);
	out->layout = out->outer;
}

void emit_row(struct emit *out)
{
	if (emit_is_json(out))
		json_open(out, NULL, '{');
}

void emit_row_end(struct emit *out)
{
	if (emit_is_json(out))
		json_close(out, '}');
	else
		text_row_end(out);
}

/*
 * Begin a field.  Return: where its value goes; numbers are not quoted in JSON
 * and stand to the right in text.
 */
static FILE *begin_field(struct emit *out, const char *name, bool number)
{
	if (!emit_is_json(out))
		return text_field(out, name, number);
	json_name(out, name);
	return out->file;
}

static void end_field(struct emit *out)
{
	if (!emit_is_json(out))
		text_field_end(out);
}

void emit_str(struct emit *out, const char *name, const char *value)
{
	FILE *file = begin_field(out, name, false);

	if (emit_is_json(out))
		json_string(file, value, strlen(value));
	else
		fputs(value, file);
	end_field(out);
}

void emit_u64(struct emit *out, const char *name, uint64_t value)
{
	fprintf(begin_field(out, name, true), "%llu",
		(unsigned long long)value);
	end_field(out);
}

void emit_bool(struct emit *out, const char *name, bool value)
{
	FILE *file = begin_field(out, name, false);

	if (emit_is_json(out))
		fputs(value ? "true" : "false", file);
	else
		fputs(value ? "yes" : "no", file);
	end_field(out);
}

void emit_none(struct emit *out, const char *name, const char *text)
{
	FILE *file = begin_field(out, name, true);

	fputs(emit_is_json(out) ? "null" : text, file);
	end_field(out);
}

static void json_bytes(FILE *file, const unsigned char *data, size_t len)
{
	if (bytes_are_utf8(data, len)) {
		json_string(file, (const char *)data, len);
		return;
	}
	fputs("{\"hex\":\"", file);
	while (len--)
		fprintf(file, "%02x", *data++);
	fputs("\"}", file);
}

void emit_bytes(struct emit *out, const char *name, const void *data,
		size_t len)
{
	FILE *file = begin_field(out, name, false);

	if (emit_is_json(out))
		json_bytes(file, data, len);
	else
		bytes_write(file, data, len);
	end_field(out);
}

/* Three digits that count, with the largest unit that leaves one before the point. */
static void scaled(FILE *file, double value, double step,
		   const char * const *units)
{
	while (units[1] && value >= step) {
		value /= step;
		units++;
	}
	fprintf(file, "%.*f %s", value < 10 ? 2 : value < 100 ? 1 : 0, value,
		*units);
}

void emit_size(struct emit *out, const char *name, uint64_t bytes)
{
	static const char * const units[] = { "KiB", "MiB", "GiB", "TiB", NULL };
	FILE *file = begin_field(out, name, true);

	if (emit_is_json(out))
		fprintf(file, "%llu", (unsigned long long)bytes);
	else if (bytes < 1024)
		fprintf(file, "%u B", (unsigned int)bytes);
	else
		scaled(file, bytes / 1024.0, 1024, units);
	end_field(out);
}

void emit_ns(struct emit *out, const char *name, uint64_t ns)
{
	static const char * const units[] = { "us", "ms", "s", NULL };
	FILE *file = begin_field(out, name, true);

	if (emit_is_json(out))
		fprintf(file, "%llu", (unsigned long long)ns);
	else if (ns < 1000)
		fprintf(file, "%u ns", (unsigned int)ns);
	else
		scaled(file, ns / 1000.0, 1000, units);
	end_field(out);
}

void emit_rate(struct emit *out, const char *name, double per_second)
{
	FILE *file = begin_field(out, name, true);

	if (emit_is_json(out))
		fprintf(file, "%.3f", per_second);
	else
		fprintf(file, "%.*f", per_second < 100 ? 1 : 0, per_second);
	end_field(out);
}

void emit_double(struct emit *out, const char *name, double value)
{
	if (!isfinite(value)) {
		emit_none(out, name, "-");
		return;
	}
	fprintf(begin_field(out, name, true), "%.6g", value);
	end_field(out);
}

void emit_share(struct emit *out, const char *name, double part, double whole)
{
	FILE *file;

	if (!(whole > 0)) {
		emit_none(out, name, "-");
		return;
	}
	file = begin_field(out, name, true);
	if (emit_is_json(out))
		fprintf(file, "%.6f", part / whole);
	else
		fprintf(file, "%.2f%%", 100 * part / whole);
	end_field(out);
}

void emit_time(struct emit *out, const char *name, const struct timespec *when)
{
	char day[32], zone[8], text[64];
	struct tm local;

	localtime_r(&when->tv_sec, &local);
	strftime(day, sizeof(day), "%FT%T", &local);
	strftime(zone, sizeof(zone), "%z", &local);
	snprintf(text, sizeof(text), "%s.%06ld%.3s:%.2s", day,
		 when->tv_nsec / 1000, zone, zone + 3);
	emit_str(out, name, text);
}

void emit_now(struct emit *out, const char *name)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	emit_time(out, name, &now);
}
