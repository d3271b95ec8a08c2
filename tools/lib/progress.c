// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "progress.h"

#define PERIOD_NS	100000000

static bool shown;

static bool is_time(void)
{
	static uint64_t next;
	struct timespec now;
	uint64_t ns;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ns = now.tv_sec * 1000000000ull + now.tv_nsec;
	if (ns < next)
		return false;
	next = ns + PERIOD_NS;
	return true;
}

void progress_show(const char *what, uint64_t entries, uint64_t part,
		   uint64_t whole)
{
	static int terminal = -1;

	if (terminal < 0)
		terminal = isatty(STDERR_FILENO);
	if (!terminal || !is_time())
		return;
	fprintf(stderr, "\r\033[K%s: %llu entries", what,
		(unsigned long long)entries);
	if (whole)
		fprintf(stderr, ", %.0f%%", part < whole ?
			100.0 * part / whole : 100.0);
	fflush(stderr);
	shown = true;
}

void progress_clear(void)
{
	if (!shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	shown = false;
}
