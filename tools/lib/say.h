/* SPDX-License-Identifier: GPL-2.0 */
/* What goes to the standard error, and the exit statuses. */
#ifndef SYNCMAP_LIB_SAY_H
#define SYNCMAP_LIB_SAY_H

/* as in the kernel */
#ifndef __printf
#define __printf(text, first)	__attribute__((format(printf, text, first)))
#endif
#ifndef __noreturn
#define __noreturn		__attribute__((noreturn))
#endif

/* the exit statuses of every command */
enum status {
	STATUS_DONE,		/* done */
	STATUS_USAGE,		/* wrong usage, or bad lines in a file */
	STATUS_REFUSED,		/* the kernel or the system refused */
	STATUS_ABSENT,		/* the key or the map is not there */
};

/**
 * say() - print "syncmap: MESSAGE" and a newline on the standard error
 * @format:	the message, as for printf(); %m is errno's text
 */
void say(const char *format, ...) __printf(1, 2);

/**
 * die_of_memory() - say that there is no memory and exit
 */
__noreturn void die_of_memory(void);

/**
 * grow() - make room in an array
 * @array:	the array, from malloc(), or NULL
 * @room:	elements that fit; updated
 * @need:	elements that have to fit
 * @size:	bytes in an element
 *
 * Return: the array, perhaps moved; exits if there is no memory.
 */
void *grow(void *array, unsigned long *room, unsigned long need,
	   unsigned long size);

#endif
