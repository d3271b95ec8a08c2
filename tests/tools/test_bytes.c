// SPDX-License-Identifier: GPL-2.0
/* Keys and values as people write them, and lines of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "line.h"

static void parses(const char *text, const void *data, size_t len)
{
	struct bytes bytes;

	assert_null(bytes_parse(&bytes, text, strlen(text)));
	assert_int_equal(bytes.len, len);
	assert_memory_equal(bytes.data, data, len);
}

static void is_refused(const char *text, const char *why)
{
	struct bytes bytes;
	const char *wrong = bytes_parse(&bytes, text, strlen(text));

	assert_non_null(wrong);
	assert_non_null(strstr(wrong, why));
}

static void forms_give_their_bytes(void **state)
{
	uint64_t one = 1, largest = UINT64_MAX;

	(void)state;
	parses("plain", "plain", 5);
	parses("", "", 0);
	parses("hex:", "", 0);
	parses("hex:00fFA1", "\x00\xff\xa1", 3);
	parses("u64:1", &one, 8);
	parses("u64:0x1", &one, 8);
	parses("u64:18446744073709551615", &largest, 8);
	parses("u64:0xffffffffffffffff", &largest, 8);
	parses("ip:1.2.3.4", "\1\2\3\4", 4);
	parses("ip:::1", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	parses("text:hex:zz", "hex:zz", 6);
	parses("text:", "", 0);
	parses("hexa:1", "hexa:1", 6);
	parses("HEX:1", "HEX:1", 5);
}

static void what_is_wrong_is_told(void **state)
{
	char longest[VALUE_MAX + 2];

	(void)state;
	is_refused("hex:1", "two digits");
	is_refused("hex:0x", "digits 0-9 a-f");
	is_refused("hex:-1", "digits 0-9 a-f");
	is_refused("u64:", "a number");
	is_refused("u64:0x", "a number");
	is_refused("u64:-1", "a number");
	is_refused("u64: 1", "a number");
	is_refused("u64:1a", "a number");
	is_refused("u64:18446744073709551616", "a number");
	is_refused("u64:0x10000000000000000", "a number");
	is_refused("ip:", "an IPv4 or an IPv6 address");
	is_refused("ip:1.2.3.4.5", "an IPv4 or an IPv6 address");
	is_refused("ip:1.2.3.4 ", "an IPv4 or an IPv6 address");
	memset(longest, 'x', sizeof(longest));
	longest[VALUE_MAX + 1] = 0;
	is_refused(longest, "longer than 4096 bytes");
}

static void a_key_has_1_to_255_bytes(void **state)
{
	struct bytes key;
	char text[257];

	(void)state;
	memset(text, 'k', sizeof(text));
	assert_null(bytes_parse_key(&key, text, 1));
	assert_null(bytes_parse_key(&key, text, 255));
	assert_int_equal(key.len, 255);
	assert_non_null(bytes_parse_key(&key, text, 256));
	assert_non_null(bytes_parse_key(&key, text, 0));
	assert_non_null(bytes_parse_key(&key, "hex:", 4));
}

static void writes(const void *data, size_t len, const char *text)
{
	char *written;
	size_t size;
	FILE *file = open_memstream(&written, &size);

	bytes_write(file, data, len);
	fclose(file);
	assert_string_equal(written, text);
	parses(written, data, len);
	free(written);
}

static void text_is_written_where_a_terminal_shows_it(void **state)
{
	(void)state;
	writes("", 0, "");
	writes("plain ", 6, "plain ");
	writes("zo\xc3\xab \xe2\x82\xac \xf0\x9f\x98\x80", 13,
	       "zo\xc3\xab \xe2\x82\xac \xf0\x9f\x98\x80");
	writes("a\tb", 3, "hex:610962");
	writes("a\nb", 3, "hex:610a62");
	writes("\x1b[1m", 4, "hex:1b5b316d");
	writes("\0", 1, "hex:00");
	writes("\x7f", 1, "hex:7f");
	writes("\xc2\x85", 2, "hex:c285");		/* a C1 control */
	writes("a\xe2\x80\xae" "b", 5, "hex:61e280ae62");	/* turned */
	writes("\xef\xbb\xbf", 3, "hex:efbbbf");	/* byte order mark */
	writes("hex:00", 6, "text:hex:00");
	writes("u64:1", 5, "text:u64:1");
	writes("ip:", 3, "text:ip:");
	writes("text:", 5, "text:text:");
}

static void malformed_utf8_is_hex(void **state)
{
	(void)state;
	assert_true(bytes_are_utf8("a\xc3\xa4\xf4\x8f\xbf\xbf", 7));
	assert_false(bytes_are_utf8("\x80", 1));
	assert_false(bytes_are_utf8("\xc3", 1));
	assert_false(bytes_are_utf8("\xc3\x28", 2));
	assert_false(bytes_are_utf8("\xc0\xaf", 2));		/* overlong */
	assert_false(bytes_are_utf8("\xe0\x80\xaf", 3));
	assert_false(bytes_are_utf8("\xf0\x80\x80\xaf", 4));
	assert_false(bytes_are_utf8("\xed\xa0\x80", 3));	/* a surrogate */
	assert_false(bytes_are_utf8("\xf4\x90\x80\x80", 4));	/* no such code */
	assert_false(bytes_are_utf8("\xff", 1));
	writes("\xc0\xaf", 2, "hex:c0af");
	writes("\xed\xa0\x80", 3, "hex:eda080");
}

static void random_bytes(struct bytes *bytes, size_t most)
{
	static const char likely[] = "\t\n:hexu64iptext \xc3\xa4\xff";
	size_t i;

	bytes->len = rand() % (most + 1);
	for (i = 0; i < bytes->len; i++)
		bytes->data[i] = rand() % 2 ? rand() :
				 likely[rand() % (sizeof(likely) - 1)];
}

static void goes_round(const struct bytes *key, const struct bytes *value)
{
	struct line line;
	char *written;
	size_t size;
	FILE *file = open_memstream(&written, &size);

	line_write(file, key->data, key->len, value ? value->data : NULL,
		   value ? value->len : 0);
	fclose(file);
	assert_int_equal(written[size - 1], '\n');
	assert_ptr_equal(memchr(written, '\n', size), written + size - 1);
	assert_null(line_read(&line, written, size - 1));
	assert_int_equal(line.has_value, value != NULL);
	assert_int_equal(line.key.len, key->len);
	assert_memory_equal(line.key.data, key->data, key->len);
	if (value) {
		assert_int_equal(line.value.len, value->len);
		assert_memory_equal(line.value.data, value->data, value->len);
	}
	free(written);
}

static void any_line_goes_round(void **state)
{
	struct bytes key, value;
	int i;

	(void)state;
	srand(1);
	for (i = 0; i < 20000; i++) {
		random_bytes(&key, i % 10 ? 8 : KEY_MAX);
		random_bytes(&value, i % 100 ? 8 : VALUE_MAX);
		if (!key.len)
			continue;
		goes_round(&key, i % 3 ? &value : NULL);
	}
}

static void a_line_has_one_tab_at_most(void **state)
{
	struct line line;

	(void)state;
	assert_null(line_read(&line, "k\t", 2));
	assert_true(line.has_value);
	assert_int_equal(line.value.len, 0);
	assert_null(line_read(&line, "k", 1));
	assert_false(line.has_value);
	assert_non_null(strstr(line_read(&line, "k\tv\t", 4), "TAB"));
	assert_non_null(strstr(line_read(&line, "\tv", 2), "empty"));
	assert_non_null(strstr(line_read(&line, "", 0), "empty"));
}

static void a_misfit_is_told(void **state)
{
	struct line line;

	(void)state;
	assert_null(line_read(&line, "four\txy", 7));
	assert_null(line_misfit(&line, 0, UINT32_MAX));
	assert_null(line_misfit(&line, 4, 2));
	assert_non_null(strstr(line_misfit(&line, 5, 2), "key"));
	assert_non_null(strstr(line_misfit(&line, 4, 0), "value"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_give_their_bytes),
		cmocka_unit_test(what_is_wrong_is_told),
		cmocka_unit_test(a_key_has_1_to_255_bytes),
		cmocka_unit_test(text_is_written_where_a_terminal_shows_it),
		cmocka_unit_test(malformed_utf8_is_hex),
		cmocka_unit_test(any_line_goes_round),
		cmocka_unit_test(a_line_has_one_tab_at_most),
		cmocka_unit_test(a_misfit_is_told),
	};

	return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
