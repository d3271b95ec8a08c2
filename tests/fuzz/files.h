/* SPDX-License-Identifier: GPL-2.0 */
/* Commands of the CLI that read a file, run on the fuzzer's bytes. */
#ifndef FUZZ_FILES_H
#define FUZZ_FILES_H

#include "command.h"

/**
 * run_on_file() - run a command on a file
 * @run:	the command
 * @data:	what is in the file
 * @size:	bytes of it
 * @words:	the command's words; NULL stands for the file's path
 * @nr:		how many words
 *
 * Return: the exit status.
 */
enum status run_on_file(enum status (*run)(struct cli *cli, struct args *args),
			const void *data, size_t size, const char **words,
			int nr);

#endif
