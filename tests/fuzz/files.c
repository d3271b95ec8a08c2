// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>
#include "files.h"
#include "fuzz.h"
#include "kernel.h"

#define WORDS	8

/* main.c's */
struct sm_nl *cli_connect(struct cli *cli)
{
	return cli->nl;
}

static int memory_with(const void *data, size_t size)
{
	int fd = memfd_create("fuzz", 0);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	return fd;
}

enum status run_on_file(enum status (*run)(struct cli *cli, struct args *args),
			const void *data, size_t size, const char **words,
			int nr)
{
	static FILE *nowhere;
	static struct sm_nl *nl;
	int fd = memory_with(data, size), i;
	char path[32], *list[WORDS + 1] = {};
	struct args args = { .words = list };
	enum status status;
	struct cli cli;

	must(nr <= WORDS);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (i = 0; i < nr; i++)
		list[i] = words[i] ? (char *)words[i] : path;
	if (!nl) {
		nowhere = fopen("/dev/null", "w");
		nl = kernel_connect();
	}
	cli = (struct cli){ .out = emit_new(nowhere, EMIT_JSON, false), .nl = nl };
	status = run(&cli, &args);
	emit_free(cli.out);
	close(fd);
	return status;
}
