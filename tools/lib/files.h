/* SPDX-License-Identifier: GPL-2.0 */
/* Files that are read whole, or written whole or not at all; "-" is a pipe. */
#ifndef SYNCMAP_LIB_FILES_H
#define SYNCMAP_LIB_FILES_H

#include <stdbool.h>
#include <stdio.h>

/**
 * file_open() - open a file for reading
 * @path:	its path; "-" is the standard input
 *
 * Return: the file, for fclose(); NULL, after saying why not.
 */
FILE *file_open(const char *path);

/**
 * file_load() - read a file to its end, into memory
 * @path:	its path; "-" is the standard input
 *
 * Return: what was read, for rewind() and fclose(); NULL, after saying why not.
 */
FILE *file_load(const char *path);

/* How to call a path in messages. */
const char *file_name(const char *path);

/**
 * struct new_file - a file that appears, or takes the place of another, when
 *		     it is complete
 * @file:	where to write
 * @path:	what it will be; NULL: written in place, being no regular file
 * @temporary:	what it is till then
 */
struct new_file {
	FILE *file;
	char *path;
	char *temporary;
};

/**
 * new_file_open() - begin a file
 * @new:	the file
 * @path:	its path; "-" is the standard output
 *
 * A signal that ends the program removes what was written.
 *
 * Return: whether it could be opened; if not, it has said why.
 */
bool new_file_open(struct new_file *new, const char *path);

/**
 * new_file_finish() - end a file
 * @new:	the file
 *
 * Return: whether it is there and whole, on the disk; if not, it has said why,
 * and what was there before is there still.
 */
bool new_file_finish(struct new_file *new);

/**
 * new_file_drop() - give a file up
 * @new:	the file
 */
void new_file_drop(struct new_file *new);

#endif
