// SPDX-License-Identifier: GPL-2.0
/* Saved files: what was written is read, and what was changed is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "archive.h"
#include "crc32.h"

static const struct map words = {
	.name = "words",
	.shards = 16,
	.shards_auto = true,
	.value_size = MAP_VALUE_ANY,
	.max_entries = 1000,
	.max_bytes = 1 << 20,
};

static const struct map flows = {
	.name = "flows",
	.policy = SYNCMAP_MAP_POLICY_CLASSIC,
	.shards = 4,
	.key_size = 2,
	.value_size = 0,
	.align = SYNCMAP_MAP_ALIGN_LINE,
	.max_entries = UINT64_MAX,
	.max_bytes = UINT64_MAX,
};

static char *write_two_maps(size_t *size)
{
	struct archive_writer writer;
	char *data;
	FILE *file = open_memstream(&data, size);

	archive_begin(&writer, file);
	archive_map(&writer, &words);
	archive_entry(&writer, "key", 3, "value", 5);
	archive_entry(&writer, "\0\t", 2, "", 0);
	archive_map_end(&writer, &words);
	archive_map(&writer, &flows);
	archive_map_end(&writer, &flows);
	archive_end(&writer);
	fclose(file);
	return data;
}

/* Read to the end.  Return: ARCHIVE_END or ARCHIVE_BAD. */
static enum archive_part read_all(const char *data, size_t size)
{
	struct archive_reader reader;
	enum archive_part part;
	FILE *file = fmemopen((void *)data, size, "r");

	assert_non_null(file);
	archive_open(&reader, file);
	do
		part = archive_next(&reader);
	while (part != ARCHIVE_END && part != ARCHIVE_BAD);
	if (part == ARCHIVE_BAD)
		assert_non_null(reader.wrong);
	archive_close(&reader);
	fclose(file);
	return part;
}

static void what_was_written_is_read(void **state)
{
	struct archive_reader reader;
	size_t size;
	char *data = write_two_maps(&size);
	FILE *file = fmemopen(data, size, "r");

	(void)state;
	archive_open(&reader, file);
	assert_int_equal(archive_next(&reader), ARCHIVE_MAP);
	assert_string_equal(reader.map.name, "words");
	assert_int_equal(reader.map.policy, SYNCMAP_MAP_POLICY_COW);
	assert_int_equal(reader.map.shards, 0);
	assert_int_equal(reader.map.max_entries, 1000);
	assert_false(reader.map.given & 1u << SYNCMAP_A_MAP_KEY_SIZE);
	assert_false(reader.map.given & 1u << SYNCMAP_A_MAP_VALUE_SIZE);
	assert_int_equal(archive_next(&reader), ARCHIVE_ENTRY);
	assert_int_equal(reader.entry.key.len, 3);
	assert_memory_equal(reader.entry.value.data, "value", 5);
	assert_int_equal(archive_next(&reader), ARCHIVE_ENTRY);
	assert_memory_equal(reader.entry.key.data, "\0\t", 2);
	assert_int_equal(reader.entry.value.len, 0);
	assert_int_equal(archive_next(&reader), ARCHIVE_MAP_END);
	assert_int_equal(archive_next(&reader), ARCHIVE_MAP);
	assert_int_equal(reader.map.shards, 4);
	assert_int_equal(reader.map.key_size, 2);
	assert_int_equal(reader.map.value_size, 0);
	assert_true(reader.map.given & 1u << SYNCMAP_A_MAP_VALUE_SIZE);
	assert_int_equal(reader.map.align, SYNCMAP_MAP_ALIGN_LINE);
	assert_true(reader.map.max_bytes == UINT64_MAX);
	assert_int_equal(archive_next(&reader), ARCHIVE_MAP_END);
	assert_int_equal(archive_next(&reader), ARCHIVE_END);
	archive_close(&reader);
	fclose(file);
	free(data);
}

static void a_file_that_ends_anywhere_is_bad(void **state)
{
	size_t size, len;
	char *data = write_two_maps(&size);

	(void)state;
	assert_int_equal(read_all(data, size), ARCHIVE_END);
	for (len = 1; len < size; len++)
		assert_int_equal(read_all(data, len), ARCHIVE_BAD);
	free(data);
}

static void a_file_with_any_byte_changed_is_bad(void **state)
{
	size_t size, i;
	char *data = write_two_maps(&size);
	int bit;

	(void)state;
	for (i = 0; i < size; i++) {
		for (bit = 0; bit < 8; bit++) {
			data[i] ^= 1 << bit;
			assert_int_equal(read_all(data, size), ARCHIVE_BAD);
			data[i] ^= 1 << bit;
		}
	}
	free(data);
}

/* Read lines, whatever they say, with the last line that they should have. */
static const char *verdict(const char *lines)
{
	static char wrong[256];
	struct archive_reader reader;
	enum archive_part part;
	char *data;
	size_t size;
	FILE *file = open_memstream(&data, &size);

	fputs(lines, file);
	fprintf(file, "total 1 maps 1 entries crc32 %08x\n",
		crc32(0, lines, strlen(lines)));
	fclose(file);
	file = fmemopen(data, size, "r");
	archive_open(&reader, file);
	do
		part = archive_next(&reader);
	while (part != ARCHIVE_END && part != ARCHIVE_BAD);
	snprintf(wrong, sizeof(wrong), "%s",
		 part == ARCHIVE_BAD ? reader.wrong : "");
	archive_close(&reader);
	fclose(file);
	free(data);
	return wrong;
}

#define HEAD	"syncmap-save 1\n"
#define MAP(name, policy, shards, key)					\
	"map " name " policy=" policy " shards=" shards " key=" key	\
	" value=any align=packed max-entries=5 max-bytes=9\n"
#define GOOD	MAP("a", "cow", "auto", "any")
#define BODY	"\tk\tv\nend a 1\n"

static void is_bad(const char *lines, const char *why)
{
	assert_non_null(strstr(verdict(lines), why));
}

static void lines_out_of_place_are_bad(void **state)
{
	(void)state;
	assert_string_equal(verdict(HEAD GOOD BODY), "");
	is_bad(GOOD BODY, "no file that syncmap saved");
	is_bad("syncmap-save 2\n", "newer");
	is_bad("syncmap-save x\n", "no file that syncmap saved");
	is_bad(HEAD "\tk\tv\n", "outside of a map");
	is_bad(HEAD "end a 0\n", "did not begin");
	is_bad(HEAD GOOD GOOD BODY, "inside another");
	is_bad(HEAD GOOD "\tk\tv\nend b 1\n", "did not begin");
	is_bad(HEAD GOOD "\tk\tv\nend a 2\n", "not as many");
	is_bad(HEAD GOOD "\tk\tv\n", "numbers or checksum");
	is_bad(HEAD GOOD "\tk\nend a 1\n", "without a value");
	is_bad(HEAD GOOD "k\tv\nend a 1\n", "no line of a saved file");
}

static void properties_have_to_be_right(void **state)
{
	(void)state;
	is_bad(HEAD MAP("a/b", "cow", "1", "1") BODY, "no name of a map");
	is_bad(HEAD MAP("..", "cow", "1", "1") BODY, "no name of a map");
	is_bad(HEAD MAP("a", "quick", "1", "1") BODY, "properties");
	is_bad(HEAD MAP("a", "cow", "-1", "1") BODY, "properties");
	is_bad(HEAD MAP("a", "cow", "99999999999", "1") BODY, "properties");
	is_bad(HEAD MAP("a", "cow", "1", "1 key=1") BODY, "properties");
	is_bad(HEAD MAP("a", "cow", "1", "1 colour=red") BODY, "properties");
	is_bad(HEAD "map a\n" BODY, "properties");
	is_bad(HEAD "map a policy=cow\n" BODY, "properties");
	is_bad(HEAD MAP("a", "cow", "1", "2") BODY, "as long as");
}

static void the_checksum_is_the_known_one(void **state)
{
	(void)state;
	assert_int_equal(crc32(0, "123456789", 9), 0xcbf43926);
	assert_int_equal(crc32(crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_file_that_ends_anywhere_is_bad),
		cmocka_unit_test(a_file_with_any_byte_changed_is_bad),
		cmocka_unit_test(lines_out_of_place_are_bad),
		cmocka_unit_test(properties_have_to_be_right),
		cmocka_unit_test(the_checksum_is_the_known_one),
	};

	return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
