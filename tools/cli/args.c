// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "command.h"

void args_wrong(const struct args *args, const char *format, ...)
{
	char *what;
	va_list list;

	va_start(list, format);
	if (vasprintf(&what, format, list) < 0)
		die_of_memory();
	va_end(list);
	if (!args->object)
		say("%s", what);
	else if (!args->command || !*args->command->name)
		say("%s: %s", args->object->name, what);
	else
		say("%s %s: %s", args->object->name, args->command->name, what);
	free(what);
	command_usage(stderr, args->object, args->command);
	exit(STATUS_USAGE);
}

bool args_more(const struct args *args)
{
	return *args->words;
}

const char *args_peek(const struct args *args)
{
	return *args->words;
}

const char *args_take(struct args *args, const char *what)
{
	if (!*args->words)
		args_wrong(args, "%s is missing", what);
	return *args->words++;
}

void args_end(const struct args *args)
{
	if (*args->words)
		args_wrong(args, "'%s' is one word too many", *args->words);
}

int word_match(const char *word, const char * const *words)
{
	int i, found = WORD_UNKNOWN;

	if (!*word)
		return WORD_UNKNOWN;
	for (i = 0; words[i]; i++) {
		if (!strcmp(words[i], word))
			return i;
		if (strncmp(words[i], word, strlen(word)))
			continue;
		found = found == WORD_UNKNOWN ? i : WORD_AMBIGUOUS;
	}
	return found;
}

char *word_list(const char *word, const char * const *words)
{
	size_t len = strlen(word), size;
	const char *comma = "";
	char *list;
	FILE *file = open_memstream(&list, &size);

	if (!file)
		die_of_memory();
	for (; *words; words++) {
		if (!**words || strncmp(*words, word, len))
			continue;
		fprintf(file, "%s%s", comma, *words);
		comma = ", ";
	}
	fclose(file);
	return list;
}

int args_choose(const struct args *args, const char *word, const char *what,
		const char * const *words)
{
	int i = word_match(word, words);

	if (i == WORD_AMBIGUOUS)
		args_wrong(args, "'%s' is the beginning of more than one: %s",
			   word, word_list(word, words));
	if (i == WORD_UNKNOWN)
		args_wrong(args, "'%s' is not %s; that is one of: %s", word,
			   what, word_list("", words));
	return i;
}

int args_choice(struct args *args, const char *what,
		const char * const *words)
{
	return args_choose(args, args_take(args, what), what, words);
}

int args_option(struct args *args, const char * const *words)
{
	int i;

	if (!*args->words)
		return -1;
	i = word_match(*args->words, words);
	if (i < 0)
		return -1;
	args->words++;
	return i;
}

/*
 * The number at the beginning of @word, in *@number.  Return: what follows it,
 * or NULL if there is no number, or it is above 2^64 - 1.
 */
static const char *read_number(const char *word, uint64_t *number)
{
	int base = !strncmp(word, "0x", 2) ? 16 : 10;
	const char *digits = base == 16 ? "0123456789abcdefABCDEF" :
					  "0123456789";
	const char *begin = base == 16 ? word + 2 : word;
	const char *end = begin + strspn(begin, digits);
	const char *at;

	*number = 0;
	for (at = begin; at < end; at++) {
		int digit = *at <= '9' ? *at - '0' : (*at & 15) + 9;

		if (__builtin_mul_overflow(*number, base, number) ||
		    __builtin_add_overflow(*number, digit, number))
			return NULL;
	}
	return end == begin ? NULL : end;
}

static void check_range(struct args *args, const char *what, const char *word,
			uint64_t number, uint64_t least, uint64_t most)
{
	if (number < least || number > most)
		args_wrong(args, "%s is %s: it must be from %llu to %llu", what,
			   word, (unsigned long long)least,
			   (unsigned long long)most);
}

uint64_t args_number(struct args *args, const char *what, uint64_t least,
		     uint64_t most)
{
	const char *word = args_take(args, what), *end;
	uint64_t number;

	end = read_number(word, &number);
	if (!end || *end)
		args_wrong(args, "%s is '%s': it must be a number from %llu to %llu",
			   what, word, (unsigned long long)least,
			   (unsigned long long)most);
	check_range(args, what, word, number, least, most);
	return number;
}

uint64_t args_size(struct args *args, const char *what, uint64_t least,
		   uint64_t most)
{
	static const char units[] = "KMGT";
	const char *word = args_take(args, what), *end, *unit;
	uint64_t number;

	end = read_number(word, &number);
	unit = end && *end ? strchr(units, *end & ~0x20) : NULL;
	if (unit && !end[1]) {
		if (__builtin_mul_overflow(number,
					   1ull << 10 * (unit - units + 1),
					   &number))
			end = NULL;
	} else if (end && *end) {
		end = NULL;
	}
	if (!end)
		args_wrong(args, "%s is '%s': it must be a number of bytes, as 65536, 64K, 1G",
			   what, word);
	check_range(args, what, word, number, least, most);
	return number;
}

uint64_t args_seconds(struct args *args, const char *what)
{
	const char *word = args_take(args, what);
	double seconds;
	char *end;

	seconds = strtod(word, &end);
	if (end == word || *end || !(seconds >= 0.001 && seconds <= 1e6))
		args_wrong(args, "%s is '%s': it must be seconds, from 0.001 to 1000000",
			   what, word);
	return llround(seconds * 1e9);
}

void args_key(struct args *args, struct bytes *key)
{
	const char *word = args_take(args, "a key");
	const char *wrong = bytes_parse_key(key, word, strlen(word));

	if (wrong)
		args_wrong(args, "the key '%s': %s", word, wrong);
}

void args_value(struct args *args, const char *what, struct bytes *value)
{
	const char *word = args_take(args, what);
	const char *wrong = bytes_parse(value, word, strlen(word));

	if (wrong)
		args_wrong(args, "%s '%s': %s", what, word, wrong);
}
