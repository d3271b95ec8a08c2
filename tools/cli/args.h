/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of a command line.  Whatever is wrong with them ends in
 * args_wrong(), which says so, prints the usage and exits with STATUS_USAGE:
 * take all words before doing anything.
 */
#ifndef SYNCMAP_CLI_ARGS_H
#define SYNCMAP_CLI_ARGS_H

#include <stdbool.h>
#include <stdint.h>
#include "bytes.h"
#include "say.h"

struct object;
struct command;

/**
 * struct args - words that have not been taken yet
 * @words:	the next; ends with NULL
 * @object:	the object that they are for, for the usage; may be NULL
 * @command:	its command; may be NULL
 */
struct args {
	char **words;
	const struct object *object;
	const struct command *command;
};

/**
 * args_wrong() - say what is wrong with the words, and how it is right; exit
 * @args:	the words
 * @format:	what is wrong, as for printf()
 */
void args_wrong(const struct args *args, const char *format, ...)
	__noreturn __printf(2, 3);

/* Is there another word? */
bool args_more(const struct args *args);

/* The next word, left where it is; NULL: none. */
const char *args_peek(const struct args *args);

/* Take the next word; @what names it when it is missing: "a map's name". */
const char *args_take(struct args *args, const char *what);

/* There must be no more words. */
void args_end(const struct args *args);

/*
 * Take the next word, which must be one of @words (ends with NULL) or an
 * unambiguous beginning of one.  Return: its index.
 */
int args_choice(struct args *args, const char *what,
		const char * const *words);

/* The same with a word that was taken already. */
int args_choose(const struct args *args, const char *word, const char *what,
		const char * const *words);

/* The same where the word is optional; -1: there is none, or it is another. */
int args_option(struct args *args, const char * const *words);

/* Take a number from @least to @most; 0x… is hexadecimal. */
uint64_t args_number(struct args *args, const char *what, uint64_t least,
		     uint64_t most);

/* The same, with K, M, G or T behind it for powers of 1024. */
uint64_t args_size(struct args *args, const char *what, uint64_t least,
		   uint64_t most);

/* Take a number of seconds, with decimals, more than 0.  Return: nanoseconds. */
uint64_t args_seconds(struct args *args, const char *what);

/* Take a key, a value: see bytes.h. */
void args_key(struct args *args, struct bytes *key);
void args_value(struct args *args, const char *what, struct bytes *value);

/**
 * word_match() - find a word by its beginning
 * @word:	what was written
 * @words:	what there is; ends with NULL
 *
 * Return: the index of the word that is @word or, if none is, of the only one
 * that begins so; WORD_UNKNOWN, WORD_AMBIGUOUS.
 */
int word_match(const char *word, const char * const *words);

/**
 * word_list() - list words
 * @word:	how they begin; "": all
 * @words:	what there is; ends with NULL
 *
 * Return: the words with commas between, to be freed.
 */
char *word_list(const char *word, const char * const *words);

#define WORD_UNKNOWN	(-1)
#define WORD_AMBIGUOUS	(-2)

#endif
