// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "say.h"

void say(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	flockfile(stderr);
	fputs("syncmap: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	funlockfile(stderr);
}

void die_of_memory(void)
{
	say("out of memory");
	exit(STATUS_REFUSED);
}

void *grow(void *array, unsigned long *room, unsigned long need,
	   unsigned long size)
{
	unsigned long more = *room * 2 > need ? *room * 2 : need;

	if (need <= *room)
		return array;
	array = reallocarray(array, more, size);
	if (!array)
		die_of_memory();
	*room = more;
	return array;
}
