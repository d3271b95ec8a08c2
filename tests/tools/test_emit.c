// SPDX-License-Identifier: GPL-2.0
/* One emitter, two forms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "emit.h"

typedef void (*speech)(struct emit *out);

static void says(speech speech, enum emit_form form, const char *wanted)
{
	char *said;
	size_t size;
	FILE *file = open_memstream(&said, &size);
	struct emit *out = emit_new(file, form, false);

	speech(out);
	emit_free(out);
	fclose(file);
	assert_string_equal(said, wanted);
	free(said);
}

static void all_fields(struct emit *out)
{
	emit_begin(out, EMIT_FIELDS);
	emit_str(out, "name", "a \"b\"\n");
	emit_u64(out, "largest_number", UINT64_MAX);
	emit_bool(out, "yes", true);
	emit_none(out, "none", "any");
	emit_bytes(out, "text", "z\xc3\xab", 3);
	emit_bytes(out, "raw", "\xff\0", 2);
	emit_end(out);
}

static void numbers(struct emit *out)
{
	emit_begin(out, EMIT_FIELDS);
	emit_size(out, "size", 1023);
	emit_size(out, "size", 1536);
	emit_size(out, "size", 1ull << 40);
	emit_ns(out, "ns", 999);
	emit_ns(out, "ns", 1500000);
	emit_ns(out, "ns", 90000000000);
	emit_rate(out, "rate", 12.25);
	emit_rate(out, "rate", 1234567.8);
	emit_double(out, "double", 0.125);
	emit_double(out, "double", NAN);
	emit_share(out, "share", 1, 8);
	emit_share(out, "share", 0, 0);
	emit_end(out);
}

static void fields_have_both_forms(void **state)
{
	(void)state;
	says(all_fields, EMIT_TEXT,
	     "name            a \"b\"\n\n"
	     "largest-number  18446744073709551615\n"
	     "yes             yes\n"
	     "none            any\n"
	     "text            z\xc3\xab\n"
	     "raw             hex:ff00\n");
	says(all_fields, EMIT_JSON,
	     "{\"schema\":1,\"name\":\"a \\\"b\\\"\\n\","
	     "\"largest_number\":18446744073709551615,\"yes\":true,"
	     "\"none\":null,\"text\":\"z\xc3\xab\","
	     "\"raw\":{\"hex\":\"ff00\"}}\n");
}

static void numbers_have_units_in_text_only(void **state)
{
	(void)state;
	says(numbers, EMIT_TEXT,
	     "size    1023 B\nsize    1.50 KiB\nsize    1.00 TiB\n"
	     "ns      999 ns\nns      1.50 ms\nns      90.0 s\n"
	     "rate    12.2\nrate    1234568\n"
	     "double  0.125\ndouble  -\n"
	     "share   12.50%\nshare   -\n");
	says(numbers, EMIT_JSON,
	     "{\"schema\":1,\"size\":1023,\"size\":1536,"
	     "\"size\":1099511627776,\"ns\":999,\"ns\":1500000,"
	     "\"ns\":90000000000,\"rate\":12.250,\"rate\":1234567.800,"
	     "\"double\":0.125,\"double\":null,"
	     "\"share\":0.125000,\"share\":null}\n");
}

static void row(struct emit *out, const char *name, uint64_t number)
{
	emit_row(out);
	emit_str(out, "name", name);
	emit_u64(out, "n", number);
	emit_row_end(out);
}

static void tables(struct emit *out)
{
	emit_begin(out, EMIT_FIELDS);
	emit_str(out, "map", "a");
	emit_table(out, "aligned", EMIT_TABLE);
	row(out, "\xc3\xbc", 1);
	row(out, "longer", 100);
	emit_table_end(out);
	emit_table(out, "lines", EMIT_LINES);
	row(out, "x", 1);
	row(out, "y", 2);
	emit_table_end(out);
	emit_table(out, "empty", EMIT_TABLE);
	emit_table_end(out);
	emit_record(out, "more");
	emit_u64(out, "n", 3);
	emit_record_end(out);
	emit_end(out);
}

static void tables_and_records_have_both_forms(void **state)
{
	(void)state;
	says(tables, EMIT_TEXT,
	     "map  a\n"
	     "NAME      N\n"
	     "\xc3\xbc         1\n"
	     "longer  100\n"
	     "x\t1\ny\t2\n"
	     "more:\n  n  3\n");
	says(tables, EMIT_JSON,
	     "{\"schema\":1,\"map\":\"a\","
	     "\"aligned\":[{\"name\":\"\xc3\xbc\",\"n\":1},"
	     "{\"name\":\"longer\",\"n\":100}],"
	     "\"lines\":[{\"name\":\"x\",\"n\":1},{\"name\":\"y\",\"n\":2}],"
	     "\"empty\":[],\"more\":{\"n\":3}}\n");
	says(tables, EMIT_JSON_PRETTY,
	     "{\n  \"schema\": 1,\n  \"map\": \"a\",\n  \"aligned\": [\n"
	     "    {\n      \"name\": \"\xc3\xbc\",\n      \"n\": 1\n    },\n"
	     "    {\n      \"name\": \"longer\",\n      \"n\": 100\n    }\n"
	     "  ],\n  \"lines\": [\n"
	     "    {\n      \"name\": \"x\",\n      \"n\": 1\n    },\n"
	     "    {\n      \"name\": \"y\",\n      \"n\": 2\n    }\n  ],\n"
	     "  \"empty\": [],\n  \"more\": {\n    \"n\": 3\n  }\n}\n");
}

static void stream(struct emit *out)
{
	int i;

	for (i = 0; i < 2; i++) {
		emit_begin(out, EMIT_LINE);
		emit_str(out, "event", "split");
		emit_u64(out, "new_count", i);
		emit_end(out);
	}
}

static void endless(struct emit *out)
{
	int i;

	for (i = 0; i < 22; i++) {
		emit_begin(out, EMIT_ROW);
		emit_u64(out, "n", i);
		emit_record(out, "inner");
		emit_str(out, "some_word", i == 21 ? "a longer one" : "x");
		emit_record_end(out);
		emit_end(out);
	}
}

static void streams_are_a_document_a_line(void **state)
{
	(void)state;
	says(stream, EMIT_TEXT, "split new-count 0\nsplit new-count 1\n");
	says(stream, EMIT_JSON,
	     "{\"schema\":1,\"event\":\"split\",\"new_count\":0}\n"
	     "{\"schema\":1,\"event\":\"split\",\"new_count\":1}\n");
}

static void an_endless_table_repeats_its_headings(void **state)
{
	char wanted[2048], *at = wanted;
	int i;

	(void)state;
	for (i = 0; i < 22; i++) {
		if (i % 20 == 0)
			at += sprintf(at, "      N  SOME-WORD\n");
		at += sprintf(at, "%7d  %s\n", i,
			      i == 21 ? "a longer one" : "x");
	}
	says(endless, EMIT_TEXT, wanted);
}

static void controls(struct emit *out)
{
	emit_begin(out, EMIT_FIELDS);
	emit_bytes(out, "key", "\0\x01\x1b\x7f\t\\", 6);
	emit_end(out);
}

static void json_strings_have_no_controls(void **state)
{
	(void)state;
	says(controls, EMIT_JSON,
	     "{\"schema\":1,\"key\":"
	     "\"\\u0000\\u0001\\u001b\\u007f\\t\\\\\"}\n");
	says(controls, EMIT_TEXT, "key  hex:00011b7f095c\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_have_both_forms),
		cmocka_unit_test(numbers_have_units_in_text_only),
		cmocka_unit_test(tables_and_records_have_both_forms),
		cmocka_unit_test(streams_are_a_document_a_line),
		cmocka_unit_test(an_endless_table_repeats_its_headings),
		cmocka_unit_test(json_strings_have_no_controls),
	};

	return cmocka_run_group_tests_name("emit", tests, NULL, NULL);
}
