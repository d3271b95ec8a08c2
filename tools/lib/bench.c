// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __x86_64__
#include <cpuid.h>
#endif
#include "bench.h"

#define FOLDER		"/sys/kernel/debug/syncmap_bench"
#define RESULT_MAX	16384

/**
 * struct bench - the load generator
 * @fd:		its file "run"
 * @result:	what the last run said, lines with '\0' for newlines
 * @len:	bytes in @result
 */
struct bench {
	int fd;
	size_t len;
	char result[RESULT_MAX + 1];
};

static void say_unopened(void)
{
	if (errno != ENOENT)
		say(FOLDER "/run: %m");
	else if (access("/sys/module/syncmap_bench", F_OK))
		say("the load generator is not loaded: insmod syncmap_bench.ko");
	else
		say("debugfs is not mounted at /sys/kernel/debug");
}

struct bench *bench_open(void)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	if (!bench)
		die_of_memory();
	bench->fd = open(FOLDER "/run", O_RDWR | O_CLOEXEC);
	if (bench->fd >= 0)
		return bench;
	say_unopened();
	free(bench);
	return NULL;
}

void bench_close(struct bench *bench)
{
	if (!bench)
		return;
	close(bench->fd);
	free(bench);
}

static void say_refused(int err)
{
	FILE *file = fopen(FOLDER "/error", "re");
	char text[256];

	if (file && fgets(text, sizeof(text), file)) {
		text[strcspn(text, "\n")] = '\0';
		say("bench: %s", text);
	} else {
		say("bench: %s", strerror(err));
	}
	if (file)
		fclose(file);
}

static bool read_result(struct bench *bench)
{
	ssize_t got;

	bench->len = 0;
	lseek(bench->fd, 0, SEEK_SET);
	while (bench->len < RESULT_MAX) {
		got = read(bench->fd, bench->result + bench->len,
			   RESULT_MAX - bench->len);
		if (got <= 0)
			break;
		bench->len += got;
	}
	bench->result[bench->len] = '\0';
	for (size_t i = 0; i < bench->len; i++)
		if (bench->result[i] == '\n')
			bench->result[i] = '\0';
	return bench->len;
}

static void ignore(int signal)
{
	(void)signal;
}

/* Write the line; a signal only interrupts it. */
static int write_line(int fd, const char *line)
{
	struct sigaction interrupt = { .sa_handler = ignore };
	struct sigaction was_int, was_term;
	ssize_t written;
	int err = 0;

	sigaction(SIGINT, &interrupt, &was_int);
	sigaction(SIGTERM, &interrupt, &was_term);
	written = write(fd, line, strlen(line));
	if (written < 0)
		err = errno;
	sigaction(SIGINT, &was_int, NULL);
	sigaction(SIGTERM, &was_term, NULL);
	return err;
}

enum status bench_run(struct bench *bench, const char *line)
{
	int err = write_line(bench->fd, line);

	if (err && err != EINTR) {
		say_refused(err);
		return err == ENOENT ? STATUS_ABSENT : STATUS_REFUSED;
	}
	if (read_result(bench))
		return STATUS_DONE;
	say("bench: interrupted before the load began");
	return STATUS_REFUSED;
}

const char *bench_text(const struct bench *bench, const char *name)
{
	const char *end = bench->result + bench->len;
	size_t len = strlen(name);

	for (const char *line = bench->result; line < end;
	     line += strlen(line) + 1)
		if (!strncmp(line, name, len) && !strncmp(line + len, ": ", 2))
			return line + len + 2;
	return NULL;
}

uint64_t bench_number(const struct bench *bench, const char *prefix,
		      const char *name)
{
	char whole[64];
	const char *text;

	snprintf(whole, sizeof(whole), "%s%s", prefix, name);
	text = bench_text(bench, whole);
	return text ? strtoull(text, NULL, 10) : 0;
}

bool machine_is_emulated(void)
{
#ifdef __x86_64__
	unsigned int eax, ebx = 0, ecx = 0, edx = 0;
	char vendor[13] = "";

	/* the leaf of hypervisors; nonsense, but harmless, where there is none */
	__cpuid(0x40000000, eax, ebx, ecx, edx);
	(void)eax;
	memcpy(vendor, &ebx, 4);
	memcpy(vendor + 4, &ecx, 4);
	memcpy(vendor + 8, &edx, 4);
	return !strcmp(vendor, "TCGTCGTCGTCG");
#else
	return false;
#endif
}
