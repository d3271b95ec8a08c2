/* SPDX-License-Identifier: GPL-2.0 */
/* How far a long command is, on the standard error if that is a terminal. */
#ifndef SYNCMAP_LIB_PROGRESS_H
#define SYNCMAP_LIB_PROGRESS_H

#include <stdint.h>

/**
 * progress_show() - show how far it is, some times a second
 * @what:	what is being done: "loading"
 * @entries:	how many are done
 * @part:	of @whole: what share that is
 * @whole:	0: not known
 */
void progress_show(const char *what, uint64_t entries, uint64_t part,
		   uint64_t whole);

/**
 * progress_clear() - show it no longer
 */
void progress_clear(void);

#endif
