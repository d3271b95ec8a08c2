/* SPDX-License-Identifier: GPL-2.0 */
/* The load generator of syncmap_bench.ko, through its files in debugfs. */
#ifndef SYNCMAP_LIB_BENCH_H
#define SYNCMAP_LIB_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include "say.h"

struct bench;

/**
 * bench_open() - open the load generator
 *
 * Return: it, for bench_close(); NULL, after saying why not.
 */
struct bench *bench_open(void);

/**
 * bench_close() - close it; a map that its run made goes
 * @bench:	it; NULL does nothing
 */
void bench_close(struct bench *bench);

/**
 * bench_run() - do a run, and read its result
 * @bench:	the load generator
 * @line:	what to do, key=value words
 *
 * SIGINT and SIGTERM end the run early; there still is a result if the load
 * had begun.
 *
 * Return: the exit status, after saying what went wrong.
 */
enum status bench_run(struct bench *bench, const char *line);

/**
 * bench_text() - a line of the result
 * @bench:	after bench_run()
 * @name:	the line's name
 *
 * Return: what it says; NULL if there is no such line.
 */
const char *bench_text(const struct bench *bench, const char *name);

/**
 * bench_number() - the same of a line that is a number
 * @bench:	after bench_run()
 * @prefix:	the beginning of the line's name
 * @name:	the rest of it
 *
 * Return: the number; 0 if there is no such line.
 */
uint64_t bench_number(const struct bench *bench, const char *prefix,
		      const char *name);

/**
 * machine_is_emulated() - is this processor an emulated one?
 *
 * Times that it takes say nothing about any real one's.
 *
 * Return: whether it says so.
 */
bool machine_is_emulated(void);

#endif
